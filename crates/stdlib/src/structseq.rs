//! Structure sequences: tuples whose items have names, such as `os.stat_result`.
//!
//! Counterpart: `Objects/structseq.c`. Items beyond the visible ones are attributes of the instance.

use bredli_runtime::prelude::*;
use bredli_runtime::types::TupleGetter;

/// A tuple whose items have names.
#[pyclass(name = "structseq", base = Tuple, layout = Tuple, flags(BASETYPE))]
pub struct StructSequence;

#[pymethods]
impl StructSequence {
    fn __repr__(this: Value, py: &mut Py) -> Result<String> {
        let class = py.class_of(this);
        let names = py.names.__match_args__;
        let names = py.get_attr(class.into(), names)?;
        let (names, items) = (py.collect_iterable(names)?, py.collect_iterable(this)?);
        let mut text = format!("{}(", py.class_full_name(class));
        for (index, (name, item)) in names.iter().zip(items.iter()).enumerate() {
            let (name, item) = (py.str_text(*name)?, py.repr_text(*item)?);
            text.push_str(if index > 0 { ", " } else { "" });
            text.push_str(&format!("{name}={item}"));
        }
        text.push(')');
        Ok(text)
    }

    fn __setattr__(this: Value, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        let _ = value;
        let class = py.class_of(this);
        if py.type_lookup(class, name).is_some() {
            raise!(py, AttributeError, "readonly attribute");
        }
        let (class, name) = (py.class_full_name(class), name.get(py).lossy());
        raise!(py, AttributeError, "'{class}' object has no attribute '{name}' and no __dict__ for setting new attributes")
    }

    #[signature(self, /)]
    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let items = py.collect_iterable(this)?;
        let class = py.class_of(this);
        let items = py.new_tuple(&items);
        let hidden = hidden_values(py, this)?;
        let args = py.new_tuple(&[items.into(), hidden.into()]);
        Ok(py.new_tuple(&[class.into(), args.into()]).into())
    }

    /// Return a copy of the structure with new values for the specified fields.
    #[no_text_signature]
    fn __replace__(this: Value, py: &mut Py, args: Args) -> Result {
        let class = py.class_of(this);
        if !args.positional().is_empty() {
            raise!(py, TypeError, "__replace__() takes no positional arguments");
        }
        let unnamed = py.get_attr_named(class.into(), "n_unnamed_fields")?;
        if unnamed != Value::small(0) {
            let class = py.class_full_name(class);
            raise!(py, TypeError, "__replace__() is not supported for {class} because it has unnamed field(s)");
        }
        let changes = py.kwargs_dict(args)?;
        let names = py.names.__match_args__;
        let names = py.get_attr(class.into(), names)?;
        let (names, mut items) = (py.collect_iterable(names)?, py.collect_iterable(this)?);
        for (index, name) in names.iter().enumerate() {
            if let Some((_, value)) = py.dict_remove(changes, *name)? {
                items[index] = value;
            }
        }
        let hidden = hidden_values(py, this)?;
        for (name, _) in hidden_fields(py, class) {
            if let Some(value) = py.dict_remove_str(changes, name) {
                py.dict_set_str(hidden, name, value)?;
            }
        }
        if !changes.get(py).is_empty() {
            let names = py.list_from_iterable(changes.into())?;
            let names = py.repr_text(names.into())?;
            raise!(py, TypeError, "Got unexpected field name(s): {names}");
        }
        let items = py.new_tuple(&items);
        py.call(class.into(), &[items.into(), hidden.into()])
    }

    #[signature(sequence, dict=<unrepresentable>)]
    fn __new__(cls: Gc<Class>, py: &mut Py, sequence: Value, dict: Option<Value>) -> Result {
        let dict = match dict.map(|dict| Gc::<Dict>::cast(py, dict)) {
            None => None,
            Some(Some(dict)) => Some(dict),
            Some(None) => {
                let class = py.class_full_name(cls);
                raise!(py, TypeError, "{class}() takes a dict as second arg, if any")
            }
        };
        if !py.is_iterable(sequence) {
            raise!(py, TypeError, "constructor requires a sequence");
        }
        let items = py.collect_iterable(sequence)?;
        let visible = py.get_attr_named(cls.into(), "n_sequence_fields")?;
        let visible = py.to_isize(visible)?.max(0) as usize;
        let hidden: Vec<(Gc<Str>, Option<usize>)> = hidden_fields(py, cls);
        let (count, most) = (items.len(), visible + hidden.len());
        if count < visible || count > most {
            let class = py.class_full_name(cls);
            let how = match () {
                () if most == visible => "a",
                () if count < visible => "an at least",
                () => "an at most",
            };
            let wanted = if count < visible { visible } else { most };
            raise!(py, TypeError, "{class}() takes {how} {wanted}-sequence ({count}-sequence given)");
        }
        let made = py.tuple_instance(cls, &items[..visible])?;
        let mut left = dict.map_or(0, |dict| dict.get(py).len());
        for (index, (name, stand_in)) in hidden.into_iter().enumerate() {
            let value = match (items.get(visible + index), dict.and_then(|dict| py.dict_get_str(dict, name))) {
                (Some(value), _) => *value,
                (None, Some(value)) => {
                    left -= 1;
                    value
                }
                (None, None) => stand_in.map_or(Value::NONE, |index| items[index]),
            };
            py.generic_set_attr(made.into(), name, Some(value))?;
        }
        if left > 0 {
            let class = py.class_full_name(cls);
            raise!(py, TypeError, "{class}() got duplicate or unexpected field name(s)");
        }
        Ok(made.into())
    }
}

