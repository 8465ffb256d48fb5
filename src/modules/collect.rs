//! All modules of an evaluation: the closure of `imports`, without those that are disabled and each key only once
//! (`collectModules`).

use std::collections::VecDeque;

use hashbrown::HashSet;

use super::load::{Loaded, Loader, anonymous, disabled_key, is_known_file, key_text};
use super::origins;
use super::show::{self, UNKNOWN};
use super::standalone::names_at;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{get, text, throw};
use crate::source::Pos;
use crate::value::{Record, Type, Value, slot};

/// A module with those that it imports, by number.
struct Node {
    module: Loaded,
    imports: Vec<usize>,
}

/// The modules of an evaluation as they import each other.
pub(super) struct Collected {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    disabled: Disabled,
    /// Whether it matters where modules come from.
    noted: bool,
}

/// The keys of modules that `disabledModules` names.
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
    /// Loads all modules in a list and those they import, in the order in which nixpkgs does.
    pub(super) fn new(ev: &Evaluator, loader: &Loader, modules: Value) -> Res<Collected> {
        let (nodes, roots) = (Vec::new(), Vec::new());
        let noted = origins::known(ev);
        let mut collected = Collected { nodes, roots, disabled: Disabled::default(), noted };
        let mut disabled = Vec::new();
        let unknown = ev.mem.str(UNKNOWN)?;
        let nowhere = Value::symbol(sym!(""));
        collected.roots = collected.load(ev, loader, [unknown, nowhere], modules, &mut disabled)?;
        let none = slot(nowhere);
        if disabled.is_empty() {
            return Ok(collected);
        }
        let modules_path = get(ev, ev.force_value(loader.special)?, sym!("modulesPath")).unwrap_or(&none);
        for (file, items) in disabled {
            for item in ev.mem.items(ev.force_list(&slot(items), Pos::NONE, "")?) {
                let key = disabled_key(ev, modules_path, file, item)?;
                // Only strings can be equal to a module's key.
                if key.is_string() {
                    collected.disabled.keys.insert(ev.mem.text(key).to_vec());
                }
            }
        }
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
            let module = match loader.load(ev, file, anonymous(ev, key, i + 1)?, item) {
                Ok(module) => module,
                Err(e) if origins::is_left_out(ev, item, &e)? => continue,
                Err(e) => return Err(with_option_read(ev, item, with_importer(ev, file, e))),
            };
            check_class(ev, loader, &module)?;
            if self.noted {
                origins::imported(ev, file, module.file)?;
            }
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

    /// The modules that count: breadth first, each key once.
    pub(super) fn modules(&self, ev: &Evaluator) -> Res<Vec<Loaded>> {
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

    /// Which module imports which, as `evalModules` shows it.
    pub(super) fn graph(&self, ev: &Evaluator) -> Res<Value> {
        let mut roots = Vec::with_capacity(self.roots.len());
        for root in &self.roots {
            let key = key_text(ev, self.nodes[*root].module.key)?;
            if ev.mem.text(key) != INTERNAL.as_bytes() {
                roots.push(self.graph_of(ev, *root)?);
            }
        }
        Ok(ev.mem.list(&roots)?)
    }

    fn graph_of(&self, ev: &Evaluator, number: usize) -> Res<Value> {
        static NODE: Record<4> = Record::new(["disabled", "key", "file", "imports"]);
        let _depth = ev.enter(Pos::NONE)?;
        let node = &self.nodes[number];
        let disabled = Value::bool(self.disabled.has(ev, node.module.key)?);
        let key = key_text(ev, node.module.key)?;
        let imports = node.imports.iter().map(|i| self.graph_of(ev, *i)).collect::<Res<Vec<_>>>()?;
        Ok(ev.mem.record(&NODE, [disabled, key, node.module.file, ev.mem.list(&imports)?])?)
    }
}

/// The key and file of the module that declares `_module`.
pub(super) const INTERNAL: &str = "lib/modules.nix";

/// Keys that have been met. Those of anonymous modules tell their place, so no two are the same; their texts are made
/// only if some module calls itself like one.
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

/// Says who imports a file that is not there.
#[cold]
fn with_importer(ev: &Evaluator, importer: Value, e: Error) -> Error {
    let plain = e.data().kind == ErrorKind::System && e.data().help.is_none() && e.data().traces.is_empty();
    match is_known_file(ev, importer) {
        Ok(true) if plain => match ev.force_value(importer) {
            Ok(importer) => e.help(format!("it is imported by '{}'", text(ev, importer))),
            Err(_) => e,
        },
        _ => e,
    }
}

/// Says that imports which never end may go in a circle.
#[cold]
fn with_circle(ev: &Evaluator, file: Value, e: Error) -> Error {
    if e.data().kind != ErrorKind::StackOverflow || e.data().help.is_some() {
        return e;
    }
    match ev.force_value(file) {
        Ok(file) if file.is_string() => {
            let file = text(ev, file);
            e.help(format!(
                "modules that import each other in a circle are never done: '{file}' is one of them"
            ))
        }
        _ => e,
    }
}

/// Says which module reads which option before the options are known.
#[cold]
fn with_option_read(ev: &Evaluator, module: &Slot, e: Error) -> Error {
    if e.data().kind != ErrorKind::InfiniteRecursion || e.data().help.is_some() {
        return e;
    }
    let module = match ev.forced(module) {
        Some(v) if v.is_string() || v.type_of() == Type::Path => text(ev, v),
        _ => return e,
    };
    let mut names = names_at(ev, e.data().read);
    let option = match (names.next().as_deref(), names.collect::<Vec<_>>()) {
        (Some("config"), option) if !option.is_empty() => format!("the option '{}'", option.join(".")),
        _ => "'config'".to_owned(),
    };
    e.help(format!("the module '{module}' reads {option} to decide about its imports or options"))
}

fn check_class(ev: &Evaluator, loader: &Loader, module: &Loaded) -> Res<()> {
    if loader.class == Value::NULL {
        return Ok(());
    }
    let class = ev.force_value(module.class)?;
    if class == Value::NULL || ev.equal_values(class, loader.class, Pos::NONE)? {
        return Ok(());
    }
    Err(wrong_class(ev, loader, module, class)?)
}

#[cold]
fn wrong_class(ev: &Evaluator, loader: &Loader, module: &Loaded, class: Value) -> Res<Error> {
    let quoted = |v: Value| -> Res<String> {
        if v.type_of() != Type::String {
            let (json, _) = crate::builtins::to_json_with_context(ev, &slot(v), true, Pos::NONE)?;
            return Ok(String::from_utf8_lossy(&json).into_owned());
        }
        Ok(String::from_utf8_lossy(&show::escape_string(ev.mem.text(v))).into_owned())
    };
    let file = text(ev, crate::native::interpolate(ev, &slot(module.file))?);
    let (found, expected) = (quoted(class)?, quoted(loader.class)?);
    Ok(throw(format!(
        "The module `{file}` (class: {found}) cannot be imported into a module evaluation that expects class \
         {expected}.\n\nHelp:\n- Ensure that you are importing the correct module.\n- Verify that the module's \
         `_class`, {found} matches the expected `class` {expected}.\n- If you are using a custom class, make sure it \
         is correctly defined and used consistently across your modules.\n"
    )))
}

/// The words of some modules in a list, the last first: file, options and definitions of each.
pub(super) fn words(ev: &Evaluator, modules: &[Loaded]) -> Res<Value> {
    let words = modules.iter().rev().flat_map(|m| [m.file, m.options, m.config]);
    Ok(ev.mem.list_from(modules.len() * MODULE, words)?)
}

/// Words of a module in such a list.
pub(super) const MODULE: usize = 3;

/// The modules in such a list.
pub(super) fn of_words(ev: &Evaluator, list: Value) -> impl Iterator<Item = &[Slot]> + '_ {
    ev.mem.items(list).chunks_exact(MODULE)
}
