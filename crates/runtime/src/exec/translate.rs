//! From bytecode to exec code, in one linear pass.
//!
//! The translator keeps the evaluation stack virtually: loads of locals and constants are deferred until they are used, stores into locals
//! become the destination of the instruction before. Every stack entry has a home slot, and at labels all entries
//! are in their homes. A callable's entry is followed by the words of a frame header, so that arguments are evaluated straight into
//! the locals of the callee.

use super::code::{ExecCode, OffsetMap, Operand, Start};
use super::extended::Ext;
use super::frame::HEADER;
use super::op::{Op, encode, encode_wide};
use super::words::{jump_of_ints, outcomes};
use bredli_code::{CodeObject, HandlerRange, Opcode, flag};
use bredli_heap::Value;
use decode::{Instruction, decode, jump_target};
use labels::Labels;

/// Where the value of a stack entry is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    /// In its home slot.
    Home,
    /// In a local variable.
    Local(u16),
    /// A constant's word.
    Const(u64),
    /// The absent self of a call.
    Null,
}

/// A virtual stack entry.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    at: At,
    home: u16,
}

/// Why code cannot be translated.
#[derive(Debug)]
pub(crate) struct Untranslatable(pub &'static str);

pub(crate) type Outcome<T = ()> = Result<T, Untranslatable>;

/// Translates one code object after the other; what it works with finds room that is there.
#[derive(Default)]
pub(crate) struct Translator {
    locals: u16,
    /// What the bytecode says.
    instructions: Vec<Instruction>,
    regions: Vec<HandlerRange>,
    /// What is made of it.
    words: Vec<u64>,
    map: Vec<(u32, u32)>,
    starts: Vec<Start>,
    /// The state before the next instruction.
    index: usize,
    stack: Vec<Entry>,
    reachable: bool,
    labels: Labels,
    fixups: Vec<(usize, Fixup, u32)>,
    highest: u16,
    kept: u16,
    generator: bool,
    stream: Stream,
}

/// The longest code, in instructions, whose room is kept.
const KEPT: usize = 1 << 9;

/// Which of the two forms of exec code is made.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Stream {
    /// What runs normally.
    #[default]
    Plain,
    /// With a `Trace` in front of every instruction and none joined. The frame is the same at every instruction that the plain form has, too.
    Instrumented,
}

#[derive(Clone, Copy)]
enum Fixup {
    /// The distance is in b and c of the instruction word itself.
    Wide,
    /// The distance is the second word.
    NextWord,
}

/// Translate a code object. `consts` are its constants as values.
pub(crate) fn translate(room: &mut Option<Box<Translator>>, code: &CodeObject, consts: &[Value], stream: Stream) -> Outcome<ExecCode> {
    let mut translator = room.take().unwrap_or_default();
    translator.begin(code, stream)?;
    translator.run(consts)?;
    let exec = translator.finish(code)?;
    *room = Some(translator).filter(|translator| translator.instructions.len() <= KEPT);
    Ok(exec)
}

impl Translator {
    fn begin(&mut self, code: &CodeObject, stream: Stream) -> Outcome {
        self.labels.reset(code.code.len() / 2);
        self.instructions.clear();
        decode(&code.code, &mut self.instructions, &mut self.labels)?;
        self.regions.clear();
        self.regions.extend(code.handlers());
        for region in &self.regions {
            self.labels.add(region.start as u32);
            self.labels.add(region.target as u32);
        }
        self.locals = u16::try_from(code.localspluskinds.len()).map_err(|_| Untranslatable("too many local variables"))?;
        (self.highest, self.kept) = (self.locals, self.locals);
        self.words.clear();
        self.map.clear();
        self.stack.clear();
        self.fixups.clear();
        (self.index, self.reachable) = (0, true);
        self.generator = code.flags & (flag::GENERATOR | flag::COROUTINE | flag::ASYNC_GENERATOR) != 0;
        self.stream = stream;
        Ok(())
    }

