//! `lib.cli`: command-line options from sets.

use super::generators::value_string;
use super::strings::shell_args;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, boolean, computed, concat_map, entries, function, get, holds, pattern, select,
    share, shared, shared_args, slot_list, throw, warn_text,
};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// `lib.cli`
pub static TABLE: Table = Table { namespace: "cli", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    computed("toGNUCommandLineShell", to_gnu_command_line_shell),
    computed("toGNUCommandLine", to_gnu_command_line),
    function("toCommandLineShellGNU", &["options", "attrs"], to_command_line_shell_gnu),
    pattern("toCommandLineGNU", &["options", "attrs"], &[GNU], to_command_line_gnu),
    function("toCommandLineShell", &["optionFormat", "attrs"], to_command_line_shell),
    function("toCommandLine", &["optionFormat", "attrs"], to_command_line),
];

const OLD: Formals = Formals {
    arg: 0,
    names: &[
        ("mkOptionName", true),
        ("mkBool", true),
        ("mkList", true),
        ("mkOption", true),
        ("optionValueSeparator", true),
    ],
    ellipsis: false,
};

static OLD_FORM: Builtin =
    Builtin::hidden("anonymous lambda", &["args", "options"], old_command_line).with_formals(&[OLD]);

/// `lib.cli.toGNUCommandLine`: deprecated form of `toCommandLineGNU`.
fn to_gnu_command_line(ev: &Evaluator) -> Res<Value> {
    let message = "lib.cli.toGNUCommandLine is deprecated, please use lib.cli.toCommandLine or \
                   lib.cli.toCommandLineShellGNU instead.";
    warn_text(ev, message, ev.builtin(&OLD_FORM))
}

/// `lib.cli.toGNUCommandLineShell`: the same quoted for a shell.
fn to_gnu_command_line_shell(ev: &Evaluator) -> Res<Value> {
    static SHELL: Builtin = Builtin::hidden("anonymous lambda", &["options", "attrs"], |ev, args, _| {
        let [options, attrs] = shared_args(ev, args)?;
        // The inner function is also deprecated and warns once, so it must be the one in `lib`.
        let cli = select(ev, super::assembly::lib(ev)?, "cli")?;
        let made = ev.call(select(ev, cli, "toGNUCommandLine")?, &[options, attrs], Pos::NONE)?;
        shell_args(ev, &slot(made))
    });
    let message = "lib.cli.toGNUCommandLineShell is deprecated, please use lib.cli.toCommandLineShell or \
                   lib.cli.toCommandLineShellGNU instead.";
    warn_text(ev, message, ev.builtin(&SHELL))
}

/// An option's name with one or two dashes.
fn dashed(ev: &Evaluator, name: Value, long: bool) -> Res<Value> {
    Ok(ev.mem.concat(&[if long { b"--" } else { b"-" }, ev.mem.text(name)], ev.mem.context(name))?)
}

/// `toGNUCommandLine` without its warning.
fn old_command_line(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args, options] = exactly(args);
    let args = ev.force_formals("anonymous lambda", args, &OLD, pos)?;
    let mut parts = Vec::new();
    for e in entries(ev, options)? {
        let name = Value::symbol(e.name);
        let v = ev.force(e.slot)?;
        parts.push(match v.type_of() {
            Type::Bool => match get(ev, args, "mkBool") {
                Some(f) => apply(ev, f, &[name, v])?,
                None if v == Value::TRUE => ev.mem.list(&[old_name(ev, args, name)?])?,
                None => Value::EMPTY_LIST,
            },
            Type::List => match get(ev, args, "mkList") {
                Some(f) => apply(ev, f, &[name, v])?,
                None => concat_map(ev, ev.mem.items(v), |item| old_option(ev, args, name, item))?,
            },
            _ => old_option(ev, args, name, e.slot)?,
        });
    }
    let lists: Vec<Value> = parts.into_iter().map(|p| slot_list(ev, p)).collect::<Res<_>>()?;
    Ok(ev.mem.concat_lists(&lists)?)
}

/// `mkOptionName name`
fn old_name(ev: &Evaluator, args: Value, name: Value) -> Res<Value> {
    match get(ev, args, "mkOptionName") {
        Some(f) => ev.delay_call(share(ev, f)?, &[name]),
        None => dashed(ev, name, ev.mem.text(name).len() != 1),
    }
}

suspended! {
    /// `mkValueStringDefault { } v`
    struct ValueString { v }
}

impl ValueString<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        value_string(ev, self.v)
    }
}

suspended! {
    /// `"${name}${separator}${mkValueStringDefault { } v}"`
    struct NameAndValue { name, separator, v }
}

impl NameAndValue<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut text = Text::new();
        text.interpolate(ev, self.name)?.interpolate(ev, self.separator)?;
        let value = slot(value_string(ev, self.v)?);
        text.interpolate(ev, &value)?;
        text.finish(ev)
    }
}

