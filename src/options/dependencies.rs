//! Dependencies between options: what an option was computed from, and what was computed from it, over several steps.

use std::collections::VecDeque;

use hashbrown::HashMap;

use super::about::Place;
use super::opened::Opened;
use super::plain::{Bounds, Plain};
use super::reads::{Derivations, Known};
use super::tree::{Found, Item};
use crate::eval::Res;
use crate::heap::Sym;
use crate::native::get;
use crate::value::Value;

/// The options by which a configuration is built: what goes into their derivations is part of the configuration.
const BUILT: [&[&[u8]]; 2] = [&[b"system", b"build", b"toplevel"], &[b"home", b"activationPackage"]];

/// Options and the edges between them. The first is the one that was asked about.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Dependencies {
    /// The options.
    pub options: Vec<DependencyNode>,
    /// How many further options depend on the first one, or it on them, beyond the depth that was asked for; `None` if
    /// that was not computed.
    pub beyond: Option<usize>,
}

/// An option in a graph of dependencies.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DependencyNode {
    /// The path as nixpkgs shows it.
    pub name: String,
    /// The path's names.
    pub loc: Vec<String>,
    /// The value, as far as a line shows it.
    pub value: Plain,
    /// Where the definition is that counts first; `None` for an option that nothing sets.
    pub set_at: Option<Place>,
    /// The numbers of the options one step further; `None` behind the depth that was asked for.
    pub next: Option<Vec<usize>>,
}

/// How the options one step further from the one at a path are found.
type Step<'a> = &'a mut dyn FnMut(&[Sym]) -> Vec<Vec<Sym>>;

impl Opened<'_> {
    /// The options that the value at a path was computed from, over up to `depth` steps. Old names of options that
    /// nothing sets are left out, unless `all` are asked for.
    pub fn why(&self, path: &[Sym], depth: usize, all: bool) -> Dependencies {
        let mut known = Known::default();
        let mut first = true;
        self.walk(path, depth, &mut |at| {
            let derivations = if first { Derivations::All } else { Derivations::Computed };
            first = false;
            let mut read = self.reads(at, derivations, &mut known);
            read.retain(|path| all || !self.is_old_name(path));
            read
        })
    }

    /// Whether an option is an old name of another one, or has been removed, and nothing sets it: it is hidden, and
    /// has no default.
    pub(super) fn is_old_name(&self, path: &[Sym]) -> bool {
        let ev = self.ev;
        let Found::Option { option, names } = self.find(path) else {
            return false;
        };
        let is_hidden = || {
            let visible = get(ev, option, "visible").and_then(|slot| ev.force(slot).ok());
            visible == Some(Value::FALSE) && get(ev, option, "default").is_none()
        };
        names == path.len() && is_hidden() && self.set_at(path).is_none()
    }

    /// The options that were computed from the one at a path, over up to `depth` steps. Every option of the
    /// configuration is evaluated, and what it is built for; variants of the configuration are left out, and old names of
    /// options that nothing sets, unless `all` are asked for.
    ///
    /// # Errors
    /// Calls nested too deep.
    pub fn affects(&self, path: &[Sym], depth: usize, all: bool) -> Res<Dependencies> {
        let ev = self.ev;
        let mut known = Known::default();
        for built in BUILT {
            let built: Vec<Sym> =
                built.iter().map(|name| Ok(ev.mem.heap.intern(name)?)).collect::<Res<_>>()?;
            if self.value(&built).is_ok() {
                self.reads(&built, Derivations::All, &mut known);
            }
        }
        let mut readers = Readers::default();
        self.each(self.options, &[], true, &mut |at, item| {
            // A variant has read what the configuration itself has read.
            if let Item::Option(option) = item
                && (all || !self.is_old_name(at))
                && !self.is_declared_variant(option)
            {
                for read in self.reads(at, Derivations::Computed, &mut known) {
                    readers.add(read, at);
                }
            }
            Ok(())
        })?;
        let first = readers.of_part(path);
        let whole = readers.by_option(self);
        let step = |at: &[Sym]| match at == path {
            true => first.clone(),
            false => whole.get(at).cloned().unwrap_or_default(),
        };
        let mut found = self.walk(path, depth, &mut |at| step(at));
        found.beyond = Some(count(path, &step) + 1 - found.options.len());
        Ok(found)
    }

    /// Walks from an option breadth first, up to `depth` steps.
    fn walk(&self, path: &[Sym], depth: usize, step: Step<'_>) -> Dependencies {
        let mut numbers: HashMap<Vec<Sym>, usize> = HashMap::new();
        let mut options = vec![self.node(path)];
        numbers.insert(path.to_vec(), 0);
        let mut pending = VecDeque::from([(path.to_vec(), 0)]);
        while let Some((at, steps)) = pending.pop_front() {
            if steps == depth {
                continue;
            }
            let mut next = Vec::new();
            let mut read = step(&at);
            read.sort_by_cached_key(|path| self.show(path));
            for read in read {
                let number = *numbers.entry(read.clone()).or_insert_with(|| {
                    options.push(self.node(&read));
                    pending.push_back((read, steps + 1));
                    options.len() - 1
                });
                next.push(number);
            }
            let number = numbers[&at];
            options[number].next = Some(next);
        }
        Dependencies { options, beyond: None }
    }

    fn node(&self, path: &[Sym]) -> DependencyNode {
        let option = match self.find(path) {
            Found::Option { option, names } if names == path.len() => Some(option),
            _ => None,
        };
        DependencyNode {
            name: self.show(path),
            loc: path.iter().map(|name| self.ev.name(*name)).collect(),
            value: self.plain(path, option, Bounds::LINE),
            set_at: self.set_at(path),
            next: None,
        }
    }
}

/// The options that have read each option or option of a submodule.
#[derive(Default)]
struct Readers(HashMap<Vec<Sym>, Vec<Vec<Sym>>>);

impl Readers {
    fn add(&mut self, read: Vec<Sym>, by: &[Sym]) {
        self.0.entry(read).or_default().push(by.to_vec());
    }

    /// The readers of what is at a path, of its parts, and of what it is a part of, in the order of the options.
    fn of_part(&self, path: &[Sym]) -> Vec<Vec<Sym>> {
        let related = self.0.iter().filter(|(read, _)| read.starts_with(path) || path.starts_with(read));
        unique(related.flat_map(|(_, by)| by.iter().cloned()).collect())
    }

    /// The readers of each option of the tree, or of options of its submodules.
    fn by_option(&self, opened: &Opened<'_>) -> HashMap<Vec<Sym>, Vec<Vec<Sym>>> {
        let mut whole: HashMap<Vec<Sym>, Vec<Vec<Sym>>> = HashMap::new();
        for (read, by) in &self.0 {
            let option = match opened.find(read) {
                Found::Option { names, .. } => &read[..names],
                _ => &read[..],
            };
            whole.entry(option.to_vec()).or_default().extend(by.iter().cloned());
        }
        whole.into_iter().map(|(option, by)| (option, unique(by))).collect()
    }
}

/// Paths without repetition.
fn unique(mut paths: Vec<Vec<Sym>>) -> Vec<Vec<Sym>> {
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// How many options can be reached.
fn count(path: &[Sym], step: &dyn Fn(&[Sym]) -> Vec<Vec<Sym>>) -> usize {
    let mut seen: hashbrown::HashSet<Vec<Sym>> = hashbrown::HashSet::from([path.to_vec()]);
    let mut pending = vec![path.to_vec()];
    while let Some(at) = pending.pop() {
        for next in step(&at) {
            if seen.insert(next.clone()) {
                pending.push(next);
            }
        }
    }
    seen.len() - 1
}