    fn run(&mut self, consts: &[Value]) -> Outcome {
        let first_traced = self.instructions.iter().position(|i| i.opcode == Opcode::RESUME).unwrap_or(0);
        // Patched at the end, when the frame size is known.
        self.map.push((0, 0));
        self.words.push(0);
        while self.index < self.instructions.len() {
            let instruction = self.instructions[self.index];
            // Labels may point at an EXTENDED_ARG prefix.
            let start = instruction.start();
            if self.labels.contains(start) || instruction.prefix != 0 && self.labels.contains(instruction.offset) {
                self.label(start)?;
            }
            if self.reachable {
                if self.map.last().is_none_or(|(_, offset)| *offset != instruction.offset) {
                    self.map.push((self.words.len() as u32, instruction.offset));
                }
                if self.stream == Stream::Instrumented && self.index >= first_traced {
                    self.trace(instruction);
                }
                self.instruction(instruction, consts)?;
            }
            self.index += 1;
        }
        Ok(())
    }

    fn trace(&mut self, i: Instruction) {
        let stack = self.stack.iter().map(|entry| match entry.at {
            At::Home => Operand::Slot(entry.home),
            At::Local(local) => Operand::Slot(local),
            At::Const(word) => Operand::Const(word),
            At::Null => Operand::Null,
        });
        let (word, number) = (self.words.len() as u32, self.starts.len() as i32);
        let (offset, opcode, arg, stack) = (i.offset, i.opcode, i.arg, stack.collect());
        self.starts.push(Start { offset, word, plain: None, opcode, arg, line: None, begins_line: false, stack });
        self.emit(encode_wide(Op::Trace, 0, 0, number));
    }

    fn label(&mut self, offset: u32) -> Outcome {
        if self.reachable {
            self.flush();
            if self.labels.stack(offset).is_some_and(|known| *known != self.stack) {
                return Err(Untranslatable("stacks differ where paths join"));
            }
        } else if let Some(known) = self.labels.stack(offset) {
            self.stack.clear();
            self.stack.extend_from_slice(known);
            self.reachable = true;
        } else {
            return Ok(());
        }
        self.labels.set_word(offset, self.words.len() as u32);
        self.map.push((self.words.len() as u32, offset));
        self.enter_regions(offset);
        Ok(())
    }

    fn finish(&mut self, code: &CodeObject) -> Outcome<ExecCode> {
        for &(word, kind, target) in &self.fixups {
            let Some(to) = self.labels.word(target) else { return Err(Untranslatable("jump into nowhere")) };
            let distance = to as i64 - word as i64;
            let distance = i32::try_from(distance).map_err(|_| Untranslatable("code too large"))?;
            match kind {
                Fixup::Wide => self.words[word] |= (distance as u32 as u64) << 32,
                Fixup::NextWord => self.words[word + 1] = distance as i64 as u64,
            }
        }
        let handlers = self.handlers()?;
        let handles = self.generator && self.regions.iter().any(|region| !self.is_stop_wrapper(region.target as u32));
        let parameters = code.parameter_count() as u16;
        let frame_size = self.highest as u32 + 2 + HEADER as u32;
        let small = u16::try_from(frame_size).map_err(|_| Untranslatable("frame too large"))?;
        self.words[0] = encode(Op::Resume, 0, parameters, self.locals, small);
        Ok(ExecCode {
            words: self.words.as_slice().into(),
            map: OffsetMap::new(&self.map),
            handlers,
            frame_size,
            locals: self.locals,
            flags: code.flags,
            kept: self.kept as u32,
            handles,
            starts: std::mem::take(&mut self.starts).into_boxed_slice(),
            hidden: Vec::new(),
        })
    }

    // ---- the virtual stack

    fn next_home(&self, stack: &[Entry]) -> u16 {
        stack.last().map_or(self.locals, |entry| entry.home + 1)
    }

    fn push(&mut self, at: At) -> u16 {
        let home = self.next_home(&self.stack);
        self.stack.push(Entry { at, home });
        self.highest = self.highest.max(home + 1);
        home
    }

    fn pop(&mut self) -> Outcome<Entry> {
        self.stack.pop().ok_or(Untranslatable("stack underflow"))
    }

    fn top(&self, depth: usize) -> Outcome<Entry> {
        let len = self.stack.len();
        if depth == 0 || depth > len { Err(Untranslatable("stack underflow")) } else { Ok(self.stack[len - depth]) }
    }

    fn emit(&mut self, word: u64) {
        self.words.push(word);
    }

