//! A module in canonical form: its file, key, imports, options and definitions (`unifyModuleSyntax`).

use super::key::key_text;
use crate::eval::{Error, Evaluator, Res, row, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::make_merge;
use crate::modules::messages;
use crate::native::{cell, concat, get, has, share, shared, shared_or, text, throw, to_string};
use crate::source::Pos;
use crate::value::{Record, Value};

row! {
    /// A module in canonical form. The words may be stored anywhere, and may be suspended.
    pub struct Loaded {
        /// `_file`, or the file that the module comes from.
        file,
        /// The key: a string, or the words of an [anonymous](super::anonymous) key.
        key,
        /// `_class`, or null.
        class,
        /// `disabledModules`.
        disabled,
        /// `imports`.
        imports,
        /// `options`.
        options,
        /// The definitions.
        config,
    }
}

/// The attributes that a module with `config` or `options` may have.
const EXPLICIT: [Sym; 9] = [
    sym!("_class"),
    sym!("_file"),
    sym!("key"),
    sym!("disabledModules"),
    sym!("imports"),
    sym!("options"),
    sym!("config"),
    sym!("meta"),
    sym!("freeformType"),
];
/// The attributes of a module without those two that are not definitions.
const SHORTHAND: [Sym; 7] = [
    sym!("_class"),
    sym!("_file"),
    sym!("key"),
    sym!("disabledModules"),
    sym!("require"),
    sym!("imports"),
    sym!("freeformType"),
];

/// The canonical form of a module that is neither a function nor a path (`unifyModuleSyntax`).
pub fn unify(ev: &Evaluator, file: Value, key: Value, m: Value) -> Res<Loaded> {
    let m = ev.force_value(m)?;
    let (config, options) = (get(ev, m, sym!("config")), get(ev, m, sym!("options")));
    let explicit = config.is_some() || options.is_some();
    if !explicit && !m.is_attrs() {
        return Err(no_module(ev, file, key)?);
    }
    let known = if explicit { &EXPLICIT[..] } else { &SHORTHAND[..] };
    let definitions = ev.mem.filtered(m, |e| !known.contains(&e.name))?;
    if explicit && definitions != Value::EMPTY_SET {
        return Err(unsupported(ev, key, definitions)?);
    }
    let or = |name: Sym, default: Value| shared_or(ev, m, name, default);
    let imports = or(sym!("imports"), Value::EMPTY_LIST)?;
    let (imports, config) = match explicit {
        true => (imports, with_meta(ev, m, or(sym!("config"), Value::EMPTY_SET)?)?),
        false => (with_require(ev, m, imports)?, definitions),
    };
    Ok(Loaded {
        file: named(ev, m, sym!("_file"), file)?,
        key: named(ev, m, sym!("key"), key)?,
        class: or(sym!("_class"), Value::NULL)?,
        disabled: or(sym!("disabledModules"), Value::EMPTY_LIST)?,
        imports,
        options: or(sym!("options"), Value::EMPTY_SET)?,
        config: with_freeform(ev, m, config)?,
    })
}

suspended! {
    /// `toString given`
    struct ToString { given }
}

impl ToString<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        to_string(ev, self.given)
    }
}

/// `toString m.name or default`
fn named(ev: &Evaluator, m: Value, name: Sym, default: Value) -> Res<Value> {
    let Some(given) = get(ev, m, name) else {
        return Ok(default);
    };
    match ev.forced(given) {
        Some(v) if v.is_string() => Ok(v),
        _ => cell(ev, ev.delay(ToString { given: share(ev, given)? })?),
    }
}

suspended! {
    /// `require ++ imports`
    struct AllImports { require, imports }
}

impl AllImports<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let require = ev.force_list(self.require, Pos::NONE, doing)?;
        concat(ev, &[require, ev.force_list(self.imports, Pos::NONE, doing)?])
    }
}

/// `m.require or [ ] ++ imports`
fn with_require(ev: &Evaluator, m: Value, imports: Value) -> Res<Value> {
    if !has(ev, m, sym!("require")) {
        return Ok(imports);
    }
    cell(ev, ev.delay(AllImports { require: shared(ev, m, sym!("require"))?, imports })?)
}

/// `mkMerge [ first second ]`
fn both(ev: &Evaluator, first: Value, second: Value) -> Res<Value> {
    make_merge(ev, ev.mem.list(&[first, second])?)
}

fn with_meta(ev: &Evaluator, m: Value, config: Value) -> Res<Value> {
    static META: Record<1> = Record::new(["meta"]);
    match get(ev, m, sym!("meta")) {
        None => Ok(config),
        Some(meta) => both(ev, config, ev.mem.record(&META, [share(ev, meta)?])?),
    }
}

fn with_freeform(ev: &Evaluator, m: Value, config: Value) -> Res<Value> {
    static MODULE: Record<1> = Record::new(["_module"]);
    static FREEFORM: Record<1> = Record::new(["freeformType"]);
    match get(ev, m, sym!("freeformType")) {
        None => Ok(config),
        Some(ty) => {
            let inner = ev.mem.record(&FREEFORM, [share(ev, ty)?])?;
            both(ev, config, ev.mem.record(&MODULE, [inner])?)
        }
    }
}

#[cold]
fn no_module(ev: &Evaluator, file: Value, key: Value) -> Res<Error> {
    let file = messages::file(ev, file)?;
    let key = text(ev, key_text(ev, key)?);
    Ok(throw(format!("module {file} ({key}) does not look like a module.")))
}

#[cold]
fn unsupported(ev: &Evaluator, key: Value, bad: Value) -> Res<Error> {
    let entries = ev.mem.entries_by_name(bad);
    let names: Vec<String> = entries.iter().map(|e| ev.name(e.name)).collect();
    let key = text(ev, key_text(ev, key)?);
    Ok(throw(format!(
        "Module `{key}' has an unsupported attribute `{}'. This is caused by introducing a top-level `config' or \
         `options' attribute. Add configuration attributes immediately on the top level instead, or move all of \
         them (namely: {}) into the explicit `config' attribute.",
        names.first().map_or("", String::as_str),
        names.join(" ")
    )))
}

/// A module as `lib.modules.unifyModuleSyntax` returns it.
pub fn as_set(ev: &Evaluator, m: &Loaded) -> Res<Value> {
    static SET: Record<7> =
        Record::new(["_file", "_class", "key", "disabledModules", "imports", "options", "config"]);
    let key = key_text(ev, m.key)?;
    Ok(ev.mem.record(&SET, [m.file, m.class, key, m.disabled, m.imports, m.options, m.config])?)
}

/// A module that imports another one and defines its location (`setDefaultModuleLocation`).
pub fn located_module(ev: &Evaluator, file: Value, module: Value) -> Res<Value> {
    static LOCATED: Record<2> = Record::new(["_file", "imports"]);
    Ok(ev.mem.record(&LOCATED, [file, ev.mem.list(&[module])?])?)
}

/// The key and file of the module that declares `_module`.
pub const INTERNAL: &str = "lib/modules.nix";
