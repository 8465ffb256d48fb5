//! Nix's token grammar: longest match over bytes, and the modes of strings and paths.
//!
//! rnix has its own tokenizer, but it accepts and refuses other inputs than Nix does (paths, URIs, floats,
//! lone carriage returns, bytes that are not UTF-8). For rnix, the tokens found here are written out again as
//! a [`Skeleton`].

mod paths;
mod strings;

use std::cell::Cell;

use rnix::SyntaxKind::{self, *};

use super::skeleton::Skeleton;

/// How deep brackets, prefix operators and the like may nest in texts for rnix, which recurses on them.
const MAX_NESTING: usize = 512;

/// The most operators and brackets of one text; rnix recurses on chains of some. No real file has a tenth of
/// it.
const MAX_OPERATORS: usize = 2_000_000;

/// A token: its kind and the byte range it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// rnix's kind.
    pub kind: SyntaxKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Why and where the text cannot be split into tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexError {
    /// Nix's message.
    pub message: String,
    /// Byte offset.
    pub at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Ordinary code; `interpolation` says which token closes it.
    Code {
        interpolation: bool,
    },
    Text,
    Indented,
    /// Inside a path literal, after its first token.
    Path {
        kind: SyntaxKind,
        slash: bool,
        interpolated: bool,
    },
}

/// The result of [`tokenize`]: the tokens up to the end or up to the first error.
pub struct Lexed {
    /// All tokens before the error, if any; no white space or comments.
    pub tokens: Vec<Token>,
    /// The first error.
    pub error: Option<LexError>,
    /// Where messages put the end of the text.
    pub end: usize,
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    modes: Vec<Mode>,
    tokens: Vec<Token>,
    skeleton: Option<Skeleton>,
    /// Where messages put the end of the text, if not at its last byte.
    end: Option<usize>,
    /// Prefix operators directly before this point.
    prefixes: usize,
    /// Open parentheses and square brackets.
    brackets: usize,
    /// Operators so far.
    operators: usize,
    /// The last run of path characters that was examined, and the part of it that a URI's scheme may contain.
    /// `1+1+1+…` is one run, which must not be walked again for each of its tokens.
    path_run: Cell<Run>,
    scheme_run: Cell<Run>,
    pipes: bool,
}

/// A stretch of the text.
#[derive(Clone, Copy, Default)]
struct Run {
    start: usize,
    end: usize,
}

/// Splits `text` into tokens as Nix's lexer does. `pipes` enables the experimental pipe operators.
pub fn tokenize(text: &[u8], pipes: bool) -> Lexed {
    run(text, pipes, None).0
}

/// Splits `text` into tokens, and writes them out for rnix.
pub fn tokenize_for_rnix(text: &[u8], pipes: bool) -> (Lexed, Skeleton) {
    let (lexed, skeleton) = run(text, pipes, Some(Skeleton::default()));
    (lexed, skeleton.unwrap_or_default())
}

fn run(text: &[u8], pipes: bool, skeleton: Option<Skeleton>) -> (Lexed, Option<Skeleton>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        modes: vec![Mode::Code { interpolation: false }],
        tokens: Vec::with_capacity(text.len() / 6),
        skeleton,
        end: None,
        prefixes: 0,
        brackets: 0,
        operators: 0,
        path_run: Cell::default(),
        scheme_run: Cell::default(),
        pipes,
    };
    let error = lexer.run().err();
    let end = lexer.end.unwrap_or(text.len());
    (Lexed { tokens: lexer.tokens, error, end }, lexer.skeleton)
}

