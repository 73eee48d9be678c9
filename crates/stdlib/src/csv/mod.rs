//! `_csv`: reading and writing comma-separated values.
//!
//! Counterpart: `Modules/_csv.c`.

mod dialect;
mod reader;
mod writer;

use crate::exceptions;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
pub use dialect::Dialect;
use dialect::settings;
pub use reader::Reader;
pub use writer::Writer;

#[cold]
fn error(py: &mut Py, text: &str) -> Raised {
    exceptions::raise_from(py, "_csv", "Error", text)
}

/// What the module remembers: the dialects with names, and the limit for fields.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_settings", module = "_csv", flags(DISALLOW_INSTANTIATION))]
pub struct Settings {
    header: Header,
    dialects: Gc<Dict>,
    field_limit: i64,
}

#[pymethods]
impl Settings {}

/// The dialect that a function's last argument and its keywords describe.
fn dialect_argument(py: &mut Py, args: Args, function: &str) -> Result<Gc<Dialect>> {
    let given = match args.positional() {
        [] => raise!(py, TypeError, "{function} expected at least 1 argument, got 0"),
        [_] => None,
        [_, dialect] => Some(*dialect),
        more => raise!(py, TypeError, "{function} expected at most 2 arguments, got {}", more.len()),
    };
    let class: Value = Dialect::class(py).into();
    let mut values = RootVec::new(&mut py.heap);
    values.extend(given);
    for index in 0..args.keyword_count() {
        let (_, value) = args.keyword(py, index);
        values.push(value);
    }
    let described = Args::with_keywords(py, &values, args.kwnames());
    let dialect = py.call_args(class, described)?;
    Ok(Gc::<Dialect>::known(py, dialect))
}

/// CSV parsing and writing.
#[pymodule(name = "_csv", classes(Dialect))]
pub mod csv {
    use super::*;

    pub const QUOTE_MINIMAL: i64 = dialect::MINIMAL;
    pub const QUOTE_ALL: i64 = dialect::ALL;
    pub const QUOTE_NONNUMERIC: i64 = dialect::NONNUMERIC;
    pub const QUOTE_NONE: i64 = dialect::NONE;
    pub const QUOTE_STRINGS: i64 = dialect::STRINGS;
    pub const QUOTE_NOTNULL: i64 = dialect::NOTNULL;

    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The "iterable" argument can be any object that returns a line
    /// of input for each iteration, such as a file object or a list.  The
    /// optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    ///
    /// The returned object is an iterator.  Each iteration returns a row
    /// of the CSV file (which can span multiple input lines).
    #[pyfunction]
    #[signature(iterable, /, dialect="excel", **fmtparams)]
    fn reader(py: &mut Py, args: Args) -> Result<Gc<Reader>> {
        let lines = match args.get(0) {
            Some(iterable) if !args.positional().is_empty() => py.iter(iterable)?,
            _ => raise!(py, TypeError, "reader expected at least 1 argument, got 0"),
        };
        let dialect = dialect_argument(py, args, "reader")?;
        Reader::create(py, lines, dialect)
    }

    /// Return a writer object that will write user data on the given file object.
    ///
    /// The "fileobj" argument can be any object that supports the file API.
    /// The optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    #[pyfunction]
    #[signature(fileobj, /, dialect="excel", **fmtparams)]
    fn writer(py: &mut Py, args: Args) -> Result<Gc<Writer>> {
        let write = match args.get(0) {
            Some(file) if !args.positional().is_empty() => {
                let name = py.intern("write");
                py.lookup_attr(file, name)?
            }
            _ => raise!(py, TypeError, "writer expected at least 1 argument, got 0"),
        };
        let write = match write {
            Some(write) if py.is_callable(write) => write,
            _ => raise!(py, TypeError, "argument 1 must have a \"write\" method"),
        };
        let dialect = dialect_argument(py, args, "writer")?;
        Ok(Writer::create(py, write, dialect))
    }

    /// Return a list of all known dialect names.
    #[pyfunction]
    #[signature()]
    fn list_dialects(py: &mut Py) -> Result {
        let dialects = settings(py)?.get(py).dialects;
        let class = py.types.list;
        py.call(class.into(), &[dialects.into()])
    }

    /// Create a mapping from a string name to a CVS dialect.
    ///
    /// The optional "dialect" argument specifies the base dialect instance
    /// or the name of the registered dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    #[pyfunction]
    #[signature(name, /, dialect="excel", **fmtparams)]
    fn register_dialect(py: &mut Py, args: Args) -> Result<()> {
        if let [name, ..] = args.positional()
            && args.positional().len() <= 2
            && !py.is_str(*name)
        {
            raise!(py, TypeError, "dialect name must be a string");
        }
        let dialect = dialect_argument(py, args, "register_dialect")?;
        let dialects = settings(py)?.get(py).dialects;
        let name = args.positional()[0];
        py.dict_set(dialects, name, dialect.into())
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[pyfunction]
    #[signature(name, /)]
    fn unregister_dialect(py: &mut Py, name: Value) -> Result<()> {
        let dialects = settings(py)?.get(py).dialects;
        match py.dict_remove(dialects, name)? {
            Some(_) => Ok(()),
            None => Err(error(py, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[pyfunction]
    #[signature(name, /)]
    fn get_dialect(py: &mut Py, name: Value) -> Result {
        dialect::registered(py, name)
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned
    #[pyfunction]
    #[signature(new_limit=<unrepresentable>)]
    fn field_size_limit(py: &mut Py, new_limit: Option<Value>) -> Result<i64> {
        let settings = settings(py)?;
        let before = settings.get(py).field_limit;
        if let Some(limit) = new_limit {
            if !py.is_int(limit) {
                raise!(py, TypeError, "limit must be an integer");
            }
            match py.int_to_i64(limit) {
                Some(limit) => settings.get_mut(py).field_limit = limit,
                None => raise!(py, OverflowError, "Python int too large to convert to C ssize_t"),
            }
        }
        Ok(before)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let class = exceptions::new_class(py, "_csv", "Error", base)?;
        py.module_set(module, "Error", class)?;
        let dialects = py.new_dict();
        let settings = py.alloc(Settings { header: Header::EMPTY, dialects, field_limit: 128 * 1024 });
        py.module_set(module, "_settings", settings.into())
    }
}
