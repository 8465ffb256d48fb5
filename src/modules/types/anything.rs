//! `types.anything`: values merged by their kind, sets attribute by attribute.

use super::collections::attrs_of;
use super::functions::{BODY, called};
use super::made::made;
use super::make::Spec;
use super::option_type::OptionType;
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::modules::definitions::definition;
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, definitions, path_of, value_of};
use crate::modules::messages;
use crate::native::{appended, is_string_like, share, shared_args, throw};
use crate::source::Pos;
use crate::value::Value;

pub(super) fn anything(ev: &Evaluator) -> Res<Value> {
    let spec = Spec::noun(ev, "anything", "anything")?;
    Spec { merge: ev.builtin(&MERGE), ..spec }.build(ev)
}

/// A value's kind; sets that are strings, such as packages, are a kind of their own.
fn kind(ev: &Evaluator, v: Value) -> &'static str {
    if v.is_attrs() && is_string_like(ev, v) { "stringCoercibleSet" } else { v.type_of().name() }
}

static MERGE: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, pos| {
    let [loc, defs] = exactly(args);
    let all = definitions(ev, defs)?;
    let mut common = None;
    for def in all {
        let found = kind(ev, value_of(ev, def)?);
        if *common.get_or_insert(found) != found {
            let path = messages::option(ev, path_of(ev, loc)?)?;
            let files = messages::files_of(ev, all)?;
            return Err(throw(format!("The option `{path}' has conflicting option types in {files}")));
        }
    }
    match common {
        Some("set") => {
            let sets = OptionType::of(attrs_of(ev, made(ev, "anything", anything)?, false)?);
            sets.merged(ev, share(ev, loc)?, share(ev, defs)?)
        }
        Some("stringCoercibleSet") => (MERGE_ONE.run)(ev, args, pos),
        Some("lambda") => ev.partial(&MERGE_RESULTS, &shared_args::<2>(ev, args)?),
        _ => (MERGE_EQUAL.run)(ev, args, pos),
    }
});

/// A function that merges the results of all definitions.
static MERGE_RESULTS: Builtin = Builtin::hidden("merge", &["loc", "defs", "arg"], |ev, args, _| {
    let [loc, defs, arg] = exactly(args);
    let loc = appended(ev, path_of(ev, loc)?, ev.mem.str(BODY)?)?;
    let arg = share(ev, arg)?;
    let mut results = Vec::new();
    for def in definitions(ev, defs)? {
        let result = called(ev, def, arg)?;
        results.push(definition(ev, result.file, result.value)?);
    }
    ev.call(ev.builtin(&MERGE), &[loc, ev.mem.list(&results)?], Pos::NONE)
});
