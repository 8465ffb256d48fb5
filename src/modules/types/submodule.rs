//! `types.submodule`: values that are evaluations of modules themselves.

use super::make::{Spec, coherent_check, functor, merge_v2, phrase, v2_args};
use super::paths::is_path;
use crate::eval::Object as _;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{RESULT, head_error};
use crate::modules::definitions::{make_force, make_option_default};
use crate::modules::evaluation::{Arguments, Evaluation};

use crate::modules::definitions::VALUE;
use crate::modules::definitions::definitions;
use crate::native::{
    attr, cell, concat, get, is_function, or_null, select, shared, shared_or, text, throw, truth,
};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

/// What `submoduleWith` is called with, as a word for each: shared, but perhaps suspended.
#[derive(Clone, Copy)]
struct Parts {
    lib: Value,
    modules: Value,
    special: Value,
    shorthand: Value,
    description: Value,
    class: Value,
    /// The set of arguments, for `substSubModules`.
    all: Value,
}

// The words of [`Parts`] in captures.
const LIB: usize = 0;
const MODULES: usize = 1;
const SPECIAL: usize = 2;
const SHORTHAND: usize = 3;
const DESCRIPTION: usize = 4;
const CLASS: usize = 5;
const ALL: usize = 6;
/// The evaluation without definitions, behind the parts.
const BASE: usize = 7;

impl Parts {
    fn words(self) -> [Value; 7] {
        [self.lib, self.modules, self.special, self.shorthand, self.description, self.class, self.all]
    }

    fn of(ev: &Evaluator, words: &[Slot]) -> Res<Parts> {
        let word = |i: usize| ev.mem.share(&words[i]);
        Ok(Parts {
            lib: word(LIB)?,
            modules: word(MODULES)?,
            special: word(SPECIAL)?,
            shorthand: word(SHORTHAND)?,
            description: word(DESCRIPTION)?,
            class: word(CLASS)?,
            all: word(ALL)?,
        })
    }

    /// The arguments of an evaluation of the submodule with more modules.
    fn arguments(self, ev: &Evaluator, more: Value, prefix: Value) -> Res<Arguments> {
        static WITH_NAME: Lazy = Lazy {
            name: "types.submoduleModules",
            run: |ev, captures, _| {
                let doing = "while evaluating one of the elements to concatenate";
                let own = ev.force_list(&captures[0], Pos::NONE, doing)?;
                let more = ev.force_list(&captures[1], Pos::NONE, doing)?;
                concat(ev, &[ev.mem.list(&[name_module(ev)?])?, own, more])
            },
        };
        static ARGS: Record<4> = Record::new(["modules", "specialArgs", "class", "prefix"]);
        let modules = cell(ev, ev.delay_raw(&WITH_NAME, &[self.modules, more])?)?;
        let all = ev.mem.record(&ARGS, [modules, self.special, self.class, prefix])?;
        let (lib, special, class) = (self.lib, self.special, self.class);
        Ok(Arguments { lib, modules, special, class, prefix, all })
    }
}

static NAME: Record<1> = Record::new(["name"]);
static ARGS: Record<1> = Record::new(["args"]);
static MODULE: Record<1> = Record::new(["_module"]);

/// A module that defines the argument `name`.
fn with_name(ev: &Evaluator, name: Value) -> Res<Value> {
    let args = ev.mem.record(&ARGS, [ev.mem.record(&NAME, [name])?])?;
    Ok(ev.mem.record(&MODULE, [args])?)
}

/// The module that gives `name` a value where a submodule has no name yet: documentation and freeform types.
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

/// What `submoduleWith` is called with.
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

/// `lib.types.submoduleWith`; its first argument is the library that modules get.
pub(in crate::modules) static SUBMODULE_WITH: Builtin =
    Builtin::hidden("submoduleWith", &["lib", "args"], |ev, args, pos| {
        let set = ev.force_formals("submoduleWith", &args[1], &SUBMODULE_WITH_ARGS, pos)?;
        submodule_with(ev, ev.mem.share(&args[0])?, set)
    })
    .with_formals(&[SUBMODULE_WITH_ARGS]);

/// `lib.types.submodule`
pub(in crate::modules) static SUBMODULE: Builtin =
    Builtin::hidden("submodule", &["lib", "modules"], |ev, args, _| {
        static TO_LIST: Lazy = Lazy {
            name: "types.submodule",
            run: |ev, captures, _| {
                let v = ev.force(&captures[0])?;
                if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
            },
        };
        static ALL: Record<2> = Record::new(["modules", "shorthandOnlyDefinesConfig"]);
        let modules = cell(ev, ev.delay_raw(&TO_LIST, &[ev.mem.share(&args[1])?])?)?;
        submodule_with(ev, ev.mem.share(&args[0])?, ev.mem.record(&ALL, [modules, Value::TRUE])?)
    });

