//! `types.SimpleNamespace`.
//!
//! Counterpart: `Objects/namespaceobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp, Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A simple attribute-based namespace.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "SimpleNamespace", module = "types", core, flags(BASETYPE), dict = dict)]
pub struct Namespace {
    pub(crate) header: Header,
    pub(crate) dict: Option<Gc<Dict>>,
}

#[pymethods]
impl Namespace {
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
        let dict = Some(py.new_dict());
        Ok(py.alloc_as(cls, Namespace { header: Header::EMPTY, dict }).into())
    }

    #[signature(mapping_or_iterable=(), /, **kwargs)]
    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let attributes = Namespace::attributes(this, py);
        match *args.positional() {
            [] => {}
            [source] => {
                let class = py.types.dict;
                let given = match Gc::<Dict>::cast(py, source) {
                    Some(dict) => dict,
                    None => {
                        let made = py.call(class.into(), &[source])?;
                        Gc::<Dict>::known(py, made)
                    }
                };
                let mut at = 0;
                while let Some((position, key, value)) = given.get(py).entry_from(at) {
                    let Some(key) = Gc::<Str>::cast(py, key) else { raise!(py, TypeError, "keywords must be strings") };
                    py.dict_set_str(attributes, key, value)?;
                    at = position + 1;
                }
            }
            _ => raise!(py, TypeError, "SimpleNamespace expected at most 1 argument, got {}", args.positional().len()),
        }
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            py.dict_set_str(attributes, name, value)?;
        }
        Ok(())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let class = py.class_of(this.into());
        let name = if class == py.types.namespace { "namespace".to_string() } else { class.get(py).name.get(py).lossy() };
        if !py.repr_enter(this.into()) {
            return Ok(format!("{name}(...)"));
        }
        let parts = Namespace::repr_parts(this, py);
        py.repr_leave();
        Ok(format!("{name}({})", parts?.join(", ")))
    }

    fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
        match (Gc::<Self>::cast(py, this), Gc::<Self>::cast(py, other)) {
            (Some(this), Some(other)) => {
                let (a, b) = (Namespace::attributes(this, py), Namespace::attributes(other, py));
                py.compare(op, a.into(), b.into())
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Return state information for pickling
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (class, empty) = (py.class_of(this.into()), py.constants.empty_tuple);
        let attributes = Namespace::attributes(this, py);
        Ok(py.new_tuple(&[class.into(), empty.into(), attributes.into()]).into())
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[raw]
    #[signature(self, /, **changes)]
    fn __replace__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        if !args.positional().is_empty() {
            raise!(py, TypeError, "__replace__() takes no positional arguments");
        }
        let class = py.class_of(this.into());
        let copy = py.call(class.into(), &[])?;
        let Some(copy) = Gc::<Self>::cast(py, copy) else {
            let (called, given) = (py.class_full_name(class), py.class_name(copy));
            raise!(py, TypeError, "expect types.SimpleNamespace type, but {called}() returned '{given}' object");
        };
        let (target, source) = (Namespace::attributes(copy, py), Namespace::attributes(this, py));
        py.dict_copy_into(target, source)?;
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            py.dict_set_str(target, name, value)?;
        }
        Ok(copy.into())
    }

    #[rust]
    fn attributes(this: Gc<Self>, py: &mut Py) -> Gc<Dict> {
        py.instance_dict(this.into()).expect("namespaces have a dictionary")
    }

    #[rust]
    fn repr_parts(this: Gc<Self>, py: &mut Py) -> Result<Vec<String>> {
        let attributes = Namespace::attributes(this, py);
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some((position, key, value)) = attributes.get(py).entry_from(at) {
            at = position + 1;
            let Some(key) = Gc::<Str>::cast(py, key).map(|key| key.get(py).lossy()) else { continue };
            parts.push(format!("{key}={}", py.repr_text(value)?));
        }
        Ok(parts)
    }
}

impl Py {
    /// A namespace with these attributes.
    pub fn new_namespace(&mut self, dict: Gc<Dict>) -> Value {
        self.alloc(Namespace { header: Header::EMPTY, dict: Some(dict) }).into()
    }
}
