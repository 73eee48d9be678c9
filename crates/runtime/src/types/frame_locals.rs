//! `FrameLocalsProxy`: the local variables of a frame as a mapping that writes through (PEP 667).
//!
//! Counterpart: the first half of `Objects/frameobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp, Dict, Str};
use crate::types::{Code, Frame, List};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "FrameLocalsProxy", flags(MAPPING), parts(mapping))]
pub struct FrameLocalsProxy {
    header: Header,
    frame: Gc<Frame>,
}

#[pymethods]
impl FrameLocalsProxy {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let [frame] = *args.positional() else {
            raise!(py, TypeError, "FrameLocalsProxy expected 1 argument, got {}", args.positional().len());
        };
        let Some(frame) = Gc::<Frame>::cast(py, frame) else {
            let given = py.class_name(frame);
            raise!(py, TypeError, "expect frame, not {given}");
        };
        if args.has_keywords() {
            raise!(py, TypeError, "FrameLocalsProxy takes no keyword arguments");
        }
        Ok(py.alloc_as(cls, FrameLocalsProxy { header: Header::EMPTY, frame }).into())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let frame = this.get(py).frame;
        Ok(py.frame_names(frame)?.len())
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let frame = this.get(py).frame;
        match py.frame_local(frame, key)? {
            Some(value) => Ok(value),
            None => {
                let text = py.repr_text(key)?;
                raise!(py, KeyError, "local variable '{text}' is not defined")
            }
        }
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Value) -> Result<()> {
        let frame = this.get(py).frame;
        py.set_frame_local(frame, key, value)
    }

    fn __delitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<()> {
        let frame = this.get(py).frame;
        match py.remove_frame_local(frame, key)? {
            Some(_) => Ok(()),
            None => Err(py.key_error(key)),
        }
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        let frame = this.get(py).frame;
        Ok(py.frame_local(frame, key)?.is_some())
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result {
        let names = FrameLocalsProxy::keys(this, py)?;
        py.iter(names.into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let address = Value::from(this).bits();
        if py.repr_stack.contains(&address) {
            return Ok(py.new_str("{...}").into());
        }
        py.repr_stack.push(address);
        let text = FrameLocalsProxy::copy(this, py).and_then(|dict| py.repr(dict.into()));
        py.repr_stack.pop();
        text.map(Into::into)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if let Some(other) = Gc::<FrameLocalsProxy>::cast(py, other) {
            let same = this.get(py).frame == other.get(py).frame;
            return Ok(Value::bool(same == (op == CompareOp::Eq)));
        }
        if !py.is_dict(other) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let copy = FrameLocalsProxy::copy(this, py)?;
        py.compare(op, copy.into(), other)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        if !py.is_locals_mapping(left) || !py.is_locals_mapping(right) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let merged = py.new_dict();
        py.dict_display_update(merged, left)?;
        py.dict_display_update(merged, right)?;
        Ok(merged.into())
    }

    fn __ior__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        if !py.is_locals_mapping(other) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        py.update_frame_locals(this, other)?;
        Ok(this.into())
    }
}

#[pymethods(part = "mapping")]
impl FrameLocalsProxy {
    #[signature(self, /)]
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let names = FrameLocalsProxy::keys(this, py)?;
        let mut items = py.collect_iterable(names.into())?;
        items.reverse();
        py.new_list(&items)
    }

    #[signature(self, /)]
    fn keys(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let frame = this.get(py).frame;
        let names = py.frame_names(frame)?;
        py.new_list(&names)
    }

    #[signature(self, /)]
    fn values(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let copy = FrameLocalsProxy::copy(this, py)?;
        let mut values = RootVec::new(&mut py.heap);
        let mut position = 0;
        while let Some((found, _, value)) = copy.get(py).entry_from(position) {
            values.push(value);
            position = found + 1;
        }
        py.new_list(&values)
    }

    #[signature(self, /)]
    fn items(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let copy = FrameLocalsProxy::copy(this, py)?;
        let mut items = RootVec::new(&mut py.heap);
        let mut position = 0;
        while let Some((found, key, value)) = copy.get(py).entry_from(position) {
            let item = py.new_tuple(&[key, value]);
            items.push(item.into());
            position = found + 1;
        }
        py.new_list(&items)
    }

    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Result<Gc<Dict>> {
        let frame = this.get(py).frame;
        py.frame_snapshot(frame)
    }

    #[signature(self, object, /)]
    fn update(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        if !py.is_locals_mapping(object) {
            raise!(py, TypeError, "update() argument must be dict or another FrameLocalsProxy");
        }
        py.update_frame_locals(this, object)
    }

    #[no_text_signature]
    fn get(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (key, default) = match *args.positional() {
            [key] => (key, Value::NONE),
            [key, default] => (key, default),
            _ => raise!(py, TypeError, "get expected 1 or 2 arguments"),
        };
        let frame = this.get(py).frame;
        Ok(py.frame_local(frame, key)?.unwrap_or(default))
    }

    #[no_text_signature]
    fn setdefault(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (key, default) = match *args.positional() {
            [key] => (key, Value::NONE),
            [key, default] => (key, default),
            _ => raise!(py, TypeError, "setdefault expected 1 or 2 arguments"),
        };
        let frame = this.get(py).frame;
        if let Some(value) = py.frame_local(frame, key)? {
            return Ok(value);
        }
        py.set_frame_local(frame, key, default)?;
        Ok(default)
    }

    #[no_text_signature]
    fn pop(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let given = args.positional();
        let (key, default) = match *given {
            [key] => (key, None),
            [key, default] => (key, Some(default)),
            [] => raise!(py, TypeError, "pop expected at least 1 argument, got 0"),
            _ => raise!(py, TypeError, "pop expected at most 2 arguments, got {}", given.len()),
        };
        let frame = this.get(py).frame;
        match py.remove_frame_local(frame, key)?.or(default) {
            Some(value) => Ok(value),
            None => Err(py.key_error(key)),
        }
    }
}

