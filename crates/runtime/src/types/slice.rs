//! `slice`, and the arithmetic of slicing.
//!
//! Counterpart: `Objects/sliceobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use bredli_num::{Integer, TupleHash};

/// slice(stop)
/// slice(start, stop[, step])
///
/// Create a slice object.
///
/// This is used for extended slicing (e.g. a[0:10:2]).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "slice", core)]
pub struct Slice {
    pub(crate) header: Header,
    pub(crate) start: Value,
    pub(crate) stop: Value,
    pub(crate) step: Value,
}

/// The numbers of a slice, not yet fitted to a sequence.
#[derive(Clone, Copy, Debug)]
pub struct SliceNumbers {
    start: isize,
    stop: isize,
    step: isize,
}

/// The items of a sequence that a slice selects: `count` of them from `start`, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceBounds {
    /// Index of the first item.
    pub start: usize,
    /// Index of the end, for slices with step 1; at least `start`.
    pub stop: usize,
    /// Distance of the items.
    pub step: isize,
    /// Number of items.
    pub count: usize,
}

impl SliceNumbers {
    /// The numbers of a slice of immediate ints, or None.
    #[inline]
    pub(crate) fn simple(start: Value, stop: Value, step: Value) -> Option<Self> {
        let number = |value: Value, default| if value.is_none() { Some(default) } else { value.as_int().map(|int| int as isize) };
        let step = number(step, 1).filter(|step| *step != 0)?;
        let (first, end) = if step < 0 { (isize::MAX, isize::MIN) } else { (0, isize::MAX) };
        Some(Self { start: number(start, first)?, stop: number(stop, end)?, step })
    }

    /// The distance of the items.
    pub fn step(self) -> isize {
        self.step
    }

    /// Fit the slice to a sequence of this length.
    pub fn fit(self, len: usize) -> SliceBounds {
        let (len, step) = (len as isize, self.step);
        let limit = |number: isize| {
            if number < 0 {
                let number = number.saturating_add(len);
                if number < 0 { if step < 0 { -1 } else { 0 } } else { number }
            } else if number >= len {
                if step < 0 { len - 1 } else { len }
            } else {
                number
            }
        };
        let (start, stop) = (limit(self.start), limit(self.stop));
        let count = if step == 1 {
            (stop - start).max(0)
        } else if step > 0 && start < stop {
            (stop - start - 1) / step + 1
        } else if step < 0 && stop < start {
            (start - stop - 1) / -step + 1
        } else {
            0
        };
        SliceBounds { start: start.max(0) as usize, stop: stop.max(start).max(0) as usize, step, count: count as usize }
    }
}

impl SliceBounds {
    /// The index of item `number` of the selection.
    #[inline(always)]
    pub fn index(&self, number: usize) -> usize {
        (self.start as isize).wrapping_add((number as isize).wrapping_mul(self.step)) as usize
    }

    /// The same items from the lowest index to the highest.
    pub fn ascending(self) -> Self {
        if self.step > 0 || self.count == 0 {
            return self;
        }
        let start = self.index(self.count - 1);
        SliceBounds { start, stop: self.start + 1, step: -self.step, count: self.count }
    }
}

#[pymethods]
impl Slice {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let _ = cls;
        if args.has_keywords() {
            raise!(py, TypeError, "slice() takes no keyword arguments");
        }
        let (start, stop, step) = match *args.positional() {
            [stop] => (Value::NONE, stop, Value::NONE),
            [start, stop] => (start, stop, Value::NONE),
            [start, stop, step] => (start, stop, step),
            [] => raise!(py, TypeError, "slice expected at least 1 argument, got 0"),
            [_, ..] => raise!(py, TypeError, "slice expected at most 3 arguments, got {}", args.len()),
        };
        Ok(py.new_slice(start, stop, step).into())
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

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let Slice { start, stop, step, .. } = *this.get(py);
        let (start, stop, step) = (py.repr(start)?, py.repr(stop)?, py.repr(step)?);
        let text = [b"slice(", start.get(py).bytes(), b", ", stop.get(py).bytes(), b", ", step.get(py).bytes(), b")"].concat();
        Ok(py.new_str_wtf8(&text).into())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if this == other {
            return Ok(Value::bool(matches!(op, CompareOp::Le | CompareOp::Eq | CompareOp::Ge)));
        }
        let (a, b) = (Slice::fields(this, py), Slice::fields(other, py));
        py.compare_items(op, |_, i| a.get(i).copied(), |_, i| b.get(i).copied())
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let mut hash = TupleHash::new();
        for field in Slice::fields(this, py) {
            hash.push(py.hash(field)?);
        }
        Ok(hash.finish_without_length())
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[no_text_signature]
    fn indices(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        let length = py.index(object)?;
        if py.int_is_negative(length) {
            raise!(py, ValueError, "length should not be negative");
        }
        let (start, stop, step) = py.long_slice_indices(this, length)?;
        Ok(py.new_tuple(&[start, stop, step]).into())
    }

