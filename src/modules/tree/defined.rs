//! Assigns the definitions of a level to its names, and finds those without an option.

use super::base::{base_yields, without_base};
use super::level::{Level, Named};
use crate::eval::{Error, Evaluator, Res, Row as _, row};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{Raw, pos_of, position, push_down};
use crate::modules::messages;
use crate::native::{concat, share, text_of, throw};
use crate::value::{Value, peek};

row! {
    /// A set of definitions: the module's file, the set, and the properties around it.
    pub struct Configs { file, set, props }
}

impl Configs {
    /// Adds the sets inside a module's definitions to a list under construction.
    pub fn add(ev: &Evaluator, words: &mut Vec<Value>, file: Value, config: Value, props: Value) -> Res<()> {
        push_down(ev, config, props, &mut |set, props| {
            words.extend(Configs { file, set, props }.words());
            Ok(())
        })
    }

    fn all(ev: &Evaluator, list: Value) -> impl ExactSizeIterator<Item = Configs<&Slot>> {
        Configs::each(ev.mem.items(list))
    }
}

row! {
    /// The definitions of a level.
    pub(super) struct Defined {
        /// For each declared name, the list of its [`Raw`] definitions.
        by_name,
        /// The definitions of undeclared names: a list of [`Other`]s.
        others,
    }
}

row! {
    /// An undeclared name, and the list of its [`Raw`] definitions.
    struct Other { name, raws }
}

/// A definition without an option.
#[derive(Debug, Clone, Copy)]
pub struct Stray {
    /// The definition.
    pub raw: Raw,
    /// The path from the root of the tree to it.
    pub path: Value,
}

row! {
    /// A [`Stray`] in the heap.
    struct StrayWords { path, file, value, props, pos }
}

impl Stray {
    /// A list of definitions without an option.
    pub fn list(ev: &Evaluator, strays: &[Stray]) -> Res<Value> {
        let words = strays.iter().flat_map(|stray| {
            let Stray { path, raw: Raw { file, value, props, pos } } = *stray;
            StrayWords { path, file, value, props, pos: position(pos) }.words()
        });
        Ok(ev.mem.list_from(strays.len() * StrayWords::<Value>::WIDTH, words)?)
    }

    /// The definitions in such a list.
    fn all(ev: &Evaluator, list: Value) -> Res<Vec<Stray>> {
        let stray = |words: StrayWords<&Slot>| {
            let (file, value) = (share(ev, words.file)?, share(ev, words.value)?);
            let raw = Raw { file, value, props: peek(words.props), pos: pos_of(peek(words.pos)) };
            Ok(Stray { raw, path: peek(words.path) })
        };
        StrayWords::each(ev.mem.items(list)).map(stray).collect()
    }
}

/// A part of a level that may lack an option.
pub enum StrayPart {
    /// A definition of an undeclared name.
    Definition(Raw),
    /// A level below.
    Below(Level),
}

/// The definitions found for a name of a level.
pub enum Found {
    /// A level below.
    Below(Level),
    /// The [`Raw`] definitions of an option, or of an undeclared name.
    Definitions(Value),
}

impl Level {
    /// Groups the definitions by name.
    pub(super) fn find_definitions(ev: &Evaluator, level: Level) -> Res<Value> {
        let configs = ev.force(level.configs(ev))?;
        for config in Configs::all(ev, configs) {
            if !peek(config.set).is_attrs() {
                return Err(no_definitions(ev, level, config)?);
            }
        }
        let names = level.names(ev)?;
        let mut found: Vec<(u32, Raw)> = Vec::new();
        let mut others: Vec<(Sym, Raw)> = Vec::new();
        for config in Configs::all(ev, configs) {
            let props = peek(config.props);
            let file = share(ev, config.file)?;
            for entry in ev.mem.entries(peek(config.set)) {
                let raw = Raw { file, value: share(ev, entry.slot)?, props, pos: entry.pos };
                match names.binary_search(&entry.name) {
                    Ok(i) => found.push((i as u32, raw)),
                    Err(_) => others.push((entry.name, raw)),
                }
            }
        }
        found.sort_by_key(|(name, _)| *name);
        let mut lists = vec![Value::EMPTY_LIST; names.len()];
        for group in found.chunk_by(|a, b| a.0 == b.0) {
            if let [(name, _), ..] = group {
                lists[*name as usize] = Raw::list(ev, group.iter().map(|(_, raw)| *raw))?;
            }
        }
        others.sort_by_key(|(name, _)| ev.mem.heap.name(*name));
        let mut other_words = Vec::new();
        for group in others.chunk_by(|a, b| a.0 == b.0) {
            if let [(name, _), ..] = group {
                let raws = Raw::list(ev, group.iter().map(|(_, raw)| *raw))?;
                other_words.extend(Other { name: Value::symbol(*name), raws }.words());
            }
        }
        let defined = Defined { by_name: ev.mem.list(&lists)?, others: ev.mem.list(&other_words)? };
        Ok(ev.mem.list(&defined.words())?)
    }

    fn defined_names(self, ev: &Evaluator) -> Res<Defined<&Slot>> {
        Ok(Defined::of(ev.mem.items(ev.force(self.defined(ev))?)))
    }

