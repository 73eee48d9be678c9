//! Calling a slot as a special method: `int.__add__(1, 2)`.
//!
//! A slot wrapper converts the arguments of the call to the slot's own and the slot's answer to an object.
//! Counterpart: the `wrap_*` functions of `Objects/typeobject.c`.

use super::slots::{SetAttr, SlotFn, SlotMethod, Wrap};
use super::{CompareOp, Str};
use crate::native::Args;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// Call `function`, the slot that `method` belongs to, on `object` with the special method's arguments.
pub fn call_slot(py: &mut Py, method: &SlotMethod, function: SlotFn, object: Value, args: Args) -> Result {
    if let SlotFn::Init(f) = function {
        f(py, object, args.values(), args.kwnames())?;
        return Ok(Value::NONE);
    }
    if let SlotFn::Call(f) = function {
        return f(py, object, args.values(), args.kwnames());
    }
    if args.has_keywords() {
        raise!(py, TypeError, "wrapper {}() takes no keyword arguments", method.name);
    }
    let given = args.positional();
    let (least, most) = arity(method.wrap);
    if given.len() < least || given.len() > most {
        let count = given.len();
        let named = matches!(method.wrap, Wrap::KeyValue | Wrap::NameValue | Wrap::Get | Wrap::Set)
            || matches!(method.slot_field(), "buffer" | "release_buffer");
        let name = if named { format!("{} ", method.name) } else { String::new() };
        if least == most {
            let plural = if least == 1 { "" } else { "s" };
            raise!(py, TypeError, "{name}expected {least} argument{plural}, got {count}");
        }
        if matches!(method.wrap, Wrap::Power | Wrap::PowerRight) {
            raise!(py, TypeError, "expected 1 or 2 arguments, got {count}");
        }
        let (bound, number) = if count < least { ("at least", least) } else { ("at most", most) };
        let plural = if number == 1 { "" } else { "s" };
        raise!(py, TypeError, "{name}expected {bound} {number} argument{plural}, got {count}");
    }
    let argument = |index: usize| given.get(index).copied();
    let first = argument(0).unwrap_or(Value::NONE);
    Ok(match (function, method.wrap) {
        (SlotFn::Unary(f), _) => f(py, object)?,
        (SlotFn::Binary(f), Wrap::Right) => f(py, first, object)?,
        (SlotFn::Binary(f), _) => f(py, object, first)?,
        (SlotFn::Ternary(f), Wrap::PowerRight) => f(py, first, object, argument(1).unwrap_or(Value::NONE))?,
        (SlotFn::Ternary(f), _) => f(py, object, first, argument(1).unwrap_or(Value::NONE))?,
        (SlotFn::Inquiry(f), _) => Value::bool(f(py, object)?),
        (SlotFn::Length(f), _) => {
            let length = f(py, object)?;
            py.new_int(length as i64)
        }
        (SlotFn::Hash(f), _) => {
            let hash = f(py, object)?;
            py.new_int(hash)
        }
        (SlotFn::RichCompare(f), Wrap::Compare(op)) => f(py, object, first, op)?,
        (SlotFn::RichCompare(f), _) => f(py, object, first, CompareOp::Eq)?,
        (SlotFn::GetAttr(f), _) => {
            let name = attribute_name(py, first)?;
            f(py, object, name)?
        }
        (SlotFn::SetAttr(f), _) => {
            check_setter(py, method.name, f, object)?;
            let name = attribute_name(py, first)?;
            f(py, object, name, argument(1))?;
            Value::NONE
        }
        (SlotFn::Next(f), _) => match f(py, object)? {
            Some(value) => value,
            None => return Err(py.stop_iteration(None)),
        },
        (SlotFn::DescrGet(f), _) => {
            let class = argument(1).filter(|class| !class.is_none());
            let instance = Some(first).filter(|instance| !instance.is_none());
            if instance.is_none() && class.is_none() {
                raise!(py, TypeError, "__get__(None, None) is invalid");
            }
            f(py, object, instance, class)?
        }
        (SlotFn::DescrSet(f), _) => {
            f(py, object, first, argument(1))?;
            Value::NONE
        }
        (SlotFn::SetItem(f), _) => {
            f(py, object, first, argument(1))?;
            Value::NONE
        }
        (SlotFn::Contains(f), _) => Value::bool(f(py, object, first)?),
        (SlotFn::Repeat(f), _) => {
            let count = py.to_isize(first)?;
            f(py, object, count)?
        }
        (SlotFn::Finalize(f), _) => {
            f(py, object)?;
            Value::NONE
        }
        (SlotFn::Buffer(f), _) => {
            let int = py.index(first)?;
            match py.int_to_i64(int) {
                Some(flags) if i32::try_from(flags).is_ok() => f(py, object, flags as u32)?,
                Some(_) => raise!(py, OverflowError, "buffer flags out of range"),
                None => raise!(py, OverflowError, "cannot fit 'int' into an index-sized integer"),
            }
        }
        (SlotFn::Init(_) | SlotFn::Call(_), _) => unreachable!("handled above"),
    })
}

/// `object.__setattr__` does not apply where a native class nearer to the object has its own, as classes have.
fn check_setter(py: &mut Py, name: &str, setter: SetAttr, object: Value) -> Result<()> {
    let native = py.native_class_of(object);
    match native.get(py).slots.setattr {
        Some(own) if !std::ptr::fn_addr_eq(own, setter) => {
            let class = py.class_name(object);
            raise!(py, TypeError, "can't apply this {name} to {class} object")
        }
        _ => Ok(()),
    }
}

fn arity(wrap: Wrap) -> (usize, usize) {
    match wrap {
        Wrap::Plain => (0, 0),
        Wrap::Left
        | Wrap::Right
        | Wrap::Compare(_)
        | Wrap::Name
        | Wrap::NameDelete
        | Wrap::KeyDelete
        | Wrap::Delete
        | Wrap::Count
        | Wrap::Flags => (1, 1),
        Wrap::Power | Wrap::PowerRight | Wrap::Get => (1, 2),
        Wrap::NameValue | Wrap::KeyValue | Wrap::Set => (2, 2),
        Wrap::Any => (0, usize::MAX),
    }
}

/// An attribute name given as an argument, interned.
pub(crate) fn attribute_name(py: &mut Py, value: Value) -> Result<Gc<Str>> {
    match Gc::<Str>::cast(py, value) {
        Some(name) => Ok(py.intern_str(name)),
        None => {
            let class = py.class_name(value);
            raise!(py, TypeError, "attribute name must be string, not '{class}'")
        }
    }
}
