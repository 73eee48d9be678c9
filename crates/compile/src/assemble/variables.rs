//! The variables of the frame: locals, then cells that are no parameters, then free variables.

use bredli_code::{flag, local_kind};
use bredli_text::Wtf8Buf;

use crate::unit::Unit;

/// Their names, which the unit gives up, and kinds, in order.
pub(super) fn frame_variables(unit: &mut Unit) -> (Vec<Wtf8Buf>, Vec<u8>) {
    let locals = unit.varnames.len();
    let mut names = std::mem::take(&mut unit.varnames);
    let mut kinds = Vec::with_capacity(locals + unit.cellvars.len() + unit.freevars.len());
    kinds.extend((0..locals).map(|index| local_kind::LOCAL | parameter_kind(unit, index as u32)));
    for &hidden in &unit.hidden_locals {
        kinds[hidden as usize] |= local_kind::HIDDEN;
    }
    for cell in std::mem::take(&mut unit.cellvars) {
        match cell.local {
            Some(local) => kinds[local as usize] |= local_kind::CELL,
            None => names.push(cell.name),
        }
    }
    kinds.resize(names.len(), local_kind::CELL);
    names.append(&mut unit.freevars);
    kinds.resize(names.len(), local_kind::FREE);
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
