//! `SyntaxError`: the class, and raising it from the compiler, with its warnings.

use super::BaseException;
use super::table::defs;
use crate::native::{Args, ClassDef, NativeClass};
use crate::object::{Class, Str};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// Indexes of SyntaxError's extra fields.
pub mod field {
    pub const MSG: usize = 0;
    pub const FILENAME: usize = 1;
    pub const LINENO: usize = 2;
    pub const OFFSET: usize = 3;
    pub const TEXT: usize = 4;
    pub const END_LINENO: usize = 5;
    pub const END_OFFSET: usize = 6;
    pub const METADATA: usize = 8;
    /// In the order in which SyntaxError takes them as its second argument.
    pub const DETAILS: [usize; 7] = [FILENAME, LINENO, OFFSET, TEXT, END_LINENO, END_OFFSET, METADATA];
}

/// Line, column, end line and end column, from 1; `i32::MIN` where Python shows None.
type Place = (i32, i32, i32, i32);

/// The methods of `SyntaxError`.
pub(super) struct SyntaxError;

impl NativeClass for SyntaxError {
    const DEF: &'static ClassDef = defs::SyntaxError::DEF;
}

#[pymethods]
impl SyntaxError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        let exception = Gc::known(py, this);
        BaseException::__init__(exception, py, args)?;
        let given = args.positional();
        if let [message, ..] = given {
            py.set_field(exception, field::MSG, Some(*message));
        }
        let [_, details] = given else { return Ok(()) };
        let details = py.tuple_from_iterable(*details)?;
        let count = details.get(py).len();
        if count < 4 {
            raise!(py, TypeError, "function takes at least 4 arguments ({count} given)");
        }
        if count > 7 {
            raise!(py, TypeError, "function takes at most 7 arguments ({count} given)");
        }
        for (index, place) in field::DETAILS.into_iter().enumerate() {
            let value = details.get(py).items().get(index).copied();
            py.set_field(exception, place, value);
        }
        if count == 5 {
            raise!(py, TypeError, "end_offset must be provided when end_lineno is provided");
        }
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let exception = Gc::<BaseException>::known(py, this);
        let [message, file, line] = [field::MSG, field::FILENAME, field::LINENO].map(|field| py.exception_field(exception, field));
        let message = py.str(message.unwrap_or(Value::NONE))?;
        let file = file.and_then(|file| Gc::<Str>::cast(py, file)).map(|file| file.get(py).bytes().to_vec());
        let name = file.map(|path| path.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec());
        let line = line.filter(|line| py.class_of(*line) == py.types.int).map(|line| py.int_to_i64(line).unwrap_or(-1));
        let place = match (name, line) {
            (Some(name), Some(line)) => [b" (", name.as_slice(), format!(", line {line})").as_bytes()].concat(),
            (Some(name), None) => [b" (", name.as_slice(), b")"].concat(),
            (None, Some(line)) => format!(" (line {line})").into_bytes(),
            (None, None) => return Ok(message.into()),
        };
        let text = [message.get(py).bytes(), &place].concat();
        Ok(py.new_str_wtf8(&text).into())
    }
}

impl Py {
    /// Raise a SyntaxError, or the subclass of that name, with its place.
    pub fn raise_syntax_error(&mut self, class: &str, text: &str, filename: &str, place: Place, source: Option<&str>) -> Raised {
        let class = match class {
            "IndentationError" => self.exceptions.IndentationError,
            "TabError" => self.exceptions.TabError,
            "_IncompleteInputError" => self.exceptions._IncompleteInputError,
            "RecursionError" => return crate::error!(self, RecursionError, "{text}"),
            "MemoryError" => return crate::error!(self, MemoryError, "{text}"),
            "ValueError" => return crate::error!(self, ValueError, "{text}"),
            _ => self.exceptions.SyntaxError,
        };
        let message: Value = self.new_str(text).into();
        let details = self.syntax_error_details(filename, place, source);
        // A source that cannot be decoded has no lines, and so no end.
        let known = if place.0 == 0 && place.2 == i32::MIN { 4 } else { 6 };
        let tuple = self.new_tuple(&details[..known]);
        let exception = self.new_exception(class, &[message, tuple.into()]);
        self.raise_with_details(exception, message, details)
    }

    /// Raise a SyntaxError as CPython's symbol tables do: its arguments do not tell its place.
    pub fn raise_symbol_error(&mut self, text: &str, filename: &str, place: Place, source: Option<&str>) -> Raised {
        let message: Value = self.new_str(text).into();
        let details = self.syntax_error_details(filename, place, source);
        let exception = self.new_exception(self.exceptions.SyntaxError, &[message]);
        self.raise_with_details(exception, message, details)
    }

    fn syntax_error_details(&mut self, filename: &str, place: Place, source: Option<&str>) -> [Value; 6] {
        let filename: Value = self.new_str(filename).into();
        let source: Value = source.map_or(Value::NONE, |source| self.new_str(source).into());
        let number = |number| if number == i32::MIN { Value::NONE } else { Value::small(number) };
        let (line, column, end_line, end_column) = place;
        [filename, number(line), number(column), source, number(end_line), number(end_column)]
    }

    fn raise_with_details(&mut self, exception: Gc<BaseException>, message: Value, details: [Value; 6]) -> Raised {
        self.set_field(exception, field::MSG, Some(message));
        for (field, value) in field::DETAILS.into_iter().zip(details) {
            self.set_field(exception, field, Some(value));
        }
        self.raise(exception.into())
    }

    /// Issue a warning on behalf of the running Python code.
    pub fn warn(&mut self, category: Gc<Class>, text: &str) -> Result<()> {
        let warnings = self.import_module("_warnings")?;
        let message = self.new_str(text);
        self.call_method_named(warnings, "warn", &[message.into(), category.into()])?;
        Ok(())
    }

    /// Issue a SyntaxWarning.
    pub fn warn_syntax(&mut self, text: &str, filename: &str, line: i32) -> Result<()> {
        let warnings = self.import_module("_warnings")?;
        let message = self.new_str(text);
        let filename = self.new_str(filename);
        let class = self.exceptions.SyntaxWarning.into();
        self.call_method_named(warnings, "warn_explicit", &[message.into(), class, filename.into(), Value::small(line)])?;
        Ok(())
    }
}
