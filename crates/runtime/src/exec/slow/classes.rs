//! The intrinsics.

use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::types::{BaseException, Function};
use crate::{Py, Result, raise};
use bredli_code::{Intrinsic1, Intrinsic2};
use bredli_heap::{Gc, Value};

pub(super) fn intrinsic(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let value = at.get(at.b());
    let result = if ext == Ext::Intrinsic1 {
        match Intrinsic1::from_number(at.c() as u32) {
            Some(Intrinsic1::Print) => {
                let name = py.names.displayhook;
                let hook = py.sys_attribute(name)?;
                py.call(hook, &[value])?
            }
            Some(Intrinsic1::ImportStar) => {
                super::import::import_star(py, at, value)?;
                Value::NONE
            }
            Some(Intrinsic1::StopIterationError) => stop_iteration_error(py, at, value),
            Some(Intrinsic1::AsyncGenWrap) => py.wrap_async_value(value),
            Some(Intrinsic1::UnaryPositive) => py.unary(crate::UnaryOp::Positive, value)?,
            Some(Intrinsic1::ListToTuple) => py.tuple_from_iterable(value)?.into(),
            Some(Intrinsic1::TypeVar) => py.make_type_var(value, None, None)?,
            Some(Intrinsic1::ParamSpec) => py.make_param_spec(value)?,
            Some(Intrinsic1::TypeVarTuple) => py.make_type_var_tuple(value)?,
            Some(Intrinsic1::SubscriptGeneric) => py.subscript_generic(value)?,
            Some(Intrinsic1::TypeAlias) => py.make_type_alias(value)?,
            Some(Intrinsic1::Invalid) | None => raise!(py, SystemError, "unknown intrinsic"),
        }
    } else {
        let second = at.get(at.b() + 1);
        match Intrinsic2::from_number(at.c() as u32) {
            Some(Intrinsic2::PrepReraiseStar) => py.prepare_reraise_star(value, second)?,
            Some(Intrinsic2::TypeVarWithBound) => py.make_type_var(value, Some(second), None)?,
            Some(Intrinsic2::TypeVarWithConstraints) => py.make_type_var(value, None, Some(second))?,
            Some(Intrinsic2::SetFunctionTypeParams) => {
                let function = Gc::<Function>::known(py, value);
                function.get_mut(py).type_params = Some(second);
                value
            }
            Some(Intrinsic2::SetTypeParamDefault) => py.set_type_param_default(value, second)?,
            Some(Intrinsic2::Invalid) | None => raise!(py, SystemError, "unknown intrinsic"),
        }
    };
    at.set(at.a(), result);
    Ok(())
}

/// StopIteration that leaves a generator becomes RuntimeError (PEP 479).
fn stop_iteration_error(py: &mut Py, at: At, exception: Value) -> Value {
    use bredli_code::flag;
    let flags = at.code(py).get(py).code.flags;
    let text = if py.is_instance_of(exception, py.exceptions.StopIteration) {
        if flags & flag::ASYNC_GENERATOR != 0 {
            "async generator raised StopIteration"
        } else if flags & flag::COROUTINE != 0 {
            "coroutine raised StopIteration"
        } else {
            "generator raised StopIteration"
        }
    } else if flags & flag::ASYNC_GENERATOR != 0 && py.is_instance_of(exception, py.exceptions.StopAsyncIteration) {
        "async generator raised StopAsyncIteration"
    } else {
        return exception;
    };
    let _ = crate::error!(py, RuntimeError, "{text}");
    let error = py.take_exception();
    if let Some(error) = Gc::<BaseException>::cast(py, error) {
        let error = error.get_mut(py);
        error.cause = Some(exception);
        error.context = Some(exception);
        error.suppress_context = true;
    }
    error
}
