//! Base-16 and base-64 as Nix reads and writes them; its base-64 reader forgives more than the standard.

use super::error::{Error, ErrorKind};

const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends `bytes` in lower-case hexadecimal.
pub(super) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

/// `bytes` in lower-case hexadecimal.
pub fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]).map(char::from).collect()
}

/// Reads pairs of hexadecimal digits of either case; a last odd digit is ignored.
pub fn decode_hex(text: &[u8]) -> Result<Vec<u8>, Error> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Ok(c - b'0'),
        b'a'..=b'f' => Ok(c - b'a' + 10),
        b'A'..=b'F' => Ok(c - b'A' + 10),
        _ => Err(Error::new(ErrorKind::Hash, "invalid character in Base16 string: '{}'", &[&[c]])),
    };
    text.chunks_exact(2).map(|pair| Ok(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// How many characters `len` bytes take in base-64.
pub const fn base64_len(len: usize) -> usize {
    len.div_ceil(3) * 4
}

/// `bytes` in base-64 with padding.
pub fn encode_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(base64_len(bytes.len()));
    for group in bytes.chunks(3) {
        let value = (0..3).fold(0, |v, i| v << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            out.push(match i <= group.len() {
                true => char::from(BASE64[(value >> (18 - 6 * i)) as usize % 64]),
                false => '=',
            });
        }
    }
    out
}

/// Reads base-64 as Nix does: the first `=` ends it whatever follows, line feeds do not count, padding
/// may be missing, and bits that do not fill a byte are dropped.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut value, mut bits) = (0u32, 0);
    for &c in text {
        let digit = match c {
            b'=' => break,
            b'\n' => continue,
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => {
                return Err(Error::new(ErrorKind::Hash, "invalid character in Base64 string: '{}'", &[&[c]]));
            }
        };
        value = value << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((value >> bits) as u8);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_every_length_comes_back() {
        let bytes: Vec<u8> = (0..64u8).map(|i| i.wrapping_mul(91) ^ 0x3c).collect();
        for len in 0..bytes.len() {
            let text = encode_base64(&bytes[..len]);
            assert_eq!(text.len(), base64_len(len));
            assert_eq!(decode_base64(text.as_bytes()).as_deref(), Ok(&bytes[..len]));
        }
        assert_eq!(encode_base64(b"ab"), "YWI=");
    }

    #[test]
    fn base64_forgives() {
        for text in ["YWI=", "YWI", "YW\nI=", "YWJ=\u{e9}*", "YWI=YWI="] {
            assert_eq!(decode_base64(text.as_bytes()).as_deref(), Ok(&b"ab"[..]), "{text}");
        }
        assert!(decode_base64(b"YW-I").is_err());
    }

    #[test]
    fn hex_of_either_case() {
        assert_eq!(decode_hex(b"00fFaB").as_deref(), Ok(&b"\x00\xff\xab"[..]));
        assert_eq!(encode_hex(b"\x00\xff\xab"), "00ffab");
        assert!(decode_hex(b"0g").is_err());
    }
}
