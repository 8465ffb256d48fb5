//! The tree of options: declarations and definitions of all modules brought together, level by level
//! (`mergeModules'`).
//!
//! A *level* is an object with suspended fields. Its names are grouped once for all modules; nothing below a name is
//! looked at before somebody asks for it, and definitions are not looked at to know which options there are.

use super::conditionals::{RAW, Raw, pos_of, position, push_down};
use super::declare::{Decl, not_an_option};
use super::option_value::eval_option;
use super::origins;
use super::show;
use super::support::{field, object};
use super::types::submodule::tree_as_option;
use crate::eval::{Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{appended, get, is_type, text, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, put};

/// What all levels of an evaluation share: a list of the number for records, of `lib`, and whether there are base
/// modules.
const CONTEXT: usize = 0;
const LOC: usize = 1;
/// The declarations of this level: words of [`DECL`]s.
const DECLS: usize = 2;
/// The definitions of this level: words of [`CONFIG`]s; suspended.
const CONFIGS: usize = 3;
/// Where the object's suspensions point to, as an integer.
const BEHIND: usize = 4;
/// The names that are declared, and for each its declarations and what they make: three lists.
const GROUPS: usize = 5;
const MATCHED: usize = 6;
const UNMATCHED: usize = 7;
/// For each declared name the list of words of its [`Raw`] definitions; last those of other names.
const DEFS: usize = 8;
const FIELDS: usize = 4;

/// Words of a declaration in a list: file, options, position.
pub(super) const DECL: usize = 3;
/// Words of a set of definitions in a list: file, set, properties around it.
pub(super) const CONFIG: usize = 3;
/// Words of a definition of a name that is not declared: the name and the [`Raw`].
const OTHER: usize = 1 + RAW;
/// Words of a definition without option: a [`Raw`] and the path to it.
pub(super) const STRAY: usize = RAW + 1;

/// Suspensions of a level from this number on are about its names, three for each.
const NAMES: usize = 16;
const RESULT: usize = 0;
const OPTION: usize = 1;
const RAWS: usize = 2;

static LEVEL: Lazy = Lazy {
    name: "modules.level",
    run: |ev, captures, index| {
        let level = peek(&captures[0]);
        match index {
            GROUPS => groups(ev, level),
            MATCHED => matched(ev, level),
            UNMATCHED => unmatched(ev, level),
            DEFS => grouped_definitions(ev, level),
            _ => {
                let (name, what) = ((index - NAMES) / 3, (index - NAMES) % 3);
                match what {
                    RESULT => result(ev, level, name),
                    OPTION => option(ev, level, name),
                    _ => definitions_of(ev, level, name),
                }
            }
        }
    },
};

/// A level. `configs` may be suspended.
pub(super) fn level(ev: &Evaluator, context: Value, loc: Value, decls: Value, configs: Value) -> Res<Value> {
    let (level, behind) = object(ev, &LEVEL, &[context, loc, decls, configs, Value::NULL], FIELDS)?;
    put(field(ev, level, BEHIND), Value::number(i64::from(behind)));
    Ok(level)
}

/// The options of a level and those below: sets of sets of options, suspended.
pub(super) fn matched_options(ev: &Evaluator, level: Value) -> Res<Value> {
    Ok(ev.mem.share(field(ev, level, MATCHED))?)
}

/// The definitions for which there is no option, as a forced list of the words of strays.
pub(super) fn strays(ev: &Evaluator, level: Value) -> Res<Value> {
    ev.force(field(ev, level, UNMATCHED))
}

/// The suspension about a name of a level.
fn about(ev: &Evaluator, level: Value, name: usize, what: usize) -> Value {
    let behind = peek(field(ev, level, BEHIND)).as_small_int() as u32;
    Value::native(NAMES + 3 * name + what, behind)
}

fn loc_of(ev: &Evaluator, level: Value) -> Res<Value> {
    ev.force_list(field(ev, level, LOC), Pos::NONE, "")
}

/// Names with dots between them: how nixpkgs shows paths in its oldest messages.
fn plain_path(ev: &Evaluator, loc: Value) -> Res<String> {
    let mut names = Vec::new();
    for name in ev.mem.items(loc) {
        names.push(text(ev, crate::native::interpolate(ev, name)?));
    }
    Ok(names.join("."))
}

fn groups(ev: &Evaluator, level: Value) -> Res<Value> {
    let decls = peek(field(ev, level, DECLS));
    let decls = ev.mem.items(decls);
    let mut found: Vec<(Sym, u32, &Slot, Pos)> = Vec::new();
    let mut sources = 0;
    for (i, decl) in decls.chunks_exact(DECL).enumerate() {
        let tree = ev.force(&decl[1])?;
        if !tree.is_attrs() {
            return Err(no_declaration(ev, level, tree)?);
        }
        let entries = ev.mem.entries(tree);
        sources += usize::from(!entries.is_empty());
        found.extend(entries.into_iter().map(|e| (e.name, i as u32, e.slot, e.pos)));
    }
    if sources > 1 {
        found.sort_by_key(|(name, ..)| *name);
    }
    let (mut names, mut groups) = (Vec::new(), Vec::new());
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        let mut words = smallvec::SmallVec::<[Value; 3 * DECL]>::new();
        for (_, from, slot, pos) in group {
            let file = ev.mem.share(&decls[*from as usize * DECL])?;
            words.extend([file, ev.mem.share(slot)?, position(*pos)]);
        }
        names.push(Value::symbol(group[0].0));
        groups.push(ev.mem.list(&words)?);
    }
    let results = ev.mem.list_from(names.len(), (0..names.len()).map(|i| about(ev, level, i, RESULT)))?;
    Ok(ev.mem.list(&[ev.mem.list(&names)?, ev.mem.list(&groups)?, results])?)
}

