//! String contexts: the store paths that strings refer to.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::eval::{Builtin, Coerce, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, ContextElement, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("hasContext", &["s"], "Whether a string has a context.", |ev, args, pos| {
        let [s] = exactly(args);
        let s = ev.force_string(s, pos, "while evaluating the argument passed to builtins.hasContext")?;
        Ok(Value::bool(!ev.mem.context(s).is_empty()))
    }),
    Builtin::new("getContext", &["s"], "The context of a string as a set.", get_context),
    Builtin::new("appendContext", &["s", "context"], "A string with more context.", append_context),
    Builtin::new("unsafeDiscardStringContext", &["s"], "A string without its context.", |ev, args, pos| {
        let [s] = exactly(args);
        let doing = "while evaluating the argument passed to builtins.unsafeDiscardStringContext";
        let s = ev.coerce(s, pos, Coerce::INTERPOLATE, doing)?;
        with_context(ev, s, Context::EMPTY)
    }),
    Builtin::new(
        "unsafeDiscardOutputDependency",
        &["s"],
        "A string that refers to derivations only as files.",
        |ev, args, pos| {
            let [s] = exactly(args);
            let doing = "while evaluating the argument passed to builtins.unsafeDiscardOutputDependency";
            let s = ev.coerce(s, pos, Coerce::INTERPOLATE, doing)?;
            let elements = ev.mem.contexts.elements(ev.mem.context(s));
            let flat = elements.iter().map(|e| match e {
                ContextElement::DrvDeep(path) => ContextElement::Opaque(path.clone()),
                e => e.clone(),
            });
            with_context(ev, s, ev.mem.contexts.make(flat.collect()))
        },
    ),
    Builtin::new(
        "addDrvOutputDependencies",
        &["s"],
        "A string that refers to a derivation with all its outputs.",
        add_drv_output_dependencies,
    ),
];

fn with_context(ev: &Evaluator, s: Value, context: Context) -> Res<Value> {
    if ev.mem.context(s) == context {
        return Ok(s);
    }
    Ok(ev.mem.string(ev.mem.text(s), context)?)
}

fn add_drv_output_dependencies(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.addDrvOutputDependencies";
    let s = ev.coerce(s, pos, Coerce::INTERPOLATE, doing)?;
    let elements = ev.mem.contexts.elements(ev.mem.context(s));
    let deep = match &elements[..] {
        [ContextElement::Opaque(path)] if !path.ends_with(".drv") => {
            return Err(Error::eval(format!("path '{path}' is not a derivation")));
        }
        [ContextElement::Opaque(path) | ContextElement::DrvDeep(path)] => path.clone(),
        [ContextElement::Built { output, .. }] => {
            return Err(Error::eval(format!(
                "`addDrvOutputDependencies` can only act on derivations, not on a derivation output such as '{output}'"
            )));
        }
        all => {
            let text = shown(ev.mem.text(s));
            let n = all.len();
            return Err(Error::eval(format!(
                "context of string '{text}' must have exactly one element, but has {n}"
            )));
        }
    };
    with_context(ev, s, ev.mem.contexts.make(vec![ContextElement::DrvDeep(deep)]))
}

fn get_context(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let s = ev.force_string(s, pos, "while evaluating the argument passed to builtins.getContext")?;
    #[derive(Default)]
    struct Info {
        path: bool,
        all_outputs: bool,
        outputs: Vec<Rc<str>>,
    }
    let mut infos: BTreeMap<Rc<str>, Info> = BTreeMap::new();
    for element in ev.mem.contexts.elements(ev.mem.context(s)).iter() {
        let info = infos.entry(element.path().clone()).or_default();
        match element {
            ContextElement::Opaque(_) => info.path = true,
            ContextElement::DrvDeep(_) => info.all_outputs = true,
            ContextElement::Built { output, .. } => info.outputs.push(output.clone()),
            ContextElement::Dynamic { .. } => {
                let message = format!(
                    "cannot build '{}' during evaluation: its path is known only when it is built",
                    element.show()
                );
                return Err(Error::eval(message));
            }
        }
    }
    let mut set = AttrsBuilder::with_capacity(infos.len());
    for (path, info) in infos {
        let mut entry = AttrsBuilder::new();
        if info.path {
            entry.push(sym!("path"), Value::TRUE);
        }
        if info.all_outputs {
            entry.push(sym!("allOutputs"), Value::TRUE);
        }
        if !info.outputs.is_empty() {
            let outputs: Result<Vec<_>, _> = info.outputs.iter().map(|o| ev.mem.str(o)).collect();
            entry.push(sym!("outputs"), ev.mem.list(&outputs?)?);
        }
        set.push(ev.intern(&path)?, ev.mem.attrs(entry)?);
    }
    Ok(ev.mem.attrs(set)?)
}

fn append_context(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s, context] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.appendContext";
    let s = ev.force_string(s, pos, doing)?;
    let doing = "while evaluating the second argument passed to builtins.appendContext";
    let set = ev.force_attrs(context, pos, doing)?;
    let mut elements = ev.mem.contexts.elements(ev.mem.context(s)).to_vec();
    for entry in ev.mem.entries_in_order(set) {
        let name = ev.name(entry.name);
        if ev.parse_store_path(&name).is_err() {
            let name = ev.quoted(entry.name);
            return Err(Error::eval(format!("context key '{name}' is not a store path")).at(entry.pos));
        }
        let path: Rc<str> = Rc::from(name.as_str());
        let info = ev.force_attrs(entry.slot, entry.pos, "while evaluating the value of a string context")?;
        let is_set = |attr, doing| match ev.mem.get_entry(info, attr) {
            Some(found) => ev.force_bool(found.slot, found.pos, doing),
            None => Ok(false),
        };
        if is_set(sym!("path"), "while evaluating the `path` attribute of a string context")? {
            elements.push(ContextElement::Opaque(path.clone()));
        }
        let not_a_derivation = |what: &str| {
            let name = ev.quoted(entry.name);
            let message =
                format!("tried to add {what} context of {name}, which is not a derivation, to a string");
            Error::eval(message).at(entry.pos)
        };
        if is_set(sym!("allOutputs"), "while evaluating the `allOutputs` attribute of a string context")? {
            if !name.ends_with(".drv") {
                return Err(not_a_derivation("all-outputs"));
            }
            elements.push(ContextElement::DrvDeep(path.clone()));
        }
        if let Some(found) = ev.mem.get_entry(info, sym!("outputs")) {
            let doing = "while evaluating the `outputs` attribute of a string context";
            let outputs = ev.force_list(found.slot, found.pos, doing)?;
            if outputs.list_len() > 0 && !name.ends_with(".drv") {
                return Err(not_a_derivation("derivation output"));
            }
            for item in ev.mem.items(outputs) {
                let doing = "while evaluating an output name within a string context";
                let output = ev.force_plain_string(item, found.pos, doing)?;
                let output = Rc::from(shown(ev.mem.text(output)).as_ref());
                elements.push(ContextElement::Built { drv: path.clone(), output });
            }
        }
    }
    with_context(ev, s, ev.mem.contexts.make(elements))
}
