//! Translation of the instructions that become extended operations.

use super::{At, Entry, HEADER, Instruction, Op, Outcome, Translator, Untranslatable, jump_target};
use crate::exec::extended::Ext;
use crate::exec::op::encode;
use bredli_code::{Opcode, function_attribute};

const ABSENT: u16 = 0xFFFF;

/// The argument of a BINARY_OP that is a subscript.
const SUBSCRIPT: u32 = 26;

/// Whether an instruction gives the function just made its closure.
fn gives_closure(i: &Instruction) -> bool {
    i.opcode == Opcode::SET_FUNCTION_ATTRIBUTE && i.arg == function_attribute::CLOSURE
}

impl Translator {
    /// Pop `count` entries, put into consecutive homes; the operation gets the first slot as b and gives one result.
    fn ext_sequence(&mut self, ext: Ext, count: usize, c: u16) -> Outcome {
        let first = self.pop_sequence(count)?;
        let a = self.destination();
        self.ext(ext, a, first, c);
        Ok(())
    }

    /// Pop one operand, push one result.
    fn ext_unary(&mut self, ext: Ext, c: u16) -> Outcome {
        let b = self.slot(1)?;
        self.pop()?;
        let a = self.destination();
        self.ext(ext, a, b, c);
        Ok(())
    }

    /// Pop two operands, push one result.
    fn ext_binary(&mut self, ext: Ext) -> Outcome {
        let (b, c) = (self.slot(2)?, self.slot(1)?);
        self.pop()?;
        self.pop()?;
        let a = self.destination();
        self.ext(ext, a, b, c);
        Ok(())
    }

    /// Push one result.
    fn ext_load(&mut self, ext: Ext, b: u16, c: u16) {
        let a = self.destination();
        self.ext(ext, a, b, c);
    }

    /// Pop one operand into a collection further down.
    fn ext_into(&mut self, ext: Ext, depth: usize, c: u16) -> Outcome {
        let b = self.slot(1)?;
        self.pop()?;
        let a = self.slot(depth)?;
        self.ext(ext, a, b, c);
        Ok(())
    }

    /// Two results beside each other; the first keeps the home of the popped entries.
    fn ext_pair(&mut self, ext: Ext, popped: usize, b: u16, c: u16) -> Outcome {
        self.stack.truncate(self.stack.len() - popped);
        let a = self.push(At::Home);
        self.push(At::Home);
        self.ext(ext, a, b, c);
        Ok(())
    }

