//! Types with an additional check: `passwdEntry`, `pkgs`.

use super::add_check::{add_check, renamed, with_class};
use super::made::made;
use super::make::symbol;
use super::option_type::OptionType;
use super::optional::unique;
use super::simple::attrs;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{interpolate, is_type, text};
use crate::value::{Value, peek};

suspended! {
    /// The name and description of `passwdEntry entryType`.
    struct EntryWords { entry_type } => struct EntryWordParts { name, description }
}

impl EntryWords<&Slot> {
    fn entry_type(self) -> OptionType {
        OptionType::of(peek(self.entry_type))
    }

    fn name(self, ev: &Evaluator) -> Res<Value> {
        let name = text(ev, self.entry_type().name(ev)?);
        Ok(ev.mem.str(&format!("passwdEntry {name}"))?)
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        let phrase = self.entry_type().phrase(ev, &["noun"])?;
        Ok(ev.mem.str(&format!("{phrase}, not containing newlines or colons"))?)
    }
}

/// `lib.types.passwdEntry`: strings that fit a field of `/etc/passwd`.
pub(super) static PASSWD_ENTRY: Builtin = Builtin::hidden("passwdEntry", &["entryType"], |ev, args, _| {
    static FITS: Builtin = Builtin::hidden("check", &["str"], |ev, args, _| {
        let [str] = exactly(args);
        let v = interpolate(ev, str)?;
        Ok(Value::bool(!ev.mem.text(v).iter().any(|c| matches!(c, b':' | b'\n'))))
    });
    let [entry_type] = exactly(args);
    let entry_type = ev.force(entry_type)?;
    let words = EntryWords { entry_type }.parts(ev)?;
    let ty = add_check(ev, entry_type, ev.builtin(&FITS))?;
    let ty = renamed(ev, ty, words.name, words.description)?;
    with_class(ev, ty, symbol(ev, "nonRestrictiveClause")?)
});

/// `lib.types.pkgs`: a package set, which cannot be defined more than once.
pub(super) fn pkgs(ev: &Evaluator) -> Res<Value> {
    static IS_PKGS: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(is_type(ev, ev.force(x)?, b"pkgs")?))
    });
    let message = ev.mem.str("A Nixpkgs pkgs set can not be merged with another pkgs set.")?;
    let ty = unique(ev, message, made(ev, "attrs", attrs)?)?;
    let ty = renamed(ev, ty, symbol(ev, "pkgs")?, ev.mem.str("Nixpkgs package set")?)?;
    add_check(ev, with_class(ev, ty, symbol(ev, "noun")?)?, ev.builtin(&IS_PKGS))
}
