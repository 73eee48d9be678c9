//! Interned strings: for each text that is used as a name, the one string that has it.
//!
//! A table with one word a string: its address, and above that some bits of the hash, so that nearly all strings that are looked at are
//! the wanted one. Interned strings live as long as the interpreter.

use super::Str;
use bredli_heap::{Gc, Heap};

/// Addresses are below; above them are bits of the hash.
const TAG: u32 = 48;
const ADDRESS: u64 = (1 << TAG) - 1;
const VACANT: u64 = 0;

/// The strings, each at the place that its hash says or behind. A quarter of the places is vacant.
pub(crate) struct Interned {
    words: Box<[u64]>,
    count: usize,
}

impl Interned {
    /// A table for this many strings before it grows.
    pub fn with_capacity(count: usize) -> Interned {
        Interned { words: vec![VACANT; (count * 4 / 3 + 1).next_power_of_two()].into(), count: 0 }
    }

    /// The string with this text, of which this is the hash.
    #[inline]
    pub fn find(&self, heap: &Heap, hash: u64, text: &[u8]) -> Option<Gc<Str>> {
        let mask = self.words.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let word = self.words[place];
            if word == VACANT {
                return None;
            }
            if (word ^ hash) >> TAG == 0 {
                let string = of_word(word);
                if string.get(heap).bytes() == text {
                    return Some(string);
                }
            }
            place = (place + 1) & mask;
        }
    }

    /// Add a string whose text is not there; `hash_of` gives the hash of any.
    pub fn add(&mut self, string: Gc<Str>, hash: u64, hash_of: impl Fn(Gc<Str>) -> u64) {
        if self.count >= self.words.len() / 4 * 3 {
            let mut grown = Interned { words: vec![VACANT; 2 * self.words.len()].into(), count: self.count };
            self.iter().for_each(|string| grown.put(string, hash_of(string)));
            *self = grown;
        }
        self.count += 1;
        self.put(string, hash);
    }

    fn put(&mut self, string: Gc<Str>, hash: u64) {
        let mask = self.words.len() - 1;
        let mut place = hash as usize & mask;
        while self.words[place] != VACANT {
            place = (place + 1) & mask;
        }
        self.words[place] = string.address() as u64 | hash & !ADDRESS;
    }

    /// All strings.
    pub fn iter(&self) -> impl Iterator<Item = Gc<Str>> {
        self.words.iter().filter(|word| **word != VACANT).map(|word| of_word(*word))
    }
}

fn of_word(word: u64) -> Gc<Str> {
    // SAFETY: words that are not vacant hold the addresses of strings, which the interpreter reports as roots.
    unsafe { Gc::from_ptr((word & ADDRESS) as *mut Str) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Py, Settings};
    use std::sync::Arc;

    #[test]
    fn strings_are_found_after_the_table_has_grown() {
        let settings =
            Settings { host: Arc::new(bredli_host::DeniedHost::default()), config: crate::Config::default(), native_stack: 1 << 20 };
        let mut py = Py::new(settings).expect("there is memory");
        let mut table = Interned::with_capacity(2);
        let strings: Vec<_> = (0..100).map(|number| py.new_str(&format!("name {number}"))).collect();
        // Few hashes, so that texts are compared.
        let hash_of = |string: Gc<Str>| (string.address() as u64 / 64 % 7) << TAG;
        strings.iter().for_each(|string| table.add(*string, hash_of(*string), hash_of));
        for string in &strings {
            let found = table.find(&py.heap, hash_of(*string), string.get(&py).bytes());
            assert!(found == Some(*string));
        }
        assert!(table.find(&py.heap, 3, b"name").is_none());
        assert_eq!(table.iter().count(), 100);
    }
}