    pub(super) fn extended(&mut self, i: Instruction) -> Outcome {
        use Opcode::*;
        let arg = i.arg as u16;
        match i.opcode {
            BINARY_SLICE => self.binary_slice(3)?,
            STORE_SLICE => {
                let first = self.pop_sequence(4)?;
                self.op(Op::StoreSlice, 0, first, 0, 0);
            }
            DELETE_SUBSCR => {
                let (a, b) = (self.slot(2)?, self.slot(1)?);
                self.stack.truncate(self.stack.len() - 2);
                self.ext(Ext::DeleteSubscript, a, b, 0);
            }
            BUILD_MAP => self.ext_sequence(Ext::BuildMap, 2 * arg as usize, arg)?,
            BUILD_SET => self.ext_sequence(Ext::BuildSet, arg as usize, arg)?,
            BUILD_SLICE if arg == 3 && self.next_is(|next| next.opcode == BINARY_OP && next.arg == SUBSCRIPT) => {
                self.index += 1;
                // What fails is the subscript.
                self.map.push((self.words.len() as u32, self.instructions[self.index].offset));
                self.binary_slice(4)?;
            }
            BUILD_SLICE => self.ext_sequence(Ext::BuildSlice, arg as usize, arg)?,
            BUILD_STRING => self.ext_sequence(Ext::BuildString, arg as usize, arg)?,
            BUILD_TEMPLATE => self.ext_binary(Ext::BuildTemplate)?,
            BUILD_INTERPOLATION => self.ext_sequence(Ext::BuildInterpolation, 2 + (arg & 1) as usize, arg)?,
            FORMAT_SIMPLE => self.ext_unary(Ext::FormatSimple, 0)?,
            FORMAT_WITH_SPEC => self.ext_binary(Ext::FormatWithSpec)?,
            CONVERT_VALUE => self.ext_unary(Ext::ConvertValue, arg)?,
            LIST_EXTEND => self.ext_into(Ext::ListExtend, arg as usize, 0)?,
            SET_ADD => self.ext_into(Ext::SetAdd, arg as usize, 0)?,
            SET_UPDATE => self.ext_into(Ext::SetUpdate, arg as usize, 0)?,
            DICT_UPDATE => self.ext_into(Ext::DictUpdate, arg as usize, 0)?,
            DICT_MERGE => {
                let callable = self.top(arg as usize + 4)?.home;
                self.materialise(self.stack.len() - arg as usize - 4);
                self.ext_into(Ext::DictMerge, arg as usize, callable)?;
            }
            MAP_ADD => {
                let (b, c) = (self.slot(2)?, self.slot(1)?);
                self.stack.truncate(self.stack.len() - 2);
                let a = self.slot(arg as usize)?;
                self.ext(Ext::MapAdd, a, b, c);
            }
            LOAD_NAME => self.ext_load(Ext::LoadName, 0, arg),
            STORE_NAME | STORE_GLOBAL => {
                let a = self.slot(1)?;
                self.pop()?;
                self.ext(if i.opcode == STORE_NAME { Ext::StoreName } else { Ext::StoreGlobal }, a, 0, arg);
            }
            DELETE_NAME => self.ext(Ext::DeleteName, 0, 0, arg),
            DELETE_GLOBAL => self.ext(Ext::DeleteGlobal, 0, 0, arg),
            LOAD_LOCALS => self.ext_load(Ext::LoadLocals, 0, 0),
            LOAD_FROM_DICT_OR_GLOBALS => self.ext_unary(Ext::LoadFromDictOrGlobals, arg)?,
            LOAD_FROM_DICT_OR_DEREF => self.ext_unary(Ext::LoadFromDictOrDeref, arg)?,
            DELETE_DEREF => self.ext(Ext::DeleteDeref, arg, 0, 0),
            MAKE_CELL => self.ext(Ext::MakeCell, arg, 0, 0),
            COPY_FREE_VARS => {
                let first = self.locals.checked_sub(arg).ok_or(Untranslatable("more free variables than local ones"))?;
                self.op(Op::CopyFreeVars, 0, first, arg, 0);
            }
            DELETE_ATTR => {
                let a = self.slot(1)?;
                self.pop()?;
                self.ext(Ext::DeleteAttr, a, 0, arg);
            }
            LOAD_SUPER_ATTR => self.load_super(i.arg)?,
            LOAD_SPECIAL => {
                let b = self.slot(1)?;
                self.ext_pair(Ext::LoadSpecial, 1, b, arg)?;
            }
            LOAD_BUILD_CLASS => self.ext_load(Ext::LoadBuildClass, 0, 0),
            LOAD_COMMON_CONSTANT => self.ext_load(Ext::LoadCommonConstant, arg, 0),
            MAKE_FUNCTION if self.next_is(gives_closure) => {
                let (closure, code) = (self.slot(2)?, self.slot(1)?);
                self.stack.truncate(self.stack.len() - 2);
                self.index += 1;
                let a = self.destination();
                self.ext(Ext::MakeFunction, a, code, closure);
            }
            MAKE_FUNCTION => self.ext_unary(Ext::MakeFunction, ABSENT)?,
            SET_FUNCTION_ATTRIBUTE => {
                self.materialise_top(1)?;
                let (function, value) = (self.top(1)?.home, self.slot(2)?);
                self.stack.truncate(self.stack.len() - 2);
                let a = self.push(At::Home);
                // The value may live in the slot that receives the function.
                self.ext(Ext::SetFunctionAttribute, function, value, arg);
                self.op(Op::Move, 0, a, function, 0);
            }
            IMPORT_NAME => {
                let (level, list) = (self.slot(2)?, self.slot(1)?);
                self.stack.truncate(self.stack.len() - 2);
                let home = self.push(At::Home);
                if level != home {
                    self.op(Op::Move, 0, home, level, 0);
                }
                self.ext(Ext::ImportName, home, list, arg);
            }
            IMPORT_FROM => {
                let b = self.slot(1)?;
                self.ext_load(Ext::ImportFrom, b, arg);
            }
            CALL_INTRINSIC_1 => self.ext_unary(Ext::Intrinsic1, arg)?,
            CALL_INTRINSIC_2 => self.ext_sequence(Ext::Intrinsic2, 2, arg)?,
            UNPACK_SEQUENCE | UNPACK_EX => self.unpack(i)?,
            GET_LEN => {
                let b = self.slot(1)?;
                let a = self.destination();
                self.op(Op::GetLen, 0, a, b, 0);
            }
            MATCH_CLASS => self.ext_sequence(Ext::MatchClass, 3, arg)?,
            MATCH_KEYS => {
                self.materialise_top(2)?;
                let b = self.top(2)?.home;
                self.ext_load(Ext::MatchKeys, b, 0);
            }
            MATCH_MAPPING | MATCH_SEQUENCE => {
                let b = self.slot(1)?;
                if i.opcode == MATCH_MAPPING {
                    self.ext_load(Ext::MatchMapping, b, 0);
                } else {
                    let a = self.destination();
                    self.op(Op::MatchSequence, 0, a, b, 0);
                }
            }
            PUSH_EXC_INFO => {
                self.materialise_top(1)?;
                let home = self.top(1)?.home;
                self.ext_pair(Ext::PushExcInfo, 1, home, 0)?;
            }
            POP_EXCEPT => {
                let a = self.slot(1)?;
                self.pop()?;
                self.ext(Ext::PopExcept, a, 0, 0);
            }
            CHECK_EXC_MATCH => {
                let (b, c) = (self.slot(2)?, self.slot(1)?);
                self.pop()?;
                let a = self.destination();
                self.ext(Ext::CheckExcMatch, a, b, c);
            }
            CHECK_EG_MATCH => {
                self.materialise_top(2)?;
                let b = self.top(2)?.home;
                self.ext_pair(Ext::CheckEgMatch, 2, b, b + 1)?;
            }
            RAISE_VARARGS => {
                let first = self.pop_sequence(arg as usize)?;
                let called = matches!(*self.words, [.., call, fix] if call as u8 == Op::Call as u8
                    && fix == encode(Op::CallFix, 0, first, 0, 0));
                self.ext(Ext::Raise, arg, first, u16::from(called && arg == 1));
                self.reachable = false;
            }
            RERAISE => {
                self.materialise_top(1 + arg as usize)?;
                let exception = self.top(1)?.home;
                let lasti = if arg != 0 { self.top(arg as usize + 1)?.home } else { ABSENT };
                self.ext(Ext::Reraise, exception, 0, lasti);
                self.reachable = false;
            }
            WITH_EXCEPT_START => {
                self.materialise_top(5)?;
                let (exit, exception) = (self.top(5)?.home, self.top(1)?.home);
                self.ext_load(Ext::WithExceptStart, exit, exception);
            }
            CALL_FUNCTION_EX => self.call_ex()?,
            RETURN_GENERATOR => {
                self.op(Op::MakeGenerator, 0, 0, 0, 0);
                self.push(At::Home);
            }
            GET_AWAITABLE => self.unary(Op::GetAwaitable, arg)?,
            GET_AITER => self.ext_unary(Ext::GetAiter, 0)?,
            GET_ANEXT => {
                let b = self.slot(1)?;
                self.ext_load(Ext::GetAnext, b, 0);
            }
            END_ASYNC_FOR => {
                self.materialise_top(2)?;
                let (iterator, exception) = (self.top(2)?.home, self.top(1)?.home);
                self.stack.truncate(self.stack.len() - 2);
                self.ext(Ext::EndAsyncFor, iterator, exception, 0);
            }
            GET_YIELD_FROM_ITER => self.unary(Op::GetYieldFromIter, 0)?,
            CLEANUP_THROW => {
                self.materialise_top(3)?;
                let first = self.top(3)?.home;
                self.stack.truncate(self.stack.len() - 3);
                self.push(At::Home);
                self.push(At::Home);
                self.ext(Ext::CleanupThrow, first, first + 1, first + 2);
            }
            END_SEND => {
                // [receiver, value] becomes [value].
                self.materialise_top(1)?;
                let value = self.top(1)?.home;
                self.stack.truncate(self.stack.len() - 2);
                let a = self.destination();
                self.op(Op::Move, 0, a, value, 0);
            }
            SETUP_ANNOTATIONS => self.ext(Ext::SetupAnnotations, 0, 0, 0),
            EXIT_INIT_CHECK => {
                let a = self.slot(1)?;
                self.pop()?;
                self.ext(Ext::ExitInitCheck, a, 0, 0);
            }
            _ => {
                let _ = jump_target(&i);
                return Err(Untranslatable("unexpected instruction"));
            }
        }
        Ok(())
    }

