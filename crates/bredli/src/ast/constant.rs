//! The values of `Constant` nodes, both ways.

use bredli_num::Int;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Complex};
use bredli_syntax::ast::{Arena, Constant};
use bredli_text::Wtf8;

/// The Python value of a constant.
pub fn to_value(py: &mut Py, constant: Constant<'_>) -> Result {
    Ok(match constant {
        Constant::None => Value::NONE,
        Constant::Ellipsis => Value::ELLIPSIS,
        Constant::Bool(truth) => Value::bool(truth),
        Constant::Int { negative, magnitude } => py.new_int_from(Int::new(negative, magnitude)),
        Constant::Float(float) => Value::float(float),
        Constant::Complex { real, imag } => py.new_complex(real, imag),
        Constant::Str(text) => py.new_str_wtf8(text.as_bytes()).into(),
        Constant::Bytes(bytes) => py.new_bytes(bytes).into(),
        Constant::Tuple(items) => {
            let items = to_values(py, items)?;
            py.new_tuple(&items).into()
        }
        Constant::FrozenSet(items) => {
            let items = to_values(py, items)?;
            py.new_frozenset(&items)?.into()
        }
    })
}

fn to_values(py: &mut Py, items: &[Constant<'_>]) -> Result<RootVec> {
    let mut values = RootVec::new(&mut py.heap);
    for item in items {
        let value = to_value(py, *item)?;
        values.push(value);
    }
    Ok(values)
}

/// The constant for a Python value, in `arena`; or the value in it that is of no type which code objects can hold.
pub fn from_value<'t>(py: &mut Py, value: Value, arena: &'t Arena) -> Result<std::result::Result<Constant<'t>, Value>> {
    py.enter_native(" while traversing 'expr' node")?;
    if value.is_none() {
        return Ok(Ok(Constant::None));
    }
    if value == Value::ELLIPSIS {
        return Ok(Ok(Constant::Ellipsis));
    }
    if value == Value::TRUE || value == Value::FALSE {
        return Ok(Ok(Constant::Bool(value == Value::TRUE)));
    }
    if let Some(float) = value.as_float() {
        return Ok(Ok(Constant::Float(float)));
    }
    let class = py.class_of(value);
    let types = &py.types;
    let constant = if class == types.int {
        py.with_int(value, |int| arena.int(int))
    } else if class == types.str {
        Gc::<Str>::cast(py, value).and_then(|text| Wtf8::from_bytes(text.get(py).bytes())).map(|text| Constant::Str(arena.wtf8(text)))
    } else if class == types.bytes {
        Gc::<Bytes>::cast(py, value).map(|bytes| Constant::Bytes(arena.bytes(bytes.get(py).data())))
    } else if class == types.complex {
        Gc::<Complex>::cast(py, value)
            .map(|complex| complex.get(py).number())
            .map(|number| Constant::Complex { real: number.real, imag: number.imag })
    } else if class == types.tuple {
        return Ok(from_values(py, value, arena)?.map(Constant::Tuple));
    } else if class == types.frozenset {
        return Ok(from_values(py, value, arena)?.map(Constant::FrozenSet));
    } else {
        None
    };
    Ok(constant.ok_or(value))
}

fn from_values<'t>(py: &mut Py, items: Value, arena: &'t Arena) -> Result<std::result::Result<&'t [Constant<'t>], Value>> {
    let items = py.collect_iterable(items)?;
    let mut values = Vec::with_capacity(items.len());
    for item in items.iter() {
        match from_value(py, *item, arena)? {
            Ok(value) => values.push(value),
            Err(culprit) => return Ok(Err(culprit)),
        }
    }
    Ok(Ok(&*arena.list(values)))
}
