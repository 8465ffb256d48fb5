//! Converts JSON to a Nix expression.

use crate::syntax::{quote, show_name};

/// The Nix expression for a JSON text, on several lines with two spaces of indentation per level.
pub fn nix_from_json(json: &[u8]) -> Vec<u8> {
    let mut writer = Writer { json, at: 0, out: Vec::with_capacity(json.len() * 2), open: Vec::new() };
    writer.run();
    writer.out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Set,
    List,
}

struct Writer<'a> {
    json: &'a [u8],
    at: usize,
    out: Vec<u8>,
    open: Vec<Open>,
}

impl Writer<'_> {
    fn line(&mut self) {
        self.out.push(b'\n');
        self.out.extend(std::iter::repeat_n(b' ', 2 * self.open.len()));
    }

    fn next(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn run(&mut self) {
        // Whether a key comes next. The text is well-formed because nival wrote it.
        let mut key = false;
        while let Some(c) = self.next() {
            match c {
                b'{' | b'[' => {
                    let open = if c == b'{' { Open::Set } else { Open::List };
                    self.at += 1;
                    self.out.push(c);
                    if matches!(self.next(), Some(b'}' | b']')) {
                        self.out.extend_from_slice(if c == b'{' { b" }" } else { b" ]" });
                        self.at += 1;
                        self.value_ends();
                        continue;
                    }
                    self.open.push(open);
                    self.line();
                    key = open == Open::Set;
                }
                b'}' | b']' => {
                    self.at += 1;
                    self.open.pop();
                    self.line();
                    self.out.push(c);
                    self.value_ends();
                }
                b',' => {
                    self.at += 1;
                    self.line();
                    key = self.open.last() == Some(&Open::Set);
                }
                b'"' => {
                    let text = self.string();
                    if key {
                        self.out.extend(show_name(&text));
                        self.out.extend_from_slice(b" = ");
                        // The colon.
                        self.at += 1;
                        key = false;
                    } else {
                        self.out.extend(quote(&text));
                        self.value_ends();
                    }
                }
                _ => {
                    let rest = &self.json[self.at..];
                    let len = rest.iter().position(|c| b",]}".contains(c)).unwrap_or(rest.len());
                    let negative_item = self.open.last() == Some(&Open::List) && c == b'-';
                    let (before, after): (&[u8], &[u8]) =
                        if negative_item { (b"(", b")") } else { (b"", b"") };
                    self.out.extend_from_slice(before);
                    self.out.extend_from_slice(&rest[..len]);
                    self.out.extend_from_slice(after);
                    self.at += len;
                    self.value_ends();
                }
            }
        }
    }

    fn value_ends(&mut self) {
        if self.open.last() == Some(&Open::Set) {
            self.out.push(b';');
        }
    }

    /// Parses the string literal at this position and moves behind it.
    fn string(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        self.at += 1;
        while let Some(c) = self.next() {
            self.at += 1;
            match c {
                b'"' => break,
                b'\\' => {
                    let escape = self.next().unwrap_or(b'\\');
                    self.at += 1;
                    match escape {
                        b'n' => text.push(b'\n'),
                        b'r' => text.push(b'\r'),
                        b't' => text.push(b'\t'),
                        b'b' => text.push(8),
                        b'f' => text.push(12),
                        b'u' => {
                            let digits = self.json.get(self.at..self.at + 4).unwrap_or_default();
                            let code =
                                std::str::from_utf8(digits).ok().and_then(|d| u8::from_str_radix(d, 16).ok());
                            text.push(code.unwrap_or(b'?'));
                            self.at += 4;
                        }
                        c => text.push(c),
                    }
                }
                c => text.push(c),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_nix() {
        let json = br#"{"a":[1,-2,{}],"b c":"x\n${y}","d":{"e":null}}"#;
        let expected = "{\n  a = [\n    1\n    (-2)\n    { }\n  ];\n  \"b c\" = \"x\\n\\${y}\";\n  d = {\n    e = null;\n  };\n}";
        assert_eq!(String::from_utf8_lossy(&nix_from_json(json)), expected);
    }
}
