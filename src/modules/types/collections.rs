//! Types of collections with elements of one type: `listOf`, `attrsOf` and their relatives.

use super::add_check::add_check;
use super::checked_merge::{Checked, checked_merge, coherent_check, loc_and_defs};
use super::elements::{Elements, entry_name, known_value, plain_check, settle};
use super::functor::{elem_type_functor, functor, merged_elem_type, only_elem_type, payload_elem_type};
use super::make::{Spec, symbol};
use super::option_type::{OptionType, PLAIN, substituted};
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::Raw;
use crate::modules::definitions::VALUE;
use crate::modules::definitions::{head_error, list_of as list_of_lives};
use crate::native::record;
use crate::native::{
    attr, attrs, cell, delay_select, list, select, share, shared, shared_args, shared_or, string, text, truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek};

/// `lib.types.listOf`
pub(super) static LIST_OF: Builtin = Builtin::hidden("listOf", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    list_of(ev, elem_type)
});

suspended! {
    /// `"list of ${optionDescriptionPhrase … elemType}"`
    struct ListDescription { elem_type }
}

impl ListDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let elem_type = OptionType::force(ev, self.elem_type)?;
        Ok(ev.mem.str(&format!("list of {}", elem_type.phrase(ev, &PLAIN)?))?)
    }
}

/// The type of lists of `elem_type`, which may be suspended.
pub(super) fn list_of(ev: &Evaluator, elem_type: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        list_of(ev, payload_elem_type(ev, payload)?)
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        let [elem_type, m] = shared_args(ev, args)?;
        list_of(ev, substituted(ev, elem_type, m)?)
    });
    let spec = Spec {
        description: ev.delay(ListDescription { elem_type })?,
        class: symbol(ev, "composite")?,
        check: coherent_check(ev, ev.builtin(&IS_LIST))?,
        merge: checked_merge(ev, ev.partial(&LIST_V2, &[elem_type])?)?,
        empty: ev.mem.record(&VALUE, [Value::EMPTY_LIST])?,
        sub_options: ev.partial(&STAR_OPTIONS, &[elem_type])?,
        sub_modules: delay_select(ev, elem_type, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem_type])?,
        functor: elem_type_functor(ev, "listOf", ev.builtin(&OF_PAYLOAD), elem_type)?,
        nested: only_elem_type(ev, elem_type)?,
        ..Spec::new(ev, "listOf")?
    };
    spec.build(ev)
}

static IS_LIST: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let [_, x] = exactly(args);
    Ok(Value::bool(ev.force(x)?.is_list()))
});

/// The sub-options of the elements, under the name `*`.
pub(super) static STAR_OPTIONS: Builtin =
    Builtin::hidden("getSubOptions", &["elemType", "prefix"], |ev, args, _| {
        let [elem_type, prefix] = exactly(args);
        OptionType::force(ev, elem_type)?.sub_options_below(ev, prefix, ev.mem.str("*")?)
    });

static LIST_V2: Builtin = Builtin::hidden("v2", &["elemType", "args"], |ev, args, _| {
    let [elem_type, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    let check = coherent_check(ev, ev.builtin(&IS_LIST))?;
    static META: Record<1> = Record::new(["list"]);
    let both = ev.delay(List { loc, defs, elem_type: share(ev, elem_type)? })?;
    collection(ev, check, defs, both, &META)
});

suspended! {
    /// The `headError` of a collection.
    struct HeadError { check, defs }
}

impl HeadError<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let defs = list(ev, self.defs)?;
        head_error(ev, ev.force(self.check)?, defs)
    }
}

suspended! {
    /// A field in a suspended list.
    struct Part { list } []
}

impl Part<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let list = ev.force(self.list)?;
        ev.force(&ev.mem.items(list)[index])
    }
}

/// The result of `merge.v2`. `all` is a suspended list: the value, followed by the metadata under the names
/// in `meta`. These names are known before anything is computed.
pub(super) fn collection<const N: usize>(
    ev: &Evaluator,
    check: Value,
    defs: Value,
    all: Value,
    meta: &'static Record<N>,
) -> Res<Value> {
    let head_error = ev.delay(HeadError { check, defs })?;
    let parts = ev.delays(Part { list: cell(ev, all)? })?;
    let value_meta = ev.mem.record(meta, std::array::from_fn(|i| Value::native(i + 1, parts)))?;
    Checked { head_error, value: Value::native(0, parts), value_meta }.set(ev)
}

/// The names, definitions and known values from which [`Elements`] are made.
#[derive(Default)]
struct Found {
    names: Vec<Value>,
    defs: Vec<Value>,
    known: Vec<Value>,
}

suspended! {
    /// The value and metadata of a list, with the elements that have a definition that counts.
    struct List { loc, defs, elem_type }
}

