//! `lib.modules`: its names, and those of its functions that are only ways into other files of this folder.

use super::collect::Collected;
use super::conditionals::{Raw, push_down};
use super::declare::{FIXUP, MERGE_DECLS, located_module};
use super::definitions::{MERGE_DEFINITIONS, Merge};
use super::entries::Entry;
use super::evaluate::{EVAL_MODULES, evaluation, result};
use super::helpers;
use super::load::{self, Loader};
use super::module_args::apply_args;
use super::option_value::EVAL_OPTION_VALUE;
use super::renames;
use super::tree::{self, STRAY, level, matched_options, strays};
use super::types;
use crate::builtins::real_path;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Object as _, Res};
use crate::heap::Slot;
use crate::native::{
    attr, call_builtin, delay_select, failed_assertion, get, is_function, select, shared, shared_or,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// The names in `lib.modules`.
pub(super) static TABLE: &[Entry] = &[
    Entry::computed("applyModuleArgsIfFunction", |ev| private(ev, "applyModuleArgsIfFunction", &APPLY_ARGS))
        .top(),
    Entry::computed("collectModules", |ev| private(ev, "collectModules", &COLLECT)),
    Entry::computed("defaultOrderPriority", helpers::default_order_priority),
    Entry::computed("defaultOverridePriority", helpers::default_override_priority),
    Entry::computed("dischargeProperties", |ev| private(ev, "dischargeProperties", &helpers::DISCHARGE))
        .top(),
    Entry::function("doRename", &renames::DO_RENAME).top(),
    Entry::with_lib("evalModules", &EVAL_MODULES).top(),
    Entry::function("evalOptionValue", &EVAL_OPTION_VALUE),
    Entry::function("filterOverrides", &helpers::FILTER_OVERRIDES).top(),
    Entry::function("filterOverrides'", &helpers::FILTER_OVERRIDES_PRIME),
    Entry::with_lib("fixMergeModules", &FIX_MERGE).top(),
    Entry::function("fixupOptionType", &FIXUP).top(),
    Entry::function("importApply", &IMPORT_APPLY),
    Entry::function("importJSON", &IMPORT_JSON),
    Entry::function("importTOML", &IMPORT_TOML),
    Entry::function("mapDefinitionValue", &helpers::MAP_DEFINITION_VALUE),
    Entry::function("mergeAttrDefinitionsWithPrio", &MERGE_ATTRS_WITH_PRIORITY),
    Entry::function("mergeDefinitions", &MERGE_DEFINITIONS).top(),
    Entry::computed_with_lib("mergeModules", |ev, lib| {
        private_with_lib(ev, "mergeModules", &MERGE_MODULES, lib)
    })
    .top(),
    Entry::computed_with_lib("mergeModules'", |ev, lib| {
        private_with_lib(ev, "mergeModules'", &MERGE_WITH, lib)
    })
    .top(),
    Entry::function("mergeOptionDecls", &MERGE_DECLS).top(),
    Entry::function("mkAfter", &helpers::MK_AFTER).top(),
    Entry::function("mkAliasAndWrapDefinitions", &helpers::MK_ALIAS_AND_WRAP).top(),
    Entry::function("mkAliasAndWrapDefsWithPriority", &helpers::MK_ALIAS_WITH_PRIORITY),
    Entry::function("mkAliasDefinitions", &helpers::MK_ALIAS_DEFINITIONS).top(),
    Entry::computed("mkAliasIfDef", helpers::mk_alias_if_def),
    Entry::function("mkAliasOptionModule", &renames::MK_ALIAS).top(),
    Entry::computed("mkAliasOptionModuleMD", renames::mk_alias_md).top(),
    Entry::function("mkAssert", &helpers::MK_ASSERT).top(),
    Entry::function("mkBefore", &helpers::MK_BEFORE).top(),
    Entry::function("mkChangedOptionModule", &renames::MK_CHANGED).top(),
    Entry::function("mkDefault", &helpers::MK_DEFAULT).top(),
    Entry::function("mkDefinition", &helpers::MK_DEFINITION).top(),
    Entry::function("mkDerivedConfig", &helpers::MK_DERIVED_CONFIG).top(),
    Entry::computed("mkFixStrictness", helpers::mk_fix_strictness).top(),
    Entry::function("mkForce", &helpers::MK_FORCE).top(),
    Entry::function("mkIf", &helpers::MK_IF).top(),
    Entry::function("mkImageMediaOverride", &helpers::MK_IMAGE_MEDIA).top(),
    Entry::function("mkMerge", &helpers::MK_MERGE).top(),
    Entry::function("mkMergedOptionModule", &renames::MK_MERGED).top(),
    Entry::function("mkOptionDefault", &helpers::MK_OPTION_DEFAULT).top(),
    Entry::function("mkOrder", &helpers::MK_ORDER).top(),
    Entry::function("mkOverride", &helpers::MK_OVERRIDE).top(),
    Entry::function("mkRemovedOptionModule", &renames::MK_REMOVED).top(),
    Entry::function("mkRenamedOptionModule", &renames::MK_RENAMED).top(),
    Entry::function("mkRenamedOptionModuleWith", &renames::MK_RENAMED_WITH).top(),
    Entry::function("mkVMOverride", &helpers::MK_VM).top(),
    Entry::computed("pushDownProperties", |ev| private(ev, "pushDownProperties", &helpers::PUSH_DOWN)).top(),
    Entry::function("setDefaultModuleLocation", &SET_LOCATION).top(),
    Entry::function("sortProperties", &helpers::SORT_PROPERTIES).top(),
    Entry::computed("unifyModuleSyntax", |ev| private(ev, "unifyModuleSyntax", &UNIFY)).top(),
];

/// Why nixpkgs warns about the use of some functions.
fn deprecation(name: &str) -> String {
    format!(
        "External use of `lib.{name}` is deprecated. If your use case isn't covered by non-deprecated functions, we'd \
         like to know more and perhaps support your use case well, instead of providing access to these low level \
         functions. In this case please open an issue in https://github.com/nixos/nixpkgs/issues/."
    )
}

fn private(ev: &Evaluator, name: &str, builtin: &'static Builtin) -> Res<Value> {
    helpers::deprecated(ev, &deprecation(&format!("modules.{name}")), ev.builtin(builtin))
}

fn private_with_lib(ev: &Evaluator, name: &str, builtin: &'static Builtin, lib: Value) -> Res<Value> {
    let message = deprecation(&format!("modules.{name}"));
    helpers::deprecated(ev, &message, ev.partial(builtin, &[lib])?)
}

/// `lib.evalOptionValue`, which is deprecated where `lib.modules.evalOptionValue` is not.
pub(super) fn top_eval_option_value(ev: &Evaluator) -> Res<Value> {
    helpers::deprecated(ev, &deprecation("evalOptionValue"), ev.builtin(&EVAL_OPTION_VALUE))
}

/// `lib.modules.setDefaultModuleLocation`
static SET_LOCATION: Builtin = Builtin::hidden("setDefaultModuleLocation", &["file", "m"], |ev, args, _| {
    located_module(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?)
});

/// `lib.modules.importApply`
static IMPORT_APPLY: Builtin = Builtin::hidden("importApply", &["modulePath", "staticArg"], |ev, args, _| {
    static IMPORTED: Lazy = Lazy {
        name: "modules.importApply",
        run: |ev, captures, _| {
            let path = real_path(ev, &captures[0], Pos::NONE)?;
            let f = ev.import(&path)?;
            ev.call(f, &[ev.mem.share(&captures[1])?], Pos::NONE)
        },
    };
    let path = ev.mem.share(&args[0])?;
    located_module(ev, path, ev.delay_raw(&IMPORTED, &[path, ev.mem.share(&args[1])?])?)
});

/// A module with the data in a file.
fn import_data(ev: &Evaluator, file: &Slot, reader: usize) -> Res<Value> {
    static MODULE: Record<2> = Record::new(["_file", "config"]);
    static DATA: Lazy = Lazy {
        name: "modules.importData",
        run: |ev, captures, index| {
            let text = call_builtin(ev, "readFile", &[ev.mem.share(&captures[0])?])?;
            call_builtin(ev, if index == 0 { "fromJSON" } else { "fromTOML" }, &[text])
        },
    };
    let file = ev.mem.share(file)?;
    let data = Value::native(reader, ev.delays_raw(&DATA, &[file])?);
    Ok(ev.mem.record(&MODULE, [file, data])?)
}

/// `lib.modules.importJSON`
static IMPORT_JSON: Builtin =
    Builtin::hidden("importJSON", &["file"], |ev, args, _| import_data(ev, &args[0], 0));
/// `lib.modules.importTOML`
static IMPORT_TOML: Builtin =
    Builtin::hidden("importTOML", &["file"], |ev, args, _| import_data(ev, &args[0], 1));

/// `lib.modules.fixMergeModules`
static FIX_MERGE: Builtin = Builtin::hidden("fixMergeModules", &["lib", "modules", "args"], |ev, args, _| {
    static ALL: Record<3> = Record::new(["modules", "args", "check"]);
    let all = [ev.mem.share(&args[1])?, ev.mem.share(&args[2])?, Value::FALSE];
    let all = ev.mem.record(&ALL, all)?;
    let arguments = super::evaluate::arguments(ev, ev.mem.share(&args[0])?, all)?;
    result(ev, evaluation(ev, arguments)?)
});

/// `lib.modules.applyModuleArgsIfFunction`
static APPLY_ARGS: Builtin =
    Builtin::hidden("applyModuleArgsIfFunction", &["key", "f", "args"], |ev, args, _| {
        const ARGS: Formals = Formals { arg: 2, names: &[("config", false)], ellipsis: true };
        let all = ev.force_formals("applyModuleArgsIfFunction", &args[2], &ARGS, Pos::NONE)?;
        let f = ev.force(&args[1])?;
        if !is_function(ev, f)? {
            return Ok(f);
        }
        apply_args(ev, ev.mem.share(&args[0])?, f, all)
    });

/// `lib.modules.unifyModuleSyntax`
static UNIFY: Builtin = Builtin::hidden("unifyModuleSyntax", &["file", "key", "m"], |ev, args, _| {
    let share = |i: usize| ev.mem.share(&args[i]);
    load::as_set(ev, &load::unify(ev, share(0)?, share(1)?, share(2)?)?)
});

/// `lib.modules.collectModules`, for modules of any class.
static COLLECT: Builtin =
    Builtin::hidden("collectModules", &["modulesPath", "initialModules", "args"], |ev, args, _| {
        static RESULT: Record<2> = Record::new(["modules", "graph"]);
        static SPECIAL: Record<1> = Record::new(["modulesPath"]);
        static PART: Lazy = Lazy {
            name: "modules.collect",
            run: |ev, captures, index| {
                let args = ev.force_attrs(&captures[2], Pos::NONE, "")?;
                let special = ev.mem.record(&SPECIAL, [ev.mem.share(&captures[0])?])?;
                let prefix = shared_or(ev, args, sym!("_prefix"), Value::EMPTY_LIST)?;
                let loader = Loader { args, special, class: Value::NULL, prefix };
                let collected = Collected::new(ev, &loader, ev.mem.share(&captures[1])?)?;
                if index == 1 {
                    return collected.graph(ev);
                }
                let modules = collected.modules(ev)?;
                let sets = modules.iter().map(|m| load::as_set(ev, m)).collect::<Res<Vec<_>>>()?;
                Ok(ev.mem.list(&sets)?)
            },
        };
        let words = args.iter().map(|a| ev.mem.share(a)).collect::<Result<Vec<_>, _>>()?;
        let parts = ev.delays_raw(&PART, &words)?;
        Ok(ev.mem.record(&RESULT, [Value::native(0, parts), Value::native(1, parts)])?)
    });

/// The options and stray definitions of modules that come as sets with `_file` and `options`.
fn merge_modules(ev: &Evaluator, lib: Value, prefix: Value, modules: &Slot, configs: Value) -> Res<Value> {
    static RESULT: Record<2> = Record::new(["matchedOptions", "unmatchedDefns"]);
    static STRAYS: Lazy = Lazy {
        name: "modules.strays",
        run: |ev, captures, _| stray_sets(ev, strays(ev, peek(&captures[0]))?),
    };
    let mut decls = Vec::new();
    for module in ev.mem.items(ev.force_list(modules, Pos::NONE, "")?) {
        let module = ev.force(module)?;
        let file = match get(ev, module, sym!("_file")) {
            Some(file) => ev.mem.share(file)?,
            None => delay_select(ev, module, sym!("_file"))?,
        };
        let options = shared(ev, module, sym!("options"))?;
        decls.extend([file, options, super::conditionals::position(Pos::NONE)]);
    }
    let context = tree::context(ev, Value::NULL, lib, false)?;
    let level = level(ev, context, prefix, ev.mem.list(&decls)?, configs)?;
    let strays = ev.delay_raw(&STRAYS, &[level])?;
    Ok(ev.mem.record(&RESULT, [matched_options(ev, level)?, strays])?)
}

fn stray_sets(ev: &Evaluator, strays: Value) -> Res<Value> {
    static SET: Record<3> = Record::new(["file", "prefix", "value"]);
    let mut sets = Vec::new();
    for stray in ev.mem.items(strays).chunks_exact(STRAY) {
        let raw = Raw::of(ev, stray)?;
        let value = super::conditionals::wrapped(ev, raw.value, &super::conditionals::props(ev, raw.props)?)?;
        sets.push(ev.mem.record(&SET, [raw.file, peek(&stray[STRAY - 1]), value])?);
    }
    Ok(ev.mem.list(&sets)?)
}

/// `lib.modules.mergeModules`
static MERGE_MODULES: Builtin =
    Builtin::hidden("mergeModules", &["lib", "prefix", "modules"], |ev, args, _| {
        static CONFIGS: Lazy = Lazy {
            name: "modules.mergeModules",
            run: |ev, captures, _| {
                let modules = ev.force_list(&captures[0], Pos::NONE, "")?;
                let mut words = Vec::new();
                for module in ev.mem.items(modules) {
                    let module = ev.force(module)?;
                    let file = shared(ev, module, sym!("_file"))?;
                    let config = select(ev, module, sym!("config"))?;
                    push_down(ev, config, Value::EMPTY_LIST, &mut |set, props| {
                        words.extend([file, set, props]);
                        Ok(())
                    })?;
                }
                Ok(ev.mem.list(&words)?)
            },
        };
        let configs = ev.delay_raw(&CONFIGS, &[ev.mem.share(&args[2])?])?;
        merge_modules(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, &args[2], configs)
    });

/// `lib.modules.mergeModules'`
static MERGE_WITH: Builtin =
    Builtin::hidden("mergeModules'", &["lib", "prefix", "modules", "configs"], |ev, args, _| {
        static CONFIGS: Lazy = Lazy {
            name: "modules.mergeModules'",
            run: |ev, captures, _| {
                let configs = ev.force_list(&captures[0], Pos::NONE, "")?;
                let mut words = Vec::new();
                for config in ev.mem.items(configs) {
                    let config = ev.force(config)?;
                    let file = shared(ev, config, sym!("file"))?;
                    words.extend([file, select(ev, config, sym!("config"))?, Value::EMPTY_LIST]);
                }
                Ok(ev.mem.list(&words)?)
            },
        };
        let configs = ev.delay_raw(&CONFIGS, &[ev.mem.share(&args[3])?])?;
        merge_modules(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, &args[2], configs)
    });

/// `lib.modules.mergeAttrDefinitionsWithPrio`: the attributes of a set option with the priority that each has.
static MERGE_ATTRS_WITH_PRIORITY: Builtin =
    Builtin::hidden("mergeAttrDefinitionsWithPrio", &["opt"], |ev, args, _| {
        let option = ev.force(&args[0])?;
        let ty = select(ev, option, sym!("type"))?;
        let name = select(ev, ty, sym!("name"))?;
        if !name.is_string() || !matches!(ev.mem.text(name), b"attrsOf" | b"lazyAttrsOf") {
            let condition = "(((opt).type.name == \"attrsOf\") || ((opt).type.name == \"lazyAttrsOf\"))";
            return Err(failed_assertion(condition));
        }
        let mut all: Vec<(crate::heap::Sym, Raw)> = Vec::new();
        let defs = ev.force_list(attr(ev, option, sym!("definitionsWithLocations"))?, Pos::NONE, "")?;
        for def in ev.mem.items(defs) {
            let set = ev.force(def)?;
            let file = shared(ev, set, sym!("file"))?;
            push_down(ev, select(ev, set, sym!("value"))?, Value::EMPTY_LIST, &mut |set, props| {
                for entry in ev.mem.entries(ev.force_attrs(&slot(set), Pos::NONE, "")?) {
                    let value = ev.mem.share(entry.slot)?;
                    all.push((entry.name, Raw { file, value, props, pos: entry.pos }));
                }
                Ok(())
            })?;
        }
        all.sort_by_key(|(name, _)| *name);
        let elem = types::OptionType::of(ty).elem_type(ev)?;
        let loc = ev.force_list(attr(ev, option, sym!("loc"))?, Pos::NONE, "")?;
        let mut set = AttrsBuilder::new();
        for group in all.chunk_by(|a, b| a.0 == b.0) {
            let words: Vec<Value> = group.iter().flat_map(|(_, raw)| raw.words()).collect();
            let loc = crate::native::appended(ev, loc, Value::symbol(group[0].0))?;
            set.push(
                group[0].0,
                with_priority(ev, Merge::of_raw(ev, Value::NULL, loc, elem, ev.mem.list(&words)?)?)?,
            );
        }
        Ok(ev.mem.attrs(set)?)
    });

fn with_priority(ev: &Evaluator, merge: Merge) -> Res<Value> {
    static SET: Record<2> = Record::new(["value", "highestPrio"]);
    static PART: Lazy = Lazy {
        name: "modules.withPriority",
        run: |ev, captures, index| match index {
            0 => ev.force(Merge::of(peek(&captures[0])).value(ev)),
            _ => ev.force(Merge::of(peek(&captures[0])).priority(ev)),
        },
    };
    let parts = ev.delays_raw(&PART, &[merge.word()])?;
    Ok(ev.mem.record(&SET, [Value::native(0, parts), Value::native(1, parts)])?)
}
