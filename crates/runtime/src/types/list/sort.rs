//! `list.sort`, and comparing values without calling anything.
//!
//! Lists whose keys are all small ints, all floats or all strings are sorted with machine comparisons. Otherwise a stable merge
//! sort on natural runs, merged in the order of Munro and Wild's powersort, whose comparisons can run Python code and raise. While
//! sorting, the list appears empty, as in CPython (`listsort` in `Objects/listobject.c`).

use super::List;
use crate::object::{CompareOp, Str, Tuple};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, HeapVec, RootVec, Value};
use bredli_macros::pymethods;
use std::cmp::Ordering;

#[pymethods(part = "sort")]
impl List {
    /// Sort the list in ascending order and return None.
    ///
    /// The sort is in-place (i.e. the list itself is modified) and stable (i.e. the
    /// order of two equal elements is maintained).
    ///
    /// If a key function is given, apply it once to each list item and sort them,
    /// ascending or descending, according to their function values.
    ///
    /// The reverse flag can be set to sort in descending order.
    #[signature(self, /, *, key=None, reverse=False)]
    fn sort(this: Gc<Self>, py: &mut Py, key: Option<Value>, reverse: bool) -> Result<()> {
        py.sort_list(this, key, reverse)
    }
}

impl Py {
    /// `list.sort(key=key, reverse=reverse)`.
    pub fn sort_list(&mut self, list: Gc<List>, key: Option<Value>, reverse: bool) -> Result<()> {
        let mut items = list.get_mut(self).items.take();
        let outcome = self.sort_items(&mut items, key, reverse);
        let touched = list.get(self).items.capacity() != 0;
        list.get_mut(self).items = items;
        outcome?;
        if touched {
            raise!(self, ValueError, "list modified during sort");
        }
        Ok(())
    }

    fn sort_items(&mut self, items: &mut [Value], key: Option<Value>, reverse: bool) -> Result<()> {
        let Some(key) = key else {
            if sort_ints(items, reverse) || self.sort_plain(items, reverse) {
                return Ok(());
            }
            let order = self.sorted_order(items, reverse);
            return self.finish_sort(items, order);
        };
        let mut keys = RootVec::new(&mut self.heap);
        for index in 0..items.len() {
            let computed = self.call(key, &[items[index]])?;
            if keys.try_push(computed).is_err() {
                return Err(self.no_memory());
            }
        }
        let order = self.sorted_order(&keys, reverse);
        self.finish_sort(items, order)
    }

    /// Put the items into the order found, also when a comparison raised.
    fn finish_sort(&mut self, items: &mut [Value], order: Order) -> Result<()> {
        let Ok(source) = HeapVec::from_slice(&mut self.heap, items) else { return Err(self.no_memory()) };
        for (target, from) in items.iter_mut().zip(&order.indices) {
            *target = source[*from as usize];
        }
        order.outcome
    }

    /// Sort values of one simple kind in place. False: they are of another kind, and nothing was done.
    fn sort_plain(&self, items: &mut [Value], reverse: bool) -> bool {
        let Some(kind) = self.kind_of_keys(items) else { return false };
        let compare = |a: &Value, b: &Value| if reverse { self.compare_simple(kind, *b, *a) } else { self.compare_simple(kind, *a, *b) };
        items.sort_by(compare);
        true
    }

    /// The one simple kind of all keys.
    fn kind_of_keys(&self, keys: &[Value]) -> Option<Simple> {
        let first = *keys.first()?;
        if first.is_int() {
            return keys.iter().all(|key| key.is_int()).then_some(Simple::Int);
        }
        if first.is_float() {
            // Comparing with NaN gives no order: what comes out then depends on the algorithm.
            return keys.iter().all(|key| key.as_float().is_some_and(|float| !float.is_nan())).then_some(Simple::Float);
        }
        if self.is_exact_str(first) {
            return keys.iter().all(|key| self.is_exact_str(*key)).then_some(Simple::Str);
        }
        None
    }

    fn compare_simple(&self, kind: Simple, a: Value, b: Value) -> Ordering {
        match kind {
            Simple::Int => a.bits().cmp(&b.bits()),
            Simple::Float => a.as_float().partial_cmp(&b.as_float()).unwrap_or(Ordering::Equal),
            Simple::Str => Gc::<Str>::known(self, a).get(self).bytes().cmp(Gc::<Str>::known(self, b).get(self).bytes()),
        }
    }

    /// The stable ascending (or descending) order of the keys.
    fn sorted_order(&mut self, keys: &[Value], reverse: bool) -> Order {
        let mut indices: Vec<u32> = (0..keys.len() as u32).collect();
        if let Some(kind) = self.kind_of_keys(keys) {
            let key = |index: &u32| keys[*index as usize];
            match (kind, reverse) {
                (Simple::Int, false) => indices.sort_by_key(|index| key(index).bits()),
                (_, false) => indices.sort_by(|a, b| self.compare_simple(kind, key(a), key(b))),
                (_, true) => indices.sort_by(|a, b| self.compare_simple(kind, key(b), key(a))),
            }
            return Order { indices, outcome: Ok(()) };
        }
        // Descending and stable: backwards, ascending, backwards again.
        if reverse {
            indices.reverse();
        }
        let outcome = MergeSort { keys, buffer: Vec::new(), runs: Vec::new() }.sort(self, &mut indices);
        if reverse {
            indices.reverse();
        }
        Order { indices, outcome }
    }

