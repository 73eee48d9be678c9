//! Frame objects: frames as Python sees them.
//!
//! A frame object of a running frame reads the VM stack, that of a suspended generator the words put away; when the frame is left, the
//! object takes the local variables over. Counterpart: `Objects/frameobject.c`.

use crate::exec::FrameView;
use crate::object::Tuple;
use crate::types::{Cell, Function, Generator, GeneratorState};
use crate::{Py, Result, raise};
use bredli_code::local_kind;
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A frame.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "frame", core, parts(tracing))]
pub struct Frame {
    pub(crate) header: Header,
    pub(crate) function: Gc<Function>,
    /// Address of the running frame; 0 while it is suspended and once it has been left.
    pub(crate) address: usize,
    /// Bytecode offset where it was left, in bytes.
    pub(crate) offset: u32,
    /// The local variables of a frame that was left.
    pub(crate) locals: HeapVec<Option<Value>>,
    /// The namespace of a module or class body.
    pub(crate) namespace: Option<Value>,
    pub(crate) back: Option<Value>,
    /// After a return: address and function of the frame that called, if that has no frame object yet.
    pub(crate) caller: Option<(usize, Gc<Function>)>,
    pub(crate) generator: Option<Value>,
    /// Where the machine returns to when the frame is left.
    pub(crate) return_address: usize,
    pub(crate) trace: Option<Value>,
    /// Whether `f_trace` is to be called for lines and for instructions.
    pub(crate) trace_lines: bool,
    pub(crate) trace_opcodes: bool,
    /// The dictionary of names set through `f_locals` that are no variables.
    pub(crate) extra_locals: Option<Value>,
}

/// How a frame was left.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// With a result.
    Returned,
    /// With an exception that goes on to the caller.
    Raised,
}

#[pymethods]
impl Frame {
    #[getter]
    fn f_code(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).function.get(py).code.into()
    }

    #[getter]
    fn f_globals(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).function.get(py).globals.into()
    }

    #[getter]
    fn f_builtins(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).function.get(py).builtins.into()
    }

    #[getter]
    fn f_back(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let caller = match py.caller_of_running(this.get(py).address) {
            Some(caller) => caller,
            None => match py.frame_view(this) {
                Some(view) => view.caller(py),
                None => return py.frame_back(this),
            },
        };
        caller.map(|caller| py.frame_object(caller).into())
    }

    #[getter]
    fn f_lasti(this: Gc<Self>, py: &mut Py) -> u32 {
        py.frame_offset(this)
    }

    #[getter]
    fn f_locals(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).namespace {
            Some(namespace) if !py.has_hidden_locals(this) => Ok(namespace),
            _ => Ok(py.frame_locals_proxy(this)),
        }
    }

    /// Return the generator or coroutine associated with this frame, or None.
    #[getter]
    fn f_generator(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).generator
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let line = py.frame_line(this).map_or("None".to_string(), |line| line.to_string());
        let code = this.get(py).function.get(py).code;
        let (file, name) = (code.get(py).code.filename.clone(), code.get(py).name.get(py).lossy());
        let file = py.new_str_wtf8(file.as_bytes());
        let file = py.repr_text(file.into())?;
        Ok(format!("<frame at {:#x}, file {file}, line {line}, code {name}>", Value::from(this).bits()))
    }

    /// Clear all references held by the frame.
    fn clear(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if let Some(generator) = this.get(py).generator {
            match Gc::<Generator>::known(py, generator).get(py).state {
                GeneratorState::Running => raise!(py, RuntimeError, "cannot clear an executing frame"),
                GeneratorState::Suspended => raise!(py, RuntimeError, "cannot clear a suspended frame"),
                GeneratorState::Created => {
                    py.generator_close(generator)?;
                }
                GeneratorState::Finished => {}
            }
        } else if this.get(py).address != 0 {
            raise!(py, RuntimeError, "cannot clear an executing frame");
        }
        this.get_mut(py).locals = HeapVec::EMPTY;
        Ok(())
    }
}

#[pymethods(part = "tracing")]
impl Frame {
    /// Return the current line number in the frame.
    #[getter]
    fn f_lineno(this: Gc<Self>, py: &mut Py) -> Option<i32> {
        py.frame_line(this)
    }

    #[setter]
    fn set_f_lineno(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { return Err(py.frame_attribute_stays("f_lineno")) };
        py.set_frame_line(this, value)
    }

