//! Template strings: `string.templatelib.Template` and `Interpolation`, the values of `t"..."`.
//!
//! Counterparts: `Objects/templateobject.c`, `Objects/interpolationobject.c`.

use crate::native::Args;
use crate::object::{Class, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Template object
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Template", module = "string.templatelib", core)]
pub struct Template {
    pub(crate) header: Header,
    /// One more than interpolations.
    pub(crate) strings: Gc<Tuple>,
    pub(crate) interpolations: Gc<Tuple>,
}

#[pymethods]
impl Template {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "Template.__new__ only accepts *args arguments");
        }
        let mut strings = RootVec::new(&mut py.heap);
        let mut interpolations = RootVec::new(&mut py.heap);
        let mut last: Option<Gc<Str>> = None;
        for arg in args.positional() {
            if let Some(text) = Gc::<Str>::cast(py, *arg) {
                last = Some(match last {
                    Some(before) => joined(py, before, text)?,
                    None => text,
                });
            } else if Gc::<Interpolation>::cast(py, *arg).is_some() {
                let text = last.take().unwrap_or(py.constants.empty_str);
                strings.push(text.into());
                interpolations.push(*arg);
            } else {
                let given = py.class_name(*arg);
                raise!(py, TypeError, "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {given}");
            }
        }
        let text = last.unwrap_or(py.constants.empty_str);
        strings.push(text.into());
        let (strings, interpolations) = (py.new_tuple(&strings), py.new_tuple(&interpolations));
        Ok(py.alloc(Template { header: Header::EMPTY, strings, interpolations }).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (strings, interpolations) = (this.get(py).strings, this.get(py).interpolations);
        let (strings, interpolations) = (py.repr_text(strings.into())?, py.repr_text(interpolations.into())?);
        Ok(format!("Template(strings={strings}, interpolations={interpolations})"))
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else {
            let given = py.class_name(other);
            raise!(py, TypeError, "can only concatenate string.templatelib.Template (not \"{given}\") to string.templatelib.Template");
        };
        let (a, b) = (this.get(py).strings, other.get(py).strings);
        let (last, first) = (a.get(py).items()[a.get(py).len() - 1], b.get(py).items()[0]);
        let middle = joined(py, Gc::known(py, last), Gc::known(py, first))?;
        let mut strings = RootVec::new(&mut py.heap);
        strings.extend_from_slice(&a.get(py).items()[..a.get(py).len() - 1]);
        strings.push(middle.into());
        strings.extend_from_slice(&b.get(py).items()[1..]);
        let (a, b) = (this.get(py).interpolations, other.get(py).interpolations);
        let mut interpolations = RootVec::new(&mut py.heap);
        interpolations.extend_from_slice(a.get(py).items());
        interpolations.extend_from_slice(b.get(py).items());
        let (strings, interpolations) = (py.new_tuple(&strings), py.new_tuple(&interpolations));
        Ok(py.alloc(Template { header: Header::EMPTY, strings, interpolations }).into())
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Value {
        py.alloc(TemplateIter { header: Header::EMPTY, template: this, index: 0 }).into()
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let module = py.import_module("string.templatelib")?;
        let unpickle = py.get_attr_named(module, "_template_unpickle")?;
        let (strings, interpolations) = (this.get(py).strings, this.get(py).interpolations);
        let args = py.new_tuple(&[strings.into(), interpolations.into()]);
        Ok(py.new_tuple(&[unpickle, args.into()]).into())
    }

    /// Template supports [] for generic usage
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// Strings
    #[getter]
    fn strings(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).strings
    }

    /// Interpolations
    #[getter]
    fn interpolations(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).interpolations
    }

    /// Values of interpolations
    #[getter]
    fn values(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        let interpolations = this.get(py).interpolations;
        let mut values = RootVec::new(&mut py.heap);
        for item in interpolations.get(py).items() {
            values.push(Gc::<Interpolation>::known(py, *item).get(py).value);
        }
        py.new_tuple(&values)
    }
}

fn joined(py: &mut Py, a: Gc<Str>, b: Gc<Str>) -> Result<Gc<Str>> {
    match py.concat_str(a, b) {
        Ok(text) => Ok(text),
        Err(_) => Err(py.no_memory()),
    }
}

