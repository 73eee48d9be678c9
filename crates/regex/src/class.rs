//! Character classes: what `IN`, `CATEGORY` and the case-ignoring literals test, with a bitmap for characters below 256.

use crate::chars::{Fold, ascii_toupper};
use crate::code::Category;
use crate::first::Leads;
use bredli_text::unicode;

/// One element of a class, tested in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Item {
    /// Turns what the items after it say around.
    Negate,
    /// One character.
    Literal(u32),
    /// Characters between two bounds, both included.
    Range(u32, u32),
    /// Characters whose lower or upper case is between two bounds.
    RangeIgnore(u32, u32),
    /// A category, by its number.
    Category(u32),
    /// A bitmap of characters below 256.
    Charset(Box<[u32]>),
    /// A table of block numbers for characters below 65536, then the blocks' bitmaps.
    BigCharset(Box<[u8]>, Box<[u32]>),
}

impl Item {
    fn contains(&self, c: u32) -> bool {
        match self {
            Item::Negate => false,
            Item::Literal(literal) => c == *literal,
            Item::Range(low, high) => (*low..=*high).contains(&c),
            Item::RangeIgnore(low, high) => (*low..=*high).contains(&c) || (*low..=*high).contains(&unicode::to_upper(c)),
            Item::Category(category) => Category::from_code(*category).is_some_and(|category| category.contains(c)),
            Item::Charset(bits) => c < 256 && bits[c as usize / 32] >> (c % 32) & 1 != 0,
            Item::BigCharset(index, blocks) => {
                c < 0x1_0000 && blocks[index[c as usize >> 8] as usize * 8 + (c as usize & 255) / 32] >> (c % 32) & 1 != 0
            }
        }
    }
}

/// A set of characters.
#[derive(Debug)]
pub(crate) struct Class {
    items: Vec<Item>,
    fold: Fold,
    low: [bool; 256],
    leads: Leads,
}

impl Class {
    /// The class of characters whose fold is in `items`.
    pub(crate) fn new(items: Vec<Item>, fold: Fold) -> Class {
        let low = low(&items);
        let mut class = Class { items, fold, low, leads: Leads::default() };
        if fold != Fold::None {
            for c in 0..=255 {
                class.low[c] = match fold.apply(c as u32) {
                    folded @ 0..=255 if fold != Fold::Locale => low[folded as usize],
                    _ => class.test(c as u32),
                };
            }
        }
        class.leads = Leads::of_class(&class);
        class
    }

    /// Whether the character belongs to the class.
    #[inline]
    pub(crate) fn contains(&self, c: u32) -> bool {
        if c < 256 { self.low[c as usize] } else { self.test(c) }
    }

    /// Whether the character `byte` (below U+0100) belongs to the class.
    #[inline]
    pub(crate) fn contains_byte(&self, byte: u8) -> bool {
        self.low[byte as usize]
    }

    /// The bytes that members begin with.
    pub(crate) fn leads(&self) -> &Leads {
        &self.leads
    }

    /// All members from 256 up, or nothing when they are not simply listed.
    pub(crate) fn high_ranges(&self) -> Option<Vec<(u32, u32)>> {
        if self.fold != Fold::None {
            return None;
        }
        let mut ranges = Vec::new();
        for item in &self.items {
            match item {
                Item::Literal(c) => ranges.push((*c, *c)),
                Item::Range(low, high) => ranges.push((*low, *high)),
                Item::Charset(_) => {}
                Item::Category(number) => match Category::from_code(*number) {
                    Some(Category::Digit | Category::Space | Category::Word | Category::Linebreak | Category::LocWord) => {}
                    _ => return None,
                },
                Item::Negate | Item::RangeIgnore(..) | Item::BigCharset(..) => return None,
            }
        }
        ranges.retain(|&(_, high)| high >= 256);
        Some(ranges)
    }

