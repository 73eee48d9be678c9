//! `TextIOWrapper`: text over a binary stream.
//!
//! UTF-8, ASCII and Latin-1 are decoded and encoded here; other encodings go through the incremental codecs of the registry.
//! Streams that are exactly buffered ones are called directly. Counterpart: `Modules/_io/textio.c`.

mod codec;
mod methods;
mod read;
mod seek;
mod write;

pub use write::print_to;

use super::buffered::{Buffered, BufferedRandom, BufferedReader, BufferedWriter};
use super::newline::Newlines;
use super::{TextIoBase, call, closed_attribute, unsupported, warn};
use bredli_runtime::codecs::{Common, OnError};
use bredli_runtime::prelude::*;

/// Bytes that are read or kept back for writing at a time.
const CHUNK: usize = 8192;

/// Whether the stream can be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// `__init__` has not succeeded.
    Uninitialized,
    /// It can.
    Ready,
    /// The buffer was detached.
    Detached,
}

/// An encoding that is handled here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Native {
    Utf8,
    Latin1,
    Ascii,
}

/// How lines end in what is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    /// At `\n`, to which the others are translated.
    Translated,
    /// At `\n`, `\r` or `\r\n`, as they are.
    Universal,
    /// Only at this.
    Only(&'static str),
}

/// What a text stream is made with besides its buffer.
pub struct TextOptions {
    /// The encoding; the default one if absent.
    pub encoding: Option<Gc<Str>>,
    /// The error handler.
    pub errors: Option<Gc<Str>>,
    /// How lines end.
    pub newline: Option<Gc<Str>>,
    /// Whether a newline flushes.
    pub line_buffering: bool,
    /// Whether nothing is kept back.
    pub write_through: bool,
}

/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.  It works as follows:
///
/// * On input, if newline is None, universal newlines mode is
///   enabled. Lines in the input can end in '\n', '\r', or '\r\n', and
///   these are translated into '\n' before being returned to the
///   caller. If it is '', universal newline mode is enabled, but line
///   endings are returned to the caller untranslated. If it has any of
///   the other legal values, input lines are only terminated by the given
///   string, and the line ending is returned to the caller untranslated.
///
/// * On output, if newline is None, any '\n' characters written are
///   translated to the system default line separator, os.linesep. If
///   newline is '' or '\n', no translation takes place. If newline is any
///   of the other legal values, any '\n' characters written are translated
///   to the given string.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TextIOWrapper", module = "_io", base = TextIoBase, flags(BASETYPE), dict = dict)]
pub struct TextIo {
    header: Header,
    dict: Option<Gc<Dict>>,
    buffer: Option<Value>,
    #[trace(skip)]
    state: State,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
    #[trace(skip)]
    native: Option<Native>,
    #[trace(skip)]
    on_error: Handler,
    /// Whether the buffer can be read, and written.
    decodes: bool,
    encodes: bool,
    /// The incremental codecs of other encodings.
    decoder: Option<Value>,
    encoder: Option<Value>,
    #[trace(skip)]
    line_end: LineEnd,
    #[trace(skip)]
    newlines: Newlines,
    /// What `\n` is written as, where it is not itself.
    #[trace(skip)]
    written_newline: Option<&'static str>,
    line_buffering: bool,
    write_through: bool,
    seekable: bool,
    /// Whether the position can be told: iterating switches it off.
    telling: bool,
    has_read1: bool,
    finalizing: bool,
    /// Whether the buffer is exactly a buffered stream.
    direct: bool,
    chunk: usize,
    /// Decoded text that has not been read from `at` on, and whether all of it is ASCII.
    text: HeapVec<u8>,
    at: usize,
    ascii: bool,
    /// Whether anything was decoded since the last seek.
    decoded: bool,
    /// Encoded text that has not been written.
    pending: HeapVec<u8>,
    /// The decoder's flags before `text` was decoded, and the bytes that `text` was decoded from.
    snapshot_flags: Option<Value>,
    snapshot: HeapVec<u8>,
    /// The beginning of a character that the native decoder keeps.
    carry: [u8; 4],
    carried: u8,
    /// Bytes per character of what was decoded last.
    ratio: f64,
}

/// The error handler in a form that a heap object may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Handler {
    Strict,
    SurrogateEscape,
    /// Any other, by its name in `errors`.
    Named,
}

