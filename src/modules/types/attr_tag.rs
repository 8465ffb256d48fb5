//! `types.attrTag`: a set with exactly one attribute, chosen from several options.

use super::functor::functor;
use super::make::Spec;
use super::services::{Declaration, Services};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::definition;
use crate::modules::definitions::{definitions, path_of, value_of};
use crate::modules::messages;
use crate::native::record;
use crate::native::{
    appended, attr, attrs, concat, context, entry_at, failed_assertion, get, has, is_type, list, map_set,
    select, share, shared_args, shared_or, text, throw,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// `lib.types.attrTag`
pub(super) static ATTR_TAG: Builtin = Builtin::hidden("attrTag", &["tags"], |ev, args, _| {
    let [tags] = exactly(args);
    attr_tag(ev, attrs(ev, tags)?)
});

fn name_text(ev: &Evaluator, name: Sym) -> String {
    messages::identifier(ev.mem.heap.name(name))
}

/// The names of all tags, for messages.
fn choices(ev: &Evaluator, tags: Value) -> String {
    let names: Vec<String> = ev.mem.entries_by_name(tags).iter().map(|e| name_text(ev, e.name)).collect();
    names.join(", ")
}

record! {
    /// The payload of `attrTag`.
    struct TagsPayload {
        tags: "tags",
    }
}

suspended! {
    /// The options of the tags, each with the position of its declaration.
    struct Tags { given } []
}

impl Tags<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let entry = entry_at(ev, self.given, index)?;
        let (name, pos) = (entry.name, entry.pos);
        let option = ev.force(entry.slot);
        option.and_then(|option| tag(ev, option, name, pos)).map_err(|e| in_tag(ev, name, pos, e))
    }
}

fn attr_tag(ev: &Evaluator, given: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        attr_tag(ev, attrs(ev, attr(ev, ev.force(payload)?, sym!("tags"))?)?)
    });
    let tags = map_set(ev, given, |given| Tags { given })?;
    let payload = TagsPayload { tags }.set(ev)?;
    let description = format!("attribute-tagged union with choices: {}", choices(ev, tags));
    let spec = Spec {
        check: ev.partial(&CHECK, &[tags])?,
        merge: ev.partial(&MERGE, &[tags])?,
        sub_options: ev.partial(&SUB_OPTIONS, &[tags])?,
        functor: functor(ev, "attrTag", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&MERGE_TAGS))?,
        nested: tags,
        ..Spec::noun(ev, "attrTag", &description)?
    };
    spec.build(ev)
}

#[cold]
fn in_tag(ev: &Evaluator, name: Sym, pos: Pos, e: Error) -> Error {
    let place = match ev.position_value(pos) {
        Ok(place) if place.is_attrs() => place_text(ev, place).unwrap_or_default(),
        _ => String::new(),
    };
    let name = name_text(ev, name);
    context(e, format!("while checking that attrTag tag {name} is an option with a type{place}"))
}

fn place_text(ev: &Evaluator, place: Value) -> Res<String> {
    let file = text(ev, select(ev, place, sym!("file"))?);
    let number = |name| Ok(ev.mem.integer(select(ev, place, name)?));
    let (line, column): (Res<i64>, Res<i64>) = (number(sym!("line")), number(sym!("column")));
    Ok(format!(" at {file}:{}:{}", line?, column?))
}

record! {
    /// The files and positions of an option's declarations.
    struct Places {
        files: "declarations",
        positions: "declarationPositions",
    }
}

record! {
    /// The path of an option.
    struct Loc {
        loc: "loc",
    }
}

