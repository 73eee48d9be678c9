//! Writing any value that can be marshalled. An object that occurs again is written once and referred to.

use bredli_code::CodeObject;
use bredli_code::marshal::{MAX_DEPTH, Sink, tag};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Code, Set};
use bredli_text::Wtf8Buf;
use std::collections::HashMap;

use super::raised;

/// From this version on, objects are referred to.
const REFERENCES: i32 = 3;

pub(super) struct Save {
    sink: Sink,
    version: i32,
    allow_code: bool,
    /// The numbers of the objects that were written, by their words. `kept` keeps them alive.
    numbers: HashMap<u64, i32>,
    kept: RootVec,
    references: i32,
    /// The slices and code objects that are being written, by their words: they cannot be read while they contain themselves.
    open: Vec<u64>,
    depth: usize,
}

/// The bytes of a value.
pub(super) fn save(py: &mut Py, value: Value, version: i32, allow_code: bool) -> Result<Vec<u8>> {
    let kept = RootVec::new(&mut py.heap);
    let mut save =
        Save { sink: Sink::new(), version, allow_code, numbers: HashMap::new(), kept, references: 0, open: Vec::new(), depth: 0 };
    save.object(py, value)?;
    Ok(save.sink.into_bytes())
}

impl Save {
    fn object(&mut self, py: &mut Py, value: Value) -> Result<()> {
        if self.depth >= MAX_DEPTH || py.enter_native("").is_err() {
            py.clear_exception();
            raise!(py, ValueError, "object too deeply nested to marshal");
        }
        self.depth += 1;
        let done = match simple_tag(py, value) {
            Some(tag) => {
                self.sink.byte(tag);
                Ok(())
            }
            None => self.number_or_object(py, value),
        };
        self.depth -= 1;
        done
    }

    fn number_or_object(&mut self, py: &mut Py, value: Value) -> Result<()> {
        if self.open.contains(&value.bits()) {
            raise!(py, ValueError, "unmarshallable object");
        }
        let Some(flag) = self.flag(value) else { return Ok(()) };
        let class = py.class_of(value);
        if let Some(float) = value.as_float() {
            self.float(py, tag::FLOAT | flag, tag::BINARY_FLOAT | flag, &[float])
        } else if class == py.types.int {
            let int = py.with_int(value, |int| int.to_bigint()).unwrap_or_default();
            self.sink.integer(&int, flag).map_err(|problem| raised(py, problem))
        } else if class == py.types.complex {
            let parts = [py.get_attr_named(value, "real")?, py.get_attr_named(value, "imag")?];
            let parts = parts.map(|part| part.as_float().unwrap_or(0.0));
            self.float(py, tag::COMPLEX | flag, tag::BINARY_COMPLEX | flag, &parts)
        } else if class == py.types.str {
            self.text(py, Gc::<Str>::known(py, value), flag)
        } else if class == py.types.tuple {
            let items = py.collect_iterable(value)?;
            match u8::try_from(items.len()) {
                Ok(count) if self.version >= 4 => {
                    self.sink.byte(tag::SMALL_TUPLE | flag);
                    self.sink.byte(count);
                }
                _ => self.size(py, tag::TUPLE | flag, items.len())?,
            }
            self.objects(py, &items)
        } else if class == py.types.list {
            let items = py.collect_iterable(value)?;
            self.size(py, tag::LIST | flag, items.len())?;
            self.objects(py, &items)
        } else if class == py.types.dict {
            self.dict(py, Gc::<Dict>::known(py, value), flag)
        } else if class == py.types.set || class == py.types.frozenset {
            self.set(py, value, flag)
        } else if class == py.types.slice {
            if self.version < 5 {
                raise!(py, ValueError, "unmarshallable object");
            }
            self.sink.byte(tag::SLICE | flag);
            self.open.push(value.bits());
            for part in ["start", "stop", "step"] {
                let part = py.get_attr_named(value, part)?;
                self.object(py, part)?;
            }
            self.open.pop();
            Ok(())
        } else if let Some(code) = Gc::<Code>::cast(py, value) {
            self.code(py, code, flag)
        } else if let Some(bytes) = BytesLike::try_new(py, value)? {
            let bytes = bytes.get(py).to_vec();
            self.sink.byte(tag::STRING | flag);
            self.sink.sized(&bytes).map_err(|problem| raised(py, problem))
        } else {
            raise!(py, ValueError, "unmarshallable object")
        }
    }

    /// What to add to the tag of an object; none when a reference to it has been written instead.
    fn flag(&mut self, value: Value) -> Option<u8> {
        if self.version < REFERENCES || !value.is_heap() {
            return Some(0);
        }
        if let Some(&number) = self.numbers.get(&value.bits()) {
            self.sink.byte(tag::REF);
            self.sink.int(number);
            return None;
        }
        self.numbers.insert(value.bits(), self.references);
        self.references += 1;
        self.kept.push(value);
        Some(tag::FLAG_REF)
    }

