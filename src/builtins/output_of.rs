//! `outputOf`: outputs of derivations that are themselves build outputs (dynamic derivations).

use std::rc::Rc;

use super::derivation::{is_derivation_of_ours, outputs};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::store::placeholder::DownstreamPlaceholder;
use crate::value::{ContextElement, Value};

/// `outputOf`, which exists only with the experimental feature `dynamic-derivations`.
pub static OUTPUT_OF: Builtin = Builtin::new(
    "outputOf",
    &["derivation-reference", "output-name"],
    "The output of a derivation that is itself built.",
    output_of,
);

const FIRST: &str = "while evaluating the first argument to builtins.outputOf";

fn output_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [derivation, output] = exactly(args);
    let (drv, mut steps) = derived_path(ev, derivation, pos)?;
    let doing = "while evaluating the second argument to builtins.outputOf";
    let output = ev.force_plain_string(output, pos, doing)?;
    let output: Rc<str> = Rc::from(shown(ev.mem.text(output)).as_ref());
    steps.push(output.clone());
    let text = rendered(ev, &drv, &steps)?;
    steps.pop();
    let element = match steps.is_empty() {
        true => ContextElement::Built { drv, output },
        false => ContextElement::Dynamic { drv, through: steps.into(), output },
    };
    Ok(ev.mem.string(text.as_bytes(), ev.mem.contexts.make(vec![element]))?)
}

/// A derivation's file and the chain of outputs from it.
type DerivedPath = (Rc<str>, Vec<Rc<str>>);

/// The derived path to which a string's only reference refers; the string must be its placeholder or path.
fn derived_path(ev: &Evaluator, slot: &Slot, pos: Pos) -> Res<DerivedPath> {
    let value = ev.force_string(slot, pos, FIRST)?;
    let text = shown(ev.mem.text(value)).into_owned();
    let complain = |message: String| Err(Error::eval(message).trace(pos, FIRST));
    let elements = ev.mem.contexts.elements(ev.mem.context(value));
    let (drv, steps) = match &elements[..] {
        [ContextElement::Opaque(path)] => (path.clone(), Vec::new()),
        [ContextElement::Built { drv, output }] => (drv.clone(), vec![output.clone()]),
        [ContextElement::Dynamic { drv, through, output }] => {
            (drv.clone(), through.iter().chain([output]).cloned().collect())
        }
        [ContextElement::DrvDeep(_)] => {
            return complain(format!(
                "string '{text}' has a context which refers to a complete source and binary closure. This is not \
                 supported at this time"
            ));
        }
        all => {
            let n = all.len();
            return complain(format!(
                "string '{text}' has {n} entries in its context. It should only have exactly one entry"
            ));
        }
    };
    let expected = rendered(ev, &drv, &steps)?;
    if text == expected {
        return Ok((drv, steps));
    }
    match steps.split_last() {
        None => complain(format!("path string '{text}' has context with the different path '{expected}'")),
        Some((output, before)) => {
            let drv = before.iter().fold(drv.to_string(), |inner, step| format!("{inner}^{step}"));
            complain(format!(
                "string '{text}' has context with the output '{output}' from derivation '{drv}', but the string is not \
                 the right placeholder for this derivation output. It should be '{expected}'"
            ))
        }
    }
}

/// The placeholder or path that stands for a derived path.
fn rendered(ev: &Evaluator, drv: &Rc<str>, steps: &[Rc<str>]) -> Res<String> {
    let Some((first, rest)) = steps.split_first() else {
        return Ok(drv.to_string());
    };
    let path = ev.parse_store_path(drv)?;
    if rest.is_empty() {
        if !is_derivation_of_ours(ev, &path) {
            return Err(Error::eval(format!("path '{drv}' is not a valid store path")));
        }
        match outputs(ev, &path)?.into_iter().find(|(name, _)| **name == **first) {
            Some((_, Some(known))) => return Ok(ev.store_dir()?.print(&known)),
            Some((_, None)) => {}
            None => {
                let message = format!("derivation '{drv}' does not have output '{first}'");
                return Err(Error::eval(message));
            }
        }
    }
    let features = ev.settings.store_features;
    let mut placeholder = DownstreamPlaceholder::unknown_ca_output(&path, first, features);
    for step in rest {
        placeholder = placeholder.and_then(|p| p.unknown_derivation(step, features));
    }
    Ok(placeholder.map_err(|e| ev.store_error(&e))?.render())
}
