//! Compares configurations.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::configuration::Configuration;
use super::error::Result;
use crate::eval::{Evaluator, Res};
use crate::options::compare::{
    Asked, Compared, Comparison, Details, Facts, Files, Pair, Question, Renames, differences,
};
use crate::options::{Opening, attr_path};
use crate::report::roots;

impl Configuration {
    /// What differs in a newer configuration, option by option, and the texts that cause it. Only options at and below some paths are
    /// compared, or all of them if no paths are given. Both configurations are evaluated as far as that, at the same time
    /// if their sessions are two.
    ///
    /// Files are named by the folder that they are below: `./` for the session's [folder](crate::SessionBuilder::folder),
    /// `<nixpkgs>/` for the configuration's nixpkgs or a flake's input. So two trees in different folders can be compared; files
    /// at two revisions of a repository are read with [`SessionBuilder::revision`](crate::SessionBuilder::revision).
    ///
    /// # Errors
    /// A malformed path. An error that prevents evaluating a configuration is a difference; if both have the same one, it is in
    /// [`Comparison::failing`].
    ///
    /// ```
    /// use nival::{ChangeKind, Modules, Plain, Session};
    ///
    /// # fn main() -> nival::Result<()> {
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
    /// let open = |session: &Session, text: &str| {
    ///     let modules = Modules::new().module(format!("{folder}/modules/kernel.nix"));
    ///     session.configuration(modules.fixture_text(text))
    /// };
    /// let session = Session::new()?;
    /// let old = open(&session, r#"{ "boot": { "consoleLogLevel": 3 } }"#)?;
    /// let new = open(&session, r#"{ "boot": { "consoleLogLevel": 7 } }"#)?;
    /// let comparison = old.compare(&new, &["boot.consoleLogLevel"])?;
    /// let [change] = &comparison.changes[..] else { panic!("one change") };
    /// assert_eq!(change.difference.name, "boot.consoleLogLevel");
    /// assert_eq!(change.difference.kind, ChangeKind::Value);
    /// assert_eq!(change.difference.new, Some(Plain::Int(7)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn compare(&self, newer: &Configuration, paths: &[&str]) -> Result<Comparison> {
        let split = |path: &&str| attr_path::split(path.as_bytes());
        let below: Vec<_> = paths.iter().map(split).collect::<Res<_>>().map_err(super::Error::plain)?;
        let (old_own, new_own) = pair(&self.opening, &newer.opening).unzip();
        let has_own_tree = self.tree()? != newer.tree()?;
        let [old, new] = [old_own, new_own].map(|own| Side { own: own.cloned(), has_own_tree });
        let mut asked = Asked { below, ..Asked::default() };
        let mut compared = differing(self, newer, &asked, [&old, &new])?;
        let paths = std::mem::take(&mut asked.below);
        if compared.as_ref().is_ok_and(|found| !found.is_empty()) && !paths.is_empty() {
            // The causes may be in other options.
            compared = differing(self, newer, &asked, [&old, &new])?;
        }
        let mut comparison = Comparison::of(vec!["the configuration".to_owned()]);
        let found = match compared {
            Ok(found) => found,
            Err(failure) => {
                comparison.failing.push((0, failure));
                return Ok(comparison);
            }
        };
        let questions = comparison.questions(&found);
        let (old, new) =
            both(|| self.details(questions.clone(), &old), || newer.details(questions.clone(), &new))?;
        let files = Texts { old: (self, &old), new: (newer, &new) };
        comparison.add(0, Pair { differences: found, old: &old, new: &new, files: &files });
        comparison.finish();
        if !paths.is_empty() {
            comparison.keep(&paths);
        }
        Ok(comparison)
    }

    /// The folder of nixpkgs that the configuration is evaluated with.
    fn tree(&self) -> Result<Option<Vec<u8>>> {
        self.ask(|_, opened, _, _| Ok(opened.tree()))
    }

    fn facts(&self, asked: &Asked, side: &Side) -> Result<Facts> {
        let (asked, side) = (asked.clone(), side.clone());
        self.ask(move |ev, opened, opening, configuration| {
            let asked = Asked { renames: renames(ev, opening, side.has_own_tree), ..asked };
            let found = ev.silently(|| opened.facts(configuration, &asked, &|_| {}));
            Facts::of(ev, found, &asked.renames, side.own.as_ref())
        })
    }

    fn details(&self, questions: Vec<Question>, side: &Side) -> Result<Details> {
        let side = side.clone();
        self.ask(move |ev, opened, opening, _| {
            let renames = renames(ev, opening, side.has_own_tree);
            let mut details = ev.silently(|| opened.details(&questions, &renames))?;
            details.own = side.own.as_ref().map(|own| renames.file(ev, own)).transpose()?;
            let name = |file: Vec<u8>| renames.places.text(&String::from_utf8_lossy(&file));
            details.read = ev.sources.files().into_iter().map(name).collect::<BTreeSet<_>>();
            Ok(details)
        })
    }
}

/// What a comparison needs to know about one side.
#[derive(Clone)]
struct Side {
    /// The file that is compared with one of another name.
    own: Option<OsString>,
    /// Whether the other side has another nixpkgs.
    has_own_tree: bool,
}

/// The files that are compared although their names differ: the only ones among the named files that do.
fn pair<'a>(old: &'a Opening, new: &'a Opening) -> Option<(&'a OsString, &'a OsString)> {
    let (old, new) = (files(old), files(new));
    let mut other = old.iter().zip(&new).filter(|(old, new)| old != new);
    let only = other.next().filter(|_| old.len() == new.len() && other.next().is_none());
    only.map(|(old, new)| (*old, *new))
}

/// The files that a configuration names.
fn files(opening: &Opening) -> Vec<&OsString> {
    match opening {
        Opening::Modules(modules) => modules.modules.iter().chain(&modules.fixtures).collect(),
        Opening::Nixos { configuration, .. } => vec![configuration],
        Opening::File { file, .. } => vec![file],
        Opening::Flake { .. } | Opening::Expression { .. } => Vec::new(),
    }
}

/// The differences of two configurations.
fn differing(old: &Configuration, new: &Configuration, asked: &Asked, sides: [&Side; 2]) -> Result<Compared> {
    let (old, new) = both(|| old.facts(asked, sides[0]), || new.facts(asked, sides[1]))?;
    Ok(differences(&old, &new))
}

/// The names of the folders of a configuration.
fn renames(ev: &Evaluator, opening: &Opening, has_own_tree: bool) -> Renames {
    let folders: Vec<_> = roots(ev, opening).named().collect();
    Renames::of(opening, &folders, has_own_tree)
}

/// Runs two jobs at the same time.
fn both<T: Send>(old: impl FnOnce() -> Result<T> + Send, new: impl FnOnce() -> Result<T>) -> Result<(T, T)> {
    std::thread::scope(|scope| {
        let old = scope.spawn(old);
        let new = new();
        let old = old.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok((old, new?))
    })
}

/// The texts of the files of two configurations.
struct Texts<'a> {
    old: (&'a Configuration, &'a Details),
    new: (&'a Configuration, &'a Details),
}

impl Files for Texts<'_> {
    fn before(&self, file: &str) -> Option<String> {
        let (configuration, details) = self.old;
        configuration.text(details.folders.path(file))
    }

    fn after(&self, file: &str) -> Option<String> {
        let (configuration, details) = self.new;
        configuration.text(details.folders.path(file))
    }
}
