//! `nival verify`: the same modules through a real nix-instantiate, option by option.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use serde_json::Value as Json;

use super::args::VerifyArgs;
use super::{Exit, attr_path, config, current_dir, embedded, fail, modules, print};
use crate::eval::{Error, Evaluator, Res, plain, render};
use crate::host::{CommandOutput, RealHost, ScratchFolder};
use crate::report::{Options, Selection, write_options};
use crate::syntax;
use crate::value::Value;

/// The keys that only nival's marks have.
const OWN_KEYS: [&str; 2] = ["at", "message"];
/// Characters of a value that are shown.
const SHOWN: usize = 200;

/// Runs the command.
pub fn run(args: &VerifyArgs) -> Exit {
    modules::run(&args.modules, |ev| compare(ev, args), |ev, compared| show(ev, args, compared))
}

/// Prints what is the same and what is not.
fn show(ev: &Evaluator, args: &VerifyArgs, compared: Res<Report>) -> Exit {
    match compared {
        Ok(report) => match print(report.text.as_bytes()) {
            Err(_) => Exit::TROUBLE,
            Ok(()) if report.different == 0 => Exit::OK,
            Ok(()) => Exit::FAILED,
        },
        Err(e) => {
            fail(&render(&ev.sources, &e, args.modules.show_trace));
            Exit::TROUBLE
        }
    }
}

#[derive(Default)]
struct Report {
    text: String,
    different: usize,
}

impl Report {
    fn differs(&mut self, what: &str, ours: &Outcome, theirs: &Outcome) {
        self.different += 1;
        let (ours, theirs) = (ours.show(), theirs.show());
        self.text.push_str(&format!("DIFFERENT  {what}\n  nival: {ours}\n  nix:   {theirs}\n"));
    }
}

fn compare(ev: &Evaluator, args: &VerifyArgs) -> Res<Report> {
    let host = RealHost::new();
    let config = config::config(ev, &args.modules, None);
    let asked = asked_packages(ev, args, &config)?;
    let oracle = Oracle::new(&host, args, asked)?;
    let paths = oracle.paths()?;
    let (paths, config) = match (paths, config) {
        (Ok(paths), Ok(config)) => (paths, config),
        (theirs, ours) => return refused(ev, ours, theirs.err()),
    };
    let theirs = oracle.values(&paths)?;
    let mut report = Report::default();
    let mut same = 0;
    for (path, theirs) in paths.iter().zip(theirs) {
        let name = show_path(path);
        let ours = match own_value(ev, config, path) {
            Ok(value) => value,
            // There is no such option: nothing to compare.
            Err(e) if theirs.is_error() => return Err(e),
            Err(e) => Outcome::Error(e.data().message.clone()),
        };
        if ours.equals(&theirs) {
            same += 1;
            if !args.quiet {
                report.text.push_str(&format!("same       {name}\n"));
            }
        } else {
            report.differs(&name, &ours, &theirs);
        }
    }
    let different = report.different;
    report.text.push_str(&format!("{same} same, {different} different\n"));
    Ok(report)
}

/// The names that the open package set has been asked for by what is compared, which real Nix gets as a closed set.
fn asked_packages(ev: &Evaluator, args: &VerifyArgs, config: &Res<Value>) -> Res<String> {
    if let Ok(config) = config {
        let mut wanted = Vec::new();
        for attr in &args.modules.attrs {
            wanted.push(attr_path::split(attr.as_bytes())?);
        }
        // What fails is met again, and told, when it is compared.
        let _ = write_options(ev, *config, &Selection::of(&wanted), Options::default());
    }
    Ok(serde_json::json!(ev.asked_of_open_sets()).to_string())
}

/// What to say where the modules as a whole cannot be evaluated, by at least one of the two.
fn refused(ev: &Evaluator, config: Res<Value>, theirs: Option<String>) -> Res<Report> {
    // Much is found out only when values are asked for.
    let strict = Options { strict: true };
    let ours = config.and_then(|c| write_options(ev, c, &Selection::All, strict)).err();
    let said = |e: &Error| String::from_utf8_lossy(&plain(e.data().message.as_bytes())).trim_end().to_owned();
    let message = |e: Option<String>| match e {
        Some(message) => Outcome::Error(message),
        None => Outcome::Value(Json::from("no error")),
    };
    if let (Some(ours), Some(theirs)) = (&ours, &theirs)
        && said(ours) == *theirs
    {
        return Err(Error::eval(format!("neither Nix nor nival can evaluate the modules:\n{theirs}")));
    }
    let mut report = Report::default();
    let ours = message(ours.as_ref().map(said));
    report.differs("(the modules as a whole)", &ours, &message(theirs));
    Ok(report)
}

