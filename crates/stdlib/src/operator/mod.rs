//! `_operator`: the operators as functions.
//!
//! Counterpart: `Modules/_operator.c`.

mod callables;

use bredli_runtime::object::CompareOp;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
pub use callables::{AttrGetter, ItemGetter, MethodCaller};

/// Operator interface.
///
/// This module exports a set of functions implemented in C corresponding
/// to the intrinsic operators of Python.  For example, operator.add(x, y)
/// is equivalent to the expression x+y.  The function names are those
/// used for special methods; variants without leading and trailing
/// '__' are also provided for convenience.
#[pymodule(name = "_operator", classes(AttrGetter, ItemGetter, MethodCaller))]
pub mod operator {
    use super::*;

    /// Same as a + b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn add(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Add, a, b)
    }

    /// Same as a += b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn iadd(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Add, a, b)
    }

    /// Same as a & b.
    #[pyfunction]
    #[pyname("and_")]
    #[signature(a, b, /)]
    fn and(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::And, a, b)
    }

    /// Same as a &= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn iand(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::And, a, b)
    }

    /// Same as a // b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn floordiv(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::FloorDivide, a, b)
    }

    /// Same as a //= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ifloordiv(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::FloorDivide, a, b)
    }

    /// Same as a << b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn lshift(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Lshift, a, b)
    }

    /// Same as a <<= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ilshift(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Lshift, a, b)
    }

    /// Same as a @ b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn matmul(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::MatrixMultiply, a, b)
    }

    /// Same as a @= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn imatmul(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::MatrixMultiply, a, b)
    }

    /// Same as a % b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn r#mod(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Remainder, a, b)
    }

    /// Same as a %= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn imod(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Remainder, a, b)
    }

    /// Same as a * b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn mul(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Multiply, a, b)
    }

    /// Same as a *= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn imul(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Multiply, a, b)
    }

    /// Same as a | b.
    #[pyfunction]
    #[pyname("or_")]
    #[signature(a, b, /)]
    fn or(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Or, a, b)
    }

    /// Same as a |= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ior(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Or, a, b)
    }

    /// Same as a ** b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn pow(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Power, a, b)
    }

    /// Same as a **= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ipow(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Power, a, b)
    }

    /// Same as a >> b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn rshift(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Rshift, a, b)
    }

    /// Same as a >>= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn irshift(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Rshift, a, b)
    }

    /// Same as a - b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn sub(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Subtract, a, b)
    }

    /// Same as a -= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn isub(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Subtract, a, b)
    }

    /// Same as a / b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn truediv(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::TrueDivide, a, b)
    }

    /// Same as a /= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn itruediv(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::TrueDivide, a, b)
    }

    /// Same as a ^ b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn xor(py: &mut Py, a: Value, b: Value) -> Result {
        py.binary(BinaryOp::Xor, a, b)
    }

    /// Same as a ^= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ixor(py: &mut Py, a: Value, b: Value) -> Result {
        py.inplace(BinaryOp::Xor, a, b)
    }

    /// Same as a < b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn lt(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Lt, a, b)
    }

    /// Same as a <= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn le(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Le, a, b)
    }

    /// Same as a == b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn eq(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Eq, a, b)
    }

    /// Same as a != b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ne(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Ne, a, b)
    }

    /// Same as a > b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn gt(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Gt, a, b)
    }

    /// Same as a >= b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn ge(py: &mut Py, a: Value, b: Value) -> Result {
        py.compare(CompareOp::Ge, a, b)
    }

    /// Same as -a.
    #[pyfunction]
    #[signature(a, /)]
    fn neg(py: &mut Py, a: Value) -> Result {
        py.unary(UnaryOp::Negative, a)
    }

    /// Same as +a.
    #[pyfunction]
    #[signature(a, /)]
    fn pos(py: &mut Py, a: Value) -> Result {
        py.unary(UnaryOp::Positive, a)
    }

    /// Same as ~a.
    #[pyfunction]
    #[signature(a, /)]
    fn inv(py: &mut Py, a: Value) -> Result {
        py.unary(UnaryOp::Invert, a)
    }

    /// Same as ~a.
    #[pyfunction]
    #[signature(a, /)]
    fn invert(py: &mut Py, a: Value) -> Result {
        py.unary(UnaryOp::Invert, a)
    }

    /// Same as not a.
    #[pyfunction]
    #[pyname("not_")]
    #[signature(a, /)]
    fn not(py: &mut Py, a: Value) -> Result<bool> {
        Ok(!py.truth(a)?)
    }

    /// Return True if a is true, False otherwise.
    #[pyfunction]
    #[signature(a, /)]
    fn truth(py: &mut Py, a: Value) -> Result<bool> {
        py.truth(a)
    }

    /// Same as a.__index__()
    #[pyfunction]
    #[signature(a, /)]
    fn index(py: &mut Py, a: Value) -> Result {
        let index = py.index(a)?;
        Ok(if index.is_bool() { py.int_payload(index) } else { index })
    }

    /// Same as a[b].
    #[pyfunction]
    #[signature(a, b, /)]
    fn getitem(py: &mut Py, a: Value, b: Value) -> Result {
        py.get_item(a, b)
    }

    /// Same as a[b] = c.
    #[pyfunction]
    #[signature(a, b, c, /)]
    fn setitem(py: &mut Py, a: Value, b: Value, c: Value) -> Result<()> {
        py.set_item(a, b, c)
    }

    /// Same as del a[b].
    #[pyfunction]
    #[signature(a, b, /)]
    fn delitem(py: &mut Py, a: Value, b: Value) -> Result<()> {
        py.del_item(a, b)
    }

    /// Same as b in a (note reversed operands).
    #[pyfunction]
    #[signature(a, b, /)]
    fn contains(py: &mut Py, a: Value, b: Value) -> Result<bool> {
        py.contains(a, b)
    }

    /// Same as a + b, for a and b sequences.
    #[pyfunction]
    #[signature(a, b, /)]
    fn concat(py: &mut Py, a: Value, b: Value) -> Result {
        super::check_sequence(py, a)?;
        py.binary(BinaryOp::Add, a, b)
    }

    /// Same as a += b, for a and b sequences.
    #[pyfunction]
    #[signature(a, b, /)]
    fn iconcat(py: &mut Py, a: Value, b: Value) -> Result {
        super::check_sequence(py, a)?;
        py.inplace(BinaryOp::Add, a, b)
    }

    /// Return the number of items in a which are, or which equal, b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn countOf(py: &mut Py, a: Value, b: Value) -> Result<usize> {
        let iterator = super::iterate(py, a)?;
        let mut count = 0;
        while let Some(item) = py.next(iterator)? {
            count += py.eq(item, b)? as usize;
        }
        Ok(count)
    }

    /// Return the first index of b in a.
    #[pyfunction]
    #[signature(a, b, /)]
    fn indexOf(py: &mut Py, a: Value, b: Value) -> Result<usize> {
        let iterator = super::iterate(py, a)?;
        let mut index = 0;
        while let Some(item) = py.next(iterator)? {
            if py.eq(item, b)? {
                return Ok(index);
            }
            index += 1;
        }
        raise!(py, ValueError, "sequence.index(x): x not in sequence")
    }

    /// Return an estimate of the number of items in obj.
    ///
    /// This is useful for presizing containers when building from an iterable.
    ///
    /// If the object supports len(), the result will be exact.
    /// Otherwise, it may over- or under-estimate by an arbitrary amount.
    #[pyfunction]
    #[signature(obj, default=0, /)]
    fn length_hint(py: &mut Py, obj: Value, default: isize) -> Result<isize> {
        match py.length_hint(obj, usize::MAX)? {
            usize::MAX => Ok(default),
            hint => Ok(hint as isize),
        }
    }

    /// Same as abs(a).
    #[pyfunction]
    #[signature(a, /)]
    fn abs(py: &mut Py, a: Value) -> Result {
        match py.class_of(a).get(py).slots.absolute {
            Some(absolute) => absolute(py, a),
            None => {
                let class = py.class_name(a);
                raise!(py, TypeError, "bad operand type for abs(): '{class}'")
            }
        }
    }

    /// Same as a is b.
    #[pyfunction]
    #[pyname("is_")]
    #[signature(a, b, /)]
    fn is(a: Value, b: Value) -> bool {
        a == b
    }

    /// Same as a is not b.
    #[pyfunction]
    #[signature(a, b, /)]
    fn is_not(a: Value, b: Value) -> bool {
        a != b
    }

    /// Same as a is None.
    #[pyfunction]
    #[signature(a, /)]
    fn is_none(a: Value) -> bool {
        a.is_none()
    }

    /// Same as a is not None.
    #[pyfunction]
    #[signature(a, /)]
    fn is_not_none(a: Value) -> bool {
        !a.is_none()
    }

    /// Same as obj(*args, **kwargs).
    #[pyfunction]
    #[pyname("call")]
    #[signature(obj, /, *args, **kwargs)]
    fn call_object(py: &mut Py, args: Args) -> Result {
        match args.get(0) {
            Some(callable) => py.call_args(callable, args.rest()),
            None => raise!(py, TypeError, "call expected at least 1 argument, got 0"),
        }
    }

    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent
    /// timing analysis, making it appropriate for cryptography.
    ///
    /// a and b must both be of the same type: either str (ASCII only),
    /// or any bytes-like object.
    ///
    /// Note: If a and b are of different lengths, or if an error occurs,
    /// a timing attack could theoretically reveal information about the
    /// types and lengths of a and b--but not their values.
    #[pyfunction]
    #[signature(a, b, /)]
    fn _compare_digest(py: &mut Py, a: Value, b: Value) -> Result<bool> {
        super::compare_digest(py, a, b)
    }
}

