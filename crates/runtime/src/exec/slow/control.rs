//! Function entry, conditions, loops, exception handling.

use super::ensure_translated_function;
use crate::exec::extended::Ext;
use crate::exec::frame::{At, INFO};
use crate::exec::op::Op;
use crate::exec::special;
use crate::exec::watch::Raise;
use crate::native::Args;
use crate::types::BaseException;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

const ABSENT: usize = 0xFFFF;

/// Function entry where something wants attention: a limit or the breaker.
pub(in crate::exec) fn resume(py: &mut Py, at: At) -> Result<At> {
    py.poll()?;
    let depth = (at.caller_info() as u32) + 1;
    // SAFETY: only compared.
    let end = at.fp.wrapping_add(at.c()) as usize;
    if depth > py.machine.recursion_limit || end > py.machine.stack_limit {
        raise!(py, RecursionError, "maximum recursion depth exceeded");
    }
    at.set_header(INFO, depth as u64 | (at.c() as u64) << 32);
    for local in at.a()..at.b() {
        at.clear(local);
    }
    Ok(at.next(1))
}

/// The first call of a function: translate its code.
pub(super) fn translate_entry(py: &mut Py, at: At) -> Result<At> {
    let function = at.function();
    // The parameters are above what the machine knows of.
    let count = function.get(py).code.get(py).code.parameter_count();
    py.machine.fp = at.caller().fp;
    py.machine.pc = super::caller_pc(at);
    // SAFETY: the parameters lie right above the header.
    py.machine.top = unsafe { at.fp.add(count) };
    ensure_translated_function(py, function)?;
    Ok(At { pc: function.get(py).entry, fp: at.fp })
}

impl At {
    fn caller_info(self) -> u64 {
        At { pc: self.pc, fp: self.caller().fp }.header(INFO)
    }
}

pub(super) fn jump_if(py: &mut Py, at: At) -> Result<At> {
    let truth = py.truth(at.get(at.a()))?;
    let wanted = at.op() == Op::JumpIfTrue as u8;
    Ok(if truth == wanted { at.jump((at.word() >> 32) as i32) } else { at.next(1) })
}

pub(super) fn for_iter(py: &mut Py, at: At) -> Result<At> {
    let iterator = at.get(at.a());
    if let Some(next) = crate::exec::generator::enter_for(py, at, iterator)? {
        return Ok(next);
    }
    let name = py.names.__next__;
    if let Some(frame) = special::enter(py, at, name, [iterator]).or_else(|| special::enter_item(py, at, iterator)) {
        return Ok(frame);
    }
    let next = match py.advance(iterator) {
        Err(_) if py.exception_matches(py.exceptions.StopIteration) => {
            py.watch_end_of_loop(at);
            py.clear_exception();
            None
        }
        next => next?,
    };
    match next {
        Some(value) => {
            at.set(at.b(), value);
            Ok(at.next(2))
        }
        None => Ok(at.jump(at.extra(1) as i32)),
    }
}

