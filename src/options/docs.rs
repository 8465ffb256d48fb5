//! Options as nixpkgs documents them: the entries of `optionsNix` in `nixos/lib/make-options-doc`.
//!
//! The documentation is that of the `lib.optionAttrSetToDocList` that belongs to the configuration, asked for one option
//! at a time, so that one that fails leaves the others alone. What follows is done as in nixpkgs 26.11.

use std::collections::BTreeMap;

use super::plain::Failure;
use super::related::related_packages;
use super::tree::Node;
use crate::builtins::{Problem, to_json_with_gaps};
use crate::eval::{Builtin, Error, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::modules::show_option;
use crate::native::{attr, boolean, bytes, get, has, list, lossy, select, shared, with_attr};
use crate::source::Pos;
use crate::value::{Context, Value, slot};

/// The documentation of an option.
#[derive(Debug, Clone)]
pub struct OptionDoc {
    /// The option's name, with `<name>` for the names that a submodule's user chooses.
    pub name: String,
    /// What `optionsNix` has about it, as the JSON text of `builtins.toJSON`. What cannot be evaluated is missing.
    pub fields: BTreeMap<String, Vec<u8>>,
    /// Why something is missing.
    pub error: Option<Failure>,
}

/// Decides which options are documented, by their paths. Options of submodules go with the option around them.
pub type Wanted<'a> = &'a mut dyn FnMut(&[Sym], Value) -> Res<bool>;

/// Documents the options at and below a part of the tree of options, which is at `path`: those that users see or, with
/// `all`, hidden and internal ones as well. `lib` is the library that belongs to the configuration.
///
/// # Errors
/// When `lib` cannot document options, and what `wanted` returns.
pub fn document(
    ev: &Evaluator,
    lib: Value,
    part: Value,
    path: &[Sym],
    all: bool,
    wanted: Wanted<'_>,
) -> Res<Vec<OptionDoc>> {
    let mut writer = Writer {
        ev,
        doc_list: shared(ev, lib, "optionAttrSetToDocList")?,
        renders: get(ev, lib, "options").is_some_and(|options| {
            ev.force(options).is_ok_and(|options| has(ev, options, "renderOptionValue"))
        }),
        all,
        docs: BTreeMap::new(),
    };
    writer.walk(&slot(part), &mut path.to_vec(), wanted)?;
    Ok(writer.docs.into_values().collect())
}

/// The type of an option without options below.
static NOTHING_BELOW: Builtin = Builtin::hidden("getSubOptions", &["prefix"], |_, _, _| Ok(Value::EMPTY_SET));

struct Writer<'e> {
    ev: &'e Evaluator,
    /// `lib.optionAttrSetToDocList`
    doc_list: Value,
    /// Whether that function renders values as Nix expressions. Libraries from before 2022 leave them as they are.
    renders: bool,
    all: bool,
    /// The documentation so far, by name. As in `listToAttrs`, the first one of a name counts.
    docs: BTreeMap<String, OptionDoc>,
}

impl<'e> Writer<'e> {
    fn walk(&mut self, tree: &Slot, path: &mut Vec<Sym>, wanted: Wanted<'_>) -> Res<()> {
        let ev = self.ev;
        let found = ev.enter(Pos::NONE).and_then(|depth| Ok((depth, Node::at(ev, tree)?)));
        match found {
            Ok((_, Node { value, is_option: true })) => {
                if wanted(path, value)? {
                    self.option(value, path)?;
                }
            }
            Ok((_depth, Node { value, .. })) if value.is_attrs() => {
                for entry in ev.mem.entries_by_name(value) {
                    path.push(entry.name);
                    self.walk(entry.slot, path, wanted)?;
                    path.pop();
                }
            }
            Ok(_) => {}
            Err(e) => self.failed(path, &e),
        }
        Ok(())
    }

    /// Documents an option and those of its submodules.
    fn option(&mut self, option: Value, path: &mut Vec<Sym>) -> Res<()> {
        let ev = self.ev;
        match self.listed(option) {
            Ok(docs) => docs.iter().for_each(|doc| self.entry(doc, path, None)),
            Err(e) => {
                // Something prevents the library from listing the options below. They are listed one by one.
                let (below, why) = match self.below(option) {
                    Ok(below) => (below, None),
                    Err(e) => (None, Some(e)),
                };
                let alone = select(ev, option, "type")
                    .and_then(|ty| with_attr(ev, ty, "getSubOptions", ev.builtin(&NOTHING_BELOW)))
                    .and_then(|ty| with_attr(ev, option, "type", ty));
                match alone.and_then(|alone| self.listed(alone)) {
                    Ok(docs) => docs.iter().for_each(|doc| self.entry(doc, path, why.as_ref())),
                    Err(_) => self.failed(path, &e),
                }
                if let Some(below) = below {
                    self.walk(&slot(below), path, &mut |_, _| Ok(true))?;
                }
            }
        }
        Ok(())
    }

