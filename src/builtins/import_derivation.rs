//! Imports the file of a derivation as a set like the result of `derivation`.

use std::rc::Rc;

use super::realise::is_valid;
use crate::eval::{Evaluator, Res};
use crate::source::{Origin, Pos};
use crate::store::Derivation;
use crate::store::placeholder::DownstreamPlaceholder;
use crate::value::{AttrsBuilder, ContextElement, Value};

const IMPORTED: &[u8] = include_bytes!("imported.nix");

/// The set, if `path` is the file of a derivation in the store.
pub fn import_derivation(ev: &Evaluator, path: &[u8]) -> Res<Option<Value>> {
    if !path.ends_with(b".drv") || !matches!(ev.objects.split(path), Some((_, b""))) {
        return Ok(None);
    }
    let dir = ev.store_dir()?;
    let Ok(store_path) = dir.parse(path) else {
        return Ok(None);
    };
    if !is_valid(ev, &store_path)? {
        return Ok(None);
    }
    let text = ev.host.read_file(path).map_err(|e| ev.host_error(e))?;
    let features = ev.settings.store_features;
    let name = store_path.derivation_name().map_err(|e| ev.store_error(&e))?.to_owned();
    let drv = Derivation::from_aterm_bytes(&text, &name, dir, features).map_err(|e| ev.store_error(&e))?;
    let shown: Rc<str> = Rc::from(dir.print(&store_path));
    let mut set = AttrsBuilder::new();
    let deep = ev.mem.contexts.make(vec![ContextElement::DrvDeep(shown.clone())]);
    set.push(sym!("drvPath"), ev.mem.string(path, deep)?);
    let stated = drv.environment.get(&b"name"[..]).cloned().unwrap_or_default();
    set.push(sym!("name"), ev.mem.string(&stated, Default::default())?);
    let mut outputs = Vec::new();
    for (output, kind) in &drv.outputs {
        outputs.push(ev.mem.str(output)?);
        let text = match kind.path(dir, &name, output).map_err(|e| ev.store_error(&e))? {
            Some(path) => dir.print(&path),
            None => DownstreamPlaceholder::unknown_ca_output(&store_path, output, features)
                .map_err(|e| ev.store_error(&e))?
                .render(),
        };
        set.push(ev.intern(output)?, ev.output_string(&text, &shown, output)?);
    }
    set.push(sym!("outputs"), ev.mem.list(&outputs)?);
    let set = ev.mem.attrs(set)?;
    let function = ev.eval_text(Origin::Internal("«none»"), IMPORTED, b"/")?;
    ev.call(function, &[set], Pos::NONE).map(Some)
}
