//! `types.anything`: merged by the kind of the values, sets attribute by attribute.

use super::collections::attrs_of;
use super::make::Spec;
use super::optional::{BODY, called};
use super::simple::is_string_like;
use crate::eval::{Builtin, Evaluator, Res};
use crate::modules::definitions::definition;
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, definitions, path_of, value_of};
use crate::modules::messages;
use crate::modules::messages::type_word;
use crate::native::{appended, select, throw};
use crate::source::Pos;
use crate::value::Value;

pub(super) fn anything(ev: &Evaluator) -> Res<Value> {
    let spec = Spec::noun(ev, "anything", "anything")?;
    Spec { merge: ev.builtin(&MERGE), ..spec }.build(ev)
}

/// A value's kind; sets that are strings, such as packages, are a kind of their own.
fn kind(ev: &Evaluator, v: Value) -> &'static str {
    if v.is_attrs() && is_string_like(ev, v) { "stringCoercibleSet" } else { type_word(v) }
}

static MERGE: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, pos| {
    let defs = definitions(ev, &args[1])?;
    let mut common = None;
    for def in defs {
        let found = kind(ev, value_of(ev, def)?);
        if *common.get_or_insert(found) != found {
            let path = messages::option(ev, path_of(ev, &args[0])?)?;
            let files = messages::files_of(ev, defs)?;
            return Err(throw(format!("The option `{path}' has conflicting option types in {files}")));
        }
    }
    match common {
        Some("set") => {
            let sets = attrs_of(ev, super::named(ev, "anything")?, false)?;
            let merge = select(ev, sets, sym!("merge"))?;
            ev.call(merge, &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?], Pos::NONE)
        }
        Some("stringCoercibleSet") => (MERGE_ONE.run)(ev, args, pos),
        Some("lambda") => ev.partial(&MERGE_RESULTS, &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?]),
        _ => (MERGE_EQUAL.run)(ev, args, pos),
    }
});

/// A function whose result is merged from those of all definitions.
static MERGE_RESULTS: Builtin = Builtin::hidden("merge", &["loc", "defs", "arg"], |ev, args, _| {
    let loc = appended(ev, path_of(ev, &args[0])?, ev.mem.str(BODY)?)?;
    let arg = ev.mem.share(&args[2])?;
    let mut results = Vec::new();
    for def in definitions(ev, &args[1])? {
        let result = called(ev, def, arg)?;
        results.push(definition(ev, result.file, result.value)?);
    }
    ev.call(ev.builtin(&MERGE), &[loc, ev.mem.list(&results)?], Pos::NONE)
});
