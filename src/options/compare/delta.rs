//! What a list or a text of several lines lost and got: the same change may be made to different values.

use super::difference::Difference;
use crate::options::Plain;

/// The elements that only the old list has, and those that only the new one has.
pub fn lost_and_got<'a, T: PartialEq>(old: &'a [T], new: &'a [T]) -> (Vec<&'a T>, Vec<&'a T>) {
    let mut lost: Vec<&T> = old.iter().collect();
    let mut got = Vec::new();
    for item in new {
        match lost.iter().position(|before| *before == item) {
            Some(at) => drop(lost.remove(at)),
            None => got.push(item),
        }
    }
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
