//! `_json.Scanner`: values from JSON text.

use super::{byte_index, char_index, decode_error, string, text_argument};
use bredli_num::parse_float;
use bredli_runtime::prelude::*;

/// JSON scanner object
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Scanner", module = "_json", flags(BASETYPE))]
pub struct Scanner {
    header: Header,
    strict: bool,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
}

/// One run over a document.
struct Scan {
    scanner: Gc<Scanner>,
    document: Gc<Str>,
    /// The keys that have been seen, once there is a second object; until then they are in the first one.
    memo: Option<Gc<Dict>>,
    first: Option<Gc<Dict>>,
    /// The last of the keys with each of some cheap hashes.
    recent: RootVec,
    strict: bool,
    at: usize,
}

/// Integers of so many characters are small.
const SHORT: usize = 14;

/// How many recent keys are kept at hand.
const RECENT: usize = 64;

impl Scan {
    fn bytes<'p>(&self, py: &'p Py) -> &'p [u8] {
        &self.document.get(py).bytes()[self.at..]
    }

    #[inline(always)]
    fn peek(&self, py: &Py) -> Option<u8> {
        self.document.get(py).bytes().get(self.at).copied()
    }

    #[inline]
    fn skip_space(&mut self, py: &Py) {
        let rest = self.bytes(py);
        match rest {
            [first, ..] if *first > b' ' => {}
            [b' ', second, ..] if *second > b' ' => self.at += 1,
            _ => self.skip_spaces(py),
        }
    }

    #[inline(never)]
    fn skip_spaces(&mut self, py: &Py) {
        self.at += self.bytes(py).iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    #[cold]
    fn error(&self, py: &mut Py, text: &str, at: usize) -> Raised {
        decode_error(py, text, self.document, at)
    }

    /// There is no value here: `StopIteration`, of which the decoder makes an error.
    #[cold]
    fn nothing(&self, py: &mut Py) -> Raised {
        let index = char_index(py, self.document, self.at);
        let index = py.new_int(index as i64);
        py.stop_iteration(Some(index))
    }

    fn string(&mut self, py: &mut Py) -> Result<Gc<Str>> {
        match string::scan(py, self.document, self.at + 1, self.strict) {
            Ok((text, end)) => {
                self.at = end;
                Ok(text)
            }
            Err(problem) => Err(self.error(py, problem.text, problem.at)),
        }
    }

    fn value(&mut self, py: &mut Py) -> Result {
        let rest = self.bytes(py);
        let (word, value) = match rest.first() {
            Some(b'"') => return Ok(self.string(py)?.into()),
            Some(b'{') => {
                py.enter_native(" while decoding a JSON object from a unicode string")?;
                return self.object(py);
            }
            Some(b'[') => {
                py.enter_native(" while decoding a JSON array from a unicode string")?;
                return self.array(py);
            }
            Some(b'n') if rest.starts_with(b"null") => (4, Value::NONE),
            Some(b't') if rest.starts_with(b"true") => (4, Value::TRUE),
            Some(b'f') if rest.starts_with(b"false") => (5, Value::FALSE),
            Some(b'N') if rest.starts_with(b"NaN") => return self.constant(py, "NaN"),
            Some(b'I') if rest.starts_with(b"Infinity") => return self.constant(py, "Infinity"),
            Some(b'-') if rest.starts_with(b"-Infinity") => return self.constant(py, "-Infinity"),
            Some(b'-' | b'0'..=b'9') => return self.number(py),
            _ => return Err(self.nothing(py)),
        };
        self.at += word;
        Ok(value)
    }

    fn constant(&mut self, py: &mut Py, name: &str) -> Result {
        self.at += name.len();
        let parse = self.scanner.get(py).parse_constant;
        let name = py.new_str(name);
        py.call(parse, &[name.into()])
    }

    fn number(&mut self, py: &mut Py) -> Result {
        let rest = self.bytes(py);
        let digits = |from: usize| rest[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let sign = usize::from(rest[0] == b'-');
        let whole = if rest.get(sign) == Some(&b'0') { 1 } else { digits(sign) };
        if whole == 0 {
            return Err(self.nothing(py));
        }
        let mut end = sign + whole;
        let mut integral = true;
        if rest.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            integral = false;
        }
        if matches!(rest.get(end), Some(b'e' | b'E')) {
            let signed = end + 1 + usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            if signed < rest.len() && digits(signed) > 0 {
                end = signed + digits(signed);
                integral = false;
            }
        }
        let text = &rest[..end];
        let (start, end) = (self.at, self.at + end);
        self.at = end;
        let Scanner { parse_float: float, parse_int: int, .. } = *self.scanner.get(py);
        if integral && int == Value::from(py.types.int) && text.len() <= SHORT {
            let number = text[sign..].iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
            return Ok(py.new_int(if sign == 1 { -number } else { number }));
        }
        if !integral
            && float == Value::from(py.types.float)
            && let Some(number) = parse_float(text)
        {
            return Ok(Value::float(number));
        }
        let text = py.substr(self.document, start, end);
        py.call(if integral { int } else { float }, &[text.into()])
    }

    /// After a member or item: whether the container goes on.
    fn goes_on(&mut self, py: &mut Py, close: u8, trailing: &str) -> Result<bool> {
        self.skip_space(py);
        match self.peek(py) {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space(py);
                if self.peek(py) == Some(close) { Err(self.error(py, trailing, comma)) } else { Ok(true) }
            }
            _ => Err(self.error(py, "Expecting ',' delimiter", self.at)),
        }
    }

    /// The text of a key: an equal one that has been seen, if there is one.
    fn key(&mut self, py: &mut Py) -> Result<Gc<Str>> {
        if self.peek(py) != Some(b'"') {
            return Err(self.error(py, "Expecting property name enclosed in double quotes", self.at));
        }
        let (length, recent) = self.recent_key(py);
        if let Some(key) = self.recent.get(recent).and_then(|key| Gc::<Str>::cast(py, *key))
            && length == Some(key.get(py).byte_len())
            && self.bytes(py)[1..].starts_with(key.get(py).bytes())
        {
            self.at += key.get(py).byte_len() + 2;
            return Ok(key);
        }
        let key = self.known_key(py)?;
        if length == Some(key.get(py).byte_len())
            && let Some(place) = self.recent.get_mut(recent)
        {
            *place = key.into();
        }
        Ok(key)
    }

    /// The length of the key that begins here, if that needs no decoding, and its place among the recent ones.
    fn recent_key(&self, py: &Py) -> (Option<usize>, usize) {
        let rest = &self.bytes(py)[1..];
        let Some(length) = string::plain_length(rest, true).filter(|length| rest[*length] == b'"' && *length > 0) else { return (None, 0) };
        let hash = length + 7 * rest[0] as usize + 31 * rest[length - 1] as usize + 3 * rest[length / 2] as usize;
        (Some(length), hash % RECENT)
    }

    fn known_key(&mut self, py: &mut Py) -> Result<Gc<Str>> {
        let key = self.string(py)?;
        let Some(memo) = self.memo else { return Ok(key) };
        match py.dict_get_str(memo, key) {
            Some(seen) => Ok(Gc::<Str>::known(py, seen)),
            None => {
                py.dict_set_str(memo, key, key.into())?;
                Ok(key)
            }
        }
    }

    /// An object begins whose keys go into a dictionary.
    fn remember_keys(&mut self, py: &mut Py, dict: Gc<Dict>) -> Result<()> {
        if self.memo.is_some() {
            return Ok(());
        }
        let Some(first) = self.first else {
            self.first = Some(dict);
            return Ok(());
        };
        let memo = py.new_dict();
        let mut at = 0;
        while let Some((position, key, _)) = first.get(py).entry_from(at) {
            if py.is_exact_str(key) {
                py.dict_set_str(memo, Gc::known(py, key), key)?;
            }
            at = position + 1;
        }
        self.memo = Some(memo);
        Ok(())
    }

    fn object(&mut self, py: &mut Py) -> Result {
        let Scanner { object_hook, object_pairs_hook, .. } = *self.scanner.get(py);
        let dict = py.new_dict();
        // Hooks could do anything with the first dictionary.
        let hooked = !object_hook.is_none() || !object_pairs_hook.is_none();
        if hooked && self.memo.is_none() {
            self.memo = Some(py.new_dict());
        }
        self.remember_keys(py, dict)?;
        let mut pairs = (!object_pairs_hook.is_none()).then(|| RootVec::new(&mut py.heap));
        self.at += 1;
        self.skip_space(py);
        if self.peek(py) == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                let key = self.key(py)?;
                self.skip_space(py);
                if self.peek(py) != Some(b':') {
                    return Err(self.error(py, "Expecting ':' delimiter", self.at));
                }
                self.at += 1;
                self.skip_space(py);
                let value = self.value(py)?;
                match &mut pairs {
                    None => py.dict_set_str(dict, key, value)?,
                    Some(pairs) => pairs.push(py.new_tuple(&[key.into(), value]).into()),
                }
                if !self.goes_on(py, b'}', "Illegal trailing comma before end of object")? {
                    break;
                }
            }
        }
        if let Some(pairs) = pairs {
            let pairs = py.new_list(&pairs)?;
            return py.call(object_pairs_hook, &[pairs.into()]);
        }
        if object_hook.is_none() { Ok(dict.into()) } else { py.call(object_hook, &[dict.into()]) }
    }

    fn array(&mut self, py: &mut Py) -> Result {
        let mut items = RootVec::new(&mut py.heap);
        self.at += 1;
        self.skip_space(py);
        if self.peek(py) == Some(b']') {
            self.at += 1;
        } else {
            loop {
                let value = self.value(py)?;
                items.push(value);
                if !self.goes_on(py, b']', "Illegal trailing comma before end of array")? {
                    break;
                }
            }
        }
        Ok(py.new_list(&items)?.into())
    }
}

