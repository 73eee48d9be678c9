//! Searching, splitting and trimming of bytes: what `str`, `bytes` and `bytearray` have in common.
//!
//! Everything works on byte offsets. Text is WTF-8, in which a valid needle is found at character boundaries only; where
//! single characters matter, [`Units`] decides whether a unit is a byte or a code point. Counterpart: `Objects/stringlib`.

use memchr::memmem;
use std::ops::Range;

/// Offset of the first occurrence.
#[inline]
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match *needle {
        [] => Some(0),
        [byte] => memchr::memchr(byte, hay),
        _ if needle.len() > hay.len() => None,
        _ if hay.len() <= SHORT => find_in_short(hay, needle),
        _ => memmem::find(hay, needle),
    }
}

/// Up to this many bytes, looking at each occurrence of the first byte takes less time than preparing a search.
const SHORT: usize = 128;

fn find_in_short(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, starts) = (*needle.first()?, hay.len() - needle.len() + 1);
    memchr::memchr_iter(first, &hay[..starts]).find(|at| hay[*at..].starts_with(needle))
}

/// Offset of the last occurrence.
#[inline]
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match *needle {
        [] => Some(hay.len()),
        [byte] => memchr::memrchr(byte, hay),
        _ if needle.len() > hay.len() => None,
        _ => memmem::rfind(hay, needle),
    }
}

/// Number of occurrences, which do not overlap, of a needle that is not empty.
#[inline]
pub fn count(hay: &[u8], needle: &[u8]) -> usize {
    match *needle {
        [byte] => memchr::memchr_iter(byte, hay).count(),
        _ => memmem::find_iter(hay, needle).count(),
    }
}

/// The offsets of a byte. Most are near to each other, so that looking at the next two words takes less time than a call.
fn occurrences(hay: &[u8], byte: u8) -> impl Iterator<Item = usize> {
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);
    let pattern = u64::from_le_bytes([byte; 8]);
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut rest = hay.get(at..)?;
        for _ in 0..2 {
            let Some((word, behind)) = rest.split_first_chunk() else { break };
            let differences = u64::from_le_bytes(*word) ^ pattern;
            // The highest bit of each byte that does not differ.
            let same = !(((differences & LOW) + LOW) | differences | LOW);
            if same != 0 {
                let found = hay.len() - rest.len() + same.trailing_zeros() as usize / 8;
                at = found + 1;
                return Some(found);
            }
            rest = behind;
        }
        let found = hay.len() - rest.len() + memchr::memchr(byte, rest)?;
        at = found + 1;
        Some(found)
    })
}

/// Offsets of the first `most` occurrences, which do not overlap, of a needle that is not empty.
pub fn find_all(hay: &[u8], needle: &[u8], most: usize) -> Vec<usize> {
    match *needle {
        [byte] => occurrences(hay, byte).take(most).collect(),
        _ => memmem::find_iter(hay, needle).take(most).collect(),
    }
}

/// The pieces between separators, which are not empty, from the left.
pub fn split(hay: &[u8], separator: &[u8], most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut push = |at: usize| {
        pieces.push(start..at);
        start = at + separator.len();
    };
    match *separator {
        [byte] => occurrences(hay, byte).take(most).for_each(&mut push),
        _ => memmem::find_iter(hay, separator).take(most).for_each(&mut push),
    }
    pieces.push(start..hay.len());
    pieces
}

/// The pieces between separators, found from the right, in order.
pub fn rsplit(hay: &[u8], separator: &[u8], most: usize) -> Vec<Range<usize>> {
    let finder = memmem::FinderRev::new(separator);
    let (mut pieces, mut end) = (Vec::new(), hay.len());
    while pieces.len() < most {
        let Some(at) = finder.rfind(&hay[..end]) else { break };
        pieces.push(at + separator.len()..end);
        end = at;
    }
    pieces.push(0..end);
    pieces.reverse();
    pieces
}

/// How bytes are taken apart into characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// `bytes`: a unit is a byte.
    Bytes,
    /// A `str` of ASCII characters.
    Ascii,
    /// Any `str`.
    Text,
}

impl Units {
    /// Whether a unit counts as white space.
    #[inline]
    pub fn is_space(self, unit: u32) -> bool {
        match unit {
            0x09..=0x0D | 0x20 => true,
            0x1C..=0x1F => self != Units::Bytes,
            0..0x80 => false,
            _ => self == Units::Text && bredli_text::unicode::is_space(unit),
        }
    }

