//! Bytes in messages. Messages are strings, but names, paths and program texts may be arbitrary bytes, which
//! Nix prints unchanged. So each byte that is not valid UTF-8 is represented by a reserved character, which
//! becomes the byte again where the message leaves the program.

use std::borrow::Cow;

/// Represents the byte 0x80; those for the other bytes follow. These are the last code points.
const FIRST: u32 = 0x10_ff80;

/// Bytes as text for a message; [`bytes_of`] is the inverse.
pub fn shown(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        // No other characters begin with these bytes.
        Ok(text) if memchr::memmem::find(bytes, &[0xf4, 0x8f]).is_none() => text.into(),
        _ => encode(bytes).into(),
    }
}

#[cold]
fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    let stand_ins = |bytes: &[u8], out: &mut String| {
        out.extend(bytes.iter().filter_map(|b| char::from_u32(FIRST + u32::from(*b) - 0x80)));
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c as u32 {
                FIRST.. => stand_ins(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut out),
                _ => out.push(c),
            }
        }
        stand_ins(chunk.invalid(), &mut out);
    }
    out
}

/// The bytes that the text of a message represents.
pub fn bytes_of(text: &str) -> Cow<'_, [u8]> {
    if memchr::memmem::find(text.as_bytes(), &[0xf4, 0x8f]).is_none() {
        return text.as_bytes().into();
    }
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match c as u32 {
            FIRST.. => out.push((c as u32 - FIRST + 0x80) as u8),
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.into()
}

/// The text of a message as valid UTF-8: invalid bytes become U+FFFD.
pub fn printable(text: &str) -> Cow<'_, str> {
    match bytes_of(text) {
        Cow::Borrowed(_) => text.into(),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let texts: [&[u8]; 6] = [
            b"plain",
            "é".as_bytes(),
            b"a\xffb\xc3",
            b"\x80",
            "\u{10ff85}\u{10ffff}\u{10f000}".as_bytes(),
            b"",
        ];
        for text in texts {
            assert_eq!(bytes_of(&shown(text))[..], *text);
        }
        assert_eq!(printable(&shown(b"a\xff")), "a\u{fffd}");
    }
}