/// The type for a checked set of arguments.
pub(in crate::modules) fn submodule_with(ev: &Evaluator, lib: Value, all: Value) -> Res<Value> {
    static PAYLOAD: Record<5> =
        Record::new(["modules", "class", "specialArgs", "shorthandOnlyDefinesConfig", "description"]);
    let or = |name: Sym, default: Value| shared_or(ev, all, name, default);
    let parts = Parts {
        lib,
        modules: shared(ev, all, sym!("modules"))?,
        special: or(sym!("specialArgs"), Value::EMPTY_SET)?,
        shorthand: or(sym!("shorthandOnlyDefinesConfig"), Value::FALSE)?,
        description: or(sym!("description"), Value::NULL)?,
        class: or(sym!("class"), Value::NULL)?,
        all,
    };
    let payload = [parts.modules, parts.class, parts.special, parts.shorthand, parts.description];
    let payload = ev.mem.record(&PAYLOAD, payload)?;
    let base = cell(ev, ev.delay_raw(&BASE_EVALUATION, &parts.words())?)?;
    let [lib, modules, special, shorthand, description, class, all] = parts.words();
    let captures = [lib, modules, special, shorthand, description, class, all, base];
    let later = ev.delays_raw(&LATER, &captures)?;
    let of_payload = ev.partial(&SUBMODULE_WITH, &[lib])?;
    let spec = Spec {
        description: Value::native(0, later),
        check: coherent_check(ev, ev.builtin(&IS_SUBMODULE))?,
        merge: merge_v2(ev, ev.partial(&V2, &parts.words())?)?,
        empty: ev.mem.record(&VALUE, [Value::native(1, later)])?,
        sub_options: ev.partial(&SUB_OPTIONS, &parts.words())?,
        sub_modules: modules,
        subst: ev.partial(&SUBST, &[lib, all])?,
        functor: functor(ev, "submodule", of_payload, payload, ev.builtin(&MERGE_PAYLOADS))?,
        nested: Value::native(2, later),
        ..Spec::new(ev, "submodule")?
    };
    spec.build(ev)
}

/// The evaluation of the submodule without definitions.
static BASE_EVALUATION: Lazy = Lazy {
    name: "types.submoduleBase",
    run: |ev, captures, _| {
        let parts = Parts::of(ev, captures)?;
        Ok(Evaluation::start(ev, parts.arguments(ev, Value::EMPTY_LIST, Value::EMPTY_LIST)?)?.word())
    },
};

static LATER: Lazy = Lazy {
    name: "types.submoduleWith",
    run: |ev, captures, index| match index {
        0 => describe(ev, captures),
        1 => Evaluation::of(ev.force(&captures[BASE])?).checked_config(ev),
        _ => {
            static FREEFORM: Record<1> = Record::new(["freeformType"]);
            let base = Evaluation::of(ev.force(&captures[BASE])?).result(ev)?;
            let freeform = select(ev, select(ev, base, sym!("_module"))?, sym!("freeformType"))?;
            match freeform {
                Value::NULL => Ok(Value::EMPTY_SET),
                freeform => Ok(ev.mem.record(&FREEFORM, [freeform])?),
            }
        }
    },
};

/// The submodule evaluated for documentation: nothing is checked.
fn for_documentation(ev: &Evaluator, parts: Parts, prefix: Value) -> Res<Value> {
    let more = ev.mem.list(&[no_check_module(ev)?])?;
    Evaluation::start(ev, parts.arguments(ev, more, prefix)?)?.result(ev)
}

/// `lib.types.noCheckForDocsModule`
pub(super) fn no_check_module(ev: &Evaluator) -> Res<Value> {
    static SET: Record<2> = Record::new(["_file", "config"]);
    static CHECK: Record<1> = Record::new(["check"]);
    const FILE: &str = "<built-in module that disables checks for the purpose of documentation generation>";
    let check = ev.mem.record(&CHECK, [make_force(ev, Value::FALSE)?])?;
    Ok(ev.mem.record(&SET, [ev.mem.str(FILE)?, ev.mem.record(&MODULE, [check])?])?)
}

fn freeform_of(ev: &Evaluator, documented: Value) -> Res<Value> {
    select(ev, select(ev, documented, sym!("_module"))?, sym!("freeformType"))
}

