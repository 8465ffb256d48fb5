//! `lib.options.mkPackageOption`

use super::literals::literal;
use crate::eval::{Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::types;
use crate::native::{Text, get, interpolate, share, shared_or, string, text_of, throw, truth};
use crate::nixpkgs::paths::{find_expected, path_text};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, slot};

/// The arguments of `mkPackageOption`.
pub(super) const ARGS: Formals = Formals {
    arg: 2,
    names: &[
        ("nullable", true),
        ("default", true),
        ("example", true),
        ("extraDescription", true),
        ("pkgsText", true),
    ],
    ellipsis: false,
};

/// `lib.options.mkPackageOption`
pub(super) fn mk_package_option(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [pkgs, name, args] = exactly(args);
    let set = ev.force_formals("mkPackageOption", args, &ARGS, pos)?;
    let name = share(ev, name)?;
    let pkgs_text = shared_or(ev, set, sym!("pkgsText"), ev.mem.str("pkgs")?)?;
    let default = slot(shared_or(ev, set, sym!("default"), name)?);
    let nullable = match get(ev, set, sym!("nullable")) {
        Some(nullable) => truth(ev, ev.force(nullable)?)?,
        None => false,
    };
    let mut option = AttrsBuilder::new();
    if ev.force(&default)? != Value::NULL {
        let path = to_list(ev, &default)?;
        let package = Package { path, pkgs: share(ev, pkgs)?, pkgs_text };
        option.push(sym!("default"), ev.delay(package)?);
        option.push(sym!("defaultText"), package_text(ev, path, &slot(pkgs_text))?);
    } else if nullable {
        option.push(sym!("default"), Value::NULL);
    }
    let extra = shared_or(ev, set, sym!("extraDescription"), Value::symbol(sym!("")))?;
    option.push(sym!("description"), ev.delay(Description { name, extra })?);
    let package = types::named(ev, "package")?;
    option.push(sym!("type"), if nullable { types::null_or(ev, package)? } else { package });
    if let Some(example) = get(ev, set, sym!("example"))
        && ev.force(example)? != Value::NULL
    {
        let example = ev.force(example)?;
        let text = match example.is_list() {
            true => package_text(ev, example, &slot(pkgs_text))?,
            false => literal(ev, &slot(example))?,
        };
        option.push(sym!("example"), text);
    }
    option.push(sym!("_type"), Value::symbol(sym!("option")));
    Ok(ev.mem.attrs(option)?)
}

/// `lib.toList`
fn to_list(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let v = ev.force(v)?;
    if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
}

fn package_text(ev: &Evaluator, path: Value, pkgs_text: &Slot) -> Res<Value> {
    let mut out = Text::default();
    out.interpolate(ev, pkgs_text)?.put(".").add(ev, path_text(ev, &slot(path))?);
    literal(ev, &slot(out.finish(ev)?))
}

suspended! {
    /// The package at a path in a package set.
    struct Package { path, pkgs, pkgs_text }
}

impl Package<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match find_expected(ev, self.path, self.pkgs)? {
            Some(found) => ev.force(found),
            None => {
                let path = path_text(ev, self.path)?;
                let (path, set) = (text_of(ev, &slot(path))?, text_of(ev, self.pkgs_text)?);
                Err(throw(format!("{path} cannot be found in {set}")))
            }
        }
    }
}

suspended! {
    /// The description of a package option.
    struct Description { name, extra }
}

impl Description<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = ev.force(self.name)?;
        let name = match ev.mem.items(name).last() {
            Some(last) if name.is_list() => interpolate(ev, last)?,
            None if name.is_list() => return Err(throw("lists.last: list must not be empty!")),
            _ => interpolate(ev, self.name)?,
        };
        let extra = string(ev, self.extra)?;
        let mut out = Text::default();
        out.put("The ").add(ev, name).put(" package to use.");
        if !ev.mem.text(extra).is_empty() {
            out.put(" ").add(ev, extra);
        }
        out.finish(ev)
    }
}
