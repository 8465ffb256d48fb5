//! Modules about options that have moved: `mkRenamedOptionModule`, `mkRemovedOptionModule` and their relatives.

use super::helpers::{MK_ALIAS_AND_WRAP, MK_ALIAS_WITH_PRIORITY, make_if, make_merge};
use super::internal::option;
use super::show;
use super::types;
use crate::eval::{Builtin, Error, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    ID, abort, apply, attr, call_builtin, cell, get, interpolate, select, shared, shared_or, text, throw,
    truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, slot};

/// `lib.setAttrByPath`: a value inside sets.
fn at_path(ev: &Evaluator, path: Value, value: Value) -> Res<Value> {
    let mut value = value;
    for name in ev.mem.items(path).iter().rev() {
        let mut set = AttrsBuilder::with_capacity(1);
        set.push(ev.force_name(name, Pos::NONE, "while evaluating the name of a dynamic attribute")?, value);
        value = ev.mem.attrs(set)?;
    }
    Ok(value)
}

/// `setAttrByPath path` as a function.
static SET_AT: Builtin = Builtin::hidden("setAttrByPath", &["path", "value"], |ev, args, _| {
    let path = ev.force_list(&args[0], Pos::NONE, "")?;
    ev.force_value(at_path(ev, path, ev.mem.share(&args[1])?)?)
});

/// `lib.attrByPath`: what is in nested sets, if it is there.
fn find<'a>(ev: &'a Evaluator, path: Value, set: &'a Slot) -> Res<Option<&'a Slot>> {
    let mut found = set;
    for name in ev.mem.items(path) {
        let name = ev.force_name(name, Pos::NONE, "while evaluating an attribute name")?;
        match get(ev, ev.force(found)?, name) {
            Some(inner) => found = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// `lib.getAttrFromPath`
fn must_find<'a>(ev: &'a Evaluator, path: Value, set: &'a Slot) -> Res<&'a Slot> {
    find(ev, path, set)?.ok_or_else(|| {
        let names: Res<Vec<String>> = ev
            .mem
            .items(path)
            .iter()
            .map(|n| {
                let name = ev.force(n)?;
                Ok(String::from_utf8_lossy(&show::escape_identifier(ev.mem.text(name))).into_owned())
            })
            .collect();
        match names {
            Ok(names) => abort(&format!("cannot find attribute '{}'", names.join("."))),
            Err(e) => e,
        }
    })
}

/// The set with the given options and definitions.
fn module(ev: &Evaluator, options: Value, config: Value) -> Res<Value> {
    static MODULE: Record<2> = Record::new(["options", "config"]);
    Ok(ev.mem.record(&MODULE, [options, config])?)
}

/// A function that is a module: native code with some arguments that waits for those of modules.
fn module_function(ev: &Evaluator, run: &'static Builtin, args: &[Value]) -> Res<Value> {
    ev.partial(run, args)
}

/// The arguments of a module: `config` and `options`, as slots of the set.
fn module_arg<'a>(ev: &'a Evaluator, args: &Slot, name: &str) -> Res<&'a Slot> {
    let set = ev.force_attrs(args, Pos::NONE, "while evaluating the value passed for the lambda argument")?;
    match get(ev, set, ev.intern(name)?) {
        Some(slot) => Ok(slot),
        None => {
            let message = format!("function 'anonymous lambda' called without required argument '{name}'");
            Err(Error::type_error(message))
        }
    }
}

fn path_slot(ev: &Evaluator, path: &Slot) -> Res<Value> {
    ev.force_list(path, Pos::NONE, "")
}

/// The path of an option for a message.
fn path_text(ev: &Evaluator, path: &Slot) -> Res<String> {
    show::option(ev, path_slot(ev, path)?)
}

// Removed options.

/// `lib.modules.mkRemovedOptionModule`
pub(super) static MK_REMOVED: Builtin =
    Builtin::hidden("mkRemovedOptionModule", &["optionName", "replacementInstructions"], |ev, args, _| {
        module_function(ev, &REMOVED, &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?])
    });

