//! The iterators over keys, values and items of dictionaries, forward and backward.
//!
//! The six classes share a layout: the number of keys at the start, by which changes are noticed, and a position among the
//! entries.

use crate::object::Dict;
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A position in a dictionary.
#[repr(C)]
#[derive(Trace)]
pub struct DictIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) dict: Option<Gc<Dict>>,
    /// Number of keys at the start; `usize::MAX` after a change was noticed.
    pub(crate) used: usize,
    /// Forward: the next entry. Backward: one more than that.
    pub(crate) position: usize,
    pub(crate) left: usize,
}

impl DictIterator {
    /// The next entry in the direction given by `find`.
    #[inline(always)]
    fn advance(
        this: Value,
        py: &mut Py,
        find: impl FnOnce(&Dict, usize) -> Option<(usize, Value, Value)>,
        step: usize,
    ) -> Result<Option<(Value, Value)>> {
        let this = Gc::<DictIterator>::known(py, this);
        let (dict, used, position, left) = match *this.get(py) {
            DictIterator { dict: Some(dict), used, position, left, .. } => (dict, used, position, left),
            _ => return Ok(None),
        };
        if dict.get(py).len() != used {
            this.get_mut(py).used = usize::MAX;
            raise!(py, RuntimeError, "dictionary changed size during iteration");
        }
        let next = find(dict.get(py), position);
        let this = this.get_mut(py);
        match next {
            Some(_) if left == 0 => {
                this.dict = None;
                raise!(py, RuntimeError, "dictionary keys changed during iteration")
            }
            Some((position, key, value)) => {
                (this.position, this.left) = (position + step, left - 1);
                Ok(Some((key, value)))
            }
            None => {
                this.dict = None;
                Ok(None)
            }
        }
    }
}

macro_rules! iterator {
    ($class:ident $name:literal $shape:ident $find:ident $step:literal, |$py:ident, $key:ident, $value:ident| $item:expr) => {
        #[pyclass(name = $name, layout = DictIterator, core)]
        #[doc(hidden)]
        pub struct $class;

        #[pymethods]
        impl $class {
            fn __iter__(this: Value) -> Value {
                this
            }

            fn __next__(this: Value, $py: &mut Py) -> Result<Option<Value>> {
                match DictIterator::advance(this, $py, Dict::$find, $step)? {
                    Some(($key, $value)) => {
                        let _ = ($key, $value);
                        Ok(Some($item))
                    }
                    None => Ok(None),
                }
            }

            /// Private method returning an estimate of len(list(it)).
            #[signature(self, /)]
            fn __length_hint__(this: Value, py: &Py) -> usize {
                let this = Gc::<DictIterator>::known(py, this).get(py);
                this.dict.map_or(0, |dict| if dict.get(py).len() == this.used { this.left } else { 0 })
            }

            /// Return state information for pickling.
            #[signature(self, /)]
            fn __reduce__(this: Value, py: &mut Py) -> Result {
                let DictIterator { dict, used, position, left, .. } = *Gc::<DictIterator>::known(py, this).get(py);
                let copy = DictIterator { header: Header::EMPTY, dict, used, position, left };
                let copy = py.heap.alloc_object(shapes::$shape, 0, copy);
                let mut rest = RootVec::new(&mut py.heap);
                py.drain_iterator(&mut rest, copy.into())?;
                let (iter, list) = (py.builtin("iter")?, py.new_list(&rest)?);
                let args = py.new_tuple(&[list.into()]);
                Ok(py.new_tuple(&[iter, args.into()]).into())
            }
        }
    };
}

iterator!(DictKeyIterator "dict_keyiterator" DICT_KEYITERATOR entry_from 1, |py, key, value| key);
iterator!(DictValueIterator "dict_valueiterator" DICT_VALUEITERATOR entry_from 1, |py, key, value| value);
iterator!(DictItemIterator "dict_itemiterator" DICT_ITEMITERATOR entry_from 1, |py, key, value| py.new_tuple(&[key, value]).into());
iterator!(DictReverseKeyIterator "dict_reversekeyiterator" DICT_REVERSEKEYITERATOR entry_before 0, |py, key, value| key);
iterator!(DictReverseValueIterator "dict_reversevalueiterator" DICT_REVERSEVALUEITERATOR entry_before 0, |py, key, value| value);
iterator!(DictReverseItemIterator "dict_reverseitemiterator" DICT_REVERSEITEMITERATOR entry_before 0, |py, key, value| py.new_tuple(&[key, value]).into());

impl Py {
    /// An iterator over a dictionary, of the class with the given shape.
    #[inline]
    pub(crate) fn dict_iterator(&mut self, shape: u32, dict: Gc<Dict>) -> Gc<DictIterator> {
        let this = dict.get(self);
        let used = this.len();
        let backward =
            matches!(shape, shapes::DICT_REVERSEKEYITERATOR | shapes::DICT_REVERSEVALUEITERATOR | shapes::DICT_REVERSEITEMITERATOR);
        let position = if backward { this.entries().len() } else { 0 };
        self.heap.alloc_object(shape, 0, DictIterator { header: Header::EMPTY, dict: Some(dict), used, position, left: used })
    }
}
