//! `nival option`: what options are set to, by which definitions, and where.

use super::args::{OptionArgs, OptionFormat};
use super::console::{Console, Exit};
use super::isolated::{Isolated, MakeRows};
use super::option_list::{is_filtered, is_wanted, list};
use super::progress::say;
use super::{asking, modules, opening, output};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::host::{CopyLimits, Messages};
use crate::options::{Found, Opened, OptionDoc, OptionInfo, document};
use crate::report::{
    Detail, Roots, indent_json, option_json, option_text, options_html, options_json, options_markdown,
};
use crate::session::code_cache::Keeper;
use crate::value::Value;

/// The answer to a command.
enum Answer {
    /// One option.
    Option(Box<OptionInfo>),
    /// The names below a name, in lines of text or JSON.
    List(Vec<String>),
    /// The documentation of what is at or below a name.
    Docs(Vec<OptionDoc>),
}

/// Runs the command.
pub fn run(console: &Console, args: &OptionArgs) -> Exit {
    let evaluator = &args.open.evaluator;
    let messages = Messages::printed();
    let around = modules::Around { observes: true, messages: Some(messages.clone()), ..Default::default() };
    let work = |ev: &Evaluator, keeper: &Keeper| {
        // What statistics count and files list is what one process does.
        let is_counted =
            evaluator.stats.is_some() || evaluator.profile.is_some() || evaluator.print_files.is_some();
        let keep_code = |ev: &Evaluator| keeper.finish(ev);
        let memory = modules::limits(console, evaluator).ok().and_then(|limits| limits.bytes());
        let limits = CopyLimits { seconds: None, memory };
        let isolated = Isolated { console, messages: &messages, limits, keep_code: &keep_code };
        answer(console, ev, args, (!is_counted).then_some(&isolated))
    };
    modules::run_with(console, evaluator, around, work, |ev, found| {
        match found.and_then(|(answer, roots)| show(console, ev, args, &answer, &roots)) {
            Ok(exit) => exit,
            Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival option"),
            Err(e) => console.report(ev, &e, evaluator.show_trace),
        }
    })
}

fn answer(
    console: &Console,
    ev: &Evaluator,
    args: &OptionArgs,
    isolated: Option<&Isolated<'_>>,
) -> Res<(Answer, Roots)> {
    let (name, modules) = asking::names(&args.names);
    let root = args.open.root.as_ref().or(args.attr.as_ref());
    let opening = opening::of(console, ev, modules, &args.open, root)?;
    let is_list = name.is_none() || args.recursive || is_filtered(args);
    // One option is shown with what its definitions were computed from.
    if !is_list && !is_documentation(args.format) {
        ev.track_reads();
    }
    let open_and_ask = |make_rows: MakeRows<'_>| {
        let configuration = opening.open(ev)?;
        let opened = Opened::new(ev, configuration)?;
        let path = name.map(|name| asking::option_path(ev, name)).transpose()?.unwrap_or_default();
        let roots = output::with_links(console, &args.output, asking::roots(ev, &opening));
        let answer = match is_documentation(args.format) {
            true => Answer::Docs(docs(console, &opened, args, opening.lib(ev, configuration)?, &path)?),
            false => ask(&opened, args, &roots, &path, make_rows)?,
        };
        Ok((answer, roots))
    };
    let Some(isolated) = isolated.filter(|_| is_list && !is_documentation(args.format)) else {
        return open_and_ask(&mut |make| Ok((0..make.len).filter_map(make.row).collect()));
    };
    // An error is found again in this process.
    let known = isolated.begin(ev, &|make_rows| drop(open_and_ask(make_rows)))?;
    if known.is_complete() {
        let roots = output::with_links(console, &args.output, asking::roots(ev, &opening));
        return Ok((Answer::List(known.rows), roots));
    }
    let mut known = Some(known);
    open_and_ask(&mut |make| isolated.finish(ev, known.take().unwrap_or_default(), make))
}

