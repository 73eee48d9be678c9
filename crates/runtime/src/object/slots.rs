//! The slots of a class: the native functions through which the machine performs operations on its instances.
//!
//! One table (`slot_table!`) declares each slot with its type, the special methods that correspond to it, their
//! signatures and docstrings. The struct, the slot wrappers (`int.__add__`), slot inheritance and the Python-override
//! functions (see `overrides`) derive from it. Counterpart: `slotdefs` in `Objects/typeobject.c`.

use super::overrides;
use crate::native::ClassPart;
use crate::object::{Class, Str, Tuple};
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

/// A rich comparison operator, numbered as CPython's `Py_LT`..`Py_GE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CompareOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// The operator that gives the same answer with the operands exchanged.
    #[inline]
    pub fn swapped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }

    /// Whether an [`Ordering`](std::cmp::Ordering) satisfies the operator.
    #[inline(always)]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }

    /// The operator as written in Python.
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// The name of the operator's method.
    pub(crate) fn method(self, names: &crate::Names) -> Gc<Str> {
        [names.__lt__, names.__le__, names.__eq__, names.__ne__, names.__gt__, names.__ge__][self as usize]
    }

    /// The operator for a CPython operator number.
    #[inline]
    pub fn from_index(index: usize) -> Self {
        match index {
            0 => Self::Lt,
            1 => Self::Le,
            2 => Self::Eq,
            3 => Self::Ne,
            4 => Self::Gt,
            5 => Self::Ge,
            _ => unreachable!("an operator number"),
        }
    }
}

/// `f(self)`.
pub type Unary = fn(&mut Py, Value) -> Result<Value>;
/// `f(left, right)`.
pub type Binary = fn(&mut Py, Value, Value) -> Result<Value>;
/// `f(base, exponent, modulus)`; the modulus is None for the two-operand form.
pub type Ternary = fn(&mut Py, Value, Value, Value) -> Result<Value>;
/// A question about an object.
pub type Inquiry = fn(&mut Py, Value) -> Result<bool>;
/// The length of a container.
pub type Length = fn(&mut Py, Value) -> Result<usize>;
/// The hash of an object, never -1.
pub type Hash = fn(&mut Py, Value) -> Result<i64>;
/// A rich comparison; may return NotImplemented.
pub type RichCompare = fn(&mut Py, Value, Value, CompareOp) -> Result<Value>;
/// Attribute access by interned name.
pub type GetAttr = fn(&mut Py, Value, Gc<Str>) -> Result<Value>;
/// Attribute assignment; deletion when the value is absent.
pub type SetAttr = fn(&mut Py, Value, Gc<Str>, Option<Value>) -> Result<()>;
/// The next value of an iterator, or None at its end.
pub type Next = fn(&mut Py, Value) -> Result<Option<Value>>;
/// `descriptor.__get__(object, class)`.
pub type DescrGet = fn(&mut Py, Value, Option<Value>, Option<Value>) -> Result<Value>;
/// `descriptor.__set__(object, value)`; `__delete__` when the value is absent.
pub type DescrSet = fn(&mut Py, Value, Value, Option<Value>) -> Result<()>;
/// `__init__`.
pub type Init = for<'a> fn(&mut Py, Value, &'a [Value], Option<Gc<Tuple>>) -> Result<()>;
/// `__new__`.
pub type New = for<'a> fn(&mut Py, Gc<Class>, &'a [Value], Option<Gc<Tuple>>) -> Result<Value>;
/// `__call__`.
pub type Call = for<'a> fn(&mut Py, Value, &'a [Value], Option<Gc<Tuple>>) -> Result<Value>;
/// `container[key] = value`; deletion when the value is absent.
pub type SetItem = fn(&mut Py, Value, Value, Option<Value>) -> Result<()>;
/// `item in container`.
pub type Contains = fn(&mut Py, Value, Value) -> Result<bool>;
/// Repetition of a sequence.
pub type Repeat = fn(&mut Py, Value, isize) -> Result<Value>;
/// `__del__`: called by the collector's finaliser queue.
pub type Finalize = fn(&mut Py, Value) -> Result<()>;
/// A buffer export (PEP 688).
pub type Buffer = fn(&mut Py, Value, u32) -> Result<Value>;

