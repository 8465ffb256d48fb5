//! What an editor asks about an attribute set: the answers of nixd's worker, `nixd-attrset-eval`, with the same methods and keys.

use serde_json::{Value as Json, json};

use super::editor::{
    definitions, described_option, described_package, described_value, is_option, location_of, select,
    sub_options,
};
use crate::eval::{Error, Evaluator, Res};
use crate::options::{Configuration, Opened};
use crate::source::Origin;
use crate::value::{AttrsBuilder, Type, Value, peek, slot};

/// The most names that complete a prefix.
const MOST: usize = 30;

/// Why there is no answer: the code of JSON-RPC, and the reason.
#[derive(Debug)]
pub struct Refusal {
    /// The code.
    pub code: i32,
    /// The reason.
    pub message: String,
}

impl Refusal {
    /// A request that cannot be answered.
    fn failed(message: impl Into<String>) -> Refusal {
        const UNKNOWN: i32 = -32001;
        Refusal { code: UNKNOWN, message: message.into() }
    }

    fn malformed(method: &str) -> Refusal {
        const INVALID_PARAMS: i32 = -32602;
        Refusal { code: INVALID_PARAMS, message: format!("the parameters of '{method}' are malformed") }
    }
}

/// An attribute set that questions are about.
pub struct AttrSet<'e> {
    ev: &'e Evaluator,
    value: Option<Value>,
    opened: Option<Opened<'e>>,
}

impl<'e> AttrSet<'e> {
    /// There is none yet: `attrset/evalExpr` gives it.
    pub fn new(ev: &'e Evaluator) -> AttrSet<'e> {
        AttrSet { ev, value: None, opened: None }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// An unknown method, parameters that are none, and errors of the evaluation.
    pub fn answer(&mut self, method: &str, params: &Json) -> Result<Json, Refusal> {
        const METHOD_NOT_FOUND: i32 = -32601;
        let malformed = || Refusal::malformed(method);
        let path = || names(params).ok_or_else(malformed);
        let begun = || {
            let scope = names(params.get("Scope")?)?;
            Some((scope, params.get("Prefix")?.as_str()?.to_owned()))
        };
        let answer = match method {
            "attrset/evalExpr" => self.evaluate(params.as_str().ok_or_else(malformed)?),
            "attrset/attrpathInfo" => self.about(&path()?),
            "attrset/optionInfo" => self.option(&path()?),
            "attrset/attrpathComplete" => {
                let (scope, prefix) = begun().ok_or_else(malformed)?;
                self.complete(&scope, &prefix)
            }
            "attrset/optionComplete" => {
                let (scope, prefix) = begun().ok_or_else(malformed)?;
                self.complete_option(&scope, &prefix)
            }
            _ => {
                let message = format!("method not found: '{method}'");
                return Err(Refusal { code: METHOD_NOT_FOUND, message });
            }
        };
        answer.map_err(|e| {
            self.ev.caught(&e);
            Refusal::failed(e.data().message.clone())
        })
    }

    fn evaluate(&mut self, text: &str) -> Res<Json> {
        let ev = self.ev;
        (self.value, self.opened) = (None, None);
        let value = ev.delay_text(Origin::Text, text.as_bytes(), &ev.settings.base_dir)?;
        self.value = Some(ev.force_value(value)?);
        Ok(Json::Null)
    }

    fn value(&self) -> Value {
        self.value.unwrap_or(Value::NULL)
    }

    /// The value at a path, as an attribute in attributes.
    fn select(&self, path: &[String]) -> Res<Value> {
        path.iter().try_fold(self.value(), |v, name| select(self.ev, v, name))
    }

    fn about(&self, path: &[String]) -> Res<Json> {
        not_empty(path)?;
        let v = self.select(path)?;
        Ok(json!({
            "Meta": { "Type": number_of_type(v), "Location": location_of(self.ev, v) },
            "PackageDesc": described_package(self.ev, v),
            "ValueDesc": described_value(self.ev, v),
        }))
    }

    fn complete(&self, scope: &[String], prefix: &str) -> Res<Json> {
        let scope = level(self.select(scope)?)?;
        let names = self.names(scope).filter(|(name, _)| name.starts_with(prefix)).map(|(name, _)| name);
        // nixd looks at the number only after it has taken one more.
        Ok(names.take(MOST + 1).collect())
    }

    /// The options at a path: of a set of options, also inside submodules.
    fn select_option(&self, path: &[String]) -> Res<Value> {
        let ev = self.ev;
        let mut v = self.value();
        let mut names = path.iter();
        loop {
            v = sub_options(ev, v, false)?.unwrap_or(v);
            let Some(name) = names.next() else {
                return Ok(v);
            };
            v = match sub_options(ev, v, true)? {
                // The name is one of the user's.
                Some(options) => options,
                None => select(ev, v, name)?,
            };
        }
    }

    fn option(&mut self, path: &[String]) -> Res<Json> {
        not_empty(path)?;
        let ev = self.ev;
        let mut described = described_option(ev, self.select_option(path)?)?;
        if let Some(opened) = self.opened() {
            described["Definitions"] = definitions(ev, opened, path)?;
        }
        Ok(described)
    }

    /// The configuration whose options these are.
    fn opened(&mut self) -> Option<&Opened<'e>> {
        if self.opened.is_none() {
            let ev = self.ev;
            let mut set = AttrsBuilder::new();
            set.push(ev.intern("options").ok()?, self.value());
            set.push(ev.intern("config").ok()?, Value::EMPTY_SET);
            let configuration = Configuration::Interpreted(ev.mem.attrs(set).ok()?);
            self.opened = Opened::new(ev, configuration).ok();
        }
        self.opened.as_ref()
    }

    fn complete_option(&self, scope: &[String], prefix: &str) -> Res<Json> {
        let ev = self.ev;
        let scope = level(self.select_option(scope)?)?;
        if is_option(ev, scope) {
            return Err(Error::eval("scope is already an option"));
        }
        let mut found = Vec::new();
        for (name, v) in self.names(scope).filter(|(name, _)| name.starts_with(prefix)).take(MOST) {
            let v = ev.force(&slot(v));
            let option = v.ok().filter(|v| is_option(ev, *v));
            // One that cannot be described has its name.
            let described = option.and_then(|option| match described_option(ev, option) {
                Ok(described) => Some(described),
                Err(e) => {
                    ev.caught(&e);
                    None
                }
            });
            found.push(json!({ "Name": name, "Description": described }));
        }
        Ok(Json::Array(found))
    }

    /// The names of a set and their values, in the order of the names.
    fn names(&self, set: Value) -> impl Iterator<Item = (String, Value)> {
        let ev = self.ev;
        let mut all: Vec<(String, Value)> =
            ev.mem.entries(set).iter().map(|entry| (ev.name(entry.name), peek(entry.slot))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.into_iter()
    }
}

/// A list of names.
fn names(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

fn not_empty(path: &[String]) -> Res<()> {
    if path.is_empty() { Err(Error::eval("attrpath is empty!")) } else { Ok(()) }
}

fn level(v: Value) -> Res<Value> {
    if v.is_attrs() { Ok(v) } else { Err(Error::eval("scope is not an attrset")) }
}

/// The number that Nix 2.34 gives a type.
fn number_of_type(v: Value) -> u8 {
    match v.type_of() {
        Type::Thunk => 0,
        Type::Int => 2,
        Type::Float => 3,
        Type::Bool => 4,
        Type::String => 5,
        Type::Path => 6,
        Type::Null => 7,
        Type::Attrs => 8,
        Type::List => 9,
        Type::Function => 10,
    }
}
