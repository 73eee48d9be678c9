//! `_json`: the quick half of `json`.
//!
//! Counterpart: `Modules/_json.c`.

mod encoder;
mod quote;
mod scanner;
mod string;

use bredli_runtime::object::count_chars;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
pub use encoder::Encoder;
pub use scanner::Scanner;

/// Raise `json.JSONDecodeError` about a byte of a document.
#[cold]
fn decode_error(py: &mut Py, text: &str, document: Gc<Str>, at: usize) -> Raised {
    let position = char_index(py, document, at);
    let position = py.new_int(position as i64);
    let text = py.new_str(text);
    let made = match py.import_module("json.decoder") {
        Ok(module) => py.get_attr_named(module, "JSONDecodeError"),
        Err(raised) => Err(raised),
    };
    match made.and_then(|class| py.call(class, &[text.into(), document.into(), position])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// How many characters there are before a byte.
fn char_index(py: &Py, text: Gc<Str>, at: usize) -> usize {
    let text = text.get(py);
    if text.is_ascii() { at } else { count_chars(&text.bytes()[..at]) }
}

/// Where a character starts; None if there are not so many before it.
fn byte_index(py: &mut Py, text: Gc<Str>, index: usize) -> Option<usize> {
    (index <= text.get(py).char_len()).then(|| text.byte_offset(py, index))
}

/// The text that a function is given.
fn text_argument(py: &mut Py, value: Value) -> Result<Gc<Str>> {
    match Gc::<Str>::cast(py, value) {
        Some(text) => Ok(text),
        None => {
            let class = py.class_name(value);
            raise!(py, TypeError, "first argument must be a string, not {class}")
        }
    }
}

/// json speedups
#[pymodule(name = "_json")]
pub mod json {
    use super::*;

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[pyfunction]
    #[signature(string, end, strict=True, /)]
    #[no_text_signature]
    fn scanstring(py: &mut Py, string: Value, end: isize, strict: bool) -> Result<(Value, usize)> {
        let text = text_argument(py, string)?;
        let start = usize::try_from(end).ok().and_then(|end| byte_index(py, text, end));
        let Some(start) = start else { raise!(py, ValueError, "end is out of bounds") };
        match string::scan(py, text, start, strict) {
            Ok((found, end)) => Ok((found.into(), char_index(py, text, end))),
            Err(problem) => Err(decode_error(py, problem.text, text, problem.at)),
        }
    }

    /// encode_basestring_ascii(string) -> string
    ///
    /// Return an ASCII-only JSON representation of a Python string
    #[pyfunction]
    #[signature(object, /)]
    fn encode_basestring_ascii(py: &mut Py, object: Value) -> Result<Gc<Str>> {
        let text = text_argument(py, object)?;
        let mut quoted = Vec::with_capacity(text.get(py).byte_len() + 2);
        quote::ascii(text.get(py).bytes(), &mut quoted);
        Ok(py.new_str_wtf8(&quoted))
    }

    /// encode_basestring(string) -> string
    ///
    /// Return a JSON representation of a Python string
    #[pyfunction]
    #[signature(object, /)]
    fn encode_basestring(py: &mut Py, object: Value) -> Result<Gc<Str>> {
        let text = text_argument(py, object)?;
        let mut quoted = Vec::with_capacity(text.get(py).byte_len() + 2);
        quote::unicode(text.get(py).bytes(), &mut quoted);
        Ok(py.new_str_wtf8(&quoted))
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let (scanner, encoder) = (Scanner::class(py), Encoder::class(py));
        py.module_set(module, "make_scanner", scanner.into())?;
        py.module_set(module, "make_encoder", encoder.into())
    }
}
