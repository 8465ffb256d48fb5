//! The steps of `evalModules` as functions, which nixpkgs considers internal.

use crate::eval::{Builtin, Evaluator, Formals, Object as _, Res, Row as _, exactly, suspended};
use crate::heap::Slot;
use crate::modules::declarations::Decl;
use crate::modules::definitions::{props, wrapped};
use crate::modules::loading::{Collected, Loader, apply_args, as_set, unify};
use crate::modules::tree::{Configs, Context, Level, LevelParts};
use crate::native::{attrs, delay_select, is_function, items, select, share, shared, shared_args, shared_or};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

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
    fn collected(self, ev: &Evaluator) -> Res<Collected> {
        static SPECIAL: Record<1> = Record::new(["modulesPath"]);
        let args = attrs(ev, self.args)?;
        let special = ev.mem.record(&SPECIAL, [share(ev, self.modules_path)?])?;
        let prefix = shared_or(ev, args, sym!("_prefix"), Value::EMPTY_LIST)?;
        let loader = Loader { args, special, class: Value::NULL, prefix };
        Collected::new(ev, &loader, share(ev, self.initial)?)
    }

    fn modules(self, ev: &Evaluator) -> Res<Value> {
        let modules = self.collected(ev)?.modules(ev)?;
        let sets = modules.iter().map(|m| as_set(ev, m)).collect::<Res<Vec<_>>>()?;
        Ok(ev.mem.list(&sets)?)
    }

    fn graph(self, ev: &Evaluator) -> Res<Value> {
        self.collected(ev)?.graph(ev)
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

/// The options and unmatched definitions of modules, given as sets with `_file` and `options`.
fn merge_modules(ev: &Evaluator, lib: Value, loc: Value, modules: &Slot, configs: Value) -> Res<Value> {
    static RESULT: Record<2> = Record::new(["matchedOptions", "unmatchedDefns"]);
    let mut decls = Vec::new();
    for module in items(ev, modules)? {
        let module = ev.force(module)?;
        let file = delay_select(ev, module, sym!("_file"))?;
        decls.push(Decl { file, options: shared(ev, module, sym!("options"))?, pos: Pos::NONE });
    }
    let context = Context { number: Value::NULL, lib, has_base: Value::FALSE }.word(ev)?;
    let level = Level::new(ev, LevelParts { context, loc, decls: Decl::list(ev, &decls)?, configs })?;
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
            let file = shared(ev, module, sym!("_file"))?;
            let config = select(ev, module, sym!("config"))?;
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
        merge_modules(ev, lib, prefix, &slot(modules), configs)
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
            let (file, set) = (shared(ev, config, sym!("file"))?, select(ev, config, sym!("config"))?);
            words.extend(Configs { file, set, props: Value::EMPTY_LIST }.words());
        }
        Ok(ev.mem.list(&words)?)
    }
}

/// `lib.modules.mergeModules'`
pub(super) static MERGE_MODULES_PRIME: Builtin =
    Builtin::hidden("mergeModules'", &["lib", "prefix", "modules", "configs"], |ev, args, _| {
        let [lib, prefix, modules, configs] = shared_args(ev, args)?;
        let configs = ev.delay(OfConfigs { configs })?;
        merge_modules(ev, lib, prefix, &slot(modules), configs)
    });
