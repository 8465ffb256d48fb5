//! The flags of `nival eval` as clap knows commands, for completions and the manual.

use clap::{Arg, ArgAction, Command, ValueHint};

use super::flag_row::{Flag, Values};
use super::flag_table;
use super::flags::Program;

/// Adds the flags of `nival eval` to the command of that name, in place of the words that it takes.
pub fn described(command: Command) -> Command {
    let flags = flag_table::flags(Program::Eval).filter(|flag| !flag.help.is_empty());
    let mut described = Command::new("eval").disable_help_flag(true).disable_version_flag(true);
    if let Some(about) = command.get_about() {
        described = described.about(about.clone());
    }
    for flag in flags.filter(|flag| flag.names != ["-"]) {
        described = described.arg(argument(flag));
    }
    let files = Arg::new("FILE")
        .help("a file, a folder with a default.nix, <name> in the search path, or - for standard input")
        .action(ArgAction::Append)
        .value_hint(ValueHint::FilePath);
    described.arg(files).after_help("Any setting of Nix is a flag, too.")
}

fn argument(flag: &Flag) -> Arg {
    let mut arg = Arg::new(flag.name()).help(flag.help.replace('\n', " "));
    let (mut short, mut long) = (false, false);
    for name in flag.names {
        match name.strip_prefix("--") {
            Some(name) if long => arg = arg.visible_alias(name),
            Some(name) => (arg, long) = (arg.long(name), true),
            None => {
                for letter in name.chars().skip(1) {
                    (arg, short) = if short {
                        (arg.visible_short_alias(letter), true)
                    } else {
                        (arg.short(letter), true)
                    };
                }
            }
        }
    }
    let arg = match hint(flag.values) {
        Some(hint) => arg.value_hint(hint),
        None => arg,
    };
    match flag.values {
        Values::Words([]) => arg.action(ArgAction::SetTrue),
        Values::Words(names) => {
            arg.action(ArgAction::Append).num_args(names.len()).value_names(names.iter().copied())
        }
        Values::Word(name) => arg.action(ArgAction::Append).value_name(name),
        Values::Attached(name) => {
            arg.action(ArgAction::Set).num_args(0..=1).require_equals(true).value_name(name)
        }
    }
}

/// What a shell offers for the last value, if the flag takes one.
fn hint(values: Values) -> Option<ValueHint> {
    let last = match values {
        Values::Words(names) => names.last().copied()?,
        Values::Word(name) | Values::Attached(name) => name,
    };
    Some(match last {
        "FILE" => ValueHint::FilePath,
        "DIR" => ValueHint::DirPath,
        "PATH" | "[NAME=]PATH" => ValueHint::AnyPath,
        _ => ValueHint::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn every_described_flag_is_there() {
        let command = crate::cli::args::Cli::command().mut_subcommand("eval", described);
        command.clone().debug_assert();
        let eval = command.find_subcommand("eval").expect("the command");
        let longs: Vec<&str> = eval.get_arguments().filter_map(Arg::get_long).collect();
        for flag in flag_table::flags(Program::Eval).filter(|flag| !flag.help.is_empty()) {
            if let Some(name) = flag.name().strip_prefix("--").filter(|name| !name.is_empty()) {
                let known = longs.contains(&name)
                    || eval
                        .get_arguments()
                        .any(|arg| arg.get_visible_aliases().unwrap_or_default().contains(&name));
                assert!(known, "{name}");
            }
        }
    }
}