impl List<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (loc, defs) = (list(ev, self.loc)?, list(ev, self.defs)?);
        let mut found = Found::default();
        let elem_type = share(ev, self.elem_type)?;
        let check = plain_check(ev, elem_type);
        for (n, def) in ev.mem.items(defs).iter().enumerate() {
            let set = ev.force(def)?;
            let elements = list(ev, attr(ev, set, sym!("value"))?)?;
            let file = shared(ev, set, sym!("file"))?;
            for (m, item) in ev.mem.items(elements).iter().enumerate() {
                let name = entry_name(n + 1, m + 1);
                let raw = Raw { file, value: share(ev, item)?, props: Value::EMPTY_LIST, pos: Pos::NONE };
                let lives = settle(ev, &[raw])?;
                if lives.is_empty() {
                    continue;
                }
                found.known.push(known_value(ev, check, &lives)?);
                found.names.push(name);
                found.defs.push(list_of_lives(ev, &lives)?);
            }
        }
        let len = found.names.len();
        let elements = Elements::make(ev, loc, elem_type, &found.names, &found.defs, &found.known)?;
        let metas = elements.metas(ev)?;
        let metas = ev.mem.list_from(len, (0..len).map(|i| metas.of(i)))?;
        Ok(ev.mem.list(&[peek(elements.values(ev)), metas])?)
    }
}

// Sets.

/// The parameters of an attribute set type.
#[derive(Debug, Clone, Copy)]
struct AttrsWith {
    /// The type of the values; may be suspended.
    elem_type: Value,
    /// Whether the definitions of a value are evaluated only when the value is needed.
    lazy: Value,
    /// The text that represents a name in the paths of sub-options.
    placeholder: Value,
}

impl AttrsWith {
    /// `{ inherit elemType lazy; }`
    fn plain(elem_type: Value, lazy: Value) -> AttrsWith {
        AttrsWith { elem_type, lazy, placeholder: Value::symbol(sym!("name")) }
    }
}

record! {
    /// The payload of `attrsWith`.
    struct AttrsPayload {
        elem_type: "elemType",
        lazy: "lazy",
        placeholder: "placeholder",
    }
}

/// `lib.types.attrsOf`
pub(super) static ATTRS_OF: Builtin = Builtin::hidden("attrsOf", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    attrs_of(ev, elem_type, false)
});

/// `lib.types.lazyAttrsOf`
pub(super) static LAZY_ATTRS_OF: Builtin = Builtin::hidden("lazyAttrsOf", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    attrs_of(ev, elem_type, true)
});

/// The arguments of `attrsWith`.
const ATTRS_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("elemType", false), ("lazy", true), ("placeholder", true)], ellipsis: false };

/// `lib.types.attrsWith`
pub(super) static ATTRS_WITH: Builtin = Builtin::hidden("attrsWith", &["args"], |ev, args, pos| {
    let [given] = exactly(args);
    let set = ev.force_formals("attrsWith", given, &ATTRS_WITH_ARGS, pos)?;
    let elem_type = shared(ev, set, sym!("elemType"))?;
    let plain = AttrsWith::plain(elem_type, shared_or(ev, set, sym!("lazy"), Value::FALSE)?);
    let placeholder = shared_or(ev, set, sym!("placeholder"), plain.placeholder)?;
    attrs_with(ev, AttrsWith { placeholder, ..plain })
})
.with_formals(&[ATTRS_WITH_ARGS]);

/// The type of sets whose values are of type `elem_type`, which may be suspended.
pub fn attrs_of(ev: &Evaluator, elem_type: Value, lazy: bool) -> Res<Value> {
    attrs_with(ev, AttrsWith::plain(elem_type, Value::bool(lazy)))
}

suspended! {
    /// The name and description of `attrsWith { inherit elemType lazy; }`.
    struct AttrsWords { elem_type, lazy } => struct AttrsWordParts { name, description }
}

impl AttrsWords<&Slot> {
    fn is_lazy(self, ev: &Evaluator) -> Res<bool> {
        truth(ev, ev.force(self.lazy)?)
    }

    fn name(self, ev: &Evaluator) -> Res<Value> {
        symbol(ev, if self.is_lazy(ev)? { "lazyAttrsOf" } else { "attrsOf" })
    }

    fn description(self, ev: &Evaluator) -> Res<Value> {
        let kind = if self.is_lazy(ev)? { "lazy attribute set" } else { "attribute set" };
        let phrase = OptionType::force(ev, self.elem_type)?.phrase(ev, &PLAIN)?;
        Ok(ev.mem.str(&format!("{kind} of {phrase}"))?)
    }
}

