//! Loads of locals that may be unbound: LOAD_FAST becomes LOAD_FAST_CHECK where no store surely came before.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph, kind};

/// How many locals are followed from block to block; beyond, only within each block.
const TRACKED: usize = 64;

/// Checks the loads of locals that may be unbound.
pub(super) fn check_loads(graph: &mut Graph, locals: usize, parameters: usize) {
    if locals == 0 {
        return;
    }
    if locals > TRACKED {
        check_within_blocks(graph, locals);
    }
    let start = (parameters..locals.min(TRACKED)).fold(0, |mask, local| mask | 1 << local);
    if start == 0 && !graph.has(kind::UNBINDING) {
        return;
    }
    graph.reset_visited();
    spread(graph, Some(Graph::ENTRY), start);
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        scan(graph, id);
    }
    while let Some(id) = graph.pending.pop() {
        graph[id].visited = false;
        scan(graph, id);
    }
}

/// Adds possibly unbound locals to a block's; when that is news, the block is scanned (again).
fn spread(graph: &mut Graph, id: Option<BlockId>, unsafe_locals: u64) {
    let Some(id) = id else { return };
    let both = graph[id].unsafe_locals | unsafe_locals;
    if graph[id].unsafe_locals != both {
        graph[id].unsafe_locals = both;
        graph.schedule(id);
    }
}

fn scan(graph: &mut Graph, id: BlockId) {
    let mut unsafe_locals = graph[id].unsafe_locals;
    if unsafe_locals == 0 && !graph.has(kind::UNBINDING) {
        return;
    }
    if !graph[id].has(kind::LOCAL | kind::UNBINDING) && !graph.has(kind::BLOCK) {
        return spread_on(graph, id, unsafe_locals);
    }
    let mut steps = graph.take_steps(id);
    // The handler that was told last, and what.
    let mut told = (None, 0);
    for step in &mut steps {
        if step.handler.is_some() && (step.handler != told.0 || unsafe_locals & !told.1 != 0) {
            spread(graph, step.handler, unsafe_locals);
            told = (step.handler, unsafe_locals);
        }
        if !step.opcode.has_local() || step.arg as usize >= TRACKED {
            continue;
        }
        let bit = 1u64 << step.arg;
        match step.opcode {
            Opcode::DELETE_FAST | Opcode::LOAD_FAST_AND_CLEAR | Opcode::STORE_FAST_MAYBE_NULL => unsafe_locals |= bit,
            Opcode::STORE_FAST | Opcode::LOAD_FAST_CHECK => unsafe_locals &= !bit,
            Opcode::LOAD_FAST => {
                if unsafe_locals & bit != 0 {
                    step.opcode = Opcode::LOAD_FAST_CHECK;
                }
                unsafe_locals &= !bit;
            }
            _ => {}
        }
    }
    graph[id].steps = steps;
    spread_on(graph, id, unsafe_locals);
}

/// Passes on which locals may be unbound at the end of a block.
fn spread_on(graph: &mut Graph, id: BlockId, unsafe_locals: u64) {
    if graph[id].falls_through() {
        spread(graph, graph[id].next, unsafe_locals);
    }
    if let Some(last) = graph[id].last().copied()
        && last.opcode.has_jump()
    {
        spread(graph, last.target, unsafe_locals);
    }
}

/// For locals from 64 up: a load is safe only when the same block bound the local before.
fn check_within_blocks(graph: &mut Graph, locals: usize) {
    for block in graph.blocks_mut() {
        let mut bound = vec![false; locals];
        for step in &mut block.steps {
            let local = step.arg as usize;
            if !(TRACKED..locals).contains(&local) || !step.opcode.has_local() {
                continue;
            }
            match step.opcode {
                Opcode::DELETE_FAST | Opcode::LOAD_FAST_AND_CLEAR | Opcode::STORE_FAST_MAYBE_NULL => bound[local] = false,
                Opcode::STORE_FAST => bound[local] = true,
                Opcode::LOAD_FAST => {
                    if !bound[local] {
                        step.opcode = Opcode::LOAD_FAST_CHECK;
                    }
                    bound[local] = true;
                }
                _ => {}
            }
        }
    }
}
