//! Coloured messages, for a standard error that is a terminal: gives the parts of a message the colours of
//! Nix.
//!
//! Messages are built as plain text, which most users and all programs read. The position and Nix's wording
//! reveal what each part is.

const RED: &str = "\x1b[31;1m";
const GREEN: &str = "\x1b[32;1m";
const BLUE: &str = "\x1b[34;1m";
const MAGENTA: &str = "\x1b[35;1m";
const CYAN: &str = "\x1b[36;1m";
const END: &str = "\x1b[0m";

/// Indentation of all lines of a message but the first.
const INDENT: &str = "       ";

/// The origin of a message's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Nix or nival: quoted parts are coloured.
    Known,
    /// The evaluated program (`throw`, `warn`).
    Program,
}

/// The kind of a hole in a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hole {
    /// `{}`: the subject of the message.
    Part,
    /// `{v}`: a printed value.
    Value,
}

/// Trace lines with a coloured part; all others may be the program's own.
const TRACES: &[&str] = &[
    "while calling the '{}' builtin",
    "while evaluating the attribute '{}'",
    "while evaluating the condition of the assertion '{}'",
    "while comparing attribute '{}'",
    "while comparing list element {}",
    "while evaluating list element at index {}",
    "while evaluating derivation '{}'",
    "while evaluating attribute '{}' of derivation '{}'",
    "while evaluating the attribute '{}' of derivation '{}'",
    "while fetching the input '{}'",
    "while evaluating the file '{}'",
    "while searching for the string '{}'",
    "while selecting the attribute '{}'",
];

/// Messages with coloured parts outside quotes, or with quotes that are not coloured.
const MESSAGES: &[&str] = &[
    "{} with value '{v}' is not equal to {} with value '{v}'",
    "expected a {k} but found {}: {v}",
    "expected an {k} but found {}: {v}",
    "cannot coerce {} to a string: {v}",
    "cannot compare {} with {}; values of that type are incomparable (values are {v} and {v})",
    "cannot compare {} with {}; values are {v} and {v}",
    "attempt to call something which is not a function but {}: {v}",
    "cannot add {} to an integer",
    "cannot add {} to a float",
    "cannot convert {} to JSON",
    "cannot create list of size {}",
    "integer overflow in adding {} + {}",
    "integer overflow in subtracting {} - {}",
    "integer overflow in multiplying {} * {}",
    "integer overflow in dividing {} / {}",
    "'builtins.elemAt' called with index {} on a list of size {}",
    "'builtins.head' called on an empty list",
    "'builtins.tail' called on an empty list",
    "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths",
    "required attribute 'builder' missing",
    "required attribute 'system' missing",
    "attribute '{}' already defined at {}",
    "unknown hash algorithm '{}', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'",
    "tarball {} does not exist.",
    "cannot read directory {}: {}",
    "opening file {}: {}",
    "read of {} bytes: {}",
];

