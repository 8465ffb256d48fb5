//! `nixd-attrset-eval`: the program under that name is the worker of nixd, the language server for Nix. nixd starts what
//! `NIXD_ATTRSET_EVAL` names.

mod messages;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use clap::{Parser, ValueEnum};
use lsp_server::{Message, Response};

use super::console::{Console, Exit};
use super::eval;
use super::flag_parser;
use super::flags::Program;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::report::{AttrSet, Refusal};
use messages::{Reading, written};

/// The evaluator of nixd: answers questions about an attribute set
#[derive(Debug, Parser)]
#[command(name = "nixd-attrset-eval", version)]
struct Args {
    /// How messages are read
    #[arg(long, value_enum, default_value_t = Style::Standard)]
    input_style: Style,

    /// Read messages from a Markdown file with JSON blocks, as nixd's tests are
    #[arg(long)]
    lit_test: bool,

    /// Indent what is written
    #[arg(long)]
    pretty: bool,

    /// Accepted, and of no effect: nothing is logged
    #[arg(long)]
    log: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Style {
    /// With headers, as in the Language Server Protocol
    Standard,
    /// In a Markdown file
    LitTest,
}

/// Runs the worker.
pub fn run(console: &Console, args: &[Vec<u8>]) -> Exit {
    let given = console.host.env(b"NIXD_NIXPKGS_EVAL_FLAGS").unwrap_or_default();
    let from_env = given.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(<[u8]>::to_vec);
    let words = args.iter().take(1).cloned().chain(from_env).chain(args.iter().skip(1).cloned());
    let args = match Args::try_parse_from(words.map(OsString::from_vec)) {
        Ok(args) => args,
        Err(e) => {
            // `--help` and `--version` arrive here as well. A closed output does not matter.
            let _ = e.print();
            return Exit(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    let mut flags = match flag_parser::parse(&[], Program::NixInstantiate) {
        Ok(flags) => flags,
        Err(e) => {
            console.fail(&format!("error: {}", e.message));
            return Exit::FAILED;
        }
    };
    flags.eval = true;
    eval::evaluate(console, &flags, |ev, _, _| answer_all(console, ev, &args).map(|()| Exit::OK))
}

/// Answers until the input ends, or somebody says so.
fn answer_all(console: &Console, ev: &Evaluator, args: &Args) -> Res<()> {
    ev.observe();
    let is_test = args.lit_test || args.input_style == Style::LitTest;
    let mut reading = Reading { input: console.host.input(), is_test };
    let mut set = AttrSet::new(ev);
    loop {
        let message =
            reading.next().map_err(|e| Error::new(ErrorKind::System, format!("reading a message: {e}")))?;
        let answer = match message {
            None => return Ok(()),
            Some(Message::Notification(told)) if told.method == "exit" => return Ok(()),
            Some(Message::Notification(_) | Message::Response(_)) => continue,
            Some(Message::Request(asked)) => match set.answer(&asked.method, &asked.params) {
                Ok(result) => Response::new_ok(asked.id, result),
                Err(Refusal { code, message }) => Response::new_err(asked.id, code, message),
            },
        };
        console.print(written(&answer, is_test || args.pretty).as_bytes())?;
    }
}