/// The encoding that text streams have when none is asked for, as `text_encoding` names it.
pub fn default_encoding(py: &mut Py, level: i32) -> Result<Gc<Str>> {
    let sys_flag = |py: &mut Py, name: &str| -> Result<bool> {
        let key = py.intern("flags");
        let Ok(flags) = py.sys_attribute(key) else {
            py.clear_exception();
            return Ok(false);
        };
        let name = py.intern(name);
        match py.lookup_attr(flags, name)? {
            Some(flag) => py.truth(flag),
            None => Ok(false),
        }
    };
    if sys_flag(py, "warn_default_encoding")? {
        let class = py.exceptions.EncodingWarning;
        warn(py, class, "'encoding' argument not specified", level, None)?;
    }
    let name = if sys_flag(py, "utf8_mode")? { "utf-8" } else { "locale" };
    Ok(py.intern(name))
}

impl TextIo {
    fn uninitialized() -> TextIo {
        TextIo {
            header: Header::EMPTY,
            dict: None,
            buffer: None,
            state: State::Uninitialized,
            encoding: None,
            errors: None,
            native: None,
            on_error: Handler::Strict,
            decodes: false,
            encodes: false,
            decoder: None,
            encoder: None,
            line_end: LineEnd::Translated,
            newlines: Newlines::default(),
            written_newline: None,
            line_buffering: false,
            write_through: false,
            seekable: false,
            telling: false,
            has_read1: false,
            finalizing: false,
            direct: false,
            chunk: CHUNK,
            text: HeapVec::EMPTY,
            at: 0,
            ascii: true,
            decoded: false,
            pending: HeapVec::EMPTY,
            snapshot_flags: None,
            snapshot: HeapVec::EMPTY,
            carry: [0; 4],
            carried: 0,
            ratio: 0.0,
        }
    }

    /// A stream of exactly this class.
    pub fn create(py: &mut Py, buffer: Value, options: TextOptions) -> Result<Gc<Self>> {
        let class = py.class::<TextIo>();
        let this = py.alloc_as(class, TextIo::uninitialized());
        TextIo::connect(py, this, buffer, options)?;
        Ok(this)
    }

    /// Connect to a buffer.
    fn connect(py: &mut Py, this: Gc<Self>, buffer: Value, options: TextOptions) -> Result<()> {
        this.get_mut(py).state = State::Uninitialized;
        TextIo::set_newline(py, this, options.newline)?;
        let encoding = match options.encoding {
            Some(encoding) => encoding,
            None => default_encoding(py, 1)?,
        };
        let errors = match options.errors {
            Some(errors) => errors,
            None => py.intern("strict"),
        };
        for text in [encoding, errors] {
            py.check_no_null(text)?;
        }
        let object = this.get_mut(py);
        (object.line_buffering, object.write_through) = (options.line_buffering, options.write_through);
        object.buffer = Some(buffer);
        object.forget_text();
        object.pending.clear();
        object.chunk = CHUNK;
        let exact = [py.class::<BufferedReader>(), py.class::<BufferedWriter>(), py.class::<BufferedRandom>()];
        let direct = exact.contains(&py.class_of(buffer));
        this.get_mut(py).direct = direct;
        let readable = call(py, buffer, "readable", &[])?;
        this.get_mut(py).decodes = py.truth(readable)?;
        let writable = call(py, buffer, "writable", &[])?;
        this.get_mut(py).encodes = py.truth(writable)?;
        TextIo::set_codec(py, this, encoding, errors)?;
        let seekable = call(py, buffer, "seekable", &[])?;
        let seekable = py.truth(seekable)?;
        let has_read1 = direct || {
            let name = py.intern("read1");
            py.lookup_attr(buffer, name)?.is_some()
        };
        let object = this.get_mut(py);
        (object.seekable, object.telling, object.has_read1) = (seekable, seekable, has_read1);
        TextIo::start_encoder(py, this)?;
        super::set_wrapped(py, buffer, true);
        this.get_mut(py).state = State::Ready;
        Ok(())
    }

    /// Choose how lines end.
    fn set_newline(py: &mut Py, this: Gc<Self>, newline: Option<Gc<Str>>) -> Result<()> {
        let bytes = newline.map(|newline| newline.get(py).bytes());
        let (line_end, written) = match bytes {
            None => (LineEnd::Translated, None),
            Some(b"") => (LineEnd::Universal, None),
            Some(b"\n") => (LineEnd::Only("\n"), None),
            Some(b"\r") => (LineEnd::Only("\r"), Some("\r")),
            Some(b"\r\n") => (LineEnd::Only("\r\n"), Some("\r\n")),
            Some(_) => {
                let shown = py.repr_text(newline.map_or(Value::NONE, Into::into))?;
                raise!(py, ValueError, "illegal newline value: {shown}");
            }
        };
        let object = this.get_mut(py);
        (object.line_end, object.written_newline) = (line_end, written);
        object.newlines = Newlines::new(line_end == LineEnd::Translated);
        Ok(())
    }

