//! The macros, on a class and a module that use every form of declaration.

use super::*;
use crate::object::{Class, CompareOp, Str};
use crate::types::Module;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods, pymodule};

/// A sequence.
///
/// With two parts.
#[pyclass(name = "Sample", module = "samples", flags(BASETYPE, SEQUENCE), parts(more))]
#[repr(C)]
#[derive(Trace)]
pub struct Sample {
    header: Header,
    items: HeapVec<Value>,
    owned: String,
}

/// A class without methods.
#[pyclass(base = Sample, layout = Sample)]
pub struct Derived;

#[pymethods]
impl Sample {
    const LIMIT: i64 = 10;

    #[signature(iterable=(), /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, _iterable: Value) -> Result<Value> {
        let _ = (cls, py);
        Ok(Value::NONE)
    }

    fn __init__(_this: Gc<Self>, _py: &mut Py, _args: Args) -> Result<()> {
        Ok(())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).items.len()
    }

    fn __getitem__(_this: Gc<Self>, _py: &mut Py, key: Value) -> Result<Value> {
        Ok(key)
    }

    fn __setitem__(_this: Gc<Self>, _py: &mut Py, _key: isize, _value: Value) -> Result<()> {
        Ok(())
    }

    fn __delitem__(_this: Gc<Self>, _py: &mut Py, _key: Value) {}

    fn __add__(this: Gc<Self>, _py: &mut Py, _other: Value) -> Gc<Self> {
        this
    }

    fn __mul__(this: Gc<Self>, _py: &mut Py, _count: isize) -> Gc<Self> {
        this
    }

    fn __sub__(_py: &mut Py, left: Value, _right: Value) -> Result<Value> {
        Ok(left)
    }

    fn __richcompare__(this: Gc<Self>, _py: &mut Py, other: Value, op: CompareOp) -> bool {
        op == CompareOp::Eq && Value::from(this) == other
    }

    fn __next__(_this: Gc<Self>, _py: &mut Py) -> Result<Option<Value>> {
        Ok(None)
    }

    /// Append object.
    #[signature(self, object, /)]
    fn append(_this: Gc<Self>, _py: &mut Py, _object: Value) -> Result<()> {
        Ok(())
    }

    #[signature(self, index=-1, /)]
    fn pop(_this: Gc<Self>, _py: &mut Py, index: isize) -> isize {
        index
    }

    #[signature(self, /, *, key=None, reverse=False)]
    fn sort(_this: Gc<Self>, _py: &mut Py, key: Option<Value>, reverse: bool) -> (Option<Value>, bool) {
        (key, reverse)
    }

    fn clear(_this: Gc<Self>, _py: &mut Py) {}

    #[signature(type, iterable, value=None, /)]
    fn fromkeys(cls: Gc<Class>, _py: &mut Py, _iterable: Value, _value: Value) -> Gc<Class> {
        cls
    }

    #[staticmethod]
    fn maketrans(_py: &mut Py, x: Value, y: Option<Value>) -> (Value, Option<Value>) {
        (x, y)
    }

    #[raw]
    #[signature(self, /, *args, **kwargs)]
    fn format(_this: Gc<Self>, _py: &mut Py, args: Args) -> usize {
        args.len()
    }

    fn __reduce__(this: Gc<Self>, _py: &mut Py) -> Gc<Self> {
        this
    }

    fn helper(&self) -> usize {
        self.owned.len()
    }
}

#[pymethods(part = "more")]
impl Sample {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        format!("{}", this.get(py).helper())
    }

    /// The size.
    #[getter]
    fn size(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).items.len()
    }

    #[setter]
    fn set_size(_this: Gc<Self>, _py: &mut Py, _value: isize) -> Result<()> {
        Ok(())
    }

    #[getter("name", "__name__")]
    fn get_name(_this: Gc<Self>, _py: &mut Py) -> &'static str {
        "name"
    }

    #[pyname("union", "update")]
    #[signature(self, /, *others)]
    fn union(_this: Gc<Self>, _py: &mut Py, others: &[Value]) -> usize {
        others.len()
    }

    fn __format__(_this: Gc<Self>, _py: &mut Py, spec: Gc<Str>) -> Gc<Str> {
        spec
    }
}

