//! Suggestions for misspelt names.

use crate::host::shown;
use crate::source::distance;

/// The names closest to `wanted`, as Nix suggests them: at most five, at an edit distance of at most two.
pub fn best_matches<'a>(names: impl Iterator<Item = &'a [u8]>, wanted: &[u8]) -> Vec<String> {
    const MOST: usize = 5;
    const FURTHEST: usize = 2;
    let mut near: Vec<(usize, &[u8])> =
        // A difference in length is a lower bound of the distance. Checking it first saves work: names can be
        // long and sets large.
        names
            .filter(|n| n.len().abs_diff(wanted.len()) <= FURTHEST)
            .map(|n| (distance(wanted, n), n))
            .filter(|(d, _)| *d <= FURTHEST)
            .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST);
    near.into_iter().map(|(_, n)| shown(n).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested() {
        let names: [&[u8]; 4] = [b"foo", b"fop", b"bar", b"fo"];
        assert_eq!(best_matches(names.into_iter(), b"fo1"), ["fo", "foo", "fop"]);
    }
}
