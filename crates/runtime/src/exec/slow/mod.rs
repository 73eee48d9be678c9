//! What the loop's fast cases leave: one function an instruction, filling caches and quickening on the way.
//!
//! A slow function gets a position and gives the position where to continue; an error goes to the unwinder.

mod arithmetic;
mod attribute;
mod build;
mod calls;
mod classes;
mod control;
mod import;
mod matching;
mod names;

pub(super) use control::resume;

use super::ExecCode;
use super::extended::Ext;
use super::frame::At;
use super::op::{Op, encode};
use super::special;
use super::translate::{Outcome, Stream, translate};
use super::unwind::unwind;
use super::watch::Raise;
use crate::object::Tuple;
use crate::types::Code;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// The instrumented form of a code object.
    pub(super) fn ensure_instrumented(&mut self, code: Gc<Code>) -> Result<()> {
        if code.get(self).instrumented.is_some() {
            return Ok(());
        }
        ensure_translated(self, code)?;
        let consts = self.code_values(code)?.consts;
        match translate_with_consts(self, code, consts, Stream::Instrumented) {
            Ok(mut exec) => {
                let this = code.get(self);
                super::watch::complete_starts(&mut exec, &this.code, this.exec.as_deref());
                code.get_mut(self).instrumented = Some(Box::new(exec));
                Ok(())
            }
            Err(problem) => {
                let name = code.get(self).name.get(self).lossy();
                raise!(self, SystemError, "{name}: cannot watch this code: {}", problem.0)
            }
        }
    }
}

/// The entry of code that has not been translated.
static TRANSLATE: u64 = encode(Op::Translate, 0, 0, 0, 0);

/// Execute the instruction at a position the slow way. The position to continue at comes back in two registers; its `pc` is null where the run
/// ends with an exception.
#[inline(never)]
pub(super) fn step(py: &mut Py, at: At) -> At {
    if at.op() <= Op::Resume as u8 {
        return enter(py, at);
    }
    py.machine.enter(at);
    match dispatch(py, at) {
        // Word by word: a copy of both at once would wait for the two stores just made.
        Ok(At { pc, fp }) => At { pc, fp },
        Err(_) => unwind(py, at, Raise::First).unwrap_or(At::ENDED),
    }
}

/// Execute an extended operation, like [`step`].
#[inline(never)]
pub(super) fn extended_step(py: &mut Py, at: At) -> At {
    py.machine.enter(at);
    match extended(py, at, Ext::ALL[at.x() as usize]) {
        Ok(At { pc, fp }) => At { pc, fp },
        Err(_) => {
            let raise = control::kind_of_raise(py, at);
            unwind(py, at, raise).unwrap_or(At::ENDED)
        }
    }
}

/// The instructions between two frames: the entry of a function, and the exit to a frame object.
#[cold]
fn enter(py: &mut Py, at: At) -> At {
    if at.op() == Op::FrameExit as u8 {
        return py.frame_exit(at);
    }
    if at.op() == Op::Redirect as u8 {
        return match super::watch::redirect(py, at) {
            Ok(at) => at,
            Err(_) => unwind(py, at, Raise::Again(None)).unwrap_or(At::ENDED),
        };
    }
    if at.op() == Op::Translate as u8 {
        return match control::translate_entry(py, at) {
            Ok(at) => at,
            Err(_) => {
                let caller = At { pc: caller_pc(at), fp: at.caller().fp };
                let ended = std::ptr::eq(at.caller().pc, &super::machine::HALT);
                if ended { At::ENDED } else { unwind(py, caller, Raise::First).unwrap_or(At::ENDED) }
            }
        };
    }
    // The header of a fresh frame is not complete: only what lies below it counts.
    py.machine.fp = at.caller().fp;
    py.machine.pc = caller_pc(at);
    // SAFETY: the new frame's parameters are in use.
    py.machine.top = unsafe { at.fp.add(at.c()) };
    match control::resume(py, at) {
        Ok(at) => at,
        Err(_) => {
            at.set_header(super::frame::INFO, (at.c() as u64) << 32 | 1);
            unwind(py, at, Raise::Again(None)).unwrap_or(At::ENDED)
        }
    }
}

