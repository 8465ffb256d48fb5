//! `flake.nix`, read as Nix reads it before it evaluates the outputs.

use super::input::{FlakeInput, Inputs, Reader};
use super::reading::reading;
use super::trivial::{File, Written};
use crate::eval::{Error, Evaluator, Res};
use crate::host::shown;
use crate::store::inputs::{Attrs, FlakeRef};
use crate::syntax::ast::{Expr, Id};

/// What a `flake.nix` says besides its outputs.
#[derive(Debug, Clone)]
pub struct FlakeFile {
    /// The folder that it is in.
    pub folder: Vec<u8>,
    /// The inputs.
    pub inputs: Inputs,
    /// How the flake itself wants to be fetched (`inputs.self`).
    pub own: Attrs,
}

/// Reads the `flake.nix` in a folder. `above` is the path of inputs to the flake, and `name` how messages name it.
///
/// # Errors
/// When there is none, or it is not as a flake has to be.
pub fn read(ev: &Evaluator, folder: &[u8], name: &str, above: &[String]) -> Res<FlakeFile> {
    let path = [folder, b"/flake.nix"].concat();
    let file = ev.resolve_import(&path)?;
    let (source, ast) = ev.parse_file(&file)?;
    let Expr::Attrs(set) = ast.get(ast.root) else {
        let message = format!("file '{}' must be an attribute set", ev.sources.show(&path));
        let path = ev.sources.show(&path);
        let doing = format!("while evaluating the file '{path}':");
        return Err(Error::eval(message).trace(Default::default(), doing));
    };
    let reader = Reader { ev, file: File { source: &source, ast: &ast }, folder, above };
    let find = |name: &[u8]| set.attrs.iter().find(|def| ast.names.get(def.name) == name);
    if let Some(def) = find(b"description") {
        match reader.file.written(def.value) {
            Written::Text(_) => {}
            other => {
                return Err(reader.unexpected("a string", other.type_name(), reader.file.pos(def.pos)));
            }
        }
    }
    let (mut inputs, own) = match find(b"inputs") {
        Some(def) => reader.inputs(def.value, reader.file.pos(def.pos), true)?,
        None => (Inputs::new(), Attrs::default()),
    };
    let Some(outputs) = find(b"outputs") else {
        return Err(Error::eval(format!("flake '{name}' lacks attribute 'outputs'")));
    };
    match reader.file.written(outputs.value) {
        Written::Function(None) => {}
        Written::Function(Some(formals)) => {
            for formal in &formals.list {
                let name = shown(ast.names.get(formal.name)).into_owned();
                if name != "self" && !inputs.contains_key(&name) {
                    let reference = reading(ev, true, |how| FlakeRef::parse(name.as_bytes(), how))?;
                    inputs.insert(name, FlakeInput::of(reference));
                }
            }
        }
        other => {
            let pos = reader.file.pos(outputs.pos);
            return Err(reader.unexpected("a function", other.type_name(), pos));
        }
    }
    if let Some(def) = find(b"nixConfig") {
        settings(&reader, def.value, reader.file.pos(def.pos))?;
    }
    for def in &set.attrs {
        let attribute = ast.names.get(def.name);
        if !matches!(attribute, b"description" | b"inputs" | b"outputs" | b"nixConfig") {
            return Err(Error::eval(format!(
                "flake '{name}' has an unsupported attribute '{}', at {}",
                shown(attribute),
                ev.shown_place(reader.file.pos(def.pos))
            )));
        }
    }
    Ok(FlakeFile { folder: folder.to_vec(), inputs, own })
}

/// Checks the settings of Nix that a flake wants. None of them is applied.
fn settings(reader: &Reader<'_>, value: Id, pos: crate::source::Pos) -> Res<()> {
    let bindings = match reader.file.written(value) {
        Written::Set(bindings) => bindings,
        other => return Err(reader.unexpected("a set", other.type_name(), pos)),
    };
    for def in &bindings.attrs {
        let name = shown(reader.file.ast.names.get(def.name)).into_owned();
        match reader.file.written(def.value) {
            Written::Text(_) | Written::Path(..) | Written::Int(_) | Written::Bool(_) => {}
            Written::List(items) => {
                let is_text = |item: &Id| matches!(reader.file.written(*item), Written::Text(_));
                if !items.iter().all(is_text) {
                    return Err(Error::type_error(format!(
                        "list element in flake configuration setting '{name}' is a list while a string is expected"
                    )));
                }
            }
            other => {
                let kind = other.type_name();
                return Err(Error::type_error(format!("flake configuration setting '{name}' is {kind}")));
            }
        }
    }
    Ok(())
}
