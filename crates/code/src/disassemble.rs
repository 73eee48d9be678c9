//! `disassemble`: the instructions of a code object as text, for tests and for reading; not the output of Python's `dis`.

use std::fmt::Write;

use crate::{BinaryOperator, CodeInstruction, CodeObject, Comparison, Const, Intrinsic1, Intrinsic2, Opcode};

/// One line for each instruction, then one for each exception handler, then the code objects among the constants.
pub fn disassemble(code: &CodeObject) -> String {
    let mut text = String::new();
    write_code(&mut text, code);
    text
}

fn write_code(text: &mut String, code: &CodeObject) {
    let _ = writeln!(text, "{}:", code.qualname);
    let mut last_line = None;
    for instruction in code.instructions() {
        let line = code.line_at(instruction.offset);
        let shown = if line != last_line { line.map_or("--".to_owned(), |line| line.to_string()) } else { String::new() };
        last_line = line;
        let _ = writeln!(text, "{shown:>5} {:>5} {}", instruction.offset, describe_instruction(code, &instruction));
    }
    for range in code.handlers() {
        let lasti = if range.lasti { " lasti" } else { "" };
        let _ = writeln!(text, "    handler {}..{} -> {} [{}]{lasti}", range.start, range.end, range.target, range.depth);
    }
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            text.push('\n');
            write_code(text, inner);
        }
    }
}

/// The name and operand of an instruction.
pub fn describe_instruction(code: &CodeObject, instruction: &CodeInstruction) -> String {
    let name = instruction.opcode.map_or_else(|| format!("<{}>", instruction.number), |opcode| opcode.name().to_owned());
    format!("{name:<24} {}", operand(code, instruction)).trim_end().to_owned()
}

fn operand(code: &CodeObject, instruction: &CodeInstruction) -> String {
    let arg = instruction.arg;
    let Some(opcode) = instruction.opcode.filter(|opcode| opcode.has_arg()) else { return String::new() };
    let name = |number: u32| code.names.get(number as usize).map(ToString::to_string);
    let variable = |number: u32| code.localsplusnames.get(number as usize).map(ToString::to_string);
    let meaning = match opcode {
        Opcode::LOAD_CONST => code.consts.get(arg as usize).map(describe_constant),
        Opcode::LOAD_GLOBAL | Opcode::LOAD_ATTR => name(arg >> 1),
        Opcode::LOAD_SUPER_ATTR => name(arg >> 2),
        Opcode::BINARY_OP => BinaryOperator::from_number(arg).map(|operator| operator.text().to_owned()),
        Opcode::COMPARE_OP => Comparison::from_argument(arg).map(|comparison| comparison.text().to_owned()),
        Opcode::CALL_INTRINSIC_1 => Intrinsic1::from_number(arg).map(|intrinsic| intrinsic.text().to_owned()),
        Opcode::CALL_INTRINSIC_2 => Intrinsic2::from_number(arg).map(|intrinsic| intrinsic.text().to_owned()),
        Opcode::LOAD_FAST_LOAD_FAST
        | Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW
        | Opcode::STORE_FAST_LOAD_FAST
        | Opcode::STORE_FAST_STORE_FAST => variable(arg >> 4).zip(variable(arg & 15)).map(|(first, second)| format!("{first}, {second}")),
        _ if opcode.has_jump() => instruction.jump_target().map(|target| format!("to {target}")),
        _ if opcode.has_name() => name(arg),
        _ if opcode.has_local() || opcode.has_free() => variable(arg),
        _ => None,
    };
    meaning.map_or_else(|| arg.to_string(), |meaning| format!("{arg} ({meaning})"))
}

/// A constant as text.
pub fn describe_constant(constant: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(describe_constant).collect::<Vec<_>>().join(", ");
    match constant {
        Const::None => "None".to_owned(),
        Const::Ellipsis => "...".to_owned(),
        Const::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex(real, imaginary) => format!("{real:?}{imaginary:+?}j"),
        Const::Str(text) => format!("{text:?}"),
        Const::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("{{{}}}", list(items)),
        Const::Slice(parts) => format!("slice({})", list(parts.as_slice())),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}
