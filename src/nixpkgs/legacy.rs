//! Names that `lib` no longer has, for modules of 2013 and later: they do what the `lib` of their time did.

use super::attrsets::{map_set, own_entry};
use super::entry::{Entry, Table, alias, computed, function};
use super::function_args::is_function;
use super::misc_merge::{default_merge, fold_args, merge_attrs_by_func_defaults_clean};
use super::support::{
    Text, apply, attrs, call_builtin, entries, get, items, select, set_of, share, throw, to_string, truth,
};
use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// Names at the top only.
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
    function("mapAttrsFlatten", &["f", "attrs"], map_attrs_flatten),
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
    function("attrNamesToStr", &["a"], |ev, a, _| attr_names_to_str(ev, &a[0])),
    function("showVal", &["x"], |ev, a, _| show_val(ev, &a[0])),
    function("traceShowVal", &["x"], trace_show_val),
    function("traceShowValMarked", &["str", "x"], trace_show_val_marked),
    function("traceValIfNot", &["c", "x"], trace_val_if_not),
    function("traceXMLVal", &["x"], trace_xml_val),
    function("traceXMLValMarked", &["str", "x"], trace_xml_val_marked),
    function("traceCall", &["n", "f", "a"], |ev, a, _| trace_call(ev, a)),
    function("traceCall2", &["n", "f", "a", "b"], |ev, a, _| trace_call(ev, a)),
    function("traceCall3", &["n", "f", "a", "b", "c"], |ev, a, _| trace_call(ev, a)),
    function("strict", &["x"], strict),
];

/// `lib.eqStrings`: whether two strings are equal, whatever their contexts.
fn eq_strings(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    // Of that time: `a + (substring 0 0 b)`.
    let empty = ev.mem.str("")?;
    let (x, y) = (ev.plus(ev.force(&a[0])?, &slot(empty))?, ev.plus(ev.force(&a[1])?, &slot(empty))?);
    Ok(Value::bool(ev.mem.text(x) == ev.mem.text(y)))
}

/// `lib.makePerlPath`: the search path for Perl's modules.
fn make_perl_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let below = slot(ev.mem.str("lib/perl5/site_perl")?);
    super::strings::search_path_of(ev, &a[0], &below, |path| ev.force(path))
}

/// `lib.deepSeqList`, `deepSeqAttrs`: evaluates a value completely, then gives another.
fn deep_seq(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    ev.force_deep(&a[0])?;
    ev.force(&a[1])
}

/// `lib.zipTwoLists`: the elements of two lists side by side, as `first` and `second`.
fn zip_two_lists(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut pairs = Vec::new();
    for (x, y) in items(ev, &a[0])?.iter().zip(items(ev, &a[1])?) {
        pairs.push(set_of(ev, &[("first", share(ev, x)?), ("second", share(ev, y)?)])?);
    }
    Ok(ev.mem.list(&pairs)?)
}

/// `lib.mapAttrsFlatten`: old name of `mapAttrsToList`.
fn map_attrs_flatten(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    super::attrsets::map_attrs_to_list(ev, a, pos)
}

/// `lib.zipWithNames`: old name of `zipAttrsWithNames`.
fn zip_with_names(ev: &Evaluator) -> Res<Value> {
    let lib = super::names(ev)?;
    ev.force(select(ev, lib, "zipAttrsWithNames")?)
}

/// `lib.zip`: old name of `zipAttrsWith`.
fn zip(ev: &Evaluator) -> Res<Value> {
    let lib = super::names(ev)?;
    let new = ev.force(select(ev, lib, "zipAttrsWith")?)?;
    call_builtin(ev, "trace", &[ev.mem.str("lib.zip is deprecated, use lib.zipAttrsWith instead")?, new])
}

/// `lib.applyIfFunction`: the result of a function, or the value itself.
fn apply_if_function(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let f = ev.force(&a[0])?;
    if is_function(ev, f)? { ev.call(f, &[share(ev, &a[1])?], Pos::NONE) } else { Ok(f) }
}