    /// `left < right`, as sorting asks it.
    #[inline]
    pub fn less(&mut self, left: Value, right: Value) -> Result<bool> {
        match self.quick_less(left, right) {
            Some(less) => Ok(less),
            None => self.compare_bool(CompareOp::Lt, left, right),
        }
    }

    /// `left < right` where it can be told without calling anything: ints, floats, exact strings, and exact tuples of these.
    #[inline]
    pub fn quick_less(&self, left: Value, right: Value) -> Option<bool> {
        if left.is_int() && right.is_int() {
            return Some(left.bits() < right.bits());
        }
        self.quick_less_slow(left, right, 0)
    }

    fn quick_less_slow(&self, left: Value, right: Value, depth: u32) -> Option<bool> {
        if let (Some(left), Some(right)) = (small_number(left), small_number(right)) {
            return Some(left < right);
        }
        if !left.is_heap() || !right.is_heap() || left.header().shape() != right.header().shape() {
            return None;
        }
        match left.header().shape() {
            shapes::STR => Some(self.compare_simple(Simple::Str, left, right).is_lt()),
            shapes::TUPLE if depth < 8 => {
                let (left, right) = (Gc::<Tuple>::known(self, left).get(self), Gc::<Tuple>::known(self, right).get(self));
                for (a, b) in left.items().iter().zip(right.items()) {
                    let equal = match (a.as_float(), b.as_float()) {
                        (Some(a), Some(b)) => a == b,
                        _ => self.quick_eq(*a, *b)?,
                    };
                    if !equal && a != b {
                        return if a.is_int() && b.is_int() { Some(a.bits() < b.bits()) } else { self.quick_less_slow(*a, *b, depth + 1) };
                    }
                }
                Some(left.len() < right.len())
            }
            _ => None,
        }
    }
}

/// The order that sorting found, complete or not.
struct Order {
    indices: Vec<u32>,
    outcome: Result<()>,
}

/// Kinds of keys with machine comparisons.
#[derive(Clone, Copy)]
enum Simple {
    Int,
    Float,
    Str,
}

/// Equal small ints are the same value, so that stability does not matter.
fn sort_ints(items: &mut [Value], reverse: bool) -> bool {
    if !items.iter().all(|item| item.is_int()) {
        return false;
    }
    match reverse {
        false => items.sort_unstable_by_key(|item| item.bits()),
        true => items.sort_unstable_by_key(|item| std::cmp::Reverse(item.bits())),
    }
    true
}

/// A float, or a bool or int that a float can represent.
fn small_number(value: Value) -> Option<f64> {
    match value.as_int() {
        Some(int) => Some(int as f64),
        None if value.is_bool() => Some((value == Value::TRUE) as u8 as f64),
        None => value.as_float(),
    }
}

/// One sort in progress. The keys are looked up through the indices being sorted.
struct MergeSort<'a> {
    keys: &'a [Value],
    buffer: Vec<u32>,
    /// Runs found and not yet merged: start, end, power of the boundary before.
    runs: Vec<(usize, usize, u32)>,
}

const SHORT: usize = 32;

