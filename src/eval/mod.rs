//! The evaluator: forces thunks, calls functions, applies operators, and reports errors.

mod arithmetic;
mod assertions;
mod call;
mod code_cache;
mod code_reuse;
mod coerce;
mod depth;
mod derivation_cache;
mod equality;
mod error;
mod expr;
mod failures;
mod force;
mod formals;
mod frames;
mod functions;
mod import;
mod load_code;
mod load_counters;
mod loaded_files;
mod native;
mod observe;
mod observed;
mod open;
mod open_answers;
mod order;
mod path_literals;
mod prefetch;
mod prefetch_queue;
mod print;
mod print_forced;
mod profile;
mod read_log;
mod read_sets;
mod reads;
mod recorded_calls;
mod registry;
mod render;
mod replay;
mod second_opinion;
mod select;
mod sets;
mod settings;
mod silent;
mod stats;
mod store;
mod strings;
mod suggestions;
mod suspended;
mod terminal;
mod texts;
mod track;
mod watch;
mod watched_calls;

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

pub use code_cache::{NewCode, cached_files, code_version};
pub use coerce::Coerce;
pub use error::{Error, ErrorKind, Res};
pub use loaded_files::InternalFile;
pub use native::Counterparts;
pub use observed::ObservedModules;
pub use open::OPEN;
pub use print::{PrintOptions, ambiguous, print_value, type_name};
pub use print_forced::print_forced;
pub use reads::{ReadOption, ReadSet};
pub use render::{render, render_warning};
pub use settings::Settings;
pub use stats::Spent;
pub use suggestions::best_matches;
pub use suspended::{Object, Row, Suspended, exactly};
pub(crate) use suspended::{number, object, row, suspended};
pub use terminal::{BLANKS, for_terminal, indent};
pub use track::COMPUTED;
pub use watch::Watching;

use code_cache::CachedCode;
use derivation_cache::Derivations;
use failures::Failures;
use load_counters::LoadCounters;
use loaded_files::LoadedFiles;
use observed::Observed;
use open_answers::OpenAnswers;
use prefetch::Prefetch;
use reads::Reads;
use recorded_calls::Replay;
use registry::Registry;
use watch::Watch;

pub use crate::heap::stack_for_evaluation;
use crate::heap::{CodeRef, Heap, HeapFull, Ref, Slot, Sym};
use crate::host::{CodeFiles, Host, HostError, Objects, WithObjects, shown};
use crate::ir::Globals;
use crate::source::{Pos, Sources};
use crate::value::{Memory, Value, put};

/// The code of a built-in function. It receives exactly as many arguments as the function takes, unforced,
/// and the position of the call.
pub type BuiltinFn = fn(&Evaluator, &[Slot], Pos) -> Res<Value>;

/// A built-in function.
pub struct Builtin {
    /// Its name in messages, without `__`.
    pub name: &'static str,
    /// The names of its arguments, one for each.
    pub args: &'static [&'static str],
    /// What it does, for users.
    pub doc: &'static str,
    /// Its code.
    pub run: BuiltinFn,
    /// Whether errors inside it get the line `while calling the '…' builtin`.
    pub traced: bool,
    /// Whether it belongs to the native library. Such functions look like functions written in Nix.
    pub library: bool,
    /// The set patterns of its arguments, as `functionArgs` shows them.
    pub formals: &'static [Formals],
}

/// The pattern `{ a, b ? …, ... }:` of an argument of a native function.
#[derive(Debug, Clone, Copy)]
pub struct Formals {
    /// Which argument, from zero.
    pub arg: usize,
    /// The names, and whether each has a default.
    pub names: &'static [(&'static str, bool)],
    /// Whether other names are allowed.
    pub ellipsis: bool,
}

/// The code of a native suspension. It receives the captured values and the index of the element.
pub type LazyFn = fn(&Evaluator, &[Slot], usize) -> Res<Value>;

/// A kind of native suspension. One object can back many slots, each with its own index: `map` over a list of
/// a million elements allocates one object.
pub struct Lazy {
    /// Its code.
    pub run: LazyFn,
}

/// Receives each derivation: its path and the contents of its file.
pub type DerivationSink = Box<dyn Fn(&str, &[u8]) -> Res<()>>;

/// One evaluation: its memory, what it has loaded, and what it is allowed to do.
pub struct Evaluator {
    /// Heap, shapes, contexts.
    pub mem: Memory,
    /// Source texts read so far.
    pub sources: Sources,
    /// Everything outside the process.
    pub host: Box<dyn Host>,
    /// The store objects that this evaluation has made. `host` shows them.
    pub objects: Rc<Objects>,
    /// What the user set.
    pub settings: Settings,
    /// Receives each derivation.
    pub derivation_sink: Option<DerivationSink>,
    globals: Globals,
    /// Slots of the global values, by the numbers in `globals`.
    globals_at: Ref,
    builtins: Registry<Builtin>,
    lazies: Registry<Lazy>,
    open: OpenAnswers,
    loaded_files: LoadedFiles,
    code_cache: Option<CachedCode>,
    prefetch: OnceCell<Prefetch>,
    store_dir: OnceCell<crate::store::StoreDir>,
    load_counters: LoadCounters,
    depth: Cell<usize>,
    /// Calls at this depth or deeper take the slow path: all calls while they are watched, otherwise those
    /// that are too deep.
    unwatched_calls: usize,
    watch: Option<Box<Watch>>,
    observed: OnceCell<Box<Observed>>,
    reads: OnceCell<Box<Reads>>,
    replay: OnceCell<Box<Replay>>,
    /// Traces and warnings are not shown.
    silent: Cell<bool>,
    /// Calls and lookups are counted.
    counting: bool,
    /// The stack of calls is followed.
    following: bool,
    stack_end: usize,
    derivations: Derivations,
    extensions: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    failures: Failures,
    asked_at: Cell<Pos>,
    /// The names of functions that are attributes with computed names, by their code.
    computed_names: RefCell<HashMap<CodeRef, Sym>>,
}

