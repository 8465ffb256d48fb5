//! Warnings and assertions, as nixpkgs' modules collect them in the options `warnings` and `assertions`.

use super::plain::Plain;

/// What an element of `assertions` says: nothing if it holds; if it does not, its message; or the value that leaves that open.
pub fn assertion(item: &Plain) -> Option<Result<&Plain, &Plain>> {
    let Plain::Set(entries) = item else {
        return Some(Err(item));
    };
    let part = |wanted: &str| entries.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    match part("assertion") {
        Some(Plain::Bool(true)) => None,
        Some(Plain::Bool(false)) => Some(Ok(part("message").unwrap_or(&Plain::Null))),
        other => Some(Err(other.unwrap_or(item))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assertions_that_hold_say_nothing() {
        let message = Plain::String("no".to_owned());
        let of = |holds: Plain| {
            Plain::Set(vec![("assertion".to_owned(), holds), ("message".to_owned(), message.clone())])
        };
        assert_eq!(assertion(&of(Plain::Bool(true))), None);
        assert_eq!(assertion(&of(Plain::Bool(false))), Some(Ok(&message)));
        assert_eq!(assertion(&of(Plain::Int(1))), Some(Err(&Plain::Int(1))));
        assert_eq!(assertion(&message), Some(Err(&message)));
    }
}
