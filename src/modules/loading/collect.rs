//! Collects all modules of an evaluation: the closure of `imports` without disabled modules, and with each
//! key only once (`collectModules`).

use std::collections::VecDeque;

use hashbrown::HashSet;

use super::disabled::disabled_keys;
use super::hints::{with_circle, with_option_read};
use super::key::key_text;
use super::loader::Loader;
use super::module::Loaded;
use super::origins;
use crate::eval::{Evaluator, Res, Row as _, row};
use crate::heap::Slot;
use crate::modules::messages::UNKNOWN;
use crate::native::share;
use crate::source::Pos;
use crate::value::{Value, slot};

/// A module, and the numbers of the modules that it imports.
struct Node {
    module: Loaded,
    imports: Vec<usize>,
}

/// The modules of an evaluation and their imports.
pub struct Collected {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    disabled: Disabled,
}

/// The keys of the modules in `disabledModules`.
#[derive(Default)]
struct Disabled {
    keys: HashSet<Vec<u8>>,
}

impl Disabled {
    fn has(&self, ev: &Evaluator, key: Value) -> Res<bool> {
        if self.keys.is_empty() {
            return Ok(false);
        }
        let key = key_text(ev, key)?;
        Ok(self.keys.contains(ev.mem.text(key)))
    }
}

impl Collected {
    /// Loads all modules in a list and the modules they import, in the same order as nixpkgs.
    pub fn new(ev: &Evaluator, loader: &Loader, modules: Value) -> Res<Collected> {
        let (nodes, roots) = (Vec::new(), Vec::new());
        let mut collected = Collected { nodes, roots, disabled: Disabled::default() };
        let mut disabled = Vec::new();
        let unknown = ev.mem.str(UNKNOWN)?;
        let no_key = Value::symbol(sym!(""));
        collected.roots = collected.load(ev, loader, [unknown, no_key], modules, &mut disabled)?;
        let disabled = disabled_keys(ev, loader.special, disabled)?;
        collected.disabled.keys = disabled.iter().map(|key| ev.mem.text(*key).to_vec()).collect();
        Ok(collected)
    }

    fn load(
        &mut self,
        ev: &Evaluator,
        loader: &Loader,
        [file, key]: [Value; 2],
        modules: Value,
        disabled: &mut Vec<(Value, Value)>,
    ) -> Res<Vec<usize>> {
        let _depth = ev.enter(Pos::NONE)?;
        let modules = ev.force_list(&slot(modules), Pos::NONE, "while collecting modules")?;
        let mut numbers = Vec::with_capacity(modules.list_len());
        for (i, item) in ev.mem.items(modules).iter().enumerate() {
            let Some(module) = loader.import(ev, file, key, i + 1, item)? else { continue };
            let number = self.nodes.len();
            self.nodes.push(Node { module, imports: Vec::new() });
            if ev.force_value(module.disabled)? != Value::EMPTY_LIST {
                disabled.push((module.file, module.disabled));
            }
            let imports = self
                .load(ev, loader, [module.file, module.key], module.imports, disabled)
                .map_err(|e| with_option_read(ev, &slot(module.file), with_circle(ev, module.file, e)))?;
            self.nodes[number].imports = imports;
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// The modules that are not disabled, breadth first, each key once.
    pub fn modules(&self, ev: &Evaluator) -> Res<Vec<Loaded>> {
        let mut queue = VecDeque::new();
        self.enqueue(ev, &self.roots, &mut queue)?;
        let mut seen = Seen::default();
        let mut modules = Vec::with_capacity(self.nodes.len());
        while let Some(number) = queue.pop_front() {
            let node = &self.nodes[number];
            if seen.is_new(ev, node.module.key)? {
                modules.push(node.module);
                self.enqueue(ev, &node.imports, &mut queue)?;
            }
        }
        Ok(modules)
    }

    fn enqueue(&self, ev: &Evaluator, numbers: &[usize], queue: &mut VecDeque<usize>) -> Res<()> {
        for number in numbers {
            if !self.disabled.has(ev, self.nodes[*number].module.key)? {
                queue.push_back(*number);
            }
        }
        Ok(())
    }
}

/// The keys seen so far. Keys of anonymous modules encode their place, so they are distinct. Their texts are
/// computed only if some module has a key of its own that looks like one.
#[derive(Default)]
struct Seen {
    keys: HashSet<Vec<u8>>,
    anonymous: Vec<Value>,
    /// Whether the texts of anonymous keys are in `keys`.
    all: bool,
}

impl Seen {
    fn is_new(&mut self, ev: &Evaluator, key: Value) -> Res<bool> {
        let key = ev.force_value(key)?;
        if !key.is_string() && !self.all {
            self.anonymous.push(key);
            return Ok(true);
        }
        let key = key_text(ev, key)?;
        let key = ev.mem.text(key);
        if !self.all && key.windows(6).any(|w| w == b":anon-") && !key.starts_with(b"/") {
            self.all = true;
            for key in std::mem::take(&mut self.anonymous) {
                let key = key_text(ev, key)?;
                self.keys.insert(ev.mem.text(key).to_vec());
            }
        }
        Ok(self.keys.insert(key.to_vec()))
    }
}

row! {
    /// A module in the heap, reduced to what the tree of options needs.
    pub struct Module { file, options, config }
}

impl Module {
    /// A list of the words of these modules, the last one first.
    pub fn list(ev: &Evaluator, modules: &[Loaded]) -> Res<Value> {
        let words = modules.iter().rev().flat_map(|m| {
            let Loaded { file, options, config, .. } = *m;
            Module { file, options, config }.words()
        });
        Ok(ev.mem.list_from(modules.len() * Module::<Value>::WIDTH, words)?)
    }

    /// The modules in such a list.
    pub fn all(ev: &Evaluator, list: Value) -> impl ExactSizeIterator<Item = Module<&Slot>> {
        Module::each(ev.mem.items(list))
    }

    /// Whether any module in such a list is a base module.
    pub fn any_base(ev: &Evaluator, list: Value) -> Res<bool> {
        if !origins::known(ev) {
            return Ok(false);
        }
        for module in Module::all(ev, list) {
            if origins::is_base(ev, share(ev, module.file)?)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
