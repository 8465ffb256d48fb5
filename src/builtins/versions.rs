//! Version strings and derivation names.

use std::cmp::Ordering;

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new(
        "compareVersions",
        &["s1", "s2"],
        "-1, 0 or 1, as one version is older than the other.",
        |ev, args, pos| {
            let [s1, s2] = exactly(args);
            let doing = "while evaluating the first argument passed to builtins.compareVersions";
            let a = ev.force_plain_string(s1, pos, doing)?;
            let doing = "while evaluating the second argument passed to builtins.compareVersions";
            let b = ev.force_plain_string(s2, pos, doing)?;
            Ok(ev.mem.int(compare_versions(ev.mem.text(a), ev.mem.text(b)) as i64)?)
        },
    ),
    Builtin::new("splitVersion", &["s"], "The components of a version.", split_version),
    Builtin::new("parseDrvName", &["s"], "The name and version in a derivation's name.", parse_drv_name),
];

/// Takes the next component off a version: a run of digits, or of anything but digits, dots and dashes.
fn next_component<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let separators = rest.iter().take_while(|c| matches!(c, b'.' | b'-')).count();
    let text = &rest[separators..];
    let len = match text.first() {
        Some(c) if c.is_ascii_digit() => text.iter().take_while(|c| c.is_ascii_digit()).count(),
        _ => text.iter().take_while(|c| !c.is_ascii_digit() && !matches!(c, b'.' | b'-')).count(),
    };
    *rest = &text[len..];
    &text[..len]
}

/// A component as a number, if Nix reads it as one: it must fit an `int`.
fn number(component: &[u8]) -> Option<i32> {
    let digits = !component.is_empty() && component.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(component).ok()?.parse().ok()).flatten()
}

fn less(a: &[u8], b: &[u8]) -> bool {
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x < y,
        (_, Some(_)) if a.is_empty() => true,
        _ if a == b"pre" && b != b"pre" => true,
        _ if b == b"pre" => false,
        // `2.3a` is older than `2.3.1`.
        (_, Some(_)) => true,
        (Some(_), _) => false,
        _ => a < b,
    }
}

/// Orders two versions as Nix does.
pub fn compare_versions(a: &[u8], b: &[u8]) -> Ordering {
    let (mut a, mut b) = (a, b);
    while !a.is_empty() || !b.is_empty() {
        let (x, y) = (next_component(&mut a), next_component(&mut b));
        if less(x, y) {
            return Ordering::Less;
        }
        if less(y, x) {
            return Ordering::Greater;
        }
    }
    Ordering::Equal
}

fn split_version(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.splitVersion";
    let version = ev.force_plain_string(s, pos, doing)?;
    let mut rest = ev.mem.text(version);
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let component = next_component(&mut rest);
        if component.is_empty() {
            break;
        }
        parts.push(ev.mem.string(component, Context::EMPTY)?);
    }
    Ok(ev.mem.list(&parts)?)
}

fn parse_drv_name(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.parseDrvName";
    let name = ev.force_plain_string(s, pos, doing)?;
    let text = ev.mem.text(name);
    // The version begins after the first dash that is not followed by a letter.
    let dash = text.windows(2).position(|w| w[0] == b'-' && !w[1].is_ascii_alphabetic());
    let (name, version) = match dash {
        Some(i) => (&text[..i], &text[i + 1..]),
        None => (text, &b""[..]),
    };
    let mut set = AttrsBuilder::with_capacity(2);
    set.push(sym!("name"), ev.mem.string(name, Context::EMPTY)?);
    set.push(sym!("version"), ev.mem.string(version, Context::EMPTY)?);
    Ok(ev.mem.attrs(set)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_by_nix() {
        for (a, b, expected) in [
            ("1.0", "2.3", Ordering::Less),
            ("2.1", "2.3", Ordering::Less),
            ("2.3", "2.3", Ordering::Equal),
            ("2.5", "2.3", Ordering::Greater),
            ("2.3.1", "2.3", Ordering::Greater),
            ("2.3.1", "2.3a", Ordering::Greater),
            ("2.3pre1", "2.3", Ordering::Less),
            ("2.3pre3", "2.3pre12", Ordering::Less),
            ("2.3a", "2.3c", Ordering::Less),
            ("2.3pre1", "2.3c", Ordering::Less),
        ] {
            assert_eq!(compare_versions(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }
}
