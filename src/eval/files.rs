//! Files and texts of code: parsed and evaluated once.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use super::ahead::{Ahead, Facts, Parsed, Read};
use super::{Error, ErrorKind, Evaluator, Res};
use crate::heap::{CodeRef, Sym};
use crate::host::{Entries, FileType, HostError, Reader, bytes_of, shown};
use crate::ir::hints::{Hints, Literals};
use crate::ir::pack::{Key, key};
use crate::ir::{Lowered, lower};
use crate::source::{NewSource, Origin, Pos, Reread, Source, Text};
use crate::syntax::ast::{Ast, PathBase};
use crate::syntax::{
    Lints, ParseError, ParseOptions, absolute, likely_imports, normalise_literal, parse, resolve,
};
use crate::value::{Tag, Value, peek, put};

/// Links that importing a path follows, as in Nix.
const MAX_LINKS: usize = 1024;

/// What has been loaded.
#[derive(Default)]
pub(super) struct Files {
    /// Paths as imported, and the files they lead to.
    pub(super) resolved: RefCell<HashMap<PathBytes, PathBytes>>,
    /// Files, and references to the slots of their values.
    values: RefCell<HashMap<PathBytes, Value>>,
    /// Path literals that are not absolute, by their code, and the paths they stand for.
    literals: RefCell<HashMap<CodeRef, Value>>,
    /// Files that are part of the evaluator, by the text of their paths.
    internal: HashMap<&'static [u8], InternalFile>,
    /// Folders whose files are copied to the store, and where they really are.
    pub(super) real_folders: RefCell<HashMap<PathBytes, PathBytes>>,
    /// How files are read that need not be held in memory, and read again.
    reader: OnceCell<Option<(Reader, Reread)>>,
}

/// A file that is part of the evaluator, as one of other contents is of Nix.
pub struct InternalFile {
    /// Its path, which no real file has.
    pub path: &'static str,
    /// Its contents.
    pub text: &'static [u8],
    /// Its name where Nix has it, in a root of its own.
    pub name: &'static str,
    /// The hash of Nix's file, which its store path depends on.
    pub nar_hash: [u8; 32],
}

type PathBytes = Rc<[u8]>;

impl Evaluator {
    /// A failed look at the outside as an error of the evaluation.
    pub fn host_error(&self, e: HostError) -> Error {
        let kind = match e {
            HostError::Forbidden(_) => ErrorKind::Restricted,
            _ => ErrorKind::System,
        };
        Error::new(kind, e.to_string())
    }

    pub(super) fn parse_options(&self) -> ParseOptions {
        let home = !self.settings.pure && self.host.home().is_some();
        ParseOptions { home, pipes: self.settings.pipe_operators, lints: self.settings.lints }
    }

    /// Parses a text whose relative paths are relative to `base`.
    ///
    /// # Errors
    /// When it is no expression.
    pub fn parse_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<(Rc<Source>, Ast)> {
        let new = NewSource { origin, text: Text::Held(Rc::from(text)), folder: Rc::from(base) };
        self.parse_source(self.sources.add(new)?)
    }

    fn parse_source(&self, source: Rc<Source>) -> Res<(Rc<Source>, Ast)> {
        let text = source.text().ok_or_else(|| changed(&source))?;
        let options = self.parse_options();
        let parsed = self.timed(&self.loading.parsing, || parse(&text, &source.origin_name(), options));
        let ast = self.checked(&source, parsed)?;
        Ok((source, ast))
    }

    /// What came of parsing a text, with its warnings printed and its errors as such.
    fn checked(&self, source: &Source, parsed: Result<Ast, ParseError>) -> Res<Ast> {
        let warnings = match &parsed {
            Ok(ast) => &ast.warnings,
            Err(e) => &e.warnings,
        };
        for warning in warnings {
            let pos = source.absolute(warning.pos);
            let text = super::render_warning(&self.sources, &warning.message, pos, warning.lines);
            self.host.message(&bytes_of(&text));
        }
        let ast = parsed.map_err(|e| syntax_error(source, e))?;
        self.loading.parsed.add(1);
        self.loading.exprs.add(ast.exprs().len());
        Ok(ast)
    }

