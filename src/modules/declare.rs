//! Option declarations: several of the same option become one (`mergeOptionDecls`), and types learn about the
//! submodules that declarations add (`fixupOptionType`).

use super::show;
use super::types;
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{attr, concat, flag, get, or_null, select, shared, text, throw};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

/// A declaration of an option, or of a tree of options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decl {
    /// The module's file.
    pub(super) file: Value,
    /// The option, or the tree; forced.
    pub(super) options: Value,
    /// Where it is declared.
    pub(super) pos: Pos,
}

/// What a merged declaration has beside what the declarations say themselves.
static MERGED: Record<4> = Record::new(["loc", "declarations", "declarationPositions", "options"]);

/// One declaration of several. A single one is the usual case.
///
/// # Errors
/// When the declarations contradict each other.
pub(super) fn merge(ev: &Evaluator, loc: Value, decls: &[Decl]) -> Res<Value> {
    let mut merged: Option<Value> = None;
    let (mut files, mut places) = (Vec::new(), Vec::new());
    let mut submodules = Value::EMPTY_LIST;
    for decl in decls {
        let own = decl.options;
        let same_type = match merged {
            None => None,
            Some(before) => {
                let both = |name: &str| -> Res<bool> {
                    let name = ev.intern(name)?;
                    Ok(get(ev, own, name).is_some() && get(ev, before, name).is_some())
                };
                if both("default")? || both("example")? || both("description")? || both("apply")? {
                    return Err(already_declared(ev, loc, decl.file, &files));
                }
                if both("type")? { Some(merge_types(ev, loc, own, before, decl.file, &files)?) } else { None }
            }
        };
        files.push(decl.file);
        places.push(place(ev, decl)?);
        submodules = with_submodules(ev, own, decl.file, submodules)?;
        let declared = [loc, ev.mem.list(&files)?, ev.mem.list(&places)?, submodules];
        let mut next = match merged {
            None => own,
            Some(before) => ev.mem.update(own, before)?,
        };
        next = ev.mem.update(next, ev.mem.record(&MERGED, declared)?)?;
        if let Some(ty) = same_type {
            next = ev.mem.update(next, ev.mem.record(&TYPE, [ty])?)?;
        }
        merged = Some(next);
    }
    match merged {
        Some(merged) => Ok(merged),
        None => {
            let nothing = Value::EMPTY_LIST;
            Ok(ev.mem.record(&MERGED, [loc, nothing, nothing, nothing])?)
        }
    }
}

static TYPE: Record<1> = Record::new(["type"]);

fn merge_types(
    ev: &Evaluator,
    loc: Value,
    own: Value,
    before: Value,
    file: Value,
    files: &[Value],
) -> Res<Value> {
    let merge = select(ev, select(ev, before, sym!("type"))?, sym!("typeMerge"))?;
    let functor = shared(ev, select(ev, own, sym!("type"))?, sym!("functor"))?;
    match ev.call(merge, &[functor], Pos::NONE)? {
        Value::NULL => Err(already_declared(ev, loc, file, files)),
        merged => Ok(merged),
    }
}

#[cold]
fn already_declared(ev: &Evaluator, loc: Value, file: Value, files: &[Value]) -> Error {
    let shown = show::option(ev, loc).and_then(|path| {
        let file = crate::native::interpolate(ev, &slot(file))?;
        let slots: Vec<Slot> = files.iter().map(|f| slot(*f)).collect();
        let declared = show::files(ev, &slots)?;
        let file = text(ev, file);
        Ok(throw(format!("The option `{path}' in `{file}' is already declared in {declared}.")))
    });
    shown.unwrap_or_else(|e| e)
}

/// The position of a declaration, as `declarationPositions` has it; without a position just the file.
pub(super) fn place(ev: &Evaluator, decl: &Decl) -> Res<Value> {
    static PLACE: Lazy = Lazy {
        name: "modules.declarationPosition",
        run: |ev, captures, _| {
            let pos = super::conditionals::pos_of(peek(&captures[1]));
            match ev.position_value(pos)? {
                Value::NULL => file_only(ev, ev.mem.share(&captures[0])?),
                place => Ok(place),
            }
        },
    };
    match decl.pos.is_some() {
        true => ev.delay_raw(&PLACE, &[decl.file, super::conditionals::position(decl.pos)]),
        false => file_only(ev, decl.file),
    }
    .and_then(|place| crate::native::cell(ev, place))
}

fn file_only(ev: &Evaluator, file: Value) -> Res<Value> {
    static FILE: Record<3> = Record::new(["file", "line", "column"]);
    Ok(ev.mem.record(&FILE, [file, Value::NULL, Value::NULL])?)
}

/// The list of modules that this declaration's type has, each named after the declaration's file, before those of
/// earlier declarations. Suspended: a type that is not needed is not looked at.
fn with_submodules(ev: &Evaluator, own: Value, file: Value, before: Value) -> Res<Value> {
    static LATER: Lazy = Lazy {
        name: "modules.submodules",
        run: |ev, captures, _| {
            let own = ev.force(&captures[0])?;
            let before = ev.force(&captures[2])?;
            let modules = match get(ev, own, sym!("type")) {
                Some(ty) => or_null(ev, ev.force(ty)?, sym!("getSubModules"))?,
                None => Value::NULL,
            };
            if modules == Value::NULL {
                return Ok(before);
            }
            let modules = ev.force_list(&slot(modules), Pos::NONE, "")?;
            let file = ev.mem.share(&captures[1])?;
            let mut located = Vec::with_capacity(modules.list_len());
            for module in ev.mem.items(modules) {
                located.push(located_module(ev, file, ev.mem.share(module)?)?);
            }
            concat(ev, &[ev.mem.list(&located)?, before])
        },
    };
    if get(ev, own, sym!("type")).is_none() {
        return Ok(before);
    }
    crate::native::cell(ev, ev.delay_raw(&LATER, &[own, file, before])?)
}

