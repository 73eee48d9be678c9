//! `nodes!`: derives the Rust types and the reflective description from one table of ASDL definitions.

/// Declares every type of the tree; all but choices live in an [`Arena`](super::Arena) for `'t`. The forms of an item:
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
        node!(@define ['t] $Type, $name, false, &[], $name, $($Variant { $($($field: $field_type),*)? })+);
        node!(@constructor_of ['t] $Type, $($Variant)+);
        node!(@walk_sum $Type, $($Variant { $($($field: $field_type),*)? })+);
    };
    (choice $Type:ident = $name:literal [] { $($Variant:ident),+ $(,)? }) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub enum $Type { $($Variant),+ }
        node!(@define [] $Type, $name, false, &[], $name, $($Variant {})+);
        node!(@constructor_of [] $Type, $($Variant)+);

        impl Build for $Type {
            fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
                builder.choice(&$Type::DEFINITION.constructors[*self as usize])
            }
        }

        impl<'t> Read<'t> for $Type {
            fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
                const ALL: &[$Type] = &[$($Type::$Variant),+];
                Ok(ALL[reader.constructor(value, &$Type::DEFINITION)?])
            }
        }
    };
    (located $Type:ident ($Kind:ident) = $name:literal [$attributes:ident]
        { $($Variant:ident $({ $($field:ident: $field_type:ty),* })?),+ $(,)? }) => {
        #[doc = concat!("A node of the ASDL type `", $name, "`.")]
        #[derive(Debug, PartialEq)]
        pub struct $Type<'t> {
            /// Which node it is, with its fields.
            pub kind: $Kind<'t>,
            /// Where it stands.
            pub loc: Location,
        }
        node!(@kinds $Kind, $name, $($Variant $({ $($field: $field_type),* })?)+);
        node!(@define ['t] $Type, $name, false, super::reflect::$attributes, $name, $($Variant { $($($field: $field_type),*)? })+);
        node!(@constructor_of ['t] $Kind, $($Variant)+);
        node!(@walk_located $Type, $Kind, $($Variant { $($($field: $field_type),*)? })+);

        impl<'t> $Type<'t> {
            /// The node of this kind at this place.
            pub fn new(kind: $Kind<'t>, loc: Location) -> $Type<'t> {
                $Type { kind, loc }
            }
        }

        impl<'t> $Kind<'t> {
            /// The node with this place.
            pub fn at(self, loc: Location) -> $Type<'t> {
                $Type { kind: self, loc }
            }
        }
    };
    (product $Type:ident = $name:literal [$($attributes:ident)?] { $($field:ident: $field_type:ty),* $(,)? }) => {
        node!(@structure $Type, $name, [$($attributes)?], $($field: $field_type),*);
        node!(@define_one $Type, $name, true, node!(@attributes $($attributes)?), "AST", $name, $($field: $field_type),*);
        node!(@walk_struct late $Type, [$($attributes)?], $($field: $field_type),*);
    };
    (single $Type:ident = $name:literal [$($attributes:ident)?] { $($field:ident: $field_type:ty),* $(,)? }) => {
        node!(@structure $Type, $name, [$($attributes)?], $($field: $field_type),*);
        node!(@define_one $Type, $name, false, node!(@attributes $($attributes)?), $name, stringify!($Type), $($field: $field_type),*);
        node!(@walk_struct early $Type, [$($attributes)?], $($field: $field_type),*);
    };

    (@attributes) => { &[] };
    (@attributes $attributes:ident) => { super::reflect::$attributes };

    (@kinds $Kind:ident, $name:literal, $($Variant:ident $({ $($field:ident: $field_type:ty),* })?)+) => {
        #[doc = concat!("The kinds of the ASDL type `", $name, "`, with their fields.")]
        #[derive(Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub enum $Kind<'t> { $($Variant $({ $($field: $field_type),* })?),+ }
    };
    (@structure $Type:ident, $name:literal, [], $($field:ident: $field_type:ty),*) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub struct $Type<'t> { $(pub $field: $field_type),* }
    };
    (@structure $Type:ident, $name:literal, [$attributes:ident], $($field:ident: $field_type:ty),*) => {
        #[doc = concat!("The ASDL type `", $name, "`.")]
        #[derive(Debug, PartialEq)]
        #[allow(missing_docs, reason = "the names are those of Python.asdl")]
        pub struct $Type<'t> { $(pub $field: $field_type,)* pub loc: Location }
    };

    (@fields $($field:ident: $field_type:ty),*) => {
        &[$(Field { name: python_name(stringify!($field)), type_name: <$field_type>::TYPE_NAME, kind: <$field_type>::KIND }),*]
    };
    (@define [$($tree:lifetime)?] $Type:ident, $name:literal, $product:literal, $attributes:expr, $base:expr,
        $($Variant:ident { $($field:ident: $field_type:ty),* })+) => {
        impl<$($tree)?> $Type<$($tree)?> {
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
        node!(@field_type [$($tree)?] $Type, $name);
    };
    (@define_one $Type:ident, $name:literal, $product:literal, $attributes:expr, $base:expr, $constructor:expr,
        $($field:ident: $field_type:ty),*) => {
        impl<'t> $Type<'t> {
            /// The description of the type.
            pub const DEFINITION: Definition = Definition {
                name: $name,
                product: $product,
                constructors: &[Constructor { name: $constructor, base: $base, fields: node!(@fields $($field: $field_type),*) }],
                attributes: $attributes,
            };
        }
        node!(@field_type ['t] $Type, $name);
    };
    (@field_type [$($tree:lifetime)?] $Type:ident, $name:literal) => {
        impl<$($tree)?> FieldType for $Type<$($tree)?> {
            const TYPE_NAME: &'static str = $name;
            const KIND: FieldKind = FieldKind::One;
        }
    };
    (@constructor_of [$($tree:lifetime)?] $Kind:ident, $($Variant:ident)+) => {
        impl<$($tree)?> $Kind<$($tree)?> {
            /// The class name of the node.
            pub fn name(&self) -> &'static str {
                match self {
                    $($Kind::$Variant { .. } => stringify!($Variant)),+
                }
            }
        }
    };

    (@walk_sum $Type:ident, $($Variant:ident { $($field:ident: $field_type:ty),* })+) => {
        impl Build for $Type<'_> {
            fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
                node!(@build_variants $Type, $Type, self, builder, $($Variant { $($field),* })+)
            }
        }

        impl<'t> Read<'t> for $Type<'t> {
            fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
                reader.enter(&$Type::DEFINITION)?;
                let index = reader.constructor(value, &$Type::DEFINITION)?;
                let constructor = &$Type::DEFINITION.constructors[index];
                let node = node!(@read_variants $Type, index, reader, value, constructor, $($Variant { $($field: $field_type),* })+);
                reader.leave();
                Ok(node)
            }
        }
    };
    (@walk_located $Type:ident, $Kind:ident, $($Variant:ident { $($field:ident: $field_type:ty),* })+) => {
        impl Build for $Type<'_> {
            fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
                let kind = &self.kind;
                let mut node = node!(@build_variants $Type, $Kind, kind, builder, $($Variant { $($field),* })+)?;
                builder.location(&mut node, &self.loc)?;
                Ok(node)
            }
        }

        impl<'t> Read<'t> for $Type<'t> {
            fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
                reader.enter(&$Type::DEFINITION)?;
                let loc = reader.location(value, &$Type::DEFINITION)?;
                let index = reader.constructor(value, &$Type::DEFINITION)?;
                let constructor = &$Type::DEFINITION.constructors[index];
                let kind = node!(@read_variants $Kind, index, reader, value, constructor, $($Variant { $($field: $field_type),* })+);
                reader.leave();
                Ok($Type { kind, loc })
            }
        }
    };
    (@build_variants $Type:ident, $Kind:ident, $value:expr, $builder:expr, $($Variant:ident { $($field:ident),* })+) => {{
        enum Index { $($Variant),+ }
        match $value {
            $($Kind::$Variant { $($field),* } => {
                let constructor = &$Type::DEFINITION.constructors[Index::$Variant as usize];
                #[allow(unused_mut, reason = "some nodes have no fields")]
                let mut node = $builder.node(constructor)?;
                node!(@build_fields $builder, node, constructor, $($field),*);
                Ok(node)
            })+
        }
    }};
    (@build_fields $builder:expr, $node:ident, $constructor:ident,) => {};
    (@build_fields $builder:expr, $node:ident, $constructor:ident, $($field:ident),+) => {
        let mut fields = $constructor.fields.iter();
        $(
            let value = $field.build($builder)?;
            $builder.field(&mut $node, fields.next().expect("one description for each field"), value)?;
        )+
    };
    (@read_variants $Kind:ident, $index:ident, $reader:ident, $value:ident, $constructor:ident,
        $($Variant:ident { $($field:ident: $field_type:ty),* })+) => {{
        #[allow(non_upper_case_globals, reason = "named like the variants")]
        mod index {
            enum Index { $($Variant),+ }
            $(pub const $Variant: usize = Index::$Variant as usize;)+
        }
        match $index {
            $(index::$Variant => {
                node!(@read_fields $reader, $value, $constructor, $($field: $field_type),*);
                $Kind::$Variant { $($field),* }
            })+
            _ => unreachable!("the reader chose one of the constructors"),
        }
    }};
    (@read_fields $reader:ident, $value:ident, $constructor:ident,) => {};
    (@read_fields $reader:ident, $value:ident, $constructor:ident, $($field:ident: $field_type:ty),+) => {
        let mut fields = $constructor.fields.iter();
        $(
            let field = fields.next().expect("one description for each field");
            let found = $reader.field($value, $constructor, field)?;
            let $field = <$field_type>::read_field($reader, found.as_ref(), Slot { constructor: $constructor, field })?;
        )+
    };
    (@walk_struct $order:ident $Type:ident, [$($attributes:ident)?], $($field:ident: $field_type:ty),*) => {
        impl Build for $Type<'_> {
            fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
                let constructor = &$Type::DEFINITION.constructors[0];
                let mut node = builder.node(constructor)?;
                let $Type { $($field,)* .. } = self;
                node!(@build_fields builder, node, constructor, $($field),*);
                node!(@build_location [$($attributes)?] builder, node, self);
                Ok(node)
            }
        }

        impl<'t> Read<'t> for $Type<'t> {
            fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
                reader.enter(&$Type::DEFINITION)?;
                let node = node!(@read_struct $order [$($attributes)?] $Type, reader, value, $($field: $field_type),*);
                reader.leave();
                Ok(node)
            }
        }
    };
    (@build_location [] $builder:ident, $node:ident, $self:ident) => {};
    (@build_location [$attributes:ident] $builder:ident, $node:ident, $self:ident) => {
        $builder.location(&mut $node, &$self.loc)?;
    };
    // The place of a sum is read before its fields, that of a product after them, as in CPython.
    (@read_struct early [$attributes:ident] $Type:ident, $reader:ident, $value:ident, $($field:ident: $field_type:ty),*) => {{
        let loc = $reader.location($value, &$Type::DEFINITION)?;
        node!(@read_struct early [] $Type, $reader, $value, $($field: $field_type),* ; loc)
    }};
    (@read_struct late [$attributes:ident] $Type:ident, $reader:ident, $value:ident, $($field:ident: $field_type:ty),*) => {
        node!(@read_struct late [] $Type, $reader, $value, $($field: $field_type),* ; loc: $reader.location($value, &$Type::DEFINITION)?)
    };
    (@read_struct $order:ident [] $Type:ident, $reader:ident, $value:ident, $($field:ident: $field_type:ty),* $(; $($loc:tt)+)?) => {{
        let index = $reader.constructor($value, &$Type::DEFINITION)?;
        let constructor = &$Type::DEFINITION.constructors[index];
        node!(@read_fields $reader, $value, constructor, $($field: $field_type),*);
        $Type { $($field,)* $($($loc)+)? }
    }};
}
