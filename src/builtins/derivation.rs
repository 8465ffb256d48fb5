//! `derivationStrict`: from a set of attributes to a derivation and its paths.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::HashMap;

use super::to_json_with_context;
use crate::eval::{Builtin, Coerce, Error, Evaluator, Res};
use crate::heap::Sym;
use crate::host::{bytes_of, shown};
use crate::source::Pos;
use crate::store::derivation::Instantiated;
use crate::store::placeholder::DownstreamPlaceholder;
use crate::store::store_path::validate_name;
use crate::store::{
    CAHash, Derivation, Feature, HashAlgo, HashMode, HashModulos, NixHash, Output, StorePath,
};
use crate::value::{AttrsBuilder, ContextElement, ContextSum, Entry, Type, Value, slot};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[Builtin::new(
    "derivationStrict",
    &["attrs"],
    "The derivation that a set describes: its path and those of its outputs.",
    |ev, args, pos| {
        let set = ev.force_attrs(
            &args[0],
            pos,
            "while evaluating the argument passed to builtins.derivationStrict",
        )?;
        derivation_strict(ev, set)
    },
)];

/// The code of `derivation`.
pub const DERIVATION: &[u8] = include_bytes!("derivation.nix");

/// What is remembered of each derivation.
#[derive(Default)]
struct Derivations {
    modulos: RefCell<HashModulos>,
    inputs: RefCell<HashMap<StorePath, Inputs>>,
}

/// The parts of a derivation that a reference to its whole closure needs.
struct Inputs {
    derivations: Vec<StorePath>,
    sources: Vec<StorePath>,
    outputs: Vec<String>,
    file: DerivationFile,
}

/// Where the file of a derivation comes from when it is read.
enum DerivationFile {
    /// It is made again from the attributes, which the heap has anyway.
    Again { name: Rc<str>, set: Value },
    /// It is kept: the attributes refer to whole package sets, which may be collected.
    Kept { aterm: Box<[u8]>, outputs: Vec<(String, Option<StorePath>)> },
}

/// What the attributes say beside the derivation itself.
struct Collected {
    drv: Derivation,
    /// Its environment, in order of names.
    environment: Vec<(Vec<u8>, Vec<u8>)>,
    context: ContextSum,
    content_addressed: bool,
    impure: bool,
    hash: Option<Vec<u8>>,
    algo: Option<HashAlgo>,
    mode: Option<HashMode>,
    outputs: BTreeSet<String>,
    /// The JSON object of structured attributes, without its closing brace.
    json: Option<Vec<u8>>,
    /// No warnings: they were given before.
    again: bool,
}

fn derivation_strict(ev: &Evaluator, set: Value) -> Res<Value> {
    let here = "in the attrset passed as argument to builtins.derivationStrict";
    ev.need_attr(set, sym!("name"), here)?;
    let Some(name_attr) = ev.mem.get_entry(set, sym!("name")) else {
        return Ok(Value::NULL);
    };
    let doing = "while evaluating the `name` attribute passed to builtins.derivationStrict";
    let name = ev
        .force_plain_string(name_attr.slot, Pos::NONE, doing)
        .map_err(|e| e.trace(name_attr.pos, "while evaluating the derivation attribute 'name'"))?;
    let name = shown(ev.mem.text(name)).into_owned();
    derive(ev, set, &name).map_err(|e| {
        let place = ev.place_text(name_attr.pos);
        e.trace(
            Pos::NONE,
            format!("while evaluating derivation '{name}'\n  whose name attribute is located at {place}"),
        )
    })
}

fn derive(ev: &Evaluator, set: Value, name: &str) -> Res<Value> {
    let (drv, made) = instantiate(ev, set, name, false)?;
    let known = ev.extension::<Derivations>();
    if let Some(sink) = &ev.derivation_sink {
        sink(&ev.store_dir()?.print(&made.drv_path), &made.aterm)?;
    }
    let result = result(ev, &made)?;
    let file = match ev.mem.heap.collects() {
        true => DerivationFile::Kept { aterm: made.aterm.into(), outputs: made.outputs },
        false => DerivationFile::Again { name: Rc::from(name), set },
    };
    known.inputs.borrow_mut().insert(
        made.drv_path,
        Inputs {
            derivations: drv.input_derivations.into_keys().collect(),
            sources: drv.input_sources.into_iter().collect(),
            outputs: drv.outputs.into_keys().collect(),
            file,
        },
    );
    Ok(result)
}

