//! Entering Python functions: from native code, and with arguments that need binding.
//!
//! Counterpart: `initialize_locals` in `Python/ceval.c`, whose messages these are.

use super::frame::{At, CALLER, FUNCTION, HEADER, INFO, OUTER_PC, OWNER, RETURN};
use super::interp;
use super::machine::{FRAME_EXIT, HALT};
use super::slow;
use crate::native::Args;
use crate::object::{Dict, Str, Tuple};
use crate::types::{Code, Function, Left, shapes};
use crate::{Py, Raised, Result, raise};
use bredli_code::flag;
use bredli_heap::{Gc, RootVec, Value};

/// A running frame, for introspection from native code.
#[derive(Clone, Copy)]
pub struct FrameView(At);

impl FrameView {
    pub(super) fn at(at: At) -> Self {
        Self(at)
    }

    /// The function.
    pub fn function(self) -> Gc<Function> {
        self.0.function()
    }

    /// The bytecode offset of the current instruction, in bytes.
    pub fn offset(self, py: &Py) -> u32 {
        py.offset_at(self.0)
    }

    /// The code that runs.
    pub fn code(self, py: &Py) -> Gc<Code> {
        self.0.code(py)
    }

    /// The line of the current instruction.
    pub fn line(self, py: &Py) -> Option<i32> {
        let offset = self.offset(py) as usize;
        self.code(py).get(py).line_at(offset)
    }

    /// Where names that are no local variables of a function are stored: the namespace that the code runs in, or else the globals.
    pub fn namespace(self, py: &Py) -> Value {
        match self.0.owner() {
            Some(owner) if crate::object::is_exact(owner, shapes::DICT) || !py.is_generator_like(owner) => owner,
            _ => self.globals(py).into(),
        }
    }

    /// The globals of the code that runs.
    pub fn globals(self, py: &Py) -> Gc<Dict> {
        self.function().get(py).globals
    }

    /// The builtins of the code that runs.
    pub fn builtins(self, py: &Py) -> Gc<Dict> {
        self.function().get(py).builtins
    }

    /// `co_flags` of the code that runs.
    pub fn code_flags(self, py: &Py) -> u32 {
        self.0.code(py).get(py).code.flags
    }

    /// The value of a local variable by number; cells as such.
    pub fn local(self, index: usize) -> Option<Value> {
        self.0.slot(index)
    }

    /// Set (or unbind) a local variable by number.
    pub fn set_local(self, index: usize, value: Option<Value>) {
        self.0.set_raw(index, value.map_or(0, Value::bits));
    }

    /// The owner word: namespace, mapping, instance or generator.
    pub fn owner(self) -> Option<Value> {
        self.0.owner()
    }

    /// The position.
    pub(super) fn position(self) -> At {
        self.0
    }

    /// Identifies the frame while it runs.
    pub fn address(self) -> usize {
        self.0.fp as usize
    }

    /// The frame that called.
    pub fn caller(self, py: &Py) -> Option<FrameView> {
        let generator = self.0.owner().is_some() && py.is_generator_frame(self.0);
        if generator {
            super::delegation::show(py, self.0);
        }
        let back = py.return_address(self.0);
        let pc = if std::ptr::eq(back, &HALT) || super::special::is_exit(back) {
            self.0.header(OUTER_PC) as *const u64
        } else if generator {
            back
        } else {
            // SAFETY: the word before a return address belongs to the call.
            unsafe { back.sub(1) }
        };
        py.view(At { pc, fp: self.0.caller().fp })
    }

    /// Have the machine stop where the frame is left, so that its frame object can take over.
    pub(crate) fn watch_exit(self, py: &mut Py, frame: Gc<crate::types::Frame>) {
        if py.is_generator_frame(self.0) {
            return;
        }
        frame.get_mut(py).return_address = self.0.header(RETURN) as usize;
        self.0.set_header(RETURN, &raw const FRAME_EXIT as u64);
    }
}

