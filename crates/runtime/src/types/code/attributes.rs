//! The attributes of code objects: `co_*`, `replace`, positions and lines.

use super::Code;
use super::build::{Fields, with_changes};
use crate::native::Args;
use crate::object::{Class, CompareOp, Str, Tuple};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_code::local_kind;
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

#[pymethods(part = "attributes")]
impl Code {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        Fields::from_arguments(py, args)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let address = Value::from(this).bits();
        let this = this.get(py);
        let name = this.name.get(py).lossy();
        format!("<code object {name} at {address:#x}, file \"{}\", line {}>", this.code.filename, this.code.firstlineno)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let equal = this == other || same_code(py, this, other)?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let (name, code) = (this.get(py).name, this.get(py).code.clone());
        let mut hash = py.hash(name.into())?;
        for part in [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.flags, code.firstlineno as u32, code.code.len() as u32]
        {
            hash = hash.rotate_left(5).wrapping_mul(0x0100_0000_01B3) ^ i64::from(part);
        }
        for byte in &*code.code {
            hash = hash.rotate_left(5).wrapping_mul(0x0100_0000_01B3) ^ i64::from(*byte);
        }
        Ok(hash)
    }

    fn __sizeof__(this: Gc<Self>, py: &mut Py) -> usize {
        std::mem::size_of::<Code>() + this.get(py).code.code.len()
    }

    /// Return a copy of the code object with new values for the specified fields.
    #[raw]
    #[signature(self, /, **changes)]
    fn replace(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        with_changes(py, this, args, "replace")
    }

    /// The same as replace().
    #[raw]
    #[signature(self, /, **changes)]
    fn __replace__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        with_changes(py, this, args, "__replace__")
    }

    /// (internal-only) Return the local variable name for the given oparg.
    ///
    /// WARNING: this method is for internal use only and may change or go
    /// away.
    #[signature(self, /, oparg)]
    fn _varname_from_oparg(this: Gc<Self>, py: &mut Py, oparg: isize) -> Result {
        let names = py.local_names(this);
        match usize::try_from(oparg).ok().and_then(|index| names.get(py).items().get(index).copied()) {
            Some(name) => Ok(name),
            None => raise!(py, IndexError, "tuple index out of range"),
        }
    }

    fn co_lines(this: Gc<Self>, py: &mut Py) -> Result {
        let code = this.get(py).code.clone();
        let mut rows = RootVec::new(&mut py.heap);
        for range in code.lines() {
            let line = range.line.map_or(Value::NONE, Value::small);
            let (start, end) = (py.new_int(range.start as i64), py.new_int(range.end as i64));
            let row = py.new_tuple(&[start, end, line]);
            rows.push(row.into());
        }
        let list = py.new_list(&rows)?;
        py.iter(list.into())
    }

    fn co_branches(this: Gc<Self>, py: &mut Py) -> Result {
        let code = this.get(py).code.clone();
        let mut rows = RootVec::new(&mut py.heap);
        for (from, left, right) in code.branches() {
            let row = [from, left, right].map(|offset| Value::small(offset as i32));
            let row = py.new_tuple(&row);
            rows.push(row.into());
        }
        let list = py.new_list(&rows)?;
        py.iter(list.into())
    }

    fn co_positions(this: Gc<Self>, py: &mut Py) -> Result {
        let code = this.get(py).code.clone();
        let mut rows = RootVec::new(&mut py.heap);
        let ranges = py.config.code_debug_ranges;
        for position in code.positions() {
            let parts = match ranges {
                true => [position.line, position.end_line, position.column, position.end_column],
                false => [position.line, position.line, None, None],
            };
            let row = py.new_tuple(&parts.map(|part| part.map_or(Value::NONE, Value::small)));
            rows.push(row.into());
        }
        let list = py.new_list(&rows)?;
        py.iter(list.into())
    }

    #[getter]
    fn co_argcount(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).code.argcount
    }

    #[getter]
    fn co_posonlyargcount(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).code.posonlyargcount
    }

    #[getter]
    fn co_kwonlyargcount(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).code.kwonlyargcount
    }

    #[getter]
    fn co_nlocals(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).code.localspluskinds.iter().filter(|kind| **kind & local_kind::LOCAL != 0).count()
    }

    #[getter]
    fn co_stacksize(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).code.stacksize
    }

    #[getter]
    fn co_flags(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).code.flags
    }

    #[getter]
    fn _co_code_adaptive(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
        let Code { code, exec, .. } = this.get(py);
        let mut bytes = code.code.to_vec();
        if let Some(exec) = exec {
            exec.show_quickened(&mut bytes);
        }
        py.new_bytes(&bytes)
    }

    #[getter]
    fn co_code(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
        let code = this.get(py).code.clone();
        py.new_bytes(&code.code)
    }

    #[getter]
    fn co_consts(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        Ok(py.code_values(this)?.consts)
    }

    #[getter]
    fn co_names(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        Ok(py.code_values(this)?.names)
    }

    #[getter]
    fn co_varnames(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        variables(py, this, local_kind::LOCAL)
    }

    #[getter]
    fn co_cellvars(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        variables(py, this, local_kind::CELL)
    }

    #[getter]
    fn co_freevars(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        variables(py, this, local_kind::FREE)
    }

    #[getter]
    fn co_filename(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        py.code_filename(this)
    }

    #[getter]
    fn co_name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter]
    fn co_qualname(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).qualname
    }

    #[getter]
    fn co_firstlineno(this: Gc<Self>, py: &mut Py) -> i32 {
        this.get(py).code.firstlineno
    }

    #[getter]
    fn co_linetable(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
        let code = this.get(py).code.clone();
        py.new_bytes(&code.linetable)
    }

    #[getter]
    fn co_exceptiontable(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
        let code = this.get(py).code.clone();
        py.new_bytes(&code.exceptiontable)
    }

    #[getter]
    fn co_lnotab(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        let warnings = py.import_module("warnings")?;
        let (category, text) = (py.exceptions.DeprecationWarning.into(), py.new_str("co_lnotab is deprecated, use co_lines instead."));
        py.call_method_named(warnings, "warn", &[text.into(), category])?;
        let code = this.get(py).code.clone();
        let (mut table, mut line, mut start) = (Vec::new(), code.firstlineno, 0);
        for range in code.lines() {
            let Some(next) = range.line.filter(|next| *next != line) else { continue };
            let (mut distance, mut step) = (range.start - start, next - line);
            while distance > 255 {
                table.extend([255, 0]);
                distance -= 255;
            }
            while !(-128..=127).contains(&step) {
                let part = step.clamp(-128, 127);
                table.extend([distance as u8, part as u8]);
                distance = 0;
                step -= part;
            }
            table.extend([distance as u8, step as u8]);
            (line, start) = (next, range.start);
        }
        Ok(py.new_bytes(&table))
    }
}

