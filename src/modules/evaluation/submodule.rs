//! `types.submodule`: the types whose values are evaluations of modules.

use super::eval_modules::{Arguments, Evaluation};
use crate::eval::{Builtin, Evaluator, Formals, Object as _, Res, exactly, object, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{VALUE, definitions, head_error, make_force, make_option_default};
use crate::modules::loading::located_module;
use crate::modules::types::{
    Checked, OptionType, PLAIN, Spec, checked_merge, coherent_check, functor, is_module, loc_and_defs,
    plain_definition, symbol,
};
use crate::native::{
    Table, attr, attrs, cell, computed, concat, has, list, or_null, record, select, share, shared,
    shared_args, shared_or, text, throw, to_string, truth, with_lib,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// The names in `lib.types` of types whose values are evaluations.
pub static SUBMODULE_TYPES: Table = Table {
    namespace: "types",
    entries: &[
        computed("noCheckForDocsModule", no_check_module),
        with_lib("submodule", &SUBMODULE),
        with_lib("submoduleWith", &SUBMODULE_WITH),
    ],
};

object! {
    /// A submodule type.
    struct Submodule from SubmoduleWith {
        /// The library that is passed to its modules.
        lib,
        modules,
        /// `specialArgs`
        special,
        /// `shorthandOnlyDefinesConfig`
        shorthand,
        description,
        class,
        /// The set with all arguments, for `substSubModules`.
        all,
    } computes {
        /// The evaluation without definitions.
        base: base,
        /// The description of the type.
        shown: describe,
        /// The value without definitions.
        empty: empty,
        /// `nestedTypes`
        nested: nested,
    }
}

impl Submodule {
    fn in_slot(slot: &Slot) -> Submodule {
        Submodule::of(peek(slot))
    }

    /// The arguments for an evaluation of the submodule with additional modules.
    fn arguments(self, ev: &Evaluator, more: Value, prefix: Value) -> Res<Arguments> {
        let own = share(ev, self.modules(ev))?;
        let modules = cell(ev, ev.delay(AllModules { own, more })?)?;
        let (special, class) = (share(ev, self.special(ev))?, share(ev, self.class(ev))?);
        let all = EvalModules { modules, special, class, prefix }.set(ev)?;
        Ok(Arguments { lib: share(ev, self.lib(ev))?, modules, special, class, prefix, all })
    }

    /// Evaluates the submodule for documentation, without checks.
    fn for_documentation(self, ev: &Evaluator, prefix: Value) -> Res<Value> {
        let more = ev.mem.list(&[no_check_module(ev)?])?;
        Evaluation::start(ev, self.arguments(ev, more, prefix)?)?.result(ev)
    }
}

record! {
    /// The arguments of `evalModules`.
    struct EvalModules {
        modules: "modules",
        special: "specialArgs",
        class: "class",
        prefix: "prefix",
    }
}

suspended! {
    /// `[ { _module.args.name = mkOptionDefault "‹name›"; } ] ++ own ++ more`
    struct AllModules { own, more }
}

impl AllModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let own = ev.force_list(self.own, Pos::NONE, doing)?;
        let more = ev.force_list(self.more, Pos::NONE, doing)?;
        concat(ev, &[ev.mem.list(&[name_module(ev)?])?, own, more])
    }
}

record! {
    /// `{ inherit name; }`
    struct Name {
        name: "name",
    }
}

record! {
    /// `{ inherit args; }`
    struct Args {
        args: "args",
    }
}

record! {
    /// `{ inherit _module; }`
    struct OfModule {
        module: "_module",
    }
}

/// `{ _module.args.name = name; }`
fn with_name(ev: &Evaluator, name: Value) -> Res<Value> {
    OfModule { module: Args { args: Name { name }.set(ev)? }.set(ev)? }.set(ev)
}

/// The module that defines `name` where a submodule has no name yet: in documentation and freeform types.
fn name_module(ev: &Evaluator) -> Res<Value> {
    #[derive(Default)]
    struct Known(std::cell::Cell<Option<Value>>);
    let known = ev.extension::<Known>();
    if let Some(module) = known.0.get() {
        return Ok(module);
    }
    let module = with_name(ev, make_option_default(ev, ev.mem.str("‹name›")?)?)?;
    known.0.set(Some(module));
    Ok(module)
}

/// The arguments of `submoduleWith`.
const SUBMODULE_WITH_ARGS: Formals = Formals {
    arg: 1,
    names: &[
        ("modules", false),
        ("specialArgs", true),
        ("shorthandOnlyDefinesConfig", true),
        ("description", true),
        ("class", true),
    ],
    ellipsis: false,
};

