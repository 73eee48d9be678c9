//! The interactive shell. At a terminal it is the library's `_pyrepl`, with line editing; otherwise, or where `PYTHON_BASIC_REPL` asks for
//! it, a plain loop that reads a statement at a time from standard input, runs it, goes on after errors.
//!
//! Whether a statement is complete is `codeop`'s decision. Counterpart: `PyRun_InteractiveLoopFlags` in `Python/pythonrun.c`,
//! `pymain_repl` and `pymain_start_pyrepl` in `Modules/main.c`.

use crate::finish::flush_stream;
use crate::run::{Stop, read_file, run_source};
use bredli_runtime::prelude::*;
use bredli_runtime::source_flag;
use bredli_runtime::types::Code;
use bredli_stdlib::os_error::{fs_decode, host_call, os_error};
use bredli_stdlib::report;
use std::sync::Arc;

const STDIN: i32 = 0;
const FILENAME: &str = "<stdin>";
/// The flag of `compile` that asks for a tree.
const ONLY_AST: i64 = source_flag::ONLY_AST as i64;

/// Whether standard input is to be treated as a person at a terminal.
pub(crate) fn stdin_is_interactive(py: &Py) -> bool {
    py.config.interactive || py.host.isatty(STDIN).unwrap_or(false)
}

/// The session of a program-less start: banner, start-up file, hook, shell.
pub(crate) fn start(py: &mut Py) -> std::result::Result<(), Stop> {
    banner(py)?;
    // SystemExit ends the session, although `-i` is set.
    Arc::make_mut(&mut py.config).inspect = false;
    run_startup(py)?;
    run_hook(py)?;
    Ok(run(py)?)
}

/// The session after a program, where `-i` or PYTHONINSPECT asks for it; what the program came to is shown first.
pub(crate) fn after(py: &mut Py, program: std::result::Result<(), Stop>) -> std::result::Result<(), Stop> {
    let inspect = py.config.inspect || variable(py, b"PYTHONINSPECT").is_some();
    if !inspect || !stdin_is_interactive(py) {
        return program;
    }
    match program {
        Err(Stop::Raised(raised)) if !py.config.inspect && py.exception_matches(py.exceptions.SystemExit) => return Err(raised.into()),
        Err(Stop::Raised(_)) => {
            report::uncaught(py);
        }
        Ok(()) | Err(Stop::Status(_)) => {}
    }
    Arc::make_mut(&mut py.config).inspect = false;
    run_hook(py)?;
    Ok(run(py)?)
}

/// The value of an environment variable that counts and is not empty.
fn variable(py: &Py, name: &[u8]) -> Option<Vec<u8>> {
    if !py.config.use_environment {
        return None;
    }
    py.host.getenv(name).ok().flatten().filter(|value| !value.is_empty())
}

