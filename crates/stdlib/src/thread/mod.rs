//! `_thread`: threads, locks, identities.
//!
//! Who runs is decided in `bredli_runtime::exec`; here are the objects that Python code sees. Counterpart: `Modules/_threadmodule.c`.

mod excepthook;
mod handle;
mod local;
mod lock;
mod rlock;
pub(crate) mod waiting;

pub use handle::ThreadHandle;
pub use lock::Lock;
pub use rlock::RLock;

use crate::os_error::host_query;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use local::Local;

/// The least stack size that `stack_size` takes.
const LEAST_STACK: i64 = 53248;

fn callable(py: &mut Py, function: Value, text: &str) -> Result<()> {
    if py.is_callable(function) { Ok(()) } else { raise!(py, TypeError, "{text}") }
}

/// This module provides primitive operations to write multi-threaded programs.
/// The 'threading' module provides a more convenient interface.
#[pymodule(name = "_thread", classes(Lock, RLock, Local, ThreadHandle))]
pub mod thread {
    use super::*;

    pub const TIMEOUT_MAX: f64 = waiting::TIMEOUT_MAX;
    pub const _NAME_MAXLEN: i64 = 15;

    #[constant]
    fn LockType(py: &mut Py) -> Gc<Class> {
        Lock::class(py)
    }

    #[constant]
    fn error(py: &mut Py) -> Gc<Class> {
        py.exceptions.RuntimeError
    }

    /// allocate_lock() -> lock object
    /// (allocate() is an obsolete synonym)
    ///
    /// Create a new lock object. See help(type(threading.Lock())) for
    /// information about locks.
    #[pyfunction]
    #[pyname("allocate_lock", "allocate")]
    #[signature()]
    fn allocate_lock(py: &mut Py) -> Gc<Lock> {
        Lock::new(py)
    }

    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    #[pyfunction]
    #[signature()]
    fn get_ident(py: &mut Py) -> u64 {
        py.thread_ident()
    }

    /// Internal only. Return a non-zero integer that uniquely identifies the main thread
    /// of the main interpreter.
    #[pyfunction]
    #[signature()]
    fn _get_main_thread_ident(py: &mut Py) -> u64 {
        py.main_thread_ident()
    }

    /// Return a non-negative integer identifying the thread as reported
    /// by the OS kernel.
    #[pyfunction]
    #[signature()]
    fn get_native_id(py: &mut Py) -> Result<u64> {
        host_query(py, |host| host.native_thread_id())
    }

    /// Sets the name of the current thread.
    #[pyfunction]
    #[signature(name)]
    fn set_name(py: &mut Py, name: Gc<Str>) -> Result<()> {
        let mut name = name.get(py).lossy();
        while name.len() > _NAME_MAXLEN as usize {
            name.pop();
        }
        host_query(py, |host| host.set_thread_name(name.as_bytes()))
    }

    /// start_new_thread(function, args[, kwargs])
    /// (start_new() is an obsolete synonym)
    ///
    /// Start a new thread and return its identifier.
    ///
    /// The thread will call the function with positional arguments from the
    /// tuple args and keyword arguments taken from the optional dictionary
    /// kwargs.  The thread exits when the function returns; the return value
    /// is ignored.  The thread will also exit when the function raises an
    /// unhandled exception; a stack trace will be printed unless the exception
    /// is SystemExit.
    #[pyfunction]
    #[pyname("start_new_thread", "start_new")]
    #[no_text_signature]
    #[signature(function, args, kwargs=<unrepresentable>, /)]
    fn start_new_thread(py: &mut Py, function: Value, args: Value, kwargs: Option<Value>) -> Result<u64> {
        callable(py, function, "first arg must be callable")?;
        let Some(args) = Gc::<Tuple>::cast(py, args) else { raise!(py, TypeError, "2nd arg must be a tuple") };
        let keywords = match kwargs {
            Some(kwargs) => match Gc::<Dict>::cast(py, kwargs) {
                Some(keywords) => Some(keywords),
                None => raise!(py, TypeError, "optional 3rd arg must be a dictionary"),
            },
            None => None,
        };
        py.audit("_thread.start_new_thread", &[function, args.into(), kwargs.unwrap_or(Value::NONE)])?;
        let handle = ThreadHandle::fresh(py);
        let size = py.thread_stack_size;
        ThreadHandle::start(handle, py, (function, Some(args), keywords), true, size)
    }