/// Colours a message that begins with `error:`, `warning:` or the like. Leaves other texts alone.
pub fn coloured(text: &str, words: Words) -> String {
    // The only message with a part of several lines.
    const TOML: &str = " while parsing TOML: ";
    if words == Words::Known
        && let Some((before, reason)) = text.split_once(TOML)
        && before.ends_with("error:")
    {
        return [&coloured(before, words)[..], TOML, MAGENTA, reason, END].concat();
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut lines = text.split('\n').enumerate().peekable();
    while let Some((i, line)) = lines.next() {
        if i > 0 {
            out.push('\n');
        }
        let next = lines.peek().map_or("", |(_, next)| next);
        match line.strip_prefix(INDENT) {
            None if i == 0 => first(&mut out, line, words),
            Some(line) => {
                out.push_str(INDENT);
                further(&mut out, line, next, words);
            }
            None => out.push_str(line),
        }
    }
    out
}

fn put(out: &mut String, colour: &str, text: &str) {
    out.extend([colour, text, END]);
}

fn first(out: &mut String, line: &str, words: Words) {
    let known = [("error:", RED, words), ("warning:", MAGENTA, words)];
    let known = known.into_iter().chain([("evaluation warning:", MAGENTA, Words::Program)]);
    for (start, colour, words) in known {
        if let Some(rest) = line.strip_prefix(start) {
            put(out, colour, start);
            return message(out, rest, words);
        }
    }
    out.push_str(line);
}

/// A line after the first, without its indentation; `next` is the line after it.
fn further(out: &mut String, line: &str, next: &str, words: Words) {
    if let Some(rest) = line.strip_prefix("error:") {
        put(out, RED, "error:");
        return message(out, rest, words);
    }
    if let Some(text) = line.strip_prefix("… ") {
        out.push_str("… ");
        if let Some(function) = text.strip_prefix("while calling ")
            && (function == "anonymous lambda" || function.starts_with('\'') && function.ends_with('\''))
        {
            out.push_str("while calling ");
            return put(out, MAGENTA, function);
        }
        return match TRACES.iter().find_map(|template| fit(text, template)) {
            Some(parts) => parts.iter().for_each(|(hole, text)| fill(out, *hole, text)),
            None => out.push_str(text),
        };
    }
    let trimmed = line.trim_start();
    out.push_str(&line[..line.len() - trimmed.len()]);
    if let Some(place) = trimmed.strip_prefix("at ").and_then(|rest| rest.strip_suffix(':'))
        && is_place(place)
        && is_code(next)
    {
        out.extend([BLUE, "at ", MAGENTA, place, END, ":"]);
    } else if let Some(blank) = trimmed.strip_prefix('|').and_then(|rest| rest.strip_suffix('^'))
        && blank.bytes().all(|c| c == b' ')
    {
        out.extend(["|", blank]);
        put(out, RED, "^");
    } else if trimmed.starts_with("(stack trace truncated; use ")
        || trimmed.ends_with(" duplicate frames omitted)")
    {
        put(out, MAGENTA, trimmed);
    } else if let Some(names) = trimmed.strip_prefix("Did you mean ").and_then(|rest| rest.strip_suffix('?'))
    {
        out.push_str("Did you mean ");
        suggested(out, names);
        out.push('?');
    } else {
        out.push_str(trimmed);
    }
}

/// `a`, or `one of a, b or c`.
fn suggested(out: &mut String, names: &str) {
    let Some(several) = names.strip_prefix("one of ") else {
        return put(out, MAGENTA, names);
    };
    out.push_str("one of ");
    let (first, last) = several.rsplit_once(" or ").unwrap_or((several, ""));
    for (i, name) in first.split(", ").enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        put(out, MAGENTA, name);
    }
    out.push_str(" or ");
    put(out, MAGENTA, last);
}

/// Whether a text ends with a line and a column.
fn is_place(text: &str) -> bool {
    let mut numbers = text.rsplit(':').take(2);
    numbers.all(|n| !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit())) && text.matches(':').count() >= 2
}

/// Whether a line shows code: a number and a bar.
fn is_code(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    rest.starts_with('|') && rest.len() < line.trim_start().len()
}

fn message(out: &mut String, text: &str, words: Words) {
    // `tryEval` catches this error, but Nix words it.
    if words == Words::Program && !text.contains("' was not found in the Nix search path") {
        return out.push_str(text);
    }
    let (space, text) = text.split_at(text.len() - text.trim_start().len());
    out.push_str(space);
    match MESSAGES.iter().find_map(|template| fit(text, template)) {
        _ if text.starts_with("[json.exception.") => put(out, MAGENTA, text),
        Some(parts) => parts.iter().for_each(|(hole, text)| fill(out, *hole, text)),
        None => quoted(out, text),
    }
}

/// Splits a text that matches a template into literal parts and the contents of holes. `{k}` is a hole for
/// words that are not coloured.
fn fit<'a>(text: &'a str, template: &str) -> Option<Vec<(Option<Hole>, &'a str)>> {
    let mut parts = Vec::new();
    let mut pieces = template.split('{');
    let start = pieces.next()?;
    let mut rest = text.strip_prefix(start)?;
    parts.push((None, &text[..start.len()]));
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let (kind, literal) = piece.split_once('}')?;
        let hole = match kind {
            "" => Some(Hole::Part),
            "v" => Some(Hole::Value),
            _ => None,
        };
        let end = match pieces.peek() {
            Some(_) => rest.find(literal)?,
            None => rest.strip_suffix(literal)?.len(),
        };
        parts.push((hole, &rest[..end]));
        parts.push((None, &rest[end..end + literal.len()]));
        rest = &rest[end + literal.len()..];
    }
    rest.is_empty().then_some(parts)
}