/// `lib.addPassthru`: a derivation with more attributes, in all its outputs.
fn add_passthru(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let output = super::support::name(ev, select(ev, attrs(ev, &a[0])?, "outputName")?)?;
    let args = [slot(Value::TRUE), slot(share(ev, &a[1])?), slot(share(ev, &a[0])?)];
    let extended = super::customisation::extend_derivation(ev, &args, pos)?;
    ev.force(ev.attribute(extended, output, pos)?)
}

/// `lib.composedArgsAndFun`: a function whose results can be made again with more arguments.
fn composed_args_and_fun(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static MERGE: Builtin = Builtin::hidden("defaultMerge", &["x", "y"], default_merge);
    static FOLD: Builtin = Builtin::hidden("foldArgs", &["merger", "f", "init", "x"], fold_args);
    ev.partial(&FOLD, &[ev.builtin(&MERGE), share(ev, &a[0])?, Value::EMPTY_SET])
}

/// `lib.mergeAttrsByVersion`: a package's attributes with those for one version of it.
fn merge_attrs_by_version(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let mut text = Text::new();
    text.interpolate(ev, &a[0])?.put("-").interpolate(ev, &a[1])?;
    let named = set_of(ev, &[("name", text.finish(ev)?)])?;
    let version = super::support::name(ev, &a[1])?;
    let Some(own) = ev.mem.get(attrs(ev, &a[2])?, version) else {
        let (of, version) = (super::support::text_of(ev, &a[0])?, ev.name(version));
        return Err(throw(format!("bad version {version} for {of}")));
    };
    let all = ev.mem.list(&[named, share(ev, &a[3])?, share(ev, own)?])?;
    merge_attrs_by_func_defaults_clean(ev, &[slot(all)], pos)
}

/// `lib.mkStrict`: old name of `mkOverride 0`.
fn mk_strict(ev: &Evaluator) -> Res<Value> {
    static STRICT: Builtin = Builtin::hidden("mkOverride", &["content"], |ev, a, _| {
        let kind = ev.mem.str("override")?;
        set_of(ev, &[("_type", kind), ("priority", ev.mem.int(0)?), ("content", share(ev, &a[0])?)])
    });
    let message = ev.mem.str("`mkStrict' is obsolete; use `mkOverride 0' instead.")?;
    call_builtin(ev, "trace", &[message, ev.builtin(&STRICT)])
}

/// `lib.addErrorContextToAttrs`: a set whose values name their attribute when they fail.
fn add_error_context_to_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static NAMED: Lazy = Lazy {
        name: "lib.addErrorContextToAttrs",
        run: |ev, c, i| {
            let e = own_entry(ev, c, i)?;
            ev.force(e.slot).map_err(|error| {
                error.trace_always(Pos::NONE, format!("while evaluating {}", ev.name(e.name)))
            })
        },
    };
    map_set(ev, &NAMED, attrs(ev, &a[0])?, &[])
}

/// `lib.attrNamesToStr`: the names in a set, for people.
fn attr_names_to_str(ev: &Evaluator, set: &Slot) -> Res<Value> {
    let names: Vec<String> = entries(ev, set)?.iter().map(|e| format!("{}=", ev.name(e.name))).collect();
    Ok(ev.mem.str(&names.join("; "))?)
}

