//! Sets of special method names, so that deciding the slots of a class looks for those methods only that its bases define.

use super::slots::SLOTS;
use std::sync::LazyLock;

/// A set of special method names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Specials([u64; 2]);

struct Table {
    /// The names of all special methods that slots have, sorted. A name's place is its bit.
    names: Vec<&'static str>,
    /// The names of each slot.
    slots: Vec<Specials>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut names: Vec<_> = SLOTS.iter().flat_map(|slot| slot.methods).map(|method| method.name).collect();
    names.sort_unstable();
    names.dedup();
    let of_slot = |methods: &[super::slots::SlotMethod]| {
        let each = methods.iter().map(|method| find(&names, method.name.as_bytes()));
        each.fold(Specials::NONE, Specials::union)
    };
    let slots = SLOTS.iter().map(|slot| of_slot(slot.methods)).collect();
    Table { names, slots }
});

fn find(names: &[&str], name: &[u8]) -> Specials {
    match names.binary_search_by(|probe| probe.as_bytes().cmp(name)) {
        Ok(at) => {
            let mut bits = [0; 2];
            bits[at / 64] = 1 << (at % 64);
            Specials(bits)
        }
        Err(_) => Specials::NONE,
    }
}

impl Specials {
    /// No names.
    pub const NONE: Specials = Specials([0; 2]);

    /// The names of a slot's special methods.
    pub fn of_slot(index: usize) -> Specials {
        TABLE.slots[index]
    }

    /// The set of this name, empty if it is not that of a special method.
    pub fn named(name: &[u8]) -> Specials {
        if name.starts_with(b"__") { find(&TABLE.names, name) } else { Specials::NONE }
    }

    /// The names in either set.
    pub fn union(self, other: Specials) -> Specials {
        Specials([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Whether a name is in both sets.
    pub fn intersects(self, other: Specials) -> bool {
        self.0[0] & other.0[0] | self.0[1] & other.0[1] != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_method_has_a_bit() {
        assert!(TABLE.names.len() <= 128);
        for (index, slot) in SLOTS.iter().enumerate() {
            for method in slot.methods {
                assert!(Specials::of_slot(index).intersects(Specials::named(method.name.as_bytes())));
            }
        }
        assert_eq!(Specials::named(b"__module__"), Specials::NONE);
    }
}
