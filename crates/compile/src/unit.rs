//! `Unit`: what code generation knows about one code object besides its instructions, and the tables it numbers things with.

use std::hash::{BuildHasher, BuildHasherDefault, Hash};

use bredli_code::{CodeObject, Const};
use bredli_text::Wtf8Buf;
use rustc_hash::FxHasher;

use crate::assemble::{Storage, make_code};
use crate::flowgraph::{self, Graph};
use crate::instruction::InstructionSequence;

/// Things in the order in which they were first added, each once.
#[derive(Clone, Debug)]
pub struct Table<T> {
    items: Vec<T>,
    /// A hash table of the items' numbers, 0 for a free slot, number + 1 otherwise; empty while there are few items.
    slots: Vec<u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { items: Vec::new(), slots: Vec::new() }
    }
}

/// Up to this size comparing with each item beats a hash lookup, and no hash table is kept.
const LINEAR: usize = 4;

impl<T: Eq + Hash> Table<T> {
    /// Items that have their numbers already. The same can be there twice; who adds it then gets the first.
    pub fn from_items(items: Vec<T>) -> Table<T> {
        Table { items, slots: Vec::new() }
    }

    /// The number of the item, which is added when it is new.
    pub fn add(&mut self, item: T) -> u32 {
        if self.items.len() < LINEAR {
            let known = self.items.iter().position(|other| *other == item);
            return known.unwrap_or_else(|| self.push(item)) as u32;
        }
        if self.slots.len() < 2 * (self.items.len() + 1) {
            self.index_all();
        }
        let mut slot = self.first_slot(&item);
        while self.slots[slot] != 0 {
            let number = self.slots[slot] - 1;
            if self.items[number as usize] == item {
                return number;
            }
            slot = self.slot_after(slot);
        }
        let number = self.push(item) as u32;
        self.slots[slot] = number + 1;
        number
    }

    /// The items by number.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Forgets everything but keeps the storage.
    pub fn clear(&mut self) {
        self.items.clear();
        self.slots.clear();
    }

    /// The items by number, given up one by one.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.slots.clear();
        self.items.drain(..)
    }

    fn push(&mut self, item: T) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }

    fn first_slot(&self, item: &T) -> usize {
        BuildHasherDefault::<FxHasher>::default().hash_one(item) as usize & (self.slots.len() - 1)
    }

    fn slot_after(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }

    fn index_all(&mut self) {
        self.slots.clear();
        self.slots.resize((4 * (self.items.len() + 1)).next_power_of_two(), 0);
        for number in 0..self.items.len() {
            let mut slot = self.first_slot(&self.items[number]);
            while self.slots[slot] != 0 {
                slot = self.slot_after(slot);
            }
            self.slots[slot] = number as u32 + 1;
        }
    }
}

/// A variable in a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Its name.
    pub name: Wtf8Buf,
    /// The local of the same name, a parameter, whose place the cell takes.
    pub local: Option<u32>,
}

/// What the assembler needs to know about a code object besides its instructions.
#[derive(Clone, Default, Debug)]
pub struct Unit {
    /// `co_name`
    pub name: Wtf8Buf,
    /// `co_qualname`
    pub qualname: Wtf8Buf,
    /// The constants; LOAD_CONST carries a number of this table.
    pub consts: Table<Const>,
    /// `co_names`
    pub names: Vec<Wtf8Buf>,
    /// The locals, parameters first; LOAD_FAST and its like carry the position of one.
    pub varnames: Vec<Wtf8Buf>,
    /// The variables in cells. Instructions number these on from the number of `varnames`.
    pub cellvars: Vec<Cell>,
    /// The variables from outer functions. Instructions number these on from the cells.
    pub freevars: Vec<Wtf8Buf>,
    /// The locals that are variables of inlined comprehensions only, in a module or class (CPython's `u_fasthidden`).
    pub hidden_locals: Vec<u32>,
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
/// Graph and assembler are used again, and so is the table of constants.
pub(crate) fn assemble(
    unit: &mut Unit,
    sequence: &mut InstructionSequence,
    filename: &Wtf8Buf,
    graph: &mut Graph,
    storage: &mut Storage,
) -> Result<CodeObject, AssembleError> {
    sequence.place_annotations();
    let optimized = flowgraph::optimize(graph, unit, sequence)?;
    make_code(unit, graph, storage, optimized, filename)
}
