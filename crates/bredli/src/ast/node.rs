//! `AST`: what all nodes share.
//!
//! Counterpart: the hand-written part of `Parser/asdl_c.py`.

use super::classes::Classes;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{GenericAlias, Union};

/// How many levels of a tree its representation shows.
const REPR_DEPTH: usize = 3;

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "AST", module = "ast", flags(BASETYPE), dict = dict)]
pub struct Node {
    header: Header,
    dict: Option<Gc<Dict>>,
}

impl Node {
    /// A node without attributes.
    pub fn empty() -> Node {
        Node { header: Header::EMPTY, dict: None }
    }
}

#[pymethods]
impl Node {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Node> {
        let _ = args;
        py.alloc_as(cls, Node::empty())
    }

    #[signature(self, /, *args, **kwargs)]
    #[no_text_signature]
    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let class = py.class_of(this.into());
        let fields = names_of(py, class, "_fields")?;
        let given = args.positional();
        if given.len() > fields.len() {
            let (name, count) = (py.class_name(this.into()), fields.len());
            let plural = if count == 1 { "" } else { "s" };
            raise!(py, TypeError, "{name} constructor takes at most {count} positional argument{plural}");
        }
        let mut missing = RootVec::from_slice(&mut py.heap, &fields[given.len()..]);
        for (field, value) in fields.iter().zip(given) {
            set_field(py, this, *field, *value)?;
        }
        let mut attributes = None;
        for index in 0..args.keyword_count() {
            let (key, value) = args.keyword(py, index);
            if find(py, &fields, key).is_some() {
                match find(py, &missing, key) {
                    Some(at) => drop(missing.remove(at)),
                    None => {
                        let (name, key) = (py.class_name(this.into()), py.repr_text(key.into())?);
                        raise!(py, TypeError, "{name} got multiple values for argument {key}");
                    }
                }
            } else {
                let attributes = match &attributes {
                    Some(attributes) => attributes,
                    None => attributes.insert(names_of(py, class, "_attributes")?),
                };
                if find(py, attributes, key).is_none() {
                    let (name, key) = (py.class_name(this.into()), py.repr_text(key.into())?);
                    py.warn(
                        py.exceptions.DeprecationWarning,
                        &format!(
                            "{name}.__init__ got an unexpected keyword argument {key}. Support for arbitrary keyword arguments is \
                             deprecated and will be removed in Python 3.15."
                        ),
                    )?;
                }
            }
            py.set_attr(this.into(), key, Some(value))?;
        }
        if missing.is_empty() { Ok(()) } else { fill_missing(py, this, class, &missing) }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        represent(py, this, REPR_DEPTH)
    }

    #[signature(self, /)]
    #[no_text_signature]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into());
        let dict = py.instance_dict(this.into()).expect("nodes have a dictionary");
        let fields = names_of(py, class, "_fields")?;
        // Fields that are there are given as None to the constructor, which would complain about their absence.
        let mut args = RootVec::new(&mut py.heap);
        for field in &fields {
            if py.dict_get(dict, *field)?.is_none() {
                break;
            }
            args.push(Value::NONE);
        }
        let (args, state) = (py.new_tuple(&args), py.dict_copy(dict)?);
        Ok(py.new_tuple(&[class.into(), args.into(), state.into()]).into())
    }

    /// Return a copy of the AST node with new values for the specified fields.
    #[raw]
    #[signature(self, /, **fields)]
    #[no_text_signature]
    fn __replace__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        if !args.positional().is_empty() {
            raise!(py, TypeError, "__replace__() takes no positional arguments");
        }
        let class = py.class_of(this.into());
        let dict = py.instance_dict(this.into()).expect("nodes have a dictionary");
        let (fields, attributes) = (names_of(py, class, "_fields")?, names_of(py, class, "_attributes")?);
        let mut expected = RootVec::from_slice(&mut py.heap, &fields);
        expected.extend_from_slice(&attributes);
        let mut missing = RootVec::new(&mut py.heap);
        for name in &fields {
            if py.dict_get(dict, *name)?.is_none() && !args.keywords(py).any(|(key, _)| Value::from(key) == *name) {
                missing.push(*name);
            }
        }
        for index in 0..args.keyword_count() {
            let (key, _) = args.keyword(py, index);
            if find(py, &expected, key).is_none() {
                let (name, key) = (py.class_name(this.into()), py.repr_text(key.into())?);
                raise!(py, TypeError, "{name}.__replace__ got an unexpected keyword argument {key}.");
            }
        }
        refuse_missing(py, class, &missing)?;
        let (mut names, mut values) = (RootVec::new(&mut py.heap), RootVec::new(&mut py.heap));
        for name in &expected {
            let given = Gc::<Str>::cast(py, *name).and_then(|name| args.keywords(py).find(|(key, _)| *key == name));
            let value = match given {
                Some((_, value)) => Some(value),
                None => py.dict_get(dict, *name)?,
            };
            if let Some(value) = value {
                names.push(*name);
                values.push(value);
            }
        }
        let names = py.new_tuple(&names);
        py.call_kw(class.into(), &values, names)
    }
}

