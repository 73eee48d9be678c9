//! Interned names: symbol table and code generation compare and hash names as small integers.
//!
//! Names that the compiler itself refers to are interned first, so that they are constants here.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use bredli_syntax::ast::Identifier;
use bredli_text::Wtf8Buf;
use rustc_hash::{FxHashMap, FxHasher};

/// An interned name. Equal names of one compilation are equal numbers. The highest bit says that a class makes it a name of its own.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Name(u32);

impl Name {
    const PRIVATE: u32 = 1 << 31;

    /// The position of the name in its table.
    #[must_use]
    pub fn index(self) -> usize {
        (self.0 & !Name::PRIVATE) as usize
    }

    /// Whether a class makes it a name of its own.
    #[must_use]
    pub fn is_private(self) -> bool {
        self.0 & Name::PRIVATE != 0
    }
}

macro_rules! known {
    ($($constant:ident = $text:literal),+ $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Known { $($constant),+ }
        impl Name {
            $(#[doc = concat!("The name `", $text, "`.")]
            pub const $constant: Name = Name(Known::$constant as u32);)+
        }
        const KNOWN: &[&str] = &[$($text),+];
        static KNOWN_NUMBERS: LazyLock<FxHashMap<&str, Name>> = LazyLock::new(|| [$(($text, Name::$constant)),+].into_iter().collect());
    };
}

known! {
    TOP = "top",
    LAMBDA = "lambda",
    GENEXPR = "genexpr",
    LISTCOMP = "listcomp",
    SETCOMP = "setcomp",
    DICTCOMP = "dictcomp",
    CLASS = "__class__",
    CLASSDICT = "__classdict__",
    CONDITIONAL_ANNOTATIONS = "__conditional_annotations__",
    ANNOTATE = "__annotate__",
    ANNOTATE_FUNC = "__annotate_func__",
    ANNOTATIONS = "__annotations__",
    TYPE_PARAMS = "__type_params__",
    DOT_TYPE_PARAMS = ".type_params",
    DOT_GENERIC_BASE = ".generic_base",
    DOT_DEFAULTS = ".defaults",
    DOT_KWDEFAULTS = ".kwdefaults",
    DOT_FORMAT = ".format",
    DOT_ZERO = ".0",
    DEBUG = "__debug__",
    SUPER = "super",
    DOC = "__doc__",
    NAME = "__name__",
    MODULE = "__module__",
    QUALNAME = "__qualname__",
    FIRSTLINENO = "__firstlineno__",
    STATIC_ATTRIBUTES = "__static_attributes__",
    CLASSDICTCELL = "__classdictcell__",
    CLASSCELL = "__classcell__",
    EMPTY = "",
    JOIN = "join",
    FORMAT = "format",
    RETURN = "return",
    ANON_MODULE = "<module>",
    ANON_LAMBDA = "<lambda>",
    ANON_GENEXPR = "<genexpr>",
    ANON_LISTCOMP = "<listcomp>",
    ANON_SETCOMP = "<setcomp>",
    ANON_DICTCOMP = "<dictcomp>",
}

/// A cheap hasher for interned names.
#[derive(Default)]
pub struct NameHasher(u64);

impl Hasher for NameHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(value)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// A map keyed by names.
pub type NameMap<V> = HashMap<Name, V, BuildHasherDefault<NameHasher>>;

/// A name.
struct Entry {
    /// Where its text is among the texts of all names.
    start: usize,
    end: usize,
    hash: u32,
    name: Name,
    /// The text as code objects hold it, made when one first does.
    shared: OnceCell<Wtf8Buf>,
}

/// All names of one compilation.
pub struct Names {
    /// The names that are not known before.
    entries: Vec<Entry>,
    /// Their texts, one after the other.
    texts: String,
    /// A hash table of their numbers, 0 for a free slot, number + 1 otherwise.
    slots: Vec<u32>,
    /// Names of identifiers that came lately, with the places of their texts in memory: the tree keeps these alive.
    lately: Box<[(usize, Name)]>,
}

