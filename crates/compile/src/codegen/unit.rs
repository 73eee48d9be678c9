//! The state of one code object while it is generated.

use bredli_code::Const;
use bredli_syntax::ast::Stmt;

use super::frame_block::FrameBlock;
use crate::instruction::InstructionSequence;
use crate::names::{Name, OrderedNames};
use crate::stages::Sequences;
use crate::symtable::{BlockId, CELL, DEF_COMP_CELL, DEF_FREE_CLASS, FREE, NameSet, Symtable, scope_of};
use crate::unit::Table;

/// What kind of code object is generated.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
    #[default]
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    Annotations,
}

/// Names numbered in order of first use.
#[derive(Clone, Default)]
pub(super) struct Numbered(OrderedNames<()>);

impl Numbered {
    /// Puts other names in place of those that are there.
    pub fn set(&mut self, names: impl IntoIterator<Item = Name>) {
        self.0.clear();
        for name in names {
            self.add(name);
        }
    }

    /// The number of `name`, which is added when it is new.
    pub fn add(&mut self, name: Name) -> u32 {
        self.0.place(name) as u32
    }

    /// The number of `name`.
    pub fn get(&self, name: Name) -> Option<u32> {
        self.0.position(name).map(|position| position as u32)
    }

    /// The first name.
    pub fn first(&self) -> Option<Name> {
        self.0.iter().next().map(|(name, ())| name)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = Name> {
        self.0.iter().map(|(name, ())| name)
    }
}

/// How many parameters of each kind a code object has.
#[derive(Clone, Copy, Default)]
pub(super) struct ParameterCounts {
    /// Positional ones that are not positional-only.
    pub positional: u32,
    pub positional_only: u32,
    pub keyword_only: u32,
}

#[derive(Default)]
pub(super) struct Unit<'a> {
    pub block: BlockId,
    pub kind: ScopeKind,
    /// The innermost class, for private names.
    pub private: Option<Name>,
    pub name: Name,
    pub qualname: String,
    pub first_line: i32,
    pub counts: ParameterCounts,
    pub names: Numbered,
    pub varnames: Numbered,
    pub cellvars: Numbered,
    /// Numbered from the end of `cellvars` in instructions.
    pub freevars: Numbered,
    pub consts: Table<Const>,
    /// Names of a class or module that inlined comprehensions keep in fast locals; true while inside one.
    pub fast_hidden: OrderedNames<bool>,
    pub code: InstructionSequence,
    /// The instructions of the code objects inside it, where they are to be kept.
    pub nested: Vec<Sequences>,
    /// The module's code while its annotations are generated.
    pub stashed: Option<InstructionSequence>,
    pub frame_blocks: Vec<FrameBlock<'a>>,
    /// For a class: the attributes that methods set on `self`.
    pub static_attributes: NameSet,
    /// Annotated assignments and, for a conditional one, its number.
    pub deferred_annotations: Vec<(&'a Stmt<'a>, Option<u32>)>,
    pub conditional_annotations: u32,
    pub inlined_comprehensions: u32,
    pub conditional_depth: u32,
}

impl Unit<'_> {
    /// Makes it the unit of a code object that is not generated yet, in the storage that it has.
    pub fn begin(&mut self, table: &Symtable, block: BlockId, name: Name, kind: ScopeKind, first_line: i32, private: Option<Name>) {
        let entry = table.block(block);
        let sorted = |scope: u32, flag: u32| {
            let wanted = entry.symbols.iter().filter(|(_, flags)| scope_of(**flags) == scope || **flags & flag != 0);
            let mut names: Vec<Name> = wanted.map(|(name, _)| name).collect();
            names.sort_unstable_by(|left, right| table.names.text(*left).cmp(table.names.text(*right)));
            names
        };
        self.cellvars.set(sorted(CELL, DEF_COMP_CELL));
        for (needed, name) in [
            (entry.needs_class_closure, Name::CLASS),
            (entry.needs_classdict, Name::CLASSDICT),
            (entry.has_conditional_annotations, Name::CONDITIONAL_ANNOTATIONS),
        ] {
            if needed {
                self.cellvars.add(name);
            }
        }
        self.freevars.set(sorted(FREE, DEF_FREE_CLASS));
        self.varnames.set(entry.parameters());
        self.names.set([]);
        self.consts.clear();
        self.fast_hidden.clear();
        self.code.clear();
        self.nested.clear();
        self.stashed = None;
        self.frame_blocks.clear();
        self.static_attributes.clear();
        self.deferred_annotations.clear();
        (self.block, self.kind, self.private, self.name, self.first_line) = (block, kind, private, name, first_line);
        self.counts = ParameterCounts::default();
        (self.conditional_annotations, self.inlined_comprehensions, self.conditional_depth) = (0, 0, 0);
    }

    /// The argument by which an instruction names a free variable.
    pub fn free_index(&self, name: Name) -> Option<u32> {
        self.freevars.get(name).map(|index| index + self.cellvars.len() as u32)
    }
}
