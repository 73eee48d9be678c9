//! Calls of every kind of callable, without recursion for Python functions and constructors.

use crate::exec::fast::{Window, enter_window};
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, OWNER, RETURN};
use crate::exec::op::Op;
use crate::native::Args;
use crate::object::{Class, Dict, Instance, Tuple};
use crate::types::{BuiltinFunction, Function, Method, shapes};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};

const ABSENT: usize = 0xFFFF;
/// Most unpacked arguments that are laid out above the frame.
const IN_WINDOW: usize = 1 << 12;

/// The values of a call window, without an empty first one.
fn arguments<'a>(at: At) -> &'a [Value] {
    let (first, count) = (at.a() + HEADER, at.b());
    if at.x() != 0 && at.raw(first) == 0 { at.slots(first + 1, count - 1) } else { at.slots(first, count) }
}

pub(super) fn call(py: &mut Py, at: At) -> Result<At> {
    let callee = at.get(at.a());
    let op = at.op();
    quicken(py, at, callee);
    if at.op() == Op::CallCollector as u8 && op != at.op() {
        // Once more, outside of the loop.
        return Ok(at);
    }
    // SAFETY: the word behind the call is where it returns to.
    let back = unsafe { at.pc.add(2) };
    invoke(py, at, at.a(), callee, Args::new(arguments(at)), back, at.next(2))
}

/// Let a call site expect more callables of this kind.
fn quicken(py: &mut Py, at: At, callee: Value) {
    if !callee.is_heap() {
        return;
    }
    let op = match crate::object::shape_of(callee) {
        shapes::FUNCTION => Op::CallFunction,
        shapes::BUILTIN_FUNCTION if Gc::<BuiltinFunction>::known(py, callee).get(py).def.collects => Op::CallCollector,
        // A site that comes back here from CallLen or CallIsInstance needs what these leave out.
        shapes::BUILTIN_FUNCTION if at.op() == Op::Call as u8 => {
            let functions = &py.constants.functions;
            match arguments(at).len() {
                1 if callee == functions.len => Op::CallLen,
                2 if callee == functions.isinstance => Op::CallIsInstance,
                _ => Op::CallNative,
            }
        }
        shapes::BUILTIN_FUNCTION | shapes::METHOD_DESCRIPTOR => Op::CallNative,
        shapes::METHOD => Op::CallPython,
        shapes::TYPE if callee == py.types.r#type.into() => Op::CallClass,
        shapes::TYPE => {
            let class = Gc::<Class>::known(py, callee);
            match py.constructor(class) {
                Some(_) => Op::CallPython,
                None => Op::CallClass,
            }
        }
        _ if py.class_of(callee).get(py).is_heap_class() => Op::CallPython,
        _ => return,
    };
    at.set_op(op);
}

pub(super) fn call_kw(py: &mut Py, at: At) -> Result<At> {
    let callee = at.get(at.a());
    let args = Args::with_keywords(py, arguments(at), at.keyword_names(py));
    // SAFETY: the instruction has three words.
    let back = unsafe { at.pc.add(3) };
    invoke(py, at, at.a(), callee, args, back, at.next(3))
}

impl At {
    /// The keyword names of a CALL_KW.
    #[inline(always)]
    pub(in crate::exec) fn keyword_names(self, py: &Py) -> Option<Gc<Tuple>> {
        // SAFETY: the second word of the instruction is a constant of the code.
        let names = unsafe { Value::from_bits(self.extra(1)) };
        names.map(|names| Gc::<Tuple>::known(py, names))
    }
}

/// Call `callee` with its result to land in slot `base`. Python functions get a frame in the window at `base` and return to `back`.
fn invoke(py: &mut Py, at: At, base: usize, callee: Value, args: Args, back: *const u64, next: At) -> Result<At> {
    if let Some(function) = py.as_function(callee) {
        return enter(py, at, base, function, args, back);
    }
    if let Some(method) = Gc::<Method>::cast(py, callee) {
        let (function, receiver) = (method.get(py).function, method.get(py).receiver);
        if let Some(function) = py.as_function(function) {
            let mut values = RootVec::new(&mut py.heap);
            values.push(receiver);
            values.extend_from_slice(args.values());
            let args = Args::with_keywords(py, &values, args.kwnames());
            return enter(py, at, base, function, args, back);
        }
    }
    if let Some(class) = py.class_called_as_type(callee)
        && let Some(at) = construct(py, at, base, class, args)?
    {
        return Ok(at);
    }
    let value = py.call_args(callee, args)?;
    at.set(base, value);
    Ok(next)
}

