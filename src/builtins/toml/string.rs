//! Strings and keys.

use super::grammar::{
    BARE_KEY, BASIC_STRING, DOT, ESCAPED_NEWLINE, LITERAL_STRING, LONG_BASIC_STRING, LONG_LITERAL_STRING,
    Rule,
};
use super::parser::{Keys, Parsed, Parser};
use super::report::{Region, Report};
use super::tree::{Id, Value};

impl Parser<'_> {
    /// A string value.
    pub(super) fn string(&mut self) -> Parsed<Id> {
        let first = self.at;
        let rest = &self.text[first..];
        let string = if rest.starts_with(b"\"\"\"") {
            self.quoted("toml::parse_ml_basic_string", &LONG_BASIC_STRING, 3)
                .and_then(|inside| unescape(after_newline(inside)))
        } else if rest.starts_with(b"'''") {
            self.quoted("toml::parse_ml_literal_string", &LONG_LITERAL_STRING, 3)
                .map(|inside| after_newline(inside).to_vec())
        } else {
            self.short_string()
        }?;
        Ok(self.tree.add(Value::String(string), Region::new(first, self.at)))
    }

    fn short_string(&mut self) -> Parsed<Vec<u8>> {
        if self.byte() == b'"' {
            self.quoted("toml::parse_basic_string", &BASIC_STRING, 1).and_then(unescape)
        } else {
            self.quoted("toml::parse_literal_string", &LITERAL_STRING, 1).map(<[u8]>::to_vec)
        }
    }

    /// The text between quotes of `quotes` bytes each.
    fn quoted(&mut self, title: &str, rule: &Rule, quotes: usize) -> Parsed<&[u8]> {
        let first = self.at;
        if !self.skip(rule) {
            return Err(self.unlike(&format!("{title}: invalid string format"), rule));
        }
        Ok(&self.text[first + quotes..self.at - quotes])
    }

    /// Reads dotted keys.
    pub(super) fn keys(&mut self) -> Parsed<Keys> {
        let first = self.at;
        let mut keys = Vec::new();
        while !self.ended() {
            keys.push(self.key()?);
            if !self.skip(&DOT) {
                break;
            }
        }
        if keys.is_empty() {
            return Err(self.wrong("toml::parse_key: expected a new key, but got nothing", "reached EOF"));
        }
        Ok((keys, Region::new(first, self.at)))
    }

    fn key(&mut self) -> Parsed<Vec<u8>> {
        if let b'"' | b'\'' = self.byte() {
            return self.short_string();
        }
        let first = self.at;
        if self.skip(&BARE_KEY) {
            return Ok(self.text[first..self.at].to_vec());
        }
        let title =
            "toml::parse_simple_key: invalid key: key must be \"quoted\", 'quoted-literal', or bare key.";
        Err(self
            .unlike(title, &BARE_KEY)
            .hint("Hint: non-ASCII scripts are allowed in toml v1.1.0, but not in v1.0.0.\n"))
    }
}

/// Removes the line end that may follow opening triple quotes.
fn after_newline(inside: &[u8]) -> &[u8] {
    inside.strip_prefix(b"\n").or_else(|| inside.strip_prefix(b"\r\n")).unwrap_or(inside)
}

/// Resolves escapes. The grammar has checked their form, but not the characters they denote.
fn unescape(mut rest: &[u8]) -> Parsed<Vec<u8>> {
    let mut string = Vec::with_capacity(rest.len());
    while let Some(plain) = rest.iter().position(|&byte| byte == b'\\') {
        string.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        if let Some(end) = ESCAPED_NEWLINE.scan(rest, 0) {
            rest = &rest[end..];
            continue;
        }
        let letter = rest.get(1).copied().unwrap_or(b'\\');
        let length = match letter {
            b'u' => 6,
            b'U' => 10,
            _ => 2,
        };
        if length == 2 {
            string.push(match letter {
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => other,
            });
        } else {
            let character = code_point(rest, length)?;
            string.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    string.extend_from_slice(rest);
    Ok(string)
}

fn code_point(escape: &[u8], length: usize) -> Parsed<char> {
    let digits = escape.get(2..length).unwrap_or_default().iter();
    let code =
        digits.filter_map(|&byte| char::from(byte).to_digit(16)).fold(0_u32, |code, digit| code << 4 | digit);
    let wrong = |title: &str, note: &str| Report::new(title, Region::new(1, length), note).in_escape(escape);
    char::from_u32(code).ok_or_else(|| match code {
        0..=0xffff => wrong("toml::parse_utf8_codepoint: [0xD800, 0xDFFF] is not a valid UTF-8", "here"),
        _ => wrong(
            "toml::parse_utf8_codepoint: input codepoint is too large.",
            "must be in range [0x00, 0x10FFFF]",
        ),
    })
}