    /// A slice of the object under its `entries` - 1 bounds.
    fn binary_slice(&mut self, entries: usize) -> Outcome {
        let first = self.pop_sequence(entries)?;
        let a = self.destination();
        self.op(Op::BinarySlice, (entries - 3) as u8, a, first, 0);
        Ok(())
    }

    fn load_super(&mut self, arg: u32) -> Outcome {
        let name = (arg >> 2) as u16;
        // Bit 1: two arguments were written; the lookup is the same.
        let first = self.pop_sequence(3)?;
        if arg & 1 != 0 {
            let a = self.push(At::Home);
            let home = a + HEADER as u16;
            self.stack.push(Entry { at: At::Home, home });
            self.highest = self.highest.max(home + 1);
            self.ext(Ext::LoadSuperMethod, a, first, name);
        } else {
            let a = self.destination();
            self.ext(Ext::LoadSuperAttr, a, first, name);
        }
        Ok(())
    }

    /// The results go to the homes from the popped entry on, the first one on top.
    fn unpack(&mut self, i: Instruction) -> Outcome {
        let count = if i.opcode == Opcode::UNPACK_SEQUENCE { i.arg as usize } else { (i.arg & 0xFF) as usize + 1 + (i.arg >> 8) as usize };
        let b = self.slot(1)?;
        self.pop()?;
        if i.opcode == Opcode::UNPACK_SEQUENCE
            && count == 2
            && let Some((first, second)) = self.pair_of_locals()
        {
            self.save_local(first);
            self.save_local(second);
            self.op(Op::UnpackPair, 0, first, second, b);
            return Ok(());
        }
        if i.opcode == Opcode::UNPACK_SEQUENCE && count == 2 {
            let second = self.push(At::Home);
            let first = match self.local_stored_next() {
                Some(local) => local,
                None => self.push(At::Home),
            };
            self.op(Op::UnpackPair, 0, first, second, b);
            return Ok(());
        }
        let base = self.next_home(&self.stack);
        for _ in 0..count {
            self.push(At::Home);
        }
        let highest = base + count as u16;
        if i.opcode == Opcode::UNPACK_SEQUENCE {
            if count > 0 {
                self.op(Op::UnpackTuple, 0, highest, count as u16, b);
            } else {
                self.ext(Ext::UnpackSequence, highest, b, count as u16);
            }
        } else {
            self.ext(Ext::UnpackEx, highest, b, i.arg as u16);
        }
        Ok(())
    }

