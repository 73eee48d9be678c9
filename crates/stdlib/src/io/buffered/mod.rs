//! `BufferedReader`, `BufferedWriter` and `BufferedRandom`: a buffer around a raw stream.
//!
//! One layout serves all three. The buffer holds a stretch of the raw stream: what was read ahead up to `read_end`, what is to be
//! written between `write_start` and `write_end`; `pos` is the position of the user in it and `raw_pos` that of the raw stream.
//! Raw streams that are exactly `FileIO` are called directly, others through Python. Counterpart: `Modules/_io/bufferedio.c`.

mod classes;
mod raw;
mod read;
mod seek;
mod write;

pub use classes::{BufferedRandom, BufferedReader, BufferedWriter};

use super::file_io::FileIo;
use super::{call, closed_attribute};
use crate::thread::waiting::{Patience, key_of, wait_until};
use bredli_runtime::prelude::*;

/// The storage that the first write makes, if the buffer may be that large.
const LEAST_STORAGE: usize = 1 << 12;

/// Whether the stream can be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// `__init__` has not succeeded.
    Uninitialized,
    /// It can.
    Ready,
    /// The raw stream was detached.
    Detached,
}

/// A buffer around a raw stream.
#[repr(C)]
#[derive(Trace)]
pub struct Buffered {
    header: Header,
    dict: Option<Gc<Dict>>,
    raw: Option<Value>,
    #[trace(skip)]
    state: State,
    readable: bool,
    writable: bool,
    /// Whether raw is exactly a `FileIO`.
    direct: bool,
    /// Whether a text stream will close this one when it dies.
    wrapped: bool,
    finalizing: bool,
    /// The thread whose operation is in progress: signal handlers and raw streams written in Python may call back.
    #[trace(skip)]
    busy: Option<u64>,
    buffer: HeapVec<u8>,
    size: usize,
    pos: usize,
    /// Where the raw stream is, relative to the start of the buffer, if that is known.
    raw_pos: Option<usize>,
    read_end: Option<usize>,
    write_start: usize,
    write_end: Option<usize>,
    /// The raw stream's position, if it is known.
    abs_pos: Option<i64>,
}

impl Buffered {
    fn uninitialized(readable: bool, writable: bool) -> Buffered {
        Buffered {
            header: Header::EMPTY,
            dict: None,
            raw: None,
            state: State::Uninitialized,
            readable,
            writable,
            direct: false,
            wrapped: false,
            finalizing: false,
            busy: None,
            buffer: HeapVec::EMPTY,
            size: 0,
            pos: 0,
            raw_pos: Some(0),
            read_end: None,
            write_start: 0,
            write_end: None,
            abs_pos: None,
        }
    }

    /// Bytes that were read ahead of the position.
    #[inline]
    pub fn ahead(&self) -> usize {
        self.read_end.map_or(0, |end| end.saturating_sub(self.pos))
    }

    /// The bytes that were read ahead.
    #[inline]
    pub fn ahead_bytes(&self) -> &[u8] {
        &self.buffer[self.pos..self.pos + self.ahead()]
    }

    /// Use up bytes that were read ahead.
    #[inline]
    pub fn consume(&mut self, count: usize) {
        self.pos += count;
    }

    /// How far the raw stream is ahead of the position.
    fn raw_offset(&self) -> i64 {
        match self.raw_pos {
            Some(raw) if self.read_end.is_some() || self.write_end.is_some() => raw as i64 - self.pos as i64,
            _ => 0,
        }
    }

    /// Whether the raw stream is a file whose descriptor it closes.
    pub fn owns_file(&self, py: &Py) -> bool {
        let file = if self.direct { self.raw.and_then(|raw| Gc::<FileIo>::cast(py, raw)) } else { None };
        file.is_some_and(|file| file.get(py).closes_descriptor())
    }

    /// Say whether a text stream will close this one.
    pub fn set_wrapped(&mut self, wrapped: bool) {
        self.wrapped = wrapped;
    }