fn banner(py: &mut Py) -> Result<()> {
    if py.config.quiet > 0 {
        return Ok(());
    }
    let (version, platform) = (py.intern("version"), py.intern("platform"));
    let (version, platform) = (py.sys_attribute(version)?, py.sys_attribute(platform)?);
    let (version, platform) = (py.str(version)?, py.str(platform)?);
    let mut text = format!("Python {} on {}\n", version.get(py).lossy(), platform.get(py).lossy());
    if py.config.site_import {
        text.push_str("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
    }
    report::write_error(py, &text);
    Ok(())
}

/// Report the exception that ended a piece of a session. An exit ends the session too.
fn recover(py: &mut Py, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(raised) if py.exception_matches(py.exceptions.SystemExit) => Err(raised),
        Err(_) => {
            report::uncaught(py);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Run the file that PYTHONSTARTUP names.
fn run_startup(py: &mut Py) -> Result<()> {
    let Some(path) = variable(py, b"PYTHONSTARTUP") else { return Ok(()) };
    let name = fs_decode(py, &path);
    py.audit("cpython.run_startup", &[name.into()])?;
    match read_file(py, &path) {
        Ok(source) => {
            let outcome = run_source(py, &source, name);
            recover(py, outcome)?;
            forget_file(py)
        }
        Err(error) => {
            report::write_error(py, "Could not open PYTHONSTARTUP\n");
            let raised = os_error(py, error, Some(name.into()), None);
            recover(py, Err(raised))
        }
    }
}

/// The start-up file leaves no trace in `__main__`.
fn forget_file(py: &mut Py) -> Result<()> {
    let main = py.main_namespace()?;
    for name in ["__file__", "__cached__"] {
        let name = py.intern(name);
        py.dict_remove_str(main, name);
    }
    Ok(())
}

/// Call `sys.__interactivehook__`.
fn run_hook(py: &mut Py) -> Result<()> {
    let name = py.intern("__interactivehook__");
    let Ok(hook) = py.sys_attribute(name) else {
        py.clear_exception();
        return Ok(());
    };
    py.audit("cpython.run_interactivehook", &[hook])?;
    if py.call(hook, &[]).is_err() {
        let failure = py.take_exception();
        report::write_error(py, "Failed calling sys.__interactivehook__\n");
        let raised = py.restore_exception(failure);
        recover(py, Err(raised))?;
    }
    Ok(())
}

/// Run the shell that suits standard input.
fn run(py: &mut Py) -> Result<()> {
    py.audit("cpython.run_stdin", &[])?;
    let plain = variable(py, b"PYTHON_BASIC_REPL").is_some() || !py.host.isatty(STDIN).unwrap_or(false);
    if plain { run_plain(py) } else { run_editing(py) }
}

/// The library's shell, which falls back on the plain one where the terminal is not up to it.
fn run_editing(py: &mut Py) -> Result<()> {
    let pyrepl = match py.import_module("_pyrepl.main") {
        Ok(pyrepl) => pyrepl,
        Err(raised) => {
            report::write_error(py, "Could not import _pyrepl.main\n");
            return Err(raised);
        }
    };
    let console = py.get_attr_named(pyrepl, "interactive_console")?;
    let main = py.import_module("__main__")?;
    let names = [py.intern("mainmodule").into(), py.intern("pythonstartup").into()];
    let names = py.new_tuple(&names);
    py.call_kw(console, &[main, Value::FALSE], names)?;
    Ok(())
}

/// Read and run statements until the end of standard input or an exit.
pub(crate) fn run_plain(py: &mut Py) -> Result<()> {
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        let name = py.intern(name);
        if py.sys_attribute(name).is_err() {
            py.clear_exception();
            let text = py.new_str(text);
            py.set_sys_attribute(name, text.into())?;
        }
    }
    let codeop = py.import_module("codeop")?;
    let command = py.call_method_named(codeop, "CommandCompiler", &[])?;
    let compile = py.get_attr_named(command, "compiler")?;
    let mut compiler = Compiler { command, compile, statements: 0 };
    loop {
        match statement(py, &mut compiler) {
            Ok(Input::Ended) => return Ok(()),
            Ok(Input::Statement) => flush(py),
            Err(raised) => {
                recover(py, Err(raised))?;
                flush(py);
            }
        }
    }
}

/// What standard input had.
enum Input {
    /// A statement, which has been run, or an empty line.
    Statement,
    /// Nothing more.
    Ended,
}

/// What compiles a session's statements; it keeps the future features they turn on.
struct Compiler {
    /// A `codeop.CommandCompiler`.
    command: Value,
    /// The `codeop.Compile` in it.
    compile: Value,
    /// How many statements could be parsed so far.
    statements: usize,
}

impl Compiler {
    /// Have the compiler only parse, or go on to code.
    fn set_flag(&self, py: &mut Py, change: impl Fn(i64) -> i64) -> Result<()> {
        let flags = py.get_attr_named(self.compile, "flags")?;
        let flags = py.int_to_i64(flags).unwrap_or(0);
        let name = py.intern("flags");
        let flags = py.new_int(change(flags));
        py.set_attr(self.compile, name, Some(flags))
    }

    /// Whether a source makes a statement as far as it goes; one with an error does, too.
    fn is_complete(&self, py: &mut Py, source: &[u8]) -> Result<bool> {
        let (text, filename, mode) = (fs_decode(py, source), py.new_str(FILENAME), py.new_str("single"));
        self.set_flag(py, |flags| flags | ONLY_AST)?;
        let parsed = py.call(self.command, &[text.into(), filename.into(), mode.into()]);
        match parsed {
            Ok(parsed) => Ok(!parsed.is_none()),
            Err(_) if py.exception_matches(py.exceptions.SyntaxError) => {
                py.clear_exception();
                Ok(true)
            }
            Err(raised) => Err(raised),
        }
    }

    /// The code of a statement, whose source `linecache` then knows.
    fn compile(&mut self, py: &mut Py, source: &[u8]) -> Result<Gc<Code>> {
        let (text, mode) = (fs_decode(py, source), py.new_str("single"));
        let keyword = py.intern("incomplete_input");
        let keywords = py.new_tuple(&[keyword.into()]);
        let filename = py.new_str(FILENAME);
        self.set_flag(py, |flags| flags | ONLY_AST)?;
        py.call_kw(self.compile, &[text.into(), filename.into(), mode.into(), Value::FALSE], keywords)?;
        let filename = py.new_str(&format!("<stdin-{}>", self.statements));
        self.statements += 1;
        self.set_flag(py, |flags| flags & !ONLY_AST)?;
        let code = py.call_kw(self.compile, &[text.into(), filename.into(), mode.into(), Value::FALSE], keywords);
        let code = code.map_err(|raised| with_source_line(py, raised, source))?;
        let linecache = py.import_module("linecache")?;
        let shown = py.new_str(FILENAME);
        py.call_method_named(linecache, "_register_code", &[code, text.into(), shown.into()])?;
        Ok(Gc::known(py, code))
    }
}

/// The current exception; a SyntaxError that came after parsing gets the line it is about.
fn with_source_line(py: &mut Py, raised: Raised, source: &[u8]) -> Raised {
    if !py.exception_matches(py.exceptions.SyntaxError) {
        return raised;
    }
    let failure = py.take_exception();
    let number = py.get_attr_named(failure, "lineno").ok().and_then(|number| py.int_to_i64(number)).unwrap_or(0);
    let line = usize::try_from(number - 1).ok().and_then(|index| source.split_inclusive(|byte| *byte == b'\n').nth(index));
    if let Some(line) = line {
        let (name, line) = (py.intern("text"), fs_decode(py, line));
        if let Err(raised) = py.set_attr(failure, name, Some(line.into())) {
            return raised;
        }
    }
    py.restore_exception(failure)
}

/// Whether a source has nothing but blanks and comments.
fn is_blank(source: &[u8]) -> bool {
    source.split(|byte| *byte == b'\n').all(|line| matches!(line.trim_ascii_start(), [] | [b'#', ..]))
}

/// Read and run one statement.
fn statement(py: &mut Py, compiler: &mut Compiler) -> Result<Input> {
    let mut source = Vec::new();
    let mut at_end = false;
    loop {
        prompt(py, if source.is_empty() { "ps1" } else { "ps2" });
        let line = match read_line(py) {
            Err(_) if py.exception_matches(py.exceptions.KeyboardInterrupt) => {
                py.clear_exception();
                report::write_error(py, "\nKeyboardInterrupt\n");
                return Ok(Input::Statement);
            }
            // Standard input that cannot be read has ended.
            Err(_) if py.exception_matches(py.exceptions.OSError) => {
                py.clear_exception();
                Vec::new()
            }
            line => line?,
        };
        if !line.ends_with(b"\n") {
            at_end = true;
            if !line.is_empty() {
                prompt(py, "ps2");
            }
            report::write_error(py, "\n");
            if source.is_empty() && line.is_empty() {
                return Ok(Input::Ended);
            }
        }
        source.extend_from_slice(&line);
        if at_end {
            source.push(b'\n');
        }
        if is_blank(&source) {
            compiler.statements += 1;
            return Ok(Input::Statement);
        }
        // The last line break belongs to the last line: only an empty line after it ends a block. The end of the input ends all.
        if at_end || compiler.is_complete(py, &source[..source.len() - 1])? {
            let code = compiler.compile(py, &source).map_err(|_| without_traceback(py))?;
            py.run_main(code)?;
            return Ok(Input::Statement);
        }
    }
}

/// The current exception without its traceback, which shows how the shell compiles and nothing of the program.
fn without_traceback(py: &mut Py) -> Raised {
    let failure = py.take_exception();
    let name = py.intern("__traceback__");
    if let Err(raised) = py.set_attr(failure, name, Some(Value::NONE)) {
        return raised;
    }
    py.restore_exception(failure)
}

/// Write a prompt, the `str` of an attribute of `sys`; whatever fails about it is ignored.
fn prompt(py: &mut Py, name: &str) {
    let name = py.intern(name);
    let text = py.sys_attribute(name).and_then(|value| py.str(value));
    match text {
        Ok(text) => report::write_error(py, &text.get(py).lossy()),
        Err(_) => py.clear_exception(),
    }
    flush(py);
}

/// Flush the standard streams, as far as they let themselves be flushed.
fn flush(py: &mut Py) {
    for name in ["stderr", "stdout"] {
        if flush_stream(py, name).is_err() {
            py.clear_exception();
        }
    }
}

/// The next line; without a line break at the end of the input. What follows is left for the program to read.
fn read_line(py: &mut Py) -> Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.last() != Some(&b'\n') && host_call(py, None, |host| host.read(STDIN, &mut byte))? > 0 {
        line.push(byte[0]);
    }
    Ok(line)
}
