//! Fetchers that always need something unavailable: Mercurial, binary caches.

use super::content::needs_network;
use crate::builtins::realise::is_valid;
use crate::eval::{Builtin, Coerce, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::value::Value;

/// `fetchMercurial`.
pub const FETCH_MERCURIAL: Builtin =
    Builtin::new("fetchMercurial", &["args"], "The files of a Mercurial repository.", fetch_mercurial);

/// `fetchClosure`, which exists only with the experimental feature `fetch-closure`.
pub static FETCH_CLOSURE: Builtin =
    Builtin::new("fetchClosure", &["args"], "A store path from a binary cache.", fetch_closure);

fn fetch_mercurial(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let value = ev.force_at(args, pos)?;
    let text = |v: Value| shown(ev.mem.text(v)).into_owned();
    let mut url = String::new();
    if value.is_attrs() {
        for entry in ev.mem.entries_in_order(value) {
            match ev.mem.heap.name(entry.name) {
                b"url" => {
                    let doing = "while evaluating the `url` attribute passed to builtins.fetchMercurial";
                    url = text(ev.coerce(entry.slot, entry.pos, Coerce::PLAIN, doing)?);
                }
                b"rev" => {
                    let doing = "while evaluating the `rev` attribute passed to builtins.fetchMercurial";
                    ev.force_plain_string(entry.slot, entry.pos, doing)?;
                }
                b"name" => {
                    let doing = "while evaluating the `name` attribute passed to builtins.fetchMercurial";
                    ev.force_plain_string(entry.slot, entry.pos, doing)?;
                }
                _ => {
                    let other = ev.quoted(entry.name);
                    let message = format!("unsupported argument '{other}' to 'fetchMercurial'");
                    return Err(Error::eval(message).at(entry.pos));
                }
            }
        }
        if url.is_empty() {
            return Err(Error::eval("'url' argument required").at(pos));
        }
    } else {
        let doing = "while evaluating the first argument passed to builtins.fetchMercurial";
        url = text(ev.coerce(args, pos, Coerce::PLAIN, doing)?);
    }
    if ev.settings.pure {
        let message = "in pure evaluation mode, 'fetchMercurial' requires a Mercurial revision";
        return Err(Error::eval(message).at(pos));
    }
    Err(needs_network(ev, &url, None))
}

fn fetch_closure(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.fetchClosure";
    let set = ev.force_attrs(args, pos, doing)?;
    let path_of = |name: &str| -> Res<Option<_>> {
        let Some(entry) = ev.mem.get_entry(set, ev.intern(name)?) else {
            return Ok(None);
        };
        let text = ev.coerce(entry.slot, entry.pos, Coerce::PLAIN, "")?;
        // `toPath` may be empty: then the content address is still to be determined.
        match ev.mem.text(text) {
            b"" => Ok(None),
            text => ev.store_dir()?.parse(text).map(Some).map_err(|e| ev.store_error(&e)),
        }
    };
    let Some(from) = path_of("fromPath")? else {
        let message = "attribute 'fromPath' is missing in call to 'fetchClosure'";
        return Err(Error::eval(message).at(pos));
    };
    let wanted = path_of("toPath")?.unwrap_or(from);
    if is_valid(ev, &wanted)? {
        return ev.opaque(&ev.store_dir()?.print(&wanted));
    }
    let store = match ev.mem.get_entry(set, ev.intern("fromStore")?) {
        Some(entry) => {
            let url = ev.force_plain_string(entry.slot, entry.pos, "")?;
            shown(ev.mem.text(url)).into_owned()
        }
        None => {
            let message = "attribute 'fromStore' is missing in call to 'fetchClosure'";
            return Err(Error::eval(message).at(pos));
        }
    };
    Err(needs_network(ev, &store, Some(&wanted)))
}
