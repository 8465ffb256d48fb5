//! Names that `lib` no longer has, for modules from 2013 on. They behave as in the `lib` of their time.

use super::fold_args::{FOLD_ARGS, default_merge};
use super::merge_attrs::by_func_defaults_clean;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, alias, attr, attrs, call_builtin, cell, computed, context, delay_select, entries,
    entry_at, function, get, has, holds, is_function, items, map_set, name, select, set_of, share,
    shared_args, text_of, throw, to_string, trace, with_attr,
};
use crate::nixpkgs::attrsets::{ZIP_ATTRS_WITH_NAMES, map_attrs_to_list};
use crate::nixpkgs::strings::search_path_of;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Type, Value, put, slot};

/// Top-level names only.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    // strings
    alias("replaceChars", "replaceStrings"),
    function("eqStrings", &["a", "b"], eq_strings),
    function("makePerlPath", &["packages"], make_perl_path),
    // lists and sets
    computed("minus1", |ev| Ok(ev.mem.int(-1)?)),
    function("deepSeqList", &["xs", "y"], deep_seq),
    function("deepSeqAttrs", &["xs", "y"], deep_seq),
    function("zipTwoLists", &["xs", "ys"], zip_two_lists),
    function("mapAttrsFlatten", &["f", "attrs"], map_attrs_to_list),
    computed("zipWithNames", zip_with_names),
    computed("zip", zip),
    // customisation and modules
    function("applyIfFunction", &["f", "arg"], apply_if_function),
    function("addPassthru", &["drv", "passthru"], add_passthru),
    function("composedArgsAndFun", &["f"], composed_args_and_fun),
    function("mergeAttrsByVersion", &["name", "version", "attrsByVersion", "base"], merge_attrs_by_version),
    computed("mkStrict", mk_strict),
    // debugging
    function("addErrorContextToAttrs", &["attrs"], add_error_context_to_attrs),
    function("attrNamesToStr", &["a"], attr_names_to_str),
    function("showVal", &["x"], show_val),
    function("traceShowVal", &["x"], trace_show_val),
    function("traceShowValMarked", &["str", "x"], trace_show_val_marked),
    function("traceValIfNot", &["c", "x"], trace_val_if_not),
    function("traceXMLVal", &["x"], trace_xml_val),
    function("traceXMLValMarked", &["str", "x"], trace_xml_val_marked),
    function("traceCall", &["n", "f", "a"], trace_call),
    function("traceCall2", &["n", "f", "a", "b"], trace_call2),
    function("traceCall3", &["n", "f", "a", "b", "c"], trace_call3),
    function("strict", &["x"], strict),
];

/// `lib.eqStrings`: whether two strings are equal, whatever their contexts.
fn eq_strings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [a, b] = exactly(args);
    // The `lib` of that time computes `a + (substring 0 0 b)`.
    let empty = slot(ev.mem.str("")?);
    let (a, b) = (ev.plus(ev.force(a)?, &empty)?, ev.plus(ev.force(b)?, &empty)?);
    Ok(Value::bool(ev.mem.text(a) == ev.mem.text(b)))
}

/// `lib.makePerlPath`: the search path for Perl modules.
fn make_perl_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [packages] = exactly(args);
    let below = slot(ev.mem.str("lib/perl5/site_perl")?);
    search_path_of(ev, packages, &below, |path| ev.force(path))
}

/// `lib.deepSeqList`, `deepSeqAttrs`: deeply evaluates a value and returns another.
fn deep_seq(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [xs, y] = exactly(args);
    ev.force_deep(xs)?;
    ev.force(y)
}

/// `lib.zipTwoLists`: the elements of two lists paired as `first` and `second`.
fn zip_two_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [xs, ys] = exactly(args);
    let mut pairs = Vec::new();
    for (x, y) in items(ev, xs)?.iter().zip(items(ev, ys)?) {
        pairs.push(set_of(ev, &[("first", share(ev, x)?), ("second", share(ev, y)?)])?);
    }
    Ok(ev.mem.list(&pairs)?)
}

/// `lib.zipWithNames`: old name of `zipAttrsWithNames`.
fn zip_with_names(ev: &Evaluator) -> Res<Value> {
    Ok(ev.builtin(&ZIP_ATTRS_WITH_NAMES))
}

/// `lib.zip`: old name of `zipAttrsWith`.
fn zip(ev: &Evaluator) -> Res<Value> {
    let new = crate::builtins::find("zipAttrsWith").map_or(Value::NULL, |zip| ev.builtin(zip));
    trace(ev, ev.mem.str("lib.zip is deprecated, use lib.zipAttrsWith instead")?, new)
}

/// `lib.applyIfFunction`: the result of a function, or the value itself.
fn apply_if_function(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, arg] = exactly(args);
    let f = ev.force(f)?;
    if is_function(ev, f)? { ev.call(f, &[share(ev, arg)?], Pos::NONE) } else { Ok(f) }
}

