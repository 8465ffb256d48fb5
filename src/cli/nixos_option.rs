//! `nixos-option`: the program under that name is the tool of nixpkgs 26.11.

use super::console::{Console, Exit};
use super::eval;
use super::flag_parser;
use super::flags::Program;
use crate::builtins;
use crate::eval::{Evaluator, Res};
use crate::options::FlakeName;
use crate::report::nixos_option;
use crate::source::Origin;
use crate::syntax::quote;
use crate::value::Value;

const HELP: &str = "\
Show the value of a NixOS option, and what is known about it.

usage: nixos-option [-r | --recursive] [-I PATH] [--no-flake] [--show-trace] [OPTION]

  OPTION           an option or a set of options; without it, all options
  -r, --recursive  print the values of all options at or below OPTION
  -I PATH          add an entry to the search path
  -F, --flake URI  the flake with the configuration: nixosConfigurations.NAME of URI#NAME, or of this machine
  --no-flake       use the configuration even if there is an /etc/nixos/flake.nix
  --show-trace     print the whole trace of an error

The configuration is NIXOS_CONFIG or <nixos-config> in the search path, or else the flake in /etc/nixos.
";

/// The flake that stands for the configuration, if it exists and nothing else is named.
const FLAKE: &[u8] = b"/etc/nixos/flake.nix";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Asked {
    names: Vec<Vec<u8>>,
    recursive: bool,
    flake: Option<Vec<u8>>,
    no_flake: bool,
    help: bool,
    /// What nix-instantiate gets.
    flags: Vec<Vec<u8>>,
}

/// Runs the tool.
pub fn run(console: &Console, args: &[Vec<u8>]) -> Exit {
    let refused = |message: &str| {
        console.fail(message);
        Exit::FAILED
    };
    let asked = match parse(args) {
        Ok(asked) => asked,
        Err(message) => return refused(&message),
    };
    if asked.help {
        return match console.print(HELP.as_bytes()) {
            Ok(()) => Exit::OK,
            Err(e) => refused(&format!("error: {}", e.data().message)),
        };
    }
    let path = match &asked.names[..] {
        [] => &b""[..],
        [name] => name.strip_suffix(b".").unwrap_or(name),
        _ => return refused("Only one option path can be provided"),
    };
    let mut flags = match flag_parser::parse(&asked.flags, Program::NixInstantiate) {
        Ok(flags) => flags,
        Err(e) => return refused(&format!("error: {}", e.message)),
    };
    flags.eval = true;
    // The tool leaves these to the user's nix.conf.
    flags.set("extra-experimental-features", "flakes fetch-tree");
    eval::evaluate(console, &flags, |ev, _, _| {
        let named = ev.host.env(b"NIXOS_CONFIG").is_some_and(|named| !named.is_empty());
        let looks = !asked.no_flake && !named && builtins::find_file(ev, b"nixos-config").is_err();
        let nixos = match asked.flake.clone().or_else(|| usual_flake(ev).filter(|_| looks)) {
            Some(flake) => configuration(console, ev, flake)?,
            None => {
                let text = b"import <nixpkgs/nixos> { }";
                ev.force_value(ev.delay_text(Origin::Text, text, &ev.settings.base_dir)?)?
            }
        };
        let mut text = nixos_option(ev, nixos, path, asked.recursive)?;
        text.push(b'\n');
        console.print(&text).map(|()| Exit::OK)
    })
}

/// The folder of the flake in the usual place, if there is one.
fn usual_flake(ev: &Evaluator) -> Option<Vec<u8>> {
    Some(ev.host.resolve(FLAKE).ok()?.strip_suffix(b"/flake.nix")?.to_vec())
}

/// The configuration in a flake: the one that is named behind `#`, or that of this machine.
fn configuration(console: &Console, ev: &Evaluator, flake: Vec<u8>) -> Res<Value> {
    let (reference, attr) = match flake.iter().rposition(|c| *c == b'#') {
        Some(at) => (flake[..at].to_vec(), flake[at + 1..].to_vec()),
        None => (flake, Vec::new()),
    };
    let attr = match attr.is_empty() {
        true => console.host.machine().into_bytes(),
        false => attr,
    };
    let called = FlakeName { reference, ..FlakeName::default() }.call(ev)?;
    called.find(ev, &[[b"nixosConfigurations.".to_vec(), quote(&attr)].concat()])
}

/// Reads the arguments, in the words of the tool.
fn parse(args: &[Vec<u8>]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let mut value = || match words.next() {
            Some(value) => Ok(value.clone()),
            None => Err(format!("error: {} needs a value", String::from_utf8_lossy(word))),
        };
        match &word[..] {
            b"--help" => {
                asked.help = true;
                return Ok(asked);
            }
            b"-r" | b"--recursive" => asked.recursive = true,
            b"-I" => {
                asked.flags.extend([word.clone(), value()?]);
                asked.no_flake = true;
            }
            b"-F" | b"--flake" => asked.flake = Some(value()?),
            b"--no-flake" => asked.no_flake = true,
            b"--show-trace" => asked.flags.push(word.clone()),
            [b'-', ..] => return Err(format!("Unsupported option {}", String::from_utf8_lossy(word))),
            _ => asked.names.push(word.clone()),
        }
    }
    Ok(asked)
}
