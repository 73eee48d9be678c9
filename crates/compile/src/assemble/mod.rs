//! The assembler: bytes, tables and the code object from optimised instructions (`Python/assemble.c`).

mod exception_table;
mod layout;
mod line_table;
mod variables;

use bredli_code::CodeObject;
use bredli_text::Wtf8Buf;

use crate::flowgraph::Optimized;
use crate::unit::{AssembleError, Unit};

/// Makes the code object of a unit from its optimised instructions.
pub(crate) fn make_code(mut unit: Unit, optimized: Optimized, filename: &Wtf8Buf) -> Result<CodeObject, AssembleError> {
    let mut instructions = layout::lay_out(&optimized.graph)?;
    line_table::resolve_next(&mut instructions);
    let (localsplusnames, localspluskinds) = variables::frame_variables(&mut unit);
    Ok(CodeObject {
        argcount: unit.posonlyargcount + unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        stacksize: optimized.stack_depth.max(1),
        flags: unit.flags,
        code: layout::encode(&instructions).into(),
        consts: optimized.constants.into(),
        names: unit.names.into(),
        localsplusnames: localsplusnames.into(),
        localspluskinds: localspluskinds.into(),
        filename: filename.clone(),
        name: unit.name,
        qualname: unit.qualname,
        firstlineno: unit.firstlineno,
        linetable: line_table::encode(&instructions, unit.firstlineno).into(),
        exceptiontable: exception_table::encode(&instructions)?.into(),
    })
}
