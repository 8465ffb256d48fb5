//! What `nival config` and `nival verify` have in common: an evaluator set up as the flags about modules say.

use std::os::unix::ffi::OsStrExt as _;

use super::args::ModulesArgs;
use super::settings::{self, Wrong};
use super::{Exit, code_cache, current_dir, embedded, fail, legacy, observed, stores};
use crate::builtins;
use crate::eval::{Evaluator, Res, Settings};
use crate::host::{Limits, RealHost};

/// Makes an evaluator, has it `work`, and ends it after `show` has told the user what came of that.
pub fn run<T>(
    args: &ModulesArgs,
    work: impl FnOnce(&Evaluator) -> Res<T>,
    show: impl FnOnce(&Evaluator, Res<T>) -> Exit,
) -> Exit {
    let trouble = |message: &str| {
        fail(&format!("error: {message}"));
        Exit::TROUBLE
    };
    if let Err(e) = watch(args) {
        return trouble(&e.message);
    }
    let mut settings = Settings {
        show_trace: args.show_trace,
        system: args.system.clone(),
        max_call_depth: args.max_call_depth,
        ..Settings::default()
    };
    let include: Vec<Vec<u8>> = args.include.iter().map(|entry| entry.as_bytes().to_vec()).collect();
    settings.nix_path = settings::search_path(&RealHost::new(), &include);
    match current_dir() {
        Ok(dir) => settings.base_dir = dir,
        Err(e) => return trouble(&e.data().message),
    }
    let observed = stores::fetched_for_modules(args).and_then(|fetched| {
        settings.fetched = fetched;
        observed::of_modules(args, &mut settings)
    });
    let observed = match observed {
        Ok(observed) => observed,
        Err(e) => return trouble(&e.data().message),
    };
    let host = Box::new(embedded::host());
    let (mut ev, keeper) = match code_cache::evaluator(host, settings, args.no_cache) {
        Ok(made) => made,
        Err(e) => return trouble(&e.to_string()),
    };
    observed.begin(&mut ev);
    let done = stores::prepare_for_modules(&mut ev, args)
        .and_then(|()| builtins::install(&mut ev))
        .and_then(|()| work(&ev));
    observed.keep(|| keeper.finish(&ev));
    let exit = show(&ev, done);
    observed.finish(ev);
    exit
}

/// Watches over `--timeout` and `--max-memory`.
fn watch(args: &ModulesArgs) -> Result<(), Wrong> {
    let host = RealHost::new();
    let seconds = args.timeout.as_deref().map(legacy::positive_seconds).transpose()?;
    let given = args.max_memory.as_deref().map(|text| legacy::size("--max-memory", text)).transpose()?;
    host.watch(&Limits { seconds, memory: legacy::memory(given, &host)? });
    Ok(())
}
