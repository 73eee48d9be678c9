//! `FileIO`: a descriptor as a raw stream.
//!
//! Counterpart: `Modules/_io/fileio.c`.

use super::base::{IoBase, RawIoBase};
use super::{call, cannot_pickle, to_offset, unsupported, warn};
use crate::os_error::{host_call, os_error, path_bytes};
use bredli_host::{Fd, HostError};
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

const O_WRONLY: i32 = 1;
const O_RDWR: i32 = 2;
const O_CREAT: i32 = 0o100;
const O_EXCL: i32 = 0o200;
const O_TRUNC: i32 = 0o1000;
const O_APPEND: i32 = 0o2000;
const O_CLOEXEC: i32 = 0o2000000;
const EBADF: i32 = 9;
const EAGAIN: i32 = 11;
const EISDIR: i32 = 21;
const ESPIPE: i32 = 29;
/// `st_mode`: the file type's bits, and two types.
const S_IFMT: u32 = 0o170000;
const S_IFDIR: u32 = 0o040000;
const S_IFREG: u32 = 0o100000;
/// What one read or write may ask for at most, as on Linux.
const MAX_TRANSFER: usize = 0x7fff_f000;
/// What a read that can wait asks for at most: a pipe holds no more.
const WAITING_READ: usize = 64 * 1024;
/// The first step of reading to the end of something of unknown size.
const SMALLEST_READ: usize = 64 * 1024;

/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created if it
/// doesn't exist when opened for writing or appending; it will be truncated
/// when opened for writing.  A FileExistsError will be raised if it already
/// exists when opened for creating. Opening a file for creating implies
/// writing so this mode behaves in a similar way to 'w'.Add a '+' to the mode
/// to allow simultaneous reading and writing. A custom opener can be used by
/// passing a callable as *opener*. The underlying file descriptor for the file
/// object is then obtained by calling opener with (*name*, *flags*).
/// *opener* must return an open file descriptor (passing os.open as *opener*
/// results in functionality similar to passing None).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "FileIO", module = "_io", base = RawIoBase, flags(BASETYPE), dict = dict)]
pub struct FileIo {
    header: Header,
    dict: Option<Gc<Dict>>,
    fd: Fd,
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    close_fd: bool,
    /// Whether reads and writes can wait: anything but a regular file.
    waits: bool,
    seekable: Option<bool>,
    block_size: i64,
    /// Bytes in the file when it was opened.
    size: i64,
    finalizing: bool,
    /// Whether a buffered stream will close this one when it dies.
    wrapped: bool,
}

/// What a mode string asks for.
#[derive(Default)]
struct Mode {
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    flags: i32,
}

impl Mode {
    fn parse(py: &mut Py, text: &str) -> Result<Mode> {
        let mut mode = Mode { flags: O_CLOEXEC, ..Mode::default() };
        let (mut kinds, mut plus) = (0, 0);
        for char in text.chars() {
            match char {
                'x' => (mode.created, mode.writable, mode.flags) = (true, true, mode.flags | O_EXCL | O_CREAT),
                'r' => mode.readable = true,
                'w' => (mode.writable, mode.flags) = (true, mode.flags | O_CREAT | O_TRUNC),
                'a' => (mode.writable, mode.appending, mode.flags) = (true, true, mode.flags | O_APPEND | O_CREAT),
                'b' => continue,
                '+' => {
                    plus += 1;
                    continue;
                }
                _ => raise!(py, ValueError, "invalid mode: {text}"),
            }
            kinds += 1;
        }
        if kinds != 1 || plus > 1 {
            raise!(py, ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
        }
        if plus == 1 {
            (mode.readable, mode.writable) = (true, true);
        }
        mode.flags |= match (mode.readable, mode.writable) {
            (true, true) => O_RDWR,
            (false, _) => O_WRONLY,
            _ => 0,
        };
        Ok(mode)
    }
}

impl FileIo {
    fn unopened() -> FileIo {
        FileIo {
            header: Header::EMPTY,
            dict: None,
            fd: -1,
            created: false,
            readable: false,
            writable: false,
            appending: false,
            close_fd: true,
            waits: true,
            seekable: None,
            block_size: 0,
            size: 0,
            finalizing: false,
            wrapped: false,
        }
    }