/// The instruction of the caller's frame that is under way; fresh frames have no frame object yet.
pub(super) fn caller_pc(at: At) -> *const u64 {
    let back = at.caller().pc;
    if std::ptr::eq(back, &super::machine::HALT) || special::is_exit(back) {
        return at.header(super::frame::OUTER_PC) as *const u64;
    }
    // SAFETY: the word before a return address belongs to the call.
    unsafe { back.sub(1) }
}

fn dispatch(py: &mut Py, at: At) -> Result<At> {
    match Op::ALL[at.op() as usize] {
        Op::Trace => super::watch::trace(py, at),
        Op::Add
        | Op::Subtract
        | Op::Multiply
        | Op::BitAnd
        | Op::BitOr
        | Op::BitXor
        | Op::ShiftLeft
        | Op::ShiftRight
        | Op::TrueDivide
        | Op::FloorDivide
        | Op::Remainder
        | Op::Binary
        | Op::AddInt
        | Op::SubtractInt
        | Op::Is
        | Op::BuildList
        | Op::MatchSequence
        | Op::BuildTuple
        | Op::Redirect
        | Op::Resume
        | Op::Translate
        | Op::LoadAttrFix
        | Op::FrameExit
        | Op::SpecialExit
        | Op::Jump
        | Op::Move
        | Op::Swap
        | Op::Take
        | Op::LoadConst
        | Op::LoadInt
        | Op::Clear
        | Op::Halt
        | Op::Return
        | Op::JumpIfNone
        | Op::JumpIfNotNone
        | Op::JumpLess
        | Op::JumpLessEqual
        | Op::JumpEqual
        | Op::JumpNotEqual
        | Op::JumpGreaterEqual
        | Op::JumpGreater
        | Op::JumpLessInt
        | Op::JumpLessEqualInt
        | Op::JumpEqualInt
        | Op::JumpNotEqualInt
        | Op::JumpGreaterEqualInt
        | Op::JumpGreaterInt => {
            raise!(py, SystemError, "an instruction without slow case took it")
        }
        Op::JumpBack => {
            py.poll()?;
            Ok(at.jump((at.word() >> 32) as i32))
        }
        Op::JumpIfFalse | Op::JumpIfTrue => control::jump_if(py, at),
        Op::CompareJump | Op::CompareIntJump => arithmetic::compare_jump(py, at),
        Op::Compare | Op::CompareBool => arithmetic::compare(py, at),
        Op::Contains => arithmetic::contains(py, at),
        Op::ToBool => {
            let truth = py.truth(at.get(at.b()))?;
            at.set(at.a(), Value::bool(truth));
            Ok(at.next(1))
        }
        Op::Not => {
            let truth = py.truth(at.get(at.b()))?;
            at.set(at.a(), Value::bool(!truth));
            Ok(at.next(1))
        }
        Op::Negative | Op::Invert => arithmetic::unary(py, at),
        Op::Subscript | Op::SubscriptInt => arithmetic::subscript(py, at),
        Op::StoreSubscript => arithmetic::store_subscript(py, at),
        Op::BinarySlice => arithmetic::binary_slice(py, at),
        Op::StoreSlice => arithmetic::store_slice(py, at),
        Op::LoadGlobal | Op::LoadGlobalModule | Op::LoadGlobalBuiltin => names::load_global(py, at),
        Op::LoadAttr
        | Op::LoadAttrSlot
        | Op::LoadAttrSlots
        | Op::LoadAttrClass
        | Op::LoadAttrType
        | Op::LoadAttrProperty
        | Op::LoadAttrModule
        | Op::LoadAttrAny => attribute::load_attr(py, at),
        Op::LoadMethod
        | Op::LoadMethodCached
        | Op::LoadMethodSlot
        | Op::LoadMethodType
        | Op::LoadMethodClass
        | Op::LoadMethodModule
        | Op::LoadMethodAny => attribute::load_method(py, at),
        Op::StoreAttr | Op::StoreAttrSlot | Op::StoreAttrSlots | Op::StoreAttrAny => attribute::store_attr(py, at),
        Op::LoadDeref | Op::StoreDeref => names::deref(py, at),
        Op::GetLen => matching::length(py, at),
        Op::GetIter => {
            let object = at.get(at.b());
            let name = py.names.__iter__;
            if let Some(frame) = special::enter(py, at, name, [object]) {
                return Ok(frame);
            }
            let iterator = py.iter(object)?;
            at.set(at.a(), iterator);
            Ok(at.next(1))
        }
        Op::ForIter => control::for_iter(py, at),
        Op::Call
        | Op::CallFunction
        | Op::CallPython
        | Op::CallNative
        | Op::CallLen
        | Op::CallIsInstance
        | Op::CallClass
        | Op::CallCollector => calls::call(py, at),
        Op::CallFix => calls::init_result(py, at),
        Op::CallKw => calls::call_kw(py, at),
        Op::UnpackTuple => {
            build::unpack(py, at, at.c(), at.b(), |index| at.a() - 1 - index)?;
            Ok(at.next(1))
        }
        Op::UnpackPair => {
            build::unpack(py, at, at.c(), 2, |index| [at.a(), at.b()][index])?;
            Ok(at.next(1))
        }
        Op::ListAppend => {
            let list = Gc::known(py, at.get(at.a()));
            py.list_push(list, at.get(at.b()))?;
            Ok(at.next(1))
        }
        Op::MakeGenerator => Ok(super::generator::make(py, at)),
        Op::CopyFreeVars => raise!(py, SystemError, "a closure is missing"),
        Op::GetAwaitable | Op::GetYieldFromIter => super::awaiting::source(py, at),
        Op::ReturnGenerator => super::generator::finish(py, at),
        Op::Yield => super::generator::yield_value(py, at),
        Op::Send => super::generator::send(py, at),
        Op::Extended => raise!(py, SystemError, "an extended operation has its own exit"),
    }
}

