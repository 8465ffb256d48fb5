//! `-A a.b."c d".0`: finds a value by its attribute path.

use crate::eval::{Error, ErrorKind, Evaluator, Res, best_matches, type_name};
use crate::heap::Sym;
use crate::value::{Type, Value};

/// Splits a path at its dots, except at those in quotes.
///
/// # Errors
/// When a closing quote is missing.
pub fn split(path: &[u8]) -> Res<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    let mut current = Vec::new();
    let mut chars = path.iter();
    while let Some(&c) = chars.next() {
        match c {
            b'.' => parts.push(std::mem::take(&mut current)),
            b'"' => loop {
                match chars.next() {
                    Some(b'"') => break,
                    Some(&c) => current.push(c),
                    None => {
                        let path = String::from_utf8_lossy(path);
                        return Err(Error::eval(format!("missing closing quote in selection path '{path}'")));
                    }
                }
            },
            c => current.push(c),
        }
    }
    if !current.is_empty() {
        parts.push(current);
    }
    Ok(parts)
}

/// The names of an option path.
///
/// # Errors
/// A malformed path, and an empty name in it.
pub fn option_path(ev: &Evaluator, path: &[u8]) -> Res<Vec<Sym>> {
    let mut names = Vec::new();
    for name in split(path)? {
        if name.is_empty() {
            let path = String::from_utf8_lossy(path);
            let message = format!("empty attribute name in the option path '{path}'");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        names.push(ev.mem.heap.intern(&name)?);
    }
    Ok(names)
}

/// Follows a path from `root`. Calls functions on the way with `auto_args`.
pub fn find(ev: &Evaluator, root: Value, path: &[u8], auto_args: Value) -> Res<Value> {
    let shown = String::from_utf8_lossy(path).into_owned();
    let mut v = root;
    for part in split(path)? {
        v = ev.auto_call(v, auto_args)?;
        let text = String::from_utf8_lossy(&part).into_owned();
        let index: Option<usize> = text.parse().ok();
        if let Some(index) = index {
            if !v.is_list() {
                return Err(not_a(ev, v, &shown, "list"));
            }
            let items = ev.mem.items(v);
            let Some(item) = items.get(index) else {
                let message = format!("list index {index} in selection path '{shown}' is out of range");
                return Err(Error::eval(message));
            };
            v = ev.force(item)?;
            continue;
        }
        if !v.is_attrs() {
            return Err(not_a(ev, v, &shown, "set"));
        }
        if part.is_empty() {
            return Err(Error::eval(format!("empty attribute name in selection path '{shown}'")));
        }
        let name = ev.mem.heap.intern(&part)?;
        let Some(slot) = ev.mem.get(v, name) else {
            let entries = ev.mem.entries(v);
            let near = best_matches(entries.iter().map(|e| ev.mem.heap.name(e.name)), &part);
            let message = format!("attribute '{text}' in selection path '{shown}' not found");
            return Err(Error::eval(message).suggest(near));
        };
        v = ev.force(slot)?;
    }
    Ok(v)
}

fn not_a(ev: &Evaluator, v: Value, path: &str, wanted: &str) -> Error {
    let found = match v.type_of() {
        Type::Null => "null".to_owned(),
        _ => type_name(ev, v),
    };
    Error::type_error(format!(
        "the expression selected by the selection path '{path}' should be a {wanted} but is {found}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_dots_outside_quotes() {
        let parts = split(b"a.\"b.c\".0").expect("closed quotes");
        assert_eq!(parts, [b"a".to_vec(), b"b.c".to_vec(), b"0".to_vec()]);
        assert!(split(b"a.\"b").is_err());
        assert_eq!(split(b"").expect("empty"), Vec::<Vec<u8>>::new());
    }
}
