//! `_testinternalcapi`: what can be said of a code object without running it.
//!
//! Counterpart: the functions `_PyCode_*` of `Objects/codeobject.c`.

use bredli_code::{CodeObject, Const, Opcode, flag, local_kind};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Code, Function, Set};
use std::collections::BTreeSet;

/// Whether all that code returns is the constant None.
fn returns_only_none(code: &CodeObject) -> bool {
    let Some(none) = code.consts.iter().position(|constant| matches!(constant, Const::None)) else { return false };
    let instructions: Vec<_> = code.instructions().collect();
    let returns = (0..instructions.len()).filter(|index| instructions[*index].opcode == Some(Opcode::RETURN_VALUE));
    let mut before = returns.map(|index| index.checked_sub(1).map(|index| instructions[index]));
    before.all(|before| before.is_some_and(|before| before.opcode == Some(Opcode::LOAD_CONST) && before.arg as usize == none))
}

/// Where the names that code does not bind are looked for.
struct Namespaces {
    globals: Option<Gc<Dict>>,
    builtins: Option<Gc<Dict>>,
}

/// A code object, or that of a function, whose own namespaces then count where none are given.
fn code_of(py: &mut Py, code: Value, globals: Value, builtins: Value) -> Result<(Gc<Code>, Namespaces)> {
    let mut namespaces = Namespaces { globals: namespace(py, globals, "globalsns")?, builtins: namespace(py, builtins, "builtinsns")? };
    if let Some(code) = Gc::<Code>::cast(py, code) {
        return Ok((code, namespaces));
    }
    if Gc::<Function>::cast(py, code).is_none() {
        raise!(py, TypeError, "argument must be a code object or a function");
    }
    for (given, name) in [(&mut namespaces.globals, "__globals__"), (&mut namespaces.builtins, "__builtins__")] {
        if given.is_none() {
            let own = py.get_attr_named(code, name)?;
            *given = Gc::<Dict>::cast(py, own);
        }
    }
    let own = py.get_attr_named(code, "__code__")?;
    Ok((Gc::known(py, own), namespaces))
}

fn namespace(py: &mut Py, value: Value, name: &str) -> Result<Option<Gc<Dict>>> {
    match Gc::<Dict>::cast(py, value) {
        None if !value.is_none() => {
            let class = py.class_name(value);
            raise!(py, TypeError, "get_code_var_counts() argument '{name}' must be dict, not {class}")
        }
        dict => Ok(dict),
    }
}

fn names_wanted(py: &mut Py, value: Value, name: &str) -> Result<Option<Gc<Set>>> {
    match Gc::<Set>::cast(py, value).filter(|_| py.class_of(value) == py.types.set) {
        None if !value.is_none() => {
            let shown = py.repr_text(value)?;
            raise!(py, TypeError, "expected a set for \"{name}\", got {shown}")
        }
        set => Ok(set),
    }
}

/// The numbers of the names that code looks up as globals and as attributes.
fn unbound_names(code: &CodeObject) -> [BTreeSet<u32>; 2] {
    let named = |opcode| code.instructions().filter(move |step| step.opcode == Some(opcode)).map(|step| step.arg >> 1).collect();
    [named(Opcode::LOAD_GLOBAL), named(Opcode::LOAD_ATTR)]
}

/// How many of the names are found as globals, how many as builtins, and how many not at all.
fn found(py: &mut Py, code: Gc<Code>, names: &BTreeSet<u32>, namespaces: &Namespaces) -> Result<[usize; 3]> {
    let mut counts = [0; 3];
    let all = py.code_values(code)?.names;
    for number in names {
        let Some(name) = all.get(py).items().get(*number as usize).copied() else { continue };
        let mut place = 2;
        for (index, namespace) in [namespaces.globals, namespaces.builtins].into_iter().enumerate() {
            if place == 2
                && let Some(namespace) = namespace
                && py.dict_get(namespace, name)?.is_some()
            {
                place = index;
            }
        }
        counts[place] += 1;
    }
    Ok(counts)
}

/// A dict of counts; the first one is their total.
fn counts(py: &mut Py, entries: &[(&str, usize)]) -> Result<Gc<Dict>> {
    let dict = py.new_dict();
    for (name, count) in entries {
        let (name, count) = (py.intern(name), py.new_int(*count as i64));
        py.dict_set_str(dict, name, count)?;
    }
    Ok(dict)
}

fn include(py: &mut Py, dict: Gc<Dict>, name: &str, inner: Gc<Dict>) -> Result<()> {
    let name = py.intern(name);
    py.dict_set_str(dict, name, inner.into())
}