static REMOVED: Builtin =
    Builtin::hidden("removedOption", &["optionName", "instructions", "args"], |ev, args, _| {
        static CONFIG: Record<1> = Record::new(["assertions"]);
        static ASSERTION: Record<2> = Record::new(["assertion", "message"]);
        static PART: Lazy = Lazy { name: "modules.removedOption", run: removed_part };
        static FAIL: Builtin =
            Builtin::hidden("apply", &["optionName", "instructions", "x"], |ev, args, _| {
                let path = path_text(ev, &args[0])?;
                let instructions = text(ev, interpolate(ev, &args[1])?);
                Err(throw(format!(
                    "The option `{path}' can no longer be used since it's been removed. {instructions}"
                )))
            });
        let options = ev.mem.share(module_arg(ev, &args[2], "options")?)?;
        let (name, instructions) = (ev.mem.share(&args[0])?, ev.mem.share(&args[1])?);
        let fail = ev.partial(&FAIL, &[name, instructions])?;
        let option = option(ev, &[("visible", Value::FALSE), ("apply", fail)])?;
        let declared = at_path(ev, path_slot(ev, &args[0])?, option)?;
        let parts = ev.delays_raw(&PART, &[name, instructions, options])?;
        let assertion = ev.mem.record(&ASSERTION, [Value::native(0, parts), Value::native(1, parts)])?;
        let assertions = ev.mem.list(&[assertion])?;
        module(ev, declared, ev.mem.record(&CONFIG, [assertions])?)
    });

fn removed_part(ev: &Evaluator, captures: &[Slot], index: usize) -> Res<Value> {
    let name = path_slot(ev, &captures[0])?;
    let option = ev.force(must_find(ev, name, &captures[2])?)?;
    if index == 0 {
        return Ok(Value::bool(!truth(ev, select(ev, option, sym!("isDefined"))?)?));
    }
    let files = ev.force_list(attr(ev, option, sym!("files"))?, Pos::NONE, "")?;
    let files = show::files(ev, ev.mem.items(files))?;
    let instructions = text(ev, interpolate(ev, &captures[1])?);
    let path = show::option(ev, name)?;
    Ok(ev.mem.str(&format!(
        "The option definition `{path}' in {files} no longer has any effect; please remove it.\n{instructions}\n"
    ))?)
}

// Renamed options.

/// What `doRename` is called with.
const FROM: usize = 0;
const TO: usize = 1;
const VISIBLE: usize = 2;
const WARN: usize = 3;
const USE: usize = 4;
const WITH_PRIORITY: usize = 5;
const CONDITION: usize = 6;
/// The arguments of the module, behind those.
const MODULE_ARGS: usize = 7;

/// What `doRename` is called with.
const DO_RENAME_ARGS: Formals = Formals {
    arg: 0,
    names: &[
        ("warn", false),
        ("from", false),
        ("to", false),
        ("visible", false),
        ("use", false),
        ("withPriority", true),
        ("condition", true),
    ],
    ellipsis: false,
};

/// `lib.modules.doRename`
pub(super) static DO_RENAME: Builtin = Builtin::hidden("doRename", &["args"], |ev, args, pos| {
    let set = ev.force_formals("doRename", &args[0], &DO_RENAME_ARGS, pos)?;
    let mut words = Vec::with_capacity(7);
    for name in ["from", "to", "visible", "warn", "use", "withPriority", "condition"] {
        words.push(shared_or(ev, set, ev.intern(name)?, Value::TRUE)?);
    }
    module_function(ev, &RENAMED, &words)
})
.with_formals(&[DO_RENAME_ARGS]);

/// `lib.modules.mkRenamedOptionModule`
pub(super) static MK_RENAMED: Builtin =
    Builtin::hidden("mkRenamedOptionModule", &["from", "to"], |ev, args, _| {
        static TRACE: Builtin = Builtin::hidden("trace", &["from", "to", "x"], |ev, args, _| {
            let message = obsolete(ev, &args[0], &args[1], "It was renamed to")?;
            call_builtin(ev, "trace", &[ev.mem.str(&message)?, ev.mem.share(&args[2])?])
        });
        let (from, to) = (ev.mem.share(&args[0])?, ev.mem.share(&args[1])?);
        let used = ev.partial(&TRACE, &[from, to])?;
        let words = [from, to, Value::FALSE, Value::TRUE, used, Value::TRUE, Value::TRUE];
        module_function(ev, &RENAMED, &words)
    });

/// What `mkRenamedOptionModuleWith` is called with.
const MK_RENAMED_OPTION_MODULE_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("from", false), ("to", false), ("sinceRelease", false)], ellipsis: false };