    /// The local that the next instruction stores into; that is then done.
    fn local_stored_next(&mut self) -> Option<u16> {
        self.next_is(|next| next.opcode == Opcode::STORE_FAST).then(|| {
            self.index += 1;
            let local = self.instructions[self.index].arg as u16;
            self.save_local(local);
            local
        })
    }

    /// The two locals that the next instructions store into; these are then done.
    fn pair_of_locals(&mut self) -> Option<(u16, u16)> {
        let mut locals = None;
        if self.next_is(|next| next.opcode == Opcode::STORE_FAST_STORE_FAST) {
            let arg = self.instructions[self.index + 1].arg as u16;
            self.index += 1;
            return Some((arg >> 4, arg & 15));
        }
        if self.next_is(|next| next.opcode == Opcode::STORE_FAST) {
            self.index += 1;
            if self.next_is(|next| next.opcode == Opcode::STORE_FAST) {
                locals = Some((self.instructions[self.index].arg as u16, self.instructions[self.index + 1].arg as u16));
                self.index += 1;
            } else {
                self.index -= 1;
            }
        }
        locals
    }

    fn call_ex(&mut self) -> Outcome {
        let len = self.stack.len();
        let start = len.checked_sub(4).ok_or(Untranslatable("stack underflow"))?;
        let keywords = self.stack[len - 1];
        let c = if keywords.at == At::Null { ABSENT } else { self.slot(1)? };
        let b = self.slot(2)?;
        self.materialise(start);
        let a = self.stack[start].home;
        self.stack.truncate(start);
        self.op(Op::Extended, Ext::CallEx as u8, a, b, c);
        self.op(Op::CallFix, 0, a, 0, 0);
        self.push(At::Home);
        Ok(())
    }
}
