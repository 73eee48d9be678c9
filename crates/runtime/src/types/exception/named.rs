//! The exceptions that keep what was not found by keyword: `ImportError`, `NameError`, `AttributeError`.

use super::BaseException;
use super::table::defs;
use crate::native::{Args, ClassDef, NativeClass};
use crate::object::Dict;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// The methods of `ImportError`.
pub(super) struct ImportError;

impl NativeClass for ImportError {
    const DEF: &'static ClassDef = defs::ImportError::DEF;
}

const MSG: usize = 0;
const IMPORT_KEYWORDS: [(&str, usize); 3] = [("name", 1), ("path", 2), ("name_from", 3)];

#[pymethods]
impl ImportError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        init(py, this, args, "ImportError", &IMPORT_KEYWORDS)?;
        let message = match *args.positional() {
            [message] => Some(message),
            _ => None,
        };
        py.set_field(Gc::known(py, this), MSG, message);
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let exception = Gc::<BaseException>::known(py, this);
        match py.exception_field(exception, MSG) {
            Some(message) if py.is_exact_str(message) => Ok(message),
            _ => BaseException::__str__(exception, py),
        }
    }

    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let exception = Gc::<BaseException>::known(py, this);
        let mut state = exception.get(py).dict;
        if IMPORT_KEYWORDS.iter().any(|(_, field)| py.exception_field(exception, *field).is_some()) {
            let full = copied(py, state)?;
            for (name, field) in IMPORT_KEYWORDS {
                if let Some(value) = py.exception_field(exception, field) {
                    let name = py.intern(name);
                    py.dict_set_str(full, name, value)?;
                }
            }
            state = Some(full);
        }
        let args = exception.get(py).args;
        Ok(py.reduced_exception(exception, args.into(), state))
    }
}

/// The methods of `NameError`.
pub(super) struct NameError;

impl NativeClass for NameError {
    const DEF: &'static ClassDef = defs::NameError::DEF;
}

#[pymethods]
impl NameError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        init(py, this, args, "NameError", &[("name", 0)])
    }
}

/// The methods of `AttributeError`.
pub(super) struct AttributeError;

impl NativeClass for AttributeError {
    const DEF: &'static ClassDef = defs::AttributeError::DEF;
}

const NAME: usize = 0;

#[pymethods]
impl AttributeError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        init(py, this, args, "AttributeError", &[("name", NAME), ("obj", 1)])
    }

    fn __getstate__(this: Value, py: &mut Py) -> Result<Gc<Dict>> {
        let exception = Gc::<BaseException>::known(py, this);
        let dict = exception.get(py).dict;
        let state = copied(py, dict)?;
        // The object itself is left out: it need not be one that can be pickled.
        let (name, args) = (py.exception_field(exception, NAME), exception.get(py).args);
        for (key, value) in [("name", name), ("args", Some(args.into()))] {
            if let Some(value) = value {
                let key = py.intern(key);
                py.dict_set_str(state, key, value)?;
            }
        }
        Ok(state)
    }

    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let state = AttributeError::__getstate__(this, py)?;
        let exception = Gc::<BaseException>::known(py, this);
        let args = exception.get(py).args;
        Ok(py.reduced_exception(exception, args.into(), Some(state)))
    }
}

fn copied(py: &mut Py, dict: Option<Gc<Dict>>) -> Result<Gc<Dict>> {
    match dict {
        Some(dict) => py.dict_copy(dict),
        None => Ok(py.new_dict()),
    }
}

/// Take the positional arguments as `args`, and keywords into their fields; fields without one are emptied.
fn init(py: &mut Py, this: Value, args: Args, function: &str, keywords: &[(&str, usize)]) -> Result<()> {
    let exception = Gc::<BaseException>::known(py, this);
    BaseException::__init__(exception, py, args.without_keywords())?;
    for index in 0..args.keyword_count() {
        let name = args.keyword(py, index).0.get(py).lossy();
        if !keywords.iter().any(|(known, _)| *known == name) {
            raise!(py, TypeError, "{function}() got an unexpected keyword argument '{name}'");
        }
    }
    for (name, field) in keywords {
        let value = args.find_keyword(py, name);
        py.set_field(exception, *field, value);
    }
    Ok(())
}
