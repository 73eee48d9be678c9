//! The tables of a code object, decoded: source positions and lines of instructions, exception handlers, the instructions themselves.

use crate::{CodeObject, Opcode};

/// The source that a code unit is for; parts are `None` where unknown.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Position {
    /// The first line.
    pub line: Option<i32>,
    /// The last line.
    pub end_line: Option<i32>,
    /// The byte column where it starts.
    pub column: Option<i32>,
    /// The byte column where it ends.
    pub end_column: Option<i32>,
}

/// A range of bytecode from one range of source: an entry of the location table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PositionRange {
    /// The byte offset of its first instruction.
    pub start: usize,
    /// The byte offset after its last instruction.
    pub end: usize,
    /// Where it is from.
    pub position: Position,
}

/// Where the search for the line of an instruction has come to: the start of an entry of the location table.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct LineCursor {
    at: usize,
    /// The byte offset after the instructions of the entries before.
    end: usize,
    /// The line so far, counted from the first one of the code.
    line: i32,
}

/// A range of bytecode on one line, as `co_lines()` gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineRange {
    /// The byte offset of its first instruction.
    pub start: usize,
    /// The byte offset after its last instruction.
    pub end: usize,
    /// The line, when there is one.
    pub line: Option<i32>,
}

/// An entry of the exception table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HandlerRange {
    /// The byte offset of the first instruction that it covers.
    pub start: usize,
    /// The byte offset after the last one.
    pub end: usize,
    /// The byte offset of the handler.
    pub target: usize,
    /// To how many values the evaluation stack is cut.
    pub depth: usize,
    /// Whether the offset of the raising instruction is pushed before the exception.
    pub lasti: bool,
}

/// An instruction of finished bytecode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodeInstruction {
    /// The byte offset of the opcode, after any EXTENDED_ARG.
    pub offset: usize,
    /// The byte offset of the first EXTENDED_ARG, or of the opcode.
    pub start: usize,
    /// What it does; `None` for a number that is no opcode of code objects.
    pub opcode: Option<Opcode>,
    /// The number of the opcode.
    pub number: u8,
    /// The argument, prefixes included.
    pub arg: u32,
}

impl CodeInstruction {
    /// The byte offset of the next instruction.
    pub fn end(&self) -> usize {
        self.offset + 2 + 2 * self.opcode.map_or(0, Opcode::caches)
    }

    /// The byte offset where it jumps to; `None` when it does not jump, or before the start.
    pub fn jump_target(&self) -> Option<usize> {
        let opcode = self.opcode.filter(|opcode| opcode.has_jump())?;
        let distance = 2 * self.arg as usize;
        if opcode.jumps_backward() { self.end().checked_sub(distance) } else { Some(self.end() + distance) }
    }
}

impl CodeObject {
    /// The instructions, caches skipped and prefixes joined.
    pub fn instructions(&self) -> impl Iterator<Item = CodeInstruction> {
        let mut offset = 0;
        std::iter::from_fn(move || {
            let start = offset;
            let mut arg = 0u32;
            loop {
                let &[number, low] = self.code.get(offset..offset + 2)? else { return None };
                arg = arg << 8 | u32::from(low);
                let opcode = Opcode::from_number(u16::from(number));
                if opcode == Some(Opcode::EXTENDED_ARG) && offset + 2 < self.code.len() {
                    offset += 2;
                    continue;
                }
                let instruction = CodeInstruction { offset, start, opcode, number, arg };
                offset = instruction.end();
                return Some(instruction);
            }
        })
    }

    /// The entries of the location table; they stop where the table is malformed.
    pub fn position_ranges(&self) -> impl Iterator<Item = PositionRange> {
        let mut rest = &*self.linetable;
        let mut line = self.firstlineno;
        let mut start = 0;
        std::iter::from_fn(move || {
            let (&first, after) = rest.split_first()?;
            rest = after;
            let end = start + 2 * (usize::from(first & 7) + 1);
            let position = read_position(first >> 3 & 15, &mut line, &mut rest)?;
            let range = PositionRange { start, end, position };
            start = end;
            Some(range)
        })
    }

