//! `lib.options`: declaring options and talking about them.

use super::docs;
use super::entries::Entry;
use super::merging::{
    GET_FILES, GET_VALUES, MERGE_DEFAULT, MERGE_EQUAL, MERGE_ONE, MERGE_UNIQUE, definitions,
};
use super::show::{self, UNKNOWN};
use super::types;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::native::{Text, attr, get, interpolate, is_type, text, throw, truth};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Record, Value, slot};

/// The names in `lib.options`.
pub(super) static TABLE: &[Entry] = &[
    Entry::function("getFiles", &GET_FILES).top(),
    Entry::function("getValues", &GET_VALUES).top(),
    Entry::function("isOption", &IS_OPTION).top(),
    Entry::function("literalCode", &docs::LITERAL_CODE),
    Entry::function("literalExpression", &docs::LITERAL_EXPRESSION).top(),
    Entry::function("literalMD", &docs::LITERAL_MD).top(),
    Entry::function("mergeDefaultOption", &MERGE_DEFAULT).top(),
    Entry::function("mergeEqualOption", &MERGE_EQUAL).top(),
    Entry::function("mergeOneOption", &MERGE_ONE).top(),
    Entry::function("mergeUniqueOption", &MERGE_UNIQUE).top(),
    Entry::function("mkEnableOption", &MK_ENABLE).top(),
    Entry::function("mkOption", &MK_OPTION).top(),
    Entry::function("mkPackageOption", &MK_PACKAGE).top(),
    Entry::function("mkSinkUndeclaredOptions", &MK_SINK).top(),
    Entry::function("optionAttrSetToDocList", &docs::DOC_LIST).top(),
    Entry::function("optionAttrSetToDocList'", &docs::DOC_LIST_BELOW).top(),
    Entry::function("renderOptionValue", &docs::RENDER),
    Entry::function("scrubOptionValue", &docs::SCRUB).top(),
    Entry::function("showDefs", &SHOW_DEFS),
    Entry::function("showFiles", &SHOW_FILES).top(),
    Entry::function("showOption", &SHOW_OPTION).top(),
    Entry::function("showOptionWithDefLocs", &SHOW_WITH_LOCS).top(),
    Entry::computed("unknownModule", |ev| Ok(ev.mem.str(UNKNOWN)?)).top(),
];

static IS_OPTION: Builtin = Builtin::hidden("isOption", &["x"], |ev, args, _| {
    Ok(Value::bool(is_type(ev, ev.force(&args[0])?, b"option")?))
});

static OPTION_TAG: Record<1> = Record::new(["_type"]);

/// What `mkOption` is called with.
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
static MK_OPTION: Builtin = Builtin::hidden("mkOption", &["args"], |ev, args, pos| {
    let set = ev.force_formals("mkOption", &args[0], &MK_OPTION_ARGS, pos)?;
    Ok(ev.mem.update(set, ev.mem.record(&OPTION_TAG, [Value::symbol(sym!("option"))])?)?)
})
.with_formals(&[MK_OPTION_ARGS]);

/// `lib.options.mkEnableOption`
static MK_ENABLE: Builtin = Builtin::hidden("mkEnableOption", &["name"], |ev, args, _| {
    static OPTION: Record<5> = Record::new(["_type", "default", "example", "description", "type"]);
    static DESCRIPTION: Lazy = Lazy {
        name: "lib.mkEnableOption",
        run: |ev, captures, _| {
            let mut out = Text::default();
            out.put("Whether to enable ").interpolate(ev, &captures[0])?.put(".");
            out.finish(ev)
        },
    };
    let description = ev.delay_raw(&DESCRIPTION, &[ev.mem.share(&args[0])?])?;
    let ty = types::named(ev, "bool")?;
    let tag = Value::symbol(sym!("option"));
    Ok(ev.mem.record(&OPTION, [tag, Value::FALSE, Value::TRUE, description, ty])?)
});

/// `lib.toList`
fn to_list(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let v = ev.force(v)?;
    if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
}