/// A frame for a Python function in the window at `base`.
fn enter(py: &mut Py, at: At, base: usize, function: Gc<Function>, args: Args, back: *const u64) -> Result<At> {
    super::ensure_translated_function(py, function)?;
    // SAFETY: call windows lie inside the frame, whose entry has checked the stack limit with room to spare.
    let fp = unsafe { at.fp.add(base + HEADER) };
    let callee = At { pc: function.get(py).entry, fp };
    // What native code allocates meanwhile must not be laid over the parameters.
    let most = function.get(py).code.get(py).code.parameter_count();
    // SAFETY: as above.
    py.machine.top = py.machine.top.max(unsafe { fp.add(most) });
    py.bind(function, args, callee)?;
    callee.set_header(FUNCTION, Value::from(function).bits());
    callee.set_header(RETURN, back as u64);
    callee.set_header(CALLER, at.fp as u64);
    callee.set_header(OWNER, 0);
    Ok(callee)
}

/// A constructor call whose `__init__` is a Python function: its frame returns to the CallFix, which puts the instance in place.
fn construct(py: &mut Py, at: At, base: usize, class: Gc<Class>, args: Args) -> Result<Option<At>> {
    let Some(init) = py.constructor(class) else { return Ok(None) };
    let mut values = RootVec::new(&mut py.heap);
    let object = py.alloc_as(class, Instance { header: Header::EMPTY }).into();
    values.push(object);
    values.extend_from_slice(args.values());
    // SAFETY: the last word of a call is its CallFix.
    let back = unsafe { at.pc.add(if at.op() == Op::CallKw as u8 { 2 } else { 1 }) };
    let args = Args::with_keywords(py, &values, args.kwnames());
    let frame = enter(py, at, base, init, args, back)?;
    frame.set_header(OWNER, object.bits());
    Ok(Some(frame))
}

/// `__init__` returned something: it must be None.
pub(super) fn init_result(py: &mut Py, at: At) -> Result<At> {
    let class = py.class_name(at.get(at.a()));
    raise!(py, TypeError, "__init__() should return None, not '{class}'")
}

/// `f(*args, **kwargs)`.
pub(super) fn call_ex(py: &mut Py, at: At) -> Result<At> {
    let callee = at.get(at.a());
    let positional = at.get(at.b());
    let positional = match Gc::<Tuple>::cast(py, positional) {
        Some(tuple) => tuple,
        None => {
            if !py.is_iterable(positional) {
                let (function, class) = (py.callable_text(callee)?, py.class_name(positional));
                raise!(py, TypeError, "{function} argument after * must be an iterable, not {class}");
            }
            py.tuple_from_iterable(positional)?
        }
    };
    let keywords = if at.c() == ABSENT { None } else { Some(py.kwargs_from(callee, at.get(at.c()))?) };
    let names = match keywords {
        Some(dict) if !dict.get(py).is_empty() => Some(py.keyword_names(dict)?),
        _ => None,
    };
    let given = positional.get(py).len() + names.map_or(0, |names| names.get(py).len());
    // SAFETY: extended operations have two words.
    let back = unsafe { at.pc.add(2) };
    if given > IN_WINDOW {
        let mut values = RootVec::new(&mut py.heap);
        values.extend_from_slice(positional.get(py).items());
        append_values(py, keywords, |value| values.push(value));
        let args = Args::with_keywords(py, &values, names);
        return invoke(py, at, at.a(), callee, args, back, at.next(2));
    }
    // The operands may lie where the arguments go: from here on they are only what the variables above hold.
    let first = at.a() + HEADER + 1;
    at.clear(first - 1);
    let mut slot = first;
    for value in positional.get(py).items() {
        at.set(slot, *value);
        slot += 1;
    }
    append_values(py, keywords, |value| {
        at.set(slot, value);
        slot += 1;
    });
    // SAFETY: the reserve above every frame has room for so many values.
    py.machine.top = py.machine.top.max(unsafe { at.fp.add(slot) });
    let entered = enter_window(py, at, Window { base: at.a(), given, empty: true, names, words: 2 }, callee);
    if !entered.pc.is_null() {
        return Ok(entered);
    }
    let args = Args::with_keywords(py, at.slots(first, given), names);
    invoke(py, at, at.a(), callee, args, back, at.next(2))
}

fn append_values(py: &Py, keywords: Option<Gc<Dict>>, mut append: impl FnMut(Value)) {
    let Some(dict) = keywords else { return };
    let mut position = 0;
    while let Some((found, _, value)) = dict.get(py).entry_from(position) {
        append(value);
        position = found + 1;
    }
}
