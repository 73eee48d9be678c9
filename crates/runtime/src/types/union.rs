//! `typing.Union` (`types.UnionType`): `int | str`.
//!
//! Members are unique and in order of appearance; members that cannot be hashed are compared one by one. Counterpart: `Objects/unionobject.c`.

use crate::object::{Class, ClassFlags, CompareOp, Str, Tuple};
use crate::types::GenericAlias;
use crate::types::generic_alias::{collect_parameters, substitute};
use crate::types::typing::{ParamSpec, TypeVar};
use crate::{BinaryOp, Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Represent a union type
///
/// E.g. for int | str
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Union", module = "typing", core, flags(HAS_WEAKREF))]
pub struct Union {
    pub(crate) header: Header,
    pub(crate) args: Gc<Tuple>,
    pub(crate) parameters: Option<Gc<Tuple>>,
    /// How many members could not be hashed when it was made.
    unhashable: usize,
}

/// The members of a union that is being made, with their hashes.
struct Members {
    values: RootVec,
    /// None for the unhashable ones.
    hashes: Vec<Option<i64>>,
}

/// Whether values that are no types are refused (`|`) or handed to `typing._type_check` (`Union[...]`).
#[derive(Clone, Copy, PartialEq)]
enum Check {
    Unionable,
    TypeCheck,
}

#[pymethods]
impl Union {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        py.enter_native(" while getting the repr of an object")?;
        let args = this.get(py).args;
        let mut parts = Vec::new();
        for index in 0..args.get(py).len() {
            let arg = args.get(py).items()[index];
            parts.push(if arg == py.types.none.into() { "None".to_string() } else { py.type_repr(arg)? });
        }
        Ok(parts.join(" | "))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let args = this.get(py).args;
        let unhashable = this.get(py).unhashable;
        if unhashable > 0 {
            for index in 0..args.get(py).len() {
                let arg = args.get(py).items()[index];
                py.hash(arg)?;
            }
            let plural = if unhashable == 1 { "" } else { "s" };
            raise!(py, TypeError, "union contains {unhashable} unhashable element{plural}");
        }
        let mut sum = 0i64;
        for index in 0..args.get(py).len() {
            let arg = args.get(py).items()[index];
            sum = sum.wrapping_add(py.hash(arg)?.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64).rotate_left(17));
        }
        Ok(sum)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (a, b) = (this.get(py).args, other.get(py).args);
        let mut equal = a.get(py).len() == b.get(py).len();
        for index in 0..a.get(py).len() {
            if !equal {
                break;
            }
            let arg = a.get(py).items()[index];
            equal = contains_item(py, b, arg)?;
        }
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        py.union_or(left, right)
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, item: Value) -> Result {
        let (args, parameters) = (this.get(py).args, Union::parameters(this, py)?);
        let new_args = substitute(py, this.into(), args, parameters, item)?;
        let count = new_args.get(py).len();
        if count == 0 {
            return py.union_of(&[], Check::TypeCheck);
        }
        let mut result = new_args.get(py).items()[0];
        for index in 1..count {
            let arg = new_args.get(py).items()[index];
            result = py.binary(BinaryOp::Or, result, arg)?;
        }
        Ok(result)
    }

    #[signature(self, object, /)]
    fn __mro_entries__(this: Gc<Self>, py: &mut Py, _object: Value) -> Result {
        let text = py.repr_text(this.into())?;
        raise!(py, TypeError, "Cannot subclass {text}")
    }

    /// Create a union containing the given types
    #[signature(type, object, /)]
    fn __class_getitem__(_cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.union_from(object)
    }

    #[getter("__args__")]
    fn args(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).args
    }

    /// Type variables in the types.UnionType.
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

    /// Name of the type
    #[getter("__name__")]
    fn name(_this: Gc<Self>) -> &'static str {
        "Union"
    }

    /// Qualified name of the type
    #[getter("__qualname__")]
    fn qualname(_this: Gc<Self>) -> &'static str {
        "Union"
    }

    /// Always returns the type
    #[getter("__origin__")]
    fn origin(_this: Gc<Self>, py: &mut Py) -> Gc<Class> {
        py.types.union
    }
}