    fn op(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) {
        self.words.push(encode(op, x, a, b, c));
    }

    fn ext(&mut self, ext: Ext, a: u16, b: u16, c: u16) {
        self.op(Op::Extended, ext as u8, a, b, c);
        self.words.push(0);
    }

    fn load_word(&mut self, slot: u16, word: u64) {
        let small = word.wrapping_sub(Value::INT_MIDDLE) as i64;
        match i32::try_from(small) {
            Ok(int) => self.emit(encode_wide(Op::LoadInt, 0, slot, int)),
            Err(_) => {
                self.op(Op::LoadConst, 0, slot, 0, 0);
                self.emit(word);
            }
        }
    }

    /// Put entry `index` into its home slot.
    fn materialise(&mut self, index: usize) {
        let entry = self.stack[index];
        match entry.at {
            At::Home | At::Null => return,
            At::Local(local) => self.op(Op::Move, 0, entry.home, local, 0),
            At::Const(word) => self.load_word(entry.home, word),
        }
        self.stack[index].at = At::Home;
    }

    fn flush(&mut self) {
        for index in 0..self.stack.len() {
            self.materialise(index);
        }
    }

    fn materialise_top(&mut self, count: usize) -> Outcome {
        let len = self.stack.len();
        let start = len.checked_sub(count).ok_or(Untranslatable("stack underflow"))?;
        for index in start..len {
            self.materialise(index);
        }
        Ok(())
    }

    /// Before local `local` changes: entries that still mean its old value.
    fn save_local(&mut self, local: u16) {
        for index in 0..self.stack.len() {
            if self.stack[index].at == At::Local(local) {
                self.materialise(index);
            }
        }
    }

    /// The slot of the entry `depth` from the top, its constant loaded where there is one.
    fn slot(&mut self, depth: usize) -> Outcome<u16> {
        let entry = self.top(depth)?;
        Ok(match entry.at {
            At::Local(local) => local,
            At::Home => entry.home,
            At::Const(_) => {
                let index = self.stack.len() - depth;
                self.materialise(index);
                entry.home
            }
            At::Null => return Err(Untranslatable("no value where one is needed")),
        })
    }

    /// The small int of the top entry, if it is a constant that fits an operand.
    fn small_int(&self, depth: usize) -> Option<i16> {
        match self.top(depth).ok()?.at {
            At::Const(word) => i16::try_from(word.wrapping_sub(Value::INT_MIDDLE) as i64).ok(),
            _ => None,
        }
    }

    /// Whether the next instruction can become part of this one: nothing jumps to it, nor watches it, and it is as wanted.
    fn next_is(&self, wanted: impl Fn(&Instruction) -> bool) -> bool {
        self.stream == Stream::Plain
            && self.instructions.get(self.index + 1).is_some_and(|next| wanted(next) && !self.labels.contains(next.offset))
            && !self.labels.contains(self.instructions[self.index].next)
    }

    /// The destination for a result that replaces the top: a local when a store follows, else the new top's home.
    fn destination(&mut self) -> u16 {
        if self.next_is(|next| matches!(next.opcode, Opcode::STORE_FAST | Opcode::STORE_FAST_LOAD_FAST)) {
            let Instruction { opcode, arg, .. } = self.instructions[self.index + 1];
            let (local, loaded) = if opcode == Opcode::STORE_FAST { (arg, None) } else { (arg >> 4, Some(arg & 15)) };
            let local = local as u16;
            if !self.stack.iter().any(|entry| entry.at == At::Local(local)) {
                self.index += 1;
                if let Some(loaded) = loaded {
                    self.push(At::Local(loaded as u16));
                }
                return local;
            }
        }
        self.push(At::Home)
    }

    // ---- jumps

    fn jump_to(&mut self, target: u32) -> Outcome {
        match self.labels.stack(target) {
            Some(known) if *known != self.stack => Err(Untranslatable("stacks differ where paths join")),
            Some(_) => Ok(()),
            None => {
                self.labels.set_stack(target, &self.stack, &[]);
                Ok(())
            }
        }
    }

    fn wide_jump(&mut self, op: Op, a: u16, target: u32) -> Outcome {
        self.jump_to(target)?;
        self.fixups.push((self.words.len(), Fixup::Wide, target));
        self.emit(encode_wide(op, 0, a, 0));
        Ok(())
    }

