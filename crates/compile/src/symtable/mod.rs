//! The symbol table: which names each block of a module binds and uses, and where they live.
//!
//! Two passes, as in `Python/symtable.c`: `collect` walks the syntax tree and records facts, `analyze` decides
//! whether each name is local, global, free or a cell, and which comprehensions are inlined.

mod analyze;
mod collect;

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use bredli_syntax::ast::{Location, Mod};
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::future::Future;
use crate::names::{Name, NameHasher, Names, OrderedNames};
use crate::recursion::Recursion;

pub mod flag {
    //! What a symbol's flags say. The numbers are those of Python's `_symtable`.

    /// The name is declared global.
    pub const DEF_GLOBAL: u32 = 1;
    /// The name is assigned in its block.
    pub const DEF_LOCAL: u32 = 1 << 1;
    /// The name is a parameter.
    pub const DEF_PARAM: u32 = 1 << 2;
    /// The name is declared nonlocal.
    pub const DEF_NONLOCAL: u32 = 1 << 3;
    /// The name is used.
    pub const USE: u32 = 1 << 4;
    /// The name is free in a method although the class binds it too.
    pub const DEF_FREE_CLASS: u32 = 1 << 6;
    /// The name is bound by an import.
    pub const DEF_IMPORT: u32 = 1 << 7;
    /// The name is annotated.
    pub const DEF_ANNOT: u32 = 1 << 8;
    /// The name is an iteration variable of a comprehension.
    pub const DEF_COMP_ITER: u32 = 1 << 9;
    /// The name is a type parameter.
    pub const DEF_TYPE_PARAM: u32 = 1 << 10;
    /// The name is a cell inside an inlined comprehension.
    pub const DEF_COMP_CELL: u32 = 1 << 11;
    /// Any of the flags that bind a name.
    pub const DEF_BOUND: u32 = DEF_LOCAL | DEF_PARAM | DEF_IMPORT;
    /// Where the scope begins within a symbol's flags.
    pub const SCOPE_OFFSET: u32 = 12;
    /// The bits of a scope.
    pub const SCOPE_MASK: u32 = 0xF;

    /// Scope: local to its block.
    pub const LOCAL: u32 = 1;
    /// Scope: declared global.
    pub const GLOBAL_EXPLICIT: u32 = 2;
    /// Scope: global or builtin because nothing binds it.
    pub const GLOBAL_IMPLICIT: u32 = 3;
    /// Scope: bound by an enclosing function.
    pub const FREE: u32 = 4;
    /// Scope: local and used by an enclosed function.
    pub const CELL: u32 = 5;
}

pub(crate) use flag::*;

/// The scope within a symbol's flags; 0 when it is not decided.
#[must_use]
pub fn scope_of(flags: u32) -> u32 {
    (flags >> SCOPE_OFFSET) & SCOPE_MASK
}

/// What kind of code a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// A function, lambda or comprehension.
    Function,
    /// A class body.
    Class,
    /// A module.
    Module,
    /// Annotations, evaluated on demand.
    Annotation,
    /// The value of a `type` statement.
    TypeAlias,
    /// The type parameters of a generic function, class or alias.
    TypeParameters,
    /// The bound or default of one type parameter.
    TypeVariable,
}

/// Which kind of comprehension a block is, if any.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comprehension {
    /// Not a comprehension.
    None,
    /// `[...]`
    List,
    /// `{k: v ...}`
    Dict,
    /// `{...}`
    Set,
    /// `(...)`
    Generator,
}

/// The number of a block in its table; that of the module is the default.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct BlockId(u32);

