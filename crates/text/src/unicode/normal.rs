//! Decompositions and the four normal forms.
//!
//! Mirrors the normalization half of `Modules/unicodedata.c`. Hangul syllables are computed, all else is in tables.

use super::properties::combining;
use super::tables::{COMPOSITIONS, DECOMPOSITION_CODES, DECOMPOSITION_OFFSETS, DECOMPOSITION_PARTS, record};

/// A normal form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Canonical decomposition.
    Nfd,
    /// Compatibility decomposition.
    Nfkd,
    /// Canonical decomposition, then composition.
    Nfc,
    /// Compatibility decomposition, then composition.
    Nfkc,
}

impl Form {
    /// The form with this name, as Python spells it.
    pub fn from_name(name: &str) -> Option<Form> {
        Some(match name {
            "NFD" => Form::Nfd,
            "NFKD" => Form::Nfkd,
            "NFC" => Form::Nfc,
            "NFKC" => Form::Nfkc,
            _ => return None,
        })
    }

    fn composes(self) -> bool {
        matches!(self, Form::Nfc | Form::Nfkc)
    }

    fn is_compatible(self) -> bool {
        matches!(self, Form::Nfkd | Form::Nfkc)
    }
}

const TAGS: [&str; 17] = [
    "", "font", "noBreak", "initial", "medial", "final", "isolated", "circle", "super", "sub", "vertical", "wide", "narrow", "small",
    "square", "fraction", "compat",
];
const CODE_MASK: u32 = (1 << 21) - 1;

const HANGUL_BASE: u32 = 0xAC00;
const HANGUL_COUNT: u32 = LEAD_COUNT * BLOCK;
const LEAD_BASE: u32 = 0x1100;
const LEAD_COUNT: u32 = 19;
const VOWEL_BASE: u32 = 0x1161;
const VOWEL_COUNT: u32 = 21;
const TAIL_BASE: u32 = 0x11A7;
const TAIL_COUNT: u32 = 28;
const BLOCK: u32 = VOWEL_COUNT * TAIL_COUNT;

/// The leading consonant, vowel and optional final consonant of a Hangul syllable, counted from zero (no final: zero).
pub(super) fn hangul_parts(c: u32) -> Option<(u32, u32, u32)> {
    let index = c.wrapping_sub(HANGUL_BASE);
    (index < HANGUL_COUNT).then_some((index / BLOCK, index % BLOCK / TAIL_COUNT, index % TAIL_COUNT))
}

/// The Hangul syllable with these parts.
pub(super) fn hangul_syllable(lead: u32, vowel: u32, tail: u32) -> u32 {
    HANGUL_BASE + lead * BLOCK + vowel * TAIL_COUNT + tail
}

/// What a character decomposes to in one step: the tag (empty if canonical) and the parts. Hangul is not here.
fn entry(c: u32) -> Option<(&'static str, &'static [u32])> {
    let index = DECOMPOSITION_CODES.binary_search_by_key(&c, |code| code & CODE_MASK).ok()?;
    let (start, end) = (DECOMPOSITION_OFFSETS[index], DECOMPOSITION_OFFSETS[index + 1]);
    Some((TAGS[(DECOMPOSITION_CODES[index] >> 21) as usize], &DECOMPOSITION_PARTS[start as usize..end as usize]))
}

/// What a character decomposes to in one step, compatibility decompositions included or not. Hangul is not here.
pub(super) fn parts(c: u32, compatible: bool) -> Option<&'static [u32]> {
    entry(c).filter(|(tag, _)| compatible || tag.is_empty()).map(|(_, parts)| parts)
}

/// The decomposition as `unicodedata.decomposition` shows it: `<tag>` and code points in hexadecimal, or nothing.
pub fn decomposition(c: u32) -> String {
    if let Some((lead, vowel, tail)) = hangul_parts(c) {
        let parts = format!("{:04X} {:04X}", LEAD_BASE + lead, VOWEL_BASE + vowel);
        return if tail == 0 { parts } else { format!("{parts} {:04X}", TAIL_BASE + tail) };
    }
    let Some((tag, parts)) = entry(c) else { return String::new() };
    let mut shown: Vec<String> = parts.iter().map(|part| format!("{part:04X}")).collect();
    if !tag.is_empty() {
        shown.insert(0, format!("<{tag}>"));
    }
    shown.join(" ")
}

