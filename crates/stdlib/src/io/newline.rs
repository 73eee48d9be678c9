//! Newlines in decoded text: noting which kinds there were, and translating them to `\n`.
//!
//! Counterpart: the first part of `Modules/_io/textio.c`.

use super::call;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Bits of [`Newlines::seen`].
const CR: u8 = 1;
const LF: u8 = 2;
const CRLF: u8 = 4;

/// The state of newline translation.
#[derive(Clone, Copy, Default)]
pub struct Newlines {
    /// Whether all kinds become `\n`.
    pub translate: bool,
    /// Whether a `\r` was kept back, since a `\n` may follow it.
    pub pending: bool,
    seen: u8,
}

impl Newlines {
    /// With or without translation.
    pub fn new(translate: bool) -> Newlines {
        Newlines { translate, ..Newlines::default() }
    }

    /// Whether text may be taken as it is, apart from noting that it has a `\n`.
    #[inline]
    pub fn is_plain(&self, text: &[u8]) -> bool {
        !self.pending && memchr::memchr(b'\r', text).is_none()
    }

    /// Note what kinds there are in plain text.
    #[inline]
    pub fn note_plain(&mut self, text: &[u8]) {
        if self.seen & LF == 0 && memchr::memchr(b'\n', text).is_some() {
            self.seen |= LF;
        }
    }

    /// Process a piece of text; `last` says that nothing follows.
    pub fn feed(&mut self, text: &[u8], last: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 1);
        if self.pending && (last || !text.is_empty()) {
            out.push(b'\r');
            self.pending = false;
        }
        out.extend_from_slice(text);
        if !last && out.last() == Some(&b'\r') {
            out.pop();
            self.pending = true;
        }
        let (mut from, mut to) = (0, 0);
        while from < out.len() {
            let byte = out[from];
            from += 1;
            let mut put = byte;
            if byte == b'\n' {
                self.seen |= LF;
            } else if byte == b'\r' {
                let pair = out.get(from) == Some(&b'\n');
                self.seen |= if pair { CRLF } else { CR };
                if self.translate {
                    put = b'\n';
                    from += pair as usize;
                } else if pair {
                    out[to] = b'\r';
                    to += 1;
                    from += 1;
                    put = b'\n';
                }
            }
            out[to] = put;
            to += 1;
        }
        out.truncate(to);
        out
    }

    /// Back to the start.
    pub fn reset(&mut self) {
        (self.pending, self.seen) = (false, 0);
    }

    /// What `newlines` shows: None, one kind, or a tuple of kinds.
    pub fn shown(&self, py: &mut Py) -> Value {
        let mut kinds = RootVec::new(&mut py.heap);
        for (bit, text) in [(CR, "\r"), (LF, "\n"), (CRLF, "\r\n")] {
            if self.seen & bit != 0 {
                let text = py.new_str(text);
                kinds.push(text.into());
            }
        }
        match kinds.len() {
            0 => Value::NONE,
            1 => kinds[0],
            _ => py.new_tuple(&kinds).into(),
        }
    }
}

/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "IncrementalNewlineDecoder", module = "_io", flags(BASETYPE))]
pub struct NewlineDecoder {
    header: Header,
    decoder: Option<Value>,
    #[trace(skip)]
    newlines: Newlines,
}

impl NewlineDecoder {
    /// The wrapped decoder, None if there is none.
    fn decoder(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).decoder {
            Some(decoder) => Ok(decoder),
            None => raise!(py, ValueError, "IncrementalNewlineDecoder.__init__() not called"),
        }
    }
}

/// The state of a decoder, `(bytes, flag)`, checked.
pub fn decoder_state(py: &mut Py, state: Value) -> Result<(Gc<Bytes>, Value)> {
    let Some(pair) = Gc::<Tuple>::cast(py, state) else { raise!(py, TypeError, "illegal decoder state") };
    let [buffer, flag] = *pair.get(py).items() else { raise!(py, TypeError, "illegal decoder state") };
    let Some(bytes) = Gc::<Bytes>::cast(py, buffer) else {
        let given = py.class_name(buffer);
        raise!(py, TypeError, "illegal decoder state: the first item should be a bytes object, not '{given}'");
    };
    Ok((bytes, flag))
}