    /// Whether there is no descriptor.
    pub fn is_closed(&self) -> bool {
        self.fd < 0
    }

    /// Whether closing the stream closes the descriptor.
    pub fn closes_descriptor(&self) -> bool {
        self.close_fd
    }

    /// Say whether a buffered stream will close this one.
    pub fn set_wrapped(&mut self, wrapped: bool) {
        self.wrapped = wrapped;
    }

    /// Open what a name or a descriptor stands for.
    pub fn open(py: &mut Py, this: Gc<Self>, file: Value, mode: &str, close_fd: bool, opener: Option<Value>) -> Result<()> {
        if !this.get(py).is_closed() {
            if this.get(py).close_fd {
                FileIo::close_descriptor(py, this)?;
            }
            this.get_mut(py).fd = -1;
        }
        let fd = FileIo::given_descriptor(py, file)?;
        let Mode { created, readable, writable, appending, flags } = Mode::parse(py, mode)?;
        if py.is_audited() {
            let mode = py.new_str(mode).into();
            py.audit("open", &[file, mode, Value::small(flags)])?;
        }
        let own = FileIo { created, readable, writable, appending, close_fd, ..FileIo::unopened() };
        let wrapped = this.get(py).wrapped;
        let object = this.get_mut(py);
        let dict = object.dict;
        let header = std::mem::replace(&mut object.header, Header::EMPTY);
        *object = FileIo { header, dict, wrapped, ..own };
        let opened = match fd {
            Some(fd) => Ok(fd),
            None => FileIo::open_name(py, file, flags, close_fd, opener),
        };
        let fd_given = fd.is_some();
        let fd = opened?;
        this.get_mut(py).fd = fd;
        let ready = FileIo::prepare(py, this, file);
        if ready.is_err() && fd_given {
            this.get_mut(py).fd = -1;
        } else if ready.is_err() {
            let exception = py.take_exception();
            if FileIo::close_descriptor(py, this).is_err() {
                py.clear_exception();
            }
            return Err(py.restore_exception(exception));
        }
        ready
    }

    /// The descriptor, if the argument is one.
    fn given_descriptor(py: &mut Py, file: Value) -> Result<Option<Fd>> {
        if !py.has_index(file) {
            return Ok(None);
        }
        if file == Value::TRUE || file == Value::FALSE {
            let class = py.exceptions.RuntimeWarning;
            warn(py, class, "bool is used as a file descriptor", 1, None)?;
        }
        let int = py.index(file)?;
        match py.int_to_i64(int).and_then(|int| Fd::try_from(int).ok()) {
            Some(fd) if fd >= 0 => Ok(Some(fd)),
            Some(_) => raise!(py, ValueError, "negative file descriptor"),
            None => raise!(py, OverflowError, "Python int too large to convert to C int"),
        }
    }

    fn open_name(py: &mut Py, file: Value, flags: i32, close_fd: bool, opener: Option<Value>) -> Result<Fd> {
        if !close_fd {
            raise!(py, ValueError, "Cannot use closefd=False with file name");
        }
        let Some(opener) = opener else {
            let path = path_bytes(py, "open", file)?;
            return super::unflushed::open_descriptor(py, file, |host| host.open(&path, flags, 0o666, None));
        };
        path_bytes(py, "open", file)?;
        let opened = py.call(opener, &[file, Value::small(flags)])?;
        if !py.has_index(opened) {
            raise!(py, TypeError, "expected integer from opener");
        }
        let int = py.index(opened)?;
        let fd = match py.int_to_i64(int).and_then(|int| Fd::try_from(int).ok()) {
            Some(fd) if fd >= 0 => fd,
            Some(fd) => raise!(py, ValueError, "opener returned {fd}"),
            None => raise!(py, OverflowError, "Python int too large to convert to C int"),
        };
        host_call(py, None, |host| host.set_inheritable(fd, false))?;
        Ok(fd)
    }

