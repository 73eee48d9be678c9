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

    #[signature(self, /)]
    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let items = py.collect_iterable(this)?;
        let class = py.class_of(this);
        let (items, hidden) = (py.new_tuple(&items), py.names.__dict__);
        let hidden = py.get_attr(this, hidden)?;
        let args = py.new_tuple(&[items.into(), hidden]);
        Ok(py.new_tuple(&[class.into(), args.into()]).into())
    }

    #[signature(sequence, dict=<unrepresentable>)]
    fn __new__(cls: Gc<Class>, py: &mut Py, sequence: Value, dict: Option<Value>) -> Result {
        let items = py.collect_iterable(sequence)?;
        let visible = py.get_attr_named(cls.into(), "n_sequence_fields")?;
        let visible = py.to_isize(visible)?.max(0) as usize;
        let count = items.iter().count();
        if count < visible {
            let class = py.class_full_name(cls);
            raise!(py, TypeError, "{class}() takes an at least {visible}-sequence ({count}-sequence given)");
        }
        let visible: RootVec = {
            let mut kept = RootVec::new(&mut py.heap);
            kept.extend(items.iter().copied().take(visible));
            kept
        };
        let made = py.tuple_instance(cls, &visible)?;
        if let Some(dict) = dict.and_then(|dict| Gc::<Dict>::cast(py, dict)) {
            let copy = py.dict_copy(dict)?;
            py.set_instance_dict(made.into(), Some(copy));
        }
        Ok(made.into())
    }
}

/// Make the class of a structure sequence: the names of its first items, and how many items it has.
pub fn new_class(py: &mut Py, module: &str, name: &str, doc: &str, fields: &[&str], len: usize) -> Result<Gc<Class>> {
    let namespace = py.new_dict();
    let getter = TupleGetter::class(py);
    let mut names = RootVec::new(&mut py.heap);
    for (index, field) in fields.iter().enumerate() {
        let (key, index) = (py.intern(field), py.new_int(index as i64));
        let descriptor = py.call(getter.into(), &[index, Value::NONE])?;
        py.dict_set_str(namespace, key, descriptor)?;
        names.push(key.into());
    }
    let count = py.new_int(len as i64);
    let names = py.new_tuple(&names);
    let (module, doc, text) = (py.intern(module), py.new_str(doc), py.intern(name));
    let attributes = [
        ("__match_args__", names.into()),
        ("__module__", module.into()),
        ("__doc__", doc.into()),
        ("n_fields", count),
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

/// Make a structure sequence of a class from its items, in order.
pub fn new_instance(py: &mut Py, class: Value, items: &[Value]) -> Result {
    let base = StructSequence::class(py);
    match Gc::<Class>::cast(py, class) {
        Some(class) if py.is_subtype(class, base) => Ok(py.tuple_instance(class, items)?.into()),
        _ => raise!(py, TypeError, "a structure sequence needs its class"),
    }
}
