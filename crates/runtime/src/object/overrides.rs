//! The slot functions of classes that define special methods in Python: each looks its method up and calls it.
//!
//! One function a slot, named as the slot. Binary operators follow CPython's rule for subclasses of the left operand's class.
//! Counterpart: the `slot_*` functions of `Objects/typeobject.c`.

use super::slots::{Binary, CompareOp, Slots};
use super::{Class, Str, Tuple};
use crate::native::Args;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// Call the special method `name` of the class of `object`, or None when there is none.
fn call_special(py: &mut Py, object: Value, name: Gc<Str>, args: &[Value]) -> Result<Option<Value>> {
    match py.lookup_special_unbound(object, name)? {
        Some((method, true)) => {
            let mut all = [Value::NONE; 5];
            all[0] = object;
            all[1..=args.len()].copy_from_slice(args);
            py.call(method, &all[..=args.len()]).map(Some)
        }
        Some((method, false)) => py.call(method, args).map(Some),
        None => Ok(None),
    }
}

fn must_call(py: &mut Py, object: Value, name: Gc<Str>, args: &[Value]) -> Result<Value> {
    match call_special(py, object, name, args)? {
        Some(value) => Ok(value),
        None => raise!(py, AttributeError, "{}", name.get(py).lossy()),
    }
}

fn class_defines(py: &mut Py, value: Value, slot: fn(&Slots) -> Option<Binary>, own: Binary) -> bool {
    let class = py.class_of(value);
    slot(&class.get(py).slots).is_some_and(|f| std::ptr::fn_addr_eq(f, own))
}

/// Whether the class of `right` overrides the reflected method of the class of `left`.
fn overloads(py: &mut Py, left: Value, right: Value, name: Gc<Str>) -> bool {
    let (l, r) = (py.class_of(left), py.class_of(right));
    match (py.type_lookup(l, name), py.type_lookup(r, name)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(a), Some(b)) => a != b,
    }
}