fn extended(py: &mut Py, at: At, ext: Ext) -> Result<At> {
    match ext {
        Ext::DeleteSubscript => py.del_item(at.get(at.a()), at.get(at.b()))?,
        Ext::BuildMap
        | Ext::BuildSet
        | Ext::BuildSlice
        | Ext::BuildString
        | Ext::BuildTemplate
        | Ext::BuildInterpolation
        | Ext::FormatSimple
        | Ext::FormatWithSpec
        | Ext::ConvertValue
        | Ext::ListExtend
        | Ext::SetAdd
        | Ext::SetUpdate
        | Ext::MapAdd
        | Ext::DictUpdate
        | Ext::DictMerge => build::build(py, at, ext)?,
        Ext::UnpackSequence => build::unpack(py, at, at.b(), at.c(), |index| at.a() - 1 - index)?,
        Ext::UnpackEx => build::unpack_ex(py, at)?,
        Ext::LoadName
        | Ext::StoreName
        | Ext::DeleteName
        | Ext::StoreGlobal
        | Ext::DeleteGlobal
        | Ext::LoadLocals
        | Ext::LoadFromDictOrGlobals
        | Ext::LoadFromDictOrDeref
        | Ext::LoadDerefCheck
        | Ext::DeleteDeref
        | Ext::DeleteFast
        | Ext::CheckBound
        | Ext::LoadBuildClass
        | Ext::LoadCommonConstant
        | Ext::SetupAnnotations => names::name(py, at, ext)?,
        Ext::DeleteAttr => {
            let name = at.name(py, at.c());
            py.set_attr(at.get(at.a()), name, None)?;
        }
        Ext::LoadSuperAttr | Ext::LoadSuperMethod | Ext::LoadSpecial => attribute::special(py, at, ext)?,
        Ext::MakeCell | Ext::MakeFunction | Ext::SetFunctionAttribute | Ext::PushExcInfo | Ext::PopExcept => {
            raise!(py, SystemError, "an operation without slow case took it")
        }
        Ext::Intrinsic1 | Ext::Intrinsic2 => classes::intrinsic(py, at, ext)?,
        Ext::ImportName | Ext::ImportFrom => import::import(py, at, ext)?,
        Ext::MatchClass | Ext::MatchKeys | Ext::MatchMapping => matching::matching(py, at, ext)?,
        Ext::CheckExcMatch
        | Ext::CheckEgMatch
        | Ext::Raise
        | Ext::Reraise
        | Ext::WithExceptStart
        | Ext::CleanupThrow
        | Ext::EndAsyncFor
        | Ext::ExitInitCheck
        | Ext::StopIterationError => control::exceptions(py, at, ext)?,
        Ext::CallEx => return calls::call_ex(py, at),
        Ext::GetAiter | Ext::GetAnext => super::awaiting::asynchronous(py, at, ext)?,
        Ext::NotTranslated => raise!(py, SystemError, "unknown opcode"),
    }
    Ok(at.next(2))
}

