//! Nix's base-32: little-endian, most significant digit first, without the letters e, o, t and u.

use super::error::{Error, ErrorKind};

/// The digits in order of their value.
pub const ALPHABET: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

const INVALID: u8 = 0xff;

const VALUES: [u8; 256] = {
    let mut values = [INVALID; 256];
    let mut i = 0;
    while i < 32 {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// The number of digits for `len` bytes.
pub const fn encode_len(len: usize) -> usize {
    (len * 8).div_ceil(5)
}

/// `bytes` in base-32.
pub fn encode(bytes: &[u8]) -> String {
    let mut digits = vec![0; encode_len(bytes.len())];
    encode_into(bytes, &mut digits);
    digits.into_iter().map(char::from).collect()
}

/// Writes the digits of `bytes` to `digits`, which must be [`encode_len`] long.
///
/// Five bytes make eight digits; the first five bytes make the last eight digits.
pub(super) fn encode_into(bytes: &[u8], digits: &mut [u8]) {
    for (group, out) in bytes.chunks(5).zip(digits.rchunks_mut(8)) {
        let mut value = group.iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        for digit in out.iter_mut().rev() {
            *digit = ALPHABET[value as usize % 32];
            value /= 32;
        }
    }
}

/// Decodes `digits`.
///
/// As in Nix, a leading digit with bits beyond the last whole byte does not fail. It makes the result one
/// byte longer, so callers that expect a length find it too long.
pub fn decode(digits: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(digits.len() * 5 / 8 + 2);
    for (n, &c) in digits.iter().rev().enumerate() {
        let digit = VALUES[c as usize];
        if digit == INVALID {
            return Err(Error::new(
                ErrorKind::Hash,
                "invalid character in Nix32 (Nix's Base32 variation) string: '{}'",
                &[&[c]],
            ));
        }
        let (byte, bit) = (n * 5 / 8, n * 5 % 8);
        let wide = u16::from(digit) << bit;
        bytes.resize(byte + 1, 0);
        bytes[byte] |= wide as u8;
        if wide > 0xff {
            bytes.push((wide >> 8) as u8);
        }
    }
    Ok(bytes)
}

/// The digest of a store path from its 32 digits, or the first byte that is not a digit.
pub(super) fn decode_digest(digits: &[u8; 32]) -> Result<[u8; 20], u8> {
    let mut bytes = [0; 20];
    for (group, out) in digits.chunks_exact(8).zip(bytes.rchunks_exact_mut(5)) {
        let mut value = 0u64;
        for &c in group {
            let digit = VALUES[c as usize];
            if digit == INVALID {
                return Err(c);
            }
            value = value << 5 | u64::from(digit);
        }
        out.copy_from_slice(&value.to_le_bytes()[..5]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_length_come_back() {
        let bytes: Vec<u8> = (0..70u8).map(|i| i.wrapping_mul(37) ^ 0xa5).collect();
        for len in 0..bytes.len() {
            let digits = encode(&bytes[..len]);
            assert_eq!(digits.len(), encode_len(len));
            assert_eq!(decode(digits.as_bytes()).as_deref(), Ok(&bytes[..len]), "{len}");
        }
    }

    // Nix 2.34: convertHash { hash = "d41d8cd98f00b204e9800998ecf8427e"; hashAlgo = "md5"; toHashFormat = "nix32"; }
    #[test]
    fn md5_of_nothing() {
        let md5 = b"\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e";
        assert_eq!(encode(md5), "3y8bwfr609h3lh9ch0izcqq7fl");
    }

    #[test]
    fn surplus_bits_lengthen() {
        assert_eq!(decode(&[b'z'; 52]).map(|b| b.len()), Ok(33));
        assert_eq!(decode(&[b'z'; 26]).map(|b| b.len()), Ok(17));
        assert_eq!(decode(&[b'z'; 32]).map(|b| b.len()), Ok(20));
    }

    #[test]
    fn letters_outside_the_alphabet() {
        let error = decode(b"0e").map_err(|e| e.to_string());
        assert_eq!(error, Err("invalid character in Nix32 (Nix's Base32 variation) string: 'e'".to_string()));
        assert_eq!(decode_digest(b"0000000000000000000000000000000E"), Err(b'E'));
    }

    #[test]
    fn a_digest_is_the_general_case() {
        let digits = b"v7hx61vvmrq0mkp28vfw9zlrmfl5qfk1";
        assert_eq!(decode(digits).ok().as_deref(), decode_digest(digits).ok().as_ref().map(|d| &d[..]));
    }
}
