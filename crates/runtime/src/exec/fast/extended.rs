//! The frequent extended operations, where they neither run Python code nor raise.

use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::object::{Dict, Str, Tuple};
use crate::types::{Code, Function, List, shapes};
use crate::{Py, Result};
use bredli_code::{CommonConstant, Intrinsic1, function_attribute};
use bredli_heap::{Gc, Value};

/// Execute an extended operation; whether it is done.
#[inline(never)]
pub(in crate::exec) fn extended(py: &mut Py, at: At) -> bool {
    // What takes no call stands here, and what the others need does not cost it.
    match Ext::ALL[at.x() as usize] {
        Ext::PushExcInfo => {
            let exception = at.get(at.b());
            let former = py.machine.handled.replace(exception);
            at.set(at.a() + 1, exception);
            at.set(at.a(), former.unwrap_or(Value::NONE));
        }
        Ext::PopExcept => py.machine.handled = Some(at.get(at.a())).filter(|former| !former.is_none()),
        Ext::CheckExcMatch => {
            let Some(class) = py.exception_class(at.get(at.c())) else { return false };
            let matches = py.is_instance_of(at.get(at.b()), class);
            at.set(at.a(), Value::bool(matches));
        }
        Ext::CheckBound => return at.raw(at.a()) != 0,
        Ext::DeleteFast => {
            if at.raw(at.a()) == 0 {
                return false;
            }
            at.clear(at.a());
        }
        ext => return extended_calling(py, at, ext),
    }
    true
}

#[inline(never)]
fn extended_calling(py: &mut Py, at: At, ext: Ext) -> bool {
    match ext {
        Ext::MakeCell => {
            py.machine.enter(at);
            let cell = py.new_cell(at.slot(at.a()));
            at.set(at.a(), cell.into());
        }
        Ext::MakeFunction => {
            py.machine.enter(at);
            let code = Gc::<Code>::known(py, at.get(at.b()));
            let this = at.function().get(py);
            let (globals, builtins) = (this.globals, this.builtins);
            let function = py.new_function(code, globals, builtins);
            if at.c() != usize::from(u16::MAX) {
                function.get_mut(py).closure = Some(Gc::known(py, at.get(at.c())));
            }
            at.set(at.a(), function.into());
        }
        Ext::SetFunctionAttribute => set_function_attribute(py, at),
        Ext::LoadCommonConstant => {
            let value: Value = match CommonConstant::from_number(at.b() as u32) {
                Some(CommonConstant::AssertionError) => py.exceptions.AssertionError.into(),
                Some(CommonConstant::NotImplementedError) => py.exceptions.NotImplementedError.into(),
                Some(CommonConstant::Tuple) => py.types.tuple.into(),
                Some(CommonConstant::All) => py.constants.functions.all,
                Some(CommonConstant::Any) => py.constants.functions.any,
                None => return false,
            };
            at.set(at.a(), value);
        }
        Ext::BuildMap => {
            if at.c() != 0 {
                return false;
            }
            py.machine.enter(at);
            let dict = py.new_dict();
            at.set(at.a(), dict.into());
        }
        Ext::MapAdd => {
            py.machine.enter(at);
            let dict = Gc::<Dict>::known(py, at.get(at.a()));
            return py.dict_put_quick(dict, at.get(at.b()), at.get(at.c()));
        }
        Ext::SetAdd => {
            let set = at.get(at.a());
            if !crate::object::is_exact(set, shapes::SET) {
                return false;
            }
            py.machine.enter(at);
            return py.set_add_quick(Gc::known(py, set), at.get(at.b()));
        }
        Ext::BuildString => {
            py.machine.enter(at);
            let text = py.concat_strings(at.slots(at.b(), at.c()));
            return put_or_again(py, at, text);
        }
        Ext::FormatSimple | Ext::ConvertValue => {
            let value = at.get(at.b());
            let is_text = py.is_exact_str(value) && (ext == Ext::FormatSimple || at.c() == 1);
            if !is_text && !value.is_int() {
                return false;
            }
            py.machine.enter(at);
            let text = py.str(value);
            return put_or_again(py, at, text);
        }
        Ext::FormatWithSpec => {
            let spec = at.get(at.c());
            if !py.is_exact_str(spec) || Gc::<Str>::known(py, spec).get(py).byte_len() == 0 {
                return false;
            }
            py.machine.enter(at);
            let text = py.format_exact(at.get(at.b()), Gc::known(py, spec)).transpose();
            return text.is_some_and(|text| put_or_again(py, at, text));
        }
        Ext::StoreGlobal => {
            py.machine.enter(at);
            let (globals, name) = (at.function().get(py).globals, at.name(py, at.c()));
            return py.dict_put_quick(globals, name.into(), at.get(at.a()));
        }
        Ext::Intrinsic1 if at.c() == Intrinsic1::ListToTuple as usize => {
            let list = at.get(at.b());
            if !crate::object::is_exact(list, shapes::LIST) {
                return false;
            }
            py.machine.enter(at);
            let items: *const [Value] = Gc::<List>::known(py, list).get(py).items();
            // SAFETY: the list, which is in a slot of the frame, keeps its items; making a tuple does not change it.
            let tuple = py.new_tuple(unsafe { &*items });
            at.set(at.a(), tuple.into());
        }
        _ => return false,
    }
    true
}

/// Put text where it belongs. If there is none, all starts over where an exception may be raised.
#[inline(always)]
fn put_or_again(py: &mut Py, at: At, text: Result<Gc<Str>>) -> bool {
    match text {
        Ok(text) => at.set(at.a(), text.into()),
        Err(_) => py.clear_exception(),
    }
    text.is_ok()
}

fn set_function_attribute(py: &mut Py, at: At) {
    let function = Gc::<Function>::known(py, at.get(at.a()));
    let value = at.get(at.b());
    match at.c() as u32 {
        function_attribute::DEFAULTS => {
            let defaults = Gc::<Tuple>::known(py, value);
            function.get_mut(py).defaults = Some(defaults);
        }
        function_attribute::KWDEFAULTS => {
            let defaults = Gc::<Dict>::known(py, value);
            function.get_mut(py).kwdefaults = Some(defaults);
        }
        function_attribute::ANNOTATIONS => function.get_mut(py).annotations = Some(value),
        function_attribute::CLOSURE => {
            let closure = Gc::<Tuple>::known(py, value);
            function.get_mut(py).closure = Some(closure);
        }
        _ => function.get_mut(py).annotate = Some(value),
    }
}
