//! Pattern matching.
//!
//! Counterpart: `_PyEval_MatchClass` and `_PyEval_MatchKeys` in `Python/ceval.c`.

use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::object::{Class, ClassFlags, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

pub(super) fn matching(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let subject = at.get(at.b());
    let result = match ext {
        Ext::MatchMapping => Value::bool(py.class_of(subject).get(py).flags.contains(ClassFlags::MAPPING)),
        Ext::MatchKeys => match_keys(py, subject, at.get(at.b() + 1))?,
        _ => match_class(py, subject, at.get(at.b() + 1), at.get(at.b() + 2), at.c())?,
    };
    at.set(at.a(), result);
    Ok(())
}

/// GET_LEN
pub(super) fn length(py: &mut Py, at: At) -> Result<At> {
    let len = py.len(at.get(at.b()))?;
    let len = py.new_int(len as i64);
    at.set(at.a(), len);
    Ok(at.next(1))
}

fn match_keys(py: &mut Py, subject: Value, keys: Value) -> Result {
    let keys = Gc::<Tuple>::known(py, keys);
    let mut values = RootVec::new(&mut py.heap);
    if keys.get(py).is_empty() {
        return Ok(py.new_tuple(&[]).into());
    }
    let seen = py.new_dict();
    let missing = py.call(py.types.object.into(), &[])?;
    let get = py.names.get;
    for index in 0..keys.get(py).len() {
        let key = keys.get(py).items()[index];
        if py.dict_get(seen, key)?.is_some() {
            let text = py.repr_text(key)?;
            raise!(py, ValueError, "mapping pattern checks duplicate key ({text})");
        }
        py.dict_set(seen, key, Value::NONE)?;
        let value = py.call_method(subject, get, &[key, missing])?;
        if value == missing {
            return Ok(Value::NONE);
        }
        values.push(value);
    }
    Ok(py.new_tuple(&values).into())
}

fn match_class(py: &mut Py, subject: Value, class: Value, names: Value, positional: usize) -> Result {
    let Some(cls) = Gc::<Class>::cast(py, class) else { raise!(py, TypeError, "called match pattern must be a class") };
    if !py.is_instance(subject, class)? {
        return Ok(Value::NONE);
    }
    let names = Gc::<Tuple>::known(py, names);
    let mut values = RootVec::new(&mut py.heap);
    let mut seen: Vec<String> = Vec::new();
    if positional > 0 {
        let key = py.names.__match_args__;
        let class_name = cls.get(py).name.get(py).lossy();
        let found = py.lookup_attr(class, key)?;
        let (args, match_self) = match found {
            Some(args) => match Gc::<Tuple>::cast(py, args) {
                Some(args) => (Some(args), false),
                None => {
                    let given = py.class_name(args);
                    raise!(py, TypeError, "{class_name}.__match_args__ must be a tuple (got {given})")
                }
            },
            None => (None, cls.get(py).flags.contains(ClassFlags::MATCH_SELF)),
        };
        let allowed = if match_self { 1 } else { args.map_or(0, |args| args.get(py).len()) };
        if allowed < positional {
            let plural = if allowed == 1 { "" } else { "s" };
            raise!(py, TypeError, "{class_name}() accepts {allowed} positional sub-pattern{plural} ({positional} given)");
        }
        if match_self {
            values.push(subject);
        } else if let Some(args) = args {
            for index in 0..positional {
                let name = args.get(py).items()[index];
                let Some(name) = Gc::<Str>::cast(py, name) else {
                    let given = py.class_name(name);
                    raise!(py, TypeError, "__match_args__ elements must be strings (got {given})");
                };
                match attribute(py, subject, name, &mut seen, &class_name)? {
                    Some(value) => values.push(value),
                    None => return Ok(Value::NONE),
                }
            }
        }
    }
    let class_name = cls.get(py).name.get(py).lossy();
    for index in 0..names.get(py).len() {
        let name = Gc::<Str>::known(py, names.get(py).items()[index]);
        match attribute(py, subject, name, &mut seen, &class_name)? {
            Some(value) => values.push(value),
            None => return Ok(Value::NONE),
        }
    }
    Ok(py.new_tuple(&values).into())
}

fn attribute(py: &mut Py, subject: Value, name: Gc<Str>, seen: &mut Vec<String>, class: &str) -> Result<Option<Value>> {
    let text = name.get(py).lossy();
    if seen.contains(&text) {
        let text = py.repr_text(name.into())?;
        raise!(py, TypeError, "{class}() got multiple sub-patterns for attribute {text}");
    }
    seen.push(text);
    let name = py.intern_str(name);
    py.lookup_attr(subject, name)
}