/// `lib.types.submoduleWith`; its first argument is the library that is passed to modules.
static SUBMODULE_WITH: Builtin = Builtin::hidden("submoduleWith", &["lib", "args"], |ev, args, pos| {
    let [lib, given] = exactly(args);
    let set = ev.force_formals("submoduleWith", given, &SUBMODULE_WITH_ARGS, pos)?;
    submodule_with(ev, share(ev, lib)?, set)
})
.with_formals(&[SUBMODULE_WITH_ARGS]);

record! {
    /// The arguments that `submodule` passes to `submoduleWith`.
    struct Simple {
        modules: "modules",
        shorthand: "shorthandOnlyDefinesConfig",
    }
}

suspended! {
    /// `toList modules`
    struct ToList { modules }
}

impl ToList<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let v = ev.force(self.modules)?;
        if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
    }
}

/// `lib.types.submodule`
static SUBMODULE: Builtin = Builtin::hidden("submodule", &["lib", "modules"], |ev, args, _| {
    let [lib, modules] = shared_args(ev, args)?;
    let modules = cell(ev, ev.delay(ToList { modules })?)?;
    submodule_with(ev, lib, Simple { modules, shorthand: Value::TRUE }.set(ev)?)
});

record! {
    /// The payload of `submoduleWith`.
    struct SubmodulePayload {
        modules: "modules",
        class: "class",
        special: "specialArgs",
        shorthand: "shorthandOnlyDefinesConfig",
        description: "description",
    }
}

/// The type for a checked set of arguments.
pub fn submodule_with(ev: &Evaluator, lib: Value, all: Value) -> Res<Value> {
    let with = SubmoduleWith {
        lib,
        modules: shared(ev, all, sym!("modules"))?,
        special: shared_or(ev, all, sym!("specialArgs"), Value::EMPTY_SET)?,
        shorthand: shared_or(ev, all, sym!("shorthandOnlyDefinesConfig"), Value::FALSE)?,
        description: shared_or(ev, all, sym!("description"), Value::NULL)?,
        class: shared_or(ev, all, sym!("class"), Value::NULL)?,
        all,
    };
    let SubmoduleWith { modules, special, shorthand, description, class, .. } = with;
    let payload = SubmodulePayload { modules, class, special, shorthand, description }.set(ev)?;
    let of_payload = ev.partial(&SUBMODULE_WITH, &[lib])?;
    let submodule = Submodule::new(ev, with)?;
    let word = submodule.word();
    let spec = Spec {
        description: share(ev, submodule.shown(ev))?,
        check: coherent_check(ev, ev.builtin(&IS_SUBMODULE))?,
        merge: checked_merge(ev, ev.partial(&V2, &[word])?)?,
        empty: ev.mem.record(&VALUE, [share(ev, submodule.empty(ev))?])?,
        sub_options: ev.partial(&SUB_OPTIONS, &[word])?,
        sub_modules: modules,
        subst: ev.partial(&SUBST, &[word])?,
        functor: functor(ev, "submodule", of_payload, payload, ev.builtin(&MERGE_PAYLOADS))?,
        nested: share(ev, submodule.nested(ev))?,
        ..Spec::new(ev, "submodule")?
    };
    spec.build(ev)
}

fn base(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let evaluation = submodule.arguments(ev, Value::EMPTY_LIST, Value::EMPTY_LIST)?;
    Ok(Evaluation::start(ev, evaluation)?.word())
}

fn empty(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    Evaluation::of(ev.force(submodule.base(ev))?).checked_config(ev)
}

record! {
    /// The nested types of submodules.
    struct Nested {
        freeform_type: "freeformType",
    }
}

fn nested(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let base = Evaluation::of(ev.force(submodule.base(ev))?).result(ev)?;
    match freeform_of(ev, base)? {
        Value::NULL => Ok(Value::EMPTY_SET),
        freeform_type => Nested { freeform_type }.set(ev),
    }
}

/// `configuration._module.freeformType`
fn freeform_of(ev: &Evaluator, configuration: Value) -> Res<Value> {
    select(ev, select(ev, configuration, sym!("_module"))?, sym!("freeformType"))
}

fn describe(ev: &Evaluator, submodule: Submodule) -> Res<Value> {
    let given = ev.force(submodule.description(ev))?;
    if given != Value::NULL {
        return Ok(given);
    }
    let documented = submodule.for_documentation(ev, Value::EMPTY_LIST)?;
    let freeform = freeform_of(ev, documented)?;
    if !has(ev, freeform, sym!("description")) {
        return symbol(ev, "submodule");
    }
    let phrase = OptionType::of(freeform).phrase(ev, &PLAIN)?;
    Ok(ev.mem.str(&format!("open submodule of {phrase}"))?)
}

