//! `repr`, `str`, `ascii`, `format`, and interned strings.

use crate::object::Str;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// `repr(value)`.
    pub fn repr(&mut self, value: Value) -> Result<Gc<Str>> {
        if value.is_int() {
            return self.int_str(value);
        }
        self.enter_native(" while getting the repr of an object")?;
        let result = match self.class_of(value).get(self).slots.repr {
            Some(repr) => repr(self, value)?,
            None => self.default_repr(value)?,
        };
        match Gc::<Str>::cast(self, result) {
            Some(text) => Ok(text),
            None => {
                let class = self.class_name(result);
                raise!(self, TypeError, "__repr__ returned non-string (type {class})")
            }
        }
    }

    /// `str(value)`.
    #[inline]
    pub fn str(&mut self, value: Value) -> Result<Gc<Str>> {
        if self.is_exact_str(value) {
            return Ok(Gc::known(self, value));
        }
        if value.is_int() {
            return self.int_str(value);
        }
        self.str_of_object(value)
    }

    #[inline(never)]
    fn str_of_object(&mut self, value: Value) -> Result<Gc<Str>> {
        let Some(str) = self.class_of(value).get(self).slots.str else { return self.repr(value) };
        self.enter_native(" while getting the str of an object")?;
        let result = str(self, value)?;
        match Gc::<Str>::cast(self, result) {
            Some(text) => Ok(text),
            None => {
                let class = self.class_name(result);
                raise!(self, TypeError, "__str__ returned non-string (type {class})")
            }
        }
    }

    /// `repr(value)` as Rust text, for messages.
    pub fn repr_text(&mut self, value: Value) -> Result<String> {
        Ok(self.repr(value)?.get(self).lossy())
    }

    /// `str(value)` as Rust text, for messages.
    pub fn str_text(&mut self, value: Value) -> Result<String> {
        Ok(self.str(value)?.get(self).lossy())
    }

    /// `ascii(value)`.
    pub fn ascii(&mut self, value: Value) -> Result<Gc<Str>> {
        let text = self.repr(value)?;
        if text.get(self).is_ascii() {
            return Ok(text);
        }
        let mut out = String::new();
        for code_point in text.get(self).code_points() {
            match code_point {
                0..0x80 => out.push(code_point as u8 as char),
                0x80..0x100 => out.push_str(&format!("\\x{code_point:02x}")),
                0x100..0x10000 => out.push_str(&format!("\\u{code_point:04x}")),
                _ => out.push_str(&format!("\\U{code_point:08x}")),
            }
        }
        Ok(self.new_str(&out))
    }

    /// `format(value, spec)`.
    pub fn format(&mut self, value: Value, spec: Gc<Str>) -> Result<Gc<Str>> {
        if spec.get(self).byte_len() == 0 {
            if self.is_exact_str(value) {
                return Ok(Gc::known(self, value));
            }
            if value.is_int() {
                return self.int_str(value);
            }
        } else if let Some(text) = self.format_exact(value, spec)? {
            return Ok(text);
        }
        let name = self.names.__format__;
        let Some(result) = self.call_special(value, name, &[spec.into()])? else {
            let class = self.class_name(value);
            raise!(self, TypeError, "Type {class} doesn't define __format__");
        };
        match Gc::<Str>::cast(self, result) {
            Some(text) => Ok(text),
            None => {
                let class = self.class_name(result);
                raise!(self, TypeError, "__format__ must return a str, not {class}")
            }
        }
    }

    /// `object.__repr__`: the qualified class name and the address.
    pub fn default_repr(&mut self, value: Value) -> Result {
        let name = self.qualified_class_name(value)?;
        let text = format!("<{name} object at {:#x}>", value.bits());
        Ok(self.new_str(&text).into())
    }

    /// `module.qualname` of the class of a value, without `builtins`.
    pub fn qualified_class_name(&mut self, value: Value) -> Result<String> {
        let class = self.class_of(value);
        let qualname = class.get(self).qualname.get(self).lossy();
        let name = self.names.__module__;
        let module = self.type_lookup(class, name).and_then(|module| Gc::<Str>::cast(self, module));
        Ok(match module.map(|module| module.get(self).lossy()) {
            Some(module) if module != "builtins" => format!("{module}.{qualname}"),
            _ => qualname,
        })
    }

    /// The one string with this text that is used for names.
    pub fn intern(&mut self, text: &str) -> Gc<Str> {
        self.intern_wtf8(text.as_bytes())
    }

    /// The one string with this text, in WTF-8, that is used for names.
    pub(crate) fn intern_wtf8(&mut self, text: &[u8]) -> Gc<Str> {
        let hash = self.hash_keys.hash_inside(text);
        if let Some(found) = self.interned.find(&self.heap, hash, text) {
            return found;
        }
        let string = self.new_str_wtf8(text);
        self.add_interned(string, hash)
    }

    /// The interned string equal to `string`.
    #[inline]
    pub fn intern_str(&mut self, string: Gc<Str>) -> Gc<Str> {
        if string.get(self).is_interned() { string } else { self.intern_slow(string) }
    }

    fn intern_slow(&mut self, string: Gc<Str>) -> Gc<Str> {
        let bytes = string.get(self).bytes();
        let hash = self.hash_keys.hash_inside(bytes);
        if let Some(found) = self.interned.find(&self.heap, hash, bytes) {
            return found;
        }
        if !self.is_exact_str(string.into()) {
            let copy = string.get(self).bytes().to_vec();
            let plain = self.new_str_wtf8(&copy);
            return self.intern_str(plain);
        }
        self.add_interned(string, hash)
    }

    fn add_interned(&mut self, string: Gc<Str>, hash: u64) -> Gc<Str> {
        string.get(self).set_interned();
        self.heap.keep(string.into());
        let (heap, keys) = (&self.heap, self.hash_keys);
        self.interned.add(string, hash, |s| keys.hash_inside(s.get(heap).bytes()));
        string
    }
}