fn describe(ev: &Evaluator, captures: &[Slot]) -> Res<Value> {
    let given = ev.force(&captures[DESCRIPTION])?;
    if given != Value::NULL {
        return Ok(given);
    }
    let documented = for_documentation(ev, Parts::of(ev, captures)?, Value::EMPTY_LIST)?;
    let freeform = freeform_of(ev, documented)?;
    if get(ev, freeform, sym!("description")).is_none() {
        return Ok(Value::symbol(ev.intern("submodule")?));
    }
    let phrase = phrase(ev, freeform, &super::collections::PLAIN)?;
    Ok(ev.mem.str(&format!("open submodule of {phrase}"))?)
}

static IS_SUBMODULE: Builtin =
    Builtin::hidden("check", &["self", "x"], |ev, args, _| Ok(Value::bool(is_module(ev, &args[1])?)));

/// Whether a value can be a module.
pub(super) fn is_module(ev: &Evaluator, x: &Slot) -> Res<bool> {
    let v = ev.force(x)?;
    Ok(v.is_attrs() || is_function(ev, v)? || is_path(ev, x, None, Some(true))?)
}

static V2: Builtin = Builtin::hidden(
    "v2",
    &["lib", "modules", "specialArgs", "shorthand", "description", "class", "all", "args"],
    |ev, args, _| {
        static META: Record<1> = Record::new(["configuration"]);
        static PART: Lazy = Lazy {
            name: "types.submoduleValue",
            run: |ev, captures, index| match index {
                0 => {
                    let check = coherent_check(ev, ev.builtin(&IS_SUBMODULE))?;
                    head_error(ev, check, ev.force_list(&captures[2], Pos::NONE, "")?)
                }
                1 => Evaluation::of(ev.force(&captures[0])?).checked_config(ev),
                _ => Evaluation::of(ev.force(&captures[0])?).result(ev),
            },
        };
        let [loc, defs] = v2_args(ev, &args[7])?;
        let mut words = Parts::of(ev, args)?.words().to_vec();
        words.extend([loc, defs]);
        let configuration = cell(ev, ev.delay_raw(&CONFIGURATION, &words)?)?;
        let parts = ev.delays_raw(&PART, &[configuration, loc, defs])?;
        let meta = ev.mem.record(&META, [Value::native(2, parts)])?;
        Ok(ev.mem.record(&RESULT, [Value::native(0, parts), Value::native(1, parts), meta])?)
    },
);

/// The evaluation of the submodule with some definitions.
static CONFIGURATION: Lazy = Lazy {
    name: "types.submoduleEvaluation",
    run: |ev, captures, _| {
        static MORE: Lazy = Lazy {
            name: "types.submoduleDefinitions",
            run: |ev, captures, _| {
                let loc = ev.force_list(&captures[0], Pos::NONE, "")?;
                let name = match ev.mem.items(loc).last() {
                    Some(last) => ev.mem.share(last)?,
                    None => return Err(throw("lists.last: list must not be empty!")),
                };
                let mut modules = vec![with_name(ev, name)?];
                for def in definitions(ev, &captures[1])? {
                    modules.push(module_of(ev, ev.force(def)?, &captures[2])?);
                }
                Ok(ev.mem.list(&modules)?)
            },
        };
        let parts = Parts::of(ev, captures)?;
        let [loc, defs] = [ev.mem.share(&captures[7])?, ev.mem.share(&captures[8])?];
        let more = cell(ev, ev.delay_raw(&MORE, &[loc, defs, parts.shorthand])?)?;
        Ok(Evaluation::start(ev, parts.arguments(ev, more, loc)?)?.word())
    },
};

/// Refuses a definition with more than a value and a file: one with an order around it has a priority, which nixpkgs'
/// functions with `{ value, file }` do not take.
pub(super) fn plain_definition(ev: &Evaluator, def: Value) -> Res<()> {
    const NAMES: Formals = Formals { arg: 0, names: &[("value", false), ("file", false)], ellipsis: false };
    if ev.mem.attrs_len(def) > NAMES.names.len() {
        ev.force_formals("anonymous lambda", &slot(def), &NAMES, Pos::NONE)?;
    }
    Ok(())
}

/// A definition as a module.
fn module_of(ev: &Evaluator, def: Value, shorthand: &Slot) -> Res<Value> {
    static CONFIG: Record<2> = Record::new(["_file", "config"]);
    plain_definition(ev, def)?;
    let value = select(ev, def, sym!("value"))?;
    let file = shared(ev, def, sym!("file"))?;
    match value.is_attrs() && truth(ev, ev.force(shorthand)?)? {
        true => Ok(ev.mem.record(&CONFIG, [file, value])?),
        false => crate::modules::loading::located_module(ev, file, value),
    }
}

