//! The rows of a list, made in a copy of this process: an option that ends the process does not end the list.
//!
//! The copy opens the configuration and makes all rows, and passes them on bit by bit. If it dies, this process opens the
//! configuration as well. It has the options that the copy was at evaluated in copies, fewer and fewer of them, until the one
//! that is to blame is alone. Then another copy goes on behind them.

use std::io;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::console::Console;
use crate::eval::{Error, Evaluator, Res};
use crate::host::{Copies, CopyEnd, CopyEvent, CopyLimits, Delegate, Heard, Limited, Messages, Say};

/// The most options whose rows are passed on at the same time.
const BATCH: usize = 256;

/// What the rows are made with.
pub struct Isolated<'a> {
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
    /// The number of options.
    pub len: usize,
    /// The row of an option, if the flags ask for it.
    pub row: &'a dyn Fn(usize) -> Option<String>,
    /// The row of an option whose evaluation ends the process, for that reason.
    pub died: &'a dyn Fn(usize, &str) -> String,
}

/// Has rows made.
pub type MakeRows<'a> = &'a mut dyn FnMut(&RowMaker<'_>) -> Res<Vec<String>>;

/// The rows of the first options of a list.
#[derive(Default)]
pub struct Known {
    /// The rows.
    pub rows: Vec<String>,
    /// The number of these options.
    to: usize,
    /// The number of all options; 0 while nothing is known.
    len: usize,
}

impl Known {
    /// Whether the list is complete.
    pub fn is_complete(&self) -> bool {
        self.len > 0 && self.to == self.len
    }
}

/// The rows of consecutive options, as a copy passes them on.
#[derive(Serialize, Deserialize)]
struct Rows {
    /// The number behind the last option.
    to: usize,
    /// The number of all options.
    len: usize,
    /// The options' rows.
    rows: Vec<String>,
    /// What the evaluation printed.
    printed: Vec<Vec<u8>>,
}

/// Opens a configuration and has its rows made.
type List<'a> = &'a dyn Fn(MakeRows<'_>);

impl Isolated<'_> {
    /// The rows that a copy of this process makes, before anything is evaluated here.
    ///
    /// # Errors
    /// When this process cannot be copied.
    pub fn begin(&self, ev: &Evaluator, list: List<'_>) -> Res<Known> {
        self.console.host.end_progress();
        let mut known = Known::default();
        self.in_a_copy(ev, list, 0, &mut known).map_err(|e| Error::no_copy(&e))?;
        Ok(known)
    }

    /// The remaining rows. The copy that made the known ones has died.
    ///
    /// # Errors
    /// When this process cannot be copied.
    pub fn finish(&self, ev: &Evaluator, mut known: Known, make: &RowMaker<'_>) -> Res<Vec<String>> {
        self.console.host.end_progress();
        known.len = make.len;
        while known.to < make.len {
            ev.end_threads();
            let to = make.len.min(known.to + BATCH);
            self.divided(known.to..to, make, &mut known).map_err(|e| Error::no_copy(&e))?;
            let list = |make_rows: MakeRows<'_>| drop(make_rows(make));
            let from = known.to;
            self.in_a_copy(ev, &list, from, &mut known).map_err(|e| Error::no_copy(&e))?;
        }
        self.console.host.end_progress();
        Ok(known.rows)
    }

    /// Has the options from a number on evaluated in a copy, and notes their rows.
    fn in_a_copy(&self, ev: &Evaluator, list: List<'_>, from: usize, known: &mut Known) -> io::Result<()> {
        let work = |say: Say<'_>| {
            ev.resume_threads();
            list(&mut |make| {
                for at in (from..make.len).step_by(BATCH) {
                    let rows = self.here(at..make.len.min(at + BATCH), make);
                    // Nobody is there to hear of an error.
                    if serde_json::to_vec(&rows).map_err(io::Error::from).and_then(|rows| say(&rows)).is_err()
                    {
                        break;
                    }
                }
                Ok(Vec::new())
            });
            (self.keep_code)(ev);
            Ok(())
        };
        let host = &self.console.host;
        let delegate = Delegate { limits: self.limits, limited: Limited::Throughout, work: &work };
        host.delegate(&delegate, &mut |heard| match heard {
            Heard::Tick if known.len == 0 => host.draw_progress("evaluating"),
            Heard::Tick => host.draw_progress(&format!("evaluating {}/{} options", known.to, known.len)),
            Heard::Message(message) => {
                // What cannot be read is evaluated once more.
                if let Ok(rows) = serde_json::from_slice(message) {
                    self.note(rows, known);
                }
            }
        })?;
        Ok(())
    }

    /// Evaluates options in a copy; if that dies, each half in another one.
    fn divided(&self, of: Range<usize>, make: &RowMaker<'_>, known: &mut Known) -> io::Result<()> {
        let work = |_| serde_json::to_vec(&self.here(of.clone(), make)).unwrap_or_default();
        let copies = Copies { pieces: &[0], at_once: 1, limits: self.limits, work: &work };
        let host = &self.console.host;
        let mut found = Err(String::new());
        host.in_copies(&copies, &mut |event| match event {
            CopyEvent::Begun(_) => {}
            CopyEvent::Ended(_, end, _) => found = rows_of(&end, self.limits),
            CopyEvent::Tick => host.draw_progress(&format!("evaluating {}/{} options", of.start, make.len)),
        })?;
        match found {
            Ok(rows) => self.note(rows, known),
            Err(why) if of.len() == 1 => {
                let rows = vec![(make.died)(of.start, &why)];
                self.note(Rows { to: of.end, len: make.len, rows, printed: Vec::new() }, known);
            }
            Err(_) => {
                let middle = of.start + of.len() / 2;
                self.divided(of.start..middle, make, known)?;
                self.divided(middle..of.end, make, known)?;
            }
        }
        Ok(())
    }

    /// Evaluates options in this process.
    fn here(&self, of: Range<usize>, make: &RowMaker<'_>) -> Rows {
        self.messages.keep();
        let to = of.end;
        let rows = of.filter_map(make.row).collect();
        Rows { to, len: make.len, rows, printed: self.messages.take() }
    }

    fn note(&self, found: Rows, known: &mut Known) {
        found.printed.iter().for_each(|message| self.console.host.message(message));
        (known.to, known.len) = (found.to, found.len);
        known.rows.extend(found.rows);
    }
}

/// What a copy has found, or why that is nothing.
fn rows_of(end: &CopyEnd, limits: CopyLimits) -> Result<Rows, String> {
    match end {
        CopyEnd::Output(bytes) => {
            serde_json::from_slice(bytes).map_err(|e| format!("its result cannot be read: {e}"))
        }
        _ => Err(end.reason(limits)),
    }
}