/// Whether the evaluation has made this derivation.
pub fn is_derivation_of_ours(ev: &Evaluator, path: &StorePath) -> bool {
    ev.extension::<Derivations>().inputs.borrow().contains_key(path)
}

/// The outputs of a derivation that the evaluation has made, and their paths where they are known before a build.
pub fn outputs(ev: &Evaluator, path: &StorePath) -> Res<Vec<(String, Option<StorePath>)>> {
    Ok(file_of(ev, path)?.map(|file| file.outputs).unwrap_or_default())
}

/// What is in the file of a derivation that the evaluation has made, and what the file refers to.
pub fn derivation_file(ev: &Evaluator, path: &StorePath) -> Res<Option<(Vec<u8>, Vec<StorePath>)>> {
    Ok(file_of(ev, path)?.map(|file| (file.aterm, file.references)))
}

/// The file of a derivation.
struct Read {
    aterm: Vec<u8>,
    outputs: Vec<(String, Option<StorePath>)>,
    references: Vec<StorePath>,
}

/// The file of a derivation that the evaluation has made.
fn file_of(ev: &Evaluator, path: &StorePath) -> Res<Option<Read>> {
    let known = ev.extension::<Derivations>();
    let (name, set) = match known.inputs.borrow().get(path) {
        None => return Ok(None),
        Some(Inputs { derivations, sources, file: DerivationFile::Kept { aterm, outputs }, .. }) => {
            let references = derivations.iter().chain(sources).cloned().collect();
            return Ok(Some(Read { aterm: aterm.to_vec(), outputs: outputs.clone(), references }));
        }
        Some(Inputs { file: DerivationFile::Again { name, set }, .. }) => (name.clone(), *set),
    };
    let (drv, made) = instantiate(ev, set, &name, true)?;
    let references = drv.input_derivations.into_keys().chain(drv.input_sources).collect();
    Ok(Some(Read { aterm: made.aterm, outputs: made.outputs, references }))
}

/// Reads what the attributes of a derivation say, and computes its paths.
fn instantiate(ev: &Evaluator, set: Value, name: &str, again: bool) -> Res<(Derivation, Instantiated)> {
    if let Err(e) = validate_name(&bytes_of(name)) {
        let why = shown(e.message()).into_owned();
        return Err(Error::eval(format!("invalid derivation name: {why}. Please pass a different 'name'.")));
    }
    let flag = |attr: Sym, doing| match ev.mem.get(set, attr) {
        Some(slot) => ev.force_bool(slot, Pos::NONE, doing),
        None => Ok(false),
    };
    let structured = flag(
        sym!("__structuredAttrs"),
        "while evaluating the `__structuredAttrs` attribute passed to builtins.derivationStrict",
    )?;
    let ignore_nulls = flag(
        sym!("__ignoreNulls"),
        "while evaluating the `__ignoreNulls` attribute passed to builtins.derivationStrict",
    )?;
    let entries = ev.mem.entries_by_name(set);
    let mut all = Collected {
        drv: Derivation::default(),
        environment: Vec::with_capacity(entries.len()),
        context: ContextSum::default(),
        content_addressed: false,
        impure: false,
        hash: None,
        algo: None,
        mode: None,
        outputs: BTreeSet::from(["out".to_owned()]),
        json: structured.then(|| b"{".to_vec()),
        again,
    };
    for entry in entries {
        if entry.name == sym!("__ignoreNulls") {
            continue;
        }
        attribute(ev, &entry, name, ignore_nulls, &mut all).map_err(|e| {
            let key = ev.name(entry.name);
            e.trace(entry.pos, format!("while evaluating attribute '{key}' of derivation '{name}'"))
        })?;
    }
    if let Some(mut json) = all.json.take() {
        json.push(b'}');
        all.environment.push((b"__json".to_vec(), json));
    }
    all.drv.environment = std::mem::take(&mut all.environment).into_iter().collect();
    finish(ev, all, name)
}

