//! The facts about an option, taken out of the evaluator, so that they can be printed, stored and compared. They are part
//! of the public API.

use super::definitions::{Definition, Fate};
use super::opened::{Definitions, Opened};
use super::plain::{Bounds, CONFIGURATION, Failure, Plain, order_words, override_words};
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Sym;
use crate::modules::{AFTER, BEFORE, DEFAULT_ORDER, DEFAULT_PRIORITY, OPTION_DEFAULT, show_option};
use crate::native::{get, list, lossy, select, text};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's path, or a name as nixpkgs gives it.
    pub file: String,
    /// Line and column, from 1, if they are known.
    pub at: Option<(u32, u32)>,
}

/// An option, or a part of an option's value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OptionInfo {
    /// The path as nixpkgs shows it.
    pub name: String,
    /// The path's names.
    pub loc: Vec<String>,
    /// The type's description; `None` for a part of a value.
    pub type_description: Option<String>,
    /// The name of the type (`listOf`, `submodule`).
    pub type_name: Option<String>,
    /// The default: a literal expression of the declaration, or the value.
    pub default: Option<DefaultValue>,
    /// The description, in the markup of the declaration.
    pub description: Option<String>,
    /// Where it is declared.
    pub declarations: Vec<Place>,
    /// Whether it may be defined once only.
    pub read_only: bool,
    /// Its value.
    pub value: Plain,
    /// Whether anything besides its default counts, or cannot be evaluated and might.
    pub is_set: bool,
    /// Its definitions: those that count in the order in which they are merged, then the others.
    pub definitions: Vec<DefinitionInfo>,
    /// Whether the definitions say where they come from: those of [one option](crate::Configuration::option) do.
    pub has_origins: bool,
    /// Where it went, if it is an old name or removed. Only if there are [origins](Self::has_origins).
    pub moved: Option<Moved>,
}

/// Where an option went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moved {
    /// It is another name of this option.
    Alias(String),
    /// It was renamed to this option, or these options are computed from it.
    To(Vec<String>),
    /// It was removed, for this reason.
    Removed(String),
}

impl OptionInfo {
    /// The priority of the definitions that count.
    pub fn highest_priority(&self) -> Option<i64> {
        self.definitions.iter().find(|d| d.outcome == Outcome::Wins).map(|d| d.priority)
    }

    /// Lets a default whose place is computed be where the option is declared.
    pub(super) fn place_default(&mut self) {
        let default = self.definitions.iter_mut().find(|d| d.is_default && d.place.at.is_none());
        if let (Some(default), Some(declared)) = (default, self.declarations.first()) {
            default.place = declared.clone();
        }
    }

    /// Whether the value is another one than the default.
    pub fn differs_from_default(&self) -> bool {
        let default = self.definitions.iter().find(|definition| definition.is_default);
        default.is_none_or(|default| default.value.as_ref() != Some(&self.value))
    }
}

/// The default of an option.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DefaultValue {
    /// As the declaration documents it (`defaultText`).
    Text(String),
    /// The value.
    Value(Plain),
}

/// A definition.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DefinitionInfo {
    /// The module's file, as nixpkgs names it.
    pub file: String,
    /// Where it is; it may be in a file that the module imports.
    pub place: Place,
    /// Its priority.
    pub priority: i64,
    /// Its place among the definitions that count.
    pub order: i64,
    /// Its fate.
    pub outcome: Outcome,
    /// Whether it is the default of the option's declaration.
    pub is_default: bool,
    /// If it defines the option by an older name, the old options, the nearest one first.
    pub through: Vec<String>,
    /// The value that it gives; `None` if it is off, or if values were not asked for.
    pub value: Option<Plain>,
    /// How it is written, if there are [origins](OptionInfo::has_origins) and this is known.
    pub excerpt: Option<Excerpt>,
    /// If its value is a list, the elements; if it is a set, the attributes. Only if there are
    /// [origins](OptionInfo::has_origins).
    pub items: Vec<ItemInfo>,
    /// The options that its value was computed from and that its file names, if dependencies are tracked.
    pub from: Vec<ReadValue>,
}

/// An element of a list, or an attribute of a set, that a definition gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ItemInfo {
    /// The attribute's name; `None` for an element.
    pub name: Option<String>,
    /// Where it is. Where that is unknown, the definition's place.
    pub place: Place,
    /// What becomes of it: another definition may give a better attribute of this name.
    pub outcome: Outcome,
    /// The priority of an attribute.
    pub priority: i64,
    /// What it is; `None` if it is off.
    pub value: Option<Plain>,
    /// The options that it was computed from and that its file names, if dependencies are tracked.
    pub from: Vec<ReadValue>,
}

