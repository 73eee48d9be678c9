//! `defaultdict`: a dictionary that makes values for absent keys.

use bredli_runtime::prelude::*;

/// defaultdict(default_factory=None, /, [...]) --> dict with default factory
///
/// The default factory is called without arguments to produce
/// a new value when a key is not present, in __getitem__ only.
/// A defaultdict compares equal to a dict with the same items.
/// All remaining arguments are treated the same as if they were
/// passed to the dict constructor, including keyword arguments.
#[pyclass(name = "defaultdict", module = "collections", base = Dict, layout = Dict, flags(BASETYPE, HAS_WEAKREF))]
pub struct DefaultDict;

#[pymethods]
impl DefaultDict {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        let dict = Gc::<Dict>::known(py, this);
        let factory = args.get(0);
        if let Some(factory) = factory
            && !factory.is_none()
            && !py.is_callable(factory)
        {
            raise!(py, TypeError, "first argument must be callable or None");
        }
        dict.get_mut(py).extra = factory.filter(|factory| !factory.is_none());
        py.dict_update_args("defaultdict", dict, args.rest())
    }

    fn __repr__(this: Value, py: &mut Py) -> Result {
        let dict = Gc::<Dict>::known(py, this);
        let name = py.class_of(this).get(py).name.get(py).lossy();
        let class = py.types.dict;
        let items = py.call_method_named(class.into(), "__repr__", &[this])?;
        let items = py.str_text(items)?;
        let factory = dict.get(py).extra.unwrap_or(Value::NONE);
        let factory = match py.repr_enter(factory) {
            true => {
                let text = py.repr_text(factory);
                py.repr_leave();
                text?
            }
            false => "...".to_string(),
        };
        Ok(py.new_str(&format!("{name}({factory}, {items})")).into())
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        let owner = py.class::<DefaultDict>();
        let (this, new) = if py.is_instance_of(left, owner) { (left, left) } else { (right, left) };
        if !py.is_dict(left) || !py.is_dict(right) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let factory = Gc::<Dict>::known(py, this).get(py).extra.unwrap_or(Value::NONE);
        let class = py.class_of(this);
        let made = py.call(class.into(), &[factory, new])?;
        match Gc::<Dict>::cast(py, made) {
            Some(dict) => py.dict_update(dict, right)?,
            None => raise!(py, TypeError, "defaultdict() did not return a dict"),
        }
        Ok(made)
    }

    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    ///   if self.default_factory is None: raise KeyError((key,))
    ///   self[key] = value = self.default_factory()
    ///   return value
    #[no_text_signature]
    fn __missing__(this: Value, py: &mut Py, key: Value) -> Result {
        let dict = Gc::<Dict>::known(py, this);
        let Some(factory) = dict.get(py).extra else { return Err(py.key_error(key)) };
        let value = py.call(factory, &[])?;
        let hash = py.hash_dict_key(key)?;
        py.dict_set_default(dict, hash, key, value)
    }

    /// D.copy() -> a shallow copy of D.
    #[pyname("copy", "__copy__")]
    #[no_text_signature]
    fn copy(this: Value, py: &mut Py) -> Result {
        let class = py.class_of(this);
        let factory = Gc::<Dict>::known(py, this).get(py).extra.unwrap_or(Value::NONE);
        py.call(class.into(), &[factory, this])
    }

    /// Return state information for pickling.
    #[no_text_signature]
    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let args = match Gc::<Dict>::known(py, this).get(py).extra {
            Some(factory) => py.new_tuple(&[factory]),
            None => py.new_tuple(&[]),
        };
        let items = py.call_method_named(this, "items", &[])?;
        let (class, items) = (py.class_of(this), py.iter(items)?);
        Ok(py.new_tuple(&[class.into(), args.into(), Value::NONE, Value::NONE, items]).into())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// Factory for default value called by __missing__().
    #[getter]
    fn default_factory(this: Value, py: &Py) -> Option<Value> {
        Gc::<Dict>::known(py, this).get(py).extra
    }

    #[setter]
    fn set_default_factory(this: Value, py: &mut Py, value: Option<Value>) {
        Gc::<Dict>::known(py, this).get_mut(py).extra = value.filter(|value| !value.is_none());
    }
}
