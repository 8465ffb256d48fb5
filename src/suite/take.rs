//! Takes what a snapshot needs out of a configuration: the values of the observed options, warnings and assertions.

use super::observe::{Names, Observed};
use super::shown::Shown;
use super::snapshot::Lines;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::native::{get, lossy};
use crate::options::{Bounds, Failure, Found, Item, Opened, Plain, assertion};
use crate::syntax::show_name;
use crate::value::Value;

/// What is taken, and how it is shown.
pub struct Taking<'a> {
    /// The configuration.
    pub opened: &'a Opened<'a>,
    /// What is observed.
    pub names: &'a Names,
    /// How values are shown.
    pub shown: &'a Shown,
    /// Whether an option belongs to the suite, if nothing says what is observed.
    pub is_own: &'a dyn Fn(&[Sym]) -> bool,
    /// Values without an option, by their paths.
    pub undeclared: Vec<(Vec<String>, Plain)>,
}

/// The values of the observed options.
///
/// # Errors
/// Calls nested too deep.
pub fn take(taking: &Taking<'_>) -> Res<Lines> {
    let mut walk = Walk { taking, ev: taking.opened.ev, lines: Lines::new(), path: Vec::new() };
    walk.level(taking.opened.options, &mut Vec::new())?;
    for (path, value) in &taking.undeclared {
        if matches!(taking.names.observed(path), Observed::Whole | Observed::Partly) {
            walk.path.clone_from(path);
            walk.add(value.clone());
        }
    }
    Ok(walk.lines)
}

struct Walk<'a> {
    taking: &'a Taking<'a>,
    ev: &'a Evaluator,
    lines: Lines,
    /// The names of the current path.
    path: Vec<String>,
}

impl Walk<'_> {
    /// A level of the tree of options.
    fn level(&mut self, level: Value, at: &mut Vec<Sym>) -> Res<()> {
        let opened = self.taking.opened;
        let mut items = Vec::new();
        opened.each(level, &at.clone(), false, &mut |path, item| {
            items.extend(path.last().map(|name| (*name, item)));
            Ok(())
        })?;
        for (name, item) in items {
            at.push(name);
            self.path.push(self.ev.name(name));
            let observed = self.taking.names.observed(&self.path);
            match item {
                _ if observed == Observed::No => {}
                Item::Option(option) => {
                    let visible = opened.is_visible(option) || self.taking.names.names(&self.path);
                    let own = !self.taking.names.observe.is_empty() || (self.taking.is_own)(at);
                    if visible && own {
                        self.value_at(at, observed);
                    }
                }
                Item::Level => {
                    if let Found::Set(below) = opened.find(at) {
                        self.level(below, at)?;
                    }
                }
                Item::Failed(e) => self.fail(&e),
            }
            self.path.pop();
            at.pop();
        }
        Ok(())
    }

    /// The value of an option.
    fn value_at(&mut self, at: &mut Vec<Sym>, observed: Observed) {
        match self.taking.opened.value(at) {
            Ok(slot) => self.value(at, slot, observed),
            Err(e) => self.fail(&e),
        }
    }

    /// A value, as far as it is observed.
    fn value(&mut self, at: &mut Vec<Sym>, slot: &Slot, observed: Observed) {
        let opened = self.taking.opened;
        if observed == Observed::Whole {
            let plain = Plain::at(opened, at, slot, Bounds::COMPARED);
            return self.add(plain);
        }
        match self.ev.force(slot) {
            Err(e) => self.fail(&e),
            Ok(v) if v.is_attrs() && get(self.ev, v, "type").is_none() => {
                for entry in self.ev.mem.entries_by_name(v) {
                    at.push(entry.name);
                    self.path.push(self.ev.name(entry.name));
                    match self.taking.names.observed(&self.path) {
                        Observed::No => {}
                        observed => self.value(at, entry.slot, observed),
                    }
                    self.path.pop();
                    at.pop();
                }
            }
            Ok(_) if observed == Observed::Partly => self.add(Plain::at(opened, at, slot, Bounds::COMPARED)),
            // The pattern leads into a value that has no parts.
            Ok(_) => {}
        }
    }

    /// Adds a value: the attributes of a set on lines of their own.
    fn add(&mut self, value: Plain) {
        match value {
            Plain::Set(entries) if !entries.is_empty() => {
                for (name, value) in entries {
                    self.path.push(name);
                    self.add(value);
                    self.path.pop();
                }
            }
            value => {
                let text = self.taking.shown.value(value);
                self.lines.insert(self.name(), text);
            }
        }
    }

    fn fail(&mut self, e: &Error) {
        self.add(Plain::Failed(Failure::of(self.ev, e)));
    }

    fn name(&self) -> String {
        let names = self.path.iter().map(|name| lossy(&show_name(name.as_bytes())));
        names.collect::<Vec<_>>().join(".")
    }
}

/// The messages that a configuration gives besides its values.
#[derive(Debug, Default)]
pub struct Notices {
    /// Its warnings.
    pub warnings: Vec<String>,
    /// The messages of the assertions that fail.
    pub assertions: Vec<String>,
    /// What prevents finding them.
    pub errors: Vec<String>,
}

/// The warnings of a configuration, and its assertions that fail, if it has such options.
pub fn notices(opened: &Opened<'_>, shown: &Shown) -> Notices {
    let mut found = Notices::default();
    match list(opened, "warnings") {
        None => {}
        Some(Plain::List(items)) => found.warnings.extend(items.into_iter().map(|item| shown.message(item))),
        Some(other) => found.errors.push(shown.message(other)),
    }
    match list(opened, "assertions") {
        None => {}
        Some(Plain::List(items)) => {
            for item in &items {
                match assertion(item) {
                    None => {}
                    Some(Ok(message)) => found.assertions.push(shown.message(message.clone())),
                    Some(Err(open)) => found.errors.push(shown.message(open.clone())),
                }
            }
        }
        Some(other) => found.errors.push(shown.message(other)),
    }
    found
}

/// The value of an option, if there is one of this name.
fn list(opened: &Opened<'_>, name: &str) -> Option<Plain> {
    let ev = opened.ev;
    let path = [ev.intern(name).ok()?];
    match opened.find(&path) {
        Found::Option { .. } | Found::Failed { .. } => {}
        Found::Set(_) | Found::Missing { .. } => return None,
    }
    Some(match opened.value(&path) {
        Ok(slot) => Plain::at(opened, &path, slot, Bounds::COMPARED),
        Err(e) => Plain::Failed(Failure::of(ev, &e)),
    })
}
