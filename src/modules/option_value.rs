//! What an option is once all modules are known: its declaration with value, definitions, files and more
//! (`evalOptionValue`).

use super::conditionals::{Prop, Raw, inside};
use super::declare::{self, Decl};
use super::definitions::{
    LOC, checked_and_merged, final_definitions, merge, merged_value, of_definition, priority, raw_of_sets,
};
use super::priorities::OPTION_DEFAULT;
use super::show;
use super::support::{apply, attr, call_builtin, context, field, get, select, text, throw};
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

/// What a declared option gets.
static DECLARED: Record<5> = Record::new(["loc", "declarations", "declarationPositions", "options", "type"]);

/// What an evaluated option gets beside.
static EVALUATED: Record<8> = Record::new([
    "value",
    "highestPrio",
    "definitions",
    "files",
    "definitionsWithLocations",
    "isDefined",
    "valueMeta",
    "__toString",
]);

/// Attributes of [`EVALUATED`] that are suspended: all but the last.
const SUSPENDED: usize = 7;

static ATTRIBUTE: Lazy = Lazy {
    name: "modules.option",
    run: |ev, captures, index| {
        let merge = peek(&captures[0]);
        match index {
            0 => value(ev, merge, peek(&captures[1])),
            1 => priority(ev, merge),
            2 => of_all(ev, merge, "value"),
            3 => of_all(ev, merge, "file"),
            4 => final_definitions(ev, merge),
            5 => Ok(Value::bool(final_definitions(ev, merge)? != Value::EMPTY_LIST)),
            _ => select(ev, checked_and_merged(ev, merge)?, sym!("valueMeta")),
        }
    },
};

/// An option from its declarations and the (suspended) words of its definitions.
pub(super) fn eval_option(
    ev: &Evaluator,
    number: Value,
    loc: Value,
    decls: &[Decl],
    raw: Value,
) -> Res<Value> {
    let declared = match decls {
        [only] => only.options,
        _ => declare::merge(ev, loc, decls)?,
    };
    let single = decls.len() == 1;
    let ty = if single { declare::single_type(ev, &decls[0])? } else { declare::fixed_type(ev, declared)? };
    let file = match single {
        true => decls[0].file,
        false => first(ev, declared, "declarations")?,
    };
    let evaluated = evaluated(ev, number, loc, declared, ty, file, raw)?;
    let nested = Value::EMPTY_LIST;
    let declared = match single {
        true => {
            let places = ev.mem.list(&[declare::place(ev, &decls[0])?])?;
            let files = ev.mem.list(&[file])?;
            ev.mem.update(declared, ev.mem.record(&DECLARED, [loc, files, places, nested, ty])?)?
        }
        false => {
            static FIXED: Record<2> = Record::new(["options", "type"]);
            ev.mem.update(declared, ev.mem.record(&FIXED, [nested, ty])?)?
        }
    };
    warn_deprecated(ev, loc, declared, ty)?;
    Ok(ev.mem.update(declared, evaluated)?)
}

/// The first element of an option's list.
fn first(ev: &Evaluator, option: Value, name: &str) -> Res<Value> {
    let list = ev.force_list(attr(ev, option, ev.intern(name)?)?, Pos::NONE, "")?;
    match ev.mem.items(list).first() {
        Some(first) => Ok(ev.mem.share(first)?),
        None => Err(Error::eval("list index 0 is out of bounds")),
    }
}

fn evaluated(
    ev: &Evaluator,
    number: Value,
    loc: Value,
    option: Value,
    ty: Value,
    file: Value,
    raw: Value,
) -> Res<Value> {
    let raw = ev.delay(&ALL_RAW, &[option, loc, ty, file, raw])?;
    let merge = merge(ev, number, loc, ty, raw)?;
    let behind = ev.delays(&ATTRIBUTE, &[merge, option])?;
    let show = ev.partial(&SHOW, &[loc])?;
    let values = std::array::from_fn(|i| if i < SUSPENDED { Value::native(i, behind) } else { show });
    Ok(ev.mem.record(&EVALUATED, values)?)
}

static SHOW: Builtin = Builtin::hidden("__toString", &["loc", "self"], |ev, args, _| {
    let loc = ev.force_list(&args[0], Pos::NONE, "")?;
    Ok(ev.mem.string(&show::path_text(ev, ev.mem.items(loc))?, crate::value::Context::EMPTY)?)
});

/// The words of all definitions of an option, its default first. A second definition of a read-only option is an
/// error.
static ALL_RAW: Lazy = Lazy {
    name: "modules.optionDefinitions",
    run: |ev, captures, _| {
        let option = peek(&captures[0]);
        let default = match get(ev, option, sym!("default")) {
            None => Value::EMPTY_LIST,
            Some(value) => {
                let value = ev.mem.share(value)?;
                let prop = Prop::Override(ev.mem.int(OPTION_DEFAULT)?, Pos::NONE);
                let props = inside(ev, Value::EMPTY_LIST, prop)?;
                let file = ev.mem.share(&captures[3])?;
                let pos = ev.mem.get_entry(option, sym!("default")).map_or(Pos::NONE, |e| e.pos);
                ev.mem.list(&Raw { file, value, props, pos }.words())?
            }
        };
        if declare::read_only(ev, option)? {
            let defs = ev.force(&captures[4])?;
            let all = super::support::concat(ev, &[default, defs])?;
            if all.list_len() > super::conditionals::RAW {
                return Err(read_only(ev, captures, all)?);
            }
            return Ok(all);
        }
        let defs = ev.force(&captures[4])?;
        super::support::concat(ev, &[default, defs])
    },
};

