//! `Build`: from the tree to any other form of it, node by node, without naming a single node.
//!
//! `_ast` makes Python objects this way, tests make text. The counterpart is `Read`.

use super::{Constant, Constructor, Field, Identifier, Location};

/// Makes the other form.
pub trait Builder {
    /// A node, a list or a value in the other form.
    type Value;
    /// Why it cannot be made.
    type Error;

    /// A new node without fields.
    fn node(&mut self, constructor: &'static Constructor) -> Result<Self::Value, Self::Error>;
    /// Sets a field of a node; called in order, for every field.
    fn field(&mut self, node: &mut Self::Value, field: &'static Field, value: Self::Value) -> Result<(), Self::Error>;
    /// Sets the position of a node, after its fields.
    fn location(&mut self, node: &mut Self::Value, loc: &Location) -> Result<(), Self::Error>;
    /// A node of a type without fields (`Load`, `Add`), which may be shared.
    fn choice(&mut self, constructor: &'static Constructor) -> Result<Self::Value, Self::Error>;
    /// A new empty list.
    fn list(&mut self) -> Result<Self::Value, Self::Error>;
    /// Appends to a list.
    fn push(&mut self, list: &mut Self::Value, item: Self::Value) -> Result<(), Self::Error>;
    /// An optional value that is absent.
    fn none(&mut self) -> Result<Self::Value, Self::Error>;
    /// A name.
    fn identifier(&mut self, name: Identifier<'_>) -> Result<Self::Value, Self::Error>;
    /// A number.
    fn int(&mut self, number: i32) -> Result<Self::Value, Self::Error>;
    /// A text.
    fn string(&mut self, text: &str) -> Result<Self::Value, Self::Error>;
    /// The value of a literal.
    fn constant(&mut self, constant: Constant<'_>) -> Result<Self::Value, Self::Error>;
}

/// What can be built in another form: every node and every type of field.
pub trait Build {
    /// The other form of the value.
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error>;
}

impl<T: Build + ?Sized> Build for &mut T {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        (**self).build(builder)
    }
}

impl<T: Build> Build for Option<T> {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        match self {
            Some(value) => value.build(builder),
            None => builder.none(),
        }
    }
}

impl<T: Build> Build for [T] {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        let mut list = builder.list()?;
        for item in self {
            let item = item.build(builder)?;
            builder.push(&mut list, item)?;
        }
        Ok(list)
    }
}

impl Build for Identifier<'_> {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        builder.identifier(*self)
    }
}

impl Build for i32 {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        builder.int(*self)
    }
}

impl Build for &str {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        builder.string(self)
    }
}

impl Build for Constant<'_> {
    fn build<B: Builder>(&self, builder: &mut B) -> Result<B::Value, B::Error> {
        builder.constant(*self)
    }
}