/// Takes one attribute in.
fn attribute(
    ev: &Evaluator,
    entry: &Entry<'_>,
    drv_name: &str,
    ignore_nulls: bool,
    all: &mut Collected,
) -> Res<()> {
    const CONTENT_ADDRESSED: Sym = sym!("__contentAddressed");
    const IMPURE: Sym = sym!("__impure");
    const ARGS: Sym = sym!("args");
    let features = ev.settings.store_features;
    if ignore_nulls && ev.force(entry.slot)?.type_of() == Type::Null {
        return Ok(());
    }
    match entry.name {
        CONTENT_ADDRESSED => {
            if ev.force_bool(entry.slot, Pos::NONE, "")? {
                all.content_addressed = true;
                features.require(Feature::CaDerivations).map_err(|e| ev.store_error(&e))?;
            }
        }
        IMPURE => {
            if ev.force_bool(entry.slot, Pos::NONE, "")? {
                all.impure = true;
                features.require(Feature::ImpureDerivations).map_err(|e| ev.store_error(&e))?;
            }
        }
        ARGS => {
            let list = ev.force_list(entry.slot, Pos::NONE, "")?;
            for item in ev.mem.items(list) {
                let doing = "while evaluating an element of the argument list";
                let arg = ev.coerce(item, Pos::NONE, Coerce::ENVIRONMENT, doing)?;
                all.context.add(ev.mem.context(arg));
                all.drv.arguments.push(ev.mem.text(arg).to_vec());
            }
        }
        _ if all.json.is_some() => structured_attribute(ev, entry, drv_name, all)?,
        name => {
            let value = ev.coerce(entry.slot, Pos::NONE, Coerce::ENVIRONMENT, "")?;
            all.context.add(ev.mem.context(value));
            let text = ev.mem.text(value).to_vec();
            if ev.mem.heap.name(name) == b"__json" {
                all.warn(
                    ev,
                    format!(
                        "In derivation '{drv_name}': setting structured attributes via '__json' is deprecated, and may be \
                         disallowed in future versions of Nix. Set '__structuredAttrs = true' instead."
                    ),
                );
                all.environment.push((b"__json".to_vec(), json_again(ev, &text)?));
                return Ok(());
            }
            if name == sym!("outputs") {
                let words = text.split(|c| b" \t\n\r".contains(c)).filter(|w| !w.is_empty());
                set_outputs(all, words.map(|w| shown(w).into_owned()))?;
            }
            special(ev, name, &text, drv_name, all)?;
            all.environment.push((ev.mem.heap.name(name).to_vec(), text));
        }
    }
    Ok(())
}

impl Collected {
    fn warn(&self, ev: &Evaluator, message: String) {
        if !self.again {
            ev.host.message(&bytes_of(&format!("warning: {message}")));
        }
    }
}

/// JSON given as text, as Nix prints it again.
fn json_again(ev: &Evaluator, text: &[u8]) -> Res<Vec<u8>> {
    let wrong = |what: String| Error::eval(format!("cannot process __json attribute: {what}"));
    let value = super::from_json(ev, text).map_err(|e| wrong(e.data().message.clone()))?;
    let found = match value.type_of() {
        Type::Attrs => return super::to_json(ev, &slot(value), true),
        Type::Null => "null",
        Type::List => "array",
        Type::String => "string",
        Type::Bool => "boolean",
        _ => "number",
    };
    Err(wrong(format!("[json.exception.type_error.302] type must be object, but is {found}")))
}

/// Attributes that mean something to Nix itself.
fn special(ev: &Evaluator, name: Sym, text: &[u8], drv_name: &str, all: &mut Collected) -> Res<()> {
    const BUILDER: Sym = sym!("builder");
    const SYSTEM: Sym = sym!("system");
    const HASH: Sym = sym!("outputHash");
    const ALGO: Sym = sym!("outputHashAlgo");
    const MODE: Sym = sym!("outputHashMode");
    let features = ev.settings.store_features;
    match name {
        BUILDER => all.drv.builder = text.to_vec(),
        SYSTEM => all.drv.system = text.to_vec(),
        HASH => all.hash = Some(text.to_vec()),
        ALGO => all.algo = HashAlgo::parse_opt(text, features).map_err(|e| ev.store_error(&e))?,
        MODE => {
            let mode = HashMode::parse_output_hash_mode(text, drv_name.as_bytes(), features);
            all.mode = Some(mode.map_err(|e| ev.store_error(&e))?);
        }
        _ => {}
    }
    Ok(())
}

