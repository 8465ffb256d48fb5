//! Checks a file without evaluating it, and compares nival's parser with rnix.

use std::rc::Rc;

use super::{Error, Evaluator, Res};
use crate::syntax::{nests_too_deep_for_rnix, parse_with_rnix};

impl Evaluator {
    /// Checks that a file holds an expression whose variables are all defined, and that both parsers build
    /// the same tree.
    ///
    /// # Errors
    /// A syntax error or an undefined variable, as Nix reports them; or a disagreement of the parsers, which
    /// is a bug in nival.
    pub fn check_file(&self, path: &Rc<[u8]>) -> Res<()> {
        let (source, ast) = self.parse_file(path)?;
        self.delay_ast(&source, &ast)?;
        let origin = source.origin_name();
        let Some(text) = source.text() else {
            return Ok(());
        };
        match parse_with_rnix(&text, &origin, self.parse_options()) {
            Ok(second) if format!("{second:?}") == format!("{ast:?}") => Ok(()),
            Err(e) if nests_too_deep_for_rnix(&e) => Ok(()),
            _ => {
                Err(Error::eval(format!("rnix reads the file '{origin}' in another way than nival's parser"))
                    .help("This is a fault of nival: please report it."))
            }
        }
    }
}
