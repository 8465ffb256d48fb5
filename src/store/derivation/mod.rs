//! Derivations: what is built from what, and the paths that follow from it.
//!
//! `write` prints the file format, `parse` reads it, `modulo` hashes derivations in place of the paths
//! of their inputs, and `instantiate` turns a derivation as an evaluator has it into a finished file.

mod instantiate;
mod modulo;
mod parse;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use super::build_path::{build_ca_path, output_path_name};
use super::ca_hash::{CAHash, HashMode};
use super::error::{Error, ErrorKind};
use super::nixhash::HashAlgo;
use super::store_path::{StoreDir, StorePath};

pub use instantiate::Instantiated;
pub use modulo::HashModulos;

/// A derivation without its name, which only its path tells.
///
/// Texts that a builder sees are bytes; Nix prints `system`, unlike the others, without escapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The outputs by name.
    pub outputs: BTreeMap<String, Output>,
    /// The derivations that are needed, and which of their outputs.
    pub input_derivations: BTreeMap<StorePath, InputOutputs>,
    /// The other store objects that are needed.
    pub input_sources: BTreeSet<StorePath>,
    /// The platform to build on.
    pub system: Vec<u8>,
    /// The program to run.
    pub builder: Vec<u8>,
    /// Its arguments.
    pub arguments: Vec<Vec<u8>>,
    /// Its environment; structured attributes are the JSON text of the variable `__json`.
    pub environment: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// How the path of an output comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// From the derivation.
    InputAddressed(StorePath),
    /// From the content, which is stated beforehand.
    Fixed(CAHash),
    /// From the content, when it is built (`__contentAddressed`).
    Floating {
        /// What will be hashed.
        mode: HashMode,
        /// With which algorithm.
        algo: HashAlgo,
    },
    /// From the derivation, but not before floating outputs among its inputs are built. An evaluator
    /// also starts with this for outputs whose path is still to be computed.
    Deferred,
    /// From the content, each time anew (`__impure`).
    Impure {
        /// What will be hashed.
        mode: HashMode,
        /// With which algorithm.
        algo: HashAlgo,
    },
}

/// Which outputs of a derivation are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputOutputs {
    /// The names of the outputs.
    pub outputs: BTreeSet<String>,
    /// For outputs that are derivation files: which of their outputs (dynamic derivations).
    pub dynamic: BTreeMap<String, InputOutputs>,
}

/// What the outputs of a derivation have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerivationType {
    /// All paths follow from the derivation.
    InputAddressed {
        /// They do, but are not known yet.
        deferred: bool,
    },
    /// One output with a stated hash.
    Fixed,
    /// All outputs are floating.
    Floating,
    /// All outputs are impure.
    Impure,
}

impl Output {
    /// The path of this output if it is known without a build; `drv_name` and `output` name it.
    pub fn path(&self, store: &StoreDir, drv_name: &str, output: &str) -> Result<Option<StorePath>, Error> {
        match self {
            Output::InputAddressed(path) => Ok(Some(path.clone())),
            Output::Fixed(ca) => {
                let name = output_path_name(drv_name, output);
                build_ca_path(store, name.as_bytes(), ca, &BTreeSet::new(), false).map(Some)
            }
            Output::Floating { .. } | Output::Deferred | Output::Impure { .. } => Ok(None),
        }
    }
}

impl Derivation {
    /// Notes that `output` is needed of the derivation in the file `drv_path` or, if `through` is not
    /// empty, of the one whose file is the last output of that chain.
    pub fn add_input(&mut self, drv_path: StorePath, through: &[String], output: String) {
        let mut node = self.input_derivations.entry(drv_path).or_default();
        for step in through {
            node = node.dynamic.entry(step.clone()).or_default();
        }
        node.outputs.insert(output);
    }

    /// Whether an output of an output is needed, which takes the newer file format.
    pub fn has_dynamic_inputs(&self) -> bool {
        self.input_derivations.values().any(|input| !input.dynamic.is_empty())
    }

    /// The type of the derivation. Outputs that do not go together are an error.
    pub fn derivation_type(&self) -> Result<DerivationType, Error> {
        let complain = |text: &str| Err(Error::new(ErrorKind::Derivation, text, &[]));
        let (mut decided, mut floating_algo) = (None, None);
        for (name, output) in &self.outputs {
            let this = match output {
                Output::InputAddressed(_) => DerivationType::InputAddressed { deferred: false },
                Output::Deferred => DerivationType::InputAddressed { deferred: true },
                Output::Fixed(_) => DerivationType::Fixed,
                Output::Floating { .. } => DerivationType::Floating,
                Output::Impure { .. } => DerivationType::Impure,
            };
            match decided {
                Some(other) if other != this => return complain("can't mix derivation output types"),
                Some(DerivationType::Fixed) => return complain("only one fixed output is allowed for now"),
                _ => decided = Some(this),
            }
            match output {
                Output::Fixed(_) if name != "out" => {
                    return complain("single fixed output must be named \"out\"");
                }
                Output::Floating { algo, .. } if *floating_algo.get_or_insert(*algo) != *algo => {
                    return complain("all floating outputs must use the same hash algorithm");
                }
                _ => {}
            }
        }
        match decided {
            Some(decided) => Ok(decided),
            None => complain("must have at least one output"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::nixhash::NixHash;

    fn with_outputs(outputs: &[(&str, Output)]) -> Result<DerivationType, String> {
        let outputs = outputs.iter().map(|(name, output)| (name.to_string(), output.clone())).collect();
        Derivation { outputs, ..Derivation::default() }.derivation_type().map_err(|e| e.to_string())
    }

    #[test]
    fn types() {
        let fixed = Output::Fixed(CAHash { mode: HashMode::Flat, hash: NixHash::zero(HashAlgo::Md5) });
        let floating = |algo| Output::Floating { mode: HashMode::Nar, algo };
        let sha256 = floating(HashAlgo::Sha256);
        let complain = |text: &str| Err(text.to_string());
        assert_eq!(with_outputs(&[]), complain("must have at least one output"));
        assert_eq!(with_outputs(&[("out", fixed.clone())]), Ok(DerivationType::Fixed));
        assert_eq!(
            with_outputs(&[("x", fixed.clone())]),
            complain("single fixed output must be named \"out\"")
        );
        assert_eq!(
            with_outputs(&[("out", fixed.clone()), ("x", fixed)]),
            complain("only one fixed output is allowed for now")
        );
        assert_eq!(
            with_outputs(&[("a", sha256.clone()), ("b", sha256.clone())]),
            Ok(DerivationType::Floating)
        );
        assert_eq!(
            with_outputs(&[("a", sha256.clone()), ("b", floating(HashAlgo::Sha1))]),
            complain("all floating outputs must use the same hash algorithm")
        );
        assert_eq!(
            with_outputs(&[("a", sha256), ("b", Output::Deferred)]),
            complain("can't mix derivation output types")
        );
    }
}
