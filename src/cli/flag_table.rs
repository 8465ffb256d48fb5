//! The flags of `nival eval` and `nix-instantiate`: each row has a flag's name, values, help and effect.

use super::flag_row::{Effect, Flag, NONE, Values, nix, one, own, setting, text};
use super::flags::{AutoArg, Flags, Output, Program, Verbosity};
use super::job_flags::JOB_FLAGS;
use super::limits::{positive_seconds, size};
use super::settings::Given;
use super::stores;
use super::wrong::Wrong;

fn argument(flags: &mut Flags, values: Vec<Vec<u8>>, arg: fn(Vec<u8>) -> AutoArg) {
    let mut values = values.into_iter();
    let name = values.next().unwrap_or_default();
    flags.args.push((name, arg(values.next().unwrap_or_default())));
}

fn nothing(_: &mut Flags, _: Vec<Vec<u8>>) -> Result<(), Wrong> {
    Ok(())
}

/// The values of `--log-format`.
const LOG_FORMATS: &[&str] =
    &["raw", "raw-with-logs", "internal-json", "bar", "bar-with-logs", "multiline", "multiline-with-logs"];

/// The flags of nival and of Nix, in the order of the help. Settings without a row are flags as well.
static FLAGS: &[Flag] = &[
    nix(&["-"], NONE, "read an expression from standard input", |flags, _| {
        flags.stdin = true;
        Ok(())
    }),
    nix(&["--"], NONE, "", nothing),
    nix(&["-E", "--expr"], NONE, "the arguments are expressions, not files", |flags, _| {
        flags.expressions = true;
        Ok(())
    }),
    nix(
        &["-A", "--attr"],
        Values::Word("PATH"),
        "select an attribute; may be given several times",
        |flags, values| {
            flags.attrs.push(one(values));
            Ok(())
        },
    ),
    nix(
        &["--arg"],
        Values::Words(&["NAME", "EXPR"]),
        "pass an argument to functions that ask for it",
        |flags, values| {
            argument(flags, values, AutoArg::Expr);
            Ok(())
        },
    ),
    nix(&["--argstr"], Values::Words(&["NAME", "STRING"]), "the same, a string", |flags, values| {
        argument(flags, values, AutoArg::String);
        Ok(())
    }),
    nix(
        &["--arg-from-file"],
        Values::Words(&["NAME", "FILE"]),
        "the same, the text of a file",
        |flags, values| {
            argument(flags, values, AutoArg::File);
            Ok(())
        },
    ),
    nix(&["--arg-from-stdin"], Values::Words(&["NAME"]), "the same, standard input", |flags, values| {
        argument(flags, values, |_| AutoArg::Stdin);
        Ok(())
    }),
    nix(
        &["-I", "--include"],
        Values::Words(&["[NAME=]PATH"]),
        "put a path in front of the search path",
        |flags, values| {
            flags.include.push(one(values));
            Ok(())
        },
    ),
    nix(&["--eval", "--eval-only"], NONE, "print values, not the paths of derivations", |flags, _| {
        flags.eval = true;
        Ok(())
    }),
    nix(&["--strict"], NONE, "evaluate everything inside the value", |flags, _| {
        flags.strict = true;
        Ok(())
    }),
    nix(&["--json"], NONE, "print the value as JSON", |flags, _| {
        flags.output = Output::Json;
        Ok(())
    }),
    nix(&["--xml"], NONE, "print the value as XML", |flags, _| {
        flags.output = Output::Xml;
        Ok(())
    }),
    nix(&["--raw"], NONE, "print a string as it is", |flags, _| {
        flags.output = Output::Raw;
        Ok(())
    }),
    nix(&["--no-location"], NONE, "leave positions out of XML", |flags, _| {
        flags.no_location = true;
        Ok(())
    }),
    nix(&["--parse", "--parse-only"], NONE, "print the parsed expression instead", |flags, _| {
        (flags.parse, flags.eval) = (true, true);
        Ok(())
    }),
    nix(&["--find-file"], NONE, "print where the files are found in the search path", |flags, _| {
        flags.find_file = true;
        Ok(())
    }),
    own(
        &["--native-lib"],
        Values::Words(&["PATH"]),
        "in place of the nixpkgs lib in this folder, use the native one; may be given several times\n(also as \
         NIVAL_NATIVE_LIB=PATH:…, which counts under the name nix-instantiate, too)",
        |flags, values| {
            flags.native_libs.push(one(values));
            Ok(())
        },
    ),
    setting(&["--show-trace"], NONE, "print the whole trace of an error"),
    nix(&["--option"], Values::Words(&["NAME", "VALUE"]), "a setting of Nix", |flags, values| {
        let mut words = values.into_iter().map(|v| String::from_utf8_lossy(&v).into_owned());
        let (name, value) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        flags.settings.push(Given { name, value, option: true });
        Ok(())
    }),
    own(
        &["--instantiate"],
        NONE,
        "print the paths of derivations (not the values of expressions)",
        |flags, _| {
            flags.eval = false;
            Ok(())
        },
    ),
    nix(
        &["--write-drvs"],
        Values::Words(&["DIR"]),
        "write the file of each derivation that is evaluated to a directory",
        |flags, values| {
            flags.write_drvs = Some(one(values));
            Ok(())
        },
    ),
    nix(
        &["--store"],
        Values::Words(&["DIR"]),
        "look for store objects in a directory (or its nix/store), too; may be given several times",
        |flags, values| {
            flags.stores.push(one(values));
            Ok(())
        },
    ),
    nix(
        &["--fetched"],
        Values::Words(&["URL=PATH"]),
        "a local file or directory in place of what would be fetched; may be given several times",
        |flags, values| {
            flags.fetched.push(stores::url_and_path(&one(values))?);
            Ok(())
        },
    ),
    own(
        &["--flake"],
        Values::Words(&["REF"]),
        "evaluate an output of a flake, as nix eval does, without access to anything else\n\
         (.#name is in packages or legacyPackages of the system, or anywhere; .#.name is exactly there)",
        |flags, values| {
            flags.flake.reference = one(values);
            Ok(())
        },
    ),
    own(
        &["--override-input"],
        Values::Words(&["INPUT", "REF"]),
        "take another flake for an input (a/b: the input b of a); may be given several times",
        |flags, values| {
            let mut values = values.into_iter();
            let input = values.next().unwrap_or_default();
            flags.flake.overrides.push((input, values.next().unwrap_or_default()));
            Ok(())
        },
    ),
    own(
        &["--input"],
        Values::Words(&["INPUT=DIR"]),
        "a folder that has the files of an input; may be given several times",
        |flags, values| {
            flags.flake.inputs.push(stores::input_and_folder(&one(values))?);
            Ok(())
        },
    ),
    own(
        &["--reference-lock-file"],
        Values::Words(&["FILE"]),
        "read this lock file in place of the flake's own",
        |flags, values| {
            flags.flake.lock_file = Some(one(values));
            Ok(())
        },
    ),
    own(
        &["--apply"],
        Values::Words(&["EXPR"]),
        "apply a function to the output of the flake",
        |flags, values| {
            flags.apply = Some(one(values));
            Ok(())
        },
    ),
    setting(&["--max-call-depth"], Values::Words(&["N"]), "allow N calls inside each other (default: 10000)"),
    own(&["--timeout"], Values::Words(&["SECONDS"]), "give up after that time", |flags, values| {
        flags.limits.seconds = Some(positive_seconds(&text(values))?);
        Ok(())
    }),
    own(
        &["--max-memory"],
        Values::Words(&["SIZE"]),
        "give up when more memory is needed (500M, 4G, none; default: three quarters of the machine's)\n\
         (also as NIVAL_MAX_MEMORY=SIZE, which counts under the name nix-instantiate, too)",
        |flags, values| {
            flags.limits.memory = Some(size("--max-memory", &text(values))?);
            Ok(())
        },
    ),
    setting(&["--pure-eval"], NONE, "nothing but what is given: no files, environment, or clock"),
    setting(&["--restrict-eval"], NONE, "only files that the search path leads to"),
    setting(&["--allowed-uris"], Values::Words(&["LIST"]), "what may be fetched in spite of --restrict-eval"),
    setting(
        &["--extra-experimental-features"],
        Values::Words(&["LIST"]),
        "'pipe-operators', 'parse-toml-timestamps'",
    ),
    own(
        &["--stats"],
        Values::Attached("FILE"),
        "print statistics of the evaluation to standard error, or write them to a file\n(also with NIVAL_STATS=1, or \
         as in Nix NIX_SHOW_STATS=1, NIX_SHOW_STATS_PATH=FILE, NIX_COUNT_CALLS=1)",
        |flags, values| {
            flags.stats = Some(values.into_iter().next());
            Ok(())
        },
    ),
    own(
        &["--profile"],
        Values::Words(&["FILE"]),
        "write a profile: folded stacks of calls, for flame graphs",
        |flags, values| {
            let file = text(values);
            flags.set("eval-profiler", "flamegraph");
            flags.set("eval-profile-file", &file);
            Ok(())
        },
    ),
    setting(
        &["--eval-profiler-frequency"],
        Values::Words(&["N"]),
        "look at the stack N times a second (default: 99), with 0 at each call",
    ),
    setting(&["--trace-function-calls"], NONE, "say so whenever a call begins and ends"),
    own(&["--no-cache"], NONE, "neither use nor keep code from other runs", |flags, _| {
        flags.no_cache = true;
        Ok(())
    }),
    nix(&["-v", "--verbose"], NONE, "say more", |flags, _| {
        flags.verbosity.more();
        Ok(())
    }),
    nix(&["--quiet"], NONE, "say less", |flags, _| {
        flags.verbosity.less();
        Ok(())
    }),
    nix(&["--debug"], NONE, "", |flags, _| {
        flags.verbosity = Verbosity::DEBUG;
        Ok(())
    }),
    nix(&["--help"], NONE, "print this", |flags, _| {
        flags.help = true;
        Ok(())
    }),
    nix(&["--version"], NONE, "print the version", |flags, _| {
        flags.version = true;
        Ok(())
    }),
    nix(&["--read-write-mode"], NONE, "", |flags, _| {
        flags.read_write = true;
        Ok(())
    }),
    own(&["--no-write-lock-file"], NONE, "", nothing),
    own(&["--offline"], NONE, "", nothing),
    nix(&["--impure"], NONE, "allow access to files, the environment and the clock", |flags, _| {
        flags.set("pure-eval", "false");
        Ok(())
    }),
    nix(&["--add-root"], Values::Word("PATH"), "", |flags, values| {
        flags.add_root = Some(one(values));
        Ok(())
    }),
    nix(&["-j"], Values::Words(&["N"]), "", |flags, values| {
        let jobs = text(values);
        flags.set("max-jobs", &jobs);
        Ok(())
    }),
    nix(&["--log-format"], Values::Words(&["FORMAT"]), "", |_, values| match text(values) {
        known if LOG_FORMATS.contains(&known.as_str()) => Ok(()),
        other => Err(Wrong::plain(format!("option 'log-format' has an invalid value '{other}'"))),
    }),
    nix(&["--override-flake"], Values::Words(&["FROM", "TO"]), "", |_, _| {
        Err(Wrong::plain(
            "experimental Nix feature 'flakes' is disabled; add '--extra-experimental-features flakes' to enable it",
        ))
    }),
    nix(&["--eval-store"], Values::Words(&["STORE"]), "", nothing),
    nix(&["--indirect"], NONE, "", nothing),
    nix(&["--dry-run"], NONE, "", nothing),
    nix(&["--repair"], NONE, "", nothing),
    nix(&["--readonly-mode"], NONE, "", nothing),
    nix(&["-k"], NONE, "", nothing),
    nix(&["-K"], NONE, "", nothing),
    nix(&["-Q", "--no-build-output"], NONE, "", nothing),
    nix(&["--no-gc-warning"], NONE, "", nothing),
];