fn attrs_with(ev: &Evaluator, AttrsWith { elem_type, lazy, placeholder }: AttrsWith) -> Res<Value> {
    static SUBST: Builtin =
        Builtin::hidden("substSubModules", &["elemType", "lazy", "placeholder", "m"], |ev, args, _| {
            let [elem_type, lazy, placeholder, m] = shared_args(ev, args)?;
            attrs_with(ev, AttrsWith { elem_type: substituted(ev, elem_type, m)?, lazy, placeholder })
        });
    static OPTIONS: Builtin =
        Builtin::hidden("getSubOptions", &["elemType", "placeholder", "prefix"], |ev, args, _| {
            let [elem_type, placeholder, prefix] = exactly(args);
            let name = string(ev, placeholder)?;
            let step = ev.mem.str(&format!("<{}>", text(ev, name)))?;
            OptionType::force(ev, elem_type)?.sub_options_below(ev, prefix, step)
        });
    let words = AttrsWords { elem_type, lazy }.parts(ev)?;
    let payload = AttrsPayload { elem_type, lazy, placeholder }.set(ev)?;
    let spec = Spec {
        name: match lazy {
            Value::FALSE => symbol(ev, "attrsOf")?,
            Value::TRUE => symbol(ev, "lazyAttrsOf")?,
            _ => words.name,
        },
        description: words.description,
        class: symbol(ev, "composite")?,
        check: coherent_check(ev, ev.builtin(&IS_SET))?,
        merge: checked_merge(ev, ev.partial(&ATTRS_V2, &[elem_type, lazy])?)?,
        empty: ev.mem.record(&VALUE, [Value::EMPTY_SET])?,
        sub_options: ev.partial(&OPTIONS, &[elem_type, placeholder])?,
        sub_modules: delay_select(ev, elem_type, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem_type, lazy, placeholder])?,
        functor: functor(ev, "attrsWith", ev.builtin(&ATTRS_WITH), payload, ev.builtin(&MERGE_PAYLOADS))?,
        nested: only_elem_type(ev, elem_type)?,
        ..Spec::new(ev, "attrsOf")?
    };
    spec.build(ev)
}

/// Merges two payloads of `attrsWith`: an explicit placeholder wins over the default one.
static MERGE_PAYLOADS: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    let [left, right] = exactly(args);
    let (left, right) = (ev.force(left)?, ev.force(right)?);
    let elem_type = merged_elem_type(ev, left, right)?;
    let (lazy, other_lazy) = (select(ev, left, sym!("lazy"))?, select(ev, right, sym!("lazy"))?);
    let (placeholder, other_placeholder) =
        (select(ev, left, sym!("placeholder"))?, select(ev, right, sym!("placeholder"))?);
    let default = |v: Value| v.is_string() && ev.mem.text(v) == b"name";
    let placeholder = match (placeholder, other_placeholder) {
        (a, b) if ev.equal_values(a, b, Pos::NONE)? => a,
        (a, b) if default(a) => b,
        (a, b) if default(b) => a,
        _ => return Ok(Value::NULL),
    };
    if elem_type == Value::NULL || !ev.equal_values(lazy, other_lazy, Pos::NONE)? {
        return Ok(Value::NULL);
    }
    AttrsPayload { elem_type, lazy, placeholder }.set(ev)
});

static IS_SET: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let [_, x] = exactly(args);
    Ok(Value::bool(ev.force(x)?.is_attrs()))
});

