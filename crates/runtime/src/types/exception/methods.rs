//! The methods and attributes that all exceptions share.

use super::BaseException;
use crate::native::Args;
use crate::object::{Class, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::pymethods;

#[pymethods]
impl BaseException {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let values = py.new_tuple(args.positional());
        let payload = BaseException {
            header: Header::EMPTY,
            dict: None,
            args: values,
            traceback: None,
            context: None,
            cause: None,
            suppress_context: false,
            fields: HeapVec::EMPTY,
        };
        let exception = py.alloc_as(cls, payload);
        Ok(exception.into())
    }

    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let values = py.new_tuple(args.positional());
        this.get_mut(py).args = values;
        py.init_exception_fields(this, args)
    }

    fn __str__(this: Gc<Self>, py: &mut Py) -> Result {
        py.exception_text(this)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let class = py.class_name(this.into());
        let args = this.get(py).args;
        match args.get(py).items() {
            [one] => {
                let one = *one;
                Ok(format!("{class}({})", py.repr_text(one)?))
            }
            _ => Ok(format!("{class}{}", py.repr_text(args.into())?)),
        }
    }

    #[getter]
    fn args(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).args
    }

    #[setter]
    fn set_args(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        let values = py.tuple_from_iterable(value)?;
        this.get_mut(py).args = values;
        Ok(())
    }

    #[getter]
    fn __traceback__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).traceback
    }

    #[setter]
    fn set___traceback__(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        if !value.is_none() && py.class_of(value) != py.types.traceback {
            raise!(py, TypeError, "__traceback__ must be a traceback or None");
        }
        this.get_mut(py).traceback = if value.is_none() { None } else { Some(value) };
        Ok(())
    }

    #[getter]
    fn __context__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).context
    }

    #[setter]
    fn set___context__(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        if !value.is_none() && !py.is_exception(value) {
            raise!(py, TypeError, "exception context must be None or derive from BaseException");
        }
        this.get_mut(py).context = if value.is_none() { None } else { Some(value) };
        Ok(())
    }

    #[getter]
    fn __cause__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).cause
    }

    #[setter]
    fn set___cause__(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        if !value.is_none() && !py.is_exception(value) {
            raise!(py, TypeError, "exception cause must be None or derive from BaseException");
        }
        let this = this.get_mut(py);
        this.cause = if value.is_none() { None } else { Some(value) };
        this.suppress_context = true;
        Ok(())
    }

    #[getter]
    fn __suppress_context__(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).suppress_context
    }

    #[setter]
    fn set___suppress_context__(this: Gc<Self>, py: &mut Py, value: bool) {
        this.get_mut(py).suppress_context = value;
    }

    /// Set self.__traceback__ to tb and return self.
    #[signature(self, object, /)]
    fn with_traceback(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        BaseException::set___traceback__(this, py, object)?;
        Ok(this.into())
    }

    /// Add a note to the exception
    #[signature(self, object, /)]
    fn add_note(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        if !py.is_str(object) {
            let class = py.class_name(object);
            raise!(py, TypeError, "note must be a str, not '{class}'");
        }
        let name = py.names.__notes__;
        let notes = match py.lookup_attr(this.into(), name)? {
            Some(notes) => notes,
            None => {
                let notes: Value = py.new_list(&[])?.into();
                py.set_attr(this.into(), name, Some(notes))?;
                notes
            }
        };
        match Gc::<crate::types::List>::cast(py, notes) {
            Some(list) => py.list_push(list, object),
            None => raise!(py, TypeError, "Cannot add note: __notes__ is not a list"),
        }
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
        let class: Value = py.class_of(this.into()).into();
        let (args, dict) = (this.get(py).args, this.get(py).dict);
        match dict {
            Some(dict) => py.new_tuple(&[class, args.into(), dict.into()]).into(),
            None => py.new_tuple(&[class, args.into()]).into(),
        }
    }
}

