//! Weak proxies: objects that stand for another one as long as it is alive.

use crate::native::Args;
use crate::object::{CompareOp, Str};
use crate::{BinaryOp, Py, Result, UnaryOp, raise};
use bredli_heap::{Gc, Header, Value, Weak};
use bredli_macros::{Trace, pyclass, pymethods};

/// A proxy of an object that cannot be called.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ProxyType", module = "weakref", core, flags(HAS_WEAKREF, DISALLOW_INSTANTIATION), parts(methods))]
pub struct Proxy {
    pub(crate) header: Header,
    pub(crate) referent: Weak,
    pub(crate) callback: Option<Value>,
}

/// A proxy of an object that can be called.
#[pyclass(name = "CallableProxyType", module = "weakref", layout = Proxy, core, flags(HAS_WEAKREF, DISALLOW_INSTANTIATION), parts(call))]
pub struct CallableProxy;

/// The object a proxy stands for; other values as they are.
fn unwrapped(py: &mut Py, value: Value) -> Result {
    match Gc::<Proxy>::cast(py, value).map(|proxy| proxy.get(py).referent.get()) {
        None => Ok(value),
        Some(Some(target)) => Ok(target),
        Some(None) => raise!(py, ReferenceError, "weakly-referenced object no longer exists"),
    }
}

macro_rules! proxy_slots {
    ($class:ident; $($binary:ident $op:ident,)*; $($inplace:ident $inplace_op:ident,)*; $($unary:ident $unary_op:ident,)*) => {
        #[pymethods]
        impl $class {
            $( fn $binary(py: &mut Py, left: Value, right: Value) -> Result {
                let (left, right) = (unwrapped(py, left)?, unwrapped(py, right)?);
                py.binary(BinaryOp::$op, left, right)
            } )*

            $( fn $inplace(py: &mut Py, left: Value, right: Value) -> Result {
                let (left, right) = (unwrapped(py, left)?, unwrapped(py, right)?);
                py.inplace(BinaryOp::$inplace_op, left, right)
            } )*

            $( fn $unary(this: Value, py: &mut Py) -> Result {
                let target = unwrapped(py, this)?;
                py.unary(UnaryOp::$unary_op, target)
            } )*

            fn __divmod__(py: &mut Py, left: Value, right: Value) -> Result {
                let (left, right) = (unwrapped(py, left)?, unwrapped(py, right)?);
                py.divmod(left, right)
            }

            fn __pow__(py: &mut Py, base: Value, exponent: Value, modulus: Value) -> Result {
                let (base, exponent, modulus) = (unwrapped(py, base)?, unwrapped(py, exponent)?, unwrapped(py, modulus)?);
                py.power(base, exponent, modulus)
            }

            fn __ipow__(this: Value, py: &mut Py, exponent: Value, _modulus: Value) -> Result {
                let (base, exponent) = (unwrapped(py, this)?, unwrapped(py, exponent)?);
                py.inplace(BinaryOp::Power, base, exponent)
            }

            fn __abs__(this: Value, py: &mut Py) -> Result {
                special(py, this, "__abs__", &[], "bad operand type for abs()")
            }

            fn __int__(this: Value, py: &mut Py) -> Result {
                special(py, this, "__int__", &[], "int() argument must be a string, a bytes-like object or a real number")
            }

            fn __float__(this: Value, py: &mut Py) -> Result {
                let target = unwrapped(py, this)?;
                Ok(Value::float(py.to_f64(target)?))
            }

            fn __index__(this: Value, py: &mut Py) -> Result {
                let target = unwrapped(py, this)?;
                py.index(target)
            }

            fn __bool__(this: Value, py: &mut Py) -> Result<bool> {
                let target = unwrapped(py, this)?;
                py.truth(target)
            }

            fn __len__(this: Value, py: &mut Py) -> Result<usize> {
                let target = unwrapped(py, this)?;
                py.len(target)
            }

            fn __getitem__(this: Value, py: &mut Py, key: Value) -> Result {
                let (target, key) = (unwrapped(py, this)?, unwrapped(py, key)?);
                py.get_item(target, key)
            }

            fn __setitem__(this: Value, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
                let (target, key) = (unwrapped(py, this)?, unwrapped(py, key)?);
                match value {
                    Some(value) => py.set_item(target, key, value),
                    None => py.del_item(target, key),
                }
            }

            fn __contains__(this: Value, py: &mut Py, item: Value) -> Result<bool> {
                let target = unwrapped(py, this)?;
                py.contains(target, item)
            }

            fn __iter__(this: Value, py: &mut Py) -> Result {
                let target = unwrapped(py, this)?;
                py.iter(target)
            }

            fn __next__(this: Value, py: &mut Py) -> Result<Option<Value>> {
                let target = unwrapped(py, this)?;
                if !py.is_iterator(target) {
                    let class = py.class_name(target);
                    raise!(py, TypeError, "Weakref proxy referenced a non-iterator '{class}' object");
                }
                py.next(target)
            }

            fn __str__(this: Value, py: &mut Py) -> Result<Gc<Str>> {
                let target = unwrapped(py, this)?;
                py.str(target)
            }

            fn __repr__(this: Value, py: &mut Py) -> String {
                let target = Gc::<Proxy>::cast(py, this).and_then(|proxy| proxy.get(py).referent.get());
                match target {
                    Some(target) => format!("<weakproxy at {:#x}; to '{}' at {:#x}>", this.bits(), py.class_name(target), target.bits()),
                    None => format!("<weakproxy at {:#x}; dead>", this.bits()),
                }
            }

            fn __getattribute__(this: Value, py: &mut Py, name: Gc<Str>) -> Result {
                let target = unwrapped(py, this)?;
                py.get_attr(target, name)
            }

            fn __setattr__(this: Value, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
                let target = unwrapped(py, this)?;
                py.set_attr(target, name, value)
            }

            fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
                let (left, right) = (unwrapped(py, this)?, unwrapped(py, other)?);
                py.compare(op, left, right)
            }
        }
    };
}