/// How a special method's arguments map to the slot it wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// No arguments.
    Plain,
    /// One argument, the right operand.
    Left,
    /// One argument, the left operand.
    Right,
    /// `pow` with an optional modulus.
    Power,
    /// Reflected `pow`.
    PowerRight,
    /// A rich comparison.
    Compare(CompareOp),
    /// One attribute name.
    Name,
    /// An attribute name and a value.
    NameValue,
    /// An attribute name to delete.
    NameDelete,
    /// A key and a value.
    KeyValue,
    /// A key to delete.
    KeyDelete,
    /// Instance and optional owner.
    Get,
    /// Instance and value.
    Set,
    /// Instance to delete from.
    Delete,
    /// All arguments as they come.
    Any,
    /// One integer.
    Count,
    /// Buffer flags.
    Flags,
}

/// A slot's function with its type.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum SlotFn {
    Unary(Unary),
    Binary(Binary),
    Ternary(Ternary),
    Inquiry(Inquiry),
    Length(Length),
    Hash(Hash),
    RichCompare(RichCompare),
    GetAttr(GetAttr),
    SetAttr(SetAttr),
    Next(Next),
    DescrGet(DescrGet),
    DescrSet(DescrSet),
    Init(Init),
    Call(Call),
    SetItem(SetItem),
    Contains(Contains),
    Repeat(Repeat),
    Finalize(Finalize),
    Buffer(Buffer),
}

impl SlotFn {
    /// The address of the function: what decides whether two slots hold the same one.
    pub fn address(self) -> usize {
        match self {
            Self::Unary(f) => f as usize,
            Self::Binary(f) => f as usize,
            Self::Ternary(f) => f as usize,
            Self::Inquiry(f) => f as usize,
            Self::Length(f) => f as usize,
            Self::Hash(f) => f as usize,
            Self::RichCompare(f) => f as usize,
            Self::GetAttr(f) => f as usize,
            Self::SetAttr(f) => f as usize,
            Self::Next(f) => f as usize,
            Self::DescrGet(f) => f as usize,
            Self::DescrSet(f) => f as usize,
            Self::Init(f) => f as usize,
            Self::Call(f) => f as usize,
            Self::SetItem(f) => f as usize,
            Self::Contains(f) => f as usize,
            Self::Repeat(f) => f as usize,
            Self::Finalize(f) => f as usize,
            Self::Buffer(f) => f as usize,
        }
    }
}

/// One special method: the slot it belongs to and how it wraps it.
pub struct SlotMethod {
    /// The special method's name.
    pub name: &'static str,
    /// Its signature, as `__text_signature__` shows it.
    pub signature: &'static str,
    /// Its docstring.
    pub doc: &'static str,
    /// How arguments map.
    pub wrap: Wrap,
    /// Index into [`SLOTS`].
    pub slot: usize,
}

impl SlotMethod {
    /// The name of the slot's field.
    pub fn slot_field(&self) -> &'static str {
        SLOTS[self.slot].field
    }
}

/// One slot: access to its field, and the function that looks the special method up on the class.
pub struct Slot {
    /// The field's name.
    pub field: &'static str,
    /// Reads the field.
    pub get: fn(&Slots) -> Option<SlotFn>,
    /// Writes the field.
    pub set: fn(&mut Slots, Option<SlotFn>),
    /// The function used for classes that define the special method in Python.
    pub python: SlotFn,
    /// The special methods of the slot.
    pub methods: &'static [SlotMethod],
}

