//! Names and paths in the store.

use super::force::{string, to_string};
use super::text::is_string_like;
use crate::eval::{Coerce, Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// `isStorePath v` of a forced value: whether it is the path of an entry directly in the store.
pub fn is_store_path(ev: &Evaluator, v: Value) -> Res<bool> {
    const HASH: usize = 52;
    if !is_string_like(ev, v) {
        return Ok(false);
    }
    let path = ev.mem.text(to_string(ev, &slot(v))?);
    let Some(slash) = path.iter().rposition(|c| *c == b'/').filter(|_| path.starts_with(b"/")) else {
        return Ok(false);
    };
    let folder = if slash == 0 { b"/" } else { &path[..slash] };
    // The placeholder of an output whose path is not known yet: a hash below the root.
    let hash = &path[1..];
    let placeholder = hash.len() == HASH && hash.iter().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase());
    Ok(folder == ev.settings.store_dir.as_bytes() || placeholder)
}

/// `sanitizeDerivationName s`: a string turned into a valid name for a store path.
pub fn sanitized_name(ev: &Evaluator, s: &Slot) -> Res<Value> {
    const LONGEST: usize = 207;
    let allowed = |c: &u8| c.is_ascii_alphanumeric() || b"+._?=-".contains(c);
    let text = ev.mem.text(ev.coerce(s, Pos::NONE, Coerce::INTERPOLATE, "")?);
    if text.len() <= LONGEST {
        string(ev, s)?;
        if !text.is_empty() && text[0] != b'.' && text.iter().all(allowed) {
            return Ok(ev.mem.string(text, Context::EMPTY)?);
        }
    }
    let dots = text.iter().take_while(|c| **c == b'.').count();
    let mut name: Vec<u8> = Vec::new();
    for part in text[dots..].chunk_by(|a, b| allowed(a) == allowed(b)) {
        match allowed(&part[0]) {
            true => name.extend_from_slice(part),
            false => name.push(b'-'),
        }
    }
    let name = &name[name.len().saturating_sub(LONGEST)..];
    let name = if name.is_empty() { b"unknown" } else { name };
    Ok(ev.mem.string(name, Context::EMPTY)?)
}