    /// The raw stream, with an error when there is none.
    pub fn raw(this: Gc<Self>, py: &mut Py) -> Result {
        let object = this.get(py);
        match (object.state, object.raw) {
            (State::Ready, Some(raw)) => Ok(raw),
            (State::Detached, _) => raise!(py, ValueError, "raw stream has been detached"),
            _ => raise!(py, ValueError, "I/O operation on uninitialized object"),
        }
    }

    /// Whether the raw stream is closed.
    pub fn is_closed(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        let raw = Buffered::raw(this, py)?;
        if this.get(py).direct
            && let Some(file) = Gc::<FileIo>::cast(py, raw)
        {
            return Ok(file.get(py).is_closed());
        }
        closed_attribute(py, raw)
    }

    /// An error for operations on a closed stream that has nothing read ahead.
    fn check_open(this: Gc<Self>, py: &mut Py, operation: &str) -> Result<()> {
        if Buffered::is_closed(this, py)? && this.get(py).ahead() == 0 {
            raise!(py, ValueError, "{operation} closed file");
        }
        Ok(())
    }

    /// Run an operation that must not be entered again before it is through; other threads wait.
    fn locked<T>(this: Gc<Self>, py: &mut Py, run: impl FnOnce(&mut Py) -> Result<T>) -> Result<T> {
        let thread = py.thread_serial();
        match this.get(py).busy {
            None => {}
            Some(busy) if busy == thread => {
                let shown = py.repr_text(this.into())?;
                raise!(py, RuntimeError, "reentrant call inside {shown}");
            }
            Some(_) => {
                wait_until(py, key_of(this.into()), Patience::Endless, |py| this.get(py).busy.is_none())?;
            }
        }
        this.get_mut(py).busy = Some(thread);
        let result = run(py);
        this.get_mut(py).busy = None;
        py.wake(key_of(this.into()));
        result
    }

    /// Forget what was read ahead.
    fn reset_read(&mut self) {
        self.read_end = None;
    }

    fn reset_write(&mut self) {
        (self.write_start, self.write_end) = (0, None);
    }

    /// Move the position; what was read ahead extends at least to it.
    fn adjust(&mut self, pos: usize) {
        self.pos = pos;
        if let Some(end) = self.read_end
            && end < pos
        {
            self.read_end = Some(pos);
        }
    }

    /// Connect to a raw stream.
    fn connect(py: &mut Py, this: Gc<Self>, raw: Value, size: isize) -> Result<()> {
        this.get_mut(py).state = State::Uninitialized;
        let (readable, writable) = (this.get(py).readable, this.get(py).writable);
        if readable && writable {
            super::base::IoBase::check_ability(py, raw, "seekable")?;
        }
        if readable {
            super::base::IoBase::check_ability(py, raw, "readable")?;
        }
        if writable {
            super::base::IoBase::check_ability(py, raw, "writable")?;
        }
        Buffered::attach(py, this, raw, size)
    }

