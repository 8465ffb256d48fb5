//! Paths as text: their parts, and conversion from strings. No file is read.

use crate::eval::{Builtin, Coerce, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("dirOf", &["s"], "The directory part of a path.", dir_of),
    Builtin::new("baseNameOf", &["x"], "The last part of a path.", base_name_of),
    Builtin::new("toPath", &["s"], "An absolute path as a string; deprecated.", |ev, args, pos| {
        let [s] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.toPath";
        let (path, context) = ev.coerce_to_path(s, pos, doing)?;
        Ok(ev.mem.string(&path, context)?)
    }),
];

fn dir_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let v = ev.force_at(s, pos)?;
    let parent = |text: &[u8]| match text.iter().rposition(|c| *c == b'/') {
        None => b".".to_vec(),
        Some(0) => b"/".to_vec(),
        Some(i) => text[..i].to_vec(),
    };
    if v.type_of() == Type::Path {
        return Ok(ev.mem.path(&parent(ev.mem.text(v)))?);
    }
    let doing = "while evaluating the first argument passed to 'builtins.dirOf'";
    let s = ev.coerce(s, Pos::NONE, Coerce::PLAIN, doing)?;
    Ok(ev.mem.string(&parent(ev.mem.text(s)), ev.mem.context(s))?)
}

fn base_name_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.baseNameOf";
    let s = ev.coerce(x, Pos::NONE, Coerce::PLAIN, doing)?;
    let text = ev.mem.text(s);
    // A single trailing slash is ignored.
    let text = text.strip_suffix(b"/").unwrap_or(text);
    let start = text.iter().rposition(|c| *c == b'/').map_or(0, |i| i + 1);
    Ok(ev.mem.string(&text[start..], ev.mem.context(s))?)
}
