//! Growable arrays inside heap objects.
//!
//! The buffer is a heap cell that belongs to the object holding the `HeapVec`; that object traces the items. Growing needs the
//! heap, which a view of the owner borrows, so the growing operations are methods of [`Heap`] that take the owner and a field accessor.

use crate::size::{MAX_LARGE, MAX_SMALL};
use crate::{Gc, Header, Heap, Kind, MemoryError, Object, Trace, Tracer};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Range};
use std::ptr;

/// Storage of a vector; the items follow.
#[repr(C)]
pub(crate) struct Buffer {
    header: Header,
    /// The address of the object whose vector this was when the collector last visited it; see `Heap::trace_orphans`.
    pub(crate) owner: std::cell::Cell<usize>,
}

/// Items that were appended to a vector of an old object since the last collection: the collector looks at these alone, unless the object
/// was remembered for another reason.
pub(crate) struct Appended {
    owner: *const Header,
    /// The vector, which may have got other storage since.
    vector: *const (),
    from: usize,
    trace: unsafe fn(*const (), usize, &mut Tracer),
}

impl Appended {
    /// Whose vector it is.
    pub(crate) fn owner(&self) -> *const Header {
        self.owner
    }

    /// Report the items, or only forget them.
    ///
    /// # Safety
    /// The owner has not been freed since.
    pub(crate) unsafe fn trace(self, tracer: Option<&mut Tracer>) {
        // SAFETY: the caller's promise; whoever changed the vector in another way went through the write barrier and got the owner remembered.
        unsafe {
            if let Some(tracer) = tracer.filter(|_| (*self.owner).log() != 0) {
                (self.trace)(self.vector, self.from, tracer);
            }
        }
    }
}

impl Buffer {
    /// What is appended from now on to this storage, which an old object has, must be remembered.
    pub(crate) fn settle(&self) {
        self.header.set_log(1);
    }

    /// Whether the items hold no references.
    pub(crate) fn is_leaf(&self) -> bool {
        self.header.aux() == 0
    }
}

const BUFFER: usize = size_of::<Buffer>();

/// Items of hash tables and the like, of which one means that there is none.
///
/// # Safety
/// All bits zero must be a valid item; it is the vacant one.
pub unsafe trait Vacant {}

/// A growable array of plain items, as a field of a heap object.
#[repr(C)]
pub struct HeapVec<T> {
    pointer: *mut T,
    len: usize,
    capacity: usize,
    marker: PhantomData<T>,
}

impl<T: Copy + Trace> Default for HeapVec<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: Copy + Trace> HeapVec<T> {
    /// No items, no storage.
    pub const EMPTY: HeapVec<T> = HeapVec { pointer: ptr::dangling_mut(), len: 0, capacity: 0, marker: PhantomData };
    /// Byte offset of the address of the first item.
    pub const DATA: usize = std::mem::offset_of!(HeapVec<T>, pointer);
    /// Byte offset of the number of items.
    pub const LEN: usize = std::mem::offset_of!(HeapVec<T>, len);
    /// Byte offset of the capacity.
    pub const CAPACITY: usize = std::mem::offset_of!(HeapVec<T>, capacity);

    /// Items there is room for in small cells.
    const SMALL: usize = (MAX_SMALL - BUFFER) / size_of::<T>();

    /// An empty vector with room for `capacity` items.
    #[inline]
    pub fn with_capacity(heap: &mut Heap, capacity: usize) -> Result<Self, MemoryError> {
        const { assert!(align_of::<T>() <= 8 && size_of::<T>() > 0) };
        if capacity == 0 {
            return Ok(Self::EMPTY);
        }
        if capacity <= Self::SMALL {
            let (cell, size) = heap.unclean_small(BUFFER + capacity * size_of::<T>());
            // SAFETY: the cell is fresh and has that size.
            return Ok(unsafe { Self::in_cell(cell, size) });
        }
        Self::allocate(heap, capacity, false)
    }

    /// Storage for at least `capacity` items, with address space behind huge storage if it is to grow.
    fn allocate(heap: &mut Heap, capacity: usize, growing: bool) -> Result<Self, MemoryError> {
        let bytes = Self::bytes(capacity)?;
        let cell = if bytes <= MAX_LARGE {
            heap.try_alloc_unclean(0, Kind::Buffer, T::REFERENCES as u8, bytes)?
        } else {
            heap.large(bytes, if growing { bytes * 2 } else { bytes })?.0.cast()
        };
        // SAFETY: the cell is fresh and has that many bytes.
        Ok(unsafe { Self::in_cell(cell, Heap::cell_size_for(bytes)) })
    }

