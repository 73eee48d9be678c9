//! Code objects made from Python: `types.CodeType(...)` and `code.replace(...)`.

use super::Code;
use crate::native::Args;
use crate::object::{Str, Tuple};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_code::{CodeObject, flag, local_kind};
use bredli_heap::{Gc, Value};
use bredli_text::Wtf8Buf;

/// The arguments of the constructor in their order.
const NAMES: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

/// What a code object is made of, as Python gives it.
pub(super) struct Fields {
    portable: CodeObject,
    locals: usize,
    consts: Gc<Tuple>,
    variables: [Vec<Wtf8Buf>; 3],
}

/// `code.replace(**changes)`
pub(super) fn with_changes(py: &mut Py, code: Gc<Code>, args: Args, function: &str) -> Result {
    if !args.positional().is_empty() {
        raise!(py, TypeError, "{function}() takes no positional arguments");
    }
    let consts = py.code_values(code)?.consts;
    let this = code.get(py);
    let (portable, consts) = ((*this.code).clone(), consts);
    let own = |kind: u8| {
        let all = portable.localsplusnames.iter().zip(&*portable.localspluskinds);
        all.filter(|(_, kinds)| **kinds & kind != 0).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let variables = [own(local_kind::LOCAL), own(local_kind::FREE), own(local_kind::CELL)];
    let locals = variables[0].len();
    let mut fields = Fields { portable, locals, consts, variables };
    let mut kinds_changed = false;
    for index in 0..args.keyword_count() {
        let (name, value) = args.keyword(py, index);
        let name = name.get(py).lossy();
        let Some(position) = NAMES.iter().position(|known| *known == name) else {
            raise!(py, TypeError, "{function}() got an unexpected keyword argument '{name}'");
        };
        kinds_changed |= matches!(position, 0..=3 | 5 | 9 | 16 | 17);
        fields.set(py, position, value, function)?;
    }
    fields.finish(py, kinds_changed)
}

impl Fields {
    /// `types.CodeType(*args)`
    pub(super) fn from_arguments(py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "code() takes no keyword arguments");
        }
        let count = args.len();
        if count < 16 {
            raise!(py, TypeError, "code expected at least 16 arguments, got {count}");
        }
        if count > 18 {
            raise!(py, TypeError, "code expected at most 18 arguments, got {count}");
        }
        let consts = py.constants.empty_tuple;
        let mut fields = Fields { portable: CodeObject::default(), locals: 0, consts, variables: Default::default() };
        for (position, value) in args.positional().iter().enumerate() {
            fields.set(py, position, *value, "code")?;
        }
        fields.finish(py, true)
    }

    fn set(&mut self, py: &mut Py, position: usize, value: Value, function: &str) -> Result<()> {
        let name = if function == "code" { format!("{}", position + 1) } else { format!("'{}'", NAMES[position]) };
        let wrong = |py: &mut Py, expected: &str| {
            let given = py.class_name(value);
            crate::error!(py, TypeError, "{function}() argument {name} must be {expected}, not {given}")
        };
        let code = &mut self.portable;
        match position {
            0..=5 | 13 => {
                let number = py.to_isize(value)?;
                let Ok(number) = i32::try_from(number) else {
                    raise!(py, OverflowError, "Python int too large to convert to C int");
                };
                if number < 0 {
                    raise!(py, ValueError, "{} must be a positive integer", NAMES[position]);
                }
                match position {
                    0 => code.argcount = number as u32,
                    1 => code.posonlyargcount = number as u32,
                    2 => code.kwonlyargcount = number as u32,
                    3 => self.locals = number as usize,
                    4 => code.stacksize = number as u32,
                    5 => code.flags = number as u32,
                    _ => code.firstlineno = number,
                }
            }
            6 | 14 | 15 => {
                let Some(bytes) = Gc::<Bytes>::cast(py, value) else { return Err(wrong(py, "bytes")) };
                let bytes = bytes.get(py).data().to_vec().into();
                match position {
                    6 => code.code = bytes,
                    14 => code.linetable = bytes,
                    _ => code.exceptiontable = bytes,
                }
            }
            10..=12 => {
                let Some(text) = Gc::<Str>::cast(py, value) else { return Err(wrong(py, "str")) };
                let text = text_of(py, text);
                match position {
                    10 => code.filename = text,
                    11 => code.name = text,
                    _ => code.qualname = text,
                }
            }
            7 => match Gc::<Tuple>::cast(py, value) {
                Some(consts) => self.consts = consts,
                None => return Err(wrong(py, "tuple")),
            },
            _ => {
                let Some(names) = Gc::<Tuple>::cast(py, value) else { return Err(wrong(py, "tuple")) };
                let mut texts = Vec::new();
                for index in 0..names.get(py).len() {
                    let item = names.get(py).items()[index];
                    let Some(text) = Gc::<Str>::cast(py, item) else { raise!(py, SystemError, "non-string found in code slot") };
                    texts.push(text_of(py, text));
                }
                match position {
                    8 => code.names = texts.into(),
                    9 => {
                        self.variables[0] = texts;
                    }
                    16 => self.variables[1] = texts,
                    _ => self.variables[2] = texts,
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, py: &mut Py, kinds_changed: bool) -> Result {
        if !self.portable.code.len().is_multiple_of(2) {
            raise!(py, ValueError, "code: co_code is malformed");
        }
        if kinds_changed {
            self.lay_out_variables(py)?;
        }
        Ok(py.new_code_with_consts(self.portable, self.consts)?.into())
    }

    /// Names and kinds of the frame's variables, as the compiler lays them out: locals, cells that are no locals, free variables.
    fn lay_out_variables(&mut self, py: &mut Py) -> Result<()> {
        let [locals, free, cells] = &self.variables;
        let code = &mut self.portable;
        if code.posonlyargcount > code.argcount {
            raise!(py, ValueError, "code: co_posonlyargcount > co_argcount");
        }
        if self.locals != locals.len() {
            let total = code.parameter_count();
            if locals.len() < total {
                raise!(py, ValueError, "code: co_varnames is too small");
            }
            raise!(py, ValueError, "code: co_nlocals != len(co_varnames)");
        }
        if locals.len() < code.parameter_count() {
            raise!(py, ValueError, "code: co_varnames is too small");
        }
        let positional_only = code.posonlyargcount as usize;
        let positional = code.argcount as usize;
        let keyword_only = positional + code.kwonlyargcount as usize;
        let variadic = code.parameter_count();
        let star = code.flags & flag::VARARGS != 0;
        let mut names = Vec::new();
        let mut kinds = Vec::new();
        for (index, name) in locals.iter().enumerate() {
            let parameter = if index < positional_only {
                local_kind::ARG_POSITIONAL
            } else if index < positional {
                local_kind::ARG_POSITIONAL | local_kind::ARG_KEYWORD
            } else if index < keyword_only {
                local_kind::ARG_KEYWORD
            } else if index < variadic && index == keyword_only && star {
                local_kind::ARG_VARIADIC | local_kind::ARG_POSITIONAL
            } else if index < variadic {
                local_kind::ARG_VARIADIC | local_kind::ARG_KEYWORD
            } else {
                0
            };
            let cell = if cells.contains(name) { local_kind::CELL } else { 0 };
            names.push(name.clone());
            kinds.push(parameter | local_kind::LOCAL | cell);
        }
        for name in cells.iter().filter(|name| !locals.contains(name)) {
            names.push(name.clone());
            kinds.push(local_kind::CELL);
        }
        for name in free {
            names.push(name.clone());
            kinds.push(local_kind::FREE);
        }
        code.localsplusnames = names.into();
        code.localspluskinds = kinds.into();
        Ok(())
    }
}

fn text_of(py: &Py, text: Gc<Str>) -> Wtf8Buf {
    Wtf8Buf::from_bytes(text.get(py).bytes().to_vec()).unwrap_or_default()
}
