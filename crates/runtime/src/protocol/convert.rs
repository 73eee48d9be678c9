//! Conversions between Python numbers and Rust ones, and names for messages.

use crate::object::{Class, ClassFlags, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// The name of the class of a value as messages show it: CPython's `tp_name`, which for native classes has the module in it.
    pub fn class_name(&self, value: Value) -> String {
        self.type_name(self.class_of(value))
    }

    /// The name of a class as messages show it.
    pub fn type_name(&self, class: Gc<Class>) -> String {
        let class = class.get(self);
        let name = class.name.get(self).lossy();
        match class.def {
            Some(def) if def.module != "builtins" => format!("{}.{name}", def.module),
            _ => name,
        }
    }

    /// Whether a value is an int or of a subclass.
    #[inline]
    pub fn is_int(&self, value: Value) -> bool {
        value.is_int() || self.class_of(value).get(self).flags.contains(ClassFlags::INT)
    }

    /// Whether a value is a str or of a subclass.
    #[inline]
    pub fn is_str(&self, value: Value) -> bool {
        self.class_of(value).get(self).flags.contains(ClassFlags::STR)
    }

    /// Whether a value is a dict or of a subclass.
    #[inline]
    pub fn is_dict(&self, value: Value) -> bool {
        self.class_of(value).get(self).flags.contains(ClassFlags::DICT)
    }

    /// Whether a value is an exception instance.
    #[inline]
    pub fn is_exception(&self, value: Value) -> bool {
        self.class_of(value).get(self).flags.contains(ClassFlags::EXCEPTION)
    }

    /// The value as a class whose instances are exceptions.
    pub fn exception_class(&self, value: Value) -> Option<Gc<Class>> {
        let class = Gc::<Class>::cast(self, value)?;
        class.get(self).flags.contains(ClassFlags::EXCEPTION).then_some(class)
    }

    /// `operator.index(value)`: an int (possibly of a subclass).
    #[inline]
    pub fn index(&mut self, value: Value) -> Result {
        if self.is_int(value) {
            return Ok(value);
        }
        let Some(index) = self.class_of(value).get(self).slots.index else {
            let class = self.class_name(value);
            raise!(self, TypeError, "'{class}' object cannot be interpreted as an integer");
        };
        self.enter_native("")?;
        let result = index(self, value)?;
        if !self.is_int(result) {
            let class = self.class_name(result);
            raise!(self, TypeError, "__index__ returned non-int (type {class})");
        }
        if !result.is_int() && self.class_of(result) != self.types.int {
            self.warn_strict_subclass("__index__", "int", result)?;
        }
        Ok(result)
    }

    /// Warn that a conversion method returned an instance of a subclass of the class that it is for.
    #[cold]
    pub(crate) fn warn_strict_subclass(&mut self, method: &str, class: &str, result: Value) -> Result<()> {
        let given = self.class_name(result);
        let text = format!(
            "{method} returned non-{class} (type {given}).  The ability to return an instance of a strict subclass of {class} is \
             deprecated, and may be removed in a future version of Python."
        );
        self.warn(self.exceptions.DeprecationWarning, &text)
    }

    /// An index for a size or position; OverflowError when it does not fit.
    #[inline]
    pub fn to_isize(&mut self, value: Value) -> Result<isize> {
        if let Some(int) = value.as_int() {
            return Ok(int as isize);
        }
        let index = self.index(value)?;
        match self.int_to_i64(index) {
            Some(int) => Ok(int as isize),
            None => {
                let class = self.class_name(value);
                raise!(self, OverflowError, "cannot fit '{class}' into an index-sized integer")
            }
        }
    }

    /// An index with values out of range clipped to the ends, as slices do.
    pub fn to_isize_clipped(&mut self, value: Value) -> Result<isize> {
        if let Some(int) = value.as_int() {
            return Ok(int as isize);
        }
        let index = self.index(value)?;
        Ok(match self.int_to_i64(index) {
            Some(int) => int as isize,
            None if self.int_is_negative(index) => isize::MIN,
            None => isize::MAX,
        })
    }

    /// A subscript of a sequence: an IndexError when it does not fit, and whether the object is an index at all.
    #[inline]
    pub fn to_subscript(&mut self, value: Value) -> Result<isize> {
        if let Some(int) = value.as_int() {
            return Ok(int as isize);
        }
        let index = self.index(value)?;
        match self.int_to_i64(index) {
            Some(int) => Ok(int as isize),
            None => {
                let class = self.class_name(value);
                raise!(self, IndexError, "cannot fit '{class}' into an index-sized integer")
            }
        }
    }

    /// Whether a value can be used as an index.
    #[inline]
    pub fn has_index(&self, value: Value) -> bool {
        value.is_int() || self.class_of(value).get(self).slots.index.is_some()
    }

    /// Whether a value counts as a number: it is complex, or can be made an int or a float.
    pub fn is_number(&self, value: Value) -> bool {
        let slots = &self.class_of(value).get(self).slots;
        self.has_index(value) || slots.int.is_some() || slots.float.is_some() || self.complex_payload(value).is_some()
    }

    /// `float(value)` for an argument that must be a real number.
    pub fn to_f64(&mut self, value: Value) -> Result<f64> {
        if let Some(float) = value.as_float() {
            return Ok(float);
        }
        if let Some(int) = value.as_int() {
            return Ok(int as f64);
        }
        if let Some(float) = self.float_payload(value) {
            return Ok(float);
        }
        self.float_special(value)
    }

    /// `float(value)` by `__float__` or `__index__`.
    pub(crate) fn float_special(&mut self, value: Value) -> Result<f64> {
        self.enter_native("")?;
        let slots = &self.class_of(value).get(self).slots;
        if let Some(float) = slots.float {
            let result = float(self, value)?;
            return match self.float_payload(result) {
                Some(float) => {
                    if !result.is_float() {
                        let class = self.class_name(value);
                        self.warn_strict_subclass(&format!("{class}.__float__"), "float", result)?;
                    }
                    Ok(float)
                }
                None => {
                    let (class, given) = (self.class_name(value), self.class_name(result));
                    raise!(self, TypeError, "{class}.__float__ returned non-float (type {given})")
                }
            };
        }
        if slots.index.is_some() {
            let index = self.index(value)?;
            return self.int_to_f64(index);
        }
        let class = self.class_name(value);
        raise!(self, TypeError, "must be real number, not {class}")
    }

    /// The text of a `str` argument.
    pub fn expect_str(&mut self, value: Value, what: &str) -> Result<Gc<Str>> {
        match Gc::<Str>::cast(self, value) {
            Some(text) => Ok(text),
            None => {
                let class = self.class_name(value);
                raise!(self, TypeError, "{what} must be str, not {class}")
            }
        }
    }
}
