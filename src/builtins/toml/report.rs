//! toml11's error messages: a title, excerpts of the text with the location underlined, and a hint.

use std::fmt::Write;

use super::grammar::show;

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    first: usize,
    last: usize,
    /// Whether it is the one byte at `first`, which counts as one line even if it is a line feed.
    single: bool,
}

impl Region {
    pub(super) fn new(first: usize, last: usize) -> Self {
        Region { first, last, single: false }
    }

    /// The byte at a position; at the end, the last byte, which then reaches into the next line.
    pub(super) fn at(text: &[u8], place: usize) -> Self {
        if place < text.len() {
            Region { first: place, last: place + 1, single: true }
        } else {
            Region::new(text.len().saturating_sub(1), text.len())
        }
    }
}

/// One error.
#[derive(Clone, Debug)]
pub(super) struct Report {
    title: String,
    places: Vec<(Region, String)>,
    hint: &'static str,
    /// The text of an escape sequence, which toml11 treats as a separate file.
    escape: Option<Vec<u8>>,
}

impl Report {
    pub(super) fn new(title: impl Into<String>, region: Region, note: impl Into<String>) -> Box<Self> {
        Box::new(Report { title: title.into(), places: vec![(region, note.into())], hint: "", escape: None })
    }

    pub(super) fn and(mut self: Box<Self>, region: Region, note: impl Into<String>) -> Box<Self> {
        self.places.push((region, note.into()));
        self
    }

    pub(super) fn hint(mut self: Box<Self>, hint: &'static str) -> Box<Self> {
        self.hint = hint;
        self
    }

    pub(super) fn in_escape(mut self: Box<Self>, escape: &[u8]) -> Box<Self> {
        self.escape = Some(escape.to_vec());
        self
    }
}

/// The messages of all errors in a text, one after the other.
pub(super) fn message(text: &[u8], reports: &[Report]) -> String {
    let whole = Source::new("fromTOML", text);
    let mut out = String::new();
    for report in reports {
        match &report.escape {
            Some(escape) => Source::new("internal temporary", escape).write(report, &mut out),
            None => whole.write(report, &mut out),
        }
    }
    out
}

struct Source<'t> {
    name: &'static str,
    text: &'t [u8],
    line_feeds: Vec<usize>,
}

impl<'t> Source<'t> {
    fn new(name: &'static str, text: &'t [u8]) -> Self {
        Source { name, text, line_feeds: memchr::memchr_iter(b'\n', text).collect() }
    }

    fn line(&self, place: usize) -> usize {
        self.line_feeds.partition_point(|&line_feed| line_feed < place) + 1
    }

    /// The lines in which a region begins and ends.
    fn span(&self, region: Region) -> (usize, usize) {
        let first = self.line(region.first);
        (first, if region.single { first } else { self.line(region.last) })
    }

    fn write(&self, report: &Report, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "[error] {}", report.title);
        let last_lines = report.places.iter().map(|(region, _)| self.span(*region).1);
        let width = last_lines.max().unwrap_or(0).to_string().len();
        let _ = write!(out, " --> {}\n{:width$}  |\n", self.name, "");
        for (number, (region, note)) in report.places.iter().enumerate() {
            if number > 0 {
                let _ = write!(out, "{:width$}  | ...\n{:width$}  |\n", "", "");
            }
            self.write_excerpt(*region, note, width, out);
        }
        out.push_str(report.hint);
    }

    fn write_excerpt(&self, region: Region, note: &str, width: usize, out: &mut String) {
        let rest = |text: &[u8], column: usize| (text.len() + 1).saturating_sub(column);
        let (first_line, last_line) = self.span(region);
        match self.lines(region, last_line - first_line).as_slice() {
            [(text, column)] => {
                // A line feed lies past the end of its line.
                let limit = if text.len() < *column { 1 } else { rest(text, *column) };
                write_line(out, width, first_line, text);
                write_underline(out, width, *column, limit.min(region.last - region.first), note);
            }
            [(first, column), between @ .., (last, end)] => {
                let link = if between.is_empty() { "" } else { "and" };
                write_line(out, width, first_line, first);
                write_underline(out, width, *column, rest(first, *column), link);
                for (dots, _) in between {
                    write_line(out, width, first_line + 1, dots);
                    write_underline(out, width, 1, dots.len(), "and");
                }
                write_line(out, width, last_line, last);
                write_underline(out, width, 1, *end, note);
            }
            [] => {}
        }
    }

    /// The lines to show for a region that spans `more` line ends, and the columns where it begins in them.
    fn lines(&self, region: Region, more: usize) -> Vec<(Vec<u8>, usize)> {
        let text = self.text;
        if region.last == region.first {
            return vec![(Vec::new(), 1)];
        }
        let (begin, end) = (region.first, region.last - 1);
        if more == 0 {
            return vec![self.cut_line(begin, end)];
        }
        // toml11 searches only this far for the end of the first line and the start of the last one. For the latter
        // it takes the *first* line feed of that stretch, so the last line it shows may be an earlier one.
        let far = if text.len() - begin > 60 { begin + 50 } else { text.len() };
        let near = if end > 60 { end - 50 } else { 0 };
        let first_end = self.line_feed(begin, far).unwrap_or(far);
        let last_begin = self.line_feed(near, end).unwrap_or(end);
        let (first, last) = (self.cut_line(begin, first_end), self.cut_line(last_begin, end));
        if more == 1 { vec![first, last] } else { vec![first, (b"...".to_vec(), 1), last] }
    }

    /// The line around a stretch, with at most 30 more bytes on either side, and the column where the stretch begins.
    fn cut_line(&self, begin: usize, end: usize) -> (Vec<u8>, usize) {
        let text = self.text;
        let least = begin.saturating_sub(30);
        let most = text.len().min(end + 30);
        let before = memchr::memrchr(b'\n', &text[least..begin]);
        let from = before.map_or(least, |offset| least + offset + 1);
        let to = self.line_feed(end, most).unwrap_or(most);
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

    fn line_feed(&self, from: usize, to: usize) -> Option<usize> {
        memchr::memchr(b'\n', self.text.get(from..to)?).map(|offset| from + offset)
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
