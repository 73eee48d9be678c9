//! Entering Python functions from call sites whose arguments do not stand exactly as the parameters do: bound methods, constructors,
//! defaults, keywords.

use super::bind::{self, Plan};
use crate::Py;
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, OWNER, RETURN};
use crate::object::{Class, Instance, KnownMethod, Tuple};
use crate::types::{Function, Method, shapes};
use bredli_code::Opcode;
use bredli_heap::{Gc, Header, Value};

/// A callee in a call window.
struct Callee {
    function: Gc<Function>,
    /// What goes in front of the arguments.
    receiver: Option<Value>,
    constructs: bool,
}

/// A call under way: the callable in a slot of the frame, its arguments in the window above.
pub(in crate::exec) struct Window {
    /// The slot of the callable, where the result is to land.
    pub base: usize,
    /// How many values there are, those of keywords included. Before them is an unused slot if `empty`.
    pub given: usize,
    pub empty: bool,
    pub names: Option<Gc<Tuple>>,
    /// The words of the call; the last one is its CallFix.
    pub words: usize,
}

/// Enter the Python function behind the callable of a CALL or CALL_KW. [`At::ENDED`]: it is another kind of callable, or the arguments
/// do not fit; nothing has changed then.
#[inline(never)]
pub(in crate::exec) fn enter(py: &mut Py, at: At, names: Option<Gc<Tuple>>, words: usize) -> At {
    let empty = at.x() != 0 && at.raw(at.a() + HEADER) == 0;
    let window = Window { base: at.a(), given: at.b() - empty as usize, empty, names, words };
    let callable = at.get(at.a());
    match enter_function(py, at, &window, callable) {
        Some(frame) => frame,
        None => enter_window(py, at, window, callable),
    }
}

/// [`enter_window`] for functions and bound methods that take the arguments as they are, with defaults behind them.
#[inline(always)]
fn enter_function(py: &Py, at: At, window: &Window, callable: Value) -> Option<At> {
    if window.names.is_some() || !callable.is_heap() {
        return None;
    }
    let (function, receiver) = match callable.header().shape() {
        shapes::FUNCTION => (Gc::<Function>::known(py, callable), None),
        shapes::METHOD => {
            let method = Gc::<Method>::known(py, callable).get(py);
            (py.as_function(method.function)?, Some(method.receiver))
        }
        _ => return None,
    };
    let given = window.given + receiver.is_some() as usize;
    let defaults = completing(py, function, given)?;
    window.place_receiver(at, receiver);
    let frame = window.frame(at, function.get(py).entry);
    fill_defaults(frame, given, defaults);
    window.head(at, frame, function, None);
    Some(frame)
}

/// [`enter`] for arguments that the instruction has not laid out itself.
#[inline(never)]
pub(in crate::exec) fn enter_window(py: &mut Py, at: At, window: Window, callable: Value) -> At {
    let Some(mut callee) = callee(py, callable) else { return At::ENDED };
    let Window { given, names, .. } = window;
    let with_receiver = given + (callee.receiver.is_some() || callee.constructs) as usize;
    let mut plan = None;
    if names.is_some() || completing(py, callee.function, with_receiver).is_none() {
        let keywords = names.map_or(0, |names| names.get(py).len());
        let values = at.slots(window.first() + window.empty as usize + given - keywords, keywords);
        let plan = plan.insert(Plan::EMPTY);
        if bind::make_plan(py, callee.function, with_receiver - keywords, names, values, plan).is_none() {
            return At::ENDED;
        }
    }
    if callee.constructs {
        let Some(class) = Gc::<Class>::cast(py, callable) else { return At::ENDED };
        callee.receiver = Some(py.alloc_as(class, Instance { header: Header::EMPTY }).into());
    }
    window.place_receiver(at, callee.receiver);
    let frame = window.frame(at, callee.function.get(py).entry);
    if let Some(plan) = &plan {
        // SAFETY: call windows lie inside the frame, whose entry has checked the stack limit with room to spare.
        py.machine.top = py.machine.top.max(unsafe { frame.fp.add(with_receiver) });
        bind::place(py, callee.function, frame, plan);
    } else if let Some(defaults) = completing(py, callee.function, with_receiver) {
        fill_defaults(frame, with_receiver, defaults);
    }
    window.head(at, frame, callee.function, callee.receiver.filter(|_| callee.constructs));
    frame
}

impl Window {
    /// The slot of the first argument.
    #[inline(always)]
    fn first(&self) -> usize {
        self.base + HEADER
    }

    /// Let the arguments, with the receiver in front, begin in the first slot.
    #[inline(always)]
    fn place_receiver(&self, at: At, receiver: Option<Value>) {
        let first = self.first();
        match (receiver, self.empty) {
            (Some(receiver), true) => at.set(first, receiver),
            (Some(receiver), false) => {
                at.shift_right(first, self.given);
                at.set(first, receiver);
            }
            (None, true) => at.shift_left(first + 1, self.given),
            (None, false) => {}
        }
    }

