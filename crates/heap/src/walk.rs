//! Looking at the heap from outside: all objects, what one refers to, sizes.

use crate::block::State;
use crate::mark::Tracer;
use crate::size::BLOCKS;
use crate::{Header, Heap, Kind, RootVec, Value};

impl Heap {
    /// All objects, the unreachable ones since the last collection included. Storage of vectors is left out, cells from
    /// [`alloc_raw`](Self::alloc_raw) are not.
    pub fn objects(&mut self) -> RootVec {
        let mut found = RootVec::new(self);
        self.visit_cells(|cell| found.push(Value::from_header(cell)));
        found
    }

    /// Number of objects that [`objects`](Self::objects) gives.
    pub fn count_objects(&mut self) -> usize {
        let mut count = 0;
        self.visit_cells(|_| count += 1);
        count
    }

    /// Number of objects made since the last collection.
    pub fn count_young(&self) -> usize {
        self.space.handed_out()
    }

    fn visit_cells(&mut self, mut visit: impl FnMut(*const Header)) {
        self.flush_caches();
        let mut object = |cell: *const Header| {
            // SAFETY: live cells start with a header.
            if unsafe { (*cell).kind() } != Kind::Buffer {
                visit(cell);
            }
        };
        for chunk in &self.space.chunks {
            for block in &chunk.blocks[crate::chunk::FIRST_BLOCK..BLOCKS] {
                if !matches!(block.state.get(), State::Partial | State::Current | State::Full) {
                    continue;
                }
                for start in (block.first.get()..block.end.get()).step_by(block.cell.get() as usize) {
                    if let Some(cell) = self.space.table.cell_at(chunk.base() + start as usize, self.space.map) {
                        object(cell);
                    }
                }
            }
        }
        for cell in self.space.large.iter().chain(&self.space.large_young) {
            object(*cell);
        }
    }

    /// What an object refers to, each reference once.
    pub fn referents(&mut self, value: Value) -> RootVec {
        let mut found = RootVec::new(self);
        if value.is_heap() {
            let (cells, _) = Tracer::new().list(value.as_header(), &self.layouts);
            found.extend(cells.into_iter().map(Value::from_header));
        }
        found
    }

    /// The objects that refer to one of `targets`.
    pub fn referrers(&mut self, targets: &[Value]) -> RootVec {
        let mut found = self.objects();
        found.retain(|object| {
            let (cells, _) = Tracer::new().list(object.as_header(), &self.layouts);
            cells.into_iter().any(|cell| targets.contains(&Value::from_header(cell)))
        });
        found
    }

    /// Bytes of an object and the storage of its vectors; 0 for immediate values.
    pub fn size_of(&self, value: Value) -> usize {
        if !value.is_heap() {
            return 0;
        }
        let (_, buffers) = Tracer::new().list(value.as_header(), &self.layouts);
        buffers.into_iter().chain([value.as_header()]).map(|cell| self.space.cell_size(cell)).sum()
    }

    /// `gc.freeze`: note how many objects there are now. They are collected as before.
    pub fn freeze(&mut self) {
        self.frozen = self.count_objects();
    }

    /// `gc.unfreeze`
    pub fn unfreeze(&mut self) {
        self.frozen = 0;
    }

    /// `gc.get_freeze_count`
    pub fn frozen(&self) -> usize {
        self.frozen
    }
}
