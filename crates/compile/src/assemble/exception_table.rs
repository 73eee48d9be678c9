//! The exception table: for ranges of code the handler, in big-endian groups of six bits (`InternalDocs/exception_handling.md`).

use super::layout::{Handler, Placed};
use crate::unit::AssembleError;

/// Marks the first byte of an entry.
const START: u8 = 0x80;
/// Marks a byte with more bytes of the same number to follow.
const CONTINUES: u8 = 0x40;

pub(super) fn encode(placed: &[Placed]) -> Result<Vec<u8>, AssembleError> {
    let mut table = Vec::new();
    let mut range: Option<(u32, Handler)> = None;
    let mut end = 0;
    for instruction in placed {
        if instruction.handler.map(|handler| handler.offset) != range.map(|(_, handler)| handler.offset) {
            if let Some((start, handler)) = range {
                write_entry(&mut table, start, end, handler)?;
            }
            range = instruction.handler.map(|handler| (instruction.offset, handler));
        }
        end = instruction.offset + instruction.size;
    }
    if let Some((start, handler)) = range {
        write_entry(&mut table, start, end, handler)?;
    }
    Ok(table)
}

fn write_entry(table: &mut Vec<u8>, start: u32, end: u32, handler: Handler) -> Result<(), AssembleError> {
    let pushed = 1 + u32::from(handler.preserves_lasti);
    let depth = handler.start_depth.checked_sub(pushed).ok_or(AssembleError { message: "exception handler of impossible depth" })?;
    let first = table.len();
    write_number(table, start);
    write_number(table, end - start);
    write_number(table, handler.offset);
    write_number(table, depth << 1 | u32::from(handler.preserves_lasti));
    table[first] |= START;
    Ok(())
}

fn write_number(table: &mut Vec<u8>, number: u32) {
    for group in (1..5).rev() {
        if number >> (6 * group) != 0 {
            table.push((number >> (6 * group) & 0x3F) as u8 | CONTINUES);
        }
    }
    table.push((number & 0x3F) as u8);
}
