//! `evalModules`: one evaluation of modules, as an object with suspended fields.

use super::collect::{self, Collected};
use super::conditionals::{RAW, Raw, props, push_down, wrapped};
use super::definitions::{definition, is_option};
use super::internal;
use super::kept;
use super::load::Loader;
use super::origins;
use super::provenance::Provenance;
use super::support::{field, lazy_record, object};
use super::tree::{self, CONFIG, DECL, STRAY, level, matched_options, strays};
use super::types::submodule::submodule_with;
use super::undeclared;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::native::{call_builtin, cell, concat, context, get, select, shared, shared_or};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

// What an evaluation is given. `lib` that its modules get:
pub(super) const LIB: usize = 0;
/// The `modules` argument, without those that old arguments stand for.
const MODULES: usize = 1;
const SPECIAL: usize = 2;
const CLASS: usize = 3;
pub(super) const PREFIX: usize = 4;
/// All arguments, for `extendModules`.
const ARGS: usize = 5;
/// The number for records.
const NUMBER: usize = 6;
// What is computed. The modules with those that old arguments stand for:
const REGULAR: usize = 7;
/// The root of the tree of options, in a list.
const TREE: usize = 8;
pub(super) const OPTIONS: usize = 9;
const DECLARED: usize = 10;
pub(super) const CONFIGURATION: usize = 11;
/// Null, or an error about definitions without option.
const CHECK: usize = 12;
const TYPE: usize = 13;
const COLLECTED: usize = 14;
const HINTED: usize = 15;
const CONFIGS: usize = 16;
const GRAPH: usize = 17;
const EXTEND: usize = 18;
/// The values without `_module`.
const VISIBLE: usize = 19;
const GIVEN: usize = 7;
const FIELDS: usize = 13;

static EVALUATION: Lazy = Lazy {
    name: "modules.evaluation",
    run: |ev, captures, index| {
        let this = peek(&captures[0]);
        match index {
            REGULAR => regular_modules(ev, this),
            TREE => root(ev, this),
            OPTIONS => ev.force(&slot(matched_options(ev, tree_of(ev, this)?)?)),
            DECLARED => declared_config(ev, ev.force(field(ev, this, OPTIONS))?),
            CONFIGURATION => configuration(ev, this),
            CHECK => check_strays(ev, this),
            TYPE => own_type(ev, this),
            COLLECTED => Ok(collect::words(ev, &collect_modules(ev, this)?.modules(ev)?)?),
            HINTED => ev.force(field(ev, this, CONFIGURATION)).map_err(hint),
            CONFIGS => root_configs(ev, this),
            GRAPH => collect_modules(ev, this)?.graph(ev),
            EXTEND => ev.partial(&EXTEND_MODULES, &[this]),
            _ => {
                let config = ev.force(field(ev, this, CONFIGURATION))?;
                Ok(ev.mem.filtered(config, |e| e.name != sym!("_module"))?)
            }
        }
    },
};

#[cold]
fn hint(e: crate::eval::Error) -> crate::eval::Error {
    context(
        e,
        "if you get an infinite recursion here, you probably reference `config` in `imports`. If you are trying to \
         achieve a conditional import behavior dependent on `config`, consider importing unconditionally, and using \
         `mkEnableOption` and `mkIf` to control its effect.",
    )
}

/// What `evalModules` is asked for; all words may be suspended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arguments {
    /// The library that modules get as `lib`.
    pub(super) lib: Value,
    /// The list of modules.
    pub(super) modules: Value,
    /// `specialArgs`
    pub(super) special: Value,
    /// `class`
    pub(super) class: Value,
    /// `prefix`
    pub(super) prefix: Value,
    /// The set with all arguments.
    pub(super) all: Value,
}

/// A new evaluation of modules.
pub(super) fn evaluation(ev: &Evaluator, args: Arguments) -> Res<Value> {
    let nested = args.prefix != Value::EMPTY_LIST;
    let number = ev.extension::<Provenance>().number(nested);
    let given = [args.lib, args.modules, args.special, args.class, args.prefix, args.all, number];
    Ok(object(ev, &EVALUATION, &given, FIELDS)?.0)
}

