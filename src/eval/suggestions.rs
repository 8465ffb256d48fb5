//! Names like one that there is not.

use crate::host::shown;

/// The names closest to `wanted`, as Nix suggests them: at most five, at an edit distance of at most two.
pub fn best_matches<'a>(names: impl Iterator<Item = &'a [u8]>, wanted: &[u8]) -> Vec<String> {
    const MOST: usize = 5;
    const FURTHEST: usize = 2;
    let mut near: Vec<(usize, &[u8])> =
        // Far apart in length is far apart; names can be long and sets large.
        names
            .filter(|n| n.len().abs_diff(wanted.len()) <= FURTHEST)
            .map(|n| (edit_distance(wanted, n), n))
            .filter(|(d, _)| *d <= FURTHEST)
            .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(MOST);
    near.into_iter().map(|(_, n)| shown(n).into_owned()).collect()
}

/// The Levenshtein distance in bytes: how many have to be added, removed or replaced.
pub fn edit_distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested() {
        let names: [&[u8]; 4] = [b"foo", b"fop", b"bar", b"fo"];
        assert_eq!(best_matches(names.into_iter(), b"fo1"), ["fo", "foo", "fop"]);
        assert_eq!(edit_distance(b"kitten", b"sitting"), 3);
    }
}
