//! `range`, `range_iterator` and `longrange_iterator`.
//!
//! The fields of a range are exact ints of any size; iteration over ranges whose numbers fit machine words uses
//! `RangeIterator`, which the interpreter's loops read directly. Counterpart: `Objects/rangeobject.c`.

use super::Slice;
use super::sequence::Subscript;
use crate::native::Args;
use crate::object::{Class, CompareOp};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use bredli_num::{Int, Integer, TupleHash};

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// Return an object that produces a sequence of integers from start (inclusive)
/// to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.
/// start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.
/// These are exactly the valid indices for a list of 4 elements.
/// When step is given, it specifies the increment (or decrement).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "range", core, flags(SEQUENCE, INDEXABLE), parts(methods))]
pub struct Range {
    pub(crate) header: Header,
    pub(crate) start: Value,
    pub(crate) stop: Value,
    pub(crate) step: Value,
    pub(crate) length: Value,
}

#[pymethods]
impl Range {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let _ = cls;
        if args.has_keywords() {
            raise!(py, TypeError, "range() takes no keyword arguments");
        }
        let (start, stop, step) = match *args.positional() {
            [stop] => (Value::small(0), stop, Value::small(1)),
            [start, stop] => (start, stop, Value::small(1)),
            [start, stop, step] => (start, stop, step),
            [] => raise!(py, TypeError, "range expected at least 1 argument, got 0"),
            [_, ..] => raise!(py, TypeError, "range expected at most 3 arguments, got {}", args.len()),
        };
        let (start, stop, step) = (py.exact_index(start)?, py.exact_index(stop)?, py.exact_index(step)?);
        if step == Value::small(0) {
            raise!(py, ValueError, "range() arg 3 must not be zero");
        }
        Ok(py.new_range(start, stop, step).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let Range { start, stop, step, .. } = *this.get(py);
        let (first, last) = (py.repr_text(start)?, py.repr_text(stop)?);
        let text = match step == Value::small(1) {
            true => format!("range({first}, {last})"),
            false => format!("range({first}, {last}, {})", py.repr_text(step)?),
        };
        Ok(py.new_str(&text).into())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let length = this.get(py).length;
        match py.int_to_i64(length) {
            Some(length) => Ok(length as usize),
            None => raise!(py, OverflowError, "Python int too large to convert to C ssize_t"),
        }
    }

    fn __bool__(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).length != Value::small(0)
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Value {
        let Range { start, step, length, .. } = *this.get(py);
        py.iterate_numbers(start, step, length)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        match py.plain_int(item) {
            Some(item) => Ok(Range::position(this, py, item).is_some()),
            None => py.contains_by_iteration(this.into(), item),
        }
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        if !py.has_index(key)
            && let Subscript::Slice(slice) = py.subscript("range", key)?
        {
            if let Some(part) = Range::quick_part(this, py, slice) {
                return Ok(part);
            }
            let Range { step, length, .. } = *this.get(py);
            let (first, last, stride) = py.long_slice_indices(slice, length)?;
            let (first, last) = (Range::number_at(this, py, first), Range::number_at(this, py, last));
            let (step, stride) = (py.to_integer(step), py.to_integer(stride));
            let Ok(step) = step.as_int().mul(stride.as_int(), &mut || false) else { return Err(py.no_memory()) };
            let step = py.new_int_from(step.as_int());
            return Ok(py.new_range(first, last, step).into());
        }
        let key = py.exact_index(key)?;
        let Range { start, step, length, .. } = *this.get(py);
        if let (Some(index), Some(start), Some(step), Some(length)) = (key.as_int(), start.as_int(), step.as_int(), length.as_int()) {
            let index = if index < 0 { index + length } else { index };
            if index < 0 || index >= length {
                raise!(py, IndexError, "range object index out of range");
            }
            return Ok(py.new_int(start + index * step));
        }
        let (mut index, length) = (py.to_integer(key), py.to_integer(length));
        if index.is_negative() {
            index = index.as_int() + length.as_int();
        }
        if index.is_negative() || index >= length {
            raise!(py, IndexError, "range object index out of range");
        }
        let index = py.new_int_from(index.as_int());
        Ok(Range::number_at(this, py, index))
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        let equal = this == other || Range::key(this, py) == Range::key(other, py);
        match op {
            CompareOp::Eq => Ok(Value::bool(equal)),
            CompareOp::Ne => Ok(Value::bool(!equal)),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let Range { start, step, length, .. } = *this.get(py);
        let (empty, single) = (length == Value::small(0), length == Value::small(1));
        let mut hash = TupleHash::new();
        hash.push(py.hash(length)?);
        hash.push(py.hash(if empty { Value::NONE } else { start })?);
        hash.push(py.hash(if empty || single { Value::NONE } else { step })?);
        Ok(hash.finish())
    }

    #[getter]
    fn start(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).start
    }