    /// Look at the opened file, note its name and go to its end for appending.
    fn prepare(py: &mut Py, this: Gc<Self>, file: Value) -> Result<()> {
        let fd = this.get(py).fd;
        match py.host.fstat(fd) {
            Ok(stat) if stat.mode & S_IFMT == S_IFDIR => return Err(os_error(py, HostError::new(EISDIR), Some(file), None)),
            Ok(stat) => {
                let object = this.get_mut(py);
                object.waits = stat.mode & S_IFMT != S_IFREG;
                (object.block_size, object.size) = (stat.blksize, stat.size);
            }
            Err(error) if error.errno == EBADF => return Err(os_error(py, error, Some(file), None)),
            Err(_) => {}
        }
        let name = py.names.name;
        py.set_attr(this.into(), name, Some(file))?;
        if this.get(py).appending {
            match py.host.lseek(fd, 0, 2) {
                Ok(_) => this.get_mut(py).seekable = Some(true),
                Err(error) if error.errno == ESPIPE => this.get_mut(py).seekable = Some(false),
                Err(error) => return Err(os_error(py, error, None, None)),
            }
        }
        Ok(())
    }

    fn close_descriptor(py: &mut Py, this: Gc<Self>) -> Result<()> {
        let fd = std::mem::replace(&mut this.get_mut(py).fd, -1);
        if fd < 0 {
            return Ok(());
        }
        match py.host.clone().close(fd) {
            Ok(()) => Ok(()),
            Err(error) => Err(os_error(py, error, None, None)),
        }
    }

    /// The descriptor of a stream that is not closed.
    fn descriptor(this: Gc<Self>, py: &mut Py) -> Result<Fd> {
        match this.get(py).fd {
            fd if fd >= 0 => Ok(fd),
            _ => raise!(py, ValueError, "I/O operation on closed file"),
        }
    }

    fn readable_descriptor(this: Gc<Self>, py: &mut Py) -> Result<Fd> {
        let fd = FileIo::descriptor(this, py)?;
        if this.get(py).readable { Ok(fd) } else { Err(unsupported(py, "File not open for reading")) }
    }

    fn writable_descriptor(this: Gc<Self>, py: &mut Py) -> Result<Fd> {
        let fd = FileIo::descriptor(this, py)?;
        if this.get(py).writable { Ok(fd) } else { Err(unsupported(py, "File not open for writing")) }
    }

    /// The outcome of a transfer: nothing when it would have to wait, and another attempt after a signal.
    fn transferred(py: &mut Py, outcome: bredli_host::Result<usize>) -> Result<Option<Option<usize>>> {
        match outcome {
            Ok(count) => Ok(Some(Some(count))),
            Err(error) if error.errno == EAGAIN => Ok(Some(None)),
            Err(error) if error.is_interrupted() => {
                py.run_signal_handlers()?;
                Ok(None)
            }
            Err(error) => Err(os_error(py, error, None, None)),
        }
    }

    /// Read into memory that `place` finds in an object of the heap. None: it would have to wait.
    pub fn read_at<O: bredli_heap::Object>(
        py: &mut Py,
        this: Gc<Self>,
        owner: Gc<O>,
        place: impl Fn(&mut O) -> &mut [u8],
    ) -> Result<Option<usize>> {
        let fd = FileIo::readable_descriptor(this, py)?;
        if this.get(py).waits {
            let len = place(owner.get_mut(py)).len().min(WAITING_READ);
            let mut memory = vec![0; len];
            let count = FileIo::read_memory(py, this, &mut memory)?;
            if let Some(count) = count {
                place(owner.get_mut(py))[..count].copy_from_slice(&memory[..count]);
            }
            return Ok(count);
        }
        let host = py.host.clone();
        loop {
            let memory = place(owner.get_mut(py));
            let len = memory.len().min(MAX_TRANSFER);
            let outcome = host.read(fd, &mut memory[..len]);
            if let Some(done) = FileIo::transferred(py, outcome)? {
                return Ok(done);
            }
        }
    }

    /// Read into memory outside the heap.
    pub fn read_memory(py: &mut Py, this: Gc<Self>, memory: &mut [u8]) -> Result<Option<usize>> {
        let fd = FileIo::readable_descriptor(this, py)?;
        let host = py.host.clone();
        let len = memory.len().min(MAX_TRANSFER);
        loop {
            let outcome = py.blocking(|| host.read(fd, &mut memory[..len]));
            if let Some(done) = FileIo::transferred(py, outcome)? {
                return Ok(done);
            }
        }
    }