    /// Evaluates a text whose relative paths are relative to `base`.
    ///
    /// # Errors
    /// When it is no expression, or evaluating it fails.
    pub fn eval_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<Value> {
        let (source, ast) = self.parse_text(origin, text, base)?;
        self.eval_ast(&source, &ast)
    }

    /// Evaluates a parsed text.
    ///
    /// # Errors
    /// Undefined variables, or whatever the evaluation gives.
    pub fn eval_ast(&self, source: &Source, ast: &Ast) -> Res<Value> {
        let (lowered, _) = self.lower(source, ast, &[])?;
        self.eval_lowered(lowered)
    }

    fn lower(&self, source: &Source, ast: &Ast, scope: &[Sym]) -> Res<(Lowered, Vec<Sym>)> {
        let lowered =
            self.timed(&self.loading.lowering, || lower(&self.mem.heap, source, ast, &self.globals, scope));
        lowered.map_err(|e| syntax_error(source, e))
    }

    fn eval_lowered(&self, lowered: Lowered) -> Res<Value> {
        let frame = self.frame(0, lowered.frame)?;
        self.eval(lowered.code, frame)
    }

    /// A suspended evaluation of a text.
    ///
    /// # Errors
    /// When it is no expression, or names an undefined variable.
    pub fn delay_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<Value> {
        let (source, ast) = self.parse_text(origin, text, base)?;
        self.delay_ast(&source, &ast)
    }

    /// A suspended evaluation of a parsed text.
    ///
    /// # Errors
    /// Undefined variables.
    pub fn delay_ast(&self, source: &Source, ast: &Ast) -> Res<Value> {
        let (lowered, _) = self.lower(source, ast, &[])?;
        Ok(Value::thunk(lowered.code, self.frame(0, lowered.frame)?))
    }

    /// Adds a file that is part of the evaluator, under a path that no real file has.
    pub fn define_internal_file(&mut self, file: InternalFile) {
        self.files.internal.insert(file.path.as_bytes(), file);
    }

    /// Makes importing `path` (a file, or a folder for its `default.nix`) give `value` in place of what is there; it may
    /// be a suspension.
    ///
    /// # Errors
    /// When there is no such path, or the heap is full.
    pub fn provide(&self, path: &[u8], value: Value) -> Res<()> {
        let file = self.resolve_import(path)?;
        let at = self.mem.heap.alloc(1)?;
        put(self.mem.heap.slot(at), value);
        self.files.values.borrow_mut().insert(file, Value::forward(at));
        Ok(())
    }

    /// The text of a file that is part of the evaluator.
    pub fn internal_file(&self, path: &[u8]) -> Option<&InternalFile> {
        self.files.internal.get(path)
    }

    /// The file that importing a path means: links are followed, a directory means its `default.nix`.
    ///
    /// # Errors
    /// When it does not exist.
    pub fn resolve_import(&self, path: &[u8]) -> Res<Rc<[u8]>> {
        if let Some(found) = self.files.resolved.borrow().get(path) {
            return Ok(found.clone());
        }
        if self.internal_file(path).is_some() {
            return Ok(Rc::from(path));
        }
        let mut file = path.to_vec();
        let mut kind = FileType::Unknown;
        // A link is followed, so that what the file refers to is found beside its target; links among the folders
        // above stay as they are.
        for followed in 0.. {
            if let Some(known) = self.ahead.get().and_then(|ahead| ahead.kind(&file)) {
                kind = known;
                break;
            }
            let stat = self.host.stat(&file).map_err(|e| self.host_error(e))?;
            kind = stat.kind;
            if kind != FileType::Symlink {
                break;
            }
            if followed == MAX_LINKS {
                let path = shown(path).into_owned();
                let message =
                    format!("too many symbolic links encountered while traversing the path '{path}'");
                return Err(Error::new(ErrorKind::System, message));
            }
            let folder = file.iter().rposition(|c| *c == b'/').unwrap_or(0);
            file = absolute(&stat.target, &file[..folder]);
        }
        if kind == FileType::Directory {
            file.extend_from_slice(if *file == *b"/" { b"default.nix" } else { b"/default.nix" });
        }
        let file: Rc<[u8]> = file.into();
        self.files.resolved.borrow_mut().insert(Rc::from(path), file.clone());
        Ok(file)
    }