    /// Return state information for pickling.
    #[no_text_signature]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into());
        let fields = Slice::fields(this, py);
        let fields = py.new_tuple(&fields);
        Ok(py.new_tuple(&[class.into(), fields.into()]).into())
    }
}

impl Slice {
    fn fields(this: Gc<Self>, py: &Py) -> [Value; 3] {
        let this = this.get(py);
        [this.start, this.stop, this.step]
    }
}

impl Py {
    /// `slice(start, stop, step)`.
    #[inline]
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Gc<Slice> {
        self.alloc(Slice { header: Header::EMPTY, start, stop, step })
    }

    /// The numbers of a slice, which may call `__index__`.
    pub fn slice_numbers(&mut self, slice: Gc<Slice>) -> Result<SliceNumbers> {
        let [start, stop, step] = Slice::fields(slice, self);
        let step = match step.is_none() {
            true => 1,
            false => match self.slice_number(step)? {
                0 => raise!(self, ValueError, "slice step cannot be zero"),
                step => step.max(-isize::MAX),
            },
        };
        let start = match start.is_none() {
            true if step < 0 => isize::MAX,
            true => 0,
            false => self.slice_number(start)?,
        };
        let stop = match stop.is_none() {
            true if step < 0 => isize::MIN,
            true => isize::MAX,
            false => self.slice_number(stop)?,
        };
        Ok(SliceNumbers { start, stop, step })
    }

    fn slice_number(&mut self, value: Value) -> Result<isize> {
        if let Some(int) = value.as_int() {
            return Ok(int as isize);
        }
        if !self.has_index(value) {
            raise!(self, TypeError, "slice indices must be integers or None or have an __index__ method");
        }
        self.to_isize_clipped(value)
    }

    /// `slice.indices` for a length of any size, which must be an int that is not negative.
    pub(crate) fn long_slice_indices(&mut self, slice: Gc<Slice>, length: Value) -> Result<(Value, Value, Value)> {
        let [start, stop, step] = Slice::fields(slice, self);
        let step = match step.is_none() {
            true => Value::small(1),
            false => self.slice_index(step)?,
        };
        let step = self.int_payload(step);
        if step == Value::small(0) {
            raise!(self, ValueError, "slice step cannot be zero");
        }
        let backward = self.int_is_negative(step);
        let length = self.to_integer(length);
        let one = Integer::from(1i64);
        let (lower, upper) = match backward {
            true => (Integer::from(-1i64), length.as_int() - one.as_int()),
            false => (Integer::default(), length.clone()),
        };
        let fit = |py: &mut Py, value: Value, default: &Integer| -> Result<Integer> {
            if value.is_none() {
                return Ok(default.clone());
            }
            let value = py.slice_index(value)?;
            let mut value = py.to_integer(value);
            if value.is_negative() {
                value = value.as_int() + length.as_int();
                return Ok(value.max(lower.clone()));
            }
            Ok(value.min(upper.clone()))
        };
        let start = fit(self, start, if backward { &upper } else { &lower })?;
        let stop = fit(self, stop, if backward { &lower } else { &upper })?;
        Ok((self.new_int_from(start.as_int()), self.new_int_from(stop.as_int()), step))
    }

    fn slice_index(&mut self, value: Value) -> Result {
        if !self.has_index(value) {
            raise!(self, TypeError, "slice indices must be integers or None or have an __index__ method");
        }
        self.index(value)
    }

    /// A copy of the number of an int.
    pub(crate) fn to_integer(&self, value: Value) -> Integer {
        self.with_int(value, |int| int.to_integer()).unwrap_or_default()
    }
}
