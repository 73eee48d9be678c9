//! Names, globals, cells.

use crate::exec::FrameView;
use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::exec::op::Op;
use crate::object::{Dict, Str, Tuple};
use crate::types::{Cell, shapes};
use crate::{Py, Raised, Result, raise};
use bredli_code::local_kind;
use bredli_heap::{Gc, Value};

pub(super) fn load_global(py: &mut Py, at: At) -> Result<At> {
    let name = at.name(py, at.b());
    let function = at.function();
    let (globals, builtins) = (function.get(py).globals, function.get(py).builtins);
    let plain = crate::object::is_exact(globals.into(), shapes::DICT);
    if plain {
        if let Some(number) = py.dict_find_str(globals.get(py), name) {
            let version = globals.get(py).version;
            at.set_extra(1, version as u64 | (number as u64) << 32);
            at.set_op(Op::LoadGlobalModule);
            let value = globals.get(py).entries()[number].value.unwrap_or(Value::NONE);
            at.set(at.a(), value);
            return Ok(at.next(3));
        }
        if let Some(number) = py.dict_find_str(builtins.get(py), name) {
            at.set_extra(1, globals.get(py).version as u64);
            at.set_extra(2, builtins.get(py).version as u64 | (number as u64) << 32);
            at.set_op(Op::LoadGlobalBuiltin);
            let value = builtins.get(py).entries()[number].value.unwrap_or(Value::NONE);
            at.set(at.a(), value);
            return Ok(at.next(3));
        }
        return Err(py.name_error(name));
    }
    let value = lookup_global(py, at, name)?;
    at.set(at.a(), value);
    Ok(at.next(3))
}

/// A name in the globals (which may be of a dict subclass), then in the builtins.
fn lookup_global(py: &mut Py, at: At, name: Gc<Str>) -> Result {
    let function = at.function();
    let (globals, builtins) = (function.get(py).globals, function.get(py).builtins);
    if crate::object::is_exact(globals.into(), shapes::DICT) {
        if let Some(value) = py.dict_get_str(globals, name) {
            return Ok(value);
        }
    } else if let Some(value) = lookup_item(py, globals.into(), name)? {
        return Ok(value);
    }
    match py.dict_get_str(builtins, name) {
        Some(value) => Ok(value),
        None => Err(py.name_error(name)),
    }
}

/// `mapping[name]`, or None where that raises KeyError.
fn lookup_item(py: &mut Py, mapping: Value, name: Gc<Str>) -> Result<Option<Value>> {
    if crate::object::is_exact(mapping, shapes::DICT) {
        let dict = Gc::<Dict>::known(py, mapping);
        return Ok(py.dict_get_str(dict, name));
    }
    let result = py.get_item(mapping, name.into());
    let class = py.exceptions.KeyError;
    py.ignore(result, class)
}

pub(super) fn deref(py: &mut Py, at: At) -> Result<At> {
    Err(unbound(py, at, at.b()))
}

/// The error for an unbound local or free variable.
fn unbound(py: &mut Py, at: At, slot: usize) -> Raised {
    let code = at.code(py);
    let name = py.local_name(code, slot);
    let text = name.get(py).lossy();
    let free = code.get(py).code.localspluskinds[slot] & local_kind::FREE != 0;
    if !free {
        return crate::error!(py, UnboundLocalError, "cannot access local variable '{text}' where it is not associated with a value");
    }
    let raised =
        crate::error!(py, NameError, "cannot access free variable '{text}' where it is not associated with a value in enclosing scope");
    py.set_exception_attribute(0, name.into());
    raised
}

