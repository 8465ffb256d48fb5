//! String contexts: which store paths a string refers to. Sets of elements are interned, and each is identified by
//! a number.

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
        /// The derivation that already exists.
        drv: Rc<str>,
        /// The outputs that are derivation files in turn, outermost last.
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

    /// The form that messages use: a path, possibly followed by `^` and outputs.
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

    /// The store path that the element refers to.
    pub fn path(&self) -> &Rc<str> {
        match self {
            ContextElement::Opaque(path) | ContextElement::DrvDeep(path) => path,
            ContextElement::Built { drv, .. } | ContextElement::Dynamic { drv, .. } => drv,
        }
    }
}

/// Contexts to be united later: one union of many contexts is much cheaper than many unions of two.
#[derive(Debug, Clone, Default)]
pub struct ContextSum(Vec<Context>);

impl ContextSum {
    /// Adds a context.
    pub fn add(&mut self, context: Context) {
        if !context.is_empty() && self.0.last() != Some(&context) {
            self.0.push(context);
        }
    }
}

/// All contexts of an evaluation.
#[derive(Default)]
pub struct Contexts {
    inner: RefCell<Tables>,
}

/// A set of elements by their numbers, ascending.
type Numbers = Rc<[u32]>;

#[derive(Default)]
struct Tables {
    elements: Vec<ContextElement>,
    numbers: HashMap<ContextElement, u32>,
    /// Context `n` is at `n - 1`.
    all: Vec<Numbers>,
    ids: HashMap<Numbers, u32>,
    unions: HashMap<(u32, u32), u32>,
}

impl Tables {
    fn number(&mut self, element: ContextElement) -> u32 {
        let Tables { elements, numbers, .. } = self;
        *numbers.entry(element).or_insert_with_key(|element| {
            elements.push(element.clone());
            (elements.len() - 1) as u32
        })
    }

    /// The context of the elements with these numbers.
    fn intern(&mut self, mut numbers: Vec<u32>) -> Context {
        if numbers.is_empty() {
            return Context::EMPTY;
        }
        numbers.sort_unstable();
        numbers.dedup();
        if let Some(id) = self.ids.get(&numbers[..]) {
            return Context(*id);
        }
        let numbers: Numbers = numbers.into();
        self.all.push(numbers.clone());
        let id = self.all.len() as u32;
        self.ids.insert(numbers, id);
        Context(id)
    }

    fn get(&self, context: Context) -> &[u32] {
        context.0.checked_sub(1).map_or(&[], |i| &self.all[i as usize])
    }
}

impl Contexts {
    /// The context with these elements.
    pub fn make(&self, elements: Vec<ContextElement>) -> Context {
        let mut tables = self.inner.borrow_mut();
        let numbers = elements.into_iter().map(|e| tables.number(e)).collect();
        tables.intern(numbers)
    }

    /// The elements of a context, sorted.
    pub fn elements(&self, context: Context) -> Vec<ContextElement> {
        let tables = self.inner.borrow();
        let mut elements: Vec<_> =
            tables.get(context).iter().map(|n| tables.elements[*n as usize].clone()).collect();
        elements.sort_unstable();
        elements
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
        let numbers = [tables.get(a), tables.get(b)].concat();
        let union = tables.intern(numbers);
        tables.unions.insert(key, union.0);
        union
    }

    /// The context with the elements of all.
    pub fn union_all(&self, sum: ContextSum) -> Context {
        let ContextSum(mut distinct) = sum;
        distinct.sort_unstable();
        distinct.dedup();
        match distinct[..] {
            [] => Context::EMPTY,
            [only] => only,
            [a, b] => self.union(a, b),
            _ => {
                let mut tables = self.inner.borrow_mut();
                let numbers = distinct.iter().flat_map(|c| tables.get(*c).iter().copied()).collect();
                tables.intern(numbers)
            }
        }
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
        let c = contexts.make(vec![opaque("/0")]);
        let mut sum = ContextSum::default();
        [b, Context::EMPTY, both, c, a, a].into_iter().for_each(|context| sum.add(context));
        let all = contexts.union_all(sum);
        assert_eq!(all, contexts.union(both, c));
        assert_eq!(contexts.elements(all), [opaque("/0"), opaque("/a"), opaque("/b")]);
        assert_eq!(contexts.make(vec![]), Context::EMPTY);
        assert_eq!(contexts.elements(both).len(), 2);
    }
}
