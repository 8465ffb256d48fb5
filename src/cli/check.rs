//! `nival check`: compares the option values of fixtures with recorded ones.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;

use super::args::{CheckArgs, CheckFormat, EvaluatorArgs, Unreferenced};
use super::check_causes::causes;
use super::console::{Console, Exit};
use super::modules::{self, Around};
use super::repository_paths::{below, in_repository};
use super::{flakes, limits, opening, output, review, suites};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{CopyLimits, FilesRead, Memory, Messages, Snapshot, Touches, bytes_of, changed_between};
use crate::options::{EMBEDDED, find};
use crate::report::indent_json;
use crate::session::code_cache::Keeper;
use crate::suite::{
    Answers, Base, Case, CheckReport, Common, Fixture, READS_FILE, Reach, Run, Shown, Source, State, Suite,
    Update, Way, check_github, check_json, check_junit, check_markdown, check_text, find_files, from_files,
    from_flakes, is_written, matches, nodes, partition, record, skipped, unreferenced, write,
};
use crate::syntax::absolute;

/// Runs the command.
pub fn run(console: &Console, args: &CheckArgs) -> Exit {
    let misused = |e: &Error| console.misused(e, "nival check");
    if args.evaluator.stats.is_some() || args.evaluator.profile.is_some() {
        return misused(&usage("--stats and --profile measure one evaluation; check makes several"));
    }
    let named = match &args.evaluator.flake.flake {
        Some(reference) => suites::of_flake(console, args.suite.as_deref(), reference),
        None => suites::named(console, args.suite.as_deref()),
    };
    let prepared = named.and_then(|(mut suite, name)| {
        if let Way::Flake(way) = &mut suite.way {
            way.inputs = flakes::inputs(&args.evaluator.flake)?;
        }
        if let Some(nixpkgs) = &args.nixpkgs {
            suite.way = match suite.way {
                Way::Nixos(_) => Way::Nixos(Some(from_here(console, nixpkgs)?)),
                _ => return Err(usage("--nixpkgs is for a suite with a nixpkgs")),
            };
        }
        suite.limits = limits_of(&args.evaluator, suite.limits)?;
        Ok((suite, name, update(console, args)?))
    });
    let (suite, name, update) = match prepared {
        Ok(prepared) => prepared,
        Err(e) => return misused(&e),
    };
    let messages = Messages::default();
    let touches = Touches::default();
    let files = FilesRead::default();
    let around = Around {
        observes: true,
        base_dir: Some(suite.folder.clone().into_bytes()),
        messages: Some(messages.clone()),
        // What is not written need not be found out.
        touches: (suite.reads && update != Update::No).then(|| touches.clone()),
        files: files.clone(),
    };
    let settings = evaluator(args, &suite);
    let touched = around.touches.is_some().then_some(&touches);
    let work = |ev: &Evaluator, keeper: &Keeper| {
        if ev.settings.restrict {
            opening::allow(ev, suite.folder.as_bytes());
            if let Way::Nixos(Some(nixpkgs)) = &suite.way {
                opening::allow(ev, &find(ev, nixpkgs)?);
            }
        }
        let keep_code = &|ev: &Evaluator| keeper.finish(ev);
        let checked = Checking {
            console,
            ev,
            args,
            suite: &suite,
            messages: &messages,
            touches: touched,
            files: &files,
            keep_code,
        };
        checked.report(&name, update)
    };
    modules::run_with(console, &settings, around, work, |ev, report| {
        for message in messages.take() {
            console.host.message(&message);
        }
        match report.and_then(|report| show(console, ev, args, &report)) {
            Ok(exit) => exit,
            Err(e) if e.data().kind == ErrorKind::Usage => misused(&e),
            Err(e) => {
                console.report(ev, &e, settings.show_trace);
                Exit::TROUBLE
            }
        }
    })
}

fn usage(message: &str) -> Error {
    Error::new(ErrorKind::Usage, message)
}

/// A file that is named on the command line, wherever relative paths begin later.
fn from_here(console: &Console, name: &OsString) -> Res<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    match name.as_bytes() {
        [b'<', ..] => Ok(name.clone()),
        path => Ok(OsString::from_vec(absolute(path, &console.current_dir()?))),
    }
}