    /// Write bytes that `place` finds in an object of the heap.
    pub fn write_from<O: bredli_heap::Object>(
        py: &mut Py,
        this: Gc<Self>,
        owner: Gc<O>,
        place: impl Fn(&O) -> &[u8],
    ) -> Result<Option<usize>> {
        let fd = FileIo::writable_descriptor(this, py)?;
        let host = py.host.clone();
        if this.get(py).waits {
            let memory = place(owner.get(py));
            let memory = memory[..memory.len().min(MAX_TRANSFER)].to_vec();
            loop {
                let outcome = py.blocking(|| host.write(fd, &memory));
                if let Some(done) = FileIo::transferred(py, outcome)? {
                    return Ok(done);
                }
            }
        }
        loop {
            let memory = place(owner.get(py));
            let outcome = host.write(fd, &memory[..memory.len().min(MAX_TRANSFER)]);
            if let Some(done) = FileIo::transferred(py, outcome)? {
                return Ok(done);
            }
        }
    }

    /// Everything from the position on. None: it would have to wait.
    pub fn read_to_end(py: &mut Py, this: Gc<Self>) -> Result<Option<Vec<u8>>> {
        let fd = FileIo::descriptor(this, py)?;
        let mut size = SMALLEST_READ;
        if this.get(py).size > 0 {
            // One byte more than is left, so that the end shows without a further step.
            let position = py.host.lseek(fd, 0, 1).unwrap_or(0);
            size = (this.get(py).size.saturating_sub(position)).max(0) as usize + 1;
        }
        let mut all: Vec<u8> = Vec::new();
        let mut filled = 0;
        loop {
            if filled == all.len() {
                let wanted = if filled == 0 { size } else { filled + (filled / 4).max(SMALLEST_READ) };
                if all.try_reserve_exact(wanted - filled).is_err() {
                    return Err(py.no_memory());
                }
                all.resize(wanted, 0);
            }
            match FileIo::read_memory(py, this, &mut all[filled..])? {
                Some(0) => break,
                Some(count) => filled += count,
                None if filled == 0 => return Ok(None),
                None => break,
            }
        }
        all.truncate(filled);
        Ok(Some(all))
    }

    /// Move the position and give the new one.
    pub fn seek_to(py: &mut Py, this: Gc<Self>, offset: i64, whence: i32) -> Result<i64> {
        let fd = FileIo::descriptor(this, py)?;
        let outcome = py.host.lseek(fd, offset, whence);
        match outcome {
            Ok(position) => {
                this.get_mut(py).seekable.get_or_insert(true);
                Ok(position)
            }
            Err(error) => {
                if error.errno == ESPIPE {
                    this.get_mut(py).seekable.get_or_insert(false);
                }
                Err(os_error(py, error, None, None))
            }
        }
    }

    /// Whether the position can be moved.
    pub fn can_seek(py: &mut Py, this: Gc<Self>) -> Result<bool> {
        let fd = FileIo::descriptor(this, py)?;
        if let Some(known) = this.get(py).seekable {
            return Ok(known);
        }
        let answer = py.host.lseek(fd, 0, 1).is_ok();
        this.get_mut(py).seekable = Some(answer);
        Ok(answer)
    }

    /// Warn about a stream that was not closed.
    fn warn_unclosed(py: &mut Py, this: Gc<Self>, source: Value) -> Result<()> {
        if this.get(py).is_closed() || !this.get(py).close_fd {
            return Ok(());
        }
        let shown = py.repr_text(source)?;
        let class = py.exceptions.ResourceWarning;
        if warn(py, class, &format!("unclosed file {shown}"), 1, Some(source)).is_err() {
            if !py.exception_matches(py.exceptions.Warning) {
                py.clear_exception();
                return Ok(());
            }
            let this: Value = this.into();
            py.report_unraisable("Exception ignored while finalizing file", Some(this));
        }
        Ok(())
    }

