//! The first pass: walk the syntax tree and record what each block does with each name.

mod definitions;
mod expressions;
mod statements;

use bredli_syntax::ast::{ExprContext, Identifier, Location, Mod};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{
    Block, BlockId, BlockKind, Comprehension, DEF_COMP_ITER, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, DEF_TYPE_PARAM,
    Key, Role, Symbols, Symtable, USE, key,
};
use crate::error::{Result, symbol_error};
use crate::future::Future;
use crate::names::{Name, Names};
use crate::recursion::Recursion;
use crate::tree::docstring;

/// Room for the blocks of a module of common size.
const COMMON: usize = 112;

struct Collector<'f> {
    table: Symtable,
    future: &'f Future,
    /// The blocks being visited, the current one last.
    stack: Vec<BlockId>,
    /// The innermost class, for private names.
    private: Option<Name>,
    recursion: Recursion,
}

/// Collect the blocks and symbols of `module`.
pub(in crate::symtable) fn collect(module: &Mod, future: &Future, recursion: Recursion) -> Result<Symtable> {
    let by_node = FxHashMap::with_capacity_and_hasher(COMMON, FxBuildHasher);
    let table = Symtable { names: Names::default(), blocks: Vec::with_capacity(COMMON), by_node, mangled_sets: Vec::new() };
    let mut collector = Collector { table, future, stack: Vec::new(), private: None, recursion };
    let nowhere = Location { lineno: 0, col_offset: 0, end_lineno: 0, end_col_offset: 0 };
    collector.enter(Name::TOP, BlockKind::Module, key(module, Role::Module), nowhere)?;
    match module {
        Mod::Module { body, .. } => {
            collector.cur().has_docstring = docstring(body).is_some();
            collector.statements(body)?;
        }
        Mod::Interactive { body } => collector.statements(body)?,
        Mod::Expression { body } => collector.expression(body)?,
        Mod::FunctionType { .. } => {
            return Err(symbol_error("this compiler does not handle FunctionTypes".to_owned(), nowhere));
        }
    }
    Ok(collector.table)
}

