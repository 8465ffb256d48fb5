//! What each fixture's evaluation reads: recorded beside the snapshots, so that a later check need not evaluate fixtures
//! that no changed file can touch.
//!
//! A record holds the questions that the evaluation asked the file system and the environment, and a hash of the answers, of the suite, of the search path and of
//! the snapshot. While the hash is the same, so is the verdict: a fixture is recorded only if all was as expected.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use hashbrown::HashMap;

use super::shown::Shown;
use crate::eval::Settings;
use crate::host::{Host, Touch};

/// The name of the file.
pub const FILE: &str = "reads.txt";
/// What heads the lines that all fixtures have.
const ALL: &str = "[all]";
/// What begins the line of an environment variable. No path begins with it.
const VARIABLE: &str = "$";
/// What begins the line of a fixture.
const FIXTURE: &str = "[fixture] ";

/// What the fixtures of a suite read, by their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reach {
    fixtures: BTreeMap<String, Reads>,
}

/// What a fixture's evaluation reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// The questions, as lines: paths by their roots, with `/` behind a folder that is listed, `?` behind a path of which
    /// only the kind matters, and `$` before an environment variable.
    pub lines: BTreeSet<String>,
    /// The hash of the answers.
    pub hash: String,
}

/// A question as a line.
pub fn line(touch: &Touch, shown: &Shown) -> String {
    let text = |path: &[u8]| shown.text(&String::from_utf8_lossy(path));
    match touch {
        Touch::Contents(path) => text(path),
        Touch::Listing(path) => format!("{}/", text(path)),
        Touch::Kind(path) => format!("{}?", text(path)),
        Touch::Variable(name) => format!("{VARIABLE}{}", String::from_utf8_lossy(name)),
    }
}

/// Computes hashes. Each question is asked once.
pub struct Answers<'a> {
    host: &'a dyn Host,
    shown: &'a Shown,
    /// What else the verdict depends on: the suite's text, and nival itself.
    base: Vec<u8>,
    known: HashMap<String, blake3::Hash>,
}

impl<'a> Answers<'a> {
    /// The answers of a host, for a suite with this text and the settings of its evaluations.
    pub fn new(host: &'a dyn Host, shown: &'a Shown, suite: &str, settings: &Settings) -> Answers<'a> {
        let entries = settings.nix_path.iter().map(|(name, path)| format!("{name}={}", shown.text(path)));
        let search_path = entries.collect::<Vec<_>>().join(":");
        let limits = [settings.pure, settings.restrict, settings.allow_import_from_derivation];
        let limits = format!("{limits:?}");
        let base = [suite, &settings.system, &search_path, &limits, env!("CARGO_PKG_VERSION")];
        let base = base.join("\0").into_bytes();
        Answers { host, shown, base, known: HashMap::new() }
    }

    /// The hash of the answers to a fixture's questions, and of its snapshot.
    pub fn hash(&mut self, lines: &BTreeSet<String>, snapshot: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.base);
        let snapshot = self.shown.text(snapshot);
        hasher.update(self.answer(&snapshot).as_bytes());
        for line in lines {
            hasher.update(self.answer(line).as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The file whose contents a line asks for.
    pub fn path(&self, line: &str) -> Option<Vec<u8>> {
        let is_contents = !line.ends_with(['/', '?']) && !line.starts_with(VARIABLE);
        is_contents.then(|| self.shown.path(line).into_bytes())
    }

    fn answer(&mut self, line: &str) -> blake3::Hash {
        if let Some(known) = self.known.get(line) {
            return *known;
        }
        let path = |shown: &str| self.shown.path(shown).into_bytes();
        let found = if let Some(variable) = line.strip_prefix(VARIABLE) {
            format!("{:?}", self.host.env(variable.as_bytes())).into_bytes()
        } else if let Some(folder) = line.strip_suffix('/') {
            let entries = self.host.read_dir(&path(folder)).map_err(|e| e.to_string());
            format!("{entries:?}").into_bytes()
        } else if let Some(at) = line.strip_suffix('?') {
            let stat = self.host.stat(&path(at)).map(|stat| (stat.kind, stat.target));
            format!("{:?}", stat.map_err(|e| e.to_string())).into_bytes()
        } else {
            match self.host.read_file(&path(line)) {
                Ok(text) => text,
                Err(e) => format!("\0{e}").into_bytes(),
            }
        };
        let hash = blake3::hash(&[line.as_bytes(), b"\0", &found].concat());
        self.known.insert(line.to_owned(), hash);
        hash
    }
}

impl Reach {
    /// What a fixture reads, if that is recorded.
    pub fn of(&self, fixture: &str) -> Option<&Reads> {
        self.fixtures.get(fixture)
    }

    /// Records what a fixture reads.
    pub fn record(&mut self, fixture: &str, reads: Reads) {
        self.fixtures.insert(fixture.to_owned(), reads);
    }

    /// Forgets a fixture.
    pub fn forget(&mut self, fixture: &str) {
        self.fixtures.remove(fixture);
    }

    /// Forgets all but these fixtures.
    pub fn keep_only(&mut self, fixtures: &[String]) {
        self.fixtures.retain(|name, _| fixtures.contains(name));
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut sets = self.fixtures.values().map(|reads| &reads.lines);
        let first = sets.next().cloned().unwrap_or_default();
        let all = sets.fold(first, |all, lines| all.intersection(lines).cloned().collect());
        let mut text = format!("# What the fixtures read, for nival check --base.\n{ALL}\n");
        let mut put = |line: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
        };
        all.iter().for_each(|line| put(line));
        for (name, reads) in &self.fixtures {
            put(&format!("{FIXTURE}{} {name}", reads.hash));
            reads.lines.difference(&all).for_each(|line| put(line));
        }
        text
    }

    /// Reads the text of the file. What cannot be read is not recorded.
    pub fn read(text: &str) -> Reach {
        let mut all = BTreeSet::new();
        let mut reach = Reach::default();
        let mut current: Option<String> = None;
        for line in text.lines().skip(1).filter(|line| *line != ALL) {
            if let Some((hash, name)) = line.strip_prefix(FIXTURE).and_then(|rest| rest.split_once(' ')) {
                reach.record(name, Reads { lines: all.clone(), hash: hash.to_owned() });
                current = Some(name.to_owned());
            } else if let Some(reads) = current.as_ref().and_then(|name| reach.fixtures.get_mut(name)) {
                reads.lines.insert(line.to_owned());
            } else {
                all.insert(line.to_owned());
            }
        }
        reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let reads = |lines: &[&str], hash: &str| Reads {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            hash: hash.to_owned(),
        };
        let mut reach = Reach::default();
        reach.record("a b", reads(&["./a.nix", "<nixpkgs>/lib/", "./x?"], "12"));
        reach.record("c", reads(&["./c.nix", "<nixpkgs>/lib/"], "34"));
        assert!(reach.text().contains("[all]\n<nixpkgs>/lib/\n[fixture] 12 a b\n./a.nix\n./x?\n"));
        assert_eq!(Reach::read(&reach.text()), reach);
        assert_eq!(Reach::read(&Reach::default().text()), Reach::default());
    }
}
