//! The optimiser and the assembler on small sequences: what comes out is shown by the disassembler.

use bredli_code::{BinaryOperator, Comparison, Const, Opcode, disassemble, flag};
use bredli_text::Wtf8Buf;

use super::Graph;
use crate::assemble::Storage;
use crate::instruction::{InstructionSequence, Location};
use crate::unit::{Cell, Unit, assemble};

const HERE: Location = Location::new(1, 1, 0, 4);

fn function() -> Unit {
    Unit { name: "f".into(), qualname: "f".into(), firstlineno: 1, flags: flag::OPTIMIZED | flag::NEWLOCALS, ..Unit::default() }
}

/// The instructions and handlers of the code, without line and offset.
fn listing(mut unit: Unit, mut sequence: InstructionSequence) -> Vec<String> {
    let code =
        assemble(&mut unit, &mut sequence, &Wtf8Buf::from("f.py"), &mut Graph::default(), &mut Storage::default()).expect("a code object");
    let text = disassemble(&code);
    let shorten = |line: &str| line[line.len().min(12)..].split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().skip(1).map(|line| if line.starts_with("    handler") { line.trim().to_owned() } else { shorten(line) }).collect()
}

#[test]
fn constants_are_folded() {
    let mut unit = function();
    let mut sequence = InstructionSequence::new();
    let two = unit.consts.add(Const::int(2));
    let big = unit.consts.add(Const::int(1000));
    sequence.push(Opcode::LOAD_CONST, two, HERE);
    sequence.push(Opcode::LOAD_CONST, big, HERE);
    sequence.push(Opcode::BINARY_OP, BinaryOperator::Multiply.number(), HERE);
    sequence.push(Opcode::LOAD_CONST, two, HERE);
    sequence.push(Opcode::BUILD_TUPLE, 2, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    assert_eq!(listing(unit, sequence), ["LOAD_CONST 1 ((2000, 2))", "RETURN_VALUE"]);
}

#[test]
fn code_after_a_return_is_removed_and_tests_of_constants_are_decided() {
    let mut unit = function();
    let mut sequence = InstructionSequence::new();
    let zero = unit.consts.add(Const::int(0));
    let otherwise = sequence.new_label();
    sequence.push(Opcode::LOAD_CONST, zero, HERE);
    sequence.push(Opcode::TO_BOOL, 0, HERE);
    sequence.push_jump(Opcode::POP_JUMP_IF_FALSE, otherwise, HERE);
    sequence.push(Opcode::LOAD_CONST, zero, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    sequence.use_label(otherwise);
    let text = unit.consts.add(Const::str("no"));
    sequence.push(Opcode::LOAD_CONST, text, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    assert_eq!(listing(unit, sequence), ["LOAD_CONST 1 (\"no\")", "RETURN_VALUE"]);
}

#[test]
fn locals_are_checked_or_borrowed() {
    let mut unit = function();
    unit.argcount = 1;
    unit.varnames = ["a", "b"].into_iter().map(Wtf8Buf::from).collect();
    let mut sequence = InstructionSequence::new();
    sequence.push(Opcode::LOAD_FAST, 0, HERE);
    sequence.push(Opcode::LOAD_FAST, 1, HERE);
    sequence.push(Opcode::COMPARE_OP, Comparison::Lt.argument(), HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    let expected = ["LOAD_FAST_BORROW 0 (a)", "LOAD_FAST_CHECK 1 (b)", "COMPARE_OP 2 (<)", "RETURN_VALUE"];
    assert_eq!(listing(unit, sequence), expected);
}

#[test]
fn handlers_move_to_the_end() {
    let mut sequence = InstructionSequence::new();
    let handler = sequence.new_label();
    sequence.push_jump(Opcode::SETUP_FINALLY, handler, HERE);
    sequence.push(Opcode::LOAD_GLOBAL, 0, HERE);
    sequence.push(Opcode::POP_BLOCK, 0, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    sequence.use_label(handler);
    sequence.push(Opcode::PUSH_EXC_INFO, 0, HERE);
    sequence.push(Opcode::RERAISE, 0, HERE);
    let mut unit = function();
    unit.names.push("g".into());
    let expected = ["LOAD_GLOBAL 0 (g)", "RETURN_VALUE", "PUSH_EXC_INFO", "RERAISE 0", "handler 0..10 -> 12 [0]"];
    assert_eq!(listing(unit, sequence), expected);
}

#[test]
fn cells_of_parameters_take_their_place() {
    let mut unit = function();
    unit.argcount = 2;
    unit.varnames = ["a", "b"].into_iter().map(Wtf8Buf::from).collect();
    unit.cellvars = vec![Cell { name: "c".into(), local: None }, Cell { name: "b".into(), local: Some(1) }];
    unit.freevars = ["d"].into_iter().map(Wtf8Buf::from).collect();
    let mut sequence = InstructionSequence::new();
    sequence.push(Opcode::LOAD_DEREF, 2, HERE);
    sequence.push(Opcode::STORE_DEREF, 1, HERE);
    sequence.push(Opcode::LOAD_DEREF, 0, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    let expected = [
        "COPY_FREE_VARS 1",
        "MAKE_CELL 1 (b)",
        "MAKE_CELL 2 (c)",
        "LOAD_DEREF 3 (d)",
        "STORE_DEREF 1 (b)",
        "LOAD_DEREF 2 (c)",
        "RETURN_VALUE",
    ];
    assert_eq!(listing(unit, sequence), expected);
}

#[test]
fn impossible_sequences_are_errors() {
    let mut unplaced = InstructionSequence::new();
    let label = unplaced.new_label();
    unplaced.push_jump(Opcode::JUMP, label, HERE);
    assert!(assemble(&mut function(), &mut unplaced, &Wtf8Buf::new(), &mut Graph::default(), &mut Storage::default()).is_err());
    let mut underflow = InstructionSequence::new();
    underflow.push(Opcode::POP_TOP, 0, HERE);
    assert!(assemble(&mut function(), &mut underflow, &Wtf8Buf::new(), &mut Graph::default(), &mut Storage::default()).is_err());
}

#[test]
fn long_jumps_get_prefixes() {
    let mut unit = function();
    unit.argcount = 1;
    unit.varnames = ["a"].into_iter().map(Wtf8Buf::from).collect();
    let mut sequence = InstructionSequence::new();
    let end = sequence.new_label();
    sequence.push(Opcode::LOAD_FAST, 0, HERE);
    sequence.push(Opcode::TO_BOOL, 0, HERE);
    sequence.push_jump(Opcode::POP_JUMP_IF_FALSE, end, HERE);
    for _ in 0..300 {
        sequence.push(Opcode::LOAD_FAST, 0, HERE);
        sequence.push(Opcode::UNARY_NEGATIVE, 0, HERE);
        sequence.push(Opcode::POP_TOP, 0, HERE);
    }
    sequence.use_label(end);
    sequence.push(Opcode::LOAD_FAST, 0, HERE);
    sequence.push(Opcode::RETURN_VALUE, 0, HERE);
    let code = assemble(&mut unit, &mut sequence, &Wtf8Buf::new(), &mut Graph::default(), &mut Storage::default()).expect("a code object");
    let jump = code.instructions().find(|instruction| instruction.opcode == Some(Opcode::POP_JUMP_IF_FALSE)).expect("a jump");
    assert_eq!((jump.offset - jump.start, jump.arg), (2, 901));
    assert_eq!(code.positions().count() * 2, code.code.len());
}
