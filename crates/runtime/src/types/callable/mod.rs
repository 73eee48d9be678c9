//! Native callables: builtin functions, method descriptors, slot wrappers.
//!
//! Counterparts: `Objects/methodobject.c`, `Objects/descrobject.c`.

mod attributes;

use crate::native::{Args, FunctionDef, FunctionKind};
use crate::object::slots::{SlotFn, SlotMethod};
use crate::object::{Class, CompareOp};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A native function, or a native method bound to its receiver.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "builtin_function_or_method", core, flags(HAS_WEAKREF), parts(attributes))]
pub struct BuiltinFunction {
    pub(crate) header: Header,
    #[trace(skip)]
    pub(crate) def: &'static FunctionDef,
    pub(crate) receiver: Option<Value>,
    pub(crate) module: Option<Value>,
}

impl BuiltinFunction {
    /// A function with its receiver (passed as first argument) and the module it belongs to.
    pub fn new(def: &'static FunctionDef, receiver: Option<Value>, module: Option<Value>) -> Self {
        Self { header: Header::EMPTY, def, receiver, module }
    }
}

#[pymethods]
impl BuiltinFunction {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (def, receiver) = (this.get(py).def, this.get(py).receiver);
        match receiver {
            Some(receiver) if def.kind != FunctionKind::StaticMethod => py.call_native_prepended(def, receiver, args),
            _ => (def.call)(py, args.values(), args.kwnames()),
        }
    }
}

impl Py {
    /// Whether a value is the native function of this name.
    pub(crate) fn is_builtin_named(&self, value: Value, name: &str) -> bool {
        Gc::<BuiltinFunction>::cast(self, value).is_some_and(|function| function.get(self).def.name == name)
    }

    /// Call a native function with one more argument in front.
    pub(crate) fn call_native_prepended(&mut self, def: &'static FunctionDef, first: Value, args: Args) -> Result {
        if args.len() < 8 {
            let mut values = [Value::NONE; 9];
            values[0] = first;
            values[1..=args.len()].copy_from_slice(args.values());
            let args = Args::with_keywords(self, &values[..=args.len()], args.kwnames());
            return (def.call)(self, args.values(), args.kwnames());
        }
        let mut values = bredli_heap::RootVec::new(&mut self.heap);
        values.push(first);
        values.extend_from_slice(args.values());
        let args = Args::with_keywords(self, &values, args.kwnames());
        (def.call)(self, args.values(), args.kwnames())
    }
}

/// A native method as found in its class.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "method_descriptor", core, flags(METHOD_DESCRIPTOR), parts(attributes))]
pub struct MethodDescriptor {
    pub(crate) header: Header,
    pub(crate) class: Gc<Class>,
    #[trace(skip)]
    pub(crate) def: &'static FunctionDef,
}

#[pymethods]
impl MethodDescriptor {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (def, class) = (this.get(py).def, this.get(py).class);
        match args.get(0) {
            Some(receiver) if py.is_instance_of(receiver, class) => (def.call)(py, args.values(), args.kwnames()),
            Some(receiver) => {
                let (owner, given) = (class.get(py).name.get(py).lossy(), py.class_name(receiver));
                raise!(py, TypeError, "descriptor '{}' for '{owner}' objects doesn't apply to a '{given}' object", def.name)
            }
            None => {
                let owner = class.get(py).name.get(py).lossy();
                raise!(py, TypeError, "unbound method {owner}.{}() needs an argument", def.name)
            }
        }
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.into()) };
        let (def, class) = (this.get(py).def, this.get(py).class);
        if !py.is_instance_of(object, class) {
            let (owner, given) = (class.get(py).name.get(py).lossy(), py.class_name(object));
            raise!(py, TypeError, "descriptor '{}' for '{owner}' objects doesn't apply to a '{given}' object", def.name);
        }
        Ok(py.alloc(BuiltinFunction::new(def, Some(object), None)).into())
    }
}

