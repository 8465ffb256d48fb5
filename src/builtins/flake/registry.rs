//! Registries: what a flake's name stands for. Those of the user and the system, and the global one that Nix has cached.

use std::rc::Rc;

use serde_json::Value as Json;

use super::reading::{reading, show_input, warn};
use crate::builtins::fetch;
use crate::eval::{Error, Evaluator, Res};
use crate::host::shown;
use crate::store::inputs::{Attr, Attrs, Input, Scheme};

/// Which registries are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registries {
    /// None.
    No,
    /// The global one: for inputs of flakes.
    Limited,
    /// All: for the command line.
    All,
}

/// An entry.
struct Entry {
    from: Input,
    to: Input,
    /// The folder in it.
    dir: Option<Vec<u8>>,
    exact: bool,
    is_global: bool,
}

/// The registries, once they have been read.
#[derive(Default)]
struct Known(std::cell::OnceCell<Rc<Vec<Entry>>>);

/// The input that a name stands for, and the folder in it if the registry says one. Other inputs stand for themselves.
///
/// # Errors
/// When no registry has the name, and a malformed registry.
pub fn resolve(ev: &Evaluator, input: &Input, which: Registries) -> Res<(Input, Option<Vec<u8>>)> {
    const MOST: usize = 100;
    if which == Registries::No {
        if input.is_indirect() {
            let name = show_input(ev, input)?;
            let message =
                format!("'{name}' is an indirect flake reference, but registry lookups are not allowed");
            return Err(Error::eval(message));
        }
        return Ok((input.clone(), None));
    }
    let (mut input, mut dir) = (input.clone(), None);
    if !input.is_indirect() {
        return Ok((input, dir));
    }
    let entries = entries(ev)?;
    for _ in 0..MOST {
        let found =
            entries.iter().filter(|entry| which == Registries::All || entry.is_global).find(|entry| {
                match entry.exact {
                    true => entry.from.attrs == input.attrs,
                    false => contains(&entry.from.attrs, &input.attrs),
                }
            });
        let Some(entry) = found else {
            if !input.is_indirect() {
                return Ok((input, dir));
            }
            let name = show_input(ev, &input)?;
            let message = format!("cannot find flake '{name}' in the flake registries");
            let help = "nival reads registry.json in ~/.config/nix and /etc/nix, and the global registry that Nix has \
                        cached; it does not use the network. --override-input NAME REF says what an input is.";
            return Err(Error::eval(message).help(help));
        };
        let mut to = entry.to.attrs.clone();
        if !entry.exact {
            for name in ["ref", "rev"] {
                if !entry.from.attrs.0.contains_key(name.as_bytes())
                    && let Some(value) = input.attrs.text(name).map_err(|e| ev.store_error(&e))?
                {
                    override_revision(entry.to.scheme, &mut to, name, value);
                }
            }
        }
        dir.clone_from(&entry.dir);
        input = reading(ev, true, |how| Input::from_attrs(to, how.features, how.warn))?;
    }
    let name = show_input(ev, &input)?;
    Err(Error::eval(format!("cycle detected in flake registry for '{name}'")))
}

/// Sets the branch or commit; on a forge an input has only one of the two.
fn override_revision(scheme: Option<Scheme>, attrs: &mut Attrs, name: &str, value: &[u8]) {
    if matches!(scheme, Some(Scheme::Github | Scheme::Gitlab | Scheme::Sourcehut)) {
        attrs.0.remove(&b"ref"[..]);
        attrs.0.remove(&b"rev"[..]);
    }
    attrs.set(name, value);
}

/// Whether an entry is about an input, or about one without its branch and commit.
fn contains(from: &Attrs, input: &Attrs) -> bool {
    let mut plain = input.clone();
    plain.0.remove(&b"ref"[..]);
    plain.0.remove(&b"rev"[..]);
    from == input || *from == plain
}

fn entries(ev: &Evaluator) -> Res<Rc<Vec<Entry>>> {
    let known = ev.extension::<Known>();
    if let Some(known) = known.0.get() {
        return Ok(known.clone());
    }
    let mut all = Vec::new();
    let config = match ev.host.env(b"XDG_CONFIG_HOME").filter(|named| !named.is_empty()) {
        Some(named) => named,
        None => [&ev.host.home().unwrap_or_default()[..], b"/.config"].concat(),
    };
    let user = [&config[..], b"/nix/registry.json"].concat();
    let system = match ev.host.env(b"NIX_CONF_DIR") {
        Some(named) => [&named[..], b"/registry.json"].concat(),
        None => b"/etc/nix/registry.json".to_vec(),
    };
    let cached = fetch::nix_cache(ev).map(|cache| ([&cache[..], b"/flake-registry.json"].concat(), true));
    for (path, is_global) in [(user, false), (system, false)].into_iter().chain(cached) {
        if let Ok(text) = ev.unguarded_host().read_file(&path) {
            match read(ev, &text, is_global)? {
                Some(entries) => all.extend(entries),
                None => warn(ev, &format!("cannot parse flake registry '{}'", shown(&path))),
            }
        }
    }
    Ok(known.0.get_or_init(|| Rc::new(all)).clone())
}

/// The entries of a registry; `None` if it is malformed.
fn read(ev: &Evaluator, text: &[u8], is_global: bool) -> Res<Option<Vec<Entry>>> {
    let Ok(json) = serde_json::from_slice::<Json>(text) else {
        return Ok(None);
    };
    let Some(flakes) = json.get("flakes").and_then(Json::as_array).filter(|_| json["version"] == 2) else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    for flake in flakes {
        let (Some(from), Some(mut to)) = (attrs(flake.get("from")), attrs(flake.get("to"))) else {
            return Ok(None);
        };
        let dir = match to.0.remove(&b"dir"[..]) {
            Some(Attr::Text(dir)) => Some(dir),
            _ => None,
        };
        let input = |attrs| reading(ev, true, |how| Input::from_attrs(attrs, how.features, how.warn));
        let exact = flake.get("exact").is_some_and(|exact| *exact == Json::Bool(true));
        entries.push(Entry { from: input(from)?, to: input(to)?, dir, exact, is_global });
    }
    Ok(Some(entries))
}

fn attrs(json: Option<&Json>) -> Option<Attrs> {
    let attr = |(name, value): (&String, &Json)| Some((name.clone().into_bytes(), Attr::from_value(value)?));
    json?.as_object()?.iter().map(attr).collect::<Option<_>>().map(Attrs)
}
