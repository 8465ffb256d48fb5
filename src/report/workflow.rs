//! Texts in the workflow commands of GitHub.

/// A text as the data of a command.
pub fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(data("a: 100%\nb"), "a: 100%25%0Ab");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