    #[inline(never)]
    fn test(&self, c: u32) -> bool {
        match self.fold {
            Fold::None | Fold::Ascii | Fold::Unicode => listed(&self.items, self.fold.apply(c)),
            Fold::Locale => {
                let either = |items| listed(items, Fold::Locale.apply(c)) || listed(items, ascii_toupper(c));
                match &self.items[..] {
                    [Item::Negate, items @ ..] => !either(items),
                    items => either(items),
                }
            }
        }
    }
}

/// Whether the items accept a character.
fn listed(items: &[Item], c: u32) -> bool {
    let mut found = true;
    for item in items {
        if matches!(item, Item::Negate) {
            found = !found;
        } else if item.contains(c) {
            return found;
        }
    }
    !found
}

/// What [`listed`] says of the characters below 256.
fn low(items: &[Item]) -> [bool; 256] {
    let mut found = items.iter().filter(|item| **item == Item::Negate).count() % 2 == 0;
    let mut low = [!found; 256];
    // The first item that contains a character decides, so it comes last here.
    for item in items.iter().rev() {
        match item {
            Item::Negate => found = !found,
            Item::Literal(c) if *c < 256 => low[*c as usize] = found,
            Item::Literal(_) => {}
            Item::Range(first, last) if *first < 256 && first <= last => low[*first as usize..=(*last).min(255) as usize].fill(found),
            Item::Charset(bits) => {
                for (c, place) in low.iter_mut().enumerate() {
                    if bits[c / 32] >> (c % 32) & 1 != 0 {
                        *place = found;
                    }
                }
            }
            item => {
                for (c, place) in low.iter_mut().enumerate() {
                    if item.contains(c as u32) {
                        *place = found;
                    }
                }
            }
        }
    }
    low
}

/// A set of bytes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Bits([u64; 4]);

impl Bits {
    /// Adds all bytes but perhaps one.
    pub(crate) fn insert_all_but(&mut self, excluded: Option<u8>) {
        let kept = excluded.filter(|&byte| !self.contains(byte));
        self.0 = [u64::MAX; 4];
        if let Some(byte) = kept {
            self.0[byte as usize >> 6] &= !(1 << (byte & 63));
        }
    }

    /// Adds all bytes of another set.
    pub(crate) fn union(&mut self, other: &Bits) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    /// Adds a byte.
    pub(crate) fn insert(&mut self, byte: u8) {
        self.0[byte as usize >> 6] |= 1 << (byte & 63);
    }

    /// Whether the byte is in the set.
    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0[byte as usize >> 6] >> (byte & 63) & 1 != 0
    }

    /// Whether no byte is in both sets.
    pub(crate) fn is_disjoint(&self, other: &Bits) -> bool {
        self.0.iter().zip(other.0).all(|(word, other)| word & other == 0)
    }

    /// The number of members.
    pub(crate) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The members in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=255).filter(|&byte| self.contains(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_low_characters_says_what_the_items_say() {
        let pool = [
            Item::Negate,
            Item::Literal(97),
            Item::Literal(0x3B1),
            Item::Range(48, 57),
            Item::Range(200, 0x400),
            Item::Range(9, 2),
            Item::RangeIgnore(65, 90),
            Item::Category(Category::UniWord as u32),
            Item::Category(Category::NotSpace as u32),
            Item::Charset(Box::new([0x0F0F_0F0F; 8])),
        ];
        let mut seed = 7u32;
        for round in 0..2000 {
            let items: Vec<Item> = (0..round % 5)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    pool[(seed >> 16) as usize % pool.len()].clone()
                })
                .collect();
            for fold in [Fold::None, Fold::Ascii, Fold::Unicode, Fold::Locale] {
                let class = Class::new(items.clone(), fold);
                for c in 0..=255 {
                    assert_eq!(class.contains_byte(c), class.test(c as u32), "{items:?} {fold:?} {c}");
                }
            }
        }
    }
}