impl Py {
    /// What `__init__` of the built-in classes keeps beside `args`.
    fn init_exception_fields(&mut self, exception: Gc<BaseException>, args: Args) -> Result<()> {
        let class = self.class_of(exception.into());
        let given = args.positional();
        let keywords: &[&str] = if self.is_subtype(class, self.exceptions.ImportError) {
            &["msg", "name", "path", "name_from"]
        } else if self.is_subtype(class, self.exceptions.NameError) {
            &["name"]
        } else if self.is_subtype(class, self.exceptions.AttributeError) {
            &["name", "obj"]
        } else {
            &[]
        };
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(self, index);
            let text = name.get(self).lossy();
            match keywords.iter().position(|known| *known == text) {
                Some(field) if text != "msg" => self.set_field(exception, field, Some(value)),
                _ if class.get(self).is_heap_class() => {}
                _ => {
                    let class = class.get(self).name.get(self).lossy();
                    raise!(self, TypeError, "{class}() takes no keyword arguments");
                }
            }
        }
        if self.is_subtype(class, self.exceptions.ImportError) && given.len() == 1 {
            self.set_field(exception, 0, Some(given[0]));
        } else if self.is_subtype(class, self.exceptions.StopIteration) {
            self.set_field(exception, 0, Some(given.first().copied().unwrap_or(Value::NONE)));
        } else if self.is_subtype(class, self.exceptions.SystemExit) {
            let code = match given {
                [] => Value::NONE,
                [one] => *one,
                _ => exception.get(self).args.into(),
            };
            self.set_field(exception, 0, Some(code));
        } else if self.is_subtype(class, self.exceptions.OSError) && (2..=5).contains(&given.len()) {
            for (field, value) in given.iter().enumerate() {
                self.set_field(exception, field, Some(*value));
            }
            let values = self.new_tuple(&given[..2]);
            exception.get_mut(self).args = values;
        } else if self.is_subtype(class, self.exceptions.SyntaxError) && !given.is_empty() {
            self.init_syntax_error(exception, given)?;
        } else if self.is_subtype(class, self.exceptions.UnicodeError) {
            self.init_unicode_error(exception, given)?;
        }
        Ok(())
    }

    fn init_syntax_error(&mut self, exception: Gc<BaseException>, given: &[Value]) -> Result<()> {
        self.set_field(exception, 0, Some(given[0]));
        if given.len() != 2 {
            return Ok(());
        }
        let details = self.tuple_from_iterable(given[1])?;
        let count = details.get(self).len();
        if !(4..=7).contains(&count) {
            let bound = if count < 4 { "at least 4" } else { "at most 7" };
            raise!(self, TypeError, "function takes {bound} arguments ({count} given)");
        }
        if count == 5 {
            raise!(self, TypeError, "end_offset must be provided when end_lineno is provided");
        }
        for (position, field) in [1, 2, 3, 4, 5, 6].into_iter().enumerate().take(count) {
            let value = details.get(self).items()[position];
            self.set_field(exception, field, Some(value));
        }
        Ok(())
    }

    /// `str(exception)`.
    pub(crate) fn exception_text(&mut self, exception: Gc<BaseException>) -> Result {
        let class = self.class_of(exception.into());
        let args = exception.get(self).args;
        if self.is_subtype(class, self.exceptions.KeyError)
            && let [key] = args.get(self).items()
        {
            let key = *key;
            return Ok(self.repr(key)?.into());
        }
        if self.is_subtype(class, self.exceptions.OSError)
            && let (Some(errno), Some(text)) = (self.exception_field(exception, 0), self.exception_field(exception, 1))
        {
            let (errno, text) = (self.str_text(errno)?, self.str_text(text)?);
            let shown = match self.exception_field(exception, 2).filter(|name| !name.is_none()) {
                Some(name) => {
                    let first = self.repr_text(name)?;
                    match self.exception_field(exception, 4).filter(|name| !name.is_none()) {
                        Some(second) => format!("[Errno {errno}] {text}: {first} -> {}", self.repr_text(second)?),
                        None => format!("[Errno {errno}] {text}: {first}"),
                    }
                }
                None => format!("[Errno {errno}] {text}"),
            };
            return Ok(self.new_str(&shown).into());
        }
        if self.is_subtype(class, self.exceptions.SyntaxError) {
            let message = self.exception_field(exception, 0).unwrap_or(Value::NONE);
            let message = self.str_text(message)?;
            let file = self.exception_field(exception, 1).and_then(|file| Gc::<crate::object::Str>::cast(self, file));
            let line = self.exception_field(exception, 2).and_then(|line| line.as_int());
            let name = file.map(|file| file.get(self).lossy()).map(|path| path.rsplit('/').next().unwrap_or_default().to_string());
            let shown = match (name, line) {
                (Some(name), Some(line)) => format!("{message} ({name}, line {line})"),
                (Some(name), None) => format!("{message} ({name})"),
                (None, Some(line)) => format!("{message} (line {line})"),
                (None, None) => message,
            };
            return Ok(self.new_str(&shown).into());
        }
        if let Some(text) = self.unicode_error_text(exception)? {
            return Ok(self.new_str(&text).into());
        }
        match args.get(self).items() {
            [] => Ok(self.constants.empty_str.into()),
            [one] => {
                let one = *one;
                Ok(self.str(one)?.into())
            }
            _ => Ok(self.repr(args.into())?.into()),
        }
    }
}
