//! Entering Python functions from call sites whose arguments do not stand exactly as the parameters do: bound methods, constructors,
//! defaults, keywords.

use super::bind::{self, Plan};
use crate::Py;
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, OWNER, RETURN};
use crate::object::{Class, Instance, Tuple};
use crate::types::{Function, Method, shapes};
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
    enter_window(py, at, Window { base: at.a(), given: at.b() - empty as usize, empty, names, words }, at.get(at.a()))
}

/// [`enter`] for arguments that the instruction has not laid out itself.
#[inline(always)]
pub(in crate::exec) fn enter_window(py: &mut Py, at: At, window: Window, callable: Value) -> At {
    let Window { base, given, empty, names, words } = window;
    let first = base + HEADER;
    let Some(mut callee) = callee(py, callable) else { return At::ENDED };
    let with_receiver = given + (callee.receiver.is_some() || callee.constructs) as usize;
    let plain = callee.function.get(py).plain_args as usize;
    let simple = names.is_none() && (plain == with_receiver || has_defaults(py, callee.function, with_receiver));
    let mut plan = None;
    if !simple {
        let keywords = names.map_or(0, |names| names.get(py).len());
        let values = at.slots(first + empty as usize + given - keywords, keywords);
        let plan = plan.insert(Plan::EMPTY);
        if bind::make_plan(py, callee.function, with_receiver - keywords, names, values, plan).is_none() {
            return At::ENDED;
        }
    }
    if callee.constructs {
        let Some(class) = Gc::<Class>::cast(py, callable) else { return At::ENDED };
        callee.receiver = Some(py.alloc_as(class, Instance { header: Header::EMPTY }).into());
    }
    match (callee.receiver, empty) {
        (Some(receiver), true) => at.set(first, receiver),
        (Some(receiver), false) => {
            at.shift_right(first, given);
            at.set(first, receiver);
        }
        (None, true) => at.shift_left(first + 1, given),
        (None, false) => {}
    }
    // SAFETY: call windows lie inside the frame, whose entry has checked the stack limit with room to spare.
    let callee_at = At { pc: callee.function.get(py).entry, fp: unsafe { at.fp.add(first) } };
    if let Some(plan) = &plan {
        // SAFETY: as above.
        py.machine.top = py.machine.top.max(unsafe { callee_at.fp.add(with_receiver) });
        bind::place(py, callee.function, callee_at, plan);
    } else if plain != with_receiver {
        fill_defaults(py, callee.function, callee_at, with_receiver);
    }
    // SAFETY: the word behind the call, or its last one, the CallFix, is where it returns to.
    let back = unsafe { at.pc.add(words - callee.constructs as usize) };
    callee_at.set_header(FUNCTION, Value::from(callee.function).bits());
    callee_at.set_header(RETURN, back as u64);
    callee_at.set_header(CALLER, at.fp as u64);
    callee_at.set_header(OWNER, callee.receiver.filter(|_| callee.constructs).map_or(0, Value::bits));
    callee_at
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

/// Whether the defaults of a function complete the first `given` arguments.
fn has_defaults(py: &Py, function: Gc<Function>, given: usize) -> bool {
    let this = function.get(py);
    let plain = this.plain_args as usize;
    plain != u32::MAX as usize && given < plain && this.defaults.is_some_and(|defaults| given + defaults.get(py).len() >= plain)
}

fn fill_defaults(py: &Py, function: Gc<Function>, at: At, given: usize) {
    let this = function.get(py);
    let plain = this.plain_args as usize;
    let Some(defaults) = this.defaults else { return };
    let items = defaults.get(py).items();
    for (slot, value) in (given..plain).zip(&items[items.len() - (plain - given)..]) {
        at.set(slot, *value);
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
        if this.constructor.0 != this.version || this.version == 0 {
            return self.find_constructor(class);
        }
        // SAFETY: the version says that the class still has this `__init__`, which keeps it alive.
        (this.constructor.1 != 0).then(|| unsafe { Gc::from_ptr(this.constructor.1 as *mut Function) })
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
        let init = init.filter(|_| plain);
        this.constructor = (version, init.map_or(0, |init| Value::from(init).bits()));
        init
    }
}
