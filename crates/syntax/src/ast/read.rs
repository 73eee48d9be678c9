//! `Read`: from another form of the tree, such as the Python objects of `_ast`, to ours. The counterpart of `Build`.

use super::{Constant, Constructor, Definition, Field, Identifier, Location, ThinVec};

/// Gives access to the other form. Values are passed by reference and never stored.
pub trait Reader {
    /// A node, a list or a value in the other form.
    type Value;
    /// Why it cannot be read.
    type Error;

    /// Which constructor of the type the node has, by its index.
    fn constructor(&mut self, node: &Self::Value, definition: &'static Definition) -> Result<usize, Self::Error>;
    /// The field of a node, or `None` when it is missing or Python's `None`. A missing list is an empty one.
    fn field(&mut self, node: &Self::Value, constructor: &'static Constructor, field: &'static Field) -> FieldResult<Self>;
    /// What to raise for a missing field that is required.
    fn missing(&mut self, constructor: &'static Constructor, field: &'static Field) -> Self::Error;
    /// The position of a node, whose constructor is not known yet.
    fn location(&mut self, node: &Self::Value, definition: &'static Definition) -> Result<Location, Self::Error>;
    /// The length of a list, which is the value of this field.
    fn length(&mut self, list: &Self::Value, constructor: &'static Constructor, field: &'static Field) -> Result<usize, Self::Error>;
    /// An item of a list, or `None` when it is Python's `None`. The list may have shrunk meanwhile: that is an error.
    fn item(&mut self, list: &Self::Value, index: usize, constructor: &'static Constructor, field: &'static Field) -> FieldResult<Self>;
    /// A name.
    fn identifier(&mut self, value: &Self::Value) -> Result<Identifier, Self::Error>;
    /// A number.
    fn int(&mut self, value: &Self::Value) -> Result<i32, Self::Error>;
    /// A text.
    fn string(&mut self, value: &Self::Value) -> Result<Box<str>, Self::Error>;
    /// The value of a literal.
    fn constant(&mut self, value: &Self::Value) -> Result<Constant, Self::Error>;
    /// Called before a node is read, so that the depth can be limited; `leave` follows.
    fn enter(&mut self, definition: &'static Definition) -> Result<(), Self::Error>;
    /// Called behind a node that was read.
    fn leave(&mut self);
}

type FieldResult<R> = Result<Option<<R as Reader>::Value>, <R as Reader>::Error>;

/// Which field a value is read for.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The class of the node.
    pub constructor: &'static Constructor,
    /// The field.
    pub field: &'static Field,
}

/// What can be read: every node and every type of field.
pub trait Read: Sized {
    /// The value, which is there.
    fn read<R: Reader>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error>;

    /// The value of a field that may be absent.
    fn read_field<R: Reader>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        match value {
            Some(value) => Self::read(reader, value, slot),
            None => Err(reader.missing(slot.constructor, slot.field)),
        }
    }
}

impl<T: Read> Read for Box<T> {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        T::read(reader, value, slot).map(Box::new)
    }
}

impl<T: Read> Read for Option<T> {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        T::read(reader, value, slot).map(Some)
    }

    fn read_field<R: Reader>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        value.map(|value| T::read(reader, value, slot)).transpose()
    }
}

impl<T: Read> Read for ThinVec<T> {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        let length = reader.length(value, slot.constructor, slot.field)?;
        let mut items = ThinVec::new();
        for index in 0..length {
            let item = reader.item(value, index, slot.constructor, slot.field)?;
            items.push(T::read_field(reader, item.as_ref(), slot)?);
        }
        Ok(items)
    }

    fn read_field<R: Reader>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        value.map_or_else(|| Ok(ThinVec::new()), |value| Self::read(reader, value, slot))
    }
}

impl Read for Identifier {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.identifier(value)
    }
}

impl Read for i32 {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.int(value)
    }
}

impl Read for Box<str> {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.string(value)
    }
}

impl Read for Constant {
    fn read<R: Reader>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.constant(value)
    }

    /// `None` is a constant too.
    fn read_field<R: Reader>(reader: &mut R, value: Option<&R::Value>, _: Slot) -> Result<Self, R::Error> {
        value.map_or(Ok(Constant::None), |value| reader.constant(value))
    }
}

/// Reads a whole tree.
pub fn read_tree<R: Reader>(reader: &mut R, value: &R::Value) -> Result<super::Mod, R::Error> {
    let slot = Slot { constructor: &ROOT, field: &ROOT.fields[0] };
    super::Mod::read(reader, value, slot)
}

static ROOT: Constructor =
    Constructor { name: "tree", base: "", fields: &[Field { name: "root", type_name: "mod", kind: super::FieldKind::One }] };
