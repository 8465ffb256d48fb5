//! What makes an option differ: the definition, declaration or condition that was changed, and where.
//!
//! A definition is the same in both configurations if it is in the same file, is written in the same way, and has the same
//! conditions around it, whatever its value is. Where a value differs although everything about it is written as
//! before, it follows from options that it was computed from, or from other lines of the same files.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::detail::{Detail, Details, Written};
use super::difference::Difference;
use super::hunks::{Hunk, column, hunks, in_new};
use super::kind::ChangeKind;
use super::news;
use crate::options::{Failure, Place, Plain};

/// As many changed lines may be the cause of one difference.
const FEW: usize = 3;
/// Of more changed lines, no one can tell which are the cause.
const MANY: usize = 200;

/// What kind of text was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CauseKind {
    /// A definition of the option.
    Definition,
    /// The condition of definitions.
    Condition,
    /// The option's declaration.
    Declaration,
    /// Other lines of a file that the option is declared or defined in.
    Lines,
}

impl CauseKind {
    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            CauseKind::Definition => "definition",
            CauseKind::Condition => "condition",
            CauseKind::Declaration => "declaration",
            CauseKind::Lines => "lines",
        }
    }
}

/// A changed text that makes options differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Cause {
    /// Where it is: in the new configuration, unless it is gone there.
    pub place: Place,
    /// What it is.
    pub kind: CauseKind,
    /// Whether it is gone, so that the place is in the old configuration.
    pub is_gone: bool,
    /// The old text, if there was any.
    pub old: Option<String>,
    /// The new text, if there is any.
    pub new: Option<String>,
}

/// Reads the texts of files, which are named as in the answers.
pub trait Files {
    /// The text of a file in the old configuration.
    fn before(&self, file: &str) -> Option<String>;
    /// The text of a file in the new configuration.
    fn after(&self, file: &str) -> Option<String>;
}

/// A file in both configurations.
#[derive(Default)]
struct File {
    old: Option<String>,
    new: Option<String>,
    hunks: Vec<Hunk>,
}

/// The two configurations' answers about their differences.
pub struct Sides<'a> {
    old: &'a Details,
    new: &'a Details,
    files: &'a dyn Files,
    /// The files that are one and the same although their names differ: the two configurations.
    paired: Option<(&'a str, &'a str)>,
    /// The files that were looked at, by their names in the new configuration.
    known: RefCell<BTreeMap<String, Rc<File>>>,
    /// The changed lines of all files that were read, once that is asked.
    read: OnceCell<Vec<Cause>>,
}

impl<'a> Sides<'a> {
    /// The answers of two configurations.
    pub fn new(old: &'a Details, new: &'a Details, files: &'a dyn Files) -> Sides<'a> {
        let paired = old.own.as_deref().zip(new.own.as_deref());
        Sides { old, new, files, paired, known: RefCell::default(), read: OnceCell::new() }
    }

    /// A file by its name in the new configuration.
    fn file(&self, name: &str) -> Rc<File> {
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone();
        }
        let (old, new) = (self.files.before(self.old_name(name)), self.files.after(name));
        let hunks = match (&old, &new) {
            (Some(old), Some(new)) if old != new => hunks(old, new),
            _ => Vec::new(),
        };
        let file = Rc::new(File { old, new, hunks });
        self.known.borrow_mut().insert(name.to_owned(), file.clone());
        file
    }