impl BlockId {
    /// The number, which is the same for the same block only.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// Symbols in order of first mention.
pub type Symbols = OrderedNames<u32>;

pub(crate) type NameSet = HashSet<Name, BuildHasherDefault<NameHasher>>;

/// One block: a stretch of code with its own names.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct Block {
    /// The function's or class's name, or a fixed word such as `top`, `lambda` or `genexpr`.
    pub name: Name,
    /// What kind of code it is.
    pub kind: BlockKind,
    /// Where it begins and ends.
    pub loc: Location,
    /// Flags and scope of each name.
    pub symbols: Symbols,
    /// The blocks directly inside.
    pub children: Vec<BlockId>,
    /// Whether it is inside a function.
    pub nested: bool,
    /// Whether it takes `*args`.
    pub varargs: bool,
    /// Whether it takes `**kwargs`.
    pub varkeywords: bool,
    /// Whether it contains annotations.
    pub annotations_used: bool,
    /// Whether it contains `yield`, or is a generator expression.
    pub generator: bool,
    /// Whether it is asynchronous.
    pub coroutine: bool,
    /// Which comprehension it is.
    pub comprehension: Comprehension,
    /// Whether some `return` has a value.
    pub returns_value: bool,
    /// For a class: whether a method uses `__class__`.
    pub needs_class_closure: bool,
    /// For a class: whether an annotation scope uses its namespace.
    pub needs_classdict: bool,
    /// Whether it is compiled as part of its parent.
    pub comp_inlined: bool,
    /// Whether names resolve in the enclosing class first.
    pub can_see_class_scope: bool,
    /// Whether some annotation is inside a conditional statement.
    pub has_conditional_annotations: bool,
    /// Whether its body begins with a docstring.
    pub has_docstring: bool,
    /// Whether it is a function directly inside a class.
    pub method: bool,
    /// The block of its variable annotations.
    pub annotation_block: Option<BlockId>,
    directives: Vec<(Name, Location)>,
    mangled_names: Option<usize>,
    comp_iter_target: bool,
    comp_iter_expr: u32,
    in_conditional_block: bool,
    in_unevaluated_annotation: bool,
    scope_info: &'static str,
}

impl Block {
    /// The flags of `name`; 0 when the block does not know it.
    #[must_use]
    pub fn symbol(&self, name: Name) -> u32 {
        self.symbols.get(name).copied().unwrap_or(0)
    }

    /// The scope of `name`; 0 when the block does not know it.
    #[must_use]
    pub fn scope(&self, name: Name) -> u32 {
        scope_of(self.symbol(name))
    }

    /// The parameters in order.
    pub fn parameters(&self) -> impl Iterator<Item = Name> {
        self.symbols.iter().filter(|(_, flags)| **flags & DEF_PARAM != 0).map(|(name, _)| name)
    }

    /// Whether its locals are fast: a function, or a block that becomes one.
    #[must_use]
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, BlockKind::Class | BlockKind::Module)
    }
}

/// Which block of a node is meant, for nodes that have more than one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Role {
    Module,
    Statement,
    Expression,
    TypeParameters,
    Annotations,
    Bound,
    Default,
}

/// What a block is found by: the place of its node in memory, and the role.
///
/// The tree is borrowed from collection to the end of code generation, so that addresses identify nodes.
pub(crate) type Key = (usize, Role);

pub(crate) fn key<T>(node: &T, role: Role) -> Key {
    (std::ptr::from_ref(node).addr(), role)
}

/// The symbol table of a module.
pub struct Symtable {
    /// The names that the numbers in blocks stand for.
    pub names: Names,
    blocks: Vec<Block>,
    by_node: FxHashMap<Key, BlockId>,
    mangled_sets: Vec<NameSet>,
}

impl Symtable {
    /// Build and analyze the table of `module`.
    ///
    /// # Errors
    /// A misuse of names, such as a `nonlocal` without a binding.
    pub(crate) fn build(module: &Mod, future: &Future, recursion: Recursion) -> Result<Symtable> {
        let mut table = collect::collect(module, future, recursion)?;
        table.analyze()?;
        Ok(table)
    }

    /// The module's own block.
    #[must_use]
    pub fn top(&self) -> BlockId {
        BlockId(0)
    }

    /// The block with that number.
    #[must_use]
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    pub(crate) fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    pub(crate) fn lookup(&self, key: Key) -> Option<BlockId> {
        self.by_node.get(&key).copied()
    }

    /// `name` as the block sees it inside class `private`.
    ///
    /// In the type parameters of a generic class only the type parameters themselves are mangled.
    #[inline]
    pub(crate) fn maybe_mangle(&mut self, private: Option<Name>, block: BlockId, name: Name) -> Name {
        if name.is_private()
            && let Some(set) = self.blocks[block.index()].mangled_names
            && !self.mangled_sets[set].contains(&name)
        {
            return name;
        }
        self.names.mangle(private, name)
    }
}
