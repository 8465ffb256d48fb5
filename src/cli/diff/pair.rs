//! Two configurations that are compared.

use super::side::Way;

/// Two configurations.
pub struct Pair {
    /// The fixture, or the two configurations.
    pub name: String,
    /// The old one.
    pub old: Way,
    /// The new one.
    pub new: Way,
}
