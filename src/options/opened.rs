//! An open configuration, and the questions that every command asks it.

use std::cell::{OnceCell, RefCell};

use super::aliases::definitions_of;
use super::configuration::Configuration;
use super::definitions::{Definition, Fate, classify, parts};
use super::elements::element;
use super::evaluations::{Evaluated, Evaluations};
use super::texts::Texts;
use super::trail::Step;
use super::tree::{self, Found, Visit};
use super::variants::Variants;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::modules::{Raw, show_option};
use crate::native::{attr, lossy, share};
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
    /// The texts of the files that its definitions are in.
    pub(super) texts: Texts,
    evaluations: Evaluations,
    root: OnceCell<Evaluated>,
    own: OnceCell<Vec<Evaluated>>,
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
        let opened = Opened {
            ev,
            options,
            config,
            texts: Texts::default(),
            evaluations: Evaluations::default(),
            root: OnceCell::new(),
            own: OnceCell::new(),
            variants: RefCell::default(),
        };
        // Evaluations that opening it has begun are no variants of it.
        opened.evaluations.look(ev, |all| opened.variants.borrow_mut().begin(all));
        Ok(opened)
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
        self.look_for_variants();
        self.variants.borrow().contains(path)
    }

    /// The evaluations of the configuration's modules that opening it has begun: usually one. With `nix/evaluate.nix`, modules
    /// see the values of another one.
    pub(super) fn own_evaluations(&self) -> &[Evaluated] {
        self.own.get_or_init(|| {
            let mut own: Vec<Evaluated> = self.root().into_iter().cloned().collect();
            let Some(root) = self.root() else {
                return own;
            };
            let mut variants = self.variants.borrow_mut();
            let first = variants.first();
            self.evaluations.look(self.ev, |all| {
                let others = all.iter().take(first).filter(|it| it.prefix == root.prefix && !it.is(root));
                own.extend(others.filter(|it| variants.is_variant(self.ev, root, it)).cloned());
            });
            own
        })
    }

    /// The options of these evaluations.
    pub(super) fn own_options(&self) -> Vec<Value> {
        let own = self.own_evaluations().iter();
        let mut found: Vec<Value> = own.filter_map(|evaluation| evaluation.options(self.ev).ok()).collect();
        found.push(self.options);
        found
    }

    /// Whether the type of an option says that its value is a variant of the whole configuration.
    pub(super) fn is_declared_variant(&self, option: Value) -> bool {
        self.root().is_some_and(|root| self.variants.borrow_mut().is_declared(self.ev, root, option))
    }

    /// Whether the value at a path, which has been evaluated, is a submodule.
    pub fn is_submodule(&self, path: &[Sym]) -> bool {
        self.submodule_at(path).is_some()
    }

    /// The evaluation of the submodule at a path, if there is one and it has been evaluated.
    pub(super) fn submodule_at(&self, path: &[Sym]) -> Option<Evaluated> {
        let root = self.root()?;
        let whole: Vec<Sym> = root.prefix.iter().chain(path).copied().collect();
        self.evaluations.at(self.ev, &whole)
    }

    /// How many variants of the whole configuration have been evaluated, wherever they are used.
    pub fn variants(&self) -> usize {
        self.look_for_variants();
        self.variants.borrow().count()
    }

    fn look_for_variants(&self) {
        let ev = self.ev;
        // Looking at an evaluation is no part of the computation that has started it.
        ev.without_reads(|| {
            if let Some(root) = self.root() {
                self.evaluations.look(ev, |all| self.variants.borrow_mut().update(ev, root, all));
            }
        });
    }

    /// Where a path leads in the tree of options.
    pub fn find(&self, path: &[Sym]) -> Found {
        tree::find(self.ev, self.options, path)
    }

    /// Checks that a path leads to an option, into one, or to a set of options.
    ///
    /// # Errors
    /// A name that does not exist.
    pub fn require(&self, path: &[Sym]) -> Res<()> {
        match self.find(path) {
            Found::Missing { near, .. } => {
                let names: Vec<&[u8]> = path.iter().map(|name| self.ev.mem.heap.name(*name)).collect();
                let shown = lossy(&show_option(names));
                Err(Error::eval(format!("there is no option '{shown}'")).suggest(near))
            }
            Found::Option { .. } | Found::Set(_) | Found::Failed { .. } => Ok(()),
        }
    }

    /// The folder of the nixpkgs whose interpreted `lib` evaluates the modules, with a slash at its end.
    pub fn tree(&self) -> Option<Vec<u8>> {
        let lib = self.root()?.lib(self.ev)?;
        let end = lib.strip_suffix(b"/")?.iter().rposition(|byte| *byte == b'/')?;
        Some(lib[..=end].to_vec())
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
            None if v.is_list() => Err(Error::eval(format!(
                "'{}' is no index of a list of {} elements",
                ev.name(name),
                v.list_len()
            ))),
            None => ev.attribute(v, name, Pos::NONE),
        };
        // The values of the module system's own options are not part of `config`.
        if path.first() == Some(&sym!("_module"))
            && let Found::Option { option, names } = self.find(path)
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

    /// The paths of the options that modules in files with a property define: those of the configuration if the path is
    /// empty, otherwise those of the submodules inside the value there.
    ///
    /// # Errors
    /// An error in the modules that prevents finding their definitions.
    pub fn defined_in(&self, path: &[Sym], is_wanted: impl Fn(&str) -> bool) -> Res<Vec<Vec<Sym>>> {
        let ev = self.ev;
        let Some(root) = self.root() else {
            return Ok(Vec::new());
        };
        let whole: Vec<Sym> = root.prefix.iter().chain(path).copied().collect();
        let evaluations = match path {
            [] => vec![root.clone()],
            _ => self.evaluations.inside(ev, &whole),
        };
        let mut found = Vec::new();
        for evaluation in evaluations {
            let prefix = &evaluation.prefix[root.prefix.len()..];
            for (number, file) in evaluation.files(ev)?.iter().enumerate() {
                if is_wanted(file) {
                    let paths = evaluation.defined(ev, number)?;
                    found.extend(paths.into_iter().map(|path| [prefix, &path].concat()));
                }
            }
        }
        found.sort_by_cached_key(|path| self.show(path));
        found.dedup();
        Ok(found)
    }

    /// The definitions at a path: of the option there, or of a part of an option's value.
    ///
    /// # Errors
    /// An error in the declarations or definitions on the way.
    pub fn definitions(&self, path: &[Sym]) -> Res<Definitions> {
        let names = self.names_to_option(path);
        match self.root() {
            Some(root) => self.definitions_in(root, path),
            None => Ok(Definitions { option: None, names, all: Vec::new() }),
        }
    }

    /// How many of a path's names lead to an option.
    fn names_to_option(&self, path: &[Sym]) -> usize {
        match self.find(path) {
            Found::Option { names, .. } | Found::Failed { names, .. } => names,
            Found::Missing { names, .. } => (names + 1).min(path.len()),
            Found::Set(_) => path.len(),
        }
    }

    /// The definitions at a path, of which the outermost are those of this evaluation.
    pub(super) fn definitions_in(&self, root: &Evaluated, path: &[Sym]) -> Res<Definitions> {
        let ev = self.ev;
        let names = self.names_to_option(path);
        if names == path.len() {
            return in_evaluation(ev, root, path, |_, _| {});
        }
        // Submodules are evaluated by forcing the value. An error there says nothing about its definitions.
        if let Ok(slot) = self.value(path) {
            let _ = ev.force(slot);
        }
        let named = self.with_elements(path, names)?;
        let Some((submodule, inside)) = self.submodule(root, &named, names) else {
            return in_evaluation(ev, root, &named, |_, _| {});
        };
        let around = &path[..inside];
        let mut found = in_evaluation(ev, &submodule, &named[inside..], |option, all| {
            for through in all.iter_mut().flat_map(|definition| &mut definition.through) {
                *through = around.iter().chain(&through[..]).copied().collect();
            }
            // Where that fails, the definitions keep the files that the lib knows.
            let _ = self.place_inside(&submodule, option, around, all);
        })?;
        found.names += inside;
        Ok(found)
    }

    /// Where the option at a path is declared, of which `names` names lead to an option of the configuration.
    ///
    /// # Errors
    /// An error in the declarations.
    pub(super) fn declared_at(&self, path: &[Sym], names: usize) -> Res<Vec<Pos>> {
        let Some(root) = self.root() else {
            return Ok(Vec::new());
        };
        let named = self.with_elements(path, names)?;
        let sources = match self.submodule(root, &named, names) {
            Some((submodule, inside)) => submodule.declaring(self.ev, &named[inside..])?,
            None => root.declaring(self.ev, path)?,
        };
        Ok(sources.into_iter().map(|source| source.pos).collect())
    }

    /// The evaluation of the innermost submodule around a path, and how many names of the path lead to it. At least `names`
    /// of them lead to the option that has it.
    fn submodule(&self, root: &Evaluated, path: &[Sym], names: usize) -> Option<(Evaluated, usize)> {
        let whole: Vec<Sym> = root.prefix.iter().chain(path).copied().collect();
        let (submodule, depth) = self.evaluations.around(self.ev, &whole, root.prefix.len() + names)?;
        Some((submodule, depth - root.prefix.len()))
    }
}

