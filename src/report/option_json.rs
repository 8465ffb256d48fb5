//! An option as JSON. `docs/option-json.md` describes the format.

use serde_json::{Map, Value as Json, json};

use super::plain::to_json;
use crate::options::{
    DefaultValue, DefinitionInfo, Excerpt, Failure, ItemInfo, Moved, OptionInfo, Outcome, Place, Plain,
    ReadValue,
};

/// The version of the format. It grows when a key changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// An option as an object.
pub fn option_json(about: &OptionInfo) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("version", json!(VERSION));
    put("name", json!(about.name));
    put("loc", json!(about.loc));
    put("type", json!(about.type_description));
    put("description", json!(about.description));
    match &about.value {
        Plain::Failed(failure) => put("error", failure_json(failure)),
        value => put("value", to_json(value)),
    };
    put(
        "default",
        match &about.default {
            None => Json::Null,
            Some(DefaultValue::Text(text)) => json!({ "_type": "literalExpression", "text": text }),
            Some(DefaultValue::Value(value)) => to_json(value),
        },
    );
    put("readOnly", json!(about.read_only));
    put(
        "declarationPositions",
        about.declarations.iter().map(|place| Json::Object(place_json(place))).collect(),
    );
    put("highestPrio", json!(about.highest_priority()));
    let counted = about.definitions.iter().filter(|definition| definition.outcome == Outcome::Wins);
    let located = |definition: &DefinitionInfo| json!({ "file": definition.file, "value": definition.value.as_ref().map(to_json) });
    put("definitionsWithLocations", counted.map(located).collect());
    if about.has_origins {
        put("moved", moved_json(about.moved.as_ref()));
    }
    let definition = |definition: &DefinitionInfo| match about.has_origins {
        true => with_origin(definition_json(definition), definition),
        false => Json::Object(definition_json(definition)),
    };
    put("definitions", about.definitions.iter().map(definition).collect());
    Json::Object(object)
}

fn moved_json(moved: Option<&Moved>) -> Json {
    match moved {
        None => Json::Null,
        Some(Moved::Alias(to)) => json!({ "kind": "alias", "to": [to] }),
        Some(Moved::To(to)) => json!({ "kind": "renamed", "to": to }),
        Some(Moved::Removed(reason)) => json!({ "kind": "removed", "reason": reason }),
    }
}

/// A level with further options, in a list.
pub fn level_json(loc: &[String], name: &str) -> Json {
    json!({ "version": VERSION, "name": name, "loc": loc, "level": true })
}

fn definition_json(definition: &DefinitionInfo) -> Map<String, Json> {
    let mut object = place_json(&definition.place);
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    put("priority", json!(definition.priority));
    put("order", json!(definition.order));
    put("fate", json!(definition.outcome.word()));
    put("because", json!(definition.because(Place::to_string)));
    put("through", json!(definition.through));
    put("value", json!(definition.value.as_ref().map(to_json)));
    object
}

/// A definition with what is known of its text and the parts of its value.
fn with_origin(mut object: Map<String, Json>, definition: &DefinitionInfo) -> Json {
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    let excerpt = definition.excerpt.as_ref();
    let spot = |(line, column): (u32, u32)| json!({ "line": line, "column": column });
    put("text", json!(excerpt.map(|excerpt| &excerpt.text)));
    let range = |excerpt: &Excerpt| json!({ "start": spot(excerpt.start), "end": spot(excerpt.end) });
    put("range", json!(excerpt.map(range)));
    put("comment", json!(excerpt.and_then(|excerpt| excerpt.comment.as_ref())));
    put("condition", condition_json(&definition.outcome));
    put("from", from_json(&definition.from));
    put("items", definition.items.iter().map(item_json).collect());
    Json::Object(object)
}

fn condition_json(outcome: &Outcome) -> Json {
    let Outcome::Off(Some(condition)) = outcome else {
        return Json::Null;
    };
    let mut object = place_json(&condition.place);
    object.insert("text".to_owned(), json!(condition.text));
    Json::Object(object)
}

fn item_json(item: &ItemInfo) -> Json {
    let mut object = place_json(&item.place);
    let mut put = |name: &str, value: Json| object.insert(name.to_owned(), value);
    if let Some(name) = &item.name {
        put("name", json!(name));
        put("priority", json!(item.priority));
        put("condition", condition_json(&item.outcome));
    }
    put("fate", json!(item.outcome.word()));
    put("from", from_json(&item.from));
    put("value", json!(item.value.as_ref().map(to_json)));
    Json::Object(object)
}

fn from_json(from: &[ReadValue]) -> Json {
    let read = |read: &ReadValue| json!({ "name": read.name, "value": to_json(&read.value) });
    from.iter().map(read).collect()
}

fn place_json(place: &Place) -> Map<String, Json> {
    let (line, column) = place.at.unzip();
    let entries = [("file", json!(place.file)), ("line", json!(line)), ("column", json!(column))];
    entries.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

fn failure_json(failure: &Failure) -> Json {
    json!({ "message": failure.message, "at": failure.at })
}
