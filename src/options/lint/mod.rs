//! Findings about definitions: what has no effect, what need not be there, what works only by luck.
//!
//! | file | what is in it |
//! |---|---|
//! | `draft`, `rule` | what a rule is, and what it finds |
//! | `judged` | an option that rules look at |
//! | `rules` | the table of rules |
//! | `judge` | applies the rules to all definitions of a configuration |
//! | `inside` | evaluates the submodules that definitions are about |
//! | `same` | whether two values are the same |
//!
//! Each other file is a rule.

mod default_value;
mod draft;
mod duplicate_element;
mod equal_by_luck;
mod inside;
mod judge;
mod judged;
mod lost_definition;
mod needless_force;
mod never_holds;
mod old_option;
mod rule;
mod rules;
mod same;

pub use draft::Related;
pub use judge::{Asked, lint};
pub use rule::{Finding, Level, Rule};
pub use rules::{ALL_RULES, RULES};
