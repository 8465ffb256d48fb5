//! The release that the native library mirrors, and the environment: `version`, `inNixShell`.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::warn_text;
use crate::source::Pos;
use crate::value::{Value, slot};

/// The release of nixpkgs that the native library mirrors.
pub const RELEASE: &str = "26.11";
/// The suffix that a checkout adds to the release.
const VERSION_SUFFIX: &str = "pre-git";
/// The oldest release that is still maintained at that time.
const OLDEST_SUPPORTED: i64 = 2605;

/// `lib.trivial.version`: the release with its suffix.
pub(super) fn version(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.str(&format!("{RELEASE}{VERSION_SUFFIX}"))?)
}

/// `lib.trivial.release`
pub(super) fn release(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.str(RELEASE)?)
}

/// `lib.trivial.oldestSupportedRelease`
pub(super) fn oldest_supported_release(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.int(OLDEST_SUPPORTED)?)
}

/// `lib.trivial.isInOldestRelease`: deprecated name of `oldestSupportedReleaseIsAtLeast`.
pub(super) fn is_in_oldest_release(ev: &Evaluator) -> Res<Value> {
    static NEW: Builtin = Builtin::hidden(
        "oldestSupportedReleaseIsAtLeast",
        &["release"],
        oldest_supported_release_is_at_least,
    );
    let message = "lib.isInOldestRelease is deprecated. Use lib.oldestSupportedReleaseIsAtLeast instead.";
    warn_text(ev, message, ev.builtin(&NEW))
}

/// `lib.trivial.oldestSupportedReleaseIsAtLeast`: whether all maintained releases are at least this new.
pub(super) fn oldest_supported_release_is_at_least(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [release] = exactly(args);
    let oldest = slot(ev.mem.int(OLDEST_SUPPORTED)?);
    Ok(Value::bool(!ev.less_than(&oldest, release, pos, "")?))
}

/// `lib.trivial.codeName`
pub(super) fn code_name(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.str("Zokor")?)
}

/// `lib.trivial.versionSuffix`
pub(super) fn version_suffix(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.str(VERSION_SUFFIX)?)
}

/// `lib.trivial.revisionWithDefault`: the default, because no revision is known.
pub(super) fn revision_with_default(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [default] = exactly(args);
    ev.force(default)
}

/// `lib.trivial.nixpkgsVersion`: deprecated name of `version`.
pub(super) fn nixpkgs_version(ev: &Evaluator) -> Res<Value> {
    warn_text(ev, "lib.nixpkgsVersion is a deprecated alias of lib.version.", version(ev)?)
}

/// `lib.trivial.inNixShell`: whether `nix-shell` started the evaluation.
pub(super) fn in_nix_shell(ev: &Evaluator) -> Res<Value> {
    let set = !ev.settings.pure && ev.host.env(b"IN_NIX_SHELL").is_some_and(|v| !v.is_empty());
    Ok(Value::bool(set))
}