    fn word_jump(&mut self, word: u64, target: u32) -> Outcome {
        self.jump_to(target)?;
        self.fixups.push((self.words.len(), Fixup::NextWord, target));
        self.emit(word);
        self.emit(0);
        Ok(())
    }

    // ---- instructions

    fn instruction(&mut self, i: Instruction, consts: &[Value]) -> Outcome {
        use Opcode::*;
        let arg = i.arg;
        match i.opcode {
            NOP | CACHE | NOT_TAKEN | RESUME | EXTENDED_ARG => {}
            LOAD_FAST | LOAD_FAST_BORROW => {
                self.push(At::Local(arg as u16));
            }
            LOAD_FAST_LOAD_FAST | LOAD_FAST_BORROW_LOAD_FAST_BORROW => {
                self.push(At::Local((arg >> 4) as u16));
                self.push(At::Local((arg & 15) as u16));
            }
            LOAD_FAST_CHECK => {
                self.ext(Ext::CheckBound, arg as u16, 0, 0);
                self.push(At::Local(arg as u16));
            }
            LOAD_FAST_AND_CLEAR => {
                self.save_local(arg as u16);
                let home = self.push(At::Home);
                self.op(Op::Take, 0, home, arg as u16, 0);
            }
            STORE_FAST => self.store_local(arg as u16)?,
            STORE_FAST_STORE_FAST => {
                self.store_local((arg >> 4) as u16)?;
                self.store_local((arg & 15) as u16)?;
            }
            STORE_FAST_LOAD_FAST => {
                self.store_local((arg >> 4) as u16)?;
                self.push(At::Local((arg & 15) as u16));
            }
            DELETE_FAST => {
                self.save_local(arg as u16);
                self.ext(Ext::DeleteFast, arg as u16, 0, 0);
            }
            LOAD_CONST => {
                let value = consts.get(arg as usize).ok_or(Untranslatable("constant out of range"))?;
                self.push(At::Const(value.bits()));
            }
            LOAD_SMALL_INT => {
                self.push(At::Const(Value::small(arg as i32).bits()));
            }
            POP_TOP | END_FOR => {
                self.pop()?;
            }
            POP_ITER => {
                self.pop()?;
            }
            PUSH_NULL => {
                self.materialise_top(1)?;
                let home = self.top(1)?.home + HEADER as u16 - 1;
                self.stack.push(Entry { at: At::Null, home });
                self.highest = self.highest.max(home + 1);
            }
            COPY => {
                let entry = self.top(arg as usize)?;
                match entry.at {
                    At::Home => {
                        let home = self.push(At::Home);
                        self.op(Op::Move, 0, home, entry.home, 0);
                    }
                    at => {
                        self.push(at);
                    }
                }
            }
            SWAP => self.swap(arg as usize)?,
            RETURN_VALUE => {
                let slot = self.slot(1)?;
                self.pop()?;
                let op = if self.generator { Op::ReturnGenerator } else { Op::Return };
                self.op(op, 0, slot, 0, 0);
                self.reachable = false;
            }
            JUMP_FORWARD | JUMP_BACKWARD | JUMP_BACKWARD_NO_INTERRUPT => {
                self.flush();
                let op = if i.opcode == JUMP_BACKWARD { Op::JumpBack } else { Op::Jump };
                if op == Op::JumpBack {
                    self.mark_short_loop(jump_target(&i));
                }
                self.wide_jump(op, 0, jump_target(&i))?;
                self.reachable = false;
            }
            POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE => {
                let slot = self.slot(1)?;
                self.pop()?;
                self.flush();
                let op = match i.opcode {
                    POP_JUMP_IF_FALSE => Op::JumpIfFalse,
                    POP_JUMP_IF_TRUE => Op::JumpIfTrue,
                    POP_JUMP_IF_NONE => Op::JumpIfNone,
                    _ => Op::JumpIfNotNone,
                };
                self.wide_jump(op, slot, jump_target(&i))?;
            }
            COMPARE_OP => self.compare(arg)?,
            IS_OP | CONTAINS_OP => {
                let (b, c) = (self.slot(2)?, self.slot(1)?);
                let op = if i.opcode == IS_OP { Op::Is } else { Op::Contains };
                self.pop()?;
                self.pop()?;
                let a = self.destination();
                self.op(op, arg as u8, a, b, c);
            }
            TO_BOOL => self.to_bool()?,
            UNARY_NOT | UNARY_NEGATIVE | UNARY_INVERT => {
                let op = match i.opcode {
                    UNARY_NOT => Op::Not,
                    UNARY_NEGATIVE => Op::Negative,
                    _ => Op::Invert,
                };
                self.unary(op, 0)?;
            }
            BINARY_OP => self.binary(arg)?,
            STORE_SUBSCR => {
                let (a, b, c) = (self.slot(2)?, self.slot(1)?, self.slot(3)?);
                self.stack.truncate(self.stack.len() - 3);
                self.op(Op::StoreSubscript, 0, a, b, c);
            }
            LOAD_GLOBAL => {
                let name = (arg >> 1) as u16;
                let a = if arg & 1 == 0 { self.destination() } else { self.push(At::Home) };
                self.op(Op::LoadGlobal, 0, a, name, 0);
                self.emit(0);
                self.emit(0);
                if arg & 1 != 0 {
                    self.stack.push(Entry { at: At::Null, home: a + HEADER as u16 - 1 });
                    self.highest = self.highest.max(a + HEADER as u16);
                }
            }
            LOAD_ATTR => self.load_attr(arg)?,
            STORE_ATTR => {
                let (a, b) = (self.slot(1)?, self.slot(2)?);
                self.pop()?;
                self.pop()?;
                self.op(Op::StoreAttr, 0, a, b, arg as u16);
                self.emit(0);
                self.emit(0);
            }
            LOAD_DEREF => {
                let a = self.destination();
                self.op(Op::LoadDeref, 0, a, arg as u16, 0);
            }
            STORE_DEREF => {
                let b = self.slot(1)?;
                self.pop()?;
                self.op(Op::StoreDeref, 0, arg as u16, b, 0);
            }
            GET_ITER => self.unary(Op::GetIter, 0)?,
            FOR_ITER => {
                self.flush();
                let iterator = self.top(1)?.home;
                // At the loop's end the stack is the iterator and one value, which END_FOR pops.
                let end = jump_target(&i);
                let home = self.push(At::Home);
                self.jump_to(end)?;
                self.stack.pop();
                let a = self.destination();
                let _ = home;
                self.fixups.push((self.words.len(), Fixup::NextWord, end));
                self.op(Op::ForIter, 0, iterator, a, 0);
                self.emit(0);
            }
            CALL => self.call(arg as usize)?,
            CALL_KW => self.call_kw(arg as usize)?,
            BUILD_TUPLE | BUILD_LIST => {
                let op = if i.opcode == BUILD_TUPLE { Op::BuildTuple } else { Op::BuildList };
                let first = self.pop_sequence(arg as usize)?;
                let a = self.destination();
                self.op(op, 0, a, first, arg as u16);
            }
            LIST_APPEND => {
                let b = self.slot(1)?;
                self.pop()?;
                let a = self.slot(arg as usize)?;
                self.op(Op::ListAppend, 0, a, b, 0);
            }
            YIELD_VALUE => {
                self.flush();
                let entry = self.pop()?;
                self.kept = self.kept.max(entry.home);
                self.op(Op::Yield, 0, entry.home, 0, entry.home);
                self.push(At::Home);
            }
            SEND => {
                self.flush();
                let (receiver, value) = (self.top(2)?.home, self.top(1)?.home);
                self.word_jump(encode(Op::Send, 0, receiver, value, 0), jump_target(&i))?;
            }
            _ => self.extended(i)?,
        }
        Ok(())
    }

