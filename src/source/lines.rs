//! Line starts, and the line and column of a byte.

/// The length of a text, and where its lines start.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub(super) len: usize,
    pub(super) starts: Box<[u32]>,
}

impl Lines {
    /// The bytes of the text.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Finds the lines of a text.
    pub fn of(text: &[u8]) -> Lines {
        Lines { len: text.len(), starts: line_starts(text).into() }
    }

    /// Line and column (both from 1, columns in bytes) of a byte offset.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        place_among(&self.starts, offset)
    }
}

/// Line and column (both from 1, columns in bytes) of a byte offset in a text that is no [`Source`] yet.
pub fn line_column(text: &[u8], offset: u32) -> (u32, u32) {
    place_among(&line_starts(text), offset)
}

pub(super) fn place_among(lines: &[u32], offset: u32) -> (u32, u32) {
    let i = lines.partition_point(|&start| start <= offset).max(1);
    (i as u32, offset - lines[i - 1] + 1)
}

/// Offsets at which lines start. As in Nix, a line ends with `\n`, `\r\n` or a lone `\r`, and one more, empty
/// line follows the last line break.
pub(super) fn line_starts(text: &[u8]) -> Vec<u32> {
    // Most lines are longer than 20 bytes.
    let mut starts = Vec::with_capacity(text.len() / 20 + 1);
    starts.push(0);
    for i in memchr::memchr2_iter(b'\n', b'\r', text) {
        // Of `\r\n` the second byte ends the line.
        if text[i] == b'\n' || text.get(i + 1) != Some(&b'\n') {
            starts.push(i as u32 + 1);
        }
    }
    starts
}
