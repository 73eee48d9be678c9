//! Character names: `unicodedata.name`, `unicodedata.lookup` and `\N{...}`.
//!
//! A name is stored as the numbers of its words. Names that end in the code (`CJK UNIFIED IDEOGRAPH-4E00`) follow rules,
//! those of Hangul syllables are spelled from their parts. Aliases and named sequences can be looked up only.

use super::normal::{hangul_parts, hangul_syllable};
use super::tables::{NAME_BLOCKS, NAME_EXTRAS, NAME_RULES, NAME_RUNS, NAME_SLOTS, NAMES, WORD_OFFSETS, WORDS};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// One character.
    Char(u32),
    /// A named sequence of characters.
    Sequence(&'static [u32]),
}

const BLOCK: usize = 16;
const SHORT_WORDS: usize = 160;
const EMPTY_SLOT: u16 = 0xFFFF;
/// Longer than any name.
const MAX_LENGTH: usize = 256;

const HANGUL_PREFIX: &str = "HANGUL SYLLABLE ";
const LEADS: [&str; 19] = ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
const VOWELS: [&str; 21] =
    ["A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU", "YI", "I"];
const TAILS: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S", "SS", "NG", "J", "C",
    "K", "T", "P", "H",
];

/// Names that consist of a prefix and the code.
struct Rule {
    first: u32,
    last: u32,
    /// Whether the characters have the name, or can only be looked up by it.
    shown: bool,
    prefix: &'static [u8],
}

fn rules() -> impl Iterator<Item = Rule> {
    let mut rest = NAME_RULES;
    std::iter::from_fn(move || {
        let word = |at: usize| Some(u32::from_le_bytes(*rest.get(at..)?.first_chunk()?));
        let (first, last) = (word(0)?, word(4)?);
        let (shown, end) = (rest[8] != 0, 10 + rest[9] as usize);
        let prefix = &rest[10..end];
        rest = &rest[end..];
        Some(Rule { first, last, shown, prefix })
    })
}

/// The name of a character.
pub fn name(c: u32) -> Option<String> {
    if let Some((lead, vowel, tail)) = hangul_parts(c) {
        let (lead, vowel, tail) = (LEADS[lead as usize], VOWELS[vowel as usize], TAILS[tail as usize]);
        return Some(format!("{HANGUL_PREFIX}{lead}{vowel}{tail}"));
    }
    if let Some(rule) = rules().find(|rule| rule.shown && (rule.first..=rule.last).contains(&c)) {
        return Some(format!("{}{c:04X}", String::from_utf8_lossy(rule.prefix)));
    }
    let (runs, _) = NAME_RUNS.as_chunks::<2>();
    let run = runs.partition_point(|&[first, _]| first <= c).checked_sub(1)?;
    let ([first, index], [_, end]) = (runs[run], runs.get(run + 1)?);
    let index = index + (c - first);
    (index < *end).then(|| spell(index as usize))
}

/// The character or sequence with this name or alias; the case of letters does not matter.
pub fn lookup(name: &str) -> Option<Named> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let name = name.to_ascii_uppercase();
    if let Some(syllable) = name.strip_prefix(HANGUL_PREFIX) {
        return hangul_from_name(syllable).map(Named::Char);
    }
    let name = name.as_bytes();
    if let Some(c) = rules().find_map(|rule| from_rule(name, &rule)) {
        return Some(Named::Char(c));
    }
    let mut slot = hash(name) as usize & 0xFFFF;
    loop {
        match NAME_SLOTS[slot] {
            EMPTY_SLOT => return None,
            index if spell(index as usize).as_bytes() == name => return meaning(index as u32),
            _ => slot = (slot + 1) & 0xFFFF,
        }
    }
}

fn hash(name: &[u8]) -> u32 {
    let value = name.iter().fold(0x811C_9DC5_u32, |value, &byte| (value ^ byte as u32).wrapping_mul(0x0100_0193));
    value ^ value >> 15
}

/// The text of a stored name.
fn spell(index: usize) -> String {
    let mut at = NAME_BLOCKS[index / BLOCK] as usize;
    for _ in 0..index % BLOCK {
        at += 1 + NAMES[at] as usize;
    }
    let mut numbers = NAMES[at + 1..at + 1 + NAMES[at] as usize].iter();
    let mut text = String::new();
    while let Some(&number) = numbers.next() {
        let number = number as usize;
        let rank = match number.checked_sub(SHORT_WORDS) {
            None => number,
            Some(high) => SHORT_WORDS + (high << 8) + numbers.next().map_or(0, |&low| low as usize),
        };
        if !text.is_empty() {
            text.push(' ');
        }
        let word = &WORDS[WORD_OFFSETS[rank] as usize..WORD_OFFSETS[rank + 1] as usize];
        text.extend(word.iter().map(|&byte| byte as char));
    }
    text
}

/// What a stored name stands for.
fn meaning(index: u32) -> Option<Named> {
    let (runs, _) = NAME_RUNS.as_chunks::<2>();
    let &[_, names] = runs.last()?;
    if let Some(extra) = index.checked_sub(names) {
        let codes = NAME_EXTRAS.get(extra as usize * 4..)?.first_chunk::<4>()?;
        let length = codes.iter().rposition(|&code| code != 0).map_or(1, |last| last + 1);
        return Some(if length == 1 { Named::Char(codes[0]) } else { Named::Sequence(&codes[..length]) });
    }
    let run = runs.partition_point(|&[_, first]| first <= index).checked_sub(1)?;
    let [c, first] = runs[run];
    Some(Named::Char(c + (index - first)))
}

fn from_rule(name: &[u8], rule: &Rule) -> Option<u32> {
    let digits = name.strip_prefix(rule.prefix)?;
    let c = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    ((rule.first..=rule.last).contains(&c) && format!("{c:04X}").as_bytes() == digits).then_some(c)
}

fn hangul_from_name(syllable: &str) -> Option<u32> {
    let longest = |text: &str, parts: &[&str]| {
        let fitting = parts.iter().enumerate().filter(|(_, part)| text.starts_with(**part));
        fitting.max_by_key(|(_, part)| part.len()).map(|(index, part)| (index as u32, part.len()))
    };
    let (lead, length) = longest(syllable, &LEADS)?;
    let rest = &syllable[length..];
    let (vowel, length) = longest(rest, &VOWELS)?;
    let rest = &rest[length..];
    let (tail, length) = longest(rest, &TAILS)?;
    (length == rest.len()).then(|| hangul_syllable(lead, vowel, tail))
}
