//! Evaluation: forcing suspensions, calling functions, operators, and the errors that come of it.

mod ahead;
mod call;
mod coerce;
mod compare;
mod error;
mod expr;
mod failures;
mod files;
mod force;
mod frames;
mod kept;
mod native;
mod open;
mod plain;
mod print;
mod profile;
mod render;
mod select;
mod sets;
mod stats;
mod store;
mod strings;
mod suspended;
mod watch;

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

pub use coerce::Coerce;
pub use error::{Error, ErrorData, ErrorKind, Res, Trace, best_matches};
pub use files::InternalFile;
pub use kept::{NewCode, code_version, kept_files};
pub use native::{Builtin, BuiltinFn, Counterparts, Formals, Lazy, LazyFn};
pub use open::OPEN;
pub use plain::{BLANKS, indent, plain};
pub use print::{PrintOptions, ambiguous, print_value, type_name};
pub use render::{render, render_warning};
pub use stats::Spent;
pub use store::Filter;
pub use suspended::{Object, Row, Suspended, exactly};
pub(crate) use suspended::{number, object, row, suspended};
pub use watch::Watching;

pub use crate::heap::stack_for_evaluation;
use crate::heap::{CodeRef, Heap, HeapFull, Ref, Sym};
use crate::host::{CodeFiles, Host, Objects, WithObjects, shown};
use crate::ir::Globals;
use crate::source::{Pos, Sources};
use crate::value::{Memory, Value, put};

/// What the user may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Calls that may be inside each other (`max-call-depth`).
    pub max_call_depth: usize,
    /// Record calls in error traces (`--show-trace`).
    pub show_trace: bool,
    /// What Nix would only find if it had written derivations to its store is reported as missing in its words.
    pub read_only: bool,
    /// `|>` and `<|` are on.
    pub pipe_operators: bool,
    /// Literals that are found fault with.
    pub lints: crate::syntax::Lints,
    /// `builtins.fromTOML` takes dates.
    pub toml_timestamps: bool,
    /// Experimental features of the store's formats.
    pub store_features: crate::store::Features,
    /// No access to the environment, mutable paths and the clock.
    pub pure: bool,
    /// Access only to what the search path leads to.
    pub restrict: bool,
    /// Beginnings of URLs that may be fetched in spite of that.
    pub allowed_uris: Vec<String>,
    /// `builtins.currentSystem`.
    pub system: String,
    /// The store's directory.
    pub store_dir: String,
    /// The store is Nix's dummy, which looks at no names and is empty.
    pub dummy_store: bool,
    /// `trace` prints multi-line values, `traceVerbose` prints at all.
    pub trace_verbose: bool,
    /// `builtins.warn` ends the evaluation.
    pub abort_on_warn: bool,
    /// Paths that are outputs of derivations may be read.
    pub allow_import_from_derivation: bool,
    /// Say so when one is.
    pub trace_import_from_derivation: bool,
    /// Local copies of what would be fetched: URLs, and the paths of the copies.
    pub fetched: Vec<(String, Vec<u8>)>,
    /// The search path: prefix (possibly empty) and path.
    pub nix_path: Vec<(String, String)>,
    /// The directory that relative paths in search paths are relative to.
    pub base_dir: Vec<u8>,
    /// Say so whenever a call begins and ends.
    pub trace_function_calls: bool,
    /// Say which files are evaluated.
    pub say_files: bool,
    /// A profile is made (`eval-profiler`).
    pub profile: bool,
    /// Where the profile goes.
    pub profile_file: Vec<u8>,
    /// How often per second the stack of calls is taken for it; 0 for each call.
    pub profile_frequency: u32,
    /// Bytes of the heap from which on unneeded values are given back; `None` for never.
    pub collect_from: Option<usize>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            max_call_depth: 10_000,
            show_trace: false,
            read_only: false,
            pipe_operators: false,
            lints: crate::syntax::Lints::default(),
            toml_timestamps: false,
            store_features: crate::store::Features::default(),
            pure: false,
            restrict: false,
            allowed_uris: Vec::new(),
            system: "x86_64-linux".to_owned(),
            store_dir: "/nix/store".to_owned(),
            dummy_store: false,
            trace_verbose: false,
            abort_on_warn: false,
            allow_import_from_derivation: true,
            trace_import_from_derivation: false,
            fetched: Vec::new(),
            nix_path: Vec::new(),
            base_dir: b"/".to_vec(),
            trace_function_calls: false,
            say_files: false,
            profile: false,
            profile_file: b"nix.profile".to_vec(),
            profile_frequency: 99,
            collect_from: Some(crate::heap::COLLECT_FROM),
        }
    }
}

