//! The definitions of one value: the properties around them, which of them count, and how they merge.
//!
//! | file | for |
//! |---|---|
//! | `properties` | `mkIf`, `mkMerge`, `mkOverride`, `mkOrder`, `mkDefinition`, the sets around values |
//! | `raw` | a definition with the properties around it |
//! | `conditions` | the removal of properties: `pushDownProperties`, `dischargeProperties` |
//! | `sets` | definitions as the sets that are passed to merge functions |
//! | `live` | a definition whose conditions hold |
//! | `priorities` | which definitions count, and in which order |
//! | `checks` | whether definitions have the right type |
//! | `merge` | all of this for one value: `mergeDefinitions` |
//! | `merge_set` | the same as a set for users |
//! | `merge_functions` | the merge functions of types without further structure: `mergeEqualOption` … |

mod checks;
mod conditions;
mod live;
mod merge;
mod merge_functions;
mod merge_set;
mod priorities;
mod properties;
mod raw;
mod sets;

pub use checks::{Coherence, call_v2, checked_v2, has_v2, head_error, merge_v1, value_of_checked};
pub use conditions::{discharge, holds, push_down};
pub use live::Lives;
pub use merge::{Merge, list_of, undefined};
pub use merge_functions::{
    MERGE_DEFAULT, MERGE_EQUAL, MERGE_ONE, MERGE_OR, MERGE_SETS, merge_default, unique,
};
pub use merge_set::merge_definitions;
pub use priorities::{best, in_order, live, sorted, winners};
pub use properties::{
    AFTER, BEFORE, DEFAULT, DEFAULT_ORDER, DEFAULT_PRIORITY, FORCE, IF, IMAGE_MEDIA, OPTION_DEFAULT,
    OVERRIDE, Property, VALUE, VM, make_default, make_definition, make_force, make_if, make_merge,
    make_option_default, make_order, make_override, property,
};
pub use raw::{Prop, Raw, inside, pos_of, position, props, wrapped};
pub use sets::{definition, definitions, of_definition, path_of, raw_of_sets, value_of};
