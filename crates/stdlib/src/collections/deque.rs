//! `deque`: a double-ended queue in a ring buffer.

use super::{DequeIterator, DequeReverseIterator};
use bredli_runtime::native::StrictSliceIndex;
use bredli_runtime::object::CompareOp;
use bredli_runtime::prelude::*;

/// A list-like sequence optimized for data accesses near its endpoints.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "deque", module = "collections", flags(BASETYPE, SEQUENCE, INDEXABLE, HAS_WEAKREF), parts(operators))]
pub struct Deque {
    header: Header,
    /// The buffer; its length is a power of two, or zero.
    ring: HeapVec<Option<Value>>,
    head: usize,
    len: usize,
    maxlen: Option<usize>,
    /// Changes with every addition and removal, so that iterators notice.
    state: u64,
}

impl Deque {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn state(&self) -> u64 {
        self.state
    }

    fn place(&self, index: usize) -> usize {
        self.head.wrapping_add(index) & (self.ring.len().wrapping_sub(1))
    }

    /// The item at an index.
    pub fn item(&self, index: usize) -> Option<Value> {
        if index < self.len { self.ring[self.place(index)] } else { None }
    }

    fn set_item(&mut self, index: usize, value: Value) {
        let place = self.place(index);
        self.ring[place] = Some(value);
    }

    fn take_first(&mut self) -> Option<Value> {
        let first = self.item(0)?;
        let place = self.place(0);
        self.ring[place] = None;
        self.head = self.place(1);
        self.len -= 1;
        self.state += 1;
        Some(first)
    }

    fn take_last(&mut self) -> Option<Value> {
        let last = self.item(self.len.checked_sub(1)?)?;
        let place = self.place(self.len - 1);
        self.ring[place] = None;
        self.len -= 1;
        self.state += 1;
        Some(last)
    }

    fn remove_at(&mut self, index: usize) {
        for at in index..self.len - 1 {
            let next = self.item(at + 1).expect("an item");
            self.set_item(at, next);
        }
        self.take_last();
    }

    fn room(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let size = this.get(py).ring.len();
        if this.get(py).len < size {
            return Ok(());
        }
        let Ok(mut ring) = HeapVec::filled(&mut py.heap, (size * 2).max(8), None) else { return Err(py.no_memory()) };
        let deque = this.get_mut(py);
        for index in 0..deque.len {
            ring[index] = deque.item(index);
        }
        (deque.ring, deque.head) = (ring, 0);
        Ok(())
    }

    fn push_last(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        Deque::room(this, py)?;
        let deque = this.get_mut(py);
        let place = deque.place(deque.len);
        deque.ring[place] = Some(value);
        deque.len += 1;
        deque.state += 1;
        if deque.maxlen.is_some_and(|maxlen| deque.len > maxlen) {
            deque.take_first();
        }
        Ok(())
    }

    fn push_first(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        Deque::room(this, py)?;
        let deque = this.get_mut(py);
        deque.head = deque.place(deque.ring.len() - 1);
        let place = deque.place(0);
        deque.ring[place] = Some(value);
        deque.len += 1;
        deque.state += 1;
        if deque.maxlen.is_some_and(|maxlen| deque.len > maxlen) {
            deque.take_last();
        }
        Ok(())
    }

    fn clear_items(&mut self) {
        (self.ring, self.head, self.len) = (HeapVec::EMPTY, 0, 0);
        self.state += 1;
    }

