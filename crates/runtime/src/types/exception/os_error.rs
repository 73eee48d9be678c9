//! `OSError`: its class follows from the error number, and its text from the files it is about.

use super::BaseException;
use super::table::defs;
use crate::native::{Args, ClassDef, NativeClass};
use crate::object::Class;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// The methods of `OSError`.
pub(super) struct OsError;

impl NativeClass for OsError {
    const DEF: &'static ClassDef = defs::OSError::DEF;
}

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const WRITTEN: usize = 3;
const FILENAME2: usize = 4;

#[pymethods]
impl OsError {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if initialised_late(py, cls) {
            return Ok(py.new_exception(cls, &[]).into());
        }
        if args.has_keywords() {
            let class = py.type_name(cls);
            raise!(py, TypeError, "{class}() takes no keyword arguments");
        }
        let mut class = cls;
        if cls == py.exceptions.OSError
            && let Some([errno, ..]) = details(args)
            && let Some(errno) = py.int_to_i64(*errno).and_then(|errno| i32::try_from(errno).ok())
        {
            class = py.os_error_class(errno);
        }
        let exception = py.new_exception(class, &[]);
        fill(py, exception, args)?;
        Ok(exception.into())
    }

    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        let class = py.class_of(this);
        if !initialised_late(py, class) {
            return Ok(());
        }
        py.refuse_keywords(this, args)?;
        fill(py, Gc::known(py, this), args)
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let exception = Gc::<BaseException>::known(py, this);
        let [errno, text, file, other] = [ERRNO, STRERROR, FILENAME, FILENAME2].map(|field| py.exception_field(exception, field));
        if file.is_none() && (errno.is_none() || text.is_none()) {
            return BaseException::__str__(exception, py);
        }
        let errno = py.str_text(errno.unwrap_or(Value::NONE))?;
        let mut shown = format!("[Errno {errno}] ").into_bytes();
        let text = py.str(text.unwrap_or(Value::NONE))?;
        shown.extend_from_slice(text.get(py).bytes());
        for (file, link) in [(file, ": "), (other.filter(|_| file.is_some()), " -> ")] {
            if let Some(file) = file {
                let file = py.repr(file)?;
                shown.extend_from_slice(link.as_bytes());
                shown.extend_from_slice(file.get(py).bytes());
            }
        }
        Ok(py.new_str_wtf8(&shown).into())
    }

    fn __reduce__(this: Value, py: &mut Py) -> Value {
        let exception = Gc::<BaseException>::known(py, this);
        let (mut args, dict) = (exception.get(py).args, exception.get(py).dict);
        if let &[errno, text] = args.get(py).items()
            && let Some(file) = py.exception_field(exception, FILENAME)
        {
            args = match py.exception_field(exception, FILENAME2) {
                Some(other) => py.new_tuple(&[errno, text, file, Value::NONE, other]),
                None => py.new_tuple(&[errno, text, file]),
            };
        }
        py.reduced_exception(exception, args.into(), dict)
    }

    #[getter]
    fn characters_written(this: Value, py: &mut Py) -> Result {
        match py.exception_field(Gc::known(py, this), WRITTEN) {
            Some(written) => Ok(written),
            None => raise!(py, AttributeError, "characters_written"),
        }
    }

    #[setter]
    fn set_characters_written(this: Value, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = match value {
            Some(value) => {
                let count = py.to_isize(value)?;
                Some(py.new_int(count as i64))
            }
            None => {
                OsError::characters_written(this, py)?;
                None
            }
        };
        py.set_field(Gc::known(py, this), WRITTEN, value);
        Ok(())
    }
}

/// Whether `__init__` and not `__new__` takes the arguments: in classes that have their own `__init__` only.
fn initialised_late(py: &mut Py, class: Gc<Class>) -> bool {
    let (base, names) = (py.exceptions.OSError, py.names);
    let mut own = |name| py.type_lookup(class, name) == py.type_lookup(base, name);
    !own(names.__init__) && own(names.__new__)
}

/// The arguments, if they are the error number and text, with or without files.
fn details(args: Args<'_>) -> Option<&[Value]> {
    Some(args.positional()).filter(|given| (2..=5).contains(&given.len()))
}

fn fill(py: &mut Py, exception: Gc<BaseException>, args: Args) -> Result<()> {
    let given = args.positional();
    let mut kept = given;
    if let Some([errno, text, files @ ..]) = details(args) {
        let file = files.first().copied().filter(|file| !file.is_none());
        if let Some(file) = file {
            let class = py.class_of(exception.into());
            if class == py.exceptions.BlockingIOError && (py.has_index(file) || file.is_float()) {
                let written = py.to_isize(file)?;
                let written = py.new_int(written as i64);
                py.set_field(exception, WRITTEN, Some(written));
            } else {
                py.set_field(exception, FILENAME, Some(file));
                let other = files.get(2).copied().filter(|other| !other.is_none());
                py.set_field(exception, FILENAME2, other);
                kept = &given[..2];
            }
        }
        py.set_field(exception, ERRNO, Some(*errno));
        py.set_field(exception, STRERROR, Some(*text));
    }
    let kept = py.new_tuple(kept);
    exception.get_mut(py).args = kept;
    Ok(())
}

impl Py {
    /// The class of exception for an errno value.
    pub fn os_error_class(&self, errno: i32) -> Gc<Class> {
        let classes = &self.exceptions;
        match errno {
            1 | 13 => classes.PermissionError,
            2 => classes.FileNotFoundError,
            3 => classes.ProcessLookupError,
            4 => classes.InterruptedError,
            10 => classes.ChildProcessError,
            11 | 114 | 115 => classes.BlockingIOError,
            17 => classes.FileExistsError,
            20 => classes.NotADirectoryError,
            21 => classes.IsADirectoryError,
            32 | 108 => classes.BrokenPipeError,
            103 => classes.ConnectionAbortedError,
            104 => classes.ConnectionResetError,
            110 => classes.TimeoutError,
            111 => classes.ConnectionRefusedError,
            _ => classes.OSError,
        }
    }
}
