//! Iterating over and slicing of built-in sequences.

use crate::Py;
use crate::object::{Str, Tuple};
use crate::types::{Bytes, List, ListIterator, Range, SliceNumbers, TupleIterator, shapes};
use bredli_heap::{Gc, Header, Value};

/// `iter(object)` of lists, tuples, ranges and generators.
#[inline(never)]
pub(in crate::exec) fn iter(py: &mut Py, object: Value) -> Option<Value> {
    if !object.is_heap() {
        return None;
    }
    match object.header().shape() {
        shapes::LIST => {
            let list = Some(Gc::<List>::known(py, object));
            Some(py.alloc(ListIterator { header: Header::EMPTY, list, index: 0 }).into())
        }
        shapes::TUPLE => {
            let tuple = Some(Gc::<Tuple>::known(py, object));
            Some(py.alloc(TupleIterator { header: Header::EMPTY, tuple, index: 0 }).into())
        }
        shapes::RANGE => {
            let Range { start, step, length, .. } = *Gc::<Range>::known(py, object).get(py);
            Some(py.iterate_numbers(start, step, length))
        }
        shapes::GENERATOR => Some(object),
        _ => None,
    }
}

/// `object[start:stop]` of lists, tuples, ASCII strings and bytes.
pub(in crate::exec) fn slice(py: &mut Py, object: Value, start: Value, stop: Value) -> Option<Value> {
    if !object.is_heap() {
        return None;
    }
    let numbers = SliceNumbers::simple(start, stop)?;
    match object.header().shape() {
        shapes::LIST => {
            let list = Gc::<List>::known(py, object);
            let bounds = numbers.fit(list.get(py).len());
            let mut items = py.list_storage(bounds.count).ok()?;
            items.extend_within_capacity(&list.get(py).items()[bounds.start..bounds.start + bounds.count]);
            Some(py.alloc(List { header: Header::EMPTY, items }).into())
        }
        shapes::TUPLE => {
            let tuple = Gc::<Tuple>::known(py, object);
            let len = tuple.get(py).len();
            let bounds = numbers.fit(len);
            if bounds.count == len {
                return Some(object);
            }
            let nothing = py.constants.empty_tuple;
            Some(py.tuple_of_parts(tuple, bounds.start..bounds.start + bounds.count, nothing).into())
        }
        shapes::STR => {
            let text = Gc::<Str>::known(py, object);
            if !text.get(py).is_ascii() {
                return None;
            }
            let bounds = numbers.fit(text.get(py).byte_len());
            Some(py.substr(text, bounds.start, bounds.start + bounds.count).into())
        }
        shapes::BYTES => {
            let bytes = Gc::<Bytes>::known(py, object);
            let bounds = numbers.fit(bytes.get(py).data().len());
            py.sub_bytes(bytes, bounds.start, bounds.start + bounds.count).ok().map(Into::into)
        }
        _ => None,
    }
}
