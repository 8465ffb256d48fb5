//! Imports: which file a path refers to, and the value of each file. Each file is evaluated once.

use std::rc::Rc;

use super::load_code::in_file;
use super::loaded_files::InternalFile;
use super::prefetch_queue::Facts;
use super::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Sym;
use crate::host::{FileType, shown};
use crate::source::{Pos, Source, Text};
use crate::syntax::absolute;
use crate::syntax::ast::Ast;
use crate::value::{Tag, Value, peek, put};

/// The maximum number of links that importing a path follows, as in Nix.
const MAX_LINKS: usize = 1024;

impl Evaluator {
    /// Adds a file that is part of the evaluator, under a path that no real file has.
    pub fn define_internal_file(&mut self, file: InternalFile) {
        self.loaded_files.internal.insert(file.path.as_bytes(), file);
    }

    /// Makes importing `path` (a file, or a folder for its `default.nix`) return `value`, which may be a
    /// suspension, instead of the contents of the file.
    pub fn provide(&self, path: &[u8], value: Value) -> Res<()> {
        let file = self.resolve_import(path)?;
        let at = self.mem.heap.alloc(1)?;
        put(self.mem.heap.slot(at), value);
        self.loaded_files.values.borrow_mut().insert(file, Value::forward(at));
        Ok(())
    }

    /// The text of a file that is part of the evaluator.
    pub fn internal_file(&self, path: &[u8]) -> Option<&InternalFile> {
        self.loaded_files.internal.get(path)
    }

    /// The file that importing a path refers to: follows links, and takes the `default.nix` of a directory.
    pub fn resolve_import(&self, path: &[u8]) -> Res<Rc<[u8]>> {
        if let Some(found) = self.loaded_files.resolved.borrow().get(path) {
            return Ok(found.clone());
        }
        if self.internal_file(path).is_some() {
            return Ok(Rc::from(path));
        }
        let mut file = path.to_vec();
        let mut kind = FileType::Unknown;
        // Follows a link at the end, so that the file's relative paths start at its target. Links in the
        // folders above are left alone, as in Nix.
        for followed in 0.. {
            if let Some(known) = self.prefetch.get().and_then(|prefetch| prefetch.kind(&file)) {
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
        self.loaded_files.resolved.borrow_mut().insert(Rc::from(path), file.clone());
        Ok(file)
    }

    /// Parses a file.
    pub fn parse_file(&self, file: &Rc<[u8]>) -> Res<(Rc<Source>, Ast)> {
        let text = self.read_code(file)?;
        self.parse_source(self.sources.add(text)?)
    }

    /// The value of a file; each file is evaluated once.
    pub fn import(&self, path: &[u8]) -> Res<Value> {
        let (file, read) = match self.read_directly(path) {
            Some((file, text)) => (file, Some(text)),
            None => (self.resolve_import(path)?, None),
        };
        let known = self.loaded_files.values.borrow().get(&file).copied();
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
                self.loaded_files.values.borrow_mut().insert(file.clone(), Value::forward(at));
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
            // The file depends on itself, or it failed before and its error already has this line.
            false => e,
        })
    }

    /// The value of a file, evaluated again and regardless of what was [provided](Self::provide) for it.
    pub fn import_anew(&self, path: &[u8]) -> Res<Value> {
        let lowered = self.load(&self.resolve_import(path)?)?;
        self.eval_lowered(lowered)
    }

    /// `scopedImport`: evaluates a file with additional names in scope.
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

    /// Reports that a file is evaluated, if the user wants to know.
    pub fn say_file(&self, file: &[u8]) {
        if self.settings.say_files {
            self.host.message(&[b"evaluating file '", file, b"'"].concat());
        }
    }

    /// Reads a file on its first import, with as few system calls as possible; `None` if it needs the general
    /// path.
    fn read_directly(&self, path: &[u8]) -> Option<(Rc<[u8]>, Vec<u8>)> {
        let (reader, _) = self.reader()?;
        if self.loaded_files.resolved.borrow().contains_key(path)
            || self.loaded_files.internal.contains_key(path)
            || self.prefetch.get().is_some_and(|prefetch| !prefetch.leave(path))
        {
            return None;
        }
        let (file, text) = self.timed(&self.load_counters.parsing, || (reader.code)(path))?;
        self.load_counters.read.one(text.len());
        let file: Rc<[u8]> = file.into();
        self.loaded_files.resolved.borrow_mut().insert(Rc::from(path), file.clone());
        Some((file, text))
    }
}
