//! Evaluates the fixtures of a suite, each in a copy of a process, so that each fails alone.

use std::time::Duration;

use super::board::{Board, Told};
use super::case::{Checked, judge};
use super::common::Common;
use super::fixtures::Fixture;
use super::suite_file::Way;
use crate::eval::{Error, Evaluator, Res};
use crate::host::{Copies, CopyEnd, CopyEvent, CopyLimits, System};

/// How fixtures are evaluated.
pub struct Run<'a> {
    /// What begins the copies.
    pub system: &'a dyn System,
    /// What the fixtures have in common.
    pub common: &'a Common<'a>,
    /// How many are evaluated at the same time.
    pub jobs: usize,
    /// What each may use.
    pub limits: CopyLimits,
    /// Keeps the code that an evaluator has compiled.
    pub keep_code: &'a dyn Fn(&Evaluator),
}

/// After so many fixtures that fail, the others begin without what a fixture has evaluated.
const TRIES: usize = 3;

impl Run<'_> {
    /// Evaluates the fixtures. Returns what is found out about each, in their order.
    ///
    /// # Errors
    /// When this process cannot be copied.
    pub fn fixtures(&self, ev: &Evaluator, fixtures: &[Fixture]) -> Res<Vec<Checked>> {
        let mut board = Board::new(self.system, fixtures);
        if fixtures.len() > self.jobs {
            match (&self.common.suite.way, self.common.touches) {
                // What is shared counts as read by each: so it must not be what one of them reads.
                (Way::Nixos(_), Some(_)) => {
                    self.begin_with(ev, fixtures, None, &mut board)?;
                }
                // Modules share nothing, and of what a function shares nothing is known.
                (Way::Modules(_), _) | (Way::Function(_) | Way::Flake(_), Some(_)) => {}
                (Way::Nixos(_) | Way::Function(_) | Way::Flake(_), None) => {
                    for first in 0..TRIES.min(fixtures.len()) {
                        if self.begin_with(ev, fixtures, Some(first), &mut board)? {
                            break;
                        }
                    }
                }
            }
        }
        let left = board.left();
        self.in_copies(ev, fixtures, &left, &mut |event| {
            board.hear(match event {
                CopyEvent::Begun(piece) => Told::Begun(piece),
                CopyEvent::Ended(piece, end, spent) => {
                    Told::Ended(piece, self.judge(&fixtures[piece], end, spent))
                }
                CopyEvent::Tick => Told::Tick,
            });
        })?;
        Ok(board.finish())
    }

    /// The verdict on a fixture.
    pub(super) fn judge(&self, fixture: &Fixture, end: CopyEnd, spent: Duration) -> Checked {
        let expected = self.common.suite.expected(&fixture.name);
        judge(&fixture.name, end, &expected, self.limits, spent)
    }

    /// Evaluates some of the fixtures, each in a copy of this process.
    pub(super) fn in_copies(
        &self,
        ev: &Evaluator,
        fixtures: &[Fixture],
        pieces: &[usize],
        tell: &mut dyn FnMut(CopyEvent),
    ) -> Res<()> {
        let work = |piece: usize| {
            let outcome = self.common.evaluate(ev, &fixtures[piece]);
            serde_json::to_vec(&outcome).unwrap_or_default()
        };
        ev.end_threads();
        let copies = Copies { pieces, at_once: self.jobs, limits: self.limits, work: &work };
        self.system.in_copies(&copies, tell).map_err(|e| Error::no_copy(&e))
    }
}
