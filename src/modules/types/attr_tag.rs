//! `types.attrTag`: a set with exactly one attribute, which is one of several options.

use super::make::{Spec, functor};
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::modules::declarations::eval_option_value;
use crate::modules::declarations::{self, Decl};
use crate::modules::definitions::definition;
use crate::modules::definitions::{definitions, path_of, value_of};
use crate::modules::messages::{self, escape_identifier, escape_string};
use crate::native::{appended, concat, context, failed_assertion, get, is_type, select, text, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// `lib.types.attrTag`
pub(in crate::modules) static ATTR_TAG: Builtin = Builtin::hidden("attrTag", &["tags"], |ev, args, _| {
    let tags = ev.force_attrs(&args[0], Pos::NONE, "")?;
    attr_tag(ev, tags)
});

fn name_text(ev: &Evaluator, name: Sym) -> String {
    String::from_utf8_lossy(&escape_identifier(ev.mem.heap.name(name))).into_owned()
}

/// The names of all tags, for messages.
fn choices(ev: &Evaluator, tags: Value) -> String {
    let names: Vec<String> = ev.mem.entries_by_name(tags).iter().map(|e| name_text(ev, e.name)).collect();
    names.join(", ")
}

fn attr_tag(ev: &Evaluator, given: Value) -> Res<Value> {
    static PAYLOAD: Record<1> = Record::new(["tags"]);
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let payload = ev.force(&args[0])?;
        let tags = select(ev, payload, sym!("tags"))?;
        attr_tag(ev, ev.force_attrs(&slot(tags), Pos::NONE, "")?)
    });
    static TAG: Lazy = Lazy {
        name: "types.attrTag",
        run: |ev, captures, index| {
            let given = peek(&captures[0]);
            let (name, pos) =
                ev.mem.entries(given).get(index).map_or((sym!(""), Pos::NONE), |e| (e.name, e.pos));
            let option = ev.force(crate::native::attr(ev, given, name)?);
            option.and_then(|option| tag(ev, option, name, pos)).map_err(|e| in_tag(ev, name, pos, e))
        },
    };
    let (given, _) = ev.mem.flat(given)?;
    let behind = ev.delays_raw(&TAG, &[given])?;
    let tags = ev.mem.with_values(given, |i| Value::native(i, behind))?;
    let payload = ev.mem.record(&PAYLOAD, [tags])?;
    let description = format!("attribute-tagged union with choices: {}", choices(ev, tags));
    let spec = Spec {
        check: ev.partial(&CHECK, &[tags])?,
        merge: ev.partial(&MERGE, &[tags])?,
        sub_options: ev.partial(&SUB_OPTIONS, &[tags])?,
        functor: functor(ev, "attrTag", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&MERGE_TAGS))?,
        nested: tags,
        ..Spec::noun(ev, "attrTag", &description)?
    };
    spec.build(ev)
}

#[cold]
fn in_tag(ev: &Evaluator, name: Sym, pos: Pos, e: Error) -> Error {
    let place = match ev.position_value(pos) {
        Ok(place) if place.is_attrs() => place_text(ev, place).unwrap_or_default(),
        _ => String::new(),
    };
    let name = name_text(ev, name);
    context(e, format!("while checking that attrTag tag {name} is an option with a type{place}"))
}

fn place_text(ev: &Evaluator, place: Value) -> Res<String> {
    let file = text(ev, select(ev, place, sym!("file"))?);
    let number = |name| Ok(ev.mem.integer(select(ev, place, name)?));
    let (line, column): (Res<i64>, Res<i64>) = (number(sym!("line")), number(sym!("column")));
    Ok(format!(" at {file}:{}:{}", line?, column?))
}

