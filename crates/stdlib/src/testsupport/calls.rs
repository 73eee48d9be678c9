//! Native functions and methods of every calling convention, and calls with arguments in one slice.

use bredli_runtime::prelude::*;

/// The keyword arguments as a dict, or None.
fn keywords(py: &mut Py, args: Args) -> Result {
    if !args.has_keywords() {
        return Ok(Value::NONE);
    }
    let dict = py.new_dict();
    for index in 0..args.keyword_count() {
        let (name, value) = args.keyword(py, index);
        py.dict_set(dict, name.into(), value)?;
    }
    Ok(dict.into())
}

/// What a function of any number of arguments answers: its receiver and those arguments.
fn positional(py: &mut Py, receiver: Value, args: Args) -> Value {
    let args = py.new_tuple(args.positional());
    py.new_tuple(&[receiver, args.into()]).into()
}

/// What a function that also takes keywords answers.
fn all(py: &mut Py, receiver: Value, args: Args) -> Result {
    let positional = py.new_tuple(args.positional());
    let keywords = keywords(py, args)?;
    Ok(py.new_tuple(&[receiver, positional.into(), keywords]).into())
}

/// What a function of one argument answers.
fn one(py: &mut Py, receiver: Value, arg: Value) -> Value {
    py.new_tuple(&[receiver, arg]).into()
}

/// The argument `args` of a function that makes a call.
fn values(py: &mut Py, args: Value) -> Result<RootVec> {
    if args.is_none() {
        return Ok(RootVec::new(&mut py.heap));
    }
    match Gc::<Tuple>::cast(py, args) {
        Some(args) => {
            let mut values = RootVec::new(&mut py.heap);
            values.extend_from_slice(args.get(py).items());
            Ok(values)
        }
        None => raise!(py, TypeError, "args must be None or a tuple"),
    }
}

/// Methods that get their instance.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "MethInstance", module = "_testcapi")]
pub struct MethInstance {
    header: Header,
}

#[pymethods]
impl MethInstance {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<MethInstance> {
        py.alloc_as(cls, MethInstance { header: Header::EMPTY })
    }

    #[signature(self, /, *args)]
    fn meth_varargs(this: Gc<Self>, py: &mut Py, args: &[Value]) -> Value {
        positional(py, this.into(), Args::new(args))
    }

    #[signature(self, /, *args, **kwargs)]
    fn meth_varargs_keywords(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        all(py, this.into(), args)
    }

    #[signature(self, arg, /)]
    fn meth_o(this: Gc<Self>, py: &mut Py, arg: Value) -> Value {
        one(py, this.into(), arg)
    }

    #[signature(self, /)]
    fn meth_noargs(this: Gc<Self>) -> Gc<Self> {
        this
    }

    #[signature(self, /, *args)]
    fn meth_fastcall(this: Gc<Self>, py: &mut Py, args: &[Value]) -> Value {
        positional(py, this.into(), Args::new(args))
    }

    #[signature(self, /, *args, **kwargs)]
    fn meth_fastcall_keywords(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        all(py, this.into(), args)
    }
}

/// Methods that get the class.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "MethClass", module = "_testcapi")]
pub struct MethClass {
    header: Header,
}

#[pymethods]
impl MethClass {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<MethClass> {
        py.alloc_as(cls, MethClass { header: Header::EMPTY })
    }

    #[classmethod]
    #[signature(type, /, *args)]
    fn meth_varargs(cls: Gc<Class>, py: &mut Py, args: &[Value]) -> Value {
        positional(py, cls.into(), Args::new(args))
    }

    #[classmethod]
    #[signature(type, /, *args, **kwargs)]
    fn meth_varargs_keywords(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        all(py, cls.into(), args)
    }

    #[classmethod]
    #[signature(type, arg, /)]
    fn meth_o(cls: Gc<Class>, py: &mut Py, arg: Value) -> Value {
        one(py, cls.into(), arg)
    }

    #[classmethod]
    #[signature(type, /)]
    fn meth_noargs(cls: Gc<Class>) -> Gc<Class> {
        cls
    }

    #[classmethod]
    #[signature(type, /, *args)]
    fn meth_fastcall(cls: Gc<Class>, py: &mut Py, args: &[Value]) -> Value {
        positional(py, cls.into(), Args::new(args))
    }

