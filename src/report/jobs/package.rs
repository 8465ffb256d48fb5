//! What Nix knows about a package: the attributes of a derivation, with the checks and errors of Nix's `PackageInfo`.

use std::collections::BTreeMap;

use super::fields::{self, Fields};
use crate::builtins::to_json;
use crate::eval::{Coerce, Error, ErrorKind, Evaluator, Res, render};
use crate::heap::{Slot, Sym};
use crate::host::shown;
use crate::source::Pos;
use crate::store::{Feature, StorePath};
use crate::value::{Entry, Type, Value};

/// A set that is a derivation.
pub struct Package<'e> {
    ev: &'e Evaluator,
    /// The set.
    pub set: Value,
    /// Its name.
    pub name: String,
}

/// The outputs of a package, with their paths.
pub type Outputs = BTreeMap<String, Option<String>>;

impl<'e> Package<'e> {
    /// A value as a package; `None` if it is none.
    ///
    /// # Errors
    /// An error in its type or its name.
    pub fn of(ev: &'e Evaluator, value: Value) -> Res<Option<Package<'e>>> {
        if !value.is_attrs() {
            return Ok(None);
        }
        let Some(kind) = ev.mem.get_entry(value, sym!("type")) else {
            return Ok(None);
        };
        let kind = ev.force_at(kind.slot, kind.pos)?;
        if !kind.is_string() || ev.mem.text(kind) != b"derivation" {
            return Ok(None);
        }
        let Some(name) = ev.mem.get_entry(value, sym!("name")) else {
            return Err(Error::type_error("derivation name missing"));
        };
        let doing = "while evaluating the 'name' attribute of a derivation";
        let name = ev.force_plain_string(name.slot, Pos::NONE, doing)?;
        Ok(Some(Package { ev, set: value, name: shown(ev.mem.text(name)).into_owned() }))
    }

    fn entry(&self, name: Sym) -> Option<Entry<'_>> {
        self.ev.mem.get_entry(self.set, name)
    }

    /// The system that it is for.
    ///
    /// # Errors
    /// When that is no string.
    pub fn system(&self) -> Res<String> {
        let Some(system) = self.entry(sym!("system")) else {
            return Ok("unknown".to_owned());
        };
        let doing = "while evaluating the 'system' attribute of a derivation";
        let system = self.ev.force_plain_string(system.slot, system.pos, doing)?;
        Ok(shown(self.ev.mem.text(system)).into_owned())
    }

    /// The path of its derivation.
    ///
    /// # Errors
    /// When it has none.
    pub fn drv_path(&self) -> Res<StorePath> {
        let Some(entry) = self.entry(sym!("drvPath")) else {
            return Err(Error::eval("derivation does not contain a 'drvPath' attribute"));
        };
        let doing = "while evaluating the 'drvPath' attribute of a derivation";
        let path = self.store_path(&entry, doing)?;
        match path.name().ends_with(".drv") {
            true => Ok(path),
            false => {
                let message = format!("store path '{path}' is not a valid derivation path");
                Err(Error::eval(message).trace(entry.pos, doing))
            }
        }
    }

    fn store_path(&self, entry: &Entry<'_>, doing: &'static str) -> Res<StorePath> {
        let ev = self.ev;
        let text = ev.coerce(entry.slot, entry.pos, Coerce::PLAIN, doing)?;
        let text = ev.mem.text(text);
        ev.store_dir()?.parse(text).map_err(|_| {
            let message = format!("path '{}' is not in the Nix store", shown(text));
            Error::eval(message).trace(entry.pos, doing)
        })
    }

