//! Types of values without structure: Booleans, numbers, strings, packages.

use super::add_check::with_check;
use super::functor::{functor, nothing};
use super::made::made;
use super::make::{Spec, symbol};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::VALUE;
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, MERGE_OR, MERGE_SETS, definitions, value_of};
use crate::native::escape_string;
use crate::native::record;
use crate::native::{
    Text, attr, call_builtin, has, interpolate, is_store_path, is_type, select, share, shared, shared_args,
    string,
};
use crate::nixpkgs::to_derivation;
use crate::source::Pos;
use crate::value::{Context, Type, Value, slot};

/// The built-in function with which nixpkgs checks the values of a type.
fn check_with(ev: &Evaluator, name: &str) -> Res<Value> {
    match crate::builtins::find(name) {
        Some(builtin) => Ok(ev.builtin(builtin)),
        None => Err(Error::eval(format!("the built-in function '{name}' is not available"))),
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
        let [x] = exactly(args);
        let v = ev.force(x)?;
        let blank = |c: &u8| matches!(c, b' ' | b'\t' | b'\n');
        Ok(Value::bool(v.is_string() && !ev.mem.text(v).iter().all(blank)))
    });
    plain(ev, "nonEmptyStr", "non-empty string", ev.builtin(&CHECK), &MERGE_EQUAL)
}

/// A string of one line; a newline at the end is dropped.
pub(super) fn single_line_str(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        let v = ev.force(x)?;
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
pub(super) static STR_MATCHING: Builtin = Builtin::hidden("strMatching", &["pattern"], |ev, args, _| {
    let [pattern] = shared_args(ev, args)?;
    str_matching(ev, pattern)
});

record! {
    /// The payload of `strMatching`.
    struct PatternPayload {
        pattern: "pattern",
    }
}

suspended! {
    /// The name and description of `strMatching pattern`.
    struct PatternWords { pattern } => struct PatternWordParts { name, description }
}

impl PatternWords<&Slot> {
    fn name(self, ev: &Evaluator) -> Res<Value> {
        let pattern = string(ev, self.pattern)?;
        Text::new().put("strMatching ").put(escape_string(ev.mem.text(pattern))).finish(ev)
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        Text::new().put("string matching the pattern ").interpolate(ev, self.pattern)?.finish(ev)
    }
}

fn str_matching(ev: &Evaluator, pattern: Value) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["pattern", "x"], |ev, args, _| {
        let [pattern, x] = exactly(args);
        let v = ev.force(x)?;
        if !v.is_string() {
            return Ok(Value::FALSE);
        }
        let found = call_builtin(ev, "match", &[share(ev, pattern)?, v])?;
        Ok(Value::bool(found != Value::NULL))
    });
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        str_matching(ev, shared(ev, ev.force(payload)?, sym!("pattern"))?)
    });
    let words = PatternWords { pattern }.parts(ev)?;
    let payload = PatternPayload { pattern }.set(ev)?;
    let spec = Spec {
        name: words.name,
        description: words.description,
        class: symbol(ev, "noun")?,
        check: ev.partial(&CHECK, &[pattern])?,
        merge: ev.builtin(&MERGE_EQUAL),
        functor: functor(ev, "strMatching", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&IF_EQUAL))?,
        ..Spec::new(ev, "")?
    };
    spec.build(ev)
}

/// The common payload of two types with equal payloads; otherwise null.
pub(super) static IF_EQUAL: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    let [left, right] = exactly(args);
    let (left, right) = (ev.force(left)?, ev.force(right)?);
    Ok(if ev.equal_values(left, right, Pos::NONE)? { left } else { Value::NULL })
});

/// `lib.types.separatedString`
pub(super) static SEPARATED_STRING: Builtin = Builtin::hidden("separatedString", &["sep"], |ev, args, _| {
    let [separator] = shared_args(ev, args)?;
    separated_string(ev, separator)
});

record! {
    /// The payload of `separatedString`.
    struct SeparatorPayload {
        separator: "sep",
    }
}

suspended! {
    /// `"strings concatenated with ${builtins.toJSON separator}"`
    struct SeparatedDescription { separator }
}

impl SeparatedDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let json = crate::builtins::to_json(ev, self.separator, true)?;
        Ok(ev.mem.concat(&[b"strings concatenated with ", &json], Context::EMPTY)?)
    }
}

/// Strings whose definitions are joined with a separator.
fn separated_string(ev: &Evaluator, separator: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        separated_string(ev, shared(ev, ev.force(payload)?, sym!("sep"))?)
    });
    static SAME: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
        let [left, right] = exactly(args);
        let (left, right) = (ev.force(left)?, ev.force(right)?);
        let (separator, other) = (select(ev, left, sym!("sep"))?, select(ev, right, sym!("sep"))?);
        match ev.equal_values(separator, other, Pos::NONE)? {
            true => SeparatorPayload { separator }.set(ev),
            false => Ok(Value::NULL),
        }
    });
    let payload = SeparatorPayload { separator }.set(ev)?;
    let spec = Spec {
        description: ev.delay(SeparatedDescription { separator })?,
        class: symbol(ev, "noun")?,
        check: check_with(ev, "isString")?,
        merge: ev.partial(&MERGE_STRINGS, &[separator])?,
        functor: functor(ev, "separatedString", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&SAME))?,
        ..Spec::new(ev, "separatedString")?
    };
    spec.build(ev)
}

