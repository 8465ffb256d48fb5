//! What a rule finds, before it is known which rule it was.

use crate::options::about::Place;

/// A finding before it is known which rule it is from.
#[derive(Debug)]
pub struct Draft {
    /// The definition that it is about, by its number.
    pub definition: usize,
    /// Where that is, or the part of it.
    pub place: Place,
    /// The message.
    pub message: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// A place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// Where it is.
    pub place: Place,
    /// What is there.
    pub message: String,
}

impl Draft {
    /// The same with another place that belongs to it.
    pub fn with(mut self, place: &Place, message: impl Into<String>) -> Draft {
        self.related.push(Related { place: place.clone(), message: message.into() });
        self
    }
}