    /// An empty vector with its storage in a cell of `size` bytes.
    ///
    /// # Safety
    /// The cell is fresh and has that size.
    #[inline(always)]
    unsafe fn in_cell(cell: *mut Header, size: usize) -> Self {
        let header = Header::new(0, Kind::Buffer, T::REFERENCES as u8);
        // SAFETY: the cell has room for the buffer's header; the items start behind it.
        let pointer = unsafe {
            cell.cast::<Buffer>().write(Buffer { header, owner: std::cell::Cell::new(0) });
            cell.cast::<u8>().add(BUFFER).cast::<T>()
        };
        let capacity = (size - BUFFER) / size_of::<T>();
        HeapVec { pointer, len: 0, capacity, marker: PhantomData }
    }

    /// Bytes of a cell with room for `capacity` items.
    fn bytes(capacity: usize) -> Result<usize, MemoryError> {
        let bytes = capacity.checked_mul(size_of::<T>()).and_then(|bytes| bytes.checked_add(BUFFER)).ok_or(MemoryError)?;
        if bytes > isize::MAX as usize / 4 { Err(MemoryError) } else { Ok(bytes) }
    }

    fn buffer(&self) -> *const Buffer {
        self.pointer.cast::<u8>().wrapping_sub(BUFFER).cast()
    }

    /// `len` copies of an item.
    pub fn filled(heap: &mut Heap, len: usize, item: T) -> Result<Self, MemoryError> {
        let mut vector = Self::with_capacity(heap, len)?;
        // SAFETY: there is room for `len` items.
        unsafe {
            for index in 0..len {
                vector.pointer.add(index).write(item);
            }
            vector.set_len(len);
        }
        Ok(vector)
    }

    /// `len` items that are all zero bits.
    pub fn vacant(heap: &mut Heap, len: usize) -> Result<Self, MemoryError>
    where
        T: Vacant,
    {
        if len == 0 {
            return Ok(Self::EMPTY);
        }
        let bytes = Self::bytes(len)?;
        let cell = heap.try_zeroed(bytes)?;
        // SAFETY: the cell is fresh and zeroed; there is room for `len` items, and zero bits are an item.
        unsafe {
            let mut vector = Self::in_cell(cell, Heap::cell_size_for(bytes));
            vector.set_len(len);
            Ok(vector)
        }
    }

    /// A vector of the given items.
    #[inline]
    pub fn from_slice(heap: &mut Heap, items: &[T]) -> Result<Self, MemoryError> {
        let mut vector = Self::with_capacity(heap, items.len())?;
        vector.extend_within_capacity(items);
        Ok(vector)
    }

    /// A copy of a vector of another object.
    pub fn copied<S: Object>(heap: &mut Heap, source: Gc<S>, items: impl Fn(&S) -> &HeapVec<T>) -> Result<Self, MemoryError> {
        let items: *const [T] = &**items(source.get(heap));
        // SAFETY: the handle keeps the source and so the items alive, and allocating changes no vector.
        Self::from_slice(heap, unsafe { &*items })
    }

    /// Number of items there is room for.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The items, leaving this vector empty.
    #[inline]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::EMPTY)
    }

    /// Remove and return the last item.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let last = *self.last()?;
        self.len -= 1;
        Some(last)
    }

    /// Remove the item at an index, which must exist, and close the gap.
    pub fn remove(&mut self, index: usize) -> T {
        let item = self[index];
        self.copy_within(index + 1.., index);
        self.len -= 1;
        item
    }

    /// Remove the items of a range, which must exist, and close the gap.
    pub fn remove_range(&mut self, range: Range<usize>) {
        self.copy_within(range.end.., range.start);
        self.len -= range.len();
    }

    /// Drop the items from `len` on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Drop all items, keeping the storage.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Append an item; there must be room.
    #[inline(always)]
    pub fn push_within_capacity(&mut self, item: T) {
        assert!(self.len < self.capacity);
        // SAFETY: there is room for one more item.
        unsafe { self.pointer.add(self.len).write(item) };
        self.len += 1;
    }

    /// Insert an item at an index up to the length; there must be room.
    pub fn insert_within_capacity(&mut self, index: usize, item: T) {
        assert!(self.len < self.capacity && index <= self.len);
        // SAFETY: there is room for one more item, and the index is at most the length.
        unsafe {
            let at = self.pointer.add(index);
            ptr::copy(at, at.add(1), self.len - index);
            at.write(item);
        }
        self.len += 1;
    }

    /// Append items; there must be room.
    #[inline]
    pub fn extend_within_capacity(&mut self, items: &[T]) {
        assert!(items.len() <= self.capacity - self.len);
        // SAFETY: there is room, and a slice cannot overlap what is behind the length.
        unsafe { ptr::copy_nonoverlapping(items.as_ptr(), self.pointer.add(self.len), items.len()) };
        self.len += items.len();
    }

    /// Set the number of items.
    ///
    /// # Safety
    /// There is room for that many, and they are initialised.
    #[inline(always)]
    pub unsafe fn set_len(&mut self, len: usize) {
        debug_assert!(len <= self.capacity);
        self.len = len;
    }
}