    /// The outputs with their paths. Those of a content-addressed derivation have none. `attr` is its attribute path.
    ///
    /// # Errors
    /// When an output is malformed.
    pub fn outputs(&self, attr: &str) -> Res<Outputs> {
        let mut outputs = Outputs::new();
        let floating = self.ev.settings.store_features.has(Feature::CaDerivations);
        let mut asked = self.ask_outputs(&mut outputs, true);
        if floating && let Err(e) = &asked {
            self.ev.caught(e);
            asked = if outputs.is_empty() { self.ask_outputs(&mut outputs, false) } else { Ok(()) };
        }
        match asked {
            Ok(()) => Ok(outputs),
            Err(e) => {
                let why = render(&self.ev.sources, &e, self.ev.settings.show_trace);
                self.ev.caught(&e);
                let kind = match e.data().kind {
                    ErrorKind::StackOverflow => ErrorKind::StackOverflow,
                    _ => ErrorKind::Eval,
                };
                let message = format!("derivation '{attr}' does not have valid outputs: {why}");
                Err(Error::new(kind, message))
            }
        }
    }

    fn ask_outputs(&self, outputs: &mut Outputs, with_paths: bool) -> Res<()> {
        let ev = self.ev;
        let print = |path: StorePath| Ok::<_, Error>(ev.store_dir()?.print(&path));
        let Some(listed) = self.entry(sym!("outputs")) else {
            let path = match with_paths {
                true => {
                    let Some(entry) = self.entry(sym!("outPath")) else {
                        return Err(Error::eval("derivation does not have attribute 'outPath'"));
                    };
                    Some(print(self.store_path(&entry, "while evaluating the output path of a derivation")?)?)
                }
                false => None,
            };
            outputs.insert("out".to_owned(), path);
            return Ok(());
        };
        let doing = "while evaluating the 'outputs' attribute of a derivation";
        let list = ev.force_list(listed.slot, listed.pos, doing)?;
        for item in ev.mem.items(list) {
            let doing = "while evaluating the name of an output of a derivation";
            let name = ev.force_plain_string(item, listed.pos, doing)?;
            let output = shown(ev.mem.text(name)).into_owned();
            if !with_paths {
                outputs.entry(output).or_insert(None);
                continue;
            }
            let Some(slot) = ev.mem.get(self.set, ev.mem.heap.intern(ev.mem.text(name))?) else {
                continue;
            };
            let doing = "while evaluating an output of a derivation";
            let set = ev.force_attrs(slot, listed.pos, doing)?;
            if let Some(entry) = ev.mem.get_entry(set, sym!("outPath")) {
                let path = self.store_path(&entry, "while evaluating an output path of a derivation")?;
                outputs.entry(output).or_insert(Some(print(path)?));
            }
        }
        Ok(())
    }

    /// The attributes of `meta` that data can express, as JSON; `null` if there are none.
    ///
    /// # Errors
    /// An error in one of them.
    pub fn meta(&self) -> Res<String> {
        let ev = self.ev;
        let Some(meta) = self.entry(sym!("meta")) else {
            return Ok("null".to_owned());
        };
        let doing = "while evaluating the 'meta' attribute of a derivation";
        let set = ev.force_attrs(meta.slot, meta.pos, doing)?;
        let mut known = Fields::new();
        for entry in ev.mem.entries_by_name(set) {
            if self.is_data(entry.slot)? {
                let value = to_json(ev, entry.slot, true)?;
                known.insert(ev.name(entry.name), String::from_utf8_lossy(&value).into_owned());
            }
        }
        Ok(if known.is_empty() { "null".to_owned() } else { fields::line(&known) })
    }

    /// Whether a value of `meta` is data: no function, no path, no null, and nothing with an `outPath`.
    fn is_data(&self, slot: &Slot) -> Res<bool> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        let value = ev.force(slot)?;
        match value.type_of() {
            Type::List => {
                for item in ev.mem.items(value) {
                    if !self.is_data(item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Type::Attrs => {
                if ev.mem.get(value, sym!("outPath")).is_some() {
                    return Ok(false);
                }
                for entry in ev.mem.entries_in_order(value) {
                    if !self.is_data(entry.slot)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Type::Int | Type::Bool | Type::String | Type::Float => Ok(true),
            _ => Ok(false),
        }
    }
}