    /// `co_positions()`: a position for each code unit.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.position_ranges().flat_map(|range| std::iter::repeat_n(range.position, (range.end - range.start) / 2))
    }

    /// The line of the instruction at a byte offset.
    pub fn line_at(&self, offset: usize) -> Option<i32> {
        self.line_from(&mut LineCursor::default(), offset)
    }

    /// The same, for one look-up after another. Columns are passed over: only the first byte of an entry has its highest bit set.
    pub fn line_from(&self, cursor: &mut LineCursor, offset: usize) -> Option<i32> {
        if offset < cursor.end {
            *cursor = LineCursor::default();
        }
        let mut next = *cursor;
        let mut rest = self.linetable.get(next.at..)?;
        loop {
            let (&first, after) = rest.split_first()?;
            rest = after;
            let kind = first >> 3 & 15;
            match kind {
                10..=12 => next.line = next.line.wrapping_add(i32::from(kind) - 10),
                13 | 14 => next.line = next.line.wrapping_add(read_signed(&mut rest)?),
                _ => {}
            }
            next.end += 2 * (usize::from(first & 7) + 1);
            if offset < next.end {
                return (kind != 15).then_some(self.firstlineno.wrapping_add(next.line));
            }
            while let Some((&byte, after)) = rest.split_first()
                && byte & 0x80 == 0
            {
                rest = after;
            }
            next.at = self.linetable.len() - rest.len();
            *cursor = next;
        }
    }

    /// `co_lines()`: ranges of bytecode, neighbours of one line joined.
    pub fn lines(&self) -> impl Iterator<Item = LineRange> {
        let mut ranges = self.position_ranges().peekable();
        std::iter::from_fn(move || {
            let first = ranges.next()?;
            let line = first.position.line;
            let mut end = first.end;
            while let Some(next) = ranges.next_if(|next| next.position.line == line) {
                end = next.end;
            }
            Some(LineRange { start: first.start, end, line })
        })
    }

    /// The entries of the exception table; they stop where the table is malformed.
    pub fn handlers(&self) -> impl Iterator<Item = HandlerRange> {
        let mut rest = &*self.exceptiontable;
        std::iter::from_fn(move || {
            let start = 2 * read_number(&mut rest)?;
            let end = start + 2 * read_number(&mut rest)?;
            let target = 2 * read_number(&mut rest)?;
            let depth = read_number(&mut rest)?;
            Some(HandlerRange { start, end, target, depth: depth >> 1, lasti: depth & 1 != 0 })
        })
    }

    /// The handler of an exception raised by the instruction at a byte offset.
    pub fn handler_at(&self, offset: usize) -> Option<HandlerRange> {
        self.handlers().take_while(|range| range.start <= offset).find(|range| offset < range.end)
    }

    /// `co_branches()`: byte offsets of conditional jumps with those of both continuations: not taken, taken.
    pub fn branches(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let mut instructions = self.instructions().peekable();
        std::iter::from_fn(move || {
            loop {
                let instruction = instructions.next()?;
                match instruction.opcode {
                    Some(Opcode::FOR_ITER) => {
                        // The end of the loop begins with END_FOR and POP_ITER, which CPython skips.
                        return Some((instruction.offset, instruction.end(), instruction.jump_target()? + 4));
                    }
                    Some(opcode) if opcode.is_conditional_jump() => {
                        let next = instructions.peek();
                        let marked = next.filter(|next| next.opcode == Some(Opcode::NOT_TAKEN));
                        if let Some(next) = marked {
                            return Some((instruction.offset, next.end(), instruction.jump_target()?));
                        }
                    }
                    Some(Opcode::END_ASYNC_FOR) => {
                        // The branch is the END_SEND that it names; NOT_TAKEN follows that.
                        let source = instruction.jump_target()?;
                        return Some((source, source + 4, instruction.end()));
                    }
                    _ => {}
                }
            }
        })
    }
}