    fn add_all(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<()> {
        if iterable == this.into() {
            let copy = py.collect_iterable(iterable)?;
            return copy.iter().try_for_each(|value| Deque::push_last(this, py, *value));
        }
        let iterator = py.iter(iterable)?;
        while let Some(value) = py.next_untaken(iterator, &mut |py, value| Deque::push_last(this, py, value).is_ok())? {
            Deque::push_last(this, py, value)?;
        }
        Ok(())
    }

    /// A new deque of the class of this one, with the same limit and items.
    fn duplicate(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into());
        let maxlen = match this.get(py).maxlen {
            Some(maxlen) => py.new_int(maxlen as i64),
            None => Value::NONE,
        };
        if class == py.class::<Deque>() {
            let copy = Deque { header: Header::EMPTY, ring: HeapVec::EMPTY, head: 0, len: 0, maxlen: this.get(py).maxlen, state: 0 };
            let copy = py.alloc(copy);
            for index in 0..this.get(py).len {
                if let Some(value) = this.get(py).item(index) {
                    Deque::push_last(copy, py, value)?;
                }
            }
            return Ok(copy.into());
        }
        if maxlen.is_none() { py.call(class.into(), &[this.into()]) } else { py.call(class.into(), &[this.into(), maxlen]) }
    }

    fn subscript(this: Gc<Self>, py: &mut Py, key: Value, text: &str) -> Result<usize> {
        if !py.has_index(key) {
            let class = py.class_name(key);
            raise!(py, TypeError, "sequence index must be integer, not '{class}'");
        }
        let (index, len) = (py.to_subscript(key)?, this.get(py).len);
        let index = if index < 0 { index.wrapping_add(len as isize) } else { index } as usize;
        if index >= len {
            raise!(py, IndexError, "{text}");
        }
        Ok(index)
    }

