//! The tokens of path literals.

use rnix::SyntaxKind::{self, *};

use super::{LexError, Lexer, Mode, class};

impl Lexer<'_> {
    /// The length of `PATH_CHAR*`, one or more `/PATH_CHAR+`, and perhaps a last slash; 0 if there is no such
    /// path.
    pub(super) fn path_len(&self, from: usize) -> usize {
        let text = self.text;
        let mut end = from + self.path_run_len(from);
        let mut parts = 0;
        while text.get(end) == Some(&b'/') {
            let run = self.run_len(end + 1, class::PATH);
            if run == 0 {
                break;
            }
            end += 1 + run;
            parts += 1;
        }
        if parts == 0 {
            return 0;
        }
        if text.get(end) == Some(&b'/') {
            end += 1;
        }
        end - from
    }

    pub(super) fn search_path_len(&self) -> usize {
        let mut end = self.at + 1;
        loop {
            let run = self.run_len(end, class::PATH);
            if run == 0 {
                return 0;
            }
            end += run;
            match self.text.get(end) {
                Some(b'/') => end += 1,
                Some(b'>') => return end + 1 - self.at,
                _ => return 0,
            }
        }
    }

    /// After a path's first token: interpolations and further parts, up to something that is not a path
    /// character.
    pub(super) fn path_part(
        &mut self,
        kind: SyntaxKind,
        slash: bool,
        interpolated: bool,
    ) -> Result<(), LexError> {
        if self.starts_with(b"${") {
            self.modes.pop();
            self.modes.push(Mode::Path { kind, slash: false, interpolated });
            self.token(TOKEN_INTERPOL_START, 2);
            return self.push(Mode::Code { interpolation: true });
        }
        let len = self.path_part_len(self.at);
        if len > 0 {
            let slash = self.text[self.at + len - 1] == b'/';
            self.token_as(kind, len, Some(""));
            if !interpolated {
                return self.unfinished_path(slash);
            }
            self.modes.pop();
            self.modes.push(Mode::Path { kind, slash, interpolated });
            return Ok(());
        }
        if slash {
            return Err(self.trailing_slash());
        }
        self.modes.pop();
        if self.at == self.text.len() {
            // Nix's lexer notices the end of a path by what follows it. Without that it steps back too far.
            self.end = self.tokens.last().map(|t| t.start as usize);
        }
        if interpolated && let Some(skeleton) = &mut self.skeleton {
            skeleton.more("\" ");
        }
        Ok(())
    }

    /// The length of a further part of a path.
    pub(super) fn path_part_len(&self, from: usize) -> usize {
        let run = self.run_len(from, class::PATH);
        let segment = if self.text.get(from + run) == Some(&b'/') { run + 1 } else { run };
        self.path_len(from).max(segment)
    }

    /// The error for a path with a second part that no interpolation follows.
    #[cold]
    fn unfinished_path(&self, slash: bool) -> Result<(), LexError> {
        let error = |what, at| {
            Err(LexError { message: format!("syntax error, unexpected {what}, expecting '${{'"), at })
        };
        if self.path_part_len(self.at) > 0 {
            return error("string", self.at);
        }
        if slash {
            return Err(self.trailing_slash());
        }
        let back = if self.at == self.text.len() { 2 } else { 1 };
        let token = self.tokens.len().checked_sub(back).and_then(|i| self.tokens.get(i));
        error("end of path", token.map_or(self.at, |t| t.start as usize))
    }

    #[cold]
    fn trailing_slash(&self) -> LexError {
        let at = match self.tokens.last() {
            Some(last) if self.at == self.text.len() => last.start as usize,
            _ => self.at,
        };
        LexError { message: "path has a trailing slash".to_owned(), at }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{tests::only, tokenize};
    use super::*;

    #[test]
    fn paths_with_interpolations() {
        let got = only("./a${b}c/d e");
        assert_eq!(
            got,
            [
                TOKEN_PATH_REL,
                TOKEN_INTERPOL_START,
                TOKEN_IDENT,
                TOKEN_INTERPOL_END,
                TOKEN_PATH_REL,
                TOKEN_IDENT
            ]
        );
        let bad = tokenize(b"./a/ x", false);
        assert_eq!(bad.error.map(|e| e.message).as_deref(), Some("path has a trailing slash"));
    }

    #[test]
    fn paths_with_slashes_too_many() {
        let first = |text: &str| tokenize(text.as_bytes(), false).error.map(|e| (e.message, e.at));
        assert_eq!(first("./a//${b}"), None);
        let unexpected = |what| format!("syntax error, unexpected {what}, expecting '${{'");
        assert_eq!(first("./a//b"), Some((unexpected("end of path"), 0)));
        assert_eq!(first("./a//b x"), Some((unexpected("end of path"), 4)));
        assert_eq!(first("./a///${b}"), Some((unexpected("string"), 5)));
        assert_eq!(first("./a/${b}/"), Some(("path has a trailing slash".to_owned(), 8)));
        assert_eq!(tokenize(b"[ ./a", false).end, 2);
    }
}