/// Is told of each derivation: its path, and what is in its file.
pub type DerivationSink = Box<dyn Fn(&str, &[u8]) -> Res<()>>;

/// One evaluation: its memory, what has been loaded, and what it may do.
pub struct Evaluator {
    /// Heap, shapes, contexts.
    pub mem: Memory,
    /// Source texts read so far.
    pub sources: Sources,
    /// Everything outside the process.
    pub host: Box<dyn Host>,
    /// The store objects that the evaluation has made, which `host` shows.
    pub objects: Rc<Objects>,
    /// What the user set.
    pub settings: Settings,
    /// Is told of each derivation: its path, and what is in its file.
    pub derivation_sink: Option<DerivationSink>,
    globals: Globals,
    /// Slots of the global values, by the numbers in `globals`.
    globals_at: Ref,
    natives: native::Registry,
    open: open::OpenSets,
    files: files::Files,
    kept: Option<kept::Kept>,
    ahead: OnceCell<ahead::Ahead>,
    store_dir: OnceCell<crate::store::StoreDir>,
    loading: stats::Loading,
    depth: Cell<usize>,
    /// Calls at this depth or deeper are looked at: all of them while somebody watches, else those that are too deep.
    unwatched_calls: usize,
    watch: Option<Box<watch::Watch>>,
    /// Calls and lookups are counted.
    counting: bool,
    /// The stack of calls is followed.
    following: bool,
    stack_end: usize,
    derivations: compare::Derivations,
    extensions: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    failures: failures::Failures,
    asked_at: Cell<Pos>,
    /// The names of functions that are attributes with computed names, by their code.
    computed_names: RefCell<HashMap<CodeRef, Sym>>,
}

impl Evaluator {
    /// An evaluator whose code sees `globals`. Must be made on the thread that will evaluate, whose stack must have
    /// [`stack_for_evaluation`] bytes and some reserve below this call.
    ///
    /// # Errors
    /// [`HeapFull`] when no address space can be reserved.
    pub fn new(host: Box<dyn Host>, settings: Settings) -> Result<Evaluator, HeapFull> {
        Evaluator::with_memory(host, settings, Memory::new()?, None)
    }

    /// Like [`new`](Self::new), with the code that earlier runs have lowered, if there is some: see
    /// [`new_code`](Self::new_code). Damaged files are not used, nor is anything kept then.
    ///
    /// # Errors
    /// [`HeapFull`] when no address space can be reserved.
    pub fn keeping(
        host: Box<dyn Host>,
        settings: Settings,
        files: Option<&CodeFiles>,
    ) -> Result<Evaluator, HeapFull> {
        let version = code_version(&settings, &*host);
        let (heap, kept) = match files.map(|files| kept::Kept::open(files, version)) {
            Some(Some(opened)) => opened,
            nothing => {
                let heap = Heap::new()?;
                let damaged = nothing.is_some();
                let kept = kept::Kept::new(&heap, version, damaged);
                (heap, kept)
            }
        };
        Evaluator::with_memory(host, settings, Memory::with_heap(heap), Some(kept))
    }

    fn with_memory(
        host: Box<dyn Host>,
        settings: Settings,
        mem: Memory,
        kept: Option<kept::Kept>,
    ) -> Result<Evaluator, HeapFull> {
        let sources = Sources::default();
        if let Some(kept) = &kept {
            sources.reserve(kept.next_pos());
        }
        let globals_at = mem.heap.alloc(MAX_GLOBALS)?;
        let objects = Rc::new(Objects::new(&settings.store_dir));
        let check_name = if settings.dummy_store { |_: &[u8]| Ok(()) } else { check_store_name };
        let host = Box::new(WithObjects::new(host, objects.clone(), check_name));
        let here = 0u8;
        let derivations = compare::Derivations::new();
        let known = derivations.clone();
        mem.heap.before_reuse(Box::new(move || known.forget()));
        mem.heap.collect_from(settings.collect_from);
        let unwatched_calls = settings.max_call_depth.saturating_add(1);
        Ok(Evaluator {
            mem,
            sources,
            host,
            objects,
            settings,
            derivation_sink: None,
            globals: Globals::new(),
            globals_at,
            natives: native::Registry::new(),
            open: open::OpenSets::default(),
            files: files::Files::default(),
            kept,
            ahead: OnceCell::new(),
            store_dir: OnceCell::new(),
            loading: stats::Loading::default(),
            depth: Cell::new(0),
            unwatched_calls,
            watch: None,
            counting: false,
            following: false,
            stack_end: (&raw const here as usize).saturating_sub(stack_for_evaluation()),
            derivations,
            extensions: RefCell::default(),
            failures: failures::Failures::default(),
            asked_at: Cell::new(Pos::NONE),
            computed_names: RefCell::default(),
        })
    }

