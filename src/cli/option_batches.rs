//! Many options, in batches: each batch is evaluated in a copy of this process, and its memory is given back.
//!
//! What the evaluation of a batch prints comes back with its rows. It is printed in the order of the batches, and what two of
//! them print because both have evaluated it is printed once. If a copy dies, its batch is divided, until the option that is
//! to blame is alone.

use std::ops::Range;

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};

use super::console::Console;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{Copies, CopyEnd, CopyEvent, CopyLimits, Messages};

/// The most options in a batch. Each batch evaluates for itself what its options have in common with others.
const BATCH: usize = 3000;
/// The most batches that are evaluated at the same time.
const AT_ONCE: usize = 2;

/// How batches are evaluated.
#[derive(Clone, Copy)]
pub struct Batches<'a> {
    /// Where messages and progress are shown.
    pub console: &'a Console,
    /// What the evaluation prints.
    pub messages: &'a Messages,
    /// What a copy may use.
    pub limits: CopyLimits,
    /// Keeps the code that an evaluator has compiled.
    pub keep_code: &'a dyn Fn(&Evaluator),
}

/// How the row of an option is made, by its number.
pub struct RowMaker<'a> {
    /// The row of an option, if the flags ask for it.
    pub row: &'a dyn Fn(usize) -> Option<String>,
    /// The row of an option whose evaluation ends the process, for that reason.
    pub died: &'a dyn Fn(usize, &str) -> String,
}

/// What comes back from a copy.
#[derive(Serialize, Deserialize)]
struct Rows {
    rows: Vec<String>,
    printed: Vec<Vec<u8>>,
}

impl Batches<'_> {
    /// The rows of `len` options, in their order.
    ///
    /// # Errors
    /// When this process cannot be copied.
    pub fn rows(&self, ev: &Evaluator, len: usize, make: &RowMaker<'_>) -> Res<Vec<String>> {
        let number = len.div_ceil(BATCH);
        if number < 2 {
            return Ok((0..len).filter_map(make.row).collect());
        }
        let mut printed = HashSet::new();
        self.console.host.end_progress();
        ev.end_threads();
        let mut left: Vec<Range<usize>> =
            (0..number).map(|n| n * len / number..(n + 1) * len / number).collect();
        let mut done: Vec<(usize, Rows)> = Vec::new();
        while !left.is_empty() {
            left = self.evaluate(ev, &left, make, &mut done)?;
        }
        self.console.host.end_progress();
        done.sort_by_key(|(first, _)| *first);
        let mut rows = Vec::with_capacity(len);
        for (_, batch) in done {
            self.print(&mut printed, batch.printed);
            rows.extend(batch.rows);
        }
        Ok(rows)
    }

    /// Evaluates batches in copies, and adds their rows to `done`. Returns what is left of those whose copies died.
    fn evaluate(
        &self,
        ev: &Evaluator,
        batches: &[Range<usize>],
        make: &RowMaker<'_>,
        done: &mut Vec<(usize, Rows)>,
    ) -> Res<Vec<Range<usize>>> {
        let work = |piece: usize| {
            self.messages.keep();
            let rows = batches[piece].clone().filter_map(make.row).collect();
            (self.keep_code)(ev);
            serde_json::to_vec(&Rows { rows, printed: self.messages.take() }).unwrap_or_default()
        };
        let pieces: Vec<usize> = (0..batches.len()).collect();
        let host = &self.console.host;
        let copies =
            Copies { pieces: &pieces, at_once: AT_ONCE.min(host.cores()), limits: self.limits, work: &work };
        let total: usize = batches.iter().map(Range::len).sum();
        let mut ended = 0;
        let mut left = Vec::new();
        let ran = host.in_copies(&copies, &mut |event| match event {
            CopyEvent::Begun(_) => {}
            CopyEvent::Ended(piece, end, _) => {
                let batch = batches[piece].clone();
                ended += batch.len();
                match rows_of(&end, self.limits) {
                    Ok(rows) => done.push((batch.start, rows)),
                    Err(why) if batch.len() == 1 => {
                        let rows = vec![(make.died)(batch.start, &why)];
                        done.push((batch.start, Rows { rows, printed: Vec::new() }));
                    }
                    Err(_) => {
                        let middle = batch.start + batch.len() / 2;
                        left.extend([batch.start..middle, middle..batch.end]);
                    }
                }
            }
            CopyEvent::Tick => host.draw_progress(&format!("evaluating {ended}/{total} options")),
        });
        ran.map_err(|e| Error::new(ErrorKind::System, format!("evaluating in another process: {e}")))?;
        Ok(left)
    }

    /// Prints what has not been printed yet.
    fn print(&self, printed: &mut HashSet<Vec<u8>>, messages: Vec<Vec<u8>>) {
        for message in messages {
            if printed.insert(message.clone()) {
                self.console.host.message(&message);
            }
        }
    }
}

/// The rows that a copy has made, or why there are none.
fn rows_of(end: &CopyEnd, limits: CopyLimits) -> Result<Rows, String> {
    match end {
        CopyEnd::Output(bytes) => {
            serde_json::from_slice(bytes).map_err(|e| format!("its result cannot be read: {e}"))
        }
        _ => Err(end.reason(limits)),
    }
}