/// A tag's option, with the position of its declaration.
fn tag(ev: &Evaluator, option: Value, name: Sym, pos: Pos) -> Res<Value> {
    if !is_type(ev, option, b"option")? {
        let what = match get(ev, option, sym!("_type")) {
            None => "was not.".to_owned(),
            Some(_) if is_type(ev, option, b"option-type")? => {
                "was a bare type, not wrapped in mkOption.".to_owned()
            }
            Some(kind) => {
                let kind = ev.force_string(kind, Pos::NONE, "")?;
                format!("was of type {}.", messages::string_literal(ev.mem.text(kind)))
            }
        };
        let name = name_text(ev, name);
        return Err(throw(format!("In attrTag, each tag value must be an option, but tag {name} {what}")));
    }
    let place = ev.position_value(pos)?;
    let (mut files, mut positions) = (Value::EMPTY_LIST, Value::EMPTY_LIST);
    if place.is_attrs() {
        files = ev.mem.list(&[select(ev, place, sym!("file"))?])?;
        positions = ev.mem.list(&[place])?;
    }
    let places = Places {
        files: shared_or(ev, option, sym!("declarations"), files)?,
        positions: shared_or(ev, option, sym!("declarationPositions"), positions)?,
    };
    Ok(ev.mem.update(option, places.set(ev)?)?)
}

suspended! {
    /// `mapAttrs (name: option: option // { loc = prefix ++ [ name ]; }) tags`
    struct SubOptions { tags, prefix } []
}

impl SubOptions<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let entry = entry_at(ev, self.tags, index)?;
        let loc = appended(ev, list(ev, self.prefix)?, Value::symbol(entry.name))?;
        Ok(ev.mem.update(attrs(ev, entry.slot)?, Loc { loc }.set(ev)?)?)
    }
}

static SUB_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["tags", "prefix"], |ev, args, _| {
    let [tags, prefix] = exactly(args);
    let prefix = share(ev, prefix)?;
    map_set(ev, ev.force(tags)?, |tags| SubOptions { tags, prefix })
});

/// The first name of a set in the order of `attrNames`.
fn first_name(ev: &Evaluator, v: Value) -> Option<Sym> {
    if !v.is_attrs() {
        return None;
    }
    ev.mem.entries_by_name(v).first().map(|e| e.name)
}

/// The name of a set's only attribute; `None` unless there is exactly one.
fn only(ev: &Evaluator, v: Value) -> Option<Sym> {
    if !v.is_attrs() || ev.mem.attrs_len(v) != 1 {
        return None;
    }
    ev.mem.entries(v).first().map(|e| e.name)
}

static CHECK: Builtin = Builtin::hidden("check", &["tags", "v"], |ev, args, _| {
    let [tags, v] = exactly(args);
    let (tags, v) = (ev.force(tags)?, ev.force(v)?);
    Ok(Value::bool(only(ev, v).is_some_and(|name| has(ev, tags, name))))
});

static MERGE: Builtin = Builtin::hidden("merge", &["tags", "loc", "defs"], |ev, args, _| {
    let [tags, loc, defs] = exactly(args);
    let tags = ev.force(tags)?;
    let loc = path_of(ev, loc)?;
    let all = definitions(ev, defs)?;
    let Some(first) = all.first() else {
        return Err(Error::eval("'builtins.head' called on an empty list"));
    };
    let value = value_of(ev, first)?;
    let Some(choice) = first_name(ev, value) else {
        return Err(Error::eval("'builtins.head' called on an empty list"));
    };
    let Some(option) = ev.mem.get(tags, choice) else {
        return Err(no_choice(ev, loc, choice, tags, all)?);
    };
    let (option, defs) = (share(ev, option)?, share(ev, defs)?);
    let value = ev.delay(TagValue { option, loc, defs, choice: Value::symbol(choice) })?;
    let mut set = AttrsBuilder::with_capacity(1);
    set.push(choice, value);
    Ok(ev.mem.attrs(set)?)
});

suspended! {
    /// The value of the chosen option, which all definitions define.
    struct TagValue { option, loc, defs, choice }
}

impl TagValue<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let option = attrs(ev, self.option)?;
        let defs = definitions(ev, self.defs)?;
        let mut chosen = Vec::with_capacity(defs.len());
        for def in defs {
            let (loc, defs) = (share(ev, self.loc)?, share(ev, self.defs)?);
            let parts = Chosen { loc, defs, choice: peek(self.choice), def: share(ev, def)? }.parts(ev)?;
            chosen.push(definition(ev, parts.file, parts.value)?);
        }
        let loc = appended(ev, ev.force(self.loc)?, peek(self.choice))?;
        let option = (Services::of(ev)?.eval_option_value)(ev, loc, option, ev.mem.list(&chosen)?)?;
        select(ev, option, sym!("value"))
    }
}

