//! The classes of nodes, made from the table of the syntax tree: once for every interpreter, when first needed.

use super::node::Node;
use bredli_runtime::prelude::*;
use bredli_syntax::ast::{Constructor, DEFINITIONS, Definition, Field, FieldKind};
use std::collections::HashMap;
use std::sync::LazyLock;

/// `AST` and below it each type of the grammar, followed by its constructors.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ast_classes", module = "_ast")]
pub struct Classes {
    header: Header,
    classes: HeapVec<Value>,
    /// The shared instances of classes without fields such as `Load`, at the same index.
    instances: HeapVec<Value>,
}

/// Where the class of that name is among the classes.
static INDEXES: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    let mut indexes = HashMap::from([("AST", 0)]);
    for definition in DEFINITIONS {
        if !definition.product {
            indexes.insert(definition.name, indexes.len());
        }
        for constructor in definition.constructors {
            indexes.insert(constructor.name, indexes.len());
        }
    }
    indexes
});

impl Classes {
    /// The classes of this interpreter.
    pub fn of(py: &mut Py) -> Result<Gc<Classes>> {
        let node = py.class::<Node>();
        if let Some(classes) = node.get(py).extra.and_then(|extra| Gc::<Classes>::cast(py, extra)) {
            return Ok(classes);
        }
        let classes = Classes::make(py, node)?;
        node.get_mut(py).extra = Some(classes.into());
        Ok(classes)
    }

    /// All classes, `AST` first.
    pub fn all(this: Gc<Classes>, py: &Py) -> &[Value] {
        &this.get(py).classes
    }

    /// The class of that name.
    pub fn class(this: Gc<Classes>, py: &Py, name: &str) -> Gc<Class> {
        Gc::known(py, this.get(py).classes[INDEXES[name]])
    }

    /// The instance of a class without fields that the parser uses.
    pub fn instance(this: Gc<Classes>, py: &Py, name: &str) -> Value {
        this.get(py).instances[INDEXES[name]]
    }

    #[cold]
    fn make(py: &mut Py, node: Gc<Class>) -> Result<Gc<Classes>> {
        let Ok(none) = HeapVec::filled(&mut py.heap, INDEXES.len(), Value::NONE) else { return Err(py.no_memory()) };
        let Ok(instances) = HeapVec::filled(&mut py.heap, INDEXES.len(), Value::NONE) else { return Err(py.no_memory()) };
        let this = py.alloc(Classes { header: Header::EMPTY, classes: none, instances });
        this.get_mut(py).classes[0] = node.into();
        node.get_mut(py).flags.remove(ClassFlags::IMMUTABLE);
        let empty = py.constants.empty_tuple.into();
        for name in ["_fields", "__match_args__", "_attributes"] {
            let name = py.intern(name);
            py.class_set_attr(node, name, Some(empty))?;
        }
        for definition in DEFINITIONS {
            make_type(py, this, definition)?;
        }
        for definition in DEFINITIONS {
            for constructor in definition.constructors {
                describe_fields(py, this, constructor)?;
            }
        }
        Ok(this)
    }
}

/// Whether a value is a node of a syntax tree.
pub fn is_node(py: &mut Py, value: Value) -> bool {
    let node = py.class::<Node>();
    py.is_instance_of(value, node)
}

/// Makes the class of a type and those of its constructors.
fn make_type(py: &mut Py, this: Gc<Classes>, definition: &'static Definition) -> Result<()> {
    let mut base = Classes::class(this, py, "AST");
    if !definition.product {
        let alternatives: Vec<String> = definition.constructors.iter().map(signature).collect();
        let plain = definition.constructors.iter().all(|constructor| constructor.fields.is_empty());
        let separator = if plain { " | ".to_string() } else { format!("\n{}| ", " ".repeat(definition.name.len() + 1)) };
        let doc = format!("{} = {}", definition.name, alternatives.join(&separator));
        base = make_class(py, this, definition.name, base, &[], &doc)?;
        add_attributes(py, base, definition)?;
    }
    for constructor in definition.constructors {
        let class = make_class(py, this, constructor.name, base, constructor.fields, &signature(constructor))?;
        if definition.product {
            add_attributes(py, class, definition)?;
        }
        if constructor.fields.is_empty() && definition.attributes.is_empty() {
            let instance = py.alloc_as(class, Node::empty());
            this.get_mut(py).instances[INDEXES[constructor.name]] = instance.into();
        }
    }
    Ok(())
}

