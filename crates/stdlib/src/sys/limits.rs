//! Functions of `sys` that read and set the interpreter's limits.

use bredli_runtime::prelude::*;

/// The smallest limit on digits that can be set.
const LEAST_DIGITS: i64 = 640;

#[pymodule(name = "sys", part)]
pub mod limits {
    use super::*;

    /// Return the maximum string digits limit for non-binary int<->str conversions.
    #[pyfunction]
    #[signature()]
    fn get_int_max_str_digits(py: &Py) -> usize {
        py.int_digit_limit
    }

    /// Set the maximum string digits limit for non-binary int<->str conversions.
    #[pyfunction]
    #[signature(maxdigits)]
    fn set_int_max_str_digits(py: &mut Py, maxdigits: i64) -> Result<()> {
        if maxdigits != 0 && maxdigits < LEAST_DIGITS {
            raise!(py, ValueError, "maxdigits must be >= {LEAST_DIGITS} or 0 for unlimited");
        }
        py.int_digit_limit = maxdigits as usize;
        Ok(())
    }
}
