//! What a rule is, and what it finds.

use super::draft::{Draft, Related};
use super::judged::Judged;
use crate::options::about::Place;

/// A rule about definitions.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// How bad its findings are, unless the user says otherwise.
    pub level: Level,
    /// What it finds, in a sentence.
    pub summary: &'static str,
    /// Looks at an option.
    pub judge: fn(&Judged<'_, '_>, &mut Vec<Draft>),
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is not reported.
    Ignore,
    /// It is a warning.
    Warn,
    /// It is an error.
    Fatal,
}

impl Level {
    /// The level with a name.
    pub fn named(name: &str) -> Option<Level> {
        Some(match name {
            "ignore" => Level::Ignore,
            "warn" => Level::Warn,
            "fatal" => Level::Fatal,
            _ => return None,
        })
    }
}

/// Something that a rule finds.
#[derive(Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub level: Level,
    /// The option.
    pub option: String,
    /// Where it is.
    pub place: Place,
    /// Line and column behind what it is about, if that is known.
    pub end: Option<(u32, u32)>,
    /// The message.
    pub message: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}
