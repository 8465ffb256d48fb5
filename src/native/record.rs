//! Sets with fixed attribute names, as Rust structs.

/// Defines a kind of set: a struct with a field for each attribute, and a method `set(ev)` that builds the set. The
/// fields may be suspended, but must not be in other slots unless they are shared.
macro_rules! record {
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident: $attribute:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name {
            $($(#[$field_doc])* $vis $field: $crate::value::Value),*
        }

        impl $name {
            /// The set.
            $vis fn set(self, ev: &$crate::eval::Evaluator) -> $crate::eval::Res<$crate::value::Value> {
                const NAMES: [&str; [$($attribute),*].len()] = [$($attribute),*];
                static RECORD: $crate::value::Record<{ NAMES.len() }> = $crate::value::Record::new(NAMES);
                Ok(ev.mem.record(&RECORD, [$(self.$field),*])?)
            }
        }
    };
}
pub(crate) use record;
