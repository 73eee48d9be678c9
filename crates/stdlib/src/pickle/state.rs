//! What the module keeps: its exception classes and the tables of `copyreg` and `_compat_pickle`.

use super::Pickler;
use crate::exceptions;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// The module's state, which the class `Pickler` keeps.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_state", module = "_pickle", flags(DISALLOW_INSTANTIATION))]
pub struct State {
    header: Header,
    pub pickling_error: Value,
    pub unpickling_error: Value,
    pub dispatch_table: Value,
    pub extension_registry: Value,
    pub inverted_registry: Value,
    pub extension_cache: Value,
    /// Names of Python 2 and 3, by (module, name) and by module.
    pub old_names: Tables,
    pub new_names: Tables,
}

/// Mappings from names to names.
#[derive(Clone, Copy, Trace)]
pub struct Tables {
    pub names: Value,
    pub modules: Value,
}

#[pymethods]
impl State {}

impl State {
    /// The module's state.
    pub fn of(py: &mut Py) -> Gc<State> {
        let class = py.class::<Pickler>();
        let state = class.get(py).extra.expect("the module has been imported");
        Gc::<State>::known(py, state)
    }

    /// Make the exception classes and find the tables.
    pub fn start(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let pickle_error = exceptions::new_class(py, "_pickle", "PickleError", base)?;
        let base = Gc::<Class>::known(py, pickle_error);
        let pickling_error = exceptions::new_class(py, "_pickle", "PicklingError", base)?;
        let unpickling_error = exceptions::new_class(py, "_pickle", "UnpicklingError", base)?;
        py.module_set(module, "PickleError", pickle_error)?;
        py.module_set(module, "PicklingError", pickling_error)?;
        py.module_set(module, "UnpicklingError", unpickling_error)?;
        let copyreg = py.import_module("copyreg")?;
        let compat = py.import_module("_compat_pickle")?;
        let state = State {
            header: Header::EMPTY,
            pickling_error,
            unpickling_error,
            dispatch_table: py.get_attr_named(copyreg, "dispatch_table")?,
            extension_registry: py.get_attr_named(copyreg, "_extension_registry")?,
            inverted_registry: py.get_attr_named(copyreg, "_inverted_registry")?,
            extension_cache: py.get_attr_named(copyreg, "_extension_cache")?,
            old_names: Tables {
                names: py.get_attr_named(compat, "REVERSE_NAME_MAPPING")?,
                modules: py.get_attr_named(compat, "REVERSE_IMPORT_MAPPING")?,
            },
            new_names: Tables { names: py.get_attr_named(compat, "NAME_MAPPING")?, modules: py.get_attr_named(compat, "IMPORT_MAPPING")? },
        };
        let state: Value = py.alloc(state).into();
        let class = py.class::<Pickler>();
        class.get_mut(py).extra = Some(state);
        Ok(())
    }
}

fn raise_class(py: &mut Py, class: Value, text: &str) -> Raised {
    let text = py.new_str(text);
    match py.call(class, &[text.into()]) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// `PicklingError(text)`
#[cold]
pub fn pickling_error(py: &mut Py, text: &str) -> Raised {
    let class = State::of(py).get(py).pickling_error;
    raise_class(py, class, text)
}

/// `PicklingError(text)` in place of the current exception, which becomes its context.
#[cold]
pub fn pickling_error_within(py: &mut Py, text: &str) -> Raised {
    let context = py.take_exception();
    let raised = pickling_error(py, text);
    chain(py, raised, context)
}

/// `UnpicklingError(text)`
#[cold]
pub fn unpickling_error(py: &mut Py, text: &str) -> Raised {
    let class = State::of(py).get(py).unpickling_error;
    raise_class(py, class, text)
}

/// Give the exception just raised a context.
pub fn chain(py: &mut Py, raised: Raised, context: Value) -> Raised {
    let _ = raised;
    let exception = py.take_exception();
    let name = py.names.__context__;
    match py.set_attr(exception, name, Some(context)) {
        Ok(()) => py.restore_exception(exception),
        Err(raised) => raised,
    }
}

/// Whether the current exception is of a class that is given as a value.
pub fn matches(py: &Py, class: Value) -> bool {
    py.exception_matches(Gc::<Class>::known(py, class))
}