    /// Choose encoding and error handler.
    fn set_codec(py: &mut Py, this: Gc<Self>, encoding: Gc<Str>, errors: Gc<Str>) -> Result<()> {
        let encoding = if encoding.get(py).bytes() == b"locale" { py.intern("UTF-8") } else { encoding };
        let name = encoding.get(py).lossy();
        let native = match Common::from_name(&name) {
            Some(Common::Utf8) => Some(Native::Utf8),
            Some(Common::Latin1) => Some(Native::Latin1),
            Some(Common::Ascii) => Some(Native::Ascii),
            _ => None,
        };
        let (mut decoder, mut encoder) = (None, None);
        if native.is_none() {
            let info: Value = py.text_codec(&name, "codecs.open()")?.into();
            let (decodes, encodes) = (this.get(py).decodes, this.get(py).encodes);
            if decodes {
                decoder = Some(call(py, info, "incrementaldecoder", &[errors.into()])?);
            }
            if encodes {
                encoder = Some(call(py, info, "incrementalencoder", &[errors.into()])?);
            }
        }
        let handler = match errors.get(py).bytes() {
            b"strict" => Handler::Strict,
            b"surrogateescape" => Handler::SurrogateEscape,
            _ => Handler::Named,
        };
        let object = this.get_mut(py);
        (object.encoding, object.errors, object.native, object.on_error) = (Some(encoding), Some(errors), native, handler);
        (object.decoder, object.encoder, object.carried) = (decoder, encoder, 0);
        Ok(())
    }

    /// An encoder that does not begin at the start of the stream writes no byte order mark.
    fn start_encoder(py: &mut Py, this: Gc<Self>) -> Result<()> {
        let object = this.get(py);
        if let (true, Some(encoder), Some(buffer)) = (object.seekable, object.encoder, object.buffer) {
            let position = call(py, buffer, "tell", &[])?;
            if !py.eq(position, Value::small(0))? {
                call(py, encoder, "setstate", &[Value::small(0)])?;
            }
        }
        Ok(())
    }

    /// The error handler.
    fn handler(&self, py: &Py) -> OnError {
        match self.on_error {
            Handler::Strict => OnError::Strict,
            Handler::SurrogateEscape => OnError::SurrogateEscape,
            Handler::Named => self.errors.map_or(OnError::Strict, |errors| OnError::from_name(&errors.get(py).lossy())),
        }
    }

    /// Forget what was decoded and not read.
    fn forget_text(&mut self) {
        self.text.clear();
        (self.at, self.ascii, self.decoded) = (0, true, false);
        self.snapshot_flags = None;
        self.snapshot.clear();
    }

    /// The buffer, with an error when there is none.
    fn attached(this: Gc<Self>, py: &mut Py) -> Result {
        let object = this.get(py);
        match (object.state, object.buffer) {
            (State::Ready, Some(buffer)) => Ok(buffer),
            (State::Detached, _) => raise!(py, ValueError, "underlying buffer has been detached"),
            _ => raise!(py, ValueError, "I/O operation on uninitialized object"),
        }
    }

    /// The buffer, if it is exactly a buffered stream.
    fn direct_buffer(&self, py: &Py) -> Option<Gc<Buffered>> {
        if self.direct { Gc::<Buffered>::cast(py, self.buffer?) } else { None }
    }

    /// The buffer of a stream that is not closed.
    fn opened(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::attached(this, py)?;
        let closed = match this.get(py).direct_buffer(py) {
            Some(buffered) => Buffered::is_closed(buffered, py)?,
            None => {
                let class = py.class::<TextIo>();
                if py.class_of(this.into()) == class { closed_attribute(py, buffer)? } else { closed_attribute(py, this.into())? }
            }
        };
        if closed {
            raise!(py, ValueError, "I/O operation on closed file.");
        }
        Ok(buffer)
    }

    /// The buffer of a stream that can be read.
    fn reading(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::opened(this, py)?;
        if this.get(py).decodes { Ok(buffer) } else { Err(unsupported(py, "not readable")) }
    }
}