impl Default for Names {
    fn default() -> Self {
        Names {
            entries: Vec::with_capacity(COMMON),
            texts: String::with_capacity(8 * COMMON),
            slots: vec![0; 2 * COMMON],
            lately: vec![(0, Name(0)); LATELY].into(),
        }
    }
}

/// Room for the names of a module of common size, a power of two.
const COMMON: usize = 256;
/// How many identifiers are found by their places.
const LATELY: usize = 512;
/// As far as texts are apart in memory, about.
const DISTANCE: usize = 8;

impl Names {
    /// The number of `text`, which is added when it is new.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = BuildHasherDefault::<FxHasher>::default().hash_one(text) as u32;
        let mut slot = self.first_slot(hash);
        while let Some(number) = self.slots[slot].checked_sub(1) {
            let entry = &self.entries[number as usize];
            if entry.hash == hash && self.text_of(entry) == text {
                return entry.name;
            }
            slot = self.slot_after(slot);
        }
        KNOWN_NUMBERS.get(text).copied().unwrap_or_else(|| self.add(text, hash))
    }

    /// The number of an identifier of the tree, whose text is added when it is new.
    pub(crate) fn of(&mut self, identifier: Identifier<'_>) -> Name {
        let place = identifier.as_ptr().addr();
        let slot = place / DISTANCE % LATELY;
        let (known, name) = self.lately[slot];
        if known == place {
            return name;
        }
        let name = self.intern(identifier.as_str());
        self.lately[slot] = (place, name);
        name
    }

    fn add(&mut self, text: &str, hash: u32) -> Name {
        let number = u32::try_from(KNOWN.len() + self.entries.len()).ok().filter(|number| number & Name::PRIVATE == 0);
        let private = text.starts_with("__") && !text.ends_with("__") && !text.contains('.');
        let name = Name(number.expect("fewer than 2^31 names") | if private { Name::PRIVATE } else { 0 });
        let start = self.texts.len();
        self.texts.push_str(text);
        self.entries.push(Entry { start, end: self.texts.len(), hash, name, shared: OnceCell::new() });
        if self.slots.len() < 2 * self.entries.len() {
            self.slots = vec![0; 2 * self.slots.len()];
            (0..self.entries.len()).for_each(|number| self.index(number));
        } else {
            self.index(self.entries.len() - 1);
        }
        name
    }

    /// Makes a name be found.
    fn index(&mut self, number: usize) {
        let mut slot = self.first_slot(self.entries[number].hash);
        while self.slots[slot] != 0 {
            slot = self.slot_after(slot);
        }
        self.slots[slot] = number as u32 + 1;
    }

    fn first_slot(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn slot_after(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }

    fn text_of(&self, entry: &Entry) -> &str {
        &self.texts[entry.start..entry.end]
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        match KNOWN.get(name.index()) {
            Some(text) => text,
            None => self.text_of(&self.entries[name.index() - KNOWN.len()]),
        }
    }

    /// The text of a name as code objects hold it.
    pub(crate) fn shared(&self, name: Name) -> Wtf8Buf {
        match KNOWN.get(name.index()) {
            Some(text) => Wtf8Buf::fixed(text),
            None => {
                let entry = &self.entries[name.index() - KNOWN.len()];
                entry.shared.get_or_init(|| Wtf8Buf::shared(self.text_of(entry))).clone()
            }
        }
    }

    /// `name` as it is stored in a class called `private`: `__x` becomes `_Class__x`.
    #[inline]
    pub fn mangle(&mut self, private: Option<Name>, name: Name) -> Name {
        match private {
            Some(class) if name.is_private() => self.mangled(class, name),
            _ => name,
        }
    }

    fn mangled(&mut self, class: Name, name: Name) -> Name {
        let text = self.text(name);
        let class = self.text(class).trim_start_matches('_');
        if class.is_empty() {
            return name;
        }
        let mangled = format!("_{class}{text}");
        self.intern(&mangled)
    }
}

