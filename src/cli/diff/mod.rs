//! `nival diff`: what a change alters in configurations, and which lines cause it.

mod flakes;
mod pair;
mod plan;
mod series;
mod side;
mod sides;
mod unlike;

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::args::{DiffArgs, DiffFormat, FailOn};
use super::beside::{Answer, host, wait};
use super::console::{Console, Exit};
use super::progress::Progress;
use super::repository_paths::{below, in_repository};
use super::{modules, output};
use crate::eval::{Error, ErrorKind, Res};
use crate::host::{Embedded, Host};
use crate::options::compare::{Asked, ChangeKind, Comparison, Details, Difference, Files, Pair as Found};
use crate::options::{Failure, attr_path, with_embedded};
use crate::report::{
    DiffDetail, diff_changed_paths, diff_github, diff_html, diff_json, diff_markdown, diff_step_summary,
    diff_text, indent_json,
};
use crate::syntax::absolute;
use plan::pairs;
use side::details;
use sides::Sides;

pub use pair::Pair;
pub use side::Way;

/// Runs the command.
pub fn run(console: &Console, args: &DiffArgs) -> Exit {
    let done = compare(console, args).and_then(|comparison| {
        for (number, failure) in &comparison.failing {
            let Failure { message, at, .. } = failure;
            let at = at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            let name = &comparison.fixtures[*number];
            console.fail(&format!("error: {name}: both configurations fail{at}: {}", message.trim_end()));
        }
        if comparison.failing.len() == comparison.fixtures.len() {
            return Ok(Exit::TROUBLE);
        }
        show(console, args, &comparison)?;
        Ok(exit(args.fail_on, &comparison))
    });
    match done {
        Ok(exit) => exit,
        Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival diff"),
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            Exit::TROUBLE
        }
    }
}

fn exit(fail_on: FailOn, comparison: &Comparison) -> Exit {
    let is_bad = |kind: &ChangeKind| match fail_on {
        FailOn::None => false,
        FailOn::Error => matches!(kind, ChangeKind::Error),
        FailOn::Value => kind.changes_value() || matches!(kind, ChangeKind::Assertion | ChangeKind::Warning),
        FailOn::Any => true,
    };
    let asserted = |change: &Difference| change.kind == ChangeKind::Assertion && change.new.is_some();
    let fails = comparison.changes.iter().any(|change| {
        is_bad(&change.difference.kind) || fail_on == FailOn::Error && asserted(&change.difference)
    });
    if fails { Exit::FAILED } else { Exit::OK }
}

fn compare(console: &Console, args: &DiffArgs) -> Res<Comparison> {
    let evaluator = &args.open.evaluator;
    modules::watch(console, evaluator).map_err(|e| Error::new(ErrorKind::Usage, e.message))?;
    let pairs = pairs(console, args)?;
    let mut below = Vec::new();
    for name in &args.attrs {
        let path = attr_path::split(name.as_bytes())?;
        if path.iter().any(Vec::is_empty) {
            let message = format!("empty attribute name in the option path '{}'", name.to_string_lossy());
            return Err(Error::new(ErrorKind::Usage, message));
        }
        below.push(path);
    }
    let asked = Asked { below, descriptions: args.descriptions, ..Asked::default() };
    let mut read = BTreeSet::new();
    let mut comparison = compared(console, &pairs, &asked, &mut read)?;
    if !asked.below.is_empty() {
        comparison.keep(&asked.below);
    }
    if let Some(file) = &evaluator.print_files {
        modules::print_files(console, &console.current_dir()?, file.as_deref(), &read)?;
    }
    Ok(comparison)
}

