//! From objects of `_ast` to our tree, as far as its types say what is valid; the compiler's `validate` checks the rest.

use super::classes::Classes;
use super::constant;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use bredli_syntax::ast::{
    Arena, Constant, Constructor, DEFINITIONS, Definition, Field, FieldKind, Identifier, Location, Reader, Tree, read_tree,
};

/// The tree in objects whose root is of this class, made in `arena`.
pub fn from_objects<'t>(py: &mut Py, root: Value, class: &str, arena: &'t Arena) -> Result<Tree<'t>> {
    let classes = Classes::of(py)?;
    let expected = Classes::class(classes, py, class);
    if !py.is_instance_of(root, expected) {
        let given = py.class_name(root);
        raise!(py, TypeError, "expected {class} node, got {given}");
    }
    let mut objects = Objects { py, arena, classes, depth: 0, deepest: 0, was_none: false, no_constant: None };
    let module = read_tree(&mut objects, &root)?;
    let (depth, no_constant) = (objects.deepest, objects.no_constant);
    if let Some(class) = no_constant {
        raise!(py, TypeError, "got an invalid type in Constant: {class}");
    }
    Ok(Tree { module: arena.node(module), depth, arena })
}

struct Objects<'a, 't> {
    py: &'a mut Py,
    arena: &'t Arena,
    classes: Gc<Classes>,
    depth: usize,
    deepest: usize,
    /// The field asked for last is None, not missing.
    was_none: bool,
    /// The class of the first value that is no constant, which is complained about when all else could be read.
    no_constant: Option<String>,
}

impl Objects<'_, '_> {
    fn attribute(&mut self, node: Value, name: &str) -> Result<Option<Value>> {
        let name = self.py.intern(name);
        self.py.lookup_attr(node, name)
    }

    fn required<T>(&mut self, name: &str, owner: &str) -> Result<T> {
        raise!(self.py, TypeError, "required field \"{name}\" missing from {owner}")
    }
}

impl<'t> Reader<'t> for Objects<'_, 't> {
    type Value = Value;
    type Error = Raised;

