//! Growable arrays inside objects: their buffer is a heap cell that the owner traces.

use crate::{Gc, Header, Heap, Kind, MemoryError, Object, Trace, Tracer};
use std::ops::{Deref, DerefMut};

/// A vector that is a field of a heap object.
///
/// Growing needs the heap, and a field is reached by borrowing the heap: growing goes through [`Heap::vec_push`] and
/// [`Heap::vec_reserve`], which take the owner and the way to the field.
#[repr(C)]
pub struct HeapVec<T> {
    data: *mut T,
    len: usize,
    capacity: usize,
}

const BUFFER: usize = std::mem::size_of::<Header>();

impl<T: Copy + Trace> HeapVec<T> {
    /// No items and no buffer.
    pub const EMPTY: Self = HeapVec { data: std::ptr::dangling_mut(), len: 0, capacity: 0 };
    /// Byte offset of the pointer to the items.
    pub const DATA: usize = std::mem::offset_of!(HeapVec<T>, data);
    /// Byte offset of the number of items.
    pub const LEN: usize = std::mem::offset_of!(HeapVec<T>, len);

    /// An empty vector with room for `capacity` items, to be moved into an object.
    pub fn with_capacity(heap: &mut Heap, capacity: usize) -> Result<Self, MemoryError> {
        if capacity == 0 {
            return Ok(Self::EMPTY);
        }
        let bytes = capacity.checked_mul(std::mem::size_of::<T>()).ok_or(MemoryError)?;
        let cell = heap.try_alloc_raw(0, Kind::Leaf, 0, BUFFER + bytes)?;
        Ok(HeapVec { data: cell.cast::<u8>().wrapping_add(BUFFER).cast(), len: 0, capacity })
    }

    /// A vector of `len` equal items.
    pub fn filled(heap: &mut Heap, len: usize, item: T) -> Result<Self, MemoryError> {
        let mut vec = Self::with_capacity(heap, len)?;
        for _ in 0..len {
            vec.push_within_capacity(item);
        }
        Ok(vec)
    }

    /// A vector with a copy of the items.
    pub fn from_slice(heap: &mut Heap, items: &[T]) -> Result<Self, MemoryError> {
        let mut vec = Self::with_capacity(heap, items.len())?;
        vec.extend_within_capacity(items);
        Ok(vec)
    }

    /// How many items fit without growing.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Append an item; there must be room.
    #[inline(always)]
    pub fn push_within_capacity(&mut self, item: T) {
        assert!(self.len < self.capacity, "no room in the vector");
        // SAFETY: there is room for one more item.
        unsafe { self.data.add(self.len).write(item) };
        self.len += 1;
    }

    /// Append items; there must be room.
    pub fn extend_within_capacity(&mut self, items: &[T]) {
        assert!(items.len() <= self.capacity - self.len, "no room in the vector");
        // SAFETY: there is room, and a borrowed slice cannot overlap the unused part.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), self.data.add(self.len), items.len()) };
        self.len += items.len();
    }

    /// Insert an item before `index`; there must be room.
    pub fn insert_within_capacity(&mut self, index: usize, item: T) {
        assert!(index <= self.len && self.len < self.capacity, "no room in the vector");
        // SAFETY: both ranges are inside the capacity.
        unsafe {
            std::ptr::copy(self.data.add(index), self.data.add(index + 1), self.len - index);
            self.data.add(index).write(item);
        }
        self.len += 1;
    }

    /// Remove and return the last item.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        // SAFETY: the item was initialised.
        Some(unsafe { self.data.add(self.len).read() })
    }

    /// Remove and return the item at `index`.
    pub fn remove(&mut self, index: usize) -> T {
        let item = self[index];
        self.copy_within(index + 1.., index);
        self.len -= 1;
        item
    }

    /// Remove the items of a range.
    pub fn remove_range(&mut self, range: std::ops::Range<usize>) {
        self.copy_within(range.end.., range.start);
        self.len -= range.len();
    }

    /// Keep the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Remove everything, keeping the buffer.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    pub(crate) fn trace_buffer(&self, tracer: &mut Tracer) {
        if self.capacity != 0 {
            tracer.interior(self.data.cast());
        }
    }
}

impl<T> Deref for HeapVec<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` items are initialised.
        unsafe { std::slice::from_raw_parts(self.data, self.len) }
    }
}

impl<T> DerefMut for HeapVec<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for `deref`.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }
}

impl Heap {
    /// Append to a vector in an object, growing it as needed.
    #[inline(always)]
    pub fn vec_push<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        item: T,
    ) -> Result<(), MemoryError> {
        let vec = field(owner.get_mut(self));
        if vec.len == vec.capacity {
            self.vec_reserve(owner, &field, 1)?;
        }
        field(owner.get_mut(self)).push_within_capacity(item);
        Ok(())
    }

    /// Append items to a vector in an object. The items must not be borrowed from this heap.
    pub fn vec_extend<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        items: &[T],
    ) -> Result<(), MemoryError> {
        self.vec_reserve(owner, &field, items.len())?;
        field(owner.get_mut(self)).extend_within_capacity(items);
        Ok(())
    }

    /// Make room for more items in a vector in an object.
    #[inline(never)]
    pub fn vec_reserve<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        additional: usize,
    ) -> Result<(), MemoryError> {
        let vec = field(owner.get_mut(self));
        let (len, capacity) = (vec.len, vec.capacity);
        let wanted = len.checked_add(additional).ok_or(MemoryError)?;
        if wanted <= capacity {
            return Ok(());
        }
        let grown = wanted.max(capacity + capacity / 2).max(4);
        let mut fresh = HeapVec::<T>::with_capacity(self, grown)?;
        let vec = field(owner.get_mut(self));
        fresh.extend_within_capacity(vec);
        *vec = fresh;
        Ok(())
    }
}