    /// What the library says of an option and those of its submodules.
    fn listed(&self, option: Value) -> Res<&'e [Slot]> {
        let ev = self.ev;
        let listed = ev.call(ev.force_value(self.doc_list)?, &[option], Pos::NONE)?;
        Ok(ev.mem.items(list(ev, &slot(listed))?))
    }

    /// The options of an option's submodules, if they are documented.
    fn below(&self, option: Value) -> Res<Option<Value>> {
        let ev = self.ev;
        let shown = match get(ev, option, "visible").map(|visible| ev.force(visible)).transpose()? {
            None | Some(Value::TRUE) => true,
            Some(other) => other.is_string() && ev.mem.text(other) == b"transparent",
        };
        if !shown {
            return Ok(None);
        }
        let below = select(ev, select(ev, option, "type")?, "getSubOptions")?;
        Ok(Some(ev.call(below, &[shared(ev, option, "loc")?], Pos::NONE)?))
    }

    /// Takes the documentation of an option, unless users do not see it.
    fn entry(&mut self, doc: &Slot, path: &[Sym], why: Option<&Error>) {
        let ev = self.ev;
        let seen = ev.force(doc).and_then(|doc| {
            let seen = boolean(ev, attr(ev, doc, "visible")?)? && !boolean(ev, attr(ev, doc, "internal")?)?;
            Ok((doc, lossy(bytes(ev, attr(ev, doc, "name")?)?), seen))
        });
        match seen {
            Ok((_, _, false)) if !self.all => {}
            Ok((doc, name, _)) => {
                let entry = self.fields(doc, name, why);
                self.docs.entry(entry.name.clone()).or_insert(entry);
            }
            Err(e) => self.failed(path, &e),
        }
    }

    fn fields(&self, doc: Value, name: String, why: Option<&Error>) -> OptionDoc {
        let ev = self.ev;
        let mut made = OptionDoc { name, fields: BTreeMap::new(), error: why.map(|e| Failure::of(ev, e)) };
        for entry in ev.mem.entries_by_name(doc) {
            let name = ev.name(entry.name);
            let text = match name.as_str() {
                "name" | "visible" | "internal" => continue,
                "relatedPackages" => self.related(entry.slot),
                _ => self.json(&name, entry.slot),
            };
            match text {
                Ok(text) => drop(made.fields.insert(name, text)),
                Err(e) => made.error = made.error.or_else(|| Some(Failure::of(ev, &e))),
            }
        }
        made
    }

    fn related(&self, packages: &Slot) -> Res<Vec<u8>> {
        let ev = self.ev;
        let packages = list(ev, packages)?;
        let value = match packages.list_len() {
            0 => packages,
            _ => ev.mem.string(&related_packages(ev, packages)?, Context::EMPTY)?,
        };
        self.json("relatedPackages", &slot(value))
    }

    /// A value as `builtins.toJSON` writes it.
    fn json(&self, name: &str, value: &Slot) -> Res<Vec<u8>> {
        let mut out = Vec::new();
        // Before values were rendered, make-options-doc put this in the place of functions.
        let raw = !self.renders && matches!(name, "default" | "example" | "type");
        to_json_with_gaps(self.ev, value, Pos::NONE, &mut out, &mut |problem, pos, _| match problem {
            Problem::Function(_) if raw => Ok(b"\"<function>\"".to_vec()),
            Problem::Error(e) => Err(e.clone()),
            Problem::Function(_) => Err(Error::type_error("cannot convert a function to JSON").at(pos)),
            Problem::Cycle(_) | Problem::Endless(_) => Err(Error::eval("the value contains itself").at(pos)),
            Problem::Whole(_) => Err(Error::eval("the value is too large to be documented").at(pos)),
        })?;
        Ok(out)
    }

    /// Takes note of what cannot be documented at all.
    fn failed(&mut self, path: &[Sym], e: &Error) {
        let ev = self.ev;
        let name = lossy(&show_option(path.iter().map(|name| ev.mem.heap.name(*name))));
        let loc: Vec<String> = path.iter().map(|name| ev.name(*name)).collect();
        let fields = [("loc".to_owned(), serde_json::json!(loc).to_string().into_bytes())].into();
        let error = Some(Failure::of(ev, e));
        self.docs.entry(name.clone()).or_insert(OptionDoc { name, fields, error });
    }
}
