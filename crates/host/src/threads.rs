//! Operating-system threads.

use std::fmt;
use std::sync::atomic::AtomicU32;

/// What a new thread runs.
pub struct ThreadStart {
    /// The thread's whole life.
    pub body: Box<dyn FnOnce() + Send>,
    /// The stack size in bytes; 0 is the platform's default.
    pub stack_size: usize,
}

impl fmt::Debug for ThreadStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadStart").field("stack_size", &self.stack_size).finish_non_exhaustive()
    }
}

topic! {
    /// Operations on threads.
    pub trait Threads {
        /// Starts a thread that nobody joins; gives the identifier [`Threads::current_thread`] has in it.
        fn spawn_thread(&self, start: ThreadStart) -> Result<u64>;
        /// The calling thread's identifier.
        fn current_thread(&self) -> Result<u64>;
        /// The number the operating system gave the calling thread.
        fn native_thread_id(&self) -> Result<u64>;
        /// The bytes of the calling thread's native stack that are still unused.
        fn native_stack(&self) -> Result<usize>;
        /// Names the calling thread for the operating system.
        fn set_thread_name(&self, name: &[u8]) -> Result<()>;
        /// Lets another thread run.
        fn yield_thread(&self) -> Result<()>;
        /// Waits until [`Threads::wake_word`] is called, for at most `timeout_ns`; at once when the word is not zero.
        fn wait_word(&self, word: &AtomicU32, timeout_ns: Option<i64>) -> Result<()>;
        /// Makes the word not zero and wakes the threads that wait for it.
        fn wake_word(&self, word: &AtomicU32) -> Result<()>;
    }
}