static SUB_OPTIONS: Builtin = Builtin::hidden(
    "getSubOptions",
    &["lib", "modules", "specialArgs", "shorthand", "description", "class", "all", "prefix"],
    |ev, args, _| {
        static FREEFORM: Record<1> = Record::new(["_freeformOptions"]);
        static LATER: Lazy = Lazy {
            name: "types.freeformOptions",
            run: |ev, captures, _| {
                let ty = ev.force(&captures[0])?;
                ev.call(select(ev, ty, sym!("getSubOptions"))?, &[ev.mem.share(&captures[1])?], Pos::NONE)
            },
        };
        let prefix = ev.mem.share(&args[7])?;
        let documented = for_documentation(ev, Parts::of(ev, args)?, prefix)?;
        let options = select(ev, documented, sym!("options"))?;
        match freeform_of(ev, documented)? {
            Value::NULL => Ok(options),
            freeform => {
                let nested = ev.mem.record(&FREEFORM, [ev.delay_raw(&LATER, &[freeform, prefix])?])?;
                Ok(ev.mem.update(options, nested)?)
            }
        }
    },
);

static SUBST: Builtin = Builtin::hidden("substSubModules", &["lib", "all", "m"], |ev, args, _| {
    static MODULES: Record<1> = Record::new(["modules"]);
    let all = ev.mem.update(ev.force(&args[1])?, ev.mem.record(&MODULES, [ev.mem.share(&args[2])?])?)?;
    submodule_with(ev, ev.mem.share(&args[0])?, all)
});

/// Two submodule types become one with the modules of both. What else they say must not contradict.
static MERGE_PAYLOADS: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    static PAYLOAD: Record<5> =
        Record::new(["modules", "class", "specialArgs", "shorthandOnlyDefinesConfig", "description"]);
    static PART: Lazy = Lazy { name: "types.submodulePayload", run: merged_part };
    let payloads = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
    let parts = ev.delays_raw(&PART, &payloads)?;
    Ok(ev.mem.record(&PAYLOAD, std::array::from_fn(|i| Value::native(i, parts)))?)
});

fn merged_part(ev: &Evaluator, captures: &[Slot], index: usize) -> Res<Value> {
    let (left, right) = (ev.force(&captures[0])?, ev.force(&captures[1])?);
    match index {
        0 => {
            let doing = "while evaluating one of the elements to concatenate";
            let list = |v| ev.force_list(attr(ev, v, sym!("modules"))?, Pos::NONE, doing);
            concat(ev, &[list(left)?, list(right)?])
        }
        1 => agreed(ev, or_null(ev, left, sym!("class"))?, or_null(ev, right, sym!("class"))?, |a, b| {
            format!(
                "A submoduleWith option is declared multiple times with conflicting class values \"{a}\" and \"{b}\"."
            )
        }),
        2 => special_args(ev, left, right),
        3 => {
            let name = sym!("shorthandOnlyDefinesConfig");
            agreed(ev, select(ev, left, name)?, select(ev, right, name)?, |_, _| {
                "A submoduleWith option is declared multiple times with conflicting shorthandOnlyDefinesConfig values"
                    .to_owned()
            })
        }
        _ => agreed(
            ev,
            select(ev, left, sym!("description"))?,
            select(ev, right, sym!("description"))?,
            |_, _| {
                "A submoduleWith option is declared multiple times with conflicting descriptions".to_owned()
            },
        ),
    }
}

/// The value that is not null, if the other is or if both are the same.
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
            let shown = |v: Value| -> Res<String> {
                Ok(crate::native::to_string(ev, &slot(v)).map_or(String::new(), |v| text(ev, v)))
            };
            Err(throw(message(shown(a)?, shown(b)?)))
        }
    }
}

fn special_args(ev: &Evaluator, left: Value, right: Value) -> Res<Value> {
    let set = |v| ev.force_attrs(attr(ev, v, sym!("specialArgs"))?, Pos::NONE, "");
    let (left, right) = (set(left)?, set(right)?);
    let both: Vec<String> = ev
        .mem
        .entries_by_name(left)
        .iter()
        .filter(|e| ev.mem.get(right, e.name).is_some())
        .map(|e| ev.name(e.name))
        .collect();
    if both.is_empty() {
        return Ok(ev.mem.update(left, right)?);
    }
    Err(throw(format!(
        "A submoduleWith option is declared multiple times with the same specialArgs \"{}\"",
        both.join(" ")
    )))
}

impl Evaluation {
    /// A type of submodules that are made of the same modules.
    pub(in crate::modules) fn make_type(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        static ARGS: Record<3> = Record::new(["modules", "specialArgs", "class"]);
        let args =
            [ev.mem.share(this.modules(ev))?, ev.mem.share(this.special(ev))?, ev.mem.share(this.class(ev))?];
        submodule_with(ev, ev.mem.share(this.lib(ev))?, ev.mem.record(&ARGS, args)?)
    }
}
