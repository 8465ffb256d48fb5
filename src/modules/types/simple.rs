//! Types of values without structure: Booleans, numbers, strings, packages.

use super::make::{Spec, functor, nothing, noun};
use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::VALUE;
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, MERGE_OR, MERGE_SETS, definitions, value_of};
use crate::modules::messages::escape_string;
use crate::native::{Text, attr, call_builtin, get, interpolate, is_type, or_null, select, shared};
use crate::source::Pos;
use crate::value::{Context, Record, Type, Value, slot};

/// The built-in function of this name, with which nixpkgs checks values of some types.
fn check_with(ev: &Evaluator, name: &str) -> Res<Value> {
    match crate::builtins::find(name) {
        Some(builtin) => Ok(ev.builtin(builtin)),
        None => Err(crate::eval::Error::eval(format!("the built-in function '{name}' is not available"))),
    }
}

static ANY: Builtin = Builtin::hidden("check", &["value"], |_, _, _| Ok(Value::TRUE));

fn plain(ev: &Evaluator, name: &str, description: &str, check: Value, merge: &'static Builtin) -> Res<Value> {
    let spec = Spec::noun(ev, name, description)?;
    Spec { check, merge: ev.builtin(merge), ..spec }.build(ev)
}

pub(super) fn raw(ev: &Evaluator) -> Res<Value> {
    plain(ev, "raw", "raw value", ev.builtin(&ANY), &MERGE_ONE)
}

pub(super) fn unspecified(ev: &Evaluator) -> Res<Value> {
    Spec::noun(ev, "unspecified", "unspecified value")?.build(ev)
}

pub(super) fn bool(ev: &Evaluator) -> Res<Value> {
    plain(ev, "bool", "boolean", check_with(ev, "isBool")?, &MERGE_EQUAL)
}

pub(super) fn bool_by_or(ev: &Evaluator) -> Res<Value> {
    plain(ev, "boolByOr", "boolean (merged using or)", check_with(ev, "isBool")?, &MERGE_OR)
}

pub(super) fn int(ev: &Evaluator) -> Res<Value> {
    plain(ev, "int", "signed integer", check_with(ev, "isInt")?, &MERGE_EQUAL)
}

pub(super) fn float(ev: &Evaluator) -> Res<Value> {
    plain(ev, "float", "floating point number", check_with(ev, "isFloat")?, &MERGE_EQUAL)
}

pub(super) fn str(ev: &Evaluator) -> Res<Value> {
    plain(ev, "str", "string", check_with(ev, "isString")?, &MERGE_EQUAL)
}

pub(super) fn non_empty_str(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let v = ev.force(&args[0])?;
        let blank = |c: &u8| matches!(c, b' ' | b'\t' | b'\n');
        Ok(Value::bool(v.is_string() && !ev.mem.text(v).iter().all(blank)))
    });
    plain(ev, "nonEmptyStr", "non-empty string", ev.builtin(&CHECK), &MERGE_EQUAL)
}

/// A string of one line; a newline at its end is dropped.
pub(super) fn single_line_str(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let v = ev.force(&args[0])?;
        if !v.is_string() {
            return Ok(Value::FALSE);
        }
        let line = ev.mem.text(v);
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        Ok(Value::bool(!line.iter().any(|c| matches!(c, b'\n' | b'\r'))))
    });
    static MERGE: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, pos| {
        let merged = (MERGE_EQUAL.run)(ev, args, pos)?;
        let merged = if merged.is_string() { merged } else { interpolate(ev, &slot(merged))? };
        match ev.mem.text(merged).strip_suffix(b"\n") {
            Some(line) => Ok(ev.mem.string(line, ev.mem.context(merged))?),
            None => Ok(merged),
        }
    });
    plain(
        ev,
        "singleLineStr",
        "(optionally newline-terminated) single-line string",
        ev.builtin(&CHECK),
        &MERGE,
    )
}

/// `lib.types.strMatching`
pub(in crate::modules) static STR_MATCHING: Builtin =
    Builtin::hidden("strMatching", &["pattern"], |ev, args, _| str_matching(ev, &args[0]));

