//! `derivationStrict`: turns a set of attributes into a derivation and its paths.

mod attributes;
mod instantiate;
mod known;

use std::rc::Rc;

use instantiate::instantiate;
pub use known::hash_modulo;
use known::{DerivationFile, Derivations, Inputs, in_store};

use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::host::shown;
use crate::source::Pos;
use crate::store::derivation::Instantiated;
use crate::store::placeholder::DownstreamPlaceholder;
use crate::store::{Derivation, StorePath};
use crate::value::{AttrsBuilder, ContextElement, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[Builtin::new(
    "derivationStrict",
    &["attrs"],
    "The derivation that a set describes: its path and those of its outputs.",
    |ev, args, pos| {
        let [attrs] = exactly(args);
        let set =
            ev.force_attrs(attrs, pos, "while evaluating the argument passed to builtins.derivationStrict")?;
        derivation_strict(ev, set)
    },
)];

/// The source of `derivation`.
pub const DERIVATION: &[u8] = include_bytes!("derivation.nix");

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

/// Whether the evaluation has instantiated this derivation.
pub fn is_derivation_of_ours(ev: &Evaluator, path: &StorePath) -> bool {
    ev.extension::<Derivations>().inputs.borrow().contains_key(path)
}

/// The outputs of a derivation that the evaluation has instantiated, with their paths if known before a build.
pub fn outputs(ev: &Evaluator, path: &StorePath) -> Res<Vec<(String, Option<StorePath>)>> {
    Ok(file_of(ev, path)?.map(|file| file.outputs).unwrap_or_default())
}

/// The contents and references of the file of a derivation that the evaluation has instantiated.
pub fn derivation_file(ev: &Evaluator, path: &StorePath) -> Res<Option<(Vec<u8>, Vec<StorePath>)>> {
    Ok(file_of(ev, path)?.map(|file| (file.aterm, file.references)))
}

/// A derivation that the evaluation has instantiated, or that is in the store.
///
/// # Errors
/// When there is no such derivation, and when its file is malformed.
pub fn read_derivation(ev: &Evaluator, path: &StorePath) -> Res<Derivation> {
    let known = ev.extension::<Derivations>();
    let again = match known.inputs.borrow().get(path) {
        Some(Inputs { file: DerivationFile::Again { name, set }, .. }) => Some((name.clone(), *set)),
        _ => None,
    };
    if let Some((name, set)) = again {
        return instantiate(ev, set, &name, true).map(|(drv, _)| drv);
    }
    let aterm = derivation_text(ev, path)?;
    let dir = ev.store_dir()?;
    let name = path.derivation_name().map_err(|e| ev.store_error(&e))?;
    let read = Derivation::from_aterm_bytes(&aterm, name, dir, ev.settings.store_features);
    read.map_err(|e| {
        let (file, why) = (dir.print(path), ev.store_error(&e).data().message.clone());
        Error::eval(format!("error parsing derivation '{file}': {why}"))
    })
}

/// The contents of the file of a derivation that the evaluation has instantiated, or that is in the store.
///
/// # Errors
/// When there is no such derivation.
pub fn derivation_text(ev: &Evaluator, path: &StorePath) -> Res<Vec<u8>> {
    match file_of(ev, path)? {
        Some(file) => Ok(file.aterm),
        None => in_store(ev, path),
    }
}

/// The file of a derivation.
struct Read {
    aterm: Vec<u8>,
    outputs: Vec<(String, Option<StorePath>)>,
    references: Vec<StorePath>,
}

/// The file of a derivation that the evaluation has instantiated.
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

/// The result of `derivationStrict`: the set of paths.
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
