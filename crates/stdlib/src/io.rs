//! `_io`, until the real one replaces this file: enough for the import system to start.
use bredli_runtime::prelude::*;

/// The io module, not there yet.
#[pymodule(name = "_io")]
pub mod io {
    use super::*;

    pub const DEFAULT_BUFFER_SIZE: i64 = 131_072;

    /// Opens the provided file with the intent to import the contents.
    #[pyfunction]
    #[signature(path, /)]
    fn open_code(py: &mut Py, path: Value) -> Result {
        let _ = path;
        raise!(py, OSError, "files are not there yet")
    }
}