/// A constructor as `Python.asdl` declares it.
fn signature(constructor: &Constructor) -> String {
    if constructor.fields.is_empty() {
        return constructor.name.to_string();
    }
    let fields: Vec<String> = constructor.fields.iter().map(|field| format!("{}{} {}", field.type_name, mark(field), field.name)).collect();
    format!("{}({})", constructor.name, fields.join(", "))
}

fn mark(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::One => "",
        FieldKind::Optional => "?",
        FieldKind::List => "*",
        FieldKind::ListOfOptional => "?*",
    }
}

fn make_class(py: &mut Py, this: Gc<Classes>, name: &str, base: Gc<Class>, fields: &[Field], doc: &str) -> Result<Gc<Class>> {
    let namespace = py.new_dict();
    let names = name_tuple(py, fields.iter().map(|field| field.name));
    let (module, doc, text) = (py.intern("ast"), py.new_str(doc), py.intern(name));
    for (key, value) in
        [("_fields", names.into()), ("__match_args__", names.into()), ("__module__", module.into()), ("__doc__", doc.into())]
    {
        let key = py.intern(key);
        py.dict_set_str(namespace, key, value)?;
    }
    let bases = py.new_tuple(&[base.into()]);
    let metaclass = py.types.r#type.into();
    let class = py.call(metaclass, &[text.into(), bases.into(), namespace.into()])?;
    this.get_mut(py).classes[INDEXES[name]] = class;
    Ok(Gc::known(py, class))
}

fn name_tuple(py: &mut Py, names: impl Iterator<Item = &'static str>) -> Gc<Tuple> {
    let mut items = RootVec::new(&mut py.heap);
    for name in names {
        let name = py.intern(name);
        items.push(name.into());
    }
    py.new_tuple(&items)
}

/// Gives a class `_attributes`, and None as the value of those that may be left out.
fn add_attributes(py: &mut Py, class: Gc<Class>, definition: &'static Definition) -> Result<()> {
    let names = name_tuple(py, definition.attributes.iter().map(|attribute| attribute.name));
    let key = py.intern("_attributes");
    py.class_set_attr(class, key, Some(names.into()))?;
    for attribute in definition.attributes.iter().filter(|attribute| attribute.optional) {
        let name = py.intern(attribute.name);
        py.class_set_attr(class, name, Some(Value::NONE))?;
    }
    Ok(())
}

/// Gives a class its `_field_types`, and None as the value of fields that may be left out.
fn describe_fields(py: &mut Py, this: Gc<Classes>, constructor: &'static Constructor) -> Result<()> {
    let class = Classes::class(this, py, constructor.name);
    let types = py.new_dict();
    for field in constructor.fields {
        let plain = match field.type_name {
            "identifier" | "string" => py.types.str,
            "int" => py.types.int,
            "constant" => py.types.object,
            name => Classes::class(this, py, name),
        };
        let name = py.intern(field.name);
        let described = match field.kind {
            FieldKind::One => plain.into(),
            FieldKind::Optional => {
                py.class_set_attr(class, name, Some(Value::NONE))?;
                py.union_or(plain.into(), Value::NONE)?
            }
            FieldKind::List | FieldKind::ListOfOptional => {
                let list = py.types.list.into();
                py.new_generic_alias(list, plain.into())?
            }
        };
        py.dict_set_str(types, name, described)?;
    }
    for key in ["_field_types", "__annotations_cache__"] {
        let key = py.intern(key);
        py.class_set_attr(class, key, Some(types.into()))?;
    }
    Ok(())
}
