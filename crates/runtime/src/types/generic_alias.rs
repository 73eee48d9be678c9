//! `types.GenericAlias`: `list[int]`.
//!
//! Type variables in the arguments are the alias's parameters; subscription substitutes them through `__typing_subst__`.
//! Counterpart: `Objects/genericaliasobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp, Str, Tuple};
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Represent a PEP 585 generic type
///
/// E.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "GenericAlias", module = "types", core, flags(BASETYPE, HAS_WEAKREF))]
pub struct GenericAlias {
    pub(crate) header: Header,
    pub(crate) origin: Value,
    pub(crate) args: Gc<Tuple>,
    pub(crate) parameters: Option<Gc<Tuple>>,
    pub(crate) starred: bool,
}

/// Attributes that belong to the alias and not to what it is an alias of.
const OWN: [&str; 12] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__instancecheck__",
];
const BLOCKED: [&str; 3] = ["__bases__", "__subclasscheck__", "__slots__"];

#[pymethods]
impl GenericAlias {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "GenericAlias() takes no keyword arguments");
        }
        let &[origin, args] = args.positional() else {
            let count = args.len();
            raise!(py, TypeError, "GenericAlias expected 2 arguments, got {count}");
        };
        let args = py.as_tuple(args);
        Ok(py.alloc_as(cls, GenericAlias { header: Header::EMPTY, origin, args, parameters: None, starred: false }).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        py.enter_native(" while getting the repr of an object")?;
        let (origin, args, starred) = (this.get(py).origin, this.get(py).args, this.get(py).starred);
        let mut text = String::from(if starred { "*" } else { "" });
        text += &py.type_repr(origin)?;
        let mut parts = Vec::new();
        for index in 0..args.get(py).len() {
            let arg = args.get(py).items()[index];
            parts.push(match Gc::<List>::cast(py, arg) {
                Some(list) => list_repr(py, list)?,
                None => py.type_repr(arg)?,
            });
        }
        if parts.is_empty() {
            parts.push("()".to_string());
        }
        Ok(format!("{text}[{}]", parts.join(", ")))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let (origin, args) = (this.get(py).origin, this.get(py).args);
        Ok(py.hash(origin)? ^ py.hash(args.into())?)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (a, b) = (this.get(py), other.get(py));
        let (same, origins, args) = (a.starred == b.starred, (a.origin, b.origin), (a.args, b.args));
        let equal = same && py.eq(origins.0, origins.1)? && py.eq(args.0.into(), args.1.into())?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[signature(self, /, *args, **kwargs)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let origin = this.get(py).origin;
        let object = py.call_args(origin, args)?;
        let name = py.names.__orig_class__;
        if py.set_attr(object, name, Some(this.into())).is_err() {
            let (attribute, kind) = (py.exceptions.AttributeError, py.exceptions.TypeError);
            if !py.exception_matches(attribute) && !py.exception_matches(kind) {
                return Err(crate::Raised);
            }
            py.clear_exception();
        }
        Ok(object)
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, item: Value) -> Result {
        let (origin, args, starred) = (this.get(py).origin, this.get(py).args, this.get(py).starred);
        let parameters = GenericAlias::parameters(this, py)?;
        let args = substitute(py, this.into(), args, parameters, item)?;
        Ok(py.alloc(GenericAlias { header: Header::EMPTY, origin, args, parameters: None, starred }).into())
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        let text = name.get(py).lossy();
        let blocked = BLOCKED.contains(&text.as_str());
        if !blocked && !OWN.contains(&text.as_str()) {
            let origin = this.get(py).origin;
            return py.get_attr(origin, name);
        }
        crate::object::object_getattribute(py, this.into(), name)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        py.union_or(left, right)
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Value {
        py.alloc(GenericAliasIterator { header: Header::EMPTY, alias: Some(this) }).into()
    }

    #[signature(self, object, /)]
    fn __mro_entries__(this: Gc<Self>, py: &mut Py, _object: Value) -> Gc<Tuple> {
        let origin = this.get(py).origin;
        py.new_tuple(&[origin])
    }

    #[signature(self, object, /)]
    fn __instancecheck__(_this: Gc<Self>, py: &mut Py, _object: Value) -> Result {
        raise!(py, TypeError, "isinstance() argument 2 cannot be a parameterized generic")
    }

    #[signature(self, object, /)]
    fn __subclasscheck__(_this: Gc<Self>, py: &mut Py, _object: Value) -> Result {
        raise!(py, TypeError, "issubclass() argument 2 cannot be a parameterized generic")
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (origin, args, starred) = (this.get(py).origin, this.get(py).args, this.get(py).starred);
        if starred {
            let plain = py.alloc(GenericAlias { header: Header::EMPTY, origin, args, parameters: None, starred: false });
            let iterator = py.iter(plain.into())?;
            let next = py.builtin("next")?;
            let inner = py.new_tuple(&[iterator]);
            return Ok(py.new_tuple(&[next, inner.into()]).into());
        }
        let class = py.types.generic_alias.into();
        let inner = py.new_tuple(&[origin, args.into()]);
        Ok(py.new_tuple(&[class, inner.into()]).into())
    }

    fn __dir__(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let origin = this.get(py).origin;
        let name = py.names.__dir__;
        let names = match py.call_special(origin, name, &[])? {
            Some(names) => py.list_from_iterable(names)?,
            None => py.new_list(&[])?,
        };
        for own in OWN {
            let class = py.types.generic_alias;
            let name = py.intern(own);
            let known = py.contains(names.into(), name.into())?;
            if !known && py.type_lookup(class, name).is_some() {
                py.list_push(names, name.into())?;
            }
        }
        Ok(names)
    }

    #[getter("__origin__")]
    fn origin(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).origin
    }

    #[getter("__args__")]
    fn args(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).args
    }

    #[getter("__unpacked__")]
    fn unpacked(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).starred
    }

    /// Type variables in the GenericAlias.
    #[getter("__parameters__")]
    fn parameters(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        if let Some(parameters) = this.get(py).parameters {
            return Ok(parameters);
        }
        let args = this.get(py).args;
        let parameters = collect_parameters(py, args)?;
        this.get_mut(py).parameters = Some(parameters);
        Ok(parameters)
    }

    #[getter("__typing_unpacked_tuple_args__")]
    fn unpacked_tuple_args(this: Gc<Self>, py: &mut Py) -> Option<Gc<Tuple>> {
        let this = this.get(py);
        (this.starred && this.origin == py.types.tuple.into()).then_some(this.args)
    }
}