fn variables(py: &mut Py, code: Gc<Code>, kind: u8) -> Gc<Tuple> {
    let local_names = py.local_names(code);
    let mut found = RootVec::new(&mut py.heap);
    let this = code.get(py);
    let names = local_names.get(py).items().iter().zip(&*this.code.localspluskinds);
    found.extend(names.filter(|(_, kinds)| **kinds & kind != 0).map(|(name, _)| *name));
    py.new_tuple(&found)
}

fn same_code(py: &mut Py, a: Gc<Code>, b: Gc<Code>) -> Result<bool> {
    let (x, y) = (a.get(py).code.clone(), b.get(py).code.clone());
    let same = x.name == y.name
        && (x.argcount, x.posonlyargcount, x.kwonlyargcount) == (y.argcount, y.posonlyargcount, y.kwonlyargcount)
        && (x.flags, x.firstlineno) == (y.flags, y.firstlineno)
        && x.code == y.code
        && x.names == y.names
        && x.localsplusnames == y.localsplusnames
        && x.linetable == y.linetable
        && x.exceptiontable == y.exceptiontable;
    if !same {
        return Ok(false);
    }
    let (a, b) = (py.code_values(a)?.consts, py.code_values(b)?.consts);
    same_constant(py, a.into(), b.into())
}

/// Equality that tells `1`, `1.0` and `True` apart, also inside tuples.
fn same_constant(py: &mut Py, a: Value, b: Value) -> Result<bool> {
    if a == b {
        return Ok(true);
    }
    if py.class_of(a) != py.class_of(b) {
        return Ok(false);
    }
    if let (Some(a), Some(b)) = (Gc::<Tuple>::cast(py, a), Gc::<Tuple>::cast(py, b)) {
        py.enter_native(" in comparison")?;
        let count = a.get(py).len();
        if count != b.get(py).len() {
            return Ok(false);
        }
        for index in 0..count {
            let (x, y) = (a.get(py).items()[index], b.get(py).items()[index]);
            if !same_constant(py, x, y)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if a.as_float().is_some() {
        return Ok(false);
    }
    py.eq(a, b)
}
