//! `partial` and the `Placeholder` for arguments that come with the call.

use bredli_runtime::prelude::*;

/// The type of the Placeholder singleton.
///
/// Used as a placeholder for partial arguments.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_PlaceholderType", module = "functools")]
pub struct Placeholder {
    header: Header,
}

#[pymethods]
impl Placeholder {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let _ = cls;
        if !args.is_empty() {
            raise!(py, TypeError, "_PlaceholderType takes no arguments");
        }
        Placeholder::get(py)
    }

    fn __repr__(_this: Gc<Self>) -> &'static str {
        "Placeholder"
    }

    #[signature(self, /)]
    fn __reduce__(_this: Gc<Self>) -> &'static str {
        "Placeholder"
    }
}

impl Placeholder {
    /// The one instance, which its class keeps.
    pub(super) fn get(py: &mut Py) -> Result {
        let class = py.class::<Placeholder>();
        if let Some(instance) = class.get(py).extra {
            return Ok(instance);
        }
        let instance: Value = py.alloc(Placeholder { header: Header::EMPTY }).into();
        class.get_mut(py).extra = Some(instance);
        Ok(instance)
    }
}

/// Create a new function with partial application of the given arguments
/// and keywords.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "partial", module = "functools", flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct Partial {
    header: Header,
    dict: Option<Gc<Dict>>,
    function: Value,
    args: Gc<Tuple>,
    keywords: Gc<Dict>,
    /// How many of the arguments are placeholders.
    holes: usize,
}

#[pymethods]
impl Partial {
    #[signature(func, /, *args, **keywords)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let Some(mut function) = args.get(0) else { raise!(py, TypeError, "type 'partial' takes at least one argument") };
        if !py.is_callable(function) {
            raise!(py, TypeError, "the first argument must be callable");
        }
        let placeholder = Placeholder::get(py)?;
        let given = args.rest();
        if given.positional().last() == Some(&placeholder) {
            raise!(py, TypeError, "trailing Placeholders are not allowed");
        }
        if given.values()[given.positional().len()..].contains(&placeholder) {
            raise!(py, TypeError, "Placeholder cannot be passed as a keyword argument");
        }
        let mut values = RootVec::new(&mut py.heap);
        let mut keywords = py.new_dict();
        // A partial of a plain partial is one partial of the function.
        let inner = Gc::<Partial>::cast(py, function).filter(|inner| inner.get(py).dict.is_none());
        match inner.filter(|_| py.class_of(function) == cls) {
            Some(inner) => {
                let Partial { function: innermost, args: before, keywords: named, holes, .. } = *inner.get(py);
                let mut rest = given.positional().iter().copied();
                for item in before.get(py).items() {
                    let filled = if holes > 0 && *item == placeholder { rest.next() } else { None };
                    values.push(filled.unwrap_or(*item));
                }
                values.extend(rest);
                keywords = py.dict_copy(named)?;
                function = innermost;
                while values.last() == Some(&placeholder) {
                    values.pop();
                }
            }
            None => values.extend_from_slice(given.positional()),
        }
        for index in 0..given.keyword_count() {
            let (name, value) = given.keyword(py, index);
            py.dict_set(keywords, name.into(), value)?;
        }
        let holes = values.iter().filter(|value| **value == placeholder).count();
        let args = py.new_tuple(&values);
        Ok(py.alloc_as(cls, Partial { header: Header::EMPTY, dict: None, function, args, keywords, holes }).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let Partial { function, args: stored, keywords, holes, .. } = *this.get(py);
        let given = args.positional();
        if given.len() < holes {
            let count = given.len();
            raise!(py, TypeError, "missing positional arguments in 'partial' call; expected at least {holes}, got {count}");
        }
        let mut values = RootVec::new(&mut py.heap);
        let mut rest = given.iter().copied();
        if holes == 0 {
            values.extend_from_slice(stored.get(py).items());
        } else {
            let placeholder = Placeholder::get(py)?;
            for item in stored.get(py).items() {
                let value = if *item == placeholder { rest.next() } else { Some(*item) };
                values.push(value.expect("enough arguments"));
            }
        }
        values.extend(rest);
        if keywords.get(py).is_empty() {
            values.extend_from_slice(&args.values()[given.len()..]);
            let args = Args::with_keywords(py, &values, args.kwnames());
            return py.call_args(function, args);
        }
        let merged = py.dict_copy(keywords)?;
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            py.dict_set(merged, name.into(), value)?;
        }
        py.call_with_dict(function, &mut values, merged)
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, class: Option<Value>) -> Value {
        let _ = class;
        match object {
            Some(object) if !object.is_none() => py.new_method(this.into(), object),
            _ => this.into(),
        }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        py.repr_of_container(this.into(), "...", |py, text| {
            let Partial { function, args, keywords, .. } = *this.get(py);
            let name = py.qualified_class_name(this.into())?;
            text.extend_from_slice(name.as_bytes());
            text.push(b'(');
            py.repr_into(text, function)?;
            for index in 0..args.get(py).len() {
                text.extend_from_slice(b", ");
                let item = args.get(py).items()[index];
                py.repr_into(text, item)?;
            }
            let mut at = 0;
            while let Some((position, key, value)) = keywords.get(py).entry_from(at) {
                text.extend_from_slice(b", ");
                text.extend_from_slice(py.str_text(key)?.as_bytes());
                text.push(b'=');
                py.repr_into(text, value)?;
                at = position + 1;
            }
            text.push(b')');
            Ok(())
        })
    }

    #[no_text_signature]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
        let Partial { dict, function, args, keywords, .. } = *this.get(py);
        let (class, first) = (py.class_of(this.into()), py.new_tuple(&[function]));
        let dict = dict.map_or(Value::NONE, Value::from);
        let state = py.new_tuple(&[function, args.into(), keywords.into(), dict]);
        py.new_tuple(&[class.into(), first.into(), state.into()]).into()
    }

    #[no_text_signature]
    fn __setstate__(this: Gc<Self>, py: &mut Py, state: Value) -> Result<()> {
        let parts = Gc::<Tuple>::cast(py, state).map(|state| state.get(py).items());
        let Some(&[function, args, keywords, dict]) = parts else { raise!(py, TypeError, "invalid partial state") };
        let named = if keywords.is_none() { Some(py.new_dict()) } else { Gc::<Dict>::cast(py, keywords) };
        let (Some(args), Some(named)) = (Gc::<Tuple>::cast(py, args), named) else {
            raise!(py, TypeError, "invalid partial state");
        };
        if !py.is_callable(function) || (!dict.is_none() && !py.is_dict(dict)) {
            raise!(py, TypeError, "invalid partial state");
        }
        let placeholder = Placeholder::get(py)?;
        if args.get(py).items().last() == Some(&placeholder) {
            raise!(py, TypeError, "trailing Placeholders are not allowed");
        }
        let args = py.tuple_from_iterable(args.into())?;
        let holes = args.get(py).items().iter().filter(|value| **value == placeholder).count();
        let dict = Gc::<Dict>::cast(py, dict);
        let this = this.get_mut(py);
        (this.function, this.args, this.keywords, this.dict, this.holes) = (function, args, named, dict, holes);
        Ok(())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// function object to use in future partial calls
    #[getter]
    fn func(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).function
    }

    /// tuple of arguments to future partial calls
    #[getter]
    fn args(this: Gc<Self>, py: &Py) -> Gc<Tuple> {
        this.get(py).args
    }

    /// dictionary of keyword arguments to future partial calls
    #[getter]
    fn keywords(this: Gc<Self>, py: &Py) -> Gc<Dict> {
        this.get(py).keywords
    }
}
