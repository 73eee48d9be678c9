//! The built-in types, one folder or file each, and the table of the core classes.
//!
//! Core classes exist in every interpreter from the start and have shape numbers known at compile time (`shapes::LIST`), in the
//! order of the table. A type is added by one line here; the field names are how Rust code reaches the class: `py.types.list`.

use crate::native::NativeClass;
use crate::object::{Class, Dict, Instance, Str, Tuple};
use crate::{Py, Result};
use bredli_heap::{Gc, Tracer};

mod async_generator;
mod bytearray;
mod bytes;
mod callable;
mod cell;
mod code;
mod complex;
mod coroutine;
mod descriptor;
mod dict;
mod enumerate;
pub mod exception;
mod float;
mod frame;
mod frame_locals;
mod function;
mod generator;

mod generic_alias;
mod int;
mod list;
mod mappingproxy;
mod memoryview;
mod method;
mod module;
mod namespace;
pub(crate) mod object;
mod range;
mod sequence;
mod sequence_iterator;
mod set;
mod singletons;
mod slice;
mod str;
mod super_object;
mod template;
#[cfg(test)]
mod tests;
mod traceback;
mod tuple;
mod tuplegetter;
mod type_object;
pub mod typing;
mod union;
mod weakref;
mod zip;

pub(crate) use self::str::FormatSpecs;
pub use self::str::{AsciiIterator, StrIterator};
pub use crate::buffer::BytesLike;
pub use async_generator::AsyncGenerator;
pub use bytearray::{ByteArray, ByteArrayIterator};
pub use bytes::{Bytes, BytesIterator};
pub use callable::{BuiltinFunction, ClassMethodDescriptor, MethodDescriptor, MethodWrapper, SlotWrapper};
pub use cell::Cell;
pub use code::Code;
pub use complex::Complex;
pub use coroutine::{Coroutine, CoroutineWrapper};
pub use descriptor::{ClassMethod, GetSetDescriptor, MemberDescriptor, Property, StaticMethod};
pub use dict::{
    DictItemIterator, DictItems, DictIterator, DictKeyIterator, DictKeys, DictReverseItemIterator, DictReverseKeyIterator,
    DictReverseValueIterator, DictValueIterator, DictValues,
};
pub use enumerate::{CallableIterator, Enumerate, Reversed};
pub use exception::{BaseException, Exceptions};
pub use float::{Float, FloatObject};
pub use frame::Frame;
pub(crate) use frame::Left;
pub use function::Function;
pub use generator::{Generator, GeneratorState};
pub use generic_alias::{GenericAlias, GenericAliasIterator};
pub use int::{Bool, Int};
pub use list::{List, ListIterator, ListReverseIterator};
pub use mappingproxy::MappingProxy;
pub use memoryview::{MemoryIterator, MemoryView};
pub use method::Method;
pub use module::Module;
pub use namespace::Namespace;
pub use range::{LongRangeIterator, Range, RangeIterator};
pub use sequence_iterator::SequenceIterator;
pub use set::{FrozenSet, Set, SetIterator};
pub use singletons::{Ellipsis, NoneType, NotImplementedType};
pub use slice::{Slice, SliceBounds, SliceNumbers};
pub use super_object::Super;
pub use template::{Interpolation, Template, TemplateIter};
pub use traceback::Traceback;
pub use tuple::TupleIterator;
pub use tuplegetter::TupleGetter;
pub use union::Union;
pub use weakref::{CallableProxy, Proxy, Weakref};
pub use zip::{Filter, Map, Zip};

macro_rules! core_types {
    ($( $field:ident $shape:ident $rust:ty; )*) => {
        /// The core classes.
        #[allow(missing_docs, non_snake_case)]
        #[derive(Clone, Copy)]
        pub struct Types { $( pub $field: Gc<Class>, )* }

        #[allow(non_camel_case_types)]
        enum Number { NO_CLASS, $( $field, )* COUNT }

        /// The shape numbers of core classes' plain instances.
        #[allow(missing_docs)]
        pub mod shapes {
            use super::Number;
            $( pub const $shape: u32 = Number::$field as u32; )*
            /// String buffers and other cells without a class.
            pub const BUFFER: u32 = Number::NO_CLASS as u32;
            /// How many shape numbers are fixed.
            pub const COUNT: u32 = Number::COUNT as u32;
        }

        $( impl CoreType for $rust {
            const SHAPE: u32 = shapes::$shape;
            #[inline(always)]
            fn core_class(py: &Py) -> Gc<Class> { py.types.$field }
        } )*

        impl Types {
            /// The same class in every field, until the real ones exist.
            pub(crate) fn placeholder(class: Gc<Class>) -> Self {
                Self { $( $field: class, )* }
            }

            /// Every core class.
            pub fn all(&self) -> Vec<Gc<Class>> {
                vec![$( self.$field ),*]
            }

            /// Make the class objects, without bases and attributes.
            pub(crate) fn reserve(py: &mut Py) -> Self {
                Self { $( $field: py.reserve_core_class(<$rust as NativeClass>::DEF, shapes::$shape), )* }
            }

            /// Connect and fill the classes; the order of the table puts bases before what derives from them.
            pub(crate) fn finish(py: &mut Py) -> Result<()> {
                for (class, shape) in [$( (py.types.$field, shapes::$shape) ),*] {
                    let base = match class.get(py).def.and_then(|def| def.base) {
                        Some(base) => Some(py.class_for(base)),
                        None if shape == shapes::OBJECT => None,
                        None => Some(py.types.object),
                    };
                    py.finish_native_class(class, base, Some(shape))?;
                }
                Ok(())
            }

            pub(crate) fn trace(&self, tracer: &mut Tracer) {
                $( tracer.gc(self.$field); )*
            }
        }
    };
}

