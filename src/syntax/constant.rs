//! Expressions that depend on nothing.

use super::ast::Expr;
use super::{ParseOptions, parse};

/// Whether an expression has no variables but Nix's constants, so that it has the same value everywhere.
pub fn is_constant(text: &[u8]) -> bool {
    let Ok(ast) = parse(text, "", ParseOptions { pipes: true, ..ParseOptions::default() }) else {
        return false;
    };
    ast.exprs().iter().all(|expr| match expr {
        // The operators are calls of `__sub` and the like.
        Expr::Var(_, name) => {
            let name = ast.names.get(*name);
            matches!(name, b"true" | b"false" | b"null") || name.starts_with(b"__")
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::is_constant;

    #[test]
    fn constants_have_no_variables() {
        for text in ["false", "!true", "1 > 2", "(false && true)", "null != null"] {
            assert!(is_constant(text.as_bytes()), "{text}");
        }
        for text in ["config.a", "!cfg", "f false", "false && x", "(", "let a = b; in a"] {
            assert!(!is_constant(text.as_bytes()), "{text}");
        }
    }
}