impl Py {
    /// `f_locals` of a function's frame.
    pub(crate) fn frame_locals_proxy(&mut self, frame: Gc<Frame>) -> Value {
        self.alloc(FrameLocalsProxy { header: Header::EMPTY, frame }).into()
    }

    fn is_locals_mapping(&self, value: Value) -> bool {
        self.is_dict(value) || Gc::<FrameLocalsProxy>::cast(self, value).is_some()
    }

    /// The names that have values: variables, then what was added through the proxy.
    fn frame_names(&mut self, frame: Gc<Frame>) -> Result<RootVec> {
        let mut names = RootVec::new(&mut self.heap);
        let code = frame.get(self).function.get(self).code;
        let all = self.local_names(code);
        for slot in 0..all.get(self).len() {
            if self.frame_variable(frame, slot).is_some() {
                names.push(all.get(self).items()[slot]);
            }
        }
        if let Some(extra) = frame.get(self).extra_locals {
            self.extend_from_iterable(&mut names, extra)?;
        }
        Ok(names)
    }

    /// The variables with their values, as a dictionary.
    pub(crate) fn frame_snapshot(&mut self, frame: Gc<Frame>) -> Result<Gc<Dict>> {
        let snapshot = self.new_dict();
        let code = frame.get(self).function.get(self).code;
        let all = self.local_names(code);
        for slot in 0..all.get(self).len() {
            if let Some(value) = self.frame_variable(frame, slot) {
                let name = Gc::<Str>::known(self, all.get(self).items()[slot]);
                self.dict_set_str(snapshot, name, value)?;
            }
        }
        if let Some(extra) = frame.get(self).extra_locals {
            self.dict_display_update(snapshot, extra)?;
        }
        Ok(snapshot)
    }

    /// The number of the variable that a key is the name of.
    fn variable_for(&mut self, frame: Gc<Frame>, key: Value) -> Result<Option<usize>> {
        let code = frame.get(self).function.get(self).code;
        let name = match Gc::<Str>::cast(self, key) {
            Some(name) if self.class_of(key) == self.types.str => name,
            _ => match self.name_like(code, key)? {
                Some(name) => name,
                None => return Ok(None),
            },
        };
        let names = self.local_names(code);
        let bytes = name.get(self).bytes();
        let bound = self.local_number(names, bytes, |slot| self.frame_variable(frame, slot).is_some());
        Ok(bound.or_else(|| self.local_number(names, bytes, |_| true)))
    }

    /// The name among the variables of a code object that equals a key which is no plain `str`.
    fn name_like(&mut self, code: Gc<Code>, key: Value) -> Result<Option<Gc<Str>>> {
        let hash = self.hash(key)?;
        let names = self.local_names(code);
        for index in 0..names.get(self).len() {
            let name = names.get(self).items()[index];
            if self.hash(name)? == hash && self.eq(name, key)? {
                return Ok(Gc::<Str>::cast(self, name));
            }
        }
        Ok(None)
    }

    fn frame_local(&mut self, frame: Gc<Frame>, key: Value) -> Result<Option<Value>> {
        if let Some(slot) = self.variable_for(frame, key)?
            && let Some(value) = self.frame_variable(frame, slot)
        {
            return Ok(Some(value));
        }
        self.hash(key)?;
        match self.extra_locals(frame) {
            Some(extra) => self.dict_get(extra, key),
            None => Ok(None),
        }
    }

    fn set_frame_local(&mut self, frame: Gc<Frame>, key: Value, value: Value) -> Result<()> {
        if let Some(slot) = self.variable_for(frame, key)? {
            self.set_frame_variable(frame, slot, value);
            return Ok(());
        }
        let extra = match self.extra_locals(frame) {
            Some(extra) => extra,
            None => {
                let extra = self.new_dict();
                frame.get_mut(self).extra_locals = Some(extra.into());
                extra
            }
        };
        self.dict_set(extra, key, value)
    }

    fn remove_frame_local(&mut self, frame: Gc<Frame>, key: Value) -> Result<Option<Value>> {
        if let Some(slot) = self.variable_for(frame, key)?
            && self.frame_variable(frame, slot).is_some()
        {
            raise!(self, ValueError, "cannot remove local variables from FrameLocalsProxy");
        }
        self.hash(key)?;
        match self.extra_locals(frame) {
            Some(extra) => Ok(self.dict_remove(extra, key)?.map(|(_, value)| value)),
            None => Ok(None),
        }
    }

    fn extra_locals(&self, frame: Gc<Frame>) -> Option<Gc<Dict>> {
        frame.get(self).extra_locals.and_then(|extra| Gc::cast(self, extra))
    }

    fn update_frame_locals(&mut self, proxy: Gc<FrameLocalsProxy>, other: Value) -> Result<()> {
        let frame = proxy.get(self).frame;
        let source = self.new_dict();
        self.dict_display_update(source, other)?;
        let mut position = 0;
        while let Some((found, key, value)) = source.get(self).entry_from(position) {
            self.set_frame_local(frame, key, value)?;
            position = found + 1;
        }
        Ok(())
    }
}
