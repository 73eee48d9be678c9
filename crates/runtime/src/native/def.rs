//! The static tables of native classes, functions and modules, filled by the macros.

use super::{NativeFn, Params};
use crate::object::{Class, ClassFlags, Slots};
use crate::types::Module;
use crate::{Py, Result};
use bredli_heap::{Gc, Layout, Value};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a function is an attribute of, and what it gets as its first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function of a module: no receiver.
    Function,
    /// A method: the instance.
    Method,
    /// A class method: the class.
    ClassMethod,
    /// A static method: no receiver.
    StaticMethod,
}

/// A native function or method.
pub struct FunctionDef {
    /// `__name__`
    pub name: &'static str,
    /// The docstring, without signature; may be empty.
    pub doc: &'static str,
    /// `__text_signature__`, as in `($self, object, /)`.
    pub text_signature: Option<&'static str>,
    /// The parameters.
    pub params: &'static Params,
    /// The function.
    pub call: NativeFn,
    /// What it is an attribute of.
    pub kind: FunctionKind,
    /// Whether it asks for collections: it is then called with nothing stale on the native stack between the loop and itself.
    pub collects: bool,
}

/// A computed attribute of instances.
pub struct GetSetDef {
    /// The attribute's name.
    pub name: &'static str,
    /// The docstring; may be empty.
    pub doc: &'static str,
    /// Reads the attribute.
    pub get: Option<fn(&mut Py, Value) -> Result<Value>>,
    /// Sets the attribute, or deletes it when there is no value.
    pub set: Option<fn(&mut Py, Value, Option<Value>) -> Result<()>>,
}

/// A named value of a class or module.
pub struct ConstantDef {
    /// The name.
    pub name: &'static str,
    /// Makes the value; called once for every interpreter.
    pub value: fn(&mut Py) -> Result<Value>,
}

/// What one `#[pymethods]` block defines.
pub struct ClassPart {
    /// The signature of the constructor, if this block has it.
    pub text_signature: Option<&'static str>,
    /// The slots filled here.
    pub slots: Slots,
    /// Methods of all kinds.
    pub methods: &'static [FunctionDef],
    /// Computed attributes.
    pub getsets: &'static [GetSetDef],
    /// Values in the class's namespace.
    pub constants: &'static [ConstantDef],
}

impl ClassPart {
    /// Nothing.
    pub const EMPTY: ClassPart = ClassPart { text_signature: None, slots: Slots::EMPTY, methods: &[], getsets: &[], constants: &[] };
}

/// A native class.
pub struct ClassDef {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// The docstring; may be empty.
    pub doc: &'static str,
    /// `__text_signature__`, as in `(iterable=(), /)`.
    pub text_signature: Option<&'static str>,
    /// The layout of instances.
    pub layout: &'static Layout,
    /// The base class; `object` if absent.
    pub base: Option<&'static ClassDef>,
    /// Byte offset of the payload's field that holds the instance's `__dict__`; 0 if there is none.
    pub dict_offset: usize,
    /// Properties.
    pub flags: ClassFlags,
    /// The slots of all parts together.
    pub slots: Slots,
    /// The `#[pymethods]` blocks.
    pub parts: &'static [&'static ClassPart],
    /// Identifies the class in the tables of interpreters. Apart, so that all numbers lie together and the tables are never written to.
    pub id: &'static ClassId,
    /// Nothing; it only keeps the compiler from evaluating, for a constant that names the class, all that the class refers to: that is
    /// a cycle where the parameters of a method are of the class.
    pub opaque: [AtomicUsize; 0],
}

impl ClassDef {
    /// A small number that identifies the class in this process.
    #[inline]
    pub fn id(&self) -> usize {
        self.id.get()
    }

    /// The methods of all parts.
    pub fn all_methods(&self) -> impl Iterator<Item = &'static FunctionDef> + use<> {
        self.parts.iter().flat_map(|part| part.methods)
    }

    /// The computed attributes of all parts.
    pub fn all_getsets(&self) -> impl Iterator<Item = &'static GetSetDef> + use<> {
        self.parts.iter().flat_map(|part| part.getsets)
    }

    /// The constants of all parts.
    pub fn all_constants(&self) -> impl Iterator<Item = &'static ConstantDef> + use<> {
        self.parts.iter().flat_map(|part| part.constants)
    }
}

/// A process-wide number, assigned on first use; 0 until then.
pub struct ClassId(AtomicUsize);

impl ClassId {
    /// Not assigned yet.
    #[expect(clippy::new_without_default, reason = "for statics only")]
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    #[inline]
    fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => self.assign(),
            number => number - 1,
        }
    }

    #[cold]
    fn assign(&self) -> usize {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        // Another thread may have been first; then this number stays unused.
        match self.0.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => number - 1,
            Err(theirs) => theirs - 1,
        }
    }
}

/// A Rust type that declares a Python class, by `#[pyclass]`.
pub trait NativeClass: 'static {
    /// The declaration.
    const DEF: &'static ClassDef;

    /// The class object.
    #[inline]
    fn class(py: &mut Py) -> Gc<Class> {
        py.class_for(Self::DEF)
    }

    /// The shape of plain instances.
    #[inline]
    fn shape(py: &mut Py) -> u32 {
        let class = Self::class(py);
        class.get(py).root_shape
    }
}

/// Gives classes without `#[pymethods]` an empty table.
pub trait NoMethods {
    /// The table that a `#[pymethods]` block would define.
    #[doc(hidden)]
    const __METHODS: ClassPart = ClassPart::EMPTY;
}

impl<T> NoMethods for T {}

/// What one `#[pymodule]` defines.
pub struct ModulePart {
    /// The functions.
    pub functions: &'static [FunctionDef],
    /// The constants.
    pub constants: &'static [ConstantDef],
    /// The classes that are attributes of the module.
    pub classes: &'static [&'static ClassDef],
    /// Called when the module has been filled.
    pub exec: Option<fn(&mut Py, Gc<Module>) -> Result<()>>,
}

/// A native module.
pub struct ModuleDef {
    /// `__name__`
    pub name: &'static str,
    /// The docstring; may be empty.
    pub doc: &'static str,
    /// The module's own part, then further ones.
    pub parts: &'static [&'static ModulePart],
}

impl ModuleDef {
    /// The functions of all parts.
    pub fn all_functions(&self) -> impl Iterator<Item = &'static FunctionDef> + use<> {
        self.parts.iter().flat_map(|part| part.functions)
    }

    /// The constants of all parts.
    pub fn all_constants(&self) -> impl Iterator<Item = &'static ConstantDef> + use<> {
        self.parts.iter().flat_map(|part| part.constants)
    }

    /// The classes of all parts.
    pub fn all_classes(&self) -> impl Iterator<Item = &'static ClassDef> + use<> {
        self.parts.iter().flat_map(|part| part.classes.iter().copied())
    }
}
