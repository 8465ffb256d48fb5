//! The evaluations of modules behind a configuration: its own, and those of its submodules.
//!
//! While the evaluator observes, every evaluation leaves its modules: with the native engine as an
//! [`Evaluation`], with an interpreted `lib` as the arguments of `mergeModules`.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use super::tree::{self, Found};
use crate::eval::{Evaluator, ObservedModules, Res};
use crate::heap::{Slot, Sym};
use crate::modules::{Evaluation, OPTION_DEFAULT, Prop, Raw, inside, push_down};
use crate::native::{get, list, share, string};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// An evaluation of modules.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The path of the submodule; empty for a whole configuration.
    pub prefix: Vec<Sym>,
    pub(super) modules: Modules,
    pub(super) known: Rc<Known>,
}

type Levels = HashMap<Box<[Sym]>, Rc<[DefinedSet]>>;

/// What has been found out about an evaluation.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The definitions of the levels that have been looked at, by their paths.
    levels: RefCell<Levels>,
    /// The modules, once somebody asks for them.
    modules: OnceCell<Rc<[Module]>>,
    /// The folder of the interpreted `lib`.
    pub(super) lib: OnceCell<Option<Rc<[u8]>>>,
}

/// A set of definitions at a level of a module's `config`.
#[derive(Debug, Clone, Copy)]
pub(super) struct DefinedSet {
    /// The number of the module.
    pub(super) module: usize,
    file: Value,
    pub(super) set: Value,
    props: Value,
    /// The attribute that the set is, or the nearest one around it that is not computed.
    pub(super) pos: Pos,
}

/// The modules of an evaluation.
#[derive(Debug, Clone, Copy)]
pub enum Modules {
    /// Those of a native evaluation.
    Native(Evaluation),
    /// Those that an interpreted lib has collected.
    Interpreted {
        /// The modules: a list of sets.
        modules: Value,
        /// The options that they declare.
        options: Value,
    },
}

/// A module of an evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Module {
    /// The file, as nixpkgs names it.
    pub(super) file: Value,
    /// Its options, possibly suspended.
    pub(super) options: Value,
    /// Its definitions, possibly suspended.
    pub(super) config: Value,
}

/// The options of the observed evaluation with this prefix that has the most modules.
pub fn options_at(ev: &Evaluator, prefix: &[Sym]) -> Option<Value> {
    let all = Evaluations::default();
    all.update(ev);
    let all = all.all.borrow();
    let same = all.iter().filter(|evaluation| evaluation.prefix == prefix);
    same.max_by_key(|evaluation| evaluation.modules.count(ev))?.modules.options(ev).ok()
}

/// All evaluations seen so far.
#[derive(Debug, Default)]
pub struct Evaluations {
    all: RefCell<Vec<Evaluated>>,
    /// Their numbers by their prefixes, in the order in which they have begun.
    by_prefix: RefCell<HashMap<Vec<Sym>, Vec<usize>>>,
    native: Cell<usize>,
    interpreted: Cell<usize>,
}

impl Evaluations {
    /// Takes in the evaluations that have begun since the last time.
    fn update(&self, ev: &Evaluator) {
        let mut all = self.all.borrow_mut();
        let known = all.len();
        for evaluation in Evaluation::begun(ev, self.native.get()) {
            self.native.set(self.native.get() + 1);
            if let Ok(prefix) = evaluation.path(ev).and_then(|prefix| names(ev, prefix)) {
                all.push(Evaluated { prefix, modules: Modules::Native(evaluation), known: Rc::default() });
            }
        }
        for ObservedModules { prefix, modules, result } in ev.observed_modules(self.interpreted.get()) {
            self.interpreted.set(self.interpreted.get() + 1);
            // A function of this name that is not nixpkgs' has other arguments.
            let Ok(prefix) = names(ev, prefix) else {
                continue;
            };
            let Ok(modules) = list(ev, &slot(modules)) else {
                continue;
            };
            let Ok(options) = matched_options(ev, result) else {
                continue;
            };
            let modules = Modules::Interpreted { modules, options };
            all.push(Evaluated { prefix, modules, known: Rc::default() });
        }
        let mut by_prefix = self.by_prefix.borrow_mut();
        for (number, evaluation) in all.iter().enumerate().skip(known) {
            by_prefix.entry(evaluation.prefix.clone()).or_default().push(number);
        }
    }

    /// The evaluations with this prefix, in the order in which they have begun.
    fn with_prefix(&self, prefix: &[Sym]) -> Vec<Evaluated> {
        let (all, by_prefix) = (self.all.borrow(), self.by_prefix.borrow());
        by_prefix.get(prefix).into_iter().flatten().map(|number| all[*number].clone()).collect()
    }

