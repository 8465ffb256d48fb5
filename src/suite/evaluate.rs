//! Evaluates a fixture: opens its configuration, and compares what is observed with what is recorded.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::common::{Common, path_literal};
use super::fixtures::{Fixture, Source};
use super::outcome::{Outcome, Snapshot};
use super::places::places;
use super::snapshot::{Change, Lines, compare, read_snapshot};
use super::suite_file::Way;
use super::take::{Taking, notices, take};
use super::{nix_unit, nixos_tests, reach};
use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::heap::Sym;
use crate::host::shown as shown_bytes;
use crate::modules::Kept;
use crate::options::{
    Bounds, Configuration, EMBEDDED, FlakeName, Found, Modules, NamedPaths, Opened, Opening, Plain,
    attr_path, flake_folders, nixos, step,
};
use crate::value::{Value, peek, slot};

/// What begins a warning of the evaluation itself.
const WARNING: &str = "evaluation warning: ";

impl Common<'_> {
    /// Evaluates a fixture.
    pub fn evaluate(&self, ev: &Evaluator, fixture: &Fixture) -> Outcome {
        self.outcome(ev, |outcome| match &fixture.source {
            Source::Tests(file) => nix_unit::run(ev, self, file).map(|tests| outcome.tests = tests),
            Source::File(_) | Source::Node { .. } | Source::Flake(_) => {
                let configuration = self.open(ev, fixture)?;
                self.observe(ev, configuration, fixture, outcome)
            }
        })
    }

    /// Evaluates what is observed of a system that sets nothing.
    pub fn evaluate_nothing(&self, ev: &Evaluator) -> Outcome {
        self.outcome(ev, |_| {
            let Way::Nixos(nixpkgs) = &self.suite.way else {
                return Ok(());
            };
            let configuration = nixos(ev, nixpkgs.as_ref(), Value::EMPTY_SET)?;
            let opened = Opened::new(ev, configuration)?;
            self.take(&opened, Vec::new(), &|_| true).map(drop)
        })
    }

    fn outcome(&self, ev: &Evaluator, work: impl FnOnce(&mut Outcome) -> Res<()>) -> Outcome {
        let mut outcome = Outcome::default();
        if let Err(e) = work(&mut outcome) {
            ev.caught(&e);
            let text = render(&ev.sources, &e, self.show_trace);
            outcome.error = Some(self.shown.text(text.strip_prefix("error: ").unwrap_or(&text).trim_end()));
        }
        outcome.printed = !self.messages.is_empty();
        for message in self.messages.take() {
            let text = self.shown.text(shown_bytes(&message).trim_end());
            match text.strip_prefix(WARNING) {
                // The option `warnings` has led to some of them.
                Some(warning) if outcome.warnings.iter().any(|known| known == warning) => {}
                Some(warning) => outcome.warnings.push(warning.to_owned()),
                None => outcome.messages.push(text),
            }
        }
        outcome.again = ev.is_spoiled();
        if let Some(files) = self.files {
            outcome.files = files.borrow().iter().map(|file| shown_bytes(file).into_owned()).collect();
        }
        if let Some(touches) = self.touches {
            outcome.reads = touches.borrow().iter().map(|touch| reach::line(touch, self.shown)).collect();
        }
        outcome
    }

    fn observe(
        &self,
        ev: &Evaluator,
        configuration: Configuration,
        fixture: &Fixture,
        outcome: &mut Outcome,
    ) -> Res<()> {
        let opened = Opened::new(ev, configuration)?;
        let is_own = |path: &[Sym]| match self.suite.way {
            Way::Modules(_) => is_own(&opened, path),
            Way::Nixos(_) | Way::Function(_) | Way::Flake(_) => true,
        };
        let lines = self.take(&opened, undeclared(ev, configuration)?, &is_own)?;
        let found = notices(&opened, self.shown);
        outcome.warnings = found.warnings;
        outcome.assertions = found.assertions;
        outcome.failures = failures(&lines);
        outcome.failures.extend(found.errors);
        // The snapshot is none of the files that the evaluation may access.
        let host = ev.host.unguarded().unwrap_or(&*ev.host);
        outcome.snapshot = Some(match host.read_file(self.suite.snapshot_file(&fixture.name).as_bytes()) {
            Err(_) => Snapshot::Missing(lines),
            Ok(text) => match read_snapshot(&String::from_utf8_lossy(&text)) {
                Err(line) => Snapshot::Damaged { lines, line },
                Ok(old) if old == lines => Snapshot::Same,
                Ok(old) => {
                    let changes = compare(&old, &lines);
                    let places = self.places(&opened, &changes);
                    Snapshot::Differs { lines, changes, places }
                }
            },
        });
        Ok(())
    }

    /// Takes what is observed out of a configuration.
    fn take(
        &self,
        opened: &Opened<'_>,
        undeclared: Vec<(Vec<String>, Plain)>,
        is_own: &dyn Fn(&[Sym]) -> bool,
    ) -> Res<Lines> {
        take(&Taking { opened, names: &self.suite.observed, shown: self.shown, is_own, undeclared })
    }

    /// Opens the configuration of a fixture.
    fn open(&self, ev: &Evaluator, fixture: &Fixture) -> Res<Configuration> {
        let expression = |text: String| Opening::Expression { text: text.into_bytes(), attr: Vec::new() };
        let file = match &fixture.source {
            Source::File(file) | Source::Tests(file) => file,
            Source::Node { test, node } => return nixos_tests::open(ev, &self.suite.way, test, node),
            Source::Flake(reference) => {
                let Way::Flake(way) = &self.suite.way else {
                    return Err(Error::new(ErrorKind::Usage, "the suite has no 'flake'"));
                };
                let flake = FlakeName { reference: reference.clone().into_bytes(), ..way.inputs.clone() };
                // The reference has an attribute, so no machine is asked for.
                return Opening::Flake { flake: Box::new(flake), machine: String::new() }.open(ev);
            }
        };
        let opening = match &self.suite.way {
            Way::Modules(way) => Opening::Modules(Box::new(Modules {
                modules: way.modules.clone(),
                fixtures: vec![OsString::from(file)],
                packages: way.packages.clone(),
                lib: way.lib.clone(),
                base: way.base,
                undeclared: way.undeclared,
                ..Modules::default()
            })),
            Way::Nixos(nixpkgs) => {
                Opening::Nixos { nixpkgs: nixpkgs.clone(), configuration: OsString::from(file), input: None }
            }
            Way::Flake(_) => return Err(Error::new(ErrorKind::Usage, "a suite with 'flake' has no files")),
            Way::Function(function) => {
                let function = String::from_utf8_lossy(&crate::options::find(ev, function)?).into_owned();
                expression(format!("import {} {}", path_literal(&function), path_literal(file)))
            }
        };
        opening.open(ev)
    }

    /// Where the options that differ are set.
    fn places(&self, opened: &Opened<'_>, changes: &[Change]) -> BTreeMap<String, Vec<String>> {
        let in_flakes = NamedPaths::new(flake_folders(opened.ev));
        let of = |change: &Change| {
            let text = |place: String| self.shown.text(&in_flakes.text(&place));
            (change.name.clone(), places(opened, change).into_iter().map(text).collect())
        };
        changes.iter().filter(|change| change.new.is_some()).map(of).collect()
    }
}

