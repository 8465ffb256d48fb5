//! Loads a module in any notation (a path, a function, a set with or without `config`) and converts it to
//! canonical form (`loadModule`).

use super::arguments::apply_args;
use super::module::{Loaded, unify};
use super::not_a_module::not_a_module;
use crate::builtins::real_path;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{get, is_function, is_type, throw, to_string};
use crate::source::Pos;
use crate::value::{Record, Type, Value, slot};

/// The settings of an evaluation that loading a module depends on.
pub struct Loader {
    /// The arguments that module functions are called with; may be suspended.
    pub args: Value,
    /// `specialArgs`; may be suspended.
    pub special: Value,
    /// The class that modules must have, or null.
    pub class: Value,
    /// The path of the submodule to which the modules belong; may be suspended.
    pub prefix: Value,
}

impl Loader {
    /// Loads an element of an `imports` list.
    pub fn load(&self, ev: &Evaluator, file: Value, key: Value, module: &Slot) -> Res<Loaded> {
        let m = ev.force(module)?;
        if is_function(ev, m)? {
            let made = apply_args(ev, key, m, ev.force_value(self.args)?)?;
            return unify(ev, file, key, made);
        }
        match m.type_of() {
            Type::Attrs => self.load_set(ev, file, key, m),
            Type::List => {
                let definitions = messages::definition_text(ev, &slot(file), &slot(m))?;
                Err(throw(format!(
                    "Module imports can't be nested lists. Perhaps you meant to remove one level of lists? \
                     Definitions: {definitions}"
                )))
            }
            _ => self.load_path(ev, m),
        }
    }

    fn load_set(&self, ev: &Evaluator, file: Value, key: Value, m: Value) -> Res<Loaded> {
        let Some(tag) = get(ev, m, sym!("_type")) else {
            return unify(ev, file, key, m);
        };
        if is_type(ev, m, b"module")? {
            return unify(ev, file, key, m);
        }
        if is_type(ev, m, b"if")? || is_type(ev, m, b"override")? {
            static CONFIG: Record<1> = Record::new(["config"]);
            return unify(ev, file, key, ev.mem.record(&CONFIG, [m])?);
        }
        let tag = ev.force(tag)?;
        Err(not_a_module(ev, file, tag, self.class, self.prefix)?)
    }

    fn load_path(&self, ev: &Evaluator, m: Value) -> Res<Loaded> {
        let path = real_path(ev, &slot(m), Pos::NONE)?;
        let made = ev.import(&path)?;
        let name = to_string(ev, &slot(m))?;
        let made = if is_function(ev, made)? {
            apply_args(ev, name, made, ev.force_value(self.args)?)?
        } else {
            made
        };
        unify(ev, name, name, made)
    }
}
