//! From our tree to objects of `_ast`.

use super::classes::Classes;
use super::constant;
use super::node::Node;
use bredli_runtime::prelude::*;
use bredli_syntax::ast::{Build, Builder, Constant, Constructor, Field, Identifier, Location, Mod};

/// The objects for a tree.
pub fn to_objects(py: &mut Py, tree: &Mod<'_>) -> Result {
    let classes = Classes::of(py)?;
    tree.build(&mut Objects { py, classes })
}

struct Objects<'a> {
    py: &'a mut Py,
    classes: Gc<Classes>,
}

impl Objects<'_> {
    fn set(&mut self, node: Value, name: &str, value: Value) -> Result<()> {
        let name = self.py.intern(name);
        let dict = self.py.instance_dict(node).expect("nodes have a dictionary");
        self.py.dict_set_str(dict, name, value)
    }
}

impl Builder for Objects<'_> {
    type Value = Value;
    type Error = Raised;

    fn node(&mut self, constructor: &'static Constructor) -> Result {
        self.py.enter_native(" during ast construction")?;
        let class = Classes::class(self.classes, self.py, constructor.name);
        Ok(self.py.alloc_as(class, Node::empty()).into())
    }

    fn field(&mut self, node: &mut Value, field: &'static Field, value: Value) -> Result<()> {
        self.set(*node, field.name, value)
    }

    fn location(&mut self, node: &mut Value, loc: &Location) -> Result<()> {
        self.set(*node, "lineno", Value::small(loc.lineno))?;
        self.set(*node, "col_offset", Value::small(loc.col_offset))?;
        self.set(*node, "end_lineno", Value::small(loc.end_lineno))?;
        self.set(*node, "end_col_offset", Value::small(loc.end_col_offset))
    }

    fn choice(&mut self, constructor: &'static Constructor) -> Result {
        Ok(Classes::instance(self.classes, self.py, constructor.name))
    }

    fn list(&mut self) -> Result {
        Ok(self.py.new_list(&[])?.into())
    }

    fn push(&mut self, list: &mut Value, item: Value) -> Result<()> {
        let list = Gc::<List>::known(self.py, *list);
        self.py.list_push(list, item)
    }

    fn none(&mut self) -> Result {
        Ok(Value::NONE)
    }

    fn identifier(&mut self, name: Identifier<'_>) -> Result {
        Ok(self.py.intern(name.as_str()).into())
    }

    fn int(&mut self, number: i32) -> Result {
        Ok(Value::small(number))
    }

    fn string(&mut self, text: &str) -> Result {
        Ok(self.py.new_str(text).into())
    }

    fn constant(&mut self, constant: Constant<'_>) -> Result {
        constant::to_value(self.py, constant)
    }
}