/// An option that a value was computed from, and its value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReadValue {
    /// The path as nixpkgs shows it.
    pub name: String,
    /// The value, as far as a few words show it.
    pub value: Plain,
}

/// How a definition is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// Its text: the attribute with its value, or the element of the `mkMerge` that the definition comes from.
    pub text: String,
    /// The text of the value inside the functions that set conditions, priorities and orders.
    pub value: Option<String>,
    /// Line and column, from 1, of its first byte.
    pub start: (u32, u32),
    /// Line and column behind its last byte.
    pub end: (u32, u32),
    /// The comment above the attribute, else the one beside it, without its markers.
    pub comment: Option<String>,
}

/// A condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// Its text.
    pub text: String,
    /// Where it is.
    pub place: Place,
}

/// The fate of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is part of the value.
    Wins,
    /// A definition with this priority is better.
    Lost(i64),
    /// A condition does not hold: which one, if there are [origins](OptionInfo::has_origins) and this is known.
    Off(Option<Condition>),
    /// It cannot be evaluated.
    Failed(Failure),
}

impl Outcome {
    /// The word that JSON has for it.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Wins => "wins",
            Outcome::Lost(_) => "lost",
            Outcome::Off(_) => "off",
            Outcome::Failed(_) => "failed",
        }
    }
}

impl ItemInfo {
    /// Why an attribute has the fate that it has, if there is anything to say that does not follow from its definition's.
    /// `show` writes places.
    pub fn because(&self, show: impl Fn(&Place) -> String) -> Option<String> {
        self.name.as_ref()?;
        match &self.outcome {
            Outcome::Wins => (self.priority != DEFAULT_PRIORITY).then(|| override_text(self.priority)),
            Outcome::Lost(to) => {
                Some(format!("{} loses to {}", override_text(self.priority), override_text(*to)))
            }
            Outcome::Off(None) => Some("mkIf is false".to_owned()),
            Outcome::Off(Some(condition)) => Some(condition.because(&self.place, show)),
            Outcome::Failed(failure) => Some(format!("fails: {}", failure.message)),
        }
    }
}

impl DefinitionInfo {
    /// Why it has the fate that it has, if there is anything to say. `show` writes places.
    pub fn because(&self, show: impl Fn(&Place) -> String) -> Option<String> {
        let through = match self.through.is_empty() {
            true => None,
            false => Some(self.through.join(", ")),
        };
        match (self.fate_because(show), through, &self.outcome) {
            (_, Some(through), Outcome::Off(_)) => Some(format!("{through} is not set")),
            (Some(because), Some(through), _) => Some(format!("{because}, through {through}")),
            (None, Some(through), _) => Some(format!("through {through}")),
            (because, None, _) => because,
        }
    }

    fn fate_because(&self, show: impl Fn(&Place) -> String) -> Option<String> {
        let own = match self.is_default {
            true => "the option's default".to_owned(),
            false => override_text(self.priority),
        };
        match &self.outcome {
            Outcome::Wins => {
                let order = match self.order {
                    DEFAULT_ORDER => None,
                    order @ (BEFORE | AFTER) => Some(format!("{} (order {order})", order_words(order))),
                    order => Some(order_words(order)),
                };
                match (self.priority == DEFAULT_PRIORITY, order) {
                    (true, None) => None,
                    (true, Some(order)) => Some(order),
                    (false, None) => Some(own),
                    (false, Some(order)) => Some(format!("{own}, {order}")),
                }
            }
            Outcome::Lost(to) => Some(format!("{own} loses to {}", override_text(*to))),
            Outcome::Off(None) => Some("mkIf is false".to_owned()),
            Outcome::Off(Some(condition)) => Some(condition.because(&self.place, show)),
            Outcome::Failed(failure) => Some(format!("fails: {}", failure.message)),
        }
    }
}

impl Place {
    /// The line, from 1, if it is known.
    pub fn line(&self) -> Option<u32> {
        self.at.map(|(line, _)| line)
    }

