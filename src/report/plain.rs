//! Values taken out of the evaluator, as Nix expressions and as JSON.

use serde_json::{Map, Value as Json, json};

use crate::eval::BLANKS;
use crate::options::Plain;
use crate::syntax::{quote, show_name};

/// A value as a Nix expression on one line. What is no expression stands in guillemets.
pub fn on_one_line(value: &Plain) -> String {
    match value {
        Plain::List(items) if items.is_empty() => "[ ]".to_owned(),
        Plain::List(items) => {
            format!("[ {} ]", items.iter().map(argument).collect::<Vec<_>>().join(" "))
        }
        Plain::Set(entries) if entries.is_empty() => "{ }".to_owned(),
        Plain::Set(entries) => {
            let entry =
                |(name, value): &(String, Plain)| format!("{} = {};", shown_name(name), on_one_line(value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
        }
        other => atom(other),
    }
}

/// A value as a Nix expression: on one line if it fits into `width` columns, else one entry a line, indented by
/// `indent` columns more than where it begins.
pub fn on_lines(value: &Plain, width: usize, indent: usize) -> String {
    let line = on_one_line(value);
    if line.chars().count() <= width {
        return line;
    }
    let inner = width.saturating_sub(2);
    let blank = " ".repeat(indent + 2);
    let end = " ".repeat(indent);
    match value {
        Plain::List(items) => {
            let lines =
                items.iter().map(|item| format!("{blank}{}\n", element_on_lines(item, inner, indent + 2)));
            format!("[\n{}{end}]", lines.collect::<String>())
        }
        Plain::Set(entries) => {
            let lines = entries.iter().map(|(name, value)| {
                let name = shown_name(name);
                let left = inner.saturating_sub(name.chars().count() + 4);
                format!("{blank}{name} = {};\n", on_lines(value, left, indent + 2))
            });
            format!("{{\n{}{end}}}", lines.collect::<String>())
        }
        Plain::String(text) if text.contains('\n') => {
            let escaped = text.replace("''", "'''").replace("${", "''${");
            let lines = escaped.split('\n').map(|line| match line.trim_matches(BLANKS).is_empty() {
                true => format!("\n{line}"),
                false => format!("\n{blank}{line}"),
            });
            format!("''{}''", lines.collect::<String>())
        }
        _ => line,
    }
}

/// A text on one line of at most `most` columns.
pub fn one_line(text: &str, most: usize) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// The beginning of a line, if it is longer than `most` columns.
pub fn cut(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let begin: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{begin}…")
}

/// A value as an element of a list or the argument of a function: negative numbers and applications need parentheses.
pub fn argument(value: &Plain) -> String {
    let text = on_one_line(value);
    match value {
        Plain::Property(..) => format!("({text})"),
        _ if text.starts_with('-') => format!("({text})"),
        _ => text,
    }
}

fn element_on_lines(value: &Plain, width: usize, indent: usize) -> String {
    match value {
        Plain::List(_) | Plain::Set(_) | Plain::String(_) => on_lines(value, width, indent),
        _ => argument(value),
    }
}

pub fn shown_name(name: &str) -> String {
    String::from_utf8_lossy(&show_name(name.as_bytes())).into_owned()
}

fn atom(value: &Plain) -> String {
    match value {
        Plain::Null => "null".to_owned(),
        Plain::Bool(value) => value.to_string(),
        Plain::Int(value) => value.to_string(),
        Plain::Float(value) => format!("{value:?}"),
        Plain::String(text) => String::from_utf8_lossy(&quote(text.as_bytes())).into_owned(),
        Plain::Path(path) => path.clone(),
        Plain::Function => "«function»".to_owned(),
        Plain::Derivation(name) => format!("«derivation {name}»"),
        Plain::Opaque(what) => format!("«{what}»"),
        Plain::Cycle | Plain::Cut => "«…»".to_owned(),
        Plain::Failed(failure) => {
            format!("«error: {}»", failure.message.lines().next().unwrap_or_default())
        }
        Plain::Property(function, content) => format!("{function} {}", argument(content)),
        Plain::List(_) | Plain::Set(_) => on_one_line(value),
    }
}

/// A value as JSON. What JSON lacks is an object with `_nival`, as in the output of `config`.
pub fn to_json(value: &Plain) -> Json {
    match value {
        Plain::Null => Json::Null,
        Plain::Bool(value) => json!(value),
        Plain::Int(value) => json!(value),
        Plain::Float(value) => json!(value),
        Plain::String(text) | Plain::Path(text) => json!(text),
        Plain::List(items) => items.iter().map(to_json).collect(),
        Plain::Set(entries) => {
            let entries: Map<String, Json> =
                entries.iter().map(|(name, value)| (name.clone(), to_json(value))).collect();
            Json::Object(entries)
        }
        Plain::Function => json!({ "_nival": "function" }),
        Plain::Derivation(name) => json!({ "_nival": "derivation", "name": name }),
        Plain::Opaque(what) => json!({ "_nival": what }),
        Plain::Property(function, content) => {
            json!({ "_nival": "property", "function": function, "content": to_json(content) })
        }
        Plain::Cycle | Plain::Cut => json!({ "_nival": "cut" }),
        Plain::Failed(failure) => json!({ "_nival": "error", "at": failure.at, "message": failure.message }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_nix_expressions() {
        let list = Plain::List(vec![Plain::Int(-1), Plain::String("a\"b".to_owned()), Plain::Null]);
        assert_eq!(on_one_line(&list), r#"[ (-1) "a\"b" null ]"#);
        let set = Plain::Set(vec![("a b".to_owned(), list), ("f".to_owned(), Plain::Function)]);
        assert_eq!(on_one_line(&set), r#"{ "a b" = [ (-1) "a\"b" null ]; f = «function»; }"#);
        let lines = "{\n  \"a b\" = [\n    (-1)\n    \"a\\\"b\"\n    null\n  ];\n  f = «function»;\n}";
        assert_eq!(on_lines(&set, 20, 0), lines);
    }

    #[test]
    fn texts_of_several_lines_are_indented_strings() {
        let text = Plain::String("one\n${two}\n".to_owned());
        assert_eq!(on_lines(&text, 5, 0), "''\n  one\n  ''${two}\n''");
    }
}