/// A tag's option, with where it is declared.
fn tag(ev: &Evaluator, option: Value, name: Sym, pos: Pos) -> Res<Value> {
    static PLACES: Record<2> = Record::new(["declarations", "declarationPositions"]);
    if !is_type(ev, option, b"option")? {
        let what = match get(ev, option, sym!("_type")) {
            None => "was not.".to_owned(),
            Some(_) if is_type(ev, option, b"option-type")? => {
                "was a bare type, not wrapped in mkOption.".to_owned()
            }
            Some(kind) => {
                let kind = ev.force_string(kind, Pos::NONE, "")?;
                format!("was of type {}.", String::from_utf8_lossy(&escape_string(ev.mem.text(kind))))
            }
        };
        let name = name_text(ev, name);
        return Err(throw(format!("In attrTag, each tag value must be an option, but tag {name} {what}")));
    }
    let place = ev.position_value(pos)?;
    let (mut files, mut places) = (Value::EMPTY_LIST, Value::EMPTY_LIST);
    if place.is_attrs() {
        files = ev.mem.list(&[select(ev, place, sym!("file"))?])?;
        places = ev.mem.list(&[place])?;
    }
    let own = |name, default| match get(ev, option, name) {
        Some(own) => ev.mem.share(own),
        None => Ok(default),
    };
    let places = [own(sym!("declarations"), files)?, own(sym!("declarationPositions"), places)?];
    Ok(ev.mem.update(option, ev.mem.record(&PLACES, places)?)?)
}

static SUB_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["tags", "prefix"], |ev, args, _| {
    static OPTION: Lazy = Lazy {
        name: "types.attrTagOption",
        run: |ev, captures, index| {
            static LOC: Record<1> = Record::new(["loc"]);
            let entries = ev.mem.entries(peek(&captures[0]));
            let Some(entry) = entries.get(index) else {
                return Ok(Value::NULL);
            };
            let prefix = ev.force_list(&captures[1], Pos::NONE, "")?;
            let loc = appended(ev, prefix, Value::symbol(entry.name))?;
            let option = ev.force_attrs(entry.slot, Pos::NONE, "")?;
            Ok(ev.mem.update(option, ev.mem.record(&LOC, [loc])?)?)
        },
    };
    let tags = ev.force(&args[0])?;
    let behind = ev.delays_raw(&OPTION, &[tags, ev.mem.share(&args[1])?])?;
    Ok(ev.mem.with_values(tags, |i| Value::native(i, behind))?)
});

/// The name of a set that `attrNames` has first.
fn first_name(ev: &Evaluator, v: Value) -> Option<Sym> {
    if !v.is_attrs() {
        return None;
    }
    ev.mem.entries_by_name(v).first().map(|e| e.name)
}

/// The only attribute of a set, if there is only one.
fn only(ev: &Evaluator, v: Value) -> Option<Sym> {
    if !v.is_attrs() || ev.mem.attrs_len(v) != 1 {
        return None;
    }
    ev.mem.entries(v).first().map(|e| e.name)
}

static CHECK: Builtin = Builtin::hidden("check", &["tags", "v"], |ev, args, _| {
    let (tags, v) = (ev.force(&args[0])?, ev.force(&args[1])?);
    Ok(Value::bool(only(ev, v).is_some_and(|name| ev.mem.get(tags, name).is_some())))
});

static MERGE: Builtin = Builtin::hidden("merge", &["tags", "loc", "defs"], |ev, args, _| {
    let tags = ev.force(&args[0])?;
    let loc = path_of(ev, &args[1])?;
    let defs = definitions(ev, &args[2])?;
    let Some(first) = defs.first() else {
        return Err(Error::eval("'builtins.head' called on an empty list"));
    };
    let value = value_of(ev, first)?;
    let Some(choice) = first_name(ev, value) else {
        return Err(Error::eval("'builtins.head' called on an empty list"));
    };
    let Some(option) = ev.mem.get(tags, choice) else {
        return Err(no_choice(ev, loc, choice, tags, defs)?);
    };
    static VALUE: Lazy = Lazy {
        name: "types.attrTagValue",
        run: |ev, captures, _| {
            let option = ev.force_attrs(&captures[0], Pos::NONE, "")?;
            let defs = definitions(ev, &captures[2])?;
            let mut chosen = Vec::with_capacity(defs.len());
            for def in defs {
                let loc = ev.mem.share(&captures[1])?;
                let all = ev.mem.share(&captures[2])?;
                let about = ev.delays_raw(&CHOSEN, &[loc, all, peek(&captures[3]), ev.mem.share(def)?])?;
                chosen.push(definition(ev, Value::native(1, about), Value::native(0, about))?);
            }
            let loc = appended(ev, ev.force(&captures[1])?, peek(&captures[3]))?;
            let option = eval_option_value(ev, loc, option, ev.mem.list(&chosen)?)?;
            select(ev, option, sym!("value"))
        },
    };
    let captures = [ev.mem.share(option)?, loc, ev.mem.share(&args[2])?, Value::symbol(choice)];
    let mut set = AttrsBuilder::with_capacity(1);
    set.push(choice, ev.delay_raw(&VALUE, &captures)?);
    Ok(ev.mem.attrs(set)?)
});