    /// The column in bytes, from 1, if it is known.
    pub fn column(&self) -> Option<u32> {
        self.at.map(|(_, column)| column)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl Condition {
    /// That it does not hold, as the reason for what is at another place.
    fn because(&self, of: &Place, show: impl Fn(&Place) -> String) -> String {
        let at = match self.place.at {
            Some((line, column)) if self.place.file == of.file => format!("{line}:{column}"),
            _ => show(&self.place),
        };
        format!("mkIf is false: {} at {at}", shortened(&self.text))
    }
}

/// A condition on one line.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// A priority by what sets it.
pub(super) fn override_text(priority: i64) -> String {
    match priority {
        OPTION_DEFAULT => "mkOptionDefault".to_owned(),
        DEFAULT_PRIORITY => "priority 100".to_owned(),
        other => override_words(other),
    }
}

impl Opened<'_> {
    /// Everything about the option at a path, or about a part of an option's value, whose definitions are `found`. Of
    /// values, `bounds` says how much is taken. Failures inside are part of it.
    pub fn about(&self, path: &[Sym], found: &Definitions, bounds: Bounds) -> OptionInfo {
        self.about_with(path, found, bounds, Some(bounds))
    }

    /// The same without the values of the definitions, which are not evaluated.
    pub fn outline(&self, path: &[Sym], found: &Definitions, bounds: Bounds) -> OptionInfo {
        self.about_with(path, found, bounds, None)
    }

    fn about_with(
        &self,
        path: &[Sym],
        found: &Definitions,
        bounds: Bounds,
        each: Option<Bounds>,
    ) -> OptionInfo {
        let ev = self.ev;
        let option = found.option.filter(|_| found.names == path.len());
        let mut about = self.bare(path, self.plain(path, option, bounds));
        about.definitions =
            found.all.iter().map(|definition| self.about_definition(definition, each)).collect();
        about.is_set = found.is_set();
        if let Some(option) = option {
            about.type_description = type_text(ev, option, "description");
            about.type_name = type_text(ev, option, "name");
            about.default = default(ev, option, bounds);
            about.description = description(ev, option);
            about.declarations = declarations(ev, option).unwrap_or_default();
            about.read_only =
                get(ev, option, "readOnly").is_some_and(|flag| ev.force(flag).is_ok_and(Value::is_true));
            about.place_default();
        }
        about
    }

    /// The value at a path. If it is that of an option whose type says that it is a variant of the whole configuration, it is
    /// evaluated only if `bounds` say so.
    pub(super) fn plain(&self, path: &[Sym], option: Option<Value>, bounds: Bounds) -> Plain {
        if !bounds.variants && option.is_some_and(|option| self.is_declared_variant(option)) {
            return Plain::Opaque(CONFIGURATION);
        }
        let mut plain = match self.value(path) {
            Ok(slot) => Plain::at(self, path, slot, bounds),
            Err(e) => Plain::Failed(Failure::of(self.ev, &e)),
        };
        if let Plain::Failed(failure) = &mut plain
            && failure.at.as_ref().is_none_or(|at| self.ev.is_of_lib(at.as_bytes()))
        {
            let declared = || declarations(self.ev, option?).ok()?.into_iter().next();
            let place = self.set_at(path).or_else(declared);
            failure.at = place.map(|place| place.to_string()).or(failure.at.take());
        }
        plain
    }

    /// What there is to say about a definition: with its value, if `bounds` are given.
    pub(super) fn about_definition(&self, definition: &Definition, bounds: Option<Bounds>) -> DefinitionInfo {
        let ev = self.ev;
        let value = |of: Value| bounds.map(|bounds| Plain::of(ev, &slot(of), bounds));
        let (outcome, value) = match &definition.fate {
            Fate::Wins => (Outcome::Wins, value(definition.value)),
            Fate::Lost(to) => (Outcome::Lost(*to), value(definition.value)),
            Fate::Off => (Outcome::Off(None), None),
            Fate::Failed(e) => (Outcome::Failed(Failure::of(ev, e)), None),
        };
        let place = place(ev, definition.pos).unwrap_or(Place { file: definition.file.clone(), at: None });
        let Definition { file, priority, order, is_default, .. } = definition;
        DefinitionInfo {
            file: file.clone(),
            place,
            priority: *priority,
            order: *order,
            outcome,
            is_default: *is_default,
            through: definition.through.iter().map(|path| self.show(path)).collect(),
            value,
            excerpt: None,
            items: Vec::new(),
            from: Vec::new(),
        }
    }

    /// A name with a value, about which nothing else is known.
    fn bare(&self, path: &[Sym], value: Plain) -> OptionInfo {
        OptionInfo {
            name: self.show(path),
            loc: path.iter().map(|name| self.ev.name(*name)).collect(),
            type_description: None,
            type_name: None,
            default: None,
            description: None,
            declarations: Vec::new(),
            read_only: false,
            value,
            is_set: false,
            definitions: Vec::new(),
            has_origins: false,
            moved: None,
        }
    }

    /// Whether an option is one that users see: neither hidden (renamed ones are) nor internal.
    pub fn is_visible(&self, option: Value) -> bool {
        let ev = self.ev;
        let flag = |name: &str| get(ev, option, name).and_then(|slot| ev.force(slot).ok());
        flag("visible") != Some(Value::FALSE) && flag("internal") != Some(Value::TRUE)
    }

    /// An option that cannot be evaluated at all.
    pub fn failed(&self, path: &[Sym], e: &Error) -> OptionInfo {
        self.bare(path, Plain::Failed(Failure::of(self.ev, e)))
    }

    /// The files that declare an option.
    pub fn declared_in(&self, option: Value) -> Vec<String> {
        let places = declarations(self.ev, option).unwrap_or_default();
        places.into_iter().map(|place| place.file).collect()
    }

    /// A path as nixpkgs shows it.
    pub fn show(&self, path: &[Sym]) -> String {
        lossy(&show_option(path.iter().map(|name| self.ev.mem.heap.name(*name))))
    }
}

impl Opened<'_> {
    /// Where the first definition is that counts, besides an option's default.
    pub fn set_at(&self, path: &[Sym]) -> Option<Place> {
        let found = self.definitions(path).ok()?;
        let first = found.all.into_iter().find(|d| !d.is_default && matches!(d.fate, Fate::Wins))?;
        Some(place(self.ev, first.pos).unwrap_or(Place { file: first.file, at: None }))
    }
}