const _: () = assert!(GIVEN == 7 && GIVEN + FIELDS == VISIBLE + 1);

/// The number that an evaluation is recorded under; null if it is not.
pub(super) fn number(ev: &Evaluator, evaluation: Value) -> Value {
    peek(field(ev, evaluation, NUMBER))
}

/// The arguments in the set that `evalModules` is called with.
pub(super) fn arguments(ev: &Evaluator, lib: Value, all: Value) -> Res<Arguments> {
    Ok(Arguments {
        lib,
        modules: shared(ev, all, sym!("modules"))?,
        special: shared_or(ev, all, sym!("specialArgs"), Value::EMPTY_SET)?,
        class: shared_or(ev, all, sym!("class"), Value::NULL)?,
        prefix: shared_or(ev, all, sym!("prefix"), Value::EMPTY_LIST)?,
        all,
    })
}

/// What `evalModules` returns.
pub(super) fn result(ev: &Evaluator, this: Value) -> Res<Value> {
    static RESULT: Record<7> =
        Record::new(["options", "config", "_module", "graph", "extendModules", "type", "class"]);
    static TAG: Record<1> = Record::new(["_type"]);
    static ATTRIBUTE: Lazy = Lazy {
        name: "lib.evalModules",
        run: |ev, captures, index| {
            let this = peek(&captures[0]);
            if index < 3 {
                ev.force(field(ev, this, CHECK))?;
            }
            match index {
                0 => ev.force(field(ev, this, OPTIONS)),
                1 => ev.force(field(ev, this, VISIBLE)),
                2 => select(ev, ev.force(field(ev, this, CONFIGURATION))?, sym!("_module")),
                3 => ev.force(field(ev, this, GRAPH)),
                4 => ev.force(field(ev, this, EXTEND)),
                5 => ev.force(field(ev, this, TYPE)),
                _ => ev.force(field(ev, this, CLASS)),
            }
        },
    };
    let all = peek(field(ev, this, ARGS));
    for old in ["args", "check"] {
        if get(ev, all, ev.intern(old)?).is_some() {
            let message = format!(
                "The {old} argument to evalModules is deprecated. Please set config._module.{old} instead."
            );
            call_builtin(ev, "warn", &[ev.mem.str(&message)?, Value::NULL])?;
        }
    }
    let set = lazy_record(ev, &RESULT, &ATTRIBUTE, &[this])?;
    Ok(ev.mem.update(set, ev.mem.record(&TAG, [Value::symbol(sym!("configuration"))])?)?)
}

/// The values of all options, without `_module`; definitions without an option are an error, unless they are kept.
pub(super) fn checked_config(ev: &Evaluator, this: Value) -> Res<Value> {
    if kept::wanted_below(ev, ev.force(field(ev, this, COLLECTED))?)? {
        return config_with_undeclared(ev, this, &|_| true);
    }
    ev.force(field(ev, this, CHECK))?;
    ev.force(field(ev, this, VISIBLE))
}

/// The values of all options, without `_module`, and with those of definitions without option that are asked for.
pub(super) fn config_with_undeclared(ev: &Evaluator, this: Value, asked: kept::Asked<'_>) -> Res<Value> {
    let config = ev.force(field(ev, this, VISIBLE))?;
    if !is_checked(ev, this)? {
        return Ok(config);
    }
    let prefix = ev.mem.share(field(ev, this, PREFIX))?;
    match kept::values(ev, tree_of(ev, this)?, prefix, field(ev, this, OPTIONS), asked)? {
        Value::EMPTY_SET => Ok(config),
        undeclared => recursive_update(ev, undeclared, config),
    }
}

/// Whether definitions without option are an error: the modules neither say otherwise nor have a freeform type.
fn is_checked(ev: &Evaluator, this: Value) -> Res<bool> {
    let config = ev.force(field(ev, this, CONFIGURATION))?;
    let own = select(ev, config, sym!("_module"))?;
    Ok(crate::native::truth(ev, select(ev, own, sym!("check"))?)?
        && freeform_type(ev, config)? == Value::NULL)
}

