//! Weak references and proxies.
//!
//! An object has at most one plain reference without callback, which all requests for one share. Callbacks run from the collector's queue
//! (`pending`). Counterpart: `Objects/weakrefobject.c`.

mod pending;
mod proxy;

pub use proxy::{CallableProxy, Proxy};

use crate::native::Args;
use crate::object::{Class, ClassFlags, CompareOp, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value, Weak};
use bredli_macros::{Trace, pyclass, pymethods};

/// A weak reference.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ReferenceType", module = "weakref", core, flags(BASETYPE))]
pub struct Weakref {
    pub(crate) header: Header,
    pub(crate) referent: Weak,
    pub(crate) callback: Option<Value>,
    pub(crate) hash: i64,
}

impl Weakref {
    /// The object, if it is alive.
    pub fn target(&self) -> Option<Value> {
        self.referent.get()
    }
}

#[pymethods]
impl Weakref {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let plain = cls == py.types.weakref;
        if plain && args.has_keywords() {
            raise!(py, TypeError, "ref() takes no keyword arguments");
        }
        let (target, callback) = match *args.positional() {
            [] => raise!(py, TypeError, "__new__ expected at least 1 argument, got 0"),
            [target] => (target, None),
            [target, callback] => (target, Some(callback).filter(|callback| !callback.is_none())),
            _ => raise!(py, TypeError, "__new__ expected at most 2 arguments, got {}", args.positional().len()),
        };
        py.check_weakly_referable(target)?;
        if plain && callback.is_none() {
            return Ok(py.weak_reference(target).into());
        }
        if callback.is_some() {
            py.heap.watch_death();
        }
        let reference = py.alloc_as(cls, Weakref { header: Header::EMPTY, referent: Weak::EMPTY, callback, hash: -1 });
        py.heap.set_weak(reference.into(), |heap| &reference.get(heap).referent, target);
        Ok(reference.into())
    }

    #[no_text_signature]
    fn __init__(_this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        match args.positional().len() {
            0 => raise!(py, TypeError, "__init__ expected at least 1 argument, got 0"),
            1 | 2 => Ok(()),
            count => raise!(py, TypeError, "__init__ expected at most 2 arguments, got {count}"),
        }
    }

    #[signature(self, /, *args, **kwargs)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        if !args.is_empty() {
            raise!(py, TypeError, "weakref expected 0 arguments, got {}", args.len());
        }
        Ok(this.get(py).target().unwrap_or(Value::NONE))
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let address = Value::from(this).bits();
        let Some(target) = this.get(py).target() else { return Ok(format!("<weakref at {address:#x}; dead>")) };
        let (class, name) = (py.class_name(target), py.names.__name__);
        let name = py.lookup_special(target, name)?.and_then(|name| Gc::<Str>::cast(py, name));
        let name = name.map_or(String::new(), |name| format!(" ({})", name.get(py).lossy()));
        Ok(format!("<weakref at {address:#x}; to '{class}' at {:#x}{name}>", target.bits()))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        if this.get(py).hash != -1 {
            return Ok(this.get(py).hash);
        }
        let Some(target) = this.get(py).target() else { raise!(py, TypeError, "weak object has gone away") };
        let hash = py.hash(target)?;
        this.get_mut(py).hash = hash;
        Ok(hash)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        match (this.get(py).target(), other.get(py).target()) {
            (Some(a), Some(b)) => py.compare(op, a, b),
            _ => Ok(Value::bool((this == other) == (op == CompareOp::Eq))),
        }
    }

    /// Weakrefs are generic over the type of the referenced object.
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    #[getter("__callback__")]
    fn callback(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).callback.filter(|_| this.get(py).target().is_some())
    }
}

impl Py {
    /// The weak reference without callback that an object already has, or None.
    pub fn existing_weak_reference(&mut self, target: Value) -> Value {
        let class = self.types.weakref;
        let plain = |holder: &Value| {
            let reference = Gc::<Weakref>::cast(self, *holder);
            self.class_of(*holder) == class && reference.is_some_and(|reference| reference.get(self).callback.is_none())
        };
        self.heap.weak_holders(target).find(plain).unwrap_or(Value::NONE)
    }

    /// The weak reference without callback of an object, made on first use.
    pub fn weak_reference(&mut self, target: Value) -> Gc<Weakref> {
        let existing = self.existing_weak_reference(target);
        if let Some(reference) = Gc::<Weakref>::cast(self, existing) {
            return reference;
        }
        let reference = self.alloc(Weakref { header: Header::EMPTY, referent: Weak::EMPTY, callback: None, hash: -1 });
        self.heap.set_weak(reference.into(), |heap| &reference.get(heap).referent, target);
        reference
    }

    /// TypeError for objects that weak references cannot refer to.
    pub fn check_weakly_referable(&mut self, target: Value) -> Result<()> {
        if target.is_heap() && self.class_of(target).get(self).flags.contains(ClassFlags::HAS_WEAKREF) {
            return Ok(());
        }
        let class = self.class_name(target);
        raise!(self, TypeError, "cannot create weak reference to '{class}' object")
    }

    /// The weak references and proxies of an object, oldest first.
    pub fn weak_references_to(&mut self, target: Value) -> RootVec {
        let mut found = RootVec::new(&mut self.heap);
        let (proxy, callable) = (self.types.weak_proxy, self.types.weak_callable_proxy);
        for holder in self.heap.weak_holders(target) {
            let class = self.class_of(holder);
            if Gc::<Weakref>::cast(self, holder).is_some() || class == proxy || class == callable {
                found.push(holder);
            }
        }
        // The plain reference that all share comes first, whenever it was made.
        let plain = found.iter().position(|holder| {
            let reference = Gc::<Weakref>::cast(self, *holder);
            crate::object::is_exact(*holder, crate::types::shapes::WEAKREF)
                && reference.is_some_and(|reference| reference.get(self).callback.is_none())
        });
        if let Some(at) = plain {
            found[..=at].rotate_right(1);
        }
        found
    }
}