impl Collector<'_> {
    fn id(&self) -> BlockId {
        *self.stack.last().expect("a block is always open")
    }

    fn cur(&mut self) -> &mut Block {
        let id = self.id();
        self.table.block_mut(id)
    }

    fn new_block(&mut self, name: Name, kind: BlockKind, key: Key, loc: Location) -> BlockId {
        let parent = self.stack.last().map(|&id| self.table.block(id));
        let nested = parent.is_some_and(|parent| parent.nested || parent.is_function_like());
        let method = kind == BlockKind::Function && parent.is_some_and(|parent| parent.kind == BlockKind::Class);
        let id = BlockId(u32::try_from(self.table.blocks.len()).expect("fewer than 2^32 blocks"));
        self.table.blocks.push(Block {
            name,
            kind,
            loc,
            symbols: Symbols::default(),
            children: Vec::new(),
            nested,
            varargs: false,
            varkeywords: false,
            annotations_used: false,
            generator: false,
            coroutine: false,
            comprehension: Comprehension::None,
            returns_value: false,
            needs_class_closure: false,
            needs_classdict: false,
            comp_inlined: false,
            can_see_class_scope: false,
            has_conditional_annotations: false,
            has_docstring: false,
            method,
            annotation_block: None,
            directives: Vec::new(),
            mangled_names: None,
            comp_iter_target: false,
            comp_iter_expr: 0,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            scope_info: "",
        });
        self.table.by_node.insert(key, id);
        id
    }

    /// Make `id` the current block; as a new child of the block before when `adopt` says so.
    fn enter_existing(&mut self, id: BlockId, adopt: bool) {
        let parent = self.stack.last().copied();
        self.stack.push(id);
        let Some(parent) = parent else { return };
        let (iter_expr, mangled) = {
            let parent = self.table.block(parent);
            (parent.comp_iter_expr, parent.mangled_names)
        };
        let block = self.table.block_mut(id);
        block.comp_iter_expr = iter_expr;
        if block.kind != BlockKind::Class && mangled.is_some() {
            block.mangled_names = mangled;
        }
        // Annotations that stay text bind and use nothing.
        if block.kind == BlockKind::Annotation && self.future.annotations() {
            return;
        }
        if adopt {
            self.table.block_mut(parent).children.push(id);
        }
    }

    fn enter(&mut self, name: Name, kind: BlockKind, key: Key, loc: Location) -> Result<()> {
        let id = self.new_block(name, kind, key, loc);
        self.enter_existing(id, true);
        if matches!(kind, BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias) {
            self.add(Name::DOT_FORMAT, DEF_PARAM, loc)?;
            self.add(Name::DOT_FORMAT, USE, loc)?;
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn intern(&mut self, identifier: &Identifier) -> Name {
        self.table.names.of(*identifier)
    }

    fn mangle(&mut self, name: Name) -> Name {
        let id = self.id();
        self.table.maybe_mangle(self.private, id, name)
    }

    fn lookup_in(&mut self, id: BlockId, name: Name) -> u32 {
        let mangled = self.table.maybe_mangle(self.private, id, name);
        self.table.block(id).symbol(mangled)
    }

    fn text(&self, name: Name) -> &str {
        self.table.names.text(name)
    }

    fn add_to(&mut self, id: BlockId, name: Name, flag: u32, loc: Location) -> Result<()> {
        let mangled = self.mangle(name);
        let block = self.table.block_mut(id);
        let known = block.symbols.value_mut(mangled);
        let flags = *known;
        *known |= flag;
        if flag & DEF_PARAM != 0 && flags & DEF_PARAM != 0 {
            return Err(symbol_error(format!("duplicate argument '{}' in function definition", self.text(name)), loc));
        }
        if flag & DEF_TYPE_PARAM != 0 && flags & DEF_TYPE_PARAM != 0 {
            return Err(symbol_error(format!("duplicate type parameter '{}'", self.text(name)), loc));
        }
        if block.comp_iter_target {
            *known |= DEF_COMP_ITER;
            if *known & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{}'", self.text(name));
                return Err(symbol_error(message, loc));
            }
        }
        if flag & DEF_GLOBAL != 0 {
            let top = self.table.top();
            let top = self.table.block_mut(top);
            *top.symbols.value_mut(mangled) |= flag;
        }
        Ok(())
    }

    fn add(&mut self, name: Name, flag: u32, loc: Location) -> Result<()> {
        self.add_in_context(name, flag, loc, if flag == USE { ExprContext::Load } else { ExprContext::Store })
    }

    fn add_in_context(&mut self, name: Name, flag: u32, loc: Location, ctx: ExprContext) -> Result<()> {
        if flag & (DEF_PARAM | DEF_LOCAL | DEF_IMPORT) != 0 {
            check_name(name, loc, ctx)?;
        }
        let id = self.id();
        if flag & DEF_TYPE_PARAM != 0
            && let Some(set) = self.table.block(id).mangled_names
        {
            self.table.mangled_sets[set].insert(name);
        }
        self.add_to(id, name, flag, loc)
    }

    fn add_identifier(&mut self, identifier: &Identifier, flag: u32, loc: Location) -> Result<()> {
        let name = self.intern(identifier);
        self.add(name, flag, loc)
    }

    fn record_directive(&mut self, name: Name, loc: Location) {
        let mangled = self.mangle(name);
        self.cur().directives.push((mangled, loc));
    }

    fn is_async_function(&self) -> bool {
        let block = self.table.block(self.id());
        block.kind == BlockKind::Function && block.coroutine
    }

    fn allows_top_level_await(&self) -> bool {
        self.future.top_level_await() && self.table.block(self.id()).kind == BlockKind::Module
    }
}

fn check_name(name: Name, loc: Location, ctx: ExprContext) -> Result<()> {
    if name != Name::DEBUG {
        return Ok(());
    }
    match ctx {
        ExprContext::Load => Ok(()),
        ExprContext::Store => Err(symbol_error("cannot assign to __debug__".to_owned(), loc)),
        ExprContext::Del => Err(symbol_error("cannot delete __debug__".to_owned(), loc)),
    }
}