/// The differences of configurations. Adds the files that were read.
///
/// # Errors
/// Configurations that cannot be opened.
pub fn compared(
    console: &Console,
    pairs: &[Pair],
    asked: &Asked,
    read: &mut BTreeSet<Vec<u8>>,
) -> Res<Comparison> {
    let mut comparison = Comparison::of(pairs.iter().map(|pair| pair.name.clone()).collect());
    let _progress = Progress::begin(console, "comparing");
    let sides = Sides::begin(console, pairs)?;
    for (number, pair) in pairs.iter().enumerate() {
        let mut compared = sides.differing(pair, asked, read)?;
        if compared.as_ref().is_ok_and(|found| !found.is_empty()) && !asked.below.is_empty() {
            // The causes may be in other options.
            compared = sides.differing(pair, &Asked { below: Vec::new(), ..asked.clone() }, read)?;
        }
        let found = match compared {
            Ok(found) => found,
            Err(failure) => {
                comparison.failing.push((number, failure));
                continue;
            }
        };
        if found.iter().all(|difference| comparison.known(difference).is_some()) {
            let empty = Details::default();
            let found = Found { differences: found, old: &empty, new: &empty, files: &Nothing };
            comparison.add(number, found);
            continue;
        }
        let questions = comparison.questions(&found);
        let before = details(console, &pair.old, questions.clone());
        let after = details(console, &pair.new, questions);
        let (before, after) = (answered(before, read)?, answered(after, read)?);
        let texts = Texts {
            old: (&before, with_embedded(host(console, pair.old.revision.as_ref()))),
            new: (&after, with_embedded(host(console, pair.new.revision.as_ref()))),
        };
        comparison.add(number, Found { differences: found, old: &before, new: &after, files: &texts });
    }
    comparison.finish();
    Ok(comparison)
}

/// Waits for answers, which also tell the files that were read for them.
fn answered(thread: JoinHandle<Answer<Details>>, read: &mut BTreeSet<Vec<u8>>) -> Res<Details> {
    let mut own = BTreeSet::new();
    let mut details = wait(thread, &mut own)?;
    let name = |file: &Vec<u8>| details.folders.text(&String::from_utf8_lossy(file));
    details.read = own.iter().map(name).collect();
    read.extend(own);
    Ok(details)
}

/// The texts of the files of two configurations.
struct Texts<'a> {
    old: (&'a Details, Embedded<Arc<dyn Host>>),
    new: (&'a Details, Embedded<Arc<dyn Host>>),
}

impl Files for Texts<'_> {
    fn before(&self, file: &str) -> Option<String> {
        text(&self.old, file)
    }

    fn after(&self, file: &str) -> Option<String> {
        text(&self.new, file)
    }
}

fn text((details, host): &(&Details, Embedded<Arc<dyn Host>>), file: &str) -> Option<String> {
    let text = host.read_file(details.folders.path(file).as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// No files, where nothing is asked about them.
struct Nothing;

impl Files for Nothing {
    fn before(&self, _: &str) -> Option<String> {
        None
    }

    fn after(&self, _: &str) -> Option<String> {
        None
    }
}

fn show(console: &Console, args: &DiffArgs, comparison: &Comparison) -> Res<()> {
    let format = if args.json { DiffFormat::Json } else { args.format };
    let detail = DiffDetail { all: args.all, colour: output::in_colour(console, &args.output) };
    let mut text = match format {
        DiffFormat::Text => diff_text(comparison, detail).into_bytes(),
        DiffFormat::Json => indent_json(diff_json(comparison).to_string().as_bytes()),
        DiffFormat::Markdown => diff_markdown(comparison).into_bytes(),
        DiffFormat::ChangedPaths => {
            output::summarise(console, &diff_step_summary(comparison))?;
            diff_changed_paths(comparison, &args.open.evaluator.system).to_string().into_bytes()
        }
        DiffFormat::Html => diff_html(comparison).into_bytes(),
        DiffFormat::Github => {
            output::summarise(console, &diff_markdown(comparison))?;
            output::step_output(console, "changes", comparison.changes.len() - comparison.hashes())?;
            let here = console.current_dir()?;
            let nixpkgs = args.open.nixpkgs.as_ref();
            let nixpkgs = nixpkgs.and_then(|nixpkgs| below(&here, &absolute(nixpkgs.as_bytes(), &here)));
            diff_github(comparison, &|file| in_repository(file, nixpkgs.as_deref())).into_bytes()
        }
    };
    if matches!(format, DiffFormat::Json | DiffFormat::ChangedPaths) {
        text.push(b'\n');
    }
    output::write(console, &console.current_dir()?, &args.output, &text)
}