/// The settings of the evaluator: the limits on the command line are for each fixture, not for this process.
fn evaluator(args: &CheckArgs, suite: &Suite) -> EvaluatorArgs {
    let mut evaluator = args.evaluator.clone();
    evaluator.timeout = None;
    evaluator.max_memory = Some("none".to_owned());
    evaluator.include.extend(suite.include.iter().map(OsString::from));
    if let Way::Flake(way) = &suite.way {
        // The evaluator has what flakes have. Which one it is, each fixture says.
        evaluator.flake.flake = way.references.first().map(OsString::from);
    }
    evaluator
}

fn limits_of(args: &EvaluatorArgs, of: CopyLimits) -> Res<CopyLimits> {
    let wrong = |e: super::wrong::Wrong| usage(&e.message);
    let seconds = args.timeout.as_deref().map(limits::positive_seconds).transpose().map_err(wrong)?;
    let memory = args.max_memory.as_deref().map(|text| limits::size("--max-memory", text)).transpose();
    let memory = match memory.map_err(wrong)? {
        None => of.memory,
        Some(Memory::Given(bytes)) => Some(bytes),
        Some(Memory::Unlimited) => None,
    };
    Ok(CopyLimits { seconds: seconds.or(of.seconds), memory })
}

/// Which snapshots are written.
fn update(console: &Console, args: &CheckArgs) -> Res<Update> {
    let variable = |name: &[u8]| console.host.env(name).filter(|value| !value.is_empty());
    let in_ci = variable(b"CI").is_some_and(|value| value != b"false" && value != b"0");
    let writes = [
        ("--accept", args.accept),
        ("--review", args.review),
        ("--unreferenced=delete", args.unreferenced == Unreferenced::Delete),
    ];
    if let (true, Some((flag, _))) = (in_ci, writes.iter().find(|(_, given)| *given)) {
        return Err(usage(&format!("{flag} writes, but CI is set, where nothing is written")));
    }
    let given = variable(b"NIVAL_UPDATE");
    let asked = match given.as_deref() {
        None | Some(b"new") => Update::New,
        Some(b"no") => Update::No,
        Some(b"always") => Update::Always,
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            return Err(usage(&format!("NIVAL_UPDATE is no, new or always, not '{other}'")));
        }
    };
    Ok(match () {
        () if in_ci || args.pending || args.review => Update::No,
        () if args.accept => Update::Always,
        () => asked,
    })
}