impl MergeSort<'_> {
    #[inline]
    fn less(&mut self, py: &mut Py, a: u32, b: u32) -> Result<bool> {
        py.poll()?;
        py.less(self.keys[a as usize], self.keys[b as usize])
    }

    fn sort(&mut self, py: &mut Py, order: &mut [u32]) -> Result<()> {
        let len = order.len();
        let mut start = 0;
        while start < len {
            let end = self.next_run(py, order, start)?;
            let power = match self.runs.last() {
                Some(last) => boundary_power(last.0, start, end, len),
                None => 0,
            };
            while self.runs.len() > 1 && self.runs.last().is_some_and(|last| last.2 > power) {
                self.merge_last(py, order)?;
            }
            self.runs.push((start, end, power));
            start = end;
        }
        while self.runs.len() > 1 {
            self.merge_last(py, order)?;
        }
        Ok(())
    }

    /// Find the run at `start`, turn it if it descends strictly, and lengthen it if it is short. Returns its end.
    fn next_run(&mut self, py: &mut Py, order: &mut [u32], start: usize) -> Result<usize> {
        let len = order.len();
        let mut end = start + 1;
        if end == len {
            return Ok(end);
        }
        let descending = self.less(py, order[end], order[start])?;
        end += 1;
        while end < len && self.less(py, order[end], order[end - 1])? == descending {
            end += 1;
        }
        if descending {
            order[start..end].reverse();
        }
        let wanted = (start + SHORT).min(len);
        while end < wanted {
            let at = self.upper_bound(py, &order[start..end], order[end])?;
            order[start + at..=end].rotate_right(1);
            end += 1;
        }
        Ok(end)
    }

    /// How many items of a sorted run are not greater than `item`.
    fn upper_bound(&mut self, py: &mut Py, run: &[u32], item: u32) -> Result<usize> {
        let (mut low, mut high) = (0, run.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.less(py, item, run[middle])? { high = middle } else { low = middle + 1 }
        }
        Ok(low)
    }

    /// How many items of a sorted run are less than `item`; looks near the end first.
    fn lower_bound_from_end(&mut self, py: &mut Py, run: &[u32], item: u32) -> Result<usize> {
        let (mut low, mut high, mut step) = (0, run.len(), 1);
        while high > 0 {
            let probe = high.saturating_sub(step);
            if self.less(py, run[probe], item)? {
                low = probe + 1;
                break;
            }
            high = probe;
            step *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.less(py, run[middle], item)? { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// How many items of a sorted run are not greater than `item`; looks near the start first.
    fn upper_bound_from_start(&mut self, py: &mut Py, run: &[u32], item: u32) -> Result<usize> {
        let (mut low, mut step) = (0, 1);
        let mut high = run.len();
        while low < high {
            let probe = (low + step - 1).min(high - 1);
            if self.less(py, item, run[probe])? {
                high = probe;
                break;
            }
            low = probe + 1;
            step *= 2;
        }
        let at = self.upper_bound(py, &run[low..high], item)?;
        Ok(low + at)
    }

    /// Merge the two last runs.
    fn merge_last(&mut self, py: &mut Py, order: &mut [u32]) -> Result<()> {
        let (middle, end, _) = self.runs.pop().expect("two runs");
        let (start, _, power) = self.runs.pop().expect("two runs");
        self.runs.push((start, end, power));
        // What is in place already at either end is left out.
        let skipped = self.upper_bound_from_start(py, &order[start..middle], order[middle])?;
        let start = start + skipped;
        if start == middle {
            return Ok(());
        }
        let kept = self.lower_bound_from_end(py, &order[middle..end], order[middle - 1])?;
        let end = middle + kept;
        if end == middle {
            return Ok(());
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = if middle - start <= end - middle {
            self.merge_forward(py, &mut order[start..end], middle - start, &mut buffer)
        } else {
            self.merge_backward(py, &mut order[start..end], middle - start, &mut buffer)
        };
        self.buffer = buffer;
        result
    }

    /// Merge with the shorter left run set aside.
    fn merge_forward(&mut self, py: &mut Py, order: &mut [u32], middle: usize, left: &mut Vec<u32>) -> Result<()> {
        left.clear();
        left.extend_from_slice(&order[..middle]);
        let (mut l, mut r, mut target) = (0, middle, 0);
        let mut outcome = Ok(());
        while l < left.len() && r < order.len() {
            match self.less(py, order[r], left[l]) {
                Ok(true) => {
                    order[target] = order[r];
                    r += 1;
                }
                Ok(false) => {
                    order[target] = left[l];
                    l += 1;
                }
                Err(raised) => {
                    outcome = Err(raised);
                    break;
                }
            }
            target += 1;
        }
        let rest = &left[l..];
        order[target..target + rest.len()].copy_from_slice(rest);
        outcome
    }

    /// Merge from the end with the shorter right run set aside.
    fn merge_backward(&mut self, py: &mut Py, order: &mut [u32], middle: usize, right: &mut Vec<u32>) -> Result<()> {
        right.clear();
        right.extend_from_slice(&order[middle..]);
        let (mut l, mut r, mut target) = (middle, right.len(), order.len());
        let mut outcome = Ok(());
        while l > 0 && r > 0 {
            target -= 1;
            match self.less(py, right[r - 1], order[l - 1]) {
                Ok(true) => {
                    order[target] = order[l - 1];
                    l -= 1;
                }
                Ok(false) => {
                    order[target] = right[r - 1];
                    r -= 1;
                }
                Err(raised) => {
                    outcome = Err(raised);
                    target += 1;
                    break;
                }
            }
        }
        order[target - r..target].copy_from_slice(&right[..r]);
        outcome
    }
}

/// The depth in a perfectly balanced merge tree of the boundary between two adjacent runs.
fn boundary_power(left: usize, middle: usize, right: usize, len: usize) -> u32 {
    let (mut a, mut b) = ((left + middle) as u128, (middle + right) as u128);
    let unit = 2 * len as u128;
    let mut power = 0;
    loop {
        power += 1;
        (a, b) = (a * 2, b * 2);
        let (x, y) = (a >= unit, b >= unit);
        if x != y {
            return power;
        }
        if x {
            (a, b) = (a - unit, b - unit);
        }
    }
}
