//! The document level: keys and values line by line, table headers, comments. Continues after errors to find more.

use super::grammar::{ARRAY_HEADER, BLANKS, COMMENT, EQUALS, NEWLINE, Rule, TABLE_HEADER};
use super::report::{Region, Report, message};
use super::tree::{Id, Insert, TableKind, Tree};

/// The result of reading something.
pub(super) type Parsed<T> = Result<T, Box<Report>>;

/// Dotted keys and their location.
pub(super) type Keys = (Vec<Vec<u8>>, Region);

/// A position in a text, the values read before it, and the errors found.
pub(super) struct Parser<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    pub(super) tree: Tree,
    pub(super) errors: Vec<Report>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Parser { text, at: 0, tree: Tree::default(), errors: Vec::new() }
    }

    pub(super) fn ended(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The byte at the current position; 0 at the end.
    pub(super) fn byte(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.text.len());
    }

    pub(super) fn skip(&mut self, rule: &Rule) -> bool {
        let end = rule.scan(self.text, self.at);
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip(&BLANKS);
    }

    /// An error at the current position.
    pub(super) fn wrong(&self, title: &str, note: &str) -> Box<Report> {
        Report::new(title, Region::at(self.text, self.at), note)
    }

    /// An error where the rule stops matching.
    pub(super) fn unlike(&self, title: &str, rule: &Rule) -> Box<Report> {
        self.unlike_at(self.at, title, rule)
    }

    /// The same for a rule that should have matched at another position.
    pub(super) fn unlike_at(&self, mut at: usize, title: &str, rule: &Rule) -> Box<Report> {
        let note = format!("expected {}", rule.expected(self.text, &mut at));
        Report::new(title, Region::at(self.text, at), note)
    }

    /// Reads the document: returns the values and its table, or the messages of all errors.
    pub(super) fn document(mut self) -> Result<(Tree, Id), String> {
        if self.text.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.at = 3;
        }
        let root = self.tree.table(TableKind::Header, Region::at(self.text, self.at));
        if !self.ended() {
            self.opening_comments();
            if let Err(report) = self.table_body(root) {
                self.errors.push(*report);
                self.skip_to_header();
            }
            while !self.ended() {
                self.table(root);
            }
        }
        if self.errors.is_empty() {
            return Ok((self.tree, root));
        }
        Err(message(self.text, &self.errors))
    }

    /// Reads the comments at the top. If no empty line follows, they are read again with the first key, and their
    /// errors are reported twice.
    fn opening_comments(&mut self) {
        let first = self.at;
        while !self.ended() {
            match self.comment_line() {
                Ok(true) => {}
                Ok(false) => {
                    let blank = BLANKS.scan(self.text, self.at).and_then(|end| NEWLINE.scan(self.text, end));
                    self.at = blank.unwrap_or(first);
                    return;
                }
                Err(report) => {
                    self.errors.push(*report);
                    self.skip_comments();
                }
            }
        }
    }

    /// Reads whitespace and a comment with its line end; reads nothing and returns `false` if there is no comment.
    pub(super) fn comment_line(&mut self) -> Parsed<bool> {
        let first = self.at;
        self.skip_blanks();
        if !self.skip(&COMMENT) {
            self.at = first;
            return Ok(false);
        }
        if self.ended() || self.skip(&NEWLINE) {
            return Ok(true);
        }
        while !self.ended() {
            self.advance();
            if self.byte() == b'\n' {
                self.advance();
                break;
            }
        }
        let title = "toml::parse_comment_line: newline (LF / CRLF) or EOF is expected";
        Err(self
            .wrong(title, "but got this")
            .hint("Hint: most of the control characters are not allowed in comments"))
    }

    /// Skips whitespace, empty lines and comment lines. Returns `None` if there are none, else whether there was a
    /// line end, here or before (`newline`).
    pub(super) fn skip_space(&mut self, newline: bool) -> Option<bool> {
        let mut newline = newline;
        let first = self.at;
        loop {
            let comment = COMMENT.scan(self.text, self.at).unwrap_or(self.at);
            if let Some(end) = NEWLINE.scan(self.text, comment) {
                self.at = end;
                newline = true;
            } else if let b' ' | b'\t' = self.byte() {
                self.at += 1;
            } else {
                return (self.at > first).then_some(newline);
            }
        }
    }

    /// Reads a header and the lines below it.
    fn table(&mut self, root: Id) {
        self.skip_space(true);
        for (rule, width, insert) in
            [(&ARRAY_HEADER, 2, Insert::ArrayItem), (&TABLE_HEADER, 1, Insert::Table)]
        {
            if let Some(keys) = self.header(rule, width) {
                self.below_header(root, insert, keys);
                return;
            }
        }
        let report = if self.text[self.at..].starts_with(b"[[") {
            self.unlike("toml::parse_file: invalid array-table key", &ARRAY_HEADER)
        } else {
            self.unlike("toml::parse_file: invalid table key", &TABLE_HEADER)
        };
        self.errors.push(*report);
        self.skip_to_header();
    }

    /// Reads a header with `width` brackets on each side. If only its keys are wrong, the position stays after them.
    fn header(&mut self, rule: &Rule, width: usize) -> Option<Keys> {
        let first = self.at;
        let end = rule.scan(self.text, first)?;
        self.at += width;
        self.skip_blanks();
        let (keys, _) = self.keys().ok()?;
        self.at = end;
        Some((keys, Region::new(first, end)))
    }

    fn below_header(&mut self, root: Id, insert: Insert, (keys, region): Keys) {
        match self.comment_line() {
            Ok(true) => {}
            Ok(false) => {
                self.skip_blanks();
                if !self.ended() && !self.skip(&NEWLINE) {
                    let report = self.unlike("toml::parse_file: newline (or EOF) expected", &NEWLINE);
                    self.errors.push(*report);
                    self.skip_to_header();
                    return;
                }
            }
            Err(report) => {
                self.errors.push(*report);
                self.skip_to_header();
                return;
            }
        }
        let table = self.tree.table(TableKind::Header, region);
        // If it conflicts, its lines are still read to find their errors.
        let table = match self.tree.insert(insert, root, &keys, region, table) {
            Ok(table) => table,
            Err(report) => {
                self.errors.push(*report);
                table
            }
        };
        if let Err(report) = self.table_body(table) {
            self.errors.push(*report);
            self.skip_to_header();
        }
    }

    /// Reads the lines up to the next header. All their errors but the last are reported; the last is the result.
    fn table_body(&mut self, table: Id) -> Parsed<()> {
        let errors_before = self.errors.len();
        let mut newline = true;
        while !self.ended() {
            let start = self.at;
            let space = self.skip_space(newline);
            if self.ended() {
                break;
            }
            if BLANKS.scan(self.text, self.at).and_then(|end| self.text.get(end)) == Some(&b'[') {
                self.at = start;
                break;
            }
            if !newline && space != Some(true) {
                return Err(self.wrong("toml::parse_table: newline (LF / CRLF) or EOF is expected", "here"));
            }
            newline = false;
            match self.key_value() {
                Ok(((keys, region), value)) => {
                    match self.comment_line() {
                        Ok(comment) => newline = comment,
                        Err(report) => self.errors.push(*report),
                    }
                    let inserted = self.tree.insert(Insert::Dotted, table, &keys, region, value);
                    self.errors.extend(inserted.err().map(|report| *report));
                }
                Err(report) => {
                    self.errors.push(*report);
                    self.skip_key_value();
                }
            }
        }
        match self.errors.len() > errors_before {
            true => self.errors.pop().map_or(Ok(()), |last| Err(Box::new(last))),
            false => Ok(()),
        }
    }

    fn key_value(&mut self) -> Parsed<(Keys, Id)> {
        let keys = self.keys_and_equals()?;
        Ok((keys, self.value()?))
    }

    /// Reads keys and the `=` after them; reads nothing if they are wrong.
    pub(super) fn keys_and_equals(&mut self) -> Parsed<Keys> {
        let first = self.at;
        let read = self.keys().and_then(|keys| {
            if self.skip(&EQUALS) {
                return Ok(keys);
            }
            Err(self.unlike("toml::parse_key_value_pair: invalid key value separator `=`", &EQUALS))
        });
        if read.is_err() {
            self.at = first;
        }
        read
    }
}
