//! Computes the lock of each input, as Nix does: what the lock file says stands if the flake still asks for it.

use std::collections::{BTreeMap, BTreeSet};

use super::flags::LockFlags;
use super::flake_file::{self, FlakeFile};
use super::given::{Given, given};
use super::input::{FlakeInput, Inputs};
use super::lock_text::lock_file_in;
use super::locked::Source;
use super::reading::{reading, show, warn};
use super::registry::Registries;
use super::source;
use crate::eval::{Error, Evaluator, Res};
use crate::host::shown;
use crate::store::inputs::{Attrs, FlakeRef};
use crate::store::lock_file::{Edge, InputPath, Lock, LockFile, ROOT, show_path};

/// What replaces an input of another flake.
#[derive(Debug, Clone)]
pub struct Override {
    /// The input.
    pub input: FlakeInput,
    /// The folder of the flake that says so, which relative paths begin in.
    pub from: Vec<u8>,
    /// The path of inputs to that flake; none for the command line.
    pub parent: Option<InputPath>,
}

/// A computation of locks.
pub struct Computing<'e> {
    /// The evaluator.
    pub ev: &'e Evaluator,
    /// What the user wants.
    pub flags: &'e LockFlags,
    /// Replaced inputs, by their paths.
    pub overrides: BTreeMap<InputPath, Override>,
    /// Those that the command line replaces.
    pub explicit: BTreeSet<InputPath>,
    /// Those that exist.
    pub used: BTreeSet<InputPath>,
    /// The new lock file.
    pub new: LockFile,
    /// The nodes whose files have been fetched.
    pub sources: BTreeMap<usize, Source>,
    /// The flakes that are being locked.
    pub parents: Vec<FlakeRef>,
}

/// A flake whose inputs are to be locked.
#[derive(Clone, Copy)]
struct Level<'a> {
    /// Its number in the new lock file.
    node: usize,
    /// The path of inputs to it.
    path: &'a [String],
    /// The old lock file and the flake's number in it.
    old: Option<(&'a LockFile, usize)>,
    /// What `follows` of the old lock file is relative to.
    follows: &'a [String],
    /// Its folder.
    folder: &'a [u8],
    /// Whether the old lock file is known to fit the flake.
    trusts_lock: bool,
}

/// The inputs nested deeper than this are taken for a circle.
const DEEPEST: usize = 200;

