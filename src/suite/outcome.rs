//! What a fixture's evaluation gives, as it is passed from the process that evaluates it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::snapshot::{Change, Lines};

/// What a fixture's evaluation gives.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Why there is no configuration at all.
    pub error: Option<String>,
    /// The messages of the observed options that fail.
    pub failures: Vec<String>,
    /// Warnings, of the option `warnings` and of the evaluation itself.
    pub warnings: Vec<String>,
    /// The messages of the assertions that fail.
    pub assertions: Vec<String>,
    /// How its snapshot compares. `None` if it has none: without a configuration, and for tests.
    pub snapshot: Option<Snapshot>,
    /// The tests of a file in nix-unit's form.
    pub tests: Vec<TestResult>,
    /// What else the evaluation printed.
    pub messages: Vec<String>,
    /// Whether it printed any message.
    pub printed: bool,
    /// Whether it has to be evaluated again, without [recorded calls](crate::eval::Evaluator::is_spoiled).
    pub again: bool,
    /// What it read, if that is recorded: lines of [`Reach`](super::reach::Reach).
    pub reads: Vec<String>,
    /// The files and folders that it read, if that is asked for: see [`bytes_of`](crate::host::bytes_of).
    pub files: Vec<String>,
}

/// How a snapshot compares with the recorded one.
#[derive(Debug, Serialize, Deserialize)]
pub enum Snapshot {
    /// Nothing is recorded.
    Missing(Lines),
    /// It is as recorded.
    Same,
    /// It differs.
    Differs {
        /// The new snapshot.
        lines: Lines,
        /// The options that differ.
        changes: Vec<Change>,
        /// Where these options are set, by their names.
        places: BTreeMap<String, Vec<String>>,
    },
    /// What is recorded cannot be read.
    Damaged {
        /// The new snapshot.
        lines: Lines,
        /// The number of the line that is none.
        line: usize,
    },
}

/// A test of a file in nix-unit's form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestResult {
    /// Its path in the file.
    pub name: String,
    /// Why it fails, if it does.
    pub problem: Option<String>,
}
