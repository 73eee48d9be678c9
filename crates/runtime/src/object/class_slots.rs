//! Deciding the slots of classes: from the special methods that a class made from Python finds in its MRO, from the base of a native one.
//!
//! Counterpart: `fixup_slot_dispatchers` and `inherit_slots` of `Objects/typeobject.c`.

use super::overrides;
use super::slots::{SLOTS, SlotFn, SlotMethod, Slots};
use super::specials::{self, Specials};
use super::{Class, Str};
use crate::Py;
use crate::types::SlotWrapper;
use bredli_heap::{Gc, Value};

impl Py {
    /// Fill every slot of a class made from Python, from what its MRO defines.
    pub(crate) fn compute_slots(&mut self, class: Gc<Class>) {
        let mro = class.get(self).mro;
        let model = self.model_of(class);
        let known = model.map_or(self.constants.empty_tuple, |model| model.get(self).mro);
        let mut defined = Specials::NONE;
        for index in 0..mro.get(self).len() {
            let owner = mro.get(self).items()[index];
            if !known.get(self).items().contains(&owner) {
                defined = defined.union(self.specials_of(Gc::known(self, owner)));
            }
        }
        class.get_mut(self).slots = model.map_or(Slots::EMPTY, |model| model.get(self).slots);
        for index in defined.slots() {
            self.compute_slot(class, index);
        }
        self.inherit_new(class);
    }

    /// The base whose slots a class has, but for special methods that are defined elsewhere: all that the base inherits from comes in the
    /// same order in the MRO of the class. That of a native base does not tell what would be found there.
    fn model_of(&self, class: Gc<Class>) -> Option<Gc<Class>> {
        let this = class.get(self);
        let base = this.base?;
        if !base.get(self).is_heap_class() && base != self.types.object {
            return None;
        }
        let inherited = base.get(self).mro.get(self).items();
        let mut common = this.mro.get(self).items().iter().filter(|owner| inherited.contains(owner));
        (inherited.iter().all(|owner| common.next() == Some(owner))).then_some(base)
    }

    pub(super) fn inherit_new(&mut self, class: Gc<Class>) {
        let name = self.names.__new__;
        let Some((_, owner)) = self.type_lookup_in_mro(class, name, 0) else { return };
        let new = if owner.get(self).is_heap_class() {
            Some(overrides::new as super::slots::New)
        } else {
            // A native `__new__` makes objects of its own layout only.
            owner.get(self).slots.new.filter(|_| std::ptr::eq(owner.get(self).layout, class.get(self).layout))
        };
        class.get_mut(self).slots.new = new;
    }

    /// Decide one slot: the native function where every special method of the slot resolves to its wrapper, else the lookup function.
    pub(super) fn compute_slot(&mut self, class: Gc<Class>, index: usize) {
        let slot = &SLOTS[index];
        let mut native: Option<SlotFn> = None;
        let mut found = false;
        let mut python = false;
        for (number, method) in slot.methods.iter().enumerate() {
            let Some(value) = self.lookup_special_method(class, specials::bit_of_method(index, number)) else { continue };
            found = true;
            if value.is_none() && method.name == "__hash__" {
                native = Some(SlotFn::Hash(overrides::unhashable));
                continue;
            }
            match self.native_slot(class, value, method) {
                Native::Function(function) if native.is_none_or(|n| n.address() == function.address()) => native = Some(function),
                // The wrapper of another slot with the same special method (`nb.add` against `sq.concat`).
                Native::OtherSlot => found = native.is_some() || python,
                _ => python = true,
            }
        }
        let function = match (found, python) {
            (false, _) => None,
            (true, false) => native,
            // As in CPython, a Python `__add__` fills the number slot alone.
            (true, true) if is_sequence_arithmetic(slot.field) => None,
            (true, true) => Some(slot.python),
        };
        (slot.set)(&mut class.get_mut(self).slots, function);
    }

    fn native_slot(&mut self, class: Gc<Class>, value: Value, method: &SlotMethod) -> Native {
        let Some(wrapper) = Gc::<SlotWrapper>::cast(self, value) else { return Native::Python };
        let wrapper = wrapper.get(self);
        let (owner, function, slot, name) = (wrapper.class, wrapper.function, wrapper.method.slot, wrapper.method.name);
        if slot != method.slot {
            let related = is_sequence_arithmetic(SLOTS[slot].field) || is_sequence_arithmetic(SLOTS[method.slot].field);
            return if related && name == method.name { Native::OtherSlot } else { Native::Python };
        }
        if name == method.name && self.is_subtype(class, owner) { Native::Function(function) } else { Native::Python }
    }

    /// Give a native class the slots it does not define itself from its base.
    pub(crate) fn inherit_slots(&mut self, class: Gc<Class>, base: Gc<Class>) {
        let from = base.get(self).slots;
        let same_layout = std::ptr::eq(base.get(self).layout, class.get(self).layout);
        let slots = &mut class.get_mut(self).slots;
        let own = (slots.richcompare, slots.hash);
        let (compare, hash) = (own.0.is_some(), own.1.is_some());
        slots.inherit(&from);
        if compare || hash {
            (slots.richcompare, slots.hash) = own;
        }
        if compare && !hash {
            slots.hash = Some(overrides::unhashable);
        } else if hash && !compare {
            slots.richcompare = from.richcompare;
        }
        if slots.new.is_none() && same_layout {
            slots.new = from.new;
        }
    }

    /// Which special methods the namespace of a class defines.
    fn specials_of(&mut self, class: Gc<Class>) -> Specials {
        let dict = self.class_dict(class).get(self);
        let (version, specials) = class.get(self).specials;
        if version == dict.version {
            return specials;
        }
        let (version, mut specials) = (dict.version, Specials::NONE);
        for key in dict.entries().iter().filter_map(|entry| entry.key) {
            if let Some(name) = Gc::<Str>::cast(self, key) {
                specials = specials.union(Specials::named(name.get(self).bytes()));
            }
        }
        class.get_mut(self).specials = (version, specials);
        specials
    }

    /// The class attribute with the name of the special method that has this bit, through the MRO.
    fn lookup_special_method(&mut self, class: Gc<Class>, bit: u8) -> Option<Value> {
        let mask = Specials::bit(bit);
        let key = self.special_names[bit as usize];
        let mro = class.get(self).mro;
        for index in 0..mro.get(self).len() {
            let owner = Gc::<Class>::known(self, mro.get(self).items()[index]);
            if self.specials_of(owner).intersects(mask) {
                let namespace = self.class_dict(owner);
                if let Some(value) = self.dict_get_str(namespace, key) {
                    return Some(value);
                }
            }
        }
        None
    }
}

fn is_sequence_arithmetic(field: &str) -> bool {
    matches!(field, "concat" | "repeat" | "inplace_concat" | "inplace_repeat")
}

enum Native {
    Function(SlotFn),
    OtherSlot,
    Python,
}
