//! The location table: for runs of code units the range of source that they are for (`InternalDocs/code_objects.md`).

use crate::flowgraph::{BlockId, Graph};
use crate::instruction::Location;

const SHORT: u8 = 0;
const ONE_LINE: u8 = 10;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// The most code units of one entry.
const MAX_RUN: u32 = 8;

/// Gives instructions that belong to the next one its location.
pub(super) fn resolve_next(graph: &mut Graph) {
    let mut following = Location::NONE;
    let order: Vec<BlockId> = graph.order().collect();
    for &id in order.iter().rev() {
        for step in graph[id].steps.iter_mut().rev() {
            if step.location == Location::NEXT {
                step.location = if step.opcode.ends_block() { Location::NONE } else { following };
            }
            following = step.location;
        }
    }
}

/// The table, as far as it goes.
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// The line of the entry before.
    line: i32,
    /// The location of the last instructions, and how many code units they take.
    location: Location,
    run: u32,
}

impl Writer {
    /// The table of code with this first line, in storage that is there already.
    pub fn new(firstlineno: i32, mut storage: Vec<u8>) -> Writer {
        storage.clear();
        Writer { bytes: storage, line: firstlineno, location: Location::NONE, run: 0 }
    }

    /// The next instruction is for this location and takes so many code units.
    #[inline]
    pub fn add(&mut self, location: Location, size: u32) {
        if location != self.location {
            self.end_run();
            self.location = location;
        }
        self.run += size;
    }

    /// The whole table, in the storage.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_run();
        self.bytes
    }

    #[inline]
    fn end_run(&mut self) {
        let mut run = std::mem::take(&mut self.run);
        while run > MAX_RUN {
            self.write_entry(MAX_RUN);
            run -= MAX_RUN;
        }
        if run > 0 {
            self.write_entry(run);
        }
    }

    #[inline]
    fn write_entry(&mut self, run: u32) {
        let Location { line, end_line, column, end_column } = self.location;
        let width = end_column.wrapping_sub(column);
        if line == self.line && end_line == line && (0..80).contains(&column) && (0..16).contains(&width) {
            self.bytes.extend_from_slice(&[first(SHORT + (column >> 3) as u8, run), ((column & 7) << 4 | width) as u8]);
        } else {
            self.write_longer(run);
        }
    }

    /// An entry that does not have the shortest form.
    #[inline(never)]
    fn write_longer(&mut self, run: u32) {
        let Location { line, end_line, column, end_column } = self.location;
        if line < 0 {
            self.write_first(NONE, run);
            return;
        }
        let line_delta = line - self.line;
        self.line = line;
        if column < 0 || end_column < 0 {
            if end_line == line || end_line == -1 {
                self.write_first(NO_COLUMNS, run);
                self.write_signed(line_delta);
                return;
            }
        } else if end_line == line && (0..3).contains(&line_delta) && column < 128 && end_column < 128 {
            self.bytes.extend_from_slice(&[first(ONE_LINE + line_delta as u8, run), column as u8, end_column as u8]);
            return;
        }
        self.write_first(LONG, run);
        self.write_signed(line_delta);
        self.write_number((end_line - line) as u32);
        self.write_number((column + 1) as u32);
        self.write_number((end_column + 1) as u32);
    }

    fn write_first(&mut self, kind: u8, run: u32) {
        self.bytes.push(first(kind, run));
    }

    fn write_number(&mut self, mut number: u32) {
        while number >= 0x40 {
            self.bytes.push(0x40 | (number & 0x3F) as u8);
            number >>= 6;
        }
        self.bytes.push(number as u8);
    }

    fn write_signed(&mut self, number: i32) {
        self.write_number(number.unsigned_abs() << 1 | u32::from(number < 0));
    }
}

/// The first byte of an entry.
fn first(kind: u8, run: u32) -> u8 {
    0x80 | kind << 3 | (run - 1) as u8
}
