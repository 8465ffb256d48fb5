//! The tokens of strings.

use rnix::SyntaxKind::*;

use super::super::strings::{Part, indented_part, refused_null_bytes, unescape};
use super::{LexError, Lexer, Mode};

impl Lexer<'_> {
    /// The text of a `"…"` string up to an interpolation or the end.
    pub(super) fn string(&mut self) -> Result<(), LexError> {
        let text = self.text;
        let mut i = self.at;
        let end = loop {
            match memchr::memchr3(b'"', b'\\', b'$', &text[i..]) {
                None => break text.len(),
                Some(next) => i += next,
            }
            match (text[i], text.get(i + 1)) {
                (b'"', _) | (b'$', Some(b'{')) => break i,
                (b'\\', Some(_)) => i += 2,
                (b'$', Some(b'\\')) if i + 2 < text.len() => i += 3,
                (b'$', Some(c)) if !matches!(c, b'"' | b'\\') => i += 2,
                _ => i += 1,
            }
        };
        if end > self.at {
            let content = &text[self.at..end];
            if memchr::memchr(0, content).is_some() {
                return self.fail(refused_null_bytes(&unescape(content)));
            }
            self.token(TOKEN_STRING_CONTENT, end - self.at);
        }
        if self.starts_with(b"${") {
            self.token(TOKEN_INTERPOL_START, 2);
            self.push(Mode::Code { interpolation: true })?;
        } else if self.peek(0) == b'"' && self.at < self.text.len() {
            self.modes.pop();
            self.token(TOKEN_STRING_END, 1);
        }
        Ok(())
    }

    /// One token of a `''…''` string. Nix's lexer returns escapes as separate tokens, which matters for how
    /// indentation is stripped.
    pub(super) fn indented(&mut self) -> Result<(), LexError> {
        let text = self.text;
        let mut i = self.at;
        let end = loop {
            match memchr::memchr2(b'$', b'\'', &text[i..]) {
                None => break text.len(),
                Some(next) => i += next,
            }
            match (text[i], text.get(i + 1)) {
                (b'$', Some(c)) if *c != b'{' && *c != b'\'' => i += 2,
                (b'\'', Some(c)) if *c != b'\'' && *c != b'$' => i += 2,
                _ => break i,
            }
        };
        if end > self.at {
            return self.indented_content(end - self.at);
        }
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'$', b'{', _) => {
                self.token(TOKEN_INTERPOL_START, 2);
                return self.push(Mode::Code { interpolation: true });
            }
            (b'\'', b'\'', b'$' | b'\'') => self.token(TOKEN_STRING_CONTENT, 3),
            (b'\'', b'\'', b'\\') if self.at + 3 < text.len() => return self.indented_content(4),
            (b'\'', b'\'', _) => {
                self.modes.pop();
                self.token(TOKEN_STRING_END, 2);
            }
            _ => self.token(TOKEN_STRING_CONTENT, 1),
        }
        Ok(())
    }

    /// A token of an indented string that may be anything.
    fn indented_content(&mut self, len: usize) -> Result<(), LexError> {
        let content = &self.text[self.at..self.at + len];
        if memchr::memchr(0, content).is_some()
            && let Part::<()>::Text(content, _) = indented_part(content)
        {
            return self.fail(refused_null_bytes(&content));
        }
        self.token(TOKEN_STRING_CONTENT, len);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::kinds;

    #[test]
    fn indented_strings_keep_escapes_apart() {
        let got: Vec<_> = kinds("'' a''$b'''c$${x}''\\n''").into_iter().map(|t| t.1).collect();
        assert_eq!(got, ["''", " a", "''$", "b", "'''", "c$${x}", "''\\n", "''"]);
    }
}
