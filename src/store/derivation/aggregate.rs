//! Completes a finished derivation that has got more inputs, as Hydra does with its aggregates.

use super::modulo::{HashModulos, ReplacedInputs};
use super::write::{Template, known_paths};
use super::{Derivation, DerivationType, Output};
use crate::store::build_path::build_output_path;
use crate::store::error::Error;
use crate::store::store_path::{StoreDir, StorePath};

/// The paths of a derivation that has got more inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// The path of its file.
    pub drv_path: StorePath,
    /// The path of the output `out`.
    pub out: StorePath,
    /// The contents of its file.
    pub aterm: Vec<u8>,
}

impl Derivation {
    /// Computes the path of the output `out` anew, and that of the derivation's file, and records its hash modulo in `known`, which
    /// has those of all inputs. Other outputs keep their paths. `None` if there is no such output, or if only a build determines
    /// its path.
    pub fn complete_again(
        &mut self,
        name: &str,
        store: &StoreDir,
        known: &mut HashModulos,
    ) -> Result<Option<Completed>, Error> {
        const OUT: &str = "out";
        let hash = match self.derivation_type()? {
            DerivationType::Fixed => self.hash_fixed(store, &known_paths(self, name, store)?).hash,
            DerivationType::InputAddressed { .. } => match known.replace_inputs(self, name, store)? {
                ReplacedInputs::Known(inputs) => {
                    Some(Template::new(self, store).masked_hash(self, store, &inputs))
                }
                ReplacedInputs::Deferred => None,
            },
            DerivationType::Floating | DerivationType::Impure => None,
        };
        let (Some(hash), true) = (hash, self.outputs.contains_key(OUT)) else {
            return Ok(None);
        };
        let out = build_output_path(store, &hash, OUT, name)?;
        self.environment.insert(OUT.as_bytes().to_vec(), store.print(&out).into_bytes());
        self.outputs.insert(OUT.to_owned(), Output::InputAddressed(out.clone()));
        let aterm = self.to_aterm_bytes(name, store)?;
        let drv_path = self.path_of_file(name, store, &aterm)?;
        let modulo = self.hash_derivation_modulo(name, store, known)?;
        known.insert(drv_path.clone(), modulo);
        Ok(Some(Completed { drv_path, out, aterm }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str) -> Derivation {
        let mut drv = Derivation { builder: b"b".to_vec(), system: b"s".to_vec(), ..Derivation::default() };
        drv.environment.insert(b"name".to_vec(), name.as_bytes().to_vec());
        drv.outputs.insert("out".to_owned(), Output::Deferred);
        drv
    }

    /// A derivation that gets an input is the one that had it from the beginning.
    #[test]
    fn paths_follow_from_the_inputs() {
        let store = StoreDir::default();
        let mut known = HashModulos::default();
        let input = plain("input").instantiate("input", &store, &mut known).expect("a derivation");
        let mut with = plain("sum");
        with.add_input(input.drv_path.clone(), &[], "out".to_owned());
        let mut later = plain("sum");
        let with = with.instantiate("sum", &store, &mut known).expect("a derivation");
        later.instantiate("sum", &store, &mut known).expect("a derivation");
        later.add_input(input.drv_path, &[], "out".to_owned());
        let done = later.complete_again("sum", &store, &mut known).expect("paths").expect("known paths");
        assert_eq!((&done.drv_path, &done.aterm), (&with.drv_path, &with.aterm));
        assert_eq!(Some(&done.out), with.outputs[0].1.as_ref());
        let mut without = plain("sum");
        without.outputs = [("dev".to_owned(), Output::Deferred)].into();
        without.instantiate("sum", &store, &mut known).expect("a derivation");
        assert_eq!(without.complete_again("sum", &store, &mut known), Ok(None));
    }
}
