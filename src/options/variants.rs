//! Variants of a configuration inside its own values: `virtualisation.vmVariant`, specialisations, containers.
//!
//! Each of them has again all options, and among these again its variants. So a value that is one is not looked into.

use hashbrown::HashSet;

use super::evaluations::Evaluated;
use crate::eval::{Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::native::{get, list, select};
use crate::source::Pos;
use crate::value::{Type, Value};

/// The submodules that are variants of the whole configuration.
#[derive(Debug, Default)]
pub struct Variants {
    /// The places where the configuration's modules declare options, if they have been looked at.
    declared: Option<HashSet<Pos>>,
    /// How many evaluations opening the configuration has begun.
    first: usize,
    /// How many evaluations have been looked at.
    seen: usize,
    paths: HashSet<Vec<Sym>>,
    count: usize,
    /// The files of the configuration's modules, if they have been looked at.
    files: Option<HashSet<Vec<u8>>>,
}

impl Variants {
    /// Notes the evaluations that opening the configuration has begun.
    pub fn begin(&mut self, all: &[Evaluated]) {
        (self.first, self.seen) = (all.len(), all.len());
    }

    /// How many evaluations opening the configuration has begun.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Looks at the evaluations that have begun since the last time; `all` are those so far.
    pub fn update(&mut self, ev: &Evaluator, root: &Evaluated, all: &[Evaluated]) {
        for evaluation in all.iter().skip(self.seen) {
            // Most submodules have few modules.
            let is_large = 2 * evaluation.count(ev) >= root.count(ev);
            if is_large && !evaluation.is(root) && self.is_variant(ev, root, evaluation) {
                self.count += 1;
                if evaluation.prefix.len() > root.prefix.len() {
                    self.paths.insert(evaluation.prefix[root.prefix.len()..].to_vec());
                }
            }
        }
        self.seen = all.len();
    }

    /// Whether the value at a path is a variant of the configuration.
    pub fn contains(&self, path: &[Sym]) -> bool {
        self.paths.contains(path)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the value of an option is a variant of the configuration, as far as its type says: it is a submodule of most of
    /// the configuration's modules (`extendModules`). Does not evaluate the value.
    pub fn is_declared(&mut self, ev: &Evaluator, root: &Evaluated, option: Value) -> bool {
        self.has_modules(ev, root, option).unwrap_or(false)
    }

    fn has_modules(&mut self, ev: &Evaluator, root: &Evaluated, option: Value) -> Res<bool> {
        let Some(ty) = get(ev, option, "type") else {
            return Ok(false);
        };
        let ty = ev.force(ty)?;
        let is_submodule = |name: Value| name.is_string() && ev.mem.text(name) == b"submodule";
        if !is_submodule(select(ev, ty, "name")?) {
            return Ok(false);
        }
        let modules = select(ev, ty, "getSubModules")?;
        if !modules.is_list() || 2 * modules.list_len() < root.count(ev) {
            return Ok(false);
        }
        if self.files.is_none() {
            self.files = Some(root.files(ev)?.into_iter().map(String::into_bytes).collect());
        }
        let Some(files) = &self.files else {
            return Ok(false);
        };
        let is_own = |module: &&Slot| {
            file_of(ev, module).is_ok_and(|file| file.is_some_and(|file| files.contains(file)))
        };
        Ok(2 * ev.mem.items(modules).iter().filter(is_own).count() >= root.count(ev))
    }

    /// Whether an evaluation has most of the declarations of the configuration. One that cannot be evaluated has none.
    pub fn is_variant(&mut self, ev: &Evaluator, root: &Evaluated, evaluation: &Evaluated) -> bool {
        let declared = self.declared.get_or_insert_with(|| positions(ev, root).unwrap_or_default());
        let own = positions(ev, evaluation).unwrap_or_default();
        !declared.is_empty() && 2 * declared.intersection(&own).count() >= declared.len()
    }
}

/// Where the modules of an evaluation declare options.
fn positions(ev: &Evaluator, evaluation: &Evaluated) -> Res<HashSet<Pos>> {
    let mut found = HashSet::new();
    for options in evaluation.declared(ev)? {
        let options = ev.force_value(options)?;
        let entries = if options.is_attrs() { ev.mem.entries(options) } else { Vec::new() };
        // Every evaluation has the options that the `lib` declares.
        found.extend(entries.iter().map(|entry| entry.pos).filter(|pos| !evaluation.is_computed(ev, *pos)));
    }
    Ok(found)
}

/// The file that a module of a submodule is. nixpkgs puts it into a set, to say where the option is declared.
fn file_of<'e>(ev: &'e Evaluator, module: &Slot) -> Res<Option<&'e [u8]>> {
    let mut module = ev.force(module)?;
    if let Some(imports) = get(ev, module, "imports")
        && let [only] = ev.mem.items(list(ev, imports)?)
    {
        module = ev.force(only)?;
    }
    Ok((module.type_of() == Type::Path).then(|| ev.mem.text(module)))
}