macro_rules! slot_table {
    ($( $field:ident : $kind:ident { $( $name:literal $wrap:expr, $signature:literal, $doc:literal; )+ } )*) => {
        /// The native functions of a class, one field a slot.
        #[derive(Clone, Copy)]
        #[allow(missing_docs)]
        pub struct Slots {
            $( pub $field: Option<$kind>, )*
            /// `__new__`, which is not a slot wrapper but a builtin method.
            pub new: Option<New>,
        }

        impl Slots {
            /// No slot filled.
            pub const EMPTY: Slots = Slots { $( $field: None, )* new: None };

            /// Take over what is not filled here, `__new__` apart.
            pub(super) fn inherit(&mut self, from: &Slots) {
                $( self.$field = self.$field.or(from.$field); )*
            }

            /// The slots of several parts of a class together; later ones win.
            pub const fn merged(parts: &[&ClassPart]) -> Slots {
                let mut slots = Slots::EMPTY;
                let mut index = 0;
                while index < parts.len() {
                    let part = &parts[index].slots;
                    $( if part.$field.is_some() { slots.$field = part.$field; } )*
                    if part.new.is_some() { slots.new = part.new; }
                    index += 1;
                }
                slots
            }
        }

        #[allow(non_camel_case_types, clippy::enum_variant_names)]
        #[derive(Clone, Copy)]
        enum Index { $( $field ),* }

        /// Every slot, in the order of their declaration.
        pub static SLOTS: &[Slot] = &[ $( Slot {
            field: stringify!($field),
            get: |slots| slots.$field.map(SlotFn::$kind),
            set: |slots, function| slots.$field = match function { Some(SlotFn::$kind(f)) => Some(f), _ => None },
            python: SlotFn::$kind(overrides::$field),
            methods: &[ $( SlotMethod { name: $name, signature: $signature, doc: $doc, wrap: $wrap, slot: Index::$field as usize } ),+ ],
        } ),* ];
    };
}