    /// Loops of one instruction are marked at their FOR_ITER, for generators.
    fn mark_short_loop(&mut self, start: u32) {
        let Some(start) = self.labels.word(start).map(|word| word as usize) else { return };
        if let [for_iter, _, body] = self.words[start..]
            && for_iter as u8 == Op::ForIter as u8
        {
            self.words[start] |= u64::from(super::taking::kind_of_loop(for_iter, body)) << 8;
        }
    }

    fn store_local(&mut self, local: u16) -> Outcome {
        let entry = self.pop()?;
        self.save_local(local);
        match entry.at {
            At::Home => self.op(Op::Move, 0, local, entry.home, 0),
            At::Local(from) if from == local => {}
            At::Local(from) => self.op(Op::Move, 0, local, from, 0),
            At::Const(word) => self.load_word(local, word),
            At::Null => self.op(Op::Clear, 0, local, 0, 0),
        }
        Ok(())
    }

    fn swap(&mut self, depth: usize) -> Outcome {
        let (top, other) = (self.top(1)?, self.top(depth)?);
        let len = self.stack.len();
        if depth == 1 {
            return Ok(());
        }
        match (top.at, other.at) {
            (At::Home, At::Home) => self.op(Op::Swap, 0, top.home, other.home, 0),
            (At::Home, at) => {
                self.op(Op::Move, 0, other.home, top.home, 0);
                self.stack[len - depth].at = At::Home;
                self.stack[len - 1].at = at;
            }
            (at, At::Home) => {
                self.op(Op::Move, 0, top.home, other.home, 0);
                self.stack[len - depth].at = at;
                self.stack[len - 1].at = At::Home;
            }
            (a, b) => {
                self.stack[len - depth].at = a;
                self.stack[len - 1].at = b;
            }
        }
        Ok(())
    }

