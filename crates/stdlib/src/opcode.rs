//! `_opcode`: what `dis` asks about instructions.
//!
//! Everything comes from the tables of `bredli_code`. Counterpart: `Modules/_opcode.c`.

use bredli_code::opcode::{Variant, properties, property};
use bredli_code::{BinaryOperator, Intrinsic1, Intrinsic2, Opcode, SpecialMethod};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;

fn has(opcode: i32, wanted: u8) -> bool {
    u16::try_from(opcode).ok().and_then(properties).is_some_and(|properties| properties & wanted != 0)
}

/// How much deeper the stack is after an instruction, in the case that it jumps or that it does not.
fn effect(opcode: i32, arg: u32, jump: bool) -> Option<i32> {
    let number = u16::try_from(opcode).ok()?;
    let opcode = match Opcode::from_number(number) {
        Some(opcode) => opcode,
        None => match Variant::from_number(number).filter(|_| number >= bredli_code::opcode::MIN_INSTRUMENTED_OPCODE)?.instruments() {
            Some(opcode) => opcode,
            None => return Some(0),
        },
    };
    if opcode.opens_block() && !jump {
        return Some(0);
    }
    // CPython counts in C ints, and takes negative counts for errors.
    let (popped, pushed) = (opcode.popped(arg) as i32, opcode.pushed(arg) as i32);
    (popped >= 0 && pushed >= 0).then(|| pushed - popped)
}

fn texts<'a>(py: &mut Py, texts: impl Iterator<Item = &'a str>) -> Result<Gc<List>> {
    let list = py.new_list(&[])?;
    for text in texts {
        let text = py.intern(text);
        py.list_push(list, text.into())?;
    }
    Ok(list)
}

/// Opcode support module.
#[pymodule(name = "_opcode")]
pub mod opcode {
    use super::*;

    pub const ENABLE_SPECIALIZATION: i64 = 1;
    pub const ENABLE_SPECIALIZATION_FT: i64 = 1;

    /// Compute the stack effect of the opcode.
    #[pyfunction]
    #[signature(opcode, oparg=None, /, *, jump=None)]
    fn stack_effect(py: &mut Py, opcode: i32, oparg: Option<Value>, jump: Option<Value>) -> Result<i32> {
        let arg = match oparg {
            Some(oparg) => {
                let index = py.index(oparg)?;
                match py.int_to_i64(index) {
                    Some(arg) => arg as u32,
                    None => raise!(py, OverflowError, "Python int too large to convert to C long"),
                }
            }
            None => 0,
        };
        let effect = match jump {
            None => effect(opcode, arg, true).max(effect(opcode, arg, false)),
            Some(Value::TRUE) => effect(opcode, arg, true),
            Some(Value::FALSE) => effect(opcode, arg, false),
            Some(_) => raise!(py, ValueError, "stack_effect: jump must be False, True or None"),
        };
        match effect {
            Some(effect) => Ok(effect),
            None => raise!(py, ValueError, "invalid opcode or oparg"),
        }
    }

    /// Return True if opcode is valid, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn is_valid(opcode: i32) -> bool {
        u16::try_from(opcode).ok().and_then(properties).is_some()
    }

    /// Return True if the opcode uses its oparg, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_arg(opcode: i32) -> bool {
        has(opcode, property::ARG)
    }

    /// Return True if the opcode accesses a constant, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_const(opcode: i32) -> bool {
        has(opcode, property::CONST)
    }

    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_name(opcode: i32) -> bool {
        has(opcode, property::NAME)
    }

    /// Return True if the opcode has a jump target, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_jump(opcode: i32) -> bool {
        has(opcode, property::JUMP)
    }

    /// Return True if the opcode accesses a free variable, False otherwise.
    ///
    /// Note that 'free' in this context refers to names in the current scope
    /// that are referenced by inner scopes or names in outer scopes that are
    /// referenced from this scope. It does not include references to global
    /// or builtin scopes.
    #[pyfunction]
    #[signature(opcode)]
    fn has_free(opcode: i32) -> bool {
        has(opcode, property::FREE)
    }

    /// Return True if the opcode accesses a local variable, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_local(opcode: i32) -> bool {
        has(opcode, property::LOCAL)
    }

    /// Return True if the opcode sets an exception handler, False otherwise.
    #[pyfunction]
    #[signature(opcode)]
    fn has_exc(opcode: i32) -> bool {
        has(opcode, property::BLOCK)
    }

    /// Return the specialization stats
    #[pyfunction]
    #[signature()]
    fn get_specialization_stats() {}

    /// Return array of symbols of binary ops.
    ///
    /// Indexed by the BINARY_OP oparg value.
    #[pyfunction]
    #[signature()]
    fn get_nb_ops(py: &mut Py) -> Result<Gc<List>> {
        let list = py.new_list(&[])?;
        for operator in BinaryOperator::ALL {
            let (name, text) = (py.intern(operator.name()), py.intern(operator.text()));
            let pair = py.new_tuple(&[name.into(), text.into()]);
            py.list_push(list, pair.into())?;
        }
        Ok(list)
    }

    /// Return a list of names of the unary intrinsics.
    #[pyfunction]
    #[signature()]
    fn get_intrinsic1_descs(py: &mut Py) -> Result<Gc<List>> {
        texts(py, Intrinsic1::ALL.iter().map(|intrinsic| intrinsic.text()))
    }

    /// Return a list of names of the binary intrinsics.
    #[pyfunction]
    #[signature()]
    fn get_intrinsic2_descs(py: &mut Py) -> Result<Gc<List>> {
        texts(py, Intrinsic2::ALL.iter().map(|intrinsic| intrinsic.text()))
    }

    /// Return a list of special method names.
    #[pyfunction]
    #[signature()]
    fn get_special_method_names(py: &mut Py) -> Result<Gc<List>> {
        texts(py, SpecialMethod::ALL.iter().map(|method| method.text()))
    }

    /// Return the executor object at offset in code if exists, None otherwise.
    #[pyfunction]
    #[signature(code, offset)]
    fn get_executor(py: &mut Py, code: Value, offset: i32) -> Result<Value> {
        let _ = offset;
        if Gc::<Code>::cast(py, code).is_none() {
            let class = py.class_name(code);
            raise!(py, TypeError, "expected a code object, not '{class}'");
        }
        raise!(py, ValueError, "no executor at given byte offset")
    }
}