    #[getter]
    fn f_trace(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).trace
    }

    #[setter]
    fn set_f_trace(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).trace = value.filter(|value| !value.is_none());
    }

    #[getter]
    fn f_trace_lines(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).trace_lines
    }

    #[setter]
    fn set_f_trace_lines(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "can't delete numeric/char attribute") };
        this.get_mut(py).trace_lines = py.exact_bool(value)?;
        Ok(())
    }

    #[getter]
    fn f_trace_opcodes(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).trace_opcodes
    }

    #[setter]
    fn set_f_trace_opcodes(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { return Err(py.frame_attribute_stays("f_trace_opcodes")) };
        this.get_mut(py).trace_opcodes = py.exact_bool(value)?;
        Ok(())
    }
}

impl Py {
    fn frame_attribute_stays(&mut self, name: &str) -> crate::Raised {
        crate::error!(self, AttributeError, "attribute '{name}' of 'frame' objects cannot be deleted")
    }

    fn exact_bool(&mut self, value: Value) -> Result<bool> {
        if value == Value::TRUE || value == Value::FALSE {
            return Ok(value == Value::TRUE);
        }
        raise!(self, TypeError, "attribute value type must be bool")
    }

    /// The bytecode offset at which a frame stands or was left, in bytes.
    pub(crate) fn frame_offset(&self, frame: Gc<Frame>) -> u32 {
        if let Some(offset) = self.pending_jump(frame) {
            return offset;
        }
        if let Some(view) = self.frame_view(frame) {
            return view.offset(self);
        }
        match self.suspended_generator(frame) {
            Some(generator) => self.suspended_offset(generator.into()),
            None => frame.get(self).offset,
        }
    }

    /// The line at which a frame stands or was left.
    pub(crate) fn frame_line(&self, frame: Gc<Frame>) -> Option<i32> {
        let code = frame.get(self).function.get(self).code.get(self);
        code.line_at(self.frame_offset(frame) as usize)
    }

    /// The generator whose frame this is, while it is not running.
    fn suspended_generator(&self, frame: Gc<Frame>) -> Option<Gc<Generator>> {
        if frame.get(self).address != 0 {
            return None;
        }
        let generator = frame.get(self).generator.and_then(|generator| Gc::<Generator>::cast(self, generator))?;
        let payload = generator.get(self);
        let here = payload.frame_object == Some(frame.into());
        (here && matches!(payload.state, GeneratorState::Created | GeneratorState::Suspended)).then_some(generator)
    }

    /// The word of a local variable by number: its value, or its cell.
    pub(crate) fn frame_slot(&self, frame: Gc<Frame>, slot: usize) -> Option<Value> {
        if let Some(view) = self.frame_view(frame) {
            return view.local(slot);
        }
        match self.suspended_generator(frame) {
            Some(generator) => generator.get(self).frame.local(slot),
            None => frame.get(self).locals.get(slot).copied().flatten(),
        }
    }

    /// Set the word of a local variable by number.
    pub(crate) fn set_frame_slot(&mut self, frame: Gc<Frame>, slot: usize, value: Option<Value>) {
        if let Some(view) = self.frame_view(frame) {
            return view.set_local(slot, value);
        }
        match self.suspended_generator(frame) {
            Some(generator) => generator.get_mut(self).frame.set_local(slot, value),
            None => {
                if let Some(word) = frame.get_mut(self).locals.get_mut(slot) {
                    *word = value;
                }
            }
        }
    }

    /// The cell of a local variable, if it has one by now.
    pub(crate) fn frame_cell(&self, frame: Gc<Frame>, slot: usize) -> Option<Gc<Cell>> {
        let kinds = frame.get(self).function.get(self).code.get(self).code.localspluskinds[slot];
        if kinds & (local_kind::CELL | local_kind::FREE) == 0 {
            return None;
        }
        self.frame_slot(frame, slot).and_then(|cell| Gc::<Cell>::cast(self, cell))
    }

    /// The value of a local variable by number.
    pub(crate) fn frame_variable(&self, frame: Gc<Frame>, slot: usize) -> Option<Value> {
        match self.frame_cell(frame, slot) {
            Some(cell) => cell.get(self).value,
            None => self.frame_slot(frame, slot),
        }
    }

    /// Set a local variable by number.
    pub(crate) fn set_frame_variable(&mut self, frame: Gc<Frame>, slot: usize, value: Value) {
        match self.frame_cell(frame, slot) {
            Some(cell) => cell.get_mut(self).value = Some(value),
            None => self.set_frame_slot(frame, slot, Some(value)),
        }
    }

    /// Whether a comprehension's variables live beside a namespace at present.
    pub(crate) fn has_hidden_locals(&self, frame: Gc<Frame>) -> bool {
        let kinds = &frame.get(self).function.get(self).code.get(self).code.localspluskinds;
        let hidden = kinds.iter().enumerate().filter(|(_, kind)| **kind & local_kind::HIDDEN != 0);
        hidden.into_iter().any(|(slot, _)| self.frame_slot(frame, slot).is_some())
    }

