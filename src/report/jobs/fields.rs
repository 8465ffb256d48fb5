//! The keys and values of a line of JSON.

use std::collections::BTreeMap;

use crate::host::printable;

/// Keys, and values as JSON; in the order in which they are printed.
pub type Fields = BTreeMap<String, String>;

/// A text as JSON. Bytes that are not UTF-8 become U+FFFD.
pub fn text(text: &str) -> String {
    serde_json::Value::from(&*printable(text)).to_string()
}

/// A list as JSON.
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(","))
}

/// A list of texts as JSON.
pub fn texts<'a>(items: impl IntoIterator<Item = &'a String>) -> String {
    list(items.into_iter().map(|item| text(item)))
}

/// Keys and values as JSON.
pub fn object<'a>(fields: impl IntoIterator<Item = (&'a String, String)>) -> String {
    let fields = fields.into_iter().map(|(key, value)| format!("{}:{value}", text(key)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// A line.
pub fn line(fields: &Fields) -> String {
    object(fields.iter().map(|(key, value)| (key, value.clone())))
}

/// The attribute path as nix-eval-jobs writes it: a name with a dot is in quotes.
pub fn joined(path: &[String]) -> String {
    path.iter().fold(String::new(), |before, name| {
        let name = if name.contains('.') { format!("\"{name}\"") } else { name.clone() };
        if before.is_empty() { name } else { format!("{before}.{name}") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined() {
        let joined = |path: &[&str]| joined(&path.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(joined(&["a", "b.c", "d e"]), "a.\"b.c\".d e");
        assert_eq!(
            (joined(&[]), joined(&["", "a"]), joined(&["a", ""])),
            ("".into(), "a".into(), "a.".into())
        );
    }

    #[test]
    fn keys_are_in_order() {
        let fields =
            [("b".to_owned(), texts(&["ä\"\u{1}".to_owned()])), ("a".to_owned(), text("\u{10ffff}"))];
        assert_eq!(line(&fields.into()), "{\"a\":\"\u{fffd}\",\"b\":[\"ä\\\"\\u0001\"]}");
    }
}
