//! `Read`: from another form of the tree, such as the Python objects of `_ast`, to ours. The counterpart of `Build`.

use super::{Arena, Constant, Constructor, Definition, Field, Identifier, Location};

/// Gives access to the other form. Values are passed by reference and never stored.
pub trait Reader<'t> {
    /// A node, a list or a value in the other form.
    type Value;
    /// Why it cannot be read.
    type Error;

    /// Where the tree is to live.
    fn arena(&self) -> &'t Arena;
    /// Which constructor of the type the node has, by its index.
    fn constructor(&mut self, node: &Self::Value, definition: &'static Definition) -> Result<usize, Self::Error>;
    /// The field of a node, or `None` when it is missing or Python's `None`. A missing list is an empty one.
    fn field(
        &mut self,
        node: &Self::Value,
        constructor: &'static Constructor,
        field: &'static Field,
    ) -> Result<Option<Self::Value>, Self::Error>;
    /// What to raise for a missing field that is required.
    fn missing(&mut self, constructor: &'static Constructor, field: &'static Field) -> Self::Error;
    /// The position of a node, whose constructor is not known yet.
    fn location(&mut self, node: &Self::Value, definition: &'static Definition) -> Result<Location, Self::Error>;
    /// The length of a list, which is the value of this field.
    fn length(&mut self, list: &Self::Value, constructor: &'static Constructor, field: &'static Field) -> Result<usize, Self::Error>;
    /// An item of a list, or `None` when it is Python's `None`. The list may have shrunk meanwhile: that is an error.
    fn item(
        &mut self,
        list: &Self::Value,
        index: usize,
        constructor: &'static Constructor,
        field: &'static Field,
    ) -> Result<Option<Self::Value>, Self::Error>;
    /// A name.
    fn identifier(&mut self, value: &Self::Value) -> Result<Identifier<'t>, Self::Error>;
    /// A number.
    fn int(&mut self, value: &Self::Value) -> Result<i32, Self::Error>;
    /// A text.
    fn string(&mut self, value: &Self::Value) -> Result<&'t str, Self::Error>;
    /// The value of a literal.
    fn constant(&mut self, value: &Self::Value) -> Result<Constant<'t>, Self::Error>;
    /// Called before a node is read, so that the depth can be limited; `leave` follows.
    fn enter(&mut self, definition: &'static Definition) -> Result<(), Self::Error>;
    /// Called behind a node that was read.
    fn leave(&mut self);
}

/// Which field a value is read for.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The class of the node.
    pub constructor: &'static Constructor,
    /// The field.
    pub field: &'static Field,
}

/// What can be read: every node and every type of field.
pub trait Read<'t>: Sized {
    /// The value, which is there.
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error>;

    /// The value of a field that may be absent.
    fn read_field<R: Reader<'t>>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        match value {
            Some(value) => Self::read(reader, value, slot),
            None => Err(reader.missing(slot.constructor, slot.field)),
        }
    }
}

impl<'t, T: Read<'t>> Read<'t> for &'t mut T {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        T::read(reader, value, slot).map(|node| reader.arena().node(node))
    }
}

impl<'t, T: Read<'t>> Read<'t> for Option<T> {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        T::read(reader, value, slot).map(Some)
    }

    fn read_field<R: Reader<'t>>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        value.map(|value| T::read(reader, value, slot)).transpose()
    }
}

impl<'t, T: Read<'t>> Read<'t> for &'t mut [T] {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, slot: Slot) -> Result<Self, R::Error> {
        let length = reader.length(value, slot.constructor, slot.field)?;
        let mut indices = 0..length;
        reader.arena().try_list(length, || {
            let index = indices.next().expect("as many as items");
            let item = reader.item(value, index, slot.constructor, slot.field)?;
            T::read_field(reader, item.as_ref(), slot)
        })
    }

    fn read_field<R: Reader<'t>>(reader: &mut R, value: Option<&R::Value>, slot: Slot) -> Result<Self, R::Error> {
        value.map_or_else(|| Ok(Self::default()), |value| Self::read(reader, value, slot))
    }
}

impl<'t> Read<'t> for Identifier<'t> {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.identifier(value)
    }
}

impl<'t> Read<'t> for i32 {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.int(value)
    }
}

impl<'t> Read<'t> for &'t str {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.string(value)
    }
}

impl<'t> Read<'t> for Constant<'t> {
    fn read<R: Reader<'t>>(reader: &mut R, value: &R::Value, _: Slot) -> Result<Self, R::Error> {
        reader.constant(value)
    }

    /// `None` is a constant too.
    fn read_field<R: Reader<'t>>(reader: &mut R, value: Option<&R::Value>, _: Slot) -> Result<Self, R::Error> {
        value.map_or(Ok(Constant::None), |value| reader.constant(value))
    }
}

/// Reads a whole tree.
pub fn read_tree<'t, R: Reader<'t>>(reader: &mut R, value: &R::Value) -> Result<super::Mod<'t>, R::Error> {
    let slot = Slot { constructor: &ROOT, field: &ROOT.fields[0] };
    super::Mod::read(reader, value, slot)
}

static ROOT: Constructor =
    Constructor { name: "tree", base: "", fields: &[Field { name: "root", type_name: "mod", kind: super::FieldKind::One }] };
