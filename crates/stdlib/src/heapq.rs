//! `_heapq`: priority queues in lists.
//!
//! Counterpart: `Modules/_heapqmodule.c`.

use bredli_runtime::prelude::*;

/// Heap queue algorithm (a.k.a. priority queue).
#[pymodule(name = "_heapq")]
pub mod heapq {
    use super::Order::{Max, Min};
    use super::*;

    /// Push item onto heap, maintaining the heap invariant.
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heappush(py: &mut Py, heap: Gc<List>, item: Value) -> Result<()> {
        super::push(py, heap, item, Min)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[pyfunction]
    #[signature(heap, /)]
    fn heappop(py: &mut Py, heap: Gc<List>) -> Result {
        super::pop(py, heap, Min)
    }

    /// Pop and return the current smallest value, and add the new item.
    ///
    /// This is more efficient than heappop() followed by heappush(), and can be
    /// more appropriate when using a fixed-size heap.  Note that the value
    /// returned may be larger than item!  That constrains reasonable uses of
    /// this routine unless written as part of a conditional replacement:
    ///
    ///     if item > heap[0]:
    ///         item = heapreplace(heap, item)
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heapreplace(py: &mut Py, heap: Gc<List>, item: Value) -> Result {
        super::replace(py, heap, item, Min)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by
    /// a separate call to heappop().
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heappushpop(py: &mut Py, heap: Gc<List>, item: Value) -> Result {
        super::push_pop(py, heap, item, Min)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[pyfunction]
    #[signature(heap, /)]
    fn heapify(py: &mut Py, heap: Gc<List>) -> Result<()> {
        super::make(py, heap, Min)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heappush_max(py: &mut Py, heap: Gc<List>, item: Value) -> Result<()> {
        super::push(py, heap, item, Max)
    }

    /// Maxheap variant of heappop.
    #[pyfunction]
    #[signature(heap, /)]
    fn heappop_max(py: &mut Py, heap: Gc<List>) -> Result {
        super::pop(py, heap, Max)
    }

    /// Maxheap variant of heapreplace.
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heapreplace_max(py: &mut Py, heap: Gc<List>, item: Value) -> Result {
        super::replace(py, heap, item, Max)
    }

    /// Maxheap variant of heappushpop.
    ///
    /// The combined action runs more efficiently than heappush_max() followed by
    /// a separate call to heappop_max().
    #[pyfunction]
    #[signature(heap, item, /)]
    fn heappushpop_max(py: &mut Py, heap: Gc<List>, item: Value) -> Result {
        super::push_pop(py, heap, item, Max)
    }

    /// Maxheap variant of heapify.
    #[pyfunction]
    #[signature(heap, /)]
    fn heapify_max(py: &mut Py, heap: Gc<List>) -> Result<()> {
        super::make(py, heap, Max)
    }
}

/// Which item is on top.
#[derive(Clone, Copy)]
enum Order {
    Min,
    Max,
}

impl Order {
    /// Whether `a` belongs above `b`, if that can be said without calling anything.
    #[inline]
    fn plainly_above(self, py: &Py, a: Value, b: Value) -> Option<bool> {
        match self {
            Order::Min => py.quick_less(a, b),
            Order::Max => py.quick_less(b, a),
        }
    }

    /// Whether `a` belongs above `b`.
    fn above(self, py: &mut Py, a: Value, b: Value) -> Result<bool> {
        match self {
            Order::Min => py.less(a, b),
            Order::Max => py.less(b, a),
        }
    }
}

fn item(py: &mut Py, heap: Gc<List>, index: usize) -> Result {
    match heap.get(py).items().get(index) {
        Some(item) => Ok(*item),
        None => raise!(py, IndexError, "index out of range"),
    }
}

#[inline]
fn swap(py: &mut Py, heap: Gc<List>, a: usize, b: usize) {
    heap.get_mut(py).items_mut().swap(a, b);
}

/// Compare two items; RuntimeError when that changed the size of the heap.
#[inline]
fn compare(py: &mut Py, heap: Gc<List>, order: Order, a: usize, b: usize) -> Result<bool> {
    let items = heap.get(py).items();
    if let (Some(a), Some(b)) = (items.get(a), items.get(b))
        && let Some(above) = order.plainly_above(py, *a, *b)
    {
        return Ok(above);
    }
    compare_objects(py, heap, order, a, b)
}

#[inline(never)]
fn compare_objects(py: &mut Py, heap: Gc<List>, order: Order, a: usize, b: usize) -> Result<bool> {
    let len = heap.get(py).len();
    let (a, b) = (item(py, heap, a)?, item(py, heap, b)?);
    let above = order.above(py, a, b)?;
    if heap.get(py).len() != len {
        raise!(py, RuntimeError, "list changed size during iteration");
    }
    Ok(above)
}

/// Move the item at `index` up to its place, not above `top`.
fn rise(py: &mut Py, heap: Gc<List>, order: Order, top: usize, index: usize) -> Result<()> {
    let mut index = index;
    while index > top {
        let parent = (index - 1) / 2;
        if !compare(py, heap, order, index, parent)? {
            break;
        }
        swap(py, heap, index, parent);
        index = parent;
    }
    Ok(())
}

/// Move the item at `top` down to a leaf along the better children, then up to its place.
fn sink(py: &mut Py, heap: Gc<List>, order: Order, top: usize) -> Result<()> {
    let len = heap.get(py).len();
    let mut index = top;
    while 2 * index + 1 < len {
        let mut child = 2 * index + 1;
        if child + 1 < len && !compare(py, heap, order, child, child + 1)? {
            child += 1;
        }
        swap(py, heap, index, child);
        index = child;
    }
    rise(py, heap, order, top, index)
}

fn push(py: &mut Py, heap: Gc<List>, item: Value, order: Order) -> Result<()> {
    py.list_push(heap, item)?;
    let last = heap.get(py).len() - 1;
    rise(py, heap, order, 0, last)
}

fn pop(py: &mut Py, heap: Gc<List>, order: Order) -> Result {
    let Some(last) = heap.get_mut(py).pop_item() else { raise!(py, IndexError, "index out of range") };
    if heap.get(py).is_empty() {
        return Ok(last);
    }
    replace(py, heap, last, order)
}

fn replace(py: &mut Py, heap: Gc<List>, value: Value, order: Order) -> Result {
    let top = item(py, heap, 0)?;
    heap.get_mut(py).items_mut()[0] = value;
    sink(py, heap, order, 0)?;
    Ok(top)
}

fn push_pop(py: &mut Py, heap: Gc<List>, value: Value, order: Order) -> Result {
    let Some(top) = heap.get(py).items().first().copied() else { return Ok(value) };
    if !order.above(py, top, value)? {
        return Ok(value);
    }
    replace(py, heap, value, order)
}

fn make(py: &mut Py, heap: Gc<List>, order: Order) -> Result<()> {
    for index in (0..heap.get(py).len() / 2).rev() {
        sink(py, heap, order, index)?;
    }
    Ok(())
}