    /// The frame object of a running frame.
    pub fn frame_object(&mut self, view: FrameView) -> Gc<Frame> {
        let address = view.address();
        let known = self.frame_objects.iter().rev().find(|frame| frame.get(&self.heap).address == address);
        if let Some(known) = known {
            return *known;
        }
        let (function, owner) = (view.function(), view.owner());
        let generator = owner.filter(|owner| self.is_generator_like(*owner));
        let namespace = self.runs_in_namespace(function).then(|| view.namespace(self));
        let frame = self.new_frame(function, address, generator, namespace);
        if let Some(generator) = generator.and_then(|generator| Gc::<Generator>::cast(self, generator)) {
            generator.get_mut(self).frame_object = Some(frame.into());
        }
        self.frame_objects.push(frame);
        view.watch_exit(self, frame);
        frame
    }

    /// The frame that called one which has ended.
    fn frame_back(&mut self, frame: Gc<Frame>) -> Option<Value> {
        let Frame { back, caller, .. } = *frame.get(self);
        let (address, function) = match (back, caller) {
            (None, Some(caller)) => caller,
            (back, _) => return back,
        };
        let view = self.find_frame(|view| view.address() == address)?;
        (view.function() == function).then(|| self.frame_object(view).into())
    }

    pub(crate) fn new_frame(
        &mut self,
        function: Gc<Function>,
        address: usize,
        generator: Option<Value>,
        namespace: Option<Value>,
    ) -> Gc<Frame> {
        self.alloc(Frame {
            header: Header::EMPTY,
            function,
            address,
            offset: 0,
            locals: HeapVec::EMPTY,
            namespace,
            back: None,
            caller: None,
            generator,
            return_address: 0,
            trace: None,
            trace_lines: true,
            trace_opcodes: false,
            extra_locals: None,
        })
    }

    /// Whether a function's code keeps its variables in a namespace.
    pub(crate) fn runs_in_namespace(&self, function: Gc<Function>) -> bool {
        use bredli_code::flag;
        function.get(self).code.get(self).code.flags & (flag::OPTIMIZED | flag::NEWLOCALS) != flag::OPTIMIZED | flag::NEWLOCALS
    }

    /// The running frame of a frame object.
    pub fn frame_view(&self, frame: Gc<Frame>) -> Option<FrameView> {
        let address = frame.get(self).address;
        if address == 0 {
            return None;
        }
        self.find_frame(|view| view.address() == address)
    }

    /// The frame of a generator that is executing.
    pub(crate) fn running_frame_of(&self, generator: Value) -> Option<FrameView> {
        self.find_frame(|view| view.owner() == Some(generator))
    }

    /// The number of the local variable of a name among all names; of several with that name, the one that has a value.
    pub(crate) fn local_number(&self, names: Gc<Tuple>, name: &[u8], mut bound: impl FnMut(usize) -> bool) -> Option<usize> {
        let same = |slot: &usize| crate::object::Str::bytes(Gc::known(self, names.get(self).items()[*slot]).get(self)) == name;
        (0..names.get(self).len()).filter(same).find(|slot| bound(*slot))
    }

    /// A frame is being left: its object, if it has one, takes over what it needs.
    pub(crate) fn detach_frame(&mut self, view: FrameView, offset: u32, left: Left) {
        let address = view.address();
        let Some(at) = self.frame_objects.iter().rposition(|frame| frame.get(&self.heap).address == address) else { return };
        let frame = self.frame_objects[at];
        let caller = view.caller(self);
        // A caller that the exception goes on to gets a frame object anyway. Another one gets it when somebody asks.
        let (back, caller) = match (caller, left) {
            (Some(caller), Left::Raised) => (Some(Value::from(self.frame_object(caller))), None),
            (caller, _) => (None, caller.map(|caller| (caller.address(), caller.function()))),
        };
        let count = frame.get(self).function.get(self).code.get(self).code.localspluskinds.len();
        let mut locals = HeapVec::with_capacity(&mut self.heap, count).unwrap_or(HeapVec::EMPTY);
        if locals.capacity() >= count {
            for index in 0..count {
                locals.push_within_capacity(view.local(index));
            }
        }
        let this = frame.get_mut(self);
        this.locals = locals;
        this.offset = offset;
        this.back = back;
        this.caller = caller;
        this.address = 0;
        // Others may have been added at the end meanwhile.
        self.frame_objects.remove(at);
    }
}
