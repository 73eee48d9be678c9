//! `_weakref`: weak references as functions and types.
//!
//! Counterpart: `Modules/_weakref.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Weakref;

/// Weak-reference support module.
#[pymodule(name = "_weakref")]
pub mod weakref {
    use super::*;

    /// Return the number of weak references to 'object'.
    #[pyfunction]
    #[signature(object, /)]
    fn getweakrefcount(py: &mut Py, object: Value) -> usize {
        py.weak_references_to(object).len()
    }

    /// Return a list of all weak reference objects pointing to 'object'.
    #[pyfunction]
    #[signature(object, /)]
    fn getweakrefs(py: &mut Py, object: Value) -> Result<Gc<List>> {
        let found = py.weak_references_to(object);
        py.new_list(&found)
    }

    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the
    /// proxy when 'object' is about to be finalized.
    #[pyfunction]
    #[signature(object, callback=None, /)]
    fn proxy(py: &mut Py, object: Value, callback: Option<Value>) -> Result<Value> {
        py.weak_proxy(object, callback)
    }

    /// Atomically remove key from dict if it points to a dead weakref.
    #[pyfunction]
    #[signature(dct, key, /)]
    fn _remove_dead_weakref(py: &mut Py, dct: Gc<Dict>, key: Value) -> Result<()> {
        let Some(value) = py.dict_get(dct, key)? else { return Ok(()) };
        let Some(reference) = Gc::<Weakref>::cast(py, value) else { raise!(py, TypeError, "not a weakref") };
        if reference.get(py).target().is_none() {
            py.dict_remove(dct, key)?;
        }
        Ok(())
    }

    #[constant]
    fn r#ref(py: &mut Py) -> Gc<Class> {
        py.types.weakref
    }

    #[constant]
    fn ReferenceType(py: &mut Py) -> Gc<Class> {
        py.types.weakref
    }

    #[constant]
    fn ProxyType(py: &mut Py) -> Gc<Class> {
        py.types.weak_proxy
    }

    #[constant]
    fn CallableProxyType(py: &mut Py) -> Gc<Class> {
        py.types.weak_callable_proxy
    }
}
