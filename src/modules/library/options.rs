//! `lib.options`: functions that declare options and describe them.

use super::{literals, option_docs, package_option};
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{MERGE_DEFAULT, MERGE_EQUAL, MERGE_ONE, definitions, unique};
use crate::modules::messages::{self, UNKNOWN};
use crate::modules::types;
use crate::native::{
    Table, Text, attr, computed, function, get, is_type, items, list, native, pattern, select, share,
    text_of, throw,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Record, Value, peek, slot};

/// The names in `lib.options`.
pub(super) static TABLE: Table = Table {
    namespace: "options",
    entries: &[
        function("getFiles", &["defs"], |ev, args, _| each(ev, args, sym!("file"))).top(),
        function("getValues", &["defs"], |ev, args, _| each(ev, args, sym!("value"))).top(),
        function("isOption", &["x"], is_option).top(),
        function("literalCode", &["languageTag", "text"], literals::literal_code),
        function("literalExpression", &["text"], literals::literal_expression).top(),
        function("literalMD", &["text"], literals::literal_md).top(),
        native("mergeDefaultOption", &MERGE_DEFAULT).top(),
        native("mergeEqualOption", &MERGE_EQUAL).top(),
        native("mergeOneOption", &MERGE_ONE).top(),
        pattern("mergeUniqueOption", &["args", "loc", "defs"], &[MERGE_UNIQUE_ARGS], merge_unique).top(),
        function("mkEnableOption", &["name"], mk_enable_option).top(),
        pattern("mkOption", &["args"], &[MK_OPTION_ARGS], |ev, args, pos| {
            let [args] = exactly(args);
            mk_option(ev, args, pos)
        })
        .top(),
        pattern(
            "mkPackageOption",
            &["pkgs", "name", "args"],
            &[package_option::ARGS],
            package_option::mk_package_option,
        )
        .top(),
        function("mkSinkUndeclaredOptions", &["attrs"], mk_sink_undeclared_options).top(),
        function("optionAttrSetToDocList", &["options"], |ev, args, _| {
            let [options] = exactly(args);
            option_docs::doc_list(ev, options)
        })
        .top(),
        function("optionAttrSetToDocList'", &["prefix", "options"], |ev, args, _| {
            let [_, options] = exactly(args);
            option_docs::doc_list(ev, options)
        })
        .top(),
        function("renderOptionValue", &["v"], |ev, args, _| {
            let [v] = exactly(args);
            literals::render(ev, v)
        }),
        native("scrubOptionValue", &option_docs::SCRUB).top(),
        function("showDefs", &["defs"], show_defs),
        function("showFiles", &["files"], show_files).top(),
        function("showOption", &["parts"], show_option).top(),
        function("showOptionWithDefLocs", &["opt"], show_option_with_def_locs).top(),
        computed("unknownModule", |ev| Ok(ev.mem.str(UNKNOWN)?)).top(),
    ],
};

suspended! {
    /// An attribute of each definition in a list.
    struct Each { defs, name } []
}

impl Each<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let set = ev.force(&ev.mem.items(peek(self.defs))[index])?;
        select(ev, set, ev.mem.symbol_of(peek(self.name))?)
    }
}

/// `lib.options.getValues`, `lib.options.getFiles`: an attribute of each definition.
fn each(ev: &Evaluator, args: &[Slot], name: Sym) -> Res<Value> {
    let [defs] = exactly(args);
    let defs = list(ev, defs)?;
    ev.delayed_list(Each { defs, name: Value::symbol(name) }, defs.list_len())
}

/// `lib.options.isOption`
fn is_option(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_type(ev, ev.force(x)?, b"option")?))
}

/// The arguments of `mergeUniqueOption`.
const MERGE_UNIQUE_ARGS: Formals =
    Formals { arg: 0, names: &[("message", false), ("merge", true)], ellipsis: false };

/// `lib.options.mergeUniqueOption`
fn merge_unique(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args, loc, defs] = exactly(args);
    let set = ev.force_formals("mergeUniqueOption", args, &MERGE_UNIQUE_ARGS, pos)?;
    let message = attr(ev, set, sym!("message"))?;
    unique(ev, message, get(ev, set, sym!("merge")), loc, defs)
}

