//! The registries of codecs and error handlers, and conversion through registered codecs.
//!
//! Counterpart: `Python/codecs.c`.

use super::OnError;
use crate::object::{Dict, Str, Tuple};
use crate::types::{Bytes, List};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Tracer, Value};

/// What Python code has registered.
#[derive(Clone, Copy)]
pub struct Codecs {
    /// Search functions.
    pub search_path: Gc<List>,
    /// Found codecs by normalised name.
    pub cache: Gc<Dict>,
    /// Error handlers by name.
    pub errors: Gc<Dict>,
}

impl Codecs {
    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        tracer.gc(self.search_path);
        tracer.gc(self.cache);
        tracer.gc(self.errors);
    }

    /// The registries of the interpreter.
    pub fn of(py: &mut Py) -> Result<Codecs> {
        if let Some(codecs) = py.codecs {
            return Ok(codecs);
        }
        let codecs = Codecs { search_path: py.new_list(&[])?, cache: py.new_dict(), errors: py.new_dict() };
        py.codecs = Some(codecs);
        Ok(codecs)
    }

    /// The callable that handles errors by this name.
    pub fn error_handler(py: &mut Py, name: &str) -> Result {
        let codecs = Codecs::of(py)?;
        let key = py.new_str(name);
        match py.dict_get_str(codecs.errors, key) {
            Some(handler) => Ok(handler),
            None => raise!(py, LookupError, "unknown error handler name '{name}'"),
        }
    }

    /// Whether there is an error handler by this name, native ones included.
    pub fn knows_handler(py: &mut Py, name: &str) -> Result<bool> {
        if !matches!(OnError::from_name(name), OnError::Other(_)) {
            return Ok(true);
        }
        let codecs = Codecs::of(py)?;
        let key = py.new_str(name);
        Ok(py.dict_get_str(codecs.errors, key).is_some())
    }
}

/// The name in the form in which codecs are looked up.
pub fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for char in name.chars() {
        if char.is_ascii_alphanumeric() || char == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            gap = false;
            out.push(char.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    out
}

impl Py {
    /// `codecs.lookup(encoding)`: a CodecInfo.
    pub fn codec_lookup(&mut self, encoding: &str) -> Result {
        let codecs = Codecs::of(self)?;
        let name = normalize(encoding);
        let key = self.new_str(&name);
        if let Some(found) = self.dict_get_str(codecs.cache, key) {
            return Ok(found);
        }
        if codecs.search_path.get(self).is_empty() {
            self.import_module("encodings")?;
        }
        for index in 0..codecs.search_path.get(self).len() {
            let Some(function) = codecs.search_path.get(self).items().get(index).copied() else { break };
            let found = self.call(function, &[key.into()])?;
            if found.is_none() {
                continue;
            }
            if Gc::<Tuple>::cast(self, found).is_none_or(|tuple| tuple.get(self).len() != 4) {
                raise!(self, TypeError, "codec search functions must return 4-tuples");
            }
            self.dict_set_str(codecs.cache, key, found)?;
            return Ok(found);
        }
        raise!(self, LookupError, "unknown encoding: {encoding}")
    }

    /// The codec for a text encoding; `method` is what other codecs are to be used with.
    pub fn text_codec(&mut self, encoding: &str, method: &str) -> Result<Gc<Tuple>> {
        let found = self.codec_lookup(encoding)?;
        let codec = Gc::<Tuple>::known(self, found);
        if self.class_of(found) != self.types.tuple {
            let name = self.intern("_is_text_encoding");
            if let Some(flag) = self.lookup_attr(found, name)?
                && !self.truth(flag)?
            {
                raise!(self, LookupError, "'{encoding}' is not a text encoding; use {method} to handle arbitrary codecs");
            }
        }
        Ok(codec)
    }

    /// Call the encoder (0) or decoder (1) of a codec; the first item of what it returns.
    pub fn call_codec(&mut self, codec: Gc<Tuple>, which: usize, object: Value, errors: Option<&str>, encoding: &str) -> Result {
        let function = codec.get(self).items()[which];
        let result = match errors {
            Some(errors) => {
                let errors = self.new_str(errors);
                self.call(function, &[object, errors.into()])
            }
            None => self.call(function, &[object]),
        };
        let result = match result {
            Ok(result) => result,
            Err(raised) => return Err(self.note_codec(raised, which, encoding)),
        };
        match Gc::<Tuple>::cast(self, result)
            .and_then(|tuple| tuple.get(self).items().first().copied().filter(|_| tuple.get(self).len() == 2))
        {
            Some(value) => Ok(value),
            None => {
                let kind = ["encoder", "decoder"][which];
                raise!(self, TypeError, "{kind} must return a tuple (object, integer)")
            }
        }
    }

    /// Add the codec's name as a note to the exception.
    fn note_codec(&mut self, raised: Raised, which: usize, encoding: &str) -> Raised {
        let operation = ["encoding", "decoding"][which];
        let note = format!("{operation} with '{encoding}' codec failed");
        let exception = self.take_exception();
        let note = self.new_str(&note);
        match self.call_method_named(exception, "add_note", &[note.into()]) {
            Ok(_) => self.restore_exception(exception),
            Err(_) => {
                self.clear_exception();
                let _ = raised;
                self.restore_exception(exception)
            }
        }
    }

    /// `text.encode(encoding, errors)` through the registry.
    pub(super) fn encode_registered(&mut self, text: Gc<Str>, encoding: &str, errors: &str) -> Result<Gc<Bytes>> {
        let codec = self.text_codec(encoding, "codecs.encode()")?;
        let result = self.call_codec(codec, 0, text.into(), Some(errors), encoding)?;
        match Gc::<Bytes>::cast(self, result) {
            Some(bytes) => Ok(bytes),
            None => {
                let given = self.class_name(result);
                raise!(
                    self,
                    TypeError,
                    "'{encoding}' encoder returned '{given}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
                )
            }
        }
    }

    /// `bytes.decode(encoding, errors)` through the registry.
    pub(super) fn decode_registered(&mut self, bytes: Gc<Bytes>, encoding: &str, errors: &str) -> Result<Gc<Str>> {
        let codec = self.text_codec(encoding, "codecs.decode()")?;
        let result = self.call_codec(codec, 1, bytes.into(), Some(errors), encoding)?;
        match Gc::<Str>::cast(self, result) {
            Some(text) => Ok(text),
            None => {
                let given = self.class_name(result);
                raise!(
                    self,
                    TypeError,
                    "'{encoding}' decoder returned '{given}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
                )
            }
        }
    }
}