    fn unary(&mut self, op: Op, c: u16) -> Outcome {
        let b = self.slot(1)?;
        self.pop()?;
        let a = self.destination();
        self.op(op, 0, a, b, c);
        Ok(())
    }

    /// TO_BOOL in front of a conditional jump is part of the jump.
    fn to_bool(&mut self) -> Outcome {
        if self.next_is(|next| matches!(next.opcode, Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE | Opcode::UNARY_NOT)) {
            return Ok(());
        }
        self.unary(Op::ToBool, 0)
    }

    fn compare(&mut self, arg: u32) -> Outcome {
        let operator = (arg >> 5) as u8;
        let jumps = self.next_is(|next| matches!(next.opcode, Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE));
        let fused = jumps.then(|| self.instructions[self.index + 1]);
        if let Some(jump) = fused {
            let x = if jump.opcode == Opcode::POP_JUMP_IF_TRUE {
                operator | 8 | outcomes(operator)
            } else {
                operator | !outcomes(operator) & 0xF0
            };
            let word = match self.small_int(1) {
                Some(int) => {
                    let a = self.slot(2)?;
                    encode(jump_of_ints(x, true), x, a, 0, int as u16)
                }
                None => {
                    let (a, b) = (self.slot(2)?, self.slot(1)?);
                    encode(jump_of_ints(x, false), x, a, b, 0)
                }
            };
            self.pop()?;
            self.pop()?;
            self.flush();
            self.index += 1;
            return self.word_jump(word, jump_target(&jump));
        }
        let (b, c) = (self.slot(2)?, self.slot(1)?);
        self.pop()?;
        self.pop()?;
        let a = self.destination();
        let op = if arg & 16 != 0 { Op::CompareBool } else { Op::Compare };
        self.op(op, operator | outcomes(operator), a, b, c);
        Ok(())
    }

    fn binary(&mut self, arg: u32) -> Outcome {
        // BINARY_OP arguments: 0 add, 10 subtract, 13 and 23 their in-place forms, 26 subscribe.
        let immediate = match arg {
            0 | 13 => Some(Op::AddInt),
            10 | 23 => Some(Op::SubtractInt),
            26 => Some(Op::SubscriptInt),
            _ => None,
        };
        if let (Some(op), Some(int)) = (immediate, self.small_int(1)) {
            let b = self.slot(2)?;
            self.pop()?;
            self.pop()?;
            let a = self.destination();
            self.op(op, arg as u8, a, b, int as u16);
            return Ok(());
        }
        let op = match arg {
            0 | 13 => Op::Add,
            10 | 23 => Op::Subtract,
            5 | 18 => Op::Multiply,
            1 | 14 => Op::BitAnd,
            7 | 20 => Op::BitOr,
            12 | 25 => Op::BitXor,
            3 | 16 => Op::ShiftLeft,
            9 | 22 => Op::ShiftRight,
            11 | 24 => Op::TrueDivide,
            2 | 15 => Op::FloorDivide,
            6 | 19 => Op::Remainder,
            26 => Op::Subscript,
            _ => Op::Binary,
        };
        let (b, c) = (self.slot(2)?, self.slot(1)?);
        self.pop()?;
        self.pop()?;
        let a = self.destination();
        self.op(op, arg as u8, a, b, c);
        Ok(())
    }