    #[getter]
    fn stop(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).stop
    }

    #[getter]
    fn step(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).step
    }
}

#[pymethods(part = "methods")]
impl Range {
    /// Return a reverse iterator.
    #[signature(self, /)]
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Value {
        let Range { step, length, .. } = *this.get(py);
        let minus = -py.to_integer(step).as_int();
        let last = py.to_integer(length).as_int() - Int::ONE;
        let last = py.new_int_from(last.as_int());
        let start = Range::number_at(this, py, last);
        let step = py.new_int_from(minus.as_int());
        py.iterate_numbers(start, step, length)
    }

    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let Range { start, stop, step, .. } = *this.get(py);
        let class = py.types.range.into();
        let args = py.new_tuple(&[start, stop, step]);
        Ok(py.new_tuple(&[class, args.into()]).into())
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[signature(self, object, /)]
    fn count(this: Gc<Self>, py: &mut Py, object: Value) -> Result<usize> {
        if let Some(item) = py.plain_int(object) {
            return Ok(Range::position(this, py, item).is_some() as usize);
        }
        let iterator = py.iter(this.into())?;
        let mut count = 0;
        while let Some(item) = py.next(iterator)? {
            count += py.eq(item, object)? as usize;
        }
        Ok(count)
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[signature(self, object, /)]
    fn index(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        if let Some(item) = py.plain_int(object) {
            return match Range::position(this, py, item) {
                Some(position) => Ok(py.new_int_from(position.as_int())),
                None => raise!(py, ValueError, "range.index(x): x not in range"),
            };
        }
        let iterator = py.iter(this.into())?;
        let mut index = 0;
        while let Some(item) = py.next(iterator)? {
            if py.eq(item, object)? {
                return Ok(py.new_int(index));
            }
            index += 1;
        }
        raise!(py, ValueError, "sequence.index(x): x not in sequence")
    }
}

impl Range {
    /// What decides equality: the length, the first number unless empty, the step unless shorter than two.
    fn key(this: Gc<Self>, py: &Py) -> (Integer, Integer, Integer) {
        let Range { start, step, length, .. } = *this.get(py);
        let length = py.to_integer(length);
        let start = if length.is_zero() { Integer::default() } else { py.to_integer(start) };
        let step = if length.as_int() <= Int::ONE { Integer::default() } else { py.to_integer(step) };
        (length, start, step)
    }