/// What became of an option's value.
enum Outcome {
    /// A value, without what only nival's marks say.
    Value(Json),
    /// A failure as a whole; the message.
    Error(String),
}

impl Outcome {
    fn is_error(&self) -> bool {
        match self {
            Outcome::Error(_) => true,
            Outcome::Value(v) => is_failure(v),
        }
    }

    /// Whether a failure is anywhere in the value.
    fn has_error(&self) -> bool {
        fn within(v: &Json) -> bool {
            is_failure(v)
                || match v {
                    Json::Object(map) => map.values().any(within),
                    Json::Array(items) => items.iter().any(within),
                    _ => false,
                }
        }
        match self {
            Outcome::Error(_) => true,
            Outcome::Value(v) => within(v),
        }
    }

    fn equals(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Outcome::Value(a), Outcome::Value(b)) if !(self.is_error() && other.is_error()) => a == b,
            // Nix cannot say where in the value an error is that `tryEval` does not catch.
            _ => self.has_error() && other.has_error(),
        }
    }

    fn show(&self) -> String {
        let text = match self {
            Outcome::Value(v) => v.to_string(),
            Outcome::Error(message) => format!("error: {}", message.lines().next().unwrap_or_default()),
        };
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{} …", &text[..end]),
            None => text,
        }
    }
}

/// Whether a value is the mark of one that failed.
fn is_failure(v: &Json) -> bool {
    matches!(v.get("_nival").and_then(Json::as_str), Some("error" | "cycle"))
}

fn parse(text: &[u8]) -> Res<Json> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut reader)
        .map_err(|e| Error::eval(format!("what nix-instantiate printed is no JSON: {e}")))
}