    /// The evaluation of the submodule at a path: of several the one with the most modules.
    pub fn at(&self, ev: &Evaluator, path: &[Sym]) -> Option<Evaluated> {
        self.update(ev);
        let all = self.with_prefix(path).into_iter();
        // Of several maxima, this takes the first one.
        all.rev().max_by_key(|evaluation| evaluation.modules.count(ev))
    }

    /// The evaluation whose options these are; otherwise the one without a prefix that has the most modules.
    pub fn root(&self, ev: &Evaluator, options: Value) -> Option<Evaluated> {
        self.update(ev);
        let all = self.all.borrow();
        let same = all.iter().find(|e| e.modules.options(ev).is_ok_and(|found| found == options));
        let whole = || {
            let whole = all.iter().filter(|e| e.prefix.is_empty());
            whole.max_by_key(|e| e.modules.count(ev))
        };
        same.or_else(whole).cloned()
    }

    /// The evaluations of submodules whose prefix has one name more than a path, or more; of several with the same prefix the
    /// one with the most modules.
    pub fn inside(&self, ev: &Evaluator, path: &[Sym]) -> Vec<Evaluated> {
        self.update(ev);
        let all = self.all.borrow();
        let mut found: Vec<&Evaluated> = Vec::new();
        for evaluated in all.iter().filter(|e| e.prefix.len() > path.len() && e.prefix.starts_with(path)) {
            match found.iter_mut().find(|known| known.prefix == evaluated.prefix) {
                None => found.push(evaluated),
                Some(known) if known.modules.count(ev) < evaluated.modules.count(ev) => *known = evaluated,
                Some(_) => {}
            }
        }
        found.into_iter().cloned().collect()
    }

    /// Passes all evaluations so far to `f`.
    pub fn look<T>(&self, ev: &Evaluator, f: impl FnOnce(&[Evaluated]) -> T) -> T {
        self.update(ev);
        f(&self.all.borrow())
    }

    /// The evaluation of the innermost submodule around a path, and how many of the path's names lead to it. Of
    /// several with the same prefix (one for the type, one for the value) it is the one that has the option, with the most
    /// modules. A container's configuration is at `containers.NAME.config`, with the prefix `containers.NAME`.
    pub fn around(&self, ev: &Evaluator, path: &[Sym], at_least: usize) -> Option<(Evaluated, usize)> {
        self.update(ev);
        let by_prefix = self.by_prefix.borrow();
        let n = (at_least..path.len()).rev().find(|n| by_prefix.contains_key(&path[..*n]))?;
        drop(by_prefix);
        let mut same = self.with_prefix(&path[..n]);
        same.sort_by_key(|e| std::cmp::Reverse(e.modules.count(ev)));
        let has = |e: &&Evaluated, option: &[Sym]| {
            let found = e.options(ev).map(|options| tree::find(ev, options, option));
            matches!(found, Ok(Found::Option { .. }))
        };
        if path[n] == sym!("config") && same.iter().any(|e| has(&e, &path[n + 1..])) {
            let shorter = [&path[..n], &path[n + 1..]].concat();
            return self.around(ev, &shorter, at_least).map(|(found, names)| (found, names + 1));
        }
        if let Some(found) = same.iter().find(|e| has(e, &path[n..])) {
            return Some((found.clone(), n));
        }
        Some((same.into_iter().next()?, n))
    }
}

impl Evaluated {
    /// The options of the evaluation.
    pub fn options(&self, ev: &Evaluator) -> Res<Value> {
        self.modules.options(ev)
    }

    /// Whether this is the same evaluation.
    pub fn is(&self, other: &Evaluated) -> bool {
        Rc::ptr_eq(&self.known, &other.known)
    }

    /// How many modules it has.
    pub fn count(&self, ev: &Evaluator) -> usize {
        self.modules.count(ev)
    }

    /// What each module declares: sets of options, possibly suspended.
    pub fn declared(&self, ev: &Evaluator) -> Res<Vec<Value>> {
        match self.modules {
            Modules::Native(evaluation) => evaluation.module_options(ev),
            Modules::Interpreted { modules, .. } => {
                let options = |module: &Slot| match get(ev, ev.force(module)?, "options") {
                    Some(slot) => share(ev, slot),
                    None => Ok(Value::EMPTY_SET),
                };
                ev.mem.items(modules).iter().map(options).collect()
            }
        }
    }

    /// The definitions of the option at a path, in the order in which nixpkgs collects them, without the option's
    /// default.
    pub fn definitions(&self, ev: &Evaluator, path: &[Sym]) -> Res<Vec<Raw>> {
        if let Modules::Native(evaluation) = self.modules {
            return evaluation.raw_definitions(ev, path);
        }
        let Some((last, parents)) = path.split_last() else {
            return Ok(Vec::new());
        };
        let mut raws = Vec::new();
        for DefinedSet { file, set, props, .. } in self.level(ev, parents)?.iter().copied() {
            if let Some(entry) = set.is_attrs().then(|| ev.mem.get_entry(set, *last)).flatten() {
                raws.push(Raw { file, value: share(ev, entry.slot)?, props, pos: entry.pos });
            }
        }
        Ok(raws)
    }

