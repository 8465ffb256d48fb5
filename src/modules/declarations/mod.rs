//! Options: merges the declarations of an option, and combines them with its definitions into an evaluated option.

mod declaration;
mod not_an_option;
mod option;

pub use declaration::{Decl, ONCE, fixed_type, fixup, merge, merge_sets};
pub use not_an_option::not_an_option;
pub use option::{eval_option, eval_option_value, option_set};
