//! Operations on constant strs, bytes and tuples.

use bredli_code::Const;
use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

use super::{MAX_ITEMS, MAX_TEXT, MAX_TOTAL_ITEMS};

/// `left + right`
pub(super) fn concatenate(left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Str(left), Const::Str(right)) => Some(text([code_points(left), code_points(right)].concat())),
        (Const::Bytes(left), Const::Bytes(right)) => Some(Const::Bytes([&**left, right].concat().into())),
        (Const::Tuple(left), Const::Tuple(right)) => Some(Const::Tuple([left.as_slice(), right].concat())),
        _ => None,
    }
}

/// `value * count`
pub(super) fn repeat(value: &Const, count: &BigInt) -> Option<Const> {
    let times = |size: usize, most: usize| match size {
        0 => Some(0),
        _ => count.to_i64().and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= most / size),
    };
    match value {
        Const::Str(value) => {
            let points = code_points(value);
            let count = times(points.len(), MAX_TEXT)?;
            Some(text(points.repeat(count)))
        }
        Const::Bytes(value) => Some(Const::Bytes(value.repeat(times(value.len(), MAX_TEXT)?).into())),
        Const::Tuple(items) => {
            let count = times(items.len(), MAX_ITEMS)?;
            if let Some(limit) = MAX_TOTAL_ITEMS.checked_div(count) {
                complexity(items, limit)?;
            }
            Some(Const::Tuple(std::iter::repeat_n(items.as_slice(), count).flatten().cloned().collect()))
        }
        _ => None,
    }
}

/// What is left of a limit after counting the items of a tuple and of those in it; `None` when they exceed it.
fn complexity(items: &[Const], limit: usize) -> Option<usize> {
    let mut rest = limit.checked_sub(items.len())?;
    for item in items {
        if let Const::Tuple(items) = item {
            rest = complexity(items, rest)?;
        }
    }
    Some(rest)
}

/// `value[index]`
pub(super) fn subscript(value: &Const, index: &Const) -> Option<Const> {
    match (value, index) {
        (Const::Str(value), Const::Slice(slice)) => {
            let points = code_points(value);
            Some(text(positions(slice, points.len())?.map(|position| points[position]).collect()))
        }
        (Const::Bytes(value), Const::Slice(slice)) => {
            Some(Const::Bytes(positions(slice, value.len())?.map(|position| value[position]).collect()))
        }
        (Const::Tuple(items), Const::Slice(slice)) => {
            Some(Const::Tuple(positions(slice, items.len())?.map(|position| items[position].clone()).collect()))
        }
        (Const::Str(value), index) => {
            let points = code_points(value);
            Some(text(vec![points[position(index, points.len())?]]))
        }
        (Const::Bytes(value), index) => Some(Const::int(i64::from(value[position(index, value.len())?]))),
        (Const::Tuple(items), index) => Some(items[position(index, items.len())?].clone()),
        _ => None,
    }
}

fn integer(value: &Const) -> Option<i64> {
    match value {
        Const::Bool(value) => Some(i64::from(*value)),
        Const::Int(value) => Some(value.to_i64().unwrap_or(if value.is_negative() { i64::MIN } else { i64::MAX })),
        _ => None,
    }
}

fn position(index: &Const, length: usize) -> Option<usize> {
    let index = integer(index)?;
    let index = if index < 0 { index.checked_add(length as i64)? } else { index };
    usize::try_from(index).ok().filter(|index| *index < length)
}

/// The positions that a slice selects; `None` when it raises an exception.
fn positions(slice: &[Const; 3], length: usize) -> Option<impl Iterator<Item = usize>> {
    let part = |part: &Const, default: i64| match part {
        Const::None => Some(default),
        part => integer(part),
    };
    let length = length as i64;
    let step = part(&slice[2], 1)?.max(-i64::MAX);
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clamp = |index: i64| if index < 0 { (index.saturating_add(length)).max(lowest) } else { index.min(highest) };
    let (first, last) = if step < 0 { (highest, lowest) } else { (lowest, highest) };
    let bound = |which: &Const, default: i64| match which {
        Const::None => Some(default),
        which => integer(which).map(clamp),
    };
    let (start, stop) = (bound(&slice[0], first)?, bound(&slice[1], last)?);
    let distance = if step < 0 { start - stop } else { stop - start };
    let count = if distance <= 0 { 0 } else { (distance - 1) / step.abs() + 1 };
    Some((0..count).map(move |number| (start + number * step) as usize))
}

/// The code points of a text; surrogates are such too.
fn code_points(text: &Wtf8Buf) -> Vec<u32> {
    let mut points = Vec::new();
    for &byte in text.as_bytes() {
        match byte {
            0x80..0xC0 => {
                if let Some(last) = points.last_mut() {
                    *last = *last << 6 | u32::from(byte & 0x3F);
                }
            }
            0xC0..0xE0 => points.push(u32::from(byte & 0x1F)),
            0xE0..0xF0 => points.push(u32::from(byte & 0x0F)),
            0xF0.. => points.push(u32::from(byte & 0x07)),
            ascii => points.push(u32::from(ascii)),
        }
    }
    points
}

fn text(points: Vec<u32>) -> Const {
    let mut text = Wtf8Buf::with_capacity(points.len());
    points.into_iter().for_each(|point| text.push_code_point(point));
    Const::Str(text)
}
