//! `open`, `open_code` and `text_encoding`.

use super::buffered::{Buffered, BufferedRandom, BufferedReader, BufferedWriter};
use super::file_io::FileIo;
use super::text::{TextIo, TextOptions};
use super::{call, warn};
use bredli_runtime::prelude::*;

/// The most that a file system's preferred block size can make a buffer hold.
const LARGEST_BUFFER: i64 = 8192 * 1024;

/// What a mode of `open` asks for.
#[derive(Clone, Copy, Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

impl Mode {
    fn parse(py: &mut Py, shown: &str) -> Result<Mode> {
        let mut mode = Mode::default();
        for (index, char) in shown.char_indices() {
            let flag = match char {
                'x' => &mut mode.creating,
                'r' => &mut mode.reading,
                'w' => &mut mode.writing,
                'a' => &mut mode.appending,
                '+' => &mut mode.updating,
                't' => &mut mode.text,
                'b' => &mut mode.binary,
                _ => raise!(py, ValueError, "invalid mode: '{shown}'"),
            };
            if *flag || shown[..index].contains(char) {
                raise!(py, ValueError, "invalid mode: '{shown}'");
            }
            *flag = true;
        }
        if mode.text && mode.binary {
            raise!(py, ValueError, "can't have text and binary mode at once");
        }
        let kinds = mode.creating as u8 + mode.reading as u8 + mode.writing as u8 + mode.appending as u8;
        if kinds > 1 {
            raise!(py, ValueError, "must have exactly one of create/read/write/append mode");
        }
        Ok(mode)
    }

    fn raw(self) -> String {
        let flags = [(self.creating, 'x'), (self.reading, 'r'), (self.writing, 'w'), (self.appending, 'a'), (self.updating, '+')];
        flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect()
    }
}

/// The arguments of `open` besides the file.
pub struct OpenOptions {
    /// How to open it.
    pub mode: String,
    /// The size of the buffer, -1 for the default.
    pub buffering: isize,
    /// The text's encoding.
    pub encoding: Option<Gc<Str>>,
    /// The text's error handler.
    pub errors: Option<Gc<Str>>,
    /// How lines end.
    pub newline: Option<Gc<Str>>,
    /// Whether closing the stream closes the descriptor.
    pub close_fd: bool,
    /// What opens the descriptor.
    pub opener: Option<Value>,
}

/// `open(file, ...)`
pub fn open_file(py: &mut Py, file: Value, options: OpenOptions) -> Result {
    let mode = Mode::parse(py, &options.mode)?;
    if mode.binary {
        for (given, name) in [(options.encoding, "an encoding"), (options.errors, "an errors"), (options.newline, "a newline")] {
            if given.is_some() {
                raise!(py, ValueError, "binary mode doesn't take {name} argument");
            }
        }
        if options.buffering == 1 {
            let text = "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
            let class = py.exceptions.RuntimeWarning;
            warn(py, class, text, 1, None)?;
        }
    }
    let raw = FileIo::create(py, file, &mode.raw(), options.close_fd, options.opener)?;
    let stream = wrap(py, raw, mode, &options);
    if stream.is_err() {
        let exception = py.take_exception();
        let closed = call(py, raw.into(), "close", &[]);
        return super::finish_with(py, closed, Some(exception));
    }
    stream
}

/// The buffer and the text layer around a raw file.
fn wrap(py: &mut Py, raw: Gc<FileIo>, mode: Mode, options: &OpenOptions) -> Result {
    let (block_size, waits) = raw.get(py).preferences();
    let mut buffering = options.buffering;
    let terminal = if buffering < 0 && waits {
        {
            let answer = call(py, raw.into(), "isatty", &[])?;
            py.truth(answer)?
        }
    } else {
        false
    };
    let line_buffering = buffering == 1 && !mode.binary || terminal;
    if terminal || buffering == 1 {
        buffering = -1;
    }
    if buffering < 0 {
        buffering = block_size.clamp(super::DEFAULT_BUFFER_SIZE as i64, LARGEST_BUFFER) as isize;
    }
    if buffering == 0 {
        if !mode.binary {
            raise!(py, ValueError, "can't have unbuffered text I/O");
        }
        return Ok(raw.into());
    }
    let (class, readable, writable) = if mode.updating {
        (py.class::<BufferedRandom>(), true, true)
    } else if mode.reading {
        (py.class::<BufferedReader>(), true, false)
    } else {
        (py.class::<BufferedWriter>(), false, true)
    };
    let buffer = Buffered::create(py, class, raw, buffering, readable, writable)?;
    if mode.binary {
        return Ok(buffer.into());
    }
    let text_options =
        TextOptions { encoding: options.encoding, errors: options.errors, newline: options.newline, line_buffering, write_through: false };
    let text = TextIo::create(py, buffer.into(), text_options)?;
    let name = py.names.mode;
    let shown = py.new_str(&options.mode);
    py.set_attr(text.into(), name, Some(shown.into()))?;
    Ok(text.into())
}

#[pymodule(name = "_io", part)]
pub mod opening {
    use super::*;

    /// Open file and return a stream.  Raise OSError upon failure.
    #[pyfunction]
    #[signature(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)]
    fn open(
        py: &mut Py,
        file: Value,
        mode: Gc<Str>,
        buffering: i32,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
        newline: Option<Gc<Str>>,
        closefd: bool,
        opener: Option<Value>,
    ) -> Result {
        for text in [Some(mode), encoding, errors, newline].into_iter().flatten() {
            py.check_no_null(text)?;
        }
        let file = if py.has_index(file) { file } else { crate::os_error::fspath(py, file)? };
        let mode = mode.get(py).lossy();
        let options = OpenOptions { mode, buffering: buffering as isize, encoding, errors, newline, close_fd: closefd, opener };
        open_file(py, file, options)
    }

    /// Opens the provided file with the intent to import the contents.
    ///
    /// This may perform extra validation beyond open(), but is otherwise interchangeable
    /// with calling open(path, 'rb').
    #[pyfunction]
    #[signature(path)]
    fn open_code(py: &mut Py, path: Gc<Str>) -> Result {
        let options = OpenOptions {
            mode: "rb".to_string(),
            buffering: -1,
            encoding: None,
            errors: None,
            newline: None,
            close_fd: true,
            opener: None,
        };
        open_file(py, path.into(), options)
    }

    /// A helper function to choose the text encoding.
    ///
    /// When encoding is not None, this function returns it.
    /// Otherwise, this function returns the default text encoding
    /// (i.e. "locale" or "utf-8" depends on UTF-8 mode).
    #[pyfunction]
    #[signature(encoding, stacklevel=2, /)]
    fn text_encoding(py: &mut Py, encoding: Value, stacklevel: i32) -> Result {
        if !encoding.is_none() {
            return Ok(encoding);
        }
        super::super::text::default_encoding(py, stacklevel).map(Into::into)
    }
}
