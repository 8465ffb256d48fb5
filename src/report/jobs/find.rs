//! Looks at one attribute path after the other: is a job there, or a set with others?

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::asked::JobsAsked;
use super::constituents::{Constituents, Made, made};
use super::fields::{self, Fields, joined};
use super::missing::Missing;
use super::package::{Outputs, Package};
use crate::builtins::{read_derivation, to_json};
use crate::eval::{Error, ErrorKind, Evaluator, Res, for_terminal, render};
use crate::host::{bytes_of, shown};
use crate::options::attr_path;
use crate::source::{Origin, Pos};
use crate::store::Derivation;
use crate::value::{Value, slot};

/// What is found at an attribute path.
#[derive(Debug, Serialize, Deserialize)]
pub enum Found {
    /// The names that may lead to jobs.
    Below(Vec<String>),
    /// A job.
    Job(Box<Job>),
}

/// A job, or the error in its place.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Job {
    /// Its attribute path.
    pub attr: String,
    /// Its line.
    pub fields: Fields,
    /// The error.
    pub error: Option<String>,
    /// Whether the error is that the stack is full, which ends other evaluators.
    pub is_overflow: bool,
    /// Its derivation.
    pub drv_path: Option<String>,
    /// What aggregates need to know of it.
    pub made: Option<Made>,
    /// The jobs that it is made of, if it is an aggregate.
    pub constituents: Option<Constituents>,
}

/// The tree in which jobs are looked for.
pub struct Jobs<'e> {
    ev: &'e Evaluator,
    asked: &'e JobsAsked,
    root: Value,
    auto_args: Value,
    apply: Cell<Option<Value>>,
    missing: RefCell<Missing>,
}

impl<'e> Jobs<'e> {
    /// Looks for jobs below `root`. Functions on the way are called with `auto_args`.
    pub fn new(ev: &'e Evaluator, asked: &'e JobsAsked, root: Value, auto_args: Value) -> Jobs<'e> {
        Jobs { ev, asked, root, auto_args, apply: Cell::new(None), missing: RefCell::default() }
    }

    /// What is at an attribute path.
    pub fn look(&self, path: &[String]) -> Found {
        let mut job = begun(path);
        match self.at(path, &mut job) {
            Ok(Some(names)) => Found::Below(names),
            Ok(None) => Found::Job(Box::new(job)),
            Err(e) => {
                let text = render(&self.ev.sources, &e, self.ev.settings.show_trace);
                job.is_overflow = e.data().kind == ErrorKind::StackOverflow;
                self.ev.caught(&e);
                Found::Job(Box::new(with_error(job, &text)))
            }
        }
    }

    /// The names of what may be below, or `None` after a job.
    fn at(&self, path: &[String], job: &mut Job) -> Res<Option<Vec<String>>> {
        let ev = self.ev;
        let value = attr_path::find(ev, self.root, &bytes_of(&job.attr), self.auto_args)?;
        let value = ev.auto_call(value, self.auto_args)?;
        if !value.is_attrs() {
            return Ok(Some(Vec::new()));
        }
        match Package::of(ev, value)? {
            Some(package) => self.job(&package, job).map(|()| None),
            // Empty names lead nowhere: this is the root again.
            None if !path.is_empty() && job.attr.is_empty() => Ok(Some(Vec::new())),
            None => self.below(value, path.is_empty()).map(Some),
        }
    }

    /// The names in a set, if it is one to look into.
    fn below(&self, set: Value, is_root: bool) -> Res<Vec<String>> {
        let ev = self.ev;
        let mut looks = self.asked.force_recurse || is_root;
        if !self.asked.force_recurse
            && let Some(flag) = ev.mem.get_entry(set, ev.intern("recurseForDerivations")?)
        {
            looks = ev.force_bool(flag.slot, flag.pos, "while evaluating recurseForDerivations")?;
        }
        if !looks {
            return Ok(Vec::new());
        }
        let entries = ev.mem.entries_by_name(set);
        Ok(entries.iter().map(|entry| shown(ev.mem.heap.name(entry.name)).into_owned()).collect())
    }

    fn job(&self, package: &Package<'_>, job: &mut Job) -> Res<()> {
        let (ev, asked) = (self.ev, self.asked);
        let mut constituents = match asked.constituents {
            true => Some(Constituents::of(ev, package.set)?),
            false => None,
        };
        if let Some(text) = &asked.apply {
            job.fields.insert("extraValue".to_owned(), self.apply(text, package.set)?);
        }
        let outputs = package.outputs(&job.attr)?;
        let path = package.drv_path()?;
        let drv_path = ev.store_dir()?.print(&path);
        let mut all = Fields::new();
        let mut put = |key: &str, value: String| drop(all.insert(key.to_owned(), value));
        if asked.no_instantiate {
            put("system", fields::text(&package.system()?));
        } else {
            let drv = read_derivation(ev, &path)?;
            put("system", fields::text(&shown(&drv.system)));
            put("requiredSystemFeatures", fields::texts(&features(ev, &drv)?));
            if asked.check_cache_status {
                for (key, value) in self.missing.borrow_mut().status(ev, &outputs, &drv)? {
                    put(key, value);
                }
            }
            if asked.show_input_drvs {
                put("inputDrvs", input_drvs(ev, &drv)?);
            }
            if let Some(constituents) = &mut constituents {
                job.made = Some(made(ev, &path, &drv)?);
                if !constituents.named.is_empty() {
                    constituents.keep(ev, &path, &drv, &outputs)?;
                }
            }
        }
        if asked.meta {
            put("meta", package.meta()?);
        }
        put("name", fields::text(&package.name));
        put("drvPath", fields::text(&drv_path));
        put("outputs", outputs_json(&outputs));
        if let Some(constituents) = &constituents {
            constituents.write(&mut put);
        }
        job.fields.append(&mut all);
        job.drv_path = Some(drv_path);
        job.constituents = constituents;
        Ok(())
    }

    /// The value of the function for a derivation, as JSON.
    fn apply(&self, text: &[u8], set: Value) -> Res<String> {
        let ev = self.ev;
        let function = match self.apply.get() {
            Some(function) => function,
            None => {
                let function = ev.force_value(ev.delay_text(Origin::Text, text, &ev.settings.base_dir)?)?;
                self.apply.set(Some(function));
                function
            }
        };
        let value = slot(ev.call(function, &[set], Pos::NONE)?);
        let value = slot(ev.force_attrs(&value, Pos::NONE, "apply needs to evaluate to an attrset")?);
        Ok(String::from_utf8_lossy(&to_json(ev, &value, true)?).into_owned())
    }
}

