//! The data of watched calls.

use std::cell::RefCell;
use std::time::Duration;

use hashbrown::HashMap;

use super::profile::Profile;
use crate::heap::CodeRef;
use crate::source::Pos;

/// What to watch.
#[derive(Debug, Clone, Default)]
pub struct Watching {
    /// Count calls and lookups, and measure times.
    pub counts: bool,
    /// Count the calls of each function and built-in, and the lookups of each attribute.
    pub each: bool,
    /// The interval at which the stack of calls is sampled; zero samples at each call.
    pub profile: Option<Duration>,
    /// Report the beginning and end of each call.
    pub trace: bool,
}

/// Calls and lookups by what was called or looked up.
#[derive(Default)]
pub(super) struct Each {
    /// Functions, by code and, for curried ones, argument.
    pub(super) functions: HashMap<(CodeRef, usize), u64>,
    pub(super) builtins: HashMap<&'static str, u64>,
    pub(super) library: HashMap<&'static str, u64>,
    /// Attributes, by where they are defined.
    pub(super) attributes: HashMap<Pos, u64>,
}

/// The state of watching.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) each: Option<RefCell<Each>>,
    pub(super) profile: Option<RefCell<Profile>>,
    pub(super) trace: bool,
}

/// Stands for the number of arguments that a function held before a call. Marks a call that does not go
/// through [`Evaluator::call`] and passes all arguments at once.
pub(super) const HERE: u32 = u32::MAX;
