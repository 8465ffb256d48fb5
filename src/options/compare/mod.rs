//! Two configurations compared, option by option, and the causes of their differences.
//!
//! | file | what is in it |
//! |---|---|
//! | `facts` | one configuration's options, taken out of its evaluator |
//! | `parts` | the definitions of the parts of a value |
//! | `renames` | paths by their roots, so that two trees in different folders can be compared |
//! | `kind`, `difference` | a difference |
//! | `differences` | what differs: values, types, defaults, definitions |
//! | `given` | what differs in the definitions of values that are the same |
//! | `hashes` | values that differ in hashes of store paths only |
//! | `delta` | what a list lost and got |
//! | `messages` | warnings and failed assertions |
//! | `detail` | what is asked about an option that differs: definitions as they are written, and what it read |
//! | `cause` | the definitions, declarations and lines that make an option differ |
//! | `hunks` | the lines in which two texts differ |
//! | `news` | the words in which values and texts differ |
//! | `comparison` | the differences in many fixtures, grouped by their causes |

mod cause;
mod comparison;
mod delta;
mod detail;
mod difference;
mod differences;
mod facts;
mod given;
mod hashes;
mod hunks;
mod kind;
mod messages;
mod news;
mod parts;
mod renames;

pub use cause::{Cause, CauseKind, Files};
pub use comparison::{Change, Comparison, Group, Pair, is_below};
pub use delta::lost_and_got;
pub use detail::{Details, Question};
pub use difference::Difference;
pub use differences::{Compared, differences};
pub use facts::{Asked, Fact, Facts};
pub use kind::ChangeKind;
pub use renames::Renames;