    fn load_attr(&mut self, arg: u32) -> Outcome {
        let name = (arg >> 1) as u16;
        let b = self.slot(1)?;
        self.pop()?;
        if arg & 1 != 0 {
            let a = self.push(At::Home);
            self.op(Op::LoadMethod, 0, a, b, name);
            self.words.extend([0, 0, 0]);
            let home = a + HEADER as u16;
            self.stack.push(Entry { at: At::Home, home });
            self.highest = self.highest.max(home + 1);
            return Ok(());
        }
        let a = self.destination();
        self.op(Op::LoadAttr, 0, a, b, name);
        self.words.extend([0, 0, 0]);
        self.op(Op::LoadAttrFix, 0, a, 0, 0);
        Ok(())
    }

    /// The first slot of the top `count` entries, which are put into consecutive homes and popped.
    fn pop_sequence(&mut self, count: usize) -> Outcome<u16> {
        self.materialise_top(count)?;
        let start = self.stack.len() - count;
        let first = self.stack.get(start).map_or_else(|| self.next_home(&self.stack), |entry| entry.home);
        self.stack.truncate(start);
        Ok(first)
    }

    /// Bring callable, self and arguments into a call window: its slot, the number of values in it, and whether the first may be empty.
    fn window(&mut self, count: usize) -> Outcome<(u16, usize, bool)> {
        let len = self.stack.len();
        let start = len.checked_sub(count + 2).ok_or(Untranslatable("stack underflow"))?;
        self.materialise_top(count)?;
        self.materialise(start);
        self.materialise(start + 1);
        let (callable, receiver) = (self.stack[start], self.stack[start + 1]);
        let header = HEADER as u16;
        let null = receiver.at == At::Null;
        let placed = if null { receiver.home + 1 == callable.home + header } else { receiver.home == callable.home + header };
        let first = callable.home + header + if null { 0 } else { 1 };
        let consecutive = self.stack[start + 2..].iter().enumerate().all(|(i, entry)| entry.home == first + i as u16);
        if placed && consecutive {
            return Ok((callable.home, count + usize::from(!null), !null));
        }
        let base = self.next_home(&self.stack);
        self.op(Op::Move, 0, base, callable.home, 0);
        let mut at = base + header;
        for index in start + 1..len {
            let entry = self.stack[index];
            if entry.at != At::Null {
                self.op(Op::Move, 0, at, entry.home, 0);
                at += 1;
            }
        }
        self.highest = self.highest.max(at + 1);
        Ok((base, count + usize::from(!null), !null))
    }

    /// Pop the `count` entries of a call and push its result, which the callee leaves in `base`.
    fn finish_call(&mut self, count: usize, base: u16) {
        self.stack.truncate(self.stack.len() - count);
        let home = self.next_home(&self.stack);
        if home == base {
            self.push(At::Home);
            return;
        }
        let a = self.destination();
        self.op(Op::Move, 0, a, base, 0);
    }

    fn call(&mut self, count: usize) -> Outcome {
        let (base, values, maybe_empty) = self.window(count)?;
        self.op(Op::Call, maybe_empty as u8, base, values as u16, 0);
        self.op(Op::CallFix, 0, base, 0, 0);
        self.finish_call(count + 2, base);
        Ok(())
    }

    fn call_kw(&mut self, count: usize) -> Outcome {
        let names = self.pop()?;
        let At::Const(names) = names.at else { return Err(Untranslatable("keyword names are no constant")) };
        let (base, values, maybe_empty) = self.window(count)?;
        self.op(Op::CallKw, maybe_empty as u8, base, values as u16, 0);
        self.emit(names);
        self.op(Op::CallFix, 0, base, 0, 0);
        self.finish_call(count + 2, base);
        Ok(())
    }
}

mod decode;
mod extended_ops;
mod handlers;
mod labels;
