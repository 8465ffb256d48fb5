//! Parses the flags of `nix-instantiate`, which `nival eval` accepts as well.
//!
//! General argument parsers do not support Nix's grammar: flags with two values, combined single letters, any
//! setting as a flag.

use super::flag_row::{Effect, Values};
use super::flag_table;
use super::flags::{Flags, Program};
use super::settings;
use super::settings_table::{self, Kind};
use super::wrong::Wrong;
use crate::eval::best_matches;

/// The arguments after a flag.
struct Arguments<I> {
    rest: I,
    flag: String,
}

impl<I: Iterator<Item = Vec<u8>>> Arguments<I> {
    /// The next `n` arguments, or Nix's error if there are fewer.
    fn several(&mut self, n: usize) -> Result<Vec<Vec<u8>>, Wrong> {
        let found: Vec<Vec<u8>> = self.rest.by_ref().take(n).collect();
        match found.len() {
            given if given < n => {
                let flag = &self.flag;
                Err(Wrong::usage(format!(
                    "flag '{flag}' requires {n} argument(s), but only {given} were given"
                )))
            }
            _ => Ok(found),
        }
    }

    /// The values of a flag.
    fn values(&mut self, values: Values, attached: Option<&[u8]>) -> Result<Vec<Vec<u8>>, Wrong> {
        match values {
            Values::Words(words) => self.several(words.len()),
            // For these flags Nix does not check the number of arguments in advance.
            Values::Word(_) => match self.rest.next() {
                Some(value) => Ok(vec![value]),
                None => Err(Wrong::usage(format!("'{}' requires an argument", self.flag))),
            },
            Values::Attached(_) => Ok(attached.map(<[u8]>::to_vec).into_iter().collect()),
        }
    }
}

/// Parses the flags.
pub fn parse(args: &[Vec<u8>], program: Program) -> Result<Flags, Wrong> {
    let mut flags = Flags { program, eval: program == Program::Eval, ..Flags::default() };
    let mut rest = Arguments { rest: expand(args).into_iter(), flag: String::new() };
    while let Some(arg) = rest.rest.next() {
        rest.flag = String::from_utf8_lossy(&arg).into_owned();
        if let Some((flag, attached)) = flag_table::find(&arg, program) {
            if let Effect::Do(action) = flag.effect {
                action(&mut flags, rest.values(flag.values, attached)?)?;
            }
        } else if let Some((setting, fixed)) = settings_table::flag(&rest.flag) {
            let value = match fixed {
                Some(fixed) => fixed.to_owned(),
                None => String::from_utf8_lossy(&rest.several(1)?.concat()).into_owned(),
            };
            let value = match setting.kind {
                Kind::Count => settings::count(&value).map_err(Wrong::usage)?.to_string(),
                _ => value,
            };
            let extra = if setting.extra { "extra-" } else { "" };
            flags.set(&format!("{extra}{}", setting.name), &value);
        } else if arg.starts_with(b"-") {
            let mut wrong = Wrong::usage(format!("unrecognised flag '{}'", rest.flag));
            wrong.near = suggestion(&rest.flag, args, program);
            return Err(wrong);
        } else {
            flags.inputs.push(arg);
        }
    }
    Ok(flags)
}

/// A suggestion for an unknown flag.
fn suggestion(flag: &str, args: &[Vec<u8>], program: Program) -> Option<String> {
    // `--flag=value`, which Nix does not support.
    let (name, value) = match flag.split_once('=') {
        Some((name, value)) => (name, format!(" {value}")),
        None => (flag, String::new()),
    };
    // `-flag`, which was parsed as single letters.
    let written = args.iter().find(|arg| {
        arg.len() > 2
            && !flag.starts_with("--")
            && arg[0] == b'-'
            && flag.bytes().skip(1).all(|c| arg.contains(&c))
    });
    let name = match written {
        Some(letters) => format!("-{}", String::from_utf8_lossy(letters)),
        None => name.to_owned(),
    };
    if !name.starts_with("--") {
        return None;
    }
    let rows = flag_table::flags(program).flat_map(|f| f.names.iter());
    let all: Vec<String> = rows.map(|f| (*f).to_owned()).chain(settings_table::flags()).collect();
    let mut near: Vec<String> = best_matches(all.iter().map(|f| f.as_bytes()), name.as_bytes());
    near.retain(|f| f.starts_with("--") && f.len() > 2);
    // A flag that begins with it, or contains its words.
    let plain = |f: &str| f.replace('-', "");
    let near = near.into_iter().next().or_else(|| {
        let candidates = || all.iter().filter(|f| f.len() > 4);
        let begun = candidates().find(|f| name.len() > 4 && f.starts_with(&name));
        begun.or_else(|| candidates().find(|f| plain(f) == plain(&name))).cloned()
    });
    near.map(|found| format!("{found}{value}"))
}

/// Expands `-EA x` to `-E -A x`.
fn expand(args: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut out = Vec::with_capacity(args.len());
    for arg in args {
        match arg.as_slice() {
            [b'-', letters @ ..] if letters.len() > 1 && letters[0].is_ascii_alphabetic() => {
                for (i, c) in letters.iter().enumerate() {
                    if !c.is_ascii_alphabetic() {
                        out.push(letters[i..].to_vec());
                        break;
                    }
                    out.push(vec![b'-', *c]);
                }
            }
            _ => out.push(arg.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(list: &[&str]) -> Vec<Vec<u8>> {
        list.iter().map(|a| a.as_bytes().to_vec()).collect()
    }

    #[test]
    fn letters_run_together_and_settings_are_flags() {
        let flags = parse(&args(&["-EA", "x", "1", "--max-call-depth", "7", "--show-trace"]), Program::Eval);
        let flags = flags.expect("good flags");
        assert!(flags.expressions && flags.eval);
        assert_eq!((flags.attrs, flags.inputs), (args(&["x"]), args(&["1"])));
        let set: Vec<_> = flags.settings.iter().map(|s| (s.name.as_str(), s.value.as_str())).collect();
        assert_eq!(set, [("max-call-depth", "7"), ("show-trace", "true")]);
    }

    #[test]
    fn unknown_flags_are_named() {
        let e = parse(&args(&["--jsn"]), Program::Eval).expect_err("unknown");
        assert_eq!(e.near.as_deref(), Some("--json"));
        let near = |flag: &str, program| parse(&args(&[flag]), program).expect_err(flag).near;
        for (wrong, right) in [
            ("--verbos", "--verbose"),
            ("--jsn", "--json"),
            ("--max-jobs=3", "--max-jobs 3"),
            ("--experimental-feature", "--experimental-features"),
            ("--no-sandbx", "--no-sandbox"),
            ("--extra-substituter", "--extra-substituters"),
            ("--experimental", "--experimental-features"),
            ("--showtrace", "--show-trace"),
            ("-verbose", "--verbose"),
        ] {
            assert_eq!(near(wrong, Program::NixInstantiate).as_deref(), Some(right), "{wrong}");
        }
        assert_eq!(near("--max-memry", Program::Eval).as_deref(), Some("--max-memory"));
        assert_eq!(near("--max-memry", Program::NixInstantiate), None);
        assert_eq!(near("--something-else", Program::Eval), None);
        let e = parse(&args(&["--arg", "x"]), Program::NixInstantiate).expect_err("no value");
        assert_eq!(e.message, "flag '--arg' requires 2 argument(s), but only 1 were given");
    }
}
