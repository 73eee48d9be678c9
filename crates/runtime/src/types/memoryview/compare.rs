//! Comparison and hash of `memoryview`.
//!
//! Views are equal when they have the same shape and equal items, whatever their formats; items of formats that are not native
//! are read by the module `struct`.

use super::MemoryView;
use crate::buffer::geometry::Offsets;
use crate::buffer::item::Code;
use crate::buffer::{Geometry, Memory, flags};
use crate::object::{CompareOp, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// How the items of a view are read.
#[derive(Clone, Copy)]
enum Reader {
    Native(Code),
    /// The method `unpack` of a `Struct`.
    Struct(Value),
}

/// A reader for a format; none when there is none that knows it.
fn reader(py: &mut Py, geometry: &Geometry) -> Result<Option<Reader>> {
    if let Some(code) = Code::parse(geometry.format.get(py).bytes()) {
        return Ok(Some(Reader::Native(code)));
    }
    let module = py.import_module("struct")?;
    let class = py.get_attr_named(module, "Struct")?;
    match py.call(class, &[geometry.format.into()]) {
        Ok(made) => py.get_attr_named(made, "unpack").map(|unpack| Some(Reader::Struct(unpack))),
        Err(raised) => {
            let error = py.take_exception();
            let class = py.get_attr_named(module, "error")?;
            if py.is_instance(error, class)? {
                return Ok(None);
            }
            let _ = raised;
            Err(py.raise(error))
        }
    }
}

fn item(py: &mut Py, reader: Reader, bytes: &[u8]) -> Result {
    match reader {
        Reader::Native(code) => Ok(code.unpack(py, bytes)),
        Reader::Struct(unpack) => {
            let bytes = py.new_bytes(bytes);
            let items = py.call(unpack, &[bytes.into()])?;
            match Gc::<Tuple>::cast(py, items).map(|tuple| tuple.get(py).items()) {
                Some([only]) => Ok(*only),
                _ => Ok(items),
            }
        }
    }
}

fn equal(py: &mut Py, (left, ours): (&Geometry, Memory), (right, theirs): (&Geometry, Memory)) -> Result<bool> {
    if left.dimensions.len() != right.dimensions.len() {
        return Ok(false);
    }
    for (a, b) in left.dimensions.iter().zip(&right.dimensions) {
        if a.len != b.len {
            return Ok(false);
        }
        if a.len == 0 {
            break;
        }
    }
    let (Some(read_left), Some(read_right)) = (reader(py, left)?, reader(py, right)?) else { return Ok(false) };
    if let (Reader::Native(a), Reader::Native(b)) = (read_left, read_right)
        && a == b
        && a.compares_by_bytes()
    {
        return Ok(left.bytes(ours.get(py)) == right.bytes(theirs.get(py)));
    }
    let (a, b) = (left.bytes(ours.get(py)), right.bytes(theirs.get(py)));
    let count = Offsets::new(0, &left.dimensions).count();
    for number in 0..count {
        let of = |bytes: &[u8], size: usize| bytes.get(number * size..(number + 1) * size).unwrap_or_default().to_vec();
        let (a, b) = (of(&a, left.itemsize), of(&b, right.itemsize));
        let a = item(py, read_left, &a)?;
        let b = item(py, read_right, &b)?;
        let same = py.compare(CompareOp::Eq, a, b)?;
        if !py.truth(same)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[pymethods(part = "compare")]
impl MemoryView {
    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let answer = |equal: bool| Ok(Value::bool(equal == (op == CompareOp::Eq)));
        let view = Gc::<MemoryView>::cast(py, other);
        let Some(buffer) = this.get(py).buffer else { return answer(Value::from(this) == other) };
        if view.is_some_and(|view| view.get(py).buffer.is_none()) {
            return answer(Value::from(this) == other);
        }
        let right = match view {
            Some(view) => view,
            None if py.class_of(other).get(py).slots.buffer.is_none() => return Ok(Value::NOT_IMPLEMENTED),
            None => match py.memoryview(other, flags::FULL_RO) {
                Ok(view) => view,
                Err(_) => {
                    py.clear_exception();
                    return Ok(Value::NOT_IMPLEMENTED);
                }
            },
        };
        let (ours, theirs) = (buffer.get(py).memory(), MemoryView::managed(py, right)?.get(py).memory());
        let (a, b) = (this.get(py).geometry(), right.get(py).geometry());
        let outcome = equal(py, (&a, ours), (&b, theirs));
        if view.is_none() {
            MemoryView::release_now(py, right)?;
        }
        answer(outcome?)
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        if let Some(hash) = this.get(py).hash {
            return Ok(hash);
        }
        let buffer = MemoryView::managed(py, this)?;
        if !this.get(py).readonly {
            raise!(py, ValueError, "cannot hash writable memoryview object");
        }
        if !Code::parse(this.get(py).format.get(py).bytes()).is_some_and(Code::is_byte) {
            raise!(py, ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
        }
        let owner = buffer.get(py).owner();
        py.while_exported(this, |py| py.hash(owner))?;
        let bytes = MemoryView::bytes(py, this)?;
        let hash = py.hash_keys.hash_bytes(&bytes);
        this.get_mut(py).hash = Some(hash);
        Ok(hash)
    }
}
