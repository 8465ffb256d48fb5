//! Computes the hash modulo of derivations, which replaces them in the derivations that need them, and caches
//! it for each derivation file.
//!
//! It is the hash of a derivation whose inputs are replaced by their own hashes modulo. A fixed output counts
//! by its content address alone: however it is fetched, the derivations that need it stay the same.

use hashbrown::HashMap;

use super::write::{Template, known_paths, list, outputs_text, plain};
use super::{Derivation, DerivationType, Output};
use crate::store::base::push_hex;
use crate::store::error::{Error, ErrorKind};
use crate::store::features::Features;
use crate::store::nixhash::sha256;
use crate::store::store_path::{StoreDir, StorePath};

/// The hash modulo of a derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashModulo {
    /// The hash, or `None` if the outputs' paths are not known before a build.
    pub hash: Option<[u8; 32]>,
    /// The names of the outputs, in order.
    pub outputs: Vec<String>,
}

/// The hash modulo of each derivation seen so far, by the path of its file.
#[derive(Debug, Clone, Default)]
pub struct HashModulos(HashMap<StorePath, HashModulo>);

/// The text that replaces the list of input derivations.
pub(super) enum ReplacedInputs {
    /// The list without its brackets.
    Known(Vec<u8>),
    /// The outputs of some input are not known yet.
    Deferred,
}

impl HashModulos {
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The hash modulo of the derivation in the file `drv_path`, if it was seen.
    pub fn get(&self, drv_path: &StorePath) -> Option<&HashModulo> {
        self.0.get(drv_path)
    }

    /// Records the hash modulo of a derivation.
    pub fn insert(&mut self, drv_path: StorePath, modulo: HashModulo) {
        self.0.insert(drv_path, modulo);
    }

    /// An input of `drv` that was not seen. It must be [loaded](HashModulos::load) first.
    pub fn missing_input<'a>(&self, drv: &'a Derivation) -> Option<&'a StorePath> {
        drv.input_derivations.keys().find(|path| !self.0.contains_key(*path))
    }

    /// Reads the derivation file `drv_path` with `read`, and those of its inputs that were not seen yet.
    pub fn load<E: From<Error>>(
        &mut self,
        drv_path: &StorePath,
        store: &StoreDir,
        features: Features,
        mut read: impl FnMut(&StorePath) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        let mut open: Vec<(StorePath, Derivation)> = Vec::new();
        let mut next = (!self.0.contains_key(drv_path)).then(|| drv_path.clone());
        loop {
            if let Some(path) = next.take() {
                if open.iter().any(|(other, _)| *other == path) {
                    let text = "derivation '{}' needs itself";
                    return Err(at_path(ErrorKind::Derivation, text, store, &path, b"").into());
                }
                let bytes = read(&path)?;
                open.push((path.clone(), read_file(&bytes, &path, store, features)?));
            }
            let Some((path, drv)) = open.last() else { return Ok(()) };
            match self.missing_input(drv) {
                Some(input) => next = Some(input.clone()),
                None => {
                    let modulo = drv.hash_derivation_modulo(path.derivation_name()?, store, self)?;
                    self.0.insert(path.clone(), modulo);
                    open.pop();
                }
            }
        }
    }

    /// The inputs of the derivation `name`, replaced by their hashes modulo. Equal inputs are merged.
    pub(super) fn replace_inputs(
        &self,
        drv: &Derivation,
        name: &str,
        store: &StoreDir,
    ) -> Result<ReplacedInputs, Error> {
        let mut deferred = false;
        let mut needed: Vec<([u8; 32], &str)> = Vec::with_capacity(drv.input_derivations.len());
        for (path, input) in &drv.input_derivations {
            let Some(modulo) = self.0.get(path) else {
                return Err(at_path(
                    ErrorKind::Derivation,
                    "store path '{}' does not exist",
                    store,
                    path,
                    b"",
                ));
            };
            deferred |= modulo.hash.is_none();
            for output in &input.outputs {
                if !modulo.outputs.contains(output) {
                    let text = "no hash for output '{}' of derivation '{}'";
                    return Err(Error::new(
                        ErrorKind::Derivation,
                        text,
                        &[output.as_bytes(), name.as_bytes()],
                    ));
                }
                needed.extend(modulo.hash.map(|hash| (hash, output.as_str())));
            }
        }
        if deferred {
            return Ok(ReplacedInputs::Deferred);
        }
        needed.sort_unstable();
        needed.dedup();
        let mut out = Vec::with_capacity(needed.len() * 80);
        for (i, group) in needed.chunk_by(|a, b| a.0 == b.0).enumerate() {
            out.extend_from_slice(if i > 0 { b",(\"" } else { b"(\"" });
            push_hex(&mut out, &group[0].0);
            out.extend_from_slice(b"\",");
            list(&mut out, group, |out, (_, output)| plain(out, output.as_bytes()));
            out.push(b')');
        }
        Ok(ReplacedInputs::Known(out))
    }
}

