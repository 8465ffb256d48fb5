//! Called `nix-eval-jobs`, the program finds the jobs of the trees in testdata/eval_jobs. `cases.txt` has what it prints
//! (NIVAL_BLESS=1 records it), and `facts.txt` the derivations that real Nix has for the same attributes: with `NIVAL_ORACLE_NIX` (a
//! command with the features `nix-command` and `flakes`) and NIVAL_BLESS=1, they are recorded. The folder for temporary files must
//! be visible to that command.
#![allow(clippy::disallowed_methods, reason = "the tests run the program on their test data")]

mod copied;
mod program;
mod recorded_cases;
mod scratch;
mod times;
mod words;

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};

use copied::copy;
use recorded_cases::{check, check_or_record, is_blessed};
use scratch::Scratch;
use serde_json::Value as Json;
use times::set_times;
use words::words;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/eval_jobs");

/// The trees, in a new folder.
fn trees(name: &str) -> Scratch {
    let folder = Scratch::new(name);
    copy(Path::new(DATA), &folder);
    set_times(&folder);
    folder
}

fn tool(folder: &Path, args: &[&str]) -> Command {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.arg0("/some/folder/nix-eval-jobs").args(args).current_dir(folder);
    command.env("NIVAL_CACHE_DIR", "").env("HOME", "/nowhere");
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    tool(folder, args).output().expect("the program runs")
}

fn stdout(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The jobs by their attribute paths.
fn jobs(out: &Output) -> BTreeMap<String, Json> {
    let lines = stdout(out);
    let jobs = lines.lines().map(|line| serde_json::from_str::<Json>(line).expect("a line of JSON"));
    jobs.map(|job| (job["attr"].as_str().expect("a text").to_owned(), job)).collect()
}

#[test]
fn lines_are_as_recorded() {
    let folder = trees("jobs");
    check(&format!("{DATA}/cases.txt"), 30, |case| {
        // Messages count where the case asks for them: those about jobs are in the lines as well.
        let (command, with_messages) = match case.strip_suffix(" 2>&1") {
            Some(command) => (command, true),
            None => (case, false),
        };
        let words = words(command);
        let out = run(&folder, &words.iter().map(String::as_str).collect::<Vec<_>>());
        let lines = |mark: char, bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes).replace(&*folder.to_string_lossy(), "«dir»");
            text.lines().map(|line| format!("{mark}{line}")).collect()
        };
        let mut found = lines('|', &out.stdout);
        if with_messages {
            found.extend(lines('!', &out.stderr));
        }
        if !out.status.success() {
            found.push(format!("={}", out.status.code().unwrap_or(-1)));
        }
        found
    });
}

#[test]
fn derivations_are_those_of_nix() {
    let folder = trees("jobs-facts");
    let oracle = std::env::var_os("NIVAL_ORACLE_NIX");
    // Only Nix's answers are recorded.
    check_or_record(&format!("{DATA}/facts.txt"), 15, oracle.is_some() && is_blessed(), |case| {
        let (file, attr) = case.split_once([' ', '#']).expect("a file and an attribute");
        if let Some(nix) = &oracle {
            let place = if file.ends_with(".nix") { vec!["-f", file] } else { vec![] };
            let name =
                if place.is_empty() { format!("{file}#{attr}.drvPath") } else { format!("{attr}.drvPath") };
            let out = Command::new(nix)
                .args(["eval", "--raw"])
                .args(place)
                .arg(name)
                .current_dir(&*folder)
                .output();
            return vec![format!("|{}", stdout(&out.expect("Nix runs")))];
        }
        let select = format!(
            "all: {{ job = (if builtins.isFunction all then all {{ }} else all.outputs or all).{attr}; }}"
        );
        let mut args = vec!["--select", &select, file];
        if !file.ends_with(".nix") {
            args.push("--flake");
        }
        let out = run(&folder, &args);
        let path = jobs(&out).get("job").and_then(|job| job["drvPath"].as_str().map(str::to_owned));
        vec![format!("|{}", path.unwrap_or_else(|| String::from_utf8_lossy(&out.stderr).into_owned()))]
    });
}