    /// The name in the old configuration of a file of the new one.
    fn old_name<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        match self.paired {
            Some((old, new)) if new == name => old,
            _ => name,
        }
    }

    /// A file by its name in the old configuration.
    fn old_file(&self, name: &str) -> Rc<File> {
        match self.paired {
            Some((old, new)) if old == name => self.file(new),
            _ => self.file(name),
        }
    }

    /// The changed texts that make an option differ, apart from what other options bring.
    pub fn own(&self, difference: &Difference) -> Vec<Cause> {
        let empty = Detail::default();
        let old = self.old.options.get(&difference.loc).unwrap_or(&empty);
        let new = self.new.options.get(&difference.loc).unwrap_or(&empty);
        let mut found = Vec::new();
        if difference.loc.is_empty() {
            return self.failure(difference);
        }
        let declared = match difference.kind {
            ChangeKind::Added
            | ChangeKind::Removed
            | ChangeKind::Renamed
            | ChangeKind::Type
            | ChangeKind::Default
            | ChangeKind::Description => true,
            _ => old.is_default || new.is_default,
        };
        if !matches!(difference.kind, ChangeKind::Type | ChangeKind::Default | ChangeKind::Description) {
            self.definitions(&old.definitions, &new.definitions, &mut found);
        }
        let retyped = difference.also.contains(&ChangeKind::Type);
        if retyped || declared && (found.is_empty() || old.is_default != new.is_default) {
            self.declarations(old, new, &mut found);
        }
        // An old name has no declaration of its own: a function makes it.
        if matches!(difference.kind, ChangeKind::Removed | ChangeKind::Renamed)
            && !new.declarations.is_empty()
        {
            found = self.lines(difference);
        }
        found.sort();
        found.dedup();
        found
    }

    /// The option's declaration or the line of its error, if it was changed.
    pub fn at_least(&self, difference: &Difference) -> Vec<Cause> {
        match self.declared(difference) {
            found if found.is_empty() => self.failure(difference),
            found => found,
        }
    }

    /// The option's declaration, if it was changed: its type may refuse a value, or it may apply a function.
    fn declared(&self, difference: &Difference) -> Vec<Cause> {
        let details = self.old.options.get(&difference.loc).zip(self.new.options.get(&difference.loc));
        let mut found = Vec::new();
        if let Some((old, new)) = details {
            self.declarations(old, new, &mut found);
        }
        found
    }

    /// Changed lines of the files that a difference has to do with: of each file, the first ones that name the option,
    /// else the first ones that are no comments.
    pub fn lines(&self, difference: &Difference) -> Vec<Cause> {
        let (old, new) = (self.old.options.get(&difference.loc), self.new.options.get(&difference.loc));
        let details = || old.into_iter().chain(new);
        let defined = details().flat_map(|detail| detail.definitions.iter().map(|d| &d.place.file));
        let declared = details().flat_map(|detail| detail.declarations.iter().map(|(at, _)| &at.file));
        let mut files: Vec<&String> = defined.chain(declared).collect();
        files.sort();
        files.dedup();
        let last = difference.loc.last().map_or("", String::as_str);
        let of_file = |name: &&String| {
            let hunks = &self.file(name).hunks;
            let mut found = hunks.iter().filter_map(|hunk| self.hunk(name, hunk)).filter(is_code);
            let first = found.next()?;
            let names =
                |cause: &Cause| [&cause.old, &cause.new].into_iter().flatten().any(|it| mentions(it, last));
            Some(if names(&first) { first } else { found.find(names).unwrap_or(first) })
        };
        files.iter().filter_map(of_file).collect()
    }

    /// The changed lines in which an error happens. Where the whole configuration fails, else the nearest ones above.
    fn failure(&self, difference: &Difference) -> Vec<Cause> {
        let is_whole = difference.loc.is_empty();
        let nearest = |hunks: &[Hunk], side: fn(&Hunk) -> &Range<u32>, line: u32| {
            let inside = hunks.iter().find(|hunk| side(hunk).contains(&line));
            let above = || hunks.iter().rev().find(|hunk| is_whole && side(hunk).start <= line);
            inside.or_else(above).cloned()
        };
        let at = |failure: &Failure| -> Option<(String, u32)> {
            let mut parts = failure.at.as_ref()?.rsplitn(3, ':');
            let (_, line) = (parts.next()?, parts.next()?.parse().ok()?);
            Some((parts.next()?.to_owned(), line))
        };
        let place = |value: &Option<Plain>| value.as_ref().and_then(Plain::failure).and_then(at);
        let (name, hunk) = if let Some((name, line)) = place(&difference.new) {
            let file = self.file(&name);
            let hunk = nearest(&file.hunks, |hunk| &hunk.new, line);
            (name, hunk)
        } else if let Some((name, line)) = place(&difference.old) {
            let file = self.old_file(&name);
            let hunk = nearest(&file.hunks, |hunk| &hunk.old, line);
            let name = match self.paired {
                Some((old, new)) if old == name => new.to_owned(),
                _ => name,
            };
            (name, hunk)
        } else {
            return Vec::new();
        };
        hunk.and_then(|hunk| self.hunk(&name, &hunk)).into_iter().collect()
    }

    /// Changed lines of other files that were read: those that have what the values differ in or, if they are few, all.
    /// What differs in two trees may do so because these are in different folders.
    pub fn elsewhere(&self, difference: &Difference) -> Vec<Cause> {
        let read = self.read.get_or_init(|| self.changed_lines());
        let mut words = news::of_difference(difference);
        // A file may not be imported any more, or only now.
        words.extend(&files(self.old, difference) ^ &files(self.new, difference));
        let has =
            |cause: &&Cause| news::of_texts(&cause.old, &cause.new).intersection(&words).next().is_some();
        let found: Vec<Cause> = read.iter().filter(has).take(FEW).cloned().collect();
        let tree = |side: &Details| side.folders.path("<nixpkgs>/");
        match found.is_empty() && read.len() <= FEW && tree(self.old) == tree(self.new) {
            true => read.clone(),
            false => found,
        }
    }

    /// The changed lines of all files that were read.
    fn changed_lines(&self) -> Vec<Cause> {
        let mut found = Vec::new();
        for name in self.old.read.union(&self.new.read) {
            let old = self.files.before(self.old_name(name));
            let (Some(old), Some(new)) = (old, self.files.after(name)) else {
                continue;
            };
            if old != new {
                let file = self.file(name);
                let causes = file.hunks.iter().filter_map(|hunk| self.hunk(name, hunk));
                let counts = |cause: &Cause| !name.ends_with(".nix") || is_code(cause);
                found.extend(causes.filter(counts));
            }
            if found.len() > MANY {
                return Vec::new();
            }
        }
        found
    }

    /// Definitions that only one configuration has, and those that are written in another way.
    fn definitions(&self, old: &[Written], new: &[Written], found: &mut Vec<Cause>) {
        let (around, own): (Vec<&Written>, Vec<&Written>) = old.iter().partition(|it| it.is_around);
        let mut gone = own;
        let mut added = Vec::new();
        for definition in new.iter().filter(|it| !it.is_around) {
            match gone.iter().position(|before| self.is_same(before, definition)) {
                Some(at) => drop(gone.remove(at)),
                None => added.push(definition),
            }
        }
        for after in added {
            let same_file = |before: &Written| self.same_file(&before.place.file, &after.place.file);
            let same_text = |before: &Written| before.text.is_some() && text(before) == text(after);
            let before = gone.iter().position(|before| same_file(before) && same_text(before));
            let before = before.or_else(|| gone.iter().position(|before| same_file(before)));
            match before.map(|at| gone.remove(at)) {
                // A condition that held has decided nothing.
                Some(before) if same_text(before) && before.counts == after.counts => {}
                Some(before) if before.counts || after.counts => found.push(self.changed(before, after)),
                Some(_) => {}
                None if !after.counts => {}
                None => {
                    let inside = |before: &&&Written| same_file(before) && contains(before, after);
                    match around.iter().find(inside) {
                        Some(before) if conditions(before) != conditions(after) => {
                            found.push(self.condition(before, after));
                        }
                        _ if lines_of(after).any(|(at, text)| self.is_new(at, text)) => found.push(Cause {
                            place: after.place.clone(),
                            kind: CauseKind::Definition,
                            is_gone: false,
                            old: None,
                            new: after.text.clone(),
                        }),
                        _ => {}
                    }
                }
            }
        }
        let is_gone = |before: &&Written| lines_of(before).any(|(at, text)| self.is_gone(at, text));
        for before in gone.into_iter().filter(|before| before.counts && is_gone(before)) {
            found.push(Cause {
                place: before.place.clone(),
                kind: CauseKind::Definition,
                is_gone: true,
                old: before.text.clone(),
                new: None,
            });
        }
    }

    /// Whether a text of the new configuration is in lines that the old one does not have.
    fn is_new(&self, place: &Place, text: Option<&str>) -> bool {
        let file = self.file(&place.file);
        let touched = |lines: Range<u32>| file.hunks.iter().any(|hunk| overlap(&hunk.new, &lines));
        file.old.is_none() || lines_at(place, text).is_some_and(touched)
    }

    /// Whether a text of the old configuration is in lines that the new one does not have.
    fn is_gone(&self, place: &Place, text: Option<&str>) -> bool {
        let file = self.old_file(&place.file);
        let touched = |lines: Range<u32>| file.hunks.iter().any(|hunk| overlap(&hunk.old, &lines));
        file.new.is_none() || lines_at(place, text).is_some_and(touched)
    }

    /// Whether a definition is written in the same way in both configurations.
    fn is_same(&self, old: &Written, new: &Written) -> bool {
        let same_text = match (&old.text, &new.text) {
            (Some(old), Some(new)) => words(old) == words(new),
            (None, None) => old.priority == new.priority,
            _ => false,
        };
        self.same_file(&old.place.file, &new.place.file) && same_text && conditions(old) == conditions(new)
    }

    fn same_file(&self, old: &str, new: &str) -> bool {
        old == new || self.paired.is_some_and(|paired| paired == (old, new))
    }

    /// A definition that is written in another way.
    fn changed(&self, old: &Written, new: &Written) -> Cause {
        if text(old) == text(new) {
            return self.condition(old, new);
        }
        let place = match (&old.text, &new.text) {
            (Some(old), Some(text)) => self.first_changed(&new.place, old, text),
            _ => new.place.clone(),
        };
        let (old, new) = (old.text.clone(), new.text.clone());
        Cause { place, kind: CauseKind::Definition, is_gone: false, old, new }
    }

    /// A condition that is new, gone, or written in another way.
    fn condition(&self, old: &Written, new: &Written) -> Cause {
        let is_in = |text: &str, of: &Written| of.conditions.iter().any(|(own, _)| words(own) == words(text));
        let gone = old.conditions.iter().find(|(text, _)| !is_in(text, new));
        let added = new.conditions.iter().find(|(text, _)| !is_in(text, old));
        let name = &new.place.file;
        let place = match (added, gone) {
            (Some((_, place)), _) => place.clone(),
            (None, Some((_, place))) => {
                let file = self.file(name);
                let line = in_new(&file.hunks, place.at.map_or(1, |(line, _)| line));
                let column = column(file.new.as_deref().unwrap_or_default(), line);
                Place { file: name.clone(), at: Some((line, column)) }
            }
            (None, None) => new.place.clone(),
        };
        Cause {
            place,
            kind: CauseKind::Condition,
            is_gone: false,
            old: gone.map(|(text, _)| text.clone()),
            new: added.map(|(text, _)| text.clone()),
        }
    }

    /// Declarations that only one configuration has, and those that are written in another way.
    fn declarations(&self, old: &Detail, new: &Detail, found: &mut Vec<Cause>) {
        let cause = |place: Place, old: Option<&String>, new: Option<&String>, is_gone: bool| Cause {
            place,
            kind: CauseKind::Declaration,
            is_gone,
            old: old.cloned(),
            new: new.cloned(),
        };
        for (i, (place, text)) in new.declarations.iter().enumerate() {
            let same = |(at, _): &&(Place, Option<String>)| self.same_file(&at.file, &place.file);
            let before = old.declarations.get(i).filter(same).or_else(|| old.declarations.iter().find(same));
            match (before, text) {
                // A file that is as before declares it because another one imports that file now.
                (None, text) if !self.is_new(place, text.as_deref()) => {}
                (None, text) => found.push(cause(place.clone(), None, text.as_ref(), false)),
                (Some((_, Some(before))), Some(text)) if words(before) != words(text) => {
                    let at = self.first_changed(place, before, text);
                    found.push(cause(at, Some(before), Some(text), false));
                }
                _ => {}
            }
        }
        if new.declarations.is_empty() {
            let gone = old.declarations.iter().filter(|(place, text)| self.is_gone(place, text.as_deref()));
            found.extend(gone.map(|(place, text)| cause(place.clone(), text.as_ref(), None, true)));
        }
    }

    /// The first line in which a text at a place differs.
    fn first_changed(&self, place: &Place, old: &str, new: &str) -> Place {
        let (Some((line, column)), Some(first)) = (place.at, hunks(old, new).into_iter().next()) else {
            return place.clone();
        };
        // Of lines that are only gone, the next one is shown.
        let lines = new.lines().count() as u32;
        let first = first.new.start.min(lines);
        let at = if first <= 1 { (line, column) } else { (line + first - 1, self::column(new, first)) };
        Place { file: place.file.clone(), at: Some(at) }
    }

    /// Changed lines of a file.
    fn hunk(&self, name: &str, hunk: &Hunk) -> Option<Cause> {
        let file = self.file(name);
        let lines = |text: &Option<String>, range: &Range<u32>| {
            let count = (range.end - range.start) as usize;
            let found: Vec<&str> =
                text.as_ref()?.lines().skip(range.start as usize - 1).take(count).collect();
            (!found.is_empty()).then(|| found.join("\n"))
        };
        let line = hunk.new.start;
        Some(Cause {
            place: Place { file: name.to_owned(), at: Some((line, column(file.new.as_deref()?, line))) },
            kind: CauseKind::Lines,
            is_gone: false,
            old: lines(&file.old, &hunk.old),
            new: lines(&file.new, &hunk.new),
        })
    }
}

