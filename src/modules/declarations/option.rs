//! Evaluated options: a declaration with its value, definitions, files and more (`evalOptionValue`).

use super::declaration::{self, Decl};
use crate::eval::{Builtin, Error, Evaluator, Object as _, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{Merge, OPTION_DEFAULT, Prop, Raw, inside, of_definition, raw_of_sets};
use crate::modules::messages;
use crate::native::{apply, attr, cell, concat, context, get, items, list, select, share, text, throw, warn};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Record, Value, peek, slot};

/// The attributes that a declared option gets.
static DECLARED: Record<5> = Record::new(["loc", "declarations", "declarationPositions", "options", "type"]);

/// The attributes that an evaluated option gets as well.
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
    /// The attributes of an evaluated option.
    struct Attributes { merge, option } => struct AttributeParts {
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

    /// Ends the computation of an attribute: whoever reads it has read the option.
    fn done(self, ev: &Evaluator, result: Res<Value>) -> Res<Value> {
        if ev.is_tracking() {
            let merge = self.merge();
            ev.option_computed(merge.word(), ev.force(merge.loc(ev))?);
        }
        result
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        self.done(ev, value(ev, self.merge(), peek(self.option)))
    }

    fn highest_prio(self, ev: &Evaluator) -> Res<Value> {
        self.done(ev, ev.force(self.merge().priority(ev)))
    }

    fn definitions(self, ev: &Evaluator) -> Res<Value> {
        self.done(ev, of_all(ev, self.merge(), sym!("value")))
    }

    fn files(self, ev: &Evaluator) -> Res<Value> {
        self.done(ev, of_all(ev, self.merge(), sym!("file")))
    }

    fn definitions_with_locations(self, ev: &Evaluator) -> Res<Value> {
        self.done(ev, ev.force(self.merge().final_definitions(ev)))
    }

    fn is_defined(self, ev: &Evaluator) -> Res<Value> {
        let definitions = ev.force(self.merge().final_definitions(ev));
        self.done(ev, definitions.map(|all| Value::bool(all != Value::EMPTY_LIST)))
    }

    fn value_meta(self, ev: &Evaluator) -> Res<Value> {
        let checked = ev.force(self.merge().checked_and_merged(ev));
        self.done(ev, checked.and_then(|checked| select(ev, checked, sym!("valueMeta"))))
    }
}

/// An option from its declarations and the (suspended) words of its definitions.
pub fn eval_option(ev: &Evaluator, loc: Value, decls: &[Decl], raw: Value) -> Res<Value> {
    let (declared, ty, file) = match decls {
        [only] => (only.options, declaration::single_type(ev, only)?, only.file),
        _ => {
            let merged = declaration::merge(ev, loc, decls)?;
            (merged, declaration::fixed_type(ev, merged)?, first(ev, merged, "declarations")?)
        }
    };
    let evaluated = evaluated(ev, loc, declared, ty, file, raw)?;
    let nested = Value::EMPTY_LIST;
    let added = match decls {
        [only] => {
            let places = ev.mem.list(&[declaration::place(ev, only)?])?;
            let files = ev.mem.list(&[file])?;
            ev.mem.record(&DECLARED, [loc, files, places, nested, ty])?
        }
        _ => {
            static FIXED: Record<2> = Record::new(["options", "type"]);
            ev.mem.record(&FIXED, [nested, ty])?
        }
    };
    let declared = ev.mem.update(declared, added)?;
    warn_deprecated(ev, loc, declared, ty)?;
    Ok(ev.mem.update(declared, evaluated)?)
}

/// The first element of a list in an option.
fn first(ev: &Evaluator, option: Value, name: &str) -> Res<Value> {
    match items(ev, attr(ev, option, name)?)?.first() {
        Some(first) => share(ev, first),
        None => Err(Error::eval("list index 0 is out of bounds")),
    }
}