    /// The index of an equal item within bounds.
    fn find(this: Gc<Self>, py: &mut Py, value: Value, start: usize, stop: usize) -> Result<Option<usize>> {
        let state = this.get(py).state;
        for index in start..stop.min(this.get(py).len) {
            let Some(item) = this.get(py).item(index) else { break };
            let equal = py.eq(item, value)?;
            if this.get(py).state != state {
                raise!(py, RuntimeError, "deque mutated during iteration");
            }
            if equal {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn multiply(this: Gc<Self>, py: &mut Py, count: isize) -> Result<()> {
        if count <= 0 {
            this.get_mut(py).clear_items();
            return Ok(());
        }
        let items = py.collect_iterable(this.into())?;
        if items.len().checked_mul(count as usize).is_none_or(|total| total > isize::MAX as usize / 16) {
            return Err(py.no_memory());
        }
        for _ in 1..count {
            items.iter().try_for_each(|value| Deque::push_last(this, py, *value))?;
            py.poll()?;
        }
        Ok(())
    }
}

#[pymethods]
impl Deque {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Deque> {
        let _ = args;
        py.alloc_as(cls, Deque { header: Header::EMPTY, ring: HeapVec::EMPTY, head: 0, len: 0, maxlen: None, state: 0 })
    }

    #[signature(iterable=<unrepresentable>, maxlen=None)]
    #[no_text_signature]
    fn __init__(this: Gc<Self>, py: &mut Py, iterable: Option<Value>, maxlen: Option<Value>) -> Result<()> {
        let maxlen = match maxlen {
            Some(maxlen) if !py.has_index(maxlen) => raise!(py, TypeError, "an integer is required"),
            Some(maxlen) => match usize::try_from(py.to_isize(maxlen)?) {
                Ok(maxlen) => Some(maxlen),
                Err(_) => raise!(py, ValueError, "maxlen must be non-negative"),
            },
            None => None,
        };
        let deque = this.get_mut(py);
        deque.maxlen = maxlen;
        deque.clear_items();
        match iterable {
            Some(iterable) => Deque::add_all(this, py, iterable),
            None => Ok(()),
        }
    }

    /// Add an element to the right side of the deque.
    #[signature(self, item, /)]
    fn append(this: Gc<Self>, py: &mut Py, item: Value) -> Result<()> {
        Deque::push_last(this, py, item)
    }

    /// Add an element to the left side of the deque.
    #[signature(self, item, /)]
    fn appendleft(this: Gc<Self>, py: &mut Py, item: Value) -> Result<()> {
        Deque::push_first(this, py, item)
    }

    /// Remove all elements from the deque.
    #[signature(self, /)]
    fn clear(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).clear_items();
    }

    /// Return a shallow copy of a deque.
    #[pyname("copy", "__copy__")]
    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Result {
        Deque::duplicate(this, py)
    }

    /// Return number of occurrences of value.
    #[signature(self, value, /)]
    fn count(this: Gc<Self>, py: &mut Py, value: Value) -> Result<usize> {
        let state = this.get(py).state;
        let mut count = 0;
        for index in 0..this.get(py).len {
            let Some(item) = this.get(py).item(index) else { break };
            count += py.eq(item, value)? as usize;
            if this.get(py).state != state {
                raise!(py, RuntimeError, "deque mutated during iteration");
            }
        }
        Ok(count)
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[signature(self, iterable, /)]
    fn extend(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<()> {
        Deque::add_all(this, py, iterable)
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[signature(self, iterable, /)]
    fn extendleft(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<()> {
        if iterable == this.into() {
            let copy = py.collect_iterable(iterable)?;
            return copy.iter().try_for_each(|value| Deque::push_first(this, py, *value));
        }
        let iterator = py.iter(iterable)?;
        while let Some(value) = py.next(iterator)? {
            Deque::push_first(this, py, value)?;
        }
        Ok(())
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[signature(self, value, start=0, stop=sys.maxsize, /)]
    fn index(this: Gc<Self>, py: &mut Py, value: Value, start: StrictSliceIndex, stop: StrictSliceIndex) -> Result<usize> {
        let len = this.get(py).len as isize;
        let bound = |at: isize| if at < 0 { at.saturating_add(len).max(0) } else { at.min(len) } as usize;
        match Deque::find(this, py, value, bound(start.0), bound(stop.0))? {
            Some(index) => Ok(index),
            None => raise!(py, ValueError, "deque.index(x): x not in deque"),
        }
    }

    /// Insert value before index.
    #[signature(self, index, value, /)]
    fn insert(this: Gc<Self>, py: &mut Py, index: isize, value: Value) -> Result<()> {
        let len = this.get(py).len;
        if this.get(py).maxlen == Some(len) {
            raise!(py, IndexError, "deque already at its maximum size");
        }
        let index = if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { (index as usize).min(len) };
        Deque::push_last(this, py, value)?;
        let deque = this.get_mut(py);
        for at in (index..len).rev() {
            let item = deque.item(at).expect("an item");
            deque.set_item(at + 1, item);
        }
        deque.set_item(index, value);
        Ok(())
    }

    /// Remove and return the rightmost element.
    #[signature(self, /)]
    fn pop(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get_mut(py).take_last() {
            Some(value) => Ok(value),
            None => raise!(py, IndexError, "pop from an empty deque"),
        }
    }

    /// Remove and return the leftmost element.
    #[signature(self, /)]
    fn popleft(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get_mut(py).take_first() {
            Some(value) => Ok(value),
            None => raise!(py, IndexError, "pop from an empty deque"),
        }
    }

    /// Remove first occurrence of value.
    #[signature(self, value, /)]
    fn remove(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        let state = this.get(py).state;
        for index in 0..this.get(py).len {
            let Some(item) = this.get(py).item(index) else { break };
            let equal = py.eq(item, value)?;
            if this.get(py).state != state {
                raise!(py, IndexError, "deque mutated during remove().");
            }
            if equal {
                this.get_mut(py).remove_at(index);
                return Ok(());
            }
        }
        raise!(py, ValueError, "deque.remove(x): x not in deque")
    }

    /// Reverse *IN PLACE*.
    #[signature(self, /)]
    fn reverse(this: Gc<Self>, py: &mut Py) {
        let deque = this.get_mut(py);
        for index in 0..deque.len / 2 {
            let (a, b) = (deque.place(index), deque.place(deque.len - 1 - index));
            deque.ring.swap(a, b);
        }
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[signature(self, n=1, /)]
    fn rotate(this: Gc<Self>, py: &mut Py, n: isize) -> Result<()> {
        let len = this.get(py).len;
        if len < 2 {
            return Ok(());
        }
        let steps = n.rem_euclid(len as isize) as usize;
        for _ in 0..steps.min(len - steps) {
            let right = steps <= len - steps;
            let deque = this.get_mut(py);
            let moved = if right { deque.take_last() } else { deque.take_first() }.expect("an item");
            if right {
                Deque::push_first(this, py, moved)?;
            } else {
                Deque::push_last(this, py, moved)?;
            }
        }
        Ok(())
    }

    /// maximum size of a deque or None if unbounded
    #[getter]
    fn maxlen(this: Gc<Self>, py: &Py) -> Option<usize> {
        this.get(py).maxlen
    }

    /// Return a reverse iterator over the deque.
    #[signature(self, /)]
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Gc<DequeReverseIterator> {
        DequeReverseIterator::over(py, this)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let state = py.call_method_named(this.into(), "__getstate__", &[])?;
        let (class, iterator) = (py.class_of(this.into()), py.iter(this.into())?);
        let empty = py.constants.empty_tuple;
        let args = match this.get(py).maxlen {
            Some(maxlen) => {
                let maxlen = py.new_int(maxlen as i64);
                py.new_tuple(&[empty.into(), maxlen])
            }
            None => empty,
        };
        Ok(py.new_tuple(&[class.into(), args.into(), state, iterator]).into())
    }

    /// Return the size of the deque in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        80 + 8 * this.get(py).ring.len()
    }

    /// deques are generic over the type of their contents
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

#[pymethods(part = "operators")]
impl Deque {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        py.repr_of_container(this.into(), "[...]", |py, text| {
            let list = py.list_from_iterable(this.into())?;
            let name = py.class_of(this.into()).get(py).name;
            text.extend_from_slice(name.get(py).bytes());
            text.push(b'(');
            py.repr_into(text, list.into())?;
            if let Some(maxlen) = this.get(py).maxlen {
                text.extend_from_slice(format!(", maxlen={maxlen}").as_bytes());
            }
            text.push(b')');
            Ok(())
        })
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).len
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<DequeIterator> {
        DequeIterator::over(py, this)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, value: Value) -> Result<bool> {
        Ok(Deque::find(this, py, value, 0, usize::MAX)?.is_some())
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let index = Deque::subscript(this, py, key, "deque index out of range")?;
        Ok(this.get(py).item(index).expect("an item"))
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        let index = Deque::subscript(this, py, key, "deque index out of range")?;
        match value {
            Some(value) => this.get_mut(py).set_item(index, value),
            None => this.get_mut(py).remove_at(index),
        }
        Ok(())
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        if Gc::<Deque>::cast(py, other).is_none() {
            let class = py.class_name(other);
            raise!(py, TypeError, "can only concatenate deque (not \"{class}\") to deque");
        }
        let copy = Deque::duplicate(this, py)?;
        if let Some(copy) = Gc::<Deque>::cast(py, copy) {
            Deque::add_all(copy, py, other)?;
        }
        Ok(copy)
    }

    fn __iadd__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        Deque::add_all(this, py, other)?;
        Ok(this.into())
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result {
        let copy = Deque::duplicate(this, py)?;
        if let Some(copy) = Gc::<Deque>::cast(py, copy) {
            Deque::multiply(copy, py, count)?;
        }
        Ok(copy)
    }

    fn __imul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result {
        Deque::multiply(this, py, count)?;
        Ok(this.into())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Deque>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            if this == other {
                return Ok(Value::bool(op == CompareOp::Eq));
            }
            if this.get(py).len != other.get(py).len {
                return Ok(Value::bool(op == CompareOp::Ne));
            }
        }
        py.compare_items(op, |py, i| this.get(py).item(i), |py, i| other.get(py).item(i))
    }
}
