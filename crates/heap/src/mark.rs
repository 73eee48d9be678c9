//! Marking: the visitor that receives references, and the loop that follows them.
//!
//! Found objects go through a short first-in first-out queue behind the stack, so that a cell is prefetched well before it is looked at;
//! marks are tested when a cell leaves the queue. Large arrays are fed in slices, so that the stack stays small.

use crate::chunk::{ChunkRef, Table};
use crate::stack::load;
use crate::vec::Buffer;
use crate::{Gc, Header, Kind, Layout, Object, Trace, Value};

/// Items of a large array that are pushed at a time.
const SLICE: usize = 128;
/// Cells between prefetching and looking.
const AHEAD: usize = 16;

/// The rest of a large array.
struct Slice {
    at: *const u8,
    left: usize,
    stride: usize,
    visit: unsafe fn(*const u8, usize, &mut Tracer),
}

/// What becomes of the references.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// They are followed.
    Mark,
    /// They are dropped, and it is noted whether a vector with this storage is visited.
    Seek { buffer: *const Header, held: bool },
    /// They are kept, and the storage of vectors is kept among the orphans.
    List,
}

/// Receives the references of an object or of the roots.
pub struct Tracer {
    stack: Vec<*const Header>,
    slices: Vec<Slice>,
    /// Storage of vectors that was found by other means than its owner; see `Heap::trace_orphans`.
    pub(crate) orphans: Vec<*const Header>,
    /// Which shapes marked objects have, and those of them that the roots have not been asked about.
    shape_seen: Vec<bool>,
    pub(crate) new_shapes: Vec<u32>,
    /// Words looked at by `scan`.
    pub(crate) scanned: usize,
    /// Words of objects looked at.
    pub(crate) visited: usize,
    /// The object whose payload is being visited, or 0.
    owner: usize,
    mode: Mode,
    table: *const Table,
    /// The bitmap in which live cells are marked, and the one to mark in.
    known: usize,
    map: usize,
    marked: usize,
}

impl Tracer {
    pub(crate) fn new() -> Tracer {
        Tracer {
            stack: Vec::new(),
            slices: Vec::new(),
            orphans: Vec::new(),
            shape_seen: Vec::new(),
            new_shapes: Vec::new(),
            scanned: 0,
            visited: 0,
            owner: 0,
            mode: Mode::Mark,
            table: std::ptr::null(),
            known: 0,
            map: 0,
            marked: 0,
        }
    }

    /// Prepare for marking in `map`, while `known` and the table tell which cells are live. There are `shapes` shapes.
    ///
    /// # Safety
    /// The table stays valid, and no cell is freed, for as long as references are reported.
    pub(crate) unsafe fn begin(&mut self, table: *const Table, known: usize, map: usize, shapes: usize) {
        (self.table, self.known, self.map) = (table, known, map);
        (self.marked, self.scanned, self.visited) = (0, 0, 0);
        self.shape_seen.clear();
        self.shape_seen.resize(shapes, false);
    }

    /// An object of a shape is alive.
    #[inline(always)]
    pub(crate) fn shape(&mut self, shape: u32) {
        if let Some(seen @ false) = self.shape_seen.get_mut(shape as usize) {
            *seen = true;
            self.new_shapes.push(shape);
        }
    }

    /// Number of cells marked since `begin`.
    pub(crate) fn marked(&self) -> usize {
        self.marked
    }

    /// Report a value.
    #[inline(always)]
    pub fn value(&mut self, value: Value) {
        if value.is_heap() {
            self.stack.push(value.as_header());
        }
    }

    /// Report an object.
    #[inline(always)]
    pub fn gc<T: Object>(&mut self, object: Gc<T>) {
        self.stack.push(object.header());
    }

    /// Report live objects.
    pub(crate) fn cells(&mut self, cells: &[*const Header]) {
        self.stack.extend_from_slice(cells);
    }

    /// Report an address inside a live cell.
    #[inline]
    pub fn interior(&mut self, address: *const u8) {
        self.address(address as usize);
    }