suspended! {
    /// An output after `addPassthru`. `common` has the attributes of all outputs.
    struct PassthruOutput { common, drv, output }
}

impl PassthruOutput<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let output = cell(ev, delay_select(ev, ev.force(self.drv)?, name(ev, self.output)?)?)?;
        let own = set_of(
            ev,
            &[
                ("outPath", delay_select(ev, output, sym!("outPath"))?),
                ("drvPath", delay_select(ev, output, sym!("drvPath"))?),
                ("type", delay_select(ev, output, sym!("type"))?),
                ("outputName", delay_select(ev, output, sym!("outputName"))?),
            ],
        )?;
        Ok(ev.mem.update(attrs(ev, self.common)?, own)?)
    }
}

/// `lib.addPassthru`: a derivation with more attributes, in all its outputs.
fn add_passthru(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [drv, passthru] = exactly(args);
    let set = attrs(ev, drv)?;
    let wanted = name(ev, attr(ev, set, "outputName")?)?;
    let passthru = attrs(ev, passthru)?;
    let outputs = match get(ev, set, "outputs") {
        Some(outputs) => items(ev, outputs)?,
        None => &[slot(Value::symbol(sym!("out")))],
    };
    let common = ev.mem.heap.alloc(1)?;
    let mut by_name = AttrsBuilder::with_capacity(outputs.len());
    let mut all = Vec::with_capacity(outputs.len());
    for output in outputs {
        let of = PassthruOutput { common: Value::forward(common), drv: set, output: share(ev, output)? };
        all.push(cell(ev, ev.delay(of)?)?);
    }
    for (output, value) in outputs.iter().zip(&all).rev() {
        by_name.push(name(ev, output)?, *value);
    }
    let made = ev.mem.update(set, ev.mem.attrs(by_name)?)?;
    let made = with_attr(ev, made, "all", ev.mem.list(&all)?)?;
    let made = ev.mem.update(made, passthru)?;
    put(ev.mem.heap.slot(common), made);
    select(ev, made, wanted)
}

/// `lib.composedArgsAndFun`: a function whose results can be overridden with more arguments.
fn composed_args_and_fun(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static MERGE: Builtin = Builtin::hidden("defaultMerge", &["x", "y"], default_merge);
    let [f] = shared_args(ev, args)?;
    ev.partial(&FOLD_ARGS, &[ev.builtin(&MERGE), f, Value::EMPTY_SET])
}

/// `lib.mergeAttrsByVersion`: a package's attributes merged with those of one version.
fn merge_attrs_by_version(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of, version, by_version, base] = exactly(args);
    let mut text = Text::new();
    text.interpolate(ev, of)?.put("-").interpolate(ev, version)?;
    let named = set_of(ev, &[("name", text.finish(ev)?)])?;
    let version = name(ev, version)?;
    let Some(own) = ev.mem.get(attrs(ev, by_version)?, version) else {
        let (of, version) = (text_of(ev, of)?, ev.name(version));
        return Err(throw(format!("bad version {version} for {of}")));
    };
    let all = ev.mem.list(&[named, share(ev, base)?, share(ev, own)?])?;
    by_func_defaults_clean(ev, &slot(all))
}

/// `lib.mkStrict`: old name of `mkOverride 0`.
fn mk_strict(ev: &Evaluator) -> Res<Value> {
    /// `mkOverride 0`
    static STRICT: Builtin = Builtin::hidden("mkOverride", &["content"], |ev, args, _| {
        let [content] = shared_args(ev, args)?;
        let kind = ev.mem.str("override")?;
        set_of(ev, &[("_type", kind), ("priority", ev.mem.int(0)?), ("content", content)])
    });
    let message = ev.mem.str("`mkStrict' is obsolete; use `mkOverride 0' instead.")?;
    trace(ev, message, ev.builtin(&STRICT))
}

suspended! {
    /// `addErrorContext "while evaluating ${name}" attrs.${name}`, by attribute.
    struct Named { attrs } []
}

impl Named<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.attrs, index)?;
        ev.force(e.slot).map_err(|error| context(error, format!("while evaluating {}", ev.name(e.name))))
    }
}

/// `lib.addErrorContextToAttrs`: a set whose values name their attribute when they fail.
fn add_error_context_to_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    map_set(ev, attrs(ev, set)?, |attrs| Named { attrs })
}

/// `lib.attrNamesToStr`: the names in a set as readable text.
fn attr_names_to_str(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    Ok(ev.mem.str(&names_text(ev, set)?)?)
}

/// `attrNamesToStr set`
fn names_text(ev: &Evaluator, set: &Slot) -> Res<String> {
    let names: Vec<String> = entries(ev, set)?.iter().map(|e| format!("{}=", ev.name(e.name))).collect();
    Ok(names.join("; "))
}

/// `lib.showVal`: a description of a value.
fn show_val(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    shown(ev, x)
}