    /// Parses a file.
    ///
    /// # Errors
    /// When it cannot be read or is no expression.
    pub fn parse_file(&self, file: &Rc<[u8]>) -> Res<(Rc<Source>, Ast)> {
        let text = self.read_code(file)?;
        self.parse_source(self.sources.add(text)?)
    }

    fn read_code(&self, file: &Rc<[u8]>) -> Res<NewSource> {
        if let Some(file) = self.internal_file(file) {
            return Ok(internal(file.path, file.text));
        }
        let text = self.timed(&self.loading.parsing, || self.host.read_file(file));
        let text = text.map_err(|e| self.host_error(e))?;
        self.loading.read.one(text.len());
        Ok(in_file(file, Text::Held(Rc::from(text))))
    }

    /// How files are read that need not be held in memory.
    fn reader(&self) -> Option<&(Reader, Reread)> {
        let both = self.files.reader.get_or_init(|| {
            let reader = self.host.ahead_reader()?;
            let again = reader.clone();
            let reread: Reread =
                Rc::new(move |path| (again.code)(path).filter(|(file, _)| file == path).map(|r| r.1));
            Some((reader, reread))
        });
        both.as_ref()
    }

    fn reread(&self) -> Option<&Reread> {
        self.reader().map(|(_, reread)| reread)
    }

    /// The value of a file; each file is evaluated once.
    ///
    /// # Errors
    /// When it cannot be read, is no expression, or evaluating it fails.
    pub fn import(&self, path: &[u8]) -> Res<Value> {
        let (file, read) = match self.read_directly(path) {
            Some((file, text)) => (file, Some(text)),
            None => (self.resolve_import(path)?, None),
        };
        let known = self.files.values.borrow().get(&file).copied();
        let at = match known {
            Some(forward) => forward.at(),
            None => {
                let at = self.mem.heap.alloc(1)?;
                self.say_file(&file);
                let lowered = match read {
                    Some(text) => {
                        let text = in_file(&file, Text::Held(Rc::from(text)));
                        self.load_text(text, Facts::default(), self.reread())?
                    }
                    None => self.load(&file)?,
                };
                put(self.mem.heap.slot(at), Value::thunk(lowered.code, self.frame(0, lowered.frame)?));
                self.files.values.borrow_mut().insert(file.clone(), Value::forward(at));
                at
            }
        };
        let slot = self.mem.heap.slot(at);
        let begins = peek(slot).tag() == Tag::Thunk;
        self.force(slot).map_err(|e| match begins {
            true => {
                let file = shown(&file);
                e.trace(Pos::NONE, format!("while evaluating the file '{file}':"))
            }
            // A file that needs itself, or that failed before and says so already.
            false => e,
        })
    }

    /// The value of a file, evaluated once more, whatever importing it [gives](Self::provide).
    ///
    /// # Errors
    /// As [`import`](Self::import).
    pub fn import_anew(&self, path: &[u8]) -> Res<Value> {
        let lowered = self.load(&self.resolve_import(path)?)?;
        self.eval_lowered(lowered)
    }

    /// Says that a file is evaluated, if that is wanted.
    pub fn say_file(&self, file: &[u8]) {
        if self.settings.say_files {
            self.host.message(&[b"evaluating file '", file, b"'"].concat());
        }
    }

