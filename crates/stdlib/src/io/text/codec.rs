//! Decoding and encoding: here for the common encodings, through the registry's incremental codecs for the others.

use super::super::newline::decoder_state;
use super::super::{call, unsupported};
use super::{LineEnd, Native, TextIo};
use bredli_runtime::codecs::OnError;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

impl TextIo {
    /// Decode bytes; `last` says that nothing follows. Newlines are as the reader gets them.
    pub(super) fn decode(py: &mut Py, this: Gc<Self>, input: Vec<u8>, last: bool) -> Result<Vec<u8>> {
        let text = match this.get(py).native {
            Some(native) => TextIo::decode_native(py, this, native, input, last)?,
            None => TextIo::decode_registered(py, this, input, last)?,
        };
        if matches!(this.get(py).line_end, LineEnd::Only(_)) {
            return Ok(text);
        }
        let newlines = &mut this.get_mut(py).newlines;
        if newlines.is_plain(&text) {
            newlines.note_plain(&text);
            return Ok(text);
        }
        Ok(newlines.feed(&text, last))
    }

    fn decode_native(py: &mut Py, this: Gc<Self>, native: Native, mut input: Vec<u8>, last: bool) -> Result<Vec<u8>> {
        let object = this.get_mut(py);
        let carried = std::mem::take(&mut object.carried) as usize;
        if carried > 0 {
            input.splice(0..0, object.carry[..carried].iter().copied());
        }
        if native != Native::Latin1 && input.is_ascii() {
            return Ok(input);
        }
        if native == Native::Utf8 {
            match std::str::from_utf8(&input) {
                Ok(_) => return Ok(input),
                Err(error) if error.error_len().is_none() && !last => {
                    let rest = input.split_off(error.valid_up_to());
                    TextIo::keep(py, this, &rest);
                    return Ok(input);
                }
                Err(_) => {}
            }
        }
        let on_error = this.get(py).handler(py);
        let bytes = py.new_bytes(&input);
        let decoded = match native {
            Native::Utf8 => py.utf8_decode(bytes, &on_error, last)?,
            Native::Ascii => py.ascii_decode(bytes, &on_error)?,
            Native::Latin1 => {
                let text = py.latin1_decode(bytes);
                return Ok(text.get(py).bytes().to_vec());
            }
        };
        if decoded.consumed < input.len() {
            TextIo::keep(py, this, &input[decoded.consumed..]);
        }
        Ok(decoded.text.get(py).bytes().to_vec())
    }

    /// Keep the beginning of a character for the next piece.
    fn keep(py: &mut Py, this: Gc<Self>, rest: &[u8]) {
        let object = this.get_mut(py);
        let count = rest.len().min(object.carry.len());
        object.carry[..count].copy_from_slice(&rest[..count]);
        object.carried = count as u8;
    }

    fn decode_registered(py: &mut Py, this: Gc<Self>, input: Vec<u8>, last: bool) -> Result<Vec<u8>> {
        let Some(decoder) = this.get(py).decoder else { return Err(unsupported(py, "not readable")) };
        let bytes = py.new_bytes(&input);
        let text = call(py, decoder, "decode", &[bytes.into(), Value::bool(last)])?;
        match Gc::<Str>::cast(py, text) {
            Some(text) => Ok(text.get(py).bytes().to_vec()),
            None => {
                let given = py.class_name(text);
                raise!(py, TypeError, "decoder should return a string result, not '{given}'")
            }
        }
    }

    /// The decoder's state: bytes it keeps, and its flags, the lowest of which says that a `\r` is kept.
    pub(super) fn decoder_state(py: &mut Py, this: Gc<Self>) -> Result<(Vec<u8>, Value)> {
        let (bytes, flags) = match this.get(py).decoder {
            None => {
                let object = this.get(py);
                (object.carry[..object.carried as usize].to_vec(), Value::small(0))
            }
            Some(decoder) => {
                let state = call(py, decoder, "getstate", &[])?;
                let (bytes, flags) = decoder_state(py, state)?;
                (bytes.get(py).data().to_vec(), flags)
            }
        };
        if matches!(this.get(py).line_end, LineEnd::Only(_)) {
            return Ok((bytes, flags));
        }
        let pending = Value::small(this.get(py).newlines.pending as i32);
        let doubled = py.binary(BinaryOp::Lshift, flags, Value::small(1))?;
        Ok((bytes, py.binary(BinaryOp::Or, doubled, pending)?))
    }

