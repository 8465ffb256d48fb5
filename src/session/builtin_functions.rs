//! A description of Nix's built-in functions, for editors and documentation.

use crate::builtins;

/// A built-in function of Nix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuiltinFunction {
    /// Its name in `builtins`.
    pub name: &'static str,
    /// The names of its arguments.
    pub arguments: &'static [&'static str],
    /// What it does, in a line.
    pub documentation: &'static str,
}

/// All built-in functions, by topic.
///
/// ```
/// let length = nival::builtin_functions().find(|function| function.name == "length").unwrap();
/// assert_eq!(length.arguments, ["e"]);
/// ```
pub fn builtin_functions() -> impl Iterator<Item = BuiltinFunction> {
    builtins::all().map(|builtin| BuiltinFunction {
        name: builtin.name,
        arguments: builtin.args,
        documentation: builtin.doc,
    })
}
