//! Writing objects: what kind each is, and the kinds that the format knows by itself.

use super::buffer::PickleBuffer;
use super::opcode::*;
use super::state::{pickling_error, pickling_error_within};
use super::{Pickler, reduce};
use bredli_num::ByteOrder;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{ByteArray, Bytes, Set};

/// Items between two opcodes that add items.
pub const BATCH: usize = 1000;
/// How deep containers nest before the fast mode looks for cycles.
const FAST_NESTING: usize = 50;

/// One pickle being written.
pub struct Save {
    pub this: Gc<Pickler>,
    pub out: Vec<u8>,
    pub write: Option<Value>,
    pub proto: u8,
    pub bin: bool,
    pub fast: bool,
    pub persistent_id: Option<Value>,
    pub reducer_override: Option<Value>,
    pub framing: bool,
    pub frame: Option<usize>,
    /// In fast mode: how deep the containers nest, and those that are being written, by identity.
    nesting: usize,
    open: Vec<u64>,
}

/// Tell in the exception what was being written.
#[cold]
pub fn note(py: &mut Py, raised: Raised, object: Value, what: &str) -> Raised {
    let _ = raised;
    let exception = py.take_exception();
    let noted = type_name(py, object).and_then(|class| {
        let text = py.new_str(&format!("when serializing {class} {what}"));
        py.call_method_named(exception, "add_note", &[text.into()])
    });
    match noted {
        Ok(_) => py.restore_exception(exception),
        Err(raised) => raised,
    }
}

/// The name of an object's class with its module, as messages give it.
pub fn type_name(py: &mut Py, object: Value) -> Result<String> {
    let name = py.qualified_class_name(object)?;
    Ok(name.strip_prefix("__main__.").map(str::to_string).unwrap_or(name))
}

impl Save {
    pub fn new(this: Gc<Pickler>, proto: u8, bin: bool, fast: bool, write: Option<Value>) -> Save {
        let (persistent_id, reducer_override) = (None, None);
        let (out, framing, frame, nesting, open) = (Vec::new(), false, None, 0, Vec::new());
        Save { this, out, write, proto, bin, fast, persistent_id, reducer_override, framing, frame, nesting, open }
    }

    /// Write the whole pickle.
    pub fn run(&mut self, py: &mut Py, object: Value) -> Result<()> {
        if self.proto >= 2 {
            self.out.extend_from_slice(&[PROTO, self.proto]);
        }
        self.framing = self.proto >= 4;
        self.save(py, object)?;
        self.put(&[STOP]);
        self.end_frame();
        Ok(())
    }

    /// Write an object, or what `persistent_id` makes of it.
    pub fn save(&mut self, py: &mut Py, object: Value) -> Result<()> {
        self.boundary(py)?;
        if let Some(persistent_id) = self.persistent_id {
            let id = py.call(persistent_id, &[object])?;
            if !id.is_none() {
                return self.save_persistent(py, id);
            }
        }
        self.save_value(py, object)
    }

    fn save_persistent(&mut self, py: &mut Py, id: Value) -> Result<()> {
        if self.bin {
            self.save_value(py, id)?;
            self.put(&[BINPERSID]);
            return Ok(());
        }
        let text = py.str(id)?;
        if !text.get(py).is_ascii() {
            return Err(pickling_error(py, "persistent IDs in protocol 0 must be ASCII strings"));
        }
        self.put(&[PERSID]);
        self.put(text.get(py).bytes());
        self.put(b"\n");
        Ok(())
    }

    fn save_value(&mut self, py: &mut Py, object: Value) -> Result<()> {
        if let Some(int) = object.as_int() {
            return self.save_int(py, object, int);
        }
        if let Some(float) = object.as_float() {
            return self.save_float(py, object, float);
        }
        match object {
            Value::NONE => self.put(&[NONE]),
            Value::TRUE => self.put(if self.proto >= 2 { &[NEWTRUE] } else { b"I01\n" }),
            Value::FALSE => self.put(if self.proto >= 2 { &[NEWFALSE] } else { b"I00\n" }),
            _ => return self.save_object(py, object),
        }
        Ok(())
    }

