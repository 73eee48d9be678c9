//! A check of the heap after marking, for finding forgotten write barriers.
//!
//! A surviving object that refers to a dead one was written to without a barrier, since the last collection. The check reports the first one
//! at the end of marking, before anything is freed, which is far closer to the fault than the crash that would follow.

use crate::block::State;
use crate::chunk::{ChunkRef, FIRST_BLOCK};
use crate::mark::Tracer;
use crate::{Header, Heap, Kind};

impl Heap {
    /// # Panics
    /// If a marked object refers to one that is not marked.
    pub(crate) fn verify(&self, map: usize) {
        let marked = |cell: *const Header| ChunkRef::of(cell).is_marked(cell as usize, map);
        let mut shape_seen = vec![false; self.layouts.len()];
        self.visit_marked(map, |cell| {
            // SAFETY: marked cells are live objects.
            if unsafe { (*cell).kind() } == Kind::Buffer {
                return;
            }
            let mut of_shape = Tracer::new();
            // SAFETY: marked cells are live objects; for the roots see `set_roots`.
            unsafe {
                let shape = (*cell).shape();
                if let (Some(roots), Some(seen @ false)) = (self.roots, shape_seen.get_mut(shape as usize)) {
                    *seen = true;
                    (*roots).trace_shape(shape, &mut of_shape);
                }
            }
            let (children, storage) = Tracer::new().list(cell, &self.layouts);
            for child in children.into_iter().chain(storage).chain(of_shape.reported()) {
                assert!(
                    marked(child),
                    "{} at {cell:p} was made to refer to {} at {child:p} without a write barrier",
                    self.describe(cell),
                    self.describe(child)
                );
            }
        });
    }

    fn describe(&self, cell: *const Header) -> String {
        // SAFETY: nothing has been freed, so dead cells still have their headers.
        let (kind, shape) = unsafe { ((*cell).kind(), (*cell).shape()) };
        match kind {
            Kind::Buffer => "storage of a vector".to_owned(),
            _ => format!("{} (shape {shape}, {kind:?})", self.layout_of(shape).name),
        }
    }

    fn visit_marked(&self, map: usize, mut visit: impl FnMut(*const Header)) {
        for chunk in &self.space.chunks {
            for block in &chunk.blocks[FIRST_BLOCK..] {
                if matches!(block.state.get(), State::Partial | State::Current | State::Full) {
                    let starts = (block.first.get()..block.end.get()).step_by(block.cell.get() as usize);
                    starts.filter(|start| chunk.is_marked(*start as usize, map)).for_each(|start| visit(chunk.at(start as usize).cast()));
                }
            }
        }
        let large = self.space.large.iter().chain(&self.space.large_young).copied();
        large.filter(|cell| ChunkRef::of(*cell).is_marked(*cell as usize, map)).for_each(visit);
    }
}
