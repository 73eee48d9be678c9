//! Attributes: the general protocol, and the decisions what a site may cache.

use crate::exec::extended::Ext;
use crate::exec::frame::{At, HEADER};
use crate::exec::op::Op;
use crate::object::{Access, Class, ClassFlags, Storage, Str, shape_of};
use crate::types::{MemberDescriptor, Module, shapes};
use crate::{Py, Result, raise};
use bredli_code::SpecialMethod;
use bredli_heap::{Gc, Value};

fn version_word(py: &mut Py, shape: u32, class: Gc<Class>) -> u64 {
    shape as u64 | (py.class_version(class) as u64) << 32
}

pub(super) fn load_attr(py: &mut Py, at: At) -> Result<At> {
    let object = at.get(at.b());
    let name = at.name(py, at.c());
    if at.op() != Op::LoadAttrAny as u8 {
        if object.is_heap() && tries_left(at) {
            cache_attr(py, at, object, name);
        } else {
            expect_any(at, name, Op::LoadAttrAny);
        }
    }
    let value = py.get_attr(object, name)?;
    at.set(at.a(), value);
    Ok(at.next(5))
}

/// How often a site may cache a shape before it goes through the table that sites share.
const TRIES: u8 = 4;

/// Sites that see ever new shapes stop caching one: the count is in the instruction.
fn tries_left(at: At) -> bool {
    let count = at.x();
    if count >= TRIES {
        return false;
    }
    at.set_x(count + 1);
    true
}

/// Let a site look into the table that sites share; the name is in its second word.
fn expect_any(at: At, name: Gc<Str>, op: Op) {
    at.set_extra(1, name.address() as u64);
    at.set_op(op);
}

/// Let a site expect a shape and a class version.
fn cache_value(py: &mut Py, at: At, object: Value, value: Value, op: Op) {
    let class = py.class_of(object);
    let word = version_word(py, shape_of(object), class);
    at.set_extra(1, word);
    at.set_extra(2, class.as_ptr() as u64 + std::mem::offset_of!(Class, version) as u64);
    at.set_extra(3, value.bits());
    at.set_op(op);
}

/// Let a site expect a shape and the place of an attribute in it.
fn cache_slot(py: &Py, at: At, object: Value, offset: u32, op: Op) {
    at.code(py).get(py).caches_places.set(true);
    at.set_extra(1, place_word(shape_of(object), offset));
    at.set_op(op);
}

/// A shape and the place of an attribute in it.
fn place_word(shape: u32, offset: u32) -> u64 {
    shape as u64 | (offset as u64) << 32
}

fn cache_attr(py: &mut Py, at: At, object: Value, name: Gc<Str>) {
    if let Some(class) = Gc::<Class>::cast(py, object) {
        if cache_type_attr(py, at, class, name) == OfType::Plain {
            at.set_op(Op::LoadAttrType);
        }
        return;
    }
    match py.resolve_access(object, name) {
        Access::Slot(offset) if at.op() == Op::LoadAttrSlot as u8 => {
            // A word of its own for the third shape, until there is one the second's.
            let other = place_word(shape_of(object), offset);
            at.set_extra(2, other);
            at.set_extra(3, other);
            at.set_op(Op::LoadAttrSlots);
        }
        Access::Slot(offset) if at.op() == Op::LoadAttrSlots as u8 => {
            if at.extra(2) == at.extra(3) {
                at.set_extra(3, place_word(shape_of(object), offset));
            } else {
                expect_any(at, name, Op::LoadAttrAny);
            }
        }
        Access::Slot(offset) => cache_slot(py, at, object, offset, Op::LoadAttrSlot),
        Access::Class(value) => cache_value(py, at, object, value, Op::LoadAttrClass),
        Access::Property(getter) => cache_value(py, at, object, getter.into(), Op::LoadAttrProperty),
        Access::Dict(..) if cache_module(py, at, object, name) => at.set_op(Op::LoadAttrModule),
        Access::Item(_) | Access::Native(_) => expect_any(at, name, Op::LoadAttrAny),
        // A class whose instances have more attributes than expected makes some with dictionaries before it knows better.
        Access::Dict(..) | Access::DictMethod(..) | Access::Method(_) | Access::ClassMethod(_) | Access::Store(..) | Access::Other => {}
    }
}

/// Let a site expect a module whose dictionary has its keys where they are now.
fn cache_module(py: &mut Py, at: At, object: Value, name: Gc<Str>) -> bool {
    if !crate::object::is_exact(object, shapes::MODULE) {
        return false;
    }
    let Some(dict) = Gc::<Module>::known(py, object).get(py).dict else { return false };
    let Some(number) = py.dict_find_str(dict.get(py), name) else { return false };
    at.set_extra(1, dict.get(py).version as u64 | (number as u64) << 32);
    true
}

