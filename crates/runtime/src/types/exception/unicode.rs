//! What UnicodeEncodeError, UnicodeDecodeError and UnicodeTranslateError keep and say.
//!
//! Counterpart: the Unicode part of `Objects/exceptions.c`.

use super::BaseException;
use crate::buffer::BytesLike;
use crate::object::{Class, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// Which of the three classes it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Decode,
    Encode,
    Translate,
}

impl Py {
    fn unicode_direction(&self, class: Gc<Class>) -> Option<Direction> {
        let classes = &self.exceptions;
        let known = [
            (classes.UnicodeDecodeError, Direction::Decode),
            (classes.UnicodeEncodeError, Direction::Encode),
            (classes.UnicodeTranslateError, Direction::Translate),
        ];
        known.into_iter().find_map(|(known, direction)| self.is_subtype(class, known).then_some(direction))
    }

    /// Takes the arguments of a constructor apart.
    pub(super) fn init_unicode_error(&mut self, exception: Gc<BaseException>, given: &[Value]) -> Result<()> {
        let class = self.class_of(exception.into());
        let Some(direction) = self.unicode_direction(class) else { return Ok(()) };
        let object = usize::from(direction != Direction::Translate);
        let count = object + 4;
        if given.len() != count {
            raise!(self, TypeError, "function takes exactly {count} arguments ({} given)", given.len());
        }
        for (index, value) in given.iter().copied().enumerate() {
            let value = match index {
                _ if index == object && direction == Direction::Decode => BytesLike::new(self, value)?.object(self).into(),
                _ if (object + 1..=object + 2).contains(&index) => {
                    let number = self.to_isize(value)?;
                    self.new_int(number as i64)
                }
                _ if self.is_str(value) => value,
                _ => {
                    let class = self.class_name(value);
                    raise!(self, TypeError, "argument {} must be str, not {class}", index + 1);
                }
            };
            self.set_field(exception, index, Some(value));
        }
        Ok(())
    }

    /// `str` of one of the three; `None` for other exceptions.
    pub(super) fn unicode_error_text(&mut self, exception: Gc<BaseException>) -> Result<Option<String>> {
        let class = self.class_of(exception.into());
        let Some(direction) = self.unicode_direction(class) else { return Ok(None) };
        let at = usize::from(direction != Direction::Translate);
        let Some(object) = self.exception_field(exception, at) else { return Ok(Some(String::new())) };
        let number = |py: &mut Py, field| match py.exception_field(exception, field) {
            Some(value) => py.to_isize(value),
            None => Ok(0),
        };
        let (start, end) = (number(self, at + 1)?, number(self, at + 2)?);
        let reason = match self.exception_field(exception, at + 3) {
            Some(reason) => self.str_text(reason)?,
            None => String::new(),
        };
        let subject = match (direction, self.exception_field(exception, 0)) {
            (Direction::Translate, _) | (_, None) => String::new(),
            (_, Some(encoding)) => format!("'{}' codec ", self.str_text(encoding)?),
        };
        let one = if end == start.wrapping_add(1) { self.unit_at(object, start) } else { None };
        let what = match (direction, one) {
            (Direction::Decode, Some(byte)) => format!("can't decode byte {byte:#04x} in position {start}"),
            (Direction::Decode, None) => format!("can't decode bytes in position {start}-{}", end - 1),
            (_, unit) => {
                let verb = if direction == Direction::Encode { "encode" } else { "translate" };
                match unit {
                    Some(code @ ..=0xFF) => format!("can't {verb} character '\\x{code:02x}' in position {start}"),
                    Some(code @ ..=0xFFFF) => format!("can't {verb} character '\\u{code:04x}' in position {start}"),
                    Some(code) => format!("can't {verb} character '\\U{code:08x}' in position {start}"),
                    None => format!("can't {verb} characters in position {start}-{}", end - 1),
                }
            }
        };
        Ok(Some(format!("{subject}{what}: {reason}")))
    }

    /// The byte or code point at an index.
    fn unit_at(&self, object: Value, index: isize) -> Option<u32> {
        let index = usize::try_from(index).ok()?;
        if let Some(text) = Gc::<Str>::cast(self, object) {
            return text.get(self).code_points().nth(index);
        }
        Gc::<Bytes>::cast(self, object)?.get(self).data().get(index).map(|byte| u32::from(*byte))
    }
}