impl Evaluator {
    /// Makes an evaluator whose code sees `globals`. Call it on the thread that evaluates; that thread needs
    /// a stack of [`stack_for_evaluation`] bytes below this call, and some reserve.
    pub fn new(host: Box<dyn Host>, settings: Settings) -> Result<Box<Evaluator>, HeapFull> {
        Evaluator::with_memory(host, settings, Memory::new()?, None)
    }

    /// Like [`new`](Self::new), but with the code that earlier runs have lowered, if there is any: see
    /// [`new_code`](Self::new_code). If its files are damaged, they are ignored and nothing is cached.
    pub fn with_cached_code(
        host: Box<dyn Host>,
        settings: Settings,
        files: Option<&CodeFiles>,
    ) -> Result<Box<Evaluator>, HeapFull> {
        let version = code_version(&settings, &*host);
        let (heap, cached) = match files.map(|files| CachedCode::open(files, version)) {
            Some(Some(opened)) => opened,
            nothing => {
                let heap = Heap::new()?;
                let damaged = nothing.is_some();
                let cached = CachedCode::new(&heap, version, damaged);
                (heap, cached)
            }
        };
        Evaluator::with_memory(host, settings, Memory::with_heap(heap), Some(cached))
    }

    fn with_memory(
        host: Box<dyn Host>,
        settings: Settings,
        mem: Memory,
        code_cache: Option<CachedCode>,
    ) -> Result<Box<Evaluator>, HeapFull> {
        let sources = Sources::default();
        if let Some(cached) = &code_cache {
            sources.reserve(cached.next_pos());
        }
        let globals_at = mem.heap.alloc(MAX_GLOBALS)?;
        let objects = Rc::new(Objects::new(&settings.store_dir));
        let check_name = if settings.dummy_store { |_: &[u8]| Ok(()) } else { check_store_name };
        let host = Box::new(WithObjects::new(host, objects.clone(), check_name));
        let here = 0u8;
        let derivations = Derivations::new();
        let known = derivations.clone();
        mem.heap.before_reuse(Box::new(move || known.forget()));
        mem.heap.collect_from(settings.collect_from);
        let unwatched_calls = settings.max_call_depth.saturating_add(1);
        // In a box: half of any word on the stack may be a reference, and the seeds of hash tables would keep garbage alive.
        Ok(Box::new(Evaluator {
            mem,
            sources,
            host,
            objects,
            settings,
            derivation_sink: None,
            globals: Globals::new(),
            globals_at,
            builtins: Registry::new(),
            lazies: Registry::new(),
            open: OpenAnswers::default(),
            loaded_files: LoadedFiles::default(),
            code_cache,
            prefetch: OnceCell::new(),
            store_dir: OnceCell::new(),
            load_counters: LoadCounters::default(),
            depth: Cell::new(0),
            unwatched_calls,
            watch: None,
            observed: OnceCell::new(),
            reads: OnceCell::new(),
            replay: OnceCell::new(),
            silent: Cell::new(false),
            counting: false,
            following: false,
            stack_end: (&raw const here as usize).saturating_sub(stack_for_evaluation()),
            derivations,
            extensions: RefCell::default(),
            failures: Failures::default(),
            asked_at: Cell::new(Pos::NONE),
            computed_names: RefCell::default(),
        }))
    }

    /// Defines a name that is in scope everywhere.
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

    /// The value of a name that is in scope everywhere, if the name is defined.
    pub fn named_global(&self, name: &str) -> Res<Option<Value>> {
        match self.globals.get(&self.intern(name)?) {
            Some(index) => self.force(self.mem.heap.slot(self.globals_at + *index)).map(Some),
            None => Ok(None),
        }
    }

    /// The symbol for a name.
    pub fn intern(&self, name: &str) -> Result<Sym, HeapFull> {
        self.mem.heap.intern(name.as_bytes())
    }

    /// The host below the access policy: for what is fetched, not for what the evaluation reads.
    pub fn unguarded_host(&self) -> &dyn Host {
        self.host.unguarded().unwrap_or(&*self.host)
    }

    /// A failed access to the outside world as an evaluation error.
    pub fn host_error(&self, e: HostError) -> Error {
        let kind = match e {
            HostError::Forbidden(_) => ErrorKind::Restricted,
            _ => ErrorKind::System,
        };
        Error::new(kind, e.to_string())
    }

    /// The text of a symbol.
    pub fn name(&self, sym: Sym) -> String {
        shown(self.mem.heap.name(sym)).into_owned()
    }

    /// The text of a symbol as messages show names: in quotes unless it is an identifier.
    pub fn quoted(&self, sym: Sym) -> String {
        shown(&crate::syntax::show_name(self.mem.heap.name(sym))).into_owned()
    }

    /// State that built-ins keep for the whole evaluation (caches), created on first use.
    pub fn extension<T: Default + 'static>(&self) -> Rc<T> {
        let mut all = self.extensions.borrow_mut();
        let any = all.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(T::default())).clone();
        drop(all);
        any.downcast().unwrap_or_else(|_| Rc::new(T::default()))
    }
}

/// Nix's error for a path below the store directory that cannot be a store path.
fn check_store_name(base_name: &[u8]) -> Result<(), String> {
    crate::store::store_path::check_base_name(base_name).map_err(|e| shown(e.message()).into_owned())
}

/// The maximum number of globals.
const MAX_GLOBALS: usize = 512;