    /// A file that nobody has asked for yet, in as few steps as possible; `None` where there may be more to it.
    fn read_directly(&self, path: &[u8]) -> Option<(Rc<[u8]>, Vec<u8>)> {
        let (reader, _) = self.reader()?;
        if self.files.resolved.borrow().contains_key(path)
            || self.files.internal.contains_key(path)
            || self.ahead.get().is_some_and(|ahead| !ahead.leave(path))
        {
            return None;
        }
        let (file, text) = self.timed(&self.loading.parsing, || (reader.code)(path))?;
        self.loading.read.one(text.len());
        let file: Rc<[u8]> = file.into();
        self.files.resolved.borrow_mut().insert(Rc::from(path), file.clone());
        Some((file, text))
    }

    fn load(&self, file: &Rc<[u8]>) -> Res<Lowered> {
        let ahead = self.timed(&self.loading.parsing, || self.ahead.get().and_then(|ahead| ahead.take(file)));
        let Some(Parsed { text, facts }) = ahead else {
            return self.load_text(self.read_code(file)?, Facts::default(), None);
        };
        let text = match (text, self.reread()) {
            (Read::Text(text), _) => Text::Held(Rc::from(text)),
            (Read::Lines(lines), Some(reread)) => Text::Known(lines, reread.clone()),
            (Read::Lines(_), None) => return self.load_text(self.read_code(file)?, Facts::default(), None),
        };
        self.loading.read.one(text.len());
        self.loading.ahead.add(1);
        self.load_text(in_file(file, text), facts, self.reread())
    }

