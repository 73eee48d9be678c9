//! The `builtins` module: the functions. Types and exceptions come from the runtime.
//!
//! Counterpart: `Python/bltinmodule.c`.

mod class;
mod compile;
mod numbers;
mod output;
mod scope;

use bredli_runtime::prelude::*;
/// Built-in functions, types, exceptions, and other objects.
///
/// This module provides direct access to all 'built-in'
/// identifiers of Python; for example, builtins.len is
/// the full name for the built-in function len().
///
/// This module is not normally accessed explicitly by most
/// applications, but can be useful in modules that provide
/// objects with the same name as a builtin and need to refer to
/// it.
#[pymodule(
    name = "builtins",
    parts(class::builtins::PART, compile::builtins::PART, numbers::builtins::PART, output::builtins::PART, scope::builtins::PART)
)]
pub mod builtins {
    use super::*;
    use bredli_runtime::types::Module;

    /// Return the number of items in a container.
    #[pyfunction]
    #[signature(obj, /)]
    fn len(py: &mut Py, obj: Value) -> Result<usize> {
        py.len(obj)
    }

    /// Return True if bool(x) is True for all values x in the iterable.
    ///
    /// If the iterable is empty, return True.
    #[pyfunction]
    #[signature(iterable, /)]
    fn all(py: &mut Py, iterable: Value) -> Result<bool> {
        let iterator = py.iter(iterable)?;
        while let Some(value) = py.next_untaken(iterator, &mut |_, value| value == Value::TRUE)? {
            if !py.truth(value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Return True if bool(x) is True for any x in the iterable.
    ///
    /// If the iterable is empty, return False.
    #[pyfunction]
    #[signature(iterable, /)]
    fn any(py: &mut Py, iterable: Value) -> Result<bool> {
        let iterator = py.iter(iterable)?;
        while let Some(value) = py.next_untaken(iterator, &mut |_, value| value == Value::FALSE || value.is_none())? {
            if py.truth(value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Return whether the object is callable (i.e., some kind of function).
    ///
    /// Note that classes are callable, as are instances of classes with a
    /// __call__() method.
    #[pyfunction]
    #[signature(obj, /)]
    fn callable(py: &mut Py, obj: Value) -> bool {
        py.is_callable(obj)
    }

    /// Return the identity of an object.
    ///
    /// This is guaranteed to be unique among simultaneously existing objects.
    /// (CPython uses the object's memory address.)
    #[pyfunction]
    #[signature(obj, /)]
    fn id(py: &mut Py, obj: Value) -> Value {
        py.new_int_u64(obj.bits())
    }

    /// Return the hash value for the given object.
    ///
    /// Two objects that compare equal must also have the same hash value, but the
    /// reverse is not necessarily true.
    #[pyfunction]
    #[signature(obj, /)]
    fn hash(py: &mut Py, obj: Value) -> Result<i64> {
        py.hash(obj)
    }

    /// Return the canonical string representation of the object.
    ///
    /// For many object types, including most builtins, eval() will return
    /// an equivalent object.
    #[pyfunction]
    #[signature(obj, /)]
    fn repr(py: &mut Py, obj: Value) -> Result<Gc<Str>> {
        py.repr(obj)
    }

    /// Return an ASCII-only representation of an object.
    ///
    /// As repr(), return a string containing a printable representation of an
    /// object, but escape the non-ASCII characters in the string returned by
    /// repr() using \\x, \\u or \\U escapes. This generates a string similar
    /// to that returned by repr() in Python 2.
    #[pyfunction]
    #[signature(obj, /)]
    fn ascii(py: &mut Py, obj: Value) -> Result<Gc<Str>> {
        py.ascii(obj)
    }

    /// Return type(value).__format__(format_spec)
    ///
    /// Many built-in types implement format_spec according to the
    /// Format Specification Mini-language. See help('FORMATTING')
    /// for details.
    #[pyfunction]
    #[signature(value, format_spec="", /)]
    fn format(py: &mut Py, value: Value, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        py.format(value, format_spec)
    }

    /// Get a named attribute from an object.
    ///
    /// getattr(x, 'y') is equivalent to ``x.y``
    ///
    /// When a default argument is given, it is returned when the attribute doesn't
    /// exist; without it, an exception is raised in that case.
    #[pyfunction]
    #[no_text_signature]
    #[signature(object, name, default=<unrepresentable>, /)]
    fn getattr(py: &mut Py, object: Value, name: Value, default: Option<Value>) -> Result {
        let name = attribute_name(py, name)?;
        match default {
            Some(default) => Ok(py.lookup_attr(object, name)?.unwrap_or(default)),
            None => py.get_attr(object, name),
        }
    }

    /// Return whether the object has an attribute with the given name.
    ///
    /// This is done by calling getattr(obj, name) and catching AttributeError.
    #[pyfunction]
    #[signature(obj, name, /)]
    fn hasattr(py: &mut Py, obj: Value, name: Value) -> Result<bool> {
        let name = attribute_name(py, name)?;
        Ok(py.lookup_attr(obj, name)?.is_some())
    }

    /// Sets the named attribute on the given object to the specified value.
    ///
    /// setattr(x, 'y', v) is equivalent to ``x.y = v``
    #[pyfunction]
    #[signature(obj, name, value, /)]
    fn setattr(py: &mut Py, obj: Value, name: Value, value: Value) -> Result<()> {
        let name = attribute_name(py, name)?;
        py.set_attr(obj, name, Some(value))
    }

    /// Deletes the named attribute from the given object.
    ///
    /// delattr(x, 'y') is equivalent to ``del x.y``
    #[pyfunction]
    #[signature(obj, name, /)]
    fn delattr(py: &mut Py, obj: Value, name: Value) -> Result<()> {
        let name = attribute_name(py, name)?;
        py.set_attr(obj, name, None)
    }

    fn attribute_name(py: &mut Py, name: Value) -> Result<Gc<Str>> {
        match Gc::<Str>::cast(py, name) {
            Some(name) => Ok(py.intern_str(name)),
            None => {
                let class = py.class_name(name);
                raise!(py, TypeError, "attribute name must be string, not '{class}'")
            }
        }
    }

    /// Return whether an object is an instance of a class or of a subclass thereof.
    ///
    /// A tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)
    /// or ...`` etc.
    #[pyfunction]
    #[signature(obj, class_or_tuple, /)]
    fn isinstance(py: &mut Py, obj: Value, class_or_tuple: Value) -> Result<bool> {
        py.is_instance(obj, class_or_tuple)
    }

    /// Return whether 'cls' is derived from another class or is the same class.
    ///
    /// A tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)
    /// or ...``.
    #[pyfunction]
    #[signature(cls, class_or_tuple, /)]
    fn issubclass(py: &mut Py, args: Args) -> Result<bool> {
        if args.has_keywords() {
            raise!(py, TypeError, "issubclass() takes no keyword arguments");
        }
        match args.positional() {
            [class, classes] => py.is_subclass(*class, *classes),
            given => raise!(py, TypeError, "issubclass expected 2 arguments, got {}", given.len()),
        }
    }

    /// Get an iterator from an object.
    ///
    /// In the first form, the argument must supply its own iterator, or be a sequence.
    /// In the second form, the callable is called until it returns the sentinel.
    #[pyfunction]
    #[no_text_signature]
    #[signature(object, sentinel=<unrepresentable>, /)]
    fn iter(py: &mut Py, object: Value, sentinel: Option<Value>) -> Result {
        match sentinel {
            None => py.iter(object),
            Some(sentinel) => {
                if !py.is_callable(object) {
                    raise!(py, TypeError, "iter(v, w): v must be callable");
                }
                Ok(py.callable_iterator(object, sentinel).into())
            }
        }
    }

    /// Return the next item from the iterator.
    ///
    /// If default is given and the iterator is exhausted,
    /// it is returned instead of raising StopIteration.
    #[pyfunction]
    #[no_text_signature]
    #[signature(iterator, default=<unrepresentable>, /)]
    fn next(py: &mut Py, iterator: Value, default: Option<Value>) -> Result {
        match py.advance(iterator) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => match default {
                Some(default) => Ok(default),
                None => Err(py.stop_iteration(None)),
            },
            Err(raised) => match default {
                Some(default) if py.exception_matches(py.exceptions.StopIteration) => {
                    py.clear_exception();
                    Ok(default)
                }
                _ => Err(raised),
            },
        }
    }

    /// Return an AsyncIterator for an AsyncIterable object.
    #[pyfunction]
    #[signature(async_iterable, /)]
    fn aiter(py: &mut Py, async_iterable: Value) -> Result {
        let slot = py.class_of(async_iterable).get(py).slots.aiter;
        let Some(slot) = slot else {
            let class = py.class_name(async_iterable);
            raise!(py, TypeError, "'{class}' object is not an async iterable");
        };
        let iterator = slot(py, async_iterable)?;
        if py.class_of(iterator).get(py).slots.anext.is_none() {
            let class = py.class_name(iterator);
            raise!(py, TypeError, "aiter() returned not an async iterator of type '{class}'");
        }
        Ok(iterator)
    }

    /// Return the next item from the async iterator.
    ///
    /// If default is given and the async iterator is exhausted,
    /// it is returned instead of raising StopAsyncIteration.
    #[pyfunction]
    #[signature(aiterator, default=<unrepresentable>, /)]
    fn anext(py: &mut Py, aiterator: Value, default: Option<Value>) -> Result {
        let slot = py.class_of(aiterator).get(py).slots.anext;
        let Some(slot) = slot else {
            let class = py.class_name(aiterator);
            raise!(py, TypeError, "'{class}' object is not an async iterator");
        };
        let awaitable = slot(py, aiterator)?;
        Ok(match default {
            Some(default) => py.anext_with_default(awaitable, default),
            None => awaitable,
        })
    }

    /// Return a new list containing all items from the iterable in ascending order.
    ///
    /// A custom key function can be supplied to customize the sort order, and the
    /// reverse flag can be set to request the result in descending order.
    #[pyfunction]
    #[signature(iterable, /, *, key=None, reverse=False)]
    fn sorted(py: &mut Py, args: Args) -> Result {
        let Some(iterable) = args.get(0) else {
            raise!(py, TypeError, "sorted expected 1 argument, got 0");
        };
        if args.positional().len() > 1 {
            let given = args.positional().len();
            raise!(py, TypeError, "sorted expected 1 argument, got {given}");
        }
        let list = py.list_from_iterable(iterable)?;
        let sort = py.get_attr_named(list.into(), "sort")?;
        py.call_args(sort, args.rest())?;
        Ok(list.into())
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        const NAMES: &[&str] = &[
            "object",
            "type",
            "str",
            "tuple",
            "dict",
            "list",
            "int",
            "bool",
            "float",
            "complex",
            "bytes",
            "bytearray",
            "memoryview",
            "set",
            "frozenset",
            "range",
            "slice",
            "enumerate",
            "zip",
            "map",
            "filter",
            "reversed",
            "super",
            "property",
            "classmethod",
            "staticmethod",
        ];
        for class in py.types.all() {
            let def = class.get(py).definition();
            if let Some(def) = def.filter(|def| def.module == "builtins" && NAMES.contains(&def.name)) {
                py.module_set(module, def.name, class.into())?;
            }
        }
        for (name, class) in py.exceptions.all() {
            py.module_set(module, name, class.into())?;
        }
        for (alias, name) in [("EnvironmentError", py.exceptions.OSError), ("IOError", py.exceptions.OSError)] {
            py.module_set(module, alias, name.into())?;
        }
        let debug = Value::bool(py.optimize == 0);
        py.module_set(module, "__debug__", debug)?;
        py.module_set(module, "None", Value::NONE)?;
        py.module_set(module, "Ellipsis", Value::ELLIPSIS)?;
        py.module_set(module, "NotImplemented", Value::NOT_IMPLEMENTED)?;
        py.module_set(module, "False", Value::FALSE)?;
        py.module_set(module, "True", Value::TRUE)?;
        Ok(())
    }
}
