//! `lib.fetchers`: the arguments of functions that fetch.

use super::entry::{Entry, Table, computed, pattern};
use super::function_args::{delayed_args, with_args};
use super::support::{
    apply, assert, attrs, boolean, bytes, get, has, items, lossy, name, select, selected, set_of, share,
    strings, throw,
};
use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Formals, Res};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.fetchers`
pub static TABLE: Table = Table { namespace: "fetchers", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    computed("proxyImpureEnvVars", proxy_impure_env_vars),
    pattern("normalizeHash", &["options", "args"], &[NORMALIZE], normalize_hash),
    pattern("withNormalizedHash", &["options", "fetcher"], &[WITH], with_normalized_hash),
];

/// Hashes that stand for one that is not known yet.
pub(super) const FAKE_HASH: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// How many digits the fake hashes have that are all zeros.
pub(super) const FAKE_DIGITS: [(&str, usize); 2] = [("sha256", 64), ("sha512", 128)];

/// `lib.fetchers.proxyImpureEnvVars`: environment variables that fetching may look at.
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

/// The names of arguments that can be a hash: `hash`, and the types of hashes.
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

/// `lib.fetchers.normalizeHash`: arguments with one of several ways to give a hash, with the plain one.
fn normalize_hash(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("normalizeHash", &a[0], &NORMALIZE, pos)?;
    if has(ev, ev.force(&a[1])?, "outputHash") {
        return ev.force(&a[1]);
    }
    let required = |ev: &Evaluator| get(ev, options, "required").map_or(Ok(true), |s| boolean(ev, s));
    normalized(ev, hash_names(ev, options)?, required, &a[1])
}

fn normalized(
    ev: &Evaluator,
    names: Vec<Sym>,
    required: impl Fn(&Evaluator) -> Res<bool>,
    args: &Slot,
) -> Res<Value> {
    let set = attrs(ev, args)?;
    let given = ev.mem.filtered(set, |e| names.contains(&e.name))?;
    let given = ev.mem.entries_by_name(given);
    let added = match &given[..] {
        [] if required(ev)? => return Err(throw("fetcher called without `hash`")),
        [] => Value::EMPTY_SET,
        [one] => {
            let kind = ev.name(one.name);
            let algorithm = if kind == "hash" { Value::NULL } else { Value::symbol(one.name) };
            set_of(ev, &[("outputHashAlgo", algorithm), ("outputHash", hash_or_fake(ev, &kind, one.slot)?)])?
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

/// A suspended hash; an empty one stands for one that is not known yet.
fn hash_or_fake(ev: &Evaluator, kind: &str, given: &Slot) -> Res<Value> {
    static HASH: crate::eval::Lazy = crate::eval::Lazy {
        name: "lib.normalizeHash",
        run: |ev, c, _| {
            let given = ev.force(&c[1])?;
            if !given.is_string() || !ev.mem.text(given).is_empty() {
                return Ok(given);
            }
            let kind = lossy(bytes(ev, &c[0])?);
            match FAKE_DIGITS.iter().find(|f| f.0 == kind) {
                _ if kind == "hash" => Ok(ev.mem.str(FAKE_HASH)?),
                Some((_, digits)) => Ok(ev.mem.str(&"0".repeat(*digits))?),
                None => Err(throw(format!("no “fake hash” defined for {kind}"))),
            }
        },
    };
    ev.delay(&HASH, &[ev.mem.str(kind)?, share(ev, given)?])
}

const WITH: Formals = Formals { arg: 0, names: &[("hashTypes", true)], ellipsis: false };

/// `lib.fetchers.withNormalizedHash`: a fetching function that takes a hash in one of several ways.
fn with_normalized_hash(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// Captures: the options, the function, and the names of its arguments.
    static FETCH: Builtin =
        Builtin::hidden("fetcher", &["options", "fetcher", "fArgs", "args"], |ev, a, _| {
            static NORMAL: crate::eval::Lazy = crate::eval::Lazy {
                name: "lib.withNormalizedHash",
                run: |ev, c, _| {
                    if has(ev, ev.force(&c[2])?, "outputHash") {
                        return ev.force(&c[2]);
                    }
                    let optional = |ev: &Evaluator| {
                        let of = ev.force(&c[1])?;
                        Ok(!boolean(ev, select(ev, of, "outputHash")?)?)
                    };
                    normalized(ev, hash_names(ev, peek(&c[0]))?, optional, &c[2])
                },
            };
            let args = ev.delay(&NORMAL, &[peek(&a[0]), share(ev, &a[2])?, share(ev, &a[3])?])?;
            apply(ev, &a[1], &[args])
        });
    let options = ev.force_formals("withNormalizedHash", &a[0], &WITH, pos)?;
    let fetcher = share(ev, &a[1])?;
    let shown = delayed_args(ev, fetcher)?;
    let args = ev.force_value(shown)?;
    let both = has(ev, args, "outputHash") && has(ev, args, "outputHashAlgo");
    assert(both, "(((fArgs) ? outputHash) && ((fArgs) ? outputHashAlgo))")?;
    let names = hash_names(ev, options)?;
    let args = attrs(ev, &slot(args))?;
    if let Some(clash) = ev.mem.entries_by_name(args).into_iter().find(|e| names.contains(&e.name)) {
        return Err(clashing(ev, clash.name));
    }
    let hidden =
        |e: &crate::value::Entry<'_>| !matches!(ev.mem.heap.name(e.name), b"outputHash" | b"outputHashAlgo");
    let rest = ev.mem.filtered(args, hidden)?;
    let hash = set_of(ev, &[("hash", selected(ev, args, "outputHash")?)])?;
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