fn str_matching(ev: &Evaluator, pattern: &Slot) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["pattern", "x"], |ev, args, _| {
        let v = ev.force(&args[1])?;
        if !v.is_string() {
            return Ok(Value::FALSE);
        }
        let found = call_builtin(ev, "match", &[ev.mem.share(&args[0])?, v])?;
        Ok(Value::bool(found != Value::NULL))
    });
    static PAYLOAD: Record<1> = Record::new(["pattern"]);
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let payload = ev.force(&args[0])?;
        str_matching(ev, attr(ev, payload, sym!("pattern"))?)
    });
    static WORDS: Lazy = Lazy {
        name: "types.strMatching",
        run: |ev, captures, index| {
            let mut text = Text::default();
            if index == 0 {
                let pattern = ev.force_string(&captures[0], Pos::NONE, "")?;
                text.put("strMatching ").put(escape_string(ev.mem.text(pattern)));
            } else {
                text.put("string matching the pattern ").interpolate(ev, &captures[0])?;
            }
            text.finish(ev)
        },
    };
    let pattern = ev.mem.share(pattern)?;
    let words = ev.delays_raw(&WORDS, &[pattern])?;
    let payload = ev.mem.record(&PAYLOAD, [pattern])?;
    let name = Value::native(0, words);
    let functor = functor(ev, "strMatching", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&IF_EQUAL))?;
    let spec = Spec {
        name,
        description: Value::native(1, words),
        class: noun(ev)?,
        check: ev.partial(&CHECK, &[pattern])?,
        merge: ev.builtin(&MERGE_EQUAL),
        functor,
        ..Spec::new(ev, "")?
    };
    spec.build(ev)
}

/// The payload that two types have in common, or null.
pub(super) static IF_EQUAL: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    let (left, right) = (ev.force(&args[0])?, ev.force(&args[1])?);
    Ok(if ev.equal_values(left, right, Pos::NONE)? { left } else { Value::NULL })
});

/// `lib.types.separatedString`
pub(in crate::modules) static SEPARATED_STRING: Builtin =
    Builtin::hidden("separatedString", &["sep"], |ev, args, _| separated_string(ev, ev.mem.share(&args[0])?));

/// Strings whose definitions are put together with a separator.
pub(super) fn separated_string(ev: &Evaluator, separator: Value) -> Res<Value> {
    static PAYLOAD: Record<1> = Record::new(["sep"]);
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let payload = ev.force(&args[0])?;
        separated_string(ev, shared(ev, payload, sym!("sep"))?)
    });
    static SAME: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
        let (left, right) = (ev.force(&args[0])?, ev.force(&args[1])?);
        let separators = (select(ev, left, sym!("sep"))?, select(ev, right, sym!("sep"))?);
        match ev.equal_values(separators.0, separators.1, Pos::NONE)? {
            true => Ok(ev.mem.record(&PAYLOAD, [separators.0])?),
            false => Ok(Value::NULL),
        }
    });
    static DESCRIPTION: Lazy = Lazy {
        name: "types.separatedString",
        run: |ev, captures, _| {
            let json = crate::builtins::to_json(ev, &captures[0], true)?;
            Ok(ev.mem.concat(&[b"strings concatenated with ", &json], Context::EMPTY)?)
        },
    };
    let payload = ev.mem.record(&PAYLOAD, [separator])?;
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[separator])?,
        class: noun(ev)?,
        check: check_with(ev, "isString")?,
        merge: ev.partial(&MERGE_STRINGS, &[separator])?,
        functor: functor(ev, "separatedString", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&SAME))?,
        ..Spec::new(ev, "separatedString")?
    };
    spec.build(ev)
}

static MERGE_STRINGS: Builtin = Builtin::hidden("merge", &["sep", "loc", "defs"], |ev, args, pos| {
    let doing =
        "while evaluating the first argument (the separator string) passed to builtins.concatStringsSep";
    let separator = ev.force_string(&args[0], pos, doing)?;
    let mut out = Text::default();
    for (i, def) in definitions(ev, &args[2])?.iter().enumerate() {
        if i > 0 {
            out.add(ev, separator);
        }
        let set = ev.force(def)?;
        out.interpolate(ev, attr(ev, set, sym!("value"))?)?;
    }
    out.finish(ev)
});

pub(super) fn attrs(ev: &Evaluator) -> Res<Value> {
    let spec = Spec {
        description: ev.mem.str("attribute set")?,
        check: check_with(ev, "isAttrs")?,
        merge: ev.builtin(&MERGE_SETS),
        empty: ev.mem.record(&VALUE, [Value::EMPTY_SET])?,
        ..Spec::new(ev, "attrs")?
    };
    spec.build(ev)
}

/// What `lib.generators.mkLuaInline` makes.
pub(super) fn lua_inline(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        Ok(Value::bool(is_type(ev, ev.force(&args[0])?, b"lua-inline")?))
    });
    plain(ev, "luaInline", "inline lua", ev.builtin(&CHECK), &MERGE_EQUAL)
}

/// An option that has not been evaluated.
pub(super) fn option_declaration(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["opt"], |ev, args, _| {
        let v = ev.force(&args[0])?;
        Ok(Value::bool(is_type(ev, v, b"option")? && get(ev, v, sym!("value")).is_none()))
    });
    let spec = Spec::noun(ev, "optionDeclaration", "option declaration")?;
    Spec { check: ev.builtin(&CHECK), ..spec }.build(ev)
}

// Packages.

/// Whether a forced value is a derivation in the eyes of `lib.isDerivation`.
fn is_derivation(ev: &Evaluator, v: Value) -> Res<bool> {
    let kind = or_null(ev, v, sym!("type"))?;
    Ok(kind.is_string() && ev.mem.text(kind) == b"derivation")
}

