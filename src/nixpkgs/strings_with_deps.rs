//! `lib.stringsWithDeps`: texts ordered by their dependencies.

use hashbrown::HashSet;

use super::strings::join;
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::{Slot, Sym};
use crate::native::{
    Entry, Table, attr, callable, function, items, name, set_of, share, shared, shared_args,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.stringsWithDeps`
pub static TABLE: Table = Table { namespace: "stringsWithDeps", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("textClosureList", &["predefined", "arg"], text_closure_list_of).top(),
    function("textClosureMap", &["f", "predefined", "names"], text_closure_map).top(),
    function("noDepEntry", &["text"], no_dep_entry).top(),
    function("fullDepEntry", &["text", "deps"], full_dep_entry).top(),
    function("packEntry", &["deps"], pack_entry).top(),
    function("stringAfter", &["deps", "text"], string_after).top(),
];

/// Appends the texts of entries, dependencies first, and each named entry once.
fn closure(
    ev: &Evaluator,
    predefined: &Slot,
    todo: &[Slot],
    done: &mut HashSet<Sym>,
    texts: &mut Vec<Value>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for entry in todo {
        let mut set = ev.force(entry)?;
        if !set.is_attrs() {
            // A name may stand for another name.
            let of = name(ev, entry)?;
            if !done.insert(of) {
                continue;
            }
            let found = slot(share(ev, ev.attribute(ev.force(predefined)?, of, Pos::NONE)?)?);
            set = ev.force(&found)?;
            if !set.is_attrs() {
                closure(ev, predefined, &[found], done, texts)?;
                continue;
            }
        }
        closure(ev, predefined, items(ev, attr(ev, set, "deps")?)?, done, texts)?;
        texts.push(shared(ev, set, "text")?);
    }
    Ok(())
}

/// `lib.stringsWithDeps.textClosureList`: the texts of entries and their dependencies, in order.
fn text_closure_list_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [predefined, names] = exactly(args);
    text_closure_list(ev, predefined, names)
}

/// `textClosureList predefined names`
fn text_closure_list(ev: &Evaluator, predefined: &Slot, names: &Slot) -> Res<Value> {
    let mut texts = Vec::new();
    closure(ev, predefined, items(ev, names)?, &mut HashSet::new(), &mut texts)?;
    Ok(ev.mem.list(&texts)?)
}

/// `lib.stringsWithDeps.textClosureMap`: the same with a function applied to each text, joined as lines.
fn text_closure_map(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, predefined, names] = exactly(args);
    let separator = slot(ev.mem.str("\n")?);
    let texts = || {
        let texts = text_closure_list(ev, predefined, names)?;
        if texts.list_len() > 0 {
            callable(ev, f)?;
        }
        Ok(ev.mem.items(texts))
    };
    join(ev, Some(&separator), texts, |_, text| ev.call1(ev.force(f)?, text, pos))
}

/// `{ inherit text deps; }`
fn entry(ev: &Evaluator, text: Value, deps: Value) -> Res<Value> {
    set_of(ev, &[("text", text), ("deps", deps)])
}

/// `lib.stringsWithDeps.noDepEntry`: a text without dependencies.
fn no_dep_entry(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [text] = shared_args(ev, args)?;
    entry(ev, text, Value::EMPTY_LIST)
}

/// `lib.stringsWithDeps.fullDepEntry`: a text with its dependencies.
fn full_dep_entry(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [text, deps] = shared_args(ev, args)?;
    entry(ev, text, deps)
}

/// `lib.stringsWithDeps.packEntry`: dependencies without a text.
fn pack_entry(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [deps] = shared_args(ev, args)?;
    entry(ev, ev.mem.str("")?, deps)
}

/// `lib.stringsWithDeps.stringAfter`: a text after its dependencies.
fn string_after(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [deps, text] = shared_args(ev, args)?;
    entry(ev, text, deps)
}
