//! `nix-eval-jobs`: the program under that name evaluates the jobs of a CI, each a line of JSON.
//!
//! Jobs are evaluated in a copy of the process, so that one that ends it takes no other with it. If there are to be several, the
//! copy makes them from itself, once it has evaluated a job: so they begin with what jobs have in common.

mod board;
mod pool;
mod told;

use std::cell::OnceCell;
use std::io;

use super::console::{Console, Exit};
use super::flags::{Flags, Program};
use super::wrong::Wrong;
use super::{eval, flag_parser, limits};
use crate::builtins;
use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::host::{CopyEnd, CopyLimits, Crew, Limits, Say, human};
use crate::report::{Jobs, finish};
use crate::session::code_cache::Keeper;
use crate::source::{Origin, Pos};
use crate::syntax::absolute;
use crate::value::{Value, slot};
use board::Board;
use pool::Pool;
use told::{Piece, Told};

/// Runs the tool.
pub fn run(console: &Console, args: &[Vec<u8>]) -> Exit {
    let mut flags = match flag_parser::parse(args, Program::EvalJobs).and_then(checked) {
        Ok(flags) => flags,
        Err(e) => return eval::wrong(console, &e, Program::EvalJobs),
    };
    if let Some(exit) = eval::about(console, &flags) {
        return exit;
    }
    if flags.jobs.flake {
        flags.flake.reference = flags.inputs.concat();
    }
    if flags.jobs.asked.check_cache_status {
        console.fail("warning: binary caches are not asked, because nival does not use the network");
    }
    eval::evaluate(console, &flags, |ev, _, keeper| work(console, ev, &flags, keeper))
}

/// Refuses flags that do not go together.
fn checked(flags: Flags) -> Result<Flags, Wrong> {
    let asked = &flags.jobs.asked;
    let from_files = [
        (asked.show_input_drvs, "--show-input-drvs"),
        (asked.check_cache_status, "--check-cache-status"),
        (asked.constituents, "--constituents"),
    ];
    let from_files: Vec<&str> =
        from_files.iter().filter(|(given, _)| *given).map(|(_, flag)| *flag).collect();
    if asked.no_instantiate && !from_files.is_empty() {
        return Err(Wrong::usage(format!(
            "--no-instantiate is incompatible with: {}. These features require instantiated derivations.",
            from_files.join(", ")
        )));
    }
    match &flags.inputs[..] {
        _ if flags.help || flags.version => Ok(flags),
        [] => Err(Wrong::usage("more arguments are required")),
        [text] if text.is_empty() => Err(Wrong::usage("no expression specified")),
        [_] => Ok(flags),
        [_, more, ..] => {
            Err(Wrong::usage(format!("unexpected argument '{}'", String::from_utf8_lossy(more))))
        }
    }
}

fn work(console: &Console, ev: &Evaluator, flags: &Flags, keeper: &Keeper) -> Res<Exit> {
    if ev.settings.restrict {
        builtins::allow_search_path(ev)?;
    }
    let (host, asked) = (&*console.host, &flags.jobs.asked);
    let memory =
        limits::memory(flags.limits.memory, host).map_err(|e| Error::new(ErrorKind::Usage, e.message))?;
    let memory = Limits { memory, ..Limits::default() }.bytes();
    let how = |end: &CopyEnd| how_it_ended(end, memory);
    // Standard input can only be read once.
    let auto_args = eval::auto_args(console, ev, flags, &ev.settings.base_dir)?;
    let process = Process { console, ev, flags, auto_args, keeper, memory, how: &how, jobs: OnceCell::new() };
    let links = flags.jobs.gc_roots_dir.as_deref().filter(|_| !asked.no_instantiate);
    let links = links.map(|folder| absolute(folder, &ev.settings.base_dir));
    let mut board = Board::new(console, flags.jobs.workers, &how, links.as_deref(), asked.constituents);
    ev.end_threads();
    let work = |piece: &[u8], say: Say<'_>| process.work(piece, say);
    host.crew(&process.crew(1, &work, &|| keeper.finish(ev)), &mut board).map_err(|e| Error::no_copy(&e))?;
    std::mem::replace(&mut board.trouble, Ok(()))?;
    if let Some(jobs) = board.jobs.take() {
        for finished in finish(ev, jobs, &mut |text| console.fail(text))? {
            if let Some((drv_path, contents)) = &finished.derivation {
                if let Some(sink) = &ev.derivation_sink {
                    sink(drv_path, contents)?;
                }
                board.link(drv_path)?;
            }
            console.print(format!("{}\n", finished.line).as_bytes())?;
        }
    }
    Ok(if board.is_incomplete { Exit::FAILED } else { Exit::OK })
}

