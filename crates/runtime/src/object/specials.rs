//! Sets of special method names, so that deciding the slots of a class looks for those methods only that its bases define.

use super::slots::SLOTS;
use std::sync::LazyLock;

/// A set of special method names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Specials([u64; 2]);

struct Table {
    /// The names of all special methods that slots have, sorted. A name's place is its bit.
    names: Vec<&'static str>,
    /// The bits of the names, where [`spot`] says or behind; `ABSENT` where there is none.
    bits: [u8; SPOTS],
    /// Of each slot, the bits of its methods.
    methods: Vec<Vec<u8>>,
    /// Of each name, the slots with a method of that name, as bits.
    slots: Vec<u128>,
}

const SPOTS: usize = 512;
const ABSENT: u8 = u8::MAX;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut names: Vec<_> = SLOTS.iter().flat_map(|slot| slot.methods).map(|method| method.name).collect();
    names.sort_unstable();
    names.dedup();
    let mut bits = [ABSENT; SPOTS];
    for (bit, name) in names.iter().enumerate() {
        let mut at = spot(name.as_bytes());
        while bits[at] != ABSENT {
            at = (at + 1) % SPOTS;
        }
        bits[at] = bit as u8;
    }
    let mut table = Table { names, bits, methods: Vec::new(), slots: Vec::new() };
    let bit = |method: &super::slots::SlotMethod| table.bit(method.name.as_bytes()).expect("the names are those of the methods");
    let methods: Vec<Vec<u8>> = SLOTS.iter().map(|slot| slot.methods.iter().map(bit).collect()).collect();
    table.slots = vec![0; table.names.len()];
    for (slot, bits) in methods.iter().enumerate() {
        bits.iter().for_each(|bit| table.slots[*bit as usize] |= 1 << slot);
    }
    table.methods = methods;
    table
});

/// Where a name of at least five bytes is looked for first.
fn spot(name: &[u8]) -> usize {
    let at = |index: usize| name[index] as usize;
    (at(2) + at(3) * 5 + at(name.len() - 3) * 23 + name.len() * 41) % SPOTS
}

impl Table {
    fn bit(&self, name: &[u8]) -> Option<u8> {
        if name.len() < 5 || !name.starts_with(b"__") {
            return None;
        }
        let mut at = spot(name);
        loop {
            let bit = self.bits[at];
            if bit == ABSENT || self.names[bit as usize].as_bytes() == name {
                return Some(bit).filter(|bit| *bit != ABSENT);
            }
            at = (at + 1) % SPOTS;
        }
    }
}

/// The names of all special methods that slots have; each one's bit is its place.
pub fn names() -> &'static [&'static str] {
    &TABLE.names
}

/// The bit of the name of one of a slot's methods.
pub fn bit_of_method(slot: usize, method: usize) -> u8 {
    TABLE.methods[slot][method]
}

impl Specials {
    /// No names.
    pub const NONE: Specials = Specials([0; 2]);

    /// The slots that have a method with a name of the set, ascending.
    pub fn slots(self) -> impl Iterator<Item = usize> {
        let bits = u128::from(self.0[1]) << 64 | u128::from(self.0[0]);
        ones(ones(bits).fold(0, |slots, bit| slots | TABLE.slots[bit]))
    }

    /// The set of this name, empty if it is not that of a special method.
    pub fn named(name: &[u8]) -> Specials {
        TABLE.bit(name).map_or(Specials::NONE, Specials::bit)
    }

    /// The set of the name with this bit.
    pub fn bit(bit: u8) -> Specials {
        let mut bits = [0; 2];
        bits[bit as usize / 64] = 1 << (bit % 64);
        Specials(bits)
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

/// The places of the bits that are set.
fn ones(mut bits: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (place < 128).then_some(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_method_has_a_bit() {
        assert!(TABLE.names.len() <= 128 && SLOTS.len() <= 128);
        for (index, slot) in SLOTS.iter().enumerate() {
            for method in slot.methods {
                assert!(Specials::named(method.name.as_bytes()).slots().any(|slot| slot == index));
            }
        }
        assert_eq!(Specials::named(b"__module__"), Specials::NONE);
    }
}
