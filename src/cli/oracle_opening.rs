//! How a real Nix opens the configuration that nival has opened.

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::options::{Opening, STDIN, attr_path, find, nixos_folder};
use crate::syntax::quote;

/// An expression for the value with `options` and `config`; none for modules, which need more than an expression.
pub fn expression(ev: &Evaluator, opening: &Opening) -> Res<Option<String>> {
    Ok(Some(match opening {
        Opening::Modules(_) => return Ok(None),
        Opening::Nixos { nixpkgs, configuration, input } => {
            let nixos = path(&nixos_folder(ev, nixpkgs.as_ref())?);
            let module = match input {
                Some(text) if configuration == STDIN => stdin_module(text),
                _ => {
                    let file = find(ev, configuration)?;
                    match file.ends_with(b".json") {
                        true => json_module(&path(&file)),
                        false => path(&file),
                    }
                }
            };
            let system = text(ev.settings.system.as_bytes());
            format!("import {nixos} {{ configuration = {module}; system = {system}; }}")
        }
        Opening::Flake { flake, machine } => {
            if !flake.overrides.is_empty() || flake.lock_file.is_some() {
                let message = "a flake is compared as it is locked: real Nix cannot be given other inputs";
                return Err(Error::new(ErrorKind::Usage, message));
            }
            let (name, attr) = flake.place(ev, machine)?;
            selected(&format!("(builtins.getFlake {})", text(name.as_bytes())), attr.as_bytes())?
        }
        Opening::File { file, attr } => selected(&format!("(import {})", path(&find(ev, file)?)), attr)?,
        Opening::Expression { text, attr } => selected(&in_parentheses(text), attr)?,
    }))
}

/// An attribute of an expression's value. As with `-A`, functions on the way are called.
fn selected(value: &str, attr: &[u8]) -> Res<String> {
    let called = |value: &str| {
        format!("(let value = {value}; in if builtins.isFunction value then value {{ }} else value)")
    };
    let mut value = called(value);
    for name in attr_path::split(attr)? {
        value = called(&format!("{value}.{}", text(&name)));
    }
    Ok(value)
}

fn json_module(file: &str) -> String {
    format!("{{ _file = toString {file}; config = builtins.fromJSON (builtins.readFile {file}); }}")
}

fn stdin_module(text: &[u8]) -> String {
    format!("{{ _file = \"«stdin»\"; imports = [ {} ]; }}", in_parentheses(text))
}

/// An expression as an operand. It may end in a comment.
fn in_parentheses(text: &[u8]) -> String {
    format!("({}\n)", String::from_utf8_lossy(text))
}

/// A path as an expression, whatever is in it.
fn path(path: &[u8]) -> String {
    format!("(/. + {})", text(path))
}

fn text(text: &[u8]) -> String {
    String::from_utf8_lossy(&quote(text)).into_owned()
}
