//! Marks: what is printed instead of a value that cannot be printed, and why.

use crate::builtins::{Problem, Whole, quote_json};
use crate::eval::{Error, ErrorKind, Evaluator, PrintOptions, Res, print_value};
use crate::host::printable;
use crate::modules::Evaluation;
use crate::source::Pos;
use crate::syntax::show_name;
use crate::value::Value;

/// How to treat values that cannot be printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Fail at the first failure.
    pub strict: bool,
    /// The evaluation of the values, used to explain errors about its options.
    pub evaluation: Option<Evaluation>,
}

/// Printed instead of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The path of the value, as messages show it.
    pub path: String,
    /// `error`, `cycle`, `function`, `packages`, `library`, `type`, `unset`, `removed` or `renamed`.
    pub kind: &'static str,
    /// The position: `file:line:column`.
    pub at: Option<String>,
    /// The message.
    pub message: String,
}

impl Mark {
    /// Whether the value could not be evaluated.
    pub fn is_failure(&self) -> bool {
        matches!(self.kind, "error" | "cycle")
    }

    /// The mark as it is printed.
    pub(super) fn json(&self) -> Res<Vec<u8>> {
        let mut out = b"{\"_nival\":".to_vec();
        quote_json(&mut out, self.kind.as_bytes())?;
        out.extend_from_slice(b",\"at\":");
        match &self.at {
            Some(at) => quote_json(&mut out, at.as_bytes())?,
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"message\":");
        quote_json(&mut out, self.message.as_bytes())?;
        out.push(b'}');
        Ok(out)
    }
}

/// The mark for a problem; with [`Options::strict`], its error.
pub(super) fn mark(
    ev: &Evaluator,
    options: Options,
    place: &Place<'_>,
    problem: Problem<'_>,
    pos: Pos,
) -> Res<Mark> {
    let (kind, at, message) = match problem {
        Problem::Error(e) if options.strict => return Err(e.clone()),
        Problem::Error(e) => {
            let kind = place.fact(ev, options.evaluation, e).unwrap_or("error");
            let explained = explain(ev, options.evaluation, e);
            let at = if e.place().is_some() { e.place() } else { pos };
            if ev.sources.place(at).is_none()
                && let Some(evaluation) = options.evaluation
            {
                let names = place.names(ev);
                let path: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
                let at = evaluation.definition(ev, &path, &explained);
                return Ok(Mark { path: place.show(ev), kind, at, message: explained });
            }
            (kind, at, explained)
        }
        Problem::Function(f) => {
            let (function, held) = ev.underlying_function(f);
            let at = ev.function_pos(function, held);
            if options.strict {
                return Err(Error::type_error("cannot convert a function to JSON").at(at));
            }
            ("function", at, printable(&print_value(ev, f, &PrintOptions::ERROR)).into_owned())
        }
        Problem::Cycle(levels) => {
            let noun = if levels == 1 { "level" } else { "levels" };
            ("cycle", pos, format!("the value contains itself: it is the one {levels} {noun} further up"))
        }
        Problem::Endless(levels) => (
            "cycle",
            pos,
            format!("the value has no end: one like it is {levels} levels further up, again and again"),
        ),
        Problem::Whole(whole) => {
            let (kind, what) = match whole {
                Whole::Packages => ("packages", "a whole package set"),
                Whole::Library => ("library", "a whole library"),
                Whole::Type => ("type", "the type of an option"),
            };
            (kind, pos, format!("{what}, which is not printed"))
        }
    };
    if options.strict {
        return Err(Error::eval(message).at(at));
    }
    let at = ev.sources.place(at).map(|_| ev.place_text(at));
    Ok(Mark { path: place.show(ev), kind, at, message })
}

/// The beginning of the message about an option renamed to one that does not exist (a setting that exists
/// only once it is defined).
const RENAMED: &str = "evaluation aborted with the following error message: 'Renaming error: option `";

/// The option whose definition has the wrong type because it is an empty default.
fn empty_default(message: &str) -> Option<&str> {
    let option = message.strip_prefix("A definition for option `")?;
    let (option, rest) = option.split_at(option.find("' is not of type `")?);
    const EMPTY: [&str; 4] = ["': null", "': \"\"", "': { }", "': [ ]"];
    EMPTY.iter().any(|end| rest.trim_end().ends_with(end)).then_some(option)
}

