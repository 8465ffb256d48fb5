//! The lines in which two texts differ.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Lines of the old text that became lines of the new one; numbers are from 1. One of the ranges may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// In the old text.
    pub old: Range<u32>,
    /// In the new text.
    pub new: Range<u32>,
}

/// The lines in which two texts differ.
pub fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = |range: Range<usize>| range.start as u32 + 1..range.end as u32 + 1;
    let changed = |op: &DiffOp| !matches!(op, DiffOp::Equal { .. });
    let ops = capture_diff_slices(Algorithm::Patience, &old, &new);
    let hunk = |op: &DiffOp| Hunk { old: lines(op.old_range()), new: lines(op.new_range()) };
    ops.iter().filter(|op| changed(op)).map(hunk).collect()
}

/// The line of the new text that a line of the old one has become, or the line behind those that were removed with it.
pub fn in_new(hunks: &[Hunk], line: u32) -> u32 {
    let mut shift = 0;
    for hunk in hunks {
        if hunk.old.contains(&line) {
            return hunk.new.start;
        }
        if hunk.old.start > line {
            break;
        }
        shift = i64::from(hunk.new.end) - i64::from(hunk.old.end);
    }
    u32::try_from(i64::from(line) + shift).unwrap_or(line)
}

/// The column of the first byte of a line that is no blank, from 1.
pub fn column(text: &str, line: u32) -> u32 {
    let line = text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default();
    (line.len() - line.trim_start().len()) as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let found = hunks("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");
        assert_eq!(found, [Hunk { old: 2..3, new: 2..3 }, Hunk { old: 5..5, new: 5..6 }]);
        let found = hunks("a\nb\nc\n", "c\n");
        assert_eq!(found, [Hunk { old: 1..3, new: 1..1 }]);
        assert_eq!([in_new(&found, 1), in_new(&found, 3)], [1, 1]);
        assert_eq!(column("a\n  b\n", 2), 3);
    }
}
