//! What collections leave to be done: weak reference callbacks and finalisers.

use super::{Proxy, Weakref};
use crate::Py;
use bredli_heap::{Gc, Pending, Value};

impl Py {
    /// Run the callbacks and finalisers that are due. Their exceptions go to `sys.unraisablehook`; the current exception stays.
    pub fn run_pending_finalizers(&mut self) {
        if !self.heap.has_pending() {
            return;
        }
        let current = self.machine.exception.take();
        while let Some(pending) = self.heap.next_pending() {
            match pending {
                Pending::Callback(holder) => self.run_weak_callback(holder),
                Pending::Finalizer(object) => self.run_finalizer(object),
            }
        }
        self.machine.exception = current;
    }

    fn run_weak_callback(&mut self, holder: Value) {
        let callback = match Gc::<Weakref>::cast(self, holder) {
            Some(reference) => reference.get_mut(self).callback.take(),
            None => Gc::<Proxy>::cast(self, holder).and_then(|proxy| proxy.get_mut(self).callback.take()),
        };
        let Some(callback) = callback else { return };
        if self.call(callback, &[holder]).is_err() {
            self.report_unraisable("Exception ignored while calling weakref callback", callback);
        }
    }

    fn run_finalizer(&mut self, object: Value) {
        let class = self.class_of(object);
        let Some(finalize) = class.get(self).slots.finalize else { return };
        if finalize(self, object).is_err() {
            let name = self.names.__del__;
            let method = self.type_lookup(class, name).unwrap_or(object);
            self.report_unraisable("Exception ignored while calling deallocator", method);
        }
    }

    /// Hand the current exception to `sys.unraisablehook`, with what was being done and to what.
    pub fn report_unraisable(&mut self, text: &str, object: Value) {
        let exception = self.take_exception();
        let class = self.class_of(exception);
        let key = self.intern("__traceback__");
        let traceback = match self.lookup_attr(exception, key) {
            Ok(traceback) => traceback.unwrap_or(Value::NONE),
            Err(_) => {
                self.clear_exception();
                Value::NONE
            }
        };
        let message = self.new_str(text);
        let dict = self.new_dict();
        let fields: [(&str, Value); 5] = [
            ("exc_type", class.into()),
            ("exc_value", exception),
            ("exc_traceback", traceback),
            ("err_msg", message.into()),
            ("object", object),
        ];
        for (name, value) in fields {
            let name = self.intern(name);
            if self.dict_set_str(dict, name, value).is_err() {
                self.clear_exception();
            }
        }
        let details = self.new_namespace(dict);
        let hook = self.intern("unraisablehook");
        if self.sys_attribute(hook).and_then(|hook| self.call(hook, &[details])).is_err() {
            self.clear_exception();
        }
    }
}
