//! `nival lint`: findings about the definitions of a configuration.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::thread::JoinHandle;

use hashbrown::HashMap;

use super::args::{LintArgs, LintFormat};
use super::beside::{self, Answer};
use super::console::{Console, Exit};
use super::revisions::{Revision, in_repository};
use super::{asking, modules, opening, output, suites};
use crate::eval::{Error, ErrorKind, Evaluator, Res, best_matches};
use crate::options::lint::{ALL_RULES, Asked, Finding, Known, Level, RULES, Rule, keep_new, lint};
use crate::options::{Opened, STDIN, find};
use crate::report::{Before, Roots, indent_json, lint_github, lint_json, lint_sarif, lint_text};

/// Runs the command.
pub fn run(console: &Console, args: &LintArgs) -> Exit {
    let evaluator = &args.open.evaluator;
    let work = |ev: &Evaluator| {
        let levels = levels(console, &args.rules)?;
        if args.list_rules {
            return Ok(None);
        }
        judge(console, ev, args, &levels).map(Some)
    };
    modules::run(console, evaluator, true, work, |ev, found| {
        let shown = found.and_then(|found| match found {
            None => console.print(list_rules().as_bytes()).map(|()| Exit::OK),
            Some(judged) => show(console, ev, args, &judged),
        });
        match shown {
            Ok(exit) => exit,
            Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival lint"),
            Err(e) => console.report(ev, &e, evaluator.show_trace),
        }
    })
}

/// The levels that `nival.toml` and `--rule` give to rules, by their names.
fn levels(console: &Console, given: &[String]) -> Res<HashMap<&'static str, Level>> {
    let usage = |message: String| Error::new(ErrorKind::Usage, message);
    let mut levels: HashMap<&str, Level> = RULES.iter().map(|rule| (rule.name, rule.level)).collect();
    if let Some(suite) = suites::nearest(console)? {
        for (name, level) in &suite.lint {
            let rules = RULES.iter().filter(|rule| name == ALL_RULES || rule.name == name);
            levels.extend(rules.map(|rule| (rule.name, *level)));
        }
    }
    for text in given {
        let Some((name, level)) = text.split_once('=') else {
            return Err(usage(format!("--rule '{text}' has no level: RULE=ignore, RULE=warn or RULE=fatal")));
        };
        let Some(level) = Level::named(level) else {
            return Err(usage(format!("'{level}' is no level of a rule: there are ignore, warn and fatal")));
        };
        let rules: Vec<&Rule> =
            RULES.iter().copied().filter(|rule| name == ALL_RULES || rule.name == name).collect();
        if rules.is_empty() {
            let names = RULES.iter().map(|rule| rule.name.as_bytes());
            let near = best_matches(names, name.as_bytes());
            let e = usage(format!("there is no rule '{name}'"));
            return Err(match near.first() {
                Some(near) => e.help(format!("Did you mean {near}?")),
                None => e.help("nival lint --list-rules prints all rules"),
            });
        }
        levels.extend(rules.iter().map(|rule| (rule.name, level)));
    }
    Ok(levels)
}

fn list_rules() -> String {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&Rule| format!("{:width$}  {}\n", rule.name, rule.summary);
    RULES.iter().map(line).collect()
}

/// The findings of a run.
struct Judged {
    findings: Vec<Finding>,
    /// With `--base`, what the findings do not repeat.
    before: Option<Before>,
    roots: Roots,
}

fn judge(
    console: &Console,
    ev: &Evaluator,
    args: &LintArgs,
    levels: &HashMap<&'static str, Level>,
) -> Res<Judged> {
    let base = args.base.as_ref().map(|base| start_base(console, args, base, levels)).transpose()?;
    let (mut findings, roots) = findings(console, ev, args, levels, true)?;
    let mut before = None;
    if let Some((revision, thread)) = base {
        let known = beside::wait(thread, &mut BTreeSet::new())?;
        let count = keep_new(&mut findings, known, |file| roots.show(file));
        before = Some(Before { revision, count });
    }
    Ok(Judged { findings, before, roots })
}

