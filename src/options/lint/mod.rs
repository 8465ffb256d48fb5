//! Findings about definitions: what has no effect, what need not be there, what works only by luck.
//!
//! | file | what is in it |
//! |---|---|
//! | `draft`, `rule` | what a rule is, and what it finds |
//! | `judged` | an option that rules look at |
//! | `rules` | the table of rules |
//! | `judge` | applies the rules to all definitions of a configuration |
//! | `inside` | evaluates the submodules that definitions are about |
//! | `new` | which findings are new against an earlier revision |
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
mod new;
mod old_option;
mod rule;
mod rules;
mod same;

pub use draft::Related;
pub use judge::{Asked, lint};
pub use new::{Known, keep_new};
pub use rule::{Finding, Level, Rule};
pub use rules::{ALL_RULES, RULES};
