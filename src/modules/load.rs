//! One module: whatever it is written as (a path, a function, a set with or without `config`) becomes its file, key,
//! imports, options and definitions (`loadModule`, `unifyModuleSyntax`).

use super::messages;
use super::module_args::apply_args;
use super::show::{self, UNKNOWN};
use super::tree::type_word;
use crate::builtins::real_path;
use crate::eval::{Error, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{
    concat, get, is_convertible, is_function, is_type, shared, shared_or, text, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Record, Type, Value, slot};

/// A module in canonical form. The words may be stored anywhere; those that are not said to be forced may be suspended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loaded {
    /// `_file`, or where the module came from.
    pub(super) file: Value,
    /// The key: a string, or the words of an [anonymous](Key) one.
    pub(super) key: Value,
    /// `_class`, or null.
    pub(super) class: Value,
    /// `disabledModules`.
    pub(super) disabled: Value,
    /// `imports`.
    pub(super) imports: Value,
    /// `options`.
    pub(super) options: Value,
    /// The definitions.
    pub(super) config: Value,
}

/// What a module without a key of its own is called: after the module that imports it, and its place there. The text
/// is hardly ever needed, so a key is a list of the importer's key and the number until then.
pub(super) fn anonymous(ev: &Evaluator, parent: Value, number: usize) -> Res<Value> {
    let number = ev.mem.int(number as i64)?;
    Ok(ev.mem.list(&[parent, number])?)
}

/// The text of a key.
pub(super) fn key_text(ev: &Evaluator, key: Value) -> Res<Value> {
    let mut key = ev.force_value(key)?;
    let mut numbers = Vec::new();
    while let [parent, number] = ev.mem.items(key) {
        // A key that a module gives itself may be any list.
        let Some(number) = ev.mem.as_int(ev.force(number)?) else { break };
        numbers.push(number);
        key = ev.force(parent)?;
    }
    if numbers.is_empty() {
        return Ok(key);
    }
    let mut out = ev.mem.text(key).to_vec();
    for number in numbers.iter().rev() {
        out.extend_from_slice(format!(":anon-{number}").as_bytes());
    }
    Ok(ev.mem.string(&out, ev.mem.context(key))?)
}

/// Which modules are being collected, as far as loading one depends on it.
pub(super) struct Loader {
    /// The arguments that module functions get; may be suspended.
    pub(super) args: Value,
    /// `specialArgs`; may be suspended.
    pub(super) special: Value,
    /// The class that modules must have, or null.
    pub(super) class: Value,
    /// The path of the submodule that the modules are for; may be suspended.
    pub(super) prefix: Value,
}

impl Loader {
    /// Loads what an `imports` list contains.
    pub(super) fn load(&self, ev: &Evaluator, file: Value, key: Value, module: &Slot) -> Res<Loaded> {
        let m = ev.force(module)?;
        if is_function(ev, m)? {
            let made = apply_args(ev, key, m, ev.force_value(self.args)?)?;
            return unify(ev, file, key, made);
        }
        match m.type_of() {
            Type::Attrs => self.load_set(ev, file, key, m),
            Type::List => {
                let definitions = show::definition_text(ev, &slot(file), &slot(m))?;
                Err(throw(format!(
                    "Module imports can't be nested lists. Perhaps you meant to remove one level of lists? \
                     Definitions: {definitions}"
                )))
            }
            _ => self.load_path(ev, m),
        }
    }

    fn load_set(&self, ev: &Evaluator, file: Value, key: Value, m: Value) -> Res<Loaded> {
        let Some(tag) = get(ev, m, sym!("_type")) else {
            return unify(ev, file, key, m);
        };
        if is_type(ev, m, b"module")? {
            return unify(ev, file, key, m);
        }
        if is_type(ev, m, b"if")? || is_type(ev, m, b"override")? {
            static CONFIG: Record<1> = Record::new(["config"]);
            return unify(ev, file, key, ev.mem.record(&CONFIG, [m])?);
        }
        let tag = ev.force(tag)?;
        Err(messages::not_a_module(ev, file, tag, self.class, self.prefix)?)
    }

    fn load_path(&self, ev: &Evaluator, m: Value) -> Res<Loaded> {
        let path = real_path(ev, &slot(m), Pos::NONE)?;
        let made = ev.import(&path)?;
        let name = to_string(ev, &slot(m))?;
        let made = if is_function(ev, made)? {
            apply_args(ev, name, made, ev.force_value(self.args)?)?
        } else {
            made
        };
        unify(ev, name, name, made)
    }
}

/// Attributes that a module with `config` or `options` may have.
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
/// Attributes of a module without those two that are no definitions.
const SHORTHAND: [Sym; 7] = [
    sym!("_class"),
    sym!("_file"),
    sym!("key"),
    sym!("disabledModules"),
    sym!("require"),
    sym!("imports"),
    sym!("freeformType"),
];

