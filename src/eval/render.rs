//! Errors as text, the way Nix prints them.

use super::error::{Error, ErrorKind, Trace};
use super::terminal::{for_terminal, indent};
use crate::host::shown;
use crate::source::{Place, Pos, Sources};

/// Traces are cut after this many lines unless `--show-trace` is given. A line with a position counts twice.
const SHORT_TRACE: usize = 3;
/// A run of repeated lines up to this long is still printed.
const FEW_REPEATED: usize = 5;

/// The text of an error without a final newline, as `nix-instantiate` prints it to standard error.
pub fn render(sources: &Sources, error: &Error, show_trace: bool) -> String {
    let data = error.data();
    let mut out = String::new();
    if !data.traces.is_empty() {
        let mut printer = Printer { sources, out: &mut out, count: 0, seen: Vec::new(), skipped: Vec::new() };
        let mut truncated = false;
        for trace in data.traces.iter().rev().filter(|t| !t.text.is_empty()) {
            if !show_trace && printer.count > SHORT_TRACE {
                truncated = true;
            }
            if !truncated || trace.always {
                printer.add(trace);
            }
        }
        printer.flush();
        if truncated {
            out.push_str("\n(stack trace truncated; use '--show-trace' to show the full, detailed trace)\n");
        }
        out.push_str("\nerror: ");
    }
    out.push_str(&data.message);
    out.push('\n');
    position(sources, &mut out, "", data.pos);
    if let Some(text) = suggestions(&data.suggestions) {
        out.push_str(&text);
    }
    let mut text = indent("error: ", &out);
    if data.message.ends_with('\n') && data.kind != ErrorKind::Throw && !data.pos.is_some() {
        // It ends with a quoted text that Nix prints in colour. The colour reset keeps Nix from trimming the
        // last line.
        text.push_str("\n       ");
    }
    let mut text = String::from_utf8_lossy(&for_terminal(text.as_bytes())).into_owned();
    if data.kind == ErrorKind::Usage {
        // Nix counts some invalid values as wrong command-line usage.
        text.push_str("\nTry 'nix-instantiate --help' for more information.");
    }
    if let Some(help) = &data.help {
        for line in help.lines() {
            text.push_str("\n       ");
            text.push_str(line);
        }
    }
    text
}

/// The text of a warning, with the lines around its position or only the name of the position.
pub fn render_warning(sources: &Sources, message: &str, pos: Pos, lines: bool) -> String {
    let place = sources.place(pos).filter(|_| !lines);
    if let Some(Place { source, line, column }) = place {
        return format!("warning: at {}:{line}:{column}: {message}", source.shown_name());
    }
    let mut out = format!("{message}\n");
    position(sources, &mut out, "", pos);
    indent("warning: ", &out)
}

fn suggestions(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [only] => Some(format!("Did you mean {only}?\n")),
        [first @ .., last] => Some(format!("Did you mean one of {} or {last}?\n", first.join(", "))),
    }
}

struct Printer<'a> {
    sources: &'a Sources,
    out: &'a mut String,
    count: usize,
    seen: Vec<(Pos, String)>,
    skipped: Vec<Trace>,
}

impl Printer<'_> {
    fn add(&mut self, trace: &Trace) {
        let key = (trace.pos, trace.text.to_string());
        if self.seen.contains(&key) {
            self.skipped.push(trace.clone());
            return;
        }
        self.seen.push(key);
        self.flush();
        self.count += 1;
        self.line(trace);
    }

    fn line(&mut self, trace: &Trace) {
        self.out.push_str("\n… ");
        self.out.push_str(&trace.text);
        self.out.push('\n');
        if position(self.sources, self.out, "  ", trace.pos) {
            self.count += 1;
        }
    }

    fn flush(&mut self) {
        let skipped = std::mem::take(&mut self.skipped);
        if skipped.len() <= FEW_REPEATED {
            for trace in &skipped {
                self.line(trace);
            }
        } else {
            self.out.push_str(&format!("\n({} duplicate frames omitted)\n", skipped.len()));
        }
    }
}

/// Prints `at file:line:column:` and the lines around it. Returns whether there is a position.
fn position(sources: &Sources, out: &mut String, indent: &str, pos: Pos) -> bool {
    let Some(place) = sources.place(pos) else {
        return false;
    };
    out.push_str(&format!("{indent}at {}:{}:{}:", place.source.shown_name(), place.line, place.column));
    code_lines(out, &place);
    out.push('\n');
    true
}

fn code_lines(out: &mut String, place: &Place) {
    let line = |n: u32| place.source.line(n).map(|l| shown(&l).into_owned());
    if place.line > 1
        && let Some(before) = line(place.line - 1)
    {
        out.push_str(&format!("\n {:>5}| {before}", place.line - 1));
    }
    if let Some(this) = line(place.line) {
        out.push_str(&format!("\n {:>5}| {this}", place.line));
        out.push_str(&format!("\n      |{}^", " ".repeat(place.column as usize)));
    }
    if let Some(after) = line(place.line + 1) {
        out.push_str(&format!("\n {:>5}| {after}", place.line + 1));
    }
}
