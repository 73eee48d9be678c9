//! The exceptions with hardly anything of their own: `StopIteration`, `SystemExit`, `KeyError`.

use super::BaseException;
use super::table::defs;
use crate::native::{Args, ClassDef, NativeClass};
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

const VALUE: usize = 0;

/// The methods of `StopIteration`.
pub(super) struct StopIteration;

impl NativeClass for StopIteration {
    const DEF: &'static ClassDef = defs::StopIteration::DEF;
}

#[pymethods]
impl StopIteration {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        let exception = Gc::known(py, this);
        BaseException::__init__(exception, py, args)?;
        let value = args.get(0).filter(|_| !args.positional().is_empty()).unwrap_or(Value::NONE);
        py.set_field(exception, VALUE, Some(value));
        Ok(())
    }
}

/// The methods of `SystemExit`.
pub(super) struct SystemExit;

impl NativeClass for SystemExit {
    const DEF: &'static ClassDef = defs::SystemExit::DEF;
}

#[pymethods]
impl SystemExit {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        let exception = Gc::known(py, this);
        BaseException::__init__(exception, py, args)?;
        let code = match *args.positional() {
            [] => Value::NONE,
            [one] => one,
            _ => exception.get(py).args.into(),
        };
        py.set_field(exception, VALUE, Some(code));
        Ok(())
    }
}

/// The methods of `KeyError`.
pub(super) struct KeyError;

impl NativeClass for KeyError {
    const DEF: &'static ClassDef = defs::KeyError::DEF;
}

#[pymethods]
impl KeyError {
    fn __str__(this: Value, py: &mut Py) -> Result {
        let exception = Gc::<BaseException>::known(py, this);
        match exception.get(py).args.get(py).items() {
            // The representation tells a missing '' from no key at all.
            [key] => {
                let key = *key;
                Ok(py.repr(key)?.into())
            }
            _ => BaseException::__str__(exception, py),
        }
    }
}
