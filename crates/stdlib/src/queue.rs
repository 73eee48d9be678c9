//! `_queue`: a queue without a limit, for threads and signal handlers.
//!
//! Counterpart: `Modules/_queuemodule.c`.

use crate::exceptions;
use crate::itertools::push;
use crate::thread::waiting::{Patience, TIMEOUT_MAX, key_of, patience, wait_until};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// Simple, unbounded, reentrant FIFO queue.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "SimpleQueue", module = "_queue", flags(BASETYPE, HAS_WEAKREF))]
pub struct SimpleQueue {
    header: Header,
    items: HeapVec<Value>,
    /// How many of the items have been taken.
    taken: usize,
}

impl SimpleQueue {
    fn take(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let this = this.get_mut(py);
        let item = *this.items.get(this.taken)?;
        this.items[this.taken] = Value::NONE;
        this.taken += 1;
        if this.taken * 2 > this.items.len() {
            this.items.remove_range(0..this.taken);
            this.taken = 0;
        }
        Some(item)
    }
}

/// How long `get` waits.
fn patience_of(py: &mut Py, block: bool, timeout: Value) -> Result<Patience> {
    if !block || timeout.is_none() {
        return patience(py, block, -1.0);
    }
    let seconds = match py.float_payload(timeout) {
        Some(number) => number,
        None if py.has_index(timeout) => py.to_f64(timeout)?,
        None => {
            let class = py.class_name(timeout);
            raise!(py, TypeError, "'{class}' object cannot be interpreted as an integer or float")
        }
    };
    if seconds.is_nan() {
        raise!(py, ValueError, "Invalid value NaN (not a number)");
    }
    if seconds < 0.0 {
        raise!(py, ValueError, "'timeout' must be a non-negative number");
    }
    if seconds > TIMEOUT_MAX {
        raise!(py, OverflowError, "timestamp out of range for C PyTime_t");
    }
    patience(py, true, seconds)
}

#[cold]
fn empty(py: &mut Py) -> Raised {
    let class = match py.import_module("_queue") {
        Ok(module) => py.get_attr_named(module, "Empty"),
        Err(raised) => Err(raised),
    };
    match class.and_then(|class| py.call(class, &[])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

#[pymethods]
impl SimpleQueue {
    #[signature()]
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<SimpleQueue> {
        py.alloc_as(cls, SimpleQueue { header: Header::EMPTY, items: HeapVec::EMPTY, taken: 0 })
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this
    /// method never blocks.  They are provided for compatibility with the
    /// Queue class.
    #[signature(self, /, item, block=True, timeout=None)]
    fn put(this: Gc<Self>, py: &mut Py, item: Value, block: bool, timeout: Value) -> Result<()> {
        let _ = (block, timeout);
        push(py, this, |this| &mut this.items, item)?;
        py.wake(key_of(this.into()));
        Ok(())
    }

    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided
    /// for compatibility with the Queue class.
    #[signature(self, /, item)]
    fn put_nowait(this: Gc<Self>, py: &mut Py, item: Value) -> Result<()> {
        SimpleQueue::put(this, py, item, true, Value::NONE)
    }

    /// Remove and return an item from the queue.
    ///
    /// If optional args 'block' is true and 'timeout' is None (the
    /// default), block if necessary until an item is available.  If
    /// 'timeout' is a non-negative number, it blocks at most 'timeout'
    /// seconds and raises the Empty exception if no item was available
    /// within that time.
    /// Otherwise ('block' is false), return an item if one is immediately
    /// available, else raise the Empty exception ('timeout' is ignored
    /// in that case).
    #[signature(self, /, block=True, timeout=None)]
    fn get(this: Gc<Self>, py: &mut Py, block: bool, timeout: Value) -> Result {
        let patience = patience_of(py, block, timeout)?;
        let mut item = None;
        wait_until(py, key_of(this.into()), patience, |py| {
            item = SimpleQueue::take(this, py);
            item.is_some()
        })?;
        match item {
            Some(item) => Ok(item),
            None => Err(empty(py)),
        }
    }

    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise
    /// raise the Empty exception.
    #[signature(self, /)]
    fn get_nowait(this: Gc<Self>, py: &mut Py) -> Result {
        SimpleQueue::get(this, py, false, Value::NONE)
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[signature(self, /)]
    fn empty(this: Gc<Self>, py: &Py) -> bool {
        SimpleQueue::qsize(this, py) == 0
    }

    /// Return the approximate size of the queue (not reliable!).
    #[signature(self, /)]
    fn qsize(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.items.len() - this.taken
    }

    /// SimpleQueues are generic over the type of their contents
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// C implementation of the Python queue module.
/// This module is an implementation detail, please do not use it directly.
#[pymodule(name = "_queue", classes(SimpleQueue))]
pub mod queue {
    use super::*;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let class = exceptions::new_class(py, "_queue", "Empty", base)?;
        let (name, doc) = (py.intern("__doc__"), py.new_str("Exception raised by Queue.get(block=0)/get_nowait()."));
        py.set_attr(class, name, Some(doc.into()))?;
        py.module_set(module, "Empty", class)
    }
}
