//! One-character repeats: the tight loops.

use crate::code::MAXREPEAT;
use crate::encoding::Encoding;
use crate::program::{Program, RepeatOne, Unit};

/// The offset behind the longest run of the repeated character from `at` on.
pub(crate) fn longest<E: Encoding>(program: &Program, repeat: &RepeatOne, text: &[u8], at: usize) -> usize {
    run::<E>(program, repeat.unit, repeat.max, text, at)
}

/// The offset behind the least run of the repeated character from `at` on, if it is there.
pub(crate) fn least<E: Encoding>(program: &Program, repeat: &RepeatOne, text: &[u8], at: usize) -> Option<usize> {
    match repeat.min {
        0 => Some(at),
        min => {
            let end = run::<E>(program, repeat.unit, min, text, at);
            forward::<E>(text, at, min, end)
        }
    }
}

/// The offset `count` characters behind `at`, if it is not beyond `end`.
#[inline]
pub(crate) fn forward<E: Encoding>(text: &[u8], at: usize, count: u32, end: usize) -> Option<usize> {
    if !E::WIDE {
        let to = at.checked_add(count as usize)?;
        return (to <= end).then_some(to);
    }
    let mut at = at;
    for _ in 0..count {
        if at >= end {
            return None;
        }
        at += E::width(text, at);
    }
    Some(at)
}

/// The length of the repeated character at `at`, or zero if something else is there.
#[inline]
pub(crate) fn one<E: Encoding>(program: &Program, unit: Unit, text: &[u8], at: usize) -> usize {
    let Some(&byte) = text.get(at) else { return 0 };
    let accepted = match unit {
        Unit::Never => false,
        Unit::Any => byte != b'\n',
        Unit::AnyAll => true,
        Unit::Byte(wanted) => byte == wanted,
        Unit::NotByte(unwanted) => byte != unwanted,
        Unit::Class(class) => {
            let class = &program.classes[class as usize];
            if E::WIDE && byte >= 0x80 { class.contains(E::decode(text, at).0) } else { class.contains_byte(byte) }
        }
    };
    if accepted { E::width(text, at) } else { 0 }
}

/// The offset behind the run, of at most `max` characters, that begins at `at`.
fn run<E: Encoding>(program: &Program, unit: Unit, max: u32, text: &[u8], at: usize) -> usize {
    let rest = text.len() - at;
    let bounded = max != MAXREPEAT && (max as usize) < rest;
    if bounded && E::WIDE {
        let mut end = at;
        for _ in 0..max {
            let width = one::<E>(program, unit, text, end);
            if width == 0 {
                break;
            }
            end += width;
        }
        return end;
    }
    let limit = if bounded { at + max as usize } else { text.len() };
    let window = &text[at..limit];
    let length = match unit {
        Unit::Never => Some(0),
        Unit::AnyAll => None,
        Unit::Any => memchr::memchr(b'\n', window),
        Unit::NotByte(unwanted) => memchr::memchr(unwanted, window),
        Unit::Byte(wanted) => window.iter().position(|&byte| byte != wanted),
        Unit::Class(class) => {
            let class = &program.classes[class as usize];
            let mut end = at;
            while end < limit {
                let byte = text[end];
                if !E::WIDE || byte < 0x80 {
                    if !class.contains_byte(byte) {
                        break;
                    }
                    end += 1;
                } else {
                    let (c, width) = E::decode(text, end);
                    if !class.contains(c) {
                        break;
                    }
                    end += width;
                }
            }
            return end;
        }
    };
    length.map_or(limit, |length| at + length)
}
