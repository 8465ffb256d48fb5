//! The arguments of `fetchTree` and `fetchGit`.

use super::content::{parse, warn};
use crate::eval::{Coerce, Error, Evaluator, Res, type_name};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::store::Feature;
use crate::store::inputs::{Attr, Attrs, Input, fix_git_url};
use crate::syntax::show_name;
use crate::value::Type;

/// Which of the two built-ins is called.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The built-in's name.
    pub who: &'static str,
    /// Whether it is `fetchGit`.
    pub is_git: bool,
}

/// The input that an argument describes.
pub fn described(ev: &Evaluator, arg: &Slot, pos: Pos, kind: Kind) -> Res<Input> {
    let Kind { who, is_git } = kind;
    let features = ev.settings.store_features;
    let hear = |text: &str| warn(ev, text);
    let value = ev.force_at(arg, pos)?;
    let mut attrs = Attrs::default();
    if !value.is_attrs() {
        let doing = match is_git {
            true => "while evaluating the first argument passed to 'fetchGit'",
            false => "while evaluating the first argument passed to 'fetchTree'",
        };
        let text = ev.coerce(arg, pos, Coerce::PLAIN, doing)?;
        let text = ev.mem.text(text);
        if !is_git {
            if !features.has(Feature::Flakes) {
                let message = format!(
                    "passing a string argument to '{who}' requires the 'flakes' experimental feature"
                );
                return Err(Error::eval(message).at(pos));
            }
            let url = parse(ev, &shown(text))?;
            return Ok(Input::from_url(&url, true, features, &hear)?);
        }
        attrs.set("type", b"git");
        attrs.set("url", &fix_git_url(text, &hear)?.to_text());
        set_flag(&mut attrs, "exportIgnore");
        return Ok(Input::from_attrs(attrs, features, &hear)?);
    }
    match (ev.mem.get_entry(value, sym!("type")), is_git) {
        (Some(_), true) => return Err(Error::eval("unexpected argument 'type'").at(pos)),
        (None, true) => attrs.set("type", b"git"),
        (Some(entry), false) => {
            let doing = "while evaluating the `type` argument passed to 'fetchTree'";
            let text = ev.force_plain_string(entry.slot, entry.pos, doing)?;
            attrs.set("type", ev.mem.text(text));
        }
        (None, false) => {
            return Err(Error::eval(format!("argument 'type' is missing in call to '{who}'")).at(pos));
        }
    }
    for entry in ev.mem.entries_in_order(value) {
        let name = ev.name(entry.name);
        if name != "type" {
            let attr = attribute(ev, entry.slot, entry.pos, pos, &name, kind)?;
            attrs.0.insert(name.into_bytes(), attr);
        }
    }
    let submodules = attrs.0.get(&b"submodules"[..]) == Some(&Attr::Bool(true));
    if is_git && !submodules && !attrs.0.contains_key(&b"exportIgnore"[..]) {
        set_flag(&mut attrs, "exportIgnore");
    }
    let is_git_tree = !is_git && attrs.text("type")? == Some(b"git");
    if is_git_tree && !attrs.0.contains_key(&b"shallow"[..]) {
        set_flag(&mut attrs, "shallow");
    }
    if !is_git && attrs.0.contains_key(&b"name"[..]) {
        return Err(Error::eval(format!("argument 'name' isn’t supported in call to '{who}'")).at(pos));
    }
    Ok(Input::from_attrs(attrs, features, &hear)?)
}

/// The type of an input.
pub fn kind_of(input: &Attrs) -> Res<&str> {
    Ok(std::str::from_utf8(input.need_text("type")?).unwrap_or_default())
}

/// A string attribute.
pub fn text(input: &Attrs, name: &str) -> Res<Option<String>> {
    Ok(input.text(name)?.map(|text| shown(text).into_owned()))
}

fn set_flag(attrs: &mut Attrs, name: &str) {
    attrs.0.insert(name.as_bytes().to_vec(), Attr::Bool(true));
}

fn attribute(ev: &Evaluator, slot: &Slot, at: Pos, pos: Pos, name: &str, kind: Kind) -> Res<Attr> {
    let Kind { who, is_git } = kind;
    let shown = || shown(&show_name(name.as_bytes())).into_owned();
    let value = ev.force_at(slot, at)?;
    match value.type_of() {
        Type::Path | Type::String => {
            let text = ev.coerce(slot, at, Coerce::PLAIN, "")?;
            let text = ev.mem.text(text);
            let is_url = is_git && name == "url";
            let url = is_url.then(|| fix_git_url(text, &|text| warn(ev, text))).transpose()?;
            Ok(Attr::Text(url.map_or_else(|| text.to_vec(), |url| url.to_text())))
        }
        Type::Bool => Ok(Attr::Bool(value.is_true())),
        Type::Int => {
            let number = ev.mem.integer(value);
            match u64::try_from(number) {
                Ok(number) => Ok(Attr::Number(number)),
                Err(_) => {
                    let message =
                        format!("negative value given for '{who}' argument '{}': {number}", shown());
                    Err(Error::eval(message).at(pos))
                }
            }
        }
        _ => {
            let found = type_name(ev, value);
            Err(Error::type_error(format!(
                "argument '{}' to '{who}' is {found} while a string, Boolean or integer is expected",
                shown()
            )))
        }
    }
}
