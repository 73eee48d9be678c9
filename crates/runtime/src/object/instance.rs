//! Instances: where attributes live behind the payload of an object.
//!
//! Behind the native payload come the class's fixed words (`__slots__` members and the dict word), then inline attribute
//! slots. This file is the only one that turns (object, offset) into memory.

use super::shape::Storage;
use super::{Class, Dict, Str};
use crate::Py;
use bredli_heap::{Gc, Header, Layout, Object, Value};
use bredli_macros::pyclass;

/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
#[repr(C)]
#[pyclass(name = "object", core, flags(BASETYPE), parts(methods))]
pub struct Instance {
    /// The object header; `aux` counts the words that follow.
    pub header: Header,
}

static LAYOUT: Layout = Layout::slots("object", std::mem::size_of::<Instance>());

// SAFETY: repr(C), only a header; the `Slots` kind traces `aux` values after it.
unsafe impl Object for Instance {
    const LAYOUT: &'static Layout = &LAYOUT;
}

/// The shape number of a heap value.
#[inline(always)]
pub fn shape_of(value: Value) -> u32 {
    debug_assert!(value.is_heap());
    value.header().shape()
}

/// Whether a value is a heap object with exactly this shape.
#[inline(always)]
pub fn is_exact(value: Value, shape: u32) -> bool {
    value.is_heap() && value.header().shape() == shape
}

/// Read the value word at a byte offset of an object.
///
/// Safe because every caller takes the offset from the object's own class or shape; it is private to `object` and `exec`.
#[inline(always)]
pub(crate) fn read_word(object: Value, offset: usize) -> Option<Value> {
    // SAFETY: offsets come from the shape of `object`, so they lie inside its cell at a value word.
    unsafe { (object.as_header() as *const u8).add(offset).cast::<Option<Value>>().read() }
}

/// Write the value word at a byte offset of an object, with the write barrier.
#[inline(always)]
pub(crate) fn write_word(py: &mut Py, object: Value, offset: usize, value: Option<Value>) {
    // SAFETY: as for `read_word`; the barrier follows.
    unsafe { (object.as_header() as *mut u8).add(offset).cast::<Option<Value>>().write(value) };
    py.heap.barrier(object.header());
}

fn set_shape(object: Value, shape: u32) {
    object.header().set_shape(shape);
}

impl Py {
    /// The class of any value.
    #[inline(always)]
    pub fn class_of(&self, value: Value) -> Gc<Class> {
        if value.is_heap() {
            return self.shape_classes[value.header().shape() as usize];
        }
        self.class_of_immediate(value)
    }

    /// The nearest class of a value that is not made by a program.
    pub fn native_class_of(&self, value: Value) -> Gc<Class> {
        let mut class = self.class_of(value);
        while class.get(self).is_heap_class() {
            class = class.get(self).base.expect("heap classes have a base");
        }
        class
    }

    fn class_of_immediate(&self, value: Value) -> Gc<Class> {
        if value.is_int() {
            self.types.int
        } else if value.as_float().is_some() {
            self.types.float
        } else if value == Value::TRUE || value == Value::FALSE {
            self.types.bool
        } else if value == Value::ELLIPSIS {
            self.types.ellipsis
        } else if value == Value::NOT_IMPLEMENTED {
            self.types.not_implemented
        } else {
            self.types.none
        }
    }

    /// Whether an object keeps its attributes in itself, and not in a dict.
    pub fn has_inline_attributes(&self, object: Value) -> bool {
        object.is_heap() && matches!(self.shapes[shape_of(object) as usize].storage, Storage::Inline)
    }

    /// An own attribute of an instance, wherever it is stored. Runs no Python code.
    pub fn instance_get(&mut self, object: Value, name: Gc<Str>) -> Option<Value> {
        if !object.is_heap() {
            return None;
        }
        let shape = &self.shapes[shape_of(object) as usize];
        match shape.storage {
            Storage::Fixed => None,
            Storage::Inline => {
                let position = shape.position(name)?;
                let offset = shape.class.get(self).inline_offset() + 8 * position;
                read_word(object, offset)
            }
            Storage::Dict => {
                let offset = self.dict_offset(object)?;
                let dict = read_word(object, offset)?;
                self.dict_get_str(Gc::<Dict>::known(self, dict), name)
            }
        }
    }

    /// Set (or delete) an own attribute. `Ok(false)`: the object has no place for attributes, or the attribute to delete is absent.
    pub fn instance_set(&mut self, object: Value, name: Gc<Str>, value: Option<Value>) -> crate::Result<bool> {
        if !object.is_heap() {
            return Ok(false);
        }
        let number = shape_of(object);
        let shape = &self.shapes[number as usize];
        match shape.storage {
            Storage::Fixed => Ok(false),
            Storage::Dict => {
                if value.is_none() && self.dict_offset(object).and_then(|offset| read_word(object, offset)).is_none() {
                    return Ok(false);
                }
                let dict = self.instance_dict(object).expect("dict storage has a dict word");
                match value {
                    Some(value) => self.dict_set_str(dict, name, value).map(|()| true),
                    None => Ok(self.dict_remove_str(dict, name).is_some()),
                }
            }
            Storage::Inline => {
                let class = shape.class.get(self);
                let (base, capacity) = (class.inline_offset(), class.inline_capacity_of(object));
                let position = self.shapes[number as usize].position(name);
                match (position, value) {
                    (Some(position), Some(_)) => write_word(self, object, base + 8 * position, value),
                    (None, None) => return Ok(false),
                    (Some(_), None) => {
                        let dict = self.instance_dict(object).expect("inline storage has a dict word");
                        return Ok(self.dict_remove_str(dict, name).is_some());
                    }
                    (None, Some(value)) => {
                        let used = self.shapes[number as usize].names().len();
                        if used >= capacity {
                            let wanted = used + 1;
                            self.grow_inline_capacity(self.class_of(object), wanted + wanted / 2);
                            let dict = self.instance_dict(object).expect("inline storage has a dict word");
                            return self.dict_set_str(dict, name, value).map(|()| true);
                        }
                        let next = self.shape_with(number, name);
                        write_word(self, object, base + 8 * used, Some(value));
                        set_shape(object, next);
                    }
                }
                Ok(true)
            }
        }
    }

