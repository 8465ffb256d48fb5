//! INI: `toINI` and `toINIWithGlobalSection`.

use super::key_values::{MkKeyValue, lines, with_mk_key_value};
use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, apply, backslashed, changed, entries, get};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The pattern of `toINI`.
pub(super) const OPTIONS: Formals = Formals {
    arg: 0,
    names: &[("mkSectionName", true), ("mkKeyValue", true), ("listsAsDuplicateKeys", true)],
    ellipsis: false,
};

/// The second pattern of `toINIWithGlobalSection`.
pub(super) const PARTS: Formals =
    Formals { arg: 1, names: &[("globalSection", false), ("sections", true)], ellipsis: false };

/// `toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } attrsOfAttrs`
pub(super) fn sections(
    ev: &Evaluator,
    section_name: &dyn Fn(Value) -> Res<Value>,
    mk: MkKeyValue<'_>,
    duplicates: Option<&Slot>,
    of: &Slot,
) -> Res<Value> {
    let mut text = Text::new();
    for (i, e) in entries(ev, of)?.into_iter().enumerate() {
        let name = slot(section_name(Value::symbol(e.name))?);
        text.put(if i > 0 { "\n[" } else { "[" }).interpolate(ev, &name)?.put("]\n");
        text.add(ev, lines(ev, mk, duplicates, None, e.slot)?);
    }
    text.finish(ev)
}

/// `escape [ "[" "]" ] name`
pub(super) fn escaped_section(ev: &Evaluator, name: Value) -> Res<Value> {
    changed(ev, name, |text| backslashed(text, b"[]"))
}

/// `toINI options of`
fn ini(ev: &Evaluator, options: Value, of: &Slot) -> Res<Value> {
    let section_name = |name: Value| match get(ev, options, "mkSectionName") {
        Some(made) => apply(ev, made, &[name]),
        None => escaped_section(ev, name),
    };
    let duplicates = get(ev, options, "listsAsDuplicateKeys");
    with_mk_key_value(ev, options, |mk| sections(ev, &section_name, mk, duplicates, of))
}

/// `lib.generators.toINI`: a section for each attribute.
pub(super) fn to_ini(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, sections] = exactly(args);
    let options = ev.force_formals("toINI", options, &OPTIONS, pos)?;
    ini(ev, options, sections)
}

/// `lib.generators.toINIWithGlobalSection`: the same after lines that belong to no section.
pub(super) fn to_ini_with_global_section(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, parts] = exactly(args);
    let options = ev.force_formals("toINIWithGlobalSection", options, &OPTIONS, pos)?;
    let parts = ev.force_formals("toINIWithGlobalSection", parts, &PARTS, pos)?;
    let mut text = Text::new();
    if let Some(global) = get(ev, parts, "globalSection")
        && !ev.slot_equals(global, Value::EMPTY_SET)?
    {
        let duplicates = get(ev, options, "listsAsDuplicateKeys");
        let made = with_mk_key_value(ev, options, |mk| lines(ev, mk, duplicates, None, global))?;
        text.add(ev, made).put("\n");
    }
    let none = slot(Value::EMPTY_SET);
    text.add(ev, ini(ev, options, get(ev, parts, "sections").unwrap_or(&none))?);
    text.finish(ev)
}