/// Checks that structured attributes have in a place of their own.
const WITHOUT_EFFECT: &[&str] = &[
    "allowedReferences",
    "allowedRequisites",
    "disallowedReferences",
    "disallowedRequisites",
    "maxSize",
    "maxClosureSize",
];

fn structured_attribute(ev: &Evaluator, entry: &Entry<'_>, drv_name: &str, all: &mut Collected) -> Res<()> {
    if entry.name == sym!("__structuredAttrs") {
        return Ok(());
    }
    let (json, context) = to_json_with_context(ev, entry.slot, true, Pos::NONE)?;
    all.context.add(context);
    if let Some(out) = &mut all.json {
        if out.len() > 1 {
            out.push(b',');
        }
        super::quote_json(out, ev.mem.heap.name(entry.name))?;
        out.push(b':');
        out.extend(json);
    }
    let named = |n: &str| ev.mem.heap.name(entry.name) == n.as_bytes();
    if let Some(name) = WITHOUT_EFFECT.iter().find(|n| named(n)) {
        all.warn(
            ev,
            format!(
                "In a derivation named '{drv_name}', 'structuredAttrs' disables the effect of the derivation attribute \
                 '{name}'; use 'outputChecks.<output>.{name}' instead"
            ),
        );
    }
    if named("outputs") {
        let list = ev.force_list(entry.slot, Pos::NONE, "")?;
        let names: Res<Vec<String>> = ev
            .mem
            .items(list)
            .iter()
            .map(|item| {
                let name = ev.force_plain_string(item, Pos::NONE, "")?;
                Ok(shown(ev.mem.text(name)).into_owned())
            })
            .collect();
        return set_outputs(all, names?.into_iter());
    }
    if ["builder", "system", "outputHash", "outputHashAlgo", "outputHashMode"].iter().any(|n| named(n)) {
        let value = match named("builder") {
            true => ev.force_string(entry.slot, Pos::NONE, "")?,
            false => ev.force_plain_string(entry.slot, Pos::NONE, "")?,
        };
        all.context.add(ev.mem.context(value));
        return special(ev, entry.name, ev.mem.text(value), drv_name, all);
    }
    Ok(())
}

fn set_outputs(all: &mut Collected, names: impl Iterator<Item = String>) -> Res<()> {
    all.outputs.clear();
    for name in names {
        if all.outputs.contains(&name) {
            return Err(Error::eval(format!("duplicate derivation output '{name}'")));
        }
        if name == "drvPath" {
            return Err(Error::eval("invalid derivation output name 'drvPath'"));
        }
        all.outputs.insert(name);
    }
    if all.outputs.is_empty() {
        return Err(Error::eval("derivation cannot have an empty set of outputs"));
    }
    Ok(())
}

/// Adds what the context refers to, decides about the outputs, and computes all paths.
fn finish(ev: &Evaluator, mut all: Collected, name: &str) -> Res<(Derivation, Instantiated)> {
    let known = ev.extension::<Derivations>();
    let context = ev.mem.contexts.union_all(std::mem::take(&mut all.context));
    for element in ev.mem.contexts.elements(context).iter() {
        let path = ev.parse_store_path(element.path())?;
        match element {
            ContextElement::Opaque(_) => {
                all.drv.input_sources.insert(path);
            }
            ContextElement::Built { output, .. } => all.drv.add_input(path, &[], output.to_string()),
            ContextElement::Dynamic { through, output, .. } => {
                let through: Vec<String> = through.iter().map(ToString::to_string).collect();
                all.drv.add_input(path, &through, output.to_string());
            }
            ContextElement::DrvDeep(_) => add_closure(ev, &known, &mut all.drv, path)?,
        }
    }
    if all.drv.builder.is_empty() {
        return Err(Error::eval("required attribute 'builder' missing"));
    }
    if all.drv.system.is_empty() {
        return Err(Error::eval("required attribute 'system' missing"));
    }
    let only_out = all.outputs.len() == 1 && all.outputs.contains("out");
    if name.ends_with(".drv") && !(all.mode == Some(HashMode::Text) && only_out) {
        let message =
            "derivation names are allowed to end in '.drv' only if they produce a single derivation file";
        return Err(Error::eval(message));
    }
    decide_outputs(ev, &mut all, only_out)?;
    let dir = ev.store_dir()?;
    load_missing(ev, &known, &all.drv);
    let made =
        all.drv.instantiate(name, dir, &mut known.modulos.borrow_mut()).map_err(|e| ev.store_error(&e))?;
    Ok((all.drv, made))
}