/// Whether a forced value has a string as `lib.isStringLike` sees it.
pub(in crate::modules) fn is_string_like(ev: &Evaluator, v: Value) -> bool {
    matches!(v.type_of(), Type::String | Type::Path)
        || get(ev, v, sym!("outPath")).is_some()
        || get(ev, v, sym!("__toString")).is_some()
}

/// `lib.isStorePath`: whether a value is a path directly in the store.
fn is_store_path(ev: &Evaluator, v: Value) -> Res<bool> {
    if !is_string_like(ev, v) {
        return Ok(false);
    }
    let path = crate::native::to_string(ev, &slot(v))?;
    let path = ev.mem.text(path);
    let Some(slash) = path.iter().rposition(|c| *c == b'/') else {
        return Ok(false);
    };
    if path.first() != Some(&b'/') {
        return Ok(false);
    }
    const HASH: usize = 52;
    let hash = &path[1..];
    let content_addressed =
        hash.len() == HASH && hash.iter().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase());
    let folder = if slash == 0 { &b"/"[..] } else { &path[..slash] };
    Ok(folder == ev.settings.store_dir.as_bytes() || content_addressed)
}

static IS_PACKAGE: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
    let v = ev.force(&args[0])?;
    Ok(Value::bool(is_derivation(ev, v)? || is_store_path(ev, v)?))
});

static MERGE_PACKAGES: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, pos| {
    let one = (MERGE_ONE.run)(ev, args, pos)?;
    let bare = match one.type_of() {
        Type::Path => true,
        Type::String => ev.mem.context(one).is_empty(),
        _ => false,
    };
    if bare { to_derivation(ev, one) } else { Ok(one) }
});

/// `lib.toDerivation`: a store path as a derivation with one output.
fn to_derivation(ev: &Evaluator, path: Value) -> Res<Value> {
    let lib = crate::modules::native_lib(ev)?;
    match get(ev, lib, ev.intern("toDerivation")?) {
        Some(f) => ev.call(ev.force(f)?, &[path], Pos::NONE),
        None => call_builtin(ev, "storePath", &[path]),
    }
}

pub(super) fn package(ev: &Evaluator) -> Res<Value> {
    let spec = Spec {
        class: noun(ev)?,
        check: ev.builtin(&IS_PACKAGE),
        merge: ev.builtin(&MERGE_PACKAGES),
        ..Spec::new(ev, "package")?
    };
    spec.build(ev)
}

pub(super) fn shell_package(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let v = ev.force(&args[0])?;
        Ok(Value::bool(is_derivation(ev, v)? && get(ev, v, ev.intern("shellPath")?).is_some()))
    });
    static CHANGED: Record<1> = Record::new(["check"]);
    let package = super::named(ev, "package")?;
    Ok(ev.mem.update(package, ev.mem.record(&CHANGED, [ev.builtin(&CHECK)])?)?)
}

/// A function below `lib.fileset`.
fn fileset_function(ev: &Evaluator, lib: &Slot, name: &str) -> Res<Value> {
    let fileset = select(ev, ev.force(lib)?, ev.intern("fileset")?)?;
    select(ev, fileset, ev.intern(name)?)
}

pub(super) fn fileset(ev: &Evaluator, lib: Value) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["lib", "x"], |ev, args, pos| {
        ev.call(fileset_function(ev, &args[0], "isFileset")?, &[ev.mem.share(&args[1])?], pos)
    });
    static MERGE: Builtin = Builtin::hidden("merge", &["lib", "loc", "defs"], |ev, args, pos| {
        let values: Res<Vec<Value>> =
            definitions(ev, &args[2])?.iter().map(|def| value_of(ev, def)).collect();
        ev.call(fileset_function(ev, &args[0], "unions")?, &[ev.mem.list(&values?)?], pos)
    });
    static LATER: Lazy = Lazy {
        name: "types.fileset",
        run: |ev, captures, index| match index {
            0 => fileset_function(ev, &captures[0], "empty"),
            _ => {
                let types = select(ev, ev.force(&captures[0])?, ev.intern("types")?)?;
                select(ev, types, ev.intern("fileset")?)
            }
        },
    };
    let later = ev.delays_raw(&LATER, &[lib])?;
    let spec = Spec {
        class: noun(ev)?,
        check: ev.partial(&CHECK, &[lib])?,
        merge: ev.partial(&MERGE, &[lib])?,
        empty: ev.mem.record(&VALUE, [Value::native(0, later)])?,
        // The type that two declarations make is that of the same `lib`.
        functor: functor(ev, "fileset", Value::native(1, later), Value::NULL, nothing(ev)?)?,
        ..Spec::new(ev, "fileset")?
    };
    spec.build(ev)
}