suspended! {
    /// A definition's value for the chosen tag, and its file. If it chooses another tag, both fields fail, so
    /// that the set itself can still be evaluated and the error's trace names no file.
    struct Chosen { loc, defs, choice, def } => struct ChosenParts { value, file }
}

impl Chosen<&Slot> {
    /// The definition's value and its only name, which must be the chosen one.
    fn checked(self, ev: &Evaluator) -> Res<(Value, Sym)> {
        let value = value_of(ev, self.def)?;
        let Some(name) = only(ev, value) else {
            return Err(failed_assertion("((length (attrNames (def).value)) == 1)"));
        };
        let choice = ev.mem.symbol_of(peek(self.choice))?;
        if name == choice {
            return Ok((value, name));
        }
        let path = messages::option(ev, ev.force(self.loc)?)?;
        let files = messages::files_of(ev, definitions(ev, self.defs)?)?;
        let (choice, name) = (ev.name(choice), ev.name(name));
        Err(throw(format!("The option `{path}` is defined both as `{choice}` and `{name}`, in {files}.")))
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (value, name) = self.checked(ev)?;
        select(ev, value, name)
    }

    fn file(self, ev: &Evaluator) -> Res<Value> {
        self.checked(ev)?;
        select(ev, ev.force(self.def)?, sym!("file"))
    }
}

#[cold]
fn no_choice(ev: &Evaluator, loc: Value, choice: Sym, tags: Value, defs: &[Slot]) -> Res<Error> {
    let (path, files) = (messages::option(ev, loc)?, messages::files_of(ev, defs)?);
    let (name, plain, choices) = (name_text(ev, choice), ev.name(choice), choices(ev, tags));
    Ok(throw(format!(
        "The option `{path}` is defined as {name}, but {name} is not among the valid choices ({choices}). Value {plain} \
         was defined in {files}."
    )))
}

/// Unites the tags of both. An option in both is an option with two declarations.
static MERGE_TAGS: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let [a, b] = shared_args(ev, args)?;
    TagsPayload { tags: ev.delay(BothTags { a, b })? }.set(ev)
});

suspended! {
    /// The tags of two payloads.
    struct BothTags { a, b }
}

impl BothTags<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let tags = |payload| -> Res<Value> { attrs(ev, attr(ev, ev.force(payload)?, sym!("tags"))?) };
        let (a, b) = (tags(self.a)?, tags(self.b)?);
        let mut merged = AttrsBuilder::new();
        for entry in ev.mem.entries(b) {
            if let Some(a) = ev.mem.get(a, entry.name) {
                let name = Value::symbol(entry.name);
                let twice = DeclaredTwice { name, a: share(ev, a)?, b: share(ev, entry.slot)? };
                merged.push(entry.name, ev.delay(twice)?);
            }
        }
        Ok(ev.mem.update(ev.mem.update(a, b)?, ev.mem.attrs(merged)?)?)
    }
}

suspended! {
    /// An option that two types of tags declare.
    struct DeclaredTwice { name, a, b }
}

impl DeclaredTwice<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let file = ev.mem.str("<attrTag {...}>")?;
        let (a, b) = (attrs(ev, self.a)?, attrs(ev, self.b)?);
        let declarations = [a, b].map(|option| Declaration { file, option });
        let loc = ev.mem.list(&[peek(self.name)])?;
        let merged = (Services::of(ev)?.merge_declarations)(ev, loc, &declarations)?;
        let both = |name: Sym| -> Res<Value> {
            let of = |option| -> Res<Value> { list(ev, attr(ev, option, name)?) };
            concat(ev, &[of(a)?, of(b)?])
        };
        let (files, positions) = (both(sym!("declarations"))?, both(sym!("declarationPositions"))?);
        Ok(ev.mem.update(merged, Places { files, positions }.set(ev)?)?)
    }
}
