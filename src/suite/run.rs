//! Evaluates the fixtures of a suite, each in a copy of this process that begins with what they share.

use std::time::Duration;

use super::case::{Case, judge};
use super::common::Common;
use super::fixtures::Fixture;
use super::outcome::Outcome;
use super::suite_file::{SuiteLimits, Way};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
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
    pub limits: SuiteLimits,
}

/// What is found out about a fixture.
#[derive(Debug, Default)]
pub struct Checked {
    /// The verdict; for a file with tests, one for each.
    pub cases: Vec<Case>,
    /// What its evaluation has read, if that is recorded.
    pub reads: Vec<String>,
}

/// With fewer fixtures for each job, evaluating one of them beforehand costs more than it saves.
const WORTH_WARMING: usize = 2;
/// After so many fixtures that fail, the others begin without what a fixture has evaluated.
const TRIES: usize = 3;

impl Run<'_> {
    /// Evaluates the fixtures. Returns what is found out about each, in their order.
    ///
    /// # Errors
    /// When this process cannot be copied.
    pub fn fixtures(&self, ev: &Evaluator, fixtures: &[Fixture]) -> Res<Vec<Checked>> {
        let mut checked: Vec<Checked> = fixtures.iter().map(|_| Checked::default()).collect();
        let mut progress = Progress { system: self.system, fixtures, running: Vec::new(), done: 0 };
        let mut next = 0;
        let mut again = Vec::new();
        let shares_a_tree = !matches!(self.common.suite.way, Way::Modules(_));
        // What this process has read, a copy of it does not read again: nothing could be recorded.
        let records = self.common.touches.is_some();
        let mut warm = false;
        if shares_a_tree && !records && fixtures.len() > WORTH_WARMING * self.jobs {
            let messages = self.common.messages.clone();
            ev.record_calls(Box::new(move || messages.borrow().len()));
            // A fixture that a copy has evaluated without incident can be evaluated here as well, so that the others begin
            // with the files that it loads, and with its packages.
            while !warm && next < TRIES.min(fixtures.len()) {
                self.pieces(ev, fixtures, &[next], &mut progress, &mut |piece, end, spent| {
                    warm = is_fit(&end);
                    match is_spoiled(&end) {
                        true => again.push(piece),
                        false => checked[piece] = self.judge(&fixtures[piece], end, spent),
                    }
                })?;
                next += 1;
            }
            if warm {
                self.common.evaluate(ev, &fixtures[next - 1]);
                ev.forget_observed();
            }
        }
        ev.replay_calls(warm);
        let rest: Vec<usize> = (next..fixtures.len()).collect();
        self.pieces(ev, fixtures, &rest, &mut progress, &mut |piece, end, spent| match warm
            && is_spoiled(&end)
        {
            true => again.push(piece),
            false => checked[piece] = self.judge(&fixtures[piece], end, spent),
        })?;
        ev.replay_calls(false);
        progress.done -= again.len();
        self.pieces(ev, fixtures, &again, &mut progress, &mut |piece, end, spent| {
            checked[piece] = self.judge(&fixtures[piece], end, spent);
        })?;
        self.system.end_progress();
        Ok(checked)
    }

    fn judge(&self, fixture: &Fixture, end: CopyEnd, spent: Duration) -> Checked {
        let expected = self.common.suite.expected(&fixture.name);
        let (cases, reads) = judge(&fixture.name, end, &expected, self.limits, spent);
        Checked { cases, reads }
    }

    fn pieces(
        &self,
        ev: &Evaluator,
        fixtures: &[Fixture],
        pieces: &[usize],
        progress: &mut Progress<'_>,
        done: &mut dyn FnMut(usize, CopyEnd, Duration),
    ) -> Res<()> {
        let work = |piece: usize| {
            let outcome = self.common.evaluate(ev, &fixtures[piece]);
            serde_json::to_vec(&outcome).unwrap_or_default()
        };
        ev.end_threads();
        let SuiteLimits { seconds, memory } = self.limits;
        let limits = CopyLimits { seconds, memory };
        let copies = Copies { pieces, at_once: self.jobs, limits, work: &work };
        let ran = self.system.in_copies(&copies, &mut |event| match event {
            CopyEvent::Begun(piece) => progress.running.push(piece),
            CopyEvent::Ended(piece, end, spent) => {
                progress.running.retain(|running| *running != piece);
                progress.done += 1;
                done(piece, end, spent);
            }
            CopyEvent::Tick => progress.draw(),
        });
        ran.map_err(|e| Error::new(ErrorKind::System, format!("evaluating in another process: {e}")))
    }
}

/// Whether an evaluation gave a configuration, and nothing in it happens only once.
fn is_fit(end: &CopyEnd) -> bool {
    outcome(end).is_some_and(|outcome| outcome.error.is_none() && !outcome.printed && !outcome.again)
}

/// Whether the evaluation has to be made again without recorded calls: it says so, or it cannot say how it would have ended.
fn is_spoiled(end: &CopyEnd) -> bool {
    outcome(end).is_none_or(|outcome| outcome.again)
}

fn outcome(end: &CopyEnd) -> Option<Outcome> {
    match end {
        CopyEnd::Output(bytes) => serde_json::from_slice(bytes).ok(),
        _ => None,
    }
}

/// The line that shows progress.
struct Progress<'a> {
    system: &'a dyn System,
    fixtures: &'a [Fixture],
    running: Vec<usize>,
    done: usize,
}

impl Progress<'_> {
    fn draw(&self) {
        let names: Vec<&str> = self.running.iter().map(|piece| self.fixtures[*piece].name.as_str()).collect();
        self.system.draw_progress(&format!("{}/{}  {}", self.done, self.fixtures.len(), names.join(", ")));
    }
}
