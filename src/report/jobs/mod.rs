//! Jobs, as nix-eval-jobs finds them: derivations in a tree of attribute sets, each a line of JSON.

mod aggregates;
mod asked;
mod constituents;
mod fields;
mod find;
mod glob;
mod missing;
mod package;
mod selection;

pub use aggregates::finish;
pub use asked::JobsAsked;
pub use fields::line;
pub use find::{Found, Job, Jobs, failed};
pub use package::Package;
