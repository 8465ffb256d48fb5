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
        Excerpt {
            file: "fromTOML",
            first_line,
            last_line,
            lines: lines(text, region, last_line - first_line),
            length: region.last - region.first,
            note,
        }
    }

    fn write(&self, out: &mut String, width: usize) {
        let rest = |text: &[u8], column: usize| (text.len() + 1).saturating_sub(column);
        match self.lines.as_slice() {
            [(text, column)] => {
                // A line feed lies beyond the end of its line.
                let limit = if text.len() < *column { 1 } else { rest(text, *column) };
                write_line(out, width, self.first_line, text);
                write_underline(out, width, *column, self.length.min(limit), &self.note);
            }
            [(first, column), between @ .., (last, end)] => {
                let link = if between.is_empty() { "" } else { "and" };
                write_line(out, width, self.first_line, first);
                write_underline(out, width, *column, rest(first, *column), link);
                for (dots, _) in between {
                    write_line(out, width, self.first_line + 1, dots);
                    write_underline(out, width, 1, dots.len(), "and");
                }
                write_line(out, width, self.last_line, last);
                write_underline(out, width, 1, *end, &self.note);
            }
            [] => {}
        }
    }
}

fn write_line(out: &mut String, width: usize, number: usize, text: &[u8]) {
    let _ = write!(out, " {number:width$} | ");
    for &byte in text {
        match byte {
            b' ' => out.push(' '),
            _ => out.push_str(&show(byte)),
        }
    }
    out.push('\n');
}

fn write_underline(out: &mut String, width: usize, column: usize, length: usize, note: &str) {
    let (before, mark) = (" ".repeat(column.saturating_sub(1)), "^".repeat(length));
    let _ = writeln!(out, "{:width$}  | {before}{mark}-- {note}", "");
}

/// The lines of an excerpt and the columns in them.
fn lines(text: &[u8], region: Region, more: usize) -> Vec<(Vec<u8>, usize)> {
    if region.last == region.first {
        return vec![(Vec::new(), 1)];
    }
    let (begin, end) = (region.first, region.last - 1);
    if more == 0 {
        return vec![cut_line(text, begin, end)];
    }
    // toml11 looks for the end of the first line and for the start of the last one only so far; it takes the *first* line
    // feed of that stretch for the latter, so the last line it shows may be an earlier one.
    let far = if text.len() - begin > 60 { begin + 50 } else { text.len() };
    let near = if end > 60 { end - 50 } else { 0 };
    let first_end = find_line_feed(text, begin, far).unwrap_or(far);
    let last_begin = find_line_feed(text, near, end).unwrap_or(end);
    let (first, last) = (cut_line(text, begin, first_end), cut_line(text, last_begin, end));
    if more == 1 { vec![first, last] } else { vec![first, (b"...".to_vec(), 1), last] }
}

/// The line around a stretch, at most 30 bytes more on either side, and the column where the stretch begins.
fn cut_line(text: &[u8], begin: usize, end: usize) -> (Vec<u8>, usize) {
    let from_least = begin.saturating_sub(30);
    let to_most = if text.len() - end <= 30 { text.len() } else { end + 30 };
    let from = text[from_least..begin].iter().rposition(|&byte| byte == b'\n').map_or(from_least, |at| from_least + at + 1);
    let to = find_line_feed(text, end, to_most).unwrap_or(to_most);
    let mut line = Vec::new();
    if from > 0 && text[from - 1] != b'\n' {
        line.extend_from_slice(b"... ");
    }
    let column = line.len() + begin - from + 1;
    line.extend_from_slice(&text[from..to]);
    if text.get(to).is_some_and(|&byte| byte != b'\n') {
        line.extend_from_slice(b" ...");
    }
    (line, column)
}

fn find_line_feed(text: &[u8], from: usize, to: usize) -> Option<usize> {
    text.get(from..to)?.iter().position(|&byte| byte == b'\n').map(|at| from + at)
}
