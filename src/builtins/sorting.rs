//! The sort behind `builtins.sort`: compares the same elements in the same order as Nix.
//!
//! It is peeksort (Munro and Wild, "Nearly-optimal mergesorts", 2018), a stable merge sort that exploits existing
//! runs. The order of comparisons is visible in `builtins.trace`, in which error comes first, and in the result if
//! the comparison is not an order (`testdata/lang/lists.txt`). The standard library's sort also cannot stop at an
//! error.

use crate::eval::Res;
use crate::value::Value;

/// Up to this length, insertion sort is used.
const INSERTION_UP_TO: usize = 16;

type Less<'a> = &'a mut dyn FnMut(Value, Value) -> Res<bool>;

/// Sorts words with a comparison that may fail. The sort is stable.
pub fn merge_sort(mut items: Vec<Value>, less: &mut dyn FnMut(Value, Value) -> Res<bool>) -> Res<Vec<Value>> {
    match items.len() {
        0 | 1 => {}
        2 => {
            if less(items[1], items[0])? {
                items.swap(0, 1);
            }
        }
        n => Sorter { less, buffer: Vec::with_capacity(n) }.sort(&mut items, 0, n)?,
    }
    Ok(items)
}

struct Sorter<'a> {
    less: Less<'a>,
    buffer: Vec<Value>,
}

impl Sorter<'_> {
    /// Sorts `items`; those before `left` and those from `right` on are known to be sorted.
    fn sort(&mut self, items: &mut [Value], left: usize, right: usize) -> Res<()> {
        let n = items.len();
        if left == n || right == 0 {
            return Ok(());
        }
        if n <= INSERTION_UP_TO {
            return self.insertion(items);
        }
        let middle = n / 2;
        if middle <= left {
            self.sort(&mut items[left..], 1, right - left)?;
            return self.merge(items, left);
        }
        if middle >= right {
            self.sort(&mut items[..right], left, right - 1)?;
            return self.merge(items, right);
        }
        let (from, to) = self.run_around(items, middle, left, right)?;
        if from == 0 && to == n {
            return Ok(());
        }
        // The run goes to the side that holds less of it.
        if middle - from < to - middle {
            self.sort(&mut items[..from], left, from.saturating_sub(1))?;
            self.sort(&mut items[from..], to - from, right - from)?;
            self.merge(items, from)
        } else {
            self.sort(&mut items[..to], left, from)?;
            self.sort(&mut items[to..], 1, right - to)?;
            self.merge(items, to)
        }
    }

    /// The run around `middle - 1` within `left..right`; a descending one is reversed.
    fn run_around(
        &mut self,
        items: &mut [Value],
        middle: usize,
        left: usize,
        right: usize,
    ) -> Res<(usize, usize)> {
        let falling = (self.less)(items[middle], items[middle - 1])?;
        let mut from = middle - 1;
        while from > left && (self.less)(items[from], items[from - 1])? == falling {
            from -= 1;
        }
        let mut to = middle;
        while to < right && (self.less)(items[to], items[to - 1])? == falling {
            to += 1;
        }
        if falling {
            items[from..to].reverse();
        }
        Ok((from, to))
    }

    fn insertion(&mut self, items: &mut [Value]) -> Res<()> {
        for i in 1..items.len() {
            let mut j = i;
            while j > 0 && (self.less)(items[j], items[j - 1])? {
                items.swap(j, j - 1);
                j -= 1;
            }
        }
        Ok(())
    }

    /// Merges the sorted parts before `middle` and from it on.
    fn merge(&mut self, items: &mut [Value], middle: usize) -> Res<()> {
        self.buffer.clear();
        self.buffer.extend_from_slice(items);
        let (left, right) = self.buffer.split_at(middle);
        let (mut i, mut j) = (0, 0);
        while i < left.len() && j < right.len() {
            if (self.less)(right[j], left[i])? {
                items[i + j] = right[j];
                j += 1;
            } else {
                items[i + j] = left[i];
                i += 1;
            }
        }
        let at = i + j;
        // One of the two is exhausted.
        items[at..at + left.len() - i].copy_from_slice(&left[i..]);
        let at = at + left.len() - i;
        items[at..].copy_from_slice(&right[j..]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_is_stable() {
        for modulus in [1, 7, 100, 1000] {
            let items: Vec<Value> =
                (0..500).filter_map(|i| Value::small_int(i * 7919 % 1009 % modulus * 1000 + i)).collect();
            let key = |v: &Value| v.as_small_int() / 1000;
            let sorted = merge_sort(items.clone(), &mut |a, b| Ok(key(&a) < key(&b))).expect("no errors");
            let mut expected = items;
            expected.sort_by_key(key);
            assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn no_order_is_no_harm() {
        let items: Vec<Value> = (0..200).filter_map(Value::small_int).collect();
        let mut turn = 0;
        let sorted = merge_sort(items.clone(), &mut |_, _| {
            turn += 1;
            Ok(turn % 3 == 0)
        });
        let mut sorted = sorted.expect("no errors");
        sorted.sort_by_key(|v| v.as_small_int());
        assert_eq!(sorted, items);
    }
}