slot_table! {
    repr: Unary { "__repr__" Wrap::Plain, "($self, /)", "Return repr(self)."; }
    hash: Hash { "__hash__" Wrap::Plain, "($self, /)", "Return hash(self)."; }
    call: Call { "__call__" Wrap::Any, "($self, /, *args, **kwargs)", "Call self as a function."; }
    str: Unary { "__str__" Wrap::Plain, "($self, /)", "Return str(self)."; }
    getattr: GetAttr {
        "__getattribute__" Wrap::Name, "($self, name, /)", "Return getattr(self, name).";
        "__getattr__" Wrap::Name, "($self, name, /)", "";
    }
    setattr: SetAttr {
        "__setattr__" Wrap::NameValue, "($self, name, value, /)", "Implement setattr(self, name, value).";
        "__delattr__" Wrap::NameDelete, "($self, name, /)", "Implement delattr(self, name).";
    }
    richcompare: RichCompare {
        "__lt__" Wrap::Compare(CompareOp::Lt), "($self, value, /)", "Return self<value.";
        "__le__" Wrap::Compare(CompareOp::Le), "($self, value, /)", "Return self<=value.";
        "__eq__" Wrap::Compare(CompareOp::Eq), "($self, value, /)", "Return self==value.";
        "__ne__" Wrap::Compare(CompareOp::Ne), "($self, value, /)", "Return self!=value.";
        "__gt__" Wrap::Compare(CompareOp::Gt), "($self, value, /)", "Return self>value.";
        "__ge__" Wrap::Compare(CompareOp::Ge), "($self, value, /)", "Return self>=value.";
    }
    iter: Unary { "__iter__" Wrap::Plain, "($self, /)", "Implement iter(self)."; }
    next: Next { "__next__" Wrap::Plain, "($self, /)", "Implement next(self)."; }
    descr_get: DescrGet { "__get__" Wrap::Get, "($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."; }
    descr_set: DescrSet {
        "__set__" Wrap::Set, "($self, instance, value, /)", "Set an attribute of instance to value.";
        "__delete__" Wrap::Delete, "($self, instance, /)", "Delete an attribute of instance.";
    }
    init: Init { "__init__" Wrap::Any, "($self, /, *args, **kwargs)", "Initialize self.  See help(type(self)) for accurate signature."; }
    finalize: Finalize { "__del__" Wrap::Plain, "($self, /)", "Called when the instance is about to be destroyed."; }
    add: Binary { "__add__" Wrap::Left, "($self, value, /)", "Return self+value."; "__radd__" Wrap::Right, "($self, value, /)", "Return value+self."; }
    subtract: Binary { "__sub__" Wrap::Left, "($self, value, /)", "Return self-value."; "__rsub__" Wrap::Right, "($self, value, /)", "Return value-self."; }
    multiply: Binary { "__mul__" Wrap::Left, "($self, value, /)", "Return self*value."; "__rmul__" Wrap::Right, "($self, value, /)", "Return value*self."; }
    remainder: Binary { "__mod__" Wrap::Left, "($self, value, /)", "Return self%value."; "__rmod__" Wrap::Right, "($self, value, /)", "Return value%self."; }
    divmod: Binary { "__divmod__" Wrap::Left, "($self, value, /)", "Return divmod(self, value)."; "__rdivmod__" Wrap::Right, "($self, value, /)", "Return divmod(value, self)."; }
    power: Ternary { "__pow__" Wrap::Power, "($self, value, mod=None, /)", "Return pow(self, value, mod)."; "__rpow__" Wrap::PowerRight, "($self, value, mod=None, /)", "Return pow(value, self, mod)."; }
    negative: Unary { "__neg__" Wrap::Plain, "($self, /)", "-self"; }
    positive: Unary { "__pos__" Wrap::Plain, "($self, /)", "+self"; }
    absolute: Unary { "__abs__" Wrap::Plain, "($self, /)", "abs(self)"; }
    bool: Inquiry { "__bool__" Wrap::Plain, "($self, /)", "True if self else False"; }
    invert: Unary { "__invert__" Wrap::Plain, "($self, /)", "~self"; }
    lshift: Binary { "__lshift__" Wrap::Left, "($self, value, /)", "Return self<<value."; "__rlshift__" Wrap::Right, "($self, value, /)", "Return value<<self."; }
    rshift: Binary { "__rshift__" Wrap::Left, "($self, value, /)", "Return self>>value."; "__rrshift__" Wrap::Right, "($self, value, /)", "Return value>>self."; }
    and: Binary { "__and__" Wrap::Left, "($self, value, /)", "Return self&value."; "__rand__" Wrap::Right, "($self, value, /)", "Return value&self."; }
    xor: Binary { "__xor__" Wrap::Left, "($self, value, /)", "Return self^value."; "__rxor__" Wrap::Right, "($self, value, /)", "Return value^self."; }
    or: Binary { "__or__" Wrap::Left, "($self, value, /)", "Return self|value."; "__ror__" Wrap::Right, "($self, value, /)", "Return value|self."; }
    int: Unary { "__int__" Wrap::Plain, "($self, /)", "int(self)"; }
    float: Unary { "__float__" Wrap::Plain, "($self, /)", "float(self)"; }
    inplace_add: Binary { "__iadd__" Wrap::Left, "($self, value, /)", "Return self+=value."; }
    inplace_subtract: Binary { "__isub__" Wrap::Left, "($self, value, /)", "Return self-=value."; }
    inplace_multiply: Binary { "__imul__" Wrap::Left, "($self, value, /)", "Return self*=value."; }
    inplace_remainder: Binary { "__imod__" Wrap::Left, "($self, value, /)", "Return self%=value."; }
    inplace_power: Ternary { "__ipow__" Wrap::Power, "($self, value, /)", "Return self**=value."; }
    inplace_lshift: Binary { "__ilshift__" Wrap::Left, "($self, value, /)", "Return self<<=value."; }
    inplace_rshift: Binary { "__irshift__" Wrap::Left, "($self, value, /)", "Return self>>=value."; }
    inplace_and: Binary { "__iand__" Wrap::Left, "($self, value, /)", "Return self&=value."; }
    inplace_xor: Binary { "__ixor__" Wrap::Left, "($self, value, /)", "Return self^=value."; }
    inplace_or: Binary { "__ior__" Wrap::Left, "($self, value, /)", "Return self|=value."; }
    floor_divide: Binary { "__floordiv__" Wrap::Left, "($self, value, /)", "Return self//value."; "__rfloordiv__" Wrap::Right, "($self, value, /)", "Return value//self."; }
    true_divide: Binary { "__truediv__" Wrap::Left, "($self, value, /)", "Return self/value."; "__rtruediv__" Wrap::Right, "($self, value, /)", "Return value/self."; }
    inplace_floor_divide: Binary { "__ifloordiv__" Wrap::Left, "($self, value, /)", "Return self//=value."; }
    inplace_true_divide: Binary { "__itruediv__" Wrap::Left, "($self, value, /)", "Return self/=value."; }
    index: Unary { "__index__" Wrap::Plain, "($self, /)", "Return self converted to an integer, if self is suitable for use as an index into a list."; }
    matrix_multiply: Binary { "__matmul__" Wrap::Left, "($self, value, /)", "Return self@value."; "__rmatmul__" Wrap::Right, "($self, value, /)", "Return value@self."; }
    inplace_matrix_multiply: Binary { "__imatmul__" Wrap::Left, "($self, value, /)", "Return self@=value."; }
    concat: Binary { "__add__" Wrap::Left, "($self, value, /)", "Return self+value."; }
    repeat: Repeat { "__mul__" Wrap::Count, "($self, value, /)", "Return self*value."; "__rmul__" Wrap::Count, "($self, value, /)", "Return value*self."; }
    inplace_concat: Binary { "__iadd__" Wrap::Left, "($self, value, /)", "Implement self+=value."; }
    inplace_repeat: Repeat { "__imul__" Wrap::Count, "($self, value, /)", "Implement self*=value."; }
    len: Length { "__len__" Wrap::Plain, "($self, /)", "Return len(self)."; }
    getitem: Binary { "__getitem__" Wrap::Left, "($self, key, /)", "Return self[key]."; }
    setitem: SetItem {
        "__setitem__" Wrap::KeyValue, "($self, key, value, /)", "Set self[key] to value.";
        "__delitem__" Wrap::KeyDelete, "($self, key, /)", "Delete self[key].";
    }
    contains: Contains { "__contains__" Wrap::Left, "($self, key, /)", "Return bool(key in self)."; }
    am_await: Unary { "__await__" Wrap::Plain, "($self, /)", "Return an iterator to be used in await expression."; }
    aiter: Unary { "__aiter__" Wrap::Plain, "($self, /)", "Return an awaitable, that resolves in asynchronous iterator."; }
    anext: Unary { "__anext__" Wrap::Plain, "($self, /)", "Return a value or raise StopAsyncIteration."; }
    buffer: Buffer { "__buffer__" Wrap::Flags, "($self, flags, /)", "Return a buffer object that exposes the underlying memory of the object."; }
    release_buffer: Binary { "__release_buffer__" Wrap::Left, "($self, buffer, /)", "Release the buffer object that exposes the underlying memory of the object."; }
}

impl Slots {
    /// Whether these slots hash and compare with the functions that others have.
    #[inline]
    pub(crate) fn identifies_as(&self, other: &Slots) -> bool {
        let functions = |slots: &Slots| (slots.hash.map(|hash| hash as usize), slots.richcompare.map(|compare| compare as usize));
        functions(self) == functions(other)
    }

    /// Whether these slots compare with the function that others have.
    #[inline]
    pub(crate) fn compares_as(&self, other: &Slots) -> bool {
        self.richcompare.map(|compare| compare as usize) == other.richcompare.map(|compare| compare as usize)
    }
}