    /// Report every word from `from` up to `to` that looks like a reference: for VM stacks and suspended frames.
    ///
    /// # Safety
    /// The range is readable.
    pub unsafe fn range(&mut self, from: *const u64, to: *const u64) {
        if self.mode == Mode::Mark {
            // SAFETY: the caller's promise.
            unsafe { self.scan(from as usize, to as usize) }
        }
    }

    /// Report what the aligned words of a range may point into.
    ///
    /// # Safety
    /// The range is readable.
    pub(crate) unsafe fn scan(&mut self, low: usize, high: usize) {
        let low = low.next_multiple_of(8);
        let mut at = low;
        while at + 8 <= high {
            // SAFETY: the caller's promise.
            self.address(unsafe { load(at) });
            at += 8;
        }
        self.scanned += (at - low) / 8;
    }

    /// Report the words that follow a live cell's fixed part; zero words are no references.
    ///
    /// # Safety
    /// The words are readable and hold values or zero.
    #[inline(always)]
    unsafe fn words(&mut self, from: *const u64, count: usize) {
        self.visited += count;
        self.stack.reserve(count);
        let mut len = self.stack.len();
        // SAFETY: the caller promises the words; the stack has room for all of them.
        unsafe {
            let stack = self.stack.as_mut_ptr();
            for index in 0..count {
                let word = from.add(index).read();
                stack.add(len).write(word as *const Header);
                len += Value::is_address(word) as usize;
            }
            self.stack.set_len(len);
        }
    }

    /// Report whatever an address may point into.
    #[inline]
    pub(crate) fn address(&mut self, address: usize) {
        if self.mode != Mode::Mark {
            return;
        }
        // SAFETY: `begin` promises that the table is valid.
        let Some(cell) = (unsafe { (*self.table).cell_at(address, self.known) }) else { return };
        // SAFETY: live cells start with a header.
        if unsafe { (*cell).kind() } == Kind::Buffer {
            self.orphans.push(cell);
        } else {
            self.stack.push(cell);
        }
    }

    /// Report the storage and the items of a vector.
    #[inline]
    pub(crate) fn vector<T: Trace>(&mut self, buffer: &Buffer, items: &[T]) {
        let cell = (&raw const *buffer).cast::<Header>();
        if self.mode != Mode::Mark {
            return self.list_vector(cell, items);
        }
        if ChunkRef::of(cell).mark(cell as usize, self.map) {
            self.marked += 1;
        }
        if T::REFERENCES {
            buffer.owner.set(self.owner);
            buffer.settle();
            self.items(items);
        }
    }

    /// Report the items of a vector from `from` on.
    pub(crate) fn appended<T: Trace>(&mut self, buffer: &Buffer, items: &[T]) {
        buffer.settle();
        self.items(items);
    }

    #[cold]
    fn list_vector<T: Trace>(&mut self, cell: *const Header, items: &[T]) {
        match &mut self.mode {
            Mode::Seek { buffer, held } => *held |= *buffer == cell,
            _ => {
                self.orphans.push(cell);
                T::trace_items(items, self);
            }
        }
    }

    fn items<T: Trace>(&mut self, items: &[T]) {
        unsafe fn visit<T: Trace>(at: *const u8, count: usize, tracer: &mut Tracer) {
            // SAFETY: `at` came from a slice with at least `count` items left.
            T::trace_items(unsafe { std::slice::from_raw_parts(at.cast(), count) }, tracer);
        }
        if items.len() <= SLICE {
            T::trace_items(items, self);
        } else {
            self.slices.push(Slice { at: items.as_ptr().cast(), left: items.len(), stride: size_of::<T>(), visit: visit::<T> });
        }
    }

    /// Values one after the other.
    pub(crate) fn values<T>(&mut self, items: &[T]) {
        const { assert!(size_of::<T>() == 8) };
        // SAFETY: only used for value words, see `Trace::trace_items`.
        unsafe { self.words(items.as_ptr().cast(), items.len()) }
    }

