//! The complete native `lib`: the one in `nixpkgs`, with `lib.modules`, `lib.options` and `lib.types`.
//!
//! | file | for |
//! |---|---|
//! | `native_lib` | the library, and how it replaces that of a tree |
//! | `namespaces` | the sets made from the tables of names |
//! | `modules` | the table of `lib.modules` |
//! | `properties` | `mkIf`, `mkForce` …, and the functions that remove such properties |
//! | `aliases` | forwards the definitions of one option to another |
//! | `moved/` | modules for options that were renamed, changed or removed |
//! | `imports` | modules from files |
//! | `evaluate` | `evalModules` |
//! | `internals` | the steps of `evalModules` as functions |
//! | `attribute_priorities` | `mergeAttrDefinitionsWithPrio` |
//! | `options` | the table of `lib.options`, and `mkOption`, `showOption` … |
//! | `package_option` | `mkPackageOption` |
//! | `literals`, `option_docs` | options and values in documentation |
//! | `deprecated` | functions with a warning |
//! | `counterparts` | where a nixpkgs tree defines the functions that are native here |

mod aliases;
mod attribute_priorities;
mod counterparts;
mod deprecated;
mod evaluate;
mod imports;
mod internals;
mod literals;
mod modules;
mod moved;
mod namespaces;
mod native_lib;
mod option_docs;
mod options;
mod package_option;
mod properties;

pub use native_lib::{native_lib, provide_native_lib};
