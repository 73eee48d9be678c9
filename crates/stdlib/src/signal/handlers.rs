//! What is to be done about each signal, and doing it.
//!
//! The host notes the signals that arrive and sets a bit of the breaker; the main thread then calls Python's handlers.

use crate::os_error::host_query;
use bredli_host::{Disposition, Host};
use bredli_runtime::prelude::*;

/// One more than the largest signal.
pub const SIGNALS: i32 = 65;
/// `SIG_DFL`
pub const DEFAULT: Value = Value::small(0);
/// `SIG_IGN`
pub const IGNORE: Value = Value::small(1);
pub const SIGINT: i32 = 2;
const SIGPIPE: i32 = 13;
const SIGXFSZ: i32 = 25;

/// Whether a signal number can be used.
pub fn is_signal(number: i32) -> bool {
    (1..SIGNALS).contains(&number)
}

/// ValueError for a number that is no signal.
pub fn check_signal(py: &mut Py, number: i32) -> Result<()> {
    if is_signal(number) { Ok(()) } else { raise!(py, ValueError, "signal number out of range") }
}

/// What Python code has asked for, or what was found when the module was made.
pub fn handler_of(py: &Py, number: i32) -> Value {
    py.signal_handlers.get(number as usize).copied().flatten().unwrap_or(Value::NONE)
}

/// Put a handler into the table.
pub fn set_handler(py: &mut Py, number: i32, handler: Value) {
    if py.signal_handlers.is_empty() {
        py.signal_handlers = vec![None; SIGNALS as usize];
    }
    py.signal_handlers[number as usize] = Some(handler);
}

/// Whether a Python function handles the signal.
pub fn is_handled(py: &Py, number: i32) -> bool {
    let handler = handler_of(py, number);
    !handler.is_none() && handler != DEFAULT && handler != IGNORE
}

/// Have signals noted, and learn what happens about them now.
pub fn start(py: &mut Py) -> Result<()> {
    if py.signal_hook.is_some() {
        return Ok(());
    }
    py.signal_hook = Some(call_handlers);
    let breaker = py.breaker();
    let host = py.host.clone();
    let _ = host.set_signal_notice(Some(breaker), bredli_runtime::BREAK_SIGNAL);
    for number in 1..SIGNALS {
        let handler = match host.disposition(number) {
            Ok(Disposition::Default) => DEFAULT,
            Ok(Disposition::Ignore) => IGNORE,
            _ => Value::NONE,
        };
        set_handler(py, number, handler);
    }
    Ok(())
}

/// What CPython does when it starts: SIGINT raises KeyboardInterrupt, and writing to closed pipes fails instead of killing.
pub fn install(py: &mut Py) -> Result<()> {
    let host = py.host.clone();
    for number in [SIGPIPE, SIGXFSZ] {
        let _ = host.set_disposition(number, Disposition::Ignore);
    }
    let module = py.import_module("_signal")?;
    if handler_of(py, SIGINT) == DEFAULT {
        let handler = py.get_attr_named(module, "default_int_handler")?;
        host_query(py, |host: &dyn Host| host.set_disposition(SIGINT, Disposition::Catch))?;
        set_handler(py, SIGINT, handler);
    }
    Ok(())
}

/// Call the handlers of the signals that have arrived. After one that raises the others stay pending.
fn call_handlers(py: &mut Py) -> Result<()> {
    if !py.is_main_thread() {
        return Ok(());
    }
    let host = py.host.clone();
    let mut pending = host.take_pending().unwrap_or(0);
    while pending != 0 {
        let number = pending.trailing_zeros() as i32 + 1;
        pending &= pending - 1;
        let handler = handler_of(py, number);
        if !is_handled(py, number) {
            continue;
        }
        let frame = match py.current_frame() {
            Some(frame) => py.frame_object(frame).into(),
            None => Value::NONE,
        };
        if let Err(raised) = py.call(handler, &[Value::small(number), frame]) {
            while pending != 0 {
                let _ = host.simulate_signal(pending.trailing_zeros() as i32 + 1);
                pending &= pending - 1;
            }
            return Err(raised);
        }
    }
    Ok(())
}