    /// Report the references of an object, without marking it.
    #[inline(always)]
    pub(crate) fn children(&mut self, cell: *const Header, layouts: &[&'static Layout]) {
        // SAFETY: `cell` is a live object, so its header tells what is behind it.
        unsafe {
            match (*cell).kind() {
                Kind::Leaf => {}
                Kind::Slots => self.words(cell.add(1).cast(), (*cell).aux() as usize),
                Kind::Values => {
                    let (len, extra) = (cell.add(1).cast::<usize>().read(), (*cell).aux() as usize);
                    let words = cell.add(3).cast::<u64>();
                    if len + extra <= SLICE {
                        self.words(words, len + extra);
                    } else {
                        self.items(std::slice::from_raw_parts(words.cast::<Option<Value>>(), len + extra));
                    }
                }
                Kind::Custom => {
                    let layout = layouts[(*cell).shape() as usize];
                    self.owner = cell as usize;
                    (layout.trace)(cell, self);
                    if layout.trailing {
                        self.words(cell.cast::<u8>().add(layout.size).cast(), (*cell).aux() as usize);
                    }
                }
                Kind::Buffer => self.orphans.push(cell),
            }
        }
    }

    /// Whether a live object has a vector with this storage.
    pub(crate) fn holds(&mut self, owner: *const Header, buffer: *const Header, layouts: &[&'static Layout]) -> bool {
        let depth = self.stack.len();
        self.mode = Mode::Seek { buffer, held: false };
        // SAFETY: the owner is a live object.
        if unsafe { (*owner).kind() } == Kind::Custom {
            self.children(owner, layouts);
        }
        self.stack.truncate(depth);
        std::mem::replace(&mut self.mode, Mode::Mark) == Mode::Seek { buffer, held: true }
    }

    /// What a live object refers to, and the storage of its vectors. Only for a tracer that is not used to mark.
    pub(crate) fn list(mut self, cell: *const Header, layouts: &[&'static Layout]) -> (Vec<*const Header>, Vec<*const Header>) {
        self.mode = Mode::List;
        self.children(cell, layouts);
        while let Some(slice) = self.slices.pop() {
            // SAFETY: as in `drain`.
            unsafe { (slice.visit)(slice.at, slice.left, &mut self) };
        }
        (self.stack, self.orphans)
    }

    /// What has been reported to a tracer that is not used to mark.
    pub(crate) fn reported(self) -> Vec<*const Header> {
        self.stack
    }

    /// Mark a cell whose references are reported by other means.
    pub(crate) fn mark_only(&mut self, cell: *const Header) {
        if ChunkRef::of(cell).mark(cell as usize, self.map) {
            self.marked += 1;
        }
    }

    /// Mark everything reachable from what was reported.
    #[inline(never)]
    pub(crate) fn drain(&mut self, layouts: &[&'static Layout]) {
        let mut ahead = [std::ptr::null::<Header>(); AHEAD];
        let (mut first, mut count) = (0, 0);
        let mut marked = 0;
        loop {
            while count < AHEAD {
                let Some(cell) = self.stack.pop() else { break };
                prefetch(cell);
                ahead[(first + count) % AHEAD] = cell;
                count += 1;
            }
            if count == 0 {
                let Some(slice) = self.slices.last_mut() else { break };
                let (at, now, visit) = (slice.at, slice.left.min(SLICE), slice.visit);
                slice.at = at.wrapping_add(now * slice.stride);
                slice.left -= now;
                if slice.left == 0 {
                    self.slices.pop();
                }
                // SAFETY: the slice has `now` items left at `at`; arrays do not change during a collection.
                unsafe { visit(at, now, self) };
                continue;
            }
            let cell = ahead[first];
            first = (first + 1) % AHEAD;
            count -= 1;
            if !ChunkRef::of(cell).mark(cell as usize, self.map) {
                continue;
            }
            // SAFETY: reported cells are live objects.
            let shape = unsafe {
                (*cell).set_log(1);
                (*cell).shape()
            };
            self.shape(shape);
            marked += 1;
            self.children(cell, layouts);
        }
        self.marked += marked;
    }
}

#[inline(always)]
fn prefetch(cell: *const Header) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: prefetching has no effect on the program's state.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(cell.cast())
    }
    let _ = cell;
}