/// What a site may rely on about an attribute of a class object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OfType {
    /// It gets this value.
    Plain,
    /// It calls this function with the class.
    Bound,
    /// Nothing.
    Unknown,
}

/// Attributes of a class object itself, where its metaclass gets them as `type` does: plain values and functions.
fn cache_type_attr(py: &mut Py, at: At, class: Gc<Class>, name: Gc<Str>) -> OfType {
    let meta = py.class_of(class.into());
    let getattr = |class: Gc<Class>| class.get(py).slots.getattr.map(|getattr| getattr as usize);
    if getattr(meta) != getattr(py.types.r#type) {
        return OfType::Unknown;
    }
    // From here on a change of the metaclass counts as a change of the class.
    py.class_version(meta);
    if py.type_lookup(meta, name).is_some_and(|a| py.class_of(a).get(py).slots.descr_set.is_some()) {
        return OfType::Unknown;
    }
    let Some(value) = py.type_lookup(class, name) else { return OfType::Unknown };
    let kind = py.class_of(value);
    let mut found = OfType::Plain;
    let value = if kind.get(py).flags.contains(ClassFlags::METHOD_DESCRIPTOR) || kind.get(py).slots.descr_get.is_none() {
        value
    } else if kind == py.types.staticmethod {
        match Gc::<crate::types::StaticMethod>::known(py, value).get(py).callable {
            Some(callable) => callable,
            None => return OfType::Unknown,
        }
    } else if kind == py.types.classmethod {
        found = OfType::Bound;
        match Gc::<crate::types::ClassMethod>::known(py, value).get(py).callable {
            Some(callable) if py.as_function(callable).is_some() => callable,
            _ => return OfType::Unknown,
        }
    } else {
        return OfType::Unknown;
    };
    let version = py.class_version(class);
    // The shape tells that the object is a class, should another one have taken the place of this class.
    at.set_extra(1, version as u64 | (shape_of(class.into()) as u64) << 32);
    at.set_extra(2, Value::from(class).bits());
    at.set_extra(3, value.bits());
    found
}

pub(super) fn load_method(py: &mut Py, at: At) -> Result<At> {
    let object = at.get(at.b());
    let name = at.name(py, at.c());
    let a = at.a();
    if at.op() != Op::LoadMethodAny as u8 {
        if object.is_heap() && tries_left(at) {
            cache_method(py, at, object, name);
        } else {
            expect_any(at, name, Op::LoadMethodAny);
        }
    }
    let (value, unbound) = py.get_method(object, name)?;
    at.set(a, value);
    if unbound {
        at.set(a + HEADER, object);
    } else {
        at.clear(a + HEADER);
    }
    Ok(at.next(4))
}

fn cache_method(py: &mut Py, at: At, object: Value, name: Gc<Str>) {
    if let Some(class) = Gc::<Class>::cast(py, object) {
        match cache_type_attr(py, at, class, name) {
            OfType::Plain => at.set_op(Op::LoadMethodType),
            OfType::Bound => at.set_op(Op::LoadMethodClass),
            OfType::Unknown => {}
        }
        return;
    }
    match py.resolve_access(object, name) {
        Access::Method(value) => cache_value(py, at, object, value, Op::LoadMethodCached),
        Access::Slot(offset) => cache_slot(py, at, object, offset, Op::LoadMethodSlot),
        Access::Dict(..) if cache_module(py, at, object, name) => at.set_op(Op::LoadMethodModule),
        _ => {}
    }
}

pub(super) fn store_attr(py: &mut Py, at: At) -> Result<At> {
    let object = at.get(at.a());
    let name = at.name(py, at.c());
    let value = at.get(at.b());
    if !object.is_heap() {
        py.set_attr(object, name, Some(value))?;
        return Ok(at.next(3));
    }
    let before = shape_of(object);
    let any = at.op() == Op::StoreAttrAny as u8 || !tries_left(at);
    if let Some((offset, after)) = store_in_slot(py, object, name, value)? {
        if any {
            py.accesses.insert_store(before, name, offset, after);
            expect_any(at, name, Op::StoreAttrAny);
        } else {
            at.code(py).get(py).caches_places.set(true);
            let place = place_word(before, offset);
            // The shape does not change where it is expected.
            let expects_one = at.op() == Op::StoreAttrSlot as u8 && at.extra(1) as u32 as u64 == at.extra(2);
            if expects_one && before == after {
                at.set_extra(2, place);
                at.set_op(Op::StoreAttrSlots);
            } else {
                at.set_extra(1, place);
                at.set_extra(2, after as u64);
                at.set_op(Op::StoreAttrSlot);
            }
        }
    }
    Ok(at.next(3))
}

