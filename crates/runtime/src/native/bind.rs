//! Binding the arguments of a call to parameters, with the messages of CPython's Argument Clinic.
//!
//! Counterpart: `_PyArg_UnpackKeywords` and `_PyArg_CheckPositional` in `Python/getargs.c`.

use super::{Args, Form, Literal, Params};
use crate::{Py, Raised, Result, raise};
use bredli_heap::Value;

/// Binds the arguments to the `N` parameters; parameters that are not given stay empty.
#[inline(always)]
pub fn bind<const N: usize>(py: &mut Py, params: &'static Params, args: Args<'_>) -> Result<[Option<Value>; N]> {
    let mut bound = [None; N];
    let given = args.positional();
    let fits = given.len() >= params.required as usize && given.len() <= params.positional as usize;
    if fits && !args.has_keywords() && N == params.positional as usize {
        // By number, for so few that the compiler writes them out.
        for (index, slot) in bound.iter_mut().enumerate() {
            *slot = given.get(index).copied();
        }
        return Ok(bound);
    }
    bind_any(py, params, args, &mut bound)?;
    Ok(bound)
}

/// Like [`bind`], for functions with `*args`: also returns the positional arguments that are left.
#[inline(always)]
pub fn bind_rest<'a, const N: usize>(py: &mut Py, params: &'static Params, args: Args<'a>) -> Result<([Option<Value>; N], &'a [Value])> {
    let mut bound = [None; N];
    let given = args.positional();
    if given.len() >= params.required as usize && !args.has_keywords() && N == params.positional as usize {
        for (index, slot) in bound.iter_mut().enumerate() {
            *slot = given.get(index).copied();
        }
    } else {
        bind_any(py, params, args, &mut bound)?;
    }
    Ok((bound, &given[given.len().min(params.positional as usize)..]))
}

/// The error for required parameter `index` without an argument.
#[cold]
pub fn missing(py: &mut Py, params: &'static Params, index: usize) -> Raised {
    let (function, name) = (params.short_name(), params.list[index].name);
    crate::error!(py, TypeError, "{function}() missing required argument '{name}' (pos {})", index + 1)
}

fn bind_any(py: &mut Py, params: &'static Params, args: Args<'_>, bound: &mut [Option<Value>]) -> Result<()> {
    if params.form == Form::Keywords {
        return bind_keywords(py, params, args, bound);
    }
    let given = args.positional();
    let count = given.len();
    let too_many = count > params.positional as usize && !params.rest;
    if args.has_keywords() || too_many || count < params.required as usize {
        return Err(wrong_positional(py, params, args));
    }
    for (slot, value) in bound.iter_mut().zip(given) {
        *slot = Some(*value);
    }
    Ok(())
}

#[cold]
fn wrong_positional(py: &mut Py, params: &'static Params, args: Args<'_>) -> Raised {
    let (name, count) = (params.short_name(), args.positional().len());
    if args.has_keywords() {
        let name = params.full_name();
        return crate::error!(py, TypeError, "{name}() takes no keyword arguments");
    }
    let (least, most) = (params.required as usize, params.positional as usize);
    match params.form {
        Form::NoArguments => crate::error!(py, TypeError, "{}() takes no arguments ({count} given)", params.full_name()),
        Form::One => crate::error!(py, TypeError, "{}() takes exactly one argument ({count} given)", params.full_name()),
        Form::Constructor if most == 0 => crate::error!(py, TypeError, "{name}() takes no arguments"),
        _ => {
            let (bound, number) = match (count < least, least == most && !params.rest) {
                (_, true) => ("", least),
                (true, _) => ("at least ", least),
                (false, _) => ("at most ", most),
            };
            crate::error!(py, TypeError, "{name} expected {bound}{number} argument{}, got {count}", plural(number))
        }
    }
}

