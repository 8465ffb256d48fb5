//! What the processes tell each other.

use serde::{Deserialize, Serialize};

use crate::report::{Found, Job, failed};

/// A piece of work.
#[derive(Debug, Serialize, Deserialize)]
pub enum Piece {
    /// Look at an attribute path.
    Path(Vec<String>),
    /// Have copies look at these, and at what they find there.
    Rest(Vec<Vec<String>>),
}

/// What was found out.
#[derive(Debug, Serialize, Deserialize)]
pub enum Told {
    /// What is at an attribute path.
    Found(Vec<String>, Found),
    /// The evaluation of an attribute path has ended its process.
    Lost(Vec<String>, Box<Job>),
    /// The value in which jobs are looked for cannot be evaluated. The error as it is printed.
    NoRoot(String),
}

impl Told {
    /// An attribute path whose evaluation has ended its process, in this way.
    pub fn lost(path: Vec<String>, how: &str) -> Told {
        let shown = path.join(".");
        let error = format!("error: while reading result for attrPath '{shown}', evaluation worker {how}");
        let job = failed(&path, &error);
        Told::Lost(path, Box::new(job))
    }
}