/// An insertion-ordered map from names to `V`, as a Python dict is.
#[derive(Clone, Debug)]
pub struct OrderedNames<V> {
    entries: Vec<(Name, V)>,
    /// While there are few names: a hash table of their positions, 0 for a free slot, position + 1 otherwise.
    slots: [u8; SLOTS],
    /// The positions of more names.
    positions: NameMap<u32>,
}

impl<V> Default for OrderedNames<V> {
    fn default() -> Self {
        OrderedNames { entries: Vec::new(), slots: [0; SLOTS], positions: NameMap::default() }
    }
}

/// So many names are few.
const FEW: usize = 16;
/// Twice as many slots, so that a free one is near.
const SLOTS: usize = 2 * FEW;
/// Room for the names of a block of usual size.
const USUAL: usize = 8;

impl<V> OrderedNames<V> {
    /// Forgets the names but keeps the storage.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.slots = [0; SLOTS];
        self.positions.clear();
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The position of `name`.
    #[must_use]
    pub fn position(&self, name: Name) -> Option<usize> {
        if self.entries.len() > FEW {
            return self.positions.get(&name).map(|&position| position as usize);
        }
        let mut slot = first_slot(name);
        loop {
            let position = usize::from(self.slots[slot]).checked_sub(1)?;
            if self.entries[position].0 == name {
                return Some(position);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: Name) -> Option<&V> {
        self.position(name).map(|position| &self.entries[position].1)
    }

    /// Set the value of `name`, adding it at the end when it is new.
    pub fn insert(&mut self, name: Name, value: V) {
        match self.position(name) {
            Some(position) => self.entries[position].1 = value,
            None => self.add(name, value),
        }
    }

    /// The position of `name`, which is added at the end with a value of its own when it is new.
    pub fn place(&mut self, name: Name) -> usize
    where
        V: Default,
    {
        self.position(name).unwrap_or_else(|| {
            self.add(name, V::default());
            self.entries.len() - 1
        })
    }

    /// The value of `name`, which is added at the end when it is new.
    pub fn value_mut(&mut self, name: Name) -> &mut V
    where
        V: Default,
    {
        let position = self.place(name);
        &mut self.entries[position].1
    }

    /// Add `name`, which is new, at the end.
    pub fn add(&mut self, name: Name, value: V) {
        if self.entries.capacity() == 0 {
            self.entries.reserve(USUAL);
        }
        self.entries.push((name, value));
        let length = self.entries.len();
        if length == FEW + 1 {
            self.index_all();
        } else {
            self.index(name, length - 1);
        }
    }

    /// Remove `name`, keeping the order of the others.
    pub fn remove(&mut self, name: Name) {
        if let Some(position) = self.position(name) {
            self.entries.remove(position);
            self.index_all();
        }
    }

    /// The names and values in insertion order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Name, &V)> {
        self.entries.iter().map(|(name, value)| (*name, value))
    }

    /// The names and their changeable values in insertion order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Name, &mut V)> {
        self.entries.iter_mut().map(|(name, value)| (*name, value))
    }

    fn index_all(&mut self) {
        self.slots = [0; SLOTS];
        self.positions.clear();
        if self.entries.len() > FEW {
            self.positions.reserve(SLOTS);
        }
        for position in 0..self.entries.len() {
            self.index(self.entries[position].0, position);
        }
    }

    fn index(&mut self, name: Name, position: usize) {
        if self.entries.len() > FEW {
            self.positions.insert(name, position as u32);
            return;
        }
        let mut slot = first_slot(name);
        while self.slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.slots[slot] = position as u8 + 1;
    }
}

/// Where a name is looked for first. Those of a block have numbers close to each other.
fn first_slot(name: Name) -> usize {
    name.index() % SLOTS
}