    /// The unit that starts at an offset, and where the next one does.
    #[inline]
    pub fn at(self, bytes: &[u8], at: usize) -> (u32, usize) {
        let byte = bytes[at];
        if byte < 0x80 || self != Units::Text {
            return (byte as u32, at + 1);
        }
        let next = at + crate::object::char_width(byte);
        (crate::object::CodePoints::new(&bytes[at..next]).next().unwrap_or(0), next)
    }

    /// The unit that ends at an offset above zero, and where it starts.
    #[inline]
    pub fn before(self, bytes: &[u8], end: usize) -> (u32, usize) {
        let byte = bytes[end - 1];
        if byte < 0x80 || self != Units::Text {
            return (byte as u32, end - 1);
        }
        let start = bytes[..end].iter().rposition(|byte| (*byte as i8) >= -0x40).unwrap_or(0);
        (self.at(bytes, start).0, start)
    }

    /// Offset of the first unit from `at` on that is (or is not) white space.
    fn skip(self, bytes: &[u8], mut at: usize, space: bool) -> usize {
        while at < bytes.len() {
            let (unit, next) = self.at(bytes, at);
            if self.is_space(unit) != space {
                break;
            }
            at = next;
        }
        at
    }

    /// Offset behind the last unit before `end` that is not (or is) white space.
    fn skip_back(self, bytes: &[u8], mut end: usize, space: bool) -> usize {
        while end > 0 {
            let (unit, start) = self.before(bytes, end);
            if self.is_space(unit) != space {
                break;
            }
            end = start;
        }
        end
    }

    /// The words between white space; what follows `most` splits stays together.
    pub fn split_space(self, bytes: &[u8], most: usize) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut at = self.skip(bytes, 0, true);
        while at < bytes.len() {
            if words.len() == most {
                words.push(at..bytes.len());
                break;
            }
            let end = self.skip(bytes, at, false);
            words.push(at..end);
            at = self.skip(bytes, end, true);
        }
        words
    }

    /// The words between white space, split from the right.
    pub fn rsplit_space(self, bytes: &[u8], most: usize) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut end = self.skip_back(bytes, bytes.len(), true);
        while end > 0 {
            if words.len() == most {
                words.push(0..end);
                break;
            }
            let start = self.skip_back(bytes, end, false);
            words.push(start..end);
            end = self.skip_back(bytes, start, true);
        }
        words.reverse();
        words
    }

    /// The lines, with or without their ends.
    pub fn split_lines(self, bytes: &[u8], keep_ends: bool) -> Vec<Range<usize>> {
        let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
        while at < bytes.len() {
            if self != Units::Text {
                // All breaks are control characters.
                let Some(offset) = bytes[at..].iter().position(|byte| *byte < b' ') else { break };
                at += offset;
            }
            let (unit, next) = self.at(bytes, at);
            let breaks = match self {
                Units::Bytes => matches!(unit, 0x0A | 0x0D),
                Units::Ascii => matches!(unit, 0x0A..=0x0D | 0x1C..=0x1E),
                Units::Text => bredli_text::unicode::is_linebreak(unit),
            };
            if !breaks {
                at = next;
                continue;
            }
            let next = if unit == 0x0D && bytes.get(next) == Some(&b'\n') { next + 1 } else { next };
            lines.push(start..if keep_ends { next } else { at });
            (start, at) = (next, next);
        }
        if start < bytes.len() {
            lines.push(start..bytes.len());
        }
        lines
    }

    /// What is left without the units that `drop` accepts at the sides.
    pub fn trim(self, bytes: &[u8], sides: Sides, drop: impl Fn(u32) -> bool) -> Range<usize> {
        let (mut start, mut end) = (0, bytes.len());
        if sides != Sides::Right {
            while start < end {
                let (unit, next) = self.at(bytes, start);
                if !drop(unit) {
                    break;
                }
                start = next;
            }
        }
        if sides != Sides::Left {
            while end > start {
                let (unit, before) = self.before(bytes, end);
                if !drop(unit) {
                    break;
                }
                end = before;
            }
        }
        start..end
    }
}

/// Where to trim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// `lstrip`
    Left,
    /// `rstrip`
    Right,
    /// `strip`
    Both,
}

/// The bounds of `find(sub, start, end)` and the like for a sequence of `len` items; none when the start is behind the end.
#[inline]
pub fn window(len: usize, start: Option<isize>, end: Option<isize>) -> Option<(usize, usize)> {
    let from_end = |index: isize| if index < 0 { (index.saturating_add(len as isize)).max(0) as usize } else { index as usize };
    let end = end.map_or(len, |end| from_end(end).min(len));
    let start = start.map_or(0, from_end);
    (start <= end).then_some((start, end))
}

/// How many splits or replacements `-1` and other counts allow.
#[inline]
pub fn most(count: isize) -> usize {
    if count < 0 { usize::MAX } else { count as usize }
}