/// Gives the alias once, starred: `*list[int]`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "generic_alias_iterator", core, flags(DISALLOW_INSTANTIATION))]
pub struct GenericAliasIterator {
    pub(crate) header: Header,
    pub(crate) alias: Option<Gc<GenericAlias>>,
}

#[pymethods]
impl GenericAliasIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let alias = this.get_mut(py).alias.take()?;
        let (origin, args) = (alias.get(py).origin, alias.get(py).args);
        Some(py.alloc(GenericAlias { header: Header::EMPTY, origin, args, parameters: None, starred: true }).into())
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let iter = py.builtin("iter")?;
        let of: Value = match this.get(py).alias {
            Some(alias) => alias.into(),
            None => py.constants.empty_tuple.into(),
        };
        let args = py.new_tuple(&[of]);
        Ok(py.new_tuple(&[iter, args.into()]).into())
    }
}

fn list_repr(py: &mut Py, list: Gc<List>) -> Result<String> {
    let mut parts = Vec::new();
    for index in 0..list.get(py).len() {
        let Some(item) = list.get(py).items().get(index).copied() else { raise!(py, IndexError, "list index out of range") };
        parts.push(py.type_repr(item)?);
    }
    Ok(format!("[{}]", parts.join(", ")))
}

/// The type variables in a tuple of arguments, each once, in order of appearance; `__parameters__` of generic arguments count.
pub(crate) fn collect_parameters(py: &mut Py, args: Gc<Tuple>) -> Result<Gc<Tuple>> {
    py.enter_native(" while collecting type parameters")?;
    let mut found = RootVec::new(&mut py.heap);
    for index in 0..args.get(py).len() {
        let arg = args.get(py).items()[index];
        if Gc::<Class>::cast(py, arg).is_some() {
            continue;
        }
        let subst = py.names.__typing_subst__;
        if py.lookup_attr(arg, subst)?.is_some() {
            add_once(py, &mut found, arg)?;
            continue;
        }
        let nested = match Gc::<Tuple>::cast(py, arg) {
            Some(tuple) => Some(collect_parameters(py, tuple)?),
            None => match Gc::<List>::cast(py, arg) {
                Some(list) => {
                    let tuple = py.tuple_from_iterable(list.into())?;
                    Some(collect_parameters(py, tuple)?)
                }
                None => {
                    let name = py.names.__parameters__;
                    py.lookup_attr(arg, name)?.and_then(|nested| Gc::<Tuple>::cast(py, nested))
                }
            },
        };
        if let Some(nested) = nested {
            for index in 0..nested.get(py).len() {
                let parameter = nested.get(py).items()[index];
                add_once(py, &mut found, parameter)?;
            }
        }
    }
    Ok(py.new_tuple(&found))
}