/// What `evalModules` is called with.
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

/// `lib.modules.evalModules`; its first argument is the library that modules get.
pub(super) static EVAL_MODULES: Builtin =
    Builtin::hidden("evalModules", &["lib", "args"], |ev, args, pos| {
        let all = ev.force_formals("evalModules", &args[1], &EVAL_MODULES_ARGS, pos)?;
        let this = evaluation(ev, arguments(ev, ev.mem.share(&args[0])?, all)?)?;
        result(ev, this)
    })
    .with_formals(&[EVAL_MODULES_ARGS]);

/// What `extendModules` is called with.
const EXTEND_MODULES_ARGS: Formals =
    Formals { arg: 1, names: &[("modules", true), ("specialArgs", true), ("prefix", true)], ellipsis: false };

static EXTEND_MODULES: Builtin =
    Builtin::hidden("extendModules", &["evaluation", "args"], |ev, args, pos| {
        let this = ev.force(&args[0])?;
        let extra = ev.force_formals("extendModules", &args[1], &EXTEND_MODULES_ARGS, pos)?;
        let extended = evaluation(ev, extended(ev, this, extra)?)?;
        result(ev, extended)
    })
    .with_formals(&[EXTEND_MODULES_ARGS]);

/// The arguments of an evaluation with those of `extendModules` added.
fn extended(ev: &Evaluator, this: Value, extra: Value) -> Res<Arguments> {
    static BOTH: Lazy = Lazy {
        name: "modules.extended",
        run: |ev, captures, index| match index {
            0 => {
                let doing = "while evaluating one of the elements to concatenate";
                let regular = ev.force(field(ev, peek(&captures[0]), REGULAR))?;
                concat(ev, &[regular, ev.force_list(&captures[1], Pos::NONE, doing)?])
            }
            _ => {
                let doing = "in the left operand of the update (//) operator";
                let special = ev.force_attrs(field(ev, peek(&captures[0]), SPECIAL), Pos::NONE, doing)?;
                let doing = "in the right operand of the update (//) operator";
                Ok(ev.mem.update(special, ev.force_attrs(&captures[1], Pos::NONE, doing)?)?)
            }
        },
    };
    static CHANGED: Record<3> = Record::new(["modules", "specialArgs", "prefix"]);
    let modules = shared_or(ev, extra, sym!("modules"), Value::EMPTY_LIST)?;
    let modules = cell(ev, Value::native(0, ev.delays_raw(&BOTH, &[this, modules])?))?;
    let special = shared_or(ev, extra, sym!("specialArgs"), Value::EMPTY_SET)?;
    let special = cell(ev, Value::native(1, ev.delays_raw(&BOTH, &[this, special])?))?;
    let own = ev.mem.share(field(ev, this, PREFIX))?;
    let prefix = shared_or(ev, extra, sym!("prefix"), own)?;
    let all = peek(field(ev, this, ARGS));
    Ok(Arguments {
        lib: ev.mem.share(field(ev, this, LIB))?,
        modules,
        special,
        class: ev.mem.share(field(ev, this, CLASS))?,
        prefix,
        all: ev.mem.update(all, ev.mem.record(&CHANGED, [modules, special, prefix])?)?,
    })
}

/// The modules, and those that the arguments `args` and `check` stand for.
fn regular_modules(ev: &Evaluator, this: Value) -> Res<Value> {
    let doing = "while evaluating one of the elements to concatenate";
    let modules = ev.force_list(field(ev, this, MODULES), Pos::NONE, doing)?;
    let legacy = internal::legacy_modules(ev, peek(field(ev, this, ARGS)))?;
    concat(ev, &[modules, legacy])
}

fn collect_modules(ev: &Evaluator, this: Value) -> Res<Collected> {
    let regular = ev.force(field(ev, this, REGULAR))?;
    let own = internal::module(ev, this)?;
    let modules = crate::native::appended(ev, regular, own)?;
    let loader = Loader {
        args: cell(ev, ev.delay_raw(&MODULE_ARGS, &[this])?)?,
        special: ev.mem.share(field(ev, this, SPECIAL))?,
        class: ev.force(field(ev, this, CLASS))?,
        prefix: ev.mem.share(field(ev, this, PREFIX))?,
    };
    Collected::new(ev, &loader, modules)
}

