//! Where instrumented code begins a line, and where it meets plain code.
//!
//! Counterpart: `initialize_lines` in `Python/instrumentation.c`.

use crate::exec::ExecCode;
use bredli_code::{CodeObject, Opcode};
use std::collections::HashMap;

/// Fill in what the translator leaves open.
pub(in crate::exec) fn complete_starts(instrumented: &mut ExecCode, code: &CodeObject, plain: Option<&ExecCode>) {
    let lines: Vec<Option<i32>> = code.positions().map(|position| position.line).collect();
    let line_at = |offset: u32| lines.get(offset as usize / 2).copied().flatten();
    let by_offset: HashMap<u32, usize> = instrumented.starts.iter().enumerate().map(|(index, start)| (start.offset, index)).collect();
    let mut current = None;
    for start in instrumented.starts.iter_mut() {
        start.line = line_at(start.offset);
        if may_begin(start.opcode) {
            start.begins_line = start.line.is_some() && start.line != current;
            current = start.line;
        }
    }
    for instruction in code.instructions() {
        let Some(target) = instruction.jump_target() else { continue };
        mark(instrumented, &by_offset, target as u32);
    }
    for handler in code.handlers() {
        mark(instrumented, &by_offset, handler.target as u32);
    }
    let Some(plain) = plain else { return };
    let mut words: HashMap<u32, u32> = HashMap::new();
    for (word, offset) in plain.map.pairs() {
        words.insert(offset, word as u32);
    }
    let mut last = None;
    for start in instrumented.starts.iter_mut() {
        let word = words.get(&start.offset).copied().filter(|word| *word != 0);
        // Of instructions that are one word there, the first one begins with the same frame.
        start.plain = word.filter(|_| word != last);
        last = word.or(last);
    }
}

/// Whether an instruction can begin a line: the others are skipped by jumps or belong to the machinery.
fn may_begin(opcode: Opcode) -> bool {
    !matches!(opcode, Opcode::RESUME | Opcode::END_FOR | Opcode::END_SEND | Opcode::END_ASYNC_FOR | Opcode::POP_ITER)
}

fn mark(instrumented: &mut ExecCode, by_offset: &HashMap<u32, usize>, target: u32) {
    // A target may be the prefix of an instruction.
    let found = (target..target + 8).step_by(2).find_map(|offset| by_offset.get(&offset));
    if let Some(start) = found.and_then(|index| instrumented.starts.get_mut(*index))
        && start.line.is_some()
        && may_begin(start.opcode)
    {
        start.begins_line = true;
    }
}