fn add_once(py: &mut Py, found: &mut RootVec, value: Value) -> Result<()> {
    if !found.contains(&value) {
        found.push(value);
    }
    let _ = py;
    Ok(())
}

/// The arguments of an alias or union with `item` in place of its parameters. Counterpart: `_Py_subs_parameters`.
pub(crate) fn substitute(py: &mut Py, of: Value, args: Gc<Tuple>, parameters: Gc<Tuple>, item: Value) -> Result<Gc<Tuple>> {
    py.enter_native(" while substituting type parameters")?;
    let count = parameters.get(py).len();
    if count == 0 {
        let text = py.repr_text(of)?;
        raise!(py, TypeError, "{text} is not a generic class");
    }
    let mut item = unpack_args(py, item)?;
    for index in 0..count {
        let parameter = parameters.get(py).items()[index];
        let name = py.names.__typing_prepare_subst__;
        if let Some(prepare) = py.lookup_attr(parameter, name)?
            && !prepare.is_none()
        {
            let prepared = py.call(prepare, &[of, item.into()])?;
            item = py.as_tuple(prepared);
        }
    }
    let given = item.get(py).len();
    if given != count {
        let text = py.repr_text(of)?;
        if given > count {
            raise!(py, TypeError, "Too many arguments for {text}; actual {given}, expected {count}");
        }
        raise!(py, TypeError, "Too few arguments for {text}; actual {given}, expected {count}");
    }
    let values = substitute_all(py, args, parameters, item)?;
    Ok(py.new_tuple(&values))
}

fn substitute_all(py: &mut Py, args: Gc<Tuple>, parameters: Gc<Tuple>, item: Gc<Tuple>) -> Result<RootVec> {
    py.enter_native(" while substituting type parameters")?;
    let mut values = RootVec::new(&mut py.heap);
    for index in 0..args.get(py).len() {
        let arg = args.get(py).items()[index];
        if Gc::<Class>::cast(py, arg).is_some() {
            values.push(arg);
            continue;
        }
        if let Some(list) = Gc::<List>::cast(py, arg) {
            let inner = py.tuple_from_iterable(list.into())?;
            let inner = substitute_all(py, inner, parameters, item)?;
            values.push(py.new_list(&inner)?.into());
            continue;
        }
        if let Some(inner) = Gc::<Tuple>::cast(py, arg) {
            let inner = substitute_all(py, inner, parameters, item)?;
            values.push(py.new_tuple(&inner).into());
            continue;
        }
        let unpack = is_unpacked_variadic(py, arg)?;
        let subst = py.names.__typing_subst__;
        let replaced = match py.lookup_attr(arg, subst)? {
            Some(subst) if !subst.is_none() => {
                let position = parameters.get(py).items().iter().position(|p| *p == arg);
                let position = position.expect("arguments with __typing_subst__ are parameters");
                let value = item.get(py).items()[position];
                py.call(subst, &[value])?
            }
            _ => substitute_nested(py, arg, parameters, item)?,
        };
        match Gc::<Tuple>::cast(py, replaced) {
            Some(tuple) if unpack => values.extend_from_slice(tuple.get(py).items()),
            None if unpack => {
                let (kind, text) = (py.class_name(replaced), py.repr_text(arg)?);
                raise!(py, TypeError, "expected __typing_subst__ of {text} objects to return a tuple, not {kind}");
            }
            _ => values.push(replaced),
        }
    }
    Ok(values)
}