/// In `expected`, the constituents of aggregates have the context that the tool gives to those in `named`.
#[test]
fn aggregates_have_the_derivations_of_those_that_need_their_jobs_from_the_beginning() {
    let folder = trees("jobs-aggregates");
    let of = |set: &str| {
        let select = format!("all: all.{set}");
        let out =
            run(&folder, &["--constituents", "--select", &select, "aggregates.nix", "--write-drvs", "drvs"]);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        jobs(&out)
    };
    let (named, expected) = (of("named"), of("expected"));
    for attr in ["inner", "mixed", "matching", "none"] {
        assert_eq!(named[attr]["drvPath"], expected[attr]["drvPath"], "{attr}");
        assert_eq!(named[attr]["outputs"], expected[attr]["outputs"], "{attr}");
    }
    assert_eq!(named["matching"]["constituents"].as_array().map(Vec::len), Some(2));
    for job in named.values() {
        let path = job["drvPath"].as_str().expect("a path");
        let name = path.strip_prefix("/nix/store/").expect("a store path");
        assert!(folder.join("drvs").join(name).is_file(), "{path}");
    }
}

#[test]
fn workers_and_restarts_change_nothing() {
    let folder = trees("jobs-workers");
    let alone = run(&folder, &["jobs.nix"]);
    assert!(alone.status.success() && jobs(&alone).len() > 20);
    for more in
        [&["--workers", "3"][..], &["--max-memory-size", "1"], &["--workers", "2", "--max-memory-size", "1"]]
    {
        let out = run(&folder, &[more, &["jobs.nix"]].concat());
        assert_eq!((stdout(&out), out.status.code()), (stdout(&alone), Some(0)), "{more:?}");
        assert_eq!(out.stderr, alone.stderr, "{more:?}");
    }
}

#[test]
fn a_job_that_ends_its_process_takes_no_other_with_it() {
    let folder = trees("jobs-lost");
    let all = |out: &Output| jobs(out).into_keys().collect::<Vec<_>>();
    for workers in ["1", "2"] {
        let out = run(&folder, &["overflow.nix", "--workers", workers]);
        assert_eq!((all(&out).join(" "), out.status.code()), ("before endless later".into(), Some(1)));
        assert!(
            jobs(&out)["endless"]["error"].as_str().is_some_and(|error| error.contains("stack overflow"))
        );
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("'endless'") && said.contains("(possible infinite recursion)"), "{said}");

        let mut command = tool(&folder, &["large.nix", "--workers", workers]);
        let out = command.env("NIVAL_MAX_MEMORY", "150M").output().expect("the program runs");
        assert_eq!((all(&out).join(" "), out.status.code()), ("before large later".into(), Some(1)));
        let error = jobs(&out)["large"]["error"].as_str().expect("an error").to_owned();
        let expected = "error: while reading result for attrPath 'large', evaluation worker needs more memory than 150 MiB \
                        (NIVAL_MAX_MEMORY or --max-memory sets another limit)";
        assert_eq!(error, expected);
    }
}

#[test]
fn links_are_made_to_derivations() {
    let folder = trees("jobs-links");
    let out = run(
        &folder,
        &["--gc-roots-dir", "roots/new", "--select", "all: all.named", "--constituents", "aggregates.nix"],
    );
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let found = jobs(&out);
    for job in found.values() {
        let path = Path::new(job["drvPath"].as_str().expect("a path"));
        let link = folder.join("roots/new").join(path.file_name().expect("a name"));
        assert_eq!(std::fs::read_link(link).expect("a link"), path);
    }
    // Again, the links are there.
    assert!(
        run(&folder, &["--gc-roots-dir", "roots/new", "--select", "all: all.named", "aggregates.nix"])
            .status
            .success()
    );
    let none = run(
        &folder,
        &["--gc-roots-dir", "none", "--no-instantiate", "--select", "all: all.named", "aggregates.nix"],
    );
    assert!(none.status.success() && !folder.join("none").exists());
}