/// What a byte can be part of, as bits.
mod class {
    pub(super) const SPACE: u8 = 1;
    /// Names and their first bytes.
    pub(super) const NAME: u8 = 2;
    pub(super) const NAME_START: u8 = 4;
    pub(super) const PATH: u8 = 8;
    pub(super) const SCHEME: u8 = 16;
    pub(super) const URI: u8 = 32;
    pub(super) const DIGIT: u8 = 64;
}

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let c = i as u8;
        let mut bits = 0;
        if matches!(c, b' ' | b'\t' | b'\r' | b'\n') {
            bits |= class::SPACE;
        }
        if c.is_ascii_alphanumeric() {
            bits |= class::NAME | class::PATH | class::SCHEME | class::URI;
        }
        if c.is_ascii_alphabetic() || c == b'_' {
            bits |= class::NAME_START;
        }
        if c.is_ascii_digit() {
            bits |= class::DIGIT;
        }
        if matches!(c, b'_' | b'\'' | b'-') {
            bits |= class::NAME;
        }
        if matches!(c, b'.' | b'_' | b'-' | b'+') {
            bits |= class::PATH;
        }
        if matches!(c, b'+' | b'-' | b'.') {
            bits |= class::SCHEME;
        }
        if matches!(
            c,
            b'%' | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'-'
                | b'_'
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
        ) {
            bits |= class::URI;
        }
        table[i] = bits;
        i += 1;
    }
    table
}

