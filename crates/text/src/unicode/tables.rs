//! The generated tables, decoded at compile time into typed arrays.
//!
//! `index` and `blocks` are a two-stage table from a code point to its record; see `tools/unicode/generate.py`.

/// What the database says about one class of characters.
#[derive(Clone, Copy)]
pub(super) struct Record {
    pub(super) category: u8,
    pub(super) bidirectional: u8,
    pub(super) combining: u8,
    pub(super) width: u8,
    pub(super) flags: u16,
    /// One bit per normal form that may change the character: NFD, NFKD, NFC, NFKC.
    pub(super) unstable: u8,
    /// Index into `CASES`.
    pub(super) case: u16,
}

const SHIFT: u32 = 7;
const RECORD_SIZE: usize = 10;

/// Declares a static array holding a file of little-endian numbers.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident: $kind:ident = $file:literal) => {
        $(#[$doc])*
        pub(super) static $name: [$kind; include_bytes!($file).len() / size_of::<$kind>()] = {
            const BYTES: &[u8] = include_bytes!($file);
            const SIZE: usize = size_of::<$kind>();
            let mut out = [0 as $kind; BYTES.len() / SIZE];
            let mut i = 0;
            while i < out.len() {
                let mut bytes = [0; SIZE];
                let mut j = 0;
                while j < SIZE {
                    bytes[j] = BYTES[i * SIZE + j];
                    j += 1;
                }
                out[i] = $kind::from_le_bytes(bytes);
                i += 1;
            }
            out
        };
    };
}

const RECORDS_BYTES: &[u8] = include_bytes!("data/records.bin");
static RECORDS: [Record; RECORDS_BYTES.len() / RECORD_SIZE] = decode_records(RECORDS_BYTES);

table! { INDEX: u16 = "data/index.bin" }
table! { BLOCKS: u16 = "data/blocks.bin" }
table! {
    /// Four words per record: lower, upper, title, fold. See `case` for the encoding of a word.
    CASES: u32 = "data/cases.bin"
}
table! {
    /// The code points of the mappings that are longer than one character.
    SPECIAL: u32 = "data/case_special.bin"
}
table! {
    /// `code << 8 | index into VALUES`, in order.
    NUMBERS: u32 = "data/numbers.bin"
}
table! {
    /// The numeric values.
    VALUES: f64 = "data/values.bin"
}
table! {
    /// `code | tag << 21`, in order of the code; the index of an entry leads into the offsets.
    DECOMPOSITION_CODES: u32 = "data/decomposition_codes.bin"
}
table! {
    /// Where the parts of each decomposition begin, and of the one after it.
    DECOMPOSITION_OFFSETS: u16 = "data/decomposition_offsets.bin"
}
table! {
    /// The characters that others decompose to.
    DECOMPOSITION_PARTS: u32 = "data/decomposition_parts.bin"
}
table! {
    /// First, second and composed character, in order.
    COMPOSITIONS: u32 = "data/compositions.bin"
}
table! {
    /// Unicode 3.2: the first character of a run, and `category | direction << 8 | class << 16 | width << 24 | mirrored << 31`.
    OLD_RUNS: u32 = "data/old_runs.bin"
}
table! {
    /// Unicode 3.2, where it differs: a character, and `index into VALUES (255: none) | decimal << 8`.
    OLD_NUMBERS: u32 = "data/old_numbers.bin"
}
table! {
    /// Unicode 3.2, where it differs: a character and what it decomposes to.
    OLD_CORRECTIONS: u32 = "data/old_corrections.bin"
}
table! {
    /// Where each word begins in `WORDS`, and the end of the last.
    WORD_OFFSETS: u32 = "data/word_offsets.bin"
}
table! {
    /// Where each block of names begins in `NAMES`.
    NAME_BLOCKS: u32 = "data/name_blocks.bin"
}
table! {
    /// The first character of a run of named ones and the index of its name; the last run is empty.
    NAME_RUNS: u32 = "data/name_runs.bin"
}
table! {
    /// Four code points for each alias or named sequence, filled up with zeros.
    NAME_EXTRAS: u32 = "data/name_extras.bin"
}
table! {
    /// A hash table of names: indexes, or 0xFFFF for an empty slot.
    NAME_SLOTS: u16 = "data/name_slots.bin"
}

/// The words that names consist of, most frequent first, without separators.
pub(super) static WORDS: &[u8] = include_bytes!("data/words.bin");
/// For each name its length in bytes and the numbers of its words.
pub(super) static NAMES: &[u8] = include_bytes!("data/names.bin");
/// Rules for names that end in the code: first and last code, whether `name` follows it, length and text of the prefix.
pub(super) static NAME_RULES: &[u8] = include_bytes!("data/name_rules.bin");

/// The record of a code point; that of an unassigned one beyond U+10FFFF.
#[inline]
pub(super) fn record(c: u32) -> &'static Record {
    let block = match INDEX.get((c >> SHIFT) as usize) {
        Some(&block) => block as usize,
        None => INDEX[(0x10_FFFF >> SHIFT) as usize] as usize,
    };
    let id = BLOCKS[(block << SHIFT) | (c as usize & ((1 << SHIFT) - 1))];
    &RECORDS[id as usize]
}

const fn decode_records<const N: usize>(bytes: &[u8]) -> [Record; N] {
    let mut out = [Record { category: 0, bidirectional: 0, combining: 0, width: 0, flags: 0, unstable: 0, case: 0 }; N];
    let mut i = 0;
    while i < N {
        let at = i * RECORD_SIZE;
        out[i] = Record {
            category: bytes[at],
            bidirectional: bytes[at + 1],
            combining: bytes[at + 2],
            width: bytes[at + 3],
            flags: u16::from_le_bytes([bytes[at + 4], bytes[at + 5]]),
            unstable: bytes[at + 6],
            case: u16::from_le_bytes([bytes[at + 8], bytes[at + 9]]),
        };
        i += 1;
    }
    out
}