    /// Put the decoder into a state.
    pub(super) fn set_decoder_state(py: &mut Py, this: Gc<Self>, bytes: &[u8], flags: Value) -> Result<()> {
        let mut flags = flags;
        if !matches!(this.get(py).line_end, LineEnd::Only(_)) {
            let low = py.binary(BinaryOp::And, flags, Value::small(1))?;
            let pending = py.truth(low)?;
            this.get_mut(py).newlines.pending = pending;
            flags = py.binary(BinaryOp::Rshift, flags, Value::small(1))?;
        }
        match this.get(py).decoder {
            None => TextIo::keep(py, this, bytes),
            Some(decoder) => {
                let bytes = py.new_bytes(bytes);
                let state = py.new_tuple(&[bytes.into(), flags]);
                call(py, decoder, "setstate", &[state.into()])?;
            }
        }
        Ok(())
    }

    /// Put the decoder into its first state.
    pub(super) fn reset_decoder(py: &mut Py, this: Gc<Self>) -> Result<()> {
        let object = this.get_mut(py);
        object.carried = 0;
        if !matches!(object.line_end, LineEnd::Only(_)) {
            object.newlines.reset();
        }
        if let Some(decoder) = object.decoder {
            call(py, decoder, "reset", &[])?;
        }
        Ok(())
    }

    /// Encode text and add it to what is to be written.
    pub(super) fn encode(py: &mut Py, this: Gc<Self>, text: Gc<Str>) -> Result<Gc<Bytes>> {
        let on_error = this.get(py).handler(py);
        match (this.get(py).native, this.get(py).encoder) {
            (Some(Native::Utf8), _) => py.utf8_encode(text, &on_error),
            (Some(Native::Latin1), _) => py.narrow_encode(text, 256, &on_error),
            (Some(Native::Ascii), _) => py.narrow_encode(text, 128, &on_error),
            (None, Some(encoder)) => {
                let bytes = call(py, encoder, "encode", &[text.into()])?;
                match Gc::<Bytes>::cast(py, bytes) {
                    Some(bytes) => Ok(bytes),
                    None => {
                        let given = py.class_name(bytes);
                        raise!(py, TypeError, "encoder should return a bytes object, not '{given}'")
                    }
                }
            }
            (None, None) => Err(unsupported(py, "not writable")),
        }
    }

    /// Whether the text's own bytes are its encoding.
    #[inline]
    pub(super) fn encodes_as_is(&self, text: &Str) -> bool {
        match self.native {
            Some(Native::Utf8) => text.is_ascii() || text.to_str().is_some(),
            Some(_) => text.is_ascii(),
            None => false,
        }
    }

    /// Put the encoder at the start of the stream, or somewhere behind it.
    pub(super) fn reset_encoder(py: &mut Py, this: Gc<Self>, at_start: bool) -> Result<()> {
        if let Some(encoder) = this.get(py).encoder {
            if at_start {
                call(py, encoder, "reset", &[])?;
            } else {
                call(py, encoder, "setstate", &[Value::small(0)])?;
            }
        }
        Ok(())
    }

    /// Exchange encoding and error handler of a stream that is in use.
    pub(super) fn change_codec(py: &mut Py, this: Gc<Self>, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> Result<()> {
        let (old_encoding, old_errors) = (this.get(py).encoding, this.get(py).errors);
        let errors = match (errors, encoding, old_errors) {
            (Some(errors), ..) => errors,
            (None, None, Some(errors)) => errors,
            _ => py.intern("strict"),
        };
        let Some(encoding) = encoding.or(old_encoding) else { return Ok(()) };
        let known = OnError::from_name(&errors.get(py).lossy());
        let _ = known;
        TextIo::set_codec(py, this, encoding, errors)?;
        TextIo::start_encoder(py, this)
    }
}