    /// The code of a text: kept from an earlier run, or lowered now.
    /// `reread` gives the text again.
    fn load_text(&self, mut text: NewSource, mut facts: Facts, reread: Option<&Reread>) -> Res<Lowered> {
        let mut key = facts.key.or_else(|| self.key_of(&text));
        if self.may_use_kept()
            && let Some(key) = &key
            && let Some((lowered, hints)) =
                self.timed(&self.loading.keeping, || self.kept_code(&text, key, reread))
        {
            self.loading.kept.add(1);
            if !facts.expected {
                self.expect_hints(&text.folder, hints);
            }
            return Ok(lowered);
        }
        if let (None, Text::Known(..), Origin::File(file)) = (&facts.ast, &text.text, &text.origin) {
            // What is kept cannot be used after all.
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
        // What Nix warns of, it warns of each time.
        if let Some(key) = key
            && ast.warnings.is_empty()
        {
            let keep = || self.keep_code(&source, key, (lowered, &names), from, imports);
            self.timed(&self.loading.keeping, keep);
        }
        if let Some(reread) = reread {
            source.release(reread.clone());
        }
        Ok(lowered)
    }

    /// What the code of a text is kept under, where code is kept.
    fn key_of(&self, text: &NewSource) -> Option<Key> {
        match (&self.kept, &text.text) {
            (Some(_), Text::Held(bytes)) => Some(key(bytes)),
            _ => None,
        }
    }

    /// Code that was kept has not been looked at for lints.
    fn may_use_kept(&self) -> bool {
        self.settings.lints == Lints::default()
    }

    /// Has the files that a text in `folder` will probably import read by other threads.
    fn expect_imports(&self, folder: &[u8], imports: &Literals) {
        if !imports.is_empty()
            && let Some(ahead) = self.start_ahead()
        {
            ahead.expect(folder, imports);
        }
    }

    /// Has what a text in `folder` will probably make the evaluation read read by other threads.
    fn expect_hints(&self, folder: &[u8], hints: &Hints) {
        if !hints.is_empty()
            && let Some(ahead) = self.start_ahead()
        {
            ahead.expect_hints(folder, hints);
        }
    }

    fn start_ahead(&self) -> Option<&Ahead> {
        if let started @ Some(_) = self.ahead.get() {
            return started;
        }
        let reader = self.host.ahead_reader()?;
        let kept = self.kept.as_ref().filter(|_| self.may_use_kept());
        let start = || Ahead::start(reader, self.parse_options(), kept.map(|k| k.contents.clone()));
        Some(self.ahead.get_or_init(start))
    }

    /// What is in a folder: see [`Host::read_dir`](crate::host::Host::read_dir).
    ///
    /// # Errors
    /// When it is none or cannot be read.
    pub fn read_folder(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.note_folder(path);
        self.loading.folders.add(1);
        match self.ahead.get().and_then(|ahead| ahead.take_folder(path)) {
            Some(entries) => {
                self.loading.folders_ahead.add(1);
                Ok(entries)
            }
            None => self.host.read_dir(path),
        }
    }

    /// A suspended evaluation of a text that is part of the evaluator.
    ///
    /// # Errors
    /// When it is no expression, or names an undefined variable.
    pub fn delay_internal(&self, name: &'static str, text: &[u8]) -> Res<Value> {
        let lowered = self.load_text(internal(name, text), Facts::default(), None)?;
        Ok(Value::thunk(lowered.code, self.frame(0, lowered.frame)?))
    }

    /// `scopedImport`: evaluates a file with further names in scope.
    ///
    /// # Errors
    /// As [`import`](Self::import).
    pub fn scoped_import(&self, scope: Value, path: &[u8]) -> Res<Value> {
        self.say_file(path);
        let file = self.resolve_import(path)?;
        let (source, ast) = self.parse_file(&file)?;
        let entries = self.mem.entries(scope);
        let names: Vec<Sym> = entries.iter().map(|e| e.name).collect();
        let (lowered, _) = self.lower(&source, &ast, &names)?;
        let frame = self.frame(0, lowered.frame)?;
        for (i, entry) in entries.iter().enumerate() {
            put(self.var(frame, 0, i as u32), self.mem.share(entry.slot)?);
        }
        self.eval(lowered.code, frame)
    }

    /// What a path literal that is not absolute stands for.
    pub(super) fn literal_path(&self, base: PathBase, literal: &[u8], pos: Pos) -> Vec<u8> {
        if base == PathBase::Home {
            return [&self.host.home().unwrap_or_default(), literal].concat();
        }
        let folder = self.sources.source_of(pos).map(|s| s.folder.clone());
        let folder = folder.as_deref().unwrap_or_default();
        normalise_literal(&[folder, b"/", literal].concat())
    }

    /// Completes what [`show`](crate::syntax::show) made of code in the text at `pos`.
    pub fn show_code(&self, shown: &[u8], pos: Pos) -> Vec<u8> {
        resolve(shown, |base, literal| self.literal_path(base, literal, pos))
    }

    /// The value of a `PATH_FROM`.
    pub(super) fn path_from(&self, code: CodeRef) -> Res<Value> {
        if let Some(known) = self.files.literals.borrow().get(&code) {
            return Ok(*known);
        }
        let unit = self.mem.heap.code4(code);
        let base = if unit[0] >> 8 == 0 { PathBase::Folder } else { PathBase::Home };
        let path = self.literal_path(base, self.mem.heap.code_text(unit[1]).1, Pos(unit[2]));
        let path = self.mem.path(&path)?;
        self.files.literals.borrow_mut().insert(code, path);
        Ok(path)
    }
}

/// The error for a file that is not what it was a moment ago.
#[cold]
fn changed(source: &Source) -> Error {
    Error::new(ErrorKind::System, format!("file '{}' changed while it was read", source.origin_name()))
}

fn in_file(file: &Rc<[u8]>, text: Text) -> NewSource {
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

/// A syntax error, whose position is relative to the text, as an error of the evaluation.
fn syntax_error(source: &Source, e: ParseError) -> Error {
    Error::from(ParseError { pos: source.absolute(e.pos), ..e })
}
