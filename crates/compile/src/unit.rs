//! `Unit`: what code generation knows about one code object besides its instructions, and the tables it numbers things with.

use std::collections::HashMap;
use std::hash::Hash;

use bredli_code::{CodeObject, Const};
use bredli_text::Wtf8Buf;

use crate::assemble::make_code;
use crate::flowgraph;
use crate::instruction::InstructionSequence;

/// Things in the order in which they were first added, each once.
#[derive(Clone, Debug)]
pub struct Table<T> {
    items: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { items: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Eq + Hash + Clone> Table<T> {
    /// The number of the item, which is added when it is new.
    pub fn add(&mut self, item: T) -> u32 {
        if let Some(&number) = self.numbers.get(&item) {
            return number;
        }
        let number = self.items.len() as u32;
        self.items.push(item.clone());
        self.numbers.insert(item, number);
        number
    }

    /// The number of an item that was added.
    pub fn number<Q: Eq + Hash + ?Sized>(&self, item: &Q) -> Option<u32>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.numbers.get(item).copied()
    }

    /// The items by number.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items by number, given up.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}

impl<T: Eq + Hash + Clone> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Table<T> {
        let mut table = Table::default();
        for item in items {
            table.add(item);
        }
        table
    }
}

/// What the assembler needs to know about a code object besides its instructions.
#[derive(Clone, Default, Debug)]
pub struct Unit {
    /// `co_name`
    pub name: String,
    /// `co_qualname`
    pub qualname: String,
    /// The constants; LOAD_CONST carries a number of this table.
    pub consts: Table<Const>,
    /// `co_names`
    pub names: Table<String>,
    /// The locals, parameters first; LOAD_FAST and its like carry a number of this table.
    pub varnames: Table<String>,
    /// The variables in cells. Instructions number these on from the number of `varnames`.
    pub cellvars: Table<String>,
    /// The variables from outer functions. Instructions number these on from the cells.
    pub freevars: Table<String>,
    /// Variables of inlined comprehensions that are locals only there, in a module or class (CPython's `u_fasthidden`).
    pub fast_hidden: std::collections::HashSet<String>,
    /// `co_argcount` without the positional-only parameters.
    pub argcount: u32,
    /// `co_posonlyargcount`
    pub posonlyargcount: u32,
    /// `co_kwonlyargcount`
    pub kwonlyargcount: u32,
    /// `co_firstlineno`
    pub firstlineno: i32,
    /// `co_flags`, complete.
    pub flags: u32,
}

/// Why a code object could not be assembled; always a defect of the instructions, not of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssembleError {
    /// What is wrong.
    pub message: &'static str,
}

/// Optimises the instructions and makes the code object. The sequence must end in RETURN_VALUE where its end can be reached.
pub fn assemble(unit: Unit, sequence: InstructionSequence, filename: &Wtf8Buf) -> Result<CodeObject, AssembleError> {
    let mut unit = unit;
    let optimized = flowgraph::optimize(&mut unit, &sequence)?;
    make_code(unit, optimized, filename)
}