/// `lib.modules.mkRenamedOptionModuleWith`
pub(super) static MK_RENAMED_WITH: Builtin =
    Builtin::hidden("mkRenamedOptionModuleWith", &["args"], |ev, args, pos| {
        static WARN_IF: Builtin = Builtin::hidden("warn", &["since", "from", "to", "x"], |ev, args, _| {
            let x = ev.mem.share(&args[3])?;
            if !is_supported(ev, &args[0])? {
                return ev.force_value(x);
            }
            let message = obsolete(ev, &args[1], &args[2], "It was renamed to")?;
            call_builtin(ev, "warn", &[ev.mem.str(&message)?, x])
        });
        static SUPPORTED: Lazy = Lazy {
            name: "modules.sinceRelease",
            run: |ev, captures, _| Ok(Value::bool(is_supported(ev, &captures[0])?)),
        };
        let set = ev.force_formals(
            "mkRenamedOptionModuleWith",
            &args[0],
            &MK_RENAMED_OPTION_MODULE_WITH_ARGS,
            pos,
        )?;
        let (from, to) = (shared(ev, set, sym!("from"))?, shared(ev, set, sym!("to"))?);
        let since = shared(ev, set, sym!("sinceRelease"))?;
        let used = ev.partial(&WARN_IF, &[since, from, to])?;
        let warn = cell(ev, ev.delay_raw(&SUPPORTED, &[since])?)?;
        let words = [from, to, Value::FALSE, warn, used, Value::TRUE, Value::TRUE];
        module_function(ev, &RENAMED, &words)
    })
    .with_formals(&[MK_RENAMED_OPTION_MODULE_WITH_ARGS]);

/// The oldest release that is still maintained, as nixpkgs 26.11 has it.
const OLDEST_SUPPORTED: i64 = 2605;

/// `lib.oldestSupportedReleaseIsAtLeast`
fn is_supported(ev: &Evaluator, release: &Slot) -> Res<bool> {
    let oldest = slot(ev.mem.int(OLDEST_SUPPORTED)?);
    Ok(!ev.less_than(&oldest, release, Pos::NONE, "")?)
}

fn obsolete(ev: &Evaluator, from: &Slot, to: &Slot, what: &str) -> Res<String> {
    Ok(format!("Obsolete option `{}' is used. {what} `{}'.", path_text(ev, from)?, path_text(ev, to)?))
}

/// `lib.modules.mkAliasOptionModule`
pub(super) static MK_ALIAS: Builtin =
    Builtin::hidden("mkAliasOptionModule", &["from", "to"], |ev, args, _| {
        let (from, to) = (ev.mem.share(&args[0])?, ev.mem.share(&args[1])?);
        let words = [from, to, Value::TRUE, Value::FALSE, ev.builtin(&ID), Value::TRUE, Value::TRUE];
        module_function(ev, &RENAMED, &words)
    });

/// `lib.modules.mkAliasOptionModuleMD`
pub(super) fn mk_alias_md(ev: &Evaluator) -> Res<Value> {
    let message =
        "mkAliasOptionModuleMD is deprecated and will be removed in 26.05; please use mkAliasOptionModule.";
    super::helpers::deprecated(ev, message, ev.builtin(&MK_ALIAS))
}

static RENAMED: Builtin = Builtin::hidden(
    "renamedOption",
    &["from", "to", "visible", "warn", "use", "withPriority", "condition", "args"],
    |ev, args, _| {
        module_arg(ev, &args[MODULE_ARGS], "config")?;
        module_arg(ev, &args[MODULE_ARGS], "options")?;
        let words = args.iter().map(|a| ev.mem.share(a)).collect::<Result<Vec<_>, _>>()?;
        let option = ev.delay_raw(&ALIAS_OPTION, &words)?;
        let declared = at_path(ev, path_slot(ev, &args[FROM])?, option)?;
        let contents = ev.delay_raw(&FORWARDED, &words)?;
        let config = make_if(ev, words[CONDITION], make_merge(ev, contents)?)?;
        module(ev, declared, config)
    },
);

/// The old option, with the type of the new one. It looks at other options, so it has to wait until they are asked for.
static ALIAS_OPTION: Lazy = Lazy {
    name: "modules.aliasOption",
    run: |ev, captures, _| {
        let [to, used, args] = [TO, USE, MODULE_ARGS].map(|i| ev.mem.share(&captures[i]));
        let (to, used, args) = (to?, used?, args?);
        let mut attributes = vec![
            ("visible", ev.mem.share(&captures[VISIBLE])?),
            ("description", ev.delay_raw(&DESCRIPTION, &[to])?),
            ("apply", ev.partial(&USE_VALUE, &[to, used, args])?),
        ];
        let options = module_arg(ev, &captures[MODULE_ARGS], "options")?;
        // An option that is not there is taken for a submodule without options; a type of null means none.
        let new = match find(ev, path_slot(ev, &captures[TO])?, options)? {
            Some(new) => get(ev, ev.force(new)?, sym!("type")),
            None => None,
        };
        match new {
            None => attributes.push(("type", types::submodule::empty_submodule(ev, super::native_lib(ev)?)?)),
            Some(ty) if ev.force(ty)? == Value::NULL => {}
            Some(ty) => attributes.push(("type", ev.mem.share(ty)?)),
        }
        option(ev, &attributes)
    },
};