fn check_sequence(py: &mut Py, value: Value) -> Result<()> {
    if py.is_sequence(value) {
        return Ok(());
    }
    let class = py.class_name(value);
    raise!(py, TypeError, "'{class}' object can't be concatenated")
}

fn iterate(py: &mut Py, value: Value) -> Result {
    match py.iter(value) {
        Ok(iterator) => Ok(iterator),
        Err(raised) if !py.exception_matches(py.exceptions.TypeError) => Err(raised),
        Err(_) => {
            let class = py.class_name(value);
            raise!(py, TypeError, "argument of type '{class}' is not iterable")
        }
    }
}

fn compare_digest(py: &mut Py, a: Value, b: Value) -> Result<bool> {
    let same = |a: &[u8], b: &[u8]| a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0;
    if let (Some(a), Some(b)) = (Gc::<Str>::cast(py, a), Gc::<Str>::cast(py, b)) {
        let (a, b) = (a.get(py), b.get(py));
        if a.is_ascii() && b.is_ascii() {
            return Ok(same(a.bytes(), b.bytes()));
        }
        raise!(py, TypeError, "comparing strings with non-ASCII characters is not supported");
    }
    if let (Some(a), Some(b)) = (Gc::<Bytes>::cast(py, a), Gc::<Bytes>::cast(py, b)) {
        return Ok(same(a.get(py).data(), b.get(py).data()));
    }
    let (a, b) = (py.class_name(a), py.class_name(b));
    raise!(py, TypeError, "unsupported operand types(s) or combination of types: '{a}' and '{b}'")
}