#[cold]
fn no_declaration(ev: &Evaluator, level: Value, tree: Value) -> Res<crate::eval::Error> {
    let path = plain_path(ev, loc_of(ev, level)?)?;
    let kind = type_word(tree);
    Ok(throw(format!(
        "An option declaration for `{path}' has type\n`{kind}' rather than an attribute set.\n\
         Did you mean to define this outside of `options'?\n"
    )))
}

/// What `builtins.typeOf` says.
pub(super) fn type_word(v: Value) -> &'static str {
    v.type_of().name()
}

/// The lists of a level's names, their declarations and what those make.
fn grouped(ev: &Evaluator, level: Value) -> Res<[Value; 3]> {
    let lists = ev.force(field(ev, level, GROUPS))?;
    let lists = ev.mem.items(lists);
    Ok([peek(&lists[0]), peek(&lists[1]), peek(&lists[2])])
}

fn matched(ev: &Evaluator, level: Value) -> Res<Value> {
    let [names, ..] = grouped(ev, level)?;
    let mut set = AttrsBuilder::with_capacity(names.list_len());
    for (i, name) in ev.mem.items(names).iter().enumerate() {
        set.push(ev.mem.symbol_of(peek(name))?, about(ev, level, i, OPTION));
    }
    Ok(ev.mem.attrs(set)?)
}

fn decl_of(ev: &Evaluator, words: &[Slot]) -> Res<Decl> {
    Ok(Decl { file: ev.mem.share(&words[0])?, options: ev.force(&words[1])?, pos: pos_of(peek(&words[2])) })
}

/// The declarations of a name, without those of base modules that step back.
fn decls(ev: &Evaluator, level: Value, name: usize) -> Res<Decls> {
    let mut decls = all_decls(ev, level, name)?;
    if decls.len() > 1 && has_base(ev, level) && origins::base_yields(ev, &decls)? {
        let mut own = Decls::new();
        for decl in decls {
            if !origins::is_base(ev, decl.file)? {
                own.push(decl);
            }
        }
        decls = own;
    }
    Ok(decls)
}

type Decls = smallvec::SmallVec<[Decl; 2]>;

fn all_decls(ev: &Evaluator, level: Value, name: usize) -> Res<Decls> {
    let [_, groups, _] = grouped(ev, level)?;
    let words = peek(&ev.mem.items(groups)[name]);
    ev.mem.items(words).chunks_exact(DECL).map(|words| decl_of(ev, words)).collect()
}

/// Whether there are base modules in the evaluation.
#[inline]
fn has_base(ev: &Evaluator, level: Value) -> bool {
    peek(&ev.mem.items(peek(field(ev, level, CONTEXT)))[2]) == Value::TRUE
}

/// The definitions of a name. A base module whose declaration steps back does not define the option, either.
fn definitions_of(ev: &Evaluator, level: Value, name: usize) -> Res<Value> {
    let all = peek(&ev.mem.items(ev.force(field(ev, level, DEFS))?)[name]);
    if all != Value::EMPTY_LIST && has_base(ev, level) {
        let decls = all_decls(ev, level, name)?;
        if decls.len() > 1 && origins::base_yields(ev, &decls)? {
            return origins::without_base(ev, ev.mem.items(all));
        }
    }
    Ok(all)
}