/// A module that imports another one and says where that comes from (`setDefaultModuleLocation`).
pub(super) fn located_module(ev: &Evaluator, file: Value, module: Value) -> Res<Value> {
    static LOCATED: Record<2> = Record::new(["_file", "imports"]);
    Ok(ev.mem.record(&LOCATED, [file, ev.mem.list(&[module])?])?)
}

/// The type that an option ends up with, and the list of its sub-options that are not part of the type.
pub(super) fn fixed_type(ev: &Evaluator, option: Value) -> Res<Value> {
    let Some(ty) = get(ev, option, sym!("type")) else {
        return types::named(ev, "unspecified");
    };
    let ty = ev.force(ty)?;
    if or_null(ev, ty, sym!("getSubModules"))? == Value::NULL {
        return Ok(ty);
    }
    let modules = shared(ev, option, sym!("options"))?;
    ev.call(select(ev, ty, sym!("substSubModules"))?, &[modules], Pos::NONE)
}

/// The type of an option that is declared only once.
pub(super) fn single_type(ev: &Evaluator, decl: &Decl) -> Res<Value> {
    let Some(ty) = get(ev, decl.options, sym!("type")) else {
        return types::named(ev, "unspecified");
    };
    let ty = ev.force(ty)?;
    if or_null(ev, ty, sym!("getSubModules"))? == Value::NULL {
        return Ok(ty);
    }
    let modules = with_submodules(ev, decl.options, decl.file, Value::EMPTY_LIST)?;
    ev.call(select(ev, ty, sym!("substSubModules"))?, &[modules], Pos::NONE)
}

/// A declaration with its final type (`fixupOptionType`).
pub(super) fn fixup(ev: &Evaluator, option: Value) -> Res<Value> {
    static TYPE_AND_OPTIONS: Record<2> = Record::new(["type", "options"]);
    let before = get(ev, option, sym!("type")).map(|ty| ev.force(ty)).transpose()?;
    let ty = fixed_type(ev, option)?;
    let nested = match before {
        Some(before) => or_null(ev, before, sym!("getSubModules"))? != Value::NULL,
        None => false,
    };
    let change = match nested {
        true => ev.mem.record(&TYPE_AND_OPTIONS, [ty, Value::EMPTY_LIST])?,
        false => ev.mem.record(&TYPE, [ty])?,
    };
    Ok(ev.mem.update(option, change)?)
}

/// `lib.modules.fixupOptionType`
pub(super) static FIXUP: Builtin = Builtin::hidden("fixupOptionType", &["loc", "opt"], |ev, args, _| {
    fixup(ev, ev.force_attrs(&args[1], Pos::NONE, "")?)
});

/// `lib.modules.mergeOptionDecls`
pub(super) static MERGE_DECLS: Builtin =
    Builtin::hidden("mergeOptionDecls", &["loc", "opts"], |ev, args, _| {
        let list = ev.force_list(&args[1], Pos::NONE, "")?;
        let mut decls = Vec::with_capacity(list.list_len());
        for decl in ev.mem.items(list) {
            decls.push(of_set(ev, ev.force(decl)?)?);
        }
        merge(ev, ev.mem.share(&args[0])?, &decls)
    });

/// A declaration that comes as a set with `_file`, `options` and `pos`.
fn of_set(ev: &Evaluator, set: Value) -> Res<Decl> {
    let options = ev.force_attrs(attr(ev, set, sym!("options"))?, Pos::NONE, "")?;
    let file = match get(ev, set, sym!("_file")) {
        Some(file) => ev.mem.share(file)?,
        None => crate::native::delay_select(ev, set, sym!("_file"))?,
    };
    // The position that such a set brings is a value already; users hardly ever give one.
    Ok(Decl { file, options, pos: Pos::NONE })
}

/// Whether an option may be defined only once.
pub(super) fn read_only(ev: &Evaluator, option: Value) -> Res<bool> {
    flag(ev, option, sym!("readOnly"))
}

/// The error for something in `options` that has another `_type` than an option.
#[cold]
pub(super) fn not_an_option(ev: &Evaluator, loc: Value, tag: &Slot, file: Value) -> Error {
    let made = || -> Res<Error> {
        let path = show::option(ev, loc)?;
        let file = crate::native::interpolate(ev, &slot(file))?;
        let tag = crate::native::interpolate(ev, tag)?;
        let (file, tag) = (text(ev, file), text(ev, tag));
        let mut message = format!(
            "In module {file}: expected an option declaration at option path `{path}` but got an attribute set \
             with type {tag}"
        );
        if tag == "option-type" {
            message.push_str(&wrap_hint(ev, loc, &path)?);
        }
        Ok(throw(message))
    };
    made().unwrap_or_else(|e| e)
}

fn wrap_hint(ev: &Evaluator, loc: Value, path: &str) -> Res<String> {
    let parts = ev.mem.items(loc);
    let last = match parts.last() {
        Some(last) => ev.force(last)?,
        None => Value::symbol(sym!("")),
    };
    let name = String::from_utf8_lossy(&show::escape_identifier(ev.mem.text(last))).into_owned();
    let comment = if parts.len() > 1 { format!("\n    # {path}") } else { String::new() };
    Ok(format!(
        "\n\nWhen declaring an option, you must wrap the type in a `mkOption` call. It should look somewhat like:\n    \
         {comment}\n    {name} = lib.mkOption {{\n      description = ...;\n      \
         type = <the type you wrote for {name}>;\n      ...\n    }};\n"
    ))
}
