//! What collections leave to be done: weak reference callbacks and finalisers; and to be told, with `gc.DEBUG_STATS`.

use super::{Proxy, Weakref};
use crate::types::BaseException;
use crate::{Py, Result};
use bredli_heap::{Clock, Collection, Gc, Pending, Value};
use std::collections::HashSet;

/// Collections in a row at most, when finalisers make new garbage with finalisers.
const MOST_ROUNDS: usize = 10;

impl Py {
    /// Run the callbacks and finalisers that are due. Their exceptions go to `sys.unraisablehook`; the current exception stays.
    pub fn run_pending_finalizers(&mut self) {
        let collections = self.heap.take_collections();
        if collections.is_empty() && !self.heap.has_pending() {
            return;
        }
        let current = self.machine.exception.take();
        for collection in collections {
            self.show_collection(collection);
        }
        while let Some(pending) = self.heap.next_pending() {
            match pending {
                Pending::Callback(holder) => self.run_weak_callback(holder),
                Pending::Finalizer(object) => self.run_finalizer(object),
            }
        }
        self.machine.exception = current;
    }

    /// Whether to show on `sys.stderr` what collections did and how long they took, each at the next safepoint.
    pub fn show_collections(&mut self, shown: bool) {
        let host = self.host.clone();
        let clock: Clock = Box::new(move || host.monotonic_ns().unwrap_or(0) as u64);
        self.heap.record_collections(shown.then_some(clock));
    }

    fn show_collection(&mut self, collection: Collection) {
        let Collection { major, young, old, dead, time } = collection;
        let frozen = self.heap.frozen();
        let text = format!(
            "gc: collecting generation {}...\n\
             gc: objects in each generation: {young} 0 {old}\n\
             gc: objects in permanent generation: {frozen}\n\
             gc: done, {dead} unreachable, 0 uncollectable, {:.4}s elapsed\n",
            if major { 2 } else { 0 },
            time as f64 / 1e9,
        );
        let shown = self.new_str(&text).into();
        let written = self.sys_attribute(self.names.stderr).and_then(|file| self.call_method_named(file, "write", &[shown]));
        if written.is_err() {
            self.clear_exception();
            let _ = self.host.write(2, text.as_bytes());
        }
    }

    fn run_weak_callback(&mut self, holder: Value) {
        let callback = match Gc::<Weakref>::cast(self, holder) {
            Some(reference) => reference.get_mut(self).callback.take(),
            None => Gc::<Proxy>::cast(self, holder).and_then(|proxy| proxy.get_mut(self).callback.take()),
        };
        let Some(callback) = callback else { return };
        if self.call(callback, &[holder]).is_err() {
            let exception = self.take_exception();
            let text = format!("Exception ignored while calling weakref callback {}", self.blamed(callback));
            let _ = self.restore_exception(exception);
            self.report_unraisable(&text, None);
        }
    }

    fn run_finalizer(&mut self, object: Value) {
        let class = self.class_of(object);
        let Some(finalize) = class.get(self).slots.finalize else { return };
        if finalize(self, object).is_err() {
            let name = self.names.__del__;
            let method = self.type_lookup(class, name).unwrap_or(object);
            let exception = self.take_exception();
            let text = if class == self.types.coroutine {
                format!("Exception ignored while finalizing coroutine {}", self.blamed(object))
            } else if class == self.types.generator || class == self.types.async_generator {
                format!("Exception ignored while closing generator {}", self.blamed(object))
            } else {
                format!("Exception ignored while calling deallocator {}", self.blamed(method))
            };
            let _ = self.restore_exception(exception);
            self.report_unraisable(&text, None);
        }
    }

    /// Run every finaliser that has not run yet, at exit. Streams and the like go last, for others write to them; a stream before what it
    /// is built on.
    pub fn run_all_finalizers(&mut self) {
        let native = self.heap.unfinalized().filter(|object| !self.class_of(*object).get(self).is_heap_class());
        let native: HashSet<u32> = native.map(|object| object.header().shape()).collect();
        self.heap.queue_all_finalizers(|object| native.contains(&object.header().shape()));
        self.run_pending_finalizers();
    }

    /// Collect until nothing more dies, as far as finalisers allow; the number of dead objects.
    pub fn collect_garbage(&mut self, generation: u8) -> usize {
        if generation < 2 {
            let found = self.heap.collect(false);
            self.run_pending_finalizers();
            return found;
        }
        let mut found = 0;
        let before = self.heap.stats().majors;
        for _ in 0..MOST_ROUNDS {
            self.clear_dead_temporaries();
            bredli_heap::clear_unused_stack();
            found += self.heap.collect(true);
            if !self.heap.has_pending() {
                break;
            }
            self.run_pending_finalizers();
        }
        self.heap.set_major_count(before + 1);
        found
    }

    /// Hand the current exception to `sys.unraisablehook`: `Exception ignored DOING WHAT`, or with the object to blame.
    pub fn report_unraisable(&mut self, text: &str, object: Option<Value>) {
        let exception = self.take_exception();
        if self.call_unraisable_hook(exception, text, object).is_err() {
            self.clear_exception();
        }
    }

    fn call_unraisable_hook(&mut self, exception: Value, text: &str, object: Option<Value>) -> Result<()> {
        let class = self.class_of(exception).into();
        let traceback = Gc::<BaseException>::cast(self, exception).and_then(|exception| exception.get(self).traceback);
        let message = self.new_str(text).into();
        let fields = [class, exception, traceback.unwrap_or(Value::NONE), message, object.unwrap_or(Value::NONE)];
        let fields = self.new_tuple(&fields);
        let (arguments, hook) = (self.intern("UnraisableHookArgs"), self.intern("unraisablehook"));
        let arguments = self.sys_attribute(arguments)?;
        let details = self.call(arguments, &[fields.into()])?;
        let hook = self.sys_attribute(hook)?;
        if hook.is_none() {
            return Ok(());
        }
        self.audit("sys.unraisablehook", &[hook, details])?;
        if self.call(hook, &[details]).is_err() {
            // The hook itself is told of its own failure, in its default form.
            let exception = self.take_exception();
            let class = self.class_of(exception).into();
            let traceback = Gc::<BaseException>::cast(self, exception).and_then(|exception| exception.get(self).traceback);
            let message = self.new_str("Exception ignored in sys.unraisablehook").into();
            let fields = self.new_tuple(&[class, exception, traceback.unwrap_or(Value::NONE), message, hook]);
            let details = self.call(arguments, &[fields.into()])?;
            let default = self.intern("__unraisablehook__");
            let default = self.sys_attribute(default)?;
            self.call(default, &[details])?;
        }
        Ok(())
    }

    /// How messages name what was called.
    fn blamed(&mut self, object: Value) -> String {
        match self.repr_text(object) {
            Ok(text) => text,
            Err(_) => {
                self.clear_exception();
                "<object repr() failed>".to_string()
            }
        }
    }
}
