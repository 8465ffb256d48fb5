//! The contents of string literals: escapes and the indentation of `''…''` strings.

/// A part of a string literal before indentation is stripped.
pub enum Part<T> {
    /// Text; `true` when its line starts count as indentation (escapes do not).
    Text(Vec<u8>, bool),
    /// An interpolation.
    Expr(T),
}

/// Resolves backslash escapes and turns `\r` and `\r\n` into `\n`, as Nix does in `"…"` strings.
pub fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
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
    out
}

/// One token of an indented string as a part: escapes are tokens of their own.
pub fn indented_part<T>(token: &[u8]) -> Part<T> {
    match token {
        b"''$" | b"$" => Part::Text(b"$".to_vec(), false),
        b"'''" => Part::Text(b"''".to_vec(), false),
        b"'" => Part::Text(b"'".to_vec(), false),
        [b'\'', b'\'', escape @ ..] => Part::Text(unescape(escape), false),
        text => Part::Text(text.to_vec(), true),
    }
}

/// Strips the indentation that all lines share. Only spaces count; lines of nothing but spaces do not, nor does the
/// last line if it is blank. Returns the remaining parts; empty texts are dropped.
pub fn strip_indentation<T>(parts: Vec<Part<T>>) -> Vec<Part<T>> {
    let indent = shared_indentation(&parts);
    let mut out = Vec::with_capacity(parts.len());
    let mut at_start = true;
    let mut dropped = 0;
    let count = parts.len();
    for (i, part) in parts.into_iter().enumerate() {
        let text = match part {
            Part::Expr(e) => {
                at_start = false;
                dropped = 0;
                out.push(Part::Expr(e));
                continue;
            }
            Part::Text(text, _) => text,
        };
        let mut kept = Vec::with_capacity(text.len());
        for c in text {
            if at_start {
                match c {
                    b' ' => {
                        dropped += 1;
                        if dropped > indent {
                            kept.push(c);
                        }
                        continue;
                    }
                    b'\n' => dropped = 0,
                    _ => {
                        at_start = false;
                        dropped = 0;
                    }
                }
            } else if c == b'\n' {
                at_start = true;
            }
            kept.push(c);
        }
        if i + 1 == count
            && let Some(newline) = kept.iter().rposition(|&c| c == b'\n')
            && kept[newline + 1..].iter().all(|&c| c == b' ')
        {
            kept.truncate(newline + 1);
        }
        if !kept.is_empty() {
            out.push(Part::Text(kept, false));
        }
    }
    out
}

fn shared_indentation<T>(parts: &[Part<T>]) -> usize {
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
        for &c in text {
            match c {
                b' ' if at_start => current += 1,
                b'\n' => {
                    at_start = true;
                    current = 0;
                }
                _ if at_start => {
                    at_start = false;
                    smallest = smallest.min(current);
                }
                _ => {}
            }
        }
    }
    smallest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(text: &str) -> String {
        let parts: Vec<Part<()>> = vec![Part::Text(text.as_bytes().to_vec(), true)];
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
        assert_eq!(unescape(b"a\\n\\$\\x\r\nb\rc"), b"a\n$x\nb\nc");
    }
}
