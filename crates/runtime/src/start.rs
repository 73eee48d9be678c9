//! Bringing an interpreter up: strings, core classes, exceptions.
//!
//! The first objects need classes that do not exist yet; they are made with shape numbers known at compile time and
//! connected to their classes at the end.

use crate::config::HashSeed;
use crate::exec::{Machine, STACK_WORDS, Threads};
use crate::names::Names;
use crate::object::{AccessTable, BigInt, Class, Dict, Interned, LookupCache, Shape, Str, Tuple};
use crate::py::{Constants, KnownFunctions};
use crate::types::{Exceptions, Types, shapes};
use crate::{Py, Result};
use bredli_heap::{Config as HeapConfig, Gc, Heap, Liveness, Object, Roots, Tracer};
use bredli_host::Host;
use bredli_num::HashKey;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// What an interpreter is made with.
pub struct Settings {
    /// The outside world.
    pub host: Arc<dyn Host>,
    /// What the interpreter is told.
    pub config: crate::Config,
    /// Bytes of native stack that the interpreter may use.
    pub native_stack: usize,
}

/// About as many strings are interned by the time the first script runs, and there are as many shapes.
const INTERNED: usize = 2500;
const SHAPES: usize = 500;

fn hash_key(settings: &Settings) -> HashKey {
    match settings.config.hash_seed {
        HashSeed::Fixed(seed) => HashKey::from_seed(seed),
        HashSeed::Random => {
            let mut seed = [0; 16];
            // A host without entropy gives every interpreter the same key.
            let _ = settings.host.entropy(&mut seed);
            HashKey::from_bytes(seed)
        }
    }
}

impl Py {
    /// A new interpreter with its core classes, without modules.
    pub fn new(settings: Settings) -> Result<Box<Py>> {
        let stress = settings.config.gc_stress.unwrap_or(0) as usize;
        let mut heap = Heap::with_config(HeapConfig { stress, ..HeapConfig::default() });
        let hash_keys = hash_key(&settings);
        heap.set_shape_layout(shapes::BUFFER, Py::STR_BUFFER_LAYOUT);
        heap.set_shape_layout(shapes::STR, Str::LAYOUT);
        heap.set_shape_layout(shapes::TUPLE, Tuple::LAYOUT);
        let empty_str = Str::placeholder(&mut heap);
        let empty_tuple = Tuple::placeholder(&mut heap);
        let class = Class::placeholder(&mut heap);
        let dict = Dict::placeholder(&mut heap);
        let breaker = Arc::new(AtomicU32::new(0));
        let mut py = Box::new(Py {
            machine: Machine::new(settings.native_stack, STACK_WORDS, breaker.clone()),
            threads: Threads::new(&breaker),
            types: Types::placeholder(class),
            exceptions: Exceptions::placeholder(class),
            names: Names::placeholder(empty_str),
            constants: Constants { empty_str, empty_tuple, chars: [empty_str; 256], functions: KnownFunctions::NONE },
            host: settings.host,
            shapes: Vec::with_capacity(SHAPES),
            shape_classes: Vec::with_capacity(SHAPES),
            native_classes: Vec::new(),
            lookup_cache: LookupCache::new(),
            accesses: AccessTable::EMPTY,
            next_version: 0,
            dict_version: 0,
            hash_keys,
            text_buffer: Vec::new(),
            codecs: None,
            interned: Interned::with_capacity(INTERNED),
            special_names: Vec::new(),
            no_default: None,
            abstract_registrations: 0,
            repr_stack: Vec::new(),
            import_times: crate::import_time::ImportTimes::default(),
            unflushed: Vec::new(),
            frontend: None,
            builtins_dict: dict,
            sys_dict: dict,
            modules: dict,
            frame_objects: Vec::new(),
            monitoring: crate::exec::Monitoring::default(),
            translated: Vec::new(),
            translator: None,
            signal_hook: None,
            signal_handlers: Vec::new(),
            awaited_threads: Vec::new(),
            thread_stack_size: 0,
            socket_timeout: -1,
            finalizing: false,
            audit_hooks: None,
            warnings: None,
            tasks: Vec::new(),
            import_bootstrap: None,
            frozen_override: None,
            library: None,
            optimize: settings.config.optimization_level.min(2) as u8,
            int_digit_limit: settings.config.int_max_str_digits as usize,
            format_specs: Default::default(),
            config: Arc::new(settings.config),
            heap,
            deaths_watched_at_start: 0,
        });
        py.reserve_core_shapes(shapes::COUNT as usize, class);
        for code in 0..256 {
            let mut buffer = [0; 4];
            let bytes = crate::object::encode_code_point(code, &mut buffer);
            py.constants.chars[code as usize] = py.alloc_str(bytes, code < 128, 1);
        }
        py.names = Names::new(&mut py);
        for name in crate::object::special_names() {
            let name = py.intern(name);
            py.special_names.push(name);
        }
        py.types = Types::reserve(&mut py);
        // Exact ints of this shape are cells of limbs; the class's own layout is that of its subclasses.
        py.heap.set_shape_layout(shapes::INT, BigInt::LAYOUT);
        Types::finish(&mut py)?;
        py.exceptions = Exceptions::new(&mut py);
        py.builtins_dict = py.new_dict();
        py.sys_dict = py.new_dict();
        py.modules = py.new_dict();
        py.keep_core();
        crate::object::connect_roots(&mut py);
        py.set_main_thread();
        py.heap.connect_breaker(breaker, crate::exec::BREAK_FINALIZE);
        Ok(py)
    }

