//! The assembler: bytes, tables and the code object from optimised instructions (`Python/assemble.c`).

mod exception_table;
mod layout;
mod line_table;
mod variables;

use bredli_code::CodeObject;
use bredli_text::Wtf8Buf;

use crate::flowgraph::{Graph, Optimized};
use crate::unit::{AssembleError, Unit};
use layout::Layout;

/// Storage that the assembler uses again for the next code object.
#[derive(Default)]
pub(crate) struct Storage {
    layout: Layout,
    lines: Vec<u8>,
    handlers: Vec<u8>,
}

/// Makes the code object of a unit, which gives up its names, from the graph of its optimised instructions, which it lays out.
pub(crate) fn make_code(
    unit: &mut Unit,
    graph: &mut Graph,
    storage: &mut Storage,
    optimized: Optimized,
    filename: &Wtf8Buf,
) -> Result<CodeObject, AssembleError> {
    let layout = &mut storage.layout;
    layout.lay_out(graph)?;
    if layout.has_next {
        line_table::resolve_next(graph);
    }
    let mut code = vec![0; 2 * layout.end as usize];
    let (units, _) = code.as_chunks_mut();
    let mut at = 0;
    let mut lines = line_table::Writer::new(unit.firstlineno, std::mem::take(&mut storage.lines));
    let mut handlers = exception_table::Writer::new(std::mem::take(&mut storage.handlers));
    for id in graph.order() {
        for step in &graph[id].steps {
            handlers.add(at as u32, step.handler, |id| layout.handler(graph, id))?;
            let behind = layout::encode(step, units, at);
            lines.add(step.location, (behind - at) as u32);
            at = behind;
        }
    }
    storage.handlers = handlers.finish(layout.end)?;
    storage.lines = lines.finish();
    let (localsplusnames, localspluskinds) = variables::frame_variables(unit);
    Ok(CodeObject {
        argcount: unit.posonlyargcount + unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        stacksize: optimized.stack_depth.max(1),
        flags: unit.flags,
        code: code.into(),
        consts: optimized.constants.into(),
        names: std::mem::take(&mut unit.names).into(),
        localsplusnames: localsplusnames.into(),
        localspluskinds: localspluskinds.into(),
        filename: filename.clone(),
        name: std::mem::take(&mut unit.name),
        qualname: std::mem::take(&mut unit.qualname),
        firstlineno: unit.firstlineno,
        linetable: storage.lines.clone().into(),
        exceptiontable: storage.handlers.clone().into(),
    })
}