pub(super) fn exceptions(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    match ext {
        Ext::CheckExcMatch => {
            let (exception, pattern) = (at.get(at.b()), at.get(at.c()));
            let matches = py.exception_pattern_matches(exception, pattern)?;
            at.set(at.a(), Value::bool(matches));
        }
        Ext::CheckEgMatch => {
            let (exception, pattern) = (at.get(at.b()), at.get(at.c()));
            let (rest, matched) = py.group_match(exception, pattern)?;
            at.set(at.a(), rest);
            at.set(at.a() + 1, matched);
            if !matched.is_none() {
                py.replace_handled(Some(matched));
            }
        }
        Ext::Raise => return raise_statement(py, at),
        Ext::Reraise => {
            return Err(py.restore_exception(at.get(at.a())));
        }
        Ext::WithExceptStart => {
            let (exit, receiver, exception) = (at.get(at.b()), at.slot(at.b() + 1), at.get(at.c()));
            let class = py.class_of(exception).into();
            let traceback = Gc::<BaseException>::cast(py, exception).and_then(|e| e.get(py).traceback).unwrap_or(Value::NONE);
            let result = match receiver {
                Some(receiver) => py.call(exit, &[receiver, class, exception, traceback])?,
                None => py.call(exit, &[class, exception, traceback])?,
            };
            at.set(at.a(), result);
        }
        Ext::CleanupThrow => {
            let exception = at.get(at.c());
            if !py.is_instance_of(exception, py.exceptions.StopIteration) {
                return Err(py.restore_exception(exception));
            }
            let value = Gc::<BaseException>::cast(py, exception).and_then(|e| py.exception_field(e, 0));
            at.set(at.a(), Value::NONE);
            at.set(at.b(), value.unwrap_or(Value::NONE));
        }
        Ext::EndAsyncFor => {
            let exception = at.get(at.b());
            if !py.is_instance_of(exception, py.exceptions.StopAsyncIteration) {
                return Err(py.restore_exception(exception));
            }
        }
        _ => {
            let value = at.get(at.a());
            if !value.is_none() {
                let class = py.class_name(value);
                raise!(py, TypeError, "__init__() should return None, not '{class}'");
            }
        }
    }
    Ok(())
}

/// How the instruction that has raised did it.
#[cold]
pub(super) fn kind_of_raise(py: &Py, at: At) -> Raise {
    match Ext::ALL[at.x() as usize] {
        Ext::Reraise => {
            let lasti = if at.c() == ABSENT { None } else { at.get(at.c()).as_int() };
            Raise::Again(lasti.map(|lasti| (lasti * 2) as u32))
        }
        Ext::CleanupThrow | Ext::EndAsyncFor => Raise::Again(None),
        // A bare `raise` that has found an exception.
        Ext::Raise if at.a() == 0 && py.current_exception().is_some_and(|raised| py.machine.handled_exception() == Some(raised)) => {
            Raise::Again(None)
        }
        _ => Raise::First,
    }
}

fn raise_statement(py: &mut Py, at: At) -> Result<()> {
    let (count, first) = (at.a(), at.b());
    if count == 0 {
        return match py.handled_exception() {
            Some(exception) => Err(py.restore_exception(exception)),
            None => raise!(py, RuntimeError, "No active exception to reraise"),
        };
    }
    let operand = at.get(first);
    let exception = instantiate(py, operand, "exceptions must derive from BaseException")?;
    let made_here = exception != operand || at.c() == 1 && follows_call_of_class(at);
    if count == 1 && made_here && !py.class_of(exception).get(py).is_heap_class() {
        return Err(py.raise_fresh(Gc::known(py, exception)));
    }
    if count > 1 {
        let cause = at.get(first + 1);
        let cause = if cause.is_none() { None } else { Some(instantiate(py, cause, "exception causes must derive from BaseException")?) };
        if let Some(payload) = Gc::<BaseException>::cast(py, exception) {
            let payload = payload.get_mut(py);
            payload.cause = cause;
            payload.suppress_context = true;
        }
    }
    Err(py.raise(exception))
}

/// Whether the argument has been made by a call of a builtin class, so that nobody else has it.
fn follows_call_of_class(at: At) -> bool {
    // SAFETY: the translator says that the two words before are a call and its second word.
    unsafe { *at.pc.sub(2) as u8 == Op::CallClass as u8 }
}

/// The exception instance for the operand of a raise statement.
fn instantiate(py: &mut Py, value: Value, text: &str) -> Result {
    if let Some(class) = py.exception_class(value) {
        let made = if class.get(py).is_heap_class() { py.call(value, &[])? } else { py.instantiate(class, Args::EMPTY)? };
        if !py.is_exception(made) {
            let (class, given) = (py.repr_text(value)?, py.class_of(made));
            let given = py.repr_text(given.into())?;
            raise!(py, TypeError, "calling {class} should have returned an instance of BaseException, not {given}");
        }
        return Ok(made);
    }
    if !py.is_exception(value) {
        raise!(py, TypeError, "{text}");
    }
    Ok(value)
}