/// A class whose instances have no layout of their own.
#[pyclass(name = "number", layout = Sample)]
pub struct Number;

#[pymethods]
impl Number {
    #[signature(x=0, /)]
    fn __init__(_this: Value, _py: &mut Py, _x: f64) {}

    #[signature(self, /, flag=True)]
    fn __call__(_this: Value, _py: &mut Py, flag: bool) -> bool {
        flag
    }

    #[no_text_signature]
    fn bit_length(this: Value, py: &mut Py, mode: Option<i32>) -> Result<Option<i64>> {
        let _ = (this, py, Self::double(2));
        Ok(mode.map(i64::from))
    }

    #[rust]
    fn double(x: i64) -> i64 {
        2 * x
    }

    fn __or__(this: Gc<Sample>, _py: &mut Py, _other: Value) -> Gc<Sample> {
        this
    }

    fn __pow__(_py: &mut Py, base: Value, _exponent: Value, _modulus: Value) -> Value {
        base
    }

    fn __ipow__(this: Value, _py: &mut Py, _exponent: Value, _modulus: Value) -> Value {
        this
    }

    fn __hash__(_this: Value) -> i64 {
        -1
    }

    fn __setattr__(_this: Value, _py: &mut Py, _name: Gc<Str>, _value: Option<Value>) -> Result<()> {
        Ok(())
    }

    fn __get__(this: Value, _py: &mut Py, _object: Option<Value>, _class: Option<Value>) -> Value {
        this
    }

    fn __set__(_this: Value, _py: &mut Py, _object: Value, _value: Value) -> Result<()> {
        Ok(())
    }

    fn __buffer__(this: Value, _py: &mut Py, _flags: u32) -> Value {
        this
    }

    fn __contains__(_this: Value, _py: &mut Py, item: Value) -> bool {
        item.is_none()
    }

    #[getter]
    fn real(this: Value, _py: &mut Py) -> Value {
        this
    }

    #[setter]
    fn set_real(_this: Value, _py: &mut Py, _value: Option<Value>) {}

    #[setter]
    fn set_imag(_this: Value, _py: &mut Py, _value: f64) {}

    #[deleter]
    fn delete_imag(_this: Value, _py: &mut Py) -> Result<()> {
        Ok(())
    }
}

/// Functions.
#[pymodule(name = "_samples", classes(Sample, Derived))]
mod samples {
    use super::*;

    pub const pi: f64 = 3.5;
    const HIDDEN: i64 = 1;

    #[pyfunction]
    #[signature(x, /)]
    fn sqrt(x: f64) -> Result<f64> {
        Ok(x.sqrt() * HIDDEN as f64)
    }

    /// Close.
    #[pyfunction]
    #[signature(a, b, *, rel_tol=1e-09, name="x", default=<unrepresentable>)]
    fn isclose(_py: &mut Py, a: f64, b: f64, rel_tol: f64, name: String, default: Option<Value>) -> (bool, String, Option<Value>) {
        (a - b < rel_tol, name, default)
    }

    #[constant]
    fn version(py: &mut Py) -> Result<Value> {
        Ok(py.new_int(3))
    }

    fn exec(_py: &mut Py, _module: Gc<Module>) -> Result<()> {
        Ok(())
    }
}

fn method(name: &str) -> &'static FunctionDef {
    Sample::DEF.all_methods().find(|method| method.name == name).expect("declared")
}

#[test]
fn classes_are_described() {
    let def = Sample::DEF;
    assert_eq!((def.name, def.module, def.doc), ("Sample", "samples", "A sequence.\n\nWith two parts."));
    assert_eq!(def.text_signature, Some("(iterable=(), /)"));
    assert!(def.layout.drop.is_some());
    let derived = Derived::DEF;
    assert!(derived.base.is_some_and(|base| std::ptr::eq(base, def)));
    assert!(std::ptr::eq(derived.layout, def.layout));
    assert_ne!(derived.id(), def.id());
    assert_eq!(derived.id(), derived.id());
    assert_eq!(def.all_constants().map(|constant| constant.name).collect::<Vec<_>>(), ["LIMIT"]);
}