/// A native type whose class exists in every interpreter from the start.
pub trait CoreType: NativeClass {
    /// The shape number of its plain instances.
    const SHAPE: u32;
    /// Its class.
    fn core_class(py: &Py) -> Gc<Class>;
}

core_types! {
    object OBJECT Instance;
    r#type TYPE Class;
    str STR Str;
    tuple TUPLE Tuple;
    dict DICT Dict;
    bytes BYTES Bytes;
    list LIST List;
    int INT Int;
    bool BOOL Bool;
    float FLOAT Float;
    complex COMPLEX Complex;
    none NONE_TYPE NoneType;
    ellipsis ELLIPSIS Ellipsis;
    not_implemented NOT_IMPLEMENTED NotImplementedType;
    function FUNCTION Function;
    method METHOD Method;
    builtin_function BUILTIN_FUNCTION BuiltinFunction;
    method_descriptor METHOD_DESCRIPTOR MethodDescriptor;
    classmethod_descriptor CLASSMETHOD_DESCRIPTOR ClassMethodDescriptor;
    wrapper_descriptor WRAPPER_DESCRIPTOR SlotWrapper;
    method_wrapper METHOD_WRAPPER MethodWrapper;
    getset_descriptor GETSET_DESCRIPTOR GetSetDescriptor;
    member_descriptor MEMBER_DESCRIPTOR MemberDescriptor;
    classmethod CLASSMETHOD ClassMethod;
    staticmethod STATICMETHOD StaticMethod;
    property PROPERTY Property;
    cell CELL Cell;
    code CODE Code;
    frame FRAME Frame;
    traceback TRACEBACK Traceback;
    generator GENERATOR Generator;
    coroutine COROUTINE Coroutine;
    coroutine_wrapper COROUTINE_WRAPPER CoroutineWrapper;
    async_generator ASYNC_GENERATOR AsyncGenerator;
    module MODULE Module;
    weakref WEAKREF Weakref;
    weak_proxy WEAK_PROXY Proxy;
    weak_callable_proxy WEAK_CALLABLE_PROXY CallableProxy;
    template TEMPLATE Template;
    template_iter TEMPLATE_ITER TemplateIter;
    interpolation INTERPOLATION Interpolation;
    super_type SUPER Super;
    namespace NAMESPACE Namespace;
    mappingproxy MAPPINGPROXY MappingProxy;
    generic_alias GENERIC_ALIAS GenericAlias;
    generic_alias_iterator GENERIC_ALIAS_ITERATOR GenericAliasIterator;
    union UNION Union;
    sequence_iterator SEQUENCE_ITERATOR SequenceIterator;
    str_ascii_iterator STR_ASCII_ITERATOR AsciiIterator;
    str_iterator STR_ITERATOR StrIterator;
    bytes_iterator BYTES_ITERATOR BytesIterator;
    bytearray BYTEARRAY ByteArray;
    bytearray_iterator BYTEARRAY_ITERATOR ByteArrayIterator;
    memoryview MEMORYVIEW MemoryView;
    slice SLICE Slice;
    set SET Set;
    frozenset FROZENSET FrozenSet;
    set_iterator SET_ITERATOR SetIterator;
    list_iterator LIST_ITERATOR ListIterator;
    list_reverseiterator LIST_REVERSEITERATOR ListReverseIterator;
    tuple_iterator TUPLE_ITERATOR TupleIterator;
    range_iterator RANGE_ITERATOR RangeIterator;
    range RANGE Range;
    longrange_iterator LONGRANGE_ITERATOR LongRangeIterator;
    dict_keys DICT_KEYS DictKeys;
    dict_values DICT_VALUES DictValues;
    dict_items DICT_ITEMS DictItems;
    dict_keyiterator DICT_KEYITERATOR DictKeyIterator;
    dict_valueiterator DICT_VALUEITERATOR DictValueIterator;
    dict_itemiterator DICT_ITEMITERATOR DictItemIterator;
    dict_reversekeyiterator DICT_REVERSEKEYITERATOR DictReverseKeyIterator;
    dict_reversevalueiterator DICT_REVERSEVALUEITERATOR DictReverseValueIterator;
    dict_reverseitemiterator DICT_REVERSEITEMITERATOR DictReverseItemIterator;
    enumerate ENUMERATE Enumerate;
    reversed REVERSED Reversed;
    callable_iterator CALLABLE_ITERATOR CallableIterator;
    zip ZIP Zip;
    map MAP Map;
    filter FILTER Filter;
    tuplegetter TUPLEGETTER TupleGetter;
}
