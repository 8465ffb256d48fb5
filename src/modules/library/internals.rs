//! The steps of `evalModules` as functions, which nixpkgs considers internal.

use crate::eval::{Builtin, Evaluator, Formals, Object as _, Res, Row as _, exactly, suspended};
use crate::heap::Slot;
use crate::modules::declarations::Decl;
use crate::modules::definitions::{props, wrapped};
use crate::modules::loading::{Collected, Loader, apply_args, as_set, graph, unify};
use crate::modules::tree::{Configs, Context, Level, LevelParts};
use crate::native::{cell, delay_select, is_function, items, select, share, shared_args};
use crate::source::Pos;
use crate::value::{Record, Value, peek};

/// `lib.modules.applyModuleArgsIfFunction`
pub(super) static APPLY_ARGS: Builtin =
    Builtin::hidden("applyModuleArgsIfFunction", &["key", "f", "args"], |ev, args, _| {
        const ARGS: Formals = Formals { arg: 2, names: &[("config", false)], ellipsis: true };
        let [key, f, args] = exactly(args);
        let all = ev.force_formals("applyModuleArgsIfFunction", args, &ARGS, Pos::NONE)?;
        let f = ev.force(f)?;
        match is_function(ev, f)? {
            true => apply_args(ev, share(ev, key)?, f, all),
            false => Ok(f),
        }
    });

/// `lib.modules.unifyModuleSyntax`
pub(super) static UNIFY: Builtin =
    Builtin::hidden("unifyModuleSyntax", &["file", "key", "m"], |ev, args, _| {
        let [file, key, module] = shared_args(ev, args)?;
        as_set(ev, &unify(ev, file, key, module)?)
    });

suspended! {
    /// The result of `collectModules`.
    struct Collect { modules_path, initial, args } => struct CollectParts { modules, graph }
}

impl Collect<&Slot> {
    fn loader(self, ev: &Evaluator) -> Res<Loader> {
        static SPECIAL: Record<1> = Record::new(["modulesPath"]);
        let args = share(ev, self.args)?;
        let special = ev.mem.record(&SPECIAL, [share(ev, self.modules_path)?])?;
        let prefix = cell(ev, delay_select(ev, args, sym!("_prefix"))?)?;
        Ok(Loader { args, special, class: Value::NULL, prefix })
    }

    fn modules(self, ev: &Evaluator) -> Res<Value> {
        let modules = Collected::new(ev, &self.loader(ev)?, share(ev, self.initial)?)?.modules(ev)?;
        let sets = modules.iter().map(|m| as_set(ev, m)).collect::<Res<Vec<_>>>()?;
        Ok(ev.mem.list(&sets)?)
    }

    fn graph(self, ev: &Evaluator) -> Res<Value> {
        graph(ev, &self.loader(ev)?, share(ev, self.initial)?)
    }
}

/// `lib.modules.collectModules`, for modules of any class.
pub(super) static COLLECT: Builtin =
    Builtin::hidden("collectModules", &["modulesPath", "initialModules", "args"], |ev, args, _| {
        static RESULT: Record<2> = Record::new(["modules", "graph"]);
        let [modules_path, initial, args] = shared_args(ev, args)?;
        let CollectParts { modules, graph } = Collect { modules_path, initial, args }.parts(ev)?;
        Ok(ev.mem.record(&RESULT, [modules, graph])?)
    });

suspended! {
    /// The definitions without an option below a level, as sets.
    struct Unmatched { level }
}

impl Unmatched<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static SET: Record<3> = Record::new(["file", "prefix", "value"]);
        let mut sets = Vec::new();
        for stray in Level::of(peek(self.level)).strays(ev)? {
            let value = wrapped(ev, stray.raw.value, &props(ev, stray.raw.props)?)?;
            sets.push(ev.mem.record(&SET, [stray.raw.file, stray.path, value])?);
        }
        Ok(ev.mem.list(&sets)?)
    }
}

suspended! {
    /// The declarations of modules, given as sets with `_file` and `options`.
    struct Declarations { modules }
}

impl Declarations<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let decl = |module: &Slot| {
            let module = share(ev, module)?;
            let file = delay_select(ev, module, sym!("_file"))?;
            Ok(Decl { file, options: delay_select(ev, module, sym!("options"))?, pos: Pos::NONE })
        };
        Decl::list(ev, &items(ev, self.modules)?.iter().map(decl).collect::<Res<Vec<_>>>()?)
    }
}

/// The options and unmatched definitions of modules, given as sets with `_file` and `options`.
fn merge_modules(ev: &Evaluator, lib: Value, loc: Value, modules: Value, configs: Value) -> Res<Value> {
    static RESULT: Record<2> = Record::new(["matchedOptions", "unmatchedDefns"]);
    let context = Context { lib, has_base: Value::FALSE }.word(ev)?;
    let decls = ev.delay(Declarations { modules })?;
    let level = Level::new(ev, LevelParts { context, loc, decls, configs })?;
    let unmatched = ev.delay(Unmatched { level: level.word() })?;
    Ok(ev.mem.record(&RESULT, [level.options(ev)?, unmatched])?)
}

suspended! {
    /// The definitions of modules, given as sets with `_file` and `config`.
    struct OfModules { modules }
}

impl OfModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut words = Vec::new();
        for module in items(ev, self.modules)? {
            let module = ev.force(module)?;
            let config = select(ev, module, sym!("config"))?;
            let file = cell(ev, delay_select(ev, module, sym!("_file"))?)?;
            Configs::add(ev, &mut words, file, config, Value::EMPTY_LIST)?;
        }
        Ok(ev.mem.list(&words)?)
    }
}

/// `lib.modules.mergeModules`
pub(super) static MERGE_MODULES: Builtin =
    Builtin::hidden("mergeModules", &["lib", "prefix", "modules"], |ev, args, _| {
        let [lib, prefix, modules] = shared_args(ev, args)?;
        let configs = ev.delay(OfModules { modules })?;
        merge_modules(ev, lib, prefix, modules, configs)
    });

suspended! {
    /// The definitions in sets with `file` and `config`.
    struct OfConfigs { configs }
}

impl OfConfigs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut words = Vec::new();
        for config in items(ev, self.configs)? {
            let config = ev.force(config)?;
            let set = select(ev, config, sym!("config"))?;
            let file = delay_select(ev, config, sym!("file"))?;
            words.extend(Configs { file, set, props: Value::EMPTY_LIST }.words());
            if !set.is_attrs() {
                // Merging fails for this one, before it needs the following ones.
                break;
            }
        }
        Ok(ev.mem.list(&words)?)
    }
}

/// `lib.modules.mergeModules'`
pub(super) static MERGE_MODULES_PRIME: Builtin =
    Builtin::hidden("mergeModules'", &["lib", "prefix", "modules", "configs"], |ev, args, _| {
        let [lib, prefix, modules, configs] = shared_args(ev, args)?;
        let configs = ev.delay(OfConfigs { configs })?;
        merge_modules(ev, lib, prefix, modules, configs)
    });
