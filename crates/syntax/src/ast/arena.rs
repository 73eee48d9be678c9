//! `Arena`: where trees live. A tree is many small nodes that go at once, so that none of them is freed by itself or even looked at.

use std::mem::needs_drop;

use bredli_num::Int;
use bredli_text::Wtf8;
use bumpalo::Bump;

use super::{Constant, Identifier, Mod};

/// The memory of trees. What is in it is never dropped, hence holds no memory of its own.
#[derive(Debug, Default)]
pub struct Arena {
    memory: Bump,
}

impl Arena {
    /// A node.
    pub fn node<T>(&self, node: T) -> &mut T {
        const { assert!(!needs_drop::<T>()) };
        self.memory.alloc(node)
    }

    /// A list.
    pub fn list<T>(&self, items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>) -> &mut [T] {
        const { assert!(!needs_drop::<T>()) };
        self.memory.alloc_slice_fill_iter(items)
    }

    /// A list of so many items, each made by `item`.
    ///
    /// # Errors
    /// The first that `item` returns.
    pub fn try_list<T, E>(&self, length: usize, mut item: impl FnMut() -> Result<T, E>) -> Result<&mut [T], E> {
        const { assert!(!needs_drop::<T>()) };
        self.memory.alloc_slice_try_fill_with(length, |_| item())
    }

    /// A copy of a `str`. No two texts that differ are at the same address.
    pub fn str(&self, text: &str) -> &str {
        match text {
            "" => "",
            _ => self.memory.alloc_str(text),
        }
    }

    /// A name, not shared with others that have the same text.
    pub fn identifier(&self, name: &str) -> Identifier<'_> {
        Identifier::new(self.str(name))
    }

    /// A copy of a text.
    pub fn wtf8(&self, text: Wtf8<'_>) -> Wtf8<'_> {
        match text.as_str() {
            Some(text) => self.str(text).into(),
            None => Wtf8::from_bytes(self.bytes(text.as_bytes())).expect("a copy of what is WTF-8"),
        }
    }

    /// A copy of bytes.
    pub fn bytes(&self, bytes: &[u8]) -> &[u8] {
        self.memory.alloc_slice_copy(bytes)
    }

    /// An int constant.
    pub fn int(&self, value: Int<'_>) -> Constant<'_> {
        Constant::Int { negative: value.is_negative(), magnitude: self.memory.alloc_slice_copy(value.limbs()) }
    }
}

/// A tree in its arena.
#[derive(Debug)]
pub struct Tree<'t> {
    /// The root.
    pub module: &'t mut Mod<'t>,
    /// An upper bound of its depth, for [`with_stack`](crate::with_stack).
    pub depth: usize,
    /// Where the nodes live, and those that come to it.
    pub arena: &'t Arena,
}