/// Binding where some parameters can be given by name.
fn bind_keywords(py: &mut Py, params: &'static Params, args: Args<'_>, bound: &mut [Option<Value>]) -> Result<()> {
    let name = params.short_name();
    let given = args.positional();
    let (positional_only, positional, total) = (params.positional_only as usize, params.positional as usize, params.list.len());
    let taken = if params.rest { given.len().min(positional) } else { given.len() };
    let (count, mut unmatched) = (given.len(), args.keyword_count());
    if !params.rest && count + unmatched > total {
        let (kind, all) = (if count == 0 { "keyword " } else { "" }, count + unmatched);
        raise!(py, TypeError, "{name}() takes at most {total} {kind}argument{} ({all} given)", plural(total));
    }
    if taken > positional {
        if positional == 0 {
            raise!(py, TypeError, "{name}() takes no positional arguments");
        }
        let bound = if (params.required as usize) < positional { "at most" } else { "exactly" };
        raise!(py, TypeError, "{name}() takes {bound} {positional} positional argument{} ({count} given)", plural(positional));
    }
    let least = positional_only.min(params.required as usize);
    if taken < least {
        let bound = if least < positional || params.rest { "at least" } else { "exactly" };
        raise!(py, TypeError, "{name}() takes {bound} {least} positional argument{} ({count} given)", plural(least));
    }
    for (slot, value) in bound.iter_mut().zip(&given[..taken]) {
        *slot = Some(*value);
    }
    for index in taken.max(positional_only)..total {
        let param = &params.list[index];
        let value = if unmatched > 0 { args.find_keyword(py, param.name) } else { None };
        match value {
            Some(_) => {
                bound[index] = value;
                unmatched -= 1;
            }
            None if param.default == Literal::Required => return Err(missing(py, params, index)),
            None => {}
        }
    }
    if unmatched == 0 {
        return Ok(());
    }
    for index in positional_only..taken {
        let param = params.list[index].name;
        if args.find_keyword(py, param).is_some() {
            raise!(py, TypeError, "argument for {name}() given by name ('{param}') and position ({})", index + 1);
        }
    }
    Err(unexpected_keyword(py, params, args))
}

#[cold]
fn unexpected_keyword(py: &mut Py, params: &'static Params, args: Args<'_>) -> Raised {
    let known = |name: &[u8]| params.list[params.positional_only as usize..].iter().any(|param| param.name.as_bytes() == name);
    let name = params.short_name();
    let unknown = args.keywords(py).map(|(key, _)| key).find(|key| !known(key.get(py).bytes()));
    match unknown {
        Some(key) => {
            let key = key.get(py).lossy();
            let known: Vec<&str> = params.list[params.positional_only as usize..].iter().map(|param| param.name).collect();
            py.unexpected_keyword(name, &key, &known)
        }
        None => crate::error!(py, TypeError, "invalid keyword argument for {name}()"),
    }
}

impl Args<'_> {
    /// The arguments of a constructor, no more of them than `names`, by position or name.
    pub(crate) fn named<const N: usize>(self, py: &mut Py, function: &str, names: &[&str; N]) -> Result<[Option<Value>; N]> {
        let mut given = [None; N];
        for (place, value) in given.iter_mut().zip(self.positional()) {
            *place = Some(*value);
        }
        for index in 0..self.keyword_count() {
            let (name, value) = self.keyword(py, index);
            let Some(at) = names.iter().position(|known| known.as_bytes() == name.get(py).bytes()) else {
                let name = name.get(py).lossy();
                return Err(py.unexpected_keyword(function, &name, names));
            };
            if given[at].is_some() {
                crate::raise!(py, TypeError, "argument for {function}() given by name ('{}') and position ({})", names[at], at + 1);
            }
            given[at] = Some(value);
        }
        Ok(given)
    }
}

impl Py {
    /// The error for a keyword argument that a native callable does not know.
    #[cold]
    pub fn unexpected_keyword(&mut self, function: &str, wrong: &str, known: &[&str]) -> Raised {
        let known: Vec<String> = known.iter().map(|name| name.to_string()).collect();
        match crate::text::suggestion(wrong, &known) {
            Some(near) => {
                crate::error!(self, TypeError, "{function}() got an unexpected keyword argument '{wrong}'. Did you mean '{near}'?")
            }
            None => crate::error!(self, TypeError, "{function}() got an unexpected keyword argument '{wrong}'"),
        }
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