/// The counts of the locals of a code object.
fn local_counts(py: &mut Py, code: &CodeObject) -> Result<Gc<Dict>> {
    let kinds = || code.localspluskinds.iter().filter(|kind| **kind & local_kind::FREE == 0);
    let has = |wanted: u8, unwanted: u8| kinds().filter(|kind| **kind & wanted == wanted && **kind & unwanted == 0).count();
    let cells = has(local_kind::CELL, local_kind::HIDDEN);
    let argument_cells = kinds().filter(|kind| **kind & local_kind::CELL != 0 && **kind & local_kind::ARG != 0).count();
    let (hidden, hidden_cells) = (has(local_kind::HIDDEN, 0), has(local_kind::HIDDEN | local_kind::CELL, 0));
    let [varargs, varkwargs] = [flag::VARARGS, flag::VARKEYWORDS].map(|bit| usize::from(code.flags & bit != 0));
    let positional_only = code.posonlyargcount as usize;
    let (positional, keyword_only) = (code.argcount as usize - positional_only, code.kwonlyargcount as usize);
    let arguments = positional_only + positional + keyword_only + varargs + varkwargs;
    let total = kinds().count();
    let locals = counts(py, &[("total", total)])?;
    let args = counts(
        py,
        &[
            ("total", arguments),
            ("numposonly", positional_only),
            ("numposorkw", positional),
            ("numkwonly", keyword_only),
            ("varargs", varargs),
            ("varkwargs", varkwargs),
        ],
    )?;
    include(py, locals, "args", args)?;
    let pure = py.new_int((total - arguments - (cells - argument_cells) - hidden_cells) as i64);
    let key = py.intern("numpure");
    py.dict_set_str(locals, key, pure)?;
    let cells = counts(py, &[("total", cells), ("numargs", argument_cells), ("numothers", cells - argument_cells)])?;
    include(py, locals, "cells", cells)?;
    let hidden = counts(py, &[("total", hidden), ("numpure", hidden - hidden_cells), ("numcells", hidden_cells)])?;
    include(py, locals, "hidden", hidden)?;
    Ok(locals)
}

#[pymodule(name = "_testinternalcapi", part)]
pub mod code {
    use super::*;

    /// The kinds of the variables of a code object, by name.
    #[pyfunction]
    fn get_co_localskinds(py: &mut Py, code: Gc<Code>) -> Result<Gc<Dict>> {
        let code = code.get(py).code().get().clone();
        let kinds = py.new_dict();
        for (name, kind) in code.localsplusnames.iter().zip(&*code.localspluskinds) {
            let name = py.new_str_wtf8(name.as_bytes());
            py.dict_set(kinds, name.into(), Value::small(i32::from(*kind)))?;
        }
        Ok(kinds)
    }

    /// Whether all that code returns is the constant None.
    #[pyfunction]
    fn code_returns_only_none(py: &Py, code: Gc<Code>) -> bool {
        returns_only_none(code.get(py).code().get())
    }

    /// How many variables of each kind a code object has, and how many names it looks up elsewhere.
    #[pyfunction]
    #[signature(code, globalnames=None, attrnames=None, globalsns=None, builtinsns=None)]
    fn get_code_var_counts(
        py: &mut Py,
        code: Value,
        globalnames: Value,
        attrnames: Value,
        globalsns: Value,
        builtinsns: Value,
    ) -> Result<Gc<Dict>> {
        let (code, namespaces) = code_of(py, code, globalsns, builtinsns)?;
        let wanted = [names_wanted(py, globalnames, "globalnames")?, names_wanted(py, attrnames, "attrnames")?];
        let portable = code.get(py).code().get().clone();
        let names = py.code_values(code)?.names;
        let looked_up = unbound_names(&portable);
        for (numbers, wanted) in looked_up.iter().zip(wanted) {
            for number in numbers {
                if let (Some(wanted), Some(name)) = (wanted, names.get(py).items().get(*number as usize).copied()) {
                    py.set_add(wanted, name)?;
                }
            }
        }
        let [globals, attributes] = &looked_up;
        let known = globals.union(attributes).count();
        let unknown = names.get(py).len().saturating_sub(known);
        let unbound = globals.len() + attributes.len() + unknown;
        let free = portable.localspluskinds.iter().filter(|kind| **kind & local_kind::FREE != 0).count();
        let locals = local_counts(py, &portable)?;
        let total = portable.localspluskinds.len() + unbound;
        let all = counts(py, &[("total", total)])?;
        include(py, all, "locals", locals)?;
        let (key, free) = (py.intern("numfree"), py.new_int(free as i64));
        py.dict_set_str(all, key, free)?;
        let [global, builtin, elsewhere] = found(py, code, globals, &namespaces)?;
        let globals = [("total", globals.len()), ("numglobal", global), ("numbuiltin", builtin), ("numunknown", elsewhere)];
        let globals = counts(py, &globals)?;
        let unbound = counts(py, &[("total", unbound), ("numattrs", attributes.len()), ("numunknown", unknown)])?;
        include(py, unbound, "globals", globals)?;
        include(py, all, "unbound", unbound)?;
        Ok(all)
    }

    /// Check that code, or a function, depends on nothing but its arguments and the builtins.
    #[pyfunction]
    #[signature(code, globalnames=None, globalsns=None, builtinsns=None)]
    fn verify_stateless_code(py: &mut Py, code: Value, globalnames: Value, globalsns: Value, builtinsns: Value) -> Result<()> {
        let (code, namespaces) = code_of(py, code, globalsns, builtinsns)?;
        names_wanted(py, globalnames, "globalnames")?;
        let portable = code.get(py).code().get().clone();
        if portable.localspluskinds.iter().any(|kind| kind & local_kind::FREE != 0) {
            raise!(py, ValueError, "closures not supported");
        }
        let [globals, _] = unbound_names(&portable);
        let [global, _, elsewhere] = found(py, code, &globals, &namespaces)?;
        // Without builtins to look at, what is found nowhere can be a builtin.
        if global > 0 || (elsewhere > 0 && namespaces.builtins.is_some()) {
            raise!(py, ValueError, "globals not supported");
        }
        Ok(())
    }
}