fn loc_of_name(ev: &Evaluator, level: Value, name: usize) -> Res<Value> {
    let [names, ..] = grouped(ev, level)?;
    appended(ev, loc_of(ev, level)?, peek(&ev.mem.items(names)[name]))
}

/// What a name is: `true` for an option, `false` for an option of submodules to which some declarations add
/// options by just declaring them below; else the level below, as a list of that alone.
fn result(ev: &Evaluator, level: Value, name: usize) -> Res<Value> {
    let decls = decls(ev, level, name)?;
    let mut options = 0;
    for decl in &decls {
        if let Some(tag) = get(ev, decl.options, sym!("_type")) {
            if !is_type(ev, decl.options, b"option")? {
                ev.force(tag)?;
                return Err(not_an_option(ev, loc_of_name(ev, level, name)?, tag, decl.file));
            }
            options += 1;
        }
    }
    if options == decls.len() {
        return Ok(Value::TRUE);
    }
    if options > 0 {
        return mixed(ev, level, name, &decls);
    }
    static CONFIGS_BELOW: Lazy = Lazy {
        name: "modules.configs",
        run: |ev, captures, index| configs(ev, definitions_of(ev, peek(&captures[0]), index)?),
    };
    let below = Value::native(name, ev.delays_raw(&CONFIGS_BELOW, &[level])?);
    let context = peek(field(ev, level, CONTEXT));
    let words = decls.iter().flat_map(|decl| [decl.file, decl.options, position(decl.pos)]);
    let words = match has_base(ev, level) {
        true => ev.mem.list_from(decls.len() * DECL, words)?,
        false => peek(&ev.mem.items(grouped(ev, level)?[1])[name]),
    };
    let below = self::level(ev, context, loc_of_name(ev, level, name)?, words, below)?;
    Ok(ev.mem.list(&[below])?)
}

/// The sets that some definitions mean, as words of [`CONFIG`]s.
fn configs(ev: &Evaluator, raws: Value) -> Res<Value> {
    let mut words = Vec::new();
    for raw in Raw::all(ev, raws) {
        let raw = raw?;
        push_down(ev, ev.force_value(raw.value)?, raw.props, &mut |set, props| {
            words.extend([raw.file, set, props]);
            Ok(())
        })?;
    }
    Ok(ev.mem.list(&words)?)
}

fn mixed(ev: &Evaluator, level: Value, name: usize, decls: &[Decl]) -> Res<Value> {
    let mut first = None;
    let mut all_submodules = true;
    for decl in decls {
        if is_type(ev, decl.options, b"option")? {
            first = first.or(Some(decl));
            all_submodules = all_submodules && has_submodule_type(ev, decl.options)?;
        }
    }
    match first {
        Some(first) if !all_submodules => Err(no_parent(ev, level, name, decls, first)?),
        _ => Ok(Value::FALSE),
    }
}

/// `option.type.name or null == "submodule"`
fn has_submodule_type(ev: &Evaluator, option: Value) -> Res<bool> {
    let Some(ty) = get(ev, option, sym!("type")) else {
        return Ok(false);
    };
    match get(ev, ev.force(ty)?, sym!("name")) {
        None => Ok(false),
        Some(name) => {
            let name = ev.force(name)?;
            Ok(name.is_string() && ev.mem.text(name) == b"submodule")
        }
    }
}

#[cold]
fn no_parent(
    ev: &Evaluator,
    level: Value,
    name: usize,
    decls: &[Decl],
    option: &Decl,
) -> Res<crate::eval::Error> {
    let loc = loc_of_name(ev, level, name)?;
    let path = show::option(ev, loc)?;
    let file_text = |file: Value| -> Res<String> {
        Ok(text(ev, crate::native::interpolate(ev, &crate::value::slot(file))?))
    };
    let description = match get(ev, option.options, sym!("type")) {
        Some(ty) => match get(ev, ev.force(ty)?, sym!("description")) {
            Some(description) => text(ev, crate::native::interpolate(ev, description)?),
            None => "<no description>".to_owned(),
        },
        None => "<no description>".to_owned(),
    };
    let mut lines = Vec::new();
    for decl in decls {
        if is_type(ev, decl.options, b"option")? {
            continue;
        }
        for entry in ev.mem.entries(ev.force_attrs(&crate::value::slot(decl.options), Pos::NONE, "")?) {
            let nested = show::option(ev, appended(ev, loc, Value::symbol(entry.name))?)?;
            let file = file_text(decl.file)?;
            lines.push(format!(" - option(s) with prefix `{nested}' in module `{file}'"));
        }
    }
    lines.sort_unstable();
    Ok(throw(format!(
        "The option `{path}' in module `{}' would be a parent of the following options, but its type \
         `{description}' does not support nested options.\n{}",
        file_text(option.file)?,
        lines.join("\n")
    )))
}

