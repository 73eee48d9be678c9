//! Exception groups: the class, splitting, and what `except*` needs from both.
//!
//! Counterpart: the second half of `Objects/exceptions.c`, and `_PyEval_ExceptionGroupMatch` in `Python/ceval.c`.

use super::table::defs;
use super::{BaseException, Exceptions};
use crate::native::{Args, ClassDef, NativeClass};
use crate::object::{Class, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

const MESSAGE: usize = 0;
const EXCEPTIONS: usize = 1;
/// How the exceptions are shown, when they were given as neither list nor tuple.
const SHOWN: usize = 2;

/// The methods of `BaseExceptionGroup`.
pub(super) struct Group;

impl NativeClass for Group {
    const DEF: &'static ClassDef = defs::BaseExceptionGroup::DEF;
}

/// The two halves of a group; None where one is empty.
#[derive(Clone, Copy)]
struct Split {
    matching: Option<Value>,
    rest: Option<Value>,
}

/// What decides which exceptions of a group are taken.
#[derive(Clone, Copy)]
enum Condition {
    /// Instances of a class or of one of the classes.
    Classes(Value),
    /// Those a function accepts.
    Predicate(Value),
    /// Those in a set of addresses, which stands in a dictionary.
    Members(Gc<crate::object::Dict>),
}

#[pymethods]
impl Group {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let given = args.positional();
        let [message, exceptions] = *given else {
            raise!(py, TypeError, "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", given.len());
        };
        if !py.is_str(message) {
            let class = py.class_name(message);
            raise!(py, TypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not {class}");
        }
        if !py.is_sequence(exceptions) {
            raise!(py, TypeError, "second argument (exceptions) must be a sequence");
        }
        let plain = py.is_instance_of(exceptions, py.types.list) || py.is_instance_of(exceptions, py.types.tuple);
        let shown = if plain { None } else { Some(Value::from(py.repr(exceptions)?)) };
        let members = py.tuple_from_iterable(exceptions)?;
        let count = members.get(py).len();
        if count == 0 {
            raise!(py, ValueError, "second argument (exceptions) must be a non-empty sequence");
        }
        let mut only_plain = true;
        for index in 0..count {
            let member = members.get(py).items()[index];
            if !py.is_exception(member) {
                raise!(py, ValueError, "Item {index} of second argument (exceptions) is not an exception");
            }
            only_plain &= py.is_instance_of(member, py.exceptions.Exception);
        }
        let mut class = cls;
        if class == py.exceptions.BaseExceptionGroup {
            if only_plain {
                class = py.exceptions.ExceptionGroup;
            }
        } else if !only_plain && class == py.exceptions.ExceptionGroup {
            raise!(py, TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        } else if !only_plain && py.is_subtype(class, py.exceptions.Exception) {
            let name = class.get(py).name.get(py).lossy();
            raise!(py, TypeError, "Cannot nest BaseExceptions in '{name}'");
        }
        let group = py.new_exception(class, given);
        py.set_field(group, MESSAGE, Some(message));
        py.set_field(group, EXCEPTIONS, Some(members.into()));
        if shown.is_some() {
            py.set_field(group, SHOWN, shown);
        }
        Ok(group.into())
    }

    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        py.refuse_keywords(this, args)?;
        let values = py.new_tuple(args.positional());
        Gc::<BaseException>::known(py, this).get_mut(py).args = values;
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result<String> {
        let (message, members) = py.group_parts(this);
        let count = members.get(py).len();
        let plural = if count > 1 { "s" } else { "" };
        Ok(format!("{} ({count} sub-exception{plural})", message.get(py).lossy()))
    }

    fn __repr__(this: Value, py: &mut Py) -> Result<String> {
        let class = py.class_name(this);
        let (message, members) = py.group_parts(this);
        let args = Gc::<BaseException>::known(py, this).get(py).args;
        let given = args.get(py).items().get(1).copied();
        let stored = py.exception_field(Gc::known(py, this), SHOWN);
        if let Some(stored) = stored {
            let (message, stored) = (py.repr_text(message.into())?, py.str_text(stored)?);
            return Ok(format!("{class}({message}, {stored})"));
        }
        // The exceptions are shown as the kind of sequence that was given.
        let shown: Value = match given {
            Some(given) if py.class_of(given) == py.types.list => py.list_from_iterable(members.into())?.into(),
            _ => members.into(),
        };
        let (message, shown) = (py.repr_text(message.into())?, py.repr_text(shown)?);
        Ok(format!("{class}({message}, {shown})"))
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    #[no_text_signature]
    fn derive(this: Value, py: &mut Py, excs: Value) -> Result {
        let (message, _) = py.group_parts(this);
        let class = py.exceptions.BaseExceptionGroup;
        py.call(class.into(), &[message.into(), excs])
    }

    #[no_text_signature]
    fn split(this: Value, py: &mut Py, matcher_value: Value) -> Result {
        let condition = py.group_condition(matcher_value)?;
        let split = py.split_group(this, condition, Half::Both)?;
        let (matching, rest) = (split.matching.unwrap_or(Value::NONE), split.rest.unwrap_or(Value::NONE));
        Ok(py.new_tuple(&[matching, rest]).into())
    }

    #[no_text_signature]
    fn subgroup(this: Value, py: &mut Py, matcher_value: Value) -> Result<Option<Value>> {
        let condition = py.group_condition(matcher_value)?;
        Ok(py.split_group(this, condition, Half::Matching)?.matching)
    }
}

/// Which halves of a split are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Matching,
    Both,
}

impl Py {
    /// `ExceptionGroup` is an `Exception` besides being a group.
    pub(super) fn connect_exception_group(&mut self, classes: &Exceptions) {
        let (group, base, exception) = (classes.ExceptionGroup, classes.BaseExceptionGroup, classes.Exception);
        let bases = self.new_tuple(&[base.into(), exception.into()]);
        let object = self.types.object;
        let mro = self.new_tuple(&[group.into(), base.into(), exception.into(), classes.BaseException.into(), object.into()]);
        let this = group.get_mut(self);
        (this.bases, this.mro) = (bases, mro);
        if self.add_subclass(exception, group).is_err() {
            self.clear_exception();
        }
    }

    /// Whether a value is an exception group.
    pub(crate) fn is_exception_group(&self, value: Value) -> bool {
        self.is_instance_of(value, self.exceptions.BaseExceptionGroup)
    }

    fn group_parts(&mut self, group: Value) -> (Gc<Str>, Gc<Tuple>) {
        let group = Gc::<BaseException>::known(self, group);
        let message = self.exception_field(group, MESSAGE).and_then(|text| Gc::<Str>::cast(self, text));
        let members = self.exception_field(group, EXCEPTIONS).and_then(|members| Gc::<Tuple>::cast(self, members));
        (message.unwrap_or(self.constants.empty_str), members.unwrap_or(self.constants.empty_tuple))
    }

    fn group_condition(&mut self, value: Value) -> Result<Condition> {
        if self.exception_class(value).is_some() {
            return Ok(Condition::Classes(value));
        }
        if let Some(tuple) = Gc::<Tuple>::cast(self, value)
            && tuple.get(self).items().iter().all(|item| self.exception_class(*item).is_some())
        {
            return Ok(Condition::Classes(value));
        }
        if Gc::<Class>::cast(self, value).is_none() && self.class_of(value).get(self).slots.call.is_some() {
            return Ok(Condition::Predicate(value));
        }
        raise!(self, TypeError, "expected an exception type, a tuple of exception types, or a callable (other than a class)")
    }

    fn condition_holds(&mut self, exception: Value, condition: Condition) -> Result<bool> {
        match condition {
            Condition::Classes(classes) => self.exception_pattern_matches(exception, classes),
            Condition::Predicate(function) => {
                let answer = self.call(function, &[exception])?;
                self.truth(answer)
            }
            Condition::Members(set) => {
                let address = self.new_int(exception.bits() as i64);
                Ok(!self.is_exception_group(exception) && self.dict_get(set, address)?.is_some())
            }
        }
    }

    fn split_group(&mut self, exception: Value, condition: Condition, half: Half) -> Result<Split> {
        self.enter_native(" in exceptiongroup_split_recursive")?;
        if self.condition_holds(exception, condition)? {
            return Ok(Split { matching: Some(exception), rest: None });
        }
        if !self.is_exception_group(exception) {
            return Ok(Split { matching: None, rest: if half == Half::Both { Some(exception) } else { None } });
        }
        let (_, members) = self.group_parts(exception);
        let (mut matching, mut rest) = (RootVec::new(&mut self.heap), RootVec::new(&mut self.heap));
        for index in 0..members.get(self).len() {
            let member = members.get(self).items()[index];
            let split = self.split_group(member, condition, half)?;
            matching.extend(split.matching);
            rest.extend(split.rest);
        }
        let matching = self.derive_group(exception, &matching)?;
        let rest = if half == Half::Both { self.derive_group(exception, &rest)? } else { None };
        Ok(Split { matching, rest })
    }

    /// A group like another one with other members: `derive` makes it, traceback, context, cause and notes are copied.
    fn derive_group(&mut self, original: Value, members: &[Value]) -> Result<Option<Value>> {
        if members.is_empty() {
            return Ok(None);
        }
        let members = self.new_list(members)?;
        let derive = self.names.derive;
        let made = self.call_method(original, derive, &[members.into()])?;
        if !self.is_exception_group(made) {
            raise!(self, TypeError, "derive must return an instance of BaseExceptionGroup");
        }
        let from = Gc::<BaseException>::known(self, original);
        let (traceback, context, cause) = {
            let from = from.get(self);
            (from.traceback, from.context, from.cause)
        };
        let to = Gc::<BaseException>::known(self, made).get_mut(self);
        (to.traceback, to.context, to.cause) = (traceback, context, cause);
        to.suppress_context = true;
        let name = self.names.__notes__;
        if let Some(notes) = self.lookup_attr(original, name)?
            && self.is_sequence(notes)
        {
            let copy = self.list_from_iterable(notes)?;
            self.set_attr(made, name, Some(copy.into()))?;
        }
        Ok(Some(made))
    }

    /// `except* pattern`: what of an exception is left and what is caught, each None where it is empty.
    pub(crate) fn group_match(&mut self, exception: Value, pattern: Value) -> Result<(Value, Value)> {
        self.check_star_pattern(pattern)?;
        if exception.is_none() {
            return Ok((Value::NONE, Value::NONE));
        }
        if self.exception_pattern_matches(exception, pattern)? {
            if self.is_exception_group(exception) {
                return Ok((Value::NONE, exception));
            }
            let (text, members) = (self.constants.empty_str, self.new_tuple(&[exception]));
            let class = self.exceptions.BaseExceptionGroup;
            let wrapped = self.call(class.into(), &[text.into(), members.into()])?;
            // The wrapper stands for a group that was raised where the exception was.
            if let Some(view) = self.current_frame() {
                let (function, offset) = (view.function(), view.offset(self));
                let frame = self.frame_object(view);
                let entry = self.new_traceback(None, function, offset, Some(frame.into()));
                Gc::<BaseException>::known(self, wrapped).get_mut(self).traceback = Some(entry);
            }
            return Ok((Value::NONE, wrapped));
        }
        if !self.is_exception_group(exception) {
            return Ok((exception, Value::NONE));
        }
        let split = self.names.split;
        let pair = self.call_method(exception, split, &[pattern])?;
        let class = self.class_name(exception);
        let Some(pair) = Gc::<Tuple>::cast(self, pair) else {
            let given = self.class_name(pair);
            raise!(self, TypeError, "{class}.split must return a tuple, not {given}");
        };
        let count = pair.get(self).len();
        if count < 2 {
            raise!(self, TypeError, "{class}.split must return a 2-tuple, got tuple of size {count}");
        }
        let (matching, rest) = (pair.get(self).items()[0], pair.get(self).items()[1]);
        if matching.is_none() { Ok((exception, Value::NONE)) } else { Ok((rest, matching)) }
    }

    fn check_star_pattern(&mut self, pattern: Value) -> Result<()> {
        let single = [pattern];
        let mut classes = RootVec::new(&mut self.heap);
        match Gc::<Tuple>::cast(self, pattern) {
            Some(tuple) => classes.extend_from_slice(tuple.get(self).items()),
            None => classes.extend_from_slice(&single),
        }
        for class in classes.iter() {
            let Some(class) = self.exception_class(*class) else {
                raise!(self, TypeError, "catching classes that do not inherit from BaseException is not allowed");
            };
            if self.is_subtype(class, self.exceptions.BaseExceptionGroup) {
                raise!(self, TypeError, "catching ExceptionGroup with except* is not allowed. Use except instead.");
            }
        }
        Ok(())
    }

    /// What a finished `try`/`except*` raises: of the exceptions in the list, those raised again are merged along the structure of the original group,
    /// new ones stand beside. None: nothing.
    pub(crate) fn prepare_reraise_star(&mut self, original: Value, exceptions: Value) -> Result {
        let mut all = self.collect_iterable(exceptions)?;
        all.retain(|exception| !exception.is_none());
        if all.is_empty() {
            return Ok(Value::NONE);
        }
        if !self.is_exception_group(original) {
            // A naked exception was wrapped: at most one comes back.
            return Ok(all[0]);
        }
        let (mut raised, mut reraised) = (RootVec::new(&mut self.heap), RootVec::new(&mut self.heap));
        for index in 0..all.len() {
            let exception = all[index];
            if self.is_part_of(exception, original) { reraised.push(exception) } else { raised.push(exception) }
        }
        let merged = self.merge_reraised(original, &reraised)?;
        if raised.is_empty() {
            return Ok(merged);
        }
        if !merged.is_none() {
            raised.push(merged);
        }
        if let [only] = *raised.as_slice() {
            return Ok(only);
        }
        let (text, members) = (self.constants.empty_str, self.new_list(&raised)?);
        let class = self.exceptions.BaseExceptionGroup;
        self.call(class.into(), &[text.into(), members.into()])
    }

    /// Whether an exception has the metadata of the one it came from: it was split off and raised again.
    fn is_part_of(&self, exception: Value, original: Value) -> bool {
        let (Some(a), Some(b)) = (Gc::<BaseException>::cast(self, exception), Gc::<BaseException>::cast(self, original)) else {
            return false;
        };
        let (a, b) = (a.get(self), b.get(self));
        a.traceback == b.traceback && a.context == b.context && a.cause == b.cause
    }

    fn merge_reraised(&mut self, original: Value, reraised: &[Value]) -> Result {
        if reraised.is_empty() {
            return Ok(Value::NONE);
        }
        let leaves = self.new_dict();
        for exception in reraised {
            self.collect_leaves(*exception, leaves)?;
        }
        Ok(self.split_group(original, Condition::Members(leaves), Half::Matching)?.matching.unwrap_or(Value::NONE))
    }

    fn collect_leaves(&mut self, exception: Value, leaves: Gc<crate::object::Dict>) -> Result<()> {
        self.enter_native(" in collect_exception_group_leaf_ids")?;
        if !self.is_exception_group(exception) {
            let address = self.new_int(exception.bits() as i64);
            return self.dict_set(leaves, address, Value::TRUE);
        }
        let (_, members) = self.group_parts(exception);
        for index in 0..members.get(self).len() {
            let member = members.get(self).items()[index];
            self.collect_leaves(member, leaves)?;
        }
        Ok(())
    }
}
