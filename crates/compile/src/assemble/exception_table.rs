//! The exception table: for ranges of code the handler, in big-endian groups of six bits (`InternalDocs/exception_handling.md`).

use super::layout::Handler;
use crate::flowgraph::BlockId;
use crate::unit::AssembleError;

/// Marks the first byte of an entry.
const START: u8 = 0x80;
/// Marks a byte with more bytes of the same number to follow.
const CONTINUES: u8 = 0x40;

/// The table, as far as it goes.
pub(super) struct Writer {
    table: Vec<u8>,
    /// The handler of the last instruction.
    block: Option<BlockId>,
    /// Where the range of that handler begins, if there is one.
    range: Option<(u32, Handler)>,
}

impl Writer {
    /// An empty table, in storage that is there already.
    pub fn new(mut storage: Vec<u8>) -> Writer {
        storage.clear();
        Writer { table: storage, block: None, range: None }
    }

    /// The next instruction is at this offset and has that handler.
    #[inline]
    pub fn add(
        &mut self,
        offset: u32,
        block: Option<BlockId>,
        find: impl FnOnce(BlockId) -> Result<Handler, AssembleError>,
    ) -> Result<(), AssembleError> {
        if block == self.block { Ok(()) } else { self.change(offset, block, find) }
    }

    fn change(
        &mut self,
        offset: u32,
        block: Option<BlockId>,
        find: impl FnOnce(BlockId) -> Result<Handler, AssembleError>,
    ) -> Result<(), AssembleError> {
        self.block = block;
        let handler = block.map(find).transpose()?;
        // Handlers at the same place are the same.
        if handler.map(|handler| handler.offset) != self.range.map(|(_, handler)| handler.offset) {
            self.end_range(offset)?;
            self.range = handler.map(|handler| (offset, handler));
        }
        Ok(())
    }

    /// The table of code that ends at this offset, in the storage.
    pub fn finish(mut self, end: u32) -> Result<Vec<u8>, AssembleError> {
        self.end_range(end)?;
        Ok(self.table)
    }

    fn end_range(&mut self, end: u32) -> Result<(), AssembleError> {
        match self.range.take() {
            Some((start, handler)) => write_entry(&mut self.table, start, end, handler),
            None => Ok(()),
        }
    }
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