    fn save_object(&mut self, py: &mut Py, object: Value) -> Result<()> {
        let class = py.class_of(object);
        if class == py.types.int {
            return self.save_long(py, object);
        }
        if let Some(number) = Pickler::memo_get(py, self.this, object) {
            self.put_get(number);
            return Ok(());
        }
        if class == py.types.str {
            return self.save_str(py, Gc::<Str>::known(py, object));
        }
        if class == py.types.bytes {
            return self.save_bytes(py, Gc::<Bytes>::known(py, object));
        }
        py.enter_native(" while pickling an object")?;
        if class == py.types.dict {
            return self.in_container(py, object, |save, py| save.save_dict(py, Gc::<Dict>::known(py, object)));
        }
        if class == py.types.list {
            return self.in_container(py, object, |save, py| save.save_list(py, Gc::<List>::known(py, object)));
        }
        if class == py.types.tuple {
            return self.save_tuple(py, Gc::<Tuple>::known(py, object));
        }
        if class == py.types.set {
            return self.save_set(py, Gc::<Set>::known(py, object));
        }
        if class == py.types.frozenset {
            return self.save_frozenset(py, Gc::<Set>::known(py, object));
        }
        if class == py.types.bytearray {
            return self.save_bytearray(py, Gc::<ByteArray>::known(py, object));
        }
        if let Some(buffer) = Gc::<PickleBuffer>::cast(py, object) {
            return self.save_buffer(py, buffer);
        }
        reduce::save(self, py, object, class)
    }

    fn save_int(&mut self, py: &mut Py, object: Value, int: i64) -> Result<()> {
        let Ok(short) = i32::try_from(int) else { return self.save_long(py, object) };
        if !self.bin {
            self.put(format!("I{short}\n").as_bytes());
            return Ok(());
        }
        let bytes = short.to_le_bytes();
        match short {
            0..=0xFF => self.put(&[BININT1, bytes[0]]),
            0x100..=0xFFFF => self.put(&[BININT2, bytes[0], bytes[1]]),
            _ => self.put(&[BININT, bytes[0], bytes[1], bytes[2], bytes[3]]),
        }
        Ok(())
    }

    fn save_long(&mut self, py: &mut Py, object: Value) -> Result<()> {
        if self.proto < 2 {
            let digits = py.repr(object)?;
            self.put(&[LONG]);
            self.put(digits.get(py).bytes());
            self.put(b"L\n");
            return Ok(());
        }
        let encoded = py.with_int(object, |int| {
            let mut bytes = int.to_bytes(int.bit_length() as usize / 8 + 1, ByteOrder::Little, true)?;
            // The sign needs no byte of its own where the top bit of the last one tells it.
            if let [.., before, 0xFF] = bytes[..]
                && before >= 0x80
            {
                bytes.pop();
            }
            Ok::<_, bredli_num::IntError>(bytes)
        });
        let Some(Ok(bytes)) = encoded else { return Err(py.no_memory()) };
        match u8::try_from(bytes.len()) {
            Ok(len) => self.put(&[LONG1, len]),
            Err(_) if bytes.len() > i32::MAX as usize => raise!(py, OverflowError, "int too large to pickle"),
            Err(_) => self.put_sized(LONG4, bytes.len() as u32),
        }
        self.put(&bytes);
        Ok(())
    }

    fn save_float(&mut self, py: &mut Py, object: Value, float: f64) -> Result<()> {
        if self.bin {
            let bytes = float.to_be_bytes();
            let [a, b, c, d, e, f, g, h] = bytes;
            self.put(&[BINFLOAT, a, b, c, d, e, f, g, h]);
            return Ok(());
        }
        let text = py.repr(object)?;
        self.put(&[FLOAT]);
        self.put(text.get(py).bytes());
        self.put(b"\n");
        Ok(())
    }

