//! `errno`: the numbers of operating-system errors.
//!
//! Counterpart: `Modules/errnomodule.c`.

use bredli_host::{ERRNO, ERRNO_ALIASES};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// This module makes available standard errno system symbols.
///
/// The value of each symbol is the corresponding integer value,
/// e.g., on most systems, errno.ENOENT equals the integer 2.
///
/// The dictionary errno.errorcode maps numeric codes to symbol names,
/// e.g., errno.errorcode[2] could be the string 'ENOENT'.
///
/// Symbols that are not relevant to the underlying system are not defined.
///
/// To map error codes to error messages, use the function os.strerror(),
/// e.g. os.strerror(2) could return 'No such file or directory'.
#[pymodule(name = "errno")]
pub mod errno {
    use super::*;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let codes = py.new_dict();
        py.module_set(module, "errorcode", codes.into())?;
        let namespace = Module::namespace(module, py);
        py.dict_reserve(codes, ERRNO.len())?;
        py.dict_reserve(namespace, ERRNO.len() + ERRNO_ALIASES.len())?;
        for (number, name, _) in ERRNO {
            let (number, name) = (py.new_int(i64::from(*number)), py.intern(name));
            py.dict_set(codes, number, name.into())?;
            py.dict_set_str(namespace, name, number)?;
        }
        for (name, number) in ERRNO_ALIASES {
            let number = py.new_int(i64::from(*number));
            py.module_set(module, name, number)?;
        }
        Ok(())
    }
}