/// `mkOption name value`
fn old_option(ev: &Evaluator, args: Value, name: Value, value: &Slot) -> Res<Value> {
    if let Some(f) = get(ev, args, "mkOption") {
        return apply(ev, f, &[name, share(ev, value)?]);
    }
    if ev.force(value)? == Value::NULL {
        return Ok(Value::EMPTY_LIST);
    }
    let v = share(ev, value)?;
    let separator = get(ev, args, "optionValueSeparator");
    let name = old_name(ev, args, name)?;
    match separator.map(|s| ev.force(s)).transpose()? {
        None | Some(Value::NULL) => Ok(ev.mem.list(&[name, ev.delay(ValueString { v })?])?),
        Some(separator) => Ok(ev.mem.list(&[ev.delay(NameAndValue { name, separator, v })?])?),
    }
}

const GNU: Formals = Formals {
    arg: 0,
    names: &[("isLong", true), ("explicitBool", true), ("formatArg", true)],
    ellipsis: false,
};

/// How an option is written.
struct Format<'a> {
    option: Value,
    /// The text between option and argument; null makes them two arguments.
    separator: Value,
    explicit_bool: Option<&'a Slot>,
    argument: Option<&'a Slot>,
}

suspended! {
    /// `formatArg v`
    struct Argument { format, v }
}

impl Argument<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        apply(ev, self.format, &[share(ev, self.v)?])
    }
}

suspended! {
    /// `option + separator + argument`
    struct Joined { option, separator, argument }
}

impl Joined<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let mut text = Text::new();
        text.interpolate(ev, self.option)?.interpolate(ev, self.separator)?.interpolate(ev, self.argument)?;
        text.finish(ev)
    }
}

/// The arguments for an option with a value.
fn option(ev: &Evaluator, format: &Format<'_>, value: &Slot) -> Res<Value> {
    let v = ev.force(value)?;
    if v == Value::NULL {
        return Ok(Value::EMPTY_LIST);
    }
    if !format.explicit_bool.map_or(Ok(false), |s| boolean(ev, s))? {
        match v {
            Value::FALSE => return Ok(Value::EMPTY_LIST),
            Value::TRUE => return Ok(ev.mem.list(&[format.option])?),
            _ => {}
        }
    }
    let argument = match format.argument {
        Some(format) => ev.delay(Argument { format: share(ev, format)?, v })?,
        None => ev.delay(ValueString { v })?,
    };
    let option = format.option;
    match ev.force_value(format.separator)? {
        Value::NULL => Ok(ev.mem.list(&[option, argument])?),
        separator => Ok(ev.mem.list(&[ev.delay(Joined { option, separator, argument })?])?),
    }
}

/// The arguments for all attributes of a set; `one` returns those for a name and a value.
fn command_line(ev: &Evaluator, options: &Slot, one: impl Fn(Value, &Slot) -> Res<Value>) -> Res<Value> {
    let mut parts = Vec::new();
    for e in entries(ev, options)? {
        if ev.mem.heap.name(e.name).is_empty() {
            return Err(throw("lib.cli.toCommandLine only accepts non-empty option names."));
        }
        let name = Value::symbol(e.name);
        let v = ev.force(e.slot)?;
        parts.push(match v.is_list() {
            true => concat_map(ev, ev.mem.items(v), |item| one(name, item))?,
            false => one(name, e.slot)?,
        });
    }
    Ok(ev.mem.concat_lists(&parts)?)
}

/// `lib.cli.toCommandLineGNU`: a set as GNU-style options.
fn to_command_line_gnu(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, attrs] = exactly(args);
    let args = ev.force_formals("toCommandLineGNU", options, &GNU, pos)?;
    command_line(ev, attrs, |name, value| {
        let long = match get(ev, args, "isLong") {
            Some(f) => holds(ev, f, &[name])?,
            None => ev.mem.text(name).len() > 1,
        };
        let format = Format {
            option: dashed(ev, name, long)?,
            separator: ev.mem.str(if long { "=" } else { "" })?,
            explicit_bool: get(ev, args, "explicitBool"),
            argument: get(ev, args, "formatArg"),
        };
        option(ev, &format, value)
    })
}

/// `lib.cli.toCommandLineShellGNU`: the same, quoted for a shell.
fn to_command_line_shell_gnu(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    shell_args(ev, &slot(to_command_line_gnu(ev, args, pos)?))
}

const FORMAT: Formals = Formals {
    arg: 0,
    names: &[("option", false), ("sep", false), ("explicitBool", false), ("formatArg", true)],
    ellipsis: false,
};

/// `lib.cli.toCommandLine`: a set as options, each in the format that a function returns.
fn to_command_line(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [option_format, attrs] = exactly(args);
    command_line(ev, attrs, |name, value| {
        let made = slot(apply(ev, option_format, &[name])?);
        let args = ev.force_formals("renderOption", &made, &FORMAT, pos)?;
        let format = Format {
            option: shared(ev, args, "option")?,
            separator: shared(ev, args, "sep")?,
            explicit_bool: get(ev, args, "explicitBool"),
            argument: get(ev, args, "formatArg"),
        };
        option(ev, &format, value)
    })
}

/// `lib.cli.toCommandLineShell`: the same, quoted for a shell.
fn to_command_line_shell(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    shell_args(ev, &slot(to_command_line(ev, args, pos)?))
}
