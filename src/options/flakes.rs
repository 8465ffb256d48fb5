//! Configurations in flakes, and other outputs.

use std::cell::RefCell;
use std::rc::Rc;

use super::attr_path;
use crate::builtins::flake::{self, LockFlags, Locked};
use crate::eval::{Error, ErrorKind, Evaluator, Res, best_matches};
use crate::host::shown;
use crate::native::get;
use crate::store::inputs::FlakeRef;
use crate::syntax::{absolute, quote, show_name};
use crate::value::Value;

/// A flake as the user names it.
#[derive(Debug, Clone, Default)]
pub struct FlakeName {
    /// The reference, perhaps with an attribute behind `#`.
    pub reference: Vec<u8>,
    /// Inputs (`a/b`), and the references that take their place.
    pub overrides: Vec<(Vec<u8>, Vec<u8>)>,
    /// Inputs, and the folders that have their files.
    pub inputs: Vec<(Vec<u8>, Vec<u8>)>,
    /// The lock file in place of the flake's own.
    pub lock_file: Option<Vec<u8>>,
}

/// A flake whose outputs have been called.
#[derive(Clone)]
pub struct CalledFlake {
    /// The reference.
    pub name: String,
    /// What stands behind `#`.
    pub attr: Vec<u8>,
    /// The whole flake: its outputs, its inputs, and what is known about it.
    pub whole: Value,
    /// The outputs.
    pub outputs: Value,
}

/// The flakes that have been opened.
#[derive(Default)]
struct OpenFlakes(RefCell<Vec<Rc<Locked>>>);

impl FlakeName {
    /// Locks the flake and calls its outputs.
    ///
    /// # Errors
    /// When it does not exist, cannot be locked with what is at hand, or has no outputs.
    pub fn call(&self, ev: &Evaluator) -> Res<CalledFlake> {
        self.call_with(ev, LockFlags::default())
    }

    /// As [`call`](FlakeName::call), where only inputs that are locked or overridden count, and registries do not.
    ///
    /// # Errors
    /// As there, and when an input is not locked.
    pub fn call_locked(&self, ev: &Evaluator) -> Res<CalledFlake> {
        let allow_unlocked = !self.overrides.is_empty();
        self.call_with(ev, LockFlags { registries: false, allow_unlocked, ..LockFlags::default() })
    }

    fn call_with(&self, ev: &Evaluator, mut flags: LockFlags) -> Res<CalledFlake> {
        let base = &ev.settings.base_dir;
        let (reference, attr) = flake::from_command_line(ev, &self.reference, base, true)?;
        flags.lock_file = self.lock_file.as_ref().map(|path| absolute(path, base));
        for (input, text) in &self.overrides {
            let (to, fragment) = flake::from_command_line(ev, text, base, false)?;
            if !fragment.is_empty() {
                let (fragment, text) = (shown(&fragment), shown(text));
                let message = format!("unexpected fragment '{fragment}' in flake reference '{text}'");
                return Err(Error::eval(message));
            }
            flags.overrides.push((flake::override_of(&shown(input))?, to));
        }
        for (input, folder) in &self.inputs {
            flags.given.push((flake::override_of(&shown(input))?, absolute(folder, base)));
        }
        let name = flake_text(ev, &reference)?;
        let locked = Rc::new(flake::lock(ev, &reference, &flags)?);
        ev.extension::<OpenFlakes>().0.borrow_mut().push(locked.clone());
        let whole = flake::call(ev, &locked)?;
        let outputs = ev.need_attr(whole, ev.intern("outputs")?, "")?;
        let outputs =
            ev.force_attrs(outputs, Default::default(), "while evaluating the outputs of a flake")?;
        Ok(CalledFlake { name, attr, whole, outputs })
    }
}

impl FlakeName {
    /// The flake and the attribute path of the configuration in it, for an expression that calls `builtins.getFlake`.
    ///
    /// # Errors
    /// When there is none.
    pub fn place(&self, ev: &Evaluator, machine: &str) -> Res<(String, String)> {
        let called = self.call(ev)?;
        let (_, attr) = called.configuration(ev, machine)?;
        Ok((called.name, attr))
    }
}

fn flake_text(ev: &Evaluator, reference: &FlakeRef) -> Res<String> {
    flake::reading(ev, true, |how| reference.to_text(how.warn)).map(|text| shown(&text).into_owned())
}

/// The folders of the flakes that have been opened, and their names: `.` for the flake itself, `<nixpkgs>` for an input.
pub fn flake_folders(ev: &Evaluator) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for locked in ev.extension::<OpenFlakes>().0.borrow().iter() {
        named.push((locked.tree.path.clone(), ".".to_owned()));
        for (path, input) in flake::folders(ev, locked) {
            if !named.iter().any(|(known, _)| *known == path) {
                named.push((path, format!("<{input}>")));
            }
        }
    }
    named
}

/// The path by which an evaluation knows a file of a flake that has been opened.
pub fn in_flakes(ev: &Evaluator, path: &[u8]) -> Option<Vec<u8>> {
    ev.extension::<OpenFlakes>().0.borrow().iter().find_map(|locked| {
        let store_path = locked.tree.path.as_bytes();
        let rest = path.strip_prefix(&ev.objects.place(store_path)?[..])?;
        rest.starts_with(b"/").then(|| [store_path, rest].concat())
    })
}