/// Set an attribute. Where that comes down to writing a word for all objects of the shape: its offset, and the shape afterwards.
fn store_in_slot(py: &mut Py, object: Value, name: Gc<Str>, value: Value) -> Result<Option<(u32, u32)>> {
    let before = shape_of(object);
    let class = py.class_of(object);
    let own = py.types.object.get(py).slots.setattr;
    let generic = match (class.get(py).slots.setattr, own) {
        (Some(set), Some(own)) => std::ptr::fn_addr_eq(set, own),
        _ => true,
    };
    let member = py.type_lookup(class, name).and_then(|attribute| Gc::<MemberDescriptor>::cast(py, attribute));
    py.set_attr(object, name, Some(value))?;
    if !generic || Gc::<Class>::cast(py, object).is_some() {
        return Ok(None);
    }
    let after = shape_of(object);
    if let Some(member) = member {
        return Ok(Some((member.get(py).offset, after)));
    }
    let shape = &py.shapes[after as usize];
    if shape.storage != Storage::Inline || shape.class != py.shapes[before as usize].class {
        return Ok(None);
    }
    let Some(position) = shape.position(name) else { return Ok(None) };
    let adds = before != after;
    // Adding is only cached where every object of the shape has room.
    if adds && (shape.names().len() != position + 1 || position + 1 > shape.room as usize) {
        return Ok(None);
    }
    Ok(Some(((class.get(py).inline_offset() + 8 * position) as u32, after)))
}

pub(super) fn special(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    match ext {
        Ext::LoadSpecial => {
            let object = at.get(at.b());
            let method = SpecialMethod::from_number(at.c() as u32);
            let name = match method {
                Some(SpecialMethod::Enter) => py.names.__enter__,
                Some(SpecialMethod::Exit) => py.names.__exit__,
                Some(SpecialMethod::AEnter) => py.names.__aenter__,
                Some(SpecialMethod::AExit) => py.names.__aexit__,
                None => raise!(py, SystemError, "unknown special method"),
            };
            match py.lookup_special_unbound(object, name)? {
                Some((value, true)) => {
                    at.set(at.a() + 1, object);
                    at.set(at.a(), value);
                }
                Some((value, false)) => {
                    at.clear(at.a() + 1);
                    at.set(at.a(), value);
                }
                None => return Err(no_special(py, object, name)),
            }
        }
        _ => {
            let b = at.b();
            let name = at.name(py, at.c());
            let (global, class, object) = (at.get(b), at.get(b + 1), at.get(b + 2));
            let value = if global == py.types.super_type.into() {
                if ext == Ext::LoadSuperMethod {
                    let (value, unbound) = py.super_method(class, object, name)?;
                    at.set(at.a(), value);
                    match unbound {
                        true => at.set(at.a() + HEADER, object),
                        false => at.clear(at.a() + HEADER),
                    }
                    return Ok(());
                }
                py.super_lookup(class, object, name)?
            } else {
                let made = py.call(global, &[class, object])?;
                py.get_attr(made, name)?
            };
            at.set(at.a(), value);
            if ext == Ext::LoadSuperMethod {
                at.clear(at.a() + HEADER);
            }
        }
    }
    Ok(())
}

fn no_special(py: &mut Py, object: Value, name: Gc<Str>) -> crate::Raised {
    let class = py.class_name(object);
    let name = name.get(py).lossy();
    let other = |py: &mut Py, names: [&str; 2]| {
        names.iter().all(|n| {
            let n = py.intern(n);
            py.type_lookup_of(object, n).is_some()
        })
    };
    let asynchronous = name.starts_with("__a");
    let (protocol, hint) = if asynchronous {
        let hint = other(py, ["__enter__", "__exit__"]);
        ("asynchronous context manager", hint.then_some(("context manager", "with")))
    } else {
        let hint = other(py, ["__aenter__", "__aexit__"]);
        ("context manager", hint.then_some(("asynchronous context manager", "async with")))
    };
    let hint = hint
        .map_or(String::new(), |(other, statement)| format!(" but it supports the {other} protocol. Did you mean to use '{statement}'?"));
    crate::error!(py, TypeError, "'{class}' object does not support the {protocol} protocol (missed {name} method){hint}")
}
