//! The methods and attributes of `TextIOWrapper`.

use super::super::base::IoBase;
use super::super::{call, cannot_pickle, finish_with, unsupported};
use super::{State, TextIo, TextOptions};
use bredli_runtime::prelude::*;

/// An argument that is a string or None.
fn optional_text(py: &mut Py, value: Value, name: &str) -> Result<Option<Gc<Str>>> {
    if value.is_none() {
        return Ok(None);
    }
    match Gc::<Str>::cast(py, value) {
        Some(text) => Ok(Some(text)),
        None => {
            let given = py.class_name(value);
            raise!(py, TypeError, "TextIOWrapper() argument '{name}' must be str or None, not {given}")
        }
    }
}

/// An argument that is a truth value, or None for leaving things as they are.
fn optional_truth(py: &mut Py, value: Value, old: bool) -> Result<bool> {
    match value {
        Value::NONE => Ok(old),
        value => Ok(py.to_isize(value)? != 0),
    }
}

#[pymethods]
impl TextIo {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, TextIo::uninitialized())
    }

    #[signature(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)]
    fn __init__(
        this: Gc<Self>,
        py: &mut Py,
        buffer: Value,
        encoding: Value,
        errors: Value,
        newline: Value,
        line_buffering: bool,
        write_through: bool,
    ) -> Result<()> {
        let encoding = optional_text(py, encoding, "encoding")?;
        let errors = optional_text(py, errors, "errors")?;
        let newline = optional_text(py, newline, "newline")?;
        TextIo::connect(py, this, buffer, TextOptions { encoding, errors, newline, line_buffering, write_through })
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).state == State::Ready { IoBase::finalize(py, this.into()) } else { Ok(()) }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        TextIo::attached(this, py)?;
        let class = py.class_name(this.into());
        let mut shown = format!("<{class}");
        for field in ["name", "mode"] {
            let name = py.intern(field);
            match py.lookup_attr(this.into(), name) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    let text = super::super::guarded_repr(py, this.into(), value)?;
                    shown.push_str(&format!(" {field}={text}"));
                }
                Err(raised) if field == "name" && py.exception_matches(py.exceptions.ValueError) => {
                    let _ = raised;
                    py.clear_exception();
                }
                Err(raised) => return Err(raised),
            }
        }
        let encoding = this.get(py).encoding.map_or(Value::NONE, Into::into);
        let encoding = py.repr_text(encoding)?;
        Ok(format!("{shown} encoding={encoding}>"))
    }

    #[signature(self, /)]
    fn detach(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, this.into(), "flush", &[])?;
        super::super::set_wrapped(py, buffer, false);
        let object = this.get_mut(py);
        (object.buffer, object.state) = (None, State::Detached);
        Ok(buffer)
    }

    /// Reconfigure the text stream with new parameters.
    ///
    /// This also does an implicit stream flush.
    #[signature(self, /, *, encoding=None, errors=None, newline=<unrepresentable>, line_buffering=None, write_through=None)]
    fn reconfigure(
        this: Gc<Self>,
        py: &mut Py,
        encoding: Value,
        errors: Value,
        newline: Option<Value>,
        line_buffering: Value,
        write_through: Value,
    ) -> Result<()> {
        TextIo::attached(this, py)?;
        let checked = |py: &mut Py, value: Value, name: &str| -> Result<Option<Gc<Str>>> {
            match Gc::<Str>::cast(py, value) {
                Some(text) => Ok(Some(text)),
                None if value.is_none() => Ok(None),
                None => {
                    let given = py.class_name(value);
                    raise!(py, TypeError, "reconfigure() argument '{name}' must be str or None, not {given}")
                }
            }
        };
        let (encoding, errors) = (checked(py, encoding, "encoding")?, checked(py, errors, "errors")?);
        let new_newline = match newline {
            Some(newline) => Some(checked(py, newline, "newline")?),
            None => None,
        };
        let changes = encoding.is_some() || errors.is_some() || new_newline.is_some();
        if this.get(py).decoded && changes {
            let text = "It is not possible to set the encoding or newline of stream after the first read";
            return Err(unsupported(py, text));
        }
        let (old_line, old_through) = (this.get(py).line_buffering, this.get(py).write_through);
        let line_buffering = optional_truth(py, line_buffering, old_line)?;
        let write_through = optional_truth(py, write_through, old_through)?;
        call(py, this.into(), "flush", &[])?;
        if let Some(newline) = new_newline {
            TextIo::set_newline(py, this, newline)?;
        }
        if encoding.is_some() || errors.is_some() {
            TextIo::change_codec(py, this, encoding, errors)?;
        }
        let object = this.get_mut(py);
        (object.line_buffering, object.write_through) = (line_buffering, write_through);
        Ok(())
    }

    #[signature(self, text, /)]
    fn write(this: Gc<Self>, py: &mut Py, text: Gc<Str>) -> Result<usize> {
        TextIo::write_text(py, this, text)
    }

    #[signature(self, size=-1, /)]
    fn read(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Str>> {
        TextIo::read_text(this, py, size.unwrap_or(-1))
    }

    #[signature(self, size=-1, /)]
    fn readline(this: Gc<Self>, py: &mut Py, size: isize) -> Result<Gc<Str>> {
        TextIo::read_line(this, py, size)
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        TextIo::next_line(this, py)
    }

    #[signature(self, /)]
    fn flush(this: Gc<Self>, py: &mut Py) -> Result<()> {
        TextIo::flush_all(py, this)
    }

    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        if super::super::closed_attribute(py, this.into())? {
            return Ok(Value::NONE);
        }
        if this.get(py).finalizing && call(py, buffer, "_dealloc_warn", &[this.into()]).is_err() {
            py.clear_exception();
        }
        let flushed = call(py, this.into(), "flush", &[]);
        let exception = flushed.is_err().then(|| py.take_exception());
        let closed = call(py, buffer, "close", &[]);
        finish_with(py, closed, exception)
    }

    #[signature(self, /)]
    fn fileno(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, buffer, "fileno", &[])
    }

    #[signature(self, /)]
    fn seekable(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, buffer, "seekable", &[])
    }

    #[signature(self, /)]
    fn readable(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, buffer, "readable", &[])
    }

    #[signature(self, /)]
    fn writable(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, buffer, "writable", &[])
    }

    #[signature(self, /)]
    fn isatty(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, buffer, "isatty", &[])
    }

    /// Set the stream position, and return the new stream position.
    ///
    ///   cookie
    ///     Zero or an opaque number returned by tell().
    ///   whence
    ///     The relative position to seek from.
    ///
    /// Four operations are supported, given by the following argument
    /// combinations:
    ///
    /// - seek(0, SEEK_SET): Rewind to the start of the stream.
    /// - seek(cookie, SEEK_SET): Restore a previous position.
    /// - seek(0, SEEK_END): Fast-forward to the end of the stream.
    /// - seek(0, SEEK_CUR): Leave the current stream position unchanged.
    ///
    /// Any other argument combinations are invalid,
    /// and may raise exceptions.
    #[signature(self, cookie, whence=os.SEEK_SET, /)]
    fn seek(this: Gc<Self>, py: &mut Py, cookie: Value, whence: Option<i32>) -> Result {
        TextIo::seek_to(this, py, cookie, whence.unwrap_or(0))
    }

    /// Return the stream position as an opaque number.
    ///
    /// The return value of tell() can be given as input to seek(), to restore a
    /// previous stream position.
    #[signature(self, /)]
    fn tell(this: Gc<Self>, py: &mut Py) -> Result {
        TextIo::position(this, py)
    }

    #[signature(self, pos=None, /)]
    fn truncate(this: Gc<Self>, py: &mut Py, pos: Value) -> Result {
        let buffer = TextIo::attached(this, py)?;
        call(py, this.into(), "flush", &[])?;
        call(py, buffer, "truncate", &[pos])
    }

    #[signature(self, /)]
    fn __getstate__(this: Gc<Self>, py: &mut Py) -> Result {
        Err(cannot_pickle(py, this.into()))
    }

    #[getter]
    fn encoding(this: Gc<Self>, py: &Py) -> Option<Gc<Str>> {
        this.get(py).encoding
    }

    #[getter]
    fn errors(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Str>>> {
        if this.get(py).state == State::Uninitialized {
            raise!(py, ValueError, "I/O operation on uninitialized object");
        }
        Ok(this.get(py).errors)
    }

    #[getter]
    fn line_buffering(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).line_buffering
    }

    #[getter]
    fn write_through(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).write_through
    }

    #[getter]
    fn _finalizing(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).finalizing
    }

    #[setter]
    fn set__finalizing(this: Gc<Self>, py: &mut Py, value: bool) {
        this.get_mut(py).finalizing = value;
    }

    #[getter]
    fn name(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        py.get_attr_named(buffer, "name")
    }

    #[getter]
    fn closed(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        py.get_attr_named(buffer, "closed")
    }

    #[getter]
    fn newlines(this: Gc<Self>, py: &mut Py) -> Result {
        TextIo::attached(this, py)?;
        let newlines = this.get(py).newlines;
        Ok(newlines.shown(py))
    }

    #[getter]
    fn buffer(this: Gc<Self>, py: &mut Py) -> Result {
        TextIo::attached(this, py)
    }

    #[getter]
    fn _CHUNK_SIZE(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        TextIo::attached(this, py)?;
        Ok(this.get(py).chunk)
    }

    #[setter]
    fn set__CHUNK_SIZE(this: Gc<Self>, py: &mut Py, value: isize) -> Result<()> {
        TextIo::attached(this, py)?;
        let Some(size) = usize::try_from(value).ok().filter(|size| *size > 0) else {
            raise!(py, ValueError, "a strictly positive integer is required");
        };
        this.get_mut(py).chunk = size;
        Ok(())
    }
}