fn read_position(kind: u8, line: &mut i32, rest: &mut &[u8]) -> Option<Position> {
    let byte = |rest: &mut &[u8]| -> Option<i32> {
        let (&first, after) = rest.split_first()?;
        *rest = after;
        Some(i32::from(first))
    };
    let column = |number: u32| (number != 0).then(|| number as i32 - 1);
    match kind {
        15 => Some(Position::default()),
        14 => {
            *line = line.wrapping_add(read_signed(rest)?);
            let end_line = line.wrapping_add(read_varint(rest)? as i32);
            let start_column = column(read_varint(rest)?);
            let end_column = column(read_varint(rest)?);
            Some(Position { line: Some(*line), end_line: Some(end_line), column: start_column, end_column })
        }
        13 => {
            *line = line.wrapping_add(read_signed(rest)?);
            Some(Position { line: Some(*line), end_line: Some(*line), column: None, end_column: None })
        }
        10..=12 => {
            *line = line.wrapping_add(i32::from(kind) - 10);
            let (column, end_column) = (byte(rest)?, byte(rest)?);
            Some(Position { line: Some(*line), end_line: Some(*line), column: Some(column), end_column: Some(end_column) })
        }
        _ => {
            let second = byte(rest)?;
            let column = i32::from(kind) << 3 | second >> 4;
            let end_column = column + (second & 15);
            Some(Position { line: Some(*line), end_line: Some(*line), column: Some(column), end_column: Some(end_column) })
        }
    }
}

/// A number in little-endian groups of six bits.
fn read_varint(rest: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    let mut shift = 0;
    loop {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number |= u32::from(byte & 0x3F).checked_shl(shift)?;
        shift += 6;
        if byte & 0x40 == 0 {
            return Some(number);
        }
    }
}

fn read_signed(rest: &mut &[u8]) -> Option<i32> {
    let number = read_varint(rest)?;
    let magnitude = (number >> 1) as i32;
    Some(if number & 1 != 0 { -magnitude } else { magnitude })
}

/// A number in big-endian groups of six bits.
fn read_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0usize;
    loop {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number = number.checked_mul(64)? | usize::from(byte & 0x3F);
        if number > u32::MAX as usize {
            return None;
        }
        if byte & 0x40 == 0 {
            return Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HandlerRange, LineRange, Position};
    use crate::CodeObject;

    #[test]
    fn every_form_of_location_is_read() {
        let code = CodeObject {
            firstlineno: 10,
            linetable: vec![
                0x80 | 2 << 3,
                0x35,
                0x80 | 11 << 3 | 1,
                7,
                9,
                0x80 | 13 << 3,
                3,
                0x80 | 15 << 3,
                0x80 | 14 << 3,
                4,
                1,
                0x41,
                2,
                5,
            ]
            .into(),
            ..CodeObject::default()
        };
        let known = |line, end_line, column, end_column| Position {
            line: Some(line),
            end_line: Some(end_line),
            column: Some(column),
            end_column: Some(end_column),
        };
        let no_columns = Position { line: Some(10), end_line: Some(10), column: None, end_column: None };
        let expected =
            [known(10, 10, 19, 24), known(11, 11, 7, 9), known(11, 11, 7, 9), no_columns, Position::default(), known(12, 13, 128, 4)];
        assert_eq!(code.positions().collect::<Vec<_>>(), expected);
        let lines = (0..expected.len()).map(|unit| code.line_at(2 * unit));
        assert!(lines.eq(expected.iter().map(|position| position.line)));
        assert_eq!(code.line_at(2 * expected.len()), None);
        assert_eq!(code.lines().nth(1), Some(LineRange { start: 2, end: 6, line: Some(11) }));
    }

    #[test]
    fn malformed_tables_end_early() {
        let code = CodeObject { linetable: vec![0xF0, 0x40].into(), exceptiontable: vec![0xFF; 30].into(), ..CodeObject::default() };
        assert_eq!(code.positions().count(), 0);
        assert_eq!(code.handlers().count(), 0);
    }

    #[test]
    fn handlers_are_found() {
        let code = CodeObject { exceptiontable: vec![0x82, 3, 0x41, 0, 5].into(), ..CodeObject::default() };
        let handler = HandlerRange { start: 4, end: 10, target: 128, depth: 2, lasti: true };
        assert_eq!(code.handler_at(8), Some(handler));
        assert_eq!(code.handler_at(10), None);
    }
}
