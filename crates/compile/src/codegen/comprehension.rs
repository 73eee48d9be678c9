//! Comprehensions: inlined ones become loops in the surrounding code, the others functions of their own.

use bredli_code::{Opcode, resume};
use bredli_syntax::ast::{Comprehension as Generator, Expr, ExprKind, Location};

use super::Codegen;
use super::frame_block::FrameBlockKind;
use super::unit::ScopeKind;
use crate::error::{CompileError, Result};
use crate::instruction::Label;
use crate::names::Name;
use crate::symtable::{BlockId, BlockKind, CELL, DEF_LOCAL, DEF_NONLOCAL, FREE, Role, key, scope_of};
use crate::tree::{NO_LOCATION, is_starred};

/// What a comprehension produces in each round.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    Generator(&'a Expr<'a>),
    List(&'a Expr<'a>),
    Set(&'a Expr<'a>),
    Dict(&'a Expr<'a>, &'a Expr<'a>),
}

/// One comprehension while its loops are generated.
#[derive(Clone, Copy)]
struct Loops<'a> {
    element: Element<'a>,
    generators: &'a [Generator<'a>],
    loc: Location,
}

/// What an inlined comprehension has changed in the surrounding code.
#[derive(Default)]
struct Inlined {
    /// Variables whose outer values wait on the stack.
    pushed: Vec<Name>,
    /// The outer flags of symbols that differ inside.
    symbols: Vec<(Name, u32)>,
    /// Names that became fast locals for the time.
    hidden: Vec<Name>,
    cleanup: Option<Label>,
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr<'a>, element: Element<'a>, generators: &'a [Generator<'a>]) -> Result<()> {
        let Some(outermost) = generators.first() else { return Ok(()) };
        let block = self.table.lookup(key(expr, Role::Expression)).ok_or(CompileError::Internal("a comprehension has no symbols"))?;
        let loops = Loops { element, generators, loc: expr.loc };
        if self.table.block(block).comp_inlined {
            return self.inlined_comprehension(&loops, outermost, block);
        }
        let loc = expr.loc;
        let is_generator = matches!(element, Element::Generator(_));
        let awaited = self.table.block(block).coroutine && !is_generator;
        let name = match element {
            Element::Generator(_) => Name::ANON_GENEXPR,
            Element::List(_) => Name::ANON_LISTCOMP,
            Element::Set(_) => Name::ANON_SETCOMP,
            Element::Dict(..) => Name::ANON_DICTCOMP,
        };
        self.enter_block(name, ScopeKind::Comprehension, block, loc.lineno, None);
        self.unit.counts.positional = 1;
        self.start_collection(element, loc);
        self.comprehension_loop(&loops, 0, 0, false)?;
        if is_generator {
            self.wrap_in_stopiteration_handler();
        } else {
            self.op(Opcode::RETURN_VALUE, loc);
        }
        let code = self.leave_scope(true)?;
        self.make_closure(code, 0, loc)?;
        self.iterate(outermost)?;
        self.op_arg(Opcode::CALL, 0, loc);
        if awaited {
            self.await_top(0, loc);
        }
        Ok(())
    }

    fn iterate(&mut self, generator: &'a Generator<'a>) -> Result<()> {
        self.expr(&generator.iter)?;
        self.op(if generator.is_async != 0 { Opcode::GET_AITER } else { Opcode::GET_ITER }, generator.iter.loc);
        Ok(())
    }

    fn start_collection(&mut self, element: Element<'a>, loc: Location) {
        let opcode = match element {
            Element::Generator(_) => return,
            Element::List(_) => Opcode::BUILD_LIST,
            Element::Set(_) => Opcode::BUILD_SET,
            Element::Dict(..) => Opcode::BUILD_MAP,
        };
        self.op_arg(opcode, 0, loc);
    }

    fn inlined_comprehension(&mut self, loops: &Loops<'a>, outermost: &'a Generator<'a>, block: BlockId) -> Result<()> {
        self.iterate(outermost)?;
        let inlined = self.enter_inlined(block, loops.loc);
        self.start_collection(loops.element, loops.loc);
        self.op_arg(Opcode::SWAP, 2, loops.loc);
        self.comprehension_loop(loops, 0, 0, true)?;
        self.leave_inlined(&inlined, loops.loc);
        Ok(())
    }

    fn comprehension_loop(&mut self, loops: &Loops<'a>, index: usize, depth: u32, iterator_ready: bool) -> Result<()> {
        let generator = &loops.generators[index];
        if generator.is_async != 0 {
            self.async_comprehension_loop(loops, index, depth, iterator_ready)
        } else {
            self.sync_comprehension_loop(loops, index, depth, iterator_ready)
        }
    }

    fn sync_comprehension_loop(&mut self, loops: &Loops<'a>, index: usize, mut depth: u32, iterator_ready: bool) -> Result<()> {
        let generator = &loops.generators[index];
        let start = self.new_label();
        let if_cleanup = self.new_label();
        let anchor = self.new_label();
        let mut single = None;
        if !iterator_ready {
            if index == 0 {
                self.op_arg(Opcode::LOAD_FAST, 0, loops.loc);
            } else {
                // `for y in [f(x)]` is an assignment in disguise.
                single = match &generator.iter.kind {
                    ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } if elts.len() == 1 && !is_starred(&elts[0]) => elts.first(),
                    _ => None,
                };
                match single {
                    Some(value) => self.expr(value)?,
                    None => self.iterate(generator)?,
                }
            }
        }
        if single.is_none() {
            depth += 1;
            self.place_label(start);
            self.jump(Opcode::FOR_ITER, anchor, generator.iter.loc);
        }
        self.expr(&generator.target)?;
        let loc = self.comprehension_round(loops, index, depth, if_cleanup)?;
        self.place_label(if_cleanup);
        if single.is_none() {
            self.jump(Opcode::JUMP, start, loc);
            self.place_label(anchor);
            self.op(Opcode::END_FOR, NO_LOCATION);
            self.op(Opcode::POP_ITER, NO_LOCATION);
        }
        Ok(())
    }

    fn async_comprehension_loop(&mut self, loops: &Loops<'a>, index: usize, depth: u32, iterator_ready: bool) -> Result<()> {
        let generator = &loops.generators[index];
        let start = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        if !iterator_ready {
            if index == 0 {
                self.op_arg(Opcode::LOAD_FAST, 0, loops.loc);
            } else {
                self.iterate(generator)?;
            }
        }
        self.place_label(start);
        self.push_block(FrameBlockKind::AsyncComprehension, loops.loc)?;
        self.jump(Opcode::SETUP_FINALLY, except, loops.loc);
        self.op(Opcode::GET_ANEXT, loops.loc);
        self.load_none(loops.loc);
        let send = self.new_label();
        self.place_label(send);
        self.yield_from_at(send, resume::AFTER_AWAIT, loops.loc);
        self.op(Opcode::POP_BLOCK, loops.loc);
        self.expr(&generator.target)?;
        let loc = self.comprehension_round(loops, index, depth + 1, if_cleanup)?;
        self.place_label(if_cleanup);
        self.jump(Opcode::JUMP, start, loc);
        self.pop_block();
        self.place_label(except);
        self.jump(Opcode::END_ASYNC_FOR, send, loops.loc);
        Ok(())
    }

    /// What happens in each round: conditions, inner loops and, innermost, the element. The result is where that is.
    fn comprehension_round(&mut self, loops: &Loops<'a>, index: usize, depth: u32, if_cleanup: Label) -> Result<Location> {
        for condition in loops.generators[index].ifs.iter() {
            self.jump_if(condition, if_cleanup, false)?;
        }
        let (Element::Generator(elt) | Element::List(elt) | Element::Set(elt) | Element::Dict(elt, _)) = loops.element;
        if index + 1 < loops.generators.len() {
            self.comprehension_loop(loops, index + 1, depth, false)?;
            return Ok(elt.loc);
        }
        self.expr(elt)?;
        let mut loc = elt.loc;
        match loops.element {
            Element::Generator(_) => {
                self.yield_top(loc);
                self.op(Opcode::POP_TOP, loc);
            }
            Element::List(_) => self.op_arg(Opcode::LIST_APPEND, depth + 1, loc),
            Element::Set(_) => self.op_arg(Opcode::SET_ADD, depth + 1, loc),
            Element::Dict(_, value) => {
                self.expr(value)?;
                loc.end_lineno = value.loc.end_lineno;
                loc.end_col_offset = value.loc.end_col_offset;
                self.op_arg(Opcode::MAP_ADD, depth + 1, loc);
            }
        }
        Ok(loc)
    }

    /// Make the surrounding code see the comprehension's names, and save what they hide.
    fn enter_inlined(&mut self, block: BlockId, loc: Location) -> Inlined {
        let in_class = self.block().kind == BlockKind::Class && self.unit.inlined_comprehensions == 0;
        let function_like = self.block().is_function_like();
        self.unit.inlined_comprehensions += 1;
        let symbols: Vec<(Name, u32)> = self.table.block(block).symbols.iter().map(|(name, &flags)| (name, flags)).collect();
        let mut inlined = Inlined::default();
        let binds = |flags: u32| flags & DEF_LOCAL != 0 && flags & DEF_NONLOCAL == 0;
        for &(name, flags) in &symbols {
            let scope = scope_of(flags);
            let outer_flags = self.block().symbol(name);
            let outer_scope = scope_of(outer_flags);
            if (scope != outer_scope && scope != FREE && !(scope == CELL && outer_scope == FREE)) || in_class {
                inlined.symbols.push((name, outer_flags));
                let id = self.unit.block;
                self.table.block_mut(id).symbols.insert(name, flags);
            }
            if binds(flags) && !function_like && self.unit.fast_hidden.get(name) != Some(&true) {
                self.unit.fast_hidden.insert(name, true);
                inlined.hidden.push(name);
            }
        }
        for &(name, flags) in &symbols {
            if !binds(flags) {
                continue;
            }
            let outer_scope = self.block().scope(name);
            let index = self.unit.varnames.add(name);
            self.op_arg(Opcode::LOAD_FAST_AND_CLEAR, index, loc);
            if scope_of(flags) == CELL {
                let index = match self.unit.free_index(name) {
                    Some(index) if outer_scope == FREE => index,
                    _ => self.unit.cellvars.add(name),
                };
                self.op_arg(Opcode::MAKE_CELL, index, loc);
            }
            inlined.pushed.push(name);
        }
        if !inlined.pushed.is_empty() {
            self.op_arg(Opcode::SWAP, inlined.pushed.len() as u32 + 1, loc);
            let cleanup = self.new_label();
            inlined.cleanup = Some(cleanup);
            self.jump(Opcode::SETUP_FINALLY, cleanup, loc);
        }
        inlined
    }

    fn leave_inlined(&mut self, inlined: &Inlined, loc: Location) {
        if let Some(cleanup) = inlined.cleanup {
            self.op(Opcode::POP_BLOCK, NO_LOCATION);
            let end = self.new_label();
            self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
            self.place_label(cleanup);
            self.op_arg(Opcode::SWAP, 2, NO_LOCATION);
            self.op(Opcode::POP_TOP, NO_LOCATION);
            self.restore_outer_values(inlined, loc);
            self.op_arg(Opcode::RERAISE, 0, NO_LOCATION);
            self.place_label(end);
            self.restore_outer_values(inlined, loc);
        }
        self.unit.inlined_comprehensions -= 1;
        let id = self.unit.block;
        for &(name, flags) in &inlined.symbols {
            self.table.block_mut(id).symbols.insert(name, flags);
        }
        for &name in &inlined.hidden {
            self.unit.fast_hidden.insert(name, false);
        }
    }

    fn restore_outer_values(&mut self, inlined: &Inlined, loc: Location) {
        self.op_arg(Opcode::SWAP, inlined.pushed.len() as u32 + 1, loc);
        for &name in inlined.pushed.iter().rev() {
            let index = self.unit.varnames.add(name);
            self.op_arg(Opcode::STORE_FAST_MAYBE_NULL, index, loc);
        }
    }
}