    /// *For internal use only*: start a new thread.
    ///
    /// Like start_new_thread(), this starts a new thread calling the given function.
    /// Unlike start_new_thread(), this returns a handle object with methods to join
    /// or detach the given thread.
    /// This function is not for third-party code, please use the
    /// `threading` module instead. During finalization the runtime will not wait for
    /// the thread to exit if daemon is True. If handle is provided it must be a
    /// newly created thread._ThreadHandle instance.
    #[pyfunction]
    #[no_text_signature]
    #[signature(function, handle=None, daemon=True)]
    fn start_joinable_thread(py: &mut Py, function: Value, handle: Value, daemon: bool) -> Result<Gc<ThreadHandle>> {
        callable(py, function, "thread function must be callable")?;
        let given = handle;
        let handle = if handle.is_none() {
            ThreadHandle::fresh(py)
        } else {
            match Gc::<ThreadHandle>::cast(py, handle) {
                Some(handle) => handle,
                None => raise!(py, TypeError, "'handle' must be a _ThreadHandle"),
            }
        };
        let shown = if given.is_none() { Value::NONE } else { handle.into() };
        py.audit("_thread.start_joinable_thread", &[function, Value::small(daemon as i32), shown])?;
        let size = py.thread_stack_size;
        ThreadHandle::start(handle, py, (function, None, None), daemon, size)?;
        Ok(handle)
    }

    /// Return the thread stack size used when creating new threads.  The
    /// optional size argument specifies the stack size (in bytes) to be used
    /// for subsequent thread creation.
    #[pyfunction]
    #[no_text_signature]
    #[signature(size=0, /)]
    fn stack_size(py: &mut Py, size: i64) -> Result<usize> {
        let former = py.thread_stack_size;
        if size != 0 && size < LEAST_STACK {
            raise!(py, ValueError, "size must be at least {LEAST_STACK} bytes");
        }
        py.thread_stack_size = size as usize;
        Ok(former)
    }

    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[pyfunction]
    #[signature()]
    fn daemon_threads_allowed() -> bool {
        true
    }

    /// Return True if the current interpreter is the main Python interpreter.
    #[pyfunction]
    #[signature()]
    fn _is_main_interpreter() -> bool {
        true
    }

    /// Return the number of currently running Python threads, excluding
    /// the main thread. The returned number comprises all threads created
    /// through `start_new_thread()` as well as `threading.Thread`, and not
    /// yet finished.
    #[pyfunction]
    #[signature()]
    fn _count(py: &mut Py) -> usize {
        py.thread_count() - 1
    }

    /// Internal only. Make a thread handle for threads not spawned
    /// by the _thread or threading module.
    #[pyfunction]
    #[signature(ident, /)]
    fn _make_thread_handle(py: &mut Py, ident: u64) -> Gc<ThreadHandle> {
        ThreadHandle::of_running(py, ident)
    }

    /// Wait for all non-daemon threads (other than the calling thread) to stop.
    #[pyfunction]
    #[signature()]
    fn _shutdown(py: &mut Py) -> Result<()> {
        ThreadHandle::wait_for_all(py)
    }

    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    /// If *signum* is omitted, SIGINT is assumed.
    /// A subthread can use this function to interrupt the main thread.
    ///
    /// Note: the default signal handler for SIGINT raises ``KeyboardInterrupt``.
    #[pyfunction]
    #[signature(signum=2, /)]
    fn interrupt_main(py: &mut Py, signum: i32) -> Result<()> {
        if !(1..=64).contains(&signum) {
            raise!(py, ValueError, "signal number out of range");
        }
        if !crate::signal::is_handled(py, signum) {
            return Ok(());
        }
        host_query(py, |host| host.simulate_signal(signum))
    }

    /// This is synonymous to ``raise SystemExit''.  It will cause the current
    /// thread to exit silently unless the exception is caught.
    #[pyfunction]
    #[pyname("exit", "exit_thread")]
    #[signature()]
    fn exit(py: &mut Py) -> Result {
        let class: Value = py.exceptions.SystemExit.into();
        let exception = py.call(class, &[])?;
        Err(py.raise(exception))
    }

    /// _excepthook($module, (exc_type, exc_value, exc_traceback, thread), /)
    /// --
    ///
    /// Handle uncaught Thread.run() exception.
    #[pyfunction]
    #[signature(args, /)]
    fn _excepthook(py: &mut Py, args: Value) -> Result<()> {
        excepthook::show(py, args)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        excepthook::add_class(py, module)
    }
}