macro_rules! proxy_classes {
    ($($class:ident)*) => { $(
        proxy_slots! {
            $class;
            __add__ Add, __sub__ Subtract, __mul__ Multiply, __matmul__ MatrixMultiply, __truediv__ TrueDivide,
            __floordiv__ FloorDivide, __mod__ Remainder, __lshift__ Lshift, __rshift__ Rshift, __and__ And, __xor__ Xor, __or__ Or,;
            __iadd__ Add, __isub__ Subtract, __imul__ Multiply, __imatmul__ MatrixMultiply, __itruediv__ TrueDivide,
            __ifloordiv__ FloorDivide, __imod__ Remainder, __ilshift__ Lshift, __irshift__ Rshift, __iand__ And, __ixor__ Xor, __ior__ Or,;
            __neg__ Negative, __pos__ Positive, __invert__ Invert,
        }
    )* };
}

proxy_classes! { Proxy CallableProxy }

#[pymethods(part = "methods")]
impl Proxy {
    fn __bytes__(this: Value, py: &mut Py) -> Result {
        let target = unwrapped(py, this)?;
        py.call_method_named(target, "__bytes__", &[])
    }

    fn __reversed__(this: Value, py: &mut Py) -> Result {
        let target = unwrapped(py, this)?;
        py.call_method_named(target, "__reversed__", &[])
    }
}

#[pymethods(part = "call")]
impl CallableProxy {
    fn __call__(this: Value, py: &mut Py, args: Args) -> Result {
        let target = unwrapped(py, this)?;
        py.call_args(target, args)
    }
}

fn special(py: &mut Py, proxy: Value, name: &str, args: &[Value], complaint: &str) -> Result {
    let target = unwrapped(py, proxy)?;
    let name = py.intern(name);
    match py.call_special(target, name, args)? {
        Some(value) => Ok(value),
        None => {
            let class = py.class_name(target);
            raise!(py, TypeError, "{complaint}: '{class}'")
        }
    }
}

impl Py {
    /// `weakref.proxy(target, callback)`; a proxy without callback is shared.
    pub fn weak_proxy(&mut self, target: Value, callback: Option<Value>) -> Result {
        self.check_weakly_referable(target)?;
        let class = if self.is_callable(target) { self.types.weak_callable_proxy } else { self.types.weak_proxy };
        if callback.is_none() {
            let shared = |holder: &Value| {
                let proxy = Gc::<Proxy>::cast(self, *holder);
                proxy.is_some_and(|proxy| proxy.get(self).callback.is_none())
            };
            if let Some(existing) = self.heap.weak_holders(target).find(shared) {
                return Ok(existing);
            }
        }
        if callback.is_some() {
            self.heap.watch_death();
        }
        let proxy = self.alloc_as(class, Proxy { header: Header::EMPTY, referent: Weak::EMPTY, callback });
        self.heap.set_weak(proxy.into(), |heap| &proxy.get(heap).referent, target);
        Ok(proxy.into())
    }
}
