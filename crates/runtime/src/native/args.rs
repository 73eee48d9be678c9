//! The arguments of a call: positional values followed by keyword values in one slice, as in CPython's vectorcall.

use crate::object::{Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// A native function of [`Args`] in pieces, which are passed in registers: the values, and the names of those that are keyword arguments.
/// Methods get their receiver as the first argument.
pub type NativeFn = for<'a> fn(&mut Py, &'a [Value], Option<Gc<Tuple>>) -> Result<Value>;

/// The arguments of a call.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Value],
    kwnames: Option<Gc<Tuple>>,
    positional: usize,
}

impl<'a> Args<'a> {
    /// No arguments.
    pub const EMPTY: Args<'static> = Args { values: &[], kwnames: None, positional: 0 };

    /// Positional arguments only.
    #[inline(always)]
    pub fn new(values: &'a [Value]) -> Self {
        Self { values, kwnames: None, positional: values.len() }
    }

    /// The pieces of others put together.
    #[inline(always)]
    pub fn received(py: &Py, values: &'a [Value], kwnames: Option<Gc<Tuple>>) -> Self {
        let keywords = kwnames.map_or(0, |names| names.get(py).len());
        Self { values, kwnames, positional: values.len() - keywords }
    }

    /// Positional arguments, then one value for each name of `kwnames` (a tuple of `str`).
    #[inline]
    pub fn with_keywords(py: &Py, values: &'a [Value], kwnames: Option<Gc<Tuple>>) -> Self {
        Self::received(py, values, kwnames.filter(|names| !names.get(py).is_empty()))
    }

    /// The same keyword names over other values, which may have more or fewer positional ones.
    #[inline]
    pub fn over<'b>(&self, values: &'b [Value]) -> Args<'b> {
        Args { values, kwnames: self.kwnames, positional: values.len() - self.keyword_count() }
    }

    /// How many values there are, positional and keyword ones.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no arguments at all.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All values: positional ones, then those of the keywords.
    #[inline(always)]
    pub fn values(&self) -> &'a [Value] {
        self.values
    }

    /// The positional arguments.
    #[inline(always)]
    pub fn positional(&self) -> &'a [Value] {
        &self.values[..self.positional]
    }

    /// Positional argument `index`, if given.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.positional().get(index).copied()
    }

    /// The names of the keyword arguments; never an empty tuple.
    #[inline(always)]
    pub fn kwnames(&self) -> Option<Gc<Tuple>> {
        self.kwnames
    }

    /// Whether there are keyword arguments.
    #[inline(always)]
    pub fn has_keywords(&self) -> bool {
        self.kwnames.is_some()
    }

    /// How many keyword arguments there are.
    #[inline(always)]
    pub fn keyword_count(&self) -> usize {
        self.values.len() - self.positional
    }

    /// Name and value of keyword argument `index`.
    pub fn keyword(&self, py: &Py, index: usize) -> (Gc<Str>, Value) {
        let names = self.kwnames.expect("there are keyword arguments");
        let name = Gc::<Str>::cast(py, names.get(py).items()[index]).expect("keyword names are strings");
        (name, self.values[self.positional + index])
    }

    /// Names and values of the keyword arguments.
    pub fn keywords<'p>(self, py: &'p Py) -> impl Iterator<Item = (Gc<Str>, Value)> + use<'a, 'p> {
        (0..self.keyword_count()).map(move |index| self.keyword(py, index))
    }

    /// The value of the keyword argument `name`, if given.
    pub fn find_keyword(&self, py: &Py, name: &str) -> Option<Value> {
        self.keywords(py).find(|(key, _)| key.get(py).bytes() == name.as_bytes()).map(|(_, value)| value)
    }

    /// The arguments without the first positional one.
    #[inline(always)]
    pub fn rest(&self) -> Self {
        let skipped = self.positional.min(1);
        Self { values: &self.values[skipped..], kwnames: self.kwnames, positional: self.positional - skipped }
    }

    /// The arguments without their keywords.
    #[inline]
    pub fn without_keywords(&self) -> Self {
        Self::new(self.positional())
    }

    /// The first positional argument and the others.
    #[inline]
    pub fn split_first(&self, py: &mut Py) -> Result<(Value, Self)> {
        match self.get(0) {
            Some(first) => Ok((first, self.rest())),
            None => raise!(py, TypeError, "expected at least 1 argument, got 0"),
        }
    }
}
