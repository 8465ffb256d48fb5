//! toml11's error messages: a title, excerpts of the text with the place underlined, a hint.

use std::fmt::Write;

use super::grammar::show;

/// A piece of the text, with the lines it begins and ends in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub(super) first: usize,
    pub(super) last: usize,
    /// Whether it is the one byte at `first`, which counts as one line even if it is a line feed.
    single: bool,
}

impl Region {
    pub(super) fn new(first: usize, last: usize) -> Self {
        Region { first, last, single: false }
    }

    /// The byte at a place; at the end the last byte, which then reaches into the line after it.
    pub(super) fn at(text: &[u8], place: usize) -> Self {
        if place < text.len() {
            Region { first: place, last: place + 1, single: true }
        } else {
            Region::new(text.len().saturating_sub(1), text.len())
        }
    }
}

/// An excerpt that shows a region.
#[derive(Clone, Debug)]
struct Excerpt {
    file: &'static str,
    first_line: usize,
    last_line: usize,
    /// One line, two lines, or the first, dots and the last one, each with the column where the region begins or ends.
    lines: Vec<(Vec<u8>, usize)>,
    length: usize,
    note: String,
}

/// One error.
#[derive(Clone, Debug)]
pub(super) struct Report {
    title: String,
    excerpts: Vec<Excerpt>,
    hint: &'static str,
}

impl Report {
    pub(super) fn new(title: impl Into<String>, text: &[u8], region: Region, note: impl Into<String>) -> Box<Self> {
        Box::new(Report { title: title.into(), excerpts: Vec::new(), hint: "" }).and(text, region, note)
    }

    /// A report about the text of an escape sequence, of which toml11 makes a little file.
    pub(super) fn temporary(title: &str, text: &[u8], region: Region, note: &str) -> Box<Self> {
        let mut report = Report::new(title, text, region, note);
        report.excerpts.iter_mut().for_each(|excerpt| excerpt.file = "internal temporary");
        report
    }

    pub(super) fn and(mut self: Box<Self>, text: &[u8], region: Region, note: impl Into<String>) -> Box<Self> {
        self.excerpts.push(Excerpt::new(text, region, note.into()));
        self
    }

    pub(super) fn hint(mut self: Box<Self>, hint: &'static str) -> Box<Self> {
        self.hint = hint;
        self
    }

    /// Appends the message.
    pub(super) fn write(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "[error] {}", self.title);
        let width = self.excerpts.iter().map(|excerpt| excerpt.last_line.to_string().len()).max().unwrap_or(0);
        let mut file = "";
        for (number, excerpt) in self.excerpts.iter().enumerate() {
            if number > 0 {
                let _ = write!(out, "{:width$}  | ...\n{:width$}  |\n", "", "");
            }
            if excerpt.file != file {
                let _ = write!(out, " --> {}\n{:width$}  |\n", excerpt.file, "");
            }
            excerpt.write(out, width);
            file = excerpt.file;
        }
        out.push_str(self.hint);
    }
}

impl Excerpt {
    fn new(text: &[u8], region: Region, note: String) -> Self {
        let line = |place: usize| text[..place].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let first_line = line(region.first);
        let last_line = if region.single { first_line } else { line(region.last) };
        let length = region.last - region.first;
        Excerpt {
            file: "fromTOML",
            first_line,
            last_line,
            lines: excerpt_lines(text, region, last_line - first_line),
            length,
            note,
        }
    }

    fn write(&self, out: &mut String, width: usize) {
        let mut line = |number: usize, text: &[u8]| {
            let _ = write!(out, " {number:width$} | ");
            for &byte in text {
                if byte == b' ' { out.push(' ') } else { out.push_str(&show(byte)) }
            }
            out.push('\n');
        };
        let underline = |column: usize, length: usize, note: &str| {
            let (blank, mark) = (" ".repeat(column.saturating_sub(1)), "^".repeat(length));
            format!("{:width$}  | {blank}{mark}-- {note}\n", "")
        };
        let rest = |text: &[u8], column: usize| (text.len() + 1).saturating_sub(column);
        match self.lines.as_slice() {
            [(text, column)] => {
                line(self.first_line, text);
                // A line feed lies beyond the end of its line.
                let limit = if text.len() < *column { 1 } else { rest(text, *column) };
                out.push_str(&underline(*column, self.length.min(limit), &self.note));
            }
            [(first, column), (last, end)] => {
                line(self.first_line, first);
                out.push_str(&underline(*column, rest(first, *column), ""));
                let mut line = |number: usize, text: &[u8]| {
                    let _ = write!(out, " {number:width$} | ");
                    for &byte in text {
                        if byte == b' ' { out.push(' ') } else { out.push_str(&show(byte)) }
                    }
                    out.push('\n');
                };
                line(self.last_line, last);
                out.push_str(&underline(1, *end, &self.note));
            }
            _ => {}
        }
    }
}

fn excerpt_lines(_text: &[u8], _region: Region, _more: usize) -> Vec<(Vec<u8>, usize)> {
    Vec::new()
}
