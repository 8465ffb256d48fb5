//! The way from an attribute as it is written to one of the definitions that the evaluation makes of it.

use crate::source::Pos;
use crate::syntax::written::{Binding, Piece, PropertyKind, Value};

/// The way from an attribute to a definition: past the conditions around the attribute, and into its value.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// How many `mkIf`s are around the attribute.
    pub around: usize,
    /// Which of those does not hold.
    pub off: Option<usize>,
    /// The steps into the value, up to the first condition that does not hold.
    pub inside: Vec<Step>,
    /// The attribute that has the condition that does not hold. The native engine puts it where `mkIf` is called.
    pub condition: Pos,
}

/// A step into the value of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Past a condition of `mkIf`.
    Condition,
    /// To an element of the list that `mkMerge` has.
    Part(usize),
    /// To an element of the list that the value is, and how many it has. It is the last step.
    Element(usize, usize),
}

/// What a trail leads to.
#[derive(Debug, Clone, Copy)]
pub struct Reached<'v, 'a> {
    /// The value at its end.
    pub value: &'v Value<'a>,
    /// The condition of its last step.
    pub condition: Option<&'v Piece<'a>>,
    /// Whether the way led to a part of the value.
    pub is_part: bool,
}

impl Trail {
    /// The value that the steps lead to, or whose element they lead to. `None` where the text does not have these steps: it computes the properties.
    pub fn reach<'v, 'a>(&self, value: &'v Value<'a>) -> Option<Reached<'v, 'a>> {
        follow(value, &self.inside)
    }

    /// The condition around an attribute that does not hold. Behind as many conditions as the evaluation has, others are
    /// those of the value that the submodule is in.
    pub fn condition_around<'b, 'a>(&self, binding: &'b Binding<'a>) -> Option<&'b Piece<'a>> {
        let conditions: Vec<&Piece<'a>> = binding
            .around
            .iter()
            .filter(|property| property.kind.is_condition())
            .filter_map(|property| property.argument.as_ref())
            .collect();
        let outside = conditions.len().checked_sub(self.around)?;
        conditions.get(outside + self.off?).copied()
    }
}

fn follow<'v, 'a>(value: &'v Value<'a>, steps: &[Step]) -> Option<Reached<'v, 'a>> {
    let mut reached = Reached { value, condition: None, is_part: false };
    let mut properties = value.properties.iter();
    for (i, step) in steps.iter().enumerate() {
        if matches!(step, Step::Element(..)) {
            break;
        }
        let property = properties.next()?;
        match (property.kind, step) {
            (kind, Step::Condition) if kind.is_condition() => reached.condition = property.argument.as_ref(),
            (PropertyKind::Merge, Step::Part(number)) => {
                let part = value.parts.get(*number)?;
                return Some(Reached { is_part: true, ..follow(part, &steps[i + 1..])? });
            }
            // Either part of an `if` may be the one: if only one has these steps, it is.
            (PropertyKind::Choice, _) => {
                let mut fitting = value.parts.iter().filter_map(|part| follow(part, &steps[i..]));
                return fitting.next().filter(|_| fitting.next().is_none());
            }
            _ => return None,
        }
    }
    Some(reached)
}
