//! The attributes, reprs and pickling of native callables.

use super::{BuiltinFunction, ClassMethodDescriptor, MethodDescriptor, MethodWrapper, SlotWrapper};
use crate::native::FunctionKind;
use crate::object::{Class, CompareOp, Str, Tuple};
use crate::types::Module;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

impl BuiltinFunction {
    /// `__self__` where it makes the function a method: not a module, not for static methods.
    fn bound_receiver(this: Gc<Self>, py: &Py) -> Option<Value> {
        let this = this.get(py);
        this.receiver.filter(|receiver| this.def.kind != FunctionKind::StaticMethod && !py.is_module(*receiver))
    }

    fn module_object(this: Gc<Self>, py: &Py) -> Option<Gc<Module>> {
        this.get(py).module.and_then(|module| Gc::<Module>::cast(py, module))
    }
}

#[pymethods(part = "attributes")]
impl BuiltinFunction {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let name = this.get(py).def.name;
        match this.get(py).receiver {
            Some(receiver) if !py.is_module(receiver) => {
                let class = py.class_name(receiver);
                format!("<built-in method {name} of {class} object at {:#x}>", receiver.bits())
            }
            _ => format!("<built-in function {name}>"),
        }
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (this.get(py), other.get(py));
        let equal = std::ptr::eq(a.def, b.def) && a.receiver == b.receiver;
        Ok(match op {
            CompareOp::Eq => Value::bool(equal),
            CompareOp::Ne => Value::bool(!equal),
            _ => Value::NOT_IMPLEMENTED,
        })
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> i64 {
        let this = this.get(py);
        let receiver = this.receiver.map_or(0, |receiver| receiver.bits() as i64);
        receiver.rotate_right(4) ^ (std::ptr::from_ref(this.def) as i64).rotate_right(4)
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let name = py.intern(this.get(py).def.name);
        match BuiltinFunction::bound_receiver(this, py) {
            Some(receiver) => py.getattr_reduction(receiver, name),
            None => Ok(name.into()),
        }
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        py.intern(this.get(py).def.name)
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> Result {
        let name = this.get(py).def.name;
        let Some(receiver) = this.get(py).receiver.filter(|receiver| !py.is_module(*receiver)) else { return Ok(py.intern(name).into()) };
        let class = Gc::<Class>::cast(py, receiver).unwrap_or_else(|| py.class_of(receiver));
        let owner = class.get(py).qualname.get(py).lossy();
        Ok(py.new_str(&format!("{owner}.{name}")).into())
    }

    #[getter("__self__")]
    fn receiver(this: Gc<Self>, py: &mut Py) -> Value {
        let receiver = this.get(py).receiver.filter(|_| this.get(py).def.kind != FunctionKind::StaticMethod);
        receiver.or_else(|| BuiltinFunction::module_object(this, py).map(Into::into)).unwrap_or(Value::NONE)
    }

    #[getter("__module__")]
    fn module(this: Gc<Self>, py: &mut Py) -> Result {
        match BuiltinFunction::module_object(this, py) {
            Some(module) => {
                let (dict, name) = (Module::namespace(module, py), py.names.__name__);
                Ok(py.dict_get_str(dict, name).unwrap_or(Value::NONE))
            }
            None => Ok(this.get(py).module.unwrap_or(Value::NONE)),
        }
    }

    #[setter("__module__")]
    fn set_module(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).module = value;
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
        text(this.get(py).def.doc)
    }

    #[getter("__text_signature__")]
    fn text_signature(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
        this.get(py).def.text_signature
    }
}

fn text(doc: &'static str) -> Option<&'static str> {
    Some(doc).filter(|doc| !doc.is_empty())
}

macro_rules! descriptor_attributes {
    ($($class:ident $what:literal, $this:ident => $name:expr, $doc:expr, $signature:expr;)*) => { $(
        #[pymethods(part = "attributes")]
        impl $class {
            fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
                let $this = this.get(py);
                let owner = py.type_name($this.class);
                format!(concat!("<", $what, " '{}' of '{}' objects>"), $name, owner)
            }

            fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
                let $this = this.get(py);
                let (name, class) = ($name, $this.class);
                let name = py.intern(name);
                py.getattr_reduction(class.into(), name)
            }

            #[getter("__name__")]
            fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
                let $this = this.get(py);
                let name = $name;
                py.intern(name)
            }

            #[getter("__qualname__")]
            fn qualname(this: Gc<Self>, py: &mut Py) -> String {
                let $this = this.get(py);
                format!("{}.{}", $this.class.get(py).qualname.get(py).lossy(), $name)
            }

            #[getter("__objclass__")]
            fn objclass(this: Gc<Self>, py: &mut Py) -> Gc<Class> {
                this.get(py).class
            }

            #[getter("__doc__")]
            fn doc(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
                let $this = this.get(py);
                text($doc)
            }

            #[getter("__text_signature__")]
            fn text_signature(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
                let $this = this.get(py);
                $signature
            }
        }
    )* };
}

descriptor_attributes! {
    MethodDescriptor "method", this => this.def.name, this.def.doc, this.def.text_signature;
    ClassMethodDescriptor "method", this => this.def.name, this.def.doc, this.def.text_signature;
    SlotWrapper "slot wrapper", this => this.method.name, this.method.doc, Some(this.method.signature);
}

#[pymethods(part = "attributes")]
impl MethodWrapper {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let (name, receiver) = (this.get(py).wrapper.get(py).method.name, this.get(py).receiver);
        let class = py.class_name(receiver);
        format!("<method-wrapper '{name}' of {class} object at {:#x}>", receiver.bits())
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (name, receiver) = (this.get(py).wrapper.get(py).method.name, this.get(py).receiver);
        let name = py.intern(name);
        py.getattr_reduction(receiver, name)
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        let name = this.get(py).wrapper.get(py).method.name;
        py.intern(name)
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> String {
        let wrapper = this.get(py).wrapper.get(py);
        format!("{}.{}", wrapper.class.get(py).qualname.get(py).lossy(), wrapper.method.name)
    }

    #[getter("__objclass__")]
    fn objclass(this: Gc<Self>, py: &mut Py) -> Gc<Class> {
        this.get(py).wrapper.get(py).class
    }

    #[getter("__self__")]
    fn receiver(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).receiver
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
        text(this.get(py).wrapper.get(py).method.doc)
    }

    #[getter("__text_signature__")]
    fn text_signature(this: Gc<Self>, py: &mut Py) -> &'static str {
        this.get(py).wrapper.get(py).method.signature
    }
}

impl Py {
    /// `(getattr, (object, name))`: how things found in other things are pickled.
    pub(crate) fn getattr_reduction(&mut self, object: Value, name: Gc<Str>) -> Result {
        let getattr = self.builtin("getattr")?;
        let args: Gc<Tuple> = self.new_tuple(&[object, name.into()]);
        Ok(self.new_tuple(&[getattr, args.into()]).into())
    }
}
