//! Commands of GitHub's workflows.

/// An annotation: `level` is error, warning or notice, `place` a file with line and column.
pub fn annotation(level: &str, place: Option<&str>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some(place) = place {
        let mut parts = place.rsplitn(3, ':');
        let (column, line, file) = (parts.next(), parts.next(), parts.next());
        match (file, line, column) {
            (Some(file), Some(line), Some(column)) => {
                properties.extend([
                    format!("file={}", property(file)),
                    format!("line={}", property(line)),
                    format!("col={}", property(column)),
                ]);
            }
            _ => properties.push(format!("file={}", property(place))),
        }
    }
    properties.push(format!("title={}", property(title)));
    format!("::{level} {}::{}\n", properties.join(","), data(message))
}

/// A text as the data of a command.
pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(data("a: 100%\nb"), "a: 100%25%0Ab");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
        let shown = annotation("error", Some("a.nix:3:5"), "x.y", "one\ntwo");
        assert_eq!(shown, "::error file=a.nix,line=3,col=5,title=x.y::one%0Atwo\n");
        assert_eq!(annotation("notice", None, "x", "y"), "::notice title=x::y\n");
    }
}
