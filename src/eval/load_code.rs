//! Loads the code of files: cached, prefetched, or read and lowered now.

use std::rc::Rc;

use super::prefetch::Prefetch;
use super::prefetch_queue::{Facts, Parsed, Read};
use super::{Evaluator, Res};
use crate::host::{Entries, HostError, Reader};
use crate::ir::Lowered;
use crate::ir::hints::{Hints, Literals};
use crate::ir::pack::{Key, key};
use crate::source::{NewSource, Origin, Reread, Text};
use crate::syntax::{Lints, likely_imports};
use crate::value::Value;

impl Evaluator {
    pub(super) fn load(&self, file: &Rc<[u8]>) -> Res<Lowered> {
        let prefetched = self.timed(&self.load_counters.parsing, || {
            self.prefetch.get().and_then(|prefetch| prefetch.take(file))
        });
        let Some(Parsed { text, facts }) = prefetched else {
            return self.load_text(self.read_code(file)?, Facts::default(), None);
        };
        let text = match (text, self.reread()) {
            (Read::Text(text), _) => Text::Held(Rc::from(text)),
            (Read::Lines(lines), Some(reread)) => Text::Known(lines, reread.clone()),
            (Read::Lines(_), None) => return self.load_text(self.read_code(file)?, Facts::default(), None),
        };
        self.load_counters.read.one(text.len());
        self.load_counters.prefetched.add(1);
        self.load_text(in_file(file, text), facts, self.reread())
    }

    /// The code of a text: cached by an earlier run, or lowered now. `reread` reads the text again.
    pub(super) fn load_text(
        &self,
        mut text: NewSource,
        mut facts: Facts,
        reread: Option<&Reread>,
    ) -> Res<Lowered> {
        let mut key = facts.key.or_else(|| self.key_of(&text));
        if self.may_use_cached()
            && let Some(key) = &key
            && let Some((lowered, hints)) =
                self.timed(&self.load_counters.caching, || self.cached_code(&text, key, reread))
        {
            self.load_counters.cached.add(1);
            if !facts.expected {
                self.expect_hints(&text.folder, hints);
            }
            return Ok(lowered);
        }
        if let (None, Text::Known(..), Origin::File(file)) = (&facts.ast, &text.text, &text.origin) {
            // The cached code is not usable after all.
            text = self.read_code(&file.clone())?;
            key = self.key_of(&text);
            facts = Facts::default();
        }
        let source = self.sources.add(text)?;
        let ast = match facts.ast {
            Some(parsed) => self.checked(&source, parsed)?,
            None => self.parse_source(source.clone())?.1,
        };
        let imports = facts.imports.unwrap_or_else(|| {
            let imports = likely_imports(&ast);
            self.expect_imports(&source.folder, &imports);
            imports
        });
        let from = self.mem.heap.zones();
        let (lowered, names) = self.lower(&source, &ast, &[])?;
        // Warnings must appear on every run, so texts with warnings are not cached.
        if let Some(key) = key
            && ast.warnings.is_empty()
        {
            let cache = || self.cache_code(&source, key, (lowered, &names), from, imports);
            self.timed(&self.load_counters.caching, cache);
        }
        if let Some(reread) = reread {
            source.release(reread.clone());
        }
        Ok(lowered)
    }

    /// Suspends the evaluation of a text that is part of the evaluator.
    ///
    /// # Errors
    /// When it is not an expression, or has an undefined variable.
    pub fn delay_internal(&self, name: &'static str, text: &[u8]) -> Res<Value> {
        let lowered = self.load_text(internal(name, text), Facts::default(), None)?;
        Ok(Value::thunk(lowered.code, self.frame(0, lowered.frame)?))
    }

    /// The cache key of a text, if code is cached.
    pub(super) fn key_of(&self, text: &NewSource) -> Option<Key> {
        match (&self.code_cache, &text.text) {
            (Some(_), Text::Held(bytes)) => Some(key(bytes)),
            _ => None,
        }
    }

