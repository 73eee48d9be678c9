//! The memo of a pickler: objects by identity, each with the number under which the stream knows it.

use super::Pickler;
use bredli_runtime::prelude::*;

/// The objects that have been written.
#[derive(Trace)]
pub struct Memo {
    /// Open addressing: 0, or one more than the position in `objects`.
    table: HeapVec<u32>,
    objects: HeapVec<Value>,
    numbers: HeapVec<i64>,
}

impl Memo {
    /// No objects.
    pub const EMPTY: Memo = Memo { table: HeapVec::EMPTY, objects: HeapVec::EMPTY, numbers: HeapVec::EMPTY };

    /// The objects with their numbers.
    pub fn entries(&self) -> impl Iterator<Item = (Value, i64)> {
        self.objects.iter().copied().zip(self.numbers.iter().copied())
    }

    fn len(&self) -> usize {
        self.objects.len()
    }

    /// Where an object is in the table, or the free place for it.
    fn place(table: &[u32], objects: &[Value], object: Value) -> usize {
        let mask = table.len() - 1;
        let mut at = (object.bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        loop {
            let entry = table[at];
            if entry == 0 || objects[entry as usize - 1] == object {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn find(&self, object: Value) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let entry = self.table[Memo::place(&self.table, &self.objects, object)];
        (entry as usize).checked_sub(1)
    }
}

impl Pickler {
    /// The number of an object.
    #[inline]
    pub fn memo_get(py: &Py, this: Gc<Pickler>, object: Value) -> Option<i64> {
        let memo = &this.get(py).memo;
        memo.find(object).map(|position| memo.numbers[position])
    }

    /// How many objects the memo has.
    pub fn memo_len(py: &Py, this: Gc<Pickler>) -> usize {
        this.get(py).memo.len()
    }

    /// Give an object a number.
    pub fn memo_set(py: &mut Py, this: Gc<Pickler>, object: Value, number: i64) -> Result<()> {
        if let Some(position) = this.get(py).memo.find(object) {
            this.get_mut(py).memo.numbers[position] = number;
            return Ok(());
        }
        let memo = &this.get(py).memo;
        if (memo.len() + 1) * 2 > memo.table.len() {
            let size = (memo.table.len() * 2).max(32);
            let Ok(mut table) = HeapVec::filled(&mut py.heap, size, 0u32) else { return Err(py.no_memory()) };
            let memo = &mut this.get_mut(py).memo;
            for (position, object) in memo.objects.iter().enumerate() {
                let at = Memo::place(&table, &memo.objects, *object);
                table[at] = position as u32 + 1;
            }
            memo.table = table;
        }
        if py.heap.vec_push(this, |pickler| &mut pickler.memo.objects, object).is_err()
            || py.heap.vec_push(this, |pickler| &mut pickler.memo.numbers, number).is_err()
        {
            return Err(py.no_memory());
        }
        let memo = &mut this.get_mut(py).memo;
        let at = Memo::place(&memo.table, &memo.objects[..memo.objects.len() - 1], object);
        memo.table[at] = memo.objects.len() as u32;
        Ok(())
    }
}