/// The option or the options that a name stands for.
fn option(ev: &Evaluator, level: Value, name: usize) -> Res<Value> {
    let [_, _, results] = grouped(ev, level)?;
    let result = ev.force(&ev.mem.items(results)[name])?;
    if let [below] = ev.mem.items(result) {
        return ev.force(field(ev, peek(below), MATCHED));
    }
    let mut decls = decls(ev, level, name)?;
    let context = ev.mem.items(peek(field(ev, level, CONTEXT)));
    if result == Value::FALSE {
        for decl in &mut decls {
            if !is_type(ev, decl.options, b"option")? {
                decl.options = tree_as_option(ev, ev.mem.share(&context[1])?, decl.options)?;
            }
        }
    }
    let loc = loc_of_name(ev, level, name)?;
    eval_option(ev, peek(&context[0]), loc, &decls, about(ev, level, name, RAWS))
}

fn grouped_definitions(ev: &Evaluator, level: Value) -> Res<Value> {
    let configs = ev.force(field(ev, level, CONFIGS))?;
    let configs = ev.mem.items(configs);
    for config in configs.chunks_exact(CONFIG) {
        if !peek(&config[1]).is_attrs() {
            return Err(no_definitions(ev, level, config)?);
        }
    }
    let [names, ..] = grouped(ev, level)?;
    let names: Vec<Sym> =
        ev.mem.items(names).iter().map(|n| ev.mem.symbol_of(peek(n))).collect::<Result<_, _>>()?;
    let mut found: Vec<(u32, Raw)> = Vec::new();
    let mut others: Vec<(Sym, Raw)> = Vec::new();
    for config in configs.chunks_exact(CONFIG) {
        let props = peek(&config[2]);
        let file = ev.mem.share(&config[0])?;
        for entry in ev.mem.entries(peek(&config[1])) {
            let raw = Raw { file, value: ev.mem.share(entry.slot)?, props, pos: entry.pos };
            match names.binary_search(&entry.name) {
                Ok(i) => found.push((i as u32, raw)),
                Err(_) => others.push((entry.name, raw)),
            }
        }
    }
    found.sort_by_key(|(name, _)| *name);
    let mut lists = vec![Value::EMPTY_LIST; names.len() + 1];
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        let words = group.iter().flat_map(|(_, raw)| raw.words());
        lists[group[0].0 as usize] = ev.mem.list_from(group.len() * RAW, words)?;
    }
    others.sort_by_key(|(name, _)| ev.mem.heap.name(*name));
    let words =
        others.iter().flat_map(|(name, raw)| std::iter::once(Value::symbol(*name)).chain(raw.words()));
    lists[names.len()] = ev.mem.list_from(others.len() * OTHER, words)?;
    Ok(ev.mem.list(&lists)?)
}

#[cold]
fn no_definitions(ev: &Evaluator, level: Value, config: &[Slot]) -> Res<crate::eval::Error> {
    let path = plain_path(ev, loc_of(ev, level)?)?;
    let file = text(ev, crate::native::interpolate(ev, &config[0])?);
    let kind = type_word(peek(&config[1]));
    Ok(throw(format!(
        "In module `{file}', you're trying to define a value of type `{kind}'\n\
         rather than an attribute set for the option\n`{path}'!\n\n\
         This usually happens if `{path}' has option\n\
         definitions inside that are not matched. Please check how to properly define\n\
         this option by e.g. referring to `man 5 configuration.nix'!\n"
    )))
}