/// A process that evaluates jobs.
struct Process<'a> {
    console: &'a Console,
    ev: &'a Evaluator,
    flags: &'a Flags,
    auto_args: Value,
    keeper: &'a Keeper,
    memory: Option<u64>,
    how: &'a dyn Fn(&CopyEnd) -> String,
    /// Where it looks for them, once it has begun.
    jobs: OnceCell<Jobs<'a>>,
}

impl<'a> Process<'a> {
    fn crew<'c>(
        &self,
        size: usize,
        work: &'c dyn Fn(&[u8], Say<'_>) -> io::Result<()>,
        end: &'c dyn Fn(),
    ) -> Crew<'c> {
        let limits = CopyLimits { seconds: None, memory: self.memory };
        Crew { size, limits, fresh_above: self.flags.jobs.max_memory_size, work, end }
    }

    fn work(&self, piece: &[u8], say: Say<'_>) -> io::Result<()> {
        let jobs = match self.jobs() {
            Ok(jobs) => jobs,
            Err(e) => {
                let error = render(&self.ev.sources, &e, self.ev.settings.show_trace);
                return say(&serde_json::to_vec(&Told::NoRoot(error))?);
            }
        };
        match serde_json::from_slice(piece)? {
            Piece::Path(path) => {
                let found = jobs.look(&path);
                say(&serde_json::to_vec(&Told::Found(path, found))?)
            }
            Piece::Rest(paths) => self.share(paths, say),
        }
    }

    /// Has copies of this process look at attribute paths.
    fn share(&self, paths: Vec<Vec<String>>, say: Say<'_>) -> io::Result<()> {
        let todo = paths.into_iter().collect();
        let mut pool = Pool { todo, say, how: self.how, passed_on: Ok(()) };
        self.ev.end_threads();
        let work = |piece: &[u8], say: Say<'_>| self.work(piece, say);
        let end = || self.keeper.finish(self.ev);
        self.console.host.crew(&self.crew(self.flags.jobs.workers, &work, &end), &mut pool)?;
        pool.passed_on
    }

    fn jobs(&self) -> Res<&Jobs<'a>> {
        if let Some(jobs) = self.jobs.get() {
            return Ok(jobs);
        }
        // Until there are more copies, this one has the machine for itself.
        self.ev.resume_threads();
        let jobs = Jobs::new(self.ev, &self.flags.jobs.asked, self.root()?, self.auto_args);
        Ok(self.jobs.get_or_init(|| jobs))
    }

    /// The value in which jobs are looked for.
    fn root(&self) -> Res<Value> {
        let (ev, flags) = (self.ev, self.flags);
        let text = flags.inputs.concat();
        let cwd = &ev.settings.base_dir;
        let value = if flags.jobs.flake {
            let called = flags.flake.call_locked(ev)?;
            match &called.attr[..] {
                b"" => called.whole,
                attr => called.find(ev, &[attr.strip_prefix(b".").unwrap_or(attr).to_vec()])?,
            }
        } else {
            let value = match flags.expressions {
                true => ev.force_value(ev.delay_text(Origin::Text, &text, cwd)?)?,
                false => ev.import(&eval::lookup_file(ev, &text, cwd)?)?,
            };
            ev.auto_call(value, self.auto_args)?
        };
        let Some(select) = &flags.jobs.select else {
            return Ok(value);
        };
        let function = ev.force_value(ev.delay_text(Origin::Text, select, cwd)?)?;
        let selected = slot(ev.call(function, &[value], Pos::NONE)?);
        let doing = "'--select' must evaluate to an attrset (the traversal root)";
        ev.force_attrs(&selected, Pos::NONE, doing)
    }
}

/// How a process ended, in the words of nix-eval-jobs where it has some.
fn how_it_ended(end: &CopyEnd, memory: Option<u64>) -> String {
    match end {
        CopyEnd::OutOfMemory => {
            let most = memory.map(human).unwrap_or_default();
            format!("needs more memory than {most} (NIVAL_MAX_MEMORY or --max-memory sets another limit)")
        }
        CopyEnd::Died(how) if how == "signal 9" => {
            "got killed by SIGKILL, maybe memory limit reached?".to_owned()
        }
        CopyEnd::Died(how) => match how.strip_prefix("signal ") {
            Some(signal) => format!("got killed by signal {signal}"),
            None => format!("exited with {how}"),
        },
        CopyEnd::Panic => "ended by a fault of nival, which is described above".to_owned(),
        CopyEnd::OutOfTime | CopyEnd::Output(_) => "ended without a result".to_owned(),
    }
}
