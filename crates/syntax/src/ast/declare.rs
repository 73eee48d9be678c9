//! `nodes!`: derives the Rust types and the reflective description from one table of ASDL definitions.

/// Declares every type of the tree. The forms of an item:
///
/// * `sum T = "t"`: an enum;
/// * `choice T = "t"`: an enum without fields, `Copy`;
/// * `located T(TKind) = "t"`: a struct of `kind` and `loc`, with an enum of its kinds;
/// * `product T = "t"`: a struct; with `@ LOCATION` it has a `loc` too;
/// * `single T = "t"`: a struct standing for a sum with one constructor `T`.
macro_rules! nodes {
    ($($form:ident $Type:ident $(($Kind:ident))? = $name:literal $(@ $attributes:ident)? { $($body:tt)* })+) => {
        $(node! { $form $Type $(($Kind))? = $name [$($attributes)?] { $($body)* } })+

        /// Every type of the grammar, in the order of `Python.asdl`.
        pub const DEFINITIONS: &[&Definition] = &[$(&<$Type>::DEFINITION),+];
    };
}

macro_rules! node {
    (sum $Type:ident = $name:literal [] { $($Variant:ident $({ $($field:ident: $field_type:ty),* })?),+ $(,)? }) => {
        node!(@kinds $Type, $name, $($Variant $({ $($field: $field_type),* })?)+);
        node!(@define $Type, $name, false, &[], $name, $($Variant { $($($field: $field_type),*)? })+);
        node!(@constructor_of $Type, $($Variant)+);
    };
    (choice $Type:ident = $name:literal [] { $($Variant:ident),+ $(,)? }) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub enum $Type { $($Variant),+ }
        node!(@define $Type, $name, false, &[], $name, $($Variant {})+);
        node!(@constructor_of $Type, $($Variant)+);
    };
    (located $Type:ident ($Kind:ident) = $name:literal [$attributes:ident]
        { $($Variant:ident $({ $($field:ident: $field_type:ty),* })?),+ $(,)? }) => {
        #[doc = concat!("A node of the ASDL type `", $name, "`.")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Type {
            /// Which node it is, with its fields.
            pub kind: $Kind,
            /// Where it stands.
            pub loc: Location,
        }
        node!(@kinds $Kind, $name, $($Variant $({ $($field: $field_type),* })?)+);
        node!(@define $Type, $name, false, super::reflect::$attributes, $name, $($Variant { $($($field: $field_type),*)? })+);
        node!(@constructor_of $Kind, $($Variant)+);

        impl $Type {
            /// The node of this kind at this place.
            pub fn new(kind: $Kind, loc: Location) -> $Type {
                $Type { kind, loc }
            }
        }

        impl $Kind {
            /// The node with this place.
            pub fn at(self, loc: Location) -> $Type {
                $Type { kind: self, loc }
            }
        }
    };
    (product $Type:ident = $name:literal [$($attributes:ident)?] { $($field:ident: $field_type:ty),* $(,)? }) => {
        node!(@structure $Type, $name, [$($attributes)?], $($field: $field_type),*);
        node!(@define_one $Type, $name, true, node!(@attributes $($attributes)?), "AST", $name, $($field: $field_type),*);
    };
    (single $Type:ident = $name:literal [$($attributes:ident)?] { $($field:ident: $field_type:ty),* $(,)? }) => {
        node!(@structure $Type, $name, [$($attributes)?], $($field: $field_type),*);
        node!(@define_one $Type, $name, false, node!(@attributes $($attributes)?), $name, stringify!($Type), $($field: $field_type),*);
    };

    (@attributes) => { &[] };
    (@attributes $attributes:ident) => { super::reflect::$attributes };

    (@kinds $Kind:ident, $name:literal, $($Variant:ident $({ $($field:ident: $field_type:ty),* })?)+) => {
        #[doc = concat!("The kinds of the ASDL type `", $name, "`, with their fields.")]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub enum $Kind { $($Variant $({ $($field: $field_type),* })?),+ }
    };
    (@structure $Type:ident, $name:literal, [], $($field:ident: $field_type:ty),*) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub struct $Type { $(pub $field: $field_type),* }
    };
    (@structure $Type:ident, $name:literal, [$attributes:ident], $($field:ident: $field_type:ty),*) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub struct $Type { $(pub $field: $field_type,)* pub loc: Location }
    };

    (@fields $($field:ident: $field_type:ty),*) => {
        &[$(Field { name: python_name(stringify!($field)), type_name: <$field_type>::TYPE_NAME, kind: <$field_type>::KIND }),*]
    };
    (@define $Type:ident, $name:literal, $product:literal, $attributes:expr, $base:expr,
        $($Variant:ident { $($field:ident: $field_type:ty),* })+) => {
        impl $Type {
            /// The description of the type.
            pub const DEFINITION: Definition = Definition {
                name: $name,
                product: $product,
                constructors: &[$(Constructor {
                    name: stringify!($Variant),
                    base: $base,
                    fields: node!(@fields $($field: $field_type),*),
                }),+],
                attributes: $attributes,
            };
        }
        node!(@field_type $Type, $name);
    };
    (@define_one $Type:ident, $name:literal, $product:literal, $attributes:expr, $base:expr, $constructor:expr,
        $($field:ident: $field_type:ty),*) => {
        impl $Type {
            /// The description of the type.
            pub const DEFINITION: Definition = Definition {
                name: $name,
                product: $product,
                constructors: &[Constructor { name: $constructor, base: $base, fields: node!(@fields $($field: $field_type),*) }],
                attributes: $attributes,
            };
        }
        node!(@field_type $Type, $name);
    };
    (@field_type $Type:ident, $name:literal) => {
        impl FieldType for $Type {
            const TYPE_NAME: &'static str = $name;
            const KIND: FieldKind = FieldKind::One;
        }
    };
    (@constructor_of $Kind:ident, $($Variant:ident)+) => {
        impl $Kind {
            /// The class name of the node.
            pub fn name(&self) -> &'static str {
                match self {
                    $($Kind::$Variant { .. } => stringify!($Variant)),+
                }
            }
        }
    };
}
