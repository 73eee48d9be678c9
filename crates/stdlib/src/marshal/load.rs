//! Reading any marshalled value, from bytes or from a file of which no more is read than the value.

use bredli_code::marshal::{MAX_DEPTH, Source, copied, tag};
use bredli_code::{Bytes, CodeObject, Const};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_text::Wtf8Buf;

use super::raised;

/// Where bytes come from.
pub(super) enum Input {
    Bytes { bytes: Vec<u8>, position: usize },
    File(Value),
}

impl Input {
    fn take(&mut self, py: &mut Py, count: usize) -> Result<Vec<u8>> {
        match self {
            Input::Bytes { bytes, position } => match bytes.get(*position..).and_then(|rest| rest.get(..count)) {
                Some(taken) => {
                    *position += count;
                    Ok(taken.to_vec())
                }
                None => raise!(py, EOFError, "marshal data too short"),
            },
            Input::File(file) => from_file(py, *file, count),
        }
    }

    /// A bound on what can follow, to keep false sizes from claiming memory.
    fn rest(&self) -> usize {
        match self {
            Input::Bytes { bytes, position } => bytes.len() - position,
            Input::File(_) => 4096,
        }
    }
}

fn from_file(py: &mut Py, file: Value, count: usize) -> Result<Vec<u8>> {
    const PIECE: usize = 1 << 20;
    let mut bytes = Vec::new();
    while bytes.len() < count {
        let wanted = (count - bytes.len()).min(PIECE);
        let buffer = py.new_bytearray(&vec![0; wanted])?;
        let read = py.call_method_named(file, "readinto", &[buffer.into()])?;
        let read = usize::try_from(py.int_to_i64(read).unwrap_or(0)).unwrap_or(0);
        if read > wanted {
            raise!(py, ValueError, "read() returned too much data: {wanted} bytes requested, {read} returned");
        }
        if read < wanted {
            raise!(py, EOFError, "EOF read where not expected");
        }
        let filled = BytesLike::new(py, buffer.into())?;
        bytes.extend_from_slice(filled.get(py));
    }
    Ok(bytes)
}

pub(super) struct Load {
    input: Input,
    allow_code: bool,
    /// What REF can name; NULL while it is being read.
    references: RootVec,
    depth: usize,
}

/// The value at the start of the input.
pub(super) fn load(py: &mut Py, input: Input, allow_code: bool) -> Result {
    let references = RootVec::new(&mut py.heap);
    let mut load = Load { input, allow_code, references, depth: 0 };
    match load.object(py)? {
        Some(value) => Ok(value),
        None => raise!(py, TypeError, "NULL object in marshal data for object"),
    }
}

impl Load {
    /// The next object; none for the end of a dict.
    fn object(&mut self, py: &mut Py) -> Result<Option<Value>> {
        if self.depth >= MAX_DEPTH || py.enter_native("").is_err() {
            py.clear_exception();
            raise!(py, ValueError, "recursion limit exceeded");
        }
        let first = match self.byte(py) {
            Err(_) if py.exception_matches(py.exceptions.EOFError) => {
                py.clear_exception();
                raise!(py, EOFError, "EOF read where object expected");
            }
            first => first?,
        };
        let tag = first & !tag::FLAG_REF;
        let slot = (first & tag::FLAG_REF != 0 && tag != tag::REF).then_some(self.references.len());
        if slot.is_some() {
            self.references.push(Value::UNSET);
        }
        self.depth += 1;
        let value = self.value(py, tag, slot);
        self.depth -= 1;
        let value = value?;
        if let (Some(slot), Some(value)) = (slot, value) {
            self.references[slot] = value;
        }
        Ok(value)
    }