static DESCRIPTION: Lazy = Lazy {
    name: "modules.aliasDescription",
    run: |ev, captures, _| {
        Ok(ev.mem.str(&format!("Alias of {{option}}`{}`.", path_text(ev, &captures[0])?))?)
    },
};

/// The `apply` of the old option: what the new one is, with a warning if there is to be one.
static USE_VALUE: Builtin = Builtin::hidden("apply", &["to", "use", "args", "x"], |ev, args, _| {
    static NEW_VALUE: Lazy = Lazy {
        name: "modules.renamedValue",
        run: |ev, captures, _| {
            let config = module_arg(ev, &captures[1], "config")?;
            match find(ev, path_slot(ev, &captures[0])?, config)? {
                Some(value) => ev.force(value),
                None => {
                    let path = path_text(ev, &captures[0])?;
                    Err(abort(&format!("Renaming error: option `{path}' does not exist.")))
                }
            }
        },
    };
    let value = ev.delay_raw(&NEW_VALUE, &[ev.mem.share(&args[0])?, ev.mem.share(&args[2])?])?;
    apply(ev, &args[1], &[value])
});

/// The definitions of a renamed option: a warning, and those of the old option for the new one.
static FORWARDED: Lazy = Lazy {
    name: "modules.renamedDefinitions",
    run: |ev, captures, _| {
        static WARNINGS: Record<1> = Record::new(["warnings"]);
        let words = captures.iter().map(|c| ev.mem.share(c)).collect::<Result<Vec<_>, _>>()?;
        let options = module_arg(ev, &captures[MODULE_ARGS], "options")?;
        // Options may be examined here, but not those that this module itself declares.
        let warnings = ev.delay_raw(&WARNING_SET, &words)?;
        let old = ev.delay_raw(&OLD_OPTION, &[words[FROM], ev.mem.share(options)?])?;
        let wrap = ev.partial(&SET_AT, &[words[TO]])?;
        let run = if truth(ev, ev.force(&captures[WITH_PRIORITY])?)? {
            &MK_ALIAS_WITH_PRIORITY
        } else {
            &MK_ALIAS_AND_WRAP
        };
        let forwarded = ev.call(ev.builtin(run), &[wrap, cell(ev, old)?], Pos::NONE)?;
        static WARNING_SET: Lazy = Lazy {
            name: "modules.renamedWarnings",
            run: |ev, captures, _| {
                let options = ev.force(module_arg(ev, &captures[MODULE_ARGS], "options")?)?;
                if get(ev, options, sym!("warnings")).is_none() {
                    return Ok(Value::EMPTY_SET);
                }
                let words = captures.iter().map(|c| ev.mem.share(c)).collect::<Result<Vec<_>, _>>()?;
                Ok(ev.mem.record(&WARNINGS, [ev.delay_raw(&RENAME_WARNINGS, &words)?])?)
            },
        };
        Ok(ev.mem.list(&[warnings, forwarded])?)
    },
};

static OLD_OPTION: Lazy = Lazy {
    name: "modules.oldOption",
    run: |ev, captures, _| ev.force(must_find(ev, path_slot(ev, &captures[0])?, &captures[1])?),
};

static RENAME_WARNINGS: Lazy = Lazy {
    name: "modules.renameWarning",
    run: |ev, captures, _| {
        let options = module_arg(ev, &captures[MODULE_ARGS], "options")?;
        if !truth(ev, ev.force(&captures[WARN])?)? {
            return Ok(Value::EMPTY_LIST);
        }
        let old = ev.force(must_find(ev, path_slot(ev, &captures[FROM])?, options)?)?;
        if !truth(ev, select(ev, old, sym!("isDefined"))?)? {
            return Ok(Value::EMPTY_LIST);
        }
        let files = ev.force_list(attr(ev, old, sym!("files"))?, Pos::NONE, "")?;
        let message = format!(
            "The option `{}' defined in {} has been renamed to `{}'.",
            path_text(ev, &captures[FROM])?,
            show::files(ev, ev.mem.items(files))?,
            path_text(ev, &captures[TO])?
        );
        Ok(ev.mem.list(&[ev.mem.str(&message)?])?)
    },
};

