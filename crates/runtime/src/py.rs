//! The running interpreter: the one token through which all Python state is reached.
//!
//! `&mut Py` in a signature says that Python code may run, memory may be collected, an exception may be set; `&Py` says
//! that nothing of this can happen. `Py` derefs to its heap, so that `object.get(py)` works.

use crate::exec::{Machine, Threads};
use crate::names::Names;
use crate::object::{AccessTable, Class, Dict, Interned, LookupCache, Shape, Str, Tuple};
use crate::types::{Code, Exceptions, Frame, Types};
use bredli_heap::{Gc, Heap, Tracer, Value};
use bredli_host::Host;
use bredli_num::HashKey;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// One interpreter. Never moves once started: the collector and signal handlers know its address.
pub struct Py {
    /// The hot words and the VM stack of the current thread.
    pub(crate) machine: Machine,
    /// The other threads.
    pub(crate) threads: Threads,
    /// The heap all objects of this interpreter live in.
    pub heap: Heap,
    /// [`Heap::deaths_watched`] when the program began: while nothing is added, the last collection can be left out.
    pub deaths_watched_at_start: u64,
    /// The built-in classes.
    pub types: Types,
    /// The built-in exception classes.
    pub exceptions: Exceptions,
    /// Interned strings used from Rust.
    pub names: Names,
    /// Shared immutable objects.
    pub constants: Constants,
    /// The outside world.
    pub host: Arc<dyn Host>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) shape_classes: Vec<Gc<Class>>,
    pub(crate) native_classes: Vec<Option<Gc<Class>>>,
    pub(crate) lookup_cache: LookupCache,
    /// How attributes are found on instances.
    pub(crate) accesses: AccessTable,
    pub(crate) next_version: u32,
    pub(crate) dict_version: u32,
    pub(crate) hash_keys: HashKey,
    /// For text that is made piece by piece; empty while nothing is.
    pub(crate) text_buffer: Vec<u8>,
    /// The namespace of `builtins`.
    pub(crate) builtins_dict: Gc<Dict>,
    /// `sys`' namespace.
    pub(crate) sys_dict: Gc<Dict>,
    /// `sys.modules`
    pub(crate) modules: Gc<Dict>,
    /// Whether the interpreter is at its end: `sys.is_finalizing()`.
    pub finalizing: bool,
    /// What `sys.addaudithook` has been given.
    pub audit_hooks: Option<Gc<crate::types::List>>,
    /// What `_warnings` keeps: filters and registries.
    pub warnings: Option<Value>,
    /// The tasks of `_asyncio` that were started, done or not; not kept alive.
    pub tasks: Vec<Value>,
    /// `importlib._bootstrap`, once imports work.
    pub(crate) import_bootstrap: Option<Value>,
    /// The modules that come with the interpreter; wired by the façade.
    pub library: Option<Arc<dyn crate::Library>>,
    /// What the interpreter was told before it started.
    pub config: Arc<crate::Config>,
    /// Whether frozen modules are used, where tests say otherwise than the configuration.
    pub frozen_override: Option<bool>,
    /// The level of `-O`.
    pub optimize: u8,
    /// Frame objects of running frames, of all threads; the newest last.
    pub(crate) frame_objects: Vec<Gc<Frame>>,
    /// The tools of `sys.monitoring`.
    pub(crate) monitoring: crate::exec::Monitoring,
    /// Code objects whose exec code holds caches.
    pub(crate) translated: Vec<Gc<Code>>,
    /// What translates code, once it has.
    pub(crate) translator: Option<Box<crate::exec::Translator>>,
    /// What to do about signals, by number; the signal module's.
    pub signal_handlers: Vec<Option<Value>>,
    /// Threads that the interpreter's end waits for.
    pub awaited_threads: Vec<Value>,
    /// Bytes of native stack that new threads get; 0 for the usual number.
    pub thread_stack_size: usize,
    /// Nanoseconds that operations of new sockets wait; -1: for ever.
    pub socket_timeout: i64,
    /// Runs Python's signal handlers; set by the signal module.
    pub signal_hook: Option<fn(&mut Py) -> crate::Result<()>>,
    /// What Python code has registered with `codecs`.
    pub(crate) codecs: Option<crate::codecs::Codecs>,
    pub(crate) interned: Interned,
    /// The names of special methods, each at the place of its bit.
    pub(crate) special_names: Vec<Gc<Str>>,
    pub(crate) no_default: Option<bredli_heap::Value>,
    /// Counts registrations with abstract base classes; their negative caches are valid for one count.
    pub abstract_registrations: u64,
    /// Addresses of the containers whose representation is being made.
    pub(crate) repr_stack: Vec<u64>,
    /// `-X importtime`
    pub(crate) import_times: crate::import_time::ImportTimes,
    /// The most decimal digits in conversions between ints and text, 0 for no limit: `sys.get_int_max_str_digits()`.
    pub int_digit_limit: usize,
    pub(crate) format_specs: crate::types::FormatSpecs,
    /// Buffered writers of files that hold bytes. The list does not keep them alive: the collector takes dead ones off.
    pub unflushed: Vec<Value>,
    /// Compiles source text; wired by the façade.
    pub frontend: Option<Arc<dyn crate::Frontend>>,
}

/// Objects of which one is enough.
#[derive(Clone, Copy)]
pub struct Constants {
    /// `""`
    pub empty_str: Gc<Str>,
    /// `()`
    pub empty_tuple: Gc<Tuple>,
    /// The one-character strings below U+0100.
    pub chars: [Gc<Str>; 256],
    /// Functions of `builtins` that the machine knows, as they were made.
    pub functions: KnownFunctions,
}

/// See [`Constants::functions`].
#[derive(Clone, Copy)]
pub struct KnownFunctions {
    /// `all`
    pub all: Value,
    /// `any`
    pub any: Value,
    /// `isinstance`
    pub isinstance: Value,
    /// `len`
    pub len: Value,
}

impl KnownFunctions {
    /// Before `builtins` is made.
    pub(crate) const NONE: Self = Self { all: Value::NONE, any: Value::NONE, isinstance: Value::NONE, len: Value::NONE };

    /// All of them.
    pub(crate) fn values(&self) -> [Value; 4] {
        [self.all, self.any, self.isinstance, self.len]
    }
}

impl Constants {
    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        tracer.gc(self.empty_str);
        tracer.gc(self.empty_tuple);
        for char in self.chars {
            tracer.gc(char);
        }
        for function in self.functions.values() {
            tracer.value(function);
        }
    }
}

impl Deref for Py {
    type Target = Heap;

    #[inline(always)]
    fn deref(&self) -> &Heap {
        &self.heap
    }
}

impl DerefMut for Py {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Heap {
        &mut self.heap
    }
}
