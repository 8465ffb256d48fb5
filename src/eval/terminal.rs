//! Prepares messages for standard error: like Nix, removes what would confuse a terminal.

/// A message as Nix prints it. Tabs become spaces up to the next multiple of eight columns, counted over the
/// whole message because newlines do not reset the count. Carriage returns, bells and escape sequences
/// disappear.
pub fn for_terminal(text: &[u8]) -> Vec<u8> {
    const ESCAPE: u8 = 0x1b;
    const BELL: u8 = 7;
    let mut out = Vec::with_capacity(text.len());
    if !text.iter().any(|c| matches!(*c, b'\t' | b'\r' | BELL | ESCAPE)) {
        out.extend_from_slice(text);
        return out;
    }
    let mut column = 0;
    let mut rest = text;
    while let Some((&c, after)) = rest.split_first() {
        match c {
            ESCAPE => {
                rest = &after[escape_sequence(after)..];
                continue;
            }
            b'\t' => {
                let spaces = 8 - column % 8;
                out.extend(std::iter::repeat_n(b' ', spaces));
                column += spaces;
            }
            b'\r' | BELL => {}
            _ => {
                let (len, width) = character(rest);
                out.extend_from_slice(&rest[..len]);
                column += width;
                rest = &rest[len..];
                continue;
            }
        }
        rest = after;
    }
    out
}

/// The length of the escape sequence that follows an escape character.
fn escape_sequence(text: &[u8]) -> usize {
    let take = |from: usize, wanted: fn(&u8) -> bool| text[from..].iter().take_while(|c| wanted(c)).count();
    match text.first() {
        Some(b'[') => {
            let parameters = 1 + take(1, |c| (0x30..=0x3f).contains(c));
            let intermediate = parameters + take(parameters, |c| (0x20..=0x2f).contains(c));
            intermediate + usize::from(text.get(intermediate).is_some_and(|c| (0x40..=0x7e).contains(c)))
        }
        Some(b']') => {
            let end = 1 + take(1, |c| !matches!(c, 7 | 0x1b));
            match &text[end..] {
                [] => end,
                [0x1b, b'\\', ..] => end + 2,
                _ => end + 1,
            }
        }
        Some(0x40..=0x5f) => 1,
        _ => 0,
    }
}

/// The length in bytes and the width in columns of the first character.
fn character(text: &[u8]) -> (usize, usize) {
    let len = match text[0] {
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf8 => 4,
        _ => 1,
    };
    let valid = text.get(..len).and_then(|c| std::str::from_utf8(c).ok()).and_then(|s| s.chars().next());
    match valid {
        Some(c) => (len, width(c)),
        None => (1, 1),
    }
}

fn width(c: char) -> usize {
    match c as u32 {
        0..0x20 | 0x7f..0xa0 | 0x300..0x370 | 0x200b..0x2010 | 0xfe00..0xfe10 => 0,
        0x1100..0x1160
        | 0x2e80..0xa4d0
        | 0xac00..0xd7a4
        | 0xf900..0xfb00
        | 0xfe30..0xfe70
        | 0xff00..0xff61
        | 0x1f300..0x1fb00
        | 0x20000..0x3fffe => 2,
        _ => 1,
    }
}

/// The characters trimmed from the ends of lines.
pub const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Puts `prefix` before the first line of a text and indents the other lines by its width. Trims the end of
/// each line and of the whole.
pub fn indent(prefix: &str, text: &str) -> String {
    let mut out = String::with_capacity(prefix.len() + text.len());
    for (i, line) in text.trim_end_matches(BLANKS).split('\n').enumerate() {
        let start = if i == 0 { prefix.to_owned() } else { " ".repeat(prefix.len()) };
        if i > 0 {
            out.push('\n');
        }
        out.push_str((start + line).trim_end_matches(BLANKS));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output of Nix 2.34.8: `nix-instantiate --eval -E` of `throw` with these texts.
    #[test]
    fn messages_are_made_plain() {
        let text = |s: &str| String::from_utf8_lossy(&for_terminal(s.as_bytes())).into_owned();
        assert_eq!(text("error: tab\there"), "error: tab      here");
        assert_eq!(text("a\tb\rc\u{7}d"), "a       bcd");
        assert_eq!(text("ab\nc\td"), "ab\nc     d");
        assert_eq!(text("\u{1b}[31;1mred\u{1b}[0m \u{1b}]8;;x\u{7}link\u{1b}]8;;\u{1b}\\."), "red link.");
        assert_eq!(text("\u{1b}"), "");
        assert_eq!(indent("error: ", "a  \n\nb\n \n"), "error: a\n\n       b");
    }
}
