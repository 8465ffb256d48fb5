//! Options for documentation: `optionAttrSetToDocList` and how values and texts are shown in it.

use super::definitions::is_option;
use super::show::{self, UNKNOWN};
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{Text, attr, context, get, or_null, pretty_values, select, shared, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

static LITERAL: Record<2> = Record::new(["_type", "text"]);

fn tagged(ev: &Evaluator, tag: &str, text: &Slot, function: &str) -> Res<Value> {
    let text = ev.force(text)?;
    if !text.is_string() {
        return Err(throw(format!("{function} expects a string.")));
    }
    Ok(ev.mem.record(&LITERAL, [Value::symbol(ev.intern(tag)?), text])?)
}

/// `lib.options.literalExpression`
pub(super) static LITERAL_EXPRESSION: Builtin =
    Builtin::hidden("literalExpression", &["text"], |ev, args, _| literal(ev, &args[0]));

/// `literalExpression text`
pub(super) fn literal(ev: &Evaluator, text: &Slot) -> Res<Value> {
    tagged(ev, "literalExpression", text, "literalExpression")
}

/// `lib.options.literalMD`
pub(super) static LITERAL_MD: Builtin =
    Builtin::hidden("literalMD", &["text"], |ev, args, _| tagged(ev, "literalMD", &args[0], "literalMD"));

/// `lib.options.literalCode`
pub(super) static LITERAL_CODE: Builtin =
    Builtin::hidden("literalCode", &["languageTag", "text"], |ev, args, _| {
        let mut out = Text::default();
        out.put("```").interpolate(ev, &args[0])?.put("\n");
        out.interpolate(ev, &args[1])?.put("\n```\n");
        tagged(ev, "literalMD", &slot(out.finish(ev)?), "literalMD")
    });

/// `lib.options.renderOptionValue`
pub(super) static RENDER: Builtin =
    Builtin::hidden("renderOptionValue", &["v"], |ev, args, _| render(ev, &args[0]));

/// A value as documentation shows it: texts as they are, others as Nix code.
fn render(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let set = ev.force(v)?;
    if get(ev, set, sym!("_type")).is_some() && get(ev, set, sym!("text")).is_some() {
        return Ok(set);
    }
    literal(ev, &slot(pretty_values(ev, v)?))
}

/// `lib.options.scrubOptionValue`
pub(super) static SCRUB: Builtin = Builtin::hidden("scrubOptionValue", &["x"], |ev, args, _| {
    static DERIVATION: Record<4> = Record::new(["type", "drvPath", "outPath", "name"]);
    let v = ev.force(&args[0])?;
    if ev.is_derivation(v)? {
        let name = shared(ev, v, sym!("name"))?;
        let tag = Value::symbol(sym!("derivation"));
        return Ok(ev.mem.record(&DERIVATION, [tag, name, name, name])?);
    }
    static EACH: Lazy = Lazy {
        name: "lib.scrubOptionValue",
        run: |ev, captures, index| {
            let list = peek(&captures[0]);
            let item = ev.mem.share(&ev.mem.items(list)[index])?;
            ev.call(ev.builtin(&SCRUB), &[item], Pos::NONE)
        },
    };
    if v.is_list() {
        let n = v.list_len();
        let behind = ev.delays_raw(&EACH, &[v])?;
        return Ok(ev.mem.list_from(n, (0..n).map(|i| Value::native(i, behind)))?);
    }
    if !v.is_attrs() {
        return Ok(v);
    }
    let kept = ev.mem.filtered(v, |e| e.name != sym!("_args"))?;
    let entries = ev.mem.entries(kept);
    let values = entries.iter().map(|e| ev.mem.share(e.slot)).collect::<Result<Vec<_>, _>>()?;
    let behind = ev.delays_raw(&EACH, &[ev.mem.list(&values)?])?;
    let mut set = AttrsBuilder::with_capacity(entries.len());
    for (i, entry) in entries.iter().enumerate() {
        set.push(entry.name, Value::native(i, behind));
    }
    Ok(ev.mem.attrs(set)?)
});

/// `lib.options.optionAttrSetToDocList`
pub(super) static DOC_LIST: Builtin =
    Builtin::hidden("optionAttrSetToDocList", &["options"], |ev, args, _| doc_list(ev, &args[0]));

/// `lib.options.optionAttrSetToDocList'`, whose first argument is not used.
pub(super) static DOC_LIST_BELOW: Builtin =
    Builtin::hidden("optionAttrSetToDocList'", &["prefix", "options"], |ev, args, _| doc_list(ev, &args[1]));

fn doc_list(ev: &Evaluator, options: &Slot) -> Res<Value> {
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
    if is_option(ev, v)? {
        return document(ev, v, docs);
    }
    for entry in ev.mem.entries_by_name(v) {
        collect(ev, entry.slot, docs)?;
    }
    Ok(())
}

/// An option, and those below it as far as they are to be seen.
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

/// The attributes that every documented option has.
const ALWAYS: [Sym; 5] =
    [sym!("description"), sym!("internal"), sym!("visible"), sym!("readOnly"), sym!("type")];
const NAME: usize = 5;
const DECLARATIONS: usize = 6;
const EXAMPLE: usize = 7;
const DEFAULT: usize = 8;

static PART: Lazy = Lazy {
    name: "lib.optionDoc",
    run: |ev, captures, index| {
        let option = peek(&captures[0]);
        match index {
            0 => or_null(ev, option, sym!("description")),
            1 | 3 => match get(ev, option, ALWAYS[index]) {
                Some(flag) => ev.force(flag),
                None => Ok(Value::FALSE),
            },
            2 => Ok(match get(ev, option, sym!("visible")).map(|v| ev.force(v)).transpose()? {
                None => Value::TRUE,
                Some(Value::TRUE) => Value::TRUE,
                Some(Value::FALSE) => Value::FALSE,
                Some(other) => Value::bool(other.is_string() && ev.mem.text(other) == b"shallow"),
            }),
            4 => type_description(ev, option),
            NAME => Ok(ev.mem.str(&name(ev, option)?)?),
            DECLARATIONS => declarations(ev, option),
            EXAMPLE => {
                render(ev, attr(ev, option, sym!("example"))?).map_err(|e| shown_in(ev, e, "example", option))
            }
            _ => default(ev, option),
        }
    },
};

fn name(ev: &Evaluator, option: Value) -> Res<String> {
    let loc = ev.force_list(attr(ev, option, sym!("loc"))?, Pos::NONE, "")?;
    show::option(ev, loc)
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

/// The files an option is declared in, without those nobody knows.
fn declarations(ev: &Evaluator, option: Value) -> Res<Value> {
    let files = ev.force_list(attr(ev, option, sym!("declarations"))?, Pos::NONE, "")?;
    let mut known = Vec::new();
    for file in ev.mem.items(files) {
        let file = ev.force(file)?;
        if !(file.is_string() && ev.mem.text(file) == UNKNOWN.as_bytes()) {
            known.push(file);
        }
    }
    Ok(ev.mem.list(&known)?)
}

/// The `value` of the type's empty value, if the type has one and no submodules.
fn empty_value(ev: &Evaluator, option: Value) -> Res<Option<Value>> {
    let ty = match get(ev, option, sym!("type")) {
        Some(ty) => ev.force(ty)?,
        None => return Ok(None),
    };
    let empty = or_null(ev, ty, sym!("emptyValue"))?;
    if get(ev, empty, sym!("value")).is_none() || or_null(ev, ty, sym!("getSubModules"))? != Value::NULL {
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
    let behind = ev.delays_raw(&PART, &[option])?;
    let mut set = AttrsBuilder::with_capacity(12);
    for (i, name) in ALWAYS.into_iter().enumerate() {
        set.push(name, Value::native(i, behind));
    }
    set.push(sym!("loc"), shared(ev, option, sym!("loc"))?);
    set.push(sym!("name"), Value::native(NAME, behind));
    set.push(sym!("declarations"), Value::native(DECLARATIONS, behind));
    if get(ev, option, sym!("example")).is_some() {
        set.push(sym!("example"), Value::native(EXAMPLE, behind));
    }
    let has = |name| get(ev, option, name).is_some();
    if has(sym!("defaultText")) || has(sym!("default")) || empty_value(ev, option)?.is_some() {
        set.push(sym!("default"), Value::native(DEFAULT, behind));
    }
    if let Some(packages) = get(ev, option, sym!("relatedPackages"))
        && ev.force(packages)? != Value::NULL
    {
        set.push(sym!("relatedPackages"), ev.force(packages)?);
    }
    Ok(ev.mem.attrs(set)?)
}