impl Derivation {
    /// The hash modulo of this derivation, called `name`. Its inputs must be known.
    pub fn hash_derivation_modulo(
        &self,
        name: &str,
        store: &StoreDir,
        known: &HashModulos,
    ) -> Result<HashModulo, Error> {
        let kind = self.derivation_type()?;
        let paths = known_paths(self, name, store)?;
        if kind == DerivationType::Fixed {
            return Ok(self.hash_fixed(store, &paths));
        }
        let inputs = known.replace_inputs(self, name, store)?;
        Ok(self.hash_with_inputs(
            kind,
            &Template::new(self, store),
            &outputs_text(self, store, &paths),
            &inputs,
        ))
    }

    /// The hash modulo of a derivation with a fixed output.
    pub(super) fn hash_fixed(&self, store: &StoreDir, paths: &[Option<StorePath>]) -> HashModulo {
        let hash = self.outputs.values().zip(paths).find_map(|(output, path)| match (output, path) {
            (Output::Fixed(ca), Some(path)) => Some(sha256(&[
                b"fixed:out:",
                ca.method_algo().as_bytes(),
                b":",
                ca.digest_hex().as_bytes(),
                b":",
                store.print(path).as_bytes(),
            ])),
            _ => None,
        });
        HashModulo { hash, outputs: self.outputs.keys().cloned().collect() }
    }

    /// The hash modulo of a derivation of another type.
    pub(super) fn hash_with_inputs(
        &self,
        kind: DerivationType,
        template: &Template,
        outputs: &[u8],
        inputs: &ReplacedInputs,
    ) -> HashModulo {
        let hash = match (kind, inputs) {
            (DerivationType::InputAddressed { .. }, ReplacedInputs::Known(inputs)) => {
                Some(template.with_pieces(self, outputs, inputs, sha256))
            }
            _ => None,
        };
        HashModulo { hash, outputs: self.outputs.keys().cloned().collect() }
    }
}

/// Reads a derivation file. Parse errors get Nix's context.
fn read_file(
    bytes: &[u8],
    path: &StorePath,
    store: &StoreDir,
    features: Features,
) -> Result<Derivation, Error> {
    let parse_error = |message: &[u8]| {
        at_path(ErrorKind::Format, "error parsing derivation '{}': {}", store, path, message)
    };
    if bytes.is_empty() {
        return Err(parse_error(b"file is empty (possible filesystem corruption)"));
    }
    Derivation::from_aterm_bytes(bytes, path.derivation_name()?, store, features).map_err(|error| match error
        .kind()
    {
        ErrorKind::Format => parse_error(error.message()),
        _ => error,
    })
}

fn at_path(kind: ErrorKind, text: &str, store: &StoreDir, path: &StorePath, more: &[u8]) -> Error {
    Error::new(kind, text, &[store.print(path).as_bytes(), more])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(base: &str) -> StorePath {
        StorePath::from_base_name(base.as_bytes()).expect("a path")
    }

    fn load(files: &[(&StorePath, &str)], first: &StorePath) -> Result<HashModulos, String> {
        let mut known = HashModulos::default();
        let read = |path: &StorePath| {
            let text = files.iter().find(|(p, _)| *p == path).map(|(_, text)| text.as_bytes().to_vec());
            text.ok_or_else(|| Error::new(ErrorKind::Path, "no file", &[]))
        };
        let done = known.load(first, &StoreDir::default(), Features::all(), read);
        done.map(|()| known).map_err(|e| e.to_string())
    }

    #[test]
    fn files_are_loaded_once_and_in_order() {
        let [a, b] =
            ["00000000000000000000000000000000-a.drv", "11111111111111111111111111111111-b.drv"].map(path);
        let fixed = r#"Derive([("out","/x","md5","d41d8cd98f00b204e9800998ecf8427e")],[],[],"s","b",[],[])"#;
        let needs_a = format!(
            r#"Derive([("out","/nix/store/{a}","","")],[("/nix/store/{a}",["out"])],[],"s","b",[],[])"#
        );
        let known = load(&[(&a, fixed), (&b, &needs_a)], &b).expect("both are there");
        assert_eq!(known.len(), 2);
        assert!(known.get(&a).is_some_and(|m| m.hash.is_some()));

        let complaint = |files: &[(&StorePath, &str)]| load(files, &b).err().unwrap_or_default();
        assert_eq!(complaint(&[(&b, &needs_a)]), "no file");
        assert_eq!(
            complaint(&[(&b, "")]),
            format!(
                "error parsing derivation '/nix/store/{b}': file is empty (possible filesystem corruption)"
            )
        );
        assert_eq!(complaint(&[(&b, "D")]), "derivation does not start with 'Derive' or 'DrvWithVersion'",);
        let wrong = needs_a.replace(r#"["out"]"#, r#"["dev"]"#);
        assert_eq!(complaint(&[(&a, fixed), (&b, &wrong)]), "no hash for output 'dev' of derivation 'b'");
        let circle = needs_a.replace(&a.to_string(), &b.to_string());
        assert_eq!(complaint(&[(&b, &circle)]), format!("derivation '/nix/store/{b}' needs itself"));
    }
}
