//! Reading a pickle: what each opcode does.

use super::opcode::*;
use super::stack::Stack;
use super::state::{State, matches, unpickling_error};
use super::{PERSISTENT_LOAD_MISSING, Unpickler, build};
use bredli_num::{ByteOrder, Integer};
use bredli_runtime::codecs::{OnError, escape_decode};
use bredli_runtime::prelude::*;
use bredli_text::Wtf8Buf;

/// One pickle being read.
pub struct Load {
    pub this: Gc<Unpickler>,
    pub data: Vec<u8>,
    pub at: usize,
    pub stack: Stack,
}

fn signed(array: [u8; 4]) -> i64 {
    i64::from(i32::from_le_bytes(array))
}

fn unsigned(array: [u8; 4]) -> usize {
    u32::from_le_bytes(array) as usize
}

/// The text of bytes that are ASCII, as far as they are.
fn shown(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

impl Load {
    pub fn new(py: &mut Py, this: Gc<Unpickler>, data: Vec<u8>) -> Load {
        let stack = Stack::new(py);
        Load { this, data, at: 0, stack }
    }

    /// Read up to the end of the pickle.
    pub fn run(mut self, py: &mut Py) -> Result {
        self.this.get_mut(py).proto = 0;
        let value = loop {
            let [opcode] = match self.array(py) {
                Ok(opcode) => opcode,
                Err(raised) => {
                    let class = State::of(py).get(py).unpickling_error;
                    if matches(py, class) {
                        py.clear_exception();
                        raise!(py, EOFError, "Ran out of input");
                    }
                    return Err(raised);
                }
            };
            if opcode == STOP {
                break self.stack.pop(py)?;
            }
            py.poll()?;
            self.step(py, opcode)?;
        };
        if self.this.get(py).read.is_some() {
            self.data.drain(..self.at);
            self.this.get_mut(py).rest = self.data;
        }
        Ok(value)
    }

    fn step(&mut self, py: &mut Py, opcode: u8) -> Result<()> {
        match opcode {
            NONE => self.stack.push(Value::NONE),
            NEWTRUE => self.stack.push(Value::TRUE),
            NEWFALSE => self.stack.push(Value::FALSE),
            BININT1 => {
                let [byte] = self.array(py)?;
                self.stack.push(Value::small(i32::from(byte)));
            }
            BININT2 => {
                let array = self.array(py)?;
                self.stack.push(Value::small(i32::from(u16::from_le_bytes(array))));
            }
            BININT => {
                let array = self.array(py)?;
                self.stack.push(Value::small(i32::from_le_bytes(array)));
            }
            BINFLOAT => {
                let array = self.array(py)?;
                self.stack.push(Value::float(f64::from_be_bytes(array)));
            }
            SHORT_BINUNICODE => {
                let [len] = self.array(py)?;
                self.text(py, usize::from(len))?;
            }
            BINUNICODE => {
                let len = unsigned(self.array(py)?);
                self.text(py, len)?;
            }
            BINUNICODE8 => {
                let len = self.long_size(py, "BINUNICODE")?;
                self.text(py, len)?;
            }
            SHORT_BINBYTES => {
                let [len] = self.array(py)?;
                self.bytes(py, usize::from(len))?;
            }
            BINBYTES => {
                let len = unsigned(self.array(py)?);
                self.bytes(py, len)?;
            }
            BINBYTES8 => {
                let len = self.long_size(py, "BINBYTES")?;
                self.bytes(py, len)?;
            }
            BYTEARRAY8 => {
                let len = self.long_size(py, "BYTEARRAY8")?;
                let place = self.read(py, len)?;
                let array = py.new_bytearray(&self.data[place])?;
                self.stack.push(array.into());
            }
            MEMOIZE => {
                let value = self.stack.top(py)?;
                let number = Unpickler::memo_len(py, self.this);
                Unpickler::memo_set(py, self.this, number as u64, value)?;
            }
            BINGET => {
                let [number] = self.array(py)?;
                self.get(py, u64::from(number))?;
            }
            LONG_BINGET => {
                let number = unsigned(self.array(py)?);
                self.get(py, number as u64)?;
            }
            BINPUT => {
                let [number] = self.array(py)?;
                self.put(py, u64::from(number))?;
            }
            LONG_BINPUT => {
                let number = unsigned(self.array(py)?);
                self.put(py, number as u64)?;
            }
            MARK => self.stack.mark(),
            EMPTY_TUPLE => self.stack.push(py.constants.empty_tuple.into()),
            EMPTY_LIST => {
                let list = py.new_list(&[])?;
                self.stack.push(list.into());
            }
            EMPTY_DICT => {
                let dict = py.new_dict();
                self.stack.push(dict.into());
            }
            EMPTY_SET => {
                let set = py.new_set();
                self.stack.push(set.into());
            }
            TUPLE1 | TUPLE2 | TUPLE3 => {
                let count = usize::from(opcode - TUPLE1) + 1;
                let mut items = [Value::NONE; 3];
                for item in items[..count].iter_mut().rev() {
                    *item = self.stack.pop(py)?;
                }
                let tuple = py.new_tuple(&items[..count]);
                self.stack.push(tuple.into());
            }
            TUPLE => {
                let start = self.stack.pop_mark(py)?;
                let tuple = py.new_tuple(&self.stack.items[start..]);
                self.replace(start, tuple.into());
            }
            LIST => {
                let start = self.stack.pop_mark(py)?;
                let list = py.new_list(&self.stack.items[start..])?;
                self.replace(start, list.into());
            }
            FROZENSET => {
                let start = self.stack.pop_mark(py)?;
                let set = py.new_frozenset(&self.stack.items[start..])?;
                self.replace(start, set.into());
            }
            DICT => self.dict(py)?,
            APPEND => {
                let start = self.stack.items.len().wrapping_sub(1);
                build::append(self, py, start)?;
            }
            APPENDS => {
                let start = self.stack.pop_mark(py)?;
                build::append(self, py, start)?;
            }
            SETITEM => {
                let start = self.stack.items.len().wrapping_sub(2);
                build::set_items(self, py, start)?;
            }
            SETITEMS => {
                let start = self.stack.pop_mark(py)?;
                build::set_items(self, py, start)?;
            }
            ADDITEMS => {
                let start = self.stack.pop_mark(py)?;
                build::add_items(self, py, start)?;
            }
            BUILD => build::build(self, py)?,
            REDUCE => build::reduce(self, py)?,
            NEWOBJ => build::new_object(self, py)?,
            NEWOBJ_EX => build::new_object_with_keywords(self, py)?,
            INST => build::instance(self, py)?,
            OBJ => build::object(self, py)?,
            GLOBAL => {
                let (module, name) = self.global_lines(py)?;
                let value = Unpickler::global(py, self.this, module, name)?;
                self.stack.push(value);
            }
            STACK_GLOBAL => {
                let (name, module) = (self.stack.pop(py)?, self.stack.pop(py)?);
                let (Some(name), Some(module)) = (Gc::<Str>::cast(py, name), Gc::<Str>::cast(py, module)) else {
                    return Err(unpickling_error(py, "STACK_GLOBAL requires str"));
                };
                let value = Unpickler::global(py, self.this, module, name)?;
                self.stack.push(value);
            }
            EXT1 => {
                let [code] = self.array(py)?;
                build::extension(self, py, i64::from(code))?;
            }
            EXT2 => {
                let array = self.array(py)?;
                build::extension(self, py, i64::from(u16::from_le_bytes(array)))?;
            }
            EXT4 => {
                let code = signed(self.array(py)?);
                build::extension(self, py, code)?;
            }
            POP => self.stack.drop_last(py)?,
            POP_MARK => {
                let start = self.stack.pop_mark(py)?;
                self.stack.items.truncate(start);
            }
            DUP => {
                let value = self.stack.top(py)?;
                self.stack.push(value);
            }
            PROTO => {
                let [proto] = self.array(py)?;
                if proto > HIGHEST {
                    raise!(py, ValueError, "unsupported pickle protocol: {proto}");
                }
                self.this.get_mut(py).proto = proto;
            }
            FRAME => {
                let array = self.array(py)?;
                let Some(len) = usize::try_from(u64::from_le_bytes(array)).ok().filter(|len| *len <= isize::MAX as usize) else {
                    raise!(py, OverflowError, "FRAME length exceeds system's maximum of {} bytes", isize::MAX);
                };
                let place = self.read(py, len)?;
                self.at = place.start;
            }
            _ => self.rare_step(py, opcode)?,
        }
        Ok(())
    }

    /// Opcodes of old protocols and of special cases.
    fn rare_step(&mut self, py: &mut Py, opcode: u8) -> Result<()> {
        match opcode {
            INT => self.int_line(py),
            LONG => {
                let line = self.line(py)?;
                let digits = line[..line.len() - 1].strip_suffix(b"L").unwrap_or(&line[..line.len() - 1]);
                self.push_int(py, &shown(digits))
            }
            LONG1 => {
                let [len] = self.array(py)?;
                self.long(py, usize::from(len))
            }
            LONG4 => match usize::try_from(signed(self.array(py)?)) {
                Ok(len) => self.long(py, len),
                Err(_) => Err(unpickling_error(py, "LONG pickle has negative byte count")),
            },
            FLOAT => {
                let line = self.line(py)?;
                let text = py.new_str(&shown(&line[..line.len() - 1]));
                let outcome = py.float_from(text.into());
                let invalid = py.exceptions.ValueError;
                match py.ignore(outcome, invalid)? {
                    Some(float) => self.stack.push(Value::float(float)),
                    None => raise!(py, ValueError, "could not convert string to float: '{}'", shown(&line)),
                }
                Ok(())
            }
            STRING => {
                let line = self.line(py)?;
                let quoted = match &line[..line.len() - 1] {
                    [first @ (b'\'' | b'"'), inner @ .., last] if first == last => inner,
                    _ => return Err(unpickling_error(py, "the STRING opcode argument must be quoted")),
                };
                let bytes = escape_decode(py, quoted, &OnError::from_name("strict"))?;
                self.old_string(py, &bytes)
            }
            BINSTRING => match usize::try_from(signed(self.array(py)?)) {
                Ok(len) => {
                    let place = self.read(py, len)?;
                    let bytes = self.data[place].to_vec();
                    self.old_string(py, &bytes)
                }
                Err(_) => Err(unpickling_error(py, "BINSTRING pickle has negative byte count")),
            },
            SHORT_BINSTRING => {
                let [len] = self.array(py)?;
                let place = self.read(py, usize::from(len))?;
                let bytes = self.data[place].to_vec();
                self.old_string(py, &bytes)
            }
            UNICODE => {
                let line = self.any_line(py)?;
                let bytes = py.new_bytes(&line[..line.len() - 1]);
                let text = py.decode_bytes(bytes, "raw_unicode_escape", "strict")?;
                self.stack.push(text.into());
                Ok(())
            }
            GET => {
                let line = self.line(py)?;
                let number = self.number(py, &line)?;
                match u64::try_from(number) {
                    Ok(number) => self.get(py, number),
                    Err(_) => Err(unpickling_error(py, &format!("Memo value not found at index {number}"))),
                }
            }
            PUT => {
                let line = self.line(py)?;
                self.stack.top(py)?;
                match u64::try_from(self.number(py, &line)?) {
                    Ok(number) => self.put(py, number),
                    Err(_) => raise!(py, ValueError, "negative PUT argument"),
                }
            }
            PERSID => {
                let line = self.any_line(py)?;
                let id = &line[..line.len() - 1];
                if !id.is_ascii() {
                    return Err(unpickling_error(py, "persistent IDs in protocol 0 must be ASCII strings"));
                }
                let id = py.new_str(&shown(id));
                self.persistent(py, id.into())
            }
            BINPERSID => {
                let id = self.stack.pop(py)?;
                self.persistent(py, id)
            }
            NEXT_BUFFER => self.next_buffer(py),
            READONLY_BUFFER => {
                let object = self.stack.pop(py)?;
                let view = py.memoryview(object, bredli_runtime::buffer::flags::FULL_RO)?;
                let readonly = py.get_attr_named(view.into(), "readonly")? == Value::TRUE;
                let object = if readonly { object } else { py.call_method_named(view.into(), "toreadonly", &[])? };
                self.stack.push(object);
                Ok(())
            }
            _ => {
                let key = match opcode {
                    b'\'' | b'\\' | 0..0x20 | 0x7F.. => format!("\\x{opcode:02x}"),
                    _ => char::from(opcode).to_string(),
                };
                Err(unpickling_error(py, &format!("invalid load key, '{key}'.")))
            }
        }
    }

    /// Put a value in place of what is on the stack from `start` on.
    pub fn replace(&mut self, start: usize, value: Value) {
        self.stack.items.truncate(start);
        self.stack.push(value);
    }

    fn long_size(&mut self, py: &mut Py, opcode: &str) -> Result<usize> {
        let array = self.array(py)?;
        match usize::try_from(u64::from_le_bytes(array)) {
            Ok(size) if size <= isize::MAX as usize => Ok(size),
            _ => raise!(py, OverflowError, "{opcode} exceeds system's maximum size of {} bytes", isize::MAX),
        }
    }

    fn text(&mut self, py: &mut Py, len: usize) -> Result<()> {
        let place = self.read(py, len)?;
        let bytes = &self.data[place];
        let text = if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() || Wtf8Buf::from_bytes(bytes.to_vec()).is_some() {
            py.new_str_wtf8(bytes)
        } else {
            let bytes = py.new_bytes(bytes);
            py.decode_bytes(bytes, "utf-8", "surrogatepass")?
        };
        self.stack.push(text.into());
        Ok(())
    }

    fn bytes(&mut self, py: &mut Py, len: usize) -> Result<()> {
        let place = self.read(py, len)?;
        let bytes = py.new_bytes(&self.data[place]);
        self.stack.push(bytes.into());
        Ok(())
    }

    fn long(&mut self, py: &mut Py, len: usize) -> Result<()> {
        let place = self.read(py, len)?;
        let number = Integer::from_bytes(&self.data[place], ByteOrder::Little, true);
        let value = py.new_integer(&number);
        self.stack.push(value);
        Ok(())
    }

    /// The integer that decimal text stands for, as `int(text)`.
    fn parsed(&mut self, py: &mut Py, text: &str) -> Result {
        let text = py.new_str(text);
        let class = py.types.int;
        py.call(class.into(), &[text.into()])
    }

    fn push_int(&mut self, py: &mut Py, text: &str) -> Result<()> {
        let value = self.parsed(py, text)?;
        self.stack.push(value);
        Ok(())
    }

    fn int_line(&mut self, py: &mut Py) -> Result<()> {
        let line = self.line(py)?;
        match &line[..] {
            b"00\n" => self.stack.push(Value::FALSE),
            b"01\n" => self.stack.push(Value::TRUE),
            _ => {
                let text = shown(&line);
                let value = match text.trim().parse::<i64>() {
                    Ok(number) => py.new_int(number),
                    Err(_) => {
                        let text = py.new_str(text.trim());
                        let class = py.types.int;
                        let outcome = py.call(class.into(), &[text.into()]);
                        let invalid = py.exceptions.ValueError;
                        match py.ignore(outcome, invalid)? {
                            Some(value) => value,
                            None => raise!(py, ValueError, "could not convert string to int"),
                        }
                    }
                };
                self.stack.push(value);
            }
        }
        Ok(())
    }

    /// A number of the memo, in decimal.
    fn number(&mut self, py: &mut Py, line: &[u8]) -> Result<i64> {
        let value = self.parsed(py, &shown(line))?;
        match py.int_to_i64(value) {
            Some(number) => Ok(number),
            None => raise!(py, OverflowError, "Python int too large to convert to C ssize_t"),
        }
    }

    /// A string of Python 2, which was bytes.
    fn old_string(&mut self, py: &mut Py, bytes: &[u8]) -> Result<()> {
        let bytes = py.new_bytes(bytes);
        let (encoding, errors) = (self.this.get(py).encoding.clone(), self.this.get(py).errors.clone());
        let value = if encoding == "bytes" { bytes.into() } else { py.decode_bytes(bytes, &encoding, &errors)?.into() };
        self.stack.push(value);
        Ok(())
    }

    fn get(&mut self, py: &mut Py, number: u64) -> Result<()> {
        match Unpickler::memo_get(py, self.this, number)? {
            Some(value) => self.stack.push(value),
            None => return Err(unpickling_error(py, &format!("Memo value not found at index {number}"))),
        }
        Ok(())
    }

    fn put(&mut self, py: &mut Py, number: u64) -> Result<()> {
        let value = self.stack.top(py)?;
        Unpickler::memo_set(py, self.this, number, value)
    }

    fn dict(&mut self, py: &mut Py) -> Result<()> {
        let start = self.stack.pop_mark(py)?;
        if !(self.stack.items.len() - start).is_multiple_of(2) {
            return Err(unpickling_error(py, "odd number of items for DICT"));
        }
        let dict = py.new_dict();
        for at in (start..self.stack.items.len()).step_by(2) {
            py.dict_set(dict, self.stack.items[at], self.stack.items[at + 1])?;
        }
        self.replace(start, dict.into());
        Ok(())
    }

    /// Two lines: a module and a name in it.
    pub fn global_lines(&mut self, py: &mut Py) -> Result<(Gc<Str>, Gc<Str>)> {
        let mut names = [py.names.name; 2];
        for name in &mut names {
            let line = self.line(py)?;
            let bytes = py.new_bytes(&line[..line.len() - 1]);
            let text = py.decode_bytes(bytes, "utf-8", "strict")?;
            *name = py.intern_str(text);
        }
        Ok((names[0], names[1]))
    }

    fn persistent(&mut self, py: &mut Py, id: Value) -> Result<()> {
        let name = py.intern("persistent_load");
        let Some(load) = py.lookup_attr(self.this.into(), name)? else {
            return Err(unpickling_error(py, PERSISTENT_LOAD_MISSING));
        };
        let value = py.call(load, &[id])?;
        self.stack.push(value);
        Ok(())
    }

    fn next_buffer(&mut self, py: &mut Py) -> Result<()> {
        let Some(buffers) = self.this.get(py).buffers else {
            let text = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(unpickling_error(py, text));
        };
        match py.next(buffers)? {
            Some(buffer) => self.stack.push(buffer),
            None => return Err(unpickling_error(py, "not enough out-of-band buffers")),
        }
        Ok(())
    }
}