/// Whether a format is for the documentation of options.
fn is_documentation(format: OptionFormat) -> bool {
    matches!(format, OptionFormat::OptionsJson | OptionFormat::Markdown | OptionFormat::Html)
}

fn ask(
    opened: &Opened<'_>,
    args: &OptionArgs,
    roots: &Roots,
    path: &[Sym],
    make_rows: MakeRows<'_>,
) -> Res<Answer> {
    Ok(match opened.find(path) {
        Found::Set(level) => Answer::List(list(opened, args, roots, level, path, make_rows)?),
        Found::Option { .. } | Found::Missing { .. } | Found::Failed { .. } => {
            Answer::Option(Box::new(opened.tell(path)?))
        }
    })
}

/// The documentation of the options at and below a path, as far as the flags ask for it.
fn docs(
    console: &Console,
    opened: &Opened<'_>,
    args: &OptionArgs,
    lib: Value,
    path: &[Sym],
) -> Res<Vec<OptionDoc>> {
    let part = match opened.find(path) {
        Found::Option { option, names } if names == path.len() => option,
        Found::Set(level) => level,
        Found::Option { names, .. } => {
            let message = format!(
                "'{}' is a part of the value of '{}'; only options are documented",
                opened.show(path),
                opened.show(&path[..names])
            );
            return Err(Error::new(ErrorKind::Usage, message));
        }
        Found::Failed { error, .. } => return Err(error),
        Found::Missing { names, near } => return Err(opened.missing(path, names, near)),
    };
    let filtered = is_filtered(args);
    document(opened.ev, lib, part, path, args.all, &mut |at, _| {
        say(console, &opened.show(at));
        Ok(!filtered || is_wanted(opened, args, at))
    })
}

fn show(console: &Console, ev: &Evaluator, args: &OptionArgs, answer: &Answer, roots: &Roots) -> Res<Exit> {
    let colour = output::in_colour(console, &args.output);
    let format = if args.json { OptionFormat::Json } else { args.format };
    let mut text = match (answer, format) {
        (Answer::Docs(docs), OptionFormat::Markdown) => options_markdown(docs).into_bytes(),
        (Answer::Docs(docs), OptionFormat::Html) => options_html(docs).into_bytes(),
        (Answer::Docs(docs), _) => options_json(docs),
        (Answer::Option(about), OptionFormat::Json) => indent_json(option_json(about).to_string().as_bytes()),
        (Answer::List(rows), OptionFormat::Json) => indent_json(format!("[{}]", rows.join(",")).as_bytes()),
        (Answer::Option(about), OptionFormat::Jsonl) => format!("{}\n", option_json(about)).into_bytes(),
        (Answer::Option(about), _) => {
            option_text(about, roots, Detail { all: args.all, source: args.source, colour }).into_bytes()
        }
        (Answer::List(rows), _) => rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes(),
    };
    if format == OptionFormat::Json {
        text.push(b'\n');
    }
    output::write(console, &ev.settings.base_dir, &args.output, &text)?;
    let failed = match answer {
        Answer::Option(about) => about.value.has_failure(),
        Answer::List(_) => false,
        Answer::Docs(docs) => tell_incomplete(console, docs),
    };
    Ok(if failed { Exit::FAILED } else { Exit::OK })
}

/// Says which options could not be documented in full, if there are any.
fn tell_incomplete(console: &Console, docs: &[OptionDoc]) -> bool {
    const LISTED: usize = 20;
    let failed: Vec<_> = docs.iter().filter_map(|doc| Some((&doc.name, doc.error.as_ref()?))).collect();
    for (name, failure) in failed.iter().take(LISTED) {
        let at = failure.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
        console.fail(&format!("error: '{name}' cannot be documented in full{at}: {}", failure.message));
    }
    if let Some(more) = failed.len().checked_sub(LISTED).filter(|more| *more > 0) {
        console.fail(&format!("error: nor can {more} more options; their attribute `error` says why"));
    }
    !failed.is_empty()
}
