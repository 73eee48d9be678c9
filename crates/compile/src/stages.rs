//! The stages of the compiler one by one, for those who want to see what lies between them: code generation alone, the optimiser alone,
//! the assembler alone. Counterparts: `_PyCompile_CodeGen`, `_PyCompile_OptimizeCfg`, `_PyCompile_Assemble`.

use bredli_code::{CodeObject, Const};
use bredli_syntax::ast::Tree;
use bredli_text::Wtf8Buf;

use crate::assemble::{Storage, make_code};
use crate::codegen::{Input, Warn, generate_sequences};
use crate::driver::{Options, prepared, with_stack_for};
use crate::error::Result;
use crate::flowgraph::{self, Graph};
use crate::instruction::{Instruction, InstructionSequence};
use crate::unit::{AssembleError, Table, Unit};

/// The instructions of a code object and of those inside it. Those that name a target name the position of another instruction.
#[derive(Clone, Debug)]
pub struct Sequences {
    /// Its own.
    pub instructions: Vec<Instruction>,
    /// Those of the code objects inside it, in the order in which they are complete.
    pub nested: Vec<Sequences>,
}

/// The most values that an instruction which is given from outside pushes or pops.
const LARGEST_EFFECT: u64 = 1 << 16;

/// What code generation alone makes of a module: a description of its code object, and instructions that are not optimised.
///
/// # Errors
/// As for [`compile`](crate::compile).
pub fn generate(mut tree: Tree<'_>, filename: &Wtf8Buf, options: Options, warn: &mut Warn<'_>) -> Result<(Unit, Sequences)> {
    with_stack_for(tree.depth, move |recursion| {
        let (table, future) = prepared(&mut tree, options, recursion, warn)?;
        generate_sequences(tree.module, Input { table, filename, future, optimize: options.optimize, warn, recursion })
    })
}

/// What the optimiser alone makes of the instructions of a code object without parameters, with the constants that are then in use.
///
/// # Errors
/// Instructions that are no program.
pub fn optimize(
    instructions: Vec<Instruction>,
    constants: Vec<Const>,
    locals: usize,
) -> std::result::Result<(Vec<Instruction>, Vec<Const>), AssembleError> {
    let mut loads = instructions.iter().filter(|instruction| instruction.opcode.has_const());
    if loads.any(|load| load.arg as usize >= constants.len()) {
        return Err(AssembleError { message: "constant out of range" });
    }
    let mut graph = connected(instructions)?;
    let constants = flowgraph::improve(&mut graph, &mut Table::from_items(constants), locals, 0)?;
    flowgraph::borrow_locals(&mut graph)?;
    Ok((graph.resolved(), constants))
}

/// The code object that the assembler alone makes of instructions.
///
/// # Errors
/// Instructions that are no program.
pub fn assemble(
    mut unit: Unit,
    instructions: Vec<Instruction>,
    constants: Vec<Const>,
    filename: &Wtf8Buf,
) -> std::result::Result<CodeObject, AssembleError> {
    let mut graph = connected(instructions)?;
    let lowered = flowgraph::lower(&mut graph, constants, &mut unit)?;
    make_code(&mut unit, &mut graph, &mut Storage::default(), lowered, filename)
}

fn connected(instructions: Vec<Instruction>) -> std::result::Result<Graph, AssembleError> {
    let is_huge = |instruction: &Instruction| instruction.opcode.stack_effect(instruction.arg).unsigned_abs() > LARGEST_EFFECT;
    if instructions.iter().any(is_huge) {
        return Err(AssembleError { message: "the evaluation stack is too deep" });
    }
    let mut sequence = InstructionSequence::from_resolved(instructions);
    sequence.place_annotations();
    let mut graph = Graph::default();
    flowgraph::connect(&mut graph, &sequence)?;
    flowgraph::check_loops(&graph)?;
    Ok(graph)
}
