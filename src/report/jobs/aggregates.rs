//! Completes aggregates when all jobs are known: their derivations need those of the jobs that they name.

use std::collections::BTreeMap;

use super::constituents::{Constituents, Made};
use super::fields;
use super::find::{Job, outputs_json};
use super::selection::{Aggregate, Cycle, select};
use crate::eval::{Error, Evaluator, Res};
use crate::store::derivation::Completed;
use crate::store::{Derivation, HashModulos};

/// An aggregate whose line is complete.
pub struct Finished {
    /// The line.
    pub line: String,
    /// The path of its new derivation, with the contents of the file.
    pub derivation: Option<(String, Vec<u8>)>,
}

/// Completes the aggregates among jobs, in the order in which they are printed. Says what is wrong with them.
///
/// # Errors
/// When the derivation of one is malformed.
pub fn finish(
    ev: &Evaluator,
    mut jobs: BTreeMap<String, Job>,
    say: &mut dyn FnMut(&str),
) -> Res<Vec<Finished>> {
    let mut finished = Vec::new();
    match select(&jobs, say) {
        Ok(aggregates) => {
            let mut completing = Completing { ev, modulos: HashModulos::default() };
            for aggregate in &aggregates {
                finished.push(completing.complete(aggregate, &mut jobs)?);
            }
        }
        Err(Cycle { between: [a, b], others }) => {
            say(&format!("Found dependency cycle between jobs '{a}' and '{b}'"));
            let message = format!("Dependency cycle: {a} <-> {b}");
            let skipped = "Skipping aggregate because of a dependency cycle";
            let of_others = others.iter().map(|name| (name, skipped));
            for (name, error) in [(&a, &message[..]), (&b, &message)].into_iter().chain(of_others) {
                if let Some(mut job) = jobs.remove(name) {
                    job.fields.insert("error".to_owned(), fields::text(error));
                    finished.push(Finished { line: fields::line(&job.fields), derivation: None });
                }
            }
        }
    }
    Ok(finished)
}

/// The derivations that are known while aggregates are completed.
struct Completing<'e> {
    ev: &'e Evaluator,
    modulos: HashModulos,
}

impl Completing<'_> {
    fn complete(&mut self, aggregate: &Aggregate, jobs: &mut BTreeMap<String, Job>) -> Res<Finished> {
        let made = aggregate.dependencies.iter().filter_map(|name| jobs.get(name)?.made.clone());
        let made: Vec<Made> = made.collect();
        let Some(job) = jobs.get_mut(&aggregate.name) else {
            return Err(Error::eval(format!("the aggregate '{}' is no job", aggregate.name)));
        };
        let mut derivation = None;
        job.fields.remove("namedConstituents");
        if let (Some(path), Some(mut of), true) =
            (job.drv_path.clone(), job.constituents.take(), aggregate.broken.is_empty())
        {
            of.derivations.extend(made.iter().map(|made| made.drv_path.clone()));
            job.fields.insert("constituents".to_owned(), fields::texts(&of.derivations));
            if let Some((done, modulo)) = self.with_inputs(&path, &of, &made)? {
                let dir = self.ev.store_dir()?;
                let drv_path = dir.print(&done.drv_path);
                of.outputs.insert("out".to_owned(), Some(dir.print(&done.out)));
                job.fields.insert("drvPath".to_owned(), fields::text(&drv_path));
                job.fields.insert("outputs".to_owned(), outputs_json(&of.outputs));
                job.made = Some(modulo);
                job.drv_path = Some(drv_path.clone());
                derivation = Some((drv_path, done.aterm));
            }
        }
        if !aggregate.broken.is_empty() {
            let lines = aggregate.broken.iter().map(|(name, reason)| format!("{name}: {reason}\n"));
            job.fields.insert("error".to_owned(), fields::text(&lines.collect::<String>()));
        }
        Ok(Finished { line: fields::line(&job.fields), derivation })
    }

    /// The derivation of an aggregate with those of the jobs that it names; `None` if only a build determines its path.
    fn with_inputs(
        &mut self,
        path: &str,
        of: &Constituents,
        made: &[Made],
    ) -> Res<Option<(Completed, Made)>> {
        let ev = self.ev;
        let dir = ev.store_dir()?;
        for input in of.inputs.iter().chain(made) {
            self.modulos.insert(ev.parse_store_path(&input.drv_path)?, input.modulo());
        }
        let failed = |e: crate::store::Error| ev.store_error(&e);
        let path = ev.parse_store_path(path)?;
        let name = path.derivation_name().map_err(failed)?;
        let mut drv =
            Derivation::from_aterm_bytes(&of.aterm, name, dir, ev.settings.store_features).map_err(failed)?;
        for input in made {
            let needed = drv.input_derivations.entry(ev.parse_store_path(&input.drv_path)?).or_default();
            needed.outputs = input.outputs.iter().take(1).cloned().collect();
        }
        let done = drv.complete_again(name, dir, &mut self.modulos).map_err(failed)?;
        Ok(done.map(|done| {
            let hash = self.modulos.get(&done.drv_path).and_then(|modulo| modulo.hash);
            let outputs = drv.outputs.into_keys().collect();
            let made = Made { drv_path: dir.print(&done.drv_path), outputs, hash };
            (done, made)
        }))
    }
}
