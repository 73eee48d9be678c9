//! `CodeObject`: compiled code with the fields of CPython 3.14's code objects (`Objects/codeobject.c`).
//!
//! Plain data, shared between threads and interpreters. The runtime wraps it; nothing in here refers to a heap.

use crate::{Consts, Texts, flag};
use bredli_text::Wtf8Buf;
use std::borrow::Cow;

/// The bits of an entry in `localspluskinds`.
pub mod local_kind {
    /// A positional parameter.
    pub const ARG_POSITIONAL: u8 = 0x02;
    /// A keyword parameter (positional-or-keyword ones have both bits).
    pub const ARG_KEYWORD: u8 = 0x04;
    /// `*args` or `**kwargs`.
    pub const ARG_VARIADIC: u8 = 0x08;
    /// Any kind of parameter.
    pub const ARG: u8 = ARG_POSITIONAL | ARG_KEYWORD | ARG_VARIADIC;
    /// A local of an inlined comprehension, invisible to `locals()` of a module or class.
    pub const HIDDEN: u8 = 0x10;
    /// A local variable.
    pub const LOCAL: u8 = 0x20;
    /// In a cell, for inner functions.
    pub const CELL: u8 = 0x40;
    /// From a cell of an outer function.
    pub const FREE: u8 = 0x80;
}

/// Bytes of a code object. Those of the embedded library stay where they are.
pub type Bytes = Cow<'static, [u8]>;

/// Compiled code. The fields are the arguments of CPython's internal constructor; `co_varnames` and the like derive from them.
#[derive(Clone, Debug, Default)]
pub struct CodeObject {
    /// Number of positional parameters, positional-only ones included.
    pub argcount: u32,
    /// Number of positional-only parameters.
    pub posonlyargcount: u32,
    /// Number of keyword-only parameters.
    pub kwonlyargcount: u32,
    /// The deepest evaluation stack.
    pub stacksize: u32,
    /// Bits of `flag`.
    pub flags: u32,
    /// The instructions in units of two bytes, inline caches included.
    pub code: Bytes,
    /// The constants.
    pub consts: Consts,
    /// The names of globals and attributes.
    pub names: Texts,
    /// The names of the frame's variables: locals, cells, free variables.
    pub localsplusnames: Texts,
    /// For each of them bits of `local_kind`.
    pub localspluskinds: Bytes,
    /// The file that the code is from.
    pub filename: Wtf8Buf,
    /// The name.
    pub name: Wtf8Buf,
    /// The name with those of the surrounding functions and classes.
    pub qualname: Wtf8Buf,
    /// The first line.
    pub firstlineno: i32,
    /// Where each instruction comes from; see `positions`.
    pub linetable: Bytes,
    /// The exception handlers; see `handlers`.
    pub exceptiontable: Bytes,
}

impl CodeObject {
    /// `co_varnames`: the locals, parameters first.
    pub fn varnames(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.variables(local_kind::LOCAL)
    }

    /// `co_cellvars`: the variables that live in cells of this code's frame.
    pub fn cellvars(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.variables(local_kind::CELL)
    }

    /// `co_freevars`: the variables from outer functions.
    pub fn freevars(&self) -> impl Iterator<Item = &Wtf8Buf> {
        self.variables(local_kind::FREE)
    }

    fn variables(&self, kind: u8) -> impl Iterator<Item = &Wtf8Buf> {
        self.localsplusnames.iter().zip(&*self.localspluskinds).filter(move |(_, kinds)| **kinds & kind != 0).map(|(name, _)| name)
    }

    /// How many entries of the frame are parameters, `*args` and `**kwargs` included.
    pub fn parameter_count(&self) -> usize {
        let variadic = (self.flags & flag::VARARGS != 0) as usize + (self.flags & flag::VARKEYWORDS != 0) as usize;
        self.argcount as usize + self.kwonlyargcount as usize + variadic
    }
}

/// Python's `==` of code objects: the stack size, qualified name and file name do not count.
impl PartialEq for CodeObject {
    fn eq(&self, other: &CodeObject) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        self.name == other.name
            && self.argcount == other.argcount
            && self.posonlyargcount == other.posonlyargcount
            && self.kwonlyargcount == other.kwonlyargcount
            && self.flags == other.flags
            && self.firstlineno == other.firstlineno
            && self.code == other.code
            && self.consts == other.consts
            && self.names == other.names
            && self.localsplusnames == other.localsplusnames
            && self.linetable == other.linetable
            && self.exceptiontable == other.exceptiontable
    }
}

impl Eq for CodeObject {}
