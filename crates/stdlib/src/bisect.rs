//! `_bisect`: binary search in sorted sequences.
//!
//! Counterpart: `Modules/_bisectmodule.c`.

use bredli_runtime::object::is_exact;
use bredli_runtime::prelude::*;
use bredli_runtime::types::shapes;

/// Bisection algorithms.
///
/// This module provides support for maintaining a list in sorted order without
/// having to sort the list after each insertion. For long lists of items with
/// expensive comparison operations, this can be an improvement over the more
/// common approach.
#[pymodule(name = "_bisect")]
pub mod bisect {
    use super::Side::{Left, Right};
    use super::*;

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e <= x, and all e in
    /// a[i:] have e > x.  So if x already appears in the list, a.insert(i, x) will
    /// insert just after the rightmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[pyfunction]
    #[signature(a, x, lo=0, hi=None, *, key=None)]
    fn bisect_right(py: &mut Py, a: Value, x: Value, lo: isize, hi: Option<isize>, key: Option<Value>) -> Result<usize> {
        super::search(py, a, x, lo, hi, key, Right)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e < x, and all e in
    /// a[i:] have e >= x.  So if x already appears in the list, a.insert(i, x) will
    /// insert just before the leftmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[pyfunction]
    #[signature(a, x, lo=0, hi=None, *, key=None)]
    fn bisect_left(py: &mut Py, a: Value, x: Value, lo: isize, hi: Option<isize>, key: Option<Value>) -> Result<usize> {
        super::search(py, a, x, lo, hi, key, Left)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[pyfunction]
    #[signature(a, x, lo=0, hi=None, *, key=None)]
    fn insort_right(py: &mut Py, a: Value, x: Value, lo: isize, hi: Option<isize>, key: Option<Value>) -> Result<()> {
        super::insert(py, a, x, lo, hi, key, Right)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[pyfunction]
    #[signature(a, x, lo=0, hi=None, *, key=None)]
    fn insort_left(py: &mut Py, a: Value, x: Value, lo: isize, hi: Option<isize>, key: Option<Value>) -> Result<()> {
        super::insert(py, a, x, lo, hi, key, Left)
    }
}

/// On which side of equal items the position is.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

fn search(py: &mut Py, list: Value, wanted: Value, low: isize, high: Option<isize>, key: Option<Value>, side: Side) -> Result<usize> {
    let Ok(mut low) = usize::try_from(low) else { raise!(py, ValueError, "lo must be non-negative") };
    let mut high = match high {
        Some(high) if high >= 0 => high as usize,
        Some(-1) | None => py.len(list)?,
        Some(_) => low,
    };
    let plain = Gc::<List>::cast(py, list).filter(|_| is_exact(list, shapes::LIST));
    while low < high {
        let middle = low + (high - low) / 2;
        let item = match plain.and_then(|list| list.get(py).items().get(middle).copied()) {
            Some(item) => item,
            None => {
                let index = py.new_int(middle as i64);
                py.get_item(list, index)?
            }
        };
        let item = match key {
            Some(key) => py.call(key, &[item])?,
            None => item,
        };
        let before = match side {
            Side::Left => py.less(item, wanted)?,
            Side::Right => !py.less(wanted, item)?,
        };
        if before { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

fn insert(py: &mut Py, list: Value, value: Value, low: isize, high: Option<isize>, key: Option<Value>, side: Side) -> Result<()> {
    let wanted = match key {
        Some(key) => py.call(key, &[value])?,
        None => value,
    };
    let index = search(py, list, wanted, low, high, key, side)?;
    if is_exact(list, shapes::LIST)
        && let Some(list) = Gc::<List>::cast(py, list)
    {
        return py.list_insert(list, index, value);
    }
    let index = py.new_int(index as i64);
    py.call_method_named(list, "insert", &[index, value])?;
    Ok(())
}
