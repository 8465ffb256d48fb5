//! What watches calls.

use std::cell::RefCell;
use std::time::Duration;

use hashbrown::HashMap;

use super::profile::Profile;
use crate::heap::CodeRef;
use crate::source::Pos;

/// What is to be watched.
#[derive(Debug, Clone, Default)]
pub struct Watching {
    /// Count calls and lookups, and measure times.
    pub counts: bool,
    /// Count the calls of each function and built-in, and the lookups of each attribute.
    pub each: bool,
    /// Take the stack of calls this often, or at each call if zero.
    pub profile: Option<Duration>,
    /// Say so whenever a call begins and ends.
    pub trace: bool,
}

/// Calls and lookups by what they were of.
#[derive(Default)]
pub(super) struct Each {
    /// Of functions: their code, and of curried ones which argument.
    pub(super) functions: HashMap<(CodeRef, usize), u64>,
    pub(super) builtins: HashMap<&'static str, u64>,
    pub(super) library: HashMap<&'static str, u64>,
    /// Of attributes: where they are defined.
    pub(super) attributes: HashMap<Pos, u64>,
}

/// What watches.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) each: Option<RefCell<Each>>,
    pub(super) profile: Option<RefCell<Profile>>,
    pub(super) trace: bool,
}

/// In place of the number of arguments that a function had before a call: the call is no [`Evaluator::call`], and was made
/// with all of them.
pub(super) const HERE: u32 = u32::MAX;
