//! `sys.stdin`, `sys.stdout` and `sys.stderr`.
//!
//! Counterpart: `create_stdio` and `init_sys_streams` in `Python/pylifecycle.c`.

use super::DEFAULT_BUFFER_SIZE;
use super::buffered::{Buffered, BufferedReader, BufferedWriter};
use super::file_io::FileIo;
use super::text::{TextIo, TextOptions};
use bredli_runtime::prelude::*;

/// Make the streams and put them into `sys`, and `open` into `builtins`.
pub fn start(py: &mut Py) -> Result<()> {
    let module = py.import_module("_io")?;
    let open = py.get_attr_named(module, "open")?;
    let builtins = py.import_module("builtins")?;
    let name = py.intern("open");
    py.set_attr(builtins, name, Some(open))?;
    let sys = py.import_module("sys")?;
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = stream(py, fd, name)?;
        for key in [name.to_string(), format!("__{name}__")] {
            let key = py.intern(&key);
            py.set_attr(sys, key, Some(stream))?;
        }
    }
    Ok(())
}

/// A standard stream; None where its descriptor is not open.
fn stream(py: &mut Py, fd: i32, name: &str) -> Result {
    let config = py.config.clone();
    if py.host.inheritable(fd).is_err() {
        return Ok(Value::NONE);
    }
    let reads = fd == 0;
    let raw = match FileIo::create(py, Value::small(fd), if reads { "rb" } else { "wb" }, false, None) {
        Ok(raw) => raw,
        // A directory, for one: CPython goes on without the stream as well.
        Err(_) => {
            py.clear_exception();
            return Ok(Value::NONE);
        }
    };
    let shown = py.new_str(&format!("<{name}>"));
    let key = py.names.name;
    py.set_attr(raw.into(), key, Some(shown.into()))?;
    let terminal = raw.get(py).preferences().1 && py.host.isatty(fd).unwrap_or(false);
    let buffer: Value = if reads || config.buffered_stdio {
        let class = if reads { py.class::<BufferedReader>() } else { py.class::<BufferedWriter>() };
        Buffered::create(py, class, raw, DEFAULT_BUFFER_SIZE as isize, reads, !reads)?.into()
    } else {
        raw.into()
    };
    let errors = if fd == 2 { "backslashreplace" } else { &config.stdio_errors };
    let options = TextOptions {
        encoding: Some(encoding_name(py, &config.stdio_encoding)?),
        errors: Some(py.intern(errors)),
        newline: Some(py.intern("\n")),
        line_buffering: config.buffered_stdio && (terminal || fd == 2),
        write_through: !config.buffered_stdio,
    };
    let text = TextIo::create(py, buffer, options)?;
    let (key, mode) = (py.names.mode, py.intern(if reads { "r" } else { "w" }));
    py.set_attr(text.into(), key, Some(mode.into()))?;
    Ok(text.into())
}

/// The name under which the codec of an encoding is known, as `sys.stdout.encoding` shows it.
fn encoding_name(py: &mut Py, encoding: &str) -> Result<Gc<Str>> {
    let given = py.intern(encoding);
    if encoding == "utf-8" {
        return Ok(given);
    }
    let codecs = py.import_module("_codecs")?;
    let codec = py.call_method_named(codecs, "lookup", &[given.into()])?;
    let name = py.get_attr_named(codec, "name")?;
    Ok(Gc::<Str>::cast(py, name).unwrap_or(given))
}