/// The definitions at a path of one evaluation. `place` completes those of the option that the path leads to.
fn in_evaluation(
    ev: &Evaluator,
    evaluation: &Evaluated,
    path: &[Sym],
    place: impl FnOnce(&[Sym], &mut [Definition]),
) -> Res<Definitions> {
    let (option, names) = match tree::find(ev, evaluation.options(ev)?, path) {
        Found::Option { option, names } => (Some(option), names),
        Found::Failed { names, .. } => (None, names),
        Found::Missing { names, .. } => (None, (names + 1).min(path.len())),
        Found::Set(_) => return Ok(Definitions { option: None, names: path.len(), all: Vec::new() }),
    };
    let mut all = definitions_of(ev, evaluation, option, &path[..names])?;
    place(&path[..names], &mut all);
    for name in &path[names..] {
        all = match element(ev, &all, *name) {
            Some((definition, item, step)) => inside_list(ev, definition, item, step)?,
            None => parts(ev, &all, *name, |pos| evaluation.is_computed(ev, pos))?,
        };
    }
    Ok(Definitions { option, names, all })
}

/// The definition that an element of a definition's list is.
pub(super) fn inside_list(
    ev: &Evaluator,
    definition: &Definition,
    item: &Slot,
    step: Step,
) -> Res<Vec<Definition>> {
    let file = ev.mem.str(&definition.file)?;
    let raw = Raw { file, value: share(ev, item)?, props: Value::EMPTY_LIST, pos: definition.pos };
    let mut all = classify(ev, None, &[raw]);
    if let [only] = &mut all[..] {
        only.through.clone_from(&definition.through);
        only.trail = definition.inside(step).trail;
    }
    Ok(all)
}