/// The flags of a program, in the order of the help.
pub fn flags(program: Program) -> impl Iterator<Item = &'static Flag> {
    JOB_FLAGS.iter().chain(FLAGS).filter(move |flag| flag.is_of(program))
}

/// The row of a flag, and its value after `=`.
pub fn find(flag: &[u8], program: Program) -> Option<(&'static Flag, Option<&[u8]>)> {
    let mut known = flags(program).filter(|f| matches!(f.effect, Effect::Do(_)));
    known.find_map(|f| {
        if f.names.iter().any(|name| name.as_bytes() == flag) {
            return Some((f, None));
        }
        let attached = flag.strip_prefix(f.name().as_bytes())?.strip_prefix(b"=")?;
        matches!(f.values, Values::Attached(_)).then_some((f, Some(attached)))
    })
}

/// The help of a flag that other commands share: its first line, capitalised.
pub fn described(name: &str) -> String {
    let help = FLAGS.iter().find(|f| f.names.contains(&name)).map_or("", |f| f.help);
    let line = help.lines().next().unwrap_or_default();
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The help for the flags of a program.
pub fn help(program: Program) -> String {
    const COLUMN: usize = 26;
    let mut out = String::new();
    for flag in flags(program).filter(|f| !f.help.is_empty()) {
        let mut head = format!("  {}", flag.names.join(", "));
        match flag.values {
            Values::Words(words) => words.iter().for_each(|word| head.extend([" ", word])),
            Values::Word(word) => head.extend([" ", word]),
            Values::Attached(word) => head.extend(["[=", word, "]"]),
        }
        if head.len() + 2 > COLUMN {
            out.push_str(&format!("{head}\n"));
            head.clear();
        }
        for line in flag.help.lines() {
            out.push_str(&format!("{head:COLUMN$}{line}\n"));
            head.clear();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings_table;

    #[test]
    fn names_are_there_once_and_settings_exist() {
        for program in [Program::Eval, Program::NixInstantiate, Program::EvalJobs] {
            let mut names: Vec<&str> = flags(program).flat_map(|f| f.names.iter().copied()).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
        for flag in FLAGS.iter().filter(|f| matches!(f.effect, Effect::Setting)) {
            let found = settings_table::flag(flag.name());
            assert!(
                found.is_some_and(|(_, fixed)| fixed.is_some() == (flag.values == NONE)),
                "{}",
                flag.name()
            );
        }
    }

    /// Flags shared by several commands have the same names everywhere.
    #[test]
    fn other_commands_take_the_same_values() {
        use clap::CommandFactory as _;
        let mut shared = 0;
        for command in crate::cli::args::Cli::command().get_subcommands() {
            for arg in command.get_arguments() {
                let name = arg.get_long().map(|name| format!("--{name}"));
                let Some((name, row)) = name.and_then(|name| {
                    FLAGS.iter().find(|f| f.names.contains(&&name[..])).map(|row| (name, row))
                }) else {
                    continue;
                };
                // These mean something different for modules; `--expr` is followed by the expression, as in `nix eval`.
                if matches!(row.name(), "--attr" | "--expr" | "--json" | "--strict" | "--help") {
                    continue;
                }
                let names = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
                let takes = arg.get_action().takes_values();
                let names: Vec<String> = if takes { names.collect() } else { Vec::new() };
                let row_names: &[&str] = match &row.values {
                    Values::Words(words) => words,
                    Values::Word(word) | Values::Attached(word) => std::slice::from_ref(word),
                };
                assert_eq!(names, row_names, "{name}");
                shared += 1;
            }
        }
        assert!(shared > 12, "{shared}");
    }

    #[test]
    fn values_are_attached_where_a_flag_takes_them_so() {
        let attached = |text: &'static [u8]| find(text, Program::Eval).map(|(f, value)| (f.name(), value));
        assert_eq!(attached(b"--stats"), Some(("--stats", None)));
        assert_eq!(attached(b"--stats=x=y"), Some(("--stats", Some(&b"x=y"[..]))));
        assert_eq!(attached(b"--json=1"), None);
        assert!(find(b"--stats", Program::NixInstantiate).is_none());
    }
}
