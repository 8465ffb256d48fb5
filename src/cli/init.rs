//! `nival init`: writes a first suite.

use super::args::InitArgs;
use super::console::{Console, Exit};
use super::modules;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::options::{Item, Modules, Opened, Opening};
use crate::suite::{FILE_NAME, FirstSuite, Subject};
use crate::syntax::absolute;

/// The configuration that a suite is for, unless the command line names one.
const CONFIGURATION: &str = "configuration.nix";

/// Runs the command.
pub fn run(console: &Console, args: &InitArgs) -> Exit {
    let work = |ev: &Evaluator| init(console, ev, args);
    modules::run(console, &args.evaluator, false, work, |ev, written| {
        match written.and_then(|files| console.print(said(&files).as_bytes())) {
            Ok(()) => Exit::OK,
            Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival init"),
            Err(e) => {
                console.report(ev, &e, args.evaluator.show_trace);
                Exit::TROUBLE
            }
        }
    })
}

/// Writes the files. Returns their paths.
fn init(console: &Console, ev: &Evaluator, args: &InitArgs) -> Res<Vec<String>> {
    let usage = |message: String| Error::new(ErrorKind::Usage, message);
    let here = &ev.settings.base_dir;
    let exists = |name: &str| console.host.read_file(&absolute(name.as_bytes(), here)).is_ok();
    if exists(FILE_NAME) {
        return Err(usage(format!("there is a {FILE_NAME} already")).help("nival check checks it"));
    }
    let subject = match (&args.modules[..], &args.file) {
        ([], Some(file)) => configuration(args, &file.to_string_lossy()),
        ([], None) if exists(CONFIGURATION) => configuration(args, CONFIGURATION),
        ([], None) => {
            let e = usage("there is nothing to write a suite for".to_owned());
            return Err(e.help(format!(
                "name modules, or a configuration with --file; there is no {CONFIGURATION} here"
            )));
        }
        (modules, _) => Subject::Modules {
            files: modules.iter().map(|module| module.to_string_lossy().into_owned()).collect(),
            enable: enabling(ev, args)?,
        },
    };
    if let Subject::Configuration { file, .. } = &subject
        && !exists(file)
    {
        return Err(usage(format!("the configuration '{file}' cannot be read")));
    }
    let first = FirstSuite::of(&subject);
    let mut files = vec![(FILE_NAME.to_owned(), first.suite)];
    files.extend(first.fixtures.into_iter().filter(|(name, _)| !exists(name)));
    for (name, text) in &files {
        let path = absolute(name.as_bytes(), here);
        let folder = &path[..path.iter().rposition(|byte| *byte == b'/').unwrap_or(0)];
        let written = console
            .host
            .make_folder(if folder.is_empty() { b"/" } else { folder })
            .and_then(|()| console.host.write_file(&path, text.as_bytes()));
        written.map_err(|e| Error::new(ErrorKind::System, format!("writing '{name}': {e}")))?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

fn configuration(args: &InitArgs, file: &str) -> Subject {
    Subject::Configuration { file: file.to_owned(), nixpkgs: args.nixpkgs.to_string_lossy().into_owned() }
}

/// The options of the modules that enable something: those called `enable` that other files than the base modules declare.
fn enabling(ev: &Evaluator, args: &InitArgs) -> Res<Vec<String>> {
    let modules = Modules { modules: args.modules.clone(), ..Modules::default() };
    let opened = Opened::new(ev, Opening::Modules(Box::new(modules)).open(ev)?)?;
    let mut found = Vec::new();
    opened.each(opened.options, &[], true, &mut |path, item| {
        let is_enable = path.last().is_some_and(|name| ev.mem.heap.name(*name) == b"enable");
        if let Item::Option(option) = item
            && is_enable
            && opened.is_visible(option)
            && opened.declared_in(option).iter().any(|file| !file.starts_with(crate::options::EMBEDDED))
        {
            found.push(opened.show(path));
        }
        Ok(())
    })?;
    Ok(found)
}

fn said(files: &[String]) -> String {
    let files: String = files.iter().map(|file| format!("wrote {file}\n")).collect();
    format!("{files}nival check writes the first snapshots, and compares with them from then on\n")
}