    /// The part of connecting that comes after the raw stream's abilities have been checked.
    fn attach(py: &mut Py, this: Gc<Self>, raw: Value, size: isize) -> Result<()> {
        let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
            raise!(py, ValueError, "buffer size must be strictly positive");
        };
        let file_class = py.class::<FileIo>();
        let direct = py.class_of(raw) == file_class;
        let object = this.get_mut(py);
        (object.raw, object.direct) = (Some(raw), direct);
        (object.buffer, object.size) = (HeapVec::EMPTY, size);
        (object.pos, object.raw_pos, object.abs_pos) = (0, Some(0), None);
        object.reset_read();
        object.reset_write();
        if size > isize::MAX as usize / 4 {
            return Err(py.no_memory());
        }
        super::set_wrapped(py, raw, true);
        this.get_mut(py).state = State::Ready;
        if Buffered::raw_tell(this, py).is_err() {
            py.clear_exception();
        }
        Ok(())
    }

    /// Storage for the first `len` bytes of the buffer. Who writes little does not need the rest.
    fn room(this: Gc<Self>, py: &mut Py, len: usize) -> Result<()> {
        let (present, size) = (this.get(py).buffer.len(), this.get(py).size);
        if len <= present {
            return Ok(());
        }
        let len = len.max(2 * present).max(LEAST_STORAGE).min(size);
        let grown = match present {
            0 => HeapVec::filled(&mut py.heap, len, 0u8).map(|buffer| this.get_mut(py).buffer = buffer),
            _ => py.heap.vec_resize(this, |object| &mut object.buffer, len, 0),
        };
        grown.map_err(|_| py.no_memory())
    }

    /// A stream of exactly a class, for a raw stream that is known to fit.
    pub fn create(py: &mut Py, class: Gc<Class>, raw: Gc<FileIo>, size: isize, readable: bool, writable: bool) -> Result<Gc<Buffered>> {
        let this = py.alloc_as(class, Buffered::uninitialized(readable, writable));
        if readable && writable {
            super::base::IoBase::check_ability(py, raw.into(), "seekable")?;
        }
        Buffered::attach(py, this, raw.into(), size)?;
        Ok(this)
    }

    /// Close the raw stream after everything has been written.
    fn close_all(this: Gc<Self>, py: &mut Py) -> Result {
        let raw = Buffered::raw(this, py)?;
        if Buffered::is_closed(this, py)? {
            return Ok(Value::NONE);
        }
        if this.get(py).finalizing {
            let this: Value = this.into();
            if call(py, raw, "_dealloc_warn", &[this]).is_err() {
                py.clear_exception();
            }
        }
        let flushed = call(py, this.into(), "flush", &[]);
        let exception = flushed.is_err().then(|| py.take_exception());
        let closed = call(py, raw, "close", &[]);
        let object = this.get_mut(py);
        object.buffer = HeapVec::EMPTY;
        object.pos = 0;
        object.reset_read();
        super::finish_with(py, closed, exception)
    }

    /// Flush, and give the raw stream away.
    fn detach_raw(this: Gc<Self>, py: &mut Py) -> Result {
        let raw = Buffered::raw(this, py)?;
        call(py, this.into(), "flush", &[])?;
        super::set_wrapped(py, raw, false);
        let object = this.get_mut(py);
        (object.raw, object.state) = (None, State::Detached);
        Ok(raw)
    }

    fn show(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let class = py.class_name(this.into());
        let name = py.names.name;
        let name = match py.lookup_attr(this.into(), name) {
            Ok(name) => name,
            Err(raised) if !py.exception_matches(py.exceptions.ValueError) => return Err(raised),
            Err(_) => {
                py.clear_exception();
                None
            }
        };
        match name {
            Some(name) => Ok(format!("<{class} name={}>", super::guarded_repr(py, this.into(), name)?)),
            None => Ok(format!("<{class}>")),
        }
    }
}

impl Buffered {
    /// Close a stream that nobody can reach any more.
    fn finalize(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let object = this.get(py);
        if object.wrapped || object.state != State::Ready { Ok(()) } else { super::base::IoBase::finalize(py, this.into()) }
    }

    /// Let the raw stream warn that `source` was not closed.
    fn warn_unclosed(this: Gc<Self>, py: &mut Py, source: Value) {
        let object = this.get(py);
        if let (State::Ready, Some(raw)) = (object.state, object.raw)
            && call(py, raw, "_dealloc_warn", &[source]).is_err()
        {
            py.clear_exception();
        }
    }

    /// The next line of an iteration.
    fn next_line(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let class = py.class_of(this.into());
        if !class.get(py).is_heap_class() {
            let line = Buffered::read_line(this, py, -1)?;
            return Ok((!line.get(py).data().is_empty()).then_some(line.into()));
        }
        let line = call(py, this.into(), "readline", &[])?;
        let Some(bytes) = Gc::<bredli_runtime::types::Bytes>::cast(py, line) else {
            let given = py.class_name(line);
            raise!(py, OSError, "readline() should have returned a bytes object, not '{given}'");
        };
        Ok((!bytes.get(py).data().is_empty()).then_some(line))
    }
}
