//! `_symtable`: the compiler's symbol tables, for the `symtable` module.
//!
//! Counterpart: `Modules/symtablemodule.c`.

use crate::frontend::{parsed, raise_compile_error};
use bredli_compile::{BlockId, BlockKind, Options, Symtable, symbol_flag as flag};
use bredli_runtime::prelude::*;
use bredli_runtime::{CompileMode, CompileRequest};
use bredli_syntax::ast::Arena;

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "symtable entry", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Entry {
    header: Header,
    name: Gc<Str>,
    symbols: Gc<Dict>,
    varnames: Gc<List>,
    children: Gc<List>,
    nested: bool,
    kind: i32,
    lineno: i32,
}

impl Entry {
    /// The entry for a block, with those of the blocks in it.
    fn of(py: &mut Py, table: &Symtable, id: BlockId) -> Result<Gc<Entry>> {
        py.enter_native(" during compilation")?;
        let block = table.block(id);
        let symbols = py.new_dict();
        for (name, flags) in block.symbols.iter() {
            let name = py.intern(table.names.text(name));
            py.dict_set_str(symbols, name, Value::small(*flags as i32))?;
        }
        let varnames = py.new_list(&[])?;
        for name in block.parameters() {
            let name = py.intern(table.names.text(name));
            py.list_push(varnames, name.into())?;
        }
        let children = py.new_list(&[])?;
        for child in &block.children {
            let child = Entry::of(py, table, *child)?;
            py.list_push(children, child.into())?;
        }
        let name = py.intern(table.names.text(block.name));
        let kind = block_type(block.kind);
        let (nested, lineno) = (block.nested, block.loc.lineno);
        Ok(py.alloc(Entry { header: Header::EMPTY, name, symbols, varnames, children, nested, kind, lineno }))
    }
}

/// CPython's numbers.
const fn block_type(kind: BlockKind) -> i32 {
    match kind {
        BlockKind::Function => 0,
        BlockKind::Class => 1,
        BlockKind::Module => 2,
        BlockKind::Annotation => 3,
        BlockKind::TypeAlias => 4,
        BlockKind::TypeParameters => 5,
        BlockKind::TypeVariable => 6,
    }
}

#[pymethods]
impl Entry {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let (name, lineno) = (this.get(py).name.get(py).lossy(), this.get(py).lineno);
        format!("<symtable entry {name}({}), line {lineno}>", this.address())
    }

    #[getter]
    fn id(this: Gc<Self>, _py: &Py) -> usize {
        this.address()
    }

    #[getter]
    fn name(this: Gc<Self>, py: &Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter]
    fn symbols(this: Gc<Self>, py: &Py) -> Gc<Dict> {
        this.get(py).symbols
    }

    #[getter]
    fn varnames(this: Gc<Self>, py: &Py) -> Gc<List> {
        this.get(py).varnames
    }

    #[getter]
    fn children(this: Gc<Self>, py: &Py) -> Gc<List> {
        this.get(py).children
    }

    #[getter]
    fn nested(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).nested as i32
    }

    #[getter]
    fn r#type(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).kind
    }

    #[getter]
    fn lineno(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).lineno
    }
}

#[pymodule(name = "_symtable")]
pub mod symtable {
    use super::*;

    pub const USE: i64 = flag::USE as i64;
    pub const DEF_GLOBAL: i64 = flag::DEF_GLOBAL as i64;
    pub const DEF_NONLOCAL: i64 = flag::DEF_NONLOCAL as i64;
    pub const DEF_LOCAL: i64 = flag::DEF_LOCAL as i64;
    pub const DEF_PARAM: i64 = flag::DEF_PARAM as i64;
    pub const DEF_TYPE_PARAM: i64 = flag::DEF_TYPE_PARAM as i64;
    pub const DEF_FREE_CLASS: i64 = flag::DEF_FREE_CLASS as i64;
    pub const DEF_IMPORT: i64 = flag::DEF_IMPORT as i64;
    pub const DEF_BOUND: i64 = flag::DEF_BOUND as i64;
    pub const DEF_ANNOT: i64 = flag::DEF_ANNOT as i64;
    pub const DEF_COMP_ITER: i64 = flag::DEF_COMP_ITER as i64;
    pub const DEF_COMP_CELL: i64 = flag::DEF_COMP_CELL as i64;
    pub const SCOPE_OFF: i64 = flag::SCOPE_OFFSET as i64;
    pub const SCOPE_MASK: i64 = flag::SCOPE_MASK as i64;
    pub const LOCAL: i64 = flag::LOCAL as i64;
    pub const GLOBAL_EXPLICIT: i64 = flag::GLOBAL_EXPLICIT as i64;
    pub const GLOBAL_IMPLICIT: i64 = flag::GLOBAL_IMPLICIT as i64;
    pub const FREE: i64 = flag::FREE as i64;
    pub const CELL: i64 = flag::CELL as i64;
    pub const TYPE_FUNCTION: i64 = block_type(BlockKind::Function) as i64;
    pub const TYPE_CLASS: i64 = block_type(BlockKind::Class) as i64;
    pub const TYPE_MODULE: i64 = block_type(BlockKind::Module) as i64;
    pub const TYPE_ANNOTATION: i64 = block_type(BlockKind::Annotation) as i64;
    pub const TYPE_TYPE_ALIAS: i64 = block_type(BlockKind::TypeAlias) as i64;
    pub const TYPE_TYPE_PARAMETERS: i64 = block_type(BlockKind::TypeParameters) as i64;
    pub const TYPE_TYPE_VARIABLE: i64 = block_type(BlockKind::TypeVariable) as i64;

    /// Return symbol and scope dictionaries used internally by compiler.
    #[pyfunction]
    #[signature(source, filename, startstr, /)]
    fn symtable(py: &mut Py, source: Value, filename: Value, startstr: Gc<Str>) -> Result<Gc<Entry>> {
        let filename = py.path_text(filename)?;
        let (source, flags) = py.source_bytes(source, "symtable", "string or bytes")?;
        let mode = match startstr.get(py).to_str() {
            Some("exec") => CompileMode::Exec,
            Some("eval") => CompileMode::Eval,
            Some("single") => CompileMode::Single,
            _ => raise!(py, ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'"),
        };
        let request = CompileRequest { source: &source, filename: &filename, mode, flags, optimize: py.optimize, feature_version: -1 };
        let arena = Arena::default();
        let parsed = parsed(py, &request, &arena)?;
        let options = Options { optimize: request.optimize, flags };
        match bredli_compile::symtable(&parsed.tree, options) {
            Ok(table) => Entry::of(py, &table, table.top()),
            Err(error) => Err(raise_compile_error(py, &request, error)),
        }
    }
}
