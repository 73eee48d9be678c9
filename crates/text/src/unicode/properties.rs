//! Properties of single characters: general category, `str.isalpha` and its family, `unicodedata.category` and its family.
//!
//! Mirrors `Objects/unicodectype.c` and the property half of `Modules/unicodedata.c`.

use super::tables::record;

pub(super) const CATEGORIES: [&str; 30] = [
    "Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Lm", "Lo", "Pc", "Pd", "Ps",
    "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
];
pub(super) const BIDIRECTIONAL: [&str; 24] = [
    "", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON", "LRI", "RLI",
    "FSI", "PDI",
];
pub(super) const WIDTHS: [&str; 6] = ["F", "H", "W", "Na", "A", "N"];

const ALPHA: u16 = 1;
const DECIMAL: u16 = 1 << 1;
const DIGIT: u16 = 1 << 2;
const NUMERIC: u16 = 1 << 3;
const SPACE: u16 = 1 << 4;
const LINEBREAK: u16 = 1 << 5;
const UPPER: u16 = 1 << 6;
const LOWER: u16 = 1 << 7;
const TITLE: u16 = 1 << 8;
const PRINTABLE: u16 = 1 << 9;
const XID_START: u16 = 1 << 10;
const XID_CONTINUE: u16 = 1 << 11;
const CASE_IGNORABLE: u16 = 1 << 12;
const MIRRORED: u16 = 1 << 13;

#[inline]
fn has(c: u32, flags: u16) -> bool {
    record(c).flags & flags != 0
}

/// Whether `str.isalpha` holds: a letter (category L*).
pub fn is_alpha(c: u32) -> bool {
    has(c, ALPHA)
}

/// Whether `str.isalnum` holds: a letter or anything with a numeric value.
#[inline]
pub fn is_alnum(c: u32) -> bool {
    has(c, ALPHA | DECIMAL | DIGIT | NUMERIC)
}

/// Whether `str.isdecimal` holds: a digit usable in a decimal number.
pub fn is_decimal(c: u32) -> bool {
    has(c, DECIMAL)
}

/// Whether `str.isdigit` holds: decimals, superscripts and the like.
pub fn is_digit(c: u32) -> bool {
    has(c, DIGIT)
}

/// Whether `str.isnumeric` holds: the character has a numeric value.
pub fn is_numeric(c: u32) -> bool {
    has(c, NUMERIC)
}

/// Whether `str.isspace` holds.
pub fn is_space(c: u32) -> bool {
    has(c, SPACE)
}

/// Whether `str.splitlines` splits here.
pub fn is_linebreak(c: u32) -> bool {
    has(c, LINEBREAK)
}

/// Whether `str.isupper` holds.
pub fn is_upper(c: u32) -> bool {
    has(c, UPPER)
}

/// Whether `str.islower` holds.
pub fn is_lower(c: u32) -> bool {
    has(c, LOWER)
}

/// Whether the character is a title-case letter (category Lt).
pub fn is_title(c: u32) -> bool {
    has(c, TITLE)
}

/// Whether the character has case: upper, lower or title.
pub fn is_cased(c: u32) -> bool {
    has(c, UPPER | LOWER | TITLE)
}

/// Whether the character is looked through when a word's final sigma is decided.
pub fn is_case_ignorable(c: u32) -> bool {
    has(c, CASE_IGNORABLE)
}

/// Whether `repr` shows the character as itself.
pub fn is_printable(c: u32) -> bool {
    has(c, PRINTABLE)
}

/// Whether the character may begin an identifier (`_` included).
pub fn is_identifier_start(c: u32) -> bool {
    has(c, XID_START)
}

/// Whether the character may continue an identifier.
pub fn is_identifier_continue(c: u32) -> bool {
    has(c, XID_CONTINUE)
}

/// Whether the character is mirrored in right-to-left text.
pub fn is_mirrored(c: u32) -> bool {
    has(c, MIRRORED)
}

/// The two-letter general category.
pub fn category(c: u32) -> &'static str {
    CATEGORIES[record(c).category as usize]
}

/// The bidirectional class; empty for an unassigned character.
pub fn bidirectional(c: u32) -> &'static str {
    BIDIRECTIONAL[record(c).bidirectional as usize]
}

/// The canonical combining class; zero for a base character.
pub fn combining(c: u32) -> u8 {
    record(c).combining
}

/// The East Asian width: `F`, `H`, `W`, `Na`, `A` or `N`.
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[record(c).width as usize]
}
