//! Iterating over and slicing of built-in sequences.

use crate::exec::frame::At;
use crate::exec::special;
use crate::object::{Str, Tuple, is_exact};
use crate::types::{Bytes, List, ListIterator, Range, SliceNumbers, TupleIterator, shapes};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};

/// `iter(object)` of objects of core classes that give an iterator. None: the object is of another class.
#[inline(never)]
pub(in crate::exec) fn iter(py: &mut Py, object: Value) -> Result<Option<Value>> {
    if !object.is_heap() {
        return Ok(None);
    }
    let iterator = match object.header().shape() {
        shapes::LIST => {
            let list = Some(Gc::<List>::known(py, object));
            py.alloc(ListIterator { header: Header::EMPTY, list, index: 0 }).into()
        }
        shapes::TUPLE => {
            let tuple = Some(Gc::<Tuple>::known(py, object));
            py.alloc(TupleIterator { header: Header::EMPTY, tuple, index: 0 }).into()
        }
        shapes::RANGE => {
            let Range { start, step, length, .. } = *Gc::<Range>::known(py, object).get(py);
            py.iterate_numbers(start, step, length)
        }
        shapes::GENERATOR => object,
        shape if shape < shapes::COUNT => {
            let Some(iter) = py.class_of(object).get(py).slots.iter else { return Ok(None) };
            iter(py, object)?
        }
        _ => return Ok(None),
    };
    Ok(Some(iterator))
}

/// The frame of a Python function that makes an iterator of operand b, or [`At::ENDED`].
#[inline(never)]
pub(in crate::exec) fn enter_iter(py: &mut Py, at: At) -> At {
    let name = py.names.__iter__;
    special::enter(py, at, name, [at.get(at.b())]).unwrap_or(At::ENDED)
}

/// `object[start:stop:step]` of lists and, without a step, of tuples, ASCII strings and bytes.
#[inline(never)]
pub(in crate::exec) fn slice(py: &mut Py, object: Value, [start, stop, step]: [Value; 3]) -> Option<Value> {
    if !object.is_heap() {
        return None;
    }
    let numbers = SliceNumbers::simple(start, stop, step)?;
    match object.header().shape() {
        shapes::LIST => slice_list(py, Gc::known(py, object), numbers),
        _ if numbers.step() != 1 => None,
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

/// `list[numbers]`
pub(super) fn slice_list(py: &mut Py, list: Gc<List>, numbers: SliceNumbers) -> Option<Value> {
    let bounds = numbers.fit(list.get(py).len());
    let mut items = py.list_storage(bounds.count).ok()?;
    let source = list.get(py).items();
    match bounds.step {
        1 => items.extend_within_capacity(&source[bounds.start..bounds.start + bounds.count]),
        _ => (0..bounds.count).for_each(|number| items.push_within_capacity(source[bounds.index(number)])),
    }
    Some(py.alloc(List { header: Header::EMPTY, items }).into())
}

/// `object[start:stop] = value` of lists, where `value` is another list that has as many items; whether it is done.
#[inline(never)]
pub(in crate::exec) fn store_slice(py: &mut Py, object: Value, [start, stop]: [Value; 2], value: Value) -> bool {
    let list = |value: Value| is_exact(value, shapes::LIST).then(|| Gc::<List>::known(py, value));
    let (Some(target), Some(source)) = (list(object), list(value)) else { return false };
    let Some(numbers) = SliceNumbers::simple(start, stop, Value::NONE) else { return false };
    let bounds = numbers.fit(target.get(py).len());
    if bounds.count != source.get(py).len() || target == source {
        return false;
    }
    let source = source.get(py).items().as_ptr();
    let target = &mut target.get_mut(py).items_mut()[bounds.start..bounds.start + bounds.count];
    // SAFETY: the lists are different ones, so their items do not overlap, and there are as many.
    unsafe { target.as_mut_ptr().copy_from_nonoverlapping(source, bounds.count) };
    true
}
