//! `nix-instantiate` without `--eval`: finds the derivations in a value and prints their paths.

use std::collections::HashSet;

use super::console::Console;
use crate::eval::{Error, Evaluator, Res};
use crate::report::Package;
use crate::source::Pos;
use crate::value::{Type, Value};

/// Prints the path of each derivation that a value is or contains, with `!output` unless that is `out`. If
/// `warn` is set, first prints Nix's warning about garbage collection and clears it.
pub fn instantiate(
    console: &Console,
    ev: &Evaluator,
    value: Value,
    auto_args: Value,
    warn: &mut bool,
) -> Res<()> {
    let mut search = Search { ev, auto_args, seen: HashSet::new(), found: Vec::new() };
    search.all(value)?;
    for package in search.found {
        let (set, drv_path) = (package.set, ev.store_dir()?.print(&package.drv_path()?));
        let mut output = match ev.mem.get_entry(set, sym!("outputName")) {
            Some(entry) => {
                let doing = "while evaluating the output name of a derivation";
                let name = ev.force_plain_string(entry.slot, Pos::NONE, doing)?;
                ev.mem.text(name).to_vec()
            }
            None => Vec::new(),
        };
        if output.is_empty() {
            let message = format!("derivation '{drv_path}' lacks an 'outputName' attribute");
            return Err(Error::eval(message));
        }
        if output == b"out" {
            output.clear();
        } else {
            output.insert(0, b'!');
        }
        if std::mem::take(warn) {
            let warning = "warning: you did not specify '--add-root'; the result might be removed by the garbage collector";
            ev.host.message(warning.as_bytes());
        }
        console.print(&[drv_path.as_bytes(), &output[..], b"\n"].concat())?;
    }
    Ok(())
}

struct Search<'a> {
    ev: &'a Evaluator,
    auto_args: Value,
    /// Sets that have been visited: one derivation may have many names.
    seen: HashSet<u64>,
    found: Vec<Package<'a>>,
}

impl Search<'_> {
    /// Adds all derivations in a forced value.
    fn all(&mut self, value: Value) -> Res<()> {
        let ev = self.ev;
        let _depth = ev.enter(Pos::NONE)?;
        let value = ev.auto_call(value, self.auto_args)?;
        if !self.one(value)? {
            return Ok(());
        }
        match value.type_of() {
            Type::Attrs => self.set(value),
            Type::List => {
                for item in ev.mem.items(value) {
                    let item = ev.force(item)?;
                    if self.one(item)? {
                        self.all(item)?;
                    }
                }
                Ok(())
            }
            _ => {
                let message = "expression does not evaluate to a derivation (or a set or list of those)";
                Err(Error::type_error(message))
            }
        }
    }

    fn set(&mut self, set: Value) -> Res<()> {
        let ev = self.ev;
        let combine = ev.mem.get(set, ev.intern("_combineChannels")?).is_some();
        for entry in ev.mem.entries_by_name(set) {
            let name = ev.mem.heap.name(entry.name);
            if !is_attr_path_part(name) {
                continue;
            }
            let visit = |search: &mut Self| {
                let value = ev.force(entry.slot)?;
                if combine {
                    return search.all(value);
                }
                if search.one(value)? && value.is_attrs() {
                    let wanted = match ev.mem.get_entry(value, ev.intern("recurseForDerivations")?) {
                        Some(flag) => {
                            let doing = "while evaluating the attribute `recurseForDerivations`";
                            ev.force_bool(flag.slot, flag.pos, doing)?
                        }
                        None => false,
                    };
                    if wanted {
                        return search.all(value);
                    }
                }
                Ok(())
            };
            visit(self).map_err(|e| {
                let name = String::from_utf8_lossy(name);
                e.trace(entry.pos, format!("while evaluating the attribute '{name}'"))
            })?;
        }
        Ok(())
    }

    /// Adds a value if it is a derivation. Returns whether it may contain others instead.
    fn one(&mut self, value: Value) -> Res<bool> {
        let ev = self.ev;
        match Package::of(ev, value)? {
            None => return Ok(true),
            // One that was found before.
            Some(package) if self.seen.insert(value.bits()) => self.found.push(package),
            Some(_) => {}
        }
        Ok(false)
    }
}

/// Whether a name can be part of an attribute path without quotes. Nix skips other names.
fn is_attr_path_part(name: &[u8]) -> bool {
    let letter = |c: u8| c.is_ascii_alphabetic() || c == b'_';
    name.first().is_some_and(|c| letter(*c))
        && name.iter().all(|c| letter(*c) || c.is_ascii_digit() || b"-+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_looked_at() {
        let looked_at = |name: &str| is_attr_path_part(name.as_bytes());
        assert!(looked_at("a-b_1+") && looked_at("_x"));
        assert!(!looked_at("") && !looked_at("1a") && !looked_at("a.b") && !looked_at("-a"));
    }
}
