//! Option declarations: merges several declarations of one option (`mergeOptionDecls`), and adds the
//! submodules in these declarations to its type (`fixupOptionType`).

use crate::eval::{Error, Evaluator, Res, Row as _, row, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{pos_of, position};
use crate::modules::loading::located_module;
use crate::modules::{messages, types};
use crate::native::{
    attr, attrs, cell, concat, delay_select, flag, get, has, items, or_null, select, share, shared, throw,
};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

/// A declaration of an option, or of a tree of options.
#[derive(Debug, Clone, Copy)]
pub struct Decl {
    /// The module's file.
    pub file: Value,
    /// The option, or the tree; forced.
    pub options: Value,
    /// The position of the declaration.
    pub pos: Pos,
}

row! {
    /// A [`Decl`] in the heap, where the options may still be suspended.
    pub struct DeclWords { file, options, pos }
}

impl Decl {
    /// A list of declarations; their options may still be suspended.
    pub fn list(ev: &Evaluator, decls: &[Decl]) -> Res<Value> {
        let words = decls.iter().flat_map(|decl| {
            let Decl { file, options, pos } = *decl;
            DeclWords { file, options, pos: position(pos) }.words()
        });
        Ok(ev.mem.list_from(decls.len() * DeclWords::<Value>::WIDTH, words)?)
    }

    /// The declarations in such a list.
    pub fn all(ev: &Evaluator, list: Value) -> impl ExactSizeIterator<Item = DeclWords<&Slot>> {
        DeclWords::each(ev.mem.items(list))
    }
}

impl DeclWords<&Slot> {
    /// The declaration, with its options forced.
    pub fn decl(self, ev: &Evaluator) -> Res<Decl> {
        Ok(Decl {
            file: share(ev, self.file)?,
            options: ev.force(self.options)?,
            pos: pos_of(peek(self.pos)),
        })
    }
}

/// The attributes that only one declaration of an option may have.
pub const ONCE: [&str; 4] = ["default", "example", "description", "apply"];

/// The attributes that merging adds to those of the declarations.
static MERGED: Record<4> = Record::new(["loc", "declarations", "declarationPositions", "options"]);

/// Merges several declarations into one. A single declaration is the common case.
pub fn merge(ev: &Evaluator, loc: Value, decls: &[Decl]) -> Res<Value> {
    let mut merged: Option<Value> = None;
    let (mut files, mut places) = (Vec::new(), Vec::new());
    let mut submodules = Value::EMPTY_LIST;
    for decl in decls {
        let own = decl.options;
        let same_type = match merged {
            None => None,
            Some(before) => {
                let both = |name: &&str| has(ev, own, *name) && has(ev, before, *name);
                if ONCE.iter().any(both) {
                    return Err(already_declared(ev, loc, decl.file, &files));
                }
                if both(&"type") { Some(merge_types(ev, loc, own, before, decl.file, &files)?) } else { None }
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
    let shown = messages::option(ev, loc).and_then(|path| {
        let file = messages::file(ev, file)?;
        let slots: Vec<Slot> = files.iter().map(|f| slot(*f)).collect();
        let declared = messages::files(ev, &slots)?;
        Ok(throw(format!("The option `{path}' in `{file}' is already declared in {declared}.")))
    });
    shown.unwrap_or_else(|e| e)
}

suspended! {
    /// The position of a declaration.
    struct Place { file, pos }
}

impl Place<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match ev.position_value(pos_of(peek(self.pos)))? {
            Value::NULL => file_only(ev, share(ev, self.file)?),
            place => Ok(place),
        }
    }
}

/// The position of a declaration, as in `declarationPositions`; if unknown, a set with only the file.
pub(super) fn place(ev: &Evaluator, decl: &Decl) -> Res<Value> {
    let place = match decl.pos.is_some() {
        true => ev.delay(Place { file: decl.file, pos: position(decl.pos) }),
        false => file_only(ev, decl.file),
    };
    cell(ev, place?)
}

fn file_only(ev: &Evaluator, file: Value) -> Res<Value> {
    static FILE: Record<3> = Record::new(["file", "line", "column"]);
    Ok(ev.mem.record(&FILE, [file, Value::NULL, Value::NULL])?)
}

suspended! {
    /// `map (setDefaultModuleLocation file) own.type.getSubModules ++ before`
    struct Submodules { own, file, before }
}

impl Submodules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let own = ev.force(self.own)?;
        let before = ev.force(self.before)?;
        let modules = match get(ev, own, sym!("type")) {
            Some(ty) => or_null(ev, ev.force(ty)?, sym!("getSubModules"))?,
            None => Value::NULL,
        };
        if modules == Value::NULL {
            return Ok(before);
        }
        let modules = items(ev, &slot(modules))?;
        let file = share(ev, self.file)?;
        let mut located = Vec::with_capacity(modules.len());
        for module in modules {
            located.push(located_module(ev, file, share(ev, module)?)?);
        }
        concat(ev, &[ev.mem.list(&located)?, before])
    }
}

/// The modules of this declaration's type, located in the declaration's file, followed by those of earlier
/// declarations. The list is suspended, so that an unused type is not forced.
fn with_submodules(ev: &Evaluator, own: Value, file: Value, before: Value) -> Res<Value> {
    if !has(ev, own, sym!("type")) {
        return Ok(before);
    }
    cell(ev, ev.delay(Submodules { own, file, before })?)
}

/// The final type of an option: that of its declaration, with the modules that other declarations of the option add.
pub fn fixed_type(ev: &Evaluator, option: Value) -> Res<Value> {
    with_modules(ev, option, || shared(ev, option, sym!("options")))
}

/// The final type of an option with a single declaration.
pub(super) fn single_type(ev: &Evaluator, decl: &Decl) -> Res<Value> {
    with_modules(ev, decl.options, || with_submodules(ev, decl.options, decl.file, Value::EMPTY_LIST))
}

/// The type of an option. If it has submodules, `modules` replaces them.
fn with_modules(ev: &Evaluator, option: Value, modules: impl FnOnce() -> Res<Value>) -> Res<Value> {
    let Some(ty) = get(ev, option, sym!("type")) else {
        return types::named(ev, "unspecified");
    };
    let ty = ev.force(ty)?;
    if or_null(ev, ty, sym!("getSubModules"))? == Value::NULL {
        return Ok(ty);
    }
    ev.call(select(ev, ty, sym!("substSubModules"))?, &[modules()?], Pos::NONE)
}

/// A declaration with its final type (`fixupOptionType`).
pub fn fixup(ev: &Evaluator, option: Value) -> Res<Value> {
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

/// `lib.modules.mergeOptionDecls`, for sets with `_file`, `options` and `pos`.
pub fn merge_sets(ev: &Evaluator, loc: Value, decls: &Slot) -> Res<Value> {
    let decls = items(ev, decls)?;
    let decls = decls.iter().map(|decl| of_set(ev, ev.force(decl)?)).collect::<Res<Vec<_>>>()?;
    merge(ev, loc, &decls)
}

fn of_set(ev: &Evaluator, set: Value) -> Res<Decl> {
    let options = attrs(ev, attr(ev, set, sym!("options"))?)?;
    // The position in such a set is already a value; users hardly ever give one.
    Ok(Decl { file: delay_select(ev, set, sym!("_file"))?, options, pos: Pos::NONE })
}

/// Whether an option is read-only: it may be defined only once.
pub(super) fn read_only(ev: &Evaluator, option: Value) -> Res<bool> {
    flag(ev, option, sym!("readOnly"))
}
