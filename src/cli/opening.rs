//! Which configuration the flags of a command open.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use super::args::OpenArgs;
use super::console::Console;
use super::{flakes, modules};
use crate::builtins;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::options::{Opening, STDIN, find};

/// The way to the configuration that the flags describe. Without any, it is looked for where nixos-option does. What they
/// name may be accessed by a restricted evaluation.
///
/// # Errors
/// Flags that do not go together, and no configuration at all.
pub fn of(
    console: &Console,
    ev: &Evaluator,
    modules: &[OsString],
    args: &OpenArgs,
    root: Option<&OsString>,
) -> Res<Opening> {
    let opening = named(console, ev, modules, args, root)?;
    if ev.settings.restrict {
        for name in files_of(&opening).filter(|name| *name != STDIN) {
            allow(ev, &find(ev, name)?);
        }
    }
    Ok(opening)
}

/// Lets a restricted evaluation access a file or folder, and what it is a link to.
pub fn allow(ev: &Evaluator, path: &[u8]) {
    ev.host.allow(path);
    if let Some(Ok(real)) = ev.host.unguarded().map(|host| host.resolve(path)) {
        ev.host.allow(&real);
    }
}

/// The files and folders that a way to a configuration names.
fn files_of(opening: &Opening) -> Box<dyn Iterator<Item = &OsString> + '_> {
    match opening {
        Opening::Modules(way) => {
            Box::new(way.modules.iter().chain(&way.fixtures).chain(&way.packages).chain(&way.lib))
        }
        Opening::Nixos { nixpkgs, configuration, .. } => {
            Box::new(nixpkgs.iter().chain(std::iter::once(configuration)))
        }
        Opening::File { file, .. } => Box::new(std::iter::once(file)),
        Opening::Flake { .. } | Opening::Expression { .. } => Box::new(std::iter::empty()),
    }
}

fn named(
    console: &Console,
    ev: &Evaluator,
    modules: &[OsString],
    args: &OpenArgs,
    root: Option<&OsString>,
) -> Res<Opening> {
    let usage = |message: &str| Err(Error::new(ErrorKind::Usage, message));
    if let Some(flake) = flakes::named(&args.evaluator.flake)? {
        let is_named = !modules.is_empty() || !args.files.is_empty() || args.expr.is_some();
        if is_named || args.nixpkgs.is_some() || root.is_some() {
            return usage(
                "a flake has its own modules, and names its nixpkgs; an attribute of it stands behind #",
            );
        }
        if let Some(flag) = for_modules(args) {
            return usage(&format!("{flag} is for modules, and a flake has its own"));
        }
        let machine = console.host.machine();
        return Ok(Opening::Flake { flake: Box::new(flake), machine });
    }
    let attr = root.map(|attr| attr.as_bytes().to_vec());
    if !modules.is_empty() {
        if args.expr.is_some() || attr.is_some() {
            return usage("modules and --expr or --root are different ways to a configuration");
        }
        if args.nixpkgs.is_some() {
            return usage("modules are evaluated without a nixpkgs; --lib and --pkgs name parts of one");
        }
        return Ok(Opening::Modules(Box::new(modules::of(console, modules, args)?)));
    }
    if let Some(flag) = for_modules(args) {
        return usage(&format!("{flag} is for modules, but no modules are given"));
    }
    if let Some(text) = &args.expr {
        return Ok(Opening::Expression { text: text.as_bytes().to_vec(), attr: attr.unwrap_or_default() });
    }
    match (&args.files[..], attr) {
        ([file], Some(attr)) => Ok(Opening::File { file: file.clone(), attr }),
        ([file], None) => {
            let input = if file == STDIN { Some(console.read_input()?) } else { None };
            Ok(Opening::Nixos { nixpkgs: args.nixpkgs.clone(), configuration: file.clone(), input })
        }
        ([], Some(_)) => usage("--root needs --file or --expr"),
        ([], None) => {
            Ok(Opening::Nixos { nixpkgs: args.nixpkgs.clone(), configuration: usual(ev)?, input: None })
        }
        _ => usage("only modules can be evaluated with several files"),
    }
}

/// A given flag that only modules without a nixpkgs have.
fn for_modules(args: &OpenArgs) -> Option<&'static str> {
    let given = [
        ("--no-base", args.no_base),
        ("--allow-undeclared", args.allow_undeclared),
        ("--strict-options", args.strict_options),
        ("--arg", !args.arg.is_empty()),
        ("--argstr", !args.argstr.is_empty()),
        ("--pkgs", args.pkgs.is_some()),
        ("--lib", args.lib.is_some()),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
}

/// The configuration of this machine, in the order in which nixos-option looks for it.
fn usual(ev: &Evaluator) -> Res<OsString> {
    const USUAL: &[u8] = b"/etc/nixos/configuration.nix";
    if let Some(named) = ev.host.env(b"NIXOS_CONFIG").filter(|named| !named.is_empty()) {
        return Ok(OsString::from_vec(named));
    }
    if let Ok(found) = builtins::find_file(ev, b"nixos-config") {
        return Ok(OsString::from_vec(found));
    }
    if ev.host.read_file(USUAL).is_ok() {
        return Ok(OsString::from_vec(USUAL.to_vec()));
    }
    Err(Error::new(ErrorKind::Usage, "there is no configuration").help(
        "name modules, or a configuration with --file (and --nixpkgs), or set NIXOS_CONFIG; \
         /etc/nixos/configuration.nix does not exist",
    ))
}
