//! What is asked about an option that differs: its definitions as they are written, and what it read.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};

use super::renames::Renames;
use crate::eval::Res;
use crate::heap::Sym;
use crate::native::lossy;
use crate::options::about::{DefinitionInfo, Moved, Outcome, Place};
use crate::options::aliases::is_hidden;
use crate::options::definitions::Definition;
use crate::options::named_paths::NamedPaths;
use crate::options::opened::{Definitions, Opened};
use crate::options::plain::Bounds;
use crate::options::reads::{Derivations, Known};
use crate::options::tree::Found;
use crate::syntax::written::Written as Text;

/// A definition as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Where it is.
    pub place: Place,
    /// The attribute with its value.
    pub text: Option<String>,
    /// The conditions around it, outermost first, with their places.
    pub conditions: Vec<(String, Place)>,
    /// Whether it is part of the value, or fails.
    pub counts: bool,
    /// Its priority.
    pub priority: i64,
    /// Whether it is one of the option, which may give something to the part of the value that is asked about, but is
    /// switched off.
    pub is_around: bool,
}

/// What is asked about an option, or a part of its value, that differs.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its path.
    pub loc: Vec<String>,
    /// Whether it is asked which of the others it was computed from, too.
    pub reads: bool,
    /// Whether all is known about it already: others may have been computed from it.
    pub is_known: bool,
}

/// What is known about an option, or a part of its value, that differs.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Its definitions, without the default.
    pub definitions: Vec<Written>,
    /// Whether the option's default is its value.
    pub is_default: bool,
    /// Where it is declared, and how.
    pub declarations: Vec<(Place, Option<String>)>,
    /// Those of the options that are asked about that its definitions, and the conditions around them, were computed
    /// from.
    pub by_definitions: Vec<Vec<String>>,
    /// If there are none, those that its value was computed from.
    pub by_value: Vec<Vec<String>>,
    /// Where it went.
    pub moved: Option<Moved>,
}

/// The answers of one configuration.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// By the paths that were asked about.
    pub options: BTreeMap<Vec<String>, Detail>,
    /// Folders, and the names that stand for them in the answers.
    pub folders: NamedPaths,
    /// The file that is compared with another one: the configuration, fixture or module.
    pub own: Option<String>,
    /// The files that were read.
    pub read: BTreeSet<String>,
}

impl Opened<'_> {
    /// Answers what is asked about options that differ. The evaluator must
    /// [track reads](crate::eval::Evaluator::track_reads).
    ///
    /// # Errors
    /// When memory is exhausted. Errors of options say nothing about them.
    pub fn details(&self, questions: &[Question], renames: &Renames) -> Res<Details> {
        let texts = HashMap::new();
        let changed = questions.iter().map(|question| question.loc.clone()).collect();
        let mut reader = Reader { opened: self, changed, known: Known::default(), texts };
        let mut details = Details { folders: renames.places.clone(), ..Details::default() };
        for Question { loc, reads, .. } in questions.iter().filter(|question| !question.is_known) {
            let path: Vec<Sym> =
                loc.iter().map(|name| Ok(self.ev.mem.heap.intern(name.as_bytes())?)).collect::<Res<_>>()?;
            details.options.insert(loc.clone(), reader.detail(&path, *reads));
        }
        for detail in details.options.values_mut() {
            let place = |place: &mut Place| place.file = renames.place(&place.file);
            detail.declarations.iter_mut().for_each(|(at, _)| place(at));
            for definition in &mut detail.definitions {
                place(&mut definition.place);
                definition.conditions.iter_mut().for_each(|(_, at)| place(at));
            }
        }
        Ok(details)
    }
}

/// The text of a file, and what is written in it.
type FileText = (Vec<u8>, Text);

struct Reader<'a> {
    opened: &'a Opened<'a>,
    /// All paths that are asked about.
    changed: BTreeSet<Vec<String>>,
    known: Known,
    texts: HashMap<String, Option<FileText>>,
}

