//! The set that describes a fetched source.

use super::arguments::{kind_of, text};
use crate::eval::{Evaluator, Res};
use crate::store::HashFormat;
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

/// Seconds since 1970 as year, month, day, hour, minute and second.
fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // If years begin in March, the leap day is their last; 400 years have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(date(0), "19700101000000");
        assert_eq!(date(1_000_000_000), "20010909014640");
        assert_eq!(date(951_782_399), "20000228235959");
        assert_eq!(date(951_782_400), "20000229000000");
        assert_eq!(date(4_107_542_400), "21000301000000");
    }
}
