//! Definitions and their values in messages: `showDefs`.

use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Pretty, attr, text, text_of};
use crate::value::{Value, peek};

/// Shows definitions (sets) with their values, in one or more lines each. Values that throw are omitted.
pub fn definitions(ev: &Evaluator, definitions: &[Value]) -> Res<String> {
    let mut out = String::new();
    for set in definitions {
        let set = ev.force_value(*set)?;
        out.push_str(&definition_text(ev, attr(ev, set, sym!("file"))?, attr(ev, set, sym!("value"))?)?);
    }
    Ok(out)
}

/// `toPretty { } (withRecursion { depthLimit = 10; throwOnDepthLimit = false; } v)`
fn pretty(ev: &Evaluator, v: &Slot) -> Res<String> {
    const DEPTH: usize = 10;
    let shown = Pretty { depth_limit: Some(DEPTH), ..Pretty::default() }.show(ev, v)?;
    Ok(text(ev, shown))
}

/// Shows a definition with its value.
pub fn definition_text(ev: &Evaluator, file: &Slot, value: &Slot) -> Res<String> {
    const LINES: usize = 5;
    let shown = match pretty(ev, value) {
        Ok(shown) => {
            let lines: Vec<&str> = shown.split('\n').collect();
            let mut kept = lines[..lines.len().min(LINES)].join("\n    ");
            if lines.len() > LINES {
                kept.push_str("\n    ...");
            }
            if lines.len() > 1 { format!(":\n    {kept}") } else { format!(": {kept}") }
        }
        Err(e) if e.is_catchable() => String::new(),
        Err(e) => return Err(e),
    };
    Ok(format!("\n- In `{}'{shown}", text_of(ev, file)?))
}

/// The words in these slots.
pub fn words(slots: &[Slot]) -> Vec<Value> {
    slots.iter().map(peek).collect()
}