/// Leaves out what only nival's marks say.
fn strip(value: &mut Json) {
    match value {
        Json::Object(map) => {
            if map.contains_key("_nival") {
                for key in OWN_KEYS {
                    map.remove(key);
                }
            }
            map.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn own_value(ev: &Evaluator, config: Value, path: &[String]) -> Res<Outcome> {
    let names: Vec<Vec<u8>> = path.iter().map(|p| p.as_bytes().to_vec()).collect();
    let written = write_options(ev, config, &Selection::of(&[names]), Options::default())?;
    let mut value = parse(&written.json)?;
    strip(&mut value);
    Ok(at(value, path))
}

/// The part of a tree that a path leads to; a mark on the way stands for it.
fn at(mut tree: Json, path: &[String]) -> Outcome {
    for name in path {
        if tree.get("_nival").is_some() {
            break;
        }
        match tree.get_mut(name.as_str()) {
            Some(child) => tree = child.take(),
            None => return Outcome::Error("there is no such option".to_owned()),
        }
    }
    Outcome::Value(tree)
}

fn show_path(path: &[String]) -> String {
    let names: Vec<String> =
        path.iter().map(|p| String::from_utf8_lossy(&syntax::show_name(p.as_bytes())).into_owned()).collect();
    names.join(".")
}

/// A real Nix that evaluates `nix/oracle.nix`.
struct Oracle<'a> {
    host: &'a RealHost,
    args: &'a VerifyArgs,
    /// Where the embedded files have been laid out.
    folder: ScratchFolder,
    modules: String,
    fixtures: String,
    /// Names of the package set, by the set they are in, as JSON.
    asked: String,
}

impl<'a> Oracle<'a> {
    fn new(host: &'a RealHost, args: &'a VerifyArgs, asked: String) -> Res<Oracle<'a>> {
        let cwd = current_dir()?;
        let list = |paths: &[OsString]| {
            let absolute = paths.iter().map(|p| String::from_utf8_lossy(&absolute(p, &cwd)).into_owned());
            Json::from(absolute.collect::<Vec<_>>()).to_string()
        };
        let folder = host
            .scratch_folder(embedded::files())
            .map_err(|e| Error::eval(format!("laying out the embedded modules: {e}")))?;
        let (modules, fixtures) = (list(&args.modules.modules), list(&args.modules.fixtures));
        Ok(Oracle { host, args, folder, modules, fixtures, asked })
    }

    /// Evaluates an attribute of the oracle for some option paths.
    fn ask(&self, attr: &str, paths: &[Vec<String>]) -> Res<CommandOutput> {
        let mut command: Vec<OsString> = ["--eval", "--strict", "--json"].map(OsString::from).to_vec();
        command.push(OsString::from_vec([self.folder.path(), b"/oracle.nix"].concat()));
        let mut push = |words: &[&str]| command.extend(words.iter().map(OsString::from));
        let cwd = current_dir()?;
        let path_expr = |p: &OsStr| {
            let path = String::from_utf8_lossy(&absolute(p, &cwd)).into_owned();
            format!("(/. + {})", String::from_utf8_lossy(&syntax::quote(path.as_bytes())))
        };
        let lib = match &self.args.lib {
            Some(lib) => path_expr(lib),
            None => "<nixpkgs/lib>".to_owned(),
        };
        push(&["--arg", "lib", &lib, "--argstr", "modules", &self.modules]);
        push(&["--argstr", "fixtures", &self.fixtures, "--argstr", "system", &self.args.modules.system]);
        push(&["--argstr", "asked", &self.asked]);
        push(&["--argstr", "attrs", &Json::from(paths.to_vec()).to_string(), "-A", attr]);
        if self.args.modules.no_base {
            push(&["--arg", "base", "false"]);
        }
        if let Some(pkgs) = &self.args.modules.pkgs {
            push(&["--arg", "pkgs", &path_expr(pkgs)]);
        }
        let program = &self.args.nix_instantiate;
        self.host.run_command(program, &command).map_err(|e| {
            let program = program.to_string_lossy().into_owned();
            Error::eval(format!("cannot run '{program}': {e}"))
                .help("--nix-instantiate names the command to compare with")
        })
    }

    /// The paths of the options to compare: all, or those below the given ones.
    /// Or the message, if Nix cannot evaluate the modules.
    fn paths(&self) -> Res<Result<Vec<Vec<String>>, String>> {
        let out = self.ask("paths", &[])?;
        if !out.success {
            return Ok(Err(last_error(&out.stderr)));
        }
        let all: Vec<Vec<String>> = serde_json::from_value(parse(&out.stdout)?)
            .map_err(|e| Error::eval(format!("what nix-instantiate printed are no option paths: {e}")))?;
        let mut wanted = Vec::new();
        for attr in &self.args.modules.attrs {
            let path = attr_path::split(attr.as_bytes())?;
            let path: Vec<String> = path.iter().map(|p| String::from_utf8_lossy(p).into_owned()).collect();
            let below: Vec<_> = all.iter().filter(|p| p.starts_with(&path)).cloned().collect();
            // Something inside an option's value is compared as it is.
            if below.is_empty() { wanted.push(path) } else { wanted.extend(below) }
        }
        Ok(Ok(if self.args.modules.attrs.is_empty() { all } else { wanted }))
    }

    /// The value of each option. Nix gives up at some errors; then the options are asked for in smaller groups.
    fn values(&self, paths: &[Vec<String>]) -> Res<Vec<Outcome>> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let out = self.ask("marked", paths)?;
        if out.success {
            let tree = parse(&out.stdout)?;
            return Ok(paths.iter().map(|path| at(tree.clone(), path)).collect());
        }
        if let [_] = paths {
            return Ok(vec![Outcome::Error(last_error(&out.stderr))]);
        }
        let (left, right) = paths.split_at(paths.len() / 2);
        let mut values = self.values(left)?;
        values.extend(self.values(right)?);
        Ok(values)
    }
}

/// The message of the error that Nix printed: what is behind the last `error:`, as far as it is the message.
fn last_error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let last = text.rsplit("error:").next().unwrap_or_default();
    let lines = last.trim().lines().map(|l| l.strip_prefix("       ").unwrap_or(l));
    let lines: Vec<&str> = lines.take_while(|l| !l.starts_with("at ")).collect();
    lines.join("\n").trim_end().to_owned()
}

fn absolute(path: &OsStr, cwd: &[u8]) -> Vec<u8> {
    match path.as_bytes() {
        p if p.starts_with(b"/") => syntax::normalise(p),
        p => syntax::normalise(&[cwd, b"/", p].concat()),
    }
}
