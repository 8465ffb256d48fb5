//! Guesses which files the evaluation of a text will import, so that they can be read ahead of time.

use super::ast::{Ast, Expr, Id, PathBase};

/// A text that calls for more packages than this defines a package set, of which an evaluation needs few.
const FEW_PACKAGES: usize = 16;

/// The path literals, relative to the text's folder, of files that will probably be imported, separated by
/// zero bytes.
pub fn likely_imports(ast: &Ast) -> Box<[u8]> {
    find(ast).join(&0).into()
}

/// Finds the arguments of `import`, of `callPackage` unless there are many, and lists of modules.
fn find(ast: &Ast) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut packages = Vec::new();
    for expr in ast.exprs() {
        match expr {
            Expr::Call { fun, args, .. } => match (called(ast, *fun), ast.ids(*args).first()) {
                (Some(b"import"), Some(arg)) => found.extend(relative(ast, *arg)),
                (Some(b"callPackage" | b"callPackages"), Some(arg)) => packages.extend(relative(ast, *arg)),
                _ => {}
            },
            Expr::List(items) => {
                found.extend(ast.ids(*items).iter().filter_map(|i| relative(ast, *i)).filter(|p| is_nix(p)))
            }
            _ => {}
        }
    }
    if packages.len() <= FEW_PACKAGES {
        found.append(&mut packages);
    }
    found
}

fn relative(ast: &Ast, id: Id) -> Option<&[u8]> {
    match ast.get(id) {
        Expr::Path(PathBase::Folder, text) => Some(ast.text(*text)),
        _ => None,
    }
}

/// The name of a function that is a variable or an attribute.
fn called(ast: &Ast, fun: Id) -> Option<&[u8]> {
    match ast.get(fun) {
        Expr::Var(_, name) => Some(ast.names.get(*name)),
        Expr::Select { path, .. } => match ast.path(*path).last() {
            Some(super::ast::Attr::Name(name)) => Some(ast.names.get(*name)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a path in a list may be a module: patches and the like have other extensions.
fn is_nix(path: &[u8]) -> bool {
    let name = path.rsplit(|c| *c == b'/').next().unwrap_or_default();
    name.ends_with(b".nix") || !name.contains(&b'.') || name.starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{ParseOptions, parse};

    fn guess(text: &str) -> Vec<String> {
        let ast = parse(text.as_bytes(), "test", ParseOptions::default()).expect("an expression");
        let mut found: Vec<_> =
            find(&ast).into_iter().map(|p| String::from_utf8_lossy(p).into_owned()).collect();
        found.sort();
        found
    }

    #[test]
    fn modules_and_imports_are_guessed() {
        assert_eq!(
            guess(
                "{ imports = [ ./a.nix ./b ./fix.patch /abs.nix ]; x = import ../c.nix { }; y = ./d.nix; }"
            ),
            ["../c.nix", "./a.nix", "./b"]
        );
        assert_eq!(guess("{ pkgs }: pkgs.callPackage ./p { }"), ["./p"]);
        let many: String = (0..50).map(|i| format!("p{i} = callPackage ./p{i} {{ }}; ")).collect();
        assert_eq!(guess(&format!("{{ callPackage }}: {{ {many} }}")), [""; 0]);
    }
}
