//! The next values of built-in iterators, for loops.

use crate::Py;
use crate::object::Tuple;
use crate::types::{AsciiIterator, BytesIterator, DictIterator, Enumerate, ListIterator, RangeIterator, TupleIterator, Zip, shapes};
use bredli_heap::{Gc, Object, Value};

/// What an iterator has given.
pub(crate) enum Step {
    Value(Value),
    End,
    /// It is left as it was: only the iterator's own method can tell.
    Undecided,
}

/// Whether [`step`] always decides for iterators of this shape.
fn is_simple(iterator: Value) -> bool {
    use shapes::*;
    iterator.is_heap()
        && matches!(iterator.header().shape(), RANGE_ITERATOR | LIST_ITERATOR | TUPLE_ITERATOR | STR_ASCII_ITERATOR | BYTES_ITERATOR)
}

/// The next value of an iterator over a built-in collection.
#[inline(never)]
pub(crate) fn step(py: &mut Py, iterator: Value) -> Step {
    match iterator.header().shape() {
        shapes::RANGE_ITERATOR => {
            let range = position(py, Gc::<RangeIterator>::known(py, iterator));
            if range.remaining == 0 {
                return Step::End;
            }
            let current = range.current;
            range.remaining -= 1;
            range.current = current.wrapping_add(range.step);
            match Value::int(current) {
                Some(int) => Step::Value(int),
                None => long(py, current),
            }
        }
        shapes::LIST_ITERATOR => {
            let this = Gc::<ListIterator>::known(py, iterator);
            let Some(list) = this.get(py).list else { return Step::End };
            let item = list.get(py).items().get(this.get(py).index).copied();
            let this = position(py, this);
            match item {
                Some(item) => {
                    this.index += 1;
                    Step::Value(item)
                }
                None => {
                    this.list = None;
                    Step::End
                }
            }
        }
        shapes::TUPLE_ITERATOR => {
            let this = Gc::<TupleIterator>::known(py, iterator);
            let Some(tuple) = this.get(py).tuple else { return Step::End };
            let item = tuple.get(py).items().get(this.get(py).index).copied();
            let this = position(py, this);
            match item {
                Some(item) => {
                    this.index += 1;
                    Step::Value(item)
                }
                None => {
                    this.tuple = None;
                    Step::End
                }
            }
        }
        shapes::STR_ASCII_ITERATOR => {
            let this = Gc::<AsciiIterator>::known(py, iterator);
            let Some(string) = this.get(py).string else { return Step::End };
            let byte = string.get(py).bytes().get(this.get(py).at).copied();
            match byte {
                Some(byte) => {
                    position(py, this).at += 1;
                    Step::Value(py.constants.chars[byte as usize].into())
                }
                None => {
                    position(py, this).string = None;
                    Step::End
                }
            }
        }
        shapes::BYTES_ITERATOR => {
            let this = Gc::<BytesIterator>::known(py, iterator);
            let Some(bytes) = this.get(py).bytes else { return Step::End };
            let byte = bytes.get(py).data().get(this.get(py).index).copied();
            let this = position(py, this);
            match byte {
                Some(byte) => {
                    this.index += 1;
                    Step::Value(Value::small(byte as i32))
                }
                None => {
                    this.bytes = None;
                    Step::End
                }
            }
        }
        shapes::DICT_KEYITERATOR => match entry(py, iterator) {
            Some((key, _)) => Step::Value(key),
            None => Step::Undecided,
        },
        shapes::DICT_VALUEITERATOR => match entry(py, iterator) {
            Some((_, value)) => Step::Value(value),
            None => Step::Undecided,
        },
        _ => Step::Undecided,
    }
}

#[cold]
#[inline(never)]
fn long(py: &mut Py, int: i64) -> Step {
    Step::Value(py.new_int(int))
}

/// An iterator whose position is to be moved, or that is to forget what it goes through.
#[inline(always)]
fn position<T: Object>(py: &mut Py, iterator: Gc<T>) -> &mut T {
    // SAFETY: numbers are written, or that there is nothing any more.
    unsafe { iterator.get_mut_plain(py) }
}

/// The next entry of a dictionary that has not changed.
#[inline(always)]
fn entry(py: &mut Py, iterator: Value) -> Option<(Value, Value)> {
    let this = Gc::<DictIterator>::known(py, iterator);
    let DictIterator { dict: Some(dict), used, position: start, left, .. } = *this.get(py) else { return None };
    if dict.get(py).len() != used || left == 0 {
        return None;
    }
    let (found, key, value) = dict.get(py).entry_from(start)?;
    let this = position(py, this);
    (this.position, this.left) = (found + 1, left - 1);
    Some((key, value))
}

/// The next pair of an iterator whose tuples are taken apart at once, without making the tuple.
#[inline(never)]
pub(in crate::exec) fn pair(py: &mut Py, iterator: Value) -> Option<(Value, Value)> {
    match iterator.header().shape() {
        shapes::DICT_ITEMITERATOR => entry(py, iterator),
        shapes::ENUMERATE => {
            let this = Gc::<Enumerate>::known(py, iterator);
            let Enumerate { iterator, count, .. } = *this.get(py);
            let next = count.as_int().and_then(|count| Value::int(count + 1))?;
            if !is_simple(iterator) {
                return None;
            }
            match step(py, iterator) {
                Step::Value(item) => {
                    this.get_mut(py).count = next;
                    Some((count, item))
                }
                // Asked again, it says the same.
                _ => None,
            }
        }
        shapes::ZIP => {
            let Zip { iterators, strict: false, .. } = *Gc::<Zip>::known(py, iterator).get(py) else { return None };
            let [first, second] = iterators.get(py).items() else { return None };
            let (first, second) = (*first, *second);
            if !is_simple(first) || !is_simple(second) || !has_next(py, second) {
                return None;
            }
            match (step(py, first), second) {
                (Step::Value(left), second) => match step(py, second) {
                    Step::Value(right) => Some((left, right)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a simple iterator has another value.
fn has_next(py: &Py, iterator: Value) -> bool {
    match iterator.header().shape() {
        shapes::RANGE_ITERATOR => Gc::<RangeIterator>::known(py, iterator).get(py).remaining > 0,
        shapes::LIST_ITERATOR => {
            let this = Gc::<ListIterator>::known(py, iterator).get(py);
            this.list.is_some_and(|list| this.index < list.get(py).len())
        }
        shapes::TUPLE_ITERATOR => {
            let this = Gc::<TupleIterator>::known(py, iterator).get(py);
            this.tuple.is_some_and(|tuple: Gc<Tuple>| this.index < tuple.get(py).len())
        }
        _ => false,
    }
}