    fn mode_text(&self) -> &'static str {
        match (self.created, self.appending, self.readable, self.writable) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
}

#[pymethods]
impl FileIo {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, FileIo::unopened())
    }

    #[signature(file, mode="r", closefd=True, opener=None)]
    fn __init__(this: Gc<Self>, py: &mut Py, file: Value, mode: Gc<Str>, closefd: bool, opener: Option<Value>) -> Result<()> {
        py.check_no_null(mode)?;
        let mode = mode.get(py).lossy();
        FileIo::open(py, this, file, &mode, closefd, opener)
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).wrapped { Ok(()) } else { IoBase::finalize(py, this.into()) }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let class = py.class_name(this.into());
        let object = this.get(py);
        if object.is_closed() {
            return Ok(format!("<{class} [closed]>"));
        }
        let (fd, mode, close_fd) = (object.fd, object.mode_text(), if object.close_fd { "True" } else { "False" });
        let name = py.names.name;
        let Some(name) = py.lookup_attr(this.into(), name)? else {
            return Ok(format!("<{class} fd={fd} mode='{mode}' closefd={close_fd}>"));
        };
        let name = super::guarded_repr(py, this.into(), name)?;
        Ok(format!("<{class} name={name} mode='{mode}' closefd={close_fd}>"))
    }

    /// Close the file.
    ///
    /// A closed file cannot be used for further I/O operations.  close() may be
    /// called more than once without error.
    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let base = IoBase::close_base(py, this.into());
        if !this.get(py).close_fd {
            this.get_mut(py).fd = -1;
            return base;
        }
        let exception = base.is_err().then(|| py.take_exception());
        if this.get(py).finalizing {
            FileIo::warn_unclosed(py, this, this.into())?;
        }
        let closed = FileIo::close_descriptor(py, this);
        super::finish_with(py, closed, exception)
    }

    /// Return the underlying file descriptor (an integer).
    #[signature(self, /)]
    fn fileno(this: Gc<Self>, py: &mut Py) -> Result<Fd> {
        FileIo::descriptor(this, py)
    }

    /// True if file was opened in a read mode.
    #[signature(self, /)]
    fn readable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        FileIo::descriptor(this, py)?;
        Ok(this.get(py).readable)
    }

    /// True if file was opened in a write mode.
    #[signature(self, /)]
    fn writable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        FileIo::descriptor(this, py)?;
        Ok(this.get(py).writable)
    }

    /// True if file supports random-access.
    #[signature(self, /)]
    fn seekable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        FileIo::can_seek(py, this)
    }

    /// Same as RawIOBase.readinto().
    #[signature(self, buffer, /)]
    fn readinto(this: Gc<Self>, py: &mut Py, buffer: BufferMut) -> Result<Option<usize>> {
        FileIo::readable_descriptor(this, py)?;
        let mut memory = vec![0; buffer.get(py).len().min(MAX_TRANSFER)];
        let count = FileIo::read_memory(py, this, &mut memory)?;
        super::fill_front(py, buffer, &memory[..count.unwrap_or(0)]);
        Ok(count)
    }

    /// Read at most size bytes, returned as bytes.
    ///
    /// If size is less than 0, read all bytes in the file making multiple read calls.
    /// See ``FileIO.readall``.
    ///
    /// Attempts to make only one system call, retrying only per PEP 475 (EINTR). This
    /// means less data may be returned than requested.
    ///
    /// In non-blocking mode, returns None if no data is available. Return an empty
    /// bytes object at EOF.
    #[signature(self, size=-1, /)]
    fn read(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result {
        FileIo::readable_descriptor(this, py)?;
        let Ok(size) = usize::try_from(size.unwrap_or(-1)) else { return FileIo::readall(this, py) };
        let mut memory = Vec::new();
        let size = size.min(MAX_TRANSFER);
        if memory.try_reserve_exact(size).is_err() {
            return Err(py.no_memory());
        }
        memory.resize(size, 0);
        match FileIo::read_memory(py, this, &mut memory)? {
            Some(count) => Ok(py.new_bytes(&memory[..count]).into()),
            None => Ok(Value::NONE),
        }
    }

    /// Read all data from the file, returned as bytes.
    ///
    /// Reads until either there is an error or read returns size 0 (indicates EOF).
    /// If the file is already at EOF, returns an empty bytes object.
    ///
    /// In non-blocking mode, returns as much data as could be read before EAGAIN. If no
    /// data is available (EAGAIN is returned before bytes are read) returns None.
    #[signature(self, /)]
    fn readall(this: Gc<Self>, py: &mut Py) -> Result {
        match FileIo::read_to_end(py, this)? {
            Some(all) => Ok(py.new_bytes(&all).into()),
            None => Ok(Value::NONE),
        }
    }

    /// Write buffer b to file, return number of bytes written.
    ///
    /// Only makes one system call, so not all of the data may be written.
    /// The number of bytes actually written is returned.  In non-blocking mode,
    /// returns None if the write would block.
    #[signature(self, b, /)]
    fn write(this: Gc<Self>, py: &mut Py, b: BytesLike) -> Result<Option<usize>> {
        let bytes = b.object(py);
        FileIo::write_from(py, this, bytes, Bytes::data)
    }

    /// Move to new file position and return the file position.
    ///
    /// Argument offset is a byte count.  Optional argument whence defaults to
    /// SEEK_SET or 0 (offset from start of file, offset should be >= 0); other values
    /// are SEEK_CUR or 1 (move relative to current position, positive or negative),
    /// and SEEK_END or 2 (move relative to end of file, usually negative, although
    /// many platforms allow seeking beyond the end of a file).
    ///
    /// Note that not all file objects are seekable.
    #[signature(self, pos, whence=0, /)]
    fn seek(this: Gc<Self>, py: &mut Py, pos: Value, whence: i32) -> Result<i64> {
        FileIo::descriptor(this, py)?;
        if pos.as_float().is_some() {
            raise!(py, TypeError, "'float' object cannot be interpreted as an integer");
        }
        let offset = to_offset(py, pos)?;
        FileIo::seek_to(py, this, offset, whence)
    }

    /// Current file position.
    ///
    /// Can raise OSError for non seekable files.
    #[signature(self, /)]
    fn tell(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        FileIo::seek_to(py, this, 0, 1)
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is changed to the value of size.
    #[signature(self, size=None, /)]
    fn truncate(this: Gc<Self>, py: &mut Py, size: Value) -> Result {
        let fd = FileIo::writable_descriptor(this, py)?;
        let size = if size.is_none() { call(py, this.into(), "tell", &[])? } else { size };
        let length = to_offset(py, size)?;
        host_call(py, None, |host| host.ftruncate(fd, length))?;
        Ok(size)
    }

    /// True if the file is connected to a TTY device.
    #[signature(self, /)]
    fn isatty(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        let fd = FileIo::descriptor(this, py)?;
        Ok(py.host.isatty(fd).unwrap_or(false))
    }

    /// Whether this can be a terminal, as far as is known from opening it.
    #[signature(self, /)]
    fn _isatty_open_only(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        if this.get(py).waits { FileIo::isatty(this, py) } else { Ok(false) }
    }

    #[signature(self, object, /)]
    fn _dealloc_warn(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        FileIo::warn_unclosed(py, this, object)
    }

    #[signature(self, /)]
    fn __getstate__(this: Gc<Self>, py: &mut Py) -> Result {
        Err(cannot_pickle(py, this.into()))
    }

    /// True if the file is closed
    #[getter]
    fn closed(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).is_closed()
    }

    /// True if the file descriptor will be closed by close().
    #[getter]
    fn closefd(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).close_fd
    }

    /// String giving the file mode
    #[getter]
    fn mode(this: Gc<Self>, py: &Py) -> &'static str {
        this.get(py).mode_text()
    }

    /// Stat st_blksize if available
    #[getter]
    fn _blksize(this: Gc<Self>, py: &Py) -> i64 {
        match this.get(py).block_size {
            size if size > 1 => size,
            _ => super::DEFAULT_BUFFER_SIZE as i64,
        }
    }

    #[getter]
    fn _finalizing(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).finalizing
    }

    #[setter]
    fn set__finalizing(this: Gc<Self>, py: &mut Py, value: bool) {
        this.get_mut(py).finalizing = value;
    }
}

impl FileIo {
    /// A stream of exactly this class.
    pub fn create(py: &mut Py, file: Value, mode: &str, close_fd: bool, opener: Option<Value>) -> Result<Gc<Self>> {
        let class = py.class::<FileIo>();
        let this = py.alloc_as(class, FileIo::unopened());
        FileIo::open(py, this, file, mode, close_fd, opener)?;
        Ok(this)
    }

    /// What a buffer in front of the file should hold, and whether it can be a terminal.
    pub fn preferences(&self) -> (i64, bool) {
        (self.block_size, self.waits)
    }
}
