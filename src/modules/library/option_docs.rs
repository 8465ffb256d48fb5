//! Options for documentation: `optionAttrSetToDocList`, `scrubOptionValue`.

use super::literals::render;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::messages::{self, UNKNOWN};
use crate::native::{attr, context, get, has, is_type, items, list, or_null, select, share, shared};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

suspended! {
    /// The elements of a list, scrubbed.
    struct Scrubbed { list } []
}

impl Scrubbed<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        scrub(ev, &ev.mem.items(peek(self.list))[index])
    }
}

/// `lib.options.scrubOptionValue`: a value in which derivations are reduced to their names.
pub(super) static SCRUB: Builtin = Builtin::hidden("scrubOptionValue", &["x"], |ev, args, _| {
    let [x] = exactly(args);
    scrub(ev, x)
});

fn scrub(ev: &Evaluator, x: &Slot) -> Res<Value> {
    static DERIVATION: Record<4> = Record::new(["type", "drvPath", "outPath", "name"]);
    let v = ev.force(x)?;
    if ev.is_derivation(v)? {
        let name = shared(ev, v, sym!("name"))?;
        let tag = Value::symbol(sym!("derivation"));
        return Ok(ev.mem.record(&DERIVATION, [tag, name, name, name])?);
    }
    if v.is_list() {
        return ev.delayed_list(Scrubbed { list: v }, v.list_len());
    }
    if !v.is_attrs() {
        return Ok(v);
    }
    let kept = ev.mem.filtered(v, |e| e.name != sym!("_args"))?;
    let entries = ev.mem.entries(kept);
    let values = entries.iter().map(|e| share(ev, e.slot)).collect::<Res<Vec<_>>>()?;
    let scrubbed = ev.delays(Scrubbed { list: ev.mem.list(&values)? })?;
    let mut set = AttrsBuilder::with_capacity(entries.len());
    for (i, entry) in entries.iter().enumerate() {
        set.push(entry.name, Value::native(i, scrubbed));
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.options.optionAttrSetToDocList`
pub(super) fn doc_list(ev: &Evaluator, options: &Slot) -> Res<Value> {
    let mut docs = Vec::new();
    collect(ev, options, &mut docs)?;
    Ok(ev.mem.list(&docs)?)
}

/// Documents all options in a tree.
fn collect(ev: &Evaluator, tree: &Slot, docs: &mut Vec<Value>) -> Res<()> {
    let v = ev.force(tree)?;
    if !v.is_attrs() {
        return Ok(());
    }
    let _depth = ev.enter(Pos::NONE)?;
    if is_type(ev, v, b"option")? {
        return document(ev, v, docs);
    }
    for entry in ev.mem.entries_by_name(v) {
        collect(ev, entry.slot, docs)?;
    }
    Ok(())
}

/// Documents an option, and the options below it as far as they are visible.
fn document(ev: &Evaluator, option: Value, docs: &mut Vec<Value>) -> Res<()> {
    docs.push(doc(ev, option)?);
    let visible = match get(ev, option, sym!("visible")) {
        Some(visible) => ev.force(visible)?,
        None => Value::TRUE,
    };
    let below = match visible {
        Value::TRUE => true,
        Value::FALSE => false,
        other => other.is_string() && ev.mem.text(other) == b"transparent",
    };
    if !below {
        return Ok(());
    }
    let ty = select(ev, option, sym!("type"))?;
    let nested =
        ev.call(select(ev, ty, sym!("getSubOptions"))?, &[shared(ev, option, sym!("loc"))?], Pos::NONE)?;
    if nested.is_attrs() && ev.mem.attrs_len(nested) > 0 {
        collect(ev, &slot(nested), docs)?;
    }
    Ok(())
}

suspended! {
    /// The documentation of an option.
    struct Doc { option } => struct DocParts {
        description,
        internal,
        visible,
        read_only,
        ty,
        name,
        declarations,
        example,
        default,
    }
}

impl Doc<&Slot> {
    fn description(self, ev: &Evaluator) -> Res<Value> {
        or_null(ev, peek(self.option), sym!("description"))
    }

    fn internal(self, ev: &Evaluator) -> Res<Value> {
        or_false(ev, peek(self.option), sym!("internal"))
    }

    fn visible(self, ev: &Evaluator) -> Res<Value> {
        let visible = get(ev, peek(self.option), sym!("visible"));
        Ok(match visible.map(|v| ev.force(v)).transpose()? {
            None | Some(Value::TRUE) => Value::TRUE,
            Some(Value::FALSE) => Value::FALSE,
            Some(other) => Value::bool(other.is_string() && ev.mem.text(other) == b"shallow"),
        })
    }

    fn read_only(self, ev: &Evaluator) -> Res<Value> {
        or_false(ev, peek(self.option), sym!("readOnly"))
    }

    fn ty(self, ev: &Evaluator) -> Res<Value> {
        type_description(ev, peek(self.option))
    }

    fn name(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.str(&name(ev, peek(self.option))?)?)
    }

    fn declarations(self, ev: &Evaluator) -> Res<Value> {
        declarations(ev, peek(self.option))
    }

    fn example(self, ev: &Evaluator) -> Res<Value> {
        let option = peek(self.option);
        render(ev, attr(ev, option, sym!("example"))?).map_err(|e| shown_in(ev, e, "example", option))
    }

    fn default(self, ev: &Evaluator) -> Res<Value> {
        default(ev, peek(self.option))
    }
}

fn or_false(ev: &Evaluator, option: Value, name: Sym) -> Res<Value> {
    match get(ev, option, name) {
        Some(flag) => ev.force(flag),
        None => Ok(Value::FALSE),
    }
}

fn name(ev: &Evaluator, option: Value) -> Res<String> {
    messages::option(ev, list(ev, attr(ev, option, sym!("loc"))?)?)
}

#[cold]
fn shown_in(ev: &Evaluator, e: Error, what: &str, option: Value) -> Error {
    match name(ev, option) {
        Ok(name) => context(e, format!("while evaluating the {what} of option `{name}`")),
        Err(failed) => failed,
    }
}

fn type_description(ev: &Evaluator, option: Value) -> Res<Value> {
    if let Some(ty) = get(ev, option, sym!("type"))
        && let Some(description) = get(ev, ev.force(ty)?, sym!("description"))
    {
        return ev.force(description);
    }
    Ok(ev.mem.str("unspecified")?)
}

/// The known files in which an option is declared.
fn declarations(ev: &Evaluator, option: Value) -> Res<Value> {
    let mut known = Vec::new();
    for file in items(ev, attr(ev, option, sym!("declarations"))?)? {
        let file = ev.force(file)?;
        if !(file.is_string() && ev.mem.text(file) == UNKNOWN.as_bytes()) {
            known.push(file);
        }
    }
    Ok(ev.mem.list(&known)?)
}

/// The type's empty value, if it has one and the type has no submodules.
fn empty_value(ev: &Evaluator, option: Value) -> Res<Option<Value>> {
    let ty = match get(ev, option, sym!("type")) {
        Some(ty) => ev.force(ty)?,
        None => return Ok(None),
    };
    let empty = or_null(ev, ty, sym!("emptyValue"))?;
    if !has(ev, empty, sym!("value")) || or_null(ev, ty, sym!("getSubModules"))? != Value::NULL {
        return Ok(None);
    }
    Ok(Some(shared(ev, empty, sym!("value"))?))
}

fn default(ev: &Evaluator, option: Value) -> Res<Value> {
    let text = get(ev, option, sym!("defaultText"));
    let what = if text.is_some() { "defaultText" } else { "default value" };
    let shown = match text.or_else(|| get(ev, option, sym!("default"))) {
        Some(value) => render(ev, value),
        None => match empty_value(ev, option)? {
            Some(value) => render(ev, &slot(value)),
            None => Ok(Value::NULL),
        },
    };
    shown.map_err(|e| shown_in(ev, e, what, option))
}

fn doc(ev: &Evaluator, option: Value) -> Res<Value> {
    let parts = Doc { option }.parts(ev)?;
    let mut set = AttrsBuilder::with_capacity(12);
    set.push(sym!("description"), parts.description);
    set.push(sym!("internal"), parts.internal);
    set.push(sym!("visible"), parts.visible);
    set.push(sym!("readOnly"), parts.read_only);
    set.push(sym!("type"), parts.ty);
    set.push(sym!("loc"), shared(ev, option, sym!("loc"))?);
    set.push(sym!("name"), parts.name);
    set.push(sym!("declarations"), parts.declarations);
    if has(ev, option, sym!("example")) {
        set.push(sym!("example"), parts.example);
    }
    let has_default = has(ev, option, sym!("defaultText")) || has(ev, option, sym!("default"));
    if has_default || empty_value(ev, option)?.is_some() {
        set.push(sym!("default"), parts.default);
    }
    if let Some(packages) = get(ev, option, sym!("relatedPackages"))
        && ev.force(packages)? != Value::NULL
    {
        set.push(sym!("relatedPackages"), share(ev, packages)?);
    }
    Ok(ev.mem.attrs(set)?)
}