    /// The undeclared names, each with its definitions.
    fn others(self, ev: &Evaluator) -> Res<impl ExactSizeIterator<Item = Other<&Slot>>> {
        Ok(Other::each(ev.mem.items(peek(self.defined_names(ev)?.others))))
    }

    /// Whether the level has any definitions.
    fn is_defined(self, ev: &Evaluator) -> Res<bool> {
        Ok(ev.force(self.configs(ev))? != Value::EMPTY_LIST)
    }

    /// The definitions of a name. A base module whose declaration yields does not define the option either.
    pub(super) fn definitions(self, ev: &Evaluator, name: usize) -> Res<Value> {
        let by_name = peek(self.defined_names(ev)?.by_name);
        let all = peek(&ev.mem.items(by_name)[name]);
        if all != Value::EMPTY_LIST && self.has_base(ev) {
            let decls = self.all_decls_of(ev, name)?;
            if decls.len() > 1 && base_yields(ev, &decls)? {
                return without_base(ev, all);
            }
        }
        Ok(all)
    }

    /// The definitions of a name, as the definitions of the level below: a list of [`Configs`].
    pub(super) fn configs_below(self, ev: &Evaluator, name: usize) -> Res<Value> {
        let mut words = Vec::new();
        for raw in Raw::all(ev, self.definitions(ev, name)?) {
            let raw = raw?;
            Configs::add(ev, &mut words, raw.file, ev.force_value(raw.value)?, raw.props)?;
        }
        Ok(ev.mem.list(&words)?)
    }

    /// The definitions without an option, in the order of their names.
    pub fn strays(self, ev: &Evaluator) -> Res<Vec<Stray>> {
        Stray::all(ev, ev.force(self.unmatched(ev))?)
    }

    pub(super) fn find_strays(ev: &Evaluator, level: Level) -> Res<Value> {
        let mut strays = Vec::new();
        level.each_stray(ev, &mut |name, part| {
            let own = ev.mem.list(&[name])?;
            match part {
                StrayPart::Definition(raw) => strays.push(Stray { raw, path: own }),
                StrayPart::Below(below) => {
                    for stray in below.strays(ev)? {
                        strays.push(Stray { path: concat(ev, &[own, stray.path])?, ..stray });
                    }
                }
            }
            Ok(())
        })?;
        Stray::list(ev, &strays)
    }

    /// Calls `found` with the definitions of a level that have no option, and with the levels below it, in
    /// the order of their names.
    pub fn each_stray(self, ev: &Evaluator, found: &mut dyn FnMut(Value, StrayPart) -> Res<()>) -> Res<()> {
        // Without definitions none can lack an option, and no option needs to be evaluated.
        if !self.is_defined(ev)? {
            return Ok(());
        }
        enum Part {
            Declared(usize),
            Other(Value),
        }
        let names = ev.mem.items(peek(self.grouped(ev)?.names)).iter().enumerate();
        let mut all: Vec<(Value, Part)> = names.map(|(i, name)| (peek(name), Part::Declared(i))).collect();
        all.extend(self.others(ev)?.map(|other| (peek(other.name), Part::Other(peek(other.raws)))));
        all.sort_by_key(|(name, _)| ev.mem.text(*name));
        for (name, part) in all {
            match part {
                Part::Other(raws) => {
                    for raw in Raw::all(ev, raws) {
                        found(name, StrayPart::Definition(raw?))?;
                    }
                }
                Part::Declared(i) => {
                    if let Named::Below(level) = self.kind(ev, i)? {
                        found(name, StrayPart::Below(level))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Fails if the names of a level cannot be computed.
    pub fn check_names(self, ev: &Evaluator) -> Res<()> {
        if self.is_defined(ev)? {
            let names = self.names(ev)?;
            self.defined_names(ev)?;
            for name in 0..names.len() {
                self.kind(ev, name)?;
            }
        }
        Ok(())
    }

    /// Looks up a name of the level.
    pub fn find(self, ev: &Evaluator, name: Sym) -> Res<Found> {
        match self.names(ev)?.binary_search(&name) {
            Ok(i) => match self.kind(ev, i)? {
                Named::Below(level) => Ok(Found::Below(level)),
                _ => Ok(Found::Definitions(self.definitions(ev, i)?)),
            },
            Err(_) => {
                let own = self.others(ev)?.find(|other| peek(other.name) == Value::symbol(name));
                Ok(Found::Definitions(own.map_or(Value::EMPTY_LIST, |other| peek(other.raws))))
            }
        }
    }
}

#[cold]
fn no_definitions(ev: &Evaluator, level: Level, config: Configs<&Slot>) -> Res<Error> {
    let path = messages::plain_path(ev, level.path(ev)?)?;
    let file = text_of(ev, config.file)?;
    let kind = peek(config.set).type_of().name();
    Ok(throw(format!(
        "In module `{file}', you're trying to define a value of type `{kind}'\n\
         rather than an attribute set for the option\n`{path}'!\n\n\
         This usually happens if `{path}' has option\n\
         definitions inside that are not matched. Please check how to properly define\n\
         this option by e.g. referring to `man 5 configuration.nix'!\n"
    )))
}
