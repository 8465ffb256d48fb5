//! Descriptions of values, packages and options for editors, in the form of nixd's protocol.

use serde_json::{Value as Json, json};

use super::paths::encoded;
use crate::eval::{Error, Evaluator, PrintOptions, Res, print_value};
use crate::options::Opened;
use crate::source::Pos;
use crate::syntax::written::Written;
use crate::value::{Tag, Type, Value};

/// An attribute.
///
/// # Errors
/// An error in it; and, in nixd's words, that there is none.
pub fn select(ev: &Evaluator, v: Value, name: &str) -> Res<Value> {
    if !v.is_attrs() {
        return Err(Error::eval("value is not an attrset"));
    }
    match ev.mem.get(v, ev.intern(name)?) {
        Some(found) => ev.force(found),
        None => Err(Error::eval(format!("attrname {name} not found in attrset"))),
    }
}

/// A package's `name`, `meta.description` and so on, as far as they are strings.
pub fn described_package(ev: &Evaluator, v: Value) -> Json {
    json!({
        "Name": text_at(ev, v, &["name"]),
        "PName": text_at(ev, v, &["pname"]),
        "Version": text_at(ev, v, &["version"]),
        "Description": text_at(ev, v, &["meta", "description"]),
        "LongDescription": text_at(ev, v, &["meta", "longDescription"]),
        "Position": text_at(ev, v, &["meta", "position"]),
        "Homepage": text_at(ev, v, &["meta", "homepage"]),
    })
}

/// What is known about a function: the documentation of a built-in one, or the comment above.
pub fn described_value(ev: &Evaluator, v: Value) -> Option<Json> {
    let (function, held) = ev.underlying_function(v);
    if function.tag() == Tag::Builtin {
        let builtin = ev.builtin_of(function);
        let is_whole = held == 0 && !builtin.library;
        return is_whole
            .then(|| json!({ "doc": builtin.doc, "arity": builtin.args.len(), "args": builtin.args }));
    }
    let pos = ev.function_pos(function, held);
    let source = ev.sources.source_of(pos)?;
    let offset = pos.0.checked_sub(source.base())? as usize;
    let doc = Written::parse(source.text()?).documentation(offset)?;
    Some(json!({ "doc": String::from_utf8_lossy(&doc), "arity": 0, "args": [] }))
}

/// Where a function is written, if that is in a file.
pub fn location_of(ev: &Evaluator, v: Value) -> Option<Json> {
    if v.type_of() != Type::Function {
        return None;
    }
    let (function, held) = ev.underlying_function(v);
    location(ev, ev.function_pos(function, held))
}

/// An option: its description, type, declarations, and what could be written in its place.
///
/// # Errors
/// An error in its declarations.
pub fn described_option(ev: &Evaluator, option: Value) -> Res<Json> {
    let at = |name: &str| select(ev, option, name).ok();
    let kind = at("type").map(|kind| {
        json!({ "Description": text_at(ev, kind, &["description"]), "Name": text_at(ev, kind, &["name"]) })
    });
    let has = |name: &str| {
        option.is_attrs() && ev.intern(name).is_ok_and(|name| ev.mem.get(option, name).is_some())
    };
    // An author gives `defaultText` where the default itself says nothing.
    let default = if has("defaultText") { "defaultText" } else { "default" };
    Ok(json!({
        "Description": text_at(ev, option, &["description"]),
        "Declarations": declarations(ev, option)?,
        "Definitions": [],
        "Example": at("example").and_then(|v| written(ev, v, true)),
        "Default": at(default).and_then(|v| written(ev, v, false)),
        "Type": kind,
    }))
}

/// Where the definitions of an option are that are known.
///
/// # Errors
/// An error in the definitions on the way.
pub fn definitions(ev: &Evaluator, opened: &Opened<'_>, path: &[String]) -> Res<Json> {
    let path = path.iter().map(|name| ev.intern(name)).collect::<Result<Vec<_>, _>>()?;
    let Ok(found) = opened.definitions(&path) else {
        return Ok(json!([]));
    };
    let places = found.all.iter().filter(|definition| !definition.is_default);
    Ok(places.filter_map(|definition| location(ev, definition.pos)).collect())
}

/// Whether a value is an option.
pub fn is_option(ev: &Evaluator, v: Value) -> bool {
    text_at(ev, v, &["_type"]).is_some_and(|text| text == "option")
}

/// The options of a submodule: of an option whose type is one or, if `of_elements`, of one whose elements are.
///
/// # Errors
/// An error in them.
pub fn sub_options(ev: &Evaluator, option: Value, of_elements: bool) -> Res<Option<Value>> {
    let is = |v: Value, name: &str| text_at(ev, v, &["name"]).is_some_and(|text| text == name);
    let Ok(mut kind) = select(ev, option, "type") else {
        return Ok(None);
    };
    if of_elements {
        if !is_option(ev, option) || !is(kind, "attrsOf") {
            return Ok(None);
        }
        kind = select(ev, select(ev, kind, "nestedTypes")?, "elemType")?;
    }
    if !is(kind, "submodule") {
        return Ok(None);
    }
    let options = select(ev, kind, "getSubOptions")?;
    ev.call(options, &[Value::EMPTY_LIST], Pos::NONE).map(Some)
}

fn declarations(ev: &Evaluator, option: Value) -> Res<Json> {
    let list = match select(ev, option, "declarationPositions") {
        Ok(list) if list.is_list() => list,
        _ => return Ok(json!([])),
    };
    let mut found = Vec::new();
    for item in ev.mem.items(list) {
        let item = ev.force(item)?;
        let file = text_at(ev, item, &["file"]).unwrap_or_default();
        let number = |name: &str| select(ev, item, name).map(|v| ev.mem.as_int(v).unwrap_or(1));
        found.push(place(&file, number("line")?, number("column")?));
    }
    Ok(Json::Array(found))
}

/// What could be written for a value: the text of `literalExpression`, or the value itself. Sets, lists and functions only
/// if `complex`.
fn written(ev: &Evaluator, v: Value, complex: bool) -> Option<String> {
    if text_at(ev, v, &["_type"]).is_some_and(|kind| kind == "literalExpression") {
        return text_at(ev, v, &["text"]);
    }
    let is_simple = !matches!(v.type_of(), Type::Attrs | Type::List | Type::Function | Type::Thunk);
    (complex || is_simple).then(|| print_value(ev, v, &PrintOptions::ALL))
}

/// The string at a path, if there is one.
fn text_at(ev: &Evaluator, v: Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(v, |v, name| select(ev, v, name).inspect_err(|e| ev.caught(e)).ok())?;
    (found.type_of() == Type::String).then(|| String::from_utf8_lossy(ev.mem.text(found)).into_owned())
}

fn location(ev: &Evaluator, pos: Pos) -> Option<Json> {
    let source = ev.sources.source_of(pos)?;
    let file = String::from_utf8_lossy(source.path()?).into_owned();
    let at = ev.sources.place(pos)?;
    Some(place(&file, i64::from(at.line), i64::from(at.column)))
}

/// A place as the Language Server Protocol has it: lines and columns begin at 0.
fn place(file: &str, line: i64, column: i64) -> Json {
    let at = json!({ "line": line - 1, "character": column - 1 });
    json!({ "uri": format!("file://{}", encoded(file)), "range": { "start": at, "end": at } })
}
