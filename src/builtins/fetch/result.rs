//! The set that describes a fetched source.

use super::arguments::{kind_of, text};
use crate::eval::{Evaluator, Res};
use crate::store::HashFormat;
use crate::store::date::date;
use crate::store::inputs::Attrs;
use crate::value::{AttrsBuilder, Value};

/// The set that describes a fetched source.
pub fn describe(ev: &Evaluator, path: &str, input: &Attrs, empty_rev: bool) -> Res<Value> {
    const NO_REVISION: &str = "0000000000000000000000000000000000000000";
    let mut set = AttrsBuilder::new();
    let mut put = |name: &str, value: Value| -> Res<()> {
        set.push(ev.intern(name)?, value);
        Ok(())
    };
    put("outPath", ev.opaque(path)?)?;
    if let Some(hash) = input.text("narHash")? {
        put("narHash", ev.mem.string(hash, Default::default())?)?;
    }
    if kind_of(input)? == "git" {
        put("submodules", Value::bool(input.flag("submodules")?))?;
    }
    let rev = input.rev()?.map(|rev| rev.to_text(HashFormat::Base16, false));
    if let Some(rev) = rev.as_deref().or(empty_rev.then_some(NO_REVISION)) {
        put("rev", ev.mem.str(rev)?)?;
        put("shortRev", ev.mem.str(&rev[..7])?)?;
    }
    if let Some(count) = input.number("revCount")?.or(empty_rev.then_some(0)) {
        put("revCount", ev.mem.int(i64::try_from(count).unwrap_or(i64::MAX))?)?;
    }
    if let Some(dirty) = text(input, "dirtyRev")? {
        put("dirtyRev", ev.mem.str(&dirty)?)?;
        put("dirtyShortRev", ev.mem.str(&text(input, "dirtyShortRev")?.unwrap_or_default())?)?;
    }
    if let Some(modified) = input.number("lastModified")? {
        put("lastModified", ev.mem.int(i64::try_from(modified).unwrap_or(i64::MAX))?)?;
        put("lastModifiedDate", ev.mem.str(&date(modified))?)?;
    }
    Ok(ev.mem.attrs(set)?)
}
