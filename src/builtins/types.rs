//! Built-ins that test a value's type.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("isAttrs", &["e"], "Whether e is a set.", |ev, a, pos| is(ev, a, pos, Type::Attrs)),
    Builtin::new("isBool", &["e"], "Whether e is a Boolean.", |ev, a, pos| is(ev, a, pos, Type::Bool)),
    Builtin::new("isFloat", &["e"], "Whether e is a float.", |ev, a, pos| is(ev, a, pos, Type::Float)),
    Builtin::new("isFunction", &["e"], "Whether e is a function.", |ev, a, pos| {
        is(ev, a, pos, Type::Function)
    }),
    Builtin::new("isInt", &["e"], "Whether e is an integer.", |ev, a, pos| is(ev, a, pos, Type::Int)),
    Builtin::new("isList", &["e"], "Whether e is a list.", |ev, a, pos| is(ev, a, pos, Type::List)),
    Builtin::new("isNull", &["e"], "Whether e is null.", |ev, a, pos| is(ev, a, pos, Type::Null)),
    Builtin::new("isPath", &["e"], "Whether e is a path.", |ev, a, pos| is(ev, a, pos, Type::Path)),
    Builtin::new("isString", &["e"], "Whether e is a string.", |ev, a, pos| is(ev, a, pos, Type::String)),
    Builtin::new("typeOf", &["e"], "The name of e's type.", |ev, args, pos| {
        let [e] = exactly(args);
        let name = ev.force_at(e, pos)?.type_of().name();
        Ok(Value::symbol(ev.intern(name)?))
    }),
];

fn is(ev: &Evaluator, args: &[Slot], pos: Pos, wanted: Type) -> Res<Value> {
    let [e] = exactly(args);
    Ok(Value::bool(ev.force_at(e, pos)?.type_of() == wanted))
}