impl super::Machine {
    /// The innermost Python frame.
    pub(super) fn innermost(&self) -> Option<FrameView> {
        let at = At { pc: self.pc, fp: self.fp };
        if at.header(FUNCTION) == 0 { None } else { Some(FrameView(at)) }
    }
}

impl Py {
    /// The frame that called the one at an address, if that is one of this thread.
    pub(crate) fn caller_of_running(&self, address: usize) -> Option<Option<FrameView>> {
        let at = At { pc: &HALT, fp: address as *mut u64 };
        self.machine.holds(address).then(|| FrameView(at).caller(self))
    }

    fn view(&self, at: At) -> Option<FrameView> {
        if at.header(FUNCTION) == 0 { None } else { Some(FrameView(at)) }
    }

    /// The innermost running Python frame.
    pub fn current_frame(&self) -> Option<FrameView> {
        self.machine.innermost()
    }

    /// The bytecode offset of a position.
    pub(super) fn offset_at(&self, at: At) -> u32 {
        self.offset_in(at.code(self), at.pc)
    }

    /// The bytecode offset of an instruction of a code object.
    pub(super) fn offset_in(&self, code: Gc<Code>, pc: *const u64) -> u32 {
        self.stream_of(code, pc).map_or(0, |exec| exec.offset_of(exec.word_of(pc)))
    }

    /// The form of a code object that an instruction belongs to.
    pub(super) fn stream_of(&self, code: Gc<Code>, pc: *const u64) -> Option<&super::ExecCode> {
        let code = code.get(self);
        [&code.exec, &code.instrumented].into_iter().flatten().find(|exec| exec.holds(pc)).map(|exec| &**exec)
    }

    /// `__name__` of the module whose code is running.
    pub fn calling_module_name(&mut self) -> Option<Value> {
        let globals = self.current_frame()?.function().get(self).globals;
        self.dict_get_str(globals, self.names.__name__)
    }

    /// Call a Python function.
    pub fn call_function(&mut self, function: Gc<Function>, args: Args) -> Result {
        self.run_function(function, args, None)
    }

    /// Run a function's code; `owner` is the namespace for module and class bodies.
    pub fn run_function(&mut self, function: Gc<Function>, args: Args, owner: Option<Value>) -> Result {
        self.enter_native("")?;
        let saved = (self.machine.fp, self.machine.pc, self.machine.top);
        // SAFETY: the words above `top` are unused; the frame's entry checks the limit, and the reserve covers the header and arguments.
        let fp = unsafe { saved.2.add(HEADER) };
        if fp as usize > self.machine.stack_limit {
            raise!(self, RecursionError, "maximum recursion depth exceeded");
        }
        let at = At { pc: &HALT, fp };
        at.set_header(FUNCTION, Value::from(function).bits());
        at.set_header(OUTER_PC, saved.1 as u64);
        at.set_header(RETURN, &raw const HALT as u64);
        at.set_header(CALLER, saved.0 as u64);
        at.set_header(OWNER, owner.map_or(0, Value::bits));
        at.set_header(INFO, 0);
        let most = function.get(self).code.get(self).code.parameter_count();
        // What binding allocates must not be laid over the parameters, and is found there.
        // SAFETY: as above.
        self.machine.top = unsafe { fp.add(most) };
        let bound = self.bind(function, args, at);
        self.machine.top = saved.2;
        bound?;
        let pc = function.get(self).entry;
        // SAFETY: the frame is complete and returns to the halt instruction.
        let ended = unsafe { self.run(At { pc, fp }) };
        (self.machine.fp, self.machine.pc, self.machine.top) = saved;
        if ended { Ok(at.result()) } else { Err(Raised) }
    }

    /// Continue with a frame that has been laid out above `top`, or above the frames of generators that delegate to it; the lowest of these
    /// returns to the halt instruction.
    pub(super) fn run_frame(&mut self, at: At) -> Option<Value> {
        let saved = (self.machine.fp, self.machine.pc, self.machine.top);
        // SAFETY: the lowest frame is there.
        let lowest = At { pc: at.pc, fp: unsafe { saved.2.add(HEADER) } };
        lowest.set_header(OUTER_PC, saved.1 as u64);
        // SAFETY: the caller has laid out the frame.
        let ended = unsafe { self.run(at) };
        (self.machine.fp, self.machine.pc, self.machine.top) = saved;
        ended.then(|| lowest.result())
    }

