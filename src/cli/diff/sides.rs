//! The two sides of a comparison, which are evaluated side by side.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::pair::Pair;
use super::series::{Series, Task, Told};
use super::side::Way;
use super::unlike::Revisions;
use crate::cli::beside::taken;
use crate::cli::console::Console;
use crate::eval::Res;
use crate::options::Plain;
use crate::options::compare::{Asked, Compared, Difference, differences};

/// Both sides.
pub struct Sides {
    old: Series,
    new: Series,
    /// Whether the new side has asked for anything that is another one on the old side. Otherwise the old side gives the same,
    /// and need not be evaluated.
    is_touched: Cell<bool>,
    /// Whether a configuration has been evaluated already.
    has_begun: Cell<bool>,
}

impl Sides {
    /// Begins the comparison of pairs. The configurations of each side have the same settings, and are of the same revision.
    ///
    /// # Errors
    /// When there is no room for the stacks of the evaluations.
    pub fn begin(console: &Console, pairs: &[Pair]) -> Res<Sides> {
        let revisions = pairs.first().and_then(revisions);
        let shares = pairs.len() > 1;
        Ok(Sides {
            is_touched: Cell::new(revisions.is_none()),
            has_begun: Cell::new(false),
            old: Series::begin(console, shares, None)?,
            new: Series::begin(console, shares, revisions)?,
        })
    }

    /// Compares two configurations.
    ///
    /// # Errors
    /// Configurations that cannot be opened.
    pub fn differing(&self, pair: &Pair, asked: &Asked, read: &mut BTreeSet<Vec<u8>>) -> Res<Compared> {
        let is_first = !self.has_begun.replace(true);
        let found = self.compared(pair, asked, false, read)?;
        // Of several errors in a value, which one comes first depends on what has been evaluated before.
        match &found {
            Ok(differences) if !is_first && differences.iter().any(fails_otherwise) => {
                self.compared(pair, asked, true, read)
            }
            _ => Ok(found),
        }
    }

    fn compared(
        &self,
        pair: &Pair,
        asked: &Asked,
        is_alone: bool,
        read: &mut BTreeSet<Vec<u8>>,
    ) -> Res<Compared> {
        let task = |way: &Way| Task { way: way.clone(), asked: asked.clone(), is_alone };
        self.new.ask(task(&pair.new));
        while !self.is_touched.get() {
            match self.new.hear()? {
                Told::Touched => self.is_touched.set(true),
                Told::Answer(answer) => {
                    return taken(*answer, read).map(|facts| facts.options.map(|_| Vec::new()));
                }
            }
        }
        self.old.ask(task(&pair.old));
        let old = taken(self.old.answer()?, read)?;
        let new = taken(self.new.answer()?, read)?;
        Ok(differences(&old, &new))
    }
}

/// Whether values fail in both configurations, but not in the same way.
fn fails_otherwise(difference: &Difference) -> bool {
    let [old, new] = [&difference.old, &difference.new]
        .map(|value| value.as_ref().map(Plain::failures).unwrap_or_default());
    !old.is_empty() && !new.is_empty() && old != new
}

/// The revisions of which two configurations are, if nothing else is different about them.
fn revisions(pair: &Pair) -> Option<Revisions> {
    let Pair { old, new, .. } = pair;
    let is_flake = old.flake_root.is_some() || new.flake_root.is_some();
    let old = old.revision.clone().filter(|_| !is_flake)?;
    Some(Revisions { old, new: new.revision.clone() })
}