    /// The frame whose parameters the arguments are.
    #[inline(always)]
    fn frame(&self, at: At, entry: *const u64) -> At {
        // SAFETY: call windows lie inside the frame, whose entry has checked the stack limit with room to spare.
        At { pc: entry, fp: unsafe { at.fp.add(self.first()) } }
    }

    /// Write the header of a callee's frame. A constructor's `instance` is what its call gives.
    #[inline(always)]
    fn head(&self, at: At, frame: At, function: Gc<Function>, instance: Option<Value>) {
        // SAFETY: the word behind the call, or its last one, the CallFix, is where it returns to.
        let back = unsafe { at.pc.add(self.words - instance.is_some() as usize) };
        frame.set_header(FUNCTION, Value::from(function).bits());
        frame.set_header(RETURN, back as u64);
        frame.set_header(CALLER, at.fp as u64);
        frame.set_header(OWNER, instance.map_or(0, Value::bits));
    }
}

#[inline(always)]
fn callee(py: &mut Py, value: Value) -> Option<Callee> {
    if !value.is_heap() {
        return None;
    }
    match value.header().shape() {
        shapes::FUNCTION => Some(Callee { function: Gc::known(py, value), receiver: None, constructs: false }),
        shapes::METHOD => {
            let method = Gc::<Method>::known(py, value).get(py);
            let function = py.as_function(method.function)?;
            Some(Callee { function, receiver: Some(method.receiver), constructs: false })
        }
        shapes::TYPE => {
            let class = Gc::<Class>::known(py, value);
            Some(Callee { function: py.constructor(class)?, receiver: None, constructs: true })
        }
        _ => {
            let class = py.class_of(value);
            if !class.get(py).is_heap_class() {
                return None;
            }
            if let Some(class) = py.class_called_as_type(value) {
                return Some(Callee { function: py.constructor(class)?, receiver: None, constructs: true });
            }
            let name = py.names.__call__;
            let function = py.type_lookup(class, name).and_then(|method| py.as_function(method))?;
            Some(Callee { function, receiver: Some(value), constructs: false })
        }
    }
}

/// The defaults that complete the first `given` arguments of a function; None if those do not fit.
#[inline(always)]
fn completing(py: &Py, function: Gc<Function>, given: usize) -> Option<&[Value]> {
    let this = function.get(py);
    // With too many arguments this is huge, as it is for a function that needs binding.
    let missing = (this.plain_args as usize).wrapping_sub(given);
    if missing == 0 {
        return Some(&[]);
    }
    let items = this.defaults?.get(py).items();
    items.get(items.len().checked_sub(missing)?..)
}

#[inline(always)]
fn fill_defaults(frame: At, given: usize, defaults: &[Value]) {
    for (slot, value) in (given..).zip(defaults) {
        frame.set(slot, *value);
    }
}

impl Py {
    /// The value as a class whose metaclass leaves calls to `type`.
    pub(in crate::exec) fn class_called_as_type(&self, value: Value) -> Option<Gc<Class>> {
        let call = |class: Gc<Class>| class.get(self).slots.call.map(|call| call as usize);
        Gc::<Class>::cast(self, value).filter(|_| call(self.class_of(value)) == call(self.types.r#type))
    }

    /// The `__init__` of a class whose instances are made by `object.__new__` and initialised by a Python function, while nothing about the class
    /// changes.
    #[inline]
    pub(in crate::exec) fn constructor(&mut self, class: Gc<Class>) -> Option<Gc<Function>> {
        let this = class.get(self);
        this.constructor.of_version(this.version).unwrap_or_else(|| self.find_constructor(class))
    }

    #[cold]
    fn find_constructor(&mut self, class: Gc<Class>) -> Option<Gc<Function>> {
        use crate::object::ClassFlags;
        let version = self.class_version(class);
        let name = self.names.__init__;
        let init = self.type_lookup(class, name).and_then(|init| self.as_function(init));
        let object_new = self.types.object.get(self).slots.new;
        let this = class.get_mut(self);
        let plain =
            this.slots.new.map(|new| new as usize) == object_new.map(|new| new as usize) && !this.flags.contains(ClassFlags::ABSTRACT);
        let function = init.filter(|_| plain);
        let known = std::mem::replace(&mut this.constructor, KnownMethod { version, function });
        if known.version == 0
            && let Some(function) = function
        {
            self.make_room(class, function);
        }
        function
    }

    /// Before the first instance is made: room for what `__init__` assigns, of which the compiler does not know when a decorator has made
    /// it, as that of data classes does.
    fn make_room(&mut self, class: Gc<Class>, init: Gc<Function>) {
        let code = init.get(self).code.get(self);
        let assigns = code.code.instructions().filter(|i| i.opcode == Some(Opcode::STORE_ATTR));
        let mut names: Vec<u32> = assigns.map(|i| i.arg).collect();
        names.sort_unstable();
        names.dedup();
        self.grow_inline_capacity(class, names.len());
    }
}
