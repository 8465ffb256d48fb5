//! Documentation comments of functions: `/** … */`.

use rnix::SyntaxKind::*;

use super::comments::comments_before;
use super::file::{File, Id};

/// The text of the documentation comment of a function that starts at a byte offset: the comment before it, before a function
/// whose result it is, or before the name that it is given. As Nix's `:doc`, without the markers and the indentation.
pub(super) fn of_function(file: &File, offset: usize) -> Option<Vec<u8>> {
    let starts = |node: &Id| file.kind(*node) == NODE_LAMBDA && file.start(*node) as usize == offset;
    let mut function = file.nodes().find(starts)?;
    loop {
        if let Some(found) = before(file, function) {
            return Some(found);
        }
        let mut around = file.parent(function)?;
        while file.kind(around) == NODE_PAREN {
            around = file.parent(around)?;
        }
        match file.kind(around) {
            NODE_LAMBDA => function = around,
            NODE_ATTRPATH_VALUE => return before(file, around),
            _ => return None,
        }
    }
}

/// The documentation comment before the first token of a node. Other comments may follow it.
fn before(file: &File, node: Id) -> Option<Vec<u8>> {
    let (first, _) = file.ends(node);
    let mut comments = comments_before(file, first);
    comments.rfind(|comment| is_doc(comment)).map(|comment| strip_indentation(&comment[3..comment.len() - 2]))
}

/// Whether a comment is documentation: `/**/` and `/***` are not.
fn is_doc(comment: &[u8]) -> bool {
    matches!(comment, [b'/', b'*', b'*', next, .., b'*', b'/'] if !matches!(next, b'/' | b'*'))
}

/// Removes the indentation that all lines have; the first one begins behind the marker. Each line ends with a line break.
/// As Nix's `stripIndentation`, so a line of nothing but spaces can raise what is removed.
fn strip_indentation(inside: &[u8]) -> Vec<u8> {
    const MARKER: usize = 3;
    let text = [&[b' '; MARKER][..], inside].concat();
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let indent_of = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let last = lines.len() - 1;
    let least = lines.iter().enumerate().fold(usize::MAX, |least, (at, line)| match indent_of(line) {
        // Nix looks at a line's end to see that there is nothing else in it.
        indent if indent == line.len() && at == last => least,
        indent if indent == line.len() && least != usize::MAX => least.max(indent),
        indent if indent == line.len() => least,
        indent => least.min(indent),
    });
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let mut stripped = Vec::new();
    for line in lines {
        stripped.extend_from_slice(line.get(least..).unwrap_or_default());
        stripped.push(b'\n');
    }
    stripped
}

#[cfg(test)]
mod tests {
    use super::super::Written;

    fn doc(text: &str, function: &str) -> Option<String> {
        let offset = text.find(function).expect("the function");
        Written::parse(text.as_bytes())
            .documentation(offset)
            .map(|doc| String::from_utf8_lossy(&doc).into_owned())
    }

    #[test]
    fn the_nearest_comment_counts() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(doc("{ hello = /** some docs */x: y: x; }", "x:"), some("some docs \n"));
        assert_eq!(doc("{ hello = /** some docs */x: y: x; }", "y:"), some("some docs \n"));
        assert_eq!(doc("{ /** outer */ f = (x: x); }", "x:"), some("outer \n"));
        assert_eq!(doc("{ /** outer */ f = /** inner */ /* plain */ x: x; }", "x:"), some("inner \n"));
        assert_eq!(doc("{ /** outer */ f = g (x: x); }", "x:"), None);
        assert_eq!(doc("{ /* plain */ f = /***/ x: x; }", "x:"), None);
    }

    #[test]
    fn indentation_goes() {
        let text = "{\n  /**\n    One\n      two\n\n    three\n  */\n  f = x: x;\n}";
        assert_eq!(doc(text, "x:").as_deref(), Some("\nOne\n  two\n\nthree\n\n"));
    }
}
