//! The names with fixed symbols: `sym!` finds them when the crate is compiled. A folder declares those it needs.

/// The tables of all folders. Nix's own names come first, because Nix creates their symbols first.
pub(crate) const TABLES: &[&[&str]] =
    &[crate::heap::LANGUAGE_NAMES, crate::modules::NAMES, crate::modules::TYPE_NAMES];
