//! Raising, matching and clearing exceptions from Rust.

use super::{BaseException, Origin};
use crate::object::{Class, Str};
use crate::{Py, Raised};
use bredli_heap::{Gc, Header, HeapVec, Value};

impl Py {
    /// Make an instance of a built-in exception class without running Python code.
    pub fn new_exception(&mut self, class: Gc<Class>, args: &[Value]) -> Gc<BaseException> {
        let args = self.new_tuple(args);
        let payload = BaseException {
            header: Header::EMPTY,
            dict: None,
            args,
            traceback: None,
            context: None,
            cause: None,
            fields: HeapVec::EMPTY,
            suppress_context: false,
            origin: Origin::Open,
        };
        self.alloc_as(class, payload)
    }

    /// Raise a built-in exception with a text.
    #[cold]
    pub fn raise_text(&mut self, class: Gc<Class>, text: &str) -> Raised {
        let text = self.new_str(text);
        let exception = self.new_exception(class, &[text.into()]);
        if self.is_subtype(class, self.exceptions.SyntaxError) {
            self.set_field(exception, super::syntax::field::MSG, Some(text.into()));
        }
        self.raise_fresh(exception)
    }

    /// Raise an exception that nobody else has.
    pub(crate) fn raise_fresh(&mut self, exception: Gc<BaseException>) -> Raised {
        exception.get_mut(self).origin = Origin::Fresh;
        self.raise(exception.into())
    }

    /// Raise an exception instance: it becomes the current one, with the handled one as its context.
    #[cold]
    pub fn raise(&mut self, exception: Value) -> Raised {
        self.set_context(exception);
        self.machine.exception = Some(exception);
        Raised
    }

    /// Make the exception current again as it was, context untouched.
    pub fn restore_exception(&mut self, exception: Value) -> Raised {
        self.machine.exception = Some(exception);
        Raised
    }

    /// Chain the exception being handled to a new one, without making a cycle.
    fn set_context(&mut self, exception: Value) {
        let Some(handled) = self.handled_exception() else { return };
        if handled == exception {
            return;
        }
        let Some(new) = Gc::<BaseException>::cast(self, exception) else { return };
        let mut at = handled;
        // Brent's walk would be needed for an existing cycle; the bound ends it as well.
        for _ in 0..1 << 16 {
            let Some(link) = Gc::<BaseException>::cast(self, at) else { break };
            let Some(next) = link.get(self).context else { break };
            if next == exception {
                link.get_mut(self).context = None;
                break;
            }
            at = next;
        }
        new.get_mut(self).context = Some(handled);
    }

    /// The current exception, left in place.
    pub fn current_exception(&self) -> Option<Value> {
        self.machine.exception
    }

    /// Take the current exception.
    pub fn take_exception(&mut self) -> Value {
        self.machine.exception.take().expect("an exception is set when Raised is returned")
    }

    /// Forget the current exception.
    pub fn clear_exception(&mut self) {
        self.machine.exception = None;
    }

    /// Whether the current exception is an instance of a class.
    pub fn exception_matches(&self, class: Gc<Class>) -> bool {
        self.machine.exception.is_some_and(|exception| self.is_instance_of(exception, class))
    }

    /// `Ok(None)` in place of an exception of this class.
    pub fn ignore<T>(&mut self, result: crate::Result<T>, class: Gc<Class>) -> crate::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.exception_matches(class) => {
                self.clear_exception();
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// MemoryError.
    #[cold]
    pub fn no_memory(&mut self) -> Raised {
        let class = self.exceptions.MemoryError;
        let exception = self.new_exception(class, &[]);
        self.raise(exception.into())
    }

    /// An empty vector with room for so many items, or MemoryError.
    pub fn reserved<T>(&mut self, count: usize) -> crate::Result<Vec<T>> {
        let mut items = Vec::new();
        match items.try_reserve_exact(count) {
            Ok(()) => Ok(items),
            Err(_) => Err(self.no_memory()),
        }
    }

    /// Append bytes to a growing buffer, or MemoryError.
    #[inline]
    pub fn append(&mut self, out: &mut Vec<u8>, bytes: &[u8]) -> crate::Result<()> {
        if out.try_reserve(bytes.len()).is_err() {
            return Err(self.no_memory());
        }
        out.extend_from_slice(bytes);
        Ok(())
    }

    /// StopIteration, with a return value where there is one.
    #[cold]
    pub fn stop_iteration(&mut self, value: Option<Value>) -> Raised {
        let class = self.exceptions.StopIteration;
        let exception = match value {
            Some(value) => self.new_exception(class, &[value]),
            None => self.new_exception(class, &[]),
        };
        self.set_field(exception, 0, value);
        self.raise_fresh(exception)
    }

    /// KeyError with the key itself as argument.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raised {
        let class = self.exceptions.KeyError;
        let exception = self.new_exception(class, &[key]);
        self.raise_fresh(exception)
    }

    /// One of the extra fields of an exception.
    pub fn exception_field(&self, exception: Gc<BaseException>, index: usize) -> Option<Value> {
        exception.get(self).fields.get(index).copied().flatten()
    }

    /// Set one of the extra fields of an exception.
    pub fn set_field(&mut self, exception: Gc<BaseException>, index: usize, value: Option<Value>) {
        while exception.get(self).fields.len() <= index {
            if self.heap.vec_push(exception, |e: &mut BaseException| &mut e.fields, None).is_err() {
                return;
            }
        }
        exception.get_mut(self).fields[index] = value;
    }

    /// Set the `name` and `obj` of the current exception if it is an AttributeError (or the `name` of a NameError).
    pub fn set_exception_attribute(&mut self, index: usize, value: Value) {
        if let Some(exception) = self.machine.exception.and_then(|exception| Gc::<BaseException>::cast(self, exception)) {
            self.set_field(exception, index, Some(value));
        }
    }

    /// Give the current AttributeError its `name` and `obj`.
    pub(crate) fn annotate_attribute_error(&mut self, object: Value, name: Gc<Str>) {
        self.set_exception_attribute(0, name.into());
        self.set_exception_attribute(1, object);
    }
}
