//! Findings about definitions: what has no effect, what need not be there, what works only by luck.
//!
//! | file | what is in it |
//! |---|---|
//! | `draft`, `rule` | what a rule is, and what it finds |
//! | `judged` | an option that rules look at |
//! | `rules` | the table of rules |
//! | `judge` | applies the rules to all definitions of a configuration |
//!
//! Each other file is a rule.

mod default_value;
mod draft;
mod duplicate_element;
mod equal_by_luck;
mod judge;
mod judged;
mod lost_definition;
mod needless_force;
mod never_holds;
mod old_option;
mod rule;
mod rules;

pub use draft::Related;
pub use judge::{Asked, lint};
pub use rule::{Finding, Level, Rule};
pub use rules::{ALL_RULES, RULES};
