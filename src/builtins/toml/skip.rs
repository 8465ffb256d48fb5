//! Finds where to continue after an error. The guesses are toml11's; they decide which further errors are reported.

use super::grammar::{ARRAY_HEADER, BLANKS, NEWLINE, TABLE_HEADER};
use super::parser::Parser;
use super::scalar::Kind;

#[derive(Clone, Copy)]
enum Open {
    Array,
    Inline,
}

impl Parser<'_> {
    /// Skips comments and empty lines. (toml11 loops forever at a comment here.)
    pub(super) fn skip_comments(&mut self) {
        while !self.ended() {
            self.skip_blanks();
            if self.byte() == b'#' {
                while !self.ended() && self.byte() != b'\n' {
                    self.advance();
                }
                self.advance();
            } else if !self.skip(&NEWLINE) {
                return;
            }
        }
    }

    /// Skips to the next line that begins with a header.
    pub(super) fn skip_to_header(&mut self) {
        while !self.ended() {
            if self.byte() == b'\n' {
                self.advance();
                let line = self.at;
                let header = BLANKS.scan(self.text, line).unwrap_or(line);
                let is_header = |rule: &super::grammar::Rule| rule.scan(self.text, header).is_some();
                if is_header(&TABLE_HEADER) || is_header(&ARRAY_HEADER) {
                    return;
                }
                self.at = header;
            }
            self.advance();
        }
    }

    /// Skips the rest of a line whose key or value is wrong.
    pub(super) fn skip_key_value(&mut self) {
        while !self.ended() {
            match self.byte() {
                b'=' => {
                    self.skip_blanks();
                    self.skip_value();
                    return;
                }
                b'\n' => return,
                _ => self.advance(),
            }
        }
    }

    /// Skips what looks like a value.
    pub(super) fn skip_value(&mut self) {
        match self.guess() {
            Ok(Kind::String) => self.skip_string(),
            Ok(Kind::Array) => self.skip_containers(Open::Array),
            Ok(Kind::InlineTable) => self.skip_containers(Open::Inline),
            _ => {
                while !self.ended() && !b"\n,]}".contains(&self.byte()) {
                    self.advance();
                }
            }
        }
    }

    fn skip_string(&mut self) {
        for quotes in [b"\"\"\"", b"'''"] {
            if self.text[self.at..].starts_with(quotes) {
                let inside = self.at + 3;
                let length = self.text[inside..].windows(3).position(|window| window == quotes);
                self.at = length.map_or(self.text.len(), |length| inside + length + 3);
                return;
            }
        }
        let quote = self.byte();
        while !self.ended() {
            self.advance();
            if self.byte() == quote || self.byte() == b'\n' {
                self.advance();
                return;
            }
        }
    }

    /// Skips an array or inline table with all containers in it.
    fn skip_containers(&mut self, outermost: Open) {
        let mut open = vec![outermost];
        // Where a line was left for its beginning, and how many containers were open then.
        let mut left_at = None;
        self.advance();
        while let Some(innermost) = open.last().copied() {
            if self.ended() {
                return;
            }
            let left = match (self.byte(), innermost) {
                (b'"' | b'\'', _) => {
                    self.skip_string();
                    false
                }
                (b'#', _) => {
                    self.skip_comments();
                    matches!(innermost, Open::Inline)
                }
                (b'{', _) => {
                    open.push(Open::Inline);
                    self.advance();
                    false
                }
                (b'[', _) => {
                    let header = TABLE_HEADER.scan(self.text, self.at).is_some()
                        || ARRAY_HEADER.scan(self.text, self.at).is_some();
                    if !header {
                        open.push(Open::Array);
                        self.advance();
                    }
                    header
                }
                // A key: the bracket was not closed. Return to the start of the line.
                (b'=', Open::Array) => {
                    if left_at.is_some_and(|(at, depth)| at == self.at && depth <= open.len()) {
                        // toml11 reads the line again and again.
                        self.at = self.text.len();
                        return;
                    }
                    left_at = Some((self.at, open.len()));
                    while self.at != 0 {
                        self.at -= 1;
                        if self.byte() == b'\n' {
                            self.advance();
                            break;
                        }
                    }
                    true
                }
                (b']', Open::Array) | (b'}' | b'\n', Open::Inline) => true,
                _ => {
                    self.advance();
                    false
                }
            };
            if left {
                open.pop();
            }
        }
    }
}