/// A text of an option's type.
pub(super) fn type_text(ev: &Evaluator, option: Value, which: &str) -> Option<String> {
    let ty = select(ev, option, "type").ok()?;
    let found = select(ev, ty, which).ok().filter(|v| v.is_string())?;
    Some(text(ev, found))
}

fn default(ev: &Evaluator, option: Value, bounds: Bounds) -> Option<DefaultValue> {
    if let Some(slot) = get(ev, option, "defaultText")
        && let Ok(documented) = ev.force(slot)
    {
        if documented.is_string() {
            return Some(DefaultValue::Text(text(ev, documented)));
        }
        if let Ok(inner) = select(ev, documented, "text")
            && inner.is_string()
        {
            return Some(DefaultValue::Text(text(ev, inner)));
        }
    }
    let slot = get(ev, option, "default")?;
    Some(DefaultValue::Value(Plain::of(ev, slot, bounds)))
}

fn description(ev: &Evaluator, option: Value) -> Option<String> {
    let found = ev.force(get(ev, option, "description")?).ok()?;
    let found = match found.is_string() {
        true => found,
        // `mdDoc` and `literalDocBook` put it into a set.
        false => select(ev, found, "text").ok().filter(|v| v.is_string())?,
    };
    Some(text(ev, found))
}

/// Where an option is declared: with lines in releases that know them, else the files. Where a function of the `lib` makes
/// the declaration (`mkRenamedOptionModule`), its file is that of the module.
fn declarations(ev: &Evaluator, option: Value) -> Res<Vec<Place>> {
    let mut files = Vec::new();
    if let Some(slot) = get(ev, option, "declarations") {
        for item in ev.mem.items(list(ev, slot)?) {
            files.push(Place { file: text(ev, ev.force_value(peek(item))?), at: None });
        }
    }
    let Some(slot) = get(ev, option, "declarationPositions") else {
        return Ok(files);
    };
    let mut files = files.into_iter();
    let mut places = Vec::new();
    for item in ev.mem.items(list(ev, slot)?) {
        let position = ev.force(item)?;
        let number = |name: &str| select(ev, position, name).ok().and_then(|v| ev.mem.as_int(v));
        let at = number("line").zip(number("column"));
        let at = at.and_then(|(line, column)| Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?)));
        let place = Place { file: text(ev, select(ev, position, "file")?), at };
        let of_module = files.next().filter(|_| ev.is_of_lib(place.file.as_bytes()));
        places.push(of_module.unwrap_or(place));
    }
    Ok(places)
}

/// A position in a file.
pub(super) fn place(ev: &Evaluator, pos: Pos) -> Option<Place> {
    let found = ev.sources.place(pos)?;
    Some(Place { file: found.source.origin_name(), at: Some((found.line, found.column)) })
}
