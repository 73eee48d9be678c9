//! `await`, `async for` and `async with` in the machine: from an object to the iterator that is resumed.
//!
//! Counterpart: `_PyEval_GetAwaitable`, `_PyEval_GetANext` in `Python/ceval.c` and `_PyCoro_GetAwaitableIter` in `Objects/genobject.c`.

use super::extended::Ext;
use super::frame::At;
use super::op::Op;
use crate::types::{BaseException, Generator, shapes};
use crate::{Py, Result, raise};
use bredli_code::flag;
use bredli_heap::{Gc, Value};

/// What GET_AWAITABLE is for, in its argument: an ordinary `await`, or the results of `__aenter__` and `__aexit__`.
const AFTER_AENTER: u32 = 1;
const AFTER_AEXIT: u32 = 2;

/// GET_AWAITABLE and GET_YIELD_FROM_ITER: what `await` and `yield from` send to.
pub(super) fn source(py: &mut Py, at: At) -> Result<At> {
    let value = at.get(at.b());
    let source = if at.op() == Op::GetAwaitable as u8 {
        awaited(py, value, at.c() as u32)?
    } else if crate::object::is_exact(value, shapes::COROUTINE) {
        if at.code(py).get(py).code.flags & (flag::COROUTINE | flag::ITERABLE_COROUTINE) == 0 {
            raise!(py, TypeError, "cannot 'yield from' a coroutine object in a non-coroutine generator");
        }
        value
    } else if crate::object::is_exact(value, shapes::GENERATOR) {
        value
    } else {
        let name = py.names.__iter__;
        if let Some(frame) = super::special::enter(py, at, name, [value]) {
            return Ok(frame);
        }
        py.iter(value)?
    };
    at.set(at.a(), source);
    Ok(at.next(1))
}

/// GET_AITER and GET_ANEXT.
pub(super) fn asynchronous(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let value = at.get(at.b());
    let result = if ext == Ext::GetAiter {
        py.async_iter(value)?
    } else {
        let Some(anext) = py.class_of(value).get(py).slots.anext else {
            let class = py.class_name(value);
            raise!(py, TypeError, "'async for' requires an iterator with __anext__ method, got {class}");
        };
        let next = anext(py, value)?;
        if crate::object::is_exact(value, shapes::ASYNC_GENERATOR) { next } else { awaited_next(py, next)? }
    };
    at.set(at.a(), result);
    Ok(())
}

fn awaited(py: &mut Py, value: Value, context: u32) -> Result {
    if (context == AFTER_AENTER || context == AFTER_AEXIT)
        && !py.is_awaitable_generator(value)
        && py.class_of(value).get(py).slots.am_await.is_none()
    {
        let (method, class) = (if context == AFTER_AENTER { "__aenter__" } else { "__aexit__" }, py.class_name(value));
        raise!(py, TypeError, "'async with' received an object from {method} that does not implement __await__: {class}");
    }
    let iterator = py.awaitable_iterator(value)?;
    if crate::object::is_exact(iterator, shapes::COROUTINE) && py.yield_from_target(iterator).is_some() {
        raise!(py, RuntimeError, "coroutine is being awaited already");
    }
    Ok(iterator)
}

fn awaited_next(py: &mut Py, next: Value) -> Result {
    if let Ok(iterator) = py.awaitable_iterator(next) {
        return Ok(iterator);
    }
    let cause = py.take_exception();
    let class = py.class_name(next);
    let raised = crate::error!(py, TypeError, "'async for' received an invalid object from __anext__: {class}");
    if let Some(new) = py.current_exception().and_then(|new| Gc::<BaseException>::cast(py, new)) {
        let new = new.get_mut(py);
        (new.cause, new.context, new.suppress_context) = (Some(cause), Some(cause), true);
    }
    Err(raised)
}

impl Py {
    /// Whether a value is a coroutine or a generator that `types.coroutine` has marked.
    fn is_awaitable_generator(&self, value: Value) -> bool {
        if crate::object::is_exact(value, shapes::COROUTINE) {
            return true;
        }
        if !crate::object::is_exact(value, shapes::GENERATOR) {
            return false;
        }
        let function = Gc::<Generator>::known(self, value).get(self).function;
        function.is_some_and(|function| function.get(self).code.get(self).code.flags & flag::ITERABLE_COROUTINE != 0)
    }

    /// The iterator that `await value` resumes.
    pub fn awaitable_iterator(&mut self, value: Value) -> Result {
        if self.is_awaitable_generator(value) {
            return Ok(value);
        }
        let Some(method) = self.class_of(value).get(self).slots.am_await else {
            let class = self.class_name(value);
            raise!(self, TypeError, "'{class}' object can't be awaited");
        };
        let iterator = method(self, value)?;
        if self.is_awaitable_generator(iterator) {
            raise!(self, TypeError, "__await__() returned a coroutine");
        }
        if !self.is_iterator(iterator) {
            let class = self.class_name(iterator);
            raise!(self, TypeError, "__await__() returned non-iterator of type '{class}'");
        }
        Ok(iterator)
    }

    fn async_iter(&mut self, value: Value) -> Result {
        let Some(aiter) = self.class_of(value).get(self).slots.aiter else {
            let class = self.class_name(value);
            raise!(self, TypeError, "'async for' requires an object with __aiter__ method, got {class}");
        };
        let iterator = aiter(self, value)?;
        if self.class_of(iterator).get(self).slots.anext.is_none() {
            let class = self.class_name(iterator);
            raise!(self, TypeError, "'async for' received an object from __aiter__ that does not implement __anext__: {class}");
        }
        Ok(iterator)
    }
}
