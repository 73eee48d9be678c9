//! Operators, comparisons, subscripts.

use crate::exec::frame::At;
use crate::exec::op::Op;
use crate::exec::special;
use crate::object::{CompareOp, Dict};
use crate::types::shapes;
use crate::{Py, Result, UnaryOp};
use bredli_heap::{Gc, Value};

pub(super) fn unary(py: &mut Py, at: At) -> Result<At> {
    let op = if at.op() == Op::Negative as u8 { UnaryOp::Negative } else { UnaryOp::Invert };
    let operand = at.get(at.b());
    if let (UnaryOp::Negative, Some(float)) = (op, operand.as_float()) {
        at.set(at.a(), Value::float(-float));
        return Ok(at.next(1));
    }
    let result = py.unary(op, operand)?;
    at.set(at.a(), result);
    Ok(at.next(1))
}

fn operator(at: At) -> CompareOp {
    CompareOp::from_index((at.x() & 7) as usize)
}

pub(super) fn compare_jump(py: &mut Py, at: At) -> Result<At> {
    let (left, right) = special::compared_operands(at, Op::ALL[at.op() as usize]);
    if let Some(frame) = special::enter_compare(py, at, operator(at), left, right) {
        return Ok(frame);
    }
    let truth = compare_truth(py, operator(at), left, right)?;
    Ok(if truth == (at.x() & 8 != 0) { at.jump(at.extra(1) as i32) } else { at.next(2) })
}

fn compare_truth(py: &mut Py, op: CompareOp, left: Value, right: Value) -> Result<bool> {
    if let (CompareOp::Eq | CompareOp::Ne, true, true) = (op, py.is_exact_str(left), py.is_exact_str(right)) {
        let equal = py.quick_eq(left, right) == Some(true);
        return Ok(equal == (op == CompareOp::Eq));
    }
    let result = py.compare(op, left, right)?;
    py.truth(result)
}

pub(super) fn compare(py: &mut Py, at: At) -> Result<At> {
    let (left, right) = (at.get(at.b()), at.get(at.c()));
    let op = operator(at);
    if let Some(frame) = special::enter_compare(py, at, op, left, right) {
        return Ok(frame);
    }
    let result = if at.op() == Op::CompareBool as u8 {
        Value::bool(compare_truth(py, op, left, right)?)
    } else if let (CompareOp::Eq | CompareOp::Ne, true, true) = (op, py.is_exact_str(left), py.is_exact_str(right)) {
        Value::bool((py.quick_eq(left, right) == Some(true)) == (op == CompareOp::Eq))
    } else {
        py.compare(op, left, right)?
    };
    at.set(at.a(), result);
    Ok(at.next(1))
}

pub(super) fn contains(py: &mut Py, at: At) -> Result<At> {
    let (key, container) = (at.get(at.b()), at.get(at.c()));
    let name = py.names.__contains__;
    if let Some(frame) = special::enter(py, at, name, [container, key]) {
        return Ok(frame);
    }
    let found = py.contains(container, key)?;
    at.set(at.a(), Value::bool(found != (at.x() != 0)));
    Ok(at.next(1))
}

pub(super) fn subscript(py: &mut Py, at: At) -> Result<At> {
    let (container, key) = special::operands(at, Op::ALL[at.op() as usize]);
    if crate::object::is_exact(container, shapes::DICT) {
        let dict = Gc::<Dict>::known(py, container);
        if let Some(value) = py.dict_get(dict, key)? {
            at.set(at.a(), value);
            return Ok(at.next(1));
        }
        return Err(py.key_error(key));
    }
    let name = py.names.__getitem__;
    if let Some(frame) = special::enter(py, at, name, [container, key]) {
        return Ok(frame);
    }
    let item = py.get_item(container, key)?;
    at.set(at.a(), item);
    Ok(at.next(1))
}

pub(super) fn store_subscript(py: &mut Py, at: At) -> Result<At> {
    let (container, key, value) = (at.get(at.a()), at.get(at.b()), at.get(at.c()));
    if crate::object::is_exact(container, shapes::DICT) {
        let dict = Gc::<Dict>::known(py, container);
        py.dict_set(dict, key, value)?;
        return Ok(at.next(1));
    }
    let name = py.names.__setitem__;
    if let Some(frame) = special::enter(py, at, name, [container, key, value]) {
        return Ok(frame);
    }
    py.set_item(container, key, value)?;
    Ok(at.next(1))
}

pub(super) fn binary_slice(py: &mut Py, at: At) -> Result<At> {
    let b = at.b();
    let step = if at.x() == 0 { Value::NONE } else { at.get(b + 3) };
    let slice = py.new_slice(at.get(b + 1), at.get(b + 2), step);
    let container = at.get(b);
    let class = py.class_of(container);
    if let Some(frame) = special::enter_subscript(py, at, class, container, slice.into()) {
        return Ok(frame);
    }
    let item = py.get_item(container, slice.into())?;
    at.set(at.a(), item);
    Ok(at.next(1))
}

pub(super) fn store_slice(py: &mut Py, at: At) -> Result<At> {
    let a = at.a();
    let slice = py.new_slice(at.get(a + 2), at.get(a + 3), Value::NONE);
    py.set_item(at.get(a + 1), slice.into(), at.get(a))?;
    Ok(at.next(1))
}