/// A job of which nothing but the path is known.
fn begun(path: &[String]) -> Job {
    let attr = joined(path);
    let mut fields = Fields::new();
    fields.insert("attr".to_owned(), fields::text(&attr));
    fields.insert("attrPath".to_owned(), fields::texts(path));
    Job { attr, fields, ..Job::default() }
}

/// A job with an error.
fn with_error(mut job: Job, text: &str) -> Job {
    let text = String::from_utf8_lossy(&for_terminal(&bytes_of(text))).into_owned();
    job.fields.insert("error".to_owned(), fields::text(&text));
    job.error = Some(text);
    job
}

/// The job at an attribute path whose evaluation ended with an error.
pub fn failed(path: &[String], error: &str) -> Job {
    with_error(begun(path), error)
}

/// Outputs as JSON.
pub(super) fn outputs_json(outputs: &Outputs) -> String {
    let path = |path: &Option<String>| path.as_deref().map_or("null".to_owned(), fields::text);
    fields::object(outputs.iter().map(|(name, of)| (name, path(of))))
}

/// The derivations that a derivation needs, and which of their outputs.
fn input_drvs(ev: &Evaluator, drv: &Derivation) -> Res<String> {
    let dir = ev.store_dir()?;
    let inputs: BTreeMap<String, String> = drv
        .input_derivations
        .iter()
        .map(|(path, input)| (dir.print(path), fields::texts(&input.outputs)))
        .collect();
    Ok(fields::line(&inputs))
}

/// What a machine that builds a derivation must have.
fn features(ev: &Evaluator, drv: &Derivation) -> Res<Vec<String>> {
    const NAME: &str = "requiredSystemFeatures";
    let variable = |name: &str| drv.environment.get(name.as_bytes());
    let mut found: Vec<String> = match variable("__json") {
        Some(json) => {
            let all: serde_json::Value = serde_json::from_slice(json)
                .map_err(|e| Error::eval(format!("the structured attributes are no JSON: {e}")))?;
            match all.get(NAME) {
                Some(listed) => texts(listed)
                    .map_err(|e| e.trace(Pos::NONE, format!("while parsing attribute \"{NAME}\"")))?,
                None => Vec::new(),
            }
        }
        None => {
            let words = variable(NAME).map(Vec::as_slice).unwrap_or_default();
            let words = words.split(|c| b" \t\n\r".contains(c)).filter(|word| !word.is_empty());
            words.map(|word| shown(word).into_owned()).collect()
        }
    };
    if !drv.has_known_outputs().map_err(|e| ev.store_error(&e))? {
        found.push("ca-derivations".to_owned());
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A list of texts in JSON.
fn texts(value: &serde_json::Value) -> Res<Vec<String>> {
    let of_type = |value: &serde_json::Value, wanted: &str| {
        let found = match value {
            serde_json::Value::Null => "null",
            serde_json::Value::Bool(_) => "boolean",
            serde_json::Value::Number(_) => "number",
            serde_json::Value::String(_) => "string",
            serde_json::Value::Array(_) => "array",
            serde_json::Value::Object(_) => "object",
        };
        let message =
            format!("Expected JSON value to be of type '{wanted}' but it is of type '{found}': {value}");
        Error::eval(message)
    };
    let items = value.as_array().ok_or_else(|| of_type(value, "array"))?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| of_type(item, "string"))).collect()
}
