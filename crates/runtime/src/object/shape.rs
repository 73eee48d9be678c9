//! Hidden classes: which attributes an instance has and where.
//!
//! Every header names a shape; the shape names the class and, for instances that keep attributes inline, the attribute
//! names in slot order. Adding an attribute moves an instance to a child shape, so that one 32-bit compare is a complete check in an
//! inline cache. Instances whose dictionary was asked for, or that lost an attribute, use their class's dict shape.

use super::{Class, Str};
use crate::Py;
use bredli_heap::Gc;

/// How instances of a shape keep their attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// No attributes of their own beside members.
    Fixed,
    /// In inline slots, in the order of the shape's names.
    Inline,
    /// In the dictionary that the dict word refers to (empty word: no dictionary yet).
    Dict,
}

/// One hidden class.
pub struct Shape {
    /// The class of the instances.
    pub class: Gc<Class>,
    /// Where attributes are.
    pub storage: Storage,
    /// Inline slots that every instance of the shape has.
    pub room: u8,
    names: Box<[Gc<Str>]>,
    /// For many names, their places in the order of their addresses.
    index: Box<[u16]>,
    children: Vec<(Gc<Str>, u32)>,
}

/// From so many names on an index is quicker than going through them.
const INDEX_FROM: usize = 24;

impl Shape {
    /// A shape without attributes.
    fn of(class: Gc<Class>, storage: Storage, room: u8) -> Self {
        Self { class, storage, room, names: Box::default(), index: Box::default(), children: Vec::new() }
    }

    /// What stands for the shapes of core classes until they are made.
    pub(crate) fn placeholder(class: Gc<Class>) -> Self {
        Self::of(class, Storage::Fixed, 0)
    }

    /// Slot number of an interned name.
    #[inline]
    pub fn position(&self, name: Gc<Str>) -> Option<usize> {
        if self.names.len() < INDEX_FROM {
            return self.names.iter().position(|n| *n == name);
        }
        let at = self.index.binary_search_by_key(&name.address(), |place| self.names[*place as usize].address()).ok()?;
        Some(self.index[at] as usize)
    }

    /// Attribute names in slot order.
    pub fn names(&self) -> &[Gc<Str>] {
        &self.names
    }
}

impl Py {
    /// A new shape number for instances of `class`, those with as many inline slots as it gives out now or more.
    pub(crate) fn new_shape(&mut self, class: Gc<Class>, storage: Storage) -> u32 {
        let (layout, room) = (class.get(self).layout, class.get(self).inline_capacity);
        self.push_shape(Shape::of(class, storage, room), layout)
    }

    fn push_shape(&mut self, shape: Shape, layout: &'static bredli_heap::Layout) -> u32 {
        self.shape_classes.push(shape.class);
        self.shapes.push(shape);
        let number = self.shapes.len() as u32 - 1;
        self.heap.set_shape_layout(number, layout);
        number
    }

    /// The shape reached from `shape` by adding `name`.
    pub(crate) fn shape_with(&mut self, shape: u32, name: Gc<Str>) -> u32 {
        // Shapes are not traced: interned names live as long as they do.
        let name = self.intern_str(name);
        let parent = &self.shapes[shape as usize];
        if let Some((_, child)) = parent.children.iter().find(|(n, _)| *n == name) {
            return *child;
        }
        let class = parent.class;
        let mut child = Shape::of(class, Storage::Inline, parent.room);
        child.names = parent.names.iter().copied().chain([name]).collect();
        if child.names.len() >= INDEX_FROM {
            child.index = (0..child.names.len() as u16).collect();
            child.index.sort_unstable_by_key(|place| child.names[*place as usize].address());
        }
        let layout = class.get(self).layout;
        let number = self.push_shape(child, layout);
        self.shapes[shape as usize].children.push((name, number));
        number
    }
}
