//! The description of the tree as data: what `_ast` needs to make its classes, and a converter to walk any node.

use super::{Constant, Identifier};

/// A type of the grammar: a sum of constructors or a product with fields of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// The ASDL name: `stmt`, `arguments`.
    pub name: &'static str,
    /// Whether it is a product: then its only constructor has the same name and no separate base class.
    pub product: bool,
    /// The alternatives, in declaration order.
    pub constructors: &'static [Constructor],
    /// The attributes of all its nodes: the four of a location, or none.
    pub attributes: &'static [Attribute],
}

/// A class of nodes.
#[derive(Debug, PartialEq, Eq)]
pub struct Constructor {
    /// The class name: `FunctionDef`.
    pub name: &'static str,
    /// The name of its base class: `stmt`, or `AST` for products.
    pub base: &'static str,
    /// The fields in order.
    pub fields: &'static [Field],
}

/// A field of a node.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The Python name.
    pub name: &'static str,
    /// The ASDL type: `expr`, `identifier`, `int`, `string`, `constant`.
    pub type_name: &'static str,
    /// How many values it takes.
    pub kind: FieldKind,
}

/// How many values a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Exactly one.
    One,
    /// One or `None` (`?`).
    Optional,
    /// A list (`*`).
    List,
    /// A list whose elements may be `None` (`?*`).
    ListOfOptional,
}

/// An attribute of a node.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The Python name.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
}

/// The attributes of `stmt`, `expr` and most other located types.
pub(super) const LOCATION: &[Attribute] = &[
    Attribute { name: "lineno", optional: false },
    Attribute { name: "col_offset", optional: false },
    Attribute { name: "end_lineno", optional: true },
    Attribute { name: "end_col_offset", optional: true },
];

/// The attributes of `pattern` and `type_param`.
pub(super) const FULL_LOCATION: &[Attribute] = &[
    Attribute { name: "lineno", optional: false },
    Attribute { name: "col_offset", optional: false },
    Attribute { name: "end_lineno", optional: false },
    Attribute { name: "end_col_offset", optional: false },
];

/// A Rust type that a field can have, with its ASDL name and kind.
pub trait FieldType {
    /// The ASDL name of the value, or of the list's elements.
    const TYPE_NAME: &'static str;
    /// How many values there are.
    const KIND: FieldKind;
}

macro_rules! builtin {
    ($($type:ty = $name:literal),+ $(,)?) => {
        $(impl FieldType for $type {
            const TYPE_NAME: &'static str = $name;
            const KIND: FieldKind = FieldKind::One;
        })+
    };
}

builtin!(Identifier<'_> = "identifier", i32 = "int", &str = "string", Constant<'_> = "constant");

impl<T: FieldType + ?Sized> FieldType for &mut T {
    const TYPE_NAME: &'static str = T::TYPE_NAME;
    const KIND: FieldKind = T::KIND;
}

impl<T: FieldType> FieldType for Option<T> {
    const TYPE_NAME: &'static str = T::TYPE_NAME;
    const KIND: FieldKind = FieldKind::Optional;
}

impl<T: FieldType> FieldType for [T] {
    const TYPE_NAME: &'static str = T::TYPE_NAME;
    const KIND: FieldKind = match T::KIND {
        FieldKind::Optional => FieldKind::ListOfOptional,
        _ => FieldKind::List,
    };
}

#[cfg(test)]
mod tests {
    use super::super::{Arguments, DEFINITIONS, ExceptHandler, Stmt};
    use super::FieldKind;

    #[test]
    fn descriptions_follow_the_grammar() {
        assert_eq!(DEFINITIONS.len(), 19);
        let function = &Stmt::DEFINITION.constructors[0];
        assert_eq!((function.name, function.base, function.fields[5].type_name), ("FunctionDef", "stmt", "string"));
        assert_eq!(Arguments::DEFINITION.constructors[0].fields[4].kind, FieldKind::ListOfOptional);
        let handler = &ExceptHandler::DEFINITION.constructors[0];
        assert_eq!((handler.name, handler.base, handler.fields[0].name), ("ExceptHandler", "excepthandler", "type"));
    }
}
