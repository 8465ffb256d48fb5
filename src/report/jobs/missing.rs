//! What would have to be built for a job, if nothing can be fetched: what an offline store answers to `--check-cache-status`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hashbrown::HashMap;

use super::fields;
use super::package::Outputs;
use crate::builtins::read_derivation;
use crate::eval::{Evaluator, Res};
use crate::store::{Derivation, StorePath};

/// The derivations that have been looked at.
#[derive(Default)]
pub struct Missing(HashMap<StorePath, Rc<Inputs>>);

/// A derivation that a build may need.
struct Inputs {
    /// The outputs whose paths are not in the store, or not known.
    missing: BTreeSet<String>,
    /// The derivations that it needs, and which of their outputs.
    needs: BTreeMap<StorePath, BTreeSet<String>>,
    /// The store objects whose files its file refers to.
    references: BTreeSet<StorePath>,
}

impl Missing {
    /// The fields of a line that say what is missing.
    ///
    /// # Errors
    /// When a derivation cannot be read.
    pub fn status(
        &mut self,
        ev: &Evaluator,
        outputs: &Outputs,
        drv: &Derivation,
    ) -> Res<[(&'static str, String); 4]> {
        let mut is_local = true;
        for path in outputs.values().flatten() {
            is_local &= exists(ev, &ev.parse_store_path(path)?)?;
        }
        let builds = self.builds(ev, needs(drv))?;
        is_local &= builds.is_empty();
        let dir = ev.store_dir()?;
        let builds: Vec<String> = builds.iter().map(|path| dir.print(path)).collect();
        let status = if is_local { "local" } else { "notBuilt" };
        Ok([
            ("isCached", is_local.to_string()),
            ("cacheStatus", fields::text(status)),
            ("neededBuilds", fields::texts(&builds)),
            ("neededSubstitutes", fields::list([])),
        ])
    }

    /// The derivations that have to be built, each behind those that it refers to.
    fn builds(
        &mut self,
        ev: &Evaluator,
        needs: BTreeMap<StorePath, BTreeSet<String>>,
    ) -> Res<Vec<StorePath>> {
        let mut builds: BTreeSet<StorePath> = BTreeSet::new();
        let mut open: Vec<(StorePath, BTreeSet<String>)> = needs.into_iter().collect();
        while let Some((path, wanted)) = open.pop() {
            if builds.contains(&path) {
                continue;
            }
            let inputs = self.inputs(ev, &path)?;
            if !inputs.missing.is_disjoint(&wanted) {
                open.extend(inputs.needs.iter().map(|(path, outputs)| (path.clone(), outputs.clone())));
                builds.insert(path);
            }
        }
        let mut sorted = Vec::with_capacity(builds.len());
        let mut seen = BTreeSet::new();
        for path in &builds {
            self.visit(path, &builds, &mut seen, &mut sorted);
        }
        Ok(sorted)
    }

    /// Puts a derivation behind those that it refers to, without recursion.
    fn visit(
        &self,
        path: &StorePath,
        builds: &BTreeSet<StorePath>,
        seen: &mut BTreeSet<StorePath>,
        sorted: &mut Vec<StorePath>,
    ) {
        let mut open: Vec<(StorePath, bool)> = vec![(path.clone(), false)];
        while let Some((path, is_done)) = open.pop() {
            if is_done {
                sorted.push(path);
            } else if seen.insert(path.clone()) {
                open.push((path.clone(), true));
                let known = self.0.get(&path);
                let references = known.iter().flat_map(|inputs| inputs.references.iter().rev());
                open.extend(
                    references
                        .filter(|r| builds.contains(*r) && !seen.contains(*r))
                        .map(|r| (r.clone(), false)),
                );
            }
        }
    }

    fn inputs(&mut self, ev: &Evaluator, path: &StorePath) -> Res<Rc<Inputs>> {
        if let Some(known) = self.0.get(path) {
            return Ok(known.clone());
        }
        let drv = read_derivation(ev, path)?;
        let name = path.derivation_name().map_err(|e| ev.store_error(&e))?;
        let dir = ev.store_dir()?;
        let mut missing = BTreeSet::new();
        for (output, of) in &drv.outputs {
            let path = of.path(dir, name, output).map_err(|e| ev.store_error(&e))?;
            let is_there = path.map_or(Ok(false), |path| exists(ev, &path))?;
            if !is_there {
                missing.insert(output.clone());
            }
        }
        let needs = needs(&drv);
        let references = needs.keys().cloned().chain(drv.input_sources).collect();
        let inputs = Rc::new(Inputs { missing, needs, references });
        self.0.insert(path.clone(), inputs.clone());
        Ok(inputs)
    }
}

fn needs(drv: &Derivation) -> BTreeMap<StorePath, BTreeSet<String>> {
    drv.input_derivations.iter().map(|(path, input)| (path.clone(), input.outputs.clone())).collect()
}

/// Whether a store object is in the store.
fn exists(ev: &Evaluator, path: &StorePath) -> Res<bool> {
    let path = ev.store_dir()?.print(path);
    let kind = ev.unguarded_host().file_type(path.as_bytes());
    Ok(kind.map_err(|e| ev.host_error(e))?.is_some())
}
