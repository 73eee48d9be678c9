//! Displays, formatting, unpacking.

use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::object::Dict;
use crate::types::{List, Set};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

pub(super) fn build(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let (b, c) = (at.b(), at.c());
    let result: Value = match ext {
        Ext::BuildMap => {
            let dict = py.new_dict();
            for pair in 0..c {
                let (key, value) = (at.get(b + 2 * pair), at.get(b + 2 * pair + 1));
                if !py.dict_put_quick(dict, key, value) {
                    py.dict_set(dict, key, value)?;
                }
            }
            dict.into()
        }
        Ext::BuildSet => {
            let set = py.new_set();
            for index in 0..c {
                py.set_add(set, at.get(b + index))?;
            }
            set.into()
        }
        Ext::BuildSlice => py.new_slice(at.get(b), at.get(b + 1), if c > 2 { at.get(b + 2) } else { Value::NONE }).into(),
        Ext::BuildString => py.concat_strings(at.slots(b, c))?.into(),
        Ext::BuildTemplate => py.new_template(at.get(b), at.get(c))?,
        Ext::BuildInterpolation => {
            let spec = if c & 1 != 0 { Some(at.get(b + 2)) } else { None };
            py.new_interpolation(at.get(b), at.get(b + 1), (c >> 2) as u32, spec)?
        }
        Ext::FormatSimple => {
            let value = at.get(b);
            if py.is_exact_str(value) {
                value
            } else {
                let empty = py.constants.empty_str;
                py.format(value, empty)?.into()
            }
        }
        Ext::FormatWithSpec => {
            let spec = py.expect_str(at.get(c), "format spec")?;
            py.format(at.get(b), spec)?.into()
        }
        Ext::ConvertValue => match c {
            1 => py.str(at.get(b))?.into(),
            2 => py.repr(at.get(b))?.into(),
            _ => py.ascii(at.get(b))?.into(),
        },
        _ => return update(py, at, ext),
    };
    at.set(at.a(), result);
    Ok(())
}

/// Additions to a collection that is being built.
fn update(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let (target, value) = (at.get(at.a()), at.get(at.b()));
    match ext {
        Ext::ListExtend => {
            let list = Gc::<List>::known(py, target);
            if !py.is_iterable(value) {
                let class = py.class_name(value);
                raise!(py, TypeError, "Value after * must be an iterable, not {class}");
            }
            py.list_extend(list, value)?;
        }
        Ext::SetAdd => {
            // A program may have replaced the set that a module's annotations use.
            if !py.is_instance_of(target, py.types.set) {
                let class = py.class_name(target);
                raise!(py, TypeError, "'{class}' object is not a set");
            }
            py.set_add(Gc::known(py, target), value)?;
        }
        Ext::SetUpdate => {
            // A program may have replaced the set that a module's annotations use.
            let Some(set) = Gc::<Set>::cast(py, target) else { raise!(py, SystemError, "bad argument to internal function") };
            py.set_update(set, value)?;
        }
        Ext::MapAdd => {
            let (dict, item) = (Gc::<Dict>::known(py, target), at.get(at.c()));
            if !py.dict_put_quick(dict, value, item) {
                py.dict_set(dict, value, item)?;
            }
        }
        Ext::DictUpdate => {
            let dict = Gc::<Dict>::known(py, target);
            py.dict_display_update(dict, value)?;
        }
        _ => {
            let dict = Gc::<Dict>::known(py, target);
            py.kwargs_merge(at.get(at.c()), dict, value)?;
        }
    }
    Ok(())
}

/// `count` slots below `a` = the items of slot `from`, the first one on top.
pub(super) fn unpack(py: &mut Py, at: At, from: usize, count: usize, slot: impl Fn(usize) -> usize) -> Result<()> {
    let sequence = at.get(from);
    if let Some(items) = py.exact_items(sequence) {
        if items.len() != count {
            let got = items.len();
            return Err(unpack_mismatch(py, count, got, false));
        }
        for (index, item) in items.iter().enumerate() {
            at.set(slot(index), *item);
        }
        return Ok(());
    }
    let iterator = unpack_iter(py, sequence)?;
    let mut values = RootVec::new(&mut py.heap);
    for got in 0..count {
        match py.next(iterator)? {
            Some(value) => values.push(value),
            None => return Err(unpack_mismatch(py, count, got, false)),
        }
    }
    if py.next(iterator)?.is_some() {
        return Err(too_many(py, sequence, count));
    }
    for (index, value) in values.iter().enumerate() {
        at.set(slot(index), *value);
    }
    Ok(())
}

fn unpack_iter(py: &mut Py, sequence: Value) -> Result {
    if !py.is_iterable(sequence) {
        let class = py.class_name(sequence);
        raise!(py, TypeError, "cannot unpack non-iterable {class} object");
    }
    py.iter(sequence)
}

#[cold]
fn unpack_mismatch(py: &mut Py, wanted: usize, got: usize, at_least: bool) -> Raised {
    if at_least {
        return crate::error!(py, ValueError, "not enough values to unpack (expected at least {wanted}, got {got})");
    }
    if got < wanted {
        return crate::error!(py, ValueError, "not enough values to unpack (expected {wanted}, got {got})");
    }
    crate::error!(py, ValueError, "too many values to unpack (expected {wanted}, got {got})")
}

#[cold]
fn too_many(py: &mut Py, sequence: Value, wanted: usize) -> Raised {
    if py.is_dict(sequence)
        && let Ok(got) = py.len(sequence)
    {
        return crate::error!(py, ValueError, "too many values to unpack (expected {wanted}, got {got})");
    }
    crate::error!(py, ValueError, "too many values to unpack (expected {wanted})")
}

/// Starred assignment: `c` holds the counts before and after the star.
pub(super) fn unpack_ex(py: &mut Py, at: At) -> Result<()> {
    let (before, after) = (at.c() & 0xFF, at.c() >> 8);
    let sequence = at.get(at.b());
    let iterator = unpack_iter(py, sequence)?;
    let mut values = RootVec::new(&mut py.heap);
    py.extend_from_iterable(&mut values, iterator)?;
    let got = values.len();
    if got < before + after {
        return Err(unpack_mismatch(py, before + after, got, true));
    }
    let middle = py.new_list(&values[before..got - after])?;
    let mut slot = at.a();
    for value in &values[..before] {
        slot -= 1;
        at.set(slot, *value);
    }
    slot -= 1;
    at.set(slot, middle.into());
    for value in &values[got - after..] {
        slot -= 1;
        at.set(slot, *value);
    }
    Ok(())
}