    /// Defines a name that is in scope everywhere.
    ///
    /// # Errors
    /// [`HeapFull`] when the table is full.
    pub fn define_global(&mut self, name: &str, value: Value) -> Result<(), HeapFull> {
        let sym = self.intern(name)?;
        let next = self.globals.len() as u32;
        let index = *self.globals.entry(sym).or_insert(next);
        if index as usize >= MAX_GLOBALS {
            return Err(HeapFull);
        }
        put(self.mem.heap.slot(self.globals_at + index), value);
        Ok(())
    }

    /// What a name stands for that is in scope everywhere, if there is such a name.
    ///
    /// # Errors
    /// Whatever its evaluation gives.
    pub fn named_global(&self, name: &str) -> Res<Option<Value>> {
        match self.globals.get(&self.intern(name)?) {
            Some(index) => self.force(self.mem.heap.slot(self.globals_at + *index)).map(Some),
            None => Ok(None),
        }
    }

    /// The symbol for a name.
    ///
    /// # Errors
    /// [`HeapFull`] when there is no room for it.
    pub fn intern(&self, name: &str) -> Result<Sym, HeapFull> {
        self.mem.heap.intern(name.as_bytes())
    }

    /// The text of a symbol.
    pub fn name(&self, sym: Sym) -> String {
        shown(self.mem.heap.name(sym)).into_owned()
    }

    /// The text of a symbol as messages show names: in quotes unless it is an identifier.
    pub fn quoted(&self, sym: Sym) -> String {
        shown(&crate::syntax::show_name(self.mem.heap.name(sym))).into_owned()
    }

    /// State that built-ins keep for the length of an evaluation (caches), made on first use.
    pub fn extension<T: Default + 'static>(&self) -> Rc<T> {
        let mut all = self.extensions.borrow_mut();
        let any = all.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(T::default())).clone();
        drop(all);
        any.downcast().unwrap_or_else(|_| Rc::new(T::default()))
    }

    /// Counts a level of recursion as a call, as long as the result lives.
    ///
    /// # Errors
    /// When there are too many; reported at `pos`.
    pub fn enter(&self, pos: Pos) -> Res<impl Drop> {
        self.deeper().map_err(|e| e.at(pos))
    }

    /// Counts a call; too many inside each other are an error.
    #[inline]
    fn deeper(&self) -> Res<Depth<'_>> {
        let depth = self.depth.get();
        let here = 0u8;
        if depth > self.settings.max_call_depth || (&raw const here as usize) < self.stack_end {
            return Err(self.too_deep(depth));
        }
        self.depth.set(depth + 1);
        Ok(Depth(&self.depth))
    }

    /// For what Nix counts as a call, without anything inside it that could count.
    #[inline]
    fn check_depth(&self, pos: Pos) -> Res<()> {
        match self.depth.get() {
            depth if depth > self.settings.max_call_depth => Err(self.too_deep(depth).at(pos)),
            _ => Ok(()),
        }
    }

    #[cold]
    fn too_deep(&self, depth: usize) -> Error {
        let message = match depth > self.settings.max_call_depth {
            true => "stack overflow; max-call-depth exceeded",
            false => "stack overflow (possible infinite recursion)",
        };
        Error::new(ErrorKind::StackOverflow, message)
    }

    /// For recursion that Nix does not count as calls.
    #[inline]
    fn check_stack(&self) -> Res<()> {
        let here = 0u8;
        if (&raw const here as usize) < self.stack_end {
            return Err(self.too_deep(0));
        }
        Ok(())
    }
}

/// Nix's error for a path below the store directory that can be no store path.
fn check_store_name(base_name: &[u8]) -> Result<(), String> {
    crate::store::store_path::check_base_name(base_name).map_err(|e| shown(e.message()).into_owned())
}

/// Names that can be global.
const MAX_GLOBALS: usize = 512;

/// Counts one call while it lives.
struct Depth<'a>(&'a Cell<usize>);

impl Drop for Depth<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
