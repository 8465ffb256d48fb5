//! `++`: lists that grow at one end share their slots.
//!
//! A list made of a long list and a few more elements gets spare slots at the end that grew. The next list that
//! adds to that end uses the same slots and some of the spare ones. A list that is built element by element
//! therefore takes linear time and memory, like a string.

use super::memory::{Memory, R};
use super::{Value, put};
use crate::heap::{HeapFull, MAX_28, Ref, Slot};

/// Lists shorter than this have no spare slots.
const LONG: usize = 16;

impl Memory {
    /// Concatenates lists. If only one list has elements, it is the result itself.
    ///
    /// # Errors
    /// When the heap is full or the list would be too long.
    pub fn concat_lists(&self, lists: &[Value]) -> R<Value> {
        let total: usize = lists.iter().map(|l| l.list_len()).sum();
        if let Some(only) = lists.iter().find(|l| l.list_len() == total) {
            return Ok(*only);
        }
        if total > MAX_28 {
            return Err(HeapFull);
        }
        let (Some((first, behind)), Some((last, front))) = (lists.split_first(), lists.split_last()) else {
            return Ok(Value::EMPTY_LIST);
        };
        let few = |added: usize, list: &Value| list.list_len() >= LONG && added * 2 <= list.list_len();
        let added = total - first.list_len();
        if few(added, first) {
            return self.added_behind(*first, behind, added);
        }
        let added = total - last.list_len();
        if few(added, last) {
            return self.added_in_front(front, *last, added);
        }
        self.counts.lists.one(total);
        let (at, slots) = self.alloc(total)?;
        self.fill(slots, lists)?;
        Ok(Value::list(at, total))
    }

    fn fill(&self, slots: &[Slot], lists: &[Value]) -> R<()> {
        let items = lists.iter().flat_map(|list| self.items(*list));
        for (slot, item) in slots.iter().zip(items) {
            put(slot, self.share(item)?);
        }
        Ok(())
    }

    fn added_behind(&self, list: Value, behind: &[Value], added: usize) -> R<Value> {
        let len = list.list_len();
        let end = list.at() + len as Ref;
        let total = len + added;
        if let Some(limit) = self.growing.behind.take(end)
            && limit - end >= added as Ref
        {
            self.counts.lists.one(added);
            self.fill(self.heap.slots(end, added), behind)?;
            self.growing.behind.put(end + added as Ref, limit);
            return Ok(Value::list(list.at(), total));
        }
        let front = self.growing.front.take(list.at()).is_some();
        self.grown([front, true], &[&[list], behind], total)
    }

    fn added_in_front(&self, front: &[Value], list: Value, added: usize) -> R<Value> {
        let start = list.at();
        let total = list.list_len() + added;
        if let Some(limit) = self.growing.front.take(start)
            && start - limit >= added as Ref
        {
            self.counts.lists.one(added);
            let at = start - added as Ref;
            self.fill(self.heap.slots(at, added), front)?;
            self.growing.front.put(at, limit);
            return Ok(Value::list(at, total));
        }
        let behind = self.growing.behind.take(start + list.list_len() as Ref).is_some();
        self.grown([true, behind], &[front, &[list]], total)
    }

    /// A new list of `total` elements with spare slots before it, after it, or both.
    fn grown(&self, [front, behind]: [bool; 2], parts: &[&[Value]], total: usize) -> R<Value> {
        self.counts.lists.one(total);
        let spare = |grows: bool| if grows { total / 2 } else { 0 };
        let (first, slots) = self.alloc(spare(front) + total + spare(behind))?;
        let at = first + spare(front) as Ref;
        self.fill(&slots[spare(front)..], &parts.concat())?;
        self.growing.front.put(at, first);
        self.growing.behind.put(at + total as Ref, first + slots.len() as Ref);
        Ok(Value::list(at, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::peek;

    fn numbers(mem: &Memory, list: Value) -> Vec<i64> {
        mem.items(list).iter().map(|slot| mem.as_int(peek(slot)).expect("a number")).collect()
    }

    /// Lists grow at both ends, several of them from the same list.
    #[test]
    fn lists_that_share_slots_do_not_disturb_each_other() {
        let mem = Memory::new().expect("address space");
        let list = |range: std::ops::Range<i64>| {
            let items: Vec<Value> = range.map(|n| mem.int(n).expect("room")).collect();
            mem.list(&items).expect("room")
        };
        let base = list(0..20);
        let mut all = vec![(base, (0..20).collect::<Vec<i64>>())];
        for step in 0..200 {
            let (from, known) = all[all.len() - 1 - (step as usize * 7) % all.len().min(3)].clone();
            let more = list(1000 + step..1000 + step + 1 + step % 3);
            let (made, expected) = match step % 4 {
                0 => (mem.concat_lists(&[more, from]), [numbers(&mem, more), known].concat()),
                _ => (mem.concat_lists(&[from, more]), [known, numbers(&mem, more)].concat()),
            };
            all.push((made.expect("room"), expected));
        }
        for (made, expected) in all {
            assert_eq!(numbers(&mem, made), expected);
        }
    }

    #[test]
    fn growing_takes_linear_memory() {
        let mem = Memory::new().expect("address space");
        let one = mem.list(&[Value::NULL]).expect("room");
        let mut grown = mem.list(&[Value::NULL; 16]).expect("room");
        for i in 0..10_000 {
            let parts = if i % 2 == 0 { [grown, one] } else { [one, grown] };
            let parts = if i < 5_000 { [grown, one] } else { parts };
            grown = mem.concat_lists(&parts).expect("room");
        }
        assert_eq!(grown.list_len(), 10_016);
        let words = mem.heap.used()[2] / 8;
        assert!(words < 30 * 10_016, "{words} words");
    }
}
