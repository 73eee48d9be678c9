//! The machine: exec code, the interpreter loop, calls, unwinding.
//!
//! `translate` makes exec code from bytecode, `interp` runs its fast cases, `slow` has all others, `call` binds arguments and enters
//! frames, `unwind` finds handlers.

mod awaiting;
mod call;
mod code;
mod delegation;
mod extended;
mod fast;
mod frame;
mod generator;
mod interp;
mod locals;
mod machine;
mod op;
mod replace;
mod show;
mod slow;
mod special;
mod support;
mod taking;
mod temporaries;
mod threads;
mod translate;
mod unwind;
mod watch;
mod words;

pub use call::FrameView;
pub use code::ExecCode;
pub use delegation::Outer;
pub use extended::Ext;
pub(crate) use fast::{Step, step};
pub use generator::{Outcome, SavedFrame};
pub(crate) use machine::STACK_WORDS;
pub use machine::{AsyncHooks, BREAK_FINALIZE, BREAK_SIGNAL, Machine};
pub use op::Op;
pub(crate) use threads::Threads;
pub use threads::{ThreadState, Waited, Watcher};
pub(crate) use translate::Translator;
pub use watch::{Event, Monitoring, TOOLS, Watch};