    /// Run Python code on this thread: from here down the collector looks for values on the native stack, so it can collect.
    pub fn enter<R>(&mut self, run: impl FnOnce(&mut Py) -> R) -> R {
        bredli_heap::with_stack_base(|base| {
            let outer = self.heap.set_stack_base(base);
            let result = run(self);
            self.heap.set_stack_base(outer);
            result
        })
    }

    /// Keep what the tables of core objects refer to, which do not change any more.
    fn keep_core(&mut self) {
        let Py { types, exceptions, names, constants, native_classes, shape_classes, .. } = self;
        self.heap.keep_all(|tracer| {
            types.trace(tracer);
            exceptions.trace(tracer);
            names.trace(tracer);
            constants.trace(tracer);
            // The classes of core shapes, among them the placeholder that stands for the class of buffers.
            for class in native_classes.iter().flatten().chain(shape_classes.iter()) {
                tracer.gc(*class);
            }
        });
    }

    /// Make a core class: its object and its fixed shape.
    pub(crate) fn reserve_core_class(&mut self, def: &'static crate::native::ClassDef, shape: u32) -> Gc<Class> {
        let name = self.intern(def.name);
        let class = self.bare_class(def, shapes::TYPE, name);
        self.shape_classes[shape as usize] = class;
        self.shapes[shape as usize] = Shape::placeholder(class);
        self.heap.set_shape_layout(shape, def.layout);
        let id = def.id();
        if self.native_classes.len() <= id {
            self.native_classes.resize(id + 1, None);
        }
        self.native_classes[id] = Some(class);
        class
    }
}

impl Roots for Py {
    fn trace(&mut self, tracer: &mut Tracer) {
        self.machine.trace(tracer);
        self.monitoring.trace(tracer);
        self.threads.trace(tracer);
        if let Some(value) = self.no_default {
            tracer.value(value);
        }
        if let Some(codecs) = self.codecs {
            codecs.trace(tracer);
        }
        for dict in [self.builtins_dict, self.sys_dict, self.modules] {
            tracer.gc(dict);
        }
        for value in self.signal_handlers.iter().flatten().chain(&self.awaited_threads) {
            tracer.value(*value);
        }
        if let Some(hooks) = self.audit_hooks {
            tracer.gc(hooks);
        }
        for value in [self.import_bootstrap, self.warnings].into_iter().flatten() {
            tracer.value(value);
        }
        for frame in &self.frame_objects {
            tracer.gc(*frame);
        }
        if self.config.show_exec.is_some() {
            for code in &self.translated {
                tracer.gc(*code);
            }
        }
    }

    fn trace_shape(&mut self, shape: u32, tracer: &mut Tracer) {
        if let Some(class) = self.shape_classes.get(shape as usize) {
            tracer.gc(*class);
        }
    }

    fn sweep(&mut self, alive: &Liveness) {
        self.accesses.sweep(alive);
        self.lookup_cache.sweep(alive);
        self.translated.retain(|code| alive.is_alive(*code));
        self.machine.thread.locals.retain(|local| alive.is_alive_value(*local));
        self.threads.sweep(alive);
        self.tasks.retain(|task| alive.is_alive_value(*task));
        self.unflushed.retain(|writer| alive.is_alive_value(*writer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_starts() {
        let settings =
            Settings { host: Arc::new(bredli_host::DeniedHost::default()), config: crate::Config::default(), native_stack: 1 << 20 };
        let Ok(mut py) = Py::new(settings) else { panic!("start-up raised") };
        let text = py.new_str("hello");
        let twice = py.concat_str(text, text).expect("memory");
        assert_eq!(twice.get(&py).bytes(), b"hellohello");
        let class = py.types.list;
        assert_eq!(py.class_of(class.into()), py.types.r#type);
        let name = py.intern("append");
        assert!(py.type_lookup(class, name).is_some());
        let object: bredli_heap::Value = py.types.object.into();
        let made = py.call(object, &[]).expect("object() works");
        let repr = py.repr_text(made).expect("a repr");
        assert!(repr.starts_with("<object object at 0x"), "{repr}");
        let (name, bases, namespace) = (py.new_str("C"), py.constants.empty_tuple, py.new_dict());
        let metaclass: bredli_heap::Value = py.types.r#type.into();
        let class = py.call(metaclass, &[name.into(), bases.into(), namespace.into()]).expect("type() works");
        assert_eq!(py.repr_text(class).expect("a repr"), "<class 'C'>");
        let object = py.call(class, &[]).expect("C() works");
        assert!(py.repr_text(object).expect("a repr").starts_with("<C object at 0x"));
        let int = py.types.int.into();
        let union = py.binary(crate::BinaryOp::Or, class, int).expect("a union");
        assert_eq!(py.repr_text(union).expect("a repr"), "<class 'C'> | int");
        let alias = py.get_item(metaclass, int).expect("an alias");
        assert_eq!(py.repr_text(alias).expect("a repr"), "type[int]");
    }
}
