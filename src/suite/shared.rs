//! Begins evaluations with what another one has evaluated: the files of a nixpkgs, and its packages.
//!
//! A copy of this process evaluates a first fixture. If nothing in that happens only once, the others are evaluated in copies
//! of that copy. If it ends early, so that its own results are missing, they are evaluated without it.

use std::io;

use super::board::{Board, Told};
use super::fixtures::Fixture;
use super::outcome::Outcome;
use super::run::Run;
use crate::eval::{Error, Evaluator, Res};
use crate::host::{CopyEnd, CopyEvent, Delegate, Heard, Limited, Say, monotonic};

impl Run<'_> {
    /// Evaluates the fixtures of which nothing is known, beginning with `first` or, if that is none, with a system that sets
    /// nothing. Returns whether that is fit for the others.
    pub(super) fn begin_with(
        &self,
        ev: &Evaluator,
        fixtures: &[Fixture],
        first: Option<usize>,
        board: &mut Board<'_>,
    ) -> Res<bool> {
        let rest: Vec<usize> = board.left().into_iter().filter(|piece| Some(*piece) != first).collect();
        let begun = monotonic();
        let mut is_ready = false;
        ev.end_threads();
        let work = |say: Say<'_>| self.first_and_rest(ev, fixtures, first, &rest, say);
        if let Some(first) = first {
            board.hear(Told::Begun(first));
        }
        let end = self.system.delegate(
            &Delegate { limits: self.limits, limited: Limited::UntilItSpeaks, work: &work },
            &mut |heard| {
                let told = match heard {
                    Heard::Tick => Ok(Told::Tick),
                    Heard::Message(message) => serde_json::from_slice(message),
                };
                is_ready |= matches!(told, Ok(Told::Ready));
                // What cannot be read stays unknown, and is evaluated once more.
                if let Ok(told) = told {
                    board.hear(told);
                }
            },
        );
        let end = end.map_err(|e| Error::no_copy(&e))?;
        board.stop();
        if let (Some(first), false, false) = (first, is_ready, matches!(end, CopyEnd::Output(_))) {
            board.hear(Told::Ended(
                first,
                self.judge(&fixtures[first], end, monotonic().saturating_sub(begun)),
            ));
        }
        Ok(is_ready)
    }

    /// Evaluates the first one, and the others in copies if it is fit for that.
    fn first_and_rest(
        &self,
        ev: &Evaluator,
        fixtures: &[Fixture],
        first: Option<usize>,
        rest: &[usize],
        say: Say<'_>,
    ) -> io::Result<()> {
        let begun = monotonic();
        let messages = self.common.messages.clone();
        ev.record_calls(Box::new(move || messages.len()));
        let outcome = match first {
            Some(first) => self.common.evaluate(ev, &fixtures[first]),
            None => self.common.evaluate_nothing(ev),
        };
        let is_fit = outcome.error.is_none() && !outcome.printed && !outcome.again;
        if let Some(first) = first {
            send(
                say,
                &match outcome.again {
                    true => Told::Again(first),
                    false => {
                        let end = CopyEnd::Output(serde_json::to_vec(&outcome)?);
                        Told::Ended(
                            first,
                            self.judge(&fixtures[first], end, monotonic().saturating_sub(begun)),
                        )
                    }
                },
            )?;
        }
        if !is_fit {
            return Ok(());
        }
        send(say, &Told::Ready)?;
        ev.forget_observed();
        ev.replay_calls(true);
        let again = self.others(ev, fixtures, rest, say, is_spoiled)?;
        ev.replay_calls(false);
        self.others(ev, fixtures, &again, say, |_| false)?;
        (self.keep_code)(ev);
        Ok(())
    }

    /// Evaluates fixtures in copies. Returns those that have to be evaluated again.
    fn others(
        &self,
        ev: &Evaluator,
        fixtures: &[Fixture],
        pieces: &[usize],
        say: Say<'_>,
        is_spoiled: fn(&CopyEnd) -> bool,
    ) -> io::Result<Vec<usize>> {
        let mut again = Vec::new();
        let mut sent = Ok(());
        let ran = self.in_copies(ev, fixtures, pieces, &mut |event| {
            let told = match event {
                CopyEvent::Begun(piece) => Told::Begun(piece),
                CopyEvent::Ended(piece, end, _) if is_spoiled(&end) => {
                    again.push(piece);
                    Told::Again(piece)
                }
                CopyEvent::Ended(piece, end, spent) => {
                    Told::Ended(piece, self.judge(&fixtures[piece], end, spent))
                }
                // The process that waits draws the line in its own time.
                CopyEvent::Tick => return,
            };
            if sent.is_ok() {
                sent = send(say, &told);
            }
        });
        ran.map_err(|e| io::Error::other(e.data().message.clone()))?;
        sent.map(|()| again)
    }
}

fn send(say: Say<'_>, told: &Told) -> io::Result<()> {
    say(&serde_json::to_vec(told)?)
}

/// Whether the evaluation has to be made again without recorded calls: it says so, or it cannot say how it would have ended.
fn is_spoiled(end: &CopyEnd) -> bool {
    let outcome = match end {
        CopyEnd::Output(bytes) => serde_json::from_slice::<Outcome>(bytes).ok(),
        _ => None,
    };
    outcome.is_none_or(|outcome| outcome.again)
}
