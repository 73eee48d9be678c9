//! `print` and `input`.

use crate::io::print_to;
use bredli_runtime::prelude::*;

#[pymodule(name = "builtins", part)]
pub mod builtins {
    use super::*;

    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    /// sep
    ///   string inserted between values, default a space.
    /// end
    ///   string appended after the last value, default a newline.
    /// file
    ///   a file-like object (stream); defaults to the current sys.stdout.
    /// flush
    ///   whether to forcibly flush the stream.
    #[pyfunction]
    #[signature(*args, sep=" ", end="\n", file=None, flush=False)]
    fn print(py: &mut Py, args: Args) -> Result<()> {
        let names = py.names;
        let (mut sep, mut end, mut file, mut flush) = (Value::NONE, Value::NONE, Value::NONE, false);
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            if name == names.sep {
                sep = value;
            } else if name == names.end {
                end = value;
            } else if name == names.file {
                file = value;
            } else if name == names.flush {
                flush = py.truth(value)?;
            } else {
                let name = name.get(py).lossy();
                return Err(py.unexpected_keyword("print", &name, &["sep", "end", "file", "flush"]));
            }
        }
        for (value, name) in [(sep, "sep"), (end, "end")] {
            if !value.is_none() && !py.is_str(value) {
                let class = py.class_name(value);
                raise!(py, TypeError, "{name} must be None or a string, not {class}");
            }
        }
        if file.is_none() {
            file = py.sys_attribute(names.stdout)?;
            if file.is_none() {
                return Ok(());
            }
        }
        for (index, value) in args.positional().iter().enumerate() {
            if index > 0 {
                let sep = Gc::<Str>::cast(py, sep).unwrap_or_else(|| py.char_str(' ' as u32));
                print_to(py, file, sep)?;
            }
            let text = py.str(*value)?;
            print_to(py, file, text)?;
        }
        let end = Gc::<Str>::cast(py, end).unwrap_or_else(|| py.char_str('\n' as u32));
        print_to(py, file, end)?;
        if flush {
            py.call_method(file, names.flush, &[])?;
        }
        Ok(())
    }

    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output without a
    /// trailing newline before reading input.
    ///
    /// If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.
    /// On *nix systems, readline is used if available.
    #[pyfunction]
    #[signature(prompt="", /)]
    fn input(py: &mut Py, prompt: Value) -> Result {
        let names = py.names;
        let stdin = stream(py, names.stdin, "stdin")?;
        let stdout = stream(py, names.stdout, "stdout")?;
        let stderr = stream(py, names.stderr, "stderr")?;
        let _ = py.call_method(stderr, names.flush, &[]).map_err(|_| py.clear_exception());
        let prompt = py.str(prompt)?;
        if prompt.get(py).byte_len() > 0 {
            py.call_method(stdout, names.write, &[prompt.into()])?;
        }
        let _ = py.call_method(stdout, names.flush, &[]).map_err(|_| py.clear_exception());
        let line = py.call_method(stdin, names.readline, &[])?;
        let Some(text) = Gc::<Str>::cast(py, line) else {
            raise!(py, TypeError, "object.readline() returned non-string");
        };
        let bytes = text.get(py).bytes().to_vec();
        match bytes.as_slice() {
            [] => raise!(py, EOFError, "EOF when reading a line"),
            [line @ .., b'\n'] => Ok(py.new_str_wtf8(line).into()),
            _ => Ok(line),
        }
    }

    fn stream(py: &mut Py, name: Gc<Str>, text: &str) -> Result {
        let stream = py.sys_attribute(name)?;
        if stream.is_none() {
            raise!(py, RuntimeError, "input(): lost sys.{text}");
        }
        Ok(stream)
    }
}
