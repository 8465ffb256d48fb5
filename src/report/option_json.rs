//! An option as JSON. `docs/option-json.md` describes the format.

use serde_json::{Map, Value as Json, json};

use super::plain::to_json;
use crate::options::{About, AboutDefinition, Default, Failure, Outcome, Place, Plain};

/// The version of the format. It grows when a key changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// An option as an object.
pub fn option_json(about: &About) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("version", json!(VERSION));
    put("name", json!(about.name));
    put("loc", json!(about.loc));
    put("type", json!(about.kind));
    put("description", json!(about.description));
    match &about.value {
        Plain::Failed(failure) => put("error", failure_json(failure)),
        value => put("value", to_json(value)),
    };
    put(
        "default",
        match &about.default {
            None => Json::Null,
            Some(Default::Text(text)) => json!({ "_type": "literalExpression", "text": text }),
            Some(Default::Value(value)) => to_json(value),
        },
    );
    put("readOnly", json!(about.read_only));
    put("declarationPositions", about.declarations.iter().map(place_json).collect());
    put("highestPrio", json!(about.highest_priority));
    let counted = about.definitions.iter().filter(|definition| definition.outcome == Outcome::Wins);
    let located = |definition: &AboutDefinition| json!({ "file": definition.file, "value": definition.value.as_ref().map(to_json) });
    put("definitionsWithLocations", counted.map(located).collect());
    put("definitions", about.definitions.iter().map(definition_json).collect());
    Json::Object(object)
}

fn definition_json(definition: &AboutDefinition) -> Json {
    let (line, column) = definition.place.at.unzip();
    json!({
        "file": definition.place.file,
        "line": line,
        "column": column,
        "priority": definition.priority,
        "order": definition.order,
        "fate": definition.outcome.word(),
        "because": definition.because(),
        "value": definition.value.as_ref().map(to_json),
    })
}

fn place_json(place: &Place) -> Json {
    let (line, column) = place.at.unzip();
    json!({ "file": place.file, "line": line, "column": column })
}

fn failure_json(failure: &Failure) -> Json {
    json!({ "message": failure.message, "at": failure.at })
}
