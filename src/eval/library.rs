//! Where a tree defines the functions that the native library has in their place: messages name that place.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::Evaluator;
use crate::host::shown;
use crate::source;
use crate::syntax::ast::{Ast, Bindings, Expr, Id, Lambda};
use crate::syntax::parse;

/// The places of a function's arguments: `path:line:column` for each of `a: b: …`.
type Places = Rc<[String]>;

/// The folders whose files the native library stands for, and the functions in them once somebody has asked.
#[derive(Default)]
pub(super) struct Library {
    folders: RefCell<Vec<Vec<u8>>>,
    /// By name. Nothing if several functions have it.
    functions: RefCell<Option<HashMap<Vec<u8>, Option<Places>>>>,
}

impl Library {
    /// Adds the folder of a file that the native library stands for.
    pub(super) fn add(&self, file: &[u8]) {
        let slash = file.iter().rposition(|c| *c == b'/').unwrap_or(0);
        self.folders.borrow_mut().push(file[..slash].to_vec());
        *self.functions.borrow_mut() = None;
    }
}

impl Evaluator {
    /// Where the function of this name takes the argument behind `held` others, if a tree has one such function.
    #[cold]
    pub(super) fn library_place(&self, name: &str, held: usize) -> Option<String> {
        let library = self.files.library();
        if library.folders.borrow().is_empty() {
            return None;
        }
        let mut known = library.functions.borrow_mut();
        let functions = known.get_or_insert_with(|| {
            let mut functions = HashMap::new();
            for folder in library.folders.borrow().iter() {
                self.find_functions(folder, &mut functions);
            }
            functions
        });
        functions.get(name.as_bytes())?.as_ref()?.get(held).cloned()
    }

    /// Adds the functions that the files of a folder define as attributes.
    fn find_functions(&self, folder: &[u8], functions: &mut HashMap<Vec<u8>, Option<Places>>) {
        for (name, _) in self.host.read_dir(folder).unwrap_or_default() {
            let path = [folder, b"/", &name].concat();
            if !name.ends_with(b".nix") {
                continue;
            }
            let Ok(text) = self.host.read_file(&path) else {
                continue;
            };
            let path = shown(&path);
            let Ok(ast) = parse(&text, &path, self.parse_options()) else {
                continue;
            };
            for (name, lambda) in ast.exprs().iter().filter_map(bindings).flat_map(|b| lambdas(&ast, b)) {
                let places = arguments(&ast, lambda).map(|lambda| {
                    let (line, column) = source::line_column(&text, lambda.pos.0.saturating_sub(1));
                    format!("{path}:{line}:{column}")
                });
                let places: Places = places.collect();
                functions.entry(name.to_vec()).and_modify(|known| *known = None).or_insert(Some(places));
            }
        }
    }
}

fn bindings(e: &Expr) -> Option<&Bindings> {
    match e {
        Expr::Attrs(bindings) | Expr::Let { bindings, .. } => Some(bindings),
        _ => None,
    }
}

/// The attributes that are functions.
fn lambdas<'a>(ast: &'a Ast, bindings: &'a Bindings) -> impl Iterator<Item = (&'a [u8], &'a Lambda)> {
    let named =
        |def: &'a crate::syntax::ast::AttrDef| Some((ast.names.get(def.name), as_lambda(ast, def.value)?));
    bindings.attrs.iter().filter_map(named)
}

fn as_lambda(ast: &Ast, e: Id) -> Option<&Lambda> {
    match ast.get(e) {
        Expr::Lambda(lambda) => Some(lambda),
        _ => None,
    }
}

/// A function and those that it directly gives.
fn arguments<'a>(ast: &'a Ast, lambda: &'a Lambda) -> impl Iterator<Item = &'a Lambda> {
    std::iter::successors(Some(lambda), |lambda| as_lambda(ast, lambda.body))
}
