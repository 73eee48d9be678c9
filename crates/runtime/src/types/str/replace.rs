//! Methods of `str` that build text from other text: `join`, `replace`, `translate`.

use crate::object::{Dict, Str, Tuple, encode_code_point, put_text};
use crate::search::{self, most};
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// A list or tuple that holds the items to join.
#[derive(Clone, Copy)]
enum Items {
    List(Gc<List>),
    Tuple(Gc<Tuple>),
}

impl Items {
    fn get<'p>(&self, py: &'p Py) -> &'p [Value] {
        match self {
            Items::List(list) => list.get(py).items(),
            Items::Tuple(tuple) => tuple.get(py).items(),
        }
    }
}

impl Py {
    /// `separator.join(iterable)`.
    pub fn join_str(&mut self, separator: Gc<Str>, iterable: Value) -> Result<Gc<Str>> {
        let items = if crate::object::is_exact(iterable, crate::types::shapes::LIST) {
            Items::List(Gc::known(self, iterable))
        } else if crate::object::is_exact(iterable, crate::types::shapes::TUPLE) {
            Items::Tuple(Gc::known(self, iterable))
        } else {
            let values = self.collect_or(iterable, "can only join an iterable")?;
            Items::Tuple(self.new_tuple(&values))
        };
        let values = items.get(self);
        let sep = separator.get(self);
        let gaps = values.len().saturating_sub(1);
        let (mut len, mut chars) = (sep.byte_len() * gaps, sep.char_len() * gaps);
        let mut ascii = gaps == 0 || sep.is_ascii();
        for (index, value) in values.iter().enumerate() {
            let Some(text) = Gc::<Str>::cast(self, *value) else {
                let given = self.class_name(*value);
                raise!(self, TypeError, "sequence item {index}: expected str instance, {given} found");
            };
            let text = text.get(self);
            len += text.byte_len();
            chars += text.char_len();
            ascii &= text.is_ascii();
        }
        match *values {
            [] => return Ok(self.constants.empty_str),
            [only] if self.is_exact_str(only) => return Ok(Gc::known(self, only)),
            _ => {}
        }
        self.fill_str(len, chars, ascii, |py, out| {
            let sep = separator.get(py).bytes();
            let mut at = 0;
            for (index, value) in items.get(py).iter().enumerate() {
                if index > 0 {
                    at = put_text(out, at, sep);
                }
                at = put_text(out, at, Gc::<Str>::known(py, *value).get(py).bytes());
            }
        })
    }

    /// The strings among `values` joined; all must be strings.
    pub fn concat_strings(&mut self, values: &[Value]) -> Result<Gc<Str>> {
        let (mut len, mut chars, mut ascii) = (0, 0, true);
        for value in values {
            let text = Gc::<Str>::known(self, *value).get(self);
            len += text.byte_len();
            chars += text.char_len();
            ascii &= text.is_ascii();
        }
        self.fill_str(len, chars, ascii, |py, out| {
            let mut at = 0;
            for value in values {
                at = put_text(out, at, Gc::<Str>::known(py, *value).get(py).bytes());
            }
        })
    }
}

/// The text with `new` at each of the positions, where `width` bytes are left out.
fn splice(bytes: &[u8], positions: &[usize], width: usize, new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity((bytes.len() + positions.len() * new.len()).saturating_sub(positions.len() * width));
    let mut from = 0;
    for at in positions {
        out.extend_from_slice(&bytes[from..*at]);
        out.extend_from_slice(new);
        from = at + width;
    }
    out.extend_from_slice(&bytes[from..]);
    out
}

/// The bytes with up to `most` occurrences of `old` replaced; none when there is nothing to replace. Occurrences of an empty `old` are
/// before each of the `starts` and at the end. An error says that the result is too large.
pub(crate) fn replace(
    bytes: &[u8],
    (old, new): (&[u8], &[u8]),
    most: usize,
    starts: impl Fn(&u8) -> bool,
) -> std::result::Result<Option<Vec<u8>>, bredli_heap::MemoryError> {
    let positions = match old {
        [] => {
            let starts = bytes.iter().enumerate().filter(|(_, byte)| starts(byte)).map(|(at, _)| at);
            starts.chain([bytes.len()]).take(most).collect()
        }
        _ => search::find_all(bytes, old, most),
    };
    if positions.is_empty() {
        return Ok(None);
    }
    if positions.len().saturating_mul(new.len().saturating_sub(old.len())) > u32::MAX as usize {
        return Err(bredli_heap::MemoryError);
    }
    Ok(Some(splice(bytes, &positions, old.len(), new)))
}

/// What a character is translated to.
enum Translated {
    Same,
    Deleted,
    Code(u32),
    Text(Gc<Str>),
}

fn translate_one(py: &mut Py, table: Value, code: u32) -> Result<Translated> {
    let found = py.get_item(table, Value::small(code as i32));
    let value = match found {
        Ok(value) => value,
        Err(raised) => {
            if py.exception_matches(py.exceptions.LookupError) {
                py.clear_exception();
                return Ok(Translated::Same);
            }
            return Err(raised);
        }
    };
    if value.is_none() {
        return Ok(Translated::Deleted);
    }
    if py.is_int(value) {
        return match py.int_to_i64(value) {
            Some(code @ 0..0x110000) => Ok(Translated::Code(code as u32)),
            _ => raise!(py, ValueError, "character mapping must be in range(0x110000)"),
        };
    }
    match Gc::<Str>::cast(py, value) {
        Some(text) => Ok(Translated::Text(text)),
        None => raise!(py, TypeError, "character mapping must return integer, None or str"),
    }
}

