//! The variables of the frame: locals, then cells that are no parameters, then free variables.

use bredli_code::{flag, local_kind};
use bredli_text::Wtf8Buf;

use crate::unit::Unit;

/// Their names and kinds, in order.
pub(super) fn frame_variables(unit: &Unit) -> (Vec<Wtf8Buf>, Vec<u8>) {
    let mut names = Vec::new();
    let mut kinds = Vec::new();
    for (index, name) in unit.varnames.items().iter().enumerate() {
        let mut kind = local_kind::LOCAL | parameter_kind(unit, index as u32);
        if unit.fast_hidden.contains(name) {
            kind |= local_kind::HIDDEN;
        }
        if unit.cellvars.number(name.as_str()).is_some() {
            kind |= local_kind::CELL;
        }
        names.push(Wtf8Buf::from(name.as_str()));
        kinds.push(kind);
    }
    for name in unit.cellvars.items() {
        if unit.varnames.number(name.as_str()).is_none() {
            names.push(Wtf8Buf::from(name.as_str()));
            kinds.push(local_kind::CELL);
        }
    }
    for name in unit.freevars.items() {
        names.push(Wtf8Buf::from(name.as_str()));
        kinds.push(local_kind::FREE);
    }
    (names, kinds)
}

/// The bits of a parameter: keyword-only ones follow the positional ones, then come `*args` and `**kwargs`.
fn parameter_kind(unit: &Unit, index: u32) -> u8 {
    let positional = unit.posonlyargcount + unit.argcount;
    let keyword = positional + unit.kwonlyargcount;
    let args = keyword + u32::from(unit.flags & flag::VARARGS != 0);
    let kwargs = args + u32::from(unit.flags & flag::VARKEYWORDS != 0);
    match index {
        index if index < unit.posonlyargcount => local_kind::ARG_POSITIONAL,
        index if index < positional => local_kind::ARG_POSITIONAL | local_kind::ARG_KEYWORD,
        index if index < keyword => local_kind::ARG_KEYWORD,
        index if index < args => local_kind::ARG_VARIADIC | local_kind::ARG_POSITIONAL,
        index if index < kwargs => local_kind::ARG_VARIADIC | local_kind::ARG_KEYWORD,
        _ => 0,
    }
}
