//! `nival verify`: evaluates the same modules with a real nix-instantiate and compares option by option.

use std::os::unix::ffi::OsStrExt as _;

use serde_json::Value as Json;

use super::args::VerifyArgs;
use super::console::{Console, Exit};
use super::oracle::Oracle;
use super::outcome::{Outcome, at, parse};
use super::progress::say;
use super::{modules, opening};
use crate::eval::{Error, ErrorKind, Evaluator, Res, for_terminal, render};
use crate::host::{bytes_of, printable};
use crate::options::{Opening, attr_path};
use crate::report::{Options, Selection, write_options};
use crate::syntax;
use crate::value::Value;

/// The keys that only nival's marks have.
const OWN_KEYS: [&str; 2] = ["at", "message"];
/// Runs the command.
pub fn run(console: &Console, args: &VerifyArgs) -> Exit {
    let work = |ev: &Evaluator| compare(console, ev, args);
    modules::run(console, &args.modules.open.evaluator, false, work, |ev, compared| {
        show(console, ev, args, compared)
    })
}

/// Prints the result of the comparison.
fn show(console: &Console, ev: &Evaluator, args: &VerifyArgs, compared: Res<Report>) -> Exit {
    match compared {
        Ok(report) => {
            let printed = console.print(report.text.as_bytes());
            for e in &report.missing {
                console.fail(&render(&ev.sources, e, args.modules.open.evaluator.show_trace));
            }
            match printed {
                Ok(()) if report.different > 0 => Exit::FAILED,
                Ok(()) if report.missing.is_empty() => Exit::OK,
                _ => Exit::TROUBLE,
            }
        }
        Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival verify"),
        Err(e) => {
            console.fail(&render(&ev.sources, &e, args.modules.open.evaluator.show_trace));
            Exit::TROUBLE
        }
    }
}

#[derive(Default)]
struct Report {
    text: String,
    different: usize,
    /// Options that were asked for but exist on neither side.
    missing: Vec<Error>,
}

impl Report {
    fn differs(&mut self, what: &str, ours: &Outcome, theirs: &Outcome) {
        self.different += 1;
        let (ours, theirs) = (ours.show(), theirs.show());
        self.text.push_str(&format!("DIFFERENT  {what}\n  nival: {ours}\n  nix:   {theirs}\n"));
    }
}

fn compare(console: &Console, ev: &Evaluator, args: &VerifyArgs) -> Res<Report> {
    let mut wanted = Vec::new();
    for attr in &args.modules.attrs {
        wanted.push(attr_path::split(attr.as_bytes())?);
    }
    let open = &args.modules.open;
    let mut opening = opening::of(console, ev, &args.modules.modules, open, open.root.as_ref())?;
    if let Opening::Modules(modules) = &mut opening {
        // It is the lib of the real Nix.
        modules.lib = None;
    }
    let config = match opening.open(ev) {
        // Flags that lead to no configuration are no result of the evaluation.
        Err(e) if e.data().kind == ErrorKind::Usage => return Err(e),
        opened => opened.and_then(|opened| opened.values(ev, &wanted)),
    };
    let asked = asked_packages(ev, &wanted, &config);
    let oracle = Oracle::new(ev, &*console.host, args, &opening, asked)?;
    if let Some(reason) = oracle.trouble()? {
        let program = args.nix_instantiate.to_string_lossy();
        let message = format!("nothing can be compared with '{program}': {reason}");
        let help = "--lib names the nixpkgs lib that Nix uses, --nix-instantiate the command";
        return Err(Error::eval(message).help(help));
    }
    let paths = oracle.paths()?;
    let (paths, config) = match (paths, config) {
        (Ok(paths), Ok(config)) => (paths, config),
        (theirs, ours) => return refused(ev, ours, theirs.err()),
    };
    let theirs = oracle.values(&paths, &|first, count| {
        say(console, &format!("asking Nix for {count} options from {}", show_path(first)));
    })?;
    let mut report = Report::default();
    let mut same = 0;
    for (path, theirs) in paths.iter().zip(theirs) {
        let name = show_path(path);
        say(console, &name);
        let ours = match own_value(ev, config, path) {
            Ok(value) => value,
            // The option does not exist: nothing to compare.
            Err(e) if theirs.is_error() => {
                report.missing.push(e);
                continue;
            }
            Err(e) => Outcome::Error(printable(&e.data().message).into_owned()),
        };
        if ours.equals(&theirs) {
            same += 1;
            if !args.quiet {
                report.text.push_str(&format!("same       {name}\n"));
            }
        } else {
            report.differs(&name, &ours, &theirs);
        }
    }
    let different = report.different;
    report.text.push_str(&format!("{same} same, {different} different\n"));
    Ok(report)
}

/// The names that the comparison asks the open package set for. Real Nix gets them as a closed set.
fn asked_packages(ev: &Evaluator, wanted: &[Vec<Vec<u8>>], config: &Res<Value>) -> String {
    if let Ok(config) = config {
        // Failures are ignored here: the comparison meets and reports them again.
        let _ = write_options(ev, *config, &Selection::of(wanted), Options::default());
    }
    serde_json::json!(ev.asked_of_open_sets()).to_string()
}

/// The report if at least one side cannot evaluate the modules at all.
fn refused(ev: &Evaluator, config: Res<Value>, theirs: Option<String>) -> Res<Report> {
    let clean =
        |message: &str| String::from_utf8_lossy(&for_terminal(&bytes_of(message))).trim_end().to_owned();
    // Some errors appear only when values are requested.
    let ours = match config {
        Err(e) => Some(clean(&e.data().message)),
        Ok(config) => {
            let written = write_options(ev, config, &Selection::All, Options::default())?;
            let mut failed =
                written.marks.iter().filter(|mark| mark.is_failure()).map(|mark| clean(&mark.message));
            let same = failed.clone().find(|message| theirs.as_ref() == Some(message));
            same.or_else(|| failed.next())
        }
    };
    let message = |e: Option<String>| match e {
        Some(message) => Outcome::Error(message),
        None => Outcome::Value(Json::from("no error")),
    };
    let first = |message: &Option<String>| message.as_ref().and_then(|m| m.lines().next().map(str::to_owned));
    if let (Some(ours), Some(theirs)) = (first(&ours), &theirs)
        && theirs.lines().next() == Some(&ours)
    {
        return Err(Error::eval(format!("neither Nix nor nival can evaluate the modules:\n{theirs}")));
    }
    let mut report = Report::default();
    report.differs("(the modules as a whole)", &message(ours), &message(theirs));
    Ok(report)
}

/// Removes the details that only nival's marks have.
fn strip(value: &mut Json) {
    match value {
        Json::Object(map) => {
            if map.contains_key("_nival") {
                for key in OWN_KEYS {
                    map.remove(key);
                }
            }
            map.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn own_value(ev: &Evaluator, config: Value, path: &[String]) -> Res<Outcome> {
    let names: Vec<Vec<u8>> = path.iter().map(|p| p.as_bytes().to_vec()).collect();
    let written = write_options(ev, config, &Selection::of(&[names]), Options::default())?;
    if let Some(missing) = written.missing.into_iter().next() {
        return Err(missing);
    }
    let mut value = parse(&written.json)?;
    strip(&mut value);
    Ok(at(value, path))
}

fn show_path(path: &[String]) -> String {
    let names: Vec<String> =
        path.iter().map(|p| String::from_utf8_lossy(&syntax::show_name(p.as_bytes())).into_owned()).collect();
    names.join(".")
}