impl Computing<'_> {
    /// Locks the inputs of the root.
    ///
    /// # Errors
    /// When an input cannot be locked.
    pub fn root(&mut self, file: &FlakeFile, old: &LockFile) -> Res<()> {
        let level = Level {
            node: ROOT,
            path: &[],
            old: Some((old, ROOT)),
            follows: &[],
            folder: &file.folder,
            trusts_lock: false,
        };
        self.level(&file.inputs, level)
    }

    fn level(&mut self, inputs: &Inputs, level: Level<'_>) -> Res<()> {
        if level.path.len() > DEEPEST {
            return Err(Error::eval(format!("inputs are nested too deep: '{}'", show_path(level.path))));
        }
        for (name, input) in inputs {
            self.add_overrides(input, &joined(level.path, name), level);
        }
        for path in self.overrides.keys() {
            if let Some((name, above)) = path.split_last()
                && above == level.path
                && !inputs.contains_key(name)
            {
                let above = show_path(above);
                let message = format!("input '{above}' has an override for a non-existent input '{name}'");
                warn(self.ev, &message);
            }
        }
        for (name, input) in inputs {
            let path = joined(level.path, name);
            self.input(name, input, &path, level).map_err(|e| {
                let text = format!("while updating the flake input '{}'", show_path(&path));
                e.trace(Default::default(), text)
            })?;
        }
        Ok(())
    }

    fn add_overrides(&mut self, input: &FlakeInput, above: &[String], level: Level<'_>) {
        for (name, inner) in &input.overrides {
            let path = joined(above, name);
            if inner.reference.is_some() || inner.follows.is_some() {
                self.overrides.entry(path.clone()).or_insert_with(|| Override {
                    input: inner.clone(),
                    from: level.folder.to_vec(),
                    parent: Some(level.path.to_vec()),
                });
            }
            self.add_overrides(inner, &path, level);
        }
    }

    fn input(&mut self, name: &str, own: &FlakeInput, path: &[String], level: Level<'_>) -> Res<()> {
        let replaced = self.overrides.get(path).cloned();
        let is_explicit = self.explicit.contains(path);
        if replaced.is_some() {
            self.used.insert(path.to_vec());
        }
        let (mut input, from, parent) = match replaced {
            Some(Override { input, from, parent }) => (input, from, parent),
            None => (own.clone(), level.folder.to_vec(), Some(level.path.to_vec())),
        };
        input.is_flake = own.is_flake;
        if let Some(follows) = input.follows {
            self.set(level.node, name, Edge::Follows(follows));
            return Ok(());
        }
        let reference = match input.reference {
            Some(reference) => reference,
            None => self.named(name)?,
        };
        let relative = reference.input.relative().map(<[u8]>::to_vec);
        let parent = if relative.is_some() { parent } else { None };
        let folder =
            relative.map(|relative| crate::syntax::normalise(&[&from[..], b"/", &relative].concat()));
        let old_node = level.old.and_then(|(file, node)| match file.nodes[node].inputs.get(name) {
            Some(Edge::Node(child)) => file.nodes[*child].lock.as_ref().map(|lock| (file, *child, lock)),
            _ => None,
        });
        let kept = old_node.filter(|(_, _, lock)| {
            lock.original.canonical() == reference.canonical() && lock.parent == parent && !is_explicit
        });
        let mut wanted =
            Wanted { name, own, is_flake: input.is_flake, reference, parent, folder, is_explicit };
        if let Some((file, child, lock)) = kept {
            match given(self.ev, &self.flags.given, path, &lock.locked)? {
                Given::Nothing | Given::Same => return self.keep(&wanted, (file, child, lock), path, level),
                Given::Other(other) => {
                    wanted.reference = other;
                    wanted.is_explicit = true;
                }
            }
        } else if let Some((_, folder)) = self.flags.given.iter().find(|(of, _)| of == path) {
            wanted.reference = super::given::reference(self.ev, folder)?;
            wanted.is_explicit = true;
        }
        self.lock_anew(&wanted, path, level)
    }

    /// The reference of an input that is only named: what the registry says.
    fn named(&self, name: &str) -> Res<FlakeRef> {
        let mut attrs = Attrs::default();
        attrs.set("type", b"indirect");
        attrs.set("id", name.as_bytes());
        reading(self.ev, true, |how| FlakeRef::from_attrs(attrs, how.features, how.warn))
    }

    fn set(&mut self, node: usize, name: &str, edge: Edge) {
        self.new.nodes[node].inputs.insert(name.to_owned(), edge);
    }

    /// Takes an input from the old lock file.
    fn keep(
        &mut self,
        wanted: &Wanted<'_>,
        (file, child, lock): (&LockFile, usize, &Lock),
        path: &[String],
        level: Level<'_>,
    ) -> Res<()> {
        let node = self.new.add(lock.clone());
        self.set(level.node, wanted.name, Edge::Node(node));
        let mut inputs = Inputs::new();
        let mut changed = false;
        for (name, edge) in &file.nodes[child].inputs {
            let input = match edge {
                Edge::Node(grandchild) => match &file.nodes[*grandchild].lock {
                    Some(lock) => {
                        FlakeInput { is_flake: lock.is_flake, ..FlakeInput::of(lock.original.clone()) }
                    }
                    None => continue,
                },
                Edge::Follows(target) => {
                    // The flake that said so may have changed its mind.
                    if !level.trusts_lock && !self.overrides.contains_key(&joined(path, name)) {
                        changed = true;
                        break;
                    }
                    let follows = Some([level.follows, target].concat());
                    FlakeInput { reference: None, is_flake: true, follows, overrides: Inputs::new() }
                }
            };
            inputs.insert(name.clone(), input);
        }
        let below = Level { node, path, old: Some((file, child)), ..level };
        if !changed {
            return self.level(&inputs, Level { trusts_lock: true, ..below });
        }
        let (found, source) = self.flake(wanted, &lock.locked, path, false)?;
        self.sources.insert(node, source);
        self.level(&found.inputs, Level { folder: &found.folder, trusts_lock: false, ..below })
    }

    /// The `flake.nix` of an input, and where it is.
    fn flake(
        &self,
        wanted: &Wanted<'_>,
        reference: &FlakeRef,
        path: &[String],
        all_registries: bool,
    ) -> Res<(FlakeFile, Source)> {
        let (file, source, _) = self.locked_flake(wanted, reference, path, all_registries)?;
        Ok((file, source))
    }

    fn locked_flake(
        &self,
        wanted: &Wanted<'_>,
        reference: &FlakeRef,
        path: &[String],
        all_registries: bool,
    ) -> Res<(FlakeFile, Source, FlakeRef)> {
        match &wanted.folder {
            Some(folder) => {
                let folder = crate::syntax::normalise(&[&folder[..], b"/", &reference.dir].concat());
                let file = flake_file::read(self.ev, &folder, &show(self.ev, reference)?, path)?;
                Ok((file, self.source_of(&folder), reference.clone()))
            }
            None => {
                let flake = source::flake(self.ev, reference, self.registries(all_registries), path)?;
                let source = Source { path: flake.tree.path.clone(), dir: flake.locked.dir.clone() };
                Ok((flake.file, source, flake.locked))
            }
        }
    }

    fn registries(&self, all: bool) -> Registries {
        match (all, self.flags.registries) {
            (true, _) => Registries::All,
            (false, true) => Registries::Limited,
            (false, false) => Registries::No,
        }
    }

    /// The store path and the folder in it.
    fn source_of(&self, folder: &[u8]) -> Source {
        match self.ev.objects.split(folder) {
            Some((_, rest)) => {
                let path = shown(&folder[..folder.len() - rest.len()]).into_owned();
                Source { path, dir: rest.strip_prefix(b"/").unwrap_or(rest).to_vec() }
            }
            None => Source { path: shown(folder).into_owned(), dir: Vec::new() },
        }
    }

    /// Locks an input to what is at hand.
    fn lock_anew(&mut self, wanted: &Wanted<'_>, path: &[String], level: Level<'_>) -> Res<()> {
        let reference = &wanted.reference;
        let is_locked = reference.input.is_locked().map_err(|e| self.ev.store_error(&e))?;
        if !self.flags.allow_unlocked && !is_locked && reference.input.relative().is_none() {
            let path = show_path(path);
            return Err(Error::eval(format!("cannot update unlocked flake input '{path}' in pure mode")));
        }
        let original = match &wanted.own.reference {
            Some(own) if wanted.is_explicit => own.clone(),
            _ => reference.clone(),
        };
        let lock =
            |locked| Lock { locked, original, is_flake: wanted.is_flake, parent: wanted.parent.clone() };
        if !wanted.is_flake {
            let (source, locked) = match &wanted.folder {
                Some(folder) => (self.source_of(folder), reference.clone()),
                None => {
                    let registries = self.registries(false);
                    let (input, _) = super::registry::resolve(self.ev, &reference.input, registries)?;
                    let tree = source::tree(self.ev, &input)?;
                    let source = Source { path: tree.path, dir: Vec::new() };
                    let mut locked = FlakeRef { input, dir: reference.dir.clone() };
                    locked.input.attrs = tree.attrs;
                    (source, locked)
                }
            };
            let node = self.new.add(lock(locked));
            self.set(level.node, wanted.name, Edge::Node(node));
            self.sources.insert(node, source);
            return Ok(());
        }
        let (file, source, locked) = self.locked_flake(wanted, reference, path, wanted.is_explicit)?;
        let node = self.new.add(lock(locked));
        self.set(level.node, wanted.name, Edge::Node(node));
        if self.parents.contains(reference) {
            let reference = show(self.ev, reference)?;
            return Err(Error::eval(format!("found circular import of flake '{reference}'")));
        }
        self.parents.push(reference.clone());
        self.sources.insert(node, source);
        let old = lock_file_in(self.ev, &file.folder)?;
        let below = Level {
            node,
            path,
            old: Some((&old, ROOT)),
            follows: path,
            folder: &file.folder,
            trusts_lock: false,
        };
        let done = self.level(&file.inputs, below);
        self.parents.pop();
        done
    }
}

/// An input that a flake wants.
struct Wanted<'a> {
    name: &'a str,
    /// What its own flake says, whatever replaces that.
    own: &'a FlakeInput,
    is_flake: bool,
    reference: FlakeRef,
    /// The flake that a relative path is relative to.
    parent: Option<InputPath>,
    /// The folder that a relative path leads to.
    folder: Option<Vec<u8>>,
    /// Whether the command line names it.
    is_explicit: bool,
}

fn joined(above: &[String], name: &str) -> InputPath {
    let mut path = above.to_vec();
    path.push(name.to_owned());
    path
}
