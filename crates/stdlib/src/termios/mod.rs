//! `termios`: the line settings of terminals. Speeds are in bits per second.
//!
//! Counterpart: `Modules/termios.c`.

mod constants;

use crate::exceptions;
use crate::fcntl::descriptor;
use bredli_host::{Host, HostError, Result as HostResult, Termios};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// Characters of a terminal that Python shows.
const CHARACTERS: usize = 32;
const VTIME: usize = 5;
const VMIN: usize = 6;
const ICANON: u32 = 2;
const TIOCGWINSZ: u64 = 0x5413;
const TIOCSWINSZ: u64 = 0x5414;

/// Call the host; what fails raises `termios.error`, also when a signal interrupts.
fn terminal_call<T>(py: &mut Py, call: impl FnOnce(&dyn Host) -> HostResult<T>) -> Result<T> {
    let host = py.host.clone();
    py.blocking(|| call(&*host)).map_err(|error| raise_error(py, error))
}

#[cold]
fn raise_error(py: &mut Py, error: HostError) -> Raised {
    let class = match py.import_module("termios") {
        Ok(module) => py.get_attr_named(module, "error"),
        Err(raised) => Err(raised),
    };
    let (errno, text) = (py.new_int(i64::from(error.errno)), py.new_str(&error.message()).into());
    match class.and_then(|class| py.call(class, &[errno, text])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// A number as a C `long`.
fn long(py: &mut Py, value: Value) -> Result<i64> {
    let index = py.index(value)?;
    match py.int_to_i64(index) {
        Some(number) => Ok(number),
        None => raise!(py, OverflowError, "Python int too large to convert to C long"),
    }
}

/// A special character, given as a byte or as a number.
fn character(py: &mut Py, value: Value) -> Result<u8> {
    if let Some(bytes) = Gc::<bredli_runtime::types::Bytes>::cast(py, value)
        && let [byte] = bytes.get(py).data()
    {
        return Ok(*byte);
    }
    if py.is_int(value) {
        return Ok(long(py, value)? as u8);
    }
    raise!(py, TypeError, "tcsetattr: elements of attributes must be bytes objects of length 1 or integers")
}

/// The items of a list that must have so many.
fn items_of<const COUNT: usize>(py: &Py, value: Value) -> Option<[Value; COUNT]> {
    Gc::<List>::cast(py, value)?.get(py).items().try_into().ok()
}

/// The two numbers of a window size.
fn window_size(py: &mut Py, value: Value) -> Result<[u16; 2]> {
    const WRONG: &str = "tcsetwinsize, arg 2: must be a two-item sequence";
    if !py.is_sequence(value) || py.len(value)? != 2 {
        raise!(py, TypeError, "{WRONG}");
    }
    let mut sizes = [0; 2];
    for (index, size) in sizes.iter_mut().enumerate() {
        let item = py.get_item(value, Value::small(index as i32))?;
        let number = long(py, item)?;
        match u16::try_from(number) {
            Ok(number) => *size = number,
            Err(_) => raise!(py, OverflowError, "winsize value(s) out of range."),
        }
    }
    Ok(sizes)
}

/// This module provides an interface to the Posix calls for tty I/O control.
/// For a complete description of these calls, see the Posix or Unix manual
/// pages. It is only available for those Unix versions that support Posix
/// termios style tty I/O control.
///
/// All functions in this module take a file descriptor fd as their first
/// argument. This can be an integer file descriptor, such as returned by
/// sys.stdin.fileno(), or a file object, such as sys.stdin itself.
#[pymodule(name = "termios")]
pub mod termios {
    use super::*;

    /// Get the tty attributes for file descriptor fd.
    ///
    /// Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]
    /// where cc is a list of the tty special characters (each a string of
    /// length 1, except the items with indices VMIN and VTIME, which are
    /// integers when these fields are defined).  The interpretation of the
    /// flags and the speeds as well as the indexing in the cc array must be
    /// done using the symbolic constants defined in this module.
    #[pyfunction]
    #[signature(fd, /)]
    fn tcgetattr(py: &mut Py, fd: Value) -> Result<Gc<List>> {
        let fd = descriptor(py, fd)?;
        let settings = terminal_call(py, |host| host.tcgetattr(fd))?;
        let mut characters = RootVec::new(&mut py.heap);
        for index in 0..CHARACTERS {
            let byte = settings.cc.get(index).copied().unwrap_or(0);
            let counted = settings.lflag & ICANON == 0 && matches!(index, VTIME | VMIN);
            let item = if counted { Value::small(i32::from(byte)) } else { py.new_bytes(&[byte]).into() };
            characters.push(item);
        }
        let mut items = RootVec::new(&mut py.heap);
        for number in [settings.iflag, settings.oflag, settings.cflag, settings.lflag, settings.ispeed, settings.ospeed] {
            items.push(py.new_int(i64::from(number)));
        }
        let characters = py.new_list(&characters)?;
        items.push(characters.into());
        py.new_list(&items)
    }

    /// Set the tty attributes for file descriptor fd.
    ///
    /// The attributes to be set are taken from the attributes argument, which
    /// is a list like the one returned by tcgetattr(). The when argument
    /// determines when the attributes are changed: termios.TCSANOW to
    /// change immediately, termios.TCSADRAIN to change after transmitting all
    /// queued output, or termios.TCSAFLUSH to change after transmitting all
    /// queued output and discarding all queued input.
    #[pyfunction]
    #[signature(fd, when, attributes, /)]
    fn tcsetattr(py: &mut Py, fd: Value, when: i32, attributes: Value) -> Result<()> {
        let fd = descriptor(py, fd)?;
        let Some(items) = items_of::<7>(py, attributes) else { raise!(py, TypeError, "tcsetattr, arg 3: must be 7 element list") };
        let mut numbers = [0; 6];
        for (number, item) in numbers.iter_mut().zip(items) {
            *number = long(py, item)? as u32;
        }
        let Some(characters) = items_of::<CHARACTERS>(py, items[6]) else {
            raise!(py, TypeError, "tcsetattr: attributes[6] must be {CHARACTERS} element list")
        };
        let mut cc = Vec::with_capacity(CHARACTERS);
        for item in characters {
            cc.push(character(py, item)?);
        }
        let [iflag, oflag, cflag, lflag, ispeed, ospeed] = numbers;
        let settings = Termios { iflag, oflag, cflag, lflag, ispeed, ospeed, cc };
        terminal_call(py, |host| host.tcsetattr(fd, when, &settings))
    }

    /// Send a break on file descriptor fd.
    ///
    /// A zero duration sends a break for 0.25-0.5 seconds; a nonzero duration
    /// has a system dependent meaning.
    #[pyfunction]
    #[signature(fd, duration, /)]
    fn tcsendbreak(py: &mut Py, fd: Value, duration: i32) -> Result<()> {
        let fd = descriptor(py, fd)?;
        terminal_call(py, |host| host.tcsendbreak(fd, duration))
    }

    /// Wait until all output written to file descriptor fd has been transmitted.
    #[pyfunction]
    #[signature(fd, /)]
    fn tcdrain(py: &mut Py, fd: Value) -> Result<()> {
        let fd = descriptor(py, fd)?;
        terminal_call(py, |host| host.tcdrain(fd))
    }

    /// Discard queued data on file descriptor fd.
    ///
    /// The queue selector specifies which queue: termios.TCIFLUSH for the input
    /// queue, termios.TCOFLUSH for the output queue, or termios.TCIOFLUSH for
    /// both queues.
    #[pyfunction]
    #[signature(fd, queue, /)]
    fn tcflush(py: &mut Py, fd: Value, queue: i32) -> Result<()> {
        let fd = descriptor(py, fd)?;
        terminal_call(py, |host| host.tcflush(fd, queue))
    }

    /// Suspend or resume input or output on file descriptor fd.
    ///
    /// The action argument can be termios.TCOOFF to suspend output,
    /// termios.TCOON to restart output, termios.TCIOFF to suspend input,
    /// or termios.TCION to restart input.
    #[pyfunction]
    #[signature(fd, action, /)]
    fn tcflow(py: &mut Py, fd: Value, action: i32) -> Result<()> {
        let fd = descriptor(py, fd)?;
        terminal_call(py, |host| host.tcflow(fd, action))
    }

    /// Get the tty winsize for file descriptor fd.
    ///
    /// Returns a tuple (ws_row, ws_col).
    #[pyfunction]
    #[signature(fd, /)]
    fn tcgetwinsize(py: &mut Py, fd: Value) -> Result<(i64, i64)> {
        let fd = descriptor(py, fd)?;
        let (columns, rows) = terminal_call(py, |host| host.terminal_size(fd))?;
        Ok((i64::from(rows), i64::from(columns)))
    }

    /// Set the tty winsize for file descriptor fd.
    ///
    /// The winsize to be set is taken from the winsize argument, which
    /// is a two-item tuple (ws_row, ws_col) like the one returned by
    /// tcgetwinsize().
    #[pyfunction]
    #[signature(fd, winsize, /)]
    fn tcsetwinsize(py: &mut Py, fd: Value, winsize: Value) -> Result<()> {
        let fd = descriptor(py, fd)?;
        let [rows, columns] = window_size(py, winsize)?;
        terminal_call(py, |host| {
            // Rows, columns, then the size in pixels, which stays.
            let mut raw = [0; 8];
            host.ioctl_bytes(fd, TIOCGWINSZ, &mut raw)?;
            raw[..2].copy_from_slice(&rows.to_ne_bytes());
            raw[2..4].copy_from_slice(&columns.to_ne_bytes());
            host.ioctl_bytes(fd, TIOCSWINSZ, &mut raw).map(drop)
        })
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let class = exceptions::new_class(py, "termios", "error", base)?;
        py.module_set(module, "error", class)?;
        for (name, number) in constants::CONSTANTS {
            let number = py.new_int(*number);
            py.module_set(module, name, number)?;
        }
        Ok(())
    }
}