// Options whose values become something else.

/// `lib.modules.mkMergedOptionModule`
pub(super) static MK_MERGED: Builtin =
    Builtin::hidden("mkMergedOptionModule", &["from", "to", "mergeFn"], |ev, args, _| {
        let words = args.iter().map(|a| ev.mem.share(a)).collect::<Result<Vec<_>, _>>()?;
        module_function(ev, &CHANGED, &words)
    });

/// `lib.modules.mkChangedOptionModule`
pub(super) static MK_CHANGED: Builtin =
    Builtin::hidden("mkChangedOptionModule", &["from", "to", "changeFn"], |ev, args, _| {
        let from = ev.mem.list(&[ev.mem.share(&args[0])?])?;
        module_function(ev, &CHANGED, &[from, ev.mem.share(&args[1])?, ev.mem.share(&args[2])?])
    });

/// The default of options that nobody defines any more, which tells that they are not defined.
const UNUSED: &str = "_mkMergedOptionModule";

static CHANGED: Builtin =
    Builtin::hidden("changedOption", &["from", "to", "mergeFn", "args"], |ev, args, _| {
        static WARNINGS: Record<1> = Record::new(["warnings"]);
        static PART: Lazy = Lazy {
            name: "modules.changedOption",
            run: |ev, captures, index| match index {
                0 => changed_warnings(ev, captures),
                _ => changed_value(ev, captures),
            },
        };
        module_arg(ev, &args[3], "config")?;
        module_arg(ev, &args[3], "options")?;
        let words = args.iter().map(|a| ev.mem.share(a)).collect::<Result<Vec<_>, _>>()?;
        let mut declared = Value::EMPTY_SET;
        for path in ev.mem.items(path_slot(ev, &args[0])?) {
            let option = option(ev, &[("visible", Value::FALSE), ("default", ev.mem.str(UNUSED)?)])?;
            let one = at_path(ev, path_slot(ev, path)?, option)?;
            declared = super::evaluate::recursive_update(ev, declared, one)?;
        }
        let parts = ev.delays_raw(&PART, &words)?;
        let value = make_merge(ev, Value::native(1, parts))?;
        let defined = at_path(ev, path_slot(ev, &args[1])?, value)?;
        let doing = "in the right operand of the update (//) operator";
        let defined = ev.force_attrs(&slot(defined), Pos::NONE, doing)?;
        let warnings = ev.mem.record(&WARNINGS, [Value::native(0, parts)])?;
        module(ev, declared, ev.mem.update(warnings, defined)?)
    });

fn is_used(ev: &Evaluator, path: &Slot, args: &Slot) -> Res<bool> {
    let value = ev.force(must_find(ev, path_slot(ev, path)?, module_arg(ev, args, "config")?)?)?;
    Ok(!(value.is_string() && ev.mem.text(value) == UNUSED.as_bytes()))
}

fn changed_warnings(ev: &Evaluator, captures: &[Slot]) -> Res<Value> {
    let mut warnings = Vec::new();
    let to = path_text(ev, &captures[1])?;
    for path in ev.mem.items(path_slot(ev, &captures[0])?) {
        if !is_used(ev, path, &captures[3])? {
            continue;
        }
        let options = module_arg(ev, &captures[3], "options")?;
        let option = ev.force(must_find(ev, path_slot(ev, path)?, options)?)?;
        let files = ev.force_list(attr(ev, option, sym!("files"))?, Pos::NONE, "")?;
        let files = show::files(ev, ev.mem.items(files))?;
        let from = path_text(ev, path)?;
        warnings.push(ev.mem.str(&format!(
            "The option `{from}' defined in {files} has been changed to `{to}' that has a different type. Please read \
             `{to}' documentation and update your configuration accordingly."
        ))?);
    }
    Ok(ev.mem.list(&warnings)?)
}

fn changed_value(ev: &Evaluator, captures: &[Slot]) -> Res<Value> {
    for path in ev.mem.items(path_slot(ev, &captures[0])?) {
        if is_used(ev, path, &captures[3])? {
            let config = ev.mem.share(module_arg(ev, &captures[3], "config")?)?;
            let value = ev.delay_call(ev.mem.share(&captures[2])?, &[config])?;
            return Ok(ev.mem.list(&[value])?);
        }
    }
    Ok(Value::EMPTY_LIST)
}