#[pymethods]
impl Scanner {
    #[signature(context)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, context: Value) -> Result<Gc<Scanner>> {
        let strict = py.get_attr_named(context, "strict")?;
        let strict = py.truth(strict)?;
        let object_hook = py.get_attr_named(context, "object_hook")?;
        let object_pairs_hook = py.get_attr_named(context, "object_pairs_hook")?;
        let parse_float = py.get_attr_named(context, "parse_float")?;
        let parse_int = py.get_attr_named(context, "parse_int")?;
        let parse_constant = py.get_attr_named(context, "parse_constant")?;
        let header = Header::EMPTY;
        Ok(py.alloc_as(cls, Scanner { header, strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant }))
    }

    #[signature(self, string, idx)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let [string, idx] = args.values() else { raise!(py, TypeError, "scan_once() takes exactly 2 arguments ({} given)", args.len()) };
        let document = text_argument(py, *string)?;
        let index = py.index(*idx)?;
        let index = match py.int_to_i64(index) {
            Some(..0) => raise!(py, ValueError, "idx cannot be negative"),
            Some(index) => index as usize,
            None => raise!(py, OverflowError, "Python int too large to convert to C ssize_t"),
        };
        let Some(at) = byte_index(py, document, index) else { return Err(py.stop_iteration(Some(*idx))) };
        let strict = this.get(py).strict;
        let recent = RootVec::from_slice(&mut py.heap, &[Value::NONE; RECENT]);
        let mut scan = Scan { scanner: this, document, memo: None, first: None, recent, strict, at };
        let value = scan.value(py)?;
        let end = char_index(py, document, scan.at);
        let end = py.new_int(end as i64);
        Ok(py.new_tuple(&[value, end]).into())
    }

    /// strict
    #[getter]
    fn strict(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).strict
    }

    /// object_hook
    #[getter]
    fn object_hook(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).object_hook
    }

    #[getter]
    fn object_pairs_hook(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).object_pairs_hook
    }

    /// parse_float
    #[getter]
    fn parse_float(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).parse_float
    }

    /// parse_int
    #[getter]
    fn parse_int(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).parse_int
    }

    /// parse_constant
    #[getter]
    fn parse_constant(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).parse_constant
    }
}
