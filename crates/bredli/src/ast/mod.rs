//! `_ast`: the classes of syntax trees, and trees as objects of them.
//!
//! Everything derives from the table of `bredli_syntax::ast`. The classes are made when they are first needed. Counterpart:
//! `Python/Python-ast.c`.

mod build;
mod classes;
pub mod constant;
mod node;
mod read;

pub use build::to_objects;
pub use classes::is_node;
pub use read::from_objects;

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use classes::Classes;

#[pymodule(name = "_ast")]
pub mod ast {
    use super::*;
    use bredli_runtime::source_flag;

    pub const PyCF_ALLOW_TOP_LEVEL_AWAIT: i64 = source_flag::ALLOW_TOP_LEVEL_AWAIT as i64;
    pub const PyCF_ONLY_AST: i64 = source_flag::ONLY_AST as i64;
    pub const PyCF_OPTIMIZED_AST: i64 = source_flag::OPTIMIZED_AST as i64;
    pub const PyCF_TYPE_COMMENTS: i64 = source_flag::TYPE_COMMENTS as i64;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let classes = Classes::of(py)?;
        for index in 0..Classes::all(classes, py).len() {
            let class: Gc<Class> = Gc::known(py, Classes::all(classes, py)[index]);
            let name = class.get(py).name;
            py.set_attr(module.into(), name, Some(class.into()))?;
        }
        Ok(())
    }
}