impl CalledFlake {
    /// The first of some attribute paths that exists in the outputs, with its value.
    ///
    /// # Errors
    /// When none exists, and an error in a value on the way.
    pub fn find(&self, ev: &Evaluator, paths: &[Vec<u8>]) -> Res<Value> {
        self.first(ev, paths)?.map_err(|near| self.lacks(paths, near))
    }

    /// The first value that exists, or the names near the last missing one.
    fn first(&self, ev: &Evaluator, paths: &[Vec<u8>]) -> Res<Result<Value, Vec<String>>> {
        let mut near = Vec::new();
        for path in paths {
            match self.at(ev, path)? {
                Ok(value) => return Ok(Ok(value)),
                Err(names) => near = names,
            }
        }
        Ok(Err(near))
    }

    /// The error that there are no such attributes.
    fn lacks(&self, paths: &[Vec<u8>], near: Vec<String>) -> Error {
        let quoted: Vec<String> = paths.iter().map(|path| format!("'{}'", shown(path))).collect();
        let listed = match &quoted[..] {
            [front @ .., last] if !front.is_empty() => format!("{} or {last}", front.join(", ")),
            all => all.join(", "),
        };
        Error::eval(format!("flake '{}' does not provide attribute {listed}", self.name)).suggest(near)
    }

    /// The value at an attribute path, or the names near the missing one.
    fn at(&self, ev: &Evaluator, path: &[u8]) -> Res<Result<Value, Vec<String>>> {
        let mut v = self.outputs;
        let mut shown_path: Vec<String> = Vec::new();
        for part in attr_path::split(path)? {
            if !v.is_attrs() {
                return Err(Error::type_error(format!("'{}' is not an attribute set", shown_path.join("."))));
            }
            shown_path.push(shown(&show_name(&part)).into_owned());
            let Some(slot) = ev.mem.get(v, ev.mem.heap.intern(&part)?) else {
                let entries = ev.mem.entries(v);
                return Ok(Err(best_matches(entries.iter().map(|e| ev.mem.heap.name(e.name)), &part)));
            };
            v = ev.force(slot)?;
        }
        Ok(Ok(v))
    }

    /// The value that `nix eval` finds: in `packages` and `legacyPackages` of the system, or anywhere.
    ///
    /// # Errors
    /// When there is none.
    pub fn installable(&self, ev: &Evaluator) -> Res<Value> {
        let system = &ev.settings.system;
        let below = |set: &str, name: &[u8]| [format!("{set}.{system}.").as_bytes(), name].concat();
        let paths = match &self.attr[..] {
            b"" => vec![below("packages", b"default"), format!("defaultPackage.{system}").into_bytes()],
            [b'.', exact @ ..] => vec![exact.to_vec()],
            name => vec![below("packages", name), below("legacyPackages", name), name.to_vec()],
        };
        self.find(ev, &paths)
    }

    /// The configuration that the attribute names: of NixOS, of nix-darwin or of home-manager, or any value with `options`
    /// and `config`. Without an attribute, that of NixOS for this machine. Also says what was found.
    ///
    /// # Errors
    /// When there is none.
    pub fn configuration(&self, ev: &Evaluator, machine: &str) -> Res<(Value, String)> {
        const SETS: [&str; 3] = ["nixosConfigurations", "darwinConfigurations", "homeConfigurations"];
        let in_set = |set: &str, name: &[u8]| [set.as_bytes(), b".", &quote(name)].concat();
        let paths = match &self.attr[..] {
            b"" => vec![in_set(SETS[0], machine.as_bytes())],
            [b'.', exact @ ..] => vec![exact.to_vec()],
            attr => {
                let mut paths: Vec<Vec<u8>> = SETS.iter().map(|set| in_set(set, &unquoted(attr))).collect();
                paths.push(attr.to_vec());
                paths
            }
        };
        for path in &paths {
            if let Ok(Ok(value)) = self.at(ev, path)
                && get(ev, value, "options").is_some()
                && get(ev, value, "config").is_some()
            {
                return Ok((value, shown(path).into_owned()));
            }
        }
        // Errors on the way count now.
        let found = self.first(ev, &paths)?;
        let found = found.map_err(|near| self.choices(ev, &SETS, self.lacks(&paths, near)))?;
        let names = match found.is_attrs() {
            true => ev.mem.entries_by_name(found).iter().map(|e| ev.name(e.name)).take(8).collect(),
            false => Vec::new(),
        };
        let attr = shown(&self.attr);
        let message =
            format!("'{}#{attr}' has no 'options' and 'config'; it has {}", self.name, names.join(", "));
        Err(Error::new(ErrorKind::Usage, message))
    }

    /// Names the configurations that a flake has.
    fn choices(&self, ev: &Evaluator, sets: &[&str], e: Error) -> Error {
        let mut all = Vec::new();
        for set in sets {
            if let Ok(Ok(value)) = self.at(ev, set.as_bytes())
                && value.is_attrs()
            {
                all.extend(ev.mem.entries_by_name(value).iter().map(|entry| ev.name(entry.name)));
            }
        }
        let help = match all.is_empty() {
            true => {
                "The flake has no nixosConfigurations, darwinConfigurations or homeConfigurations.".to_owned()
            }
            false => format!("The flake has the configurations {}.", all.join(", ")),
        };
        e.help(help)
    }
}

/// An attribute without the quotes around it, as in `"me@machine"`.
fn unquoted(attr: &[u8]) -> Vec<u8> {
    match attr {
        [b'"', inner @ .., b'"'] => inner.to_vec(),
        attr => attr.to_vec(),
    }
}
