//! Turns a derivation as the evaluator has it into output paths, a derivation file and that file's path.

use super::modulo::{HashModulos, ReplacedInputs};
use super::write::{Template, inputs_text, known_paths, outputs_text};
use super::{Derivation, DerivationType, Output};
use crate::store::build_path::{build_output_path, kind_with_references, make_store_path, sha256_hash};
use crate::store::error::{Error, ErrorKind};
use crate::store::nixhash::sha256;
use crate::store::placeholder::hash_placeholder;
use crate::store::store_path::{StoreDir, StorePath};

/// A finished derivation file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instantiated {
    /// The path of the file.
    pub drv_path: StorePath,
    /// The paths of the outputs by name; `None` if only a build determines it.
    pub outputs: Vec<(String, Option<StorePath>)>,
    /// The contents of the file.
    pub aterm: Vec<u8>,
}

impl Derivation {
    /// Completes a derivation whose attributes and inputs the evaluator has collected. Sets the variable of
    /// each output, computes the paths of deferred outputs unless an input is deferred as well, and records
    /// the derivation's hash modulo in `known`.
    ///
    /// All inputs must be in `known`. The variables of floating and impure outputs become placeholders.
    pub fn instantiate(
        &mut self,
        name: &str,
        store: &StoreDir,
        known: &mut HashModulos,
    ) -> Result<Instantiated, Error> {
        let kind = self.derivation_type()?;
        for (output_name, output) in &self.outputs {
            let value = match output {
                Output::Floating { .. } | Output::Impure { .. } => hash_placeholder(output_name.as_bytes()),
                Output::Deferred => String::new(),
                _ => {
                    output.path(store, name, output_name)?.map(|path| store.print(&path)).unwrap_or_default()
                }
            };
            self.environment.insert(output_name.clone().into_bytes(), value.into_bytes());
        }
        let template = Template::new(self, store);
        let inputs = match kind {
            DerivationType::Fixed => None,
            _ => Some(known.replace_inputs(self, name, store)?),
        };
        if let (DerivationType::InputAddressed { .. }, Some(inputs)) = (kind, &inputs) {
            self.fill_output_paths(name, store, &template, inputs)?;
        }

        let paths = known_paths(self, name, store)?;
        let outputs = outputs_text(self, store, &paths);
        let input_paths = inputs_text(self, store);
        let aterm = template.with_pieces(self, &outputs, &input_paths, |pieces| pieces.concat());
        let drv_path = self.path_of_file(name, store, &aterm)?;
        let modulo = match &inputs {
            None => self.hash_fixed(store, &paths),
            Some(inputs) => self.hash_with_inputs(kind, &template, &outputs, inputs),
        };
        known.insert(drv_path.clone(), modulo);
        let outputs = self.outputs.keys().cloned().zip(paths).collect();
        Ok(Instantiated { drv_path, outputs, aterm })
    }

    pub(super) fn path_of_file(
        &self,
        name: &str,
        store: &StoreDir,
        aterm: &[u8],
    ) -> Result<StorePath, Error> {
        let mut references: Vec<&StorePath> =
            self.input_sources.iter().chain(self.input_derivations.keys()).collect();
        references.sort();
        references.dedup();
        let kind = kind_with_references(store, "text", references, false);
        make_store_path(store, &kind, &sha256_hash(&sha256(&[aterm])), format!("{name}.drv").as_bytes())
    }

    fn output_names(&self) -> Vec<String> {
        self.outputs.keys().cloned().collect()
    }

