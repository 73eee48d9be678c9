//! `itemgetter`, `attrgetter`, `methodcaller`.

use bredli_runtime::prelude::*;

/// The text `operator.name(args…)` that represents one of these callables.
fn represent(py: &mut Py, object: Value, args: Gc<Tuple>, keywords: Option<Gc<Dict>>) -> Result {
    let name = py.class_name(object);
    py.repr_of_container(object, &format!("operator.{name}(...)"), |py, text| {
        text.extend_from_slice(format!("operator.{name}(").as_bytes());
        for index in 0..args.get(py).len() {
            if index > 0 {
                text.extend_from_slice(b", ");
            }
            let item = args.get(py).items()[index];
            py.repr_into(text, item)?;
        }
        let mut at = 0;
        while let Some((position, key, value)) = keywords.and_then(|keywords| keywords.get(py).entry_from(at)) {
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

fn one_argument(py: &mut Py, name: &str, args: Args) -> Result {
    if args.has_keywords() {
        raise!(py, TypeError, "{name}() takes no keyword arguments");
    }
    match *args.positional() {
        [object] => Ok(object),
        _ => raise!(py, TypeError, "{name} expected 1 argument, got {}", args.len()),
    }
}

fn reduce(py: &mut Py, object: Value, args: Gc<Tuple>) -> Value {
    let class = py.class_of(object);
    py.new_tuple(&[class.into(), args.into()]).into()
}

/// Return a callable object that fetches the given item(s) from its operand.
/// After f = itemgetter(2), the call f(r) returns r[2].
/// After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "itemgetter", module = "operator")]
pub struct ItemGetter {
    header: Header,
    items: Gc<Tuple>,
}

#[pymethods]
impl ItemGetter {
    #[signature(item, /, *items)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "itemgetter() takes no keyword arguments");
        }
        if args.is_empty() {
            raise!(py, TypeError, "itemgetter expected 1 argument, got 0");
        }
        let items = py.new_tuple(args.positional());
        Ok(py.alloc_as(cls, ItemGetter { header: Header::EMPTY, items }).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let object = one_argument(py, "itemgetter", args)?;
        let items = this.get(py).items;
        if let [item] = *items.get(py).items() {
            return py.get_item(object, item);
        }
        let mut found = RootVec::new(&mut py.heap);
        for index in 0..items.get(py).len() {
            let item = items.get(py).items()[index];
            found.push(py.get_item(object, item)?);
        }
        Ok(py.new_tuple(&found).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let items = this.get(py).items;
        represent(py, this.into(), items, None)
    }

    /// Return state information for pickling
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
        let items = this.get(py).items;
        reduce(py, this.into(), items)
    }
}

/// Return a callable object that fetches the given attribute(s) from its operand.
/// After f = attrgetter('name'), the call f(r) returns r.name.
/// After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
/// After h = attrgetter('name.first', 'name.last'), the call h(r) returns
/// (r.name.first, r.name.last).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "attrgetter", module = "operator")]
pub struct AttrGetter {
    header: Header,
    names: Gc<Tuple>,
    /// For each name the tuple of its dotted parts.
    paths: Gc<Tuple>,
}

#[pymethods]
impl AttrGetter {
    #[signature(attr, /, *attrs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "attrgetter() takes no keyword arguments");
        }
        if args.is_empty() {
            raise!(py, TypeError, "attrgetter expected 1 argument, got 0");
        }
        let mut paths = RootVec::new(&mut py.heap);
        for name in args.positional() {
            let Some(name) = Gc::<Str>::cast(py, *name) else { raise!(py, TypeError, "attribute name must be a string") };
            let text = name.get(py).bytes().to_vec();
            let mut parts = RootVec::new(&mut py.heap);
            for part in text.split(|byte| *byte == b'.') {
                let part = py.new_str_wtf8(part);
                parts.push(py.intern_str(part).into());
            }
            paths.push(py.new_tuple(&parts).into());
        }
        let (names, paths) = (py.new_tuple(args.positional()), py.new_tuple(&paths));
        Ok(py.alloc_as(cls, AttrGetter { header: Header::EMPTY, names, paths }).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let object = one_argument(py, "attrgetter", args)?;
        let paths = this.get(py).paths;
        let count = paths.get(py).len();
        if count == 1 {
            return AttrGetter::follow(py, object, paths, 0);
        }
        let mut found = RootVec::new(&mut py.heap);
        for index in 0..count {
            found.push(AttrGetter::follow(py, object, paths, index)?);
        }
        Ok(py.new_tuple(&found).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let names = this.get(py).names;
        represent(py, this.into(), names, None)
    }

    /// Return state information for pickling
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
        let names = this.get(py).names;
        reduce(py, this.into(), names)
    }
}

impl AttrGetter {
    fn follow(py: &mut Py, object: Value, paths: Gc<Tuple>, index: usize) -> Result {
        let path = Gc::<Tuple>::known(py, paths.get(py).items()[index]);
        let mut object = object;
        for index in 0..path.get(py).len() {
            let name = Gc::<Str>::known(py, path.get(py).items()[index]);
            object = py.get_attr(object, name)?;
        }
        Ok(object)
    }
}

/// Return a callable object that calls the given method on its operand.
/// After f = methodcaller('name'), the call f(r) returns r.name().
/// After g = methodcaller('name', 'date', foo=1), the call g(r) returns
/// r.name('date', foo=1).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "methodcaller", module = "operator")]
pub struct MethodCaller {
    header: Header,
    name: Gc<Str>,
    /// Positional values, then those of the keywords.
    values: Gc<Tuple>,
    keywords: Option<Gc<Tuple>>,
}

#[pymethods]
impl MethodCaller {
    #[signature(name, /, *args, **kwargs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let Some(name) = args.get(0) else {
            raise!(py, TypeError, "methodcaller needs at least one argument, the method name");
        };
        let Some(name) = Gc::<Str>::cast(py, name) else { raise!(py, TypeError, "method name must be a string") };
        let name = py.intern_str(name);
        let (values, keywords) = (py.new_tuple(args.rest().values()), args.kwnames());
        Ok(py.alloc_as(cls, MethodCaller { header: Header::EMPTY, name, values, keywords }).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let object = one_argument(py, "methodcaller", args)?;
        let MethodCaller { name, values, keywords, .. } = *this.get(py);
        if values.get(py).is_empty() {
            return py.call_method(object, name, &[]);
        }
        let method = py.get_attr(object, name)?;
        let values = RootVec::from_slice_of(py, values);
        let args = Args::with_keywords(py, &values, keywords);
        py.call_args(method, args)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let (args, keywords) = MethodCaller::split(this, py, true)?;
        represent(py, this.into(), args, Some(keywords))
    }

    /// Return state information for pickling
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).keywords.is_none() {
            let (args, _) = MethodCaller::split(this, py, true)?;
            return Ok(reduce(py, this.into(), args));
        }
        let functools = py.import_module("functools")?;
        let partial = py.get_attr_named(functools, "partial")?;
        let (args, keywords) = MethodCaller::split(this, py, false)?;
        let (class, name) = (py.class_of(this.into()), this.get(py).name);
        let (mut values, mut names) = (RootVec::new(&mut py.heap), RootVec::new(&mut py.heap));
        values.extend_from_slice(&[class.into(), name.into()]);
        let mut at = 0;
        while let Some((position, key, value)) = keywords.get(py).entry_from(at) {
            names.push(key);
            values.push(value);
            at = position + 1;
        }
        let names = py.new_tuple(&names);
        let constructor = py.call_kw(partial, &values, names)?;
        Ok(py.new_tuple(&[constructor, args.into()]).into())
    }
}

impl MethodCaller {
    /// The positional arguments, with the name in front if wanted, and the keyword arguments.
    fn split(this: Gc<Self>, py: &mut Py, with_name: bool) -> Result<(Gc<Tuple>, Gc<Dict>)> {
        let MethodCaller { name, values, keywords, .. } = *this.get(py);
        let values = RootVec::from_slice_of(py, values);
        let args = Args::with_keywords(py, &values, keywords);
        let dict = py.kwargs_dict(args)?;
        let mut positional = RootVec::new(&mut py.heap);
        if with_name {
            positional.push(name.into());
        }
        positional.extend_from_slice(args.positional());
        Ok((py.new_tuple(&positional), dict))
    }
}

/// Copies of a tuple's items that can be passed on as arguments.
trait FromTuple {
    fn from_slice_of(py: &mut Py, tuple: Gc<Tuple>) -> RootVec;
}

impl FromTuple for RootVec {
    fn from_slice_of(py: &mut Py, tuple: Gc<Tuple>) -> RootVec {
        let mut values = RootVec::new(&mut py.heap);
        values.extend_from_slice(tuple.get(py).items());
        values
    }
}