/// Begins to judge the configuration as it is at a revision. Returns the revision's name, too.
fn start_base(
    console: &Console,
    args: &LintArgs,
    base: &OsStr,
    levels: &HashMap<&'static str, Level>,
) -> Res<(String, JoinHandle<Answer<Vec<Known>>>)> {
    let open = &args.open;
    if args.modules.iter().chain(&open.files).any(|name| name == STDIN) {
        let message = "standard input has no earlier revision: --base compares files";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let named = args.modules.iter().chain(&open.files).chain(&open.nixpkgs);
    let revision = Revision::open(&in_repository(console, named)?, base)?;
    let name = revision.name.clone();
    let (there, asked, levels, shown) = (console.clone(), args.clone(), levels.clone(), name.clone());
    let work = move |ev: &Evaluator| {
        known(&there, ev, &asked, &levels).map_err(|e| {
            let message = format!("cannot evaluate this at '{shown}': {}", e.data().message);
            Error::new(ErrorKind::Usage, message)
        })
    };
    Ok((name, beside::start(console, &open.evaluator, Some(revision), false, work)))
}

/// What is found with an evaluator that sees the files as they were. Where a file did not exist, nothing is.
fn known(
    console: &Console,
    ev: &Evaluator,
    args: &LintArgs,
    levels: &HashMap<&'static str, Level>,
) -> Res<Vec<Known>> {
    for name in args.modules.iter().chain(&args.open.files) {
        if ev.host.resolve(&find(ev, name)?).is_err() {
            return Ok(Vec::new());
        }
    }
    let (found, roots) = findings(console, ev, args, levels, false)?;
    Ok(found.iter().map(|finding| finding.known(|file| roots.show(file))).collect())
}

/// The findings about a configuration. The option that is judged must exist if it is `required`.
fn findings(
    console: &Console,
    ev: &Evaluator,
    args: &LintArgs,
    levels: &HashMap<&'static str, Level>,
    required: bool,
) -> Res<(Vec<Finding>, Roots)> {
    let opening = opening::of(console, ev, &args.modules, &args.open, args.open.root.as_ref())?;
    let opened = Opened::new(ev, opening.open(ev)?)?;
    let roots = asking::roots(ev, &opening);
    let below = match &args.attr {
        Some(name) => asking::option_path(ev, name)?,
        None => Vec::new(),
    };
    if required && !below.is_empty() {
        opened.require(&below)?;
    }
    let excluded = args.exclude.iter().map(|folder| Ok([&find(ev, folder)?[..], b"/"].concat()));
    let excluded = excluded.collect::<Res<Vec<_>>>()?;
    let tree = opened.tree();
    let is_own = |file: &str| {
        let below = |folder: &[u8]| file.as_bytes().starts_with(folder);
        let is_tree = || !roots.is_own(file) || tree.as_ref().is_some_and(|tree| below(tree));
        (args.all || !is_tree()) && !excluded.iter().any(|folder| below(folder))
    };
    let level = |rule: &Rule| levels.get(rule.name).copied().unwrap_or(rule.level);
    let found = lint(&opened, &Asked { level: &level, is_own: &is_own, below: &below })?;
    Ok((found, roots))
}

fn show(console: &Console, ev: &Evaluator, args: &LintArgs, judged: &Judged) -> Res<Exit> {
    let Judged { findings, before, roots } = judged;
    let before = before.as_ref();
    let format = if args.json { LintFormat::Json } else { args.format };
    let indented = |json: serde_json::Value| {
        let mut text = indent_json(json.to_string().as_bytes());
        text.push(b'\n');
        text
    };
    let text = match format {
        LintFormat::Text => {
            lint_text(findings, before, roots, output::in_colour(console, &args.output)).into_bytes()
        }
        LintFormat::Json => indented(lint_json(findings, before)),
        LintFormat::Github => lint_github(findings, before, roots).into_bytes(),
        LintFormat::Sarif => {
            let lines = Lines { ev, files: RefCell::default() };
            indented(lint_sarif(findings, before, roots, &|file, line| lines.get(file, line)))
        }
    };
    output::write(console, &ev.settings.base_dir, &args.output, &text)?;
    let worst = findings.iter().map(|finding| finding.level).max();
    let bad = if args.deny_warnings { Level::Warn } else { Level::Fatal };
    Ok(if worst >= Some(bad) { Exit::FAILED } else { Exit::OK })
}

/// The lines of files.
struct Lines<'e> {
    ev: &'e Evaluator,
    files: RefCell<HashMap<String, Vec<Vec<u8>>>>,
}

impl Lines<'_> {
    fn get(&self, file: &str, line: u32) -> Option<Vec<u8>> {
        let read = || {
            let text = self.ev.host.read_file(file.as_bytes()).unwrap_or_default();
            text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
        };
        let mut files = self.files.borrow_mut();
        files.entry(file.to_owned()).or_insert_with(read).get(line.checked_sub(1)? as usize).cloned()
    }
}