fn contains_item(py: &mut Py, tuple: Gc<Tuple>, item: Value) -> Result<bool> {
    for index in 0..tuple.get(py).len() {
        let candidate = tuple.get(py).items()[index];
        if py.eq(candidate, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Py {
    /// `left | right` where at least one is a type: NotImplemented where the other cannot be in a union.
    pub fn union_or(&mut self, left: Value, right: Value) -> Result {
        if !self.is_unionable(left) || !self.is_unionable(right) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        self.union_of(&[left, right], Check::Unionable)
    }

    /// `typing.Union[object]`: the members are the items of a tuple, or the object itself.
    pub fn union_from(&mut self, object: Value) -> Result {
        let items = match Gc::<Tuple>::cast(self, object) {
            Some(tuple) => self.collect_iterable(tuple.into())?,
            None => RootVec::from_slice(&mut self.heap, &[object]),
        };
        self.union_of(&items, Check::TypeCheck)
    }

    fn is_unionable(&self, value: Value) -> bool {
        value.is_none()
            || self.class_of(value).get(self).flags.contains(ClassFlags::TYPE)
            || Gc::<Union>::cast(self, value).is_some()
            || Gc::<GenericAlias>::cast(self, value).is_some()
            || self.is_type_alias(value)
    }

    fn union_of(&mut self, items: &[Value], check: Check) -> Result {
        let mut members = Members { values: RootVec::new(&mut self.heap), hashes: Vec::new() };
        for item in items {
            if let Some(union) = Gc::<Union>::cast(self, *item) {
                let args = union.get(self).args;
                for index in 0..args.get(self).len() {
                    let arg = args.get(self).items()[index];
                    self.add_member(&mut members, arg)?;
                }
                continue;
            }
            let member = if item.is_none() {
                self.types.none.into()
            } else if check == Check::TypeCheck {
                self.check_type(*item, "Union[arg, ...]: each arg must be a type.")?
            } else {
                *item
            };
            self.add_member(&mut members, member)?;
        }
        match members.values.len() {
            0 => raise!(self, TypeError, "Cannot take a Union of no types."),
            1 => Ok(members.values[0]),
            _ => {
                let args = self.new_tuple(&members.values);
                let unhashable = members.hashes.iter().filter(|hash| hash.is_none()).count();
                Ok(self.alloc(Union { header: Header::EMPTY, args, parameters: None, unhashable }).into())
            }
        }
    }

    /// Add a member that is not among the others: a hashable one is compared with those of the same hash.
    fn add_member(&mut self, members: &mut Members, member: Value) -> Result<()> {
        let hash = match self.hash(member) {
            Ok(hash) => Some(hash),
            Err(_) if self.exception_matches(self.exceptions.TypeError) => {
                self.clear_exception();
                None
            }
            Err(raised) => return Err(raised),
        };
        for index in 0..members.values.len() {
            if members.hashes[index] == hash && self.eq(members.values[index], member)? {
                return Ok(());
            }
        }
        members.values.push(member);
        members.hashes.push(hash);
        Ok(())
    }

    /// `typing._type_check(value, text)`; values that are plainly types need no import.
    pub(crate) fn check_type(&mut self, value: Value, text: &str) -> Result {
        if value.is_none() {
            return Ok(self.types.none.into());
        }
        if self.is_unionable(value) || Gc::<TypeVar>::cast(self, value).is_some() || Gc::<ParamSpec>::cast(self, value).is_some() {
            return Ok(value);
        }
        let typing = self.import_module("typing")?;
        let text = self.new_str(text);
        self.call_method_named(typing, "_type_check", &[value, text.into()])
    }

    /// The members of a union type as a tuple.
    pub(crate) fn union_members(&mut self, classes: Value) -> Option<Value> {
        Some(Gc::<Union>::cast(self, classes)?.get(self).args.into())
    }

    /// A type as it is shown inside a generic alias or union: its qualified name, `...`, or its repr.
    pub fn type_repr(&mut self, value: Value) -> Result<String> {
        if value == Value::ELLIPSIS {
            return Ok("...".to_string());
        }
        let (origin, args) = (self.names.__origin__, self.intern("__args__"));
        if self.lookup_attr(value, origin)?.is_some() && self.lookup_attr(value, args)?.is_some() {
            return self.repr_text(value);
        }
        let (qualname, module) = (self.names.__qualname__, self.names.__module__);
        let Some(qualname) = self.lookup_attr(value, qualname)? else { return self.repr_text(value) };
        let Some(module) = self.lookup_attr(value, module)?.filter(|module| !module.is_none()) else { return self.repr_text(value) };
        let qualname = self.str_text(qualname)?;
        match Gc::<Str>::cast(self, module).map(|module| module.get(self).lossy()) {
            Some(module) if module == "builtins" => Ok(qualname),
            _ => Ok(format!("{}.{qualname}", self.str_text(module)?)),
        }
    }
}