    fn value(&mut self, py: &mut Py, tag: u8, slot: Option<usize>) -> Result<Option<Value>> {
        Ok(Some(match tag {
            tag::NULL => return Ok(None),
            tag::NONE => Value::NONE,
            tag::TRUE => Value::TRUE,
            tag::FALSE => Value::FALSE,
            tag::ELLIPSIS => Value::ELLIPSIS,
            tag::STOP_ITERATION => py.exceptions.StopIteration.into(),
            tag::INT => {
                let number = self.int(py)?;
                py.new_int(number.into())
            }
            tag::INT64 => {
                let bytes = self.input.take(py, 8)?;
                let number = parsed(py, &bytes, |source| source.int64())?;
                py.new_int(number)
            }
            tag::LONG => self.long(py)?,
            tag::FLOAT => Value::float(self.float_text(py)?),
            tag::BINARY_FLOAT => Value::float(self.float(py)?),
            tag::COMPLEX => {
                let (real, imag) = (self.float_text(py)?, self.float_text(py)?);
                py.new_complex(real, imag)
            }
            tag::BINARY_COMPLEX => {
                let (real, imag) = (self.float(py)?, self.float(py)?);
                py.new_complex(real, imag)
            }
            tag::STRING => {
                let size = self.size(py, "bytes object")?;
                let bytes = self.input.take(py, size)?;
                py.new_bytes(&bytes).into()
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED | tag::ASCII | tag::ASCII_INTERNED | tag::UNICODE | tag::INTERNED => {
                self.text(py, tag)?
            }
            tag::SMALL_TUPLE | tag::TUPLE => {
                let count = if tag == tag::SMALL_TUPLE { usize::from(self.byte(py)?) } else { self.size(py, "tuple")? };
                self.tuple(py, count, slot)?
            }
            tag::LIST => self.list(py, slot)?,
            tag::DICT => self.dict(py, slot)?,
            tag::SET => {
                let count = self.size(py, "set")?;
                let set = py.new_set();
                self.begin(slot, set.into());
                for _ in 0..count {
                    let item = self.item(py, "set")?;
                    py.set_add(set, item)?;
                }
                set.into()
            }
            tag::FROZENSET => {
                let count = self.size(py, "set")?;
                let items = self.objects(py, count, "set")?;
                py.new_frozenset(&items)?.into()
            }
            tag::SLICE => {
                let parts = self.objects(py, 3, "slice")?;
                py.new_slice(parts[0], parts[1], parts[2]).into()
            }
            tag::CODE => self.code(py)?,
            tag::REF => {
                let number = self.int(py)?;
                let known = usize::try_from(number).ok().and_then(|number| self.references.get(number).copied());
                match known {
                    Some(value) if value != Value::UNSET => value,
                    _ => raise!(py, ValueError, "bad marshal data (invalid reference)"),
                }
            }
            _ => raise!(py, ValueError, "bad marshal data (unknown type code)"),
        }))
    }

    /// Lets what is inside an object refer to it.
    fn begin(&mut self, slot: Option<usize>, value: Value) {
        if let Some(slot) = slot {
            self.references[slot] = value;
        }
    }

    fn item(&mut self, py: &mut Py, what: &str) -> Result {
        match self.object(py)? {
            Some(item) => Ok(item),
            None => raise!(py, TypeError, "NULL object in marshal data for {what}"),
        }
    }

    fn objects(&mut self, py: &mut Py, count: usize, what: &str) -> Result<RootVec> {
        let mut items = RootVec::new(&mut py.heap);
        items.reserve(count.min(self.input.rest()));
        for _ in 0..count {
            let item = self.item(py, what)?;
            items.push(item);
        }
        Ok(items)
    }

    fn tuple(&mut self, py: &mut Py, count: usize, slot: Option<usize>) -> Result {
        if slot.is_none() || count > self.input.rest() {
            let items = self.objects(py, count, "tuple")?;
            return Ok(py.new_tuple(&items).into());
        }
        let tuple = py.new_tuple(&vec![Value::NONE; count]);
        self.begin(slot, tuple.into());
        for index in 0..count {
            let item = self.item(py, "tuple")?;
            tuple.get_mut(py).set_item(index, item);
        }
        Ok(tuple.into())
    }

    fn list(&mut self, py: &mut Py, slot: Option<usize>) -> Result {
        let count = self.size(py, "list")?;
        let list = py.new_list(&[])?;
        self.begin(slot, list.into());
        for _ in 0..count {
            let item = self.item(py, "list")?;
            py.list_push(list, item)?;
        }
        Ok(list.into())
    }

    fn dict(&mut self, py: &mut Py, slot: Option<usize>) -> Result {
        let dict = py.new_dict();
        self.begin(slot, dict.into());
        while let Some(key) = self.object(py)?
            && let Some(value) = self.object(py)?
        {
            py.dict_set(dict, key, value)?;
        }
        Ok(dict.into())
    }

    fn byte(&mut self, py: &mut Py) -> Result<u8> {
        Ok(self.input.take(py, 1)?[0])
    }

    fn int(&mut self, py: &mut Py) -> Result<i32> {
        let bytes = self.input.take(py, 4)?;
        parsed(py, &bytes, |source| source.int())
    }

    fn size(&mut self, py: &mut Py, what: &str) -> Result<usize> {
        match usize::try_from(self.int(py)?) {
            Ok(size) => Ok(size),
            Err(_) => raise!(py, ValueError, "bad marshal data ({what} size out of range)"),
        }
    }

    fn float(&mut self, py: &mut Py) -> Result<f64> {
        let bytes = self.input.take(py, 8)?;
        parsed(py, &bytes, |source| source.float())
    }

    fn float_text(&mut self, py: &mut Py) -> Result<f64> {
        let size = self.byte(py)?;
        let mut bytes = vec![size];
        bytes.extend(self.input.take(py, usize::from(size))?);
        parsed(py, &bytes, |source| source.float_text())
    }

    fn long(&mut self, py: &mut Py) -> Result {
        let mut bytes = self.input.take(py, 4)?;
        let count = parsed(py, &bytes, |source| source.int())?.unsigned_abs() as usize;
        bytes.extend(self.input.take(py, 2 * count)?);
        let int = parsed(py, &bytes, |source| source.long())?;
        py.constant(&Const::Int(int))
    }

    fn text(&mut self, py: &mut Py, tag: u8) -> Result {
        let short = matches!(tag, tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED);
        let mut bytes = self.input.take(py, if short { 1 } else { 4 })?;
        let size = if short {
            usize::from(bytes[0])
        } else {
            parsed(py, &bytes, |source| source.size("bad marshal data (string size out of range)"))?
        };
        bytes.extend(self.input.take(py, size)?);
        let text = parsed(py, &bytes, |source| source.text(tag, copied))?.unwrap_or_default();
        let interned = matches!(tag, tag::SHORT_ASCII_INTERNED | tag::ASCII_INTERNED | tag::INTERNED);
        Ok(match text.as_str() {
            Some(name) if interned => py.intern(name).into(),
            _ => py.new_str_wtf8(text.as_bytes()).into(),
        })
    }

    fn code(&mut self, py: &mut Py) -> Result {
        if !self.allow_code {
            raise!(py, ValueError, "unmarshalling code objects is disallowed");
        }
        let mut code = CodeObject {
            argcount: self.count(py)?,
            posonlyargcount: self.count(py)?,
            kwonlyargcount: self.count(py)?,
            stacksize: self.count(py)?,
            flags: self.int(py)? as u32,
            code: self.bytes(py)?,
            ..CodeObject::default()
        };
        let consts = self.values(py)?;
        code = CodeObject {
            names: self.names(py)?.into(),
            localsplusnames: self.names(py)?.into(),
            localspluskinds: self.bytes(py)?,
            filename: self.name(py)?,
            name: self.name(py)?,
            qualname: self.name(py)?,
            firstlineno: self.int(py)?,
            linetable: self.bytes(py)?,
            exceptiontable: self.bytes(py)?,
            ..code
        };
        Ok(py.new_code_with_consts(code, consts)?.into())
    }

    fn count(&mut self, py: &mut Py) -> Result<u32> {
        match u32::try_from(self.int(py)?) {
            Ok(count) => Ok(count),
            Err(_) => raise!(py, ValueError, "code: argument counts must not be negative"),
        }
    }

    fn bytes(&mut self, py: &mut Py) -> Result<Bytes> {
        let value = self.item(py, "object")?;
        match py.bytes_like(value).filter(|_| py.class_of(value) == py.types.bytes) {
            Some(bytes) => Ok(bytes.into()),
            None => raise!(py, TypeError, "code: bytes expected"),
        }
    }

    fn values(&mut self, py: &mut Py) -> Result<Gc<Tuple>> {
        let value = self.item(py, "object")?;
        match Gc::<Tuple>::cast(py, value) {
            Some(items) => Ok(items),
            None => raise!(py, TypeError, "code: tuple expected"),
        }
    }

    fn name(&mut self, py: &mut Py) -> Result<Wtf8Buf> {
        let value = self.item(py, "object")?;
        match text_of(py, value) {
            Some(text) => Ok(text),
            None => raise!(py, TypeError, "code: str expected"),
        }
    }

    fn names(&mut self, py: &mut Py) -> Result<Vec<Wtf8Buf>> {
        let items = self.values(py)?;
        match items.get(py).items().iter().map(|item| text_of(py, *item)).collect() {
            Some(names) => Ok(names),
            None => raise!(py, TypeError, "name tuples must contain only strings"),
        }
    }
}

fn text_of(py: &Py, value: Value) -> Option<Wtf8Buf> {
    Wtf8Buf::from_bytes(Gc::<Str>::cast(py, value)?.get(py).bytes().to_vec())
}

fn parsed<T>(
    py: &mut Py,
    bytes: &[u8],
    parse: impl FnOnce(&mut Source<'_>) -> std::result::Result<T, bredli_code::marshal::Error>,
) -> Result<T> {
    parse(&mut Source::new(bytes)).map_err(|problem| raised(py, problem))
}
