//! `_imp`: what importlib's bootstrap asks of the interpreter.
//!
//! Counterpart: `Python/import.c`.

use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Code};
use bredli_runtime::{Frozen, original_name};

/// (Extremely) low-level import machinery bits as used by importlib.
#[pymodule(name = "_imp")]
pub mod imp {
    use super::*;

    pub const check_hash_based_pycs: &str = "default";
    pub const pyc_magic_number_token: i64 = 3627 | 0x0A0D_0000;

    /// Acquires the interpreter's import lock for the current thread.
    #[pyfunction]
    #[signature()]
    fn acquire_lock() {}

    /// Release the interpreter's import lock.
    #[pyfunction]
    #[signature()]
    fn release_lock() {}

    /// Return True if the import lock is currently held, else False.
    #[pyfunction]
    #[signature()]
    fn lock_held() -> bool {
        false
    }

    /// Returns the list of file suffixes used to identify extension modules.
    #[pyfunction]
    #[signature()]
    fn extension_suffixes(py: &mut Py) -> Result<Gc<List>> {
        py.new_list(&[])
    }

    /// Returns True if the module name corresponds to a built-in module.
    #[pyfunction]
    #[signature(name, /)]
    fn is_builtin(py: &mut Py, name: Gc<Str>) -> Result<i32> {
        let name = name.get(py).lossy();
        Ok(py.library()?.native(&name).is_some() as i32)
    }

    /// Returns True if the module name corresponds to a frozen module.
    #[pyfunction]
    #[signature(name, /)]
    fn is_frozen(py: &mut Py, name: Gc<Str>) -> Result<bool> {
        let name = name.get(py).lossy();
        Ok(py.frozen(&name)?.is_some())
    }

    /// Returns True if the module name is of a frozen package.
    #[pyfunction]
    #[signature(name, /)]
    fn is_frozen_package(py: &mut Py, name: Gc<Str>) -> Result<bool> {
        let text = name.get(py).lossy();
        match py.frozen(&text)? {
            Some(frozen) => Ok(frozen.is_package),
            None => Err(not_frozen(py, name)),
        }
    }

    /// Return info about the corresponding frozen module (if there is one) or None.
    ///
    /// The returned info (a 3-tuple):
    ///
    ///  * data         the raw marshalled bytes
    ///  * is_package   whether or not it is a package
    ///  * origname     the originally frozen module's name, or None if not
    ///                 a stdlib module (this will usually be the same as
    ///                 the module's current name)
    #[pyfunction]
    #[signature(name, /, *, withdata=False)]
    fn find_frozen(py: &mut Py, name: Gc<Str>, withdata: bool) -> Result {
        let text = name.get(py).lossy();
        let Some(frozen) = py.frozen(&text)? else { return Ok(Value::NONE) };
        let data: Value = if withdata { marshalled(py, &frozen)? } else { Value::NONE };
        let original = py.intern(original_name(&text));
        Ok(py.new_tuple(&[data, Value::bool(frozen.is_package), original.into()]).into())
    }

    /// Create a code object for a frozen module.
    #[pyfunction]
    #[signature(name, data=None, /)]
    fn get_frozen_object(py: &mut Py, name: Gc<Str>, data: Value) -> Result {
        if !data.is_none() {
            return unmarshalled(py, name, data);
        }
        let text = name.get(py).lossy();
        match py.frozen(&text)? {
            Some(frozen) => Ok(py.embedded_code(&frozen)?.into()),
            None => Err(not_frozen(py, name)),
        }
    }

    /// Create an extension module.
    #[pyfunction]
    #[signature(spec, /)]
    fn create_builtin(py: &mut Py, spec: Value) -> Result {
        let name = py.names.name;
        let name = py.get_attr(spec, name)?;
        let text = py.str_text(name)?;
        let modules = py.sys_modules()?;
        if let Some(found) = py.dict_get(modules, name)? {
            return Ok(found);
        }
        Ok(py.native_module(&text)?.unwrap_or(Value::NONE))
    }

    /// Initialize a built-in module.
    #[pyfunction]
    #[signature(r#mod, /)]
    fn exec_builtin(r#mod: Value) -> i32 {
        let _ = r#mod;
        0
    }

    /// Changes code.co_filename to specify the passed-in path.
    #[pyfunction]
    #[signature(code, path, /)]
    fn _fix_co_filename(py: &mut Py, code: Gc<Code>, path: Gc<Str>) -> Result<()> {
        let path = bredli_text::Wtf8Buf::from_bytes(path.get(py).bytes().to_vec()).unwrap_or_default();
        py.rename_code(code, &path)
    }

    /// Returns the list of available frozen modules.
    #[pyfunction]
    #[signature()]
    fn _frozen_module_names(py: &mut Py) -> Result<Gc<List>> {
        let mut names = RootVec::new(&mut py.heap);
        for name in bredli_runtime::FROZEN {
            let name = py.intern(name);
            names.push(name.into());
        }
        py.new_list(&names)
    }

    /// Internal-only helper function.
    #[pyfunction]
    #[signature(r#override, /)]
    fn _override_frozen_modules_for_tests(py: &mut Py, r#override: i32) {
        py.frozen_override = (r#override != 0).then_some(r#override > 0);
    }

    /// Computes the hash of a source file's bytes.
    #[pyfunction]
    #[signature(key, source)]
    fn source_hash(py: &mut Py, key: i64, source: Value) -> Result {
        let source = BytesLike::new(py, source)?.get(py).to_vec();
        let hash = bredli_num::HashKey::from_bytes((key as u128).to_le_bytes()).hash_bytes(&source);
        Ok(py.new_bytes(&(hash as u64).to_le_bytes()).into())
    }
}

fn not_frozen(py: &mut Py, name: Gc<Str>) -> Raised {
    match py.repr_text(name.into()) {
        Ok(shown) => py.import_error(&format!("No such frozen object named {shown}"), name),
        Err(raised) => raised,
    }
}

/// The code object that somebody else made of a module to be imported as frozen.
fn unmarshalled(py: &mut Py, name: Gc<Str>, data: Value) -> Result {
    let Some(bytes) = Gc::<Bytes>::cast(py, data) else {
        let class = py.class_name(data);
        raise!(py, TypeError, "get_frozen_object() argument 2 must be bytes, not {class}");
    };
    let bytes = bytes.get(py).data().to_vec();
    let shown = py.repr_text(name.into())?;
    match crate::marshal::read_bytes(py, bytes, true) {
        Ok(code) if Gc::<Code>::cast(py, code).is_some() => Ok(code),
        Ok(_) => raise!(py, TypeError, "frozen object {shown} is not a code object"),
        Err(_) => {
            py.clear_exception();
            Err(py.import_error(&format!("Frozen object named {shown} is invalid"), name))
        }
    }
}

/// The code object of a frozen module as `marshal` writes it.
fn marshalled(py: &mut Py, frozen: &Frozen) -> Result {
    let code = py.embedded_code(frozen)?;
    crate::marshal::written(py, code)
}