/// `lib.showVal`: what a value is, in a sentence.
fn show_val(ev: &Evaluator, x: &Slot) -> Res<Value> {
    let v = ev.force(x)?;
    let mut text = Text::new();
    let mut start = |what: &str, of: Value| -> Res<()> {
        let shown = ev.mem.text(to_string(ev, &slot(of))?);
        text.put(what).put(&shown[..shown.len().min(50)]).put("...'");
        Ok(())
    };
    match v.type_of() {
        Type::Attrs => {
            if get(ev, v, "outPath").is_some() {
                text.put("x is a derivation, name ");
                match get(ev, v, "name") {
                    Some(name) => text.interpolate(ev, name)?,
                    None => text.put("<no name>"),
                };
                text.put(", { ");
            } else {
                text.put("x is attr set { ");
            }
            text.add(ev, attr_names_to_str(ev, x)?).put(" }");
        }
        Type::Function | Type::Thunk => _ = text.put("x is a function"),
        Type::List => match ev.mem.items(v) {
            [] => _ = text.put("x is an empty list"),
            [first, ..] => _ = text.put("x is a list, first element is: ").add(ev, show_val(ev, first)?),
        },
        Type::Bool => _ = text.put(if v == Value::TRUE { "x is boolean true" } else { "x is boolean false" }),
        Type::Null => _ = text.put("x is null"),
        Type::Int => _ = text.put("x is an integer `").add(ev, to_string(ev, x)?).put("'"),
        Type::String => start("x is a string `", v)?,
        Type::Path | Type::Float => start("x is probably a path `", v)?,
    }
    text.finish(ev)
}

fn trace(ev: &Evaluator, what: Value, then: Value) -> Res<Value> {
    call_builtin(ev, "trace", &[what, then])
}

/// `lib.traceShowVal`: prints what a value is, and gives it.
fn trace_show_val(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    trace(ev, show_val(ev, &a[0])?, share(ev, &a[0])?)
}

fn marked(ev: &Evaluator, mark: &Slot, shown: Value, then: Value) -> Res<Value> {
    let what = ev.plus(ev.force(mark)?, &slot(shown))?;
    trace(ev, what, then)
}

/// `lib.traceShowValMarked`: the same with a text before it.
fn trace_show_val_marked(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    marked(ev, &a[0], show_val(ev, &a[1])?, share(ev, &a[1])?)
}

/// `lib.traceValIfNot`: whether a value fulfils a condition; prints it if not.
fn trace_val_if_not(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match truth(ev, apply(ev, &a[0], &[share(ev, &a[1])?])?)? {
        true => Ok(Value::TRUE),
        false => trace(ev, show_val(ev, &a[1])?, Value::FALSE),
    }
}

/// `lib.traceXMLVal`: prints a value as XML, and gives it.
fn trace_xml_val(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let x = share(ev, &a[0])?;
    trace(ev, call_builtin(ev, "toXML", &[x])?, x)
}

/// `lib.traceXMLValMarked`: the same with a text before it.
fn trace_xml_val_marked(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let x = share(ev, &a[1])?;
    marked(ev, &a[0], call_builtin(ev, "toXML", &[x])?, x)
}

/// `lib.traceCall`, `traceCall2`, `traceCall3`: calls a function and prints what its arguments and its result are, when
/// they are evaluated.
fn trace_call(ev: &Evaluator, a: &[Slot]) -> Res<Value> {
    /// Captures: the mark, and the value.
    static TRACED: Lazy =
        Lazy { name: "lib.traceCall", run: |ev, c, _| trace_show_val_marked(ev, c, Pos::NONE) };
    let mark = |what: String| -> Res<Value> {
        let mut text = Text::new();
        text.interpolate(ev, &a[0])?.put(" ").put(what).put(":");
        text.finish(ev)
    };
    let mut args = Vec::new();
    for (i, arg) in a[2..].iter().enumerate() {
        args.push(ev.delay(&TRACED, &[mark(format!("arg {}", i + 1))?, share(ev, arg)?])?);
    }
    let result = ev.delay_call(share(ev, &a[1])?, &args)?;
    trace_show_val_marked(ev, &[slot(mark("result".to_owned())?), slot(result)], Pos::NONE)
}

/// `lib.strict`: a value, evaluated completely except for derivations and functions.
fn strict(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    fn traverse(ev: &Evaluator, x: &Slot) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(x)?;
        match v.type_of() {
            Type::Attrs if get(ev, v, "outPath").is_none() => {
                ev.mem.entries_by_name(v).iter().try_for_each(|e| traverse(ev, e.slot))
            }
            Type::List => ev.mem.items(v).iter().try_for_each(|item| traverse(ev, item)),
            _ => Ok(()),
        }
    }
    traverse(ev, &a[0])?;
    ev.force(&a[0])
}