    fn size(&mut self, py: &mut Py, tag: u8, size: usize) -> Result<()> {
        self.sink.byte(tag);
        self.sink.size(size).map_err(|problem| raised(py, problem))
    }

    fn objects(&mut self, py: &mut Py, items: &[Value]) -> Result<()> {
        items.iter().try_for_each(|item| self.object(py, *item))
    }

    /// Floats, or in old versions the texts of floats.
    fn float(&mut self, py: &mut Py, text_tag: u8, binary_tag: u8, floats: &[f64]) -> Result<()> {
        if self.version > 1 {
            self.sink.byte(binary_tag);
            floats.iter().for_each(|float| self.sink.float(*float));
            return Ok(());
        }
        self.sink.byte(text_tag);
        for float in floats {
            let text = py.repr_text(Value::float(*float))?;
            self.sink.byte(text.len() as u8);
            text.bytes().for_each(|byte| self.sink.byte(byte));
        }
        Ok(())
    }

    fn text(&mut self, py: &mut Py, text: Gc<Str>, flag: u8) -> Result<()> {
        let interned = self.version >= REFERENCES && text.get(py).is_interned();
        let bytes = text.get(py).bytes().to_vec();
        if self.version < 4 {
            self.sink.byte(if interned { tag::INTERNED } else { tag::UNICODE } | flag);
            return self.sink.sized(&bytes).map_err(|problem| raised(py, problem));
        }
        let text = Wtf8Buf::from_bytes(bytes).expect("a str is WTF-8");
        self.sink.text(&text, interned, flag).map_err(|problem| raised(py, problem))
    }

    fn dict(&mut self, py: &mut Py, dict: Gc<Dict>, flag: u8) -> Result<()> {
        self.sink.byte(tag::DICT | flag);
        let mut at = 0;
        while let Some((position, key, value)) = dict.get(py).entry_from(at) {
            at = position + 1;
            self.object(py, key)?;
            self.object(py, value)?;
        }
        self.sink.byte(tag::NULL);
        Ok(())
    }

    /// The elements in the order of their bytes, so that equal sets are written alike.
    fn set(&mut self, py: &mut Py, set: Value, flag: u8) -> Result<()> {
        let frozen = py.class_of(set) == py.types.frozenset;
        let items = py.collect_iterable(set)?;
        self.size(py, if frozen { tag::FROZENSET } else { tag::SET } | flag, items.len())?;
        let mut ordered = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            ordered.push((save(py, *item, self.version, self.allow_code)?, index));
            if Gc::<Set>::known(py, set).get(py).len() != items.len() {
                raise!(py, RuntimeError, "set changed size during iteration");
            }
        }
        ordered.sort();
        ordered.iter().try_for_each(|(_, index)| self.object(py, items[*index]))
    }

    fn code(&mut self, py: &mut Py, code: Gc<Code>, flag: u8) -> Result<()> {
        if !self.allow_code {
            raise!(py, ValueError, "marshalling code objects is disallowed");
        }
        let (values, local_names) = (py.code_values(code)?, py.local_names(code));
        let portable = code.get(py).code().get().clone();
        let texts = [py.code_filename(code), code.get(py).name, code.get(py).qualname];
        self.open.push(Value::from(code).bits());
        self.sink.byte(tag::CODE | flag);
        let CodeObject { argcount, posonlyargcount, kwonlyargcount, stacksize, flags, .. } = *portable;
        for number in [argcount, posonlyargcount, kwonlyargcount, stacksize, flags] {
            self.sink.int(number as i32);
        }
        self.bytes(py, &portable.code)?;
        for tuple in [values.consts, values.names, local_names] {
            self.object(py, tuple.into())?;
        }
        self.bytes(py, &portable.localspluskinds)?;
        for text in texts {
            self.object(py, text.into())?;
        }
        self.sink.int(portable.firstlineno);
        self.bytes(py, &portable.linetable)?;
        self.bytes(py, &portable.exceptiontable)?;
        self.open.pop();
        Ok(())
    }

    fn bytes(&mut self, py: &mut Py, bytes: &[u8]) -> Result<()> {
        self.sink.byte(tag::STRING);
        self.sink.sized(bytes).map_err(|problem| raised(py, problem))
    }
}

/// The tag of a value that is nothing else.
fn simple_tag(py: &Py, value: Value) -> Option<u8> {
    Some(match value {
        _ if value.is_none() => tag::NONE,
        Value::TRUE => tag::TRUE,
        Value::FALSE => tag::FALSE,
        Value::ELLIPSIS => tag::ELLIPSIS,
        _ if value == py.exceptions.StopIteration.into() => tag::STOP_ITERATION,
        _ => return None,
    })
}