/// The last words of the names of the files that declare or define an option.
fn files(side: &Details, difference: &Difference) -> BTreeSet<String> {
    let Some(detail) = side.options.get(&difference.loc) else {
        return BTreeSet::new();
    };
    let counts = detail.definitions.iter().filter(|definition| definition.counts).map(|it| &it.place);
    let places = detail.declarations.iter().map(|(place, _)| place).chain(counts);
    places.filter_map(|place| place.file.rsplit(['/', '-']).next()).map(str::to_owned).collect()
}

/// Whether changed lines are more than comments.
fn is_code(cause: &Cause) -> bool {
    let lines = [&cause.old, &cause.new].into_iter().flatten().flat_map(|text| text.lines());
    lines.map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether a text has a name as a word.
fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\'');
    !name.is_empty() && text.split(|c| !is_part(c)).any(|word| word == name)
}

/// What is written of a definition.
fn text(definition: &Written) -> Option<String> {
    definition.text.as_deref().map(words)
}

/// The conditions around a definition.
fn conditions(definition: &Written) -> Vec<String> {
    definition.conditions.iter().map(|(text, _)| words(text)).collect()
}

/// Whether what is written of a definition is a part of what is written of another one.
fn contains(around: &Written, inside: &Written) -> bool {
    text(around).zip(text(inside)).is_some_and(|(around, inside)| around.contains(&inside))
}

/// The texts of a definition and of the conditions around it, with their places.
fn lines_of(definition: &Written) -> impl Iterator<Item = (&Place, Option<&str>)> {
    let conditions = definition.conditions.iter().map(|(text, at)| (at, Some(text.as_str())));
    std::iter::once((&definition.place, definition.text.as_deref())).chain(conditions)
}

/// The lines of a text.
fn lines_at(place: &Place, text: Option<&str>) -> Option<Range<u32>> {
    let (line, _) = place.at?;
    Some(line..line + text.unwrap_or_default().lines().count().max(1) as u32)
}

/// Whether changed lines touch others. Where lines are only gone, those on both sides are touched.
fn overlap(changed: &Range<u32>, lines: &Range<u32>) -> bool {
    match changed.is_empty() {
        true => lines.contains(&changed.start) && lines.start < changed.start,
        false => changed.start < lines.end && lines.start < changed.end,
    }
}

/// A text without its line breaks and indentation.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
