//! Derivations: the recipes of builds, and the store paths that follow from them.
//!
//! `write` prints the file format, and `parse` reads it. `modulo` computes the hash that replaces the path of
//! an input derivation. `instantiate` turns a derivation as the evaluator has it into a finished file, and `aggregate` one that
//! has got more inputs.

mod aggregate;
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

pub use aggregate::Completed;
pub use instantiate::Instantiated;
pub use modulo::{HashModulo, HashModulos};

/// A derivation without its name, which only its path contains.
///
/// Texts that a builder sees are bytes. Nix prints `system`, unlike the others, without escapes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The outputs by name.
    pub outputs: BTreeMap<String, Output>,
    /// The derivations it needs, and which of their outputs.
    pub input_derivations: BTreeMap<StorePath, InputOutputs>,
    /// The other store objects it needs.
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

/// What determines the path of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// The derivation.
    InputAddressed(StorePath),
    /// The content, whose hash is stated beforehand.
    Fixed(CAHash),
    /// The content, once it is built (`__contentAddressed`).
    Floating {
        /// The form in which the content is hashed.
        mode: HashMode,
        /// The hash algorithm.
        algo: HashAlgo,
    },
    /// The derivation, but only after floating outputs among its inputs are built. The evaluator also starts
    /// with this for outputs whose path it has yet to compute.
    Deferred,
    /// The content, anew with each build (`__impure`).
    Impure {
        /// The form in which the content is hashed.
        mode: HashMode,
        /// The hash algorithm.
        algo: HashAlgo,
    },
}

/// Which outputs of a derivation are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputOutputs {
    /// The names of the outputs.
    pub outputs: BTreeSet<String>,
    /// For outputs that are derivation files: which of the outputs of those are needed (dynamic derivations).
    pub dynamic: BTreeMap<String, InputOutputs>,
}

/// What the outputs of a derivation have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerivationType {
    /// All paths follow from the derivation.
    InputAddressed {
        /// Whether they are not known yet.
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
    /// The path of this output, the output `output` of `drv_name`, if it is known without a build.
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
    /// Records that `output` is needed of the derivation in the file `drv_path`. If `through` is not empty,
    /// it is needed of the derivation whose file is the last output of that chain.
    pub fn add_input(&mut self, drv_path: StorePath, through: &[String], output: String) {
        let mut node = self.input_derivations.entry(drv_path).or_default();
        for step in through {
            node = node.dynamic.entry(step.clone()).or_default();
        }
        node.outputs.insert(output);
    }

    /// Whether the paths of the outputs are known before a build.
    pub fn has_known_outputs(&self) -> Result<bool, Error> {
        let known =
            |kind| matches!(kind, DerivationType::InputAddressed { deferred: false } | DerivationType::Fixed);
        self.derivation_type().map(known)
    }

    /// Whether an output of an output is needed, which requires the newer file format.
    pub fn has_dynamic_inputs(&self) -> bool {
        self.input_derivations.values().any(|input| !input.dynamic.is_empty())
    }

    /// The type of the derivation. Outputs that do not fit together are an error.
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