    #[classmethod]
    #[signature(type, /, *args, **kwargs)]
    fn meth_fastcall_keywords(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        all(py, cls.into(), args)
    }
}

/// Methods that get neither.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "MethStatic", module = "_testcapi")]
pub struct MethStatic {
    header: Header,
}

#[pymethods]
impl MethStatic {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<MethStatic> {
        py.alloc_as(cls, MethStatic { header: Header::EMPTY })
    }

    #[staticmethod]
    #[signature(*args)]
    fn meth_varargs(py: &mut Py, args: &[Value]) -> Value {
        positional(py, Value::NONE, Args::new(args))
    }

    #[staticmethod]
    #[signature(*args, **kwargs)]
    fn meth_varargs_keywords(py: &mut Py, args: Args) -> Result {
        all(py, Value::NONE, args)
    }

    #[staticmethod]
    #[signature(arg, /)]
    fn meth_o(py: &mut Py, arg: Value) -> Value {
        one(py, Value::NONE, arg)
    }

    #[staticmethod]
    #[signature()]
    fn meth_noargs() {}

    #[staticmethod]
    #[signature(*args)]
    fn meth_fastcall(py: &mut Py, args: &[Value]) -> Value {
        positional(py, Value::NONE, Args::new(args))
    }

    #[staticmethod]
    #[signature(*args, **kwargs)]
    fn meth_fastcall_keywords(py: &mut Py, args: Args) -> Result {
        all(py, Value::NONE, args)
    }
}

#[pymodule(name = "_testcapi", part, classes(MethInstance, MethClass, MethStatic))]
pub mod calls {
    use super::*;

    /// The receiver of the module's functions.
    fn module(py: &mut Py) -> Result {
        py.import_module("_testcapi")
    }

    #[pyfunction]
    #[signature(*args)]
    fn meth_varargs(py: &mut Py, args: &[Value]) -> Result {
        let module = module(py)?;
        Ok(positional(py, module, Args::new(args)))
    }

    #[pyfunction]
    #[signature(*args, **kwargs)]
    fn meth_varargs_keywords(py: &mut Py, args: Args) -> Result {
        let module = module(py)?;
        all(py, module, args)
    }

    #[pyfunction]
    #[signature(arg, /)]
    fn meth_o(py: &mut Py, arg: Value) -> Result {
        let module = module(py)?;
        Ok(one(py, module, arg))
    }

    #[pyfunction]
    #[signature()]
    fn meth_noargs(py: &mut Py) -> Result {
        module(py)
    }

    #[pyfunction]
    #[signature(*args)]
    fn meth_fastcall(py: &mut Py, args: &[Value]) -> Result {
        let module = module(py)?;
        Ok(positional(py, module, Args::new(args)))
    }

    #[pyfunction]
    #[signature(*args, **kwargs)]
    fn meth_fastcall_keywords(py: &mut Py, args: Args) -> Result {
        let module = module(py)?;
        all(py, module, args)
    }

    /// Call with positional arguments and the names of those at the end that are keyword arguments.
    #[pyfunction]
    fn pyobject_vectorcall(py: &mut Py, callable: Value, args: Value, kwnames: Value) -> Result {
        let values = values(py, args)?;
        if kwnames.is_none() {
            return py.call(callable, &values);
        }
        let Some(kwnames) = Gc::<Tuple>::cast(py, kwnames) else { raise!(py, TypeError, "kwnames must be None or a tuple") };
        if kwnames.get(py).len() > values.len() {
            raise!(py, ValueError, "kwnames longer than args");
        }
        if kwnames.get(py).items().iter().any(|name| !py.is_str(*name)) {
            raise!(py, TypeError, "keywords must be strings");
        }
        py.call_kw(callable, &values, kwnames)
    }

    /// Call with positional arguments and a dict of keyword arguments.
    #[pyfunction]
    fn pyobject_fastcalldict(py: &mut Py, callable: Value, args: Value, kwargs: Value) -> Result {
        let mut values = values(py, args)?;
        if kwargs.is_none() {
            return py.call(callable, &values);
        }
        let Some(kwargs) = Gc::<Dict>::cast(py, kwargs) else { raise!(py, TypeError, "kwnames must be None or a dict") };
        py.call_with_dict(callable, &mut values, kwargs)
    }
}
