//! The built-in types, one folder or file each, and the table of the core classes.
//!
//! Core classes exist in every interpreter from the start and have shape numbers known at compile time (`shapes::LIST`), in the
//! order of the table. A type is added by one line here; the field names are how Rust code reaches the class: `py.types.list`.

use crate::native::{ClassDef, NativeClass};
use crate::object::{Class, Dict, Instance, Str, Tuple};
use crate::{Py, Result};
use bredli_heap::{Gc, Tracer};

mod callable;
mod cell;
mod code;
mod descriptor;
mod exception;
mod function;
mod list;
mod method;
mod module;
mod object;
mod type_object;
mod weakref;

pub use callable::{BuiltinFunction, ClassMethodDescriptor, MethodDescriptor, MethodWrapper, SlotWrapper};
pub use cell::Cell;
pub use code::Code;
pub use descriptor::{ClassMethod, GetSetDescriptor, MemberDescriptor, Property, StaticMethod};
pub use function::Function;
pub use list::List;
pub use method::Method;
pub use module::Module;
pub use weakref::Weakref;

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

        static DEFS: &[(&ClassDef, u32)] = &[ $( (<$rust as NativeClass>::DEF, shapes::$shape) ),* ];

        impl Types {
            fn from_classes(classes: &[Gc<Class>]) -> Self {
                let mut classes = classes.iter();
                Self { $( $field: *classes.next().expect("one class a field"), )* }
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
}
