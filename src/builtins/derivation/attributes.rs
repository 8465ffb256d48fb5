//! Collects the attributes of a derivation.

use std::collections::BTreeSet;

use crate::builtins::{from_json, quote_json, to_json, to_json_with_context};
use crate::eval::{Coerce, Error, Evaluator, Res};
use crate::heap::Sym;
use crate::host::{bytes_of, shown};
use crate::source::Pos;
use crate::store::{Derivation, Feature, HashAlgo, HashMode};
use crate::value::{ContextSum, Entry, Type, Value, slot};

/// The contents of the attributes.
pub(super) struct Collected {
    pub(super) drv: Derivation,
    /// Its environment, in order of names.
    pub(super) environment: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) context: ContextSum,
    pub(super) content_addressed: bool,
    pub(super) impure: bool,
    pub(super) hash: Option<Vec<u8>>,
    pub(super) algo: Option<HashAlgo>,
    pub(super) mode: Option<HashMode>,
    pub(super) outputs: BTreeSet<String>,
    /// The JSON object of structured attributes, without its closing brace.
    pub(super) json: Option<Vec<u8>>,
    /// Suppresses warnings, because they were given before.
    pub(super) again: bool,
}

/// Reads the attributes of a set. With `again`, no warnings are given.
pub(super) fn collect(ev: &Evaluator, set: Value, name: &str, again: bool) -> Res<Collected> {
    let flag = |attr: Sym, doing| match ev.mem.get(set, attr) {
        Some(slot) => ev.force_bool(slot, Pos::NONE, doing),
        None => Ok(false),
    };
    let structured = flag(
        sym!("__structuredAttrs"),
        "while evaluating the `__structuredAttrs` attribute passed to builtins.derivationStrict",
    )?;
    let ignore_nulls = flag(
        sym!("__ignoreNulls"),
        "while evaluating the `__ignoreNulls` attribute passed to builtins.derivationStrict",
    )?;
    let entries = ev.mem.entries_by_name(set);
    let mut all = Collected {
        drv: Derivation::default(),
        environment: Vec::with_capacity(entries.len()),
        context: ContextSum::default(),
        content_addressed: false,
        impure: false,
        hash: None,
        algo: None,
        mode: None,
        outputs: BTreeSet::from(["out".to_owned()]),
        json: structured.then(|| b"{".to_vec()),
        again,
    };
    for entry in entries {
        if entry.name == sym!("__ignoreNulls") {
            continue;
        }
        attribute(ev, &entry, name, ignore_nulls, &mut all).map_err(|e| {
            let key = ev.quoted(entry.name);
            e.trace(entry.pos, format!("while evaluating attribute '{key}' of derivation '{name}'"))
        })?;
    }
    if let Some(mut json) = all.json.take() {
        json.push(b'}');
        all.environment.push((b"__json".to_vec(), json));
    }
    all.drv.environment = std::mem::take(&mut all.environment).into_iter().collect();
    Ok(all)
}

/// Adds one attribute.
fn attribute(
    ev: &Evaluator,
    entry: &Entry<'_>,
    drv_name: &str,
    ignore_nulls: bool,
    all: &mut Collected,
) -> Res<()> {
    const CONTENT_ADDRESSED: Sym = sym!("__contentAddressed");
    const IMPURE: Sym = sym!("__impure");
    const ARGS: Sym = sym!("args");
    let features = ev.settings.store_features;
    if ignore_nulls && ev.force(entry.slot)?.type_of() == Type::Null {
        return Ok(());
    }
    match entry.name {
        CONTENT_ADDRESSED => {
            if ev.force_bool(entry.slot, Pos::NONE, "")? {
                all.content_addressed = true;
                features.require(Feature::CaDerivations).map_err(|e| ev.store_error(&e))?;
            }
        }
        IMPURE => {
            if ev.force_bool(entry.slot, Pos::NONE, "")? {
                all.impure = true;
                features.require(Feature::ImpureDerivations).map_err(|e| ev.store_error(&e))?;
            }
        }
        ARGS => {
            let list = ev.force_list(entry.slot, Pos::NONE, "")?;
            for item in ev.mem.items(list) {
                let doing = "while evaluating an element of the argument list";
                let arg = ev.coerce(item, Pos::NONE, Coerce::ENVIRONMENT, doing)?;
                all.context.add(ev.mem.context(arg));
                all.drv.arguments.push(ev.mem.text(arg).to_vec());
            }
        }
        _ if all.json.is_some() => structured_attribute(ev, entry, drv_name, all)?,
        name => {
            let value = ev.coerce(entry.slot, Pos::NONE, Coerce::ENVIRONMENT, "")?;
            all.context.add(ev.mem.context(value));
            let text = ev.mem.text(value).to_vec();
            if ev.mem.heap.name(name) == b"__json" {
                all.warn(
                    ev,
                    format!(
                        "In derivation '{drv_name}': setting structured attributes via '__json' is deprecated, and may be \
                         disallowed in future versions of Nix. Set '__structuredAttrs = true' instead."
                    ),
                );
                all.environment.push((b"__json".to_vec(), json_again(ev, &text)?));
                return Ok(());
            }
            if name == sym!("outputs") {
                let words = text.split(|c| b" \t\n\r".contains(c)).filter(|w| !w.is_empty());
                set_outputs(all, words.map(|w| shown(w).into_owned()))?;
            }
            special(ev, name, &text, drv_name, all)?;
            all.environment.push((ev.mem.heap.name(name).to_vec(), text));
        }
    }
    Ok(())
}

