//! The table of `lib.modules`.

use super::attribute_priorities::merge_attr_definitions_with_priority;
use super::deprecated::{mk_fix_strictness, private, private_with_lib};
use super::properties::{self, with_order, with_priority};
use super::{aliases, evaluate, imports, internals, moved};
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::modules::declarations::{eval_option_value, fixup, merge_sets};
use crate::modules::definitions::{
    AFTER, BEFORE, DEFAULT, DEFAULT_ORDER, DEFAULT_PRIORITY, FORCE, IMAGE_MEDIA, OPTION_DEFAULT, VM,
    merge_definitions,
};
use crate::native::{
    Table, attrs, computed, computed_with_lib, function, native, pattern, share, shared_args, with_lib,
};
use crate::value::Value;

/// The names in `lib.modules`.
pub(super) static TABLE: Table = Table {
    namespace: "modules",
    entries: &[
        computed("applyModuleArgsIfFunction", |ev| {
            private(ev, "modules.applyModuleArgsIfFunction", &internals::APPLY_ARGS)
        })
        .top(),
        computed("collectModules", |ev| private(ev, "modules.collectModules", &internals::COLLECT)),
        computed("defaultOrderPriority", |ev| Ok(ev.mem.int(DEFAULT_ORDER)?)),
        computed("defaultOverridePriority", |ev| Ok(ev.mem.int(DEFAULT_PRIORITY)?)),
        computed("dischargeProperties", |ev| {
            private(ev, "modules.dischargeProperties", &properties::DISCHARGE)
        })
        .top(),
        pattern("doRename", &["args"], &[moved::DO_RENAME_ARGS], moved::do_rename).top(),
        with_lib("evalModules", &evaluate::EVAL_MODULES).top(),
        native("evalOptionValue", &EVAL_OPTION_VALUE),
        function("filterOverrides", &["defs"], properties::filter_overrides).top(),
        function("filterOverrides'", &["defs"], properties::filter_overrides_prime),
        with_lib("fixMergeModules", &evaluate::FIX_MERGE).top(),
        function("fixupOptionType", &["loc", "opt"], |ev, args, _| {
            let [_, option] = exactly(args);
            fixup(ev, attrs(ev, option)?)
        })
        .top(),
        function("importApply", &["modulePath", "staticArg"], imports::import_apply),
        function("importJSON", &["file"], imports::import_json),
        function("importTOML", &["file"], imports::import_toml),
        native("mapDefinitionValue", &properties::MAP_DEFINITION_VALUE),
        function("mergeAttrDefinitionsWithPrio", &["opt"], merge_attr_definitions_with_priority),
        function("mergeDefinitions", &["loc", "type", "defs"], |ev, args, _| {
            let [loc, ty, defs] = shared_args(ev, args)?;
            merge_definitions(ev, loc, ty, defs)
        })
        .top(),
        computed_with_lib("mergeModules", |ev, lib| {
            private_with_lib(ev, "modules.mergeModules", &internals::MERGE_MODULES, lib)
        })
        .top(),
        computed_with_lib("mergeModules'", |ev, lib| {
            private_with_lib(ev, "modules.mergeModules'", &internals::MERGE_MODULES_PRIME, lib)
        })
        .top(),
        function("mergeOptionDecls", &["loc", "opts"], |ev, args, _| {
            let [loc, options] = exactly(args);
            merge_sets(ev, share(ev, loc)?, options)
        })
        .top(),
        function("mkAfter", &["content"], with_order::<AFTER>).top(),
        function("mkAliasAndWrapDefinitions", &["wrap", "option"], aliases::mk_alias_and_wrap).top(),
        function("mkAliasAndWrapDefsWithPriority", &["wrap", "option"], aliases::mk_alias_with_priority),
        function("mkAliasDefinitions", &["option"], aliases::mk_alias_definitions).top(),
        computed("mkAliasIfDef", aliases::mk_alias_if_def),
        native("mkAliasOptionModule", &moved::MK_ALIAS).top(),
        computed("mkAliasOptionModuleMD", moved::mk_alias_md).top(),
        function("mkAssert", &["assertion", "message", "content"], properties::mk_assert).top(),
        function("mkBefore", &["content"], with_order::<BEFORE>).top(),
        function("mkChangedOptionModule", &["from", "to", "changeFn"], moved::mk_changed).top(),
        function("mkDefault", &["content"], with_priority::<DEFAULT>).top(),
        pattern("mkDefinition", &["args"], &[properties::MK_DEFINITION_ARGS], properties::mk_definition)
            .top(),
        function("mkDerivedConfig", &["opt", "f"], aliases::mk_derived_config).top(),
        computed("mkFixStrictness", mk_fix_strictness).top(),
        function("mkForce", &["content"], with_priority::<FORCE>).top(),
        function("mkIf", &["condition", "content"], properties::mk_if).top(),
        function("mkImageMediaOverride", &["content"], with_priority::<IMAGE_MEDIA>).top(),
        function("mkMerge", &["contents"], properties::mk_merge).top(),
        function("mkMergedOptionModule", &["from", "to", "mergeFn"], moved::mk_merged).top(),
        function("mkOptionDefault", &["content"], with_priority::<OPTION_DEFAULT>).top(),
        function("mkOrder", &["priority", "content"], properties::mk_order).top(),
        function("mkOverride", &["priority", "content"], properties::mk_override).top(),
        function("mkRemovedOptionModule", &["optionName", "replacementInstructions"], moved::mk_removed)
            .top(),
        function("mkRenamedOptionModule", &["from", "to"], moved::mk_renamed).top(),
        pattern(
            "mkRenamedOptionModuleWith",
            &["args"],
            &[moved::MK_RENAMED_WITH_ARGS],
            moved::mk_renamed_with,
        )
        .top(),
        function("mkVMOverride", &["content"], with_priority::<VM>).top(),
        computed("pushDownProperties", |ev| {
            private(ev, "modules.pushDownProperties", &properties::PUSH_DOWN)
        })
        .top(),
        function("setDefaultModuleLocation", &["file", "m"], imports::set_default_module_location).top(),
        function("sortProperties", &["defs"], properties::sort_properties).top(),
        computed("unifyModuleSyntax", |ev| private(ev, "modules.unifyModuleSyntax", &internals::UNIFY)).top(),
    ],
};

/// `lib.modules.evalOptionValue`
static EVAL_OPTION_VALUE: Builtin =
    Builtin::hidden("evalOptionValue", &["loc", "opt", "defs"], |ev, args, _| {
        let [loc, option, defs] = exactly(args);
        let option = attrs(ev, option)?;
        eval_option_value(ev, share(ev, loc)?, option, share(ev, defs)?)
    });

/// `lib.evalOptionValue`, which is deprecated although `lib.modules.evalOptionValue` is not.
pub(super) fn top_eval_option_value(ev: &Evaluator) -> Res<Value> {
    private(ev, "evalOptionValue", &EVAL_OPTION_VALUE)
}
