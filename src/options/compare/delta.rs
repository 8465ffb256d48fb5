//! What a list or a text of several lines lost and got: the same change may be made to different values.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash};

use hashbrown::{DefaultHashBuilder, HashMap};

use super::difference::Difference;
use crate::options::Plain;

/// The elements that only the old list has, and those that only the new one has.
pub fn lost_and_got<'a, T: PartialEq + Hash>(old: &'a [T], new: &'a [T]) -> (Vec<&'a T>, Vec<&'a T>) {
    let hasher = DefaultHashBuilder::default();
    let mut left: HashMap<u64, VecDeque<&T>> = HashMap::new();
    for item in old {
        left.entry(hasher.hash_one(item)).or_default().push_back(item);
    }
    let mut got = Vec::new();
    for item in new {
        let same = left.get_mut(&hasher.hash_one(item));
        let found = same.and_then(|same| Some((same.iter().position(|before| *before == item)?, same)));
        match found {
            Some((at, same)) => drop(same.remove(at)),
            None => got.push(item),
        }
    }
    // The first ones are found again, so the last ones of equal elements are those that are lost.
    let mut lost: Vec<&T> = left.into_values().flatten().collect();
    lost.sort_by_key(|item| std::ptr::from_ref(*item));
    (lost, got)
}

/// Whether two differences in the same option are the same change: of the same values, or of lists or texts that lose and get
/// the same.
pub fn same_change(a: &Difference, b: &Difference) -> bool {
    if a.old == b.old && a.new == b.new {
        return true;
    }
    match (&a.old, &a.new, &b.old, &b.new) {
        (
            Some(Plain::List(old)),
            Some(Plain::List(new)),
            Some(Plain::List(other_old)),
            Some(Plain::List(other_new)),
        ) => same(lost_and_got(old, new), lost_and_got(other_old, other_new)),
        (
            Some(Plain::String(old)),
            Some(Plain::String(new)),
            Some(Plain::String(other_old)),
            Some(Plain::String(other_new)),
        ) if old.contains('\n') && other_old.contains('\n') => {
            let lines = |text: &'_ str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
            let (old, new, other_old, other_new) =
                (lines(old), lines(new), lines(other_old), lines(other_new));
            same(lost_and_got(&old, &new), lost_and_got(&other_old, &other_new))
        }
        _ => false,
    }
}

/// Another order alone is not the same change of other values.
fn same<T: PartialEq>(a: (Vec<&T>, Vec<&T>), b: (Vec<&T>, Vec<&T>)) -> bool {
    a == b && !(a.0.is_empty() && a.1.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_lost_once_each() {
        assert_eq!(lost_and_got(&[1, 2, 2, 3], &[3, 2, 4]), (vec![&1, &2], vec![&4]));
    }
}
