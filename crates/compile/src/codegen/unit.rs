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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
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

impl FromIterator<Name> for Numbered {
    fn from_iter<T: IntoIterator<Item = Name>>(names: T) -> Self {
        let names = names.into_iter();
        let mut numbered = Numbered(OrderedNames::with_capacity(names.size_hint().0));
        for name in names {
            numbered.add(name);
        }
        numbered
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
    pub deferred_annotations: Vec<(&'a Stmt, Option<u32>)>,
    pub conditional_annotations: u32,
    pub inlined_comprehensions: u32,
    pub conditional_depth: u32,
}

impl Unit<'_> {
    pub fn new(table: &Symtable, block: BlockId, name: Name, kind: ScopeKind, first_line: i32, private: Option<Name>) -> Self {
        let entry = table.block(block);
        let sorted = |scope: u32, flag: u32| {
            let wanted = entry.symbols.iter().filter(|(_, flags)| scope_of(**flags) == scope || **flags & flag != 0);
            let mut names: Vec<Name> = wanted.map(|(name, _)| name).collect();
            names.sort_unstable_by(|left, right| table.names.text(*left).cmp(table.names.text(*right)));
            names.into_iter().collect::<Numbered>()
        };
        let mut cellvars = sorted(CELL, DEF_COMP_CELL);
        for (needed, name) in [
            (entry.needs_class_closure, Name::CLASS),
            (entry.needs_classdict, Name::CLASSDICT),
            (entry.has_conditional_annotations, Name::CONDITIONAL_ANNOTATIONS),
        ] {
            if needed {
                cellvars.add(name);
            }
        }
        Unit {
            block,
            kind,
            private,
            name,
            qualname: String::new(),
            first_line,
            counts: ParameterCounts::default(),
            names: Numbered::default(),
            varnames: entry.varnames.iter().copied().collect(),
            cellvars,
            freevars: sorted(FREE, DEF_FREE_CLASS),
            consts: Table::default(),
            fast_hidden: OrderedNames::default(),
            code: InstructionSequence::default(),
            nested: Vec::new(),
            stashed: None,
            frame_blocks: Vec::new(),
            static_attributes: NameSet::default(),
            deferred_annotations: Vec::new(),
            conditional_annotations: 0,
            inlined_comprehensions: 0,
            conditional_depth: 0,
        }
    }

    /// The argument by which an instruction names a free variable.
    pub fn free_index(&self, name: Name) -> Option<u32> {
        self.freevars.get(name).map(|index| index + self.cellvars.len() as u32)
    }
}