/// `lib.types.commas`
pub(super) fn commas(ev: &Evaluator) -> Res<Value> {
    separated_string(ev, ev.mem.str(",")?)
}

/// `lib.types.envVar`
pub(super) fn env_var(ev: &Evaluator) -> Res<Value> {
    separated_string(ev, ev.mem.str(":")?)
}

/// `lib.types.lines`
pub(super) fn lines(ev: &Evaluator) -> Res<Value> {
    separated_string(ev, ev.mem.str("\n")?)
}

static MERGE_STRINGS: Builtin = Builtin::hidden("merge", &["sep", "loc", "defs"], |ev, args, pos| {
    let [separator, _, defs] = exactly(args);
    let doing =
        "while evaluating the first argument (the separator string) passed to builtins.concatStringsSep";
    let separator = ev.force_string(separator, pos, doing)?;
    let mut out = Text::new();
    for (i, def) in definitions(ev, defs)?.iter().enumerate() {
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

/// The result of `lib.generators.mkLuaInline`.
pub(super) fn lua_inline(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(is_type(ev, ev.force(x)?, b"lua-inline")?))
    });
    plain(ev, "luaInline", "inline lua", ev.builtin(&CHECK), &MERGE_EQUAL)
}

/// An option that has not been evaluated.
pub(super) fn option_declaration(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["opt"], |ev, args, _| {
        let [x] = exactly(args);
        let v = ev.force(x)?;
        Ok(Value::bool(is_type(ev, v, b"option")? && !has(ev, v, sym!("value"))))
    });
    let spec = Spec::noun(ev, "optionDeclaration", "option declaration")?;
    Spec { check: ev.builtin(&CHECK), ..spec }.build(ev)
}

// Packages.

static IS_PACKAGE: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
    let [x] = exactly(args);
    let v = ev.force(x)?;
    Ok(Value::bool(ev.is_derivation(v)? || is_store_path(ev, v)?))
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

pub(super) fn package(ev: &Evaluator) -> Res<Value> {
    let spec = Spec {
        class: symbol(ev, "noun")?,
        check: ev.builtin(&IS_PACKAGE),
        merge: ev.builtin(&MERGE_PACKAGES),
        ..Spec::new(ev, "package")?
    };
    spec.build(ev)
}

pub(super) fn shell_package(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        let v = ev.force(x)?;
        Ok(Value::bool(ev.is_derivation(v)? && has(ev, v, "shellPath")))
    });
    with_check(ev, made(ev, "package", package)?, ev.builtin(&CHECK))
}

/// `lib.fileset.${name}`
fn fileset_function(ev: &Evaluator, lib: &Slot, name: &str) -> Res<Value> {
    select(ev, select(ev, ev.force(lib)?, "fileset")?, name)
}

suspended! {
    /// The attributes of `lib` that `types.fileset` uses.
    struct OfLib { lib } => struct OfLibParts {
        /// `lib.fileset.empty`
        empty,
        /// `lib.types.fileset`
        ty,
    }
}

impl OfLib<&Slot> {
    fn empty(self, ev: &Evaluator) -> Res<Value> {
        fileset_function(ev, self.lib, "empty")
    }

    fn ty(self, ev: &Evaluator) -> Res<Value> {
        select(ev, select(ev, ev.force(self.lib)?, "types")?, "fileset")
    }
}

pub(super) fn fileset(ev: &Evaluator, lib: Value) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["lib", "x"], |ev, args, pos| {
        let [lib, x] = exactly(args);
        if !has(ev, ev.force(lib)?, "fileset") {
            // The native lib makes no file sets.
            return Ok(Value::bool(is_type(ev, ev.force(x)?, b"fileset")?));
        }
        ev.call(fileset_function(ev, lib, "isFileset")?, &[share(ev, x)?], pos)
    });
    static MERGE: Builtin = Builtin::hidden("merge", &["lib", "loc", "defs"], |ev, args, pos| {
        let [lib, _, defs] = exactly(args);
        let values: Res<Vec<Value>> = definitions(ev, defs)?.iter().map(|def| value_of(ev, def)).collect();
        ev.call(fileset_function(ev, lib, "unions")?, &[ev.mem.list(&values?)?], pos)
    });
    let of_lib = OfLib { lib }.parts(ev)?;
    let spec = Spec {
        class: symbol(ev, "noun")?,
        check: ev.partial(&CHECK, &[lib])?,
        merge: ev.partial(&MERGE, &[lib])?,
        empty: ev.mem.record(&VALUE, [of_lib.empty])?,
        // Two declarations merge to the type in the same `lib`.
        functor: functor(ev, "fileset", of_lib.ty, Value::NULL, nothing(ev)?)?,
        ..Spec::new(ev, "fileset")?
    };
    spec.build(ev)
}