/// `lib.showAttrPath`
fn attr_path(ev: &Evaluator, path: Value) -> Res<String> {
    let names: Res<Vec<String>> = ev
        .mem
        .items(path)
        .iter()
        .map(|name| {
            let name = ev.force_string(name, Pos::NONE, "")?;
            Ok(String::from_utf8_lossy(&show::escape_identifier(ev.mem.text(name))).into_owned())
        })
        .collect();
    let names = names?;
    Ok(if names.is_empty() { "<root attribute path>".to_owned() } else { names.join(".") })
}

/// What `mkPackageOption` is called with.
const MK_PACKAGE_OPTION_ARGS: Formals = Formals {
    arg: 2,
    names: &[
        ("nullable", true),
        ("default", true),
        ("example", true),
        ("extraDescription", true),
        ("pkgsText", true),
    ],
    ellipsis: false,
};

/// `lib.options.mkPackageOption`
static MK_PACKAGE: Builtin =
    Builtin::hidden("mkPackageOption", &["pkgs", "name", "args"], |ev, args, pos| {
        let set = ev.force_formals("mkPackageOption", &args[2], &MK_PACKAGE_OPTION_ARGS, pos)?;
        let name = ev.mem.share(&args[1])?;
        let or = |attribute, default: Value| match get(ev, set, attribute) {
            Some(given) => ev.mem.share(given),
            None => Ok(default),
        };
        let pkgs_text = or(sym!("pkgsText"), ev.mem.str("pkgs")?)?;
        let default = or(sym!("default"), name)?;
        let nullable = match get(ev, set, sym!("nullable")) {
            Some(nullable) => truth(ev, ev.force(nullable)?)?,
            None => false,
        };
        let mut option = AttrsBuilder::new();
        let default = slot(default);
        if ev.force(&default)? != Value::NULL {
            let path = to_list(ev, &default)?;
            let captures = [path, ev.mem.share(&args[0])?, pkgs_text];
            option.push(sym!("default"), ev.delay_raw(&PACKAGE, &captures)?);
            option.push(sym!("defaultText"), package_text(ev, path, &slot(pkgs_text))?);
        } else if nullable {
            option.push(sym!("default"), Value::NULL);
        }
        let extra = or(sym!("extraDescription"), Value::symbol(sym!("")))?;
        option.push(sym!("description"), ev.delay_raw(&PACKAGE_DESCRIPTION, &[name, extra])?);
        let package = types::named(ev, "package")?;
        option.push(sym!("type"), if nullable { types::null_or(ev, package)? } else { package });
        if let Some(example) = get(ev, set, sym!("example"))
            && ev.force(example)? != Value::NULL
        {
            let example = ev.force(example)?;
            let text = match example.is_list() {
                true => package_text(ev, example, &slot(pkgs_text))?,
                false => docs::literal(ev, &slot(example))?,
            };
            option.push(sym!("example"), text);
        }
        option.push(sym!("_type"), Value::symbol(sym!("option")));
        Ok(ev.mem.attrs(option)?)
    })
    .with_formals(&[MK_PACKAGE_OPTION_ARGS]);

fn package_text(ev: &Evaluator, path: Value, pkgs_text: &Slot) -> Res<Value> {
    let mut out = Text::default();
    out.interpolate(ev, pkgs_text)?.put(".").put(attr_path(ev, path)?);
    docs::literal(ev, &slot(out.finish(ev)?))
}

/// The package at a path of a package set.
static PACKAGE: Lazy = Lazy {
    name: "lib.mkPackageOption",
    run: |ev, captures, _| {
        let path = ev.force(&captures[0])?;
        let mut found = ev.force(&captures[1])?;
        for name in ev.mem.items(path) {
            let name = ev.force_name(name, Pos::NONE, "while evaluating an attribute name")?;
            match get(ev, found, name) {
                Some(inner) => found = ev.force(inner)?,
                None => {
                    if let Some(answer) = ev.open_attribute(found, name)? {
                        found = ev.force(answer)?;
                        continue;
                    }
                    let set = text(ev, interpolate(ev, &captures[2])?);
                    return Err(throw(format!("{} cannot be found in {set}", attr_path(ev, path)?)));
                }
            }
        }
        Ok(found)
    },
};