/// An argument that is itself generic, subscripted with what stands for its own parameters.
fn substitute_nested(py: &mut Py, arg: Value, parameters: Gc<Tuple>, item: Gc<Tuple>) -> Result {
    let name = py.names.__parameters__;
    let nested = py.lookup_attr(arg, name)?.and_then(|nested| Gc::<Tuple>::cast(py, nested));
    let Some(nested) = nested.filter(|nested| !nested.get(py).is_empty()) else { return Ok(arg) };
    let mut inner = RootVec::new(&mut py.heap);
    for index in 0..nested.get(py).len() {
        let parameter = nested.get(py).items()[index];
        let position = parameters.get(py).items().iter().position(|p| *p == parameter);
        let Some(position) = position else {
            inner.push(parameter);
            continue;
        };
        let value = item.get(py).items()[position];
        let class = py.class_of(parameter);
        let iterates = class.get(py).slots.iter.is_some();
        match Gc::<Tuple>::cast(py, value) {
            Some(tuple) if iterates => inner.extend_from_slice(tuple.get(py).items()),
            _ => inner.push(value),
        }
    }
    let key = py.new_tuple(&inner);
    py.get_item(arg, key.into())
}

fn is_unpacked_variadic(py: &mut Py, arg: Value) -> Result<bool> {
    if Gc::<Class>::cast(py, arg).is_some() {
        return Ok(false);
    }
    let name = py.names.__typing_is_unpacked_typevartuple__;
    match py.lookup_attr(arg, name)? {
        Some(answer) => py.truth(answer),
        None => Ok(false),
    }
}

/// The items of a subscript, with `*tuple[int, str]` spread.
fn unpack_args(py: &mut Py, item: Value) -> Result<Gc<Tuple>> {
    let items = py.as_tuple(item);
    let mut values = RootVec::new(&mut py.heap);
    for index in 0..items.get(py).len() {
        let arg = items.get(py).items()[index];
        let name = py.names.__typing_unpacked_tuple_args__;
        let spread = if Gc::<Class>::cast(py, arg).is_some() { None } else { py.lookup_attr(arg, name)? };
        match spread.and_then(|spread| Gc::<Tuple>::cast(py, spread)) {
            Some(spread) if spread.get(py).items().last() != Some(&Value::ELLIPSIS) => values.extend_from_slice(spread.get(py).items()),
            _ => values.push(arg),
        }
    }
    Ok(py.new_tuple(&values))
}

impl Py {
    /// `types.GenericAlias(origin, args)`.
    pub fn new_generic_alias(&mut self, origin: Value, args: Value) -> Result {
        let args = self.as_tuple(args);
        Ok(self.alloc(GenericAlias { header: Header::EMPTY, origin, args, parameters: None, starred: false }).into())
    }

    /// A tuple as it is, anything else as the only item of one.
    pub(crate) fn as_tuple(&mut self, value: Value) -> Gc<Tuple> {
        Gc::<Tuple>::cast(self, value).unwrap_or_else(|| self.new_tuple(&[value]))
    }
}
