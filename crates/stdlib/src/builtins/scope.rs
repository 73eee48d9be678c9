//! `globals`, `locals`, `vars`, `dir`, `__import__`.

use bredli_runtime::prelude::*;

#[pymodule(name = "builtins", part)]
pub mod builtins {
    use super::*;

    /// Return the dictionary containing the current scope's global variables.
    ///
    /// NOTE: Updates to this dictionary *will* affect name lookups in the current
    /// global scope and vice-versa.
    #[pyfunction]
    #[signature()]
    fn globals(py: &mut Py) -> Result {
        match py.current_frame() {
            Some(frame) => Ok(frame.globals(py).into()),
            None => raise!(py, SystemError, "globals do not exist"),
        }
    }

    /// Call sys.breakpointhook(*args, **kws).
    ///
    /// sys.breakpointhook() must accept whatever arguments are passed.
    ///
    /// By default, this drops you into the pdb debugger.
    #[pyfunction]
    #[signature(*args, **kws)]
    fn breakpoint(py: &mut Py, args: Args) -> Result {
        let name = py.intern("breakpointhook");
        let hook = py.sys_attribute(name)?;
        py.audit("builtins.breakpoint", &[hook])?;
        py.call_args(hook, args)
    }

    /// Return a dictionary containing the current scope's local variables.
    ///
    /// NOTE: Whether or not updates to this dictionary will affect name lookups in
    /// the local scope and vice-versa is *implementation dependent* and not
    /// covered by any backwards compatibility guarantees.
    #[pyfunction]
    #[signature()]
    fn locals(py: &mut Py) -> Result {
        match py.current_frame() {
            Some(frame) => py.frame_locals(frame),
            None => raise!(py, SystemError, "frame does not exist"),
        }
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals().
    /// With an argument, equivalent to object.__dict__.
    #[pyfunction]
    #[no_text_signature]
    #[signature(object=<unrepresentable>, /)]
    fn vars(py: &mut Py, object: Option<Value>) -> Result {
        let Some(object) = object else { return locals(py) };
        let name = py.names.__dict__;
        match py.lookup_attr(object, name)? {
            Some(dict) => Ok(dict),
            None => raise!(py, TypeError, "vars() argument must have __dict__ attribute"),
        }
    }

    /// dir([object]) -> list of strings
    ///
    /// If called without an argument, return the names in the current scope.
    /// Else, return an alphabetized list of names comprising (some of) the attributes
    /// of the given object, and of attributes reachable from it.
    /// If the object supplies a method named __dir__, it will be used; otherwise
    /// the default dir() logic is used and returns:
    ///   for a module object: the module's attributes.
    ///   for a class object:  its attributes, and recursively the attributes
    ///     of its bases.
    ///   for any other object: its attributes, its class's attributes, and
    ///     recursively the attributes of its class's base classes.
    #[pyfunction]
    #[no_text_signature]
    #[signature(object=<unrepresentable>, /)]
    fn dir(py: &mut Py, object: Option<Value>) -> Result {
        let names = match object {
            None => {
                let scope = locals(py)?;
                let keys = py.names.keys;
                py.call_method(scope, keys, &[])?
            }
            Some(object) => {
                let name = py.names.__dir__;
                match py.call_special(object, name, &[])? {
                    Some(names) => names,
                    None => raise!(py, TypeError, "object does not provide __dir__"),
                }
            }
        };
        let list = py.list_from_iterable(names)?;
        py.call_method_named(list.into(), "sort", &[])?;
        Ok(list.into())
    }

    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    #[pyfunction]
    #[signature(name, globals=None, locals=None, fromlist=(), level=0)]
    fn __import__(py: &mut Py, name: Value, globals: Option<Value>, locals: Option<Value>, fromlist: Value, level: i32) -> Result {
        let _ = locals;
        let Some(name) = Gc::<Str>::cast(py, name) else {
            let class = py.class_name(name);
            raise!(py, TypeError, "module name must be str, not {class}");
        };
        py.import_name(name, globals, fromlist, level)
    }
}
