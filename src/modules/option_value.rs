//! What an option is once all modules are known: its declaration with value, definitions, files and more
//! (`evalOptionValue`).

use super::conditionals::{Prop, Raw, inside};
use super::declare::{self, Decl};
use super::definitions::{Merge, of_definition, raw_of_sets};
use super::priorities::OPTION_DEFAULT;
use super::show;
use crate::eval::{Builtin, Error, Evaluator, Lazy, Object as _, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{apply, attr, call_builtin, concat, context, get, list, select, share, text, throw};
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

suspended! {
    /// An evaluated option.
    struct Attributes["modules.option"] { merge, option } => struct AttributeParts {
        value,
        highest_prio,
        definitions,
        files,
        definitions_with_locations,
        is_defined,
        value_meta,
    }
}

impl Attributes<&Slot> {
    fn merge(self) -> Merge {
        Merge::of(peek(self.merge))
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        value(ev, self.merge(), peek(self.option))
    }

    fn highest_prio(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().priority(ev))
    }

    fn definitions(self, ev: &Evaluator) -> Res<Value> {
        of_all(ev, self.merge(), sym!("value"))
    }

    fn files(self, ev: &Evaluator) -> Res<Value> {
        of_all(ev, self.merge(), sym!("file"))
    }

    fn definitions_with_locations(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().final_definitions(ev))
    }

    fn is_defined(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(self.definitions_with_locations(ev)? != Value::EMPTY_LIST))
    }

    fn value_meta(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.merge().checked_and_merged(ev))?, sym!("valueMeta"))
    }
}

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
    let raw = ev.delay(AllDefinitions { option, loc, ty, file, raw })?;
    let merge = Merge::of_raw(ev, number, loc, ty, raw)?;
    let parts = Attributes { merge: merge.word(), option }.parts(ev)?;
    let values = [
        parts.value,
        parts.highest_prio,
        parts.definitions,
        parts.files,
        parts.definitions_with_locations,
        parts.is_defined,
        parts.value_meta,
        ev.partial(&SHOW, &[loc])?,
    ];
    Ok(ev.mem.record(&EVALUATED, values)?)
}

static SHOW: Builtin = Builtin::hidden("__toString", &["loc", "self"], |ev, args, _| {
    let [loc, _] = exactly(args);
    let loc = list(ev, loc)?;
    Ok(ev.mem.string(&show::path_text(ev, ev.mem.items(loc))?, crate::value::Context::EMPTY)?)
});

suspended! {
    /// The words of all definitions of an option, its default first. A second definition of a read-only option is an
    /// error.
    struct AllDefinitions["modules.optionDefinitions"] { option, loc, ty, file, raw }
}

impl AllDefinitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let option = peek(self.option);
        let default = self.default(ev, option)?;
        let read_only = declare::read_only(ev, option)?;
        let all = concat(ev, &[default, ev.force(self.raw)?])?;
        if read_only && all.list_len() > super::conditionals::RAW {
            return Err(self.set_multiple_times(ev, all)?);
        }
        Ok(all)
    }

    fn default(self, ev: &Evaluator, option: Value) -> Res<Value> {
        let Some(value) = get(ev, option, sym!("default")) else {
            return Ok(Value::EMPTY_LIST);
        };
        let value = share(ev, value)?;
        let prop = Prop::Override(ev.mem.int(OPTION_DEFAULT)?, Pos::NONE);
        let props = inside(ev, Value::EMPTY_LIST, prop)?;
        let pos = ev.mem.get_entry(option, sym!("default")).map_or(Pos::NONE, |e| e.pos);
        Ok(ev.mem.list(&Raw { file: share(ev, self.file)?, value, props, pos }.words())?)
    }

    /// All definitions of a read-only option are shown as if each were the only one.
    #[cold]
    fn set_multiple_times(self, ev: &Evaluator, all: Value) -> Res<Error> {
        let (loc, ty) = (peek(self.loc), peek(self.ty));
        let mut shown = String::new();
        for raw in Raw::all(ev, all) {
            let raw = raw?;
            let alone = Merge::of_raw(ev, Value::NULL, loc, ty, ev.mem.list(&raw.words())?)?;
            shown.push_str(&show::definition_text(ev, &slot(raw.file), alone.value(ev))?);
        }
        let path = show::option(ev, loc)?;
        Ok(throw(format!(
            "The option `{path}' is read-only, but it's set multiple times. Definition values:{shown}"
        )))
    }
}

/// The option's value, after its `apply` function.
fn value(ev: &Evaluator, merge: Merge, option: Value) -> Res<Value> {
    let value = match get(ev, option, sym!("apply")) {
        Some(f) => apply(ev, f, &[share(ev, merge.value(ev))?]),
        None => ev.force(merge.value(ev)),
    };
    value.map_err(|e| in_option(ev, merge, with_declaration(ev, merge, option, e)))
}

/// The error that an option has no value gets the place of its declaration.
#[cold]
fn with_declaration(ev: &Evaluator, merge: Merge, option: Value, e: Error) -> Error {
    let no_place = !e.data().pos.is_some() && e.data().traces.is_empty();
    if !no_place || !ev.force(merge.final_definitions(ev)).is_ok_and(|defs| defs == Value::EMPTY_LIST) {
        return e;
    }
    let entries = if option.is_attrs() { ev.mem.entries(option) } else { Vec::new() };
    match entries.iter().map(|entry| entry.pos).filter(|pos| pos.is_some()).min_by_key(|pos| pos.0) {
        Some(pos) => e.at(pos),
        None => e,
    }
}

#[cold]
fn in_option(ev: &Evaluator, merge: Merge, e: Error) -> Error {
    let path = ev.force(merge.loc(ev)).and_then(|loc| show::option(ev, loc));
    match path {
        Ok(path) => context(e, format!("while evaluating the option `{path}':")),
        Err(failed) => failed,
    }
}

/// An attribute of all definitions that count, as a list.
fn of_all(ev: &Evaluator, merge: Merge, name: Sym) -> Res<Value> {
    let defs = ev.force(merge.final_definitions(ev))?;
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
    let file = crate::native::cell(ev, ev.delay_raw(&FILE, &[option])?)?;
    let raw = ev.delay_raw(&RAW_OF_SETS, &[defs])?;
    Ok(ev.mem.update(option, evaluated(ev, Value::NULL, loc, option, ty, file, raw)?)?)
}
