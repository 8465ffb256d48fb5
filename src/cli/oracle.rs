//! A real nix-instantiate to compare nival with.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use serde_json::Value as Json;

use super::args::{ModulesArgs, VerifyArgs};
use super::modules::pairs;
use super::oracle_opening::expression;
use super::outcome::{Outcome, at, parse};
use crate::eval::{Error, Evaluator, Res};
use crate::host::{CommandOutput, ScratchFolder, System};
use crate::options::attr_path;
use crate::options::{Opening, STDIN, embedded_files, find, tree_modules};
use crate::syntax;

/// A real Nix that evaluates `nix/oracle.nix`.
pub struct Oracle<'a> {
    host: &'a dyn System,
    args: &'a VerifyArgs,
    /// The folder with the embedded files.
    folder: ScratchFolder,
    modules: String,
    fixtures: String,
    /// The requested names of the package set as JSON, grouped by the set they are in.
    asked: String,
    /// The contents of standard input, for modules.
    stdin: Option<String>,
    /// The value with `options` and `config`, as an expression; `None` for modules.
    opened: Option<String>,
    /// The set of special arguments, as an expression.
    special: String,
    /// The base directory of relative paths.
    cwd: Vec<u8>,
}

/// Is told of a group of options that the real Nix is asked for: the first path, and how many there are.
pub type Asks<'a> = &'a dyn Fn(&[String], usize);

impl<'a> Oracle<'a> {
    /// Writes the embedded files to a folder. `asked` are the names of packages.
    pub fn new(
        ev: &Evaluator,
        host: &'a dyn System,
        args: &'a VerifyArgs,
        opening: &Opening,
        asked: String,
    ) -> Res<Oracle<'a>> {
        let list = |names: &[OsString]| -> Res<String> {
            let mut paths = Vec::with_capacity(names.len());
            for name in names {
                let path = if name == STDIN { STDIN.into() } else { find(ev, name)? };
                paths.push(String::from_utf8_lossy(&path).into_owned());
            }
            Ok(Json::from(paths).to_string())
        };
        let folder = host
            .scratch_folder(embedded_files())
            .map_err(|e| Error::eval(format!("laying out the embedded modules: {e}")))?;
        let (modules, fixtures) = (list(&args.modules.modules)?, list(&args.modules.open.files)?);
        let stdin = match opening {
            Opening::Modules(modules) => {
                modules.input.as_ref().map(|text| String::from_utf8_lossy(text).into_owned())
            }
            _ => None,
        };
        let opened = expression(ev, opening)?;
        let special = special(ev, &args.modules)?;
        let cwd = ev.settings.base_dir.clone();
        Ok(Oracle { host, args, folder, modules, fixtures, asked, stdin, opened, special, cwd })
    }

    /// Evaluates an attribute of the oracle for some option paths.
    fn ask(&self, attr: &str, paths: &[Vec<String>]) -> Res<CommandOutput> {
        let mut command: Vec<OsString> = ["--eval", "--strict", "--json"].map(OsString::from).to_vec();
        command.push(OsString::from_vec([self.folder.path(), b"/oracle.nix"].concat()));
        let mut push = |words: &[&str]| command.extend(words.iter().map(OsString::from));
        let path_expr = |p: &OsStr| {
            let path = String::from_utf8_lossy(&syntax::absolute(p.as_bytes(), &self.cwd)).into_owned();
            format!("(/. + {})", String::from_utf8_lossy(&syntax::quote(path.as_bytes())))
        };
        let lib = match &self.args.modules.open.lib {
            Some(lib) => path_expr(lib),
            None => "<nixpkgs/lib>".to_owned(),
        };
        push(&["--arg", "lib", &lib, "--argstr", "modules", &self.modules]);
        push(&[
            "--argstr",
            "fixtures",
            &self.fixtures,
            "--argstr",
            "system",
            &self.args.modules.open.evaluator.system,
        ]);
        push(&["--argstr", "asked", &self.asked]);
        push(&["--argstr", "attrs", &Json::from(paths.to_vec()).to_string(), "-A", attr]);
        push(&["--arg", "special", &self.special]);
        if let Some(opened) = &self.opened {
            push(&["--arg", "opened", opened]);
        }
        if let Some(text) = &self.stdin {
            push(&["--arg", "stdin", text]);
        }
        let switches = [
            (self.args.modules.open.no_base, "base", "false"),
            (self.args.modules.open.allow_undeclared, "allowUndeclared", "true"),
            (self.args.modules.open.strict_options, "strictOptions", "true"),
        ];
        for (_, name, value) in switches.iter().filter(|(on, ..)| *on) {
            push(&["--arg", name, value]);
        }
        for entry in &self.args.modules.open.evaluator.include {
            push(&["-I", &entry.to_string_lossy()]);
        }
        for (name, value) in pairs(&self.args.modules.open.evaluator.options) {
            push(&["--option", &name.to_string_lossy(), &value.to_string_lossy()]);
        }
        if self.args.modules.open.evaluator.restrict_eval {
            push(&["--restrict-eval"]);
        }
        if let Some(pkgs) = &self.args.modules.open.pkgs {
            push(&["--arg", "pkgs", &path_expr(pkgs)]);
        }
        if self.args.modules.open.evaluator.flake.flake.is_some() {
            push(&["--extra-experimental-features", "flakes"]);
        }
        let program = &self.args.nix_instantiate;
        self.host.run_command(program, &command).map_err(|e| {
            let program = program.to_string_lossy().into_owned();
            Error::eval(format!("cannot run '{program}': {e}"))
                .help("--nix-instantiate names the command to compare with")
        })
    }

    /// The reason why no comparison with Nix is possible, if any.
    pub fn trouble(&self) -> Res<Option<String>> {
        let out = self.ask("unseen", &[])?;
        if !out.success {
            let said = last_error(&out.stderr);
            let said = if said.is_empty() { "it ended without a message".to_owned() } else { said };
            return Ok(Some(said));
        }
        let unseen: Vec<String> = serde_json::from_value(parse(&out.stdout)?)
            .map_err(|e| Error::eval(format!("what nix-instantiate printed are no paths: {e}")))?;
        Ok(unseen.first().map(|file| format!("it does not see the file '{file}'")))
    }

    /// The paths of the options to compare: all, or those below the given ones. Or the message, if Nix cannot
    /// evaluate the modules.
    pub fn paths(&self) -> Res<Result<Vec<Vec<String>>, String>> {
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
            // A path inside an option's value is compared as it is.
            if below.is_empty() { wanted.push(path) } else { wanted.extend(below) }
        }
        Ok(Ok(if self.args.modules.attrs.is_empty() { all } else { wanted }))
    }

    /// The value of each option. Nix gives up at some errors; the options are then queried in smaller groups.
    /// `asks` is told of each group: its first path, and how many there are.
    pub fn values(&self, paths: &[Vec<String>], asks: Asks<'_>) -> Res<Vec<Outcome>> {
        let Some(first) = paths.first() else {
            return Ok(Vec::new());
        };
        asks(first, paths.len());
        let out = self.ask("marked", paths)?;
        if out.success {
            let tree = parse(&out.stdout)?;
            return Ok(paths.iter().map(|path| at(tree.clone(), path)).collect());
        }
        if let [_] = paths {
            return Ok(vec![Outcome::Error(last_error(&out.stderr))]);
        }
        let (left, right) = paths.split_at(paths.len() / 2);
        let mut values = self.values(left, asks)?;
        values.extend(self.values(right, asks)?);
        Ok(values)
    }
}

