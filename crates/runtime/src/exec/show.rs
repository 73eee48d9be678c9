//! `-X showexec`: bytecode and exec code side by side, quickened forms included; for people who work on the machine.
//!
//! It is shown when the program ends, for the code that has run by then.

use super::code::ExecCode;
use super::extended::Ext;
use super::op::Op;
use crate::Py;
use crate::config::Shown;
use crate::object::Str;
use bredli_code::opcode::Variant;
use bredli_code::{CodeObject, Opcode, describe_constant, describe_instruction};
use bredli_heap::{Gc, Value};
use std::fmt::Write;
use std::ops::Range;

impl Py {
    /// What `-X showexec` asks for; empty without the option.
    pub fn show_exec(&mut self) -> String {
        let mut text = String::new();
        let Some(shown) = self.config.show_exec.clone() else { return text };
        let program = self.program_file();
        for code in &self.translated {
            let this = code.get(self);
            if let (Some(exec), Some(values), true) = (&this.exec, this.values, is_shown(&this.code, &shown, &program)) {
                write_code(&mut text, &this.code, exec, values.consts.get(self).items());
            }
        }
        text
    }

    /// `__main__.__file__`, in WTF-8; empty without a file.
    fn program_file(&mut self) -> Vec<u8> {
        let name = self.names.__file__;
        let file = self.main_namespace().and_then(|main| self.dict_get(main, name.into())).ok().flatten();
        let file = file.and_then(|file| Gc::<Str>::cast(self, file));
        file.map_or_else(Vec::new, |file| file.get(self).bytes().to_vec())
    }
}

impl ExecCode {
    /// Bytecode offsets, each with the words that come from it.
    fn pieces(&self) -> impl Iterator<Item = (u32, Range<usize>)> {
        let ends = self.map.pairs().skip(1).map(|(word, _)| word).chain([self.words.len()]);
        self.map.pairs().zip(ends).map(|((start, offset), end)| (offset, start..end))
    }

    /// Writes into bytecode the specialised forms of CPython that come nearest to the quickened ones here.
    pub(crate) fn show_quickened(&self, bytecode: &mut [u8]) {
        for (offset, words) in self.pieces() {
            let mut at = words.start;
            while at < words.end {
                let op = self.op_at(at);
                at += Op::WORDS[op as usize];
                let Some(opcode) = bytecode.get_mut(offset as usize) else { continue };
                let general = Opcode::from_number(u16::from(*opcode));
                if let Some(number) = general.and_then(|general| specialized(op, general)) {
                    *opcode = number;
                }
            }
        }
    }

    /// The instruction at a word, whatever stands over it at the moment.
    fn op_at(&self, at: usize) -> Op {
        let number = self.hidden.iter().find(|(word, _)| *word as usize == at).map_or(self.words[at] as u8, |(_, hidden)| *hidden);
        Op::ALL[number as usize]
    }
}

/// The number of the form of an instruction in CPython that does what a quickened instruction does here.
fn specialized(op: Op, general: Opcode) -> Option<u8> {
    let name = match (general, op) {
        (Opcode::LOAD_GLOBAL, Op::LoadGlobalModule) => "LOAD_GLOBAL_MODULE",
        (Opcode::LOAD_GLOBAL, Op::LoadGlobalBuiltin) => "LOAD_GLOBAL_BUILTIN",
        (Opcode::LOAD_ATTR, Op::LoadAttrSlot | Op::LoadAttrSlots | Op::LoadMethodSlot) => "LOAD_ATTR_INSTANCE_VALUE",
        (Opcode::LOAD_ATTR, Op::LoadAttrClass) => "LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES",
        (Opcode::LOAD_ATTR, Op::LoadAttrType | Op::LoadMethodType | Op::LoadMethodClass) => "LOAD_ATTR_CLASS",
        (Opcode::LOAD_ATTR, Op::LoadAttrProperty) => "LOAD_ATTR_PROPERTY",
        (Opcode::LOAD_ATTR, Op::LoadAttrModule | Op::LoadMethodModule) => "LOAD_ATTR_MODULE",
        (Opcode::LOAD_ATTR, Op::LoadMethodCached) => "LOAD_ATTR_METHOD_WITH_VALUES",
        (Opcode::STORE_ATTR, Op::StoreAttrSlot | Op::StoreAttrSlots) => "STORE_ATTR_INSTANCE_VALUE",
        (Opcode::CALL, Op::CallFunction) => "CALL_PY_EXACT_ARGS",
        (Opcode::CALL, Op::CallPython) => "CALL_PY_GENERAL",
        (Opcode::CALL, Op::CallNative | Op::CallCollector) => "CALL_NON_PY_GENERAL",
        (Opcode::CALL, Op::CallLen) => "CALL_LEN",
        (Opcode::CALL, Op::CallIsInstance) => "CALL_ISINSTANCE",
        (Opcode::CALL, Op::CallClass) => "CALL_BUILTIN_CLASS",
        _ => return None,
    };
    Variant::from_name(name).map(|variant| variant.number as u8)
}