    /// The part that a slice selects, where all numbers are immediate ints.
    fn quick_part(this: Gc<Self>, py: &mut Py, slice: Gc<Slice>) -> Option<Value> {
        let Range { start, step, length, .. } = *this.get(py);
        let (first, stride, length) = (start.as_int()?, step.as_int()?, length.as_int()?);
        let Slice { start, stop, step: by, .. } = *slice.get(py);
        let by = if by.is_none() { 1 } else { by.as_int().filter(|by| *by != 0)? };
        let (least, most) = if by > 0 { (0, length) } else { (-1, length - 1) };
        let number = |value: Value, default: i64| {
            let index = match value.as_int() {
                Some(index) if index < 0 => index + length,
                Some(index) => index,
                None if value.is_none() => default,
                None => return None,
            };
            index.clamp(least, most).checked_mul(stride)?.checked_add(first)
        };
        let (from, to) = if by > 0 { (least, most) } else { (most, least) };
        let numbers = [number(start, from)?, number(stop, to)?, stride.checked_mul(by)?];
        let [first, last, step] = numbers.map(|number| py.new_int(number));
        Some(py.new_range(first, last, step).into())
    }

    /// `start + index * step`, for any index.
    fn number_at(this: Gc<Self>, py: &mut Py, index: Value) -> Value {
        let Range { start, step, .. } = *this.get(py);
        let (start, step, index) = (py.to_integer(start), py.to_integer(step), py.to_integer(index));
        let offset = step.as_int().mul(index.as_int(), &mut || false).unwrap_or_default();
        let number = start.as_int() + offset.as_int();
        py.new_int_from(number.as_int())
    }

    /// Where an int is in the range.
    fn position(this: Gc<Self>, py: &Py, item: Value) -> Option<Integer> {
        let Range { start, step, length, .. } = *this.get(py);
        if let (Some(item), Some(start), Some(step), Some(length)) = (item.as_int(), start.as_int(), step.as_int(), length.as_int()) {
            let offset = item - start;
            let position = offset.checked_div(step)?;
            return (offset % step == 0 && position >= 0 && position < length).then(|| position.into());
        }
        let offset = py.to_integer(item).as_int() - py.to_integer(start).as_int();
        let (position, rest) = offset.as_int().div_mod_floor(py.to_integer(step).as_int(), &mut || false).ok()?;
        (rest.is_zero() && !position.is_negative() && position < py.to_integer(length)).then_some(position)
    }
}

/// Goes through a range whose numbers fit machine words.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "range_iterator", core)]
pub struct RangeIterator {
    pub(crate) header: Header,
    /// The next number.
    pub(crate) current: i64,
    pub(crate) step: i64,
    /// How many numbers are left.
    pub(crate) remaining: usize,
}

#[pymethods]
impl RangeIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let this = this.get_mut(py);
        this.remaining = this.remaining.checked_sub(1)?;
        let current = this.current;
        this.current = current.wrapping_add(this.step);
        Some(py.new_int(current))
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).remaining
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let RangeIterator { current, step, remaining, .. } = *this.get(py);
        let stop = current as i128 + step as i128 * remaining as i128;
        let (start, stop, step) = (py.new_int(current), py.new_int_from(Integer::from(stop).as_int()), py.new_int(step));
        py.reduce_range_iterator(start, stop, step)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let this = this.get_mut(py);
        let skipped = object.max(0).min(this.remaining as isize);
        this.current = this.current.wrapping_add(this.step.wrapping_mul(skipped as i64));
        this.remaining -= skipped as usize;
    }
}

/// Goes through a range with large numbers.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "longrange_iterator", core)]
pub struct LongRangeIterator {
    pub(crate) header: Header,
    pub(crate) current: Value,
    pub(crate) step: Value,
    pub(crate) remaining: Value,
}

