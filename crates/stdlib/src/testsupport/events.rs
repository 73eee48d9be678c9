//! `sys.monitoring` events of what is no Python code: native code reports them for a `CodeLike`.
//!
//! Counterpart: `Modules/_testcapi/monitoring.c`.

use bredli_code::CodeObject;
use bredli_runtime::exec::Event;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;

/// Something that reports events as if it were code.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "CodeLike", module = "_testcapi")]
pub struct CodeLike {
    header: Header,
    /// Where tools leave what they want to hear no more.
    code: Gc<Code>,
    /// The bits of the events that are reported at present.
    scope: u32,
    /// How many events a scope can have.
    capacity: usize,
}

#[pymethods]
impl CodeLike {
    #[signature(num_events, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, num_events: usize) -> Gc<CodeLike> {
        let code = py.new_code(CodeObject::default().into());
        py.alloc_as(cls, CodeLike { header: Header::EMPTY, code, scope: 0, capacity: num_events })
    }
}

/// Report an event with arguments that come behind the code and the offset.
fn fire(py: &mut Py, codelike: Gc<CodeLike>, event: Event, offset: u32, args: &[Value]) -> Result<()> {
    let CodeLike { code, scope, .. } = *codelike.get(py);
    if scope & event.bit() == 0 {
        return Ok(());
    }
    let mut values = vec![Value::small(offset as i32)];
    values.extend_from_slice(args);
    py.fire_for(code, codelike.into(), event, offset, &values)
}

/// Report an event that an exception causes.
fn fire_exception(py: &mut Py, codelike: Gc<CodeLike>, event: Event, offset: u32, exception: Value) -> Result<()> {
    if exception.is_none() {
        raise!(py, ValueError, "Firing event {} with no exception set", event as u8);
    }
    fire(py, codelike, event, offset, &[exception])
}

#[pymodule(name = "_testcapi", part, classes(CodeLike))]
pub mod events {
    use super::*;

    /// From now on the code-like object reports these events, given by number.
    #[pyfunction]
    #[signature(codelike, /, *events)]
    fn monitoring_enter_scope(py: &mut Py, codelike: Gc<CodeLike>, events: &[Value]) -> Result<()> {
        if events.len() > codelike.get(py).capacity {
            raise!(py, ValueError, "too many events for this code-like object");
        }
        let mut scope = 0;
        for index in 0..events.len() {
            match usize::try_from(py.to_isize(events[index])?) {
                Ok(number) if number < Event::COUNT => scope |= 1 << number,
                _ => raise!(py, ValueError, "invalid event"),
            }
        }
        codelike.get_mut(py).scope = scope;
        Ok(())
    }

    /// A scope ends; there is nothing to do when no scope is entered again.
    #[pyfunction]
    fn monitoring_exit_scope() {}

    #[pyfunction]
    fn fire_event_py_start(py: &mut Py, codelike: Gc<CodeLike>, offset: u32) -> Result<()> {
        fire(py, codelike, Event::PyStart, offset, &[])
    }

    #[pyfunction]
    fn fire_event_py_resume(py: &mut Py, codelike: Gc<CodeLike>, offset: u32) -> Result<()> {
        fire(py, codelike, Event::PyResume, offset, &[])
    }

    #[pyfunction]
    fn fire_event_py_return(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, value: Value) -> Result<()> {
        fire(py, codelike, Event::PyReturn, offset, &[value])
    }

    #[pyfunction]
    fn fire_event_py_yield(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, value: Value) -> Result<()> {
        fire(py, codelike, Event::PyYield, offset, &[value])
    }

    #[pyfunction]
    fn fire_event_call(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, callable: Value, first: Value) -> Result<()> {
        fire(py, codelike, Event::Call, offset, &[callable, first])
    }

    #[pyfunction]
    fn fire_event_jump(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, target: Value) -> Result<()> {
        fire(py, codelike, Event::Jump, offset, &[target])
    }

    #[pyfunction]
    fn fire_event_branch_left(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, target: Value) -> Result<()> {
        fire(py, codelike, Event::BranchLeft, offset, &[target])
    }

    #[pyfunction]
    fn fire_event_branch_right(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, target: Value) -> Result<()> {
        fire(py, codelike, Event::BranchRight, offset, &[target])
    }

    #[pyfunction]
    fn fire_event_py_throw(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, exception: Value) -> Result<()> {
        fire_exception(py, codelike, Event::PyThrow, offset, exception)
    }

    #[pyfunction]
    fn fire_event_raise(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, exception: Value) -> Result<()> {
        fire_exception(py, codelike, Event::Raise, offset, exception)
    }

    #[pyfunction]
    fn fire_event_exception_handled(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, exception: Value) -> Result<()> {
        fire_exception(py, codelike, Event::ExceptionHandled, offset, exception)
    }

    #[pyfunction]
    fn fire_event_reraise(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, exception: Value) -> Result<()> {
        fire_exception(py, codelike, Event::Reraise, offset, exception)
    }

    #[pyfunction]
    fn fire_event_py_unwind(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, exception: Value) -> Result<()> {
        fire_exception(py, codelike, Event::PyUnwind, offset, exception)
    }

    /// The iterator is exhausted; a value stands for a StopIteration with it.
    #[pyfunction]
    fn fire_event_stop_iteration(py: &mut Py, codelike: Gc<CodeLike>, offset: u32, value: Value) -> Result<()> {
        let class = py.exceptions.StopIteration;
        let exception = if py.is_instance_of(value, class) { value } else { py.call(class.into(), &[value])? };
        fire(py, codelike, Event::StopIteration, offset, &[exception])
    }
}
