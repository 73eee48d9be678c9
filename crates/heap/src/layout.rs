//! How objects are laid out and traced.

use crate::{Gc, Header, HeapVec, Kind, Value};

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
        Layout { name, size, kind: Kind::Leaf, trace: trace_nothing, drop: None, trailing: false }
    }

    /// A header followed by `aux` values.
    pub const fn slots(name: &'static str, size: usize) -> Layout {
        Layout { name, size, kind: Kind::Slots, trace: trace_nothing, drop: None, trailing: true }
    }

    /// A length and that many values.
    pub const fn values(name: &'static str, size: usize) -> Layout {
        Layout { name, size, kind: Kind::Values, trace: trace_nothing, drop: None, trailing: true }
    }

    /// A payload with its own trace function.
    pub const fn custom(name: &'static str, size: usize, trace: unsafe fn(*const Header, &mut Tracer)) -> Layout {
        Layout { name, size, kind: Kind::Custom, trace, drop: None, trailing: true }
    }

    /// Whether the payload has variable items before its trailing values.
    pub fn is_variable(&self) -> bool {
        self.kind == Kind::Values
    }
}

/// A Rust struct that lives on the heap.
///
/// # Safety
/// The struct is `repr(C)`, its first field is its [`Header`], and `LAYOUT` gives its size and visits all its references.
pub unsafe trait Object: 'static {
    /// Its layout.
    const LAYOUT: &'static Layout;
}

/// Visiting the references of a field.
pub trait Trace {
    /// Report every reference to the tracer.
    fn trace(&self, tracer: &mut Tracer);
}

/// Receives the references of an object during marking.
pub struct Tracer {
    pub(crate) found: Vec<*const Header>,
}

impl Tracer {
    /// Report a value.
    #[inline(always)]
    pub fn value(&mut self, value: Value) {
        if value.is_heap() {
            self.found.push(value.as_header());
        }
    }

    /// Report an object.
    #[inline(always)]
    pub fn gc<T: Object>(&mut self, object: Gc<T>) {
        self.found.push(object.header());
    }

    /// Report an address inside a cell.
    pub fn interior(&mut self, address: *const u8) {
        let _ = address;
    }

    /// Report every word of a range that may be a reference, without knowing.
    ///
    /// # Safety
    /// The range must be readable.
    pub unsafe fn range(&mut self, from: *const u64, to: *const u64) {
        let _ = (from, to);
    }
}

impl Trace for Value {
    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.value(*self);
    }
}

impl<T: Trace> Trace for Option<T> {
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
    fn trace(&self, tracer: &mut Tracer) {
        for item in self {
            item.trace(tracer);
        }
    }
}

impl<T: Trace + Copy> Trace for std::cell::Cell<T> {
    fn trace(&self, tracer: &mut Tracer) {
        self.get().trace(tracer);
    }
}

impl<T: Trace + Copy> Trace for HeapVec<T> {
    fn trace(&self, tracer: &mut Tracer) {
        self.trace_buffer(tracer);
        for item in self.iter() {
            item.trace(tracer);
        }
    }
}

impl<A: Trace, B: Trace> Trace for (A, B) {
    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
        self.1.trace(tracer);
    }
}

macro_rules! no_references {
    ($($ty:ty)*) => { $( impl Trace for $ty { #[inline(always)] fn trace(&self, _: &mut Tracer) {} } )* };
}

no_references!(bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 String);

impl Trace for () {
    fn trace(&self, _: &mut Tracer) {}
}

impl Trace for &'static str {
    fn trace(&self, _: &mut Tracer) {}
}
