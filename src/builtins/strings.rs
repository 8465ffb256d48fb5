//! Built-ins on strings.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::regex::{Regex, Scratch};
use crate::eval::{Builtin, Coerce, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::value::{Context, ContextSum, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("toString", &["e"], "A value as a string.", |ev, args, pos| {
        let [e] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.toString";
        ev.coerce(e, pos, Coerce::TO_STRING, doing)
    }),
    Builtin::new("stringLength", &["e"], "The length of a string in bytes.", |ev, args, pos| {
        let [e] = exactly(args);
        let doing = "while evaluating the argument passed to builtins.stringLength";
        let s = ev.coerce(e, pos, Coerce::INTERPOLATE, doing)?;
        Ok(ev.mem.int(ev.mem.text(s).len() as i64)?)
    }),
    Builtin::new("substring", &["start", "len", "s"], "A part of a string, in bytes.", substring),
    Builtin::new(
        "concatStringsSep",
        &["separator", "list"],
        "Strings joined by a separator.",
        concat_strings_sep,
    ),
    Builtin::new(
        "replaceStrings",
        &["from", "to", "s"],
        "A string with some parts replaced.",
        replace_strings,
    ),
    Builtin::new(
        "match",
        &["regex", "str"],
        "The groups of a regular expression that matches all of a string.",
        match_,
    ),
    Builtin::new(
        "split",
        &["regex", "str"],
        "The parts of a string between the matches of a regular expression.",
        split,
    ),
];

fn substring(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [start, len, s] = exactly(args);
    let doing = "while evaluating the first argument (the start offset) passed to builtins.substring";
    let start = ev.force_int(start, pos, doing)?;
    let Ok(start) = usize::try_from(start) else {
        return Err(Error::eval("negative start position in 'substring'"));
    };
    let doing = "while evaluating the second argument (the substring length) passed to builtins.substring";
    let len = ev.force_int(len, pos, doing)?;
    let doing = "while evaluating the third argument (the string) passed to builtins.substring";
    let s = ev.coerce(s, pos, Coerce::INTERPOLATE, doing)?;
    let text = ev.mem.text(s);
    // A negative length means the rest of the string.
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    let start = start.min(text.len());
    let end = start.saturating_add(len).min(text.len());
    if start == 0 && end == text.len() {
        return Ok(s);
    }
    Ok(ev.mem.string(&text[start..end], ev.mem.context(s))?)
}

fn concat_strings_sep(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [separator, list] = exactly(args);
    let doing =
        "while evaluating the first argument (the separator string) passed to builtins.concatStringsSep";
    let separator = ev.force_string(separator, pos, doing)?;
    let doing = "while evaluating the second argument (the list of strings to concat) passed to builtins.concatStringsSep";
    let list = ev.force_list(list, pos, doing)?;
    let doing =
        "while evaluating one element of the list of strings to concat passed to builtins.concatStringsSep";
    join(ev, separator, list, pos, doing)
}

/// Joins the elements of a list, coerced to strings, with a separator.
///
/// # Errors
/// When an element cannot be coerced to a string.
pub fn join(ev: &Evaluator, separator: Value, list: Value, pos: Pos, doing: &'static str) -> Res<Value> {
    let items = ev.mem.items(list);
    let mut context = ContextSum::default();
    context.add(ev.mem.context(separator));
    let mut parts: Vec<&[u8]> = Vec::with_capacity(2 * items.len());
    let between = ev.mem.text(separator);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            parts.push(between);
        }
        let s = ev.coerce(item, pos, Coerce::INTERPOLATE, doing)?;
        context.add(ev.mem.context(s));
        parts.push(ev.mem.text(s));
    }
    Ok(ev.mem.concat(&parts, ev.mem.contexts.union_all(context))?)
}