    fn save_str(&mut self, py: &mut Py, text: Gc<Str>) -> Result<()> {
        if self.bin {
            let len = text.get(py).byte_len();
            let header = match (u8::try_from(len), u32::try_from(len)) {
                (Ok(len), _) if self.proto >= 4 => vec![SHORT_BINUNICODE, len],
                (_, Ok(len)) => sized(BINUNICODE, &len.to_le_bytes()),
                _ if self.proto >= 4 => sized(BINUNICODE8, &(len as u64).to_le_bytes()),
                _ => raise!(py, OverflowError, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher"),
            };
            self.put_payload(py, &header, text.into(), |py| text.get(py).bytes())?;
        } else {
            self.put(&[UNICODE]);
            for code in text.get(py).code_points() {
                match code {
                    0 | 0x0A | 0x0D | 0x1A | 0x5C | 0x100..=0xFFFF => self.put(format!("\\u{code:04x}").as_bytes()),
                    0x1_0000.. => self.put(format!("\\U{code:08x}").as_bytes()),
                    _ => self.put(&[code as u8]),
                }
            }
            self.put(b"\n");
        }
        self.memoize(py, text.into())
    }

    fn save_bytes(&mut self, py: &mut Py, bytes: Gc<Bytes>) -> Result<()> {
        let object: Value = bytes.into();
        if self.proto >= 3 {
            let len = bytes.get(py).data().len();
            self.put_bytes(py, len, object, |py| bytes.get(py).data())?;
            return self.memoize(py, object);
        }
        if bytes.get(py).data().is_empty() {
            let (class, args): (Value, Value) = (py.types.bytes.into(), py.constants.empty_tuple.into());
            return reduce::save_call(self, py, class, args, object);
        }
        let module = py.import_module("codecs")?;
        let encode = py.get_attr_named(module, "encode")?;
        let (text, encoding) = (py.latin1_decode(bytes), py.intern("latin1"));
        let args = py.new_tuple(&[text.into(), encoding.into()]);
        reduce::save_call(self, py, encode, args.into(), object)
    }

    /// Bytes that are not put into the memo.
    fn put_bytes(&mut self, py: &mut Py, len: usize, object: Value, bytes: impl Fn(&Py) -> &[u8]) -> Result<()> {
        let header = match (u8::try_from(len), u32::try_from(len)) {
            (Ok(len), _) => vec![SHORT_BINBYTES, len],
            (_, Ok(len)) => sized(BINBYTES, &len.to_le_bytes()),
            _ if self.proto >= 4 => sized(BINBYTES8, &(len as u64).to_le_bytes()),
            _ => raise!(py, OverflowError, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher"),
        };
        self.put_payload(py, &header, object, bytes)
    }

    fn save_bytearray(&mut self, py: &mut Py, array: Gc<ByteArray>) -> Result<()> {
        let object: Value = array.into();
        if self.proto >= 5 {
            let header = sized(BYTEARRAY8, &(array.get(py).data().len() as u64).to_le_bytes());
            self.put_payload(py, &header, object, |py| array.get(py).data())?;
            return self.memoize(py, object);
        }
        let args = if array.get(py).data().is_empty() {
            py.constants.empty_tuple
        } else {
            let bytes = py.bytes_of_bytearray(array);
            py.new_tuple(&[bytes.into()])
        };
        let class = py.types.bytearray;
        reduce::save_call(self, py, class.into(), args.into(), object)
    }

    fn save_buffer(&mut self, py: &mut Py, buffer: Gc<PickleBuffer>) -> Result<()> {
        let object: Value = buffer.into();
        if self.proto < 5 {
            return Err(pickling_error(py, "PickleBuffer can only be pickled with protocol >= 5"));
        }
        let view = PickleBuffer::view(py, buffer)?;
        let Some(flat) = bredli_runtime::types::MemoryView::flat(py, view)? else {
            return Err(pickling_error(py, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer"));
        };
        let readonly = py.get_attr_named(flat.into(), "readonly")? == Value::TRUE;
        let in_band = match self.this.get(py).buffer_callback {
            Some(callback) => {
                let answer = py.call(callback, &[object])?;
                py.truth(answer)?
            }
            None => true,
        };
        if !in_band {
            self.put(if readonly { &[NEXT_BUFFER, READONLY_BUFFER] } else { &[NEXT_BUFFER] });
            return Ok(());
        }
        let bytes = bredli_runtime::buffer::BytesLike::new(py, flat.into())?.object(py);
        let len = bytes.get(py).data().len();
        if readonly {
            self.put_bytes(py, len, bytes.into(), |py| bytes.get(py).data())?;
        } else {
            let header = sized(BYTEARRAY8, &(len as u64).to_le_bytes());
            self.put_payload(py, &header, bytes.into(), |py| bytes.get(py).data())?;
        }
        self.memoize(py, object)
    }

    /// In fast mode nothing is remembered, so that objects which contain themselves have to be found in another way.
    fn in_container(&mut self, py: &mut Py, object: Value, write: impl FnOnce(&mut Save, &mut Py) -> Result<()>) -> Result<()> {
        if !self.fast {
            return write(self, py);
        }
        self.nesting += 1;
        let watched = self.nesting >= FAST_NESTING;
        if watched {
            if self.open.contains(&object.bits()) {
                let class = py.class_name(object);
                let at = object.bits();
                raise!(py, ValueError, "fast mode: can't pickle cyclic objects including object type {class} at {at:#x}");
            }
            self.open.push(object.bits());
        }
        let outcome = write(self, py);
        if watched {
            self.open.pop();
        }
        self.nesting -= 1;
        outcome
    }

    fn save_tuple(&mut self, py: &mut Py, tuple: Gc<Tuple>) -> Result<()> {
        let object: Value = tuple.into();
        let len = tuple.get(py).len();
        if len == 0 {
            self.put(if self.bin { &[EMPTY_TUPLE] } else { &[MARK, TUPLE] });
            return Ok(());
        }
        let short = len <= 3 && self.proto >= 2;
        if !short {
            self.put(&[MARK]);
        }
        for index in 0..len {
            let item = tuple.get(py).items()[index];
            if let Err(raised) = self.save(py, item) {
                return Err(note(py, raised, object, &format!("item {index}")));
            }
        }
        // A tuple that contains itself has been written meanwhile: what is on the stack is dropped.
        if let Some(number) = Pickler::memo_get(py, self.this, object) {
            if short || !self.bin {
                (0..len + usize::from(!short)).for_each(|_| self.put(&[POP]));
            } else {
                self.put(&[POP_MARK]);
            }
            self.put_get(number);
            return Ok(());
        }
        self.put(&[if short { [TUPLE1, TUPLE2, TUPLE3][len - 1] } else { TUPLE }]);
        self.memoize(py, object)
    }

    fn save_list(&mut self, py: &mut Py, list: Gc<List>) -> Result<()> {
        let object: Value = list.into();
        self.put(if self.bin { &[EMPTY_LIST] } else { &[MARK, LIST] });
        self.memoize(py, object)?;
        let item = |save: &mut Save, py: &mut Py, index: usize, item: Value| match save.save(py, item) {
            Ok(()) => Ok(()),
            Err(raised) => Err(note(py, raised, object, &format!("item {index}"))),
        };
        if !self.bin || list.get(py).len() == 1 {
            let mut at = 0;
            while let Some(value) = list.get(py).items().get(at).copied() {
                item(self, py, at, value)?;
                self.put(&[APPEND]);
                at += 1;
            }
            return Ok(());
        }
        let mut at = 0;
        while at < list.get(py).len() {
            self.put(&[MARK]);
            let end = at + BATCH;
            while let Some(value) = list.get(py).items().get(at).copied()
                && at < end
            {
                item(self, py, at, value)?;
                at += 1;
            }
            self.put(&[APPENDS]);
        }
        Ok(())
    }

    fn save_dict(&mut self, py: &mut Py, dict: Gc<Dict>) -> Result<()> {
        let object: Value = dict.into();
        self.put(if self.bin { &[EMPTY_DICT] } else { &[MARK, DICT] });
        self.memoize(py, object)?;
        let size = dict.get(py).len();
        if size == 0 {
            return Ok(());
        }
        let mut at = 0;
        loop {
            let batched = self.bin && size > 1;
            if batched {
                self.put(&[MARK]);
            }
            let mut count = 0;
            while count < BATCH
                && let Some((position, key, value)) = dict.get(py).entry_from(at)
            {
                at = position + 1;
                self.save_pair(py, key, value, object)?;
                count += 1;
                if !batched {
                    self.put(&[SETITEM]);
                }
                if dict.get(py).len() != size {
                    raise!(py, RuntimeError, "dictionary changed size during iteration");
                }
            }
            if batched {
                self.put(&[SETITEMS]);
            }
            if count < BATCH {
                return Ok(());
            }
        }
    }

    /// A key and its value.
    pub fn save_pair(&mut self, py: &mut Py, key: Value, value: Value, object: Value) -> Result<()> {
        self.save(py, key)?;
        let Err(raised) = self.save(py, value) else { return Ok(()) };
        let exception = py.take_exception();
        match py.repr_text(key) {
            Ok(shown) => {
                let _ = py.restore_exception(exception);
                Err(note(py, raised, object, &format!("item {shown}")))
            }
            Err(raised) => Err(raised),
        }
    }

    fn save_set(&mut self, py: &mut Py, set: Gc<Set>) -> Result<()> {
        let object: Value = set.into();
        if self.proto < 4 {
            return self.save_set_as_call(py, object);
        }
        self.put(&[EMPTY_SET]);
        self.memoize(py, object)?;
        let size = set.get(py).len();
        if size == 0 {
            return Ok(());
        }
        let mut at = 0;
        loop {
            self.put(&[MARK]);
            let mut count = 0;
            while count < BATCH
                && let Some((position, _, item)) = set.get(py).key_from(at)
            {
                at = position + 1;
                count += 1;
                self.save_element(py, item, object)?;
                if set.get(py).len() != size {
                    raise!(py, RuntimeError, "set changed size during iteration");
                }
            }
            self.put(&[ADDITEMS]);
            if count < BATCH {
                return Ok(());
            }
        }
    }

    fn save_frozenset(&mut self, py: &mut Py, set: Gc<Set>) -> Result<()> {
        let object: Value = set.into();
        if self.proto < 4 {
            return self.save_set_as_call(py, object);
        }
        self.put(&[MARK]);
        let mut at = 0;
        while let Some((position, _, item)) = set.get(py).key_from(at) {
            at = position + 1;
            self.save_element(py, item, object)?;
        }
        if let Some(number) = Pickler::memo_get(py, self.this, object) {
            self.put(&[POP_MARK]);
            self.put_get(number);
            return Ok(());
        }
        self.put(&[FROZENSET]);
        self.memoize(py, object)
    }

    fn save_element(&mut self, py: &mut Py, item: Value, object: Value) -> Result<()> {
        self.save(py, item).map_err(|raised| note(py, raised, object, "element"))
    }

    fn save_set_as_call(&mut self, py: &mut Py, object: Value) -> Result<()> {
        let items = py.list_from_iterable(object)?;
        let args = py.new_tuple(&[items.into()]);
        let class = py.class_of(object);
        reduce::save_call(self, py, class.into(), args.into(), object)
    }

    /// Text of identifiers, which older protocols limit to ASCII.
    pub fn put_identifier(&mut self, py: &mut Py, kind: &str, text: Gc<Str>) -> Result<()> {
        let encoding = if self.proto >= 3 { "utf-8" } else { "ascii" };
        match py.encode_str(text, encoding, "strict") {
            Ok(bytes) => {
                self.put(bytes.get(py).data());
                self.put(b"\n");
                Ok(())
            }
            Err(_) if py.exception_matches(py.exceptions.UnicodeEncodeError) => {
                let exception = py.take_exception();
                let shown = py.repr_text(text.into())?;
                let _ = py.restore_exception(exception);
                let proto = self.proto;
                Err(pickling_error_within(py, &format!("can't pickle {kind} identifier {shown} using pickle protocol {proto}")))
            }
            Err(raised) => Err(raised),
        }
    }
}

/// An opcode and the size of what follows.
fn sized(opcode: u8, size: &[u8]) -> Vec<u8> {
    let mut header = vec![opcode];
    header.extend_from_slice(size);
    header
}
