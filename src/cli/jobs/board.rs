//! The attribute paths and what is known of each. Lines are printed in the order of the paths, each as soon as it is its turn.

use std::collections::BTreeMap;

use super::told::{Piece, Told};
use crate::cli::console::Console;
use crate::eval::{Error, ErrorKind, Res};
use crate::host::{CopyEnd, CrewNews, Foreman};
use crate::report::{Found, Job, line};

/// What is known of an attribute path.
enum State {
    /// Nobody has looked at it.
    Open,
    /// A process looks at it.
    Begun,
    /// A job is there.
    Done(Box<Job>),
    /// Nothing is left to do.
    Over,
}

/// The attribute paths.
pub struct Board<'a> {
    console: &'a Console,
    paths: BTreeMap<Vec<String>, State>,
    /// How many processes there are.
    workers: usize,
    /// Whether a process has evaluated a job, so that copies of it begin with what jobs have in common.
    is_warm: bool,
    /// Whether the process has copies, which go on with what they find.
    shares: bool,
    /// How often a process has been lost that had copies.
    losses: usize,
    how: &'a dyn Fn(&CopyEnd) -> String,
    links: Option<&'a [u8]>,
    /// The jobs, if they are needed when all are known.
    pub jobs: Option<BTreeMap<String, Job>>,
    /// Whether a process was lost, or would have been in Nix.
    pub is_incomplete: bool,
    /// What prevents all else.
    pub trouble: Res<()>,
}

/// After so many losses, a process that has copies is not replaced.
const MOST_LOSSES: usize = 3;

impl<'a> Board<'a> {
    /// Nothing is known. `how` says how a process ended, and `links` is the folder of links to the derivations.
    pub fn new(
        console: &'a Console,
        workers: usize,
        how: &'a dyn Fn(&CopyEnd) -> String,
        links: Option<&'a [u8]>,
        keeps: bool,
    ) -> Board<'a> {
        Board {
            console,
            paths: BTreeMap::from([(Vec::new(), State::Open)]),
            workers,
            is_warm: false,
            shares: false,
            losses: 0,
            how,
            links,
            jobs: keeps.then(BTreeMap::new),
            is_incomplete: false,
            trouble: Ok(()),
        }
    }

    fn told(&mut self, told: Told) {
        match told {
            Told::Found(path, Found::Below(names)) => {
                for name in names {
                    let state = if self.shares { State::Begun } else { State::Open };
                    self.paths.insert([&path[..], &[name]].concat(), state);
                }
                self.paths.insert(path, State::Over);
            }
            Told::Found(path, Found::Job(job)) => {
                self.is_warm |= job.error.is_none();
                self.paths.insert(path, State::Done(job));
            }
            Told::Lost(path, job) => {
                self.is_incomplete = true;
                self.paths.insert(path, State::Done(job));
            }
            Told::NoRoot(error) => {
                self.console.fail(&error);
                self.is_incomplete = true;
                self.paths.clear();
            }
        }
        self.print();
    }

    /// Prints what is known of the first paths.
    fn print(&mut self) {
        while let Some(first) = self.paths.first_entry()
            && matches!(first.get(), State::Done(_) | State::Over)
            && self.trouble.is_ok()
        {
            if let State::Done(job) = first.remove() {
                self.trouble = self.print_job(*job);
            }
        }
    }

    fn print_job(&mut self, job: Job) -> Res<()> {
        if let Some(error) = &job.error {
            self.console.fail(error);
        }
        if job.is_overflow {
            self.is_incomplete = true;
            let message = format!(
                "error: while evaluating '{}': the stack is full (possible infinite recursion)",
                job.attr
            );
            self.console.fail(&message);
        }
        // Aggregates that name other jobs come last.
        let waits = job.constituents.as_ref().is_some_and(|of| !of.named.is_empty());
        if !waits {
            self.console.print(format!("{}\n", line(&job.fields)).as_bytes())?;
        }
        if let Some(drv_path) = &job.drv_path {
            self.link(drv_path)?;
        }
        if let Some(jobs) = &mut self.jobs {
            jobs.insert(job.attr.clone(), job);
        }
        Ok(())
    }

    /// Makes a link to a derivation, if there is a folder for it.
    ///
    /// # Errors
    /// An error of the folder.
    pub fn link(&self, drv_path: &str) -> Res<()> {
        let Some(folder) = self.links else {
            return Ok(());
        };
        let name = drv_path.rsplit('/').next().unwrap_or_default();
        let host = &self.console.host;
        let link = [folder, b"/", name.as_bytes()].concat();
        let made = host.make_folder(folder).and_then(|()| host.make_link(&link, drv_path.as_bytes()));
        made.map_err(|e| {
            let link = String::from_utf8_lossy(&link).into_owned();
            Error::new(ErrorKind::System, format!("creating symlink '{link}': {e}"))
        })
    }
}

impl Foreman for Board<'_> {
    fn next(&mut self) -> Option<Vec<u8>> {
        if self.trouble.is_err() {
            return None;
        }
        let mut open = self.paths.iter_mut().filter(|(_, state)| matches!(state, State::Open));
        let mut take = || {
            let (path, state) = open.next()?;
            *state = State::Begun;
            Some(path.clone())
        };
        let first = take()?;
        self.shares = self.workers > 1 && self.is_warm;
        let piece = match self.shares {
            true => Piece::Rest(std::iter::once(first).chain(std::iter::from_fn(take)).collect()),
            false => Piece::Path(first),
        };
        serde_json::to_vec(&piece).ok()
    }

    fn hear(&mut self, news: CrewNews<'_>) {
        match news {
            CrewNews::Message(message) => match serde_json::from_slice(message) {
                Ok(told) => self.told(told),
                Err(e) => {
                    self.trouble = Err(Error::eval(format!("a process says what nobody understands: {e}")))
                }
            },
            CrewNews::Lost(piece, end) => match serde_json::from_slice(piece) {
                Ok(Piece::Path(path)) => self.told(Told::lost(path, &(self.how)(&end))),
                Ok(Piece::Rest(_)) | Err(_) => {
                    self.losses += 1;
                    if self.losses > MOST_LOSSES {
                        let how = (self.how)(&end);
                        self.trouble = Err(Error::eval(format!("the process that has the others {how}")));
                    }
                    // Its copies have ended with it.
                    for state in self.paths.values_mut().filter(|state| matches!(state, State::Begun)) {
                        *state = State::Open;
                    }
                    (self.is_warm, self.shares) = (false, false);
                }
            },
            CrewNews::Tick => {}
        }
    }
}
