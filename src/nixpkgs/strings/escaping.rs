//! Quoting for shells, regular expressions, Nix, XML and URLs: `escapeShellArg`, `escapeRegex` and the like.

use super::numbers::ascii_code;
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    Text, backslashed, bytes, call_builtin, changed, entries, is_string_like, items, list, lossy, map,
    nix_identifier, nix_string, replaced, share, string, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.strings.escape`: a string with a backslash before each occurrence of some texts.
pub(super) fn escape(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [from, s] = exactly(args);
    let from = list(ev, from)?;
    let mut to = Vec::with_capacity(from.list_len());
    for item in ev.mem.items(from) {
        let item = string(ev, item)?;
        to.push(ev.mem.concat(&[b"\\", ev.mem.text(item)], ev.mem.context(item))?);
    }
    call_builtin(ev, "replaceStrings", &[from, ev.mem.list(&to)?, share(ev, s)?])
}

/// `lib.strings.escapeC`: a string with some characters as `\x…`.
pub(super) fn escape_c(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `c: "\\x" + toLower (fixedWidthString 2 "0" (toHexString (charToInt c)))`
    static CODE: Builtin = Builtin::hidden("escapeC", &["c"], |ev, args, _| {
        let [c] = exactly(args);
        Ok(ev.mem.str(&format!("\\x{:02x}", ascii_code(ev, c)?))?)
    });
    let [from, s] = exactly(args);
    let from = list(ev, from)?;
    let to = map(ev, ev.builtin(&CODE), from)?;
    call_builtin(ev, "replaceStrings", &[from, to, share(ev, s)?])
}

/// `lib.strings.escapeURL`: a percent-encoded string; only ASCII is touched.
pub(super) fn escape_url(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, string(ev, s)?, |text| {
        replaced(text, |rest, out| {
            let c = rest[0];
            let kept = c.is_ascii_alphanumeric() || b"-_.~".contains(&c);
            if kept || !(matches!(c, b'\t' | b'\n' | b'\r') || (b' '..=b'~').contains(&c)) {
                return 0;
            }
            out.extend_from_slice(format!("%{c:02X}").as_bytes());
            1
        })
    })
}

/// A text quoted for a POSIX shell, if it needs that.
fn shell_quoted(text: &[u8]) -> Vec<u8> {
    let harmless = |c: &u8| c.is_ascii_alphanumeric() || b",._+:@%/-".contains(c);
    if !text.is_empty() && text.iter().all(harmless) {
        return text.to_vec();
    }
    let quoted = replaced(text, |rest, out| {
        if rest[0] != b'\'' {
            return 0;
        }
        out.extend_from_slice(b"'\\''");
        1
    });
    [b"'", &quoted[..], b"'"].concat()
}

/// `lib.strings.escapeShellArg`: a value as one argument of a shell command.
pub(super) fn escape_shell_arg(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [arg] = exactly(args);
    shell_arg(ev, arg)
}

/// `escapeShellArg arg`
fn shell_arg(ev: &Evaluator, arg: &Slot) -> Res<Value> {
    changed(ev, to_string(ev, arg)?, shell_quoted)
}

/// `lib.strings.escapeShellArgs`: values as arguments of a shell command.
pub(super) fn escape_shell_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [args] = exactly(args);
    shell_args(ev, args)
}

/// `escapeShellArgs args`
pub(in crate::nixpkgs) fn shell_args(ev: &Evaluator, args: &Slot) -> Res<Value> {
    let mut text = Text::new();
    for (i, arg) in items(ev, args)?.iter().enumerate() {
        text.put(if i > 0 { " " } else { "" }).add(ev, shell_arg(ev, arg)?);
    }
    text.finish(ev)
}

/// Whether a text is a valid name for a POSIX shell variable.
fn is_posix_name(text: &[u8]) -> bool {
    let start = |c: &u8| c.is_ascii_alphabetic() || *c == b'_';
    text.first().is_some_and(start) && text.iter().all(|c| start(c) || c.is_ascii_digit())
}

/// `lib.strings.isValidPosixName`: whether a string is a valid name for a shell variable.
pub(super) fn is_valid_posix_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name] = exactly(args);
    Ok(Value::bool(is_posix_name(bytes(ev, name)?)))
}

/// `lib.strings.toShellVar`: a shell command that sets a variable.
pub(super) fn to_shell_var(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, value] = exactly(args);
    shell_var(ev, name, value)
}

/// `toShellVar name value`
fn shell_var(ev: &Evaluator, name: &Slot, value: &Slot) -> Res<Value> {
    let text = bytes(ev, name)?;
    if !is_posix_name(text) {
        return Err(throw(format!("toShellVar: {} is not a valid shell variable name", lossy(text))));
    }
    let name = peek(name);
    let v = ev.force(value)?;
    let mut text = Text::new();
    if v.is_attrs() && !is_string_like(ev, v) {
        text.put("declare -A ").add(ev, name).put("=(");
        for (i, e) in ev.mem.entries_by_name(v).into_iter().enumerate() {
            text.put(if i > 0 { " [" } else { "[" }).put(shell_quoted(ev.mem.heap.name(e.name)));
            text.put("]=").add(ev, shell_arg(ev, e.slot)?);
        }
        text.put(")");
    } else if v.is_list() {
        text.put("declare -a ").add(ev, name).put("=(").add(ev, shell_args(ev, value)?).put(")");
    } else {
        text.add(ev, name).put("=").add(ev, shell_arg(ev, value)?);
    }
    text.finish(ev)
}

/// `lib.strings.toShellVars`: shell commands that set variables, one per line.
pub(super) fn to_shell_vars(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [vars] = exactly(args);
    let mut text = Text::new();
    for (i, e) in entries(ev, vars)?.into_iter().enumerate() {
        let made = shell_var(ev, &slot(Value::symbol(e.name)), e.slot)?;
        text.put(if i > 0 { "\n" } else { "" }).add(ev, made);
    }
    text.finish(ev)
}

/// `lib.strings.escapeNixString`: a string in Nix syntax.
pub(super) fn escape_nix_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    nix_string(ev, s)
}

/// `lib.strings.escapeNixIdentifier`: an attribute name in Nix syntax.
pub(super) fn escape_nix_identifier(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    nix_identifier(ev, s)
}

/// A regular expression that matches exactly a text.
pub(super) fn regex_escaped(text: &[u8]) -> Vec<u8> {
    backslashed(text, b"\\[{()^$?*+|.")
}

/// `lib.strings.escapeRegex`: a regular expression that matches exactly a string.
pub(super) fn escape_regex(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, string(ev, s)?, regex_escaped)
}

/// A text with the special characters of XML written as entities.
pub(in crate::nixpkgs) fn xml_escaped(text: &[u8]) -> Vec<u8> {
    replaced(text, |rest, out| {
        let entity: &[u8] = match rest[0] {
            b'"' => b"&quot;",
            b'\'' => b"&apos;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'&' => b"&amp;",
            _ => return 0,
        };
        out.extend_from_slice(entity);
        1
    })
}

/// `lib.strings.escapeXML`: a string as text in XML.
pub(super) fn escape_xml(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, string(ev, s)?, xml_escaped)
}
