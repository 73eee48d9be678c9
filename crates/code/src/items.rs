//! `Items`: the constants or names of a code object, which are perhaps not read yet.
//!
//! Code of the embedded library runs with values that the runtime makes from the image, one by one; hardly anybody asks for the list.

use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use bredli_text::Wtf8Buf;

use crate::Const;
use crate::marshal::{Stored, sized_parts};

/// A list in a code object. Looking into it reads it, when it has not been read.
#[derive(Clone, Debug)]
pub struct Items<T> {
    items: OnceLock<Vec<T>>,
    /// The image of items that are not read.
    image: &'static [u8],
}

/// The constants of a code object.
pub type Consts = Items<Const>;
/// Names in a code object.
pub type Texts = Items<Wtf8Buf>;

impl<T: Stored> Items<T> {
    /// Items that are read when they are needed.
    pub(crate) fn unread(image: &'static [u8]) -> Items<T> {
        Items { items: OnceLock::new(), image }
    }

    /// How many there are. Nothing is kept for it.
    pub fn count(&self) -> usize {
        self.items.get().map_or_else(|| T::read_all(self.image).count(), Vec::len)
    }

    /// Pass each item to a function, until that fails. Nothing is kept for it.
    pub fn each<E>(&self, mut pass: impl FnMut(&T) -> Result<(), E>) -> Result<(), E> {
        match self.items.get() {
            Some(items) => items.iter().try_for_each(pass),
            None => T::read_all(self.image).try_for_each(|item| pass(&item)),
        }
    }
}

impl Texts {
    /// Pass the bytes of each text to a function. Nothing is kept for it.
    pub fn each_bytes(&self, mut pass: impl FnMut(&[u8])) {
        match self.items.get() {
            Some(texts) => texts.iter().for_each(|text| pass(text.as_bytes())),
            None => sized_parts(self.image).for_each(pass),
        }
    }
}

impl<T: Stored> Deref for Items<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        self.items.get_or_init(|| T::read_all(self.image).collect())
    }
}

impl<T: Stored> DerefMut for Items<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        let _ = &**self;
        self.items.get_mut().expect("the items were just read")
    }
}

impl<T> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Items<T> {
        Items { items: items.into(), image: &[] }
    }
}

impl<T> Default for Items<T> {
    fn default() -> Items<T> {
        Vec::new().into()
    }
}

impl<T: Stored + PartialEq> PartialEq for Items<T> {
    fn eq(&self, other: &Items<T>) -> bool {
        **self == **other
    }
}

impl<'a, T: Stored> IntoIterator for &'a Items<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.iter()
    }
}
