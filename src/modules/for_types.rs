//! What option types need of the evaluation of modules.

use super::declare::{self, Decl};
use super::native_lib;
use super::option_value::eval_with_definitions;
use super::types::submodule::submodule_with;
use super::types::{Services, lookup};
use crate::eval::Evaluator;
use crate::source::Pos;

/// Lets types use the evaluation of modules.
pub(super) fn register(ev: &Evaluator) {
    let services = Services {
        lookup: |ev, name| lookup(ev, native_lib(ev)?, name),
        submodule_with,
        merge_declarations: |ev, loc, declarations| {
            let decl =
                |d: &super::types::Declaration| Decl { file: d.file, options: d.option, pos: Pos::NONE };
            declare::merge(ev, loc, &declarations.iter().map(decl).collect::<Vec<_>>())
        },
        fixed_type: declare::fixed_type,
        eval_option_value: eval_with_definitions,
    };
    services.register(ev);
}