static MODULE_ARGS: Lazy =
    Lazy { name: "modules.arguments", run: |ev, captures, _| module_args(ev, peek(&captures[0])) };

/// What all modules that are functions are called with.
fn module_args(ev: &Evaluator, this: Value) -> Res<Value> {
    static ARGS: Record<6> = Record::new(["lib", "options", "specialArgs", "_class", "_prefix", "config"]);
    let of = |i| ev.mem.share(field(ev, this, i));
    let args = [of(LIB)?, of(OPTIONS)?, of(SPECIAL)?, of(CLASS)?, of(PREFIX)?, of(HINTED)?];
    let doing = "in the right operand of the update (//) operator";
    let special = ev.force_attrs(field(ev, this, SPECIAL), Pos::NONE, doing)?;
    Ok(ev.mem.update(ev.mem.record(&ARGS, args)?, special)?)
}

/// The root of the tree of options. In a list, so that forcing the field does not force the root's fields.
fn root(ev: &Evaluator, this: Value) -> Res<Value> {
    let modules = ev.force(field(ev, this, COLLECTED))?;
    let mut decls = Vec::new();
    for module in collect::of_words(ev, modules) {
        let options = ev.mem.share(&module[1])?;
        if options != Value::EMPTY_SET {
            decls.extend([ev.mem.share(&module[0])?, options, super::conditionals::position(Pos::NONE)]);
        }
    }
    debug_assert!(decls.len().is_multiple_of(DECL));
    let prefix = ev.mem.share(field(ev, this, PREFIX))?;
    let base = origins::any_base(ev, modules)?;
    let context = tree::context(ev, number(ev, this), ev.mem.share(field(ev, this, LIB))?, base)?;
    let configs = ev.mem.share(field(ev, this, CONFIGS))?;
    let level = level(ev, context, prefix, ev.mem.list(&decls)?, configs)?;
    Ok(ev.mem.list(&[level])?)
}

/// The sets that the definitions of all modules mean.
fn root_configs(ev: &Evaluator, this: Value) -> Res<Value> {
    let modules = ev.force(field(ev, this, COLLECTED))?;
    let mut words = Vec::new();
    for module in collect::of_words(ev, modules) {
        let file = ev.mem.share(&module[0])?;
        push_down(ev, ev.force(&module[2])?, Value::EMPTY_LIST, &mut |set, props| {
            words.extend([file, set, props]);
            Ok(())
        })?;
    }
    debug_assert!(words.len().is_multiple_of(CONFIG));
    Ok(ev.mem.list(&words)?)
}

pub(super) fn tree_of(ev: &Evaluator, this: Value) -> Res<Value> {
    let list = ev.force(field(ev, this, TREE))?;
    Ok(peek(&ev.mem.items(list)[0]))
}

/// The values of a tree of options: a set with the same names, each value looked at when it is needed.
fn declared_config(ev: &Evaluator, options: Value) -> Res<Value> {
    static VALUE: Lazy = Lazy {
        name: "modules.config",
        run: |ev, captures, index| {
            let first = peek(&captures[0]).at();
            let option = ev.force(ev.mem.heap.slot(first + index as u32))?;
            match option.is_attrs() && !is_option(ev, option)? {
                true => declared_config(ev, option),
                false => select(ev, option, sym!("value")),
            }
        },
    };
    let (options, first) = ev.mem.flat(options)?;
    if options == Value::EMPTY_SET {
        return Ok(options);
    }
    // A list of no particular length, so that the reference can be kept in a word.
    let behind = ev.delays_raw(&VALUE, &[Value::list(first, 1)])?;
    Ok(ev.mem.with_values(options, |i| Value::native(i, behind))?)
}

fn freeform_type(ev: &Evaluator, config: Value) -> Res<Value> {
    select(ev, select(ev, config, sym!("_module"))?, sym!("freeformType"))
}

