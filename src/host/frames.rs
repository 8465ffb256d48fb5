//! What processes tell each other, in frames: a byte that says what it is, its length, and its bytes.

use std::io::{self, Write};

/// The bytes in front of a frame's contents.
const HEADER: usize = 1 + size_of::<u32>();

/// Writes a frame.
pub(super) fn write(output: &mut impl Write, what: u8, contents: &[u8]) -> io::Result<()> {
    let len = u32::try_from(contents.len()).map_err(io::Error::other)?;
    output.write_all(&[&[what][..], &len.to_le_bytes(), contents].concat())
}

/// Takes the frames that have been received as a whole.
pub(super) fn take(received: &mut Vec<u8>, hear: &mut dyn FnMut(u8, &[u8])) {
    let mut read = 0;
    while let Some((header, rest)) = received[read..].split_first_chunk::<HEADER>() {
        let [what, len @ ..] = *header;
        let Some(contents) = rest.get(..u32::from_le_bytes(len) as usize) else {
            break;
        };
        hear(what, contents);
        read += HEADER + contents.len();
    }
    received.drain(..read);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_once_they_are_whole() {
        let mut sent = Vec::new();
        for (what, contents) in [(1, &b"one"[..]), (0, b""), (2, &[7; 300])] {
            write(&mut sent, what, contents).expect("a vector takes all");
        }
        let (mut received, mut heard) = (Vec::new(), Vec::new());
        for byte in sent {
            received.push(byte);
            take(&mut received, &mut |what, contents| heard.push((what, contents.to_vec())));
        }
        assert_eq!(heard, [(1, b"one".to_vec()), (0, Vec::new()), (2, vec![7; 300])]);
        assert!(received.is_empty());
    }
}
