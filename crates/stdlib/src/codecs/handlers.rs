//! The standard error handlers as Python functions: they get an exception and return a replacement and a position.

use bredli_runtime::codecs::{OnError, ascii_replacement, push_code, wrong_direction};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// The handlers that exist from the start.
pub const NAMES: [&str; 8] =
    ["strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape", "surrogatepass"];

/// The object of the exception and the range that is wrong.
fn range(py: &mut Py, exception: Value) -> Result<(Value, usize, usize)> {
    let object = py.get_attr_named(exception, "object")?;
    let (start, end) = (py.get_attr_named(exception, "start")?, py.get_attr_named(exception, "end")?);
    let (start, end) = (py.to_isize(start)?, py.to_isize(end)?);
    let len = py.len(object)?;
    let end = (end.max(0) as usize).min(len);
    Ok((object, (start.max(0) as usize).min(end), end))
}

/// How a Unicode encoding writes a lone surrogate.
struct Units {
    width: usize,
    big: bool,
}

impl Units {
    fn of(encoding: &str) -> Option<Units> {
        let name = encoding.to_ascii_lowercase();
        let name = if name.ends_with(['-', '_']) { return None } else { name.replace(['-', '_'], "") };
        let (width, order) = match (name.strip_prefix("utf16"), name.strip_prefix("utf32")) {
            (Some(order), _) => (2, order),
            (_, Some(order)) => (4, order),
            _ if name == "utf8" || name == "cputf8" => (3, ""),
            _ => return None,
        };
        matches!(order, "" | "le" | "be").then_some(Units { width, big: order == "be" })
    }

    fn put(&self, code: u32, out: &mut Vec<u8>) {
        match (self.width, self.big) {
            (3, _) => push_code(out, code),
            (width, false) => out.extend_from_slice(&code.to_le_bytes()[..width]),
            (width, true) => out.extend_from_slice(&code.to_be_bytes()[4 - width..]),
        }
    }

    /// The surrogate at the start of the bytes.
    fn get(&self, bytes: &[u8]) -> Option<u32> {
        let unit = bytes.get(..self.width)?;
        let fold = |sum: u32, byte: &u8| sum << 8 | *byte as u32;
        let code = match (self.width, unit) {
            (3, [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF]) => 0xD000 | (*second as u32 & 0x3F) << 6 | (*third as u32 & 0x3F),
            (3, _) => return None,
            _ if self.big => unit.iter().fold(0, fold),
            _ => unit.iter().rev().fold(0, fold),
        };
        Some(code).filter(|code| (0xD800..0xE000).contains(code))
    }
}

/// What a handler answers.
pub fn handle(py: &mut Py, on_error: &OnError, exception: Value) -> Result {
    if !py.is_exception(exception) {
        raise!(py, TypeError, "codec must pass exception instance");
    }
    if *on_error == OnError::Strict {
        return Err(py.raise(exception));
    }
    let class = py.class_of(exception);
    let encoding = py.is_subtype(class, py.exceptions.UnicodeEncodeError);
    let decoding = py.is_subtype(class, py.exceptions.UnicodeDecodeError);
    let translating = py.is_subtype(class, py.exceptions.UnicodeTranslateError);
    let ascii = matches!(on_error, OnError::XmlCharRefReplace | OnError::NameReplace);
    let surrogates = matches!(on_error, OnError::SurrogateEscape | OnError::SurrogatePass);
    let fits = encoding || (decoding && !ascii) || (translating && !ascii && !surrogates);
    if !fits {
        return Err(wrong_direction(py, exception));
    }
    let (object, start, end) = range(py, exception)?;
    let position = py.new_int(end as i64);
    let text = Gc::<Str>::cast(py, object);
    let codes: Vec<u32> = match (text, Gc::<Bytes>::cast(py, object)) {
        (Some(text), _) => text.get(py).code_points().skip(start).take(end - start).collect(),
        (None, Some(bytes)) => bytes.get(py).data()[start..end].iter().map(|byte| *byte as u32).collect(),
        _ => raise!(py, TypeError, "exception attribute object must be str or bytes"),
    };
    let mut out = Vec::new();
    match on_error {
        OnError::Ignore | OnError::Strict | OnError::Other(_) => {}
        OnError::Replace if encoding => out.resize(codes.len(), b'?'),
        OnError::Replace if decoding => push_code(&mut out, 0xFFFD),
        OnError::Replace => codes.iter().for_each(|_| push_code(&mut out, 0xFFFD)),
        OnError::XmlCharRefReplace | OnError::NameReplace | OnError::BackslashReplace => {
            codes.iter().for_each(|code| ascii_replacement(on_error, *code, &mut out));
        }
        OnError::SurrogateEscape if encoding => {
            if !codes.iter().all(|code| (0xDC80..0xDD00).contains(code)) {
                return Err(py.raise(exception));
            }
            let bytes: Vec<u8> = codes.iter().map(|code| *code as u8).collect();
            let bytes = py.new_bytes(&bytes);
            return Ok(py.new_tuple(&[bytes.into(), position]).into());
        }
        OnError::SurrogateEscape => {
            let escaped = codes.iter().take(4).take_while(|byte| **byte >= 0x80);
            let count = escaped.map(|byte| push_code(&mut out, 0xDC00 + byte)).count();
            if count == 0 {
                return Err(py.raise(exception));
            }
            let text = py.new_str_wtf8(&out);
            let position = py.new_int((start + count) as i64);
            return Ok(py.new_tuple(&[text.into(), position]).into());
        }
        OnError::SurrogatePass => {
            let name = py.get_attr_named(exception, "encoding")?;
            let name = py.str_text(name)?;
            let Some(units) = Units::of(&name) else { return Err(py.raise(exception)) };
            if encoding && codes.iter().all(|code| (0xD800..0xE000).contains(code)) {
                codes.iter().for_each(|code| units.put(*code, &mut out));
                let bytes = py.new_bytes(&out);
                return Ok(py.new_tuple(&[bytes.into(), position]).into());
            }
            let found = Gc::<Bytes>::cast(py, object).and_then(|bytes| units.get(&bytes.get(py).data()[start..]));
            let Some(code) = found else { return Err(py.raise(exception)) };
            push_code(&mut out, code);
            let text = py.new_str_wtf8(&out);
            let position = py.new_int((start + units.width) as i64);
            return Ok(py.new_tuple(&[text.into(), position]).into());
        }
    }
    let text = py.new_str_wtf8(&out);
    Ok(py.new_tuple(&[text.into(), position]).into())
}
