//! Turns attributes into a derivation with its outputs and paths.

use super::attributes::{Collected, collect};
use super::known::{Derivations, add_closure, load_missing};
use crate::eval::{Error, Evaluator, Res};
use crate::host::{bytes_of, shown};
use crate::store::derivation::Instantiated;
use crate::store::store_path::validate_name;
use crate::store::{CAHash, Derivation, HashAlgo, HashMode, NixHash, Output};
use crate::value::{ContextElement, Value};

/// Reads the attributes of a derivation and computes its paths.
pub(super) fn instantiate(
    ev: &Evaluator,
    set: Value,
    name: &str,
    again: bool,
) -> Res<(Derivation, Instantiated)> {
    if let Err(e) = validate_name(&bytes_of(name)) {
        let why = shown(e.message()).into_owned();
        return Err(Error::eval(format!("invalid derivation name: {why}. Please pass a different 'name'.")));
    }
    finish(ev, collect(ev, set, name, again)?, name)
}

/// Adds the inputs from the context, determines the outputs, and computes all paths.
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
