//! `float()`: from numbers, text and bytes.

use super::FloatObject;
use crate::object::{Class, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_num::parse_float;

/// The characters of wrong text that its message shows.
const SHOWN: usize = 200;

pub(super) fn new_float(py: &mut Py, cls: Gc<Class>, x: Value) -> Result {
    let value = py.float_from(x)?;
    Ok(wrap(py, cls, value))
}

/// A float of the class.
fn wrap(py: &mut Py, cls: Gc<Class>, value: f64) -> Value {
    if cls == py.types.float { Value::float(value) } else { py.alloc_as(cls, FloatObject { header: Header::EMPTY, value }).into() }
}

impl Py {
    /// `float(value)`
    pub fn float_from(&mut self, value: Value) -> Result<f64> {
        let plain = self.is_exact_str(value) || value.as_float().is_some();
        if !plain && self.class_of(value).get(self).slots.float.is_some() {
            return self.float_special(value);
        }
        let text = if let Some(text) = Gc::<Str>::cast(self, value) {
            self.ascii_number(text)
        } else if let Some(bytes) = Gc::<Bytes>::cast(self, value) {
            bytes.get(self).data().to_vec()
        } else {
            let slots = &self.class_of(value).get(self).slots;
            if value.as_int().is_some() || slots.float.is_some() || slots.index.is_some() {
                return self.to_f64(value);
            }
            if slots.buffer.is_none() {
                return Err(self.not_a_number("float", "a string or a real number", value));
            }
            let bytes = self.call(self.types.bytes.into(), &[value])?;
            Gc::<Bytes>::known(self, bytes).get(self).data().to_vec()
        };
        match parse_float(&text) {
            Some(number) => Ok(number),
            None => {
                let shown: String = self.repr_text(value)?.chars().take(SHOWN).collect();
                raise!(self, ValueError, "could not convert string to float: {shown}")
            }
        }
    }
}