    fn arena(&self) -> &'t Arena {
        self.arena
    }

    fn constructor(&mut self, node: &Value, definition: &'static Definition) -> Result<usize> {
        if definition.product {
            return Ok(0);
        }
        let class = self.py.class_of(*node);
        let classes = |this: &Self, index: usize| Classes::class(this.classes, this.py, definition.constructors[index].name);
        let count = definition.constructors.len();
        let exact = (0..count).find(|&index| classes(self, index) == class);
        match exact.or_else(|| (0..count).find(|&index| self.py.is_subtype(class, classes(self, index)))) {
            Some(index) => Ok(index),
            None => {
                let given = self.py.repr_text(*node)?;
                raise!(self.py, TypeError, "expected some sort of {}, but got {given}", definition.name)
            }
        }
    }

    fn field(&mut self, node: &Value, constructor: &'static Constructor, field: &'static Field) -> Result<Option<Value>> {
        let value = self.attribute(*node, field.name)?;
        // None has no fields, but those of arguments may all be absent.
        let none_is_a_value = matches!((field.kind, field.type_name), (FieldKind::One, "constant" | "int" | "arguments"))
            || matches!(field.kind, FieldKind::List | FieldKind::ListOfOptional);
        if value.is_none() && field.type_name == "constant" {
            return self.required(field.name, constructor.name);
        }
        self.was_none = value == Some(Value::NONE);
        Ok(value.filter(|value| none_is_a_value || !value.is_none()))
    }

    fn missing(&mut self, constructor: &'static Constructor, field: &'static Field) -> Raised {
        let (name, owner) = (field.name, constructor.name);
        if !self.was_none {
            return error!(self.py, TypeError, "required field \"{name}\" missing from {owner}");
        }
        let definition = DEFINITIONS.iter().find(|definition| definition.name == field.type_name);
        let choice = definition.is_some_and(|definition| definition.constructors.iter().all(|constructor| constructor.fields.is_empty()));
        if choice {
            return error!(self.py, TypeError, "expected some sort of {}, but got None", field.type_name);
        }
        if !matches!(field.kind, FieldKind::List | FieldKind::ListOfOptional) {
            return error!(self.py, ValueError, "field '{name}' is required for {owner}");
        }
        match definition {
            // None has no fields, and the first that must be there is the one that is complained about.
            Some(definition) if definition.product => {
                let part = &definition.constructors[0];
                let field = part.fields.iter().find(|field| field.kind == FieldKind::One).map_or("", |field| field.name);
                error!(self.py, TypeError, "required field \"{field}\" missing from {}", part.name)
            }
            _ => {
                let what = match field.type_name {
                    "stmt" => "statement",
                    "expr" => "expression",
                    name => name,
                };
                error!(self.py, ValueError, "None disallowed in {what} list")
            }
        }
    }

    fn location(&mut self, node: &Value, definition: &'static Definition) -> Result<Location> {
        let mut numbers = [0; 4];
        for (index, attribute) in definition.attributes.iter().enumerate() {
            let value = self.attribute(*node, attribute.name)?.filter(|value| !(attribute.optional && value.is_none()));
            numbers[index] = match value {
                Some(value) => self.int(&value)?,
                None if attribute.optional => numbers[index - 2],
                None => return self.required(attribute.name, definition.name),
            };
        }
        let [lineno, col_offset, end_lineno, end_col_offset] = numbers;
        Ok(Location { lineno, col_offset, end_lineno, end_col_offset })
    }

    fn length(&mut self, list: &Value, constructor: &'static Constructor, field: &'static Field) -> Result<usize> {
        match Gc::<List>::cast(self.py, *list) {
            Some(list) => Ok(list.get(self.py).len()),
            None => {
                let given = self.py.class_name(*list);
                raise!(self.py, TypeError, "{} field \"{}\" must be a list, not a {given}", constructor.name, field.name)
            }
        }
    }

    fn item(&mut self, list: &Value, index: usize, constructor: &'static Constructor, field: &'static Field) -> Result<Option<Value>> {
        let list = Gc::<List>::known(self.py, *list);
        match list.get(self.py).items().get(index).copied() {
            Some(item) => {
                self.was_none = item.is_none();
                Ok(Some(item).filter(|item| !item.is_none() || field.type_name == "constant"))
            }
            None => raise!(self.py, RuntimeError, "{} field \"{}\" changed size during iteration", constructor.name, field.name),
        }
    }

    fn identifier(&mut self, value: &Value) -> Result<Identifier<'t>> {
        match Gc::<Str>::cast(self.py, *value) {
            Some(name) => match name.get(self.py).to_str() {
                Some(text) => Ok(self.arena.identifier(text)),
                None => Err(self.py.surrogates_not_allowed(name)),
            },
            None => raise!(self.py, TypeError, "AST identifier must be of type str"),
        }
    }

    fn int(&mut self, value: &Value) -> Result<i32> {
        if !self.py.is_int(*value) {
            let given = self.py.repr_text(*value)?;
            raise!(self.py, ValueError, "invalid integer value: {given}");
        }
        match self.py.int_to_i64(*value).and_then(|number| i32::try_from(number).ok()) {
            Some(number) => Ok(number),
            None => raise!(self.py, OverflowError, "Python int too large to convert to C int"),
        }
    }

    fn string(&mut self, value: &Value) -> Result<&'t str> {
        match Gc::<Str>::cast(self.py, *value) {
            Some(text) => Ok(self.arena.str(&text.get(self.py).lossy())),
            // CPython takes bytes, and leaves them alone.
            None => match Gc::<Bytes>::cast(self.py, *value) {
                Some(bytes) => Ok(self.arena.str(&String::from_utf8_lossy(bytes.get(self.py).data()))),
                None => raise!(self.py, TypeError, "AST string must be of type str"),
            },
        }
    }

    fn constant(&mut self, value: &Value) -> Result<Constant<'t>> {
        Ok(constant::from_value(self.py, *value, self.arena)?.unwrap_or_else(|culprit| {
            self.no_constant.get_or_insert_with(|| self.py.class_name(culprit).to_string());
            Constant::None
        }))
    }

    fn enter(&mut self, definition: &'static Definition) -> Result<()> {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.py.enter_native("").is_ok() {
            return Ok(());
        }
        self.py.clear_exception();
        raise!(self.py, RecursionError, "maximum recursion depth exceeded while traversing '{}' node", definition.name)
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}
