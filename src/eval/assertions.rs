//! The difference that a failed `assert a == b;` reports.

use super::print::type_name;
use super::{Error, ErrorKind, Evaluator, PrintOptions, Res, print_value};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value};

impl Evaluator {
    /// A value as text for a message about a comparison.
    pub(super) fn shown(&self, v: Value) -> String {
        print_value(self, v, &PrintOptions::ERROR)
    }

    fn unequal(&self, message: String) -> Error {
        Error::new(ErrorKind::Assertion, message)
    }

    /// Reports the difference between two values as an error; succeeds if they are equal.
    ///
    /// # Errors
    /// The difference, as an assertion error.
    pub(super) fn assert_equal(&self, a: &Slot, b: &Slot, pos: Pos) -> Res<()> {
        let _depth = self.deeper().map_err(|e| e.at(pos))?;
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        let (ta, tb) = (va.type_of(), vb.type_of());
        let numeric = |t| matches!(t, Type::Int | Type::Float);
        if std::ptr::eq(a, b) {
            return Ok(());
        }
        if numeric(ta) && numeric(tb) {
            if self.equal_values(va, vb, pos)? {
                return Ok(());
            }
            let (na, nb) = (type_name(self, va), type_name(self, vb));
            let (sa, sb) = (self.shown(va), self.shown(vb));
            return Err(
                self.unequal(format!("{na} with value '{sa}' is not equal to {nb} with value '{sb}'"))
            );
        }
        if ta != tb {
            let (na, nb) = (type_name(self, va), type_name(self, vb));
            let (sa, sb) = (self.shown(va), self.shown(vb));
            return Err(self.unequal(format!("{na} of value '{sa}' is not equal to {nb} of value '{sb}'")));
        }
        let simple = |word: &str| {
            if self.equal_values(va, vb, pos)? {
                return Ok(());
            }
            let (sa, sb) = (self.shown(va), self.shown(vb));
            Err(self.unequal(format!("{word} '{sa}' is not equal to {word} '{sb}'")))
        };
        match ta {
            Type::Bool => simple("boolean"),
            Type::String => simple("string"),
            Type::Path => simple("path"),
            Type::List => self.assert_equal_lists(va, vb, pos),
            Type::Attrs => self.assert_equal_sets(va, vb, pos),
            Type::Function => Err(self.unequal(
                "distinct functions and immediate comparisons of identical functions compare as unequal"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn assert_equal_lists(&self, a: Value, b: Value, pos: Pos) -> Res<()> {
        let (na, nb) = (a.list_len(), b.list_len());
        if na != nb {
            let (sa, sb) = (self.shown(a), self.shown(b));
            return Err(self.unequal(format!(
                "list of size '{na}' is not equal to list of size '{nb}', left hand side is '{sa}', right hand side is '{sb}'"
            )));
        }
        for (i, (x, y)) in self.mem.items(a).iter().zip(self.mem.items(b)).enumerate() {
            self.assert_equal(x, y, pos)
                .map_err(|e| e.trace(Pos::NONE, format!("while comparing list element {i}")))?;
        }
        Ok(())
    }

    fn assert_equal_sets(&self, a: Value, b: Value, pos: Pos) -> Res<()> {
        if self.is_derivation(a)?
            && self.is_derivation(b)?
            && let (Some(x), Some(y)) = (self.mem.get(a, sym!("outPath")), self.mem.get(b, sym!("outPath")))
        {
            let doing = "while comparing a derivation by its 'outPath' attribute";
            return self.assert_equal(x, y, pos).map_err(|e| e.trace(Pos::NONE, doing));
        }
        let (ea, eb) = (self.mem.entries_in_order(a), self.mem.entries_in_order(b));
        let both = || (self.shown(a), self.shown(b));
        if ea.len() != eb.len() {
            let (sa, sb) = both();
            return Err(self.unequal(format!(
                "attribute names of attribute set '{sa}' differs from attribute set '{sb}'"
            )));
        }
        for (x, y) in ea.iter().zip(&eb) {
            if x.name != y.name {
                let (sa, sb) = both();
                if self.mem.get(b, x.name).is_none() {
                    let name = self.quoted(x.name);
                    return Err(self.unequal(format!(
                        "attribute name '{name}' is contained in '{sa}', but not in '{sb}'"
                    )));
                }
                let name = self.quoted(y.name);
                return Err(self.unequal(format!(
                    "attribute name '{name}' is missing in '{sa}', but is contained in '{sb}'"
                )));
            }
            self.assert_equal(x.slot, y.slot, pos).map_err(|mut e| {
                if y.pos.is_some() {
                    e = e.trace(y.pos, "where right hand side is");
                }
                if x.pos.is_some() {
                    e = e.trace(x.pos, "where left hand side is");
                }
                e.trace(Pos::NONE, format!("while comparing attribute '{}'", self.quoted(x.name)))
            })?;
        }
        Ok(())
    }
}
