//! Conversion of what native functions return to Python values.

use crate::{Py, Result};
use bredli_heap::{Gc, Object, Value};
use bredli_text::Wtf8Buf;

/// A Rust type that a native function can return.
pub trait IntoResult {
    /// The Python value, or the exception that was raised.
    fn into_result(self, py: &mut Py) -> Result<Value>;
}

impl IntoResult for Value {
    #[inline(always)]
    fn into_result(self, _: &mut Py) -> Result<Value> {
        Ok(self)
    }
}

impl<T: IntoResult> IntoResult for Result<T> {
    #[inline(always)]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        self?.into_result(py)
    }
}

impl<T: IntoResult> IntoResult for Option<T> {
    #[inline(always)]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        match self {
            Some(value) => value.into_result(py),
            None => Ok(Value::NONE),
        }
    }
}

impl<T: Object> IntoResult for Gc<T> {
    #[inline(always)]
    fn into_result(self, _: &mut Py) -> Result<Value> {
        Ok(self.into())
    }
}

impl IntoResult for () {
    #[inline(always)]
    fn into_result(self, _: &mut Py) -> Result<Value> {
        Ok(Value::NONE)
    }
}

impl IntoResult for bool {
    #[inline(always)]
    fn into_result(self, _: &mut Py) -> Result<Value> {
        Ok(Value::bool(self))
    }
}

impl IntoResult for f64 {
    #[inline(always)]
    fn into_result(self, _: &mut Py) -> Result<Value> {
        Ok(Value::float(self))
    }
}

macro_rules! integers {
    ($($ty:ty)*) => { $(
        impl IntoResult for $ty {
            #[inline]
            fn into_result(self, py: &mut Py) -> Result<Value> {
                Ok(py.new_int(self as i64))
            }
        }
    )* };
}

integers!(i8 u8 i16 u16 i32 u32 i64 isize);

impl IntoResult for u64 {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        match i64::try_from(self) {
            Ok(int) => Ok(py.new_int(int)),
            Err(_) => Ok(py.new_int_u64(self)),
        }
    }
}

impl IntoResult for usize {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        (self as u64).into_result(py)
    }
}

impl IntoResult for &str {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        Ok(py.new_str(self).into())
    }
}

impl IntoResult for String {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        self.as_str().into_result(py)
    }
}

impl IntoResult for Wtf8Buf {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        Ok(py.new_str_wtf8(self.as_bytes()).into())
    }
}

impl IntoResult for char {
    #[inline]
    fn into_result(self, py: &mut Py) -> Result<Value> {
        Ok(py.char_str(self as u32).into())
    }
}

macro_rules! tuples {
    ($(($($ty:ident $field:tt),*))*) => { $(
        impl<$($ty: IntoResult),*> IntoResult for ($($ty,)*) {
            fn into_result(self, py: &mut Py) -> Result<Value> {
                let items = [$(self.$field.into_result(py)?),*];
                Ok(py.new_tuple(&items).into())
            }
        }
    )* };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}

/// What a function that fills a slot returns: the slot's own type, or a `Result` of it.
pub trait IntoSlot<T> {
    /// As the slot's result.
    fn into_slot(self) -> Result<T>;
}

impl<T> IntoSlot<T> for T {
    #[inline(always)]
    fn into_slot(self) -> Result<T> {
        Ok(self)
    }
}

impl<T> IntoSlot<T> for Result<T> {
    #[inline(always)]
    fn into_slot(self) -> Result<T> {
        self
    }
}

/// What `__next__` returns: an optional value, nothing at the end of the iteration.
pub trait IntoNext {
    /// As the slot's result.
    fn into_next(self, py: &mut Py) -> Result<Option<Value>>;
}

impl<T: IntoResult> IntoNext for Option<T> {
    #[inline(always)]
    fn into_next(self, py: &mut Py) -> Result<Option<Value>> {
        match self {
            Some(value) => value.into_result(py).map(Some),
            None => Ok(None),
        }
    }
}

impl<T: IntoResult> IntoNext for Result<Option<T>> {
    #[inline(always)]
    fn into_next(self, py: &mut Py) -> Result<Option<Value>> {
        self?.into_next(py)
    }
}