    /// Run from a position until the entry frame returns. False: an exception is set.
    ///
    /// Functions that collect are called from here: the native stack is searched for what looks like a reference, and the loop's frame
    /// has many words that are of no use any more.
    ///
    /// # Safety
    /// As for [`interp::run`].
    #[inline(always)]
    unsafe fn run(&mut self, mut at: At) -> bool {
        loop {
            // SAFETY: the caller's promise; the loop can be entered at any position.
            let pc = unsafe { interp::run(self, at) };
            if pc.is_null() || std::ptr::eq(pc, &HALT) {
                return !pc.is_null();
            }
            bredli_heap::clear_unused_stack();
            at = slow::step(self, At { pc, fp: self.machine.fp });
            if at.pc.is_null() {
                return false;
            }
        }
    }

    /// Where a frame returns to, its frame object looked through.
    pub(super) fn return_address(&self, at: At) -> *const u64 {
        let back = at.header(RETURN) as *const u64;
        if !std::ptr::eq(back, &FRAME_EXIT) {
            return back;
        }
        let frame = self.frame_objects.iter().rev().find(|frame| frame.get(&self.heap).address == at.fp as usize);
        frame.map_or(&raw const HALT, |frame| frame.get(&self.heap).return_address as *const u64)
    }

    /// A frame with a frame object has returned: `at` is the caller's frame.
    pub(super) fn frame_exit(&mut self, at: At) -> At {
        // Objects of callers may have been made later; the frame that has returned is the innermost.
        let mut innermost = None;
        let mut highest = 0;
        for frame in &self.frame_objects {
            let address = frame.get(&self.heap).address;
            if address > highest && self.machine.holds(address) {
                (highest, innermost) = (address, Some(*frame));
            }
        }
        let frame = innermost.expect("the frame that returned");
        let fp = highest as *mut u64;
        let left = At { pc: &HALT, fp };
        let back = frame.get(self).return_address as *const u64;
        // The result lies in the header of the frame that is left.
        self.machine.enter(left);
        self.machine.fp = at.fp;
        left.set_header(RETURN, back as u64);
        // What looks at the frame while it is detached needs its function.
        let result = left.header(FUNCTION);
        left.set_header(FUNCTION, Value::from(frame.get(self).function).bits());
        let offset = frame.get(self).offset;
        self.detach_frame(FrameView(left), offset, Left::Returned);
        left.set_header(FUNCTION, result);
        At { pc: back, fp: at.fp }
    }

    /// A frame is being left by an exception or as a generator: its frame object takes over.
    pub(super) fn leave_frame_objects(&mut self, at: At, left: Left) {
        if self.frame_objects.is_empty() {
            return;
        }
        let back = self.return_address(at);
        at.set_header(RETURN, back as u64);
        let offset = self.offset_at(at);
        self.detach_frame(FrameView(at), offset, left);
    }

    /// A generator's frame is put away: its frame object stays with the generator.
    pub(super) fn move_frame_object(&mut self, at: At, generator: Value) {
        let Some(index) = self.frame_objects.iter().rposition(|frame| frame.get(&self.heap).address == at.fp as usize) else { return };
        let frame = self.frame_objects.remove(index);
        frame.get_mut(self).address = 0;
        if let Some(generator) = Gc::<crate::types::Generator>::cast(self, generator) {
            generator.get_mut(self).frame_object = Some(frame.into());
        }
    }