/// The definitions for which there is no option, in the order of their names.
fn unmatched(ev: &Evaluator, level: Value) -> Res<Value> {
    // Without definitions none can be left over, and no option need be looked at.
    if ev.force(field(ev, level, CONFIGS))? == Value::EMPTY_LIST {
        return Ok(Value::EMPTY_LIST);
    }
    let mut words = Vec::new();
    each_stray(ev, level, &mut |name, stray| {
        match stray {
            Stray::Definition(raw) => {
                words.extend(raw.words());
                words.push(ev.mem.list(&[name])?);
            }
            Stray::Below(below) => {
                let below = strays(ev, below)?;
                for stray in ev.mem.items(below).chunks_exact(STRAY) {
                    words.extend(Raw::of(ev, stray)?.words());
                    words.push(crate::native::concat(ev, &[ev.mem.list(&[name])?, peek(&stray[RAW])])?);
                }
            }
        }
        Ok(())
    })?;
    Ok(ev.mem.list(&words)?)
}

/// What levels carry: the number, the library, and whether there are base modules.
pub(super) fn context(ev: &Evaluator, number: Value, lib: Value, base: bool) -> Res<Value> {
    Ok(ev.mem.list(&[number, lib, Value::bool(base)])?)
}

/// Something of a level that may have no option.
pub(super) enum Stray {
    /// A definition of a name that is not declared.
    Definition(Raw),
    /// A level below.
    Below(Value),
}

/// Fails where the names of a level depend on something that fails.
pub(super) fn names_known(ev: &Evaluator, level: Value) -> Res<()> {
    if ev.force(field(ev, level, CONFIGS))? != Value::EMPTY_LIST {
        let [_, _, results] = grouped(ev, level)?;
        ev.force(field(ev, level, DEFS))?;
        for result in ev.mem.items(results) {
            ev.force(result)?;
        }
    }
    Ok(())
}

/// Calls `found` with the definitions of a level that have no option and with the levels below it, in the order of
/// their names.
pub(super) fn each_stray(
    ev: &Evaluator,
    level: Value,
    found: &mut dyn FnMut(Value, Stray) -> Res<()>,
) -> Res<()> {
    if ev.force(field(ev, level, CONFIGS))? == Value::EMPTY_LIST {
        return Ok(());
    }
    let [names, _, results] = grouped(ev, level)?;
    let defs = ev.force(field(ev, level, DEFS))?;
    let mut all: Vec<(Value, Option<usize>)> =
        ev.mem.items(names).iter().enumerate().map(|(i, name)| (peek(name), Some(i))).collect();
    let others = peek(&ev.mem.items(defs)[names.list_len()]);
    let others: Vec<&[Slot]> = ev.mem.items(others).chunks_exact(OTHER).collect();
    all.extend(others.chunk_by(|a, b| peek(&a[0]) == peek(&b[0])).map(|group| (peek(&group[0][0]), None)));
    all.sort_by_key(|(name, _)| ev.mem.text(*name));
    for (name, declared) in all {
        let Some(i) = declared else {
            for other in others.iter().filter(|other| peek(&other[0]) == name) {
                found(name, Stray::Definition(Raw::of(ev, &other[1..])?))?;
            }
            continue;
        };
        let result = ev.force(&ev.mem.items(results)[i])?;
        if let [below] = ev.mem.items(result) {
            found(name, Stray::Below(peek(below)))?;
        }
    }
    Ok(())
}

/// What a name of a level stands for, when its definitions are looked for.
pub(super) enum Named {
    /// A level below.
    Below(Value),
    /// The words of [`Raw`] definitions: those of an option, or of what is no option.
    Definitions(Value),
}

/// A level's name.
pub(super) fn named(ev: &Evaluator, level: Value, name: Sym) -> Res<Named> {
    let [names, _, results] = grouped(ev, level)?;
    let Some(i) = ev.mem.items(names).iter().position(|own| peek(own) == Value::symbol(name)) else {
        let mut words = Vec::new();
        let defs = ev.force(field(ev, level, DEFS))?;
        let others = peek(&ev.mem.items(defs)[names.list_len()]);
        for other in ev.mem.items(others).chunks_exact(OTHER).filter(|o| peek(&o[0]) == Value::symbol(name)) {
            words.extend(Raw::of(ev, &other[1..])?.words());
        }
        return Ok(Named::Definitions(ev.mem.list(&words)?));
    };
    let result = ev.force(&ev.mem.items(results)[i])?;
    match ev.mem.items(result) {
        [below] => Ok(Named::Below(peek(below))),
        _ => Ok(Named::Definitions(definitions_of(ev, level, i)?)),
    }
}
