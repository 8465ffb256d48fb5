//! What differs between the options of two configurations.

use std::cmp::Ordering;

use super::difference::Difference;
use super::facts::{Fact, Facts};
use super::given;
use super::hashes::{same, same_but_hashes};
use super::kind::ChangeKind;
use super::messages;
use crate::options::{DefaultValue, Failure, OptionInfo, Plain};

/// The differences of two configurations, or why both fail in the same way, so that nothing is known about them.
pub type Compared = Result<Vec<Difference>, Failure>;

/// The differences between the options of two configurations, in the order of their paths.
///
/// # Errors
/// When neither can be evaluated, for the same reason.
pub fn differences(old: &Facts, new: &Facts) -> Compared {
    let both = Both { own: [old.own.as_deref(), new.own.as_deref()], store: &old.store };
    let (old, new) = match (&old.options, &new.options) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(old), Err(new)) if old.message == new.message => return Err(new.clone()),
        (old, new) => {
            let failure = |facts: &Result<_, Failure>| facts.as_ref().err().cloned().map(Plain::Failed);
            let (old, new) = (failure(old), failure(new));
            let kind = if new.is_some() { ChangeKind::Error } else { ChangeKind::Fixed };
            return Ok(vec![Difference::of(&[], kind, old, new)]);
        }
    };
    let mut found = Vec::new();
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return Ok(found),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.about.loc.cmp(&b.about.loc),
        };
        let (a, b) = match order {
            Ordering::Less => (old.next(), None),
            Ordering::Greater => (None, new.next()),
            Ordering::Equal => (old.next(), new.next()),
        };
        match (a, b) {
            (Some(a), Some(b)) => both.option(a, b, &mut found),
            // An old name is an option only as long as something defines it.
            (Some(a), None) if a.is_visible => found.push(Difference {
                old: Some(a.about.value.clone()),
                ..Difference::at(&a.about, ChangeKind::Removed)
            }),
            (None, Some(b)) if b.is_visible => found.push(Difference {
                new: Some(b.about.value.clone()),
                ..Difference::at(&b.about, ChangeKind::Added)
            }),
            _ => {}
        }
    }
}

/// Compares what both configurations have.
struct Both<'a> {
    /// The files of the configurations that are compared with each other.
    own: [Option<&'a str>; 2],
    /// The store's folder, with a slash at its end.
    store: &'a str,
}

impl Both<'_> {
    /// An option.
    fn option(&self, old: &Fact, new: &Fact, found: &mut Vec<Difference>) {
        let first = found.len();
        let (a, b) = (&old.about, &new.about);
        if !old.is_hidden && new.is_hidden {
            let (old, new) = (Some(a.value.clone()), Some(b.value.clone()));
            found.push(Difference { old, new, ..Difference::at(a, ChangeKind::Removed) });
            return;
        }
        if !messages::differences(a, b, found) {
            self.values(&mut a.loc.clone(), &a.value, &b.value, found);
        }
        let mut others = Vec::new();
        if a.type_description != b.type_description {
            others.push((
                ChangeKind::Type,
                text(a.type_description.as_ref()),
                text(b.type_description.as_ref()),
            ));
        }
        if !self.same_default(a, b) {
            others.push((ChangeKind::Default, default(a), default(b)));
        }
        let mut given = given::differences(old, new, self.own, &found[first..]);
        // The whole option is told once.
        if let Some(at) = given.iter().position(|difference| difference.loc == a.loc) {
            let Difference { old, new, .. } = given.swap_remove(at);
            others.push((ChangeKind::Definitions, old, new));
        }
        found.extend(given);
        if a.description != b.description {
            others.push((
                ChangeKind::Description,
                text(a.description.as_ref()),
                text(b.description.as_ref()),
            ));
        }
        let mut whole = found[first..].iter_mut().find(|difference| difference.loc == a.loc);
        match &mut whole {
            Some(whole) => whole.also = others.iter().map(|(kind, ..)| *kind).collect(),
            None => {
                let kinds: Vec<ChangeKind> = others.iter().map(|(kind, ..)| *kind).collect();
                if let Some((kind, old, new)) = others.into_iter().next() {
                    let also = kinds[1..].to_vec();
                    found.push(Difference { also, ..Difference::of(&a.loc, kind, old, new) });
                }
            }
        }
        for difference in &mut found[first..] {
            let is_message = matches!(difference.kind, ChangeKind::Assertion | ChangeKind::Warning);
            difference.is_visible = is_message || old.is_visible || new.is_visible;
        }
    }

    /// The differences of two values, down to the parts in which they differ.
    fn values(&self, path: &mut Vec<String>, old: &Plain, new: &Plain, found: &mut Vec<Difference>) {
        let both = |kind: ChangeKind| (kind, Some(old.clone()), Some(new.clone()));
        let (kind, old, new) = match (old, new) {
            (Plain::Set(old), Plain::Set(new)) => return self.sets(path, old, new, found),
            (old, new) if same(old, new) => return,
            (old, new) if same_but_hashes(old, new, self.store) => both(ChangeKind::Hash),
            (old, new) if new.has_failure() && (new.failure().is_some() || !old.has_failure()) => {
                both(ChangeKind::Error)
            }
            (old, new) if old.has_failure() && !new.has_failure() => both(ChangeKind::Fixed),
            _ => both(ChangeKind::Value),
        };
        found.push(Difference::of(path, kind, old, new));
    }

    fn sets(
        &self,
        path: &mut Vec<String>,
        old: &[(String, Plain)],
        new: &[(String, Plain)],
        found: &mut Vec<Difference>,
    ) {
        let (mut a, mut b) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let (a, b) = match order {
                Ordering::Less => (a.next(), None),
                Ordering::Greater => (None, b.next()),
                Ordering::Equal => (a.next(), b.next()),
            };
            let Some((name, _)) = a.or(b) else {
                return;
            };
            path.push(name.clone());
            match (a, b) {
                (Some((_, a)), Some((_, b))) => self.values(path, a, b, found),
                (a, b) => {
                    let value = |part: Option<&(String, Plain)>| part.map(|(_, value)| value.clone());
                    let kind = if b.is_some_and(|(_, b)| b.has_failure()) {
                        ChangeKind::Error
                    } else {
                        ChangeKind::Value
                    };
                    found.push(Difference::of(path, kind, value(a), value(b)));
                }
            }
            path.pop();
        }
    }

    fn same_default(&self, a: &OptionInfo, b: &OptionInfo) -> bool {
        match (&a.default, &b.default) {
            (Some(DefaultValue::Value(a)), Some(DefaultValue::Value(b))) => same_but_hashes(a, b, self.store),
            (a, b) => a == b,
        }
    }
}

fn text(text: Option<&String>) -> Option<Plain> {
    text.cloned().map(Plain::String)
}

fn default(about: &OptionInfo) -> Option<Plain> {
    Some(match about.default.as_ref()? {
        DefaultValue::Text(text) => Plain::String(text.clone()),
        DefaultValue::Value(value) => value.clone(),
    })
}