/// What a definition says about the choice, and its file. That it makes another one is an error in both, so that the
/// set itself can be looked at, and that the error's trace names no file.
static CHOSEN: Lazy = Lazy {
    name: "types.attrTagDefinition",
    run: |ev, captures, index| {
        let value = value_of(ev, &captures[3])?;
        let Some(name) = only(ev, value) else {
            return Err(failed_assertion("((length (attrNames (def).value)) == 1)"));
        };
        let choice = ev.mem.symbol_of(peek(&captures[2]))?;
        if name == choice {
            return match index {
                0 => select(ev, value, name),
                _ => select(ev, ev.force(&captures[3])?, sym!("file")),
            };
        }
        let path = messages::option(ev, ev.force(&captures[0])?)?;
        let files = messages::files_of(ev, definitions(ev, &captures[1])?)?;
        let (choice, name) = (ev.name(choice), ev.name(name));
        Err(throw(format!("The option `{path}` is defined both as `{choice}` and `{name}`, in {files}.")))
    },
};

#[cold]
fn no_choice(ev: &Evaluator, loc: Value, choice: Sym, tags: Value, defs: &[Slot]) -> Res<Error> {
    let (path, files) = (messages::option(ev, loc)?, messages::files_of(ev, defs)?);
    let (name, plain, choices) = (name_text(ev, choice), ev.name(choice), choices(ev, tags));
    Ok(throw(format!(
        "The option `{path}` is defined as {name}, but {name} is not among the valid choices ({choices}). Value {plain} \
         was defined in {files}."
    )))
}

/// The tags of both; an option that both have is declared twice.
static MERGE_TAGS: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    static PAYLOAD: Record<1> = Record::new(["tags"]);
    static BOTH: Lazy = Lazy {
        name: "types.attrTagTags",
        run: |ev, captures, _| {
            let tags = |i: usize| -> Res<Value> {
                let payload = ev.force(&captures[i])?;
                ev.force_attrs(crate::native::attr(ev, payload, sym!("tags"))?, Pos::NONE, "")
            };
            let (a, b) = (tags(0)?, tags(1)?);
            let mut merged = AttrsBuilder::new();
            for entry in ev.mem.entries(b) {
                if let Some(other) = ev.mem.get(a, entry.name) {
                    let captures =
                        [Value::symbol(entry.name), ev.mem.share(other)?, ev.mem.share(entry.slot)?];
                    merged.push(entry.name, ev.delay_raw(&TWICE, &captures)?);
                }
            }
            Ok(ev.mem.update(ev.mem.update(a, b)?, ev.mem.attrs(merged)?)?)
        },
    };
    let payloads = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
    Ok(ev.mem.record(&PAYLOAD, [ev.delay_raw(&BOTH, &payloads)?])?)
});

static TWICE: Lazy = Lazy {
    name: "types.attrTagTwice",
    run: |ev, captures, _| {
        static PLACES: Record<2> = Record::new(["declarations", "declarationPositions"]);
        let file = ev.mem.str("<attrTag {...}>")?;
        let mut decls = [Decl { file, options: Value::NULL, pos: Pos::NONE }; 2];
        for (decl, tag) in decls.iter_mut().zip(&captures[1..]) {
            decl.options = ev.force_attrs(tag, Pos::NONE, "")?;
        }
        let merged = declarations::merge(ev, ev.mem.list(&[peek(&captures[0])])?, &decls)?;
        let both = |name: Sym| -> Res<Value> {
            let list = |decl: &Decl| -> Res<Value> {
                ev.force_list(crate::native::attr(ev, decl.options, name)?, Pos::NONE, "")
            };
            concat(ev, &[list(&decls[0])?, list(&decls[1])?])
        };
        let places = [both(sym!("declarations"))?, both(sym!("declarationPositions"))?];
        Ok(ev.mem.update(merged, ev.mem.record(&PLACES, places)?)?)
    },
};
