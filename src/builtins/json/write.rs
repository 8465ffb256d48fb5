//! Writes strings as nlohmann's `dump` does.

use std::fmt;

/// A string that cannot be written because it is not UTF-8; Nix puts `JSON serialization error: ` before the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidUtf8 {
    /// The index of the first invalid byte; `None` if the string just ends too early.
    index: Option<usize>,
    byte: u8,
}

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[json.exception.type_error.316] ")?;
        match self.index {
            Some(index) => write!(f, "invalid UTF-8 byte at index {index}: 0x{:02X}", self.byte),
            None => write!(f, "incomplete UTF-8 string; last byte: 0x{:02X}", self.byte),
        }
    }
}

impl std::error::Error for InvalidUtf8 {}

/// Appends `string` in quotes. Non-ASCII characters and DEL stay as they are; control characters get their short escape
/// or `\u00xx`.
///
/// # Errors
/// If the string is not UTF-8; `out` then stays unchanged.
pub fn write_string(out: &mut Vec<u8>, string: &[u8]) -> Result<(), InvalidUtf8> {
    check(string)?;
    out.reserve(string.len() + 2);
    out.push(b'"');
    let mut done = 0;
    for (place, &byte) in string.iter().enumerate() {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            0..=0x1f => b'u',
            _ => continue,
        };
        out.extend_from_slice(&string[done..place]);
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            out.extend_from_slice(format!("{byte:04x}").as_bytes());
        }
        done = place + 1;
    }
    out.extend_from_slice(&string[done..]);
    out.push(b'"');
    Ok(())
}

fn check(string: &[u8]) -> Result<(), InvalidUtf8> {
    let Err(wrong) = str::from_utf8(string) else { return Ok(()) };
    let at = |index: usize| string.get(index).copied().unwrap_or_default();
    let from = wrong.valid_up_to();
    Err(match wrong.error_len() {
        None => InvalidUtf8 { index: None, byte: at(string.len() - 1) },
        // A byte that cannot begin a sequence is itself invalid; otherwise the byte after the valid part is.
        Some(length) => {
            let begins = matches!(at(from), 0xc2..=0xf4);
            let index = if begins { from + length } else { from };
            InvalidUtf8 { index: Some(index), byte: at(index) }
        }
    })
}
