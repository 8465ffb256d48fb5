//! The files of modules and fixtures.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::builtins;
use crate::eval::{Error, Evaluator, Res, type_name};
use crate::source::{Origin, Pos};
use crate::syntax::absolute;
use crate::value::{AttrsBuilder, Context, Value};

/// The name for standard input among the modules.
pub const STDIN: &str = "-";
/// The name of the module read from standard input.
const STDIN_FILE: &str = "«stdin»";

/// The path of a file: looks up `<name>` in the search path; other names are relative to the current
/// directory.
///
/// # Errors
/// When the search path has no such name.
pub fn find(ev: &Evaluator, name: &OsStr) -> Res<Vec<u8>> {
    ModuleFiles { ev, input: None }.find(name)
}

/// The source of modules.
pub(super) struct ModuleFiles<'a> {
    pub(super) ev: &'a Evaluator,
    /// The contents of standard input.
    pub(super) input: Option<&'a [u8]>,
}

impl ModuleFiles<'_> {
    /// The path of a file: looks up `<name>` in the search path; other names are relative to the current
    /// directory.
    pub(super) fn find(&self, name: &OsStr) -> Res<Vec<u8>> {
        match name.as_bytes() {
            b"-" => Ok(STDIN_FILE.as_bytes().to_vec()),
            [b'<', name @ .., b'>'] => builtins::find_file(self.ev, name),
            name => Ok(absolute(name, &self.ev.settings.base_dir)),
        }
    }

    /// A module, by the name and path of its file.
    pub(super) fn module(&self, name: &OsStr, path: &[u8]) -> Res<Value> {
        match self.input {
            Some(text) if name == STDIN => {
                let module = self.ev.delay_text(Origin::Stdin, text, &self.ev.settings.base_dir)?;
                self.located(path, "imports", self.ev.mem.list(&[module])?)
            }
            _ => Ok(self.ev.mem.path(path)?),
        }
    }

    /// A fixture as a module: JSON is plain configuration.
    pub(super) fn fixture(&self, name: &OsStr, path: &[u8]) -> Res<Value> {
        let ev = self.ev;
        let json = match self.input {
            Some(text) if name == STDIN => match builtins::from_json(ev, text) {
                Ok(data) => Ok(data),
                Err(_) => return self.module(name, path),
            },
            _ if path.ends_with(b".json") => {
                let text = ev.host.read_file(path).map_err(|e| ev.host_error(e))?;
                builtins::from_json(ev, &text)
            }
            _ => return Ok(ev.mem.path(path)?),
        };
        let file = String::from_utf8_lossy(path);
        let data = json.map_err(|e| e.trace(Pos::NONE, format!("while reading the fixture '{file}'")))?;
        if !data.is_attrs() {
            let kind = type_name(ev, data);
            let message =
                format!("the fixture '{file}' holds {kind} instead of an object with option values");
            return Err(Error::type_error(message));
        }
        self.located(path, "config", data)
    }

    /// A module with a `_file`.
    fn located(&self, file: &[u8], name: &str, value: Value) -> Res<Value> {
        let ev = self.ev;
        let mut module = AttrsBuilder::new();
        module.push(ev.intern("_file")?, ev.mem.string(file, Context::EMPTY)?);
        module.push(ev.intern(name)?, value);
        Ok(ev.mem.attrs(module)?)
    }
}

/// The folder of NixOS' modules that contains a module.
pub fn tree_modules(module: &[u8]) -> Option<&[u8]> {
    const FOLDER: &[u8] = b"/nixos/modules/";
    memchr::memmem::find(module, FOLDER).map(|at| &module[..at + FOLDER.len() - 1])
}