impl At {
    /// The opcode byte.
    #[inline(always)]
    pub(super) fn op(self) -> u8 {
        self.word() as u8
    }
}

/// Where a function with this code starts.
pub(super) fn entry_of(code: &Code) -> *const u64 {
    match &code.exec {
        Some(exec) => exec.words.as_ptr(),
        None => &TRANSLATE,
    }
}

/// The number of values that enter a function with this code without binding.
pub(super) fn plain_args_of(code: &Code) -> u32 {
    code.code.plain_parameters().unwrap_or(u32::MAX)
}

/// Translate a code object unless it is already.
pub(super) fn ensure_translated(py: &mut Py, code: Gc<Code>) -> Result<()> {
    if code.get(py).exec.is_some() {
        return Ok(());
    }
    let consts = py.code_values(code)?.consts;
    match translate_with_consts(py, code, consts, Stream::Plain) {
        Ok(exec) => {
            code.get_mut(py).exec = Some(Box::new(exec));
            py.translated.push(code);
            if py.monitoring.active {
                py.redirect_entry(code);
            }
            Ok(())
        }
        Err(problem) => {
            let unknown = code.get(py).code.instructions().find(|instruction| instruction.opcode.is_none());
            if let Some(unknown) = unknown {
                raise!(py, SystemError, "unknown opcode {}", unknown.number);
            }
            let name = code.get(py).name.get(py).lossy();
            raise!(py, SystemError, "{name}: cannot run this code: {}", problem.0)
        }
    }
}

fn translate_with_consts(py: &mut Py, code: Gc<Code>, consts: Gc<Tuple>, stream: Stream) -> Outcome<ExecCode> {
    let mut room = py.translator.take();
    let translated = translate(&mut room, &code.get(py).code, consts.get(py).items(), stream);
    py.translator = room;
    translated
}

/// Put every instruction of a code object back into its unquickened form.
pub(super) fn reset_caches(py: &mut Py, code: Gc<Code>) {
    let hidden = py.uncover(code);
    let this = code.get_mut(py);
    [&mut this.exec, &mut this.instrumented].into_iter().flatten().for_each(|exec| reset_words(exec));
    py.cover(code, &hidden);
}

fn reset_words(exec: &mut ExecCode) {
    let mut at = 0;
    while at < exec.words.len() {
        let op = Op::ALL[exec.words[at] as u8 as usize];
        let general = match op {
            Op::LoadAttrSlot | Op::LoadAttrSlots | Op::LoadAttrClass | Op::LoadAttrType | Op::LoadAttrProperty => Some(Op::LoadAttr),
            Op::LoadMethodCached | Op::LoadMethodSlot | Op::LoadMethodType | Op::LoadMethodClass => Some(Op::LoadMethod),
            Op::StoreAttrSlot | Op::StoreAttrSlots => Some(Op::StoreAttr),
            _ => None,
        };
        if let Some(general) = general {
            exec.words[at] = exec.words[at] & !0xFF | general as u64;
        }
        at += Op::WORDS[op as usize];
    }
}

/// Translate the code of a function and let the function start there.
pub(super) fn ensure_translated_function(py: &mut Py, function: Gc<crate::types::Function>) -> Result<()> {
    if std::ptr::eq(function.get(py).entry, &TRANSLATE) {
        let code = function.get(py).code;
        ensure_translated(py, code)?;
        let entry = entry_of(code.get(py));
        function.get_mut(py).entry = entry;
    }
    Ok(())
}
