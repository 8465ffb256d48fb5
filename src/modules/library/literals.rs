//! Values in documentation: `literalExpression` and its relatives.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, has, pretty_values, throw};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

fn tagged(ev: &Evaluator, tag: &str, text: &Slot, function: &str) -> Res<Value> {
    static LITERAL: Record<2> = Record::new(["_type", "text"]);
    let text = ev.force(text)?;
    if !text.is_string() {
        return Err(throw(format!("{function} expects a string.")));
    }
    Ok(ev.mem.record(&LITERAL, [Value::symbol(ev.intern(tag)?), text])?)
}

/// `literalExpression text`
pub(super) fn literal(ev: &Evaluator, text: &Slot) -> Res<Value> {
    tagged(ev, "literalExpression", text, "literalExpression")
}

/// `lib.options.literalExpression`
pub(super) fn literal_expression(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [text] = exactly(args);
    literal(ev, text)
}

/// `lib.options.literalMD`
pub(super) fn literal_md(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [text] = exactly(args);
    tagged(ev, "literalMD", text, "literalMD")
}

/// `lib.options.literalCode`
pub(super) fn literal_code(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [language, text] = exactly(args);
    let mut out = Text::default();
    out.put("```").interpolate(ev, language)?.put("\n");
    out.interpolate(ev, text)?.put("\n```\n");
    tagged(ev, "literalMD", &slot(out.finish(ev)?), "literalMD")
}

/// `lib.options.renderOptionValue`: a value for documentation. Unless it is a literal already, it becomes Nix code.
pub(super) fn render(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let set = ev.force(v)?;
    if has(ev, set, sym!("_type")) && has(ev, set, sym!("text")) {
        return Ok(set);
    }
    literal(ev, &slot(pretty_values(ev, v)?))
}