/// Whether the form may change this character, or join it with one before it.
pub fn is_unstable(form: Form, c: u32) -> bool {
    record(c).unstable & (1 << form as u8) != 0
}

/// Whether the text is certainly in the form already. A text that fails this test may still be.
pub fn is_surely_normalized(form: Form, text: impl IntoIterator<Item = u32>) -> bool {
    let mut last = 0;
    text.into_iter().all(|c| {
        if c < 0x80 {
            last = 0;
            return true;
        }
        let class = combining(c);
        let in_order = class == 0 || last <= class;
        last = class;
        in_order && !is_unstable(form, c)
    })
}

/// Whether the text is in the form.
pub fn is_normalized(form: Form, text: &[u32]) -> bool {
    is_surely_normalized(form, text.iter().copied()) || normalize(form, text.iter().copied()) == text
}

/// The text in the form.
pub fn normalize(form: Form, text: impl IntoIterator<Item = u32>) -> Vec<u32> {
    normalize_with(form, text, parts)
}

/// Like [`normalize`], with the one-step decompositions that the function gives (second argument: compatibility ones too).
pub(super) fn normalize_with(
    form: Form,
    text: impl IntoIterator<Item = u32>,
    parts_of: impl Fn(u32, bool) -> Option<&'static [u32]>,
) -> Vec<u32> {
    let mut out = Vec::new();
    let mut pending = Vec::new();
    for c in text {
        pending.push(c);
        while let Some(c) = pending.pop() {
            if c < 0x80 {
                out.push(c);
            } else if let Some((lead, vowel, tail)) = hangul_parts(c) {
                out.extend([LEAD_BASE + lead, VOWEL_BASE + vowel]);
                if tail != 0 {
                    out.push(TAIL_BASE + tail);
                }
            } else if let Some(parts) = parts_of(c, form.is_compatible()) {
                pending.extend(parts.iter().rev());
            } else {
                out.push(c);
            }
        }
    }
    sort_marks(&mut out);
    if form.composes() {
        compose(&mut out);
    }
    out
}

/// Puts every run of combining marks in the order of their classes.
fn sort_marks(text: &mut [u32]) {
    let mut at = 0;
    while at < text.len() {
        if combining(text[at]) == 0 {
            at += 1;
            continue;
        }
        let length = text[at..].iter().take_while(|&&c| combining(c) != 0).count();
        text[at..at + length].sort_by_key(|&c| combining(c));
        at += length;
    }
}

/// Joins starters with the unblocked characters after them.
fn compose(text: &mut Vec<u32>) {
    let mut kept = 0;
    let mut starter: Option<usize> = None;
    let mut last = 0;
    for at in 0..text.len() {
        let c = text[at];
        let class = combining(c);
        if let Some(starter) = starter
            && (starter + 1 == kept || (last != 0 && last < class))
            && let Some(composed) = pair(text[starter], c)
        {
            text[starter] = composed;
            continue;
        }
        if class == 0 {
            starter = Some(kept);
        }
        last = class;
        text[kept] = c;
        kept += 1;
    }
    text.truncate(kept);
}

/// The canonical composition of two characters.
fn pair(first: u32, second: u32) -> Option<u32> {
    let (lead, vowel) = (first.wrapping_sub(LEAD_BASE), second.wrapping_sub(VOWEL_BASE));
    if lead < LEAD_COUNT && vowel < VOWEL_COUNT {
        return Some(hangul_syllable(lead, vowel, 0));
    }
    let tail = second.wrapping_sub(TAIL_BASE);
    if (1..TAIL_COUNT).contains(&tail) && matches!(hangul_parts(first), Some((_, _, 0))) {
        return Some(first + tail);
    }
    let (triples, _) = COMPOSITIONS.as_chunks::<3>();
    let index = triples.binary_search_by_key(&(first, second), |&[first, second, _]| (first, second)).ok()?;
    Some(triples[index][2])
}
