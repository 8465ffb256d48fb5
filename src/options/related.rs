//! The packages that an option names as related to it, as `make-options-doc` writes them.

use crate::eval::{Evaluator, Res};
use crate::native::{attr, get, items, list, string, text, text_of};
use crate::value::{Value, slot};

/// A list of packages in Markdown. A package is a name, a path of names, or a set with `name` or `path` and, if it has
/// them, `title` and `comment`.
pub(super) fn related_packages(ev: &Evaluator, packages: Value) -> Res<Vec<u8>> {
    let mut out = String::new();
    for package in ev.mem.items(packages) {
        let package = ev.force(package)?;
        let part = |name: &str| -> Res<Option<String>> {
            let found = get(ev, package, name).map(|slot| ev.force(slot)).transpose()?;
            match found {
                None | Some(Value::NULL) => Ok(None),
                Some(found) => Ok(Some(text(ev, string(ev, &slot(found))?))),
            }
        };
        let name = match package {
            name if name.is_string() => text(ev, name),
            path if path.is_list() => joined(ev, path)?,
            set => match part("name")? {
                Some(name) => name,
                None => joined(ev, list(ev, attr(ev, set, "path")?)?)?,
            },
        };
        let title = part("title")?.map(|title| format!("{title} aka ")).unwrap_or_default();
        let comment = part("comment")?.map(|comment| format!("\n\n  {comment}")).unwrap_or_default();
        out.push_str(&format!(
            "- [{title}`pkgs.{name}`](\n    \
             https://search.nixos.org/packages?show={name}&sort=relevance&query={name}\n  ){comment}\n"
        ));
    }
    Ok(out.into_bytes())
}

/// The names of a path, with dots between them.
fn joined(ev: &Evaluator, path: Value) -> Res<String> {
    let names = items(ev, &slot(path))?.iter().map(|name| text_of(ev, name)).collect::<Res<Vec<_>>>()?;
    Ok(names.join("."))
}
