//! The methods and attributes that all exceptions share.

use super::BaseException;
use crate::native::Args;
use crate::object::{Class, Dict, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl BaseException {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        Ok(py.new_exception(cls, args.positional()).into())
    }

    pub(super) fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        py.refuse_keywords(this.into(), args)?;
        // Mostly these are what `__new__` was given.
        if this.get(py).args.get(py).items() == args.positional() {
            return Ok(());
        }
        let values = py.new_tuple(args.positional());
        this.get_mut(py).args = values;
        Ok(())
    }

    pub(super) fn __str__(this: Gc<Self>, py: &mut Py) -> Result {
        let args = this.get(py).args;
        match args.get(py).items() {
            [] => Ok(py.constants.empty_str.into()),
            [one] => {
                let one = *one;
                Ok(py.str(one)?.into())
            }
            _ => Ok(py.str(args.into())?.into()),
        }
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
    fn set_args(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "args may not be deleted") };
        let values = py.tuple_from_iterable(value)?;
        this.get_mut(py).args = values;
        Ok(())
    }

    #[getter]
    fn __traceback__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).traceback
    }

    #[setter]
    fn set___traceback__(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "__traceback__ may not be deleted") };
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
    fn set___context__(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "__context__ may not be deleted") };
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
    fn set___cause__(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "__cause__ may not be deleted") };
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
    fn set___suppress_context__(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        this.get_mut(py).suppress_context = match value {
            Some(Value::TRUE) => true,
            Some(Value::FALSE) => false,
            Some(_) => raise!(py, TypeError, "attribute value type must be bool"),
            None => raise!(py, TypeError, "can't delete numeric/char attribute"),
        };
        Ok(())
    }

    /// Set self.__traceback__ to tb and return self.
    #[signature(self, object, /)]
    fn with_traceback(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        BaseException::set___traceback__(this, py, Some(object))?;
        Ok(this.into())
    }

    /// Add a note to the exception
    #[signature(self, object, /)]
    fn add_note(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        if !py.is_str(object) {
            let class = py.class_name(object);
            raise!(py, TypeError, "add_note() argument must be str, not {class}");
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
        let (args, dict) = (this.get(py).args, this.get(py).dict);
        py.reduced_exception(this, args.into(), dict)
    }

    fn __setstate__(this: Value, py: &mut Py, state: Value) -> Result<()> {
        if state.is_none() {
            return Ok(());
        }
        let Some(state) = Gc::<Dict>::cast(py, state) else { raise!(py, TypeError, "state is not a dictionary") };
        let mut at = 0;
        while let Some((place, key, value)) = state.get(py).entry_from(at) {
            let name = py.expect_str(key, "attribute name")?;
            py.set_attr(this, name, Some(value))?;
            at = place + 1;
        }
        Ok(())
    }
}

impl Py {
    /// The error that a class takes no keyword arguments, if there are any.
    pub(super) fn refuse_keywords(&mut self, exception: Value, args: Args) -> Result<()> {
        if args.has_keywords() {
            let class = self.class_name(exception);
            raise!(self, TypeError, "{class}() takes no keyword arguments");
        }
        Ok(())
    }

    /// What `__reduce__` returns: the class, arguments, and the state if there is any.
    pub(super) fn reduced_exception(&mut self, exception: Gc<BaseException>, args: Value, state: Option<Gc<Dict>>) -> Value {
        let class: Value = self.class_of(exception.into()).into();
        match state {
            Some(state) => self.new_tuple(&[class, args, state.into()]).into(),
            None => self.new_tuple(&[class, args]).into(),
        }
    }
}
