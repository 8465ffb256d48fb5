//! Observing evaluations of modules: see [`ObservedModules`].

use std::rc::Rc;

use super::{Error, Evaluator, ObservedModules, Res};
use crate::heap::{CodeRef, Ref};
use crate::ir::code::{ELABORATE, EVAL_OPTION_VALUE, PACKAGES};
use crate::source::Pos;
use crate::value::{Value, peek};

impl Evaluator {
    /// Observes evaluations of modules from now on.
    pub fn observe(&self) {
        self.observed.get_or_init(Box::default);
    }

    /// Whether evaluations of modules are observed.
    pub fn is_observing(&self) -> bool {
        self.observed.get().is_some()
    }

    /// The evaluations of modules observed from the `from`th on, in the order in which they began to merge.
    pub fn observed_modules(&self, from: usize) -> Vec<ObservedModules> {
        let all = self.observed.get().map(|observed| observed.modules.borrow());
        all.and_then(|all| all.get(from..).map(<[_]>::to_vec)).unwrap_or_default()
    }

    /// Forgets what has been observed.
    pub fn forget_observed(&self) {
        if let Some(observed) = self.observed.get() {
            observed.modules.borrow_mut().clear();
        }
    }

    /// Evaluates the body of a marked function in its frame.
    #[cold]
    #[inline(never)]
    pub(super) fn observed_body(&self, function: usize, body: CodeRef, frame: Ref) -> Res<Value> {
        if matches!(function, PACKAGES | ELABORATE) {
            return self.shared_body(function, body, frame);
        }
        let result = self.eval(body, frame)?;
        if function == EVAL_OPTION_VALUE {
            self.note_lib(result);
            return match self.reads.get() {
                Some(reads) => self.with_boundaries(reads, self.mem.share(self.var(frame, 0, 0))?, result),
                None => Ok(result),
            };
        }
        if let Some(observed) = self.observed.get() {
            let [prefix, modules] = [0, 1].map(|slot| peek(self.var(frame, 0, slot)));
            observed.modules.borrow_mut().push(ObservedModules { prefix, modules, result });
        }
        Ok(result)
    }

    /// Notes the folder of the `lib` that has given this option: there are the attributes that it adds.
    fn note_lib(&self, option: Value) {
        let Some(observed) = self.observed.get().filter(|observed| observed.lib.get().is_none()) else {
            return;
        };
        if let Some(lib) = self.folder_of_added(option) {
            let _ = observed.lib.set(lib);
        }
    }

    /// The folder of the `lib` that has added its attributes to an option, with a slash at its end.
    pub fn folder_of_added(&self, option: Value) -> Option<Rc<[u8]>> {
        let entry =
            option.is_attrs().then(|| self.mem.get_entry(option, self.intern("isDefined").ok()?))??;
        let source = self.sources.source_of(entry.pos)?;
        let path = source.path()?;
        let end = path.iter().rposition(|byte| *byte == b'/')?;
        Some(path[..=end].into())
    }

    /// Whether a file is one of the `lib` that evaluates modules.
    pub fn is_of_lib(&self, file: &[u8]) -> bool {
        let lib = self.observed.get().and_then(|observed| observed.lib.get());
        lib.is_some_and(|lib| file.starts_with(lib))
    }

    /// Where an error is from: where it happened, or the innermost place of its trace. The `lib` that evaluates modules
    /// counts only if no other place is known: it says what is wrong with values that others give it.
    pub fn origin_of(&self, e: &Error) -> Pos {
        let data = e.data();
        let mut places = std::iter::once(data.pos).chain(data.traces.iter().map(|line| line.pos));
        let is_elsewhere = |pos: &Pos| {
            let source = self.sources.source_of(*pos);
            source.is_some_and(|source| !source.path().is_some_and(|path| self.is_of_lib(path)))
        };
        places.find(is_elsewhere).unwrap_or_else(|| e.place())
    }
}