fn is(c: u8, class: u8) -> bool {
    CLASSES[c as usize] & class != 0
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), LexError> {
        while self.at < self.text.len() || matches!(self.modes.last(), Some(Mode::Path { .. })) {
            match self.modes.last() {
                Some(Mode::Text) => self.string()?,
                Some(Mode::Indented) => self.indented()?,
                Some(&Mode::Path { kind, slash, interpolated }) => {
                    self.path_part(kind, slash, interpolated)?
                }
                _ => self.code()?,
            }
        }
        Ok(())
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, LexError> {
        Err(LexError { message: message.into(), at: self.at })
    }

    /// Adds a token.
    fn token(&mut self, kind: SyntaxKind, len: usize) {
        self.token_as(kind, len, None);
    }

    /// Adds a token whose kind does not determine its plain form.
    fn token_as(&mut self, kind: SyntaxKind, len: usize, plain: Option<&str>) {
        let end = self.at + len;
        if let Some(skeleton) = &mut self.skeleton {
            let plain = match kind {
                TOKEN_IDENT if &self.text[self.at..end] == b"__curPos" => "__curPos ",
                kind => plain.unwrap_or_else(|| Skeleton::plain(kind)),
            };
            // Inside a string there is no place for a comment.
            let in_string =
                matches!(self.modes.last(), Some(Mode::Text | Mode::Indented | Mode::Path { .. }));
            skeleton.token(kind, plain, in_string);
        }
        self.tokens.push(Token { kind, start: self.at as u32, end: end as u32 });
        self.at = end;
    }

    fn push(&mut self, mode: Mode) -> Result<(), LexError> {
        self.limit_nesting(self.modes.len())?;
        self.modes.push(mode);
        Ok(())
    }

    fn limit_nesting(&self, levels: usize) -> Result<(), LexError> {
        match self.skeleton {
            Some(_) if levels > MAX_NESTING => self.fail(too_deep()),
            _ => Ok(()),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts_with(&self, what: &[u8]) -> bool {
        self.text[self.at..].starts_with(what)
    }

    /// Length of the run of bytes of a class from `from`.
    fn run_len(&self, from: usize, class: u8) -> usize {
        let rest = &self.text[from..];
        rest.iter().position(|c| !is(*c, class)).unwrap_or(rest.len())
    }

    /// Length of the run of path characters from `from`.
    fn path_run_len(&self, from: usize) -> usize {
        self.remembered_run(&self.path_run, from, class::PATH)
    }

    fn remembered_run(&self, memory: &Cell<Run>, from: usize, class: u8) -> usize {
        let mut run = memory.get();
        if !(run.start..run.end).contains(&from) {
            run = Run { start: from, end: from + self.run_len(from, class) };
            memory.set(run);
        }
        run.end - from
    }

    /// Tokens of ordinary code, until another mode begins.
    fn code(&mut self) -> Result<(), LexError> {
        let modes = self.modes.len();
        while let Some(&c) = self.text.get(self.at)
            && self.modes.len() == modes
        {
            if is(c, class::SPACE) {
                self.at += self.run_len(self.at, class::SPACE);
            } else if is(c, class::NAME_START) {
                let len = self.run_len(self.at, class::NAME);
                match self.text.get(self.at + len) {
                    Some(b'.' | b'+' | b'/' | b':') if self.may_be_more_than_a_name() => {
                        let (kind, len) = self.longest_word();
                        self.word(kind, len)?;
                    }
                    _ => self.word(TOKEN_IDENT, len)?,
                }
            } else if c == b'#' {
                let rest = &self.text[self.at..];
                self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else if c == b'/' && self.peek(1) == b'*' && self.skip_comment() {
            } else if is(c, class::PATH) || matches!(c, b'/' | b'~' | b'<') {
                match self.longest_word() {
                    (_, 0) => self.symbol(c)?,
                    (kind, len) => self.word(kind, len)?,
                }
            } else if c == 0 {
                // Nix's parser takes the byte for the end of the text.
                self.text = &self.text[..self.at];
                self.end = Some(self.at + 1);
            } else {
                self.symbol(c)?;
            }
        }
        Ok(())
    }

    /// Whether the name at this point may begin a path or URI, which are runs of path characters up to a
    /// slash or colon.
    fn may_be_more_than_a_name(&self) -> bool {
        let run = self.path_run_len(self.at);
        matches!(self.text.get(self.at + run), Some(b'/' | b':'))
    }

    /// Skips the comment that begins here; returns false if it does not end.
    fn skip_comment(&mut self) -> bool {
        let end = memchr::memmem::find(&self.text[self.at + 2..], b"*/");
        if let Some(len) = end {
            self.at += len + 4;
        }
        end.is_some()
    }

    /// The longest of identifier, number, path, search path and URI at this point. Of two equally long ones,
    /// the one that Nix's lexer lists first wins.
    fn longest_word(&self) -> (SyntaxKind, usize) {
        let text = self.text;
        let at = self.at;
        let c = self.peek(0);
        let mut best = (TOKEN_ERROR, 0);
        let mut offer = |kind, len| {
            if len > best.1 {
                best = (kind, len);
            }
        };
        if is(c, class::NAME_START) {
            offer(TOKEN_IDENT, self.run_len(at, class::NAME));
        }
        if is(c, class::DIGIT) {
            offer(TOKEN_INTEGER, self.run_len(at, class::DIGIT));
        }
        if is(c, class::DIGIT) || c == b'.' {
            offer(TOKEN_FLOAT, self.float_len());
        }
        if is(c, class::PATH) || c == b'/' {
            let run = self.path_run_len(at);
            if text[at + run..].starts_with(b"/${") {
                offer(TOKEN_PATH_REL, run + 3);
            }
            offer(TOKEN_PATH_REL, self.path_len(at));
        }
        if c == b'~' {
            if self.starts_with(b"~/${") {
                offer(TOKEN_PATH_HOME, 4);
            }
            let len = self.path_len(at + 1);
            if len > 0 && self.peek(1) == b'/' {
                offer(TOKEN_PATH_HOME, len + 1);
            }
        }
        if c == b'<' {
            offer(TOKEN_PATH_SEARCH, self.search_path_len());
        }
        if c.is_ascii_alphabetic() {
            let scheme = self.remembered_run(&self.scheme_run, at, class::SCHEME);
            if text.get(at + scheme) == Some(&b':') {
                let rest = self.run_len(at + scheme + 1, class::URI);
                if rest > 0 {
                    offer(TOKEN_URI, scheme + 1 + rest);
                }
            }
        }
        // Operators of three and two bytes that begin with a path character.
        if self.starts_with(b"...") {
            if best.1 <= 3 {
                best = (TOKEN_ERROR, 0);
            }
        } else if (self.starts_with(b"->") || self.starts_with(b"++") || self.starts_with(b"//"))
            && best.1 <= 2
        {
            best = (TOKEN_ERROR, 0);
        }
        best
    }

    /// `[1-9][0-9]*\.[0-9]*` or `0?\.[0-9]+`, each with an optional exponent.
    fn float_len(&self) -> usize {
        let digits = |from| self.run_len(from, class::DIGIT);
        let at = self.at;
        let before = digits(at);
        if self.text.get(at + before) != Some(&b'.') {
            return 0;
        }
        let after = digits(at + before + 1);
        let ok = match self.peek(0) {
            b'.' => after > 0,
            b'0' => before == 1 && after > 0,
            _ => true,
        };
        if !ok {
            return 0;
        }
        let mut end = at + before + 1 + after;
        if matches!(self.text.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.text.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > 0 {
                end += 1 + sign + exponent;
            }
        }
        end - at
    }

    fn word(&mut self, kind: SyntaxKind, len: usize) -> Result<(), LexError> {
        self.prefixes = 0;
        match kind {
            TOKEN_IDENT => {
                let kind = match &self.text[self.at..self.at + len] {
                    b"assert" => TOKEN_ASSERT,
                    b"else" => TOKEN_ELSE,
                    b"if" => TOKEN_IF,
                    b"in" => TOKEN_IN,
                    b"inherit" => TOKEN_INHERIT,
                    b"let" => TOKEN_LET,
                    b"or" => TOKEN_OR,
                    b"rec" => TOKEN_REC,
                    b"then" => TOKEN_THEN,
                    b"with" => TOKEN_WITH,
                    _ => TOKEN_IDENT,
                };
                self.token(kind, len);
            }
            TOKEN_PATH_REL | TOKEN_PATH_HOME => {
                let interpolated = self.text[self.at..self.at + len].ends_with(b"${");
                let kind = match (kind, self.peek(0)) {
                    (TOKEN_PATH_REL, b'/') => TOKEN_PATH_ABS,
                    (kind, _) => kind,
                };
                let len = if interpolated { len - 2 } else { len };
                let slash = self.text[self.at + len - 1] == b'/';
                let part = self.at + len + self.path_part_len(self.at + len);
                let interpolated = self.text[part..].starts_with(b"${");
                self.token_as(kind, len, Some(if interpolated { "\"" } else { "0 " }));
                self.push(Mode::Path { kind, slash, interpolated })?;
            }
            _ => self.token(kind, len),
        }
        Ok(())
    }

    fn symbol(&mut self, c: u8) -> Result<(), LexError> {
        let prefixes = std::mem::take(&mut self.prefixes);
        let (kind, len) = match (c, self.peek(1)) {
            (b'$', b'{') => {
                self.token(TOKEN_INTERPOL_START, 2);
                return self.push(Mode::Code { interpolation: true });
            }
            (b'{', _) => {
                self.token(TOKEN_L_BRACE, 1);
                return self.push(Mode::Code { interpolation: false });
            }
            (b'}', _) => {
                let interpolation = self.modes.last() == Some(&Mode::Code { interpolation: true });
                if self.modes.len() > 1 {
                    self.modes.pop();
                }
                self.token(if interpolation { TOKEN_INTERPOL_END } else { TOKEN_R_BRACE }, 1);
                return Ok(());
            }
            (b'"', _) => {
                self.token(TOKEN_STRING_START, 1);
                return self.push(Mode::Text);
            }
            (b'\'', b'\'') => {
                let spaces = self.text[self.at + 2..].iter().take_while(|c| **c == b' ').count();
                let newline = self.text.get(self.at + 2 + spaces) == Some(&b'\n');
                self.token(TOKEN_STRING_START, if newline { spaces + 3 } else { 2 });
                return self.push(Mode::Indented);
            }
            (b'.', b'.') if self.peek(2) == b'.' => (TOKEN_ELLIPSIS, 3),
            (b'=', b'=') => (TOKEN_EQUAL, 2),
            (b'!', b'=') => (TOKEN_NOT_EQUAL, 2),
            (b'<', b'=') => (TOKEN_LESS_OR_EQ, 2),
            (b'>', b'=') => (TOKEN_MORE_OR_EQ, 2),
            (b'&', b'&') => (TOKEN_AND_AND, 2),
            (b'|', b'|') => (TOKEN_OR_OR, 2),
            (b'-', b'>') => (TOKEN_IMPLICATION, 2),
            (b'/', b'/') => (TOKEN_UPDATE, 2),
            (b'+', b'+') => (TOKEN_CONCAT, 2),
            (b'<', b'|') | (b'|', b'>') => {
                if !self.pipes {
                    return self.fail(
                        "experimental Nix feature 'pipe-operators' is disabled; add \
                         '--extra-experimental-features pipe-operators' to enable it",
                    );
                }
                (if c == b'<' { TOKEN_PIPE_LEFT } else { TOKEN_PIPE_RIGHT }, 2)
            }
            (b'!' | b'-', _) => {
                self.prefixes = prefixes + 1;
                self.limit_nesting(self.prefixes)?;
                (if c == b'!' { TOKEN_INVERT } else { TOKEN_SUB }, 1)
            }
            (b'[' | b'(', _) => {
                self.brackets += 1;
                self.limit_nesting(self.brackets)?;
                (if c == b'[' { TOKEN_L_BRACK } else { TOKEN_L_PAREN }, 1)
            }
            (b']' | b')', _) => {
                self.brackets = self.brackets.saturating_sub(1);
                (if c == b']' { TOKEN_R_BRACK } else { TOKEN_R_PAREN }, 1)
            }
            (b'@', _) => (TOKEN_AT, 1),
            (b':', _) => (TOKEN_COLON, 1),
            (b',', _) => (TOKEN_COMMA, 1),
            (b'.', _) => (TOKEN_DOT, 1),
            (b'=', _) => (TOKEN_ASSIGN, 1),
            (b'?', _) => (TOKEN_QUESTION, 1),
            (b';', _) => (TOKEN_SEMICOLON, 1),
            (b'+', _) => (TOKEN_ADD, 1),
            (b'*', _) => (TOKEN_MUL, 1),
            (b'/', _) => (TOKEN_DIV, 1),
            (b'<', _) => (TOKEN_LESS, 1),
            (b'>', _) => (TOKEN_MORE, 1),
            _ => (TOKEN_ERROR, 1),
        };
        if !matches!(kind, TOKEN_SEMICOLON | TOKEN_ASSIGN | TOKEN_COMMA | TOKEN_COLON | TOKEN_DOT) {
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return self.fail(format!("the expression has more than {MAX_OPERATORS} operators"));
            }
        }
        self.token(kind, len);
        Ok(())
    }
}

/// The error for rnix input that nests deeper than [`MAX_NESTING`].
pub fn too_deep() -> String {
    format!("the expression is nested more than {MAX_NESTING} levels deep")
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn kinds(text: &str) -> Vec<(SyntaxKind, String)> {
        let lexed = tokenize(text.as_bytes(), true);
        assert_eq!(lexed.error, None);
        lexed.tokens.iter().map(|t| (t.kind, text[t.start as usize..t.end as usize].to_owned())).collect()
    }

    pub(super) fn only(text: &str) -> Vec<SyntaxKind> {
        kinds(text).into_iter().map(|t| t.0).collect()
    }

    #[test]
    fn the_longest_match_wins() {
        assert_eq!(only("a:b"), [TOKEN_URI]);
        assert_eq!(only("a: b"), [TOKEN_IDENT, TOKEN_COLON, TOKEN_IDENT]);
        assert_eq!(only("a/b"), [TOKEN_PATH_REL]);
        assert_eq!(only("a//b"), [TOKEN_IDENT, TOKEN_UPDATE, TOKEN_IDENT]);
        assert_eq!(only("a- b"), [TOKEN_IDENT, TOKEN_IDENT]);
        assert_eq!(
            only("1.5e3 .5 00.1 1."),
            [TOKEN_FLOAT, TOKEN_FLOAT, TOKEN_INTEGER, TOKEN_FLOAT, TOKEN_FLOAT]
        );
        assert_eq!(only("a->b"), [TOKEN_IDENT, TOKEN_MORE, TOKEN_IDENT]);
        assert_eq!(only("<a/b> <a"), [TOKEN_PATH_SEARCH, TOKEN_LESS, TOKEN_IDENT]);
        assert_eq!(only("~/a"), [TOKEN_PATH_HOME]);
    }
}