#[pymethods]
impl LongRangeIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let LongRangeIterator { current, step, remaining, .. } = *this.get(py);
        if remaining == Value::small(0) {
            return None;
        }
        let next = py.to_integer(current).as_int() + py.to_integer(step).as_int();
        let left = py.to_integer(remaining).as_int() - Int::ONE;
        let (next, left) = (py.new_int_from(next.as_int()), py.new_int_from(left.as_int()));
        let this = this.get_mut(py);
        (this.current, this.remaining) = (next, left);
        Some(current)
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).remaining
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let LongRangeIterator { current, step, remaining, .. } = *this.get(py);
        let (from, by, left) = (py.to_integer(current), py.to_integer(step), py.to_integer(remaining));
        let Ok(distance) = by.as_int().mul(left.as_int(), &mut || false) else { return Err(py.no_memory()) };
        let stop = from.as_int() + distance.as_int();
        let stop = py.new_int_from(stop.as_int());
        py.reduce_range_iterator(current, stop, step)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        if !py.is_int(object) {
            let class = py.class_name(object);
            raise!(py, TypeError, "state must be an int, not {class}");
        }
        let LongRangeIterator { current, step, remaining, .. } = *this.get(py);
        let (from, by, left) = (py.to_integer(current), py.to_integer(step), py.to_integer(remaining));
        let skipped = py.to_integer(object).max(Integer::default()).min(left.clone());
        let Ok(distance) = by.as_int().mul(skipped.as_int(), &mut || false) else { return Err(py.no_memory()) };
        let (current, left) = (from.as_int() + distance.as_int(), left.as_int() - skipped.as_int());
        let (current, remaining) = (py.new_int_from(current.as_int()), py.new_int_from(left.as_int()));
        let this = this.get_mut(py);
        (this.current, this.remaining) = (current, remaining);
        Ok(())
    }
}

impl Py {
    /// `range(start, stop, step)` of exact ints; the step is not zero.
    pub(crate) fn new_range(&mut self, start: Value, stop: Value, step: Value) -> Gc<Range> {
        let length = match (start.as_int(), stop.as_int(), step.as_int()) {
            (Some(start), Some(stop), Some(step)) => {
                let (low, high, step) = if step > 0 { (start, stop, step) } else { (stop, start, -step) };
                let length = if low < high { (high - low - 1) / step + 1 } else { 0 };
                self.new_int(length)
            }
            _ => {
                let (start, stop, step) = (self.to_integer(start), self.to_integer(stop), self.to_integer(step));
                let (low, high) = if step.is_negative() { (&stop, &start) } else { (&start, &stop) };
                let length = if low < high {
                    let span = (high.as_int() - low.as_int()).as_int() - Int::ONE;
                    let steps = span.as_int().div_floor(step.as_int().abs(), &mut || false).unwrap_or_default();
                    steps.as_int() + Int::ONE
                } else {
                    Integer::default()
                };
                self.new_int_from(length.as_int())
            }
        };
        self.alloc(Range { header: Header::EMPTY, start, stop, step, length })
    }

    /// The iterator over `length` numbers from `start`, `step` apart.
    pub(crate) fn iterate_numbers(&mut self, start: Value, step: Value, length: Value) -> Value {
        if let (Some(current), Some(step), Some(remaining)) = (self.int_to_i64(start), self.int_to_i64(step), self.int_to_i64(length))
            && i64::try_from(current as i128 + step as i128 * remaining as i128).is_ok()
        {
            return self.alloc(RangeIterator { header: Header::EMPTY, current, step, remaining: remaining as usize }).into();
        }
        self.alloc(LongRangeIterator { header: Header::EMPTY, current: start, step, remaining: length }).into()
    }

    fn reduce_range_iterator(&mut self, start: Value, stop: Value, step: Value) -> Result {
        let iter = self.builtin("iter")?;
        let range = self.new_range(start, stop, step);
        let args = self.new_tuple(&[range.into()]);
        Ok(self.new_tuple(&[iter, args.into(), Value::NONE]).into())
    }

    /// `operator.index(value)` as an exact int.
    pub(crate) fn exact_index(&mut self, value: Value) -> Result {
        let index = self.index(value)?;
        Ok(self.int_payload(index))
    }

    /// An exact int or bool as an exact int.
    fn plain_int(&self, value: Value) -> Option<Value> {
        if value.is_int() {
            return Some(value);
        }
        if value.is_bool() || Gc::<crate::object::BigInt>::cast(self, value).is_some() {
            return Some(self.int_payload(value));
        }
        None
    }
}
