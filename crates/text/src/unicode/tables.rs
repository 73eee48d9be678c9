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

const INDEX_BYTES: &[u8] = include_bytes!("data/index.bin");
const BLOCKS_BYTES: &[u8] = include_bytes!("data/blocks.bin");
const RECORDS_BYTES: &[u8] = include_bytes!("data/records.bin");
const CASES_BYTES: &[u8] = include_bytes!("data/cases.bin");
const SPECIAL_BYTES: &[u8] = include_bytes!("data/case_special.bin");

static INDEX: [u16; INDEX_BYTES.len() / 2] = decode_u16(INDEX_BYTES);
static BLOCKS: [u16; BLOCKS_BYTES.len() / 2] = decode_u16(BLOCKS_BYTES);
static RECORDS: [Record; RECORDS_BYTES.len() / RECORD_SIZE] = decode_records(RECORDS_BYTES);

/// Four words per record: lower, upper, title, fold. See `case::Mapping` for the encoding of a word.
pub(super) static CASES: [u32; CASES_BYTES.len() / 4] = decode_u32(CASES_BYTES);
/// The code points of the mappings that are longer than one character.
pub(super) static SPECIAL: [u32; SPECIAL_BYTES.len() / 4] = decode_u32(SPECIAL_BYTES);

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

pub(super) const fn decode_u16<const N: usize>(bytes: &[u8]) -> [u16; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        out[i] = u16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]]);
        i += 1;
    }
    out
}

pub(super) const fn decode_u32<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        out[i] = u32::from_le_bytes([bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]]);
        i += 1;
    }
    out
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