#[pymethods(part = "replace")]
impl Str {
    /// Concatenate any number of strings, with the string whose method is called in between.
    #[signature(self, iterable, /)]
    fn join(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<Gc<Str>> {
        py.join_str(this, iterable)
    }

    /// Return a copy with occurrences of substring old replaced by new, the first count ones or, for -1, all.
    #[signature(self, old, new, /, count=-1)]
    fn replace(this: Gc<Self>, py: &mut Py, old: Gc<Str>, new: Gc<Str>, count: isize) -> Result<Gc<Str>> {
        let pair = (old.get(py).bytes(), new.get(py).bytes());
        if let (&[from], &[to]) = pair
            && this.get(py).is_ascii()
            && this.get(py).byte_len() > 1
            && to.is_ascii()
        {
            if memchr::memchr(from, this.get(py).bytes()).is_none() {
                return Ok(py.exact_str(this));
            }
            let len = this.get(py).byte_len();
            return py.fill_str(len, len, true, |py, out| {
                out.copy_from_slice(this.get(py).bytes());
                out.iter_mut().filter(|byte| **byte == from).take(most(count)).for_each(|byte| *byte = to);
            });
        }
        match replace(this.get(py).bytes(), pair, most(count), |byte| (*byte as i8) >= -0x40) {
            Ok(Some(text)) => Ok(py.new_str_wtf8(&text)),
            Ok(None) => Ok(py.exact_str(this)),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// Replace each character in the string using the given translation table.
    ///
    /// The table maps code points to code points, strings or None (which deletes). A LookupError leaves the character as it is.
    #[signature(self, table, /)]
    fn translate(this: Gc<Self>, py: &mut Py, table: Value) -> Result<Gc<Str>> {
        let codes: Vec<u32> = this.get(py).code_points().collect();
        let len = this.get(py).byte_len();
        let mut out: Vec<u8> = py.reserved(len)?;
        // Each ASCII character is looked up once: 0 is not yet, otherwise an index into `known`.
        let mut seen = [0u8; 128];
        let mut known: Vec<Vec<u8>> = vec![Vec::new()];
        for code in codes {
            let ascii = code < 0x80;
            if ascii && seen[code as usize] != 0 {
                py.append(&mut out, &known[seen[code as usize] as usize])?;
                continue;
            }
            let start = out.len();
            match translate_one(py, table, code)? {
                Translated::Same => out.extend_from_slice(encode_code_point(code, &mut [0; 4])),
                Translated::Deleted => {}
                Translated::Code(code) => out.extend_from_slice(encode_code_point(code, &mut [0; 4])),
                Translated::Text(text) => {
                    let bytes = text.get(py).bytes();
                    if out.try_reserve(bytes.len()).is_err() {
                        return Err(py.no_memory());
                    }
                    out.extend_from_slice(bytes);
                }
            }
            if ascii {
                seen[code as usize] = known.len() as u8;
                known.push(out[start..].to_vec());
            }
        }
        Ok(py.new_str_wtf8(&out))
    }

    /// Return a translation table usable for str.translate().
    ///
    /// One argument is a dictionary of code points or characters; two are strings of equal length, characters and what they are mapped
    /// to; characters of a third string are mapped to None.
    #[staticmethod]
    #[no_text_signature]
    fn maketrans(py: &mut Py, x: Value, y: Option<Gc<Str>>, z: Option<Gc<Str>>) -> Result<Gc<Dict>> {
        let table = py.new_dict();
        let Some(y) = y else {
            let Some(source) = Gc::<Dict>::cast(py, x).filter(|_| py.class_of(x) == py.types.dict) else {
                raise!(py, TypeError, "if you give only one argument to maketrans it must be a dict");
            };
            let pairs = py.collect_pairs(source)?;
            for pair in pairs.chunks_exact(2) {
                let key = match Gc::<Str>::cast(py, pair[0]) {
                    Some(text) if text.get(py).char_len() == 1 => {
                        let code = text.get(py).code_points().next().unwrap_or(0);
                        Value::small(code as i32)
                    }
                    Some(_) => raise!(py, ValueError, "string keys in translatetable must be of length 1"),
                    None if py.is_int(pair[0]) => pair[0],
                    None => raise!(py, TypeError, "keys in translate table mustbe strings or integers"),
                };
                py.dict_set(table, key, pair[1])?;
            }
            return Ok(table);
        };
        let Some(x) = Gc::<Str>::cast(py, x) else {
            raise!(py, TypeError, "first maketrans argument must be a string if there is a second argument");
        };
        if x.get(py).char_len() != y.get(py).char_len() {
            raise!(py, ValueError, "the first two maketrans arguments must have equal length");
        }
        let pairs: Vec<(u32, u32)> = x.get(py).code_points().zip(y.get(py).code_points()).collect();
        for (from, to) in pairs {
            py.dict_set(table, Value::small(from as i32), Value::small(to as i32))?;
        }
        let deleted: Vec<u32> = z.map_or_else(Vec::new, |z| z.get(py).code_points().collect());
        for code in deleted {
            py.dict_set(table, Value::small(code as i32), Value::NONE)?;
        }
        Ok(table)
    }
}

impl Py {
    /// Keys and values of a dictionary, in turn.
    fn collect_pairs(&mut self, dict: Gc<Dict>) -> Result<bredli_heap::RootVec> {
        let mut pairs = bredli_heap::RootVec::new(&mut self.heap);
        let mut at = 0;
        while let Some((position, key, value)) = dict.get(self).entry_from(at) {
            pairs.extend_from_slice(&[key, value]);
            at = position + 1;
        }
        Ok(pairs)
    }
}
