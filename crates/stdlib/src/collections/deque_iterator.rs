//! The iterators over deques.

use super::Deque;
use bredli_runtime::prelude::*;

/// Goes through a deque from left to right.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_deque_iterator", module = "collections")]
pub struct DequeIterator {
    header: Header,
    deque: Gc<Deque>,
    index: usize,
    left: usize,
    state: u64,
}

/// Goes through a deque from right to left.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_deque_reverse_iterator", module = "collections")]
pub struct DequeReverseIterator {
    header: Header,
    deque: Gc<Deque>,
    index: usize,
    left: usize,
    state: u64,
}

macro_rules! iterator {
    ($class:ident, |$index:ident, $len:ident| $place:expr) => {
        #[pymethods]
        impl $class {
            #[signature(iterable, index=0, /)]
            #[no_text_signature]
            fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Gc<Deque>, index: isize) -> Gc<$class> {
                let _ = cls;
                let this = $class::over(py, iterable);
                let len = this.get(py).left;
                let index = (index.max(0) as usize).min(len);
                let state = this.get_mut(py);
                (state.index, state.left) = (index, len - index);
                this
            }

            fn __iter__(this: Gc<Self>) -> Value {
                this.into()
            }

            fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
                let $class { deque, index: $index, left, state, .. } = *this.get(py);
                if deque.get(py).state() != state {
                    this.get_mut(py).left = 0;
                    raise!(py, RuntimeError, "deque mutated during iteration");
                }
                if left == 0 {
                    return Ok(None);
                }
                let $len = deque.get(py).len();
                let value = deque.get(py).item($place);
                let state = this.get_mut(py);
                (state.index, state.left) = ($index + 1, left - 1);
                Ok(value)
            }

            /// Private method returning an estimate of len(list(it)).
            #[signature(self, /)]
            fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
                this.get(py).left
            }

            /// Return state information for pickling.
            #[signature(self, /)]
            fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
                let (deque, left) = (this.get(py).deque, this.get(py).left);
                let done = deque.get(py).len().saturating_sub(left);
                let (class, index) = (py.class_of(this.into()), py.new_int(done as i64));
                let args = py.new_tuple(&[deque.into(), index]);
                py.new_tuple(&[class.into(), args.into()]).into()
            }
        }

        impl $class {
            pub(super) fn over(py: &mut Py, deque: Gc<Deque>) -> Gc<$class> {
                let (left, state) = (deque.get(py).len(), deque.get(py).state());
                py.alloc($class { header: Header::EMPTY, deque, index: 0, left, state })
            }
        }
    };
}

iterator!(DequeIterator, |index, len| {
    let _ = len;
    index
});
iterator!(DequeReverseIterator, |index, len| len - 1 - index);
