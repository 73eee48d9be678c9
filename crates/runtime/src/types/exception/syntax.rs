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
}

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
        let places = [field::FILENAME, field::LINENO, field::OFFSET, field::TEXT, field::END_LINENO, field::END_OFFSET, field::METADATA];
        for (index, place) in places.into_iter().enumerate() {
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
    /// Raise a SyntaxError (or the subclass of that name) with its place: line, column, end line and end column, 1-based;
    /// `i32::MIN` where Python shows None.
    pub fn raise_syntax_error(
        &mut self,
        class: &str,
        text: &str,
        filename: &str,
        (line, column, end_line, end_column): (i32, i32, i32, i32),
        source: Option<&str>,
    ) -> Raised {
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
        let filename: Value = self.new_str(filename).into();
        let source: Value = source.map_or(Value::NONE, |source| self.new_str(source).into());
        let numbers =
            [line, column, end_line, end_column].map(|number| if number == i32::MIN { Value::NONE } else { Value::small(number) });
        let details = [filename, numbers[0], numbers[1], source, numbers[2], numbers[3]];
        // A source that cannot be decoded has no lines, and so no end.
        let known = if line == 0 && end_line == i32::MIN { 4 } else { 6 };
        let details = self.new_tuple(&details[..known]);
        let exception = self.new_exception(class, &[message, details.into()]);
        let fields = [
            (field::MSG, message),
            (field::FILENAME, filename),
            (field::LINENO, numbers[0]),
            (field::OFFSET, numbers[1]),
            (field::TEXT, source),
            (field::END_LINENO, numbers[2]),
            (field::END_OFFSET, numbers[3]),
        ];
        for (index, value) in fields {
            self.set_field(exception, index, Some(value));
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
