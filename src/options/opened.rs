//! An open configuration, and the questions that every command asks it.

use std::cell::{OnceCell, RefCell};

use super::configuration::Configuration;
use super::definitions::{Definition, Fate, classify};
use super::evaluations::{Evaluated, Evaluations, default_of};
use super::tree::{self, Found, Visit};
use super::variants::Variants;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::modules::Raw;
use crate::native::{attr, share};
use crate::source::Pos;
use crate::value::Value;

/// An open configuration. It must have been opened while the evaluator [observes](Evaluator::observe).
pub struct Opened<'e> {
    /// The evaluator that it lives in.
    pub ev: &'e Evaluator,
    /// The tree of options.
    pub options: Value,
    /// The tree of values, as modules see it.
    config: Value,
    evaluations: Evaluations,
    root: OnceCell<Evaluated>,
    variants: RefCell<Variants>,
}

/// The definitions of an option, or of a part of its value.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// The option that the path leads to or into; `None` for an undeclared part of a submodule.
    pub option: Option<Value>,
    /// How many of the path's names lead to the option.
    pub names: usize,
    /// The definitions: those that count, in the order in which they are merged, then the others.
    pub all: Vec<Definition>,
}

impl Definitions {
    /// Whether anything besides the option's default counts, or cannot be evaluated and might.
    pub fn is_set(&self) -> bool {
        let may_count = |d: &Definition| matches!(d.fate, Fate::Wins | Fate::Failed(_));
        self.all.iter().any(|d| !d.is_default && may_count(d))
    }
}

impl<'e> Opened<'e> {
    /// Asks a configuration for its options and values.
    ///
    /// # Errors
    /// An error that prevents evaluating the modules at all.
    pub fn new(ev: &'e Evaluator, configuration: Configuration) -> Res<Opened<'e>> {
        let options = configuration.options(ev)?;
        let config = configuration.config(ev)?;
        Ok(Opened {
            ev,
            options,
            config,
            evaluations: Evaluations::default(),
            root: OnceCell::new(),
            variants: RefCell::default(),
        })
    }

    /// The configuration's own evaluation, if any was observed.
    pub(super) fn root(&self) -> Option<&Evaluated> {
        if self.root.get().is_none() {
            let found = self.evaluations.root(self.ev, self.options)?;
            return Some(self.root.get_or_init(|| found));
        }
        self.root.get()
    }

    /// Whether the value at a path, which has been evaluated, is a variant of the whole configuration.
    pub fn is_variant(&self, path: &[Sym]) -> bool {
        let Some(root) = self.root() else {
            return false;
        };
        let ev = self.ev;
        self.evaluations.look(ev, |all| self.variants.borrow_mut().contains(ev, root, all, path))
    }

    /// Where a path leads in the tree of options.
    ///
    /// # Errors
    /// An error in the declarations on the way.
    pub fn find(&self, path: &[Sym]) -> Res<Found> {
        tree::find(self.ev, self.options, path)
    }

    /// Visits the options of a level of the tree, in the order of the names' texts: with `deep` also those below.
    ///
    /// # Errors
    /// Errors of `visit`, and calls nested too deep.
    pub fn each(&self, level: Value, path: &[Sym], deep: bool, visit: Visit<'_>) -> Res<()> {
        tree::each(self.ev, level, &mut path.to_vec(), deep, visit)
    }

    /// The value at a path, in the option or inside its value. Forces the values above it.
    ///
    /// # Errors
    /// Errors of the values above it, and an error if no value exists at the path.
    pub fn value(&self, path: &[Sym]) -> Res<&'e Slot> {
        let ev = self.ev;
        let Some((last, parents)) = path.split_last() else {
            return Err(Error::eval("an option has at least one name"));
        };
        let step = |v: Value, name: Sym| match tree::step(ev, v, ev.mem.heap.name(name)) {
            Some((slot, _)) => Ok(slot),
            None => ev.attribute(v, name, Pos::NONE),
        };
        // The values of the module system's own options are not part of `config`.
        if path.first() == Some(&sym!("_module"))
            && let Found::Option { option, names } = self.find(path)?
        {
            let mut slot = attr(ev, option, sym!("value"))?;
            for name in &path[names..] {
                slot = step(ev.force(slot)?, *name)?;
            }
            return Ok(slot);
        }
        let mut v = self.config;
        for name in parents {
            v = ev.force(step(v, *name)?)?;
        }
        step(v, *last)
    }

    /// The definitions at a path: of the option there, or of a part of an option's value.
    ///
    /// # Errors
    /// An error in the declarations or definitions on the way.
    pub fn definitions(&self, path: &[Sym]) -> Res<Definitions> {
        let ev = self.ev;
        let names = match self.find(path)? {
            Found::Option { names, .. } => names,
            Found::Missing { names, .. } => (names + 1).min(path.len()),
            Found::Set(_) => path.len(),
        };
        let Some(root) = self.root() else {
            return Ok(Definitions { option: None, names, all: Vec::new() });
        };
        if names < path.len() {
            // Submodules are evaluated by forcing the value. An error there says nothing about its definitions.
            if let Ok(slot) = self.value(path) {
                let _ = ev.force(slot);
            }
            let whole: Vec<Sym> = root.prefix.iter().chain(path).copied().collect();
            let at_least = root.prefix.len() + names;
            if let Some((submodule, depth)) = self.evaluations.around(ev, &whole, at_least) {
                let mut found = in_evaluation(ev, &submodule, &whole[depth..])?;
                found.names += depth - root.prefix.len();
                return Ok(found);
            }
        }
        in_evaluation(ev, root, path)
    }
}

/// The definitions at a path of one evaluation.
fn in_evaluation(ev: &Evaluator, evaluation: &Evaluated, path: &[Sym]) -> Res<Definitions> {
    let (option, names) = match tree::find(ev, evaluation.options(ev)?, path)? {
        Found::Option { option, names } => (Some(option), names),
        Found::Missing { names, .. } => (None, (names + 1).min(path.len())),
        Found::Set(_) => (None, path.len()),
    };
    let default = option.map(|option| default_of(ev, option)).transpose()?.flatten();
    let mut all = classify(ev, default, &evaluation.definitions(ev, &path[..names])?);
    for name in &path[names..] {
        all = classify(ev, None, &parts(ev, &all, *name)?);
    }
    Ok(Definitions { option, names, all })
}

/// The definitions of an attribute of a value, from those of the value that count.
fn parts(ev: &Evaluator, whole: &[Definition], name: Sym) -> Res<Vec<Raw>> {
    let mut raws = Vec::new();
    for definition in whole.iter().filter(|definition| matches!(definition.fate, Fate::Wins)) {
        let Ok(set) = ev.force_value(definition.value) else {
            continue;
        };
        if let Some(entry) = set.is_attrs().then(|| ev.mem.get_entry(set, name)).flatten() {
            let file = ev.mem.str(&definition.file)?;
            let value = share(ev, entry.slot)?;
            raws.push(Raw { file, value, props: Value::EMPTY_LIST, pos: entry.pos });
        }
    }
    Ok(raws)
}