pub(super) fn name(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    match ext {
        Ext::LoadName => {
            let name = at.name(py, at.c());
            let locals = FrameView::at(at).namespace(py);
            let value = match lookup_item(py, locals, name)? {
                Some(value) => value,
                None => lookup_global(py, at, name)?,
            };
            at.set(at.a(), value);
        }
        Ext::StoreName => {
            let name = at.name(py, at.c());
            let locals = FrameView::at(at).namespace(py);
            store(py, locals, name, at.get(at.a()))?;
        }
        Ext::DeleteName => {
            let name = at.name(py, at.c());
            let locals = FrameView::at(at).namespace(py);
            let result = py.del_item(locals, name.into());
            let class = py.exceptions.KeyError;
            if py.ignore(result, class)?.is_none() {
                return Err(py.name_error(name));
            }
        }
        Ext::StoreGlobal => {
            let name = at.name(py, at.c());
            let globals = at.function().get(py).globals;
            py.dict_set_str(globals, name, at.get(at.a()))?;
        }
        Ext::DeleteGlobal => {
            let name = at.name(py, at.c());
            let globals = at.function().get(py).globals;
            if py.dict_remove_str(globals, name).is_none() {
                return Err(py.name_error(name));
            }
        }
        Ext::LoadLocals => {
            let locals = FrameView::at(at).namespace(py);
            at.set(at.a(), locals);
        }
        Ext::LoadFromDictOrGlobals => {
            let name = at.name(py, at.c());
            let value = match lookup_item(py, at.get(at.b()), name)? {
                Some(value) => value,
                None => lookup_global(py, at, name)?,
            };
            at.set(at.a(), value);
        }
        Ext::LoadFromDictOrDeref => {
            let code = at.code(py);
            let name = py.local_name(code, at.c());
            let value = match lookup_item(py, at.get(at.b()), name)? {
                Some(value) => Some(value),
                None => Gc::<Cell>::cast(py, at.get(at.c())).and_then(|cell| cell.get(py).value),
            };
            match value {
                Some(value) => at.set(at.a(), value),
                None => return Err(unbound(py, at, at.c())),
            }
        }
        Ext::LoadDerefCheck => return Err(unbound(py, at, at.b())),
        Ext::DeleteDeref => {
            let cell = Gc::<Cell>::cast(py, at.get(at.a())).filter(|cell| cell.get(py).value.is_some());
            match cell {
                Some(cell) => cell.get_mut(py).value = None,
                None => return Err(unbound(py, at, at.a())),
            }
        }
        Ext::DeleteFast | Ext::CheckBound => return Err(unbound(py, at, at.a())),
        Ext::LoadBuildClass => {
            let name = py.names.__build_class__;
            let builtins = at.function().get(py).builtins;
            match py.dict_get_str(builtins, name) {
                Some(value) => at.set(at.a(), value),
                None => raise!(py, NameError, "__build_class__ not found"),
            }
        }
        Ext::LoadCommonConstant => raise!(py, SystemError, "unknown common constant"),
        _ => {
            let locals = FrameView::at(at).namespace(py);
            let name = py.names.__annotations__;
            if lookup_item(py, locals, name)?.is_none() {
                let dict = py.new_dict();
                store(py, locals, name, dict.into())?;
            }
        }
    }
    Ok(())
}

fn store(py: &mut Py, locals: Value, name: Gc<Str>, value: Value) -> Result<()> {
    if crate::object::is_exact(locals, shapes::DICT) {
        let dict = Gc::<Dict>::known(py, locals);
        return py.dict_set_str(dict, name, value);
    }
    py.set_item(locals, name.into(), value)
}

impl Py {
    /// NameError for a name that is found nowhere.
    #[cold]
    pub(crate) fn name_error(&mut self, name: Gc<Str>) -> Raised {
        let text = name.get(self).lossy();
        let raised = crate::error!(self, NameError, "name '{text}' is not defined");
        self.set_exception_attribute(0, name.into());
        raised
    }

    /// The cells of a closure tuple, checked.
    pub fn closure_of(&self, value: Value) -> Option<Gc<Tuple>> {
        let tuple = Gc::<Tuple>::cast(self, value)?;
        tuple.get(self).items().iter().all(|cell| self.is_cell(*cell)).then_some(tuple)
    }
}