/// The messages of the lines that are errors, each once.
fn failures(lines: &Lines) -> Vec<String> {
    const ERROR: &str = "«error: ";
    let mut found = Vec::new();
    for value in lines.values() {
        for part in value.split(ERROR).skip(1) {
            let message = part.split('»').next().unwrap_or(part).to_owned();
            if !found.contains(&message) {
                found.push(message);
            }
        }
    }
    found
}

/// The values that the modules define without an option, with their paths. With an interpreted `lib`, the option's values are
/// checked for such definitions by the `lib` itself.
///
/// # Errors
/// Such a definition in a fixture, unless the suite allows that.
fn undeclared(ev: &Evaluator, configuration: Configuration) -> Res<Vec<(Vec<String>, Plain)>> {
    if configuration.evaluation().is_none() {
        return Ok(Vec::new());
    }
    let values = configuration.values(ev, &[])?;
    let mut found = Vec::new();
    for undeclared in ev.extension::<Kept>().found() {
        let names = attr_path::split(undeclared.option.as_bytes())?;
        let mut value = Some(slot(values));
        for name in &names {
            let v = value.take().and_then(|slot| ev.force(&slot).ok());
            value = v.and_then(|v| step(ev, v, name)).map(|(found, _)| slot(peek(found)));
        }
        let path = names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        found.extend(value.map(|value| (path, Plain::of(ev, &value, Bounds::COMPARED))));
    }
    Ok(found)
}

/// Whether an option is set by, or declared in, another file than the base modules.
fn is_own(opened: &Opened<'_>, path: &[Sym]) -> bool {
    let base = |file: &String| file.starts_with(EMBEDDED);
    let declared = match opened.find(path) {
        Found::Option { option, .. } => !opened.declared_in(option).iter().all(base),
        _ => true,
    };
    let is_set = |definition: &crate::options::Definition| !definition.is_default && !base(&definition.file);
    declared || opened.definitions(path).is_ok_and(|found| found.all.iter().any(is_set))
}
