//! The contents of string literals: escapes and the indentation of `''…''` strings.

use std::borrow::Cow;

use crate::host::shown;

/// A part of a string literal before indentation is stripped.
pub enum Part<'a, T> {
    /// Text; `true` when its line starts count as indentation (escapes do not).
    Text(Cow<'a, [u8]>, bool),
    /// An interpolation.
    Expr(T),
}

/// Resolves backslash escapes and turns `\r` and `\r\n` into `\n`, as Nix does in `"…"` strings.
pub fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr2(b'\\', b'\r', text) else {
        return text.into();
    };
    let mut out = Vec::with_capacity(text.len());
    out.extend_from_slice(&text[..first]);
    let mut i = first;
    while i < text.len() {
        let c = text[i];
        i += 1;
        match c {
            b'\\' if i < text.len() => {
                out.push(match text[i] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    c => c,
                });
                i += 1;
            }
            b'\r' => {
                out.push(b'\n');
                if text.get(i) == Some(&b'\n') {
                    i += 1;
                }
            }
            c => out.push(c),
        }
    }
    out.into()
}

/// The error for a text with bytes that strings cannot contain.
pub fn refused_null_bytes(text: &[u8]) -> String {
    let shown = shown(text).replace('\0', "␀");
    format!("input string '{shown}' cannot be represented as Nix string because it contains null bytes")
}

/// One token of an indented string as a part: escapes are tokens of their own.
pub fn indented_part<T>(token: &[u8]) -> Part<'_, T> {
    match token {
        b"''$" | b"$" => Part::Text(b"$".into(), false),
        b"'''" => Part::Text(b"''".into(), false),
        b"'" => Part::Text(b"'".into(), false),
        [b'\'', b'\'', escape @ ..] => Part::Text(unescape(escape), false),
        text => Part::Text(text.into(), true),
    }
}

/// Strips the indentation that all lines share. Only spaces count as indentation. Lines of nothing but spaces
/// are ignored, and so is the last line if it is blank. Returns the remaining parts without empty texts.
pub fn strip_indentation<T>(parts: Vec<Part<'_, T>>) -> Vec<Part<'_, T>> {
    let mut stripper = Stripper { indent: shared_indentation(&parts), at_start: true, dropped: 0 };
    let mut out = Vec::with_capacity(parts.len());
    let count = parts.len();
    for (i, part) in parts.into_iter().enumerate() {
        let text = match part {
            Part::Expr(e) => {
                stripper.at_start = false;
                stripper.dropped = 0;
                out.push(Part::Expr(e));
                continue;
            }
            Part::Text(text, _) => text,
        };
        let mut kept = stripper.strip(&text);
        if i + 1 == count
            && let Some(newline) = memchr::memrchr(b'\n', &kept)
            && kept[newline + 1..].iter().all(|&c| c == b' ')
        {
            kept.truncate(newline + 1);
        }
        if !kept.is_empty() {
            out.push(Part::Text(kept.into(), false));
        }
    }
    out
}

struct Stripper {
    /// The number of spaces to remove from the start of each line.
    indent: usize,
    /// Whether this line has only spaces so far, and how many of them were dropped.
    at_start: bool,
    dropped: usize,
}

impl Stripper {
    fn strip(&mut self, text: &[u8]) -> Vec<u8> {
        let mut kept = Vec::with_capacity(text.len());
        let mut rest = text;
        loop {
            if self.at_start {
                let spaces = leading_spaces(rest);
                let gone = spaces.min(self.indent.saturating_sub(self.dropped));
                self.dropped += spaces;
                kept.extend_from_slice(&rest[gone..spaces]);
                rest = &rest[spaces..];
                if rest.is_empty() {
                    return kept;
                }
                self.dropped = 0;
            }
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            self.at_start = rest[..line].ends_with(b"\n");
            kept.extend_from_slice(&rest[..line]);
            rest = &rest[line..];
            if rest.is_empty() {
                return kept;
            }
        }
    }
}

fn leading_spaces(text: &[u8]) -> usize {
    text.iter().position(|c| *c != b' ').unwrap_or(text.len())
}

fn shared_indentation<T>(parts: &[Part<'_, T>]) -> usize {
    let mut smallest = 1_000_000;
    let mut at_start = true;
    let mut current = 0;
    for part in parts {
        let Part::Text(text, true) = part else {
            if at_start {
                at_start = false;
                smallest = smallest.min(current);
            }
            continue;
        };
        let mut rest = &text[..];
        while !rest.is_empty() {
            if at_start {
                let spaces = leading_spaces(rest);
                current += spaces;
                rest = &rest[spaces..];
                match rest.first() {
                    None => break,
                    Some(b'\n') => {}
                    Some(_) => smallest = smallest.min(current),
                }
            }
            match memchr::memchr(b'\n', rest) {
                Some(end) => {
                    at_start = true;
                    current = 0;
                    rest = &rest[end + 1..];
                }
                None => {
                    at_start = false;
                    break;
                }
            }
        }
    }
    smallest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(text: &str) -> String {
        let parts: Vec<Part<'_, ()>> = vec![Part::Text(text.as_bytes().into(), true)];
        strip_indentation(parts)
            .into_iter()
            .map(|p| match p {
                Part::Text(t, _) => String::from_utf8_lossy(&t).into_owned(),
                Part::Expr(()) => String::new(),
            })
            .collect()
    }

    #[test]
    fn indentation_that_all_lines_share_goes() {
        assert_eq!(strip("  a\n    b\n  "), "a\n  b\n");
        assert_eq!(strip("  a\n\n \n  b"), "a\n\n\nb");
        assert_eq!(strip("\ta\n b"), "\ta\n b");
    }

    #[test]
    fn escapes_and_carriage_returns() {
        assert_eq!(unescape(b"a\\n\\$\\x\r\nb\rc")[..], b"a\n$x\nb\nc"[..]);
    }
}
