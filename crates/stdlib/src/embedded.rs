//! `_embedded`: the pure-Python library inside the binary, for the importer in `_embeddedimport.py`.

use bredli_runtime::Frozen;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Code};

/// The embedded module of that name.
fn embedded_module(py: &mut Py, name: Gc<Str>) -> Result<Frozen> {
    let text = name.get(py).lossy();
    match py.library()?.frozen(&text) {
        Some(frozen) => Ok(frozen),
        None => Err(py.import_error(&format!("no embedded module {text}"), name)),
    }
}

/// Access to the library that is part of the interpreter.
#[pymodule(name = "_embedded")]
pub mod embedded {
    use super::*;

    /// The directory that the modules seem to be in.
    #[constant]
    fn directory(py: &mut Py) -> Result<Gc<Str>> {
        let library = py.library()?;
        Ok(py.intern(library.directory()))
    }

    /// Return the path of a module's source within the library and whether it is a package, or None.
    #[pyfunction]
    #[signature(name, /)]
    fn find(py: &mut Py, name: Gc<Str>) -> Result<Option<(&'static str, bool)>> {
        let name = name.get(py).lossy();
        Ok(py.library()?.frozen(&name).map(|frozen| (frozen.path, frozen.is_package)))
    }

    /// Return the code object of a module.
    #[pyfunction]
    #[signature(name, /)]
    fn get_code(py: &mut Py, name: Gc<Str>) -> Result<Gc<Code>> {
        let frozen = embedded_module(py, name)?;
        py.embedded_code(&frozen)
    }

    /// Return the source of a module as bytes.
    #[pyfunction]
    #[signature(name, /)]
    fn get_source(py: &mut Py, name: Gc<Str>) -> Result<Gc<Bytes>> {
        embedded_module(py, name)?;
        let name = name.get(py).lossy();
        let source = py.library()?.source(&name).unwrap_or_default();
        Ok(py.new_bytes(&source))
    }

    /// Return the contents of a data file, by its path within the library, or None.
    #[pyfunction]
    #[signature(path, /)]
    fn get_data(py: &mut Py, path: Gc<Str>) -> Result<Option<Gc<Bytes>>> {
        let path = path.get(py).lossy();
        let data = py.library()?.data(&path);
        Ok(data.map(|data| py.new_bytes(&data)))
    }

    /// Return the names of all modules.
    #[pyfunction]
    #[signature()]
    fn names(py: &mut Py) -> Result<Gc<List>> {
        let names = py.library()?.names();
        let mut list = RootVec::new(&mut py.heap);
        for name in names {
            let name = py.new_str(name);
            list.push(name.into());
        }
        py.new_list(&list)
    }
}