/// All definitions of a read-only option are shown as if each were the only one.
#[cold]
fn read_only(ev: &Evaluator, captures: &[Slot], all: Value) -> Res<Error> {
    let (loc, ty) = (peek(&captures[1]), peek(&captures[2]));
    let mut shown = String::new();
    for raw in Raw::all(ev, all) {
        let raw = raw?;
        let alone = merge(ev, Value::NULL, loc, ty, ev.mem.list(&raw.words())?)?;
        static MERGED: Lazy =
            Lazy { name: "modules.alone", run: |ev, captures, _| merged_value(ev, peek(&captures[0])) };
        shown.push_str(&show::definition_text(ev, &slot(raw.file), &slot(ev.delay(&MERGED, &[alone])?))?);
    }
    let path = show::option(ev, loc)?;
    Ok(throw(format!(
        "The option `{path}' is read-only, but it's set multiple times. Definition values:{shown}"
    )))
}

/// The option's value, after its `apply` function.
fn value(ev: &Evaluator, merge: Value, option: Value) -> Res<Value> {
    let value = match get(ev, option, sym!("apply")) {
        Some(f) => {
            static MERGED: Lazy =
                Lazy { name: "modules.merged", run: |ev, captures, _| merged_value(ev, peek(&captures[0])) };
            ev.delay(&MERGED, &[merge]).and_then(|merged| apply(ev, f, &[merged]))
        }
        None => merged_value(ev, merge),
    };
    value.map_err(|e| in_option(ev, merge, with_declaration(ev, merge, option, e)))
}

/// The error that an option has no value gets the place of its declaration.
#[cold]
fn with_declaration(ev: &Evaluator, merge: Value, option: Value, e: Error) -> Error {
    let no_place = !e.data().pos.is_some() && e.data().traces.is_empty();
    if !no_place || !final_definitions(ev, merge).is_ok_and(|defs| defs == Value::EMPTY_LIST) {
        return e;
    }
    let entries = if option.is_attrs() { ev.mem.entries(option) } else { Vec::new() };
    match entries.iter().map(|entry| entry.pos).filter(|pos| pos.is_some()).min_by_key(|pos| pos.0) {
        Some(pos) => e.at(pos),
        None => e,
    }
}

#[cold]
fn in_option(ev: &Evaluator, merge: Value, e: Error) -> Error {
    let path = ev.force(field(ev, merge, LOC)).and_then(|loc| show::option(ev, loc));
    match path {
        Ok(path) => context(e, format!("while evaluating the option `{path}':")),
        Err(failed) => failed,
    }
}

/// An attribute of all definitions that count, as a list.
fn of_all(ev: &Evaluator, merge: Value, name: &str) -> Res<Value> {
    let name = ev.intern(name)?;
    let defs = final_definitions(ev, merge)?;
    let items = ev.mem.items(defs).iter().map(|def| of_definition(ev, def, name));
    Ok(ev.mem.list(&items.collect::<Res<Vec<_>>>()?)?)
}

/// Types may be deprecated; each option that has such a type says so once.
fn warn_deprecated(ev: &Evaluator, loc: Value, option: Value, ty: Value) -> Res<()> {
    let message = select(ev, ty, sym!("deprecationMessage"))?;
    if message == Value::NULL {
        return Ok(());
    }
    let path = show::option(ev, loc)?;
    let files = ev.force_list(attr(ev, option, sym!("declarations"))?, Pos::NONE, "")?;
    let files = show::files(ev, ev.mem.items(files))?;
    let name = text(ev, select(ev, ty, sym!("name"))?);
    let warning = format!(
        "The type `types.{name}' of option `{path}' defined in {files} is deprecated. {}",
        text(ev, message)
    );
    call_builtin(ev, "warn", &[ev.mem.str(&warning)?, Value::NULL])?;
    Ok(())
}

/// `lib.modules.evalOptionValue`
pub(super) static EVAL_OPTION_VALUE: Builtin =
    Builtin::hidden("evalOptionValue", &["loc", "opt", "defs"], |ev, args, _| {
        let option = ev.force_attrs(&args[1], Pos::NONE, "")?;
        eval_with_definitions(ev, ev.mem.share(&args[0])?, option, ev.mem.share(&args[2])?)
    });

/// An option from its merged declaration and a (suspended) list of definitions that are sets.
pub(super) fn eval_with_definitions(ev: &Evaluator, loc: Value, option: Value, defs: Value) -> Res<Value> {
    static RAW_OF_SETS: Lazy = Lazy {
        name: "modules.definitions",
        run: |ev, captures, _| {
            let sets = ev.force_list(&captures[0], Pos::NONE, "")?;
            raw_of_sets(ev, sets)
        },
    };
    static FILE: Lazy = Lazy {
        name: "modules.declaredIn",
        run: |ev, captures, _| ev.force_value(first(ev, peek(&captures[0]), "declarations")?),
    };
    let loc = ev.force_list(&slot(loc), Pos::NONE, "")?;
    let ty = select(ev, option, sym!("type"))?;
    warn_deprecated(ev, loc, option, ty)?;
    let file = super::support::cell(ev, ev.delay(&FILE, &[option])?)?;
    let raw = ev.delay(&RAW_OF_SETS, &[defs])?;
    Ok(ev.mem.update(option, evaluated(ev, Value::NULL, loc, option, ty, file, raw)?)?)
}