/// An error's message with further explanation: the module whose argument is missing, or the option that
/// reads an undeclared one.
fn explain(ev: &Evaluator, evaluation: Option<Evaluation>, e: &Error) -> String {
    let data = e.data();
    let mut message = printable(&data.message).into_owned();
    let argument =
        data.traces.iter().find(|t| t.always && t.text.starts_with("while evaluating the module argument"));
    if let Some(argument) = argument
        && data.kind == ErrorKind::Eval
        && message.starts_with("attribute ")
    {
        message.push_str(&format!("\n{}", argument.text.trim_end_matches(':')));
    }
    if let Some(read) = evaluation.and_then(|evaluation| evaluation.undeclared_read(ev, e)) {
        let reader = data
            .traces
            .iter()
            .filter(|t| t.always)
            .find_map(|t| t.text.strip_prefix("while evaluating the option `")?.strip_suffix("':"));
        let reader = reader.map_or_else(String::new, |reader| format!("the option '{reader}' reads "));
        message.push_str(&format!("\n{reader}'{read}', an option that is declared nowhere"));
    }
    message
}

/// The location of a value: the selected attributes, and the names and indices below them.
pub(super) struct Place<'a> {
    pub(super) outer: &'a [Vec<u8>],
    pub(super) inner: &'a [Value],
}

impl Place<'_> {
    /// Classifies an error about options without a value, if it states a fact and is no failure: it concerns
    /// the very option at this place, or nothing defines that option, so that only its default or rename
    /// target is read.
    fn fact(&self, ev: &Evaluator, evaluation: Option<Evaluation>, e: &Error) -> Option<&'static str> {
        const FACTS: [(&str, &str, &str); 4] = [
            ("The option `", "' was accessed but has no value defined.", "unset"),
            ("The option `", "' is used but not defined.", "unset"),
            ("The option `", "' can no longer be used since it's been removed.", "removed"),
            (RENAMED, "' does not exist.", "renamed"),
        ];
        let message = &e.data().message;
        let known = FACTS.iter().find_map(|(begin, end, kind)| {
            let option = message.strip_prefix(begin)?;
            Some((&option[..option.find(end)?], *kind))
        });
        let (option, kind) = match known {
            Some(known) => known,
            None => (empty_default(message)?, "unset"),
        };
        let own = known.is_some() && self.is(ev, option.as_bytes());
        let defaulted = || {
            let names = self.names(ev);
            let path: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
            evaluation.is_some_and(|evaluation| !evaluation.is_defined(ev, &path))
        };
        (own || defaulted()).then_some(kind)
    }

    /// Whether this is the place of an option, given as in messages. An evaluation nested in a value may know
    /// only the last part of its path.
    fn is(&self, ev: &Evaluator, option: &[u8]) -> bool {
        let parts: Vec<Part> = self.parts(ev).collect();
        (0..parts.len()).any(|from| shows(&parts[from..], option))
    }

    fn show(&self, ev: &Evaluator) -> String {
        let parts: Vec<Vec<u8>> = self
            .parts(ev)
            .map(|part| match part {
                Part::Name(name) => show_name(&name),
                element @ Part::Element(_) => element.into_name(),
            })
            .collect();
        String::from_utf8_lossy(&parts.join(&b'.')).into_owned()
    }

    fn names(&self, ev: &Evaluator) -> Vec<Vec<u8>> {
        self.parts(ev).map(Part::into_name).collect()
    }

    fn parts(&self, ev: &Evaluator) -> impl Iterator<Item = Part> {
        let inner = self.inner.iter().map(|step| match ev.mem.as_int(*step) {
            Some(number) => Part::Element(number),
            None => Part::Name(ev.mem.text(*step).to_vec()),
        });
        self.outer.iter().map(|name| Part::Name(name.clone())).chain(inner)
    }
}

/// Whether messages show a path as `option`. They name list elements differently.
fn shows(parts: &[Part], option: &[u8]) -> bool {
    let mut rest = option;
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            match rest.strip_prefix(b".") {
                Some(after) => rest = after,
                None => return false,
            }
        }
        let after = match part {
            Part::Name(name) => {
                rest.strip_prefix(&show_name(name)[..]).or_else(|| rest.strip_prefix(&name[..]))
            }
            Part::Element(_) => {
                let after = rest.strip_prefix(b"\"[definition ");
                after.and_then(|after| Some(&after[after.iter().position(|c| *c == b']')? + 2..]))
            }
        };
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

/// A part of a path.
enum Part {
    Name(Vec<u8>),
    Element(i64),
}

impl Part {
    fn into_name(self) -> Vec<u8> {
        match self {
            Part::Name(name) => name,
            Part::Element(number) => number.to_string().into_bytes(),
        }
    }
}