    /// Later instances of the class get room for so many attributes, and shapes that tell so.
    pub(crate) fn grow_inline_capacity(&mut self, class: Gc<Class>, capacity: usize) {
        let (capacity, this) = (capacity.min(super::class::MAX_INLINE), class.get_mut(self));
        if capacity > this.inline_capacity as usize && this.root_shape != this.dict_shape {
            this.inline_capacity = capacity as u8;
            let root = self.new_shape(class, Storage::Inline);
            class.get_mut(self).root_shape = root;
        }
    }

    /// Byte offset of the word that refers to the object's `__dict__`, if it can have one.
    pub fn dict_offset(&self, object: Value) -> Option<usize> {
        if !object.is_heap() {
            return None;
        }
        let class = self.shape_classes[shape_of(object) as usize].get(self);
        match class.dict_offset {
            0 => None,
            super::class::DICT_AFTER_ITEMS => Some(super::class::offset_after_items(self, object)),
            offset => Some(offset as usize),
        }
    }

    /// The `__dict__` of an object, made on demand; the instance then keeps its attributes there.
    pub fn instance_dict(&mut self, object: Value) -> Option<Gc<Dict>> {
        let offset = self.dict_offset(object)?;
        if let Some(dict) = read_word(object, offset) {
            return Some(Gc::<Dict>::known(self, dict));
        }
        let dict = self.new_dict();
        let number = shape_of(object) as usize;
        if self.shapes[number].storage == Storage::Inline {
            let class = self.shapes[number].class;
            let base = class.get(self).inline_offset();
            let count = self.shapes[number].names().len();
            self.dict_fill_new(dict, count, |py, position| {
                let name = py.shapes[number].names()[position];
                Some((name, read_word(object, base + 8 * position)?))
            })
            .ok()?;
            for position in 0..count {
                write_word(self, object, base + 8 * position, None);
            }
            set_shape(object, class.get(self).dict_shape);
        }
        write_word(self, object, offset, Some(dict.into()));
        Some(dict)
    }

    /// Replace the `__dict__` of an object. False: it cannot have one.
    pub fn set_instance_dict(&mut self, object: Value, dict: Option<Gc<Dict>>) -> bool {
        let Some(offset) = self.dict_offset(object) else { return false };
        self.instance_dict(object);
        write_word(self, object, offset, dict.map(Into::into));
        true
    }

    /// Make an object an instance of another class with the same layout; its attributes stay where they are, if there are slots for as
    /// many as instances of that class have.
    pub(crate) fn set_object_class(&mut self, object: Value, class: Gc<Class>) {
        let this = class.get(self);
        if self.has_inline_attributes(object) && this.inline_capacity_of(object) < this.inline_capacity as usize {
            self.instance_dict(object);
        }
        let old = &self.shapes[shape_of(object) as usize];
        let (storage, names) = (old.storage, old.names().to_vec());
        let mut shape = match storage {
            Storage::Dict => class.get(self).dict_shape,
            _ => class.get(self).root_shape,
        };
        if storage == Storage::Inline {
            for name in names {
                shape = self.shape_with(shape, name);
            }
        }
        set_shape(object, shape);
        // The shape, too, is a reference, and nothing else may have been written.
        self.heap.barrier(object.header());
        self.note_finalizer(class, object);
    }

    /// Own attributes in order, without making the dictionary: names and values.
    pub fn instance_attributes(&mut self, object: Value) -> Option<Gc<Dict>> {
        self.instance_dict(object)
    }

    /// Allocate the payload `init` as an instance of exactly its native class.
    #[inline(always)]
    pub fn alloc<T: crate::native::NativeClass + Object>(&mut self, init: T) -> Gc<T> {
        let shape = T::shape(self);
        self.heap.alloc_object(shape, 0, init)
    }

    /// Allocate the payload `init` as an instance of `class`, the native class itself or one derived from it.
    pub fn alloc_as<T: Object>(&mut self, class: Gc<Class>, init: T) -> Gc<T> {
        let (shape, words) = {
            let class = class.get(self);
            debug_assert!(std::ptr::eq(class.layout, T::LAYOUT), "{} is not laid out as {}", class.layout.name, T::LAYOUT.name);
            (class.root_shape, class.trailing_words())
        };
        let object = self.heap.alloc_object(shape, words, init);
        self.note_finalizer(class, object.into());
        object
    }

    /// Objects of classes with `__del__` are put on the collector's list.
    #[inline]
    pub(crate) fn note_finalizer(&mut self, class: Gc<Class>, object: Value) {
        if class.get(self).slots.finalize.is_some() {
            self.heap.register_finalizer(object);
        }
    }
}