/// Reads inputs that the evaluation has not made from the store. Whatever is not there is complained of later.
fn load_missing(ev: &Evaluator, known: &Derivations, drv: &Derivation) {
    let mut modulos = known.modulos.borrow_mut();
    let Ok(dir) = ev.store_dir() else { return };
    for path in drv.input_derivations.keys() {
        if modulos.get(path).is_none() {
            let read = |path: &StorePath| ev.host.read_file(dir.print(path).as_bytes()).map_err(|_| Unread);
            // What cannot be read is complained of when it is missed.
            let _ = modulos.load(path, dir, ev.settings.store_features, read);
        }
    }
}

/// An input cannot be read.
struct Unread;

impl From<crate::store::Error> for Unread {
    fn from(_: crate::store::Error) -> Unread {
        Unread
    }
}

/// A `drvPath` refers to everything below the derivation.
fn add_closure(ev: &Evaluator, known: &Derivations, drv: &mut Derivation, path: StorePath) -> Res<()> {
    let dir = ev.store_dir()?;
    let inputs = known.inputs.borrow();
    let mut open = vec![path];
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        drv.input_sources.insert(path.clone());
        if let Some(found) = inputs.get(&path) {
            open.extend(found.derivations.iter().cloned());
            open.extend(found.sources.iter().cloned());
            for output in &found.outputs {
                drv.add_input(path.clone(), &[], output.clone());
            }
        } else if let Some(references) = ev.objects.references(dir.print(&path).as_bytes()) {
            for reference in references.iter() {
                open.push(ev.parse_store_path(reference)?);
            }
        }
    }
    Ok(())
}

fn decide_outputs(ev: &Evaluator, all: &mut Collected, only_out: bool) -> Res<()> {
    if let Some(hash) = &all.hash {
        if !only_out {
            return Err(Error::eval("multiple outputs are not supported in fixed-output derivations"));
        }
        let features = ev.settings.store_features;
        let (hash, warning) =
            NixHash::parse_output_hash(hash, all.algo, features).map_err(|e| ev.store_error(&e))?;
        if let Some(warning) = warning {
            all.warn(ev, warning);
        }
        let mode = all.mode.unwrap_or(HashMode::Flat);
        all.drv.outputs.insert("out".to_owned(), Output::Fixed(CAHash { mode, hash }));
        return Ok(());
    }
    if all.content_addressed && all.impure {
        return Err(Error::eval("derivation cannot be both content-addressed and impure"));
    }
    let mode = all.mode.unwrap_or(HashMode::Nar);
    let algo = all.algo.unwrap_or(HashAlgo::Sha256);
    for name in &all.outputs {
        let output = match (all.content_addressed, all.impure) {
            (true, _) => Output::Floating { mode, algo },
            (_, true) => Output::Impure { mode, algo },
            _ => Output::Deferred,
        };
        all.drv.outputs.insert(name.clone(), output);
    }
    Ok(())
}

/// The set of paths that `derivationStrict` gives.
fn result(ev: &Evaluator, made: &Instantiated) -> Res<Value> {
    let dir = ev.store_dir()?;
    let drv_path: Rc<str> = Rc::from(dir.print(&made.drv_path));
    let mut set = AttrsBuilder::with_capacity(1 + made.outputs.len());
    let deep = ev.mem.contexts.make(vec![ContextElement::DrvDeep(drv_path.clone())]);
    set.push(sym!("drvPath"), ev.mem.string(drv_path.as_bytes(), deep)?);
    for (name, path) in &made.outputs {
        let text = match path {
            Some(path) => dir.print(path),
            None => {
                DownstreamPlaceholder::unknown_ca_output(&made.drv_path, name, ev.settings.store_features)
                    .map_err(|e| ev.store_error(&e))?
                    .render()
            }
        };
        set.push(ev.intern(name)?, ev.output_string(&text, &drv_path, name)?);
    }
    Ok(ev.mem.attrs(set)?)
}