fn evaluated(ev: &Evaluator, loc: Value, option: Value, ty: Value, file: Value, raw: Value) -> Res<Value> {
    let raw = ev.delay(AllDefinitions { option, loc, ty, file, raw })?;
    let merge = Merge::of_raw(ev, loc, ty, raw)?;
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
    Ok(ev.mem.string(&messages::path_text(ev, items(ev, loc)?)?, Context::EMPTY)?)
});

suspended! {
    /// The words of all definitions of an option, its default first. A read-only option may have only one definition.
    struct AllDefinitions { option, loc, ty, file, raw }
}

impl AllDefinitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let option = peek(self.option);
        let default = self.default(ev, option)?;
        let read_only = declaration::read_only(ev, option)?;
        let all = concat(ev, &[default, ev.force(self.raw)?])?;
        if read_only && Raw::all(ev, all).len() > 1 {
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
        Raw::list(ev, std::iter::once(Raw { file: share(ev, self.file)?, value, props, pos }))
    }

    /// The error for several definitions of a read-only option, which shows each as if it were the only one.
    #[cold]
    fn set_multiple_times(self, ev: &Evaluator, all: Value) -> Res<Error> {
        let (loc, ty) = (peek(self.loc), peek(self.ty));
        let mut shown = String::new();
        for raw in Raw::all(ev, all) {
            let raw = raw?;
            let alone = Merge::of_raw(ev, loc, ty, Raw::list(ev, std::iter::once(raw))?)?;
            shown.push_str(&messages::definition_text(ev, &slot(raw.file), alone.value(ev))?);
        }
        let path = messages::option(ev, loc)?;
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

/// Adds the position of the declaration to the error that an option has no value.
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
    let path = ev.force(merge.loc(ev)).and_then(|loc| messages::option(ev, loc));
    match path {
        Ok(path) => context(e, format!("while evaluating the option `{path}':")),
        Err(failed) => failed,
    }
}

/// An attribute of each definition that counts, as a list.
fn of_all(ev: &Evaluator, merge: Merge, name: Sym) -> Res<Value> {
    let defs = ev.force(merge.final_definitions(ev))?;
    let items = ev.mem.items(defs).iter().map(|def| of_definition(ev, def, name));
    Ok(ev.mem.list(&items.collect::<Res<Vec<_>>>()?)?)
}

/// Warns about an option whose type is deprecated.
fn warn_deprecated(ev: &Evaluator, loc: Value, option: Value, ty: Value) -> Res<()> {
    let message = select(ev, ty, sym!("deprecationMessage"))?;
    if message == Value::NULL {
        return Ok(());
    }
    let path = messages::option(ev, loc)?;
    let files = messages::files(ev, items(ev, attr(ev, option, sym!("declarations"))?)?)?;
    let name = text(ev, select(ev, ty, sym!("name"))?);
    let warning = format!(
        "The type `types.{name}' of option `{path}' defined in {files} is deprecated. {}",
        text(ev, message)
    );
    warn(ev, ev.mem.str(&warning)?, Value::NULL)?;
    Ok(())
}

suspended! {
    /// `head option.declarations`
    struct FirstFile { option }
}

impl FirstFile<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        ev.force_value(first(ev, peek(self.option), "declarations")?)
    }
}

/// `lib.modules.evalOptionValue`: an option from its merged declaration and a (suspended) list of definitions.
pub fn eval_option_value(ev: &Evaluator, loc: Value, option: Value, defs: Value) -> Res<Value> {
    let loc = list(ev, &slot(loc))?;
    let ty = select(ev, option, sym!("type"))?;
    warn_deprecated(ev, loc, option, ty)?;
    let file = cell(ev, ev.delay(FirstFile { option })?)?;
    let raw = raw_of_sets(ev, defs)?;
    Ok(ev.mem.update(option, evaluated(ev, loc, option, ty, file, raw)?)?)
}

/// An option declaration with these attributes.
pub fn option_set(ev: &Evaluator, attributes: &[(&str, Value)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len() + 1);
    for (name, value) in attributes {
        set.push(ev.intern(name)?, *value);
    }
    set.push(sym!("_type"), Value::symbol(sym!("option")));
    Ok(ev.mem.attrs(set)?)
}
