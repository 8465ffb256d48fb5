//! Differences as JSON: `docs/diff-json.md` describes it.

use serde_json::{Value as Json, json};

use super::words::what;
use crate::options::compare::{Cause, Change, Comparison};
use crate::options::{Failure, Plain};
use crate::report::plain::to_json;

/// The version of the format. It grows when a key changes its meaning or goes away.
const VERSION: u32 = 1;

/// The differences as an object.
pub fn diff_json(comparison: &Comparison) -> Json {
    let change = |change: &Change| one(comparison, change);
    let failing = |(number, failure): &(usize, Failure)| {
        let error = to_json(&Plain::Failed(failure.clone()));
        json!({ "fixture": comparison.fixtures[*number], "error": error })
    };
    json!({
        "version": VERSION,
        "fixtures": comparison.fixtures,
        "changes": comparison.changes.iter().map(change).collect::<Json>(),
        "failing": comparison.failing.iter().map(failing).collect::<Json>(),
    })
}

fn one(comparison: &Comparison, change: &Change) -> Json {
    let difference = &change.difference;
    let value = |value: &Option<Plain>| value.as_ref().map(to_json).unwrap_or(Json::Null);
    let names: Vec<&String> = change.fixtures.iter().map(|number| &comparison.fixtures[*number]).collect();
    let mut object = json!({
        "name": difference.name,
        "loc": difference.loc,
        "kind": difference.kind.word(),
        "also": difference.also.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
        "old": value(&difference.old),
        "new": value(&difference.new),
        "visible": difference.is_visible,
        "fixtures": names,
        "causes": change.causes.iter().map(cause_json).collect::<Json>(),
        "follows": change.follows,
    });
    if let (Some(to), Some(object)) = (&difference.to, object.as_object_mut()) {
        object.insert("to".to_owned(), json!(to));
    }
    object
}

/// A changed text as an object.
pub fn cause_json(cause: &Cause) -> Json {
    let (line, column) = cause.place.at.unzip();
    json!({
        "file": cause.place.file,
        "line": line,
        "column": column,
        "kind": cause.kind.word(),
        "what": what(cause),
        "gone": cause.is_gone,
        "old": cause.old,
        "new": cause.new,
    })
}