impl Collected {
    /// Warns, unless the warnings were given before.
    pub(super) fn warn(&self, ev: &Evaluator, message: String) {
        if !self.again {
            ev.host.message(&bytes_of(&format!("warning: {message}")));
        }
    }
}

/// JSON given as text, reprinted as Nix does.
fn json_again(ev: &Evaluator, text: &[u8]) -> Res<Vec<u8>> {
    let wrong = |what: String| Error::eval(format!("cannot process __json attribute: {what}"));
    let value = from_json(ev, text).map_err(|e| wrong(e.data().message.clone()))?;
    let found = match value.type_of() {
        Type::Attrs => return to_json(ev, &slot(value), true),
        Type::Null => "null",
        Type::List => "array",
        Type::String => "string",
        Type::Bool => "boolean",
        _ => "number",
    };
    Err(wrong(format!("[json.exception.type_error.302] type must be object, but is {found}")))
}

/// Handles the attributes that Nix itself interprets.
fn special(ev: &Evaluator, name: Sym, text: &[u8], drv_name: &str, all: &mut Collected) -> Res<()> {
    const BUILDER: Sym = sym!("builder");
    const SYSTEM: Sym = sym!("system");
    const HASH: Sym = sym!("outputHash");
    const ALGO: Sym = sym!("outputHashAlgo");
    const MODE: Sym = sym!("outputHashMode");
    let features = ev.settings.store_features;
    match name {
        BUILDER => all.drv.builder = text.to_vec(),
        SYSTEM => all.drv.system = text.to_vec(),
        HASH => all.hash = Some(text.to_vec()),
        ALGO => all.algo = HashAlgo::parse_opt(text, features).map_err(|e| ev.store_error(&e))?,
        MODE => {
            let mode = HashMode::parse_output_hash_mode(text, drv_name.as_bytes(), features);
            all.mode = Some(mode.map_err(|e| ev.store_error(&e))?);
        }
        _ => {}
    }
    Ok(())
}

/// Attributes without effect beside structured ones, which specify these checks elsewhere.
const WITHOUT_EFFECT: &[&str] = &[
    "allowedReferences",
    "allowedRequisites",
    "disallowedReferences",
    "disallowedRequisites",
    "maxSize",
    "maxClosureSize",
];

fn structured_attribute(ev: &Evaluator, entry: &Entry<'_>, drv_name: &str, all: &mut Collected) -> Res<()> {
    if entry.name == sym!("__structuredAttrs") {
        return Ok(());
    }
    let (json, context) = to_json_with_context(ev, entry.slot, true, Pos::NONE)?;
    all.context.add(context);
    if let Some(out) = &mut all.json {
        if out.len() > 1 {
            out.push(b',');
        }
        quote_json(out, ev.mem.heap.name(entry.name))?;
        out.push(b':');
        out.extend(json);
    }
    let named = |n: &str| ev.mem.heap.name(entry.name) == n.as_bytes();
    if let Some(name) = WITHOUT_EFFECT.iter().find(|n| named(n)) {
        all.warn(
            ev,
            format!(
                "In a derivation named '{drv_name}', 'structuredAttrs' disables the effect of the derivation attribute \
                 '{name}'; use 'outputChecks.<output>.{name}' instead"
            ),
        );
    }
    if named("outputs") {
        let list = ev.force_list(entry.slot, Pos::NONE, "")?;
        let names: Res<Vec<String>> = ev
            .mem
            .items(list)
            .iter()
            .map(|item| {
                let name = ev.force_plain_string(item, Pos::NONE, "")?;
                Ok(shown(ev.mem.text(name)).into_owned())
            })
            .collect();
        return set_outputs(all, names?.into_iter());
    }
    if ["builder", "system", "outputHash", "outputHashAlgo", "outputHashMode"].iter().any(|n| named(n)) {
        let value = match named("builder") {
            true => ev.force_string(entry.slot, Pos::NONE, "")?,
            false => ev.force_plain_string(entry.slot, Pos::NONE, "")?,
        };
        all.context.add(ev.mem.context(value));
        return special(ev, entry.name, ev.mem.text(value), drv_name, all);
    }
    Ok(())
}

fn set_outputs(all: &mut Collected, names: impl Iterator<Item = String>) -> Res<()> {
    all.outputs.clear();
    for name in names {
        if all.outputs.contains(&name) {
            return Err(Error::eval(format!("duplicate derivation output '{name}'")));
        }
        if name == "drvPath" {
            return Err(Error::eval("invalid derivation output name 'drvPath'"));
        }
        all.outputs.insert(name);
    }
    if all.outputs.is_empty() {
        return Err(Error::eval("derivation cannot have an empty set of outputs"));
    }
    Ok(())
}
