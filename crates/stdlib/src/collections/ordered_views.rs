//! The views of ordered dictionaries and the iterator over them.

use bredli_runtime::prelude::*;
use bredli_runtime::types::{DictItems, DictKeys, DictValues};

/// What an iterator gives, and in which direction.
#[derive(Clone, Copy, PartialEq)]
pub enum Walk {
    /// Keys from first to last.
    Keys,
    /// Values from first to last.
    Values,
    /// Items from first to last.
    Items,
    /// Keys from last to first.
    ReversedKeys,
    /// Values from last to first.
    ReversedValues,
    /// Items from last to first.
    ReversedItems,
}

impl Walk {
    fn is_reversed(self) -> bool {
        matches!(self, Walk::ReversedKeys | Walk::ReversedValues | Walk::ReversedItems)
    }
}

/// Goes through an ordered dictionary, in either direction.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "odict_iterator")]
pub struct OrderedIterator {
    header: Header,
    /// Empty once the end was reached.
    dict: Option<Gc<Dict>>,
    version: u32,
    /// Forward: the next entry. Backward: one more than that.
    position: usize,
    #[trace(skip)]
    walk: Walk,
}

impl OrderedIterator {
    /// An iterator that starts at the first key, or at the last one.
    pub fn over(py: &mut Py, dict: Value, walk: Walk) -> Gc<OrderedIterator> {
        let dict = Gc::<Dict>::known(py, dict);
        let this = dict.get(py);
        let version = this.version;
        let position = if walk.is_reversed() { this.entries().len() } else { 0 };
        py.alloc(OrderedIterator { header: Header::EMPTY, dict: Some(dict), version, position, walk })
    }
}

#[pymethods]
impl OrderedIterator {
    fn __iter__(this: Value) -> Value {
        this
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let OrderedIterator { dict, version, position, walk, .. } = *this.get(py);
        let Some(dict) = dict else { return Ok(None) };
        let entries = dict.get(py);
        if entries.version != version {
            this.get_mut(py).dict = None;
            raise!(py, RuntimeError, "OrderedDict mutated during iteration");
        }
        let next = if walk.is_reversed() { entries.entry_before(position) } else { entries.entry_from(position) };
        let Some((position, key, value)) = next else {
            this.get_mut(py).dict = None;
            return Ok(None);
        };
        this.get_mut(py).position = if walk.is_reversed() { position } else { position + 1 };
        Ok(Some(match walk {
            Walk::Keys | Walk::ReversedKeys => key,
            Walk::Values | Walk::ReversedValues => value,
            Walk::Items | Walk::ReversedItems => py.new_tuple(&[key, value]).into(),
        }))
    }

    /// Return state information for pickling
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let OrderedIterator { dict, version, position, walk, .. } = *this.get(py);
        let copy = py.alloc(OrderedIterator { header: Header::EMPTY, dict, version, position, walk });
        let rest = py.collect_iterable(copy.into())?;
        let (iter, list) = (py.builtin("iter")?, py.new_list(&rest)?);
        let args = py.new_tuple(&[list.into()]);
        Ok(py.new_tuple(&[iter, args.into()]).into())
    }
}

macro_rules! view {
    ($class:ident, $name:literal, $base:ident, $walk:ident, $reversed:ident) => {
        #[doc(hidden)]
        #[pyclass(name = $name, base = $base, layout = $base)]
        pub struct $class;

        impl $class {
            /// The view of a dictionary.
            pub(super) fn of(py: &mut Py, dict: Gc<Dict>) -> Value {
                let class = $class::class(py);
                py.alloc_as(class, $base::of(dict)).into()
            }
        }

        #[pymethods]
        impl $class {
            fn __iter__(this: Gc<$base>, py: &mut Py) -> Gc<OrderedIterator> {
                let dict = this.get(py).dict();
                OrderedIterator::over(py, dict.into(), Walk::$walk)
            }

            #[signature(self, /)]
            fn __reversed__(this: Gc<$base>, py: &mut Py) -> Gc<OrderedIterator> {
                let dict = this.get(py).dict();
                OrderedIterator::over(py, dict.into(), Walk::$reversed)
            }
        }
    };
}

view!(OrderedKeys, "odict_keys", DictKeys, Keys, ReversedKeys);
view!(OrderedValues, "odict_values", DictValues, Values, ReversedValues);
view!(OrderedItems, "odict_items", DictItems, Items, ReversedItems);
