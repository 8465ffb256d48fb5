//! Errors in JSON texts, with the messages of nlohmann's library and of Nix.

use crate::host::shown;
use std::fmt;

/// Why Nix cannot read a text as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The full message of a `parse_error` or `out_of_range` exception. It quotes the input, so it need not be UTF-8.
    Syntax(Vec<u8>),
    /// A number between 2⁶³ and 2⁶⁴ − 1 (above that, numbers become floats).
    OutOfRange(u64),
    /// A string or key with `\u0000` in it.
    NullByte(Vec<u8>),
}

impl JsonError {
    /// The message as Nix prints it after `error: `.
    pub fn message(&self) -> Vec<u8> {
        match self {
            JsonError::Syntax(message) => message.clone(),
            JsonError::OutOfRange(number) => {
                format!("unsigned json number {number} outside of Nix integer range").into_bytes()
            }
            JsonError::NullByte(string) => {
                let mut message = b"input string '".to_vec();
                for &byte in string {
                    // Nix shows each null byte as the symbol `␀`.
                    match byte {
                        0 => message.extend("␀".as_bytes()),
                        _ => message.push(byte),
                    }
                }
                message.extend(b"' cannot be represented as Nix string because it contains null bytes");
                message
            }
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.message()))
    }
}

impl std::error::Error for JsonError {}