fn binary(py: &mut Py, left: Value, right: Value, slot: fn(&Slots) -> Option<Binary>, own: Binary, names: (Gc<Str>, Gc<Str>)) -> Result {
    let (name, reflected) = names;
    let (l, r) = (py.class_of(left), py.class_of(right));
    let mut try_right = l != r && class_defines(py, right, slot, own);
    if class_defines(py, left, slot, own) {
        if try_right && py.is_subtype(r, l) && overloads(py, left, right, reflected) {
            if let Some(value) = call_special(py, right, reflected, &[left])?
                && value != Value::NOT_IMPLEMENTED
            {
                return Ok(value);
            }
            try_right = false;
        }
        if let Some(value) = call_special(py, left, name, &[right])?
            && (value != Value::NOT_IMPLEMENTED || l == r)
        {
            return Ok(value);
        }
    }
    if try_right && let Some(value) = call_special(py, right, reflected, &[left])? {
        return Ok(value);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

macro_rules! binary_overrides {
    ($($slot:ident $name:ident $reflected:ident),* $(,)?) => { $(
        pub(super) fn $slot(py: &mut Py, left: Value, right: Value) -> Result {
            let names = (py.names.$name, py.names.$reflected);
            binary(py, left, right, |slots| slots.$slot, $slot, names)
        }
    )* };
}

binary_overrides! {
    add __add__ __radd__, subtract __sub__ __rsub__, multiply __mul__ __rmul__, remainder __mod__ __rmod__,
    divmod __divmod__ __rdivmod__, lshift __lshift__ __rlshift__, rshift __rshift__ __rrshift__, and __and__ __rand__,
    xor __xor__ __rxor__, or __or__ __ror__, floor_divide __floordiv__ __rfloordiv__, true_divide __truediv__ __rtruediv__,
    matrix_multiply __matmul__ __rmatmul__,
}

macro_rules! plain_overrides {
    ($($slot:ident $name:ident ($($arg:ident),*)),* $(,)?) => { $(
        pub(super) fn $slot(py: &mut Py, object: Value $(, $arg: Value)*) -> Result {
            let name = py.names.$name;
            must_call(py, object, name, &[$($arg),*])
        }
    )* };
}

plain_overrides! {
    negative __neg__(), positive __pos__(), absolute __abs__(), invert __invert__(), int __int__(), float __float__(), index __index__(),
    inplace_add __iadd__(other), inplace_subtract __isub__(other), inplace_multiply __imul__(other), inplace_remainder __imod__(other),
    inplace_lshift __ilshift__(other), inplace_rshift __irshift__(other), inplace_and __iand__(other), inplace_xor __ixor__(other),
    inplace_or __ior__(other), inplace_floor_divide __ifloordiv__(other), inplace_true_divide __itruediv__(other),
    inplace_matrix_multiply __imatmul__(other), release_buffer __release_buffer__(view), concat __add__(other), inplace_concat __iadd__(other), getitem __getitem__(key),
    am_await __await__(), aiter __aiter__(), anext __anext__(),
}

pub(super) fn power(py: &mut Py, left: Value, right: Value, modulus: Value) -> Result {
    let own = |py: &mut Py, value: Value| {
        let class = py.class_of(value);
        class.get(py).slots.power.is_some_and(|f| std::ptr::fn_addr_eq(f, power as super::slots::Ternary))
    };
    if modulus.is_none() {
        let (name, reflected) = (py.names.__pow__, py.names.__rpow__);
        let (l, r) = (py.class_of(left), py.class_of(right));
        let mut try_right = l != r && own(py, right);
        if own(py, left) {
            if try_right && py.is_subtype(r, l) && overloads(py, left, right, reflected) {
                if let Some(value) = call_special(py, right, reflected, &[left])?
                    && value != Value::NOT_IMPLEMENTED
                {
                    return Ok(value);
                }
                try_right = false;
            }
            if let Some(value) = call_special(py, left, name, &[right])?
                && (value != Value::NOT_IMPLEMENTED || l == r)
            {
                return Ok(value);
            }
        }
        if try_right && let Some(value) = call_special(py, right, reflected, &[left])? {
            return Ok(value);
        }
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if own(py, left) {
        let name = py.names.__pow__;
        return must_call(py, left, name, &[right, modulus]);
    }
    if own(py, right) {
        let name = py.names.__rpow__;
        return Ok(call_special(py, right, name, &[left, modulus])?.unwrap_or(Value::NOT_IMPLEMENTED));
    }
    Ok(Value::NOT_IMPLEMENTED)
}

pub(super) fn inplace_power(py: &mut Py, left: Value, right: Value, _modulus: Value) -> Result {
    let name = py.names.__ipow__;
    must_call(py, left, name, &[right])
}

pub(super) fn repeat(py: &mut Py, object: Value, count: isize) -> Result {
    let (name, count) = (py.names.__mul__, py.new_int(count as i64));
    must_call(py, object, name, &[count])
}

pub(super) fn inplace_repeat(py: &mut Py, object: Value, count: isize) -> Result {
    let (name, count) = (py.names.__imul__, py.new_int(count as i64));
    must_call(py, object, name, &[count])
}

pub(super) fn repr(py: &mut Py, object: Value) -> Result {
    let name = py.names.__repr__;
    match call_special(py, object, name, &[])? {
        Some(value) => Ok(value),
        None => py.default_repr(object),
    }
}

pub(super) fn str(py: &mut Py, object: Value) -> Result {
    let name = py.names.__str__;
    must_call(py, object, name, &[])
}

pub(super) fn hash(py: &mut Py, object: Value) -> Result<i64> {
    let name = py.names.__hash__;
    let value = match call_special(py, object, name, &[])? {
        Some(value) => value,
        None => return unhashable(py, object),
    };
    if !py.is_int(value) {
        raise!(py, TypeError, "__hash__ method should return an integer");
    }
    let hash = match py.int_to_i64(value) {
        Some(hash) => hash,
        None => py.hash_int(value),
    };
    Ok(if hash == -1 { -2 } else { hash })
}

/// The hash slot of classes whose `__hash__` is None.
pub fn unhashable(py: &mut Py, object: Value) -> Result<i64> {
    let class = py.class_name(object);
    raise!(py, TypeError, "unhashable type: '{class}'")
}

pub(super) fn call(py: &mut Py, object: Value, values: &[Value], kwnames: Option<Gc<Tuple>>) -> Result {
    let args = Args::received(py, values, kwnames);
    let name = py.names.__call__;
    match py.lookup_special(object, name)? {
        Some(method) => py.call_args(method, args),
        None => {
            let class = py.class_name(object);
            raise!(py, TypeError, "'{class}' object is not callable")
        }
    }
}

pub(super) fn getattr(py: &mut Py, object: Value, name: Gc<Str>) -> Result {
    let getattribute = py.names.__getattribute__;
    let class = py.class_of(object);
    let method = py.type_lookup(class, getattribute);
    let generic = method.is_none_or(|m| py.is_object_getattribute(m));
    let found = match generic {
        true => py.generic_lookup_attr(object, name),
        false => must_call(py, object, getattribute, &[name.into()]).map(Some),
    };
    let getattr = py.names.__getattr__;
    match found {
        Ok(Some(value)) => return Ok(value),
        Ok(None) => {}
        Err(raised) => {
            let hooked = py.type_lookup_of(object, getattr).is_some();
            if !hooked || !py.exception_matches(py.exceptions.AttributeError) {
                return Err(raised);
            }
            py.clear_exception();
        }
    }
    match call_special(py, object, getattr, &[name.into()])? {
        Some(value) => Ok(value),
        None => Err(py.no_attribute(object, name)),
    }
}

pub(super) fn setattr(py: &mut Py, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
    match value {
        Some(value) => {
            let method = py.names.__setattr__;
            must_call(py, object, method, &[name.into(), value])?;
        }
        None => {
            let method = py.names.__delattr__;
            must_call(py, object, method, &[name.into()])?;
        }
    }
    Ok(())
}

pub(super) fn richcompare(py: &mut Py, left: Value, right: Value, op: CompareOp) -> Result {
    let names = &py.names;
    let name = [names.__lt__, names.__le__, names.__eq__, names.__ne__, names.__gt__, names.__ge__][op as usize];
    match py.lookup_special_unbound(left, name) {
        Ok(Some((method, true))) => py.call(method, &[left, right]),
        Ok(Some((method, false))) => py.call(method, &[right]),
        Ok(None) => Ok(Value::NOT_IMPLEMENTED),
        Err(raised) if !py.exception_matches(py.exceptions.AttributeError) => Err(raised),
        Err(_) => {
            py.clear_exception();
            Ok(Value::NOT_IMPLEMENTED)
        }
    }
}

pub(super) fn iter(py: &mut Py, object: Value) -> Result {
    let name = py.names.__iter__;
    let class = py.class_of(object);
    if py.type_lookup(class, name).is_some_and(|method| method.is_none()) {
        let class = py.class_name(object);
        raise!(py, TypeError, "'{class}' object is not iterable");
    }
    if let Some(iterator) = call_special(py, object, name, &[])? {
        return Ok(iterator);
    }
    py.sequence_iter(object)
}

pub(super) fn next(py: &mut Py, object: Value) -> Result<Option<Value>> {
    let name = py.names.__next__;
    must_call(py, object, name, &[]).map(Some)
}

pub(super) fn descr_get(py: &mut Py, descriptor: Value, object: Option<Value>, class: Option<Value>) -> Result {
    let name = py.names.__get__;
    let arguments = [object.unwrap_or(Value::NONE), class.unwrap_or(Value::NONE)];
    match py.type_lookup_of(descriptor, name) {
        None => Ok(descriptor),
        Some(_) => must_call(py, descriptor, name, &arguments),
    }
}

pub(super) fn descr_set(py: &mut Py, descriptor: Value, object: Value, value: Option<Value>) -> Result<()> {
    match value {
        Some(value) => {
            let name = py.names.__set__;
            must_call(py, descriptor, name, &[object, value])?;
        }
        None => {
            let name = py.names.__delete__;
            must_call(py, descriptor, name, &[object])?;
        }
    }
    Ok(())
}

pub(super) fn init(py: &mut Py, object: Value, values: &[Value], kwnames: Option<Gc<Tuple>>) -> Result<()> {
    let args = Args::received(py, values, kwnames);
    let name = py.names.__init__;
    let Some((method, unbound)) = py.lookup_special_unbound(object, name)? else { return Ok(()) };
    let result = if unbound { py.call_prepended(method, object, args)? } else { py.call_args(method, args)? };
    if !result.is_none() {
        let class = py.class_name(result);
        raise!(py, TypeError, "__init__() should return None, not '{class}'");
    }
    Ok(())
}

/// The `new` slot of classes that define `__new__` in Python.
pub fn new(py: &mut Py, class: Gc<Class>, values: &[Value], kwnames: Option<Gc<Tuple>>) -> Result {
    let args = Args::received(py, values, kwnames);
    let name = py.names.__new__;
    let method = py.get_attr(class.into(), name)?;
    py.call_prepended(method, class.into(), args)
}

pub(super) fn finalize(py: &mut Py, object: Value) -> Result<()> {
    let name = py.names.__del__;
    call_special(py, object, name, &[])?;
    Ok(())
}

pub(super) fn bool(py: &mut Py, object: Value) -> Result<bool> {
    let name = py.names.__bool__;
    if let Some(value) = call_special(py, object, name, &[])? {
        if value == Value::TRUE || value == Value::FALSE {
            return Ok(value == Value::TRUE);
        }
        let class = py.class_name(value);
        raise!(py, TypeError, "__bool__ should return bool, returned {class}");
    }
    let class = py.class_of(object);
    match class.get(py).slots.len {
        Some(len) => Ok(len(py, object)? != 0),
        None => Ok(true),
    }
}

pub(super) fn len(py: &mut Py, object: Value) -> Result<usize> {
    let name = py.names.__len__;
    let value = must_call(py, object, name, &[])?;
    let value = py.index(value)?;
    match py.int_to_i64(value) {
        Some(len) if len >= 0 => Ok(len as usize),
        Some(_) => raise!(py, ValueError, "__len__() should return >= 0"),
        None if py.int_is_negative(value) => raise!(py, ValueError, "__len__() should return >= 0"),
        None => raise!(py, OverflowError, "cannot fit 'int' into an index-sized integer"),
    }
}

pub(super) fn setitem(py: &mut Py, object: Value, key: Value, value: Option<Value>) -> Result<()> {
    match value {
        Some(value) => {
            let name = py.names.__setitem__;
            must_call(py, object, name, &[key, value])?;
        }
        None => {
            let name = py.names.__delitem__;
            must_call(py, object, name, &[key])?;
        }
    }
    Ok(())
}

pub(super) fn contains(py: &mut Py, object: Value, key: Value) -> Result<bool> {
    let name = py.names.__contains__;
    if py.type_lookup_of(object, name).is_some_and(|method| method.is_none()) {
        let class = py.class_name(object);
        raise!(py, TypeError, "'{class}' object is not a container");
    }
    match call_special(py, object, name, &[key])? {
        Some(value) => py.truth(value),
        None => py.contains_by_iteration(object, key),
    }
}

pub(super) fn buffer(py: &mut Py, object: Value, request: u32) -> Result {
    let (name, flags) = (py.names.__buffer__, Value::small(request as i32));
    let view = must_call(py, object, name, &[flags])?;
    py.wrap_buffer(object, view, request).map(Into::into)
}