#[test]
fn slots_of_all_parts_are_filled() {
    let slots = &Sample::DEF.slots;
    assert!(slots.new.is_some() && slots.init.is_some() && slots.len.is_some() && slots.repr.is_some());
    assert!(slots.concat.is_some() && slots.repeat.is_some() && slots.add.is_none() && slots.multiply.is_none());
    assert!(slots.subtract.is_some() && slots.setitem.is_some() && slots.next.is_some() && slots.richcompare.is_some());
    assert!(slots.hash.is_none());
}

#[test]
fn methods_carry_their_signatures() {
    use FunctionKind::*;
    let names: Vec<_> = Sample::DEF.all_methods().map(|method| method.name).collect();
    assert_eq!(names, ["append", "pop", "sort", "clear", "fromkeys", "maketrans", "format", "__reduce__", "union", "update", "__format__"]);
    let described = |name: &str| (method(name).text_signature.unwrap_or("none"), method(name).kind, method(name).params.form);
    assert_eq!(described("append"), ("($self, object, /)", Method, Form::One));
    assert_eq!(described("pop"), ("($self, index=-1, /)", Method, Form::Positional));
    assert_eq!(described("sort"), ("($self, /, *, key=None, reverse=False)", Method, Form::Keywords));
    assert_eq!(described("clear"), ("($self, /)", Method, Form::NoArguments));
    assert_eq!(described("fromkeys"), ("($type, iterable, value=None, /)", ClassMethod, Form::Positional));
    assert_eq!(described("maketrans"), ("(x, y=<unrepresentable>, /)", StaticMethod, Form::Positional));
    assert_eq!(described("format"), ("($self, /, *args, **kwargs)", Method, Form::Raw));
    assert_eq!(described("update"), ("($self, /, *others)", Method, Form::Positional));
    assert_eq!(method("append").doc, "Append object.");
    assert_eq!(method("append").params.full_name(), "Sample.append");
}

#[test]
fn attributes_join_getters_and_setters() {
    let getsets: Vec<_> = Sample::DEF.all_getsets().map(|g| (g.name, g.doc, g.get.is_some(), g.set.is_some())).collect();
    assert_eq!(getsets, [("size", "The size.", true, true), ("name", "", true, false), ("__name__", "", true, false)]);
}

#[test]
fn classes_without_payload_are_described() {
    let slots = &Number::DEF.slots;
    assert!(slots.or.is_some() && slots.power.is_some() && slots.inplace_power.is_some() && slots.descr_set.is_some());
    assert_eq!(Number::DEF.text_signature, Some("(x=0, /)"));
    assert_eq!(Number::DEF.all_methods().map(|m| (m.name, m.text_signature)).collect::<Vec<_>>(), [("bit_length", None)]);
    let getsets: Vec<_> = Number::DEF.all_getsets().map(|g| (g.name, g.get.is_some(), g.set.is_some())).collect();
    assert_eq!(getsets, [("real", true, true), ("imag", false, true)]);
}

#[test]
fn modules_are_described() {
    let module = &samples::MODULE;
    assert_eq!((module.name, module.doc), ("_samples", "Functions."));
    let functions: Vec<_> = module.all_functions().map(|f| (f.params.full_name(), f.text_signature.unwrap_or("none"))).collect();
    assert_eq!(functions[0], ("_samples.sqrt".to_string(), "($module, x, /)"));
    assert_eq!(functions[1].1, "($module, /, a, b, *, rel_tol=1e-09, name='x', default=<unrepresentable>)");
    assert_eq!(module.all_constants().map(|constant| constant.name).collect::<Vec<_>>(), ["pi", "version"]);
    assert_eq!(module.all_classes().map(|class| class.name).collect::<Vec<_>>(), ["Sample", "Derived"]);
    assert!(module.parts[0].exec.is_some());
    let params = functions.len().min(1);
    assert_eq!(module.parts[0].functions[params].params.required, 2);
}