fn fill(out: &mut String, hole: Option<Hole>, text: &str) {
    match hole {
        None => out.push_str(text),
        Some(Hole::Part) => put(out, MAGENTA, text),
        Some(Hole::Value) => value(out, text),
    }
}

/// Colours the quoted parts of a text.
fn quoted(out: &mut String, text: &str) {
    let mut rest = text;
    // An opening quote follows a character that is not a letter; otherwise it is an apostrophe.
    while let Some(at) = opening(rest) {
        let inner = &rest[at + 1..];
        let Some(len) = closing(inner) else { break };
        out.push_str(&rest[..=at]);
        put(out, MAGENTA, &inner[..len]);
        rest = &inner[len..];
        // The closing quote.
        out.push('\'');
        rest = &rest[1..];
    }
    out.push_str(rest);
}

fn opening(text: &str) -> Option<usize> {
    let starts = |at: &usize| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '\'');
    text.match_indices('\'').map(|(at, _)| at).find(starts)
}

fn closing(text: &str) -> Option<usize> {
    let ends = |at: &usize| !text[*at + 1..].starts_with(|c: char| c.is_alphanumeric() || c == '\'');
    text.match_indices('\'').map(|(at, _)| at).find(ends)
}

/// Colours a printed value, token by token.
fn value(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (colour, len) = match c {
            '"' => (MAGENTA, string(rest)),
            '«' => (of_kind(rest), guillemets(rest)),
            '/' => (GREEN, word(rest)),
            '-' | '0'..='9' => (CYAN, word(rest)),
            c if c.is_alphabetic() || c == '_' => {
                let len = word(rest);
                let colour = if matches!(&rest[..len], "true" | "false" | "null") { CYAN } else { "" };
                (colour, len)
            }
            c => ("", c.len_utf8()),
        };
        match colour {
            "" => out.push_str(&rest[..len]),
            colour => put(out, colour, &rest[..len]),
        }
        rest = &rest[len..];
    }
}

fn word(text: &str) -> usize {
    text.find([' ', ';', ')']).unwrap_or(text.len())
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

/// The length of a text in guillemets, which may nest.
fn guillemets(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '«' => depth += 1,
            '»' if depth == 1 => return at + c.len_utf8(),
            '»' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn of_kind(text: &str) -> &'static str {
    let kind = text.trim_start_matches('«');
    match kind {
        _ if kind.starts_with("lambda")
            || kind.starts_with("primop")
            || kind.starts_with("partially applied") =>
        {
            BLUE
        }
        _ if kind.starts_with("derivation") => GREEN,
        _ if kind.starts_with("error") => RED,
        _ => MAGENTA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colours of Nix 2.34, as recorded.
    #[test]
    fn colours_are_those_of_nix() {
        let recorded = include_str!("../../testdata/colours.jsonl");
        let mut different = Vec::new();
        // The first line describes the origin of the others.
        for line in recorded.lines().skip(1) {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case");
            let want = case["stderr"].as_str().expect("a text").trim_end();
            let mut plain = want.to_owned();
            for code in [RED, GREEN, BLUE, MAGENTA, CYAN, END] {
                plain = plain.replace(code, "");
            }
            let words = if case["thrown"].is_null() { Words::Known } else { Words::Program };
            let now = coloured(&plain, words);
            if now != want {
                different.push(format!("{}\n{now:?}\n{want:?}", case["expr"]));
            }
        }
        assert!(different.is_empty(), "{}", different.join("\n\n"));
        assert!(recorded.lines().count() > 40);
    }

    #[test]
    fn what_looks_like_a_quote() {
        let painted = |text: &str| {
            coloured(text, Words::Known).replace(MAGENTA, "<").replace(END, ">").replace(RED, "<")
        };
        assert_eq!(painted("error: it's a 'b'"), "<error:> it's a '<b>'");
        assert_eq!(painted("error: no 'it's' here'"), "<error:> no '<it's>' here'");
        assert_eq!(painted("trace: 'a'"), "trace: 'a'");
        assert_eq!(painted("warning: 'a'"), "<warning:> '<a>'");
    }
}
