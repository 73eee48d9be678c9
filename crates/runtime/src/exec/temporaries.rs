//! Forgetting what frames no longer need, so that a collection which Python code asks for is exact.
//!
//! The collector takes every word below the top of the VM stack for a reference. Temporaries that have been used stay there until something
//! overwrites them, which ordinary collections put up with.

use super::call::FrameView;
use super::extended::Ext;
use super::frame::{At, HEADER, OUTER_PC};
use super::machine::HALT;
use super::op::Op;
use crate::Py;
use crate::types::BuiltinFunction;
use bredli_heap::Gc;

impl Py {
    /// Empty the words of the running frames that hold nothing any more.
    pub(crate) fn clear_dead_temporaries(&mut self) {
        let mut called_native = true;
        let mut next = self.current_frame();
        while let Some(view) = next {
            let at = view.position();
            if called_native {
                clear_window(self, at);
            }
            let back = self.return_address(at);
            called_native = std::ptr::eq(back, &HALT);
            if !called_native && !super::special::is_exit(back) && !self.is_generator_frame(at) {
                at.set_header(OUTER_PC, 0);
            }
            next = FrameView::caller(view, self);
        }
    }
}

/// Clear what lies around the arguments of the native call that a frame is in.
fn clear_window(py: &Py, at: At) {
    let (base, used) = (at.a(), at.a() + HEADER + at.b());
    let call = match Op::ALL[at.op() as usize] {
        Op::Call | Op::CallFunction | Op::CallNative | Op::CallLen | Op::CallIsInstance | Op::CallCollector | Op::CallKw => true,
        Op::Extended if at.x() == Ext::CallEx as u8 => false,
        _ => return,
    };
    let size = (at.top() as usize - at.fp as usize) / size_of::<u64>();
    let used = if call { used } else { base.max(at.b()).max(if at.c() == usize::from(u16::MAX) { 0 } else { at.c() }) + 1 };
    for slot in used..size {
        at.clear(slot);
    }
    if call {
        // The last word of the header may hold the receiver.
        let function = at.slot(base).and_then(|callee| Gc::<BuiltinFunction>::cast(py, callee));
        let with_receiver = function.is_none_or(|function| function.get(py).receiver.is_some());
        for slot in base + 1..base + HEADER - usize::from(with_receiver) {
            at.clear(slot);
        }
    }
}