/// The canonical form of a module that is no function and no path any more (`unifyModuleSyntax`).
pub(super) fn unify(ev: &Evaluator, file: Value, key: Value, m: Value) -> Res<Loaded> {
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

/// `toString m.name or default`
fn named(ev: &Evaluator, m: Value, name: Sym, default: Value) -> Res<Value> {
    static TO_STRING: Lazy =
        Lazy { name: "modules.toString", run: |ev, captures, _| to_string(ev, &captures[0]) };
    let Some(given) = get(ev, m, name) else {
        return Ok(default);
    };
    match ev.forced(given) {
        Some(v) if v.is_string() => Ok(v),
        _ => crate::native::cell(ev, ev.delay_raw(&TO_STRING, &[ev.mem.share(given)?])?),
    }
}

/// `m.require or [ ] ++ m.imports or [ ]`
fn with_require(ev: &Evaluator, m: Value, imports: Value) -> Res<Value> {
    static BOTH: Lazy = Lazy {
        name: "modules.require",
        run: |ev, captures, _| {
            let doing = "while evaluating one of the elements to concatenate";
            let first = ev.force_list(&captures[0], Pos::NONE, doing)?;
            concat(ev, &[first, ev.force_list(&captures[1], Pos::NONE, doing)?])
        },
    };
    match get(ev, m, sym!("require")) {
        None => Ok(imports),
        Some(_) => crate::native::cell(ev, ev.delay_raw(&BOTH, &[shared(ev, m, sym!("require"))?, imports])?),
    }
}

static MERGE: Record<2> = Record::new(["_type", "contents"]);

/// `mkMerge` of two definitions.
fn both(ev: &Evaluator, first: Value, second: Value) -> Res<Value> {
    Ok(ev.mem.record(&MERGE, [Value::symbol(sym!("merge")), ev.mem.list(&[first, second])?])?)
}

fn with_meta(ev: &Evaluator, m: Value, config: Value) -> Res<Value> {
    static META: Record<1> = Record::new(["meta"]);
    match get(ev, m, sym!("meta")) {
        None => Ok(config),
        Some(meta) => both(ev, config, ev.mem.record(&META, [ev.mem.share(meta)?])?),
    }
}

fn with_freeform(ev: &Evaluator, m: Value, config: Value) -> Res<Value> {
    static MODULE: Record<1> = Record::new(["_module"]);
    static FREEFORM: Record<1> = Record::new(["freeformType"]);
    match get(ev, m, sym!("freeformType")) {
        None => Ok(config),
        Some(ty) => {
            let inner = ev.mem.record(&FREEFORM, [ev.mem.share(ty)?])?;
            both(ev, config, ev.mem.record(&MODULE, [inner])?)
        }
    }
}

#[cold]
fn no_module(ev: &Evaluator, file: Value, key: Value) -> Res<Error> {
    let file = text(ev, crate::native::interpolate(ev, &slot(file))?);
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

/// A module as `lib.modules.unifyModuleSyntax` gives it.
pub(super) fn as_set(ev: &Evaluator, m: &Loaded) -> Res<Value> {
    static SET: Record<7> =
        Record::new(["_file", "_class", "key", "disabledModules", "imports", "options", "config"]);
    let key = key_text(ev, m.key)?;
    Ok(ev.mem.record(&SET, [m.file, m.class, key, m.disabled, m.imports, m.options, m.config])?)
}

/// Whether a file is worth mentioning.
pub(super) fn is_known_file(ev: &Evaluator, file: Value) -> Res<bool> {
    let file = ev.force_value(file)?;
    Ok(file != Value::NULL && !(file.is_string() && ev.mem.text(file) == UNKNOWN.as_bytes()))
}

/// The key that an item of `disabledModules` means.
pub(super) fn disabled_key(ev: &Evaluator, modules_path: &Slot, file: Value, item: &Slot) -> Res<Value> {
    let m = ev.force(item)?;
    if m.is_string() {
        return below_modules_path(ev, modules_path, m);
    }
    let own = get(ev, m, sym!("key"));
    if is_convertible(ev, m, Pos::NONE)? {
        let name = to_string(ev, item)?;
        if let Some(own) = own
            && !ev.equal_values(ev.force(own)?, name, Pos::NONE)?
        {
            let own = text(ev, crate::native::interpolate(ev, own)?);
            let file = text(ev, crate::native::interpolate(ev, &slot(file))?);
            return Err(throw(format!(
                "Module `{file}` contains a disabledModules item that is an attribute set that can be converted to \
                 a string ({}) but also has a `.key` attribute ({own}) with a different value. This makes it \
                 ambiguous which module should be disabled.",
                text(ev, name)
            )));
        }
        return Ok(name);
    }
    if let Some(own) = own {
        return ev.force(own);
    }
    Err(no_key(ev, file, m)?)
}

fn below_modules_path(ev: &Evaluator, modules_path: &Slot, name: Value) -> Res<Value> {
    if ev.mem.text(name).starts_with(b"/") {
        return Ok(name);
    }
    let base = to_string(ev, modules_path)?;
    let context = ev.mem.contexts.union(ev.mem.context(base), ev.mem.context(name));
    Ok(ev.mem.concat(&[ev.mem.text(base), b"/", ev.mem.text(name)], context)?)
}

#[cold]
fn no_key(ev: &Evaluator, file: Value, m: Value) -> Res<Error> {
    if m.is_attrs() {
        let file = text(ev, crate::native::interpolate(ev, &slot(file))?);
        return Ok(throw(format!(
            "Module `{file}` contains a disabledModules item that is an attribute set, presumably a module, that \
             does not have a `key` attribute. This means that the module system doesn't have any means to identify \
             the module that should be disabled. Make sure that you've put the correct value in disabledModules: a \
             string path relative to modulesPath, a path value, or an attribute set with a `key` attribute."
        )));
    }
    let file = text(ev, to_string(ev, &slot(file))?);
    Ok(throw(format!(
        "Each disabledModules item must be a path, string, or a attribute set with a key attribute, or a value \
         supported by toString. However, one of the disabledModules items in `{file}` is none of that, but is of \
         type {}.",
        type_word(m)
    )))
}
