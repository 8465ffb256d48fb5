//! The documentation of options in Markdown, laid out as nixpkgs' `optionsCommonMark`. Descriptions stay as they are
//! written; nixpkgs parses them and writes them anew.

use serde_json::Value as Json;

use super::paths::encoded;
use crate::options::OptionDoc;

/// The options as a document, in the order of the NixOS manual.
pub fn options_markdown(docs: &[OptionDoc]) -> String {
    let mut docs: Vec<(Vec<(u8, String)>, &OptionDoc)> = docs.iter().map(|doc| (rank(doc), doc)).collect();
    docs.sort_by(|(a, _), (b, _)| a.cmp(b));
    docs.iter().map(|(_, doc)| section(doc)).collect()
}

/// The place of an option in the manual: at each level, first `enable` and what begins like it, then `package`.
fn rank(doc: &OptionDoc) -> Vec<(u8, String)> {
    let names = match field(doc, "loc") {
        Some(Json::Array(names)) => names,
        _ => vec![Json::from(doc.name.clone())],
    };
    let rank = |name: &str| match name {
        name if name.starts_with("enable") => 0,
        name if name.starts_with("package") => 1,
        _ => 2,
    };
    names
        .iter()
        .map(|name| name.as_str().unwrap_or_default())
        .map(|name| (rank(name), name.to_owned()))
        .collect()
}

fn field(doc: &OptionDoc, name: &str) -> Option<Json> {
    serde_json::from_slice(doc.fields.get(name)?).ok()
}

fn section(doc: &OptionDoc) -> String {
    let mut blocks = Vec::new();
    if let Some(description) = field(doc, "description").as_ref().and_then(text_of) {
        blocks.push(without_roles(description.trim_end()));
    }
    if let Some(Json::String(kind)) = field(doc, "type") {
        let note = if field(doc, "readOnly") == Some(Json::Bool(true)) { " *(read only)*" } else { "" };
        blocks.push(format!("*Type:*\n{}{note}", escaped(&kind)));
    }
    for (name, heading) in [("default", "Default"), ("example", "Example")] {
        if let Some(value) = field(doc, name) {
            blocks.push(format!("*{heading}:*\n\n{}", shown(&value)));
        }
    }
    if let Some(Json::String(related)) = field(doc, "relatedPackages") {
        blocks.push(format!("*Related packages:*\n{}", related.trim_end()));
    }
    if let Some(Json::Array(files)) = field(doc, "declarations")
        && !files.is_empty()
    {
        let entries: Vec<String> = files.iter().filter_map(Json::as_str).map(declaration).collect();
        blocks.push(format!("*Declared by:*\n{}", entries.join("\n")));
    }
    if let Some(failure) = &doc.error {
        blocks.push(format!("*Error:*\n\n{}", code(&failure.message, "")));
    }
    format!("## {}\n\n{}\n\n\n\n", escaped(&doc.name), blocks.join("\n\n"))
}

/// A text, or the text of a set like `lib.mdDoc ""`.
fn text_of(value: &Json) -> Option<&str> {
    value.as_str().or_else(|| value["text"].as_str())
}

/// A default or an example. Libraries from before 2022 do not render it as an expression.
fn shown(value: &Json) -> String {
    match (value["_type"].as_str(), value["text"].as_str()) {
        (Some("literalMD" | "literalDocBook"), Some(text)) => without_roles(text.trim_end()),
        (Some(_), Some(text)) => code(text, "nix"),
        _ => code(&value.to_string(), "json"),
    }
}

/// A block of code, between more backticks than are in it.
fn code(text: &str, language: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 3);
    format!("{ticks}{language}\n{}\n{ticks}", text.strip_suffix('\n').unwrap_or(text))
}

fn declaration(file: &str) -> String {
    let (shown, url) = match file.starts_with('/') {
        true => (file.to_owned(), format!("file://{}", encoded(file))),
        // Libraries name their own files by their place in nixpkgs.
        false => {
            (format!("<nixpkgs/{file}>"), format!("https://github.com/NixOS/nixpkgs/blob/master/{file}"))
        }
    };
    format!(" - [{}]({url})", escaped(&shown))
}

/// A text whose characters mean themselves.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "*<[`.#&\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// A text without the names of roles (`{option}` in front of code), which only nixpkgs knows.
fn without_roles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let role = &rest[at + 1..];
        let name = role.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(role.len());
        let is_role = name > 0 && role[name..].starts_with("}`");
        out.push_str(&rest[..at]);
        if is_role {
            rest = &role[name + 1..];
        } else {
            out.push('{');
            rest = role;
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_sections_in_the_order_of_the_manual() {
        let doc = |name: &str, fields: &[(&str, Json)]| OptionDoc {
            name: name.to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.to_string().into()))
                .collect(),
            error: None,
        };
        let loc = |names: &[&str]| ("loc", Json::from(names.to_vec()));
        let docs = [
            doc("a.b", &[loc(&["a", "b"]), ("default", serde_json::json!({ "_type": "x", "text": "``" }))]),
            doc("a.enable", &[loc(&["a", "enable"]), ("description", Json::from("See {option}`a.b` {x}."))]),
        ];
        let expected =
            "## a\\.enable\n\nSee `a.b` {x}.\n\n\n\n## a\\.b\n\n*Default:*\n\n`````nix\n``\n`````\n\n\n\n";
        assert_eq!(options_markdown(&docs), expected);
    }
}