/// The message of the last `error:` that Nix printed.
fn last_error(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let last = text.rsplit("error:").next().unwrap_or_default();
    let lines = last.trim().lines().map(|l| l.strip_prefix("       ").unwrap_or(l));
    let lines: Vec<&str> = lines.take_while(|l| !l.starts_with("at ")).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The special arguments, except those the oracle provides itself, as a Nix expression.
fn special(ev: &Evaluator, args: &ModulesArgs) -> Res<String> {
    let mut out = "{".to_owned();
    let quote = |text: &OsStr| String::from_utf8_lossy(&syntax::quote(text.as_bytes())).into_owned();
    for module in &args.modules {
        if let Some(path) = tree_modules(&find(ev, module)?) {
            out.push_str(&format!(" modulesPath = {};", quote(OsStr::from_bytes(path))));
            break;
        }
    }
    let texts = pairs(&args.open.argstr).map(|(name, text)| (name, quote(text)));
    let given = pairs(&args.open.arg).map(|(name, text)| (name, format!("({})", text.to_string_lossy())));
    let given: Vec<_> = given.chain(texts).collect();
    let is_last = |i: usize| !given[i + 1..].iter().any(|(name, _)| *name == given[i].0);
    for (_, (name, value)) in given.iter().enumerate().filter(|(i, _)| is_last(*i)) {
        out.push_str(&format!(" {} = {value};", quote(name)));
    }
    Ok(out + " }")
}
