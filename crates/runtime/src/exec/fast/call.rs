//! Entering Python functions from call sites whose arguments do not stand exactly as the parameters do: bound methods, constructors,
//! defaults, keywords.

use crate::Py;
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, OWNER, RETURN};
use crate::object::{Class, Instance, Str, Tuple};
use crate::types::{Function, Method, shapes};
use bredli_heap::{Gc, Header, Value};

/// Most keywords that are matched here.
const KEYWORDS: usize = 16;

/// A callee in a call window.
struct Callee {
    function: Gc<Function>,
    /// What goes in front of the arguments.
    receiver: Option<Value>,
    constructs: bool,
}

/// Enter the Python function behind the callable of a CALL or CALL_KW. [`At::ENDED`]: it is another kind of callable, or its parameters need
/// binding; nothing has changed then.
#[inline(never)]
pub(in crate::exec) fn enter(py: &mut Py, at: At, names: Option<Gc<Tuple>>, words: usize) -> At {
    let first = at.a() + HEADER;
    let empty = at.x() != 0 && at.raw(first) == 0;
    let Some(mut callee) = callee(py, at.get(at.a())) else { return At::ENDED };
    let given = at.b() - empty as usize;
    let with_receiver = given + (callee.receiver.is_some() || callee.constructs) as usize;
    let plain = callee.function.get(py).plain_args as usize;
    let keywords = names.map_or(0, |names| names.get(py).len());
    let mut targets = [0u16; KEYWORDS];
    let complete = match names {
        None => plain == with_receiver || has_defaults(py, callee.function, with_receiver),
        Some(names) => match_keywords(py, callee.function, with_receiver - keywords, names, &mut targets),
    };
    if !complete {
        return At::ENDED;
    }
    if callee.constructs {
        let Some(class) = Gc::<Class>::cast(py, at.get(at.a())) else { return At::ENDED };
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
    if keywords > 0 {
        place_keywords(py, callee.function, callee_at, with_receiver - keywords, &targets[..keywords]);
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
        _ => None,
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

/// Find the parameters of keyword arguments by the identity of names, for functions without `*args` and `**kwargs`; whether with the `positional`
/// arguments and the defaults that makes a complete call.
fn match_keywords(py: &Py, function: Gc<Function>, positional: usize, names: Gc<Tuple>, targets: &mut [u16; KEYWORDS]) -> bool {
    use bredli_code::flag;
    let this = function.get(py);
    let code = this.code.get(py);
    let (argcount, kwonly) = (code.code.argcount as usize, code.code.kwonlyargcount as usize);
    let total = argcount + kwonly;
    let names = names.get(py).items();
    if code.code.flags & (flag::VARARGS | flag::VARKEYWORDS) != 0 || positional > argcount || names.len() > KEYWORDS || total > 64 {
        return false;
    }
    let Some(values) = code.values else { return false };
    let parameters = &values.local_names.get(py).items()[..total];
    let mut filled = (1u128 << positional) - 1;
    for (name, target) in names.iter().zip(targets.iter_mut()) {
        let open = code.code.posonlyargcount as usize;
        let Some(slot) = parameters.iter().skip(open).position(|parameter| parameter == name) else { return false };
        let slot = slot + open;
        if filled & 1 << slot != 0 {
            return false;
        }
        filled |= 1 << slot;
        *target = slot as u16;
    }
    let defaults = this.defaults.map_or(0, |defaults| defaults.get(py).len());
    (0..total).all(|slot| {
        filled & 1 << slot != 0
            || if slot < argcount { slot + defaults >= argcount } else { keyword_default(py, function, parameters[slot]).is_some() }
    })
}

fn keyword_default(py: &Py, function: Gc<Function>, name: Value) -> Option<Value> {
    let defaults = function.get(py).kwdefaults?;
    py.dict_get_str(defaults, Gc::<Str>::known(py, name))
}

/// Bring the values of keyword arguments, which follow the positional ones, to their parameters, and fill the others.
fn place_keywords(py: &Py, function: Gc<Function>, at: At, positional: usize, targets: &[u16]) {
    let mut values = [0u64; KEYWORDS];
    for (index, value) in values[..targets.len()].iter_mut().enumerate() {
        *value = at.raw(positional + index);
    }
    let this = function.get(py);
    let code = this.code.get(py);
    let (argcount, kwonly) = (code.code.argcount as usize, code.code.kwonlyargcount as usize);
    for slot in positional..argcount + kwonly {
        at.clear(slot);
    }
    for (slot, value) in targets.iter().zip(values) {
        at.set_raw(*slot as usize, value);
    }
    let defaults = this.defaults.map_or(&[] as &[Value], |defaults| defaults.get(py).items());
    for slot in positional..argcount {
        if at.raw(slot) == 0 {
            at.set(slot, defaults[slot + defaults.len() - argcount]);
        }
    }
    for slot in argcount..argcount + kwonly {
        if at.raw(slot) == 0
            && let Some(value) = keyword_default(py, function, code.values().local_names.get(py).items()[slot])
        {
            at.set(slot, value);
        }
    }
}

impl Py {
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
