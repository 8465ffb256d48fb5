//! `lib.fetchers`: the arguments of fetchers.

use super::trivial::{delayed_args, with_args};
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    Entry, Table, apply, assert, attr, attrs, boolean, computed, get, has, items, name, pattern, select,
    set_of, share, strings, text, throw,
};
use crate::source::Pos;
use crate::value::{Entry as Attribute, Value, peek, slot};

/// `lib.fetchers`
pub static TABLE: Table = Table { namespace: "fetchers", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    computed("proxyImpureEnvVars", proxy_impure_env_vars),
    pattern("normalizeHash", &["options", "args"], &[NORMALIZE], normalize_hash),
    pattern("withNormalizedHash", &["options", "fetcher"], &[WITH], with_normalized_hash),
];

/// `lib.fakeHash`, or the fake hash of this kind: a placeholder for a hash that is not known yet.
pub(super) fn fake_hash(kind: &str) -> Option<String> {
    match kind {
        "hash" => Some("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned()),
        "sha256" => Some("0".repeat(64)),
        "sha512" => Some("0".repeat(128)),
        _ => None,
    }
}

/// `lib.fetchers.proxyImpureEnvVars`: environment variables that fetchers may read.
fn proxy_impure_env_vars(ev: &Evaluator) -> Res<Value> {
    const LOWER: [&str; 5] = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];
    let upper: Vec<String> = LOWER.iter().map(|v| v.to_ascii_uppercase()).collect();
    let mut all: Vec<&str> = LOWER.to_vec();
    all.extend(upper.iter().map(String::as_str));
    all.push("NIX_SSL_CERT_FILE");
    strings(ev, &all, Default::default())
}

const NORMALIZE: Formals =
    Formals { arg: 0, names: &[("hashTypes", true), ("required", true)], ellipsis: false };

/// The names of arguments that can hold a hash: `hash` and the hash types.
fn hash_names(ev: &Evaluator, options: Value) -> Res<Vec<Sym>> {
    let mut names = vec![ev.intern("hash")?];
    match get(ev, options, "hashTypes") {
        Some(types) => {
            for of in items(ev, types)? {
                names.push(name(ev, of)?);
            }
        }
        None => names.push(ev.intern("sha256")?),
    }
    Ok(names)
}

/// `lib.fetchers.normalizeHash`: arguments that give the hash in one of several ways, brought to the standard form.
fn normalize_hash(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, args] = exactly(args);
    let options = ev.force_formals("normalizeHash", options, &NORMALIZE, pos)?;
    let required = || get(ev, options, "required").map_or(Ok(true), |s| boolean(ev, s));
    normalized(ev, options, required, args)
}

/// `normalizeHash { inherit (options) hashTypes; inherit required; } args`
fn normalized(ev: &Evaluator, options: Value, required: impl Fn() -> Res<bool>, args: &Slot) -> Res<Value> {
    let given = ev.force(args)?;
    if has(ev, given, "outputHash") {
        return Ok(given);
    }
    let names = hash_names(ev, options)?;
    let set = attrs(ev, args)?;
    let given = ev.mem.filtered(set, |e| names.contains(&e.name))?;
    let given = ev.mem.entries_by_name(given);
    let added = match &given[..] {
        [] if required()? => return Err(throw("fetcher called without `hash`")),
        [] => Value::EMPTY_SET,
        [one] => {
            let algorithm =
                if ev.mem.heap.name(one.name) == b"hash" { Value::NULL } else { Value::symbol(one.name) };
            let given = share(ev, one.slot)?;
            let hash = ev.delay(HashOrFake { kind: Value::symbol(one.name), given })?;
            set_of(ev, &[("outputHashAlgo", algorithm), ("outputHash", hash)])?
        }
        several => {
            let shown: Vec<String> = several.iter().map(|e| ev.name(e.name)).collect();
            return Err(throw(format!(
                "fetcher called with mutually-incompatible arguments: {}",
                shown.join(", ")
            )));
        }
    };
    let rest = ev.mem.filtered(set, |e| !names.contains(&e.name))?;
    Ok(ev.mem.update(rest, added)?)
}

suspended! {
    /// `if given == "" then fakeHash.${kind} else given`: an empty hash means one that is not known yet.
    struct HashOrFake { kind, given }
}

impl HashOrFake<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let given = ev.force(self.given)?;
        if !given.is_string() || !ev.mem.text(given).is_empty() {
            return Ok(given);
        }
        let kind = text(ev, peek(self.kind));
        match fake_hash(&kind) {
            Some(hash) => Ok(ev.mem.str(&hash)?),
            None => Err(throw(format!("no “fake hash” defined for {kind}"))),
        }
    }
}

const WITH: Formals = Formals { arg: 0, names: &[("hashTypes", true)], ellipsis: false };

suspended! {
    /// `normalizeHash { inherit (options) hashTypes; required = !fArgs.outputHash; } args`
    struct Normalized { options, names, args }
}

impl Normalized<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let optional = || Ok(!boolean(ev, attr(ev, ev.force(self.names)?, "outputHash")?)?);
        normalized(ev, peek(self.options), optional, self.args)
    }
}

/// `lib.fetchers.withNormalizedHash`: a fetcher that accepts a hash in one of several ways.
fn with_normalized_hash(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    /// `args: fetcher (normalizeHash … args)`
    static FETCH: Builtin =
        Builtin::hidden("fetcher", &["options", "fetcher", "fArgs", "args"], |ev, args, _| {
            let [options, fetcher, names, args] = exactly(args);
            let (names, args) = (share(ev, names)?, share(ev, args)?);
            apply(ev, fetcher, &[ev.delay(Normalized { options: peek(options), names, args })?])
        });
    let [options, fetcher] = exactly(args);
    let options = ev.force_formals("withNormalizedHash", options, &WITH, pos)?;
    let fetcher = share(ev, fetcher)?;
    let shown = delayed_args(ev, fetcher)?;
    let args = ev.force_value(shown)?;
    let both = has(ev, args, "outputHash") && has(ev, args, "outputHashAlgo");
    assert(both, "(((fArgs) ? outputHash) && ((fArgs) ? outputHashAlgo))")?;
    let names = hash_names(ev, options)?;
    let args = attrs(ev, &slot(args))?;
    if let Some(clash) = ev.mem.entries_by_name(args).into_iter().find(|e| names.contains(&e.name)) {
        return Err(clashing(ev, clash.name));
    }
    let kept = |e: &Attribute<'_>| !matches!(ev.mem.heap.name(e.name), b"outputHash" | b"outputHashAlgo");
    let rest = ev.mem.filtered(args, kept)?;
    let hash = set_of(ev, &[("hash", select(ev, args, "outputHash")?)])?;
    let f = ev.partial(&FETCH, &[options, fetcher, shown])?;
    with_args(ev, f, ev.mem.update(rest, hash)?)
}

#[cold]
fn clashing(ev: &Evaluator, name: Sym) -> Error {
    let name = ev.name(name);
    let message = format!(
        "attribute names of attribute set '{{ {name} = «thunk»; }}' differs from attribute set '{{ }}'"
    );
    Error::new(ErrorKind::Assertion, message)
}
