//! Reporting exceptions: those a program did not handle, and any other on standard error.
//!
//! The text is made by `traceback`, with source lines and carets. Where that cannot be imported or fails, a plain form without
//! them is made here. Counterpart: `Python/pythonrun.c`.

use bredli_runtime::prelude::*;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// Report the current exception as one that the program did not handle; the exit status. `SystemExit` is silent, except when the
/// interpreter goes on interactively.
pub fn uncaught(py: &mut Py) -> i32 {
    let exception = py.take_exception();
    match exit_status(py, exception) {
        Some(status) => status,
        None => uncaught_error(py, exception).unwrap_or(1),
    }
}

/// Report an exception through `sys.excepthook`; the exit status if the hook exits.
fn uncaught_error(py: &mut Py, exception: Value) -> Option<i32> {
    let class = py.class_of(exception).into();
    let traceback = traceback_of(py, exception);
    for (name, value) in [("last_exc", exception), ("last_type", class), ("last_value", exception), ("last_traceback", traceback)] {
        let name = py.intern(name);
        if py.set_sys_attribute(name, value).is_err() {
            py.clear_exception();
        }
    }
    let name = py.intern("excepthook");
    let Ok(hook) = py.sys_attribute(name) else {
        py.clear_exception();
        write_error(py, "sys.excepthook is missing\n");
        show(py, exception);
        return None;
    };
    if py.audit("sys.excepthook", &[hook, class, exception, traceback]).is_err() {
        if py.exception_matches(py.exceptions.RuntimeError) {
            py.clear_exception();
            return None;
        }
        py.report_unraisable("Exception ignored in audit hook", None);
    }
    if py.call(hook, &[class, exception, traceback]).is_err() {
        let failure = py.take_exception();
        if let Some(status) = exit_status(py, failure) {
            return Some(status);
        }
        write_error(py, "Error in sys.excepthook:\n");
        show(py, failure);
        write_error(py, "\nOriginal exception was:\n");
        show(py, exception);
    }
    None
}

/// The exit status that a `SystemExit` asks for; its message is written. None: another exception, or the interpreter goes on.
fn exit_status(py: &mut Py, exception: Value) -> Option<i32> {
    if !py.is_instance_of(exception, py.exceptions.SystemExit) || py.config.inspect {
        return None;
    }
    let name = py.intern("code");
    let code = match py.get_attr(exception, name) {
        Ok(code) => code,
        Err(_) => {
            py.clear_exception();
            exception
        }
    };
    if code.is_none() {
        return Some(0);
    }
    if py.is_int(code) {
        // The status that `exit` gets of a C int; a number that is none is -1.
        let status = py.int_to_i64(code).and_then(|code| i32::try_from(code).ok()).unwrap_or(-1);
        return Some(status & 0xFF);
    }
    match py.str(code) {
        Ok(text) => write_error_bytes(py, text),
        Err(_) => py.clear_exception(),
    }
    write_error(py, "\n");
    Some(1)
}

fn traceback_of(py: &mut Py, exception: Value) -> Value {
    let name = py.intern("__traceback__");
    py.get_attr(exception, name).unwrap_or_else(|_| {
        py.clear_exception();
        Value::NONE
    })
}

/// Write an exception with its traceback to `sys.stderr`. Never fails.
pub fn show(py: &mut Py, exception: Value) {
    let name = py.intern("stderr");
    match py.sys_attribute(name) {
        Ok(file) if file.is_none() => return,
        Ok(_) => {}
        Err(_) => py.clear_exception(),
    }
    if show_in_full(py, exception).is_err() {
        py.clear_exception();
        show_plainly(py, exception);
    }
}

/// Have `traceback` write the exception.
fn show_in_full(py: &mut Py, exception: Value) -> Result<()> {
    let module = py.import_module("traceback")?;
    py.call_method_named(module, "_print_exception_bltin", &[exception])?;
    Ok(())
}

/// Write an exception and those it comes from without source lines.
pub fn show_plainly(py: &mut Py, exception: Value) {
    if !py.is_exception(exception) {
        let class = py.class_name(exception);
        write_error(py, &format!("TypeError: print_exception(): Exception expected for value, {class} found\n"));
        return;
    }
    let mut chain = RootVec::new(&mut py.heap);
    let mut links = Vec::new();
    let mut next = Some((exception, ""));
    while let Some((exception, link)) = next {
        if chain.contains(&exception) {
            break;
        }
        chain.push(exception);
        links.push(link);
        next = origin(py, exception);
    }
    for (index, link) in links.into_iter().enumerate().rev() {
        let text = plain_text(py, chain[index]);
        write_error(py, &text);
        write_error(py, link);
    }
}

/// The exception that another one comes from, and how that is put.
fn origin(py: &mut Py, exception: Value) -> Option<(Value, &'static str)> {
    let exception = Gc::<bredli_runtime::types::BaseException>::cast(py, exception)?.get(py);
    match exception.cause() {
        Some(cause) => Some((cause, CAUSE)),
        None => exception.shown_context().map(|context| (context, CONTEXT)),
    }
}

fn plain_text(py: &mut Py, exception: Value) -> String {
    let mut shown = String::new();
    for (file, line, name) in py.traceback_lines(exception) {
        if shown.is_empty() {
            shown.push_str("Traceback (most recent call last):\n");
        }
        shown.push_str(&format!("  File \"{file}\", line {line}, in {name}\n"));
    }
    let class = py.class_of(exception);
    let class = py.class_full_name(class);
    let text = py.str_text(exception).unwrap_or_else(|_| {
        py.clear_exception();
        "<exception str() failed>".to_string()
    });
    let colon = if text.is_empty() { "" } else { ": " };
    shown.push_str(&format!("{class}{colon}{text}\n"));
    shown
}

/// Write to `sys.stderr`, or straight to the descriptor where that does not work.
pub fn write_error(py: &mut Py, text: &str) {
    let text = py.new_str(text);
    write_error_bytes(py, text);
}

fn write_error_bytes(py: &mut Py, text: Gc<Str>) {
    let name = py.intern("stderr");
    let written = match py.sys_attribute(name) {
        Ok(file) if !file.is_none() => py.call_method_named(file, "write", &[text.into()]).is_ok(),
        _ => false,
    };
    if !written {
        py.clear_exception();
        let _ = py.host.write(2, text.get(py).lossy().as_bytes());
    }
}