/// The part of the fixtures that `--partition` names.
fn part(text: &str) -> Res<(usize, usize)> {
    let parts = text.split_once('/').and_then(|(m, n)| Some((m.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((m, n)) if m >= 1 && m <= n => Ok((m, n)),
        _ => Err(usage(&format!("--partition requires M/N with M from 1 to N, not '{text}'"))),
    }
}

struct Checking<'a> {
    console: &'a Console,
    ev: &'a Evaluator,
    args: &'a CheckArgs,
    suite: &'a Suite,
    messages: &'a Messages,
    touches: Option<&'a Touches>,
    files: &'a FilesRead,
    keep_code: &'a dyn Fn(&Evaluator),
}

/// The record of what the fixtures read.
struct Records {
    file: Vec<u8>,
    text: String,
    reach: Reach,
}

impl Records {
    fn read(console: &Console, suite: &Suite) -> Res<Records> {
        let file = format!("{}/{READS_FILE}", suite.snapshot_folder()).into_bytes();
        let text = console.host.read_file(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok(Records { reach: Reach::read(&text), file, text })
    }

    /// Writes the record with changes, if it differs then.
    fn write(mut self, console: &Console, fixtures: &[String], change: impl FnOnce(&mut Reach)) -> Res<()> {
        change(&mut self.reach);
        self.reach.keep_only(fixtures);
        let text = self.reach.text();
        if text == self.text {
            return Ok(());
        }
        let written = console.host.write_file(&self.file, text.as_bytes());
        written.map_err(|e| Error::new(ErrorKind::System, format!("writing what the fixtures read: {e}")))
    }
}

impl Checking<'_> {
    fn report(&self, name: &str, update: Update) -> Res<CheckReport> {
        let (args, suite, system) = (self.args, self.suite, &*self.console.host);
        let all = self.fixtures()?;
        let names: Vec<String> = all.iter().map(|fixture| fixture.name.clone()).collect();
        let is_asked = |fixture: &Fixture| {
            let name = fixture.name.as_bytes();
            args.only.is_empty() || args.only.iter().any(|pattern| matches(pattern.as_bytes(), name))
        };
        let mut fixtures: Vec<Fixture> = all.into_iter().filter(is_asked).collect();
        if fixtures.is_empty() {
            let message = match &args.only[..] {
                [] => format!("the suite '{name}' has no fixtures"),
                patterns => format!(
                    "no fixture is called '{}'; there are {}",
                    patterns.join("' or '"),
                    names.join(", ")
                ),
            };
            return Err(usage(&message));
        }
        let is_named = |pattern: &str| names.iter().any(|name| matches(pattern.as_bytes(), name.as_bytes()));
        if let Some((pattern, _)) = suite.special.iter().find(|(pattern, _)| !is_named(pattern)) {
            return Err(usage(&format!("'fixture.\"{pattern}\"' of the suite '{name}' is about no fixture")));
        }
        if let Some(text) = &args.partition {
            let (m, n) = part(text)?;
            fixtures = partition(fixtures, m, n);
        }
        let shown = self.shown();
        let show_trace = args.evaluator.show_trace;
        let common = Common {
            suite,
            shown: &shown,
            messages: self.messages,
            touches: self.touches,
            files: args.evaluator.print_files.is_some().then_some(self.files),
            show_trace,
        };
        let jobs = args.jobs.unwrap_or_else(|| system.cores()).max(1);
        let run = Run { system, common: &common, jobs, limits: suite.limits, keep_code: self.keep_code };
        let records = Records::read(self.console, suite)?;
        let mut answers = Answers::new(system, &shown, &suite.text, &self.ev.settings);
        let checked = match &args.base {
            None => run.fixtures(self.ev, &fixtures)?,
            Some(revision) => {
                let snapshot = Snapshot::open(&suite.folder, revision).map_err(|message| usage(&message))?;
                let changed = changed_between(&snapshot, None).map_err(|message| usage(&message))?;
                let base = Base { revision, changed: changed.into_iter().collect(), host: system };
                let mut why =
                    |fixture: &Fixture| base.unchanged(suite, fixture, &records.reach, &mut answers);
                let (skip, evaluate): (Vec<_>, Vec<_>) = fixtures
                    .drain(..)
                    .map(|fixture| (why(&fixture), fixture))
                    .partition(|(why, _)| why.is_some());
                fixtures = evaluate.into_iter().map(|(_, fixture)| fixture).collect();
                let mut checked = run.fixtures(self.ev, &fixtures)?;
                for (why, fixture) in skip {
                    checked.push(skipped(&fixture, why.unwrap_or_default()));
                    fixtures.push(fixture);
                }
                checked
            }
        };
        let mut checked = checked;
        let read = checked.iter().flat_map(|checked| &checked.files);
        self.files.borrow_mut().extend(read.map(|file| bytes_of(file).into_owned()));
        if args.review {
            let mut cases = checked.iter_mut().flat_map(|checked| &mut checked.cases);
            review::review(self.console, suite, &mut cases, output::in_colour(self.console, &args.output))?;
        }
        for case in checked.iter_mut().flat_map(|checked| &mut checked.cases) {
            if is_written(case, update) {
                write(system, suite, case)?;
            }
        }
        if suite.reads && update != Update::No {
            records.write(self.console, &names, |reach| {
                record(reach, suite, &fixtures, &checked, &mut answers);
            })?;
        }
        let mut cases: Vec<Case> = checked.into_iter().flat_map(|checked| checked.cases).collect();
        if args.base.is_some() {
            cases.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let causes = match &args.base {
            Some(revision) if !args.pending && !args.review => {
                causes(self.console, &evaluator(args, suite), suite, revision, &cases, &fixtures)?
            }
            _ => None,
        };
        // With --flake, the suite may have other configurations.
        let unreferenced = match &args.evaluator.flake.flake {
            Some(_) => Vec::new(),
            None => unreferenced(system, suite, &names),
        };
        let removes = args.unreferenced == Unreferenced::Delete && !args.pending;
        if removes {
            for path in &unreferenced {
                system.remove_file(path.as_bytes()).map_err(|e| {
                    Error::new(ErrorKind::System, format!("removing the snapshot '{path}': {e}"))
                })?;
            }
        }
        let here = self.console.current_dir()?;
        let folder = suites::shown(&here, suite.folder.as_bytes());
        Ok(CheckReport {
            suite: name.to_owned(),
            folder: if folder.as_bytes() == here { String::new() } else { format!("{folder}/") },
            cases,
            unreferenced: unreferenced.iter().map(|path| suites::shown(&here, path.as_bytes())).collect(),
            rejects_unreferenced: args.unreferenced == Unreferenced::Reject,
            removed_unreferenced: removes,
            causes,
            nixpkgs: match &suite.way {
                Way::Nixos(Some(nixpkgs)) if !nixpkgs.as_bytes().starts_with(b"<") => {
                    below(&here, &absolute(nixpkgs.as_bytes(), suite.folder.as_bytes()))
                }
                _ => None,
            },
        })
    }

    /// All fixtures of the suite.
    fn fixtures(&self) -> Res<Vec<Fixture>> {
        let (suite, system) = (self.suite, &*self.console.host);
        let files = |patterns: &[String], key: &str| find_files(system, &suite.folder, patterns, key);
        let mut all = from_files(files(&suite.fixtures, "fixtures")?, Source::File)?;
        if !suite.nixos_tests.is_empty() {
            all.extend(nodes(system, self.ev, suite, suite.limits)?);
        }
        if let Way::Flake(way) = &suite.way {
            all.extend(from_flakes(&way.references)?);
        }
        all.extend(from_files(files(&suite.unit_tests, "tests")?, Source::Tests)?);
        Ok(all)
    }

    /// How values are shown.
    fn shown(&self) -> Shown {
        let mut roots = Vec::new();
        if let Way::Nixos(nixpkgs) = &self.suite.way {
            let name = nixpkgs.clone().unwrap_or_else(|| OsString::from("<nixpkgs>"));
            // Without a nixpkgs, each fixture fails with the reason.
            let folder = find(self.ev, &name).ok();
            roots.extend(
                folder.map(|folder| (String::from_utf8_lossy(&folder).into_owned(), "<nixpkgs>".to_owned())),
            );
        }
        roots.push((self.suite.folder.clone(), ".".to_owned()));
        roots.push((EMBEDDED.to_owned(), "«nival»".to_owned()));
        Shown::new(roots, &self.ev.settings.store_dir)
    }
}

fn format(args: &CheckArgs) -> CheckFormat {
    if args.json { CheckFormat::Json } else { args.format }
}

/// Whether people read what differs: as the text itself, or beside a file for a program.
fn shows_text(args: &CheckArgs) -> bool {
    !args.pending && (format(args) == CheckFormat::Text || args.output.output.is_some())
}

fn show(console: &Console, ev: &Evaluator, args: &CheckArgs, report: &CheckReport) -> Res<Exit> {
    let format = format(args);
    let text = match format {
        _ if args.pending => pending(report).into_bytes(),
        CheckFormat::Text => check_text(report, output::in_colour(console, &args.output)).into_bytes(),
        CheckFormat::Json => {
            let mut text = indent_json(check_json(report).to_string().as_bytes());
            text.push(b'\n');
            text
        }
        CheckFormat::Junit => check_junit(report)
            .map_err(|e| Error::new(ErrorKind::System, format!("writing the result as XML: {e}")))?,
        CheckFormat::Github => {
            output::summarise(console, &check_markdown(report))?;
            let bad = report.cases.iter().filter(|case| case.state.is_bad()).count();
            output::step_output(console, "changes", bad)?;
            let file = |file: &str| in_repository(file, report.nixpkgs.as_deref());
            check_github(report, &file).into_bytes()
        }
    };
    output::write(console, &ev.settings.base_dir, &args.output, &text)?;
    if shows_text(args) && format != CheckFormat::Text {
        // The file is for a program; people read this.
        console.print(check_text(report, console.host.output_in_colour()).as_bytes())?;
    }
    Ok(if report.is_bad() { Exit::FAILED } else { Exit::OK })
}

/// The fixtures whose snapshots differ or are missing, one a line.
fn pending(report: &CheckReport) -> String {
    let is_pending = |state: &State| matches!(state, State::New | State::Changed);
    let cases = report.cases.iter().filter(|case| is_pending(&case.state));
    let lines = cases.map(|case| format!("{}\t{}\n", case.state.word(), case.name));
    let left = report.unreferenced.iter().map(|path| format!("unreferenced\t{path}\n"));
    lines.chain(left).collect()
}