/// A native class method as found in its class.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "classmethod_descriptor", core, parts(attributes))]
pub struct ClassMethodDescriptor {
    pub(crate) header: Header,
    pub(crate) class: Gc<Class>,
    #[trace(skip)]
    pub(crate) def: &'static FunctionDef,
}

#[pymethods]
impl ClassMethodDescriptor {
    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, class: Option<Value>) -> Result {
        let class = match (class, object) {
            (Some(class), _) => class,
            (None, Some(object)) => py.class_of(object).into(),
            (None, None) => this.get(py).class.into(),
        };
        let (def, owner) = (this.get(py).def, this.get(py).class);
        let Some(class) = Gc::<Class>::cast(py, class) else {
            let given = py.class_name(class);
            raise!(py, TypeError, "descriptor '{}' needs a type, not '{given}', as arg 2", def.name);
        };
        if !py.is_subtype(class, owner) {
            let (owner, given) = (owner.get(py).name.get(py).lossy(), class.get(py).name.get(py).lossy());
            raise!(py, TypeError, "descriptor '{}' requires a subtype of '{owner}' but received '{given}'", def.name);
        }
        Ok(py.alloc(BuiltinFunction::new(def, Some(class.into()), None)).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let def = this.get(py).def;
        (def.call)(py, args.values(), args.kwnames())
    }
}

/// A slot as a special method of its class: `int.__add__`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "wrapper_descriptor", core, flags(METHOD_DESCRIPTOR), parts(attributes))]
pub struct SlotWrapper {
    pub(crate) header: Header,
    pub(crate) class: Gc<Class>,
    #[trace(skip)]
    pub(crate) method: &'static SlotMethod,
    #[trace(skip)]
    pub(crate) function: SlotFn,
}

impl SlotWrapper {
    /// Whether a value wraps the slot function at this address.
    pub(crate) fn wraps(py: &Py, value: Value, address: usize) -> bool {
        Gc::<Self>::cast(py, value).is_some_and(|wrapper| wrapper.get(py).function.address() == address)
    }
}

#[pymethods]
impl SlotWrapper {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        match args.get(0) {
            Some(receiver) => SlotWrapper::invoke(this, py, receiver, args.rest()),
            None => {
                let (class, name) = (this.get(py).class.get(py).name.get(py).lossy(), this.get(py).method.name);
                raise!(py, TypeError, "descriptor '{name}' of '{class}' object needs an argument")
            }
        }
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(receiver) = object else { return Ok(this.into()) };
        let class = this.get(py).class;
        if !py.is_instance_of(receiver, class) {
            let (owner, given) = (class.get(py).name.get(py).lossy(), py.class_name(receiver));
            let name = this.get(py).method.name;
            raise!(py, TypeError, "descriptor '{name}' for '{owner}' objects doesn't apply to a '{given}' object");
        }
        Ok(py.alloc(MethodWrapper { header: Header::EMPTY, wrapper: this, receiver }).into())
    }
}

/// A slot wrapper bound to an object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "method-wrapper", core, parts(attributes))]
pub struct MethodWrapper {
    pub(crate) header: Header,
    pub(crate) wrapper: Gc<SlotWrapper>,
    pub(crate) receiver: Value,
}

#[pymethods]
impl MethodWrapper {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (wrapper, receiver) = (this.get(py).wrapper, this.get(py).receiver);
        SlotWrapper::invoke(wrapper, py, receiver, args)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (this.get(py), other.get(py));
        let equal = a.wrapper == b.wrapper && a.receiver == b.receiver;
        Ok(match op {
            CompareOp::Eq => Value::bool(equal),
            CompareOp::Ne => Value::bool(!equal),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let this = this.get(py);
        let hash = (this.wrapper.address() as i64 >> 4) ^ (this.receiver.bits() as i64 >> 4);
        Ok(if hash == -1 { -2 } else { hash })
    }
}
