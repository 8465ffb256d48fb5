//! The graph of imports, as `collectModules` and `evalModules` return it. As in nixpkgs, a module is loaded when its
//! node is needed, and a second time: the graph keeps nothing of the modules that the evaluation has collected.

use super::disabled::disabled_keys;
use super::hints::with_circle;
use super::key::key_text;
use super::loader::Loader;
use super::module::{INTERNAL, Loaded};
use super::origins;
use crate::eval::{Evaluator, Object as _, Res, Row as _, object, suspended};
use crate::heap::Slot;
use crate::modules::messages::UNKNOWN;
use crate::native::{record, share};
use crate::source::Pos;
use crate::value::{Value, peek};

object! {
    /// The graph of an evaluation.
    struct Graph from Loading {
        args,
        special,
        class,
        prefix,
        modules,
    } computes {
        /// The nodes of the evaluation's own modules: a list of [`Node`]s.
        roots: Graph::find_roots,
        /// The keys of the modules in `disabledModules`: a list of strings.
        disabled: Graph::find_disabled,
    }
}

object! {
    /// A module that is imported.
    struct Node from Import {
        graph,
        /// The file of the importing module.
        file,
        /// The key of the importing module.
        key,
        /// The place in the imports.
        number,
        /// The element of the imports.
        item,
    } computes {
        /// The words of a [`Loaded`]; none if the module is left out.
        loaded: Node::load,
        /// The nodes of the imported modules: a list of [`Node`]s.
        imports: Node::find_imports,
    }
}

record! {
    /// A node as Nix code sees it.
    struct Shown {
        disabled: "disabled",
        key: "key",
        file: "file",
        imports: "imports",
    }
}

suspended! {
    /// `map toModuleGraph nodes`
    struct Sets { nodes } []
}

suspended! {
    /// The attributes of a node.
    struct Attributes { node } => struct AttributeParts { disabled, key, file, imports }
}

/// The graph of these modules and those that they import.
pub fn graph(ev: &Evaluator, loader: &Loader, modules: Value) -> Res<Value> {
    let Loader { args, special, class, prefix } = *loader;
    let graph = Graph::new(ev, Loading { args, special, class, prefix, modules })?;
    let mut roots = Vec::new();
    for root in Node::all(ev, ev.force(graph.roots(ev))?) {
        let key = key_text(ev, share(ev, root.module(ev)?.key)?)?;
        if !key.is_string() || ev.mem.text(key) != INTERNAL.as_bytes() {
            roots.push(root.word());
        }
    }
    sets(ev, ev.mem.list(&roots)?)
}

fn sets(ev: &Evaluator, nodes: Value) -> Res<Value> {
    ev.delayed_list(Sets { nodes }, nodes.list_len())
}

impl Graph {
    fn loader(self, ev: &Evaluator) -> Res<Loader> {
        Ok(Loader {
            args: share(ev, self.args(ev))?,
            special: share(ev, self.special(ev))?,
            class: ev.force(self.class(ev))?,
            prefix: share(ev, self.prefix(ev))?,
        })
    }

    fn find_roots(ev: &Evaluator, graph: Graph) -> Res<Value> {
        let (file, key) = (ev.mem.str(UNKNOWN)?, Value::symbol(sym!("")));
        graph.nodes(ev, file, key, graph.modules(ev))
    }

    /// A node for each element of a list of imports.
    fn nodes(self, ev: &Evaluator, file: Value, key: Value, modules: &Slot) -> Res<Value> {
        let modules = ev.force_list(modules, Pos::NONE, "while collecting modules")?;
        let mut nodes = Vec::with_capacity(modules.list_len());
        for (i, item) in ev.mem.items(modules).iter().enumerate() {
            let (number, item) = (ev.mem.int(i as i64 + 1)?, share(ev, item)?);
            let node = Node::new(ev, Import { graph: self.word(), file, key, number, item })?;
            // Only loading a module shows whether it is left out.
            if !origins::any_left_out(ev) || ev.force(node.loaded(ev))? != Value::EMPTY_LIST {
                nodes.push(node.word());
            }
        }
        Ok(ev.mem.list(&nodes)?)
    }

    fn find_disabled(ev: &Evaluator, graph: Graph) -> Res<Value> {
        let mut disabled = Vec::new();
        for root in Node::all(ev, ev.force(graph.roots(ev))?) {
            root.add_disabled(ev, &mut disabled)?;
        }
        Ok(ev.mem.list(&disabled_keys(ev, share(ev, graph.special(ev))?, disabled)?)?)
    }
}

impl Node {
    fn all(ev: &Evaluator, list: Value) -> impl Iterator<Item = Node> {
        ev.mem.items(list).iter().map(|node| Node::of(peek(node)))
    }

    fn in_graph(self, ev: &Evaluator) -> Graph {
        Graph::of(peek(self.graph(ev)))
    }

    fn load(ev: &Evaluator, node: Node) -> Res<Value> {
        let loader = node.in_graph(ev).loader(ev)?;
        let (file, key) = (share(ev, node.file(ev))?, share(ev, node.key(ev))?);
        let number = ev.mem.as_int(peek(node.number(ev))).unwrap_or_default() as usize;
        match loader.import(ev, file, key, number, node.item(ev))? {
            Some(module) => Ok(ev.mem.list(&module.words())?),
            None => Ok(Value::EMPTY_LIST),
        }
    }

    fn module(self, ev: &Evaluator) -> Res<Loaded<&Slot>> {
        Ok(Loaded::of(ev.mem.items(ev.force(self.loaded(ev))?)))
    }

    fn find_imports(ev: &Evaluator, node: Node) -> Res<Value> {
        let module = node.module(ev)?;
        let (file, key) = (share(ev, module.file)?, share(ev, module.key)?);
        node.in_graph(ev).nodes(ev, file, key, module.imports)
    }

    /// Adds the file and the `disabledModules` of this module and of those that it imports.
    fn add_disabled(self, ev: &Evaluator, disabled: &mut Vec<(Value, Value)>) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        let module = self.module(ev)?;
        let file = share(ev, module.file)?;
        if ev.force(module.disabled)? != Value::EMPTY_LIST {
            disabled.push((file, share(ev, module.disabled)?));
        }
        let imports = ev.force(self.imports(ev))?;
        let below = Node::all(ev, imports).try_for_each(|node| node.add_disabled(ev, disabled));
        below.map_err(|e| with_circle(ev, file, e))
    }
}

impl Sets<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let node = peek(&ev.mem.items(peek(self.nodes))[index]);
        let AttributeParts { disabled, key, file, imports } = Attributes { node }.parts(ev)?;
        Shown { disabled, key, file, imports }.set(ev)
    }
}

impl Attributes<&Slot> {
    fn node(self) -> Node {
        Node::of(peek(self.node))
    }

    fn key(self, ev: &Evaluator) -> Res<Value> {
        key_text(ev, share(ev, self.node().module(ev)?.key)?)
    }

    fn file(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.node().module(ev)?.file)
    }

    fn disabled(self, ev: &Evaluator) -> Res<Value> {
        let disabled = ev.force(self.node().in_graph(ev).disabled(ev))?;
        if disabled == Value::EMPTY_LIST {
            return Ok(Value::FALSE);
        }
        let key = ev.mem.text(self.key(ev)?);
        Ok(Value::bool(ev.mem.items(disabled).iter().any(|other| ev.mem.text(peek(other)) == key)))
    }

    fn imports(self, ev: &Evaluator) -> Res<Value> {
        sets(ev, ev.force(self.node().imports(ev))?)
    }
}