fn replace_strings(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [from, to, s] = exactly(args);
    let from =
        ev.force_list(from, pos, "while evaluating the first argument passed to builtins.replaceStrings")?;
    let to =
        ev.force_list(to, pos, "while evaluating the second argument passed to builtins.replaceStrings")?;
    if from.list_len() != to.list_len() {
        let message = "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths";
        return Err(Error::eval(message));
    }
    let mut patterns: Vec<&[u8]> = Vec::with_capacity(from.list_len());
    for item in ev.mem.items(from) {
        let doing = "while evaluating one of the strings to replace passed to builtins.replaceStrings";
        let s = ev.force_string(item, pos, doing)?;
        patterns.push(ev.mem.text(s));
    }
    let doing = "while evaluating the third argument passed to builtins.replaceStrings";
    let s = ev.force_string(s, pos, doing)?;
    let text = ev.mem.text(s);
    let mut context = ev.mem.context(s);
    // Patterns by first byte; an empty one matches anywhere.
    let mut starts = [false; 256];
    let anywhere = patterns.iter().any(|p| p.is_empty());
    for first in patterns.iter().filter_map(|p| p.first()) {
        starts[usize::from(*first)] = true;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    // One step beyond the last byte, for empty patterns.
    while at <= text.len() {
        let possible = anywhere || text.get(at).is_some_and(|c| starts[usize::from(*c)]);
        let found = if possible { patterns.iter().position(|p| text[at..].starts_with(p)) } else { None };
        match found {
            None => {
                out.extend(text.get(at));
                at += 1;
            }
            Some(i) => {
                let doing =
                    "while evaluating one of the replacement strings passed to builtins.replaceStrings";
                let replacement = ev.force_string(&ev.mem.items(to)[i], pos, doing)?;
                context = ev.mem.contexts.union(context, ev.mem.context(replacement));
                out.extend_from_slice(ev.mem.text(replacement));
                match patterns[i].len() {
                    0 => {
                        out.extend(text.get(at));
                        at += 1;
                    }
                    n => at += n,
                }
            }
        }
    }
    if out == text && context == ev.mem.context(s) {
        return Ok(s);
    }
    Ok(ev.mem.string(&out, context)?)
}

/// A cache of compiled regular expressions by their text, and memory for matching.
#[derive(Default)]
struct Regexes {
    all: RefCell<HashMap<Vec<u8>, Rc<Regex>>>,
    scratch: RefCell<Scratch>,
}

impl Regexes {
    fn get(&self, pattern: &[u8]) -> Res<Rc<Regex>> {
        if let Some(regex) = self.all.borrow().get(pattern) {
            return Ok(regex.clone());
        }
        let regex = Rc::new(Regex::new(pattern).map_err(|e| wrong_regex(e.wording(), pattern))?);
        self.all.borrow_mut().insert(pattern.to_vec(), regex.clone());
        Ok(regex)
    }
}

fn wrong_regex(wording: &str, pattern: &[u8]) -> Error {
    Error::eval(format!("{wording} '{}'", shown(pattern)))
}

fn group(ev: &Evaluator, text: &[u8], span: Option<(usize, usize)>) -> Res<Value> {
    match span {
        Some((from, to)) => Ok(ev.mem.string(&text[from..to], Context::EMPTY)?),
        None => Ok(Value::NULL),
    }
}

fn groups(ev: &Evaluator, text: &[u8], spans: &[Option<(usize, usize)>]) -> Res<Value> {
    let values: Res<Vec<Value>> = spans.iter().map(|s| group(ev, text, *s)).collect();
    Ok(ev.mem.list(&values?)?)
}

fn match_(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [regex, str] = exactly(args);
    let pattern =
        ev.force_plain_string(regex, pos, "while evaluating the first argument passed to builtins.match")?;
    let regexes = ev.extension::<Regexes>();
    let regex = regexes.get(ev.mem.text(pattern))?;
    let s = ev.force_string(str, pos, "while evaluating the second argument passed to builtins.match")?;
    let text = ev.mem.text(s);
    let mut scratch = regexes.scratch.borrow_mut();
    match regex.full_match(&mut scratch, text) {
        Ok(true) => groups(ev, text, scratch.groups()),
        Ok(false) => Ok(Value::NULL),
        Err(e) => Err(wrong_regex(e.wording(), ev.mem.text(pattern))),
    }
}

fn split(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [regex, str] = exactly(args);
    let pattern =
        ev.force_plain_string(regex, pos, "while evaluating the first argument passed to builtins.split")?;
    let regexes = ev.extension::<Regexes>();
    let regex = regexes.get(ev.mem.text(pattern))?;
    let s = ev.force_string(str, pos, "while evaluating the second argument passed to builtins.split")?;
    let text = ev.mem.text(s);
    let mut scratch = regexes.scratch.borrow_mut();
    let mut splits = regex.splits(&mut scratch, text);
    let mut out = Vec::new();
    let mut rest = 0;
    while let Some(found) = splits.find_next().map_err(|e| wrong_regex(e.wording(), ev.mem.text(pattern)))? {
        out.push(ev.mem.string(&text[found.after..found.start], Context::EMPTY)?);
        out.push(groups(ev, text, splits.groups())?);
        rest = found.end;
    }
    if out.is_empty() {
        // The string itself keeps its context.
        return Ok(ev.mem.list(&[s])?);
    }
    out.push(ev.mem.string(&text[rest..], Context::EMPTY)?);
    Ok(ev.mem.list(&out)?)
}