record! {
    /// A module with only definitions.
    struct Config {
        file: "_file",
        config: "config",
    }
}

record! {
    /// `{ inherit check; }`
    struct Check {
        check: "check",
    }
}

/// `lib.types.noCheckForDocsModule`
fn no_check_module(ev: &Evaluator) -> Res<Value> {
    const FILE: &str = "<built-in module that disables checks for the purpose of documentation generation>";
    let check = Check { check: make_force(ev, Value::FALSE)? }.set(ev)?;
    Config { file: ev.mem.str(FILE)?, config: OfModule { module: check }.set(ev)? }.set(ev)
}

static IS_SUBMODULE: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let [_, x] = exactly(args);
    Ok(Value::bool(is_module(ev, x)?))
});

record! {
    /// The `valueMeta` of submodules.
    struct Meta {
        configuration: "configuration",
    }
}

static V2: Builtin = Builtin::hidden("v2", &["submodule", "args"], |ev, args, _| {
    let [submodule, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    let evaluation = cell(ev, ev.delay(WithDefinitions { submodule: peek(submodule), loc, defs })?)?;
    let parts = Defined { evaluation, defs }.parts(ev)?;
    let value_meta = Meta { configuration: parts.configuration }.set(ev)?;
    Checked { head_error: parts.head_error, value: parts.value, value_meta }.set(ev)
});

suspended! {
    /// The result of merging definitions in a submodule.
    struct Defined { evaluation, defs } => struct DefinedParts {
        head_error,
        value,
        configuration,
    }
}

impl Defined<&Slot> {
    fn head_error(self, ev: &Evaluator) -> Res<Value> {
        let check = coherent_check(ev, ev.builtin(&IS_SUBMODULE))?;
        head_error(ev, check, list(ev, self.defs)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        Evaluation::of(ev.force(self.evaluation)?).checked_config(ev)
    }

    fn configuration(self, ev: &Evaluator) -> Res<Value> {
        Evaluation::of(ev.force(self.evaluation)?).result(ev)
    }
}

suspended! {
    /// The evaluation of a submodule with definitions.
    struct WithDefinitions { submodule, loc, defs }
}

impl WithDefinitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let submodule = Submodule::in_slot(self.submodule);
        let (loc, defs) = (share(ev, self.loc)?, share(ev, self.defs)?);
        let more = DefinitionModules { loc, defs, shorthand: share(ev, submodule.shorthand(ev))? };
        let more = cell(ev, ev.delay(more)?)?;
        Ok(Evaluation::start(ev, submodule.arguments(ev, more, loc)?)?.word())
    }
}

suspended! {
    /// The module that defines a submodule's `name`, followed by the definitions as modules.
    struct DefinitionModules { loc, defs, shorthand }
}

impl DefinitionModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let loc = list(ev, self.loc)?;
        let name = match ev.mem.items(loc).last() {
            Some(last) => share(ev, last)?,
            None => return Err(throw("lists.last: list must not be empty!")),
        };
        let mut modules = vec![with_name(ev, name)?];
        for def in definitions(ev, self.defs)? {
            modules.push(module_of(ev, ev.force(def)?, self.shorthand)?);
        }
        Ok(ev.mem.list(&modules)?)
    }
}

/// A definition as a module.
fn module_of(ev: &Evaluator, def: Value, shorthand: &Slot) -> Res<Value> {
    plain_definition(ev, def)?;
    let value = select(ev, def, sym!("value"))?;
    let file = shared(ev, def, sym!("file"))?;
    match value.is_attrs() && truth(ev, ev.force(shorthand)?)? {
        true => Config { file, config: value }.set(ev),
        false => located_module(ev, file, value),
    }
}

record! {
    /// The options of the freeform type, next to those of the submodule.
    struct FreeformOptions {
        options: "_freeformOptions",
    }
}

suspended! {
    /// `ty.getSubOptions prefix`
    struct OptionsOf { ty, prefix }
}

impl OptionsOf<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        OptionType::force(ev, self.ty)?.sub_options(ev, share(ev, self.prefix)?)
    }
}

