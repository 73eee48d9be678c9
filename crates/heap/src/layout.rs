//! How objects are laid out and traced.

use crate::{Gc, Header, Kind, Tracer, Value};

/// The native layout of a kind of object.
pub struct Layout {
    /// For messages.
    pub name: &'static str,
    /// Bytes of the fixed payload, header included; trailing values start here.
    pub size: usize,
    /// The trace strategy of plain instances.
    pub kind: Kind,
    /// Visits the references of the payload (kind `Custom`).
    pub trace: unsafe fn(*const Header, &mut Tracer),
    /// Drops the payload, where it owns memory of its own.
    pub drop: Option<unsafe fn(*mut Header)>,
    /// Whether `aux` counts trailing values.
    pub trailing: bool,
}

unsafe fn trace_nothing(_: *const Header, _: &mut Tracer) {}

impl Layout {
    /// A layout without references.
    pub const fn leaf(name: &'static str, size: usize) -> Layout {
        Layout { name, size, kind: Kind::Leaf, trace: trace_nothing, drop: None, trailing: true }
    }

    /// A header followed by `aux` values.
    pub const fn slots(name: &'static str, size: usize) -> Layout {
        Layout { name, size, kind: Kind::Slots, trace: trace_nothing, drop: None, trailing: true }
    }

    /// A length, a word for the owner, and as many values as the length says.
    pub const fn values(name: &'static str, size: usize) -> Layout {
        Layout { name, size, kind: Kind::Values, trace: trace_nothing, drop: None, trailing: true }
    }

    /// A payload with its own trace function.
    pub const fn custom(name: &'static str, size: usize, trace: unsafe fn(*const Header, &mut Tracer)) -> Layout {
        Layout { name, size, kind: Kind::Custom, trace, drop: None, trailing: true }
    }

    /// The same layout with a function that drops the payload of a dead object. It must not touch other objects of the heap.
    pub const fn with_drop(mut self, drop: unsafe fn(*mut Header)) -> Layout {
        self.drop = Some(drop);
        self
    }

    /// The same layout, in which `aux` is not the number of trailing values.
    pub const fn without_trailing(mut self) -> Layout {
        self.trailing = false;
        self
    }

    /// Whether the payload has variable items before its trailing values.
    pub fn is_variable(&self) -> bool {
        self.kind == Kind::Values
    }
}

/// A Rust struct that lives on the heap.
///
/// # Safety
/// The struct is `repr(C)`, its first field is its [`Header`], and `LAYOUT` gives its size and visits all its references. Every object whose
/// shape is `SHAPE` is such a struct, in every heap.
pub unsafe trait Object: 'static {
    /// Its layout.
    const LAYOUT: &'static Layout;
    /// A shape whose objects are known to have this layout without looking it up.
    const SHAPE: Option<u32> = None;
}

/// Visiting the references of a field.
pub trait Trace {
    /// Whether there can be references at all; vectors of types without any are not visited.
    const REFERENCES: bool = true;

    /// Whether there is a reference in it that a write barrier has to know of; a guess on the safe side.
    #[inline(always)]
    fn refers(&self) -> bool {
        Self::REFERENCES
    }

    /// Report every reference to the tracer.
    fn trace(&self, tracer: &mut Tracer);

    /// Report the references of several items that follow each other.
    fn trace_items(items: &[Self], tracer: &mut Tracer)
    where
        Self: Sized,
    {
        for item in items {
            item.trace(tracer);
        }
    }
}

impl Trace for Value {
    #[inline(always)]
    fn refers(&self) -> bool {
        self.is_heap()
    }

    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.value(*self);
    }

    fn trace_items(items: &[Self], tracer: &mut Tracer) {
        tracer.values(items);
    }
}

impl<T: Trace> Trace for Option<T> {
    const REFERENCES: bool = T::REFERENCES;

    #[inline(always)]
    fn refers(&self) -> bool {
        self.as_ref().is_some_and(T::refers)
    }

    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        if let Some(inner) = self {
            inner.trace(tracer);
        }
    }
}

impl<T: Object> Trace for Gc<T> {
    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.gc(*self);
    }
}

impl<T: Trace, const N: usize> Trace for [T; N] {
    const REFERENCES: bool = T::REFERENCES;

    fn trace(&self, tracer: &mut Tracer) {
        for item in self {
            item.trace(tracer);
        }
    }
}

impl<T: Trace + Copy> Trace for std::cell::Cell<T> {
    const REFERENCES: bool = T::REFERENCES;

    fn trace(&self, tracer: &mut Tracer) {
        self.get().trace(tracer);
    }
}

impl<A: Trace, B: Trace> Trace for (A, B) {
    const REFERENCES: bool = A::REFERENCES || B::REFERENCES;

    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
        self.1.trace(tracer);
    }
}

macro_rules! no_references {
    ($($ty:ty)*) => { $(
        impl Trace for $ty {
            const REFERENCES: bool = false;

            #[inline(always)]
            fn trace(&self, _: &mut Tracer) {}
        }
    )* };
}

no_references!(bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String);

impl Trace for () {
    fn trace(&self, _: &mut Tracer) {}
}

impl Trace for &'static str {
    fn trace(&self, _: &mut Tracer) {}
}
