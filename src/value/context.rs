//! String contexts: which store paths a string refers to. Sets of them are interned and named by a number.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

/// An interned set of context elements; zero is the empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Context(pub u32);

impl Context {
    /// No context.
    pub const EMPTY: Context = Context(0);

    /// Whether there is no context.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One element of a context. Paths are full store paths. Elements are ordered as Nix orders them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContextElement {
    /// A store path as such.
    Opaque(Rc<str>),
    /// A derivation with its whole closure (`drvPath`).
    DrvDeep(Rc<str>),
    /// An output of a derivation.
    Built {
        /// The derivation.
        drv: Rc<str>,
        /// The output's name.
        output: Rc<str>,
    },
    /// An output of a derivation that is itself an output (dynamic derivations).
    Dynamic {
        /// The derivation that exists already.
        drv: Rc<str>,
        /// The output that is the next derivation's file, and so on.
        through: Rc<[Rc<str>]>,
        /// The output's name.
        output: Rc<str>,
    },
}

impl ContextElement {
    /// Nix's textual form: a path, `=path` or `!output!path`.
    pub fn encode(&self) -> String {
        match self {
            ContextElement::Opaque(path) => path.to_string(),
            ContextElement::DrvDeep(path) => format!("={path}"),
            ContextElement::Built { drv, output } => format!("!{output}!{drv}"),
            ContextElement::Dynamic { drv, through, output } => {
                let steps = through.iter().fold(drv.to_string(), |inner, step| format!("!{step}!{inner}"));
                format!("!{output}{steps}")
            }
        }
    }

    /// How messages name the element: a path, perhaps with `^` and outputs.
    pub fn show(&self) -> String {
        match self {
            ContextElement::Opaque(path) => path.to_string(),
            ContextElement::DrvDeep(path) => format!("{path} (deep)"),
            ContextElement::Built { drv, output } => format!("{drv}^{output}"),
            ContextElement::Dynamic { drv, through, output } => {
                let steps = through.iter().fold(drv.to_string(), |inner, step| format!("{inner}^{step}"));
                format!("{steps}^{output}")
            }
        }
    }

    /// The store path that the element is about.
    pub fn path(&self) -> &Rc<str> {
        match self {
            ContextElement::Opaque(path) | ContextElement::DrvDeep(path) => path,
            ContextElement::Built { drv, .. } | ContextElement::Dynamic { drv, .. } => drv,
        }
    }
}

type Elements = Rc<[ContextElement]>;

/// All contexts of an evaluation.
#[derive(Default)]
pub struct Contexts {
    inner: RefCell<Tables>,
}

#[derive(Default)]
struct Tables {
    /// Context `n` is at `n - 1`.
    all: Vec<Elements>,
    ids: HashMap<Elements, u32>,
    unions: HashMap<(u32, u32), u32>,
}

impl Tables {
    fn intern(&mut self, elements: Vec<ContextElement>) -> u32 {
        if elements.is_empty() {
            return 0;
        }
        let elements: Elements = elements.into();
        if let Some(id) = self.ids.get(&elements) {
            return *id;
        }
        self.all.push(elements.clone());
        let id = self.all.len() as u32;
        self.ids.insert(elements, id);
        id
    }

    fn get(&self, id: u32) -> Elements {
        match id.checked_sub(1) {
            None => Rc::from([]),
            Some(i) => self.all[i as usize].clone(),
        }
    }
}

impl Contexts {
    /// The context with these elements.
    pub fn make(&self, mut elements: Vec<ContextElement>) -> Context {
        elements.sort();
        elements.dedup();
        Context(self.inner.borrow_mut().intern(elements))
    }

    /// The elements of a context, sorted.
    pub fn elements(&self, context: Context) -> Elements {
        self.inner.borrow().get(context.0)
    }

    /// The context with the elements of both.
    pub fn union(&self, a: Context, b: Context) -> Context {
        if a == b || b.is_empty() {
            return a;
        }
        if a.is_empty() {
            return b;
        }
        let key = (a.0.min(b.0), a.0.max(b.0));
        let mut tables = self.inner.borrow_mut();
        if let Some(id) = tables.unions.get(&key) {
            return Context(*id);
        }
        let mut elements = [&tables.get(a.0)[..], &tables.get(b.0)[..]].concat();
        elements.sort();
        elements.dedup();
        let id = tables.intern(elements);
        tables.unions.insert(key, id);
        Context(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_have_equal_numbers() {
        let contexts = Contexts::default();
        let opaque = |p: &str| ContextElement::Opaque(Rc::from(p));
        let a = contexts.make(vec![opaque("/a")]);
        let b = contexts.make(vec![opaque("/b")]);
        let both = contexts.make(vec![opaque("/b"), opaque("/a"), opaque("/b")]);
        assert_eq!(contexts.union(a, b), both);
        assert_eq!(contexts.union(b, both), both);
        assert_eq!(contexts.make(vec![]), Context::EMPTY);
        assert_eq!(contexts.elements(both).len(), 2);
    }
}
