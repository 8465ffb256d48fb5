//! Evaluators with a code cache.

use crate::eval::{Evaluator, NewCode, Settings, cached_files, code_version};
use crate::heap::HeapFull;
use crate::host::{CodeCache, Host, NotUsed, bytes_of};
use crate::ir::pack::Contents;

/// The code cache of an evaluation, if it is enabled and has a directory.
pub struct Keeper(Option<CodeCache>);

/// Makes an evaluator that reads and extends the code cache, unless `off`.
pub fn evaluator(
    host: Box<dyn Host>,
    mut settings: Settings,
    off: bool,
) -> Result<(Box<Evaluator>, Keeper), HeapFull> {
    settings.collect_from = collect_from(&*host, settings.collect_from);
    let cache = if off { None } else { CodeCache::locate(&*host, code_version(&settings, &*host)) };
    let Some(cache) = cache else {
        return Ok((Evaluator::new(host, settings)?, Keeper(None)));
    };
    let files = match cache.open(cached_files) {
        Ok(files) => files,
        Err(e) => {
            ignored(&*host, &cache, &e);
            if matches!(e, NotUsed::Foreign(_)) {
                return Ok((Evaluator::new(host, settings)?, Keeper(None)));
            }
            None
        }
    };
    Ok((Evaluator::with_cached_code(host, settings, files.as_ref())?, Keeper(Some(cache))))
}

/// The heap size at which collection starts, as the variables of Nix's collector set it.
fn collect_from(host: &dyn Host, default: Option<usize>) -> Option<usize> {
    if host.env(b"GC_DONT_GC").is_some() {
        return None;
    }
    let given = host.env(b"GC_INITIAL_HEAP_SIZE").and_then(|text| String::from_utf8(text).ok());
    let Some(text) = given else {
        return default;
    };
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text[digits.len()..].chars().next().map(|unit| unit.to_ascii_lowercase()) {
        Some('k') => 10,
        Some('m') => 20,
        Some('g') => 30,
        _ => 0,
    };
    digits.parse::<usize>().ok().and_then(|n| n.checked_shl(shift)).or(default)
}

/// Warns that the cache is not used. Removes a damaged one, so that the next run makes a new one.
fn ignored(host: &dyn Host, cache: &CodeCache, why: &NotUsed) {
    let folder = String::from_utf8_lossy(cache.folder());
    host.message(&bytes_of(&format!("warning: ignoring the code cache in '{folder}': {why}")));
    if matches!(why, NotUsed::Damaged(_)) {
        // If that fails, the next run warns again.
        let _ = cache.clear();
    }
}

impl Keeper {
    /// Writes newly compiled code to the cache.
    pub fn finish(&self, ev: &Evaluator) {
        let Some(cache) = &self.0 else {
            return;
        };
        if ev.cached_code_is_damaged() {
            return ignored(&*ev.host, cache, &NotUsed::Damaged("it is damaged".to_owned()));
        }
        let mut last = 0;
        let id = || {
            last += 1;
            CodeCache::unique().wrapping_add(last)
        };
        if let Some(NewCode { files, contents, based_on, referred }) = ev.new_code(id) {
            // Code that cannot be written (a read-only home, a full disk) is compiled again next time. That
            // only costs time, and a user of `nix-instantiate` does not expect a message about it.
            let unchanged = |now: &[u8]| Contents::peek_id(now).unwrap_or(0) == based_on;
            let _ = cache.store(&files, &contents, &referred, unchanged);
        }
    }
}