impl<T> Deref for HeapVec<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: the first `len` items are initialised, and the owner keeps the buffer alive.
        unsafe { std::slice::from_raw_parts(self.pointer, self.len) }
    }
}

impl<T> DerefMut for HeapVec<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for `deref`; a buffer belongs to one vector.
        unsafe { std::slice::from_raw_parts_mut(self.pointer, self.len) }
    }
}

impl<T: Copy + Trace> Trace for HeapVec<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        if self.capacity != 0 {
            // SAFETY: there is storage, and it is preceded by its header.
            tracer.vector(unsafe { &*self.buffer() }, self);
        }
    }
}

/// Capacity of a vector that has `capacity` and needs `needed`: an eighth more than needed, as CPython's lists.
fn grown(capacity: usize, needed: usize) -> usize {
    needed.saturating_add((needed >> 3) + if capacity < 8 { 4 } else { 8 })
}

impl Heap {
    /// Make room for `additional` more items in a vector of `owner`.
    #[inline]
    pub fn vec_reserve<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        additional: usize,
    ) -> Result<(), MemoryError> {
        // SAFETY: the vector is only looked at.
        let vector = field(unsafe { owner.get_mut_plain(self) });
        if additional > vector.capacity - vector.len {
            let needed = vector.len.checked_add(additional).ok_or(MemoryError)?;
            let capacity = grown(vector.capacity, needed);
            self.vec_move(owner, field, capacity)?;
        }
        Ok(())
    }

    /// The write barrier for appending references to a vector of `owner` that has storage. What is appended to a large old vector between two
    /// collections is little beside what it holds already.
    #[inline(always)]
    fn barrier_append<O: Object, T: Copy + Trace>(&mut self, owner: Gc<O>, vector: *const HeapVec<T>) {
        // SAFETY: the caller has just got the vector from its owner; there is storage, and it is preceded by its header.
        let storage = unsafe { &(*(*vector).buffer()).header };
        if owner.header().log() != 0 && storage.log() != 0 {
            self.remember_append(owner, vector, storage);
        }
    }

    #[cold]
    #[inline(never)]
    fn remember_append<O: Object, T: Copy + Trace>(&mut self, owner: Gc<O>, vector: *const HeapVec<T>, storage: &Header) {
        /// # Safety
        /// The address is that of a vector with storage.
        unsafe fn trace<T: Copy + Trace>(vector: *const (), from: usize, tracer: &mut Tracer) {
            // SAFETY: the caller's promise.
            unsafe {
                let vector = &*vector.cast::<HeapVec<T>>();
                tracer.appended(&*vector.buffer(), &vector[from..]);
            }
        }
        let offset = vector as usize - owner.address();
        if offset >= size_of::<O>() {
            // Only what is part of the owner is sure to stay where it is.
            return self.remember(owner.header());
        }
        storage.set_log(0);
        // SAFETY: the vector is part of a live object.
        let from = unsafe { (*vector).len };
        self.appended.push(Appended { owner: owner.header(), vector: vector.cast(), from, trace: trace::<T> });
    }

    /// Give a vector of `owner` storage for `capacity` items, which are at least as many as it has.
    #[inline(never)]
    fn vec_move<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        capacity: usize,
    ) -> Result<(), MemoryError> {
        let vector = field(owner.get_mut(self));
        let bytes = HeapVec::<T>::bytes(capacity)?;
        let grows = vector.capacity > 0;
        if vector.capacity * size_of::<T>() > MAX_LARGE {
            let (cell, before) = (vector.buffer().cast(), vector.capacity);
            if self.grow_in_place(cell, bytes) {
                let vector = field(owner.get_mut(self));
                assert!(vector.buffer().cast() == cell && vector.capacity == before);
                vector.capacity = capacity;
                return Ok(());
            }
        }
        let mut larger = if capacity <= HeapVec::<T>::SMALL {
            HeapVec::with_capacity(self, capacity)?
        } else {
            HeapVec::allocate(self, capacity, grows)?
        };
        let vector = field(owner.get_mut(self));
        larger.extend_within_capacity(vector);
        *vector = larger;
        Ok(())
    }

    /// Append an item.
    #[inline(always)]
    pub fn vec_push<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        item: T,
    ) -> Result<(), MemoryError> {
        // SAFETY: the item has a barrier of its own.
        let vector = field(unsafe { owner.get_mut_plain(self) });
        if vector.len == vector.capacity {
            return self.vec_push_slow(owner, field, item);
        }
        let vector = &raw mut *vector;
        if item.refers() {
            self.barrier_append(owner, vector);
        }
        // SAFETY: nothing happened to the owner since.
        let vector = unsafe { &mut *vector };
        // SAFETY: there is room for one more item.
        unsafe { vector.pointer.add(vector.len).write(item) };
        vector.len += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn vec_push_slow<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        item: T,
    ) -> Result<(), MemoryError> {
        self.vec_reserve(owner, &field, 1)?;
        field(owner.get_mut(self)).push_within_capacity(item);
        Ok(())
    }

    /// Insert an item at an index up to the length.
    pub fn vec_insert<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        index: usize,
        item: T,
    ) -> Result<(), MemoryError> {
        self.vec_reserve(owner, &field, 1)?;
        field(owner.get_mut(self)).insert_within_capacity(index, item);
        Ok(())
    }

    /// Append items that are not borrowed from the heap.
    pub fn vec_extend<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        items: &[T],
    ) -> Result<(), MemoryError> {
        self.vec_reserve(owner, &field, items.len())?;
        // SAFETY: the items have a barrier of their own.
        let vector = &raw mut *field(unsafe { owner.get_mut_plain(self) });
        if T::REFERENCES && !items.is_empty() {
            self.barrier_append(owner, vector);
        }
        // SAFETY: nothing happened to the owner since.
        unsafe { (*vector).extend_within_capacity(items) };
        Ok(())
    }

    /// Append items of another object, or of the same.
    pub fn vec_extend_from<O: Object, T: Copy + Trace, S: Object>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        source: Gc<S>,
        items: impl Fn(&S) -> &[T],
    ) -> Result<(), MemoryError> {
        let count = items(source.get(self)).len();
        self.vec_reserve(owner, &field, count)?;
        // SAFETY: the items have a barrier of their own.
        let vector = &raw mut *field(unsafe { owner.get_mut_plain(self) });
        if T::REFERENCES && count > 0 {
            self.barrier_append(owner, vector);
        }
        let from = items(source.get(self)) as *const [T];
        // SAFETY: nothing happened to the owner since.
        let vector = unsafe { &mut *vector };
        assert!(from.len() == count && count <= vector.capacity - vector.len);
        // SAFETY: there is room for `count` items behind the length, where no slice of initialised items reaches.
        unsafe { ptr::copy_nonoverlapping(from.cast::<T>(), vector.pointer.add(vector.len), count) };
        vector.len += count;
        Ok(())
    }

    /// Shorten to `len`, or lengthen with copies of an item.
    pub fn vec_resize<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        len: usize,
        item: T,
    ) -> Result<(), MemoryError> {
        let old = field(owner.get_mut(self)).len;
        self.vec_reserve(owner, &field, len.saturating_sub(old))?;
        let vector = field(owner.get_mut(self));
        vector.truncate(len);
        while vector.len < len {
            vector.push_within_capacity(item);
        }
        Ok(())
    }

    /// Replace the items of a range, which must exist, by others that are not borrowed from the heap.
    pub fn vec_splice<O: Object, T: Copy + Trace>(
        &mut self,
        owner: Gc<O>,
        field: impl Fn(&mut O) -> &mut HeapVec<T>,
        range: Range<usize>,
        items: &[T],
    ) -> Result<(), MemoryError> {
        self.vec_reserve(owner, &field, items.len().saturating_sub(range.len()))?;
        let vector = field(owner.get_mut(self));
        assert!(range.start <= range.end && range.end <= vector.len && vector.len - range.len() + items.len() <= vector.capacity);
        // SAFETY: the tail fits behind the new items, since there is room for the difference.
        unsafe {
            let tail = vector.pointer.add(range.end);
            ptr::copy(tail, vector.pointer.add(range.start + items.len()), vector.len - range.end);
            ptr::copy_nonoverlapping(items.as_ptr(), vector.pointer.add(range.start), items.len());
        }
        vector.len = vector.len - range.len() + items.len();
        Ok(())
    }
}