/// The names in an attribute of a class; none if there is no such attribute.
fn names_of(py: &mut Py, class: Gc<Class>, attribute: &str) -> Result<RootVec> {
    let attribute = py.intern(attribute);
    match py.lookup_attr(class.into(), attribute)? {
        Some(names) => py.collect_iterable(names),
        None => Ok(RootVec::new(&mut py.heap)),
    }
}

fn find(py: &Py, names: &[Value], name: Gc<Str>) -> Option<usize> {
    names.iter().position(|other| *other == name.into() || py.quick_eq(*other, name.into()) == Some(true))
}

fn set_field(py: &mut Py, this: Gc<Node>, field: Value, value: Value) -> Result<()> {
    let name = py.expect_str(field, "attribute name")?;
    py.set_attr(this.into(), name, Some(value))
}

/// Gives the fields that the constructor did not get their defaults: an empty list, `Load()`; deprecated: nothing.
fn fill_missing(py: &mut Py, this: Gc<Node>, class: Gc<Class>, missing: &RootVec) -> Result<()> {
    let name = py.intern("_field_types");
    let Some(types) = py.lookup_attr(class.into(), name)? else { return Ok(()) };
    let classes = Classes::of(py)?;
    let context: Value = Classes::class(classes, py, "expr_context").into();
    let owner = py.class_name(this.into());
    for field in missing {
        let described = match Gc::<Dict>::cast(py, types) {
            Some(types) => py.dict_get(types, *field)?,
            None => None,
        };
        match described {
            None => {
                let field = py.repr_text(*field)?;
                let text = format!("Field {field} is missing from {owner}._field_types. This will become an error in Python 3.15.");
                py.warn(py.exceptions.DeprecationWarning, &text)?;
            }
            Some(described) if Gc::<Union>::cast(py, described).is_some() => {}
            Some(described) if Gc::<GenericAlias>::cast(py, described).is_some() => {
                let list = py.new_list(&[])?;
                set_field(py, this, *field, list.into())?;
            }
            Some(described) if described == context => {
                let load = Classes::instance(classes, py, "Load");
                set_field(py, this, *field, load)?;
            }
            Some(_) => {
                let field = py.repr_text(*field)?;
                let text =
                    format!("{owner}.__init__ missing 1 required positional argument: {field}. This will become an error in Python 3.15.");
                py.warn(py.exceptions.DeprecationWarning, &text)?;
            }
        }
    }
    Ok(())
}

/// `__replace__` makes no node without fields that must be there.
fn refuse_missing(py: &mut Py, class: Gc<Class>, missing: &RootVec) -> Result<()> {
    let mut names = Vec::new();
    for name in missing {
        let Some(name) = Gc::<Str>::cast(py, *name) else { continue };
        if py.lookup_attr(class.into(), name)? == Some(Value::NONE) {
            continue;
        }
        names.push(py.repr_text(name.into())?);
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    let (owner, count, plural) = (class.get(py).name.get(py).lossy(), names.len(), if names.len() == 1 { "" } else { "s" });
    raise!(py, TypeError, "{owner}.__replace__ missing {count} keyword argument{plural}: {}.", names.join(", "))
}

/// A node with what is below it down to a depth.
fn represent(py: &mut Py, this: Gc<Node>, depth: usize) -> Result<String> {
    let name = py.class_name(this.into());
    if depth == 0 || !py.repr_enter(this.into()) {
        return Ok(format!("{name}(...)"));
    }
    let parts = represent_fields(py, this, depth);
    py.repr_leave();
    Ok(format!("{name}({})", parts?.join(", ")))
}

fn represent_fields(py: &mut Py, this: Gc<Node>, depth: usize) -> Result<Vec<String>> {
    let class = py.class_of(this.into());
    let mut parts = Vec::new();
    for field in &names_of(py, class, "_fields")? {
        let name = py.expect_str(*field, "attribute name")?;
        let value = py.get_attr(this.into(), name)?;
        let text = match py.class_of(value) {
            class if class == py.types.list => represent_items(py, value, depth, ('[', "]"))?,
            class if class == py.types.tuple => represent_items(py, value, depth, ('(', ")"))?,
            _ => represent_value(py, value, depth)?,
        };
        parts.push(format!("{}={text}", name.get(py).lossy()));
    }
    Ok(parts)
}

fn represent_value(py: &mut Py, value: Value, depth: usize) -> Result<String> {
    match Gc::<Node>::cast(py, value) {
        Some(node) => represent(py, node, depth - 1),
        None => py.repr_text(value),
    }
}

/// The first and the last item.
fn represent_items(py: &mut Py, items: Value, depth: usize, (open, close): (char, &str)) -> Result<String> {
    let items = py.collect_iterable(items)?;
    let mut text = String::from(open);
    for index in [0, items.len().wrapping_sub(1)].into_iter().take(items.len()) {
        match index {
            0 => {}
            1 => text.push_str(", "),
            _ => text.push_str(", ..., "),
        }
        text.push_str(&represent_value(py, items[index], depth)?);
    }
    text.push_str(close);
    Ok(text)
}
