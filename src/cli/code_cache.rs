//! Evaluators whose code is kept between runs, and `nival cache`.

use super::args::{CacheArgs, CacheCommand};
use super::console::{Console, Exit};
use crate::eval::{Error, ErrorKind, Evaluator, NewCode, Settings, cached_files, code_version};
use crate::heap::HeapFull;
use crate::host::{CacheInfo, CodeCache, Host, NotUsed};
use crate::ir::pack::Contents;

/// The cache that an evaluation uses; none if it is switched off or has no place.
pub struct Keeper(Option<CodeCache>);

/// An evaluator that uses and adds to the code cache, unless `off`.
///
/// # Errors
/// [`HeapFull`] when no address space can be reserved.
pub fn evaluator(
    console: &Console,
    host: Box<dyn Host>,
    mut settings: Settings,
    off: bool,
) -> Result<(Evaluator, Keeper), HeapFull> {
    settings.collect_from = collect_from(&*host, settings.collect_from);
    let cache = if off { None } else { CodeCache::locate(&*host, code_version(&settings, &*host)) };
    let Some(cache) = cache else {
        return Ok((Evaluator::new(host, settings)?, Keeper(None)));
    };
    let files = match cache.open(cached_files) {
        Ok(files) => files,
        Err(e) => {
            ignored(console, &cache, &e);
            if matches!(e, NotUsed::Foreign(_)) {
                return Ok((Evaluator::new(host, settings)?, Keeper(None)));
            }
            None
        }
    };
    Ok((Evaluator::with_cached_code(host, settings, files.as_ref())?, Keeper(Some(cache))))
}

/// From which size of the heap on unneeded values are given back, as the variables of Nix's collector say.
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

/// Says that the cache is not used. What is damaged is removed: the next run makes a new one.
fn ignored(console: &Console, cache: &CodeCache, why: &NotUsed) {
    let folder = String::from_utf8_lossy(cache.folder());
    console.fail(&format!("warning: ignoring the code cache in '{folder}': {why}"));
    if matches!(why, NotUsed::Damaged(_)) {
        // If it cannot be removed, the next run says the same.
        let _ = cache.clear();
    }
}

impl Keeper {
    /// Keeps the code that the evaluation lowered.
    pub fn finish(&self, console: &Console, ev: &Evaluator) {
        let Some(cache) = &self.0 else {
            return;
        };
        if ev.cached_code_is_damaged() {
            return ignored(console, cache, &NotUsed::Damaged("it is damaged".to_owned()));
        }
        let mut last = 0;
        let id = || {
            last += 1;
            CodeCache::unique().wrapping_add(last)
        };
        if let Some(NewCode { files, contents, based_on, referred }) = ev.new_code(id) {
            // What cannot be kept (a read-only home, a full disk) is lowered again next time: no more than a matter
            // of speed, and nothing that a user of `nix-instantiate` expects to hear about.
            let unchanged = |now: &[u8]| Contents::peek_id(now).unwrap_or(0) == based_on;
            let _ = cache.store(&files, &contents, &referred, unchanged);
        }
    }
}

/// Runs `nival cache`.
pub fn run(console: &Console, args: &CacheArgs) -> Exit {
    let host = &*console.host;
    let Some(cache) = CodeCache::locate(host, code_version(&Settings::default(), host)) else {
        console.fail(
            "error: there is no place for a cache: none of NIVAL_CACHE_DIR, XDG_CACHE_HOME and HOME is set",
        );
        return Exit::FAILED;
    };
    let folder = String::from_utf8_lossy(cache.folder()).into_owned();
    let done = match args.command {
        CacheCommand::Info => match cache.info() {
            Ok(found) => console.print(info(&folder, &found).as_bytes()),
            Err(e) => {
                Err(Error::new(ErrorKind::System, format!("the code cache in '{folder}' is not used: {e}")))
            }
        },
        CacheCommand::Clear => cache.clear_all().map_err(|e| {
            Error::new(ErrorKind::System, format!("the code cache in '{folder}' is not removed: {e}"))
        }),
    };
    match done {
        Ok(()) => Exit::OK,
        Err(e) => {
            console.fail(&format!("error: {}", e.data().message));
            Exit::FAILED
        }
    }
}

fn info(folder: &str, info: &CacheInfo) -> String {
    let CacheInfo { bytes, current, files } = info;
    format!("folder   {folder}\nsize     {bytes} bytes\ncurrent  {current} bytes in {files} files\n")
}