fn is_shown(code: &CodeObject, shown: &Shown, program: &[u8]) -> bool {
    let file = code.filename.as_bytes();
    match shown {
        Shown::Program => file == b"<string>" || file == b"<stdin>" || file == program,
        Shown::Named(name) => code.qualname.as_bytes() == name,
    }
}

fn write_code(text: &mut String, code: &CodeObject, exec: &ExecCode, consts: &[Value]) {
    let _ = writeln!(text, "{} (line {}), frame of {} slots:", code.qualname, code.firstlineno, exec.frame_size);
    for (slot, name) in code.localsplusnames.iter().enumerate() {
        let _ = writeln!(text, "    slot {slot} = {name}");
    }
    let first = exec.pieces().next().map_or(exec.words.len(), |(_, words)| words.start);
    write_words(text, code, exec, consts, 0..first);
    let mut last_line = None;
    for instruction in code.instructions() {
        let line = code.line_at(instruction.offset);
        let shown = line.filter(|_| line != last_line).map_or_else(String::new, |line| line.to_string());
        last_line = line;
        let description = describe_instruction(code, &instruction);
        let _ = writeln!(text, "{shown:>6} {:>5} {description}", instruction.offset);
        for (_, words) in exec.pieces().filter(|(offset, _)| *offset as usize == instruction.offset) {
            write_words(text, code, exec, consts, words);
        }
    }
    for handler in &exec.handlers {
        let lasti = if handler.lasti { ", with the offset" } else { "" };
        let _ = writeln!(
            text,
            "    handler of words {}..{} at word {}, slot {}{lasti}",
            handler.start, handler.end, handler.target, handler.slot
        );
    }
    text.push('\n');
}

/// The exec instructions in a range of words.
fn write_words(text: &mut String, code: &CodeObject, exec: &ExecCode, consts: &[Value], range: Range<usize>) {
    let mut at = range.start;
    while at < range.end {
        let op = exec.op_at(at);
        let (name, meaning) = match op {
            Op::Extended => {
                let operation = usize::from((exec.words[at] >> 8) as u8);
                (Ext::NAMES[operation], Ext::DOCS[operation])
            }
            _ => (Op::NAMES[op as usize], Op::DOCS[op as usize]),
        };
        let operands = operands(op, exec, at, code, consts);
        let _ = writeln!(text, "             | {at:>4} {name:<20} {operands:<24} ; {meaning}");
        at += Op::WORDS[op as usize];
    }
}

fn operands(op: Op, exec: &ExecCode, at: usize, code: &CodeObject, consts: &[Value]) -> String {
    let word = exec.words[at];
    let (x, a, b, c) = ((word >> 8) as u8, (word >> 16) as u16, (word >> 32) as u16, (word >> 48) as u16);
    let wide = (word >> 32) as u32 as i32;
    let second = exec.words.get(at + 1).copied().unwrap_or(0) as i64;
    let to = |distance: i64| format!("-> {}", at as i64 + distance);
    match op {
        Op::Jump | Op::JumpBack => to(wide.into()),
        Op::JumpIfFalse | Op::JumpIfTrue | Op::JumpIfNone | Op::JumpIfNotNone => format!("a={a} {}", to(wide.into())),
        Op::LoadInt => format!("a={a} {wide}"),
        Op::LoadConst => {
            let constant = consts.iter().position(|value| value.bits() as i64 == second).and_then(|number| code.consts.get(number));
            format!("a={a} {}", constant.map_or_else(|| "a value".to_owned(), describe_constant))
        }
        op if op.is_compare_jump() || matches!(op, Op::ForIter | Op::Send) => format!("x={x} a={a} b={b} c={c} {}", to(second)),
        Op::Extended => format!("a={a} b={b} c={c}"),
        _ => format!("x={x} a={a} b={b} c={c}"),
    }
}
