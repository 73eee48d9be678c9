//! `_testinternalcapi`: what can be said of a code object without running it.
//!
//! Counterpart: the functions `_PyCode_*` of `Objects/codeobject.c`.

use bredli_code::{CodeObject, Const, Opcode};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;

/// Whether all that code returns is the constant None.
fn returns_only_none(code: &CodeObject) -> bool {
    let Some(none) = code.consts.iter().position(|constant| matches!(constant, Const::None)) else { return false };
    let instructions: Vec<_> = code.instructions().collect();
    let returns = (0..instructions.len()).filter(|index| instructions[*index].opcode == Some(Opcode::RETURN_VALUE));
    let mut before = returns.map(|index| index.checked_sub(1).map(|index| instructions[index]));
    before.all(|before| before.is_some_and(|before| before.opcode == Some(Opcode::LOAD_CONST) && before.arg as usize == none))
}

#[pymodule(name = "_testinternalcapi", part)]
pub mod code {
    use super::*;

    /// The kinds of the variables of a code object, by name.
    #[pyfunction]
    fn get_co_localskinds(py: &mut Py, code: Gc<Code>) -> Result<Gc<Dict>> {
        let code = code.get(py).code().get().clone();
        let kinds = py.new_dict();
        for (name, kind) in code.localsplusnames.iter().zip(&*code.localspluskinds) {
            let name = py.new_str_wtf8(name.as_bytes());
            py.dict_set(kinds, name.into(), Value::small(i32::from(*kind)))?;
        }
        Ok(kinds)
    }

    /// Whether all that code returns is the constant None.
    #[pyfunction]
    fn code_returns_only_none(py: &Py, code: Gc<Code>) -> bool {
        returns_only_none(code.get(py).code().get())
    }
}
