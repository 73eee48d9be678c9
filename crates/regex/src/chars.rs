//! Character predicates and case mappings as `re` defines them, and the `_sre` functions built on them.
//!
//! The locale is always the C locale's view of a byte: only ASCII letters have case or are word characters.

use bredli_text::unicode;

use crate::code::{Category, FLAG_LOCALE, FLAG_UNICODE};

/// How characters are folded before they are compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Fold {
    /// Not at all.
    None,
    /// ASCII letters to lower case.
    Ascii,
    /// To simple Unicode lower case.
    Unicode,
    /// As the locale has it, in both directions.
    Locale,
}

impl Fold {
    /// The folded character.
    #[inline]
    pub(crate) fn apply(self, c: u32) -> u32 {
        match self {
            Fold::None => c,
            Fold::Ascii | Fold::Locale => ascii_tolower(c),
            Fold::Unicode => unicode_tolower(c),
        }
    }
}

fn is_ascii_space(c: u32) -> bool {
    matches!(c, 9..=13 | 32)
}

/// Whether the character is an ASCII word character.
#[inline]
pub(crate) fn is_ascii_word(c: u32) -> bool {
    c < 128 && ((c as u8).is_ascii_alphanumeric() || c == b'_' as u32)
}

/// Whether the character is a Unicode word character.
#[inline]
pub(crate) fn is_unicode_word(c: u32) -> bool {
    if c < 128 { is_ascii_word(c) } else { unicode::is_alnum(c) }
}

impl Category {
    /// Whether the character belongs to the category.
    pub(crate) fn contains(self, c: u32) -> bool {
        match self {
            Category::Digit => c < 128 && (c as u8).is_ascii_digit(),
            Category::NotDigit => !Category::Digit.contains(c),
            Category::Space => is_ascii_space(c),
            Category::NotSpace => !is_ascii_space(c),
            Category::Word | Category::LocWord => is_ascii_word(c),
            Category::NotWord | Category::LocNotWord => !is_ascii_word(c),
            Category::Linebreak => c == b'\n' as u32,
            Category::NotLinebreak => c != b'\n' as u32,
            Category::UniDigit => unicode::is_decimal(c),
            Category::UniNotDigit => !unicode::is_decimal(c),
            Category::UniSpace => unicode::is_space(c),
            Category::UniNotSpace => !unicode::is_space(c),
            Category::UniWord => is_unicode_word(c),
            Category::UniNotWord => !is_unicode_word(c),
            Category::UniLinebreak => unicode::is_linebreak(c),
            Category::UniNotLinebreak => !unicode::is_linebreak(c),
        }
    }
}

/// Whether the character is an ASCII letter.
pub fn ascii_iscased(c: u32) -> bool {
    c < 128 && (c as u8).is_ascii_alphabetic()
}

/// The character with ASCII letters in lower case.
#[inline]
pub fn ascii_tolower(c: u32) -> u32 {
    if c.wrapping_sub(b'A' as u32) < 26 { c + 32 } else { c }
}

/// The character with ASCII letters in upper case.
pub(crate) fn ascii_toupper(c: u32) -> u32 {
    if c.wrapping_sub(b'a' as u32) < 26 { c - 32 } else { c }
}

/// Whether the character differs from its lower or upper case.
pub fn unicode_iscased(c: u32) -> bool {
    unicode::to_lower(c) != c || unicode::to_upper(c) != c
}

/// The character in lower case.
#[inline]
pub fn unicode_tolower(c: u32) -> u32 {
    if c < 128 { ascii_tolower(c) } else { unicode::to_lower(c) }
}

/// The character in lower case, as a pattern with these flags folds it.
pub fn getlower(c: u32, flags: u32) -> u32 {
    if flags & FLAG_LOCALE == 0 && flags & FLAG_UNICODE != 0 { unicode_tolower(c) } else { ascii_tolower(c) }
}