/// `showVal x`
fn shown(ev: &Evaluator, x: &Slot) -> Res<Value> {
    let v = ev.force(x)?;
    let mut text = Text::new();
    let mut start = |what: &str, of: Value| -> Res<()> {
        let text_of = ev.mem.text(to_string(ev, &slot(of))?);
        text.put(what).put(&text_of[..text_of.len().min(50)]).put("...'");
        Ok(())
    };
    match v.type_of() {
        Type::Attrs => {
            if has(ev, v, sym!("outPath")) {
                text.put("x is a derivation, name ");
                match get(ev, v, "name") {
                    Some(name) => text.interpolate(ev, name)?,
                    None => text.put("<no name>"),
                };
                text.put(", { ");
            } else {
                text.put("x is attr set { ");
            }
            text.put(names_text(ev, x)?).put(" }");
        }
        Type::Function | Type::Thunk => _ = text.put("x is a function"),
        Type::List => match ev.mem.items(v) {
            [] => _ = text.put("x is an empty list"),
            [first, ..] => _ = text.put("x is a list, first element is: ").add(ev, shown(ev, first)?),
        },
        Type::Bool => _ = text.put(if v == Value::TRUE { "x is boolean true" } else { "x is boolean false" }),
        Type::Null => _ = text.put("x is null"),
        Type::Int => _ = text.put("x is an integer `").add(ev, to_string(ev, x)?).put("'"),
        Type::String => start("x is a string `", v)?,
        Type::Path | Type::Float => start("x is probably a path `", v)?,
    }
    text.finish(ev)
}

/// `lib.traceShowVal`: prints a description of a value and returns the value.
fn trace_show_val(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    trace(ev, shown(ev, x)?, share(ev, x)?)
}

/// `trace (mark + what) then`
fn marked(ev: &Evaluator, mark: &Slot, what: Value, then: Value) -> Res<Value> {
    let what = ev.plus(ev.force(mark)?, &slot(what))?;
    trace(ev, what, then)
}

/// `lib.traceShowValMarked`: the same with a text before the description.
fn trace_show_val_marked(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [mark, x] = exactly(args);
    marked(ev, mark, shown(ev, x)?, share(ev, x)?)
}

/// `lib.traceValIfNot`: whether a value satisfies a condition; prints it if not.
fn trace_val_if_not(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [c, x] = exactly(args);
    match holds(ev, c, &[share(ev, x)?])? {
        true => Ok(Value::TRUE),
        false => trace(ev, shown(ev, x)?, Value::FALSE),
    }
}

/// `lib.traceXMLVal`: prints a value as XML and returns it.
fn trace_xml_val(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = shared_args(ev, args)?;
    trace(ev, call_builtin(ev, "toXML", &[x])?, x)
}

/// `lib.traceXMLValMarked`: the same with a text before the XML.
fn trace_xml_val_marked(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [mark, x] = exactly(args);
    let x = share(ev, x)?;
    marked(ev, mark, call_builtin(ev, "toXML", &[x])?, x)
}

suspended! {
    /// `traceShowValMarked mark x`
    struct Marked { mark, x }
}

impl Marked<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        marked(ev, self.mark, shown(ev, self.x)?, share(ev, self.x)?)
    }
}

/// `lib.traceCall`: calls a function and prints its argument and its result when they are forced.
fn trace_call(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, f, a] = exactly(args);
    traced(ev, n, f, [a])
}

/// `lib.traceCall2`: the same for two arguments.
fn trace_call2(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, f, a, b] = exactly(args);
    traced(ev, n, f, [a, b])
}

/// `lib.traceCall3`: the same for three arguments.
fn trace_call3(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, f, a, b, c] = exactly(args);
    traced(ev, n, f, [a, b, c])
}

fn traced<const N: usize>(ev: &Evaluator, name: &Slot, f: &Slot, args: [&Slot; N]) -> Res<Value> {
    let mark = |what: String| -> Res<Value> {
        let mut text = Text::new();
        text.interpolate(ev, name)?.put(" ").put(what).put(":");
        text.finish(ev)
    };
    let mut shown_args = Vec::with_capacity(N);
    for (i, arg) in args.into_iter().enumerate() {
        let mark = mark(format!("arg {}", i + 1))?;
        shown_args.push(ev.delay(Marked { mark, x: share(ev, arg)? })?);
    }
    let result = slot(ev.delay_call(share(ev, f)?, &shown_args)?);
    let mark = slot(mark("result".to_owned())?);
    marked(ev, &mark, shown(ev, &result)?, share(ev, &result)?)
}

/// `lib.strict`: a value, deeply evaluated except for derivations and functions.
fn strict(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    fn traverse(ev: &Evaluator, x: &Slot) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(x)?;
        match v.type_of() {
            Type::Attrs if !has(ev, v, sym!("outPath")) => {
                ev.mem.entries_by_name(v).iter().try_for_each(|e| traverse(ev, e.slot))
            }
            Type::List => ev.mem.items(v).iter().try_for_each(|item| traverse(ev, item)),
            _ => Ok(()),
        }
    }
    let [x] = exactly(args);
    traverse(ev, x)?;
    ev.force(x)
}
