//! Frame objects: frames as Python sees them.
//!
//! A frame object of a running frame reads the VM stack; when the frame is left it takes the local variables over. Counterpart:
//! `Objects/frameobject.c`.

use crate::exec::FrameView;
use crate::types::Function;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A frame.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "frame", core)]
pub struct Frame {
    pub(crate) header: Header,
    pub(crate) function: Gc<Function>,
    /// Address of the running frame; 0 once it has been left.
    pub(crate) address: usize,
    /// Bytecode offset where it was left, in bytes.
    pub(crate) offset: u32,
    /// The local variables of a frame that was left.
    pub(crate) locals: HeapVec<Option<Value>>,
    /// The namespace of a module or class body.
    pub(crate) namespace: Option<Value>,
    pub(crate) back: Option<Value>,
    pub(crate) generator: Option<Value>,
    /// Where the machine returns to when the frame is left.
    pub(crate) return_address: usize,
    pub(crate) trace: Option<Value>,
    /// Extra names set through `f_locals`.
    pub(crate) extra_locals: Option<Value>,
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
        match py.frame_view(this) {
            Some(view) => view.caller(py).map(|caller| py.frame_object(caller).into()),
            None => this.get(py).back,
        }
    }

    #[getter]
    fn f_lasti(this: Gc<Self>, py: &mut Py) -> u32 {
        py.frame_offset(this)
    }

    #[getter]
    fn f_lineno(this: Gc<Self>, py: &mut Py) -> Option<i32> {
        let offset = py.frame_offset(this);
        let code = &this.get(py).function.get(py).code.get(py).code;
        code.position_at(offset as usize).and_then(|position| position.line)
    }

    #[getter]
    fn f_locals(this: Gc<Self>, py: &mut Py) -> Result {
        if let Some(namespace) = this.get(py).namespace {
            return Ok(namespace);
        }
        py.frame_object_locals(this)
    }
}

impl Py {
    /// The bytecode offset at which a frame stands or was left, in bytes.
    fn frame_offset(&self, frame: Gc<Frame>) -> u32 {
        match self.frame_view(frame) {
            Some(view) => view.offset(self),
            None => frame.get(self).offset,
        }
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
        let namespace = if generator.is_some() || !self.runs_in_namespace(function) { None } else { owner };
        let frame = self.alloc(Frame {
            header: Header::EMPTY,
            function,
            address,
            offset: 0,
            locals: HeapVec::EMPTY,
            namespace,
            back: None,
            generator,
            return_address: 0,
            trace: None,
            extra_locals: None,
        });
        self.frame_objects.push(frame);
        view.watch_exit(self, frame);
        frame
    }

    /// Whether a function's code keeps its variables in a namespace.
    pub(crate) fn runs_in_namespace(&self, function: Gc<Function>) -> bool {
        use bredli_code::flag;
        function.get(self).code.get(self).code.flags & (flag::OPTIMIZED | flag::NEWLOCALS) != flag::OPTIMIZED | flag::NEWLOCALS
    }

    /// The running frame of a frame object.
    pub fn frame_view(&self, frame: Gc<Frame>) -> Option<FrameView> {
        let address = frame.get(self).address;
        let mut at = self.current_frame();
        while let Some(view) = at {
            if view.address() == address {
                return Some(view);
            }
            at = view.caller(self);
        }
        None
    }

    /// A frame is being left: its object, if it has one, takes over what it needs.
    pub(crate) fn detach_frame(&mut self, view: FrameView, offset: u32) {
        let address = view.address();
        let Some(at) = self.frame_objects.iter().rposition(|frame| frame.get(&self.heap).address == address) else { return };
        let frame = self.frame_objects[at];
        let caller = view.caller(self);
        let back = caller.map(|caller| Value::from(self.frame_object(caller)));
        let count = frame.get(self).function.get(self).code.get(self).code.localsplusnames.len();
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
        this.address = 0;
        if let Some(at) = self.frame_objects.iter().rposition(|other| *other == frame) {
            self.frame_objects.remove(at);
        }
    }
}
