//! What is compared with what: the flags of `nival diff` as pairs of configurations.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use super::flakes;
use super::pair::Pair;
use super::side::Way;
use crate::cli::args::{DiffArgs, OpenArgs};
use crate::cli::console::Console;
use crate::cli::revisions::{Revision, in_repository};
use crate::eval::{Error, ErrorKind, Res};
use crate::host::FileType;
use crate::syntax::absolute;

/// The pairs that the flags describe.
///
/// # Errors
/// Flags that do not go together.
pub fn pairs(console: &Console, args: &DiffArgs) -> Res<Vec<Pair>> {
    let usage = |message: &str| Err(Error::new(ErrorKind::Usage, message));
    let open = &args.open;
    if args.names.iter().chain(&open.files).chain(&args.modules).any(|name| name == "-") {
        return usage("standard input can be read only once, not for two configurations");
    }
    if open.evaluator.stats.is_some() || open.evaluator.profile.is_some() {
        return usage("--stats and --profile measure one evaluation; diff makes several");
    }
    if let Some(flake) = &open.evaluator.flake.flake {
        return flakes::pairs(console, args, flake);
    }
    if args.base.is_some() || args.old_nixpkgs.is_some() {
        return same_files(args, revisions(console, args)?);
    }
    if open.expr.is_some() {
        return usage("--expr is one configuration: --base REV compares it with a revision");
    }
    let [old, new] = &args.names[..] else {
        return Err(Error::new(ErrorKind::Usage, "two configurations are compared: OLD and NEW")
            .help("--base REV compares with a revision of a git repository, --old-nixpkgs PATH with another nixpkgs"));
    };
    if old == new {
        return usage("OLD and NEW are the same file; --base REV compares it with a revision");
    }
    let with =
        |files: &[OsString], modules: &[OsString], nixpkgs: Option<&OsString>, own: Option<&OsString>| Way {
            modules: modules.to_vec(),
            own: own.cloned(),
            has_own_tree: nixpkgs.is_some(),
            open: OpenArgs {
                files: files.to_vec(),
                nixpkgs: nixpkgs.or(open.nixpkgs.as_ref()).cloned(),
                ..open.clone()
            },
            revision: None,
            flake_root: None,
        };
    let one = std::slice::from_ref;
    if open.files.is_empty() {
        let name = format!("{} → {}", old.to_string_lossy(), new.to_string_lossy());
        let side = |file| with(one(file), &args.modules, None, Some(file));
        return Ok(vec![Pair { name, old: side(old), new: side(new) }]);
    }
    let is_nixpkgs = |name: &OsStr| -> Res<bool> {
        let nixos = [&absolute(name.as_bytes(), &console.current_dir()?)[..], b"/nixos"].concat();
        let real = console.host.resolve(&nixos).ok();
        Ok(real.is_some_and(|real| matches!(console.host.file_type(&real), Ok(Some(FileType::Directory)))))
    };
    let trees = is_nixpkgs(old)? && is_nixpkgs(new)?;
    Ok(open
        .files
        .iter()
        .map(|fixture| {
            let side = |it| match trees {
                true => with(one(fixture), &[], Some(it), None),
                false => with(one(fixture), one(it), None, Some(it)),
            };
            Pair { name: fixture.to_string_lossy().into_owned(), old: side(old), new: side(new) }
        })
        .collect())
}

/// The revisions that `--base` and `--head` name, of the repository of nixpkgs or, if that is in none, of the first module or
/// configuration that is in one.
fn revisions(console: &Console, args: &DiffArgs) -> Res<[Option<Revision>; 2]> {
    let Some(base) = &args.base else {
        return Ok([None, None]);
    };
    let path = in_repository(console, args.open.nixpkgs.iter().chain(&args.names).chain(&args.open.files))?;
    let head = args.head.as_ref().map(|head| Revision::open(&path, head)).transpose()?;
    Ok([Some(Revision::open(&path, base)?), head])
}

/// The same files at two revisions, or with two nixpkgs.
fn same_files(args: &DiffArgs, [base, head]: [Option<Revision>; 2]) -> Res<Vec<Pair>> {
    let open = &args.open;
    if args.old_nixpkgs.is_some() && (!args.names.is_empty() || open.nixpkgs.is_none()) {
        return Err(Error::new(
            ErrorKind::Usage,
            "--old-nixpkgs compares configurations (--file) with another --nixpkgs",
        ));
    }
    let way = |files: &[OsString], revision: &Option<Revision>, nixpkgs: &Option<OsString>| Way {
        modules: args.names.clone(),
        own: None,
        has_own_tree: args.old_nixpkgs.is_some(),
        open: OpenArgs { files: files.to_vec(), nixpkgs: nixpkgs.clone(), ..open.clone() },
        revision: revision.clone(),
        flake_root: None,
    };
    let old_nixpkgs = args.old_nixpkgs.clone().or_else(|| open.nixpkgs.clone());
    let pair = |name: String, files: &[OsString]| Pair {
        name,
        old: way(files, &base, &old_nixpkgs),
        new: way(files, &head, &open.nixpkgs),
    };
    let name = |name: &OsString| name.to_string_lossy().into_owned();
    if open.files.is_empty() {
        let names: Vec<String> = args.names.iter().map(name).collect();
        let name = if names.is_empty() { "the configuration".to_owned() } else { names.join(" ") };
        return Ok(vec![pair(name, &[])]);
    }
    Ok(open.files.iter().map(|file| pair(name(file), std::slice::from_ref(file))).collect())
}