/// A field that is an attribute of the instances, but not an item; the class has it for those without a value.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "member_descriptor")]
pub struct HiddenField {
    header: Header,
    /// The item that stands for it when it is not given.
    stand_in: Option<usize>,
}

#[pymethods]
impl HiddenField {
    fn __get__(this: Value, object: Option<Value>, class: Option<Value>) -> Value {
        let _ = class;
        if object.is_some_and(|object| !object.is_none()) { Value::NONE } else { this }
    }
}

/// The names of the hidden fields of a class, with the items that stand for them.
fn hidden_fields(py: &mut Py, class: Gc<Class>) -> Vec<(Gc<Str>, Option<usize>)> {
    let entries = py.class_dict(class).get(py).entries();
    let field = |value: Option<Value>| Gc::<HiddenField>::cast(py, value?).map(|field| field.get(py).stand_in);
    entries.iter().filter_map(|entry| Some((Gc::<Str>::cast(py, entry.key?)?, field(entry.value)?))).collect()
}

/// The hidden fields of an instance.
fn hidden_values(py: &mut Py, instance: Value) -> Result<Gc<Dict>> {
    let values = py.new_dict();
    let class = py.class_of(instance);
    for (name, _) in hidden_fields(py, class) {
        let value = py.get_attr(instance, name)?;
        py.dict_set_str(values, name, value)?;
    }
    Ok(values)
}

/// Make the class of a structure sequence: the names of its first items, and how many items it has.
pub fn new_class(py: &mut Py, module: &str, name: &str, doc: &str, fields: &[&str], len: usize) -> Result<Gc<Class>> {
    new_class_with_hidden(py, module, name, doc, fields, len, &[])
}

/// The same with hidden fields, each with the item that stands for it when it is not given.
pub fn new_class_with_hidden(
    py: &mut Py,
    module: &str,
    name: &str,
    doc: &str,
    fields: &[&str],
    len: usize,
    hidden: &[(&str, Option<usize>)],
) -> Result<Gc<Class>> {
    let namespace = py.new_dict();
    let mut names = RootVec::new(&mut py.heap);
    for (index, field) in fields.iter().enumerate() {
        let (key, descriptor) = (py.intern(field), py.alloc(TupleGetter::new(index)));
        py.dict_set_str(namespace, key, descriptor.into())?;
        names.push(key.into());
    }
    for (field, stand_in) in hidden {
        let key = py.intern(field);
        let field = py.alloc(HiddenField { header: Header::EMPTY, stand_in: *stand_in });
        py.dict_set_str(namespace, key, field.into())?;
    }
    let (count, total) = (py.new_int(len as i64), py.new_int((len + hidden.len()) as i64));
    let names = py.new_tuple(&names);
    let (module, doc, text) = (py.intern(module), py.new_str(doc), py.intern(name));
    let attributes = [
        ("__match_args__", names.into()),
        ("__module__", module.into()),
        ("__doc__", doc.into()),
        ("n_fields", total),
        ("n_sequence_fields", count),
        ("n_unnamed_fields", Value::small((len - fields.len()) as i32)),
    ];
    for (key, value) in attributes {
        let key = py.intern(key);
        py.dict_set_str(namespace, key, value)?;
    }
    let base = StructSequence::class(py);
    let bases = py.new_tuple(&[base.into()]);
    let metaclass: Value = py.types.r#type.into();
    let class = py.call(metaclass, &[text.into(), bases.into(), namespace.into()])?;
    Ok(Gc::known(py, class))
}

/// Have a class make no more instances and change no more.
pub fn close_class(py: &mut Py, class: Gc<Class>) {
    let class = class.get_mut(py);
    class.slots.new = None;
    class.flags |= ClassFlags::DISALLOW_INSTANTIATION | ClassFlags::IMMUTABLE;
    class.flags -= ClassFlags::BASETYPE;
}

/// Make a structure sequence of a class from its items, in order.
pub fn new_instance(py: &mut Py, class: Value, items: &[Value]) -> Result {
    let base = StructSequence::class(py);
    match Gc::<Class>::cast(py, class) {
        Some(class) if py.is_subtype(class, base) => Ok(py.tuple_instance(class, items)?.into()),
        _ => raise!(py, TypeError, "a structure sequence needs its class"),
    }
}

/// Set hidden fields of a new instance.
pub fn set_hidden(py: &mut Py, instance: Value, fields: &[(&str, Value)]) -> Result<()> {
    let Some(dict) = py.instance_dict(instance) else { raise!(py, TypeError, "a structure sequence needs its class") };
    py.dict_reserve(dict, fields.len())?;
    for (name, value) in fields {
        let name = py.intern(name);
        py.dict_set_str(dict, name, *value)?;
    }
    Ok(())
}
