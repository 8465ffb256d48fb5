//! The part of `lib.strings` that quotes: for shells, regular expressions, Nix, XML and URLs.

use super::strings::{changed, is_string_like};
use super::strings_numbers::ascii_code;
use crate::builtins::to_json_with_context;
use crate::eval::{Builtin, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Text, bytes, entries, items, list, lossy, map, share, string, throw, to_string};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// A text with what begins at some places replaced: `replacement` looks at the rest of the text and says how many
/// bytes to take and what to put for them.
fn replaced(text: &[u8], mut replacement: impl FnMut(&[u8], &mut Vec<u8>) -> usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let taken = replacement(rest, &mut out);
        if taken == 0 {
            out.push(*first);
            rest = after;
        } else {
            rest = &rest[taken..];
        }
    }
    out
}

/// A text with a backslash before each of some bytes.
pub(super) fn backslashed(text: &[u8], special: &[u8]) -> Vec<u8> {
    replaced(text, |rest, out| {
        if !special.contains(&rest[0]) {
            return 0;
        }
        out.extend_from_slice(&[b'\\', rest[0]]);
        1
    })
}

/// `lib.strings.escape`: a string with a backslash before each of some texts.
pub(super) fn escape(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let from = list(ev, &a[0])?;
    let mut to = Vec::with_capacity(from.list_len());
    for item in ev.mem.items(from) {
        let item = string(ev, item)?;
        to.push(ev.mem.concat(&[b"\\", ev.mem.text(item)], ev.mem.context(item))?);
    }
    crate::native::call_builtin(ev, "replaceStrings", &[from, ev.mem.list(&to)?, share(ev, &a[1])?])
}

/// `lib.strings.escapeC`: a string with some characters as `\x…`.
pub(super) fn escape_c(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static CODE: Builtin = Builtin::hidden("escapeC", &["c"], |ev, a, _| {
        Ok(ev.mem.str(&format!("\\x{:02x}", ascii_code(ev, &a[0])?))?)
    });
    let from = list(ev, &a[0])?;
    let to = map(ev, ev.builtin(&CODE), from)?;
    crate::native::call_builtin(ev, "replaceStrings", &[from, to, share(ev, &a[1])?])
}

/// `lib.strings.escapeURL`: a string with percent signs for what a URL cannot have in it; only ASCII is touched.
pub(super) fn escape_url(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    changed(ev, string(ev, &a[0])?, |text| {
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

/// `lib.strings.escapeShellArg`: a value as one argument in a shell's command.
pub(super) fn shell_arg(ev: &Evaluator, arg: &Slot) -> Res<Value> {
    changed(ev, to_string(ev, arg)?, shell_quoted)
}

/// `lib.strings.escapeShellArgs`: values as arguments in a shell's command.
pub(super) fn shell_args(ev: &Evaluator, args: &Slot) -> Res<Value> {
    let mut text = Text::new();
    for (i, arg) in items(ev, args)?.iter().enumerate() {
        text.put(if i > 0 { " " } else { "" }).add(ev, shell_arg(ev, arg)?);
    }
    text.finish(ev)
}

/// Whether a text is a name for a variable of a POSIX shell.
fn is_posix_name(text: &[u8]) -> bool {
    let start = |c: &u8| c.is_ascii_alphabetic() || *c == b'_';
    text.first().is_some_and(start) && text.iter().all(|c| start(c) || c.is_ascii_digit())
}

/// `lib.strings.isValidPosixName`: whether a string is a name for a shell variable.
pub(super) fn is_valid_posix_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(is_posix_name(bytes(ev, &a[0])?)))
}

/// `lib.strings.toShellVar`: a shell command that sets a variable.
pub(super) fn to_shell_var(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    shell_var(ev, &a[0], &a[1])
}

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

/// `lib.strings.toShellVars`: shell commands that set variables, one on each line.
pub(super) fn to_shell_vars(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut text = Text::new();
    for (i, e) in entries(ev, &a[0])?.into_iter().enumerate() {
        let made = shell_var(ev, &slot(Value::symbol(e.name)), e.slot)?;
        text.put(if i > 0 { "\n" } else { "" }).add(ev, made);
    }
    text.finish(ev)
}

/// `lib.strings.escapeNixString`: a string as it would be written in Nix.
pub(super) fn nix_string(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let (json, context) = to_json_with_context(ev, s, true, Pos::NONE)?;
    Ok(ev.mem.string(&backslashed(&json, b"$"), context)?)
}

/// Whether a text can be written in Nix without quotes.
fn is_identifier(text: &[u8]) -> bool {
    const KEYWORDS: [&[u8]; 10] =
        [b"assert", b"else", b"if", b"in", b"inherit", b"let", b"or", b"rec", b"then", b"with"];
    let start = |c: &u8| c.is_ascii_alphabetic() || *c == b'_';
    let inside = |c: &u8| start(c) || c.is_ascii_digit() || matches!(c, b'\'' | b'-');
    text.first().is_some_and(start) && text.iter().all(inside) && !KEYWORDS.contains(&text)
}

/// `lib.strings.escapeNixIdentifier`: an attribute's name as it would be written in Nix.
pub(super) fn nix_identifier(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let v = string(ev, s)?;
    if is_identifier(ev.mem.text(v)) { Ok(v) } else { nix_string(ev, s) }
}

/// A text as a regular expression that matches just it.
pub(super) fn regex_escaped(text: &[u8]) -> Vec<u8> {
    backslashed(text, b"\\[{()^$?*+|.")
}

/// `lib.strings.escapeRegex`: a string as a regular expression that matches just it.
pub(super) fn escape_regex(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    changed(ev, string(ev, &a[0])?, regex_escaped)
}

/// A text with what XML gives a meaning written as entities.
pub(super) fn xml_escaped(text: &[u8]) -> Vec<u8> {
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
pub(super) fn escape_xml(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    changed(ev, string(ev, &a[0])?, xml_escaped)
}
