//! Calls the outputs of a locked flake, and of its inputs as they are asked for.

use std::rc::Rc;

use super::locked::{AllLocked, Locked};
use super::missing::fetch_input;
use crate::builtins::fetch;
use crate::eval::{Error, Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::source::Pos;
use crate::store::lock_file::{Lock, ROOT};
use crate::value::{AttrsBuilder, Value};

/// Calls flakes, given their nodes.
const CALL: &[u8] = include_bytes!("call.nix");

suspended! {
    /// The files of an input.
    struct Files {
        /// The number of the locked flake.
        flake,
        /// The number of the node.
        node,
    }
}

impl Files<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let number = |slot: &Slot| -> Res<usize> {
            let n = ev.mem.integer(ev.force(slot)?);
            usize::try_from(n).map_err(|_| Error::eval("a flake has no number"))
        };
        let (flake, node) = (number(self.flake)?, number(self.node)?);
        let locked = ev.extension::<AllLocked>().get(flake);
        let Some((locked, lock)) =
            locked.as_ref().and_then(|it| Some((it, it.lock.nodes[node].lock.as_ref()?)))
        else {
            return Err(Error::eval("a flake's input is not locked"));
        };
        let tree = fetch_input(ev, locked, node, lock)?;
        fetch::describe(ev, &tree.path, &tree.attrs, false)
    }
}

/// The value of a flake: its outputs, and what is known about it.
///
/// # Errors
/// An error in the outputs.
pub fn call(ev: &Evaluator, locked: &Rc<Locked>) -> Res<Value> {
    let flake = ev.extension::<AllLocked>().add(locked.clone());
    let mut nodes = AttrsBuilder::new();
    for number in 0..locked.lock.nodes.len() {
        let node = node(ev, locked, flake, number)?;
        nodes.push(ev.intern(&name(number))?, node);
    }
    let nodes = ev.mem.attrs(nodes)?;
    let function = ev.force_value(ev.delay_internal("«flakes-internal»/call-flake.nix", CALL)?)?;
    ev.call(function, &[nodes, ev.mem.str(&name(ROOT))?], Pos::NONE)
}

/// The name of a node among the nodes.
fn name(number: usize) -> String {
    number.to_string()
}

fn node(ev: &Evaluator, locked: &Locked, flake: usize, number: usize) -> Res<Value> {
    let node = &locked.lock.nodes[number];
    let mut set = AttrsBuilder::new();
    let mut put = |name: &str, value: Value| -> Res<()> {
        set.push(ev.intern(name)?, value);
        Ok(())
    };
    let lock = node.lock.as_ref();
    let relative = lock.and_then(|lock| lock.locked.input.relative());
    let mut dir = lock.map_or(&b""[..], |lock| &lock.locked.dir);
    match (locked.sources.get(&number), lock, relative) {
        (Some(source), ..) => {
            let attrs = lock.map_or(&locked.attrs, |lock| &lock.locked.input.attrs);
            put("files", fetch::describe(ev, &source.path, attrs, false)?)?;
            dir = &source.dir;
        }
        (None, Some(Lock { parent, .. }), Some(path)) => {
            let parent = parent.as_deref().unwrap_or_default();
            let parent = locked.lock.find(parent).map_err(|e| ev.store_error(&e))?;
            let parent = parent.ok_or_else(|| Error::eval("a relative input has no parent"))?;
            put("parent", ev.mem.str(&name(parent))?)?;
            put("path", ev.mem.string(path, Default::default())?)?;
        }
        _ => {
            let int = |n: usize| ev.mem.int(i64::try_from(n).unwrap_or(i64::MAX));
            put("files", ev.delay(Files { flake: int(flake)?, node: int(number)? })?)?;
        }
    }
    put("dir", ev.mem.string(dir, Default::default())?)?;
    put("isFlake", Value::bool(lock.is_none_or(|lock| lock.is_flake)))?;
    let mut inputs = AttrsBuilder::new();
    for (input, edge) in &node.inputs {
        let target = locked.lock.resolve(edge).map_err(|e| ev.store_error(&e))?;
        inputs.push(ev.mem.heap.intern(&crate::host::bytes_of(input))?, ev.mem.str(&name(target))?);
    }
    put("inputs", ev.mem.attrs(inputs)?)?;
    Ok(ev.mem.attrs(set)?)
}