static ATTRS_V2: Builtin = Builtin::hidden("v2", &["elemType", "lazy", "args"], |ev, args, _| {
    let [elem_type, lazy, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    let check = coherent_check(ev, ev.builtin(&IS_SET))?;
    static META: Record<1> = Record::new(["attrs"]);
    let both = ev.delay(Attrs { loc, defs, elem_type: share(ev, elem_type)?, lazy: share(ev, lazy)? })?;
    collection(ev, check, defs, both, &META)
});

/// The definitions in several sets by name: names ascending, definitions of a name in the order of the sets.
fn by_name(ev: &Evaluator, defs: Value) -> Res<Vec<(Sym, Raw)>> {
    let defs = ev.mem.items(defs);
    let mut all = Vec::new();
    for def in defs {
        let set = ev.force(def)?;
        let value = attrs(ev, attr(ev, set, sym!("value"))?)?;
        let file = shared(ev, set, sym!("file"))?;
        for entry in ev.mem.entries(value) {
            let value = share(ev, entry.slot)?;
            all.push((entry.name, Raw { file, value, props: Value::EMPTY_LIST, pos: entry.pos }));
        }
    }
    if defs.len() > 1 {
        all.sort_by_key(|(name, _)| *name);
    }
    Ok(all)
}

suspended! {
    /// The value and metadata of a set.
    struct Attrs { loc, defs, elem_type, lazy }
}

impl Attrs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (loc, defs) = (list(ev, self.loc)?, list(ev, self.defs)?);
        let lazy = truth(ev, ev.force(self.lazy)?)?;
        let all = by_name(ev, defs)?;
        let mut found = Found::default();
        let elem_type = share(ev, self.elem_type)?;
        let check = plain_check(ev, elem_type);
        for group in all.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((name, _)) = group.first() else { continue };
            let name = Value::symbol(*name);
            if lazy {
                found.names.push(name);
                found.defs.push(later(ev, group)?);
                continue;
            }
            let raws: smallvec::SmallVec<[Raw; 4]> = group.iter().map(|(_, raw)| *raw).collect();
            let lives = settle(ev, &raws)?;
            if lives.is_empty() {
                continue;
            }
            found.names.push(name);
            found.known.push(known_value(ev, check, &lives)?);
            found.defs.push(list_of_lives(ev, &lives)?);
        }
        let elements = Elements::make(ev, loc, elem_type, &found.names, &found.defs, &found.known)?;
        let all_metas = elements.metas(ev)?;
        let (mut values, mut metas) = (AttrsBuilder::new(), AttrsBuilder::new());
        for (i, name) in found.names.iter().enumerate() {
            let name = ev.mem.symbol_of(*name)?;
            values.push(name, elements.shared_value(ev, i)?);
            metas.push(name, all_metas.of(i));
        }
        Ok(ev.mem.list(&[ev.mem.attrs(values)?, ev.mem.attrs(metas)?])?)
    }
}

suspended! {
    /// The definitions of an element that count, among those in the list `raws`.
    struct Later { raws }
}

impl Later<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let raws = Raw::all(ev, peek(self.raws)).collect::<Res<Vec<_>>>()?;
        list_of_lives(ev, &settle(ev, &raws)?)
    }
}

/// The definitions of an element that are not evaluated before its value is needed.
fn later(ev: &Evaluator, group: &[(Sym, Raw)]) -> Res<Value> {
    let words: Vec<Value> = group.iter().flat_map(|(_, raw)| raw.words()).collect();
    ev.delay(Later { raws: ev.mem.list(&words)? })
}

/// `lib.types.nonEmptyListOf`
pub(super) static NON_EMPTY_LIST_OF: Builtin =
    Builtin::hidden("nonEmptyListOf", &["elemType"], |ev, args, _| {
        let [elem_type] = shared_args(ev, args)?;
        non_empty_list_of(ev, elem_type)
    });

suspended! {
    /// `"non-empty ${optionDescriptionPhrase … list}"`
    struct NonEmptyDescription { list }
}

impl NonEmptyDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let list = OptionType::of(peek(self.list));
        Ok(ev.mem.str(&format!("non-empty {}", list.phrase(ev, &["noun"])?))?)
    }
}

record! {
    /// The attributes in which `nonEmptyListOf` differs from `listOf`.
    struct NonEmpty {
        description: "description",
        empty: "emptyValue",
        subst: "substSubModules",
    }
}

fn non_empty_list_of(ev: &Evaluator, elem_type: Value) -> Res<Value> {
    static NOT_EMPTY: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(ev.force(x)? != Value::EMPTY_LIST))
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        let [elem_type, m] = shared_args(ev, args)?;
        non_empty_list_of(ev, substituted(ev, elem_type, m)?)
    });
    let list = add_check(ev, list_of(ev, elem_type)?, ev.builtin(&NOT_EMPTY))?;
    let change = NonEmpty {
        description: ev.delay(NonEmptyDescription { list })?,
        empty: Value::EMPTY_SET,
        subst: ev.partial(&SUBST, &[elem_type])?,
    };
    OptionType::of(list).changed(ev, change.set(ev)?)
}

record! {
    /// The attributes in which `loaOf` differs from `attrsOf`.
    struct Loa {
        name: "name",
        deprecation: "deprecationMessage",
        nested: "nestedTypes",
    }
}

/// `lib.types.loaOf`: `attrsOf` with a deprecation message.
pub(super) static LOA_OF: Builtin = Builtin::hidden("loaOf", &["elemType"], |ev, args, _| {
    const MESSAGE: &str = "Mixing lists with attribute values is no longer possible; please use `types.attrsOf` \
                           instead. See https://github.com/NixOS/nixpkgs/issues/1800 for the motivation.";
    let [elem_type] = shared_args(ev, args)?;
    let change = Loa {
        name: symbol(ev, "loaOf")?,
        deprecation: ev.mem.str(MESSAGE)?,
        nested: only_elem_type(ev, elem_type)?,
    };
    OptionType::of(attrs_of(ev, elem_type, false)?).changed(ev, change.set(ev)?)
});
