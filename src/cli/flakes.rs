//! Flakes that flags name, and what an evaluation of one may access.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use super::args::{FlakeArgs, OpenArgs};
use super::console::Console;
use super::wrong::Wrong;
use super::{settings, stores};
use crate::eval::{Error, ErrorKind, Res, Settings};
use crate::options::FlakeName;
pub use crate::session::guarded;
use crate::store::Feature;

/// The flake that flags name; `None` if they name none.
///
/// # Errors
/// A malformed `--input`.
pub fn named(args: &FlakeArgs) -> Res<Option<FlakeName>> {
    let Some(reference) = &args.flake else {
        return Ok(None);
    };
    Ok(Some(FlakeName { reference: reference.as_bytes().to_vec(), ..inputs(args)? }))
}

/// How the inputs of flakes are found, without a flake.
///
/// # Errors
/// A malformed `--input`.
pub fn inputs(args: &FlakeArgs) -> Res<FlakeName> {
    let bytes = |word: &OsString| word.as_bytes().to_vec();
    let usage = |e: Wrong| Error::new(ErrorKind::Usage, e.message);
    let inputs: Result<_, _> =
        args.input.iter().map(|word| stores::input_and_folder(word.as_bytes())).collect();
    Ok(FlakeName {
        reference: Vec::new(),
        overrides: args
            .override_input
            .chunks_exact(2)
            .map(|pair| (bytes(&pair[0]), bytes(&pair[1])))
            .collect(),
        inputs: inputs.map_err(usage)?,
        lock_file: args.reference_lock_file.as_ref().map(bytes),
    })
}

/// Sets what evaluations of flakes have: the features, and no access to what is not given.
pub fn apply(settings: &mut Settings, pure: bool) {
    settings.store_features = settings.store_features.with(Feature::Flakes).with(Feature::FetchTree);
    settings.pure = pure;
    if pure {
        settings.nix_path.clear();
    }
}

/// Names the flake in the usual place, if nothing names a configuration: in the order in which nixos-option looks for it.
pub fn detect(console: &Console, has_modules: bool, open: &mut OpenArgs) {
    const USUAL: &[u8] = b"/etc/nixos/flake.nix";
    let evaluator = &open.evaluator;
    let is_named = has_modules
        || !open.files.is_empty()
        || open.expr.is_some()
        || open.nixpkgs.is_some()
        || evaluator.flake.flake.is_some()
        || !evaluator.include.is_empty();
    let host = &*console.host;
    if is_named || host.env(b"NIXOS_CONFIG").is_some_and(|named| !named.is_empty()) {
        return;
    }
    let in_path = settings::search_path(host, &[]);
    let named = in_path.iter().find(|(prefix, _)| prefix == "nixos-config");
    if named.is_some_and(|(_, path)| host.resolve(path.as_bytes()).is_ok()) {
        return;
    }
    if let Ok(real) = host.resolve(USUAL)
        && let Some(folder) = real.strip_suffix(b"/flake.nix")
    {
        open.evaluator.flake.flake = Some(OsString::from_vec(folder.to_vec()));
    }
}