#[pymethods]
impl NewlineDecoder {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, NewlineDecoder { header: Header::EMPTY, decoder: None, newlines: Newlines::default() })
    }

    #[signature(decoder, translate, errors = "strict")]
    fn __init__(this: Gc<Self>, py: &mut Py, decoder: Value, translate: bool, errors: Value) -> Result<()> {
        let _ = errors;
        let object = this.get_mut(py);
        object.decoder = Some(decoder);
        object.newlines = Newlines::new(translate);
        Ok(())
    }

    #[signature(self, /, input, r#final=False)]
    fn decode(this: Gc<Self>, py: &mut Py, input: Value, r#final: bool) -> Result {
        let decoder = NewlineDecoder::decoder(this, py)?;
        let text = match decoder {
            Value::NONE => input,
            decoder => call(py, decoder, "decode", &[input, Value::bool(r#final)])?,
        };
        let Some(text) = Gc::<Str>::cast(py, text) else {
            let given = py.class_name(text);
            raise!(py, TypeError, "decoder should return a string result, not '{given}'");
        };
        let mut newlines = this.get(py).newlines;
        let bytes = text.get(py).bytes();
        if newlines.is_plain(bytes) {
            newlines.note_plain(bytes);
            this.get_mut(py).newlines = newlines;
            return Ok(text.into());
        }
        let out = newlines.feed(bytes, r#final);
        this.get_mut(py).newlines = newlines;
        Ok(py.new_str_wtf8(&out).into())
    }

    #[signature(self, /)]
    fn getstate(this: Gc<Self>, py: &mut Py) -> Result {
        let decoder = NewlineDecoder::decoder(this, py)?;
        let (buffer, flag) = match decoder {
            Value::NONE => (py.new_bytes(&[]), Value::small(0)),
            decoder => {
                let state = call(py, decoder, "getstate", &[])?;
                decoder_state(py, state)?
            }
        };
        let doubled = py.binary(BinaryOp::Lshift, flag, Value::small(1))?;
        let flag = if this.get(py).newlines.pending { py.binary(BinaryOp::Or, doubled, Value::small(1))? } else { doubled };
        Ok(py.new_tuple(&[buffer.into(), flag]).into())
    }

    #[signature(self, state, /)]
    fn setstate(this: Gc<Self>, py: &mut Py, state: Value) -> Result<()> {
        let decoder = NewlineDecoder::decoder(this, py)?;
        let pair = Gc::<Tuple>::cast(py, state).and_then(|pair| match *pair.get(py).items() {
            [buffer, flag] => Some((buffer, flag)),
            _ => None,
        });
        let Some((buffer, flag)) = pair else { raise!(py, TypeError, "state argument must be a tuple") };
        let low = py.binary(BinaryOp::And, flag, Value::small(1))?;
        let pending = py.truth(low)?;
        this.get_mut(py).newlines.pending = pending;
        if !decoder.is_none() {
            let halved = py.binary(BinaryOp::Rshift, flag, Value::small(1))?;
            let state = py.new_tuple(&[buffer, halved]);
            call(py, decoder, "setstate", &[state.into()])?;
        }
        Ok(())
    }

    #[signature(self, /)]
    fn reset(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let decoder = NewlineDecoder::decoder(this, py)?;
        this.get_mut(py).newlines.reset();
        if !decoder.is_none() {
            call(py, decoder, "reset", &[])?;
        }
        Ok(())
    }

    #[getter]
    fn newlines(this: Gc<Self>, py: &mut Py) -> Result {
        NewlineDecoder::decoder(this, py)?;
        let newlines = this.get(py).newlines;
        Ok(newlines.shown(py))
    }
}