/// Template iterator object
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TemplateIter", module = "string.templatelib", core, flags(DISALLOW_INSTANTIATION))]
pub struct TemplateIter {
    pub(crate) header: Header,
    pub(crate) template: Gc<Template>,
    /// Even: a string is next; odd: an interpolation.
    pub(crate) index: usize,
}

#[pymethods]
impl TemplateIter {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let template = this.get(py).template;
        loop {
            let index = this.get(py).index;
            this.get_mut(py).index = index + 1;
            if index % 2 == 1 {
                return template.get(py).interpolations.get(py).items().get(index / 2).copied();
            }
            let text = template.get(py).strings.get(py).items().get(index / 2).copied()?;
            if Gc::<Str>::known(py, text).get(py).byte_len() > 0 {
                return Some(text);
            }
        }
    }
}

/// Interpolation object
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Interpolation", module = "string.templatelib", core)]
pub struct Interpolation {
    pub(crate) header: Header,
    pub(crate) value: Value,
    pub(crate) expression: Value,
    pub(crate) conversion: Value,
    pub(crate) format_spec: Value,
}

#[pymethods]
impl Interpolation {
    #[signature(value, expression="", conversion=None, format_spec="")]
    fn __new__(_cls: Gc<Class>, py: &mut Py, value: Value, expression: Gc<Str>, conversion: Option<Value>, format_spec: Gc<Str>) -> Result {
        if let Some(conversion) = conversion {
            let Some(text) = Gc::<Str>::cast(py, conversion) else {
                let given = py.class_name(conversion);
                raise!(py, TypeError, "Interpolation() argument 'conversion' must be str, not {given}");
            };
            if !matches!(text.get(py).bytes(), b"s" | b"a" | b"r") {
                raise!(py, ValueError, "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
            }
        }
        let payload = Interpolation {
            header: Header::EMPTY,
            value,
            expression: expression.into(),
            conversion: conversion.unwrap_or(Value::NONE),
            format_spec: format_spec.into(),
        };
        Ok(py.alloc(payload).into())
    }

    const __match_args__: (&str, &str, &str, &str) = ("value", "expression", "conversion", "format_spec");

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let fields = Interpolation::fields(this, py);
        let mut parts = Vec::new();
        for field in fields {
            parts.push(py.repr_text(field)?);
        }
        Ok(format!("Interpolation({})", parts.join(", ")))
    }

    /// __reduce__() -> (cls, state)
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        let fields = Interpolation::fields(this, py);
        let (class, state) = (py.class_of(this.into()), py.new_tuple(&fields));
        py.new_tuple(&[class.into(), state.into()])
    }

    /// Interpolations are generic over the types of their values
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// Value
    #[getter]
    fn value(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).value
    }

    /// Expression
    #[getter]
    fn expression(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).expression
    }

    /// Conversion
    #[getter]
    fn conversion(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).conversion
    }

    /// Format specifier
    #[getter]
    fn format_spec(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).format_spec
    }

    #[rust]
    fn fields(this: Gc<Self>, py: &Py) -> [Value; 4] {
        let this = this.get(py);
        [this.value, this.expression, this.conversion, this.format_spec]
    }
}

impl Py {
    /// BUILD_TEMPLATE
    pub(crate) fn new_template(&mut self, strings: Value, interpolations: Value) -> Result {
        let (Some(strings), Some(interpolations)) = (Gc::<Tuple>::cast(self, strings), Gc::<Tuple>::cast(self, interpolations)) else {
            raise!(self, SystemError, "templates are made of tuples");
        };
        Ok(self.alloc(Template { header: Header::EMPTY, strings, interpolations }).into())
    }

    /// BUILD_INTERPOLATION: the conversion is 0 for none, else as in FORMAT_VALUE.
    pub(crate) fn new_interpolation(&mut self, value: Value, text: Value, conversion: u32, spec: Option<Value>) -> Result {
        let conversion = match conversion {
            0 => Value::NONE,
            1 => self.intern("s").into(),
            2 => self.intern("r").into(),
            _ => self.intern("a").into(),
        };
        let format_spec = spec.unwrap_or(self.constants.empty_str.into());
        Ok(self.alloc(Interpolation { header: Header::EMPTY, value, expression: text, conversion, format_spec }).into())
    }
}
