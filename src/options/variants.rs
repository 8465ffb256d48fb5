//! Variants of a configuration inside its own values: `virtualisation.vmVariant`, specialisations, containers.
//!
//! Each of them has again all options, and among these again its variants. So a value that is one is not looked into.

use hashbrown::HashSet;

use super::evaluations::Evaluated;
use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::source::Pos;

/// The submodules that are variants of the whole configuration.
#[derive(Debug, Default)]
pub struct Variants {
    /// The places where the configuration's modules declare options, if they have been looked at.
    declared: Option<HashSet<Pos>>,
    /// How many evaluations opening the configuration has begun.
    first: usize,
    /// How many evaluations have been looked at.
    seen: usize,
    paths: HashSet<Vec<Sym>>,
    count: usize,
}

impl Variants {
    /// Notes the evaluations that opening the configuration has begun.
    pub fn begin(&mut self, all: &[Evaluated]) {
        (self.first, self.seen) = (all.len(), all.len());
    }

    /// How many evaluations opening the configuration has begun.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Looks at the evaluations that have begun since the last time; `all` are those so far.
    pub fn update(&mut self, ev: &Evaluator, root: &Evaluated, all: &[Evaluated]) {
        for evaluation in all.iter().skip(self.seen) {
            // Most submodules have few modules.
            let is_large = 2 * evaluation.count(ev) >= root.count(ev);
            if is_large && !evaluation.is(root) && self.is_variant(ev, root, evaluation) {
                self.count += 1;
                if evaluation.prefix.len() > root.prefix.len() {
                    self.paths.insert(evaluation.prefix[root.prefix.len()..].to_vec());
                }
            }
        }
        self.seen = all.len();
    }

    /// Whether the value at a path is a variant of the configuration.
    pub fn contains(&self, path: &[Sym]) -> bool {
        self.paths.contains(path)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether an evaluation has most of the declarations of the configuration. One that cannot be evaluated has none.
    fn is_variant(&mut self, ev: &Evaluator, root: &Evaluated, evaluation: &Evaluated) -> bool {
        let declared = self.declared.get_or_insert_with(|| positions(ev, root).unwrap_or_default());
        let own = positions(ev, evaluation).unwrap_or_default();
        !declared.is_empty() && 2 * declared.intersection(&own).count() >= declared.len()
    }
}

/// Where the modules of an evaluation declare options.
fn positions(ev: &Evaluator, evaluation: &Evaluated) -> Res<HashSet<Pos>> {
    let mut found = HashSet::new();
    for options in evaluation.declared(ev)? {
        let options = ev.force_value(options)?;
        let entries = if options.is_attrs() { ev.mem.entries(options) } else { Vec::new() };
        // Every evaluation has the options that the `lib` declares.
        found.extend(entries.iter().map(|entry| entry.pos).filter(|pos| !evaluation.is_computed(ev, *pos)));
    }
    Ok(found)
}