static SUB_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["submodule", "prefix"], |ev, args, _| {
    let [submodule, prefix] = exactly(args);
    let prefix = share(ev, prefix)?;
    let documented = Submodule::in_slot(submodule).for_documentation(ev, prefix)?;
    let options = select(ev, documented, sym!("options"))?;
    match freeform_of(ev, documented)? {
        Value::NULL => Ok(options),
        ty => {
            let nested = FreeformOptions { options: ev.delay(OptionsOf { ty, prefix })? }.set(ev)?;
            Ok(ev.mem.update(options, nested)?)
        }
    }
});

record! {
    /// The new modules in `substSubModules`.
    struct Modules {
        modules: "modules",
    }
}

static SUBST: Builtin = Builtin::hidden("substSubModules", &["submodule", "m"], |ev, args, _| {
    let [submodule, m] = exactly(args);
    let submodule = Submodule::in_slot(submodule);
    let other = Modules { modules: share(ev, m)? }.set(ev)?;
    let all = ev.mem.update(ev.force(submodule.all(ev))?, other)?;
    submodule_with(ev, share(ev, submodule.lib(ev))?, all)
});

/// Merges two submodule types: the result has the modules of both. Their other arguments must not conflict.
static MERGE_PAYLOADS: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    let [left, right] = shared_args(ev, args)?;
    let MergedParts { modules, class, special, shorthand, description } = Merged { left, right }.parts(ev)?;
    SubmodulePayload { modules, class, special, shorthand, description }.set(ev)
});

suspended! {
    /// The payload merged from two payloads.
    struct Merged { left, right } => struct MergedParts {
        modules,
        class,
        special,
        shorthand,
        description,
    }
}

impl Merged<&Slot> {
    fn both(self, ev: &Evaluator) -> Res<(Value, Value)> {
        Ok((ev.force(self.left)?, ev.force(self.right)?))
    }

    fn modules(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let doing = "while evaluating one of the elements to concatenate";
        let list = |v| ev.force_list(attr(ev, v, sym!("modules"))?, Pos::NONE, doing);
        concat(ev, &[list(left)?, list(right)?])
    }

    fn class(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        agreed(ev, or_null(ev, left, sym!("class"))?, or_null(ev, right, sym!("class"))?, |a, b| {
            format!(
                "A submoduleWith option is declared multiple times with conflicting class values \"{a}\" and \"{b}\"."
            )
        })
    }

    /// The special arguments of both, which must have different names.
    fn special(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let set = |v| attrs(ev, attr(ev, v, sym!("specialArgs"))?);
        let (left, right) = (set(left)?, set(right)?);
        let names = ev.mem.entries_by_name(left);
        let both: Vec<String> =
            names.iter().filter(|e| has(ev, right, e.name)).map(|e| ev.name(e.name)).collect();
        if both.is_empty() {
            return Ok(ev.mem.update(left, right)?);
        }
        Err(throw(format!(
            "A submoduleWith option is declared multiple times with the same specialArgs \"{}\"",
            both.join(" ")
        )))
    }

    fn shorthand(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let name = sym!("shorthandOnlyDefinesConfig");
        agreed(ev, select(ev, left, name)?, select(ev, right, name)?, |_, _| {
            "A submoduleWith option is declared multiple times with conflicting shorthandOnlyDefinesConfig values"
                .to_owned()
        })
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        let (left, right) = self.both(ev)?;
        let name = sym!("description");
        agreed(ev, select(ev, left, name)?, select(ev, right, name)?, |_, _| {
            "A submoduleWith option is declared multiple times with conflicting descriptions".to_owned()
        })
    }
}

/// The value that both sides agree on: null agrees with everything.
fn agreed(
    ev: &Evaluator,
    left: Value,
    right: Value,
    message: impl FnOnce(String, String) -> String,
) -> Res<Value> {
    match (left, right) {
        (Value::NULL, other) | (other, Value::NULL) => Ok(other),
        (a, b) if ev.equal_values(a, b, Pos::NONE)? => Ok(a),
        (a, b) => {
            let shown = |v: Value| to_string(ev, &slot(v)).map_or(String::new(), |v| text(ev, v));
            Err(throw(message(shown(a), shown(b))))
        }
    }
}

record! {
    /// The arguments of `submoduleWith` for a type with an evaluation's modules.
    struct OfEvaluation {
        modules: "modules",
        special: "specialArgs",
        class: "class",
    }
}

impl Evaluation {
    /// A submodule type with the same modules.
    pub(super) fn make_type(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let modules = share(ev, this.modules(ev))?;
        let (special, class) = (share(ev, this.special(ev))?, share(ev, this.class(ev))?);
        submodule_with(ev, share(ev, this.lib(ev))?, OfEvaluation { modules, special, class }.set(ev)?)
    }
}