fn configuration(ev: &Evaluator, this: Value) -> Res<Value> {
    let declared = ev.force(field(ev, this, DECLARED))?;
    let freeform = freeform_type(ev, declared)?;
    if freeform == Value::NULL {
        return Ok(declared);
    }
    let strays = strays(ev, tree_of(ev, this)?)?;
    let mut defs = Vec::new();
    for stray in ev.mem.items(strays).chunks_exact(STRAY) {
        let raw = Raw::of(ev, stray)?;
        let mut value = wrapped(ev, raw.value, &props(ev, raw.props)?)?;
        for name in ev.mem.items(peek(&stray[RAW])).iter().rev() {
            let mut set = AttrsBuilder::with_capacity(1);
            set.push_at(ev.mem.symbol_of(peek(name))?, raw.pos, value);
            value = ev.mem.attrs(set)?;
        }
        defs.push(definition(ev, raw.file, value)?);
    }
    if defs.is_empty() {
        return recursive_update(ev, Value::EMPTY_SET, declared);
    }
    let prefix = ev.mem.share(field(ev, this, PREFIX))?;
    let merged = ev.call(select(ev, freeform, sym!("merge"))?, &[prefix, ev.mem.list(&defs)?], Pos::NONE)?;
    recursive_update(ev, ev.force_attrs(&slot(merged), Pos::NONE, "")?, declared)
}

/// `lib.recursiveUpdate` of two forced sets.
pub(super) fn recursive_update(ev: &Evaluator, left: Value, right: Value) -> Res<Value> {
    static BOTH: Lazy = Lazy {
        name: "modules.recursiveUpdate",
        run: |ev, captures, _| {
            let (left, right) = (ev.force(&captures[0])?, ev.force(&captures[1])?);
            match left.is_attrs() && right.is_attrs() {
                true => recursive_update(ev, left, right),
                false => Ok(right),
            }
        },
    };
    let mut set = AttrsBuilder::new();
    for entry in ev.mem.entries(left) {
        if ev.mem.get(right, entry.name).is_none() {
            set.push_at(entry.name, entry.pos, ev.mem.share(entry.slot)?);
        }
    }
    for entry in ev.mem.entries(right) {
        let own = ev.mem.share(entry.slot)?;
        let value = match ev.mem.get(left, entry.name) {
            Some(other) => ev.delay_raw(&BOTH, &[ev.mem.share(other)?, own])?,
            None => own,
        };
        set.push(entry.name, value);
    }
    Ok(ev.mem.attrs(set)?)
}

/// Definitions without option are an error, unless the modules say otherwise.
fn check_strays(ev: &Evaluator, this: Value) -> Res<Value> {
    if !is_checked(ev, this)? {
        return Ok(Value::NULL);
    }
    let strays = strays(ev, tree_of(ev, this)?)?;
    if strays == Value::EMPTY_LIST {
        return Ok(Value::NULL);
    }
    let prefix = ev.force_list(field(ev, this, PREFIX), Pos::NONE, "")?;
    let options = ev.force(field(ev, this, OPTIONS))?;
    Err(undeclared::error(ev, prefix, options, &ev.mem.items(strays)[..STRAY])?)
}

/// A type of submodules that are made of the same modules.
fn own_type(ev: &Evaluator, this: Value) -> Res<Value> {
    static ARGS: Record<3> = Record::new(["modules", "specialArgs", "class"]);
    let of = |i| ev.mem.share(field(ev, this, i));
    let args = ev.mem.record(&ARGS, [of(MODULES)?, of(SPECIAL)?, of(CLASS)?])?;
    submodule_with(ev, of(LIB)?, args)
}

/// A field of an evaluation for storing elsewhere.
pub(super) fn shared_field(ev: &Evaluator, this: Value, i: usize) -> Res<Value> {
    Ok(ev.mem.share(field(ev, this, i))?)
}

/// `_module.args` and the like that every evaluation defines itself: `extendModules`, its type, its `specialArgs`.
pub(super) fn own_definitions(ev: &Evaluator, this: Value) -> Res<[Value; 3]> {
    Ok([shared_field(ev, this, EXTEND)?, shared_field(ev, this, TYPE)?, shared_field(ev, this, SPECIAL)?])
}
