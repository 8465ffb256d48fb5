//! Evaluating without showing what the program prints: `builtins.trace` and `builtins.warn`.

use super::Evaluator;

impl Evaluator {
    /// Runs `f`, whose traces and warnings are not shown. Those of a value that `f` evaluates are not shown later either.
    pub fn silently<T>(&self, f: impl FnOnce() -> T) -> T {
        let before = self.silent.replace(true);
        let result = f();
        self.silent.set(before);
        result
    }

    /// Whether traces and warnings are not shown.
    pub fn is_silent(&self) -> bool {
        self.silent.get()
    }
}
