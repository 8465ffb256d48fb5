//! `lib.modules.evalModules` and `fixMergeModules`. Their first argument is the library that is passed to modules.

use crate::eval::{Builtin, Formals, exactly};
use crate::modules::evaluation::{Arguments, Evaluation};
use crate::native::{share, shared_args};
use crate::value::{Record, Value};

/// The arguments of `evalModules`.
const EVAL_MODULES_ARGS: Formals = Formals {
    arg: 1,
    names: &[
        ("modules", false),
        ("prefix", true),
        ("specialArgs", true),
        ("class", true),
        ("args", true),
        ("check", true),
    ],
    ellipsis: false,
};

/// `lib.modules.evalModules`
pub(super) static EVAL_MODULES: Builtin =
    Builtin::hidden("evalModules", &["lib", "args"], |ev, args, pos| {
        let [lib, args] = exactly(args);
        let all = ev.force_formals("evalModules", args, &EVAL_MODULES_ARGS, pos)?;
        Evaluation::start(ev, Arguments::of_set(ev, share(ev, lib)?, all)?)?.result(ev)
    })
    .with_formals(&[EVAL_MODULES_ARGS]);

/// `lib.modules.fixMergeModules`
pub(super) static FIX_MERGE: Builtin =
    Builtin::hidden("fixMergeModules", &["lib", "modules", "args"], |ev, args, _| {
        static ALL: Record<3> = Record::new(["modules", "args", "check"]);
        let [lib, modules, args] = shared_args(ev, args)?;
        let all = ev.mem.record(&ALL, [modules, args, Value::FALSE])?;
        Evaluation::start(ev, Arguments::of_set(ev, lib, all)?)?.result(ev)
    });
