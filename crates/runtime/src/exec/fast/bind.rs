//! Making the arguments in a call window the parameters of the function that is called, in place.
//!
//! Names are matched and defaults looked up first, while nothing has changed; calls that are wrong or unusual are left to
//! `Py::bind`, which has the messages.

use crate::Py;
use crate::exec::frame::At;
use crate::object::{Dict, Str, Tuple};
use crate::types::Function;
use bredli_code::flag;
use bredli_heap::{Gc, Value};

/// Most keywords of a call, and most keyword-only parameters, that are matched here.
const KEYWORDS: usize = 16;
/// Most named parameters, for a set of bits.
const PARAMETERS: usize = 63;
/// Stands for a parameter where a keyword argument goes to `**kwargs`.
const EXTRA: u16 = u16::MAX;

/// How the arguments of one call become parameters.
pub(super) struct Plan {
    /// Positional arguments, the receiver included.
    positional: usize,
    /// The parameter of each keyword argument.
    targets: [u16; KEYWORDS],
    /// The number of keyword arguments.
    keywords: usize,
    /// The word of each keyword-only parameter's default; 0 where there is an argument.
    defaults: [u64; KEYWORDS],
    /// The number of keyword-only parameters.
    keyword_only: usize,
    /// What `**kwargs` will be.
    extra: Option<Gc<Dict>>,
}

impl Plan {
    pub(super) const EMPTY: Plan =
        Plan { positional: 0, targets: [0; KEYWORDS], keywords: 0, defaults: [0; KEYWORDS], keyword_only: 0, extra: None };
}

/// Match the arguments of a call: `positional` ones, then one for each name, whose values are `keywords`. None: the call is wrong, or too large.
#[inline(never)]
pub(super) fn make_plan(
    py: &mut Py,
    function: Gc<Function>,
    positional: usize,
    names: Option<Gc<Tuple>>,
    keywords: &[Value],
    plan: &mut Plan,
) -> Option<()> {
    let code = function.get(py).code;
    code.get(py).values?;
    let by_name = names.is_some() || code.get(py).code.kwonlyargcount > 0;
    let parameters = if by_name { py.local_names(code) } else { py.constants.empty_tuple };
    let this = function.get(py);
    let code = code.get(py);
    let (argcount, kwonly) = (code.code.argcount as usize, code.code.kwonlyargcount as usize);
    let (open, flags) = (code.code.posonlyargcount as usize, code.code.flags);
    let total = argcount + kwonly;
    let surplus = positional > argcount && flags & flag::VARARGS == 0;
    if surplus || keywords.len() > KEYWORDS || kwonly > KEYWORDS || total > PARAMETERS {
        return None;
    }
    let takes_all = flags & flag::VARKEYWORDS != 0;
    let parameters = if by_name { &parameters.get(py).items()[..total] } else { &[] };
    (plan.positional, plan.keywords, plan.keyword_only) = (positional, keywords.len(), kwonly);
    let mut filled = (1u64 << positional.min(argcount)) - 1;
    let mut extras = false;
    let names_of_call = names.map_or(&[] as &[Value], |names| names.get(py).items());
    for (name, target) in names_of_call.iter().zip(&mut plan.targets) {
        match parameters[open..].iter().position(|parameter| parameter == name) {
            Some(slot) if filled & 1 << (open + slot) == 0 => {
                filled |= 1 << (open + slot);
                *target = (open + slot) as u16;
            }
            None if takes_all && is_other_name(py, *name, &parameters[open..]) => {
                *target = EXTRA;
                extras = true;
            }
            _ => return None,
        }
    }
    let required = argcount - this.defaults.map_or(0, |defaults| defaults.get(py).len()).min(argcount);
    let required = (1u64 << required) - 1;
    if filled & required != required {
        return None;
    }
    for (index, word) in plan.defaults[..kwonly].iter_mut().enumerate() {
        if filled & 1 << (argcount + index) == 0 {
            *word = keyword_default(py, this, parameters[argcount + index])?.bits();
        }
    }
    if takes_all {
        let dict = py.new_dict();
        plan.extra = Some(dict);
        if extras {
            collect(py, dict, &plan.targets, names?, keywords)?;
        }
    }
    Some(())
}

fn keyword_default(py: &Py, function: &Function, name: Value) -> Option<Value> {
    py.dict_get_str(function.kwdefaults?, Gc::known(py, name))
}

/// Whether a keyword that is identical to no parameter's name is not equal to one either.
fn is_other_name(py: &Py, name: Value, parameters: &[Value]) -> bool {
    if !py.is_exact_str(name) {
        return false;
    }
    let name = Gc::<Str>::known(py, name).get(py);
    parameters.iter().all(|parameter| {
        let parameter = Gc::<Str>::known(py, *parameter).get(py);
        name.is_interned() && parameter.is_interned() || parameter.bytes() != name.bytes()
    })
}

/// Put the keywords that name no parameter into a dictionary.
fn collect(py: &mut Py, dict: Gc<Dict>, targets: &[u16], names: Gc<Tuple>, values: &[Value]) -> Option<()> {
    for (index, value) in values.iter().enumerate() {
        if targets[index] == EXTRA {
            let name = Gc::known(py, names.get(py).items()[index]);
            py.dict_set_str(dict, name, *value).ok()?;
        }
    }
    Some(())
}

/// Lay the arguments, which stand in the first slots of the callee's frame, out as its parameters.
pub(super) fn place(py: &mut Py, function: Gc<Function>, at: At, plan: &Plan) {
    let (argcount, flags) = {
        let code = &function.get(py).code.get(py).code;
        (code.argcount as usize, code.flags)
    };
    let mut values = [0; KEYWORDS];
    for (index, value) in values[..plan.keywords].iter_mut().enumerate() {
        *value = at.raw(plan.positional + index);
    }
    let taken = plan.positional.min(argcount);
    let mut next = argcount + plan.keyword_only;
    if flags & flag::VARARGS != 0 {
        let rest = py.new_tuple(at.slots(taken, plan.positional - taken));
        at.set(next, rest.into());
        next += 1;
    }
    if let Some(extra) = plan.extra {
        at.set(next, extra.into());
    }
    for slot in taken..argcount {
        at.clear(slot);
    }
    for (index, word) in plan.defaults[..plan.keyword_only].iter().enumerate() {
        at.set_raw(argcount + index, *word);
    }
    for (slot, value) in plan.targets[..plan.keywords].iter().zip(values) {
        if *slot != EXTRA {
            at.set_raw(*slot as usize, value);
        }
    }
    if let Some(defaults) = function.get(py).defaults {
        let items = defaults.get(py).items();
        for slot in taken.max(argcount.saturating_sub(items.len()))..argcount {
            if at.raw(slot) == 0 {
                at.set(slot, items[slot + items.len() - argcount]);
            }
        }
    }
}