impl Reader<'_> {
    fn detail(&mut self, path: &[Sym], reads: bool) -> Detail {
        let opened = self.opened;
        let mut detail = Detail::default();
        if reads {
            detail.by_definitions = self.read(path, true);
        }
        // What is around a part of a value is computed from more than the part is.
        if reads && detail.by_definitions.is_empty() {
            detail.by_value = self.read(path, false);
        }
        match opened.definitions(path) {
            Ok(found) => self.describe(path, &found, &mut detail),
            Err(e) => opened.ev.caught(&e),
        }
        detail
    }

    fn describe(&mut self, path: &[Sym], found: &Definitions, detail: &mut Detail) {
        let opened = self.opened;
        let mut about = opened.outline(path, found, Bounds::LINE);
        opened.add_origins(&mut about, path, found, Bounds::LINE);
        detail.is_default = !about.is_set;
        detail.moved = about.moved.take();
        for (about, definition) in about.definitions.iter().zip(&found.all) {
            if !about.is_default {
                detail.definitions.push(self.written(about, definition, false));
            }
        }
        if let Found::Option { names, .. } = opened.find(path)
            && names < path.len()
            && let Ok(around) = opened.definitions(&path[..names])
        {
            let about = opened.outline(&path[..names], &around, Bounds::LINE);
            for (about, definition) in about.definitions.iter().zip(&around.all) {
                if matches!(about.outcome, Outcome::Off(_)) {
                    detail.definitions.push(self.written(about, definition, true));
                }
            }
        }
        // Of a part of a value, the option around it is declared.
        let declared = if about.declarations.is_empty() { self.around(path) } else { about.declarations };
        detail.declarations = declared.into_iter().map(|at| (at.clone(), self.binding(&at))).collect();
    }

    fn written(&mut self, about: &DefinitionInfo, definition: &Definition, is_around: bool) -> Written {
        let conditions = self.opened.conditions(definition);
        Written {
            text: self.binding(&about.place),
            place: about.place.clone(),
            conditions: conditions.into_iter().map(|it| (it.text, it.place)).collect(),
            counts: matches!(about.outcome, Outcome::Wins | Outcome::Failed(_)),
            priority: about.priority,
            is_around,
        }
    }

    /// Where the option is declared that a path leads into.
    fn around(&self, path: &[Sym]) -> Vec<Place> {
        let opened = self.opened;
        match opened.find(path) {
            Found::Option { names, .. } if names < path.len() => {
                let path = &path[..names];
                let Ok(found) = opened.definitions(path) else {
                    return Vec::new();
                };
                let mut about = opened.outline(path, &Definitions { all: Vec::new(), ..found }, Bounds::LINE);
                about.declarations.drain(..).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The options that were read for the value at a path, or for its definitions. Old names of options stand for what
    /// they read.
    fn read(&mut self, path: &[Sym], by_definitions: bool) -> Vec<Vec<String>> {
        let opened = self.opened;
        let mut pending = match by_definitions {
            true => opened.read_by_definitions(path, &mut self.known),
            false => opened.reads(path, Derivations::Computed, &mut self.known),
        };
        let own: Vec<String> = path.iter().map(|name| opened.ev.name(*name)).collect();
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(read) = pending.pop() {
            if !seen.insert(read.clone()) {
                continue;
            }
            let is_old = match opened.find(&read) {
                Found::Option { option, names } => names == read.len() && is_hidden(opened.ev, option),
                _ => false,
            };
            if is_old {
                pending.extend(opened.reads(&read, Derivations::Computed, &mut self.known));
            }
            let read: Vec<String> = read.iter().map(|name| opened.ev.name(*name)).collect();
            let around = (1..read.len()).filter_map(|names| self.changed.get(&read[..names]));
            let inside = self.changed.range(read.clone()..).take_while(|at| at.starts_with(&read));
            found.extend(around.chain(inside).filter(|at| **at != own).cloned());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The attribute that is written at a place.
    fn binding(&mut self, place: &Place) -> Option<String> {
        let (line, column) = place.at?;
        let (text, written) = self.text(&place.file)?;
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines.take(line as usize - 1).map(<[u8]>::len).sum();
        let found = written.at(before + column as usize - 1)?;
        Some(lossy(found.whole.text))
    }

    fn text(&mut self, file: &str) -> Option<&FileText> {
        let host = &self.opened.ev.host;
        let read = || {
            let text = host.read_file(file.as_bytes()).ok()?;
            let written = Text::parse(&text[..]);
            Some((text, written))
        };
        self.texts.entry(file.to_owned()).or_insert_with(read).as_ref()
    }
}
