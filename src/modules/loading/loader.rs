//! Loads a module in any notation (a path, a function, a set with or without `config`) and converts it to
//! canonical form (`loadModule`).

use super::arguments::apply_args;
use super::class::check_class;
use super::hints::{with_importer, with_option_read};
use super::key::anonymous;
use super::module::{Loaded, unify};
use super::not_a_module::not_a_module;
use super::origins;
use crate::builtins::real_path;
use crate::eval::{Evaluator, Formals, Res};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{get, is_function, is_type, throw, to_string};
use crate::source::Pos;
use crate::value::{Record, Type, Value, slot};

/// The settings of an evaluation that loading a module depends on.
pub struct Loader {
    /// The arguments that module functions are called with, `config` among them; may be suspended.
    pub args: Value,
    /// `specialArgs`; may be suspended.
    pub special: Value,
    /// The class that modules must have, or null.
    pub class: Value,
    /// The path of the submodule to which the modules belong; may be suspended.
    pub prefix: Value,
}

impl Loader {
    /// Loads the element with this number of an `imports` list, unless it is left out, and checks its class. `file` and
    /// `key` are those of the importing module.
    pub fn import(
        &self,
        ev: &Evaluator,
        file: Value,
        key: Value,
        number: usize,
        item: &Slot,
    ) -> Res<Option<Loaded>> {
        let module = match self.load(ev, file, anonymous(ev, key, number)?, item) {
            Ok(module) => module,
            Err(e) if origins::is_left_out(ev, item, &e)? => return Ok(None),
            Err(e) => return Err(with_option_read(ev, item, with_importer(ev, file, e))),
        };
        check_class(ev, self.class, &module)?;
        origins::imported(ev, file, module.file)?;
        Ok(Some(module))
    }

    fn load(&self, ev: &Evaluator, file: Value, key: Value, module: &Slot) -> Res<Loaded> {
        let m = ev.force(module)?;
        if is_function(ev, m)? {
            let made = apply_args(ev, key, m, self.arguments(ev, "applyModuleArgs")?)?;
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
        // `applyModuleArgsIfFunction` matches its arguments first, even if the module is not a function.
        let args = self.arguments(ev, "applyModuleArgsIfFunction")?;
        let path = real_path(ev, &slot(m), Pos::NONE)?;
        let made = ev.import(&path)?;
        let name = to_string(ev, &slot(m))?;
        let made = if is_function(ev, made)? { apply_args(ev, name, made, args)? } else { made };
        unify(ev, name, name, made)
    }

    /// The arguments, as the pattern `args@{ config, ... }` of a function in nixpkgs matches them.
    fn arguments(&self, ev: &Evaluator, function: &str) -> Res<Value> {
        const PATTERN: Formals = Formals { arg: 0, names: &[("config", false)], ellipsis: true };
        ev.force_formals(function, &slot(self.args), &PATTERN, Pos::NONE)
    }
}