    /// Put the arguments of a call into the parameters of a frame.
    pub(super) fn bind(&mut self, function: Gc<Function>, args: Args, at: At) -> Result<()> {
        let code = function.get(self).code;
        let (argcount, kwonly, flags) = {
            let code = &code.get(self).code;
            (code.argcount as usize, code.kwonlyargcount as usize, code.flags)
        };
        let given = args.positional();
        if !args.has_keywords() && given.len() == argcount && kwonly == 0 && flags & (flag::VARARGS | flag::VARKEYWORDS) == 0 {
            for (slot, value) in given.iter().enumerate() {
                at.set(slot, *value);
            }
            return Ok(());
        }
        // The arguments may lie where the parameters go.
        let mut copy = arrayvec::ArrayVec::<Value, 16>::new();
        let mut large = None;
        if args.len() <= 16 {
            copy.extend(args.values().iter().copied());
        } else {
            large = Some(RootVec::from_slice(&mut self.heap, args.values()));
        }
        let values: &[Value] = match &large {
            Some(large) => large,
            None => &copy,
        };
        let args = Args::with_keywords(self, values, args.kwnames());
        self.bind_general(function, code, args, at)
    }

    fn bind_general(&mut self, function: Gc<Function>, code: Gc<Code>, args: Args, at: At) -> Result<()> {
        self.code_values(code)?;
        let (argcount, kwonly, posonly, flags) = {
            let code = &code.get(self).code;
            (code.argcount as usize, code.kwonlyargcount as usize, code.posonlyargcount as usize, code.flags)
        };
        let total = argcount + kwonly;
        let given = args.positional();
        let taken = given.len().min(argcount);
        for slot in 0..total {
            at.clear(slot);
        }
        for (slot, value) in given[..taken].iter().enumerate() {
            at.set(slot, *value);
        }
        let mut next = total;
        if flags & flag::VARARGS != 0 {
            // The frame is not entered yet: what it holds is also held by the caller's arguments.
            let rest = self.new_tuple(&given[taken..]);
            at.set(next, rest.into());
            next += 1;
        }
        let keywords = if flags & flag::VARKEYWORDS != 0 {
            let dict = self.new_dict();
            at.set(next, dict.into());
            Some(dict)
        } else {
            None
        };
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(self, index);
            self.bind_keyword(function, code, at, (name, value), keywords, (posonly, total), args)?;
        }
        if given.len() > argcount && flags & flag::VARARGS == 0 {
            return Err(self.too_many_positional(function, given.len(), at));
        }
        if given.len() < argcount {
            let defaults = function.get(self).defaults;
            let count = defaults.map_or(0, |defaults| defaults.get(self).len());
            let required = argcount.saturating_sub(count);
            let missing = (given.len()..required).filter(|slot| at.raw(*slot) == 0).count();
            if missing > 0 {
                return Err(self.missing_arguments(function, code, at, 0..required, "positional"));
            }
            if let Some(defaults) = defaults {
                for slot in given.len().max(required)..argcount {
                    if at.raw(slot) == 0 {
                        at.set(slot, defaults.get(self).items()[count + slot - argcount]);
                    }
                }
            }
        }
        if kwonly > 0 {
            self.bind_keyword_defaults(function, code, at, argcount..total)?;
        }
        Ok(())
    }

    fn bind_keyword_defaults(&mut self, function: Gc<Function>, code: Gc<Code>, at: At, slots: std::ops::Range<usize>) -> Result<()> {
        let defaults = function.get(self).kwdefaults;
        let mut missing = false;
        for slot in slots.clone() {
            if at.raw(slot) != 0 {
                continue;
            }
            let name = self.local_name(code, slot);
            match defaults.and_then(|defaults| self.dict_get_str(defaults, name)) {
                Some(value) => at.set(slot, value),
                None => missing = true,
            }
        }
        if missing {
            return Err(self.missing_arguments(function, code, at, slots, "keyword-only"));
        }
        Ok(())
    }

    pub(super) fn local_name(&mut self, code: Gc<Code>, slot: usize) -> Gc<Str> {
        let names = self.local_names(code);
        Gc::known(self, names.get(self).items()[slot])
    }

    #[allow(clippy::too_many_arguments)]
    fn bind_keyword(
        &mut self,
        function: Gc<Function>,
        code: Gc<Code>,
        at: At,
        (name, value): (Gc<Str>, Value),
        keywords: Option<Gc<Dict>>,
        (posonly, total): (usize, usize),
        args: Args,
    ) -> Result<()> {
        let names = self.local_names(code);
        let items = names.get(self).items();
        let same = |slot: &usize| {
            let candidate = Gc::<Str>::known(self, items[*slot]);
            candidate == name || candidate.get(self).bytes() == name.get(self).bytes()
        };
        if let Some(slot) = (posonly..total).find(same) {
            if at.raw(slot) != 0 {
                let (function, name) = (self.function_name(function), name.get(self).lossy());
                raise!(self, TypeError, "{function}() got multiple values for argument '{name}'");
            }
            at.set(slot, value);
            return Ok(());
        }
        if let Some(dict) = keywords {
            return self.dict_set_str(dict, name, value);
        }
        let positional_only: Vec<String> = (0..posonly)
            .filter(|slot| {
                let candidate = Gc::<Str>::known(self, items[*slot]).get(self).bytes();
                (0..args.keyword_count()).any(|index| args.keyword(self, index).0.get(self).bytes() == candidate)
            })
            .map(|slot| Gc::<Str>::known(self, items[slot]).get(self).lossy())
            .collect();
        let function = self.function_name(function);
        if !positional_only.is_empty() {
            let names = positional_only.join(", ");
            raise!(self, TypeError, "{function}() got some positional-only arguments passed as keyword arguments: '{names}'");
        }
        let wrong = name.get(self).lossy();
        let known: Vec<String> = (posonly..total).map(|slot| Gc::<Str>::known(self, items[slot]).get(self).lossy()).collect();
        match crate::text::suggestion(&wrong, &known) {
            Some(near) => raise!(self, TypeError, "{function}() got an unexpected keyword argument '{wrong}'. Did you mean '{near}'?"),
            None => raise!(self, TypeError, "{function}() got an unexpected keyword argument '{wrong}'"),
        }
    }

    fn function_name(&self, function: Gc<Function>) -> String {
        function.get(self).qualname.get(self).lossy()
    }

    #[cold]
    fn too_many_positional(&mut self, function: Gc<Function>, given: usize, at: At) -> Raised {
        let code = function.get(self).code;
        let (argcount, kwonly) = {
            let code = &code.get(self).code;
            (code.argcount as usize, code.kwonlyargcount as usize)
        };
        let defaults = function.get(self).defaults.map_or(0, |defaults| defaults.get(self).len());
        let kwonly_given = (argcount..argcount + kwonly).filter(|slot| at.raw(*slot) != 0).count();
        let (takes, plural) = if defaults > 0 {
            // Defaults may have been set that are more than the parameters.
            (format!("from {} to {argcount}", argcount as isize - defaults as isize), true)
        } else {
            (argcount.to_string(), argcount != 1)
        };
        let keyword = if kwonly_given > 0 {
            let first = if given != 1 { "s" } else { "" };
            let second = if kwonly_given != 1 { "s" } else { "" };
            format!(" positional argument{first} (and {kwonly_given} keyword-only argument{second})")
        } else {
            String::new()
        };
        let verb = if given == 1 && kwonly_given == 0 { "was" } else { "were" };
        let (name, plural) = (self.function_name(function), if plural { "s" } else { "" });
        crate::error!(self, TypeError, "{name}() takes {takes} positional argument{plural} but {given}{keyword} {verb} given")
    }

    #[cold]
    fn missing_arguments(&mut self, function: Gc<Function>, code: Gc<Code>, at: At, slots: std::ops::Range<usize>, kind: &str) -> Raised {
        let all = self.local_names(code);
        let names: Vec<String> = slots
            .filter(|slot| at.raw(*slot) == 0)
            .map(|slot| Gc::known(self, all.get(self).items()[slot]))
            .filter(|name| kind == "positional" || !self.has_keyword_default(function, *name))
            .map(|name| format!("'{}'", name.get(self).lossy()))
            .collect();
        let list = match names.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, second] => format!("{first} and {second}"),
            [rest @ .., second, last] => {
                let head: String = rest.iter().map(|name| format!("{name}, ")).collect();
                format!("{head}{second}, and {last}")
            }
        };
        let (count, plural) = (names.len(), if names.len() == 1 { "" } else { "s" });
        let name = self.function_name(function);
        crate::error!(self, TypeError, "{name}() missing {count} required {kind} argument{plural}: {list}")
    }

    fn has_keyword_default(&self, function: Gc<Function>, name: Gc<Str>) -> bool {
        function.get(self).kwdefaults.is_some_and(|defaults| self.dict_get_str(defaults, name).is_some())
    }

    /// A function object for code, as the MAKE_FUNCTION instruction makes it.
    pub fn new_function(&mut self, code: Gc<Code>, globals: Gc<Dict>, builtins: Gc<Dict>) -> Gc<Function> {
        let (name, qualname) = (code.get(self).name, code.get(self).qualname);
        // The namespaces of modules begin with it.
        let name_of_module = self.names.__name__;
        let module = match globals.get(self).entries().first() {
            Some(entry) if entry.key == Some(name_of_module.into()) => entry.value,
            _ => self.dict_get_str(globals, name_of_module),
        };
        let function = Function {
            header: bredli_heap::Header::EMPTY,
            entry: super::slow::entry_of(code.get(self)),
            plain_args: super::slow::plain_args_of(code.get(self)),
            version: 0,
            code,
            globals,
            builtins,
            closure: None,
            defaults: None,
            kwdefaults: None,
            name,
            qualname,
            module,
            doc: None,
            annotations: None,
            annotate: None,
            type_params: None,
            dict: None,
        };
        self.alloc(function)
    }

    /// After a change of a function's code or defaults: how it is entered.
    pub fn refresh_function(&mut self, function: Gc<Function>) {
        let code = function.get(self).code;
        let (entry, plain) = (super::slow::entry_of(code.get(self)), super::slow::plain_args_of(code.get(self)));
        let this = function.get_mut(self);
        this.entry = entry;
        this.plain_args = plain;
        this.version = 0;
    }

    /// Run code in a namespace, as `exec` and imports do.
    pub fn run_code(&mut self, code: Gc<Code>, globals: Gc<Dict>, locals: Value, closure: Option<Gc<Tuple>>) -> Result {
        let builtins = self.builtins_for(globals)?;
        let function = self.new_function(code, globals, builtins);
        function.get_mut(self).closure = closure;
        if code.get(self).code.flags & (flag::GENERATOR | flag::COROUTINE | flag::ASYNC_GENERATOR) != 0 && locals != globals.into() {
            raise!(self, NotImplementedError, "code that waits at its top level can only run with its globals as locals");
        }
        self.run_function(function, Args::EMPTY, Some(locals))
    }

    /// The builtins namespace for code that runs with the given globals, which get `__builtins__` if they lack it.
    pub fn builtins_for(&mut self, globals: Gc<Dict>) -> Result<Gc<Dict>> {
        let name = self.names.__builtins__;
        if let Some(found) = self.dict_get_str(globals, name) {
            if let Some(dict) = Gc::<Dict>::cast(self, found) {
                return Ok(dict);
            }
            if let Some(module) = Gc::<crate::types::Module>::cast(self, found) {
                return Ok(crate::types::Module::namespace(module, self));
            }
        }
        Ok(self.builtins_dict)
    }

    /// A Python function that takes one argument and needs no binding.
    pub(crate) fn plain_getter(&self, value: Value) -> Option<Gc<Function>> {
        self.as_function(value).filter(|getter| getter.get(self).plain_args == 1)
    }

    /// Whether a value is a plain Python function.
    #[inline(always)]
    pub(super) fn as_function(&self, value: Value) -> Option<Gc<Function>> {
        if crate::object::is_exact(value, shapes::FUNCTION) { Gc::cast(self, value) } else { None }
    }
}
