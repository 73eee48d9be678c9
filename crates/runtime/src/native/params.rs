//! The static description of a native function's parameters.

use super::ClassDef;
use crate::{Py, Result};
use bredli_heap::Value;

/// What a function belongs to: decides how messages name it.
#[derive(Clone, Copy)]
pub enum Owner {
    /// A function of the module of that name.
    Module(&'static str),
    /// A method of the class.
    Class(&'static ClassDef),
}

/// How wrong arguments are reported: the calling conventions that CPython's Argument Clinic would choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// No parameters: `list.clear() takes no arguments (1 given)`.
    NoArguments,
    /// One required positional-only parameter: `len() takes exactly one argument (0 given)`.
    One,
    /// Positional-only parameters: `pop expected at most 1 argument, got 2`.
    Positional,
    /// Some parameters can be given by name: `pow() missing required argument 'exp' (pos 2)`.
    Keywords,
    /// `__new__` or `__init__` with positional-only parameters.
    Constructor,
    /// The function checks its arguments itself.
    Raw,
}

/// A default value that can be written in a signature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// No default: the argument must be given.
    Required,
    /// The function sees that the argument was not given.
    Omitted,
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A bytes object.
    Bytes(&'static [u8]),
    /// `()`
    EmptyTuple,
}

impl Literal {
    /// The default as a Python value.
    pub fn value(&self, py: &mut Py) -> Result<Value> {
        Ok(match *self {
            Literal::Required | Literal::Omitted | Literal::None => Value::NONE,
            Literal::Bool(value) => Value::bool(value),
            Literal::Int(value) => py.new_int(value),
            Literal::Float(value) => Value::float(value),
            Literal::Str(text) => py.intern(text).into(),
            Literal::Bytes(bytes) => py.new_bytes(bytes).into(),
            Literal::EmptyTuple => py.constants.empty_tuple.into(),
        })
    }
}

/// One parameter that an argument can be bound to (`*args` and `**kwargs` are not among them).
pub struct Param {
    /// The Python name.
    pub name: &'static str,
    /// The default.
    pub default: Literal,
}

/// The parameters of a native function.
pub struct Params {
    /// The function's name; empty for constructors, which are named after their class.
    pub name: &'static str,
    /// What the function belongs to.
    pub owner: Owner,
    /// The parameters: positional-only ones, positional ones, keyword-only ones.
    pub list: &'static [Param],
    /// How many are positional-only.
    pub positional_only: u16,
    /// How many can be given by position, positional-only ones included.
    pub positional: u16,
    /// How many of these must be given.
    pub required: u16,
    /// Whether further positional arguments are collected.
    pub rest: bool,
    /// How wrong arguments are reported.
    pub form: Form,
}

impl Params {
    /// For functions that check their arguments themselves and belong to no class or module.
    pub const RAW: Params = Params {
        name: "",
        owner: Owner::Module("builtins"),
        list: &[],
        positional_only: 0,
        positional: 0,
        required: 0,
        rest: false,
        form: Form::Raw,
    };

    /// For the operands of a special method or the value of an attribute.
    pub const fn of_slot(name: &'static str, class: &'static ClassDef) -> Self {
        Params { name, owner: Owner::Class(class), form: Form::One, ..Self::RAW }
    }

    /// Argument `index` of a call, for messages.
    #[inline(always)]
    pub const fn argument(&'static self, index: u16) -> Argument {
        Argument { params: self, index }
    }

    /// The name that most messages use: `append`.
    pub fn short_name(&self) -> &'static str {
        match self.owner {
            Owner::Class(class) if self.name.is_empty() => class.name,
            _ => self.name,
        }
    }

    /// The name with its class or module, as in `list.append`, `math.sqrt`, `len`.
    pub fn full_name(&self) -> String {
        match self.owner {
            Owner::Module("builtins") => self.name.to_string(),
            Owner::Module(module) => format!("{module}.{}", self.name),
            Owner::Class(class) if self.name.is_empty() => class.name.to_string(),
            Owner::Class(class) => format!("{}.{}", class.name, self.name),
        }
    }
}

/// One argument of a call, for messages about it.
#[derive(Clone, Copy)]
pub struct Argument {
    params: &'static Params,
    index: u16,
}

impl Argument {
    /// The function: `f` in `f() argument 1 must be str, not int`.
    pub fn function(&self) -> &'static str {
        self.params.short_name()
    }

    /// `argument`, `argument 2` or `argument 'name'`.
    pub fn describe(&self) -> String {
        match self.params.form {
            Form::One => "argument".to_string(),
            Form::Keywords if self.index >= self.params.positional_only => {
                format!("argument '{}'", self.params.list[self.index as usize].name)
            }
            _ => format!("argument {}", self.index + 1),
        }
    }
}