static PACKAGE_DESCRIPTION: Lazy = Lazy {
    name: "lib.mkPackageOption.description",
    run: |ev, captures, _| {
        let name = ev.force(&captures[0])?;
        let name = match ev.mem.items(name).last() {
            Some(last) if name.is_list() => interpolate(ev, last)?,
            None if name.is_list() => return Err(throw("lists.last: list must not be empty!")),
            _ => interpolate(ev, &captures[0])?,
        };
        let extra = ev.force_string(&captures[1], Pos::NONE, "")?;
        let mut out = Text::default();
        out.put("The ").add(ev, name).put(" package to use.");
        if !ev.mem.text(extra).is_empty() {
            out.put(" ").add(ev, extra);
        }
        out.finish(ev)
    },
};

/// `lib.options.mkSinkUndeclaredOptions`
static MK_SINK: Builtin = Builtin::hidden("mkSinkUndeclaredOptions", &["attrs"], |ev, args, _| {
    static FALSE: Builtin = Builtin::hidden("merge", &["loc", "defs"], |_, _, _| Ok(Value::FALSE));
    static FAIL: Builtin = Builtin::hidden("apply", &["x"], |_, _, _| {
        Err(throw("Option value is not readable because the option is not declared."))
    });
    let sink = types::make::Spec { merge: ev.builtin(&FALSE), ..types::make::Spec::new(ev, "sink")? };
    let mut option = AttrsBuilder::new();
    option.push(sym!("internal"), Value::TRUE);
    option.push(sym!("visible"), Value::FALSE);
    option.push(sym!("default"), Value::FALSE);
    option.push(sym!("description"), ev.mem.str("Sink for option definitions.")?);
    option.push(sym!("type"), sink.build(ev)?);
    option.push(sym!("apply"), ev.builtin(&FAIL));
    let doing = "in the right operand of the update (//) operator";
    let given = ev.force_attrs(&args[0], Pos::NONE, doing)?;
    let all = ev.mem.update(ev.mem.attrs(option)?, given)?;
    ev.call(ev.builtin(&MK_OPTION), &[all], Pos::NONE)
});

/// `lib.options.showOption`
static SHOW_OPTION: Builtin = Builtin::hidden("showOption", &["parts"], |ev, args, _| {
    let parts = ev.force_list(&args[0], Pos::NONE, "")?;
    Ok(ev.mem.string(&show::path_text(ev, ev.mem.items(parts))?, Context::EMPTY)?)
});

/// `lib.options.showFiles`
static SHOW_FILES: Builtin = Builtin::hidden("showFiles", &["files"], |ev, args, _| {
    let files = ev.force_list(&args[0], Pos::NONE, "")?;
    Ok(ev.mem.str(&show::files(ev, ev.mem.items(files))?)?)
});

/// `lib.options.showDefs`
static SHOW_DEFS: Builtin = Builtin::hidden("showDefs", &["defs"], |ev, args, _| {
    let defs = show::words(definitions(ev, &args[0])?);
    Ok(ev.mem.str(&show::definitions(ev, &defs)?)?)
});

/// `lib.options.showOptionWithDefLocs`
static SHOW_WITH_LOCS: Builtin = Builtin::hidden("showOptionWithDefLocs", &["opt"], |ev, args, _| {
    let option = ev.force(&args[0])?;
    let loc = ev.force_list(attr(ev, option, sym!("loc"))?, Pos::NONE, "")?;
    let path = show::option(ev, loc)?;
    let files = ev.force_list(attr(ev, option, sym!("files"))?, Pos::NONE, "")?;
    let mut lines = Vec::new();
    for file in ev.mem.items(files) {
        lines.push(format!("  - {}", text(ev, interpolate(ev, file)?)));
    }
    Ok(ev.mem.str(&format!("{path}, with values defined in:\n{}\n", lines.join("\n")))?)
});