/// The arguments of `mkOption`.
const MK_OPTION_ARGS: Formals = Formals {
    arg: 0,
    names: &[
        ("default", true),
        ("defaultText", true),
        ("example", true),
        ("description", true),
        ("relatedPackages", true),
        ("type", true),
        ("apply", true),
        ("internal", true),
        ("visible", true),
        ("readOnly", true),
    ],
    ellipsis: false,
};

/// `lib.options.mkOption`
fn mk_option(ev: &Evaluator, args: &Slot, pos: Pos) -> Res<Value> {
    static TAG: Record<1> = Record::new(["_type"]);
    let set = ev.force_formals("mkOption", args, &MK_OPTION_ARGS, pos)?;
    Ok(ev.mem.update(set, ev.mem.record(&TAG, [Value::symbol(sym!("option"))])?)?)
}

suspended! {
    /// `"Whether to enable ${name}."`
    struct WhetherToEnable { name }
}

impl WhetherToEnable<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut out = Text::default();
        out.put("Whether to enable ").interpolate(ev, self.name)?.put(".");
        out.finish(ev)
    }
}

/// `lib.options.mkEnableOption`
fn mk_enable_option(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static OPTION: Record<5> = Record::new(["_type", "default", "example", "description", "type"]);
    let [name] = exactly(args);
    let description = ev.delay(WhetherToEnable { name: share(ev, name)? })?;
    let ty = types::named(ev, "bool")?;
    let tag = Value::symbol(sym!("option"));
    Ok(ev.mem.record(&OPTION, [tag, Value::FALSE, Value::TRUE, description, ty])?)
}

/// `lib.options.mkSinkUndeclaredOptions`
fn mk_sink_undeclared_options(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static FALSE: Builtin = Builtin::hidden("merge", &["loc", "defs"], |_, _, _| Ok(Value::FALSE));
    static FAIL: Builtin = Builtin::hidden("apply", &["x"], |_, _, _| {
        Err(throw("Option value is not readable because the option is not declared."))
    });
    let [given] = exactly(args);
    let sink = types::Spec { merge: ev.builtin(&FALSE), ..types::Spec::new(ev, "sink")? };
    let mut option = AttrsBuilder::new();
    option.push(sym!("internal"), Value::TRUE);
    option.push(sym!("visible"), Value::FALSE);
    option.push(sym!("default"), Value::FALSE);
    option.push(sym!("description"), ev.mem.str("Sink for option definitions.")?);
    option.push(sym!("type"), sink.build(ev)?);
    option.push(sym!("apply"), ev.builtin(&FAIL));
    let doing = "in the right operand of the update (//) operator";
    let given = ev.force_attrs(given, Pos::NONE, doing)?;
    mk_option(ev, &slot(ev.mem.update(ev.mem.attrs(option)?, given)?), Pos::NONE)
}

/// `lib.options.showOption`
fn show_option(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [parts] = exactly(args);
    Ok(ev.mem.string(&messages::path_text(ev, items(ev, parts)?)?, Context::EMPTY)?)
}

/// `lib.options.showFiles`
fn show_files(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [files] = exactly(args);
    Ok(ev.mem.str(&messages::files(ev, items(ev, files)?)?)?)
}

/// `lib.options.showDefs`
fn show_defs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [defs] = exactly(args);
    let defs = messages::words(definitions(ev, defs)?);
    Ok(ev.mem.str(&messages::definitions(ev, &defs)?)?)
}

/// `lib.options.showOptionWithDefLocs`
fn show_option_with_def_locs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [option] = exactly(args);
    let option = ev.force(option)?;
    let path = messages::option(ev, list(ev, attr(ev, option, sym!("loc"))?)?)?;
    let mut lines = Vec::new();
    for file in items(ev, attr(ev, option, sym!("files"))?)? {
        lines.push(format!("  - {}", text_of(ev, file)?));
    }
    Ok(ev.mem.str(&format!("{path}, with values defined in:\n{}\n", lines.join("\n")))?)
}
