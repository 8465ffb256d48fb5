//! Hydra's aggregates: jobs that are made of other jobs, which they refer to by their derivations or by name.

use serde::{Deserialize, Serialize};

use super::fields;
use super::package::Outputs;
use crate::builtins::{derivation_text, hash_modulo};
use crate::eval::{Coerce, Error, Evaluator, Res};
use crate::heap::Sym;
use crate::host::shown;
use crate::source::Pos;
use crate::store::{Derivation, HashModulo, StorePath};
use crate::value::{ContextElement, Value};

/// What an aggregate is made of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Constituents {
    /// The derivations.
    pub derivations: Vec<String>,
    /// The names of jobs, or patterns.
    pub named: Vec<String>,
    /// Whether the names are patterns.
    pub is_glob: bool,
    /// The outputs of the aggregate itself.
    pub outputs: Outputs,
    /// The file of its derivation.
    pub aterm: Vec<u8>,
    /// The derivations that it needs already.
    pub inputs: Vec<Made>,
}

/// A derivation as those that need it see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// The path of its file.
    pub drv_path: String,
    /// Its outputs.
    pub outputs: Vec<String>,
    /// Its hash modulo; `None` if only a build determines the paths of its outputs.
    pub hash: Option<[u8; 32]>,
}

impl Made {
    /// Its hash modulo.
    pub fn modulo(&self) -> HashModulo {
        HashModulo { hash: self.hash, outputs: self.outputs.clone() }
    }
}

/// What those that need a derivation see of it.
///
/// # Errors
/// When it cannot be read.
pub fn made(ev: &Evaluator, path: &StorePath, drv: &Derivation) -> Res<Made> {
    let HashModulo { hash, .. } = hash_modulo(ev, path)?;
    let outputs = drv.outputs.keys().cloned().collect();
    Ok(Made { drv_path: ev.store_dir()?.print(path), outputs, hash })
}

impl Constituents {
    /// What a derivation says that it is made of.
    ///
    /// # Errors
    /// When it does not say that properly.
    pub fn of(ev: &Evaluator, set: Value) -> Res<Constituents> {
        let flag = |name: &str, doing| match ev.mem.get_entry(set, ev.intern(name)?) {
            Some(entry) => ev.force_bool(entry.slot, entry.pos, doing),
            None => Ok(false),
        };
        if !flag("_hydraAggregate", "while evaluating the `_hydraAggregate` attribute")? {
            return Ok(Constituents::default());
        }
        let name: Sym = ev.intern("constituents")?;
        let Some(entry) = ev.mem.get_entry(set, name) else {
            return Err(Error::eval("derivation must have a 'constituents' attribute"));
        };
        let doing = "while evaluating the `constituents` attribute";
        let text = ev.coerce(entry.slot, entry.pos, Coerce::TO_STRING, doing)?;
        let elements = ev.mem.contexts.elements(ev.mem.context(text));
        let derivations = elements.iter().filter_map(|element| match element {
            ContextElement::Built { drv, .. } => Some(drv.to_string()),
            _ => None,
        });
        let derivations = derivations.collect();
        let list = ev.force_list(entry.slot, entry.pos, doing)?;
        let mut named = Vec::new();
        for item in ev.mem.items(list) {
            let value = ev.force_at(item, Pos::NONE)?;
            if value.is_string() {
                named.push(shown(ev.mem.text(value)).into_owned());
            }
        }
        let is_glob =
            flag("_hydraGlobConstituents", "while evaluating the `_hydraGlobConstituents` attribute")?;
        Ok(Constituents { derivations, named, is_glob, ..Constituents::default() })
    }

    /// Keeps what is needed to complete the derivation when the jobs with these names are known.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn keep(&mut self, ev: &Evaluator, path: &StorePath, drv: &Derivation, outputs: &Outputs) -> Res<()> {
        self.aterm = derivation_text(ev, path)?;
        self.outputs.clone_from(outputs);
        for input in drv.input_derivations.keys() {
            let HashModulo { hash, outputs } = hash_modulo(ev, input)?;
            self.inputs.push(Made { drv_path: ev.store_dir()?.print(input), outputs, hash });
        }
        Ok(())
    }

    /// Passes on its fields of a line.
    pub fn write(&self, put: &mut impl FnMut(&str, String)) {
        put("constituents", fields::texts(&self.derivations));
        put("namedConstituents", fields::texts(&self.named));
        put("globConstituents", self.is_glob.to_string());
    }
}
