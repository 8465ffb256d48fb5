//! `lib.customisation`: overridable packages, and calling package functions with the arguments they name.

mod call_package;
mod cross_index;
mod extend_mk_derivation;
mod outputs;
mod overriding;
mod scopes;

pub(super) use scopes::make_scope;

use crate::native::{Entry, Table, function, pattern};

/// `lib.customisation`
pub static TABLE: Table = Table { namespace: "customisation", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("overrideDerivation", &["drv", "f"], overriding::override_derivation).top(),
    function("makeOverridable", &["f"], overriding::make_overridable).top(),
    function("callPackageWith", &["autoArgs", "fn", "args"], call_package::call_package_with).top(),
    function("callPackagesWith", &["autoArgs", "fn", "args"], call_package::call_packages_with).top(),
    function("extendDerivation", &["condition", "passthru", "drv"], outputs::extend_derivation_of).top(),
    function("hydraJob", &["drv"], outputs::hydra_job).top(),
    function("makeScope", &["newScope", "f"], scopes::make_scope_of).top(),
    function(
        "makeScopeWithSplicing",
        &["splicePackages", "newScope", "otherSplices", "keep", "extra", "f"],
        scopes::make_scope_with_splicing,
    )
    .top(),
    pattern(
        "makeScopeWithSplicing'",
        &["splicing", "scope"],
        &[scopes::SPLICING, scopes::SCOPE],
        scopes::make_scope_with_splicing_prime,
    )
    .top(),
    pattern(
        "extendMkDerivation",
        &["args"],
        &[extend_mk_derivation::ARGUMENTS],
        extend_mk_derivation::extend_mk_derivation,
    )
    .top(),
    function("renameCrossIndexFrom", &["prefix", "x"], cross_index::rename_from).top(),
    function("renameCrossIndexTo", &["prefix", "x"], cross_index::rename_to).top(),
    pattern("mapCrossIndex", &["f", "x"], &[cross_index::ARGUMENTS], cross_index::map).top(),
];