    fn fill_output_paths(
        &mut self,
        name: &str,
        store: &StoreDir,
        template: &Template,
        inputs: &ReplacedInputs,
    ) -> Result<(), Error> {
        let hash = match inputs {
            ReplacedInputs::Known(inputs) => Some(template.masked_hash(self, store, inputs)),
            ReplacedInputs::Deferred => None,
        };
        for output_name in self.output_names() {
            let path = hash.map(|hash| build_output_path(store, &hash, &output_name, name)).transpose()?;
            match (self.outputs.get(&output_name), path) {
                (Some(Output::Deferred), Some(path)) => {
                    self.set_variable(&output_name, store.print(&path))?;
                    self.outputs.insert(output_name, Output::InputAddressed(path));
                }
                (Some(Output::InputAddressed(stated)), Some(path)) if *stated != path => {
                    let text = "derivation has incorrect output '{}', should be '{}'";
                    let paths = [store.print(stated), store.print(&path)];
                    return Err(complaint(text, &[&paths[0], &paths[1]]));
                }
                (Some(Output::InputAddressed(stated)), None) => {
                    let text = "derivation has incorrect output '{}', should be deferred";
                    return Err(complaint(text, &[&store.print(stated)]));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Sets the variable named after an output, or checks it if it has a value.
    fn set_variable(&mut self, output: &str, path: String) -> Result<(), Error> {
        let value = self.environment.entry(output.as_bytes().to_vec()).or_default();
        if value.is_empty() {
            *value = path.into_bytes();
        } else if *value != path.as_bytes() {
            let text =
                "derivation has incorrect environment variable '{}', should be '{}' but is actually '{}'";
            let args: [&[u8]; 3] = [output.as_bytes(), path.as_bytes(), value];
            return Err(Error::new(ErrorKind::Derivation, text, &args));
        }
        Ok(())
    }
}

fn complaint(text: &str, args: &[&str]) -> Error {
    let args: Vec<&[u8]> = args.iter().map(|arg| arg.as_bytes()).collect();
    Error::new(ErrorKind::Derivation, text, &args)
}

#[cfg(test)]
impl Derivation {
    /// Computes the paths of deferred outputs, unless an input is deferred, and checks the stated ones. Sets
    /// variables named after outputs where they are missing or empty, and checks the others.
    /// [`Derivation::instantiate`] includes this.
    pub fn calculate_output_paths(
        &mut self,
        name: &str,
        store: &StoreDir,
        known: &HashModulos,
    ) -> Result<(), Error> {
        match self.derivation_type()? {
            DerivationType::InputAddressed { .. } => {
                let inputs = known.replace_inputs(self, name, store)?;
                let template = Template::new(self, store);
                self.fill_output_paths(name, store, &template, &inputs)
            }
            DerivationType::Fixed => {
                for (path, output) in known_paths(self, name, store)?.into_iter().zip(self.output_names()) {
                    path.map_or(Ok(()), |path| self.set_variable(&output, store.print(&path)))?;
                }
                Ok(())
            }
            DerivationType::Floating | DerivationType::Impure => Ok(()),
        }
    }

    /// The path of the derivation's file. [`Derivation::instantiate`] includes this.
    pub fn calculate_derivation_path(&self, name: &str, store: &StoreDir) -> Result<StorePath, Error> {
        self.path_of_file(name, store, &self.to_aterm_bytes(name, store)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::features::Features;
    use std::collections::BTreeMap;

    const FILES: &[u8] = include_bytes!("../../../testdata/store/derivations.txt");
    const OTHER_FILES: &[u8] = include_bytes!("../../../testdata/store/derivations-other-dir.txt");

    /// The recorded derivation files by path.
    fn recorded(store: &StoreDir, files: &'static [u8]) -> BTreeMap<StorePath, &'static [u8]> {
        let lines = files.split(|&c| c == b'\n').filter(|line| !line.is_empty() && line[0] != b'#');
        let file = |line: &'static [u8]| {
            let tab = line.iter().position(|&c| c == b'\t').expect("a path and a file");
            (store.parse(&line[..tab]).expect("a store path"), &line[tab + 1..])
        };
        lines.map(file).collect()
    }

    fn parse(path: &StorePath, bytes: &[u8], store: &StoreDir) -> Derivation {
        let name = path.derivation_name().expect("a derivation");
        Derivation::from_aterm_bytes(bytes, name, store, Features::all()).expect("a file of Nix")
    }

    /// The derivation as it was before its output paths were computed.
    fn unfinished(drv: &Derivation) -> Derivation {
        let mut drv = drv.clone();
        for (name, output) in &mut drv.outputs {
            drv.environment.remove(name.as_bytes());
            if matches!(output, Output::InputAddressed(_)) {
                *output = Output::Deferred;
            }
        }
        drv
    }

    /// Instantiates the inputs of `path` and then `path` itself, and compares everything with Nix's files.
    fn check(
        path: &StorePath,
        files: &BTreeMap<StorePath, &'static [u8]>,
        store: &StoreDir,
        known: &mut HashModulos,
    ) {
        if known.get(path).is_some() {
            return;
        }
        let (bytes, name) = (files[path], path.derivation_name().expect("a derivation"));
        let drv = parse(path, bytes, store);
        drv.input_derivations.keys().for_each(|input| check(input, files, store, known));
        assert!(drv.to_aterm_bytes(name, store).as_deref() == Ok(bytes), "printing {path}");
        assert_eq!(drv.calculate_derivation_path(name, store).as_ref(), Ok(path));
        let modulo = drv.hash_derivation_modulo(name, store, known).expect("inputs are known");

        let mut again = unfinished(&drv);
        let done = again.instantiate(name, store, known).expect("Nix did it");
        assert_eq!((&done.drv_path, &done.aterm[..], &again), (path, bytes, &drv));
        assert_eq!(known.get(path), Some(&modulo));

        let mut filled = unfinished(&drv);
        for output in drv.outputs.keys() {
            filled.environment.insert(output.clone().into_bytes(), Vec::new());
        }
        filled.calculate_output_paths(name, store, known).expect("Nix did it");
        assert_eq!(filled.outputs, drv.outputs);
        assert_eq!(drv.clone().calculate_output_paths(name, store, known), Ok(()), "checking {path}");
    }

    #[test]
    fn files_as_recorded() {
        for (dir, files) in [("/nix/store", FILES), ("/opt/other", OTHER_FILES)] {
            let store = StoreDir::new(dir).expect("an absolute path");
            let files = recorded(&store, files);
            let mut known = HashModulos::default();
            files.keys().for_each(|path| check(path, &files, &store, &mut known));
            assert_eq!(known.len(), files.len());
            assert!(files.len() > 30);

            let mut loaded = HashModulos::default();
            for path in files.keys() {
                let read = |path: &StorePath| Ok::<_, Error>(files[path].to_vec());
                loaded.load(path, &store, Features::all(), read).expect("files of Nix");
                assert_eq!(loaded.get(path), known.get(path));
            }
        }
    }

    #[test]
    fn wrong_paths_and_variables() {
        let store = StoreDir::default();
        let files = recorded(&store, FILES);
        let (path, bytes) =
            files.iter().find(|(path, _)| path.name() == "plain.drv").expect("derivations.nix has it");
        let drv = parse(path, bytes, &store);
        let complaint = |drv: &Derivation| {
            let done = drv.clone().calculate_output_paths("plain", &store, &HashModulos::default());
            done.err().map(|e| e.to_string()).unwrap_or_default()
        };
        let out = drv.outputs["out"].path(&store, "plain", "out").expect("a path").expect("known");
        let out = store.print(&out);
        let mut wrong = unfinished(&drv);
        wrong.environment.insert(b"out".to_vec(), b"/x".to_vec());
        assert_eq!(
            complaint(&wrong),
            format!(
                "derivation has incorrect environment variable 'out', should be '{out}' but is actually '/x'"
            )
        );
        let mut wrong = drv.clone();
        wrong.outputs.insert("out".to_string(), Output::InputAddressed(path.clone()));
        assert_eq!(
            complaint(&wrong),
            format!("derivation has incorrect output '{}', should be '{out}'", store.print(path))
        );
        let mut wrong = drv.clone();
        wrong.add_input(path.clone(), &[], "out".to_string());
        assert_eq!(complaint(&wrong), format!("store path '{}' does not exist", store.print(path)));
    }

    // A name may be 211 characters long, and `.drv` counts.
    #[test]
    fn names_that_are_too_long_only_with_the_extension() {
        let mut drv = Derivation { builder: b"b".to_vec(), system: b"s".to_vec(), ..Derivation::default() };
        drv.outputs.insert("out".to_string(), Output::Deferred);
        let instantiate = |length| {
            let done = drv.clone().instantiate(
                &"a".repeat(length),
                &StoreDir::default(),
                &mut HashModulos::default(),
            );
            done.err().map(|e| e.to_string()).unwrap_or_default()
        };
        assert_eq!(instantiate(207), "");
        assert!(instantiate(208).ends_with(".drv' must be no longer than 211 characters"));
    }
}