    /// Whether cached code may be used. It may not with lints, because it was not checked for them.
    pub(super) fn may_use_cached(&self) -> bool {
        self.settings.lints == Lints::default()
    }

    pub(super) fn read_code(&self, file: &Rc<[u8]>) -> Res<NewSource> {
        if let Some(file) = self.internal_file(file) {
            return Ok(internal(file.path, file.text));
        }
        let text = self.timed(&self.load_counters.parsing, || self.host.read_file(file));
        let text = text.map_err(|e| self.host_error(e))?;
        self.load_counters.read.one(text.len());
        Ok(in_file(file, Text::Held(Rc::from(text))))
    }

    /// The readers for files whose text need not stay in memory.
    pub(super) fn reader(&self) -> Option<&(Reader, Reread)> {
        let both = self.loaded_files.reader.get_or_init(|| {
            let reader = self.host.prefetch_reader()?;
            let again = reader.clone();
            let reread: Reread =
                Rc::new(move |path| (again.code)(path).filter(|(file, _)| file == path).map(|r| r.1));
            Some((reader, reread))
        });
        both.as_ref()
    }

    pub(super) fn reread(&self) -> Option<&Reread> {
        self.reader().map(|(_, reread)| reread)
    }

    /// Prefetches the files that a text in `folder` will probably import.
    pub(super) fn expect_imports(&self, folder: &[u8], imports: &Literals) {
        if !imports.is_empty()
            && let Some(prefetch) = self.start_prefetch()
        {
            prefetch.expect(folder, imports);
        }
    }

    /// Prefetches what a text in `folder` made the evaluation read in earlier runs.
    pub(super) fn expect_hints(&self, folder: &[u8], hints: &Hints) {
        if !hints.is_empty()
            && let Some(prefetch) = self.start_prefetch()
        {
            prefetch.expect_hints(folder, hints);
        }
    }

    pub(super) fn start_prefetch(&self) -> Option<&Prefetch> {
        if let started @ Some(_) = self.prefetch.get() {
            return started;
        }
        let reader = self.host.prefetch_reader()?;
        let cached = self.code_cache.as_ref().filter(|_| self.may_use_cached());
        let start =
            || Prefetch::start(reader, self.parse_options(), cached.map(|code| code.contents.clone()));
        Some(self.prefetch.get_or_init(start))
    }

    /// Ends the threads that help this evaluation: a copy of this process would wait for them in vain.
    pub fn end_threads(&self) {
        if let Some(prefetch) = self.prefetch.get() {
            prefetch.end();
        }
        self.mem.heap.end_threads();
    }

    /// Starts the threads again that [`end_threads`](Evaluator::end_threads) has ended: in a copy that has the machine for
    /// itself.
    pub fn resume_threads(&self) {
        if let Some(prefetch) = self.prefetch.get() {
            prefetch.resume();
        }
        self.mem.heap.resume_threads();
    }

    /// Lists a folder: see [`Host::read_dir`](crate::host::Host::read_dir).
    pub fn read_folder(&self, path: &[u8]) -> Result<Entries, HostError> {
        if let Some(cached) = &self.code_cache {
            cached.reads.note_folder(path);
        }
        self.load_counters.folders.add(1);
        match self.prefetch.get().and_then(|prefetch| prefetch.take_folder(path)) {
            Some(entries) => {
                self.load_counters.folders_prefetched.add(1);
                Ok(entries)
            }
            None => self.host.read_dir(path),
        }
    }
}

/// A file's text as a source.
pub(super) fn in_file(file: &Rc<[u8]>, text: Text) -> NewSource {
    let slash = file.iter().rposition(|c| *c == b'/').unwrap_or(0);
    let folder = Rc::from(&file[..slash.max(1)]);
    NewSource { origin: Origin::File(file.clone()), text, folder }
}

fn internal(name: &'static str, text: &[u8]) -> NewSource {
    NewSource {
        origin: Origin::Internal(name),
        text: Text::Held(Rc::from(text)),
        folder: Rc::from(&b"/"[..]),
    }
}