    /// The sets of definitions at a level, through the properties around them (`pushDownProperties`).
    pub(super) fn level(&self, ev: &Evaluator, path: &[Sym]) -> Res<Rc<[DefinedSet]>> {
        if let Some(known) = self.known.levels.borrow().get(path) {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        let mut add = |from: DefinedSet| {
            push_down(ev, from.set, from.props, &mut |set, props| {
                found.push(DefinedSet { set, props, ..from });
                Ok(())
            })
        };
        match path.split_last() {
            None => {
                for (number, Module { file, config, .. }) in self.modules(ev)?.iter().copied().enumerate() {
                    let (set, props) = (ev.force_value(config)?, Value::EMPTY_LIST);
                    add(DefinedSet { module: number, file, set, props, pos: Pos::NONE })?;
                }
            }
            Some((name, parents)) => {
                for around in self.level(ev, parents)?.iter().copied() {
                    let entry = around.set.is_attrs().then(|| ev.mem.get_entry(around.set, *name)).flatten();
                    if let Some(entry) = entry {
                        let pos = if self.is_computed(ev, entry.pos) { around.pos } else { entry.pos };
                        add(DefinedSet { set: ev.force(entry.slot)?, pos, ..around })?;
                    }
                }
            }
        }
        let found: Rc<[DefinedSet]> = found.into();
        self.known.levels.borrow_mut().insert(path.into(), found.clone());
        Ok(found)
    }

    /// The modules, in the order in which nixpkgs merges them: the last one first.
    pub(super) fn modules(&self, ev: &Evaluator) -> Res<Rc<[Module]>> {
        if let Some(known) = self.known.modules.get() {
            return Ok(known.clone());
        }
        let found: Rc<[Module]> = match self.modules {
            Modules::Native(evaluation) => {
                let module = |[file, options, config]: [Value; 3]| Module { file, options, config };
                evaluation.module_words(ev)?.into_iter().map(module).collect()
            }
            Modules::Interpreted { modules, .. } => {
                let modules = ev.mem.items(modules);
                modules.iter().map(|module| interpreted_module(ev, module)).collect::<Res<_>>()?
            }
        };
        Ok(self.known.modules.get_or_init(|| found).clone())
    }
}

impl Modules {
    fn options(&self, ev: &Evaluator) -> Res<Value> {
        match self {
            Modules::Native(evaluation) => evaluation.option_tree(ev),
            Modules::Interpreted { options, .. } => Ok(*options),
        }
    }

    fn count(&self, ev: &Evaluator) -> usize {
        match self {
            Modules::Native(evaluation) => evaluation.module_words(ev).map_or(0, |modules| modules.len()),
            Modules::Interpreted { modules, .. } => modules.list_len(),
        }
    }
}

/// The options in the result of `mergeModules`: up to 20.09 they are the result itself.
fn matched_options(ev: &Evaluator, result: Value) -> Res<Value> {
    match get(ev, result, "matchedOptions") {
        Some(options) if get(ev, result, "unmatchedDefns").is_some() => ev.force(options),
        _ => Ok(result),
    }
}

fn interpreted_module(ev: &Evaluator, module: &Slot) -> Res<Module> {
    let module = ev.force(module)?;
    let or = |names: &[&str], default: Value| -> Res<Value> {
        match names.iter().find_map(|name| get(ev, module, *name)) {
            Some(slot) => share(ev, slot),
            None => Ok(default),
        }
    };
    Ok(Module {
        file: or(&["_file", "file"], Value::symbol(sym!("")))?,
        options: or(&["options"], Value::EMPTY_SET)?,
        config: or(&["config"], Value::EMPTY_SET)?,
    })
}

/// A list of strings as names.
fn names(ev: &Evaluator, path: Value) -> Res<Vec<Sym>> {
    let path = list(ev, &slot(path))?;
    ev.mem.items(path).iter().map(|name| Ok(ev.mem.symbol_of(string(ev, name)?)?)).collect()
}

/// The default of an option as a definition.
pub fn default_of(ev: &Evaluator, option: Value) -> Res<Option<Raw>> {
    let Some(entry) = ev.mem.get_entry(option, sym!("default")) else {
        return Ok(None);
    };
    let declarations = get(ev, option, "declarations").map(|slot| list(ev, slot)).transpose()?;
    let file = declarations.and_then(|files| ev.mem.items(files).first().map(peek));
    let file = file.unwrap_or(Value::symbol(sym!("")));
    let prop = Prop::Override(ev.mem.int(OPTION_DEFAULT)?, Pos::NONE);
    let props = inside(ev, Value::EMPTY_LIST, prop)?;
    Ok(Some(Raw { file, value: share(ev, entry.slot)?, props, pos: entry.pos }))
}
