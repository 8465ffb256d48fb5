//! Decides where base modules yield to other modules that declare the same names.

use crate::eval::{Evaluator, Res};
use crate::modules::declarations::{Decl, ONCE};
use crate::modules::definitions::Raw;
use crate::modules::loading::is_base;
use crate::native::{get, has, is_type, or_null, select, shared};
use crate::source::Pos;
use crate::value::Value;

/// Whether the base's declarations of a name yield, because other modules declare the name in a way that
/// cannot, or need not, be merged with them.
pub(super) fn base_yields(ev: &Evaluator, decls: &[Decl]) -> Res<bool> {
    let mut base: Option<&Decl> = None;
    let mut own = smallvec::SmallVec::<[&Decl; 4]>::new();
    for decl in decls {
        if is_base(ev, decl.file)? { base = Some(decl) } else { own.push(decl) }
    }
    let Some(base) = base.filter(|_| !own.is_empty()) else {
        return Ok(false);
    };
    let base_option = is_type(ev, base.options, b"option")?;
    let mut options = 0;
    for decl in &own {
        options += usize::from(has(ev, decl.options, sym!("_type")));
    }
    match (base_option, options > 0) {
        (false, own_option) => Ok(own_option),
        (true, false) => {
            Ok(sub_modules(ev, base.options)? == Value::NULL || !is_submodule(ev, base.options)?)
        }
        (true, true) => {
            for decl in &own {
                if options < own.len() || !extends(ev, base.options, decl.options)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn sub_modules(ev: &Evaluator, option: Value) -> Res<Value> {
    match get(ev, option, sym!("type")) {
        Some(ty) => or_null(ev, ev.force(ty)?, sym!("getSubModules")),
        None => Ok(Value::NULL),
    }
}

fn is_submodule(ev: &Evaluator, option: Value) -> Res<bool> {
    let name = or_null(ev, select(ev, option, sym!("type"))?, sym!("name"))?;
    Ok(name.is_string() && ev.mem.text(name) == b"submodule")
}

/// Whether an option only adds to the submodules of another one, and repeats nothing that only one
/// declaration may have.
fn extends(ev: &Evaluator, base: Value, own: Value) -> Res<bool> {
    if ONCE.iter().any(|name| has(ev, base, *name) && has(ev, own, *name)) {
        return Ok(false);
    }
    if sub_modules(ev, own)? == Value::NULL || !has(ev, base, sym!("type")) {
        return Ok(false);
    }
    let functor = shared(ev, select(ev, own, sym!("type"))?, sym!("functor"))?;
    let merge = select(ev, select(ev, base, sym!("type"))?, sym!("typeMerge"))?;
    Ok(ev.call(merge, &[functor], Pos::NONE)? != Value::NULL)
}

/// The words of definitions, without those in base modules.
pub(super) fn without_base(ev: &Evaluator, raws: Value) -> Res<Value> {
    let mut own = Vec::with_capacity(raws.list_len());
    for raw in Raw::all(ev, raws) {
        let raw = raw?;
        if !is_base(ev, raw.file)? {
            own.push(raw);
        }
    }
    Raw::list(ev, own.into_iter())
}
