//! `re.Match`.

use super::pattern::{Pattern, Window};
use super::substitute;
use super::text::{Found, Text};
use bredli_regex::Span;
use bredli_runtime::prelude::*;

/// The result of re.match() and re.search().
/// Match objects always have a boolean value of True.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Match", module = "re", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Match {
    pub(super) header: Header,
    pub(super) pattern: Gc<Pattern>,
    pub(super) string: Value,
    pub(super) pos: usize,
    pub(super) endpos: usize,
    #[trace(skip)]
    pub(super) lastindex: Option<u32>,
    #[trace(skip)]
    pub(super) spans: Vec<Option<Span>>,
}

impl Match {
    /// A match that was found in a window.
    pub fn make(py: &mut Py, pattern: Gc<Pattern>, window: &Window, found: Found) -> Gc<Match> {
        let Window { string, pos, endpos, .. } = *window;
        py.alloc(Match { header: Header::EMPTY, pattern, string, pos, endpos, lastindex: found.lastindex, spans: found.spans })
    }

    /// The number of a group given by number or name.
    fn group_index(this: Gc<Match>, py: &mut Py, group: Value) -> Result<usize> {
        let index = if py.has_index(group) {
            let index = py.index(group)?;
            py.int_to_i64(index)
        } else {
            let names = this.get(py).pattern.get(py).groupindex;
            match py.dict_get(names, group) {
                Ok(found) => found.and_then(|index| py.int_to_i64(index)),
                Err(_) => {
                    py.clear_exception();
                    None
                }
            }
        };
        match index.and_then(|index| usize::try_from(index).ok()).filter(|index| *index < this.get(py).spans.len()) {
            Some(index) => Ok(index),
            None => raise!(py, IndexError, "no such group"),
        }
    }

    fn value(this: Gc<Match>, py: &mut Py, index: usize, default: Value) -> Result {
        let Some(span) = this.get(py).spans[index] else { return Ok(default) };
        let text = Text::new(py, this.get(py).string)?;
        text.part(py, span.start, span.end)
    }

    /// Start and end as positions, -1 when the group did not match.
    fn positions(this: Gc<Match>, py: &mut Py, index: usize) -> Result<(i64, i64)> {
        let Some(span) = this.get(py).spans[index] else { return Ok((-1, -1)) };
        let text = Text::new(py, this.get(py).string)?;
        Ok((text.position_of(py, span.start) as i64, text.position_of(py, span.end) as i64))
    }
}

#[pymethods]
impl Match {
    /// Return one or more subgroups of the match.
    #[signature(self, *args)]
    fn group(this: Gc<Self>, py: &mut Py, args: &[Value]) -> Result {
        match *args {
            [] => Match::value(this, py, 0, Value::NONE),
            [group] => {
                let index = Match::group_index(this, py, group)?;
                Match::value(this, py, index, Value::NONE)
            }
            _ => {
                let mut values = RootVec::new(&mut py.heap);
                for group in args {
                    let index = Match::group_index(this, py, *group)?;
                    values.push(Match::value(this, py, index, Value::NONE)?);
                }
                Ok(py.new_tuple(&values).into())
            }
        }
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let index = Match::group_index(this, py, key)?;
        Match::value(this, py, index, Value::NONE)
    }

    /// Return index of the start of the substring matched by group.
    #[signature(self, group=0, /)]
    fn start(this: Gc<Self>, py: &mut Py, group: Value) -> Result<i64> {
        let index = Match::group_index(this, py, group)?;
        Ok(Match::positions(this, py, index)?.0)
    }

    /// Return index of the end of the substring matched by group.
    #[signature(self, group=0, /)]
    fn end(this: Gc<Self>, py: &mut Py, group: Value) -> Result<i64> {
        let index = Match::group_index(this, py, group)?;
        Ok(Match::positions(this, py, index)?.1)
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[signature(self, group=0, /)]
    fn span(this: Gc<Self>, py: &mut Py, group: Value) -> Result<(i64, i64)> {
        let index = Match::group_index(this, py, group)?;
        Match::positions(this, py, index)
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    #[signature(self, /, default=None)]
    fn groups(this: Gc<Self>, py: &mut Py, default: Value) -> Result<Gc<Tuple>> {
        let mut values = RootVec::new(&mut py.heap);
        for index in 1..this.get(py).spans.len() {
            values.push(Match::value(this, py, index, default)?);
        }
        Ok(py.new_tuple(&values))
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    #[signature(self, /, default=None)]
    fn groupdict(this: Gc<Self>, py: &mut Py, default: Value) -> Result<Gc<Dict>> {
        let (result, names) = (py.new_dict(), this.get(py).pattern.get(py).groupindex);
        let mut at = 0;
        while let Some((position, name, group)) = names.get(py).entry_from(at) {
            let index = Match::group_index(this, py, group)?;
            let value = Match::value(this, py, index, default)?;
            py.dict_set(result, name, value)?;
            at = position + 1;
        }
        Ok(result)
    }

    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[signature(self, /, template)]
    fn expand(this: Gc<Self>, py: &mut Py, template: Value) -> Result {
        substitute::expand(py, this, template)
    }

    fn __copy__(this: Gc<Self>) -> Gc<Self> {
        this
    }

    #[signature(self, memo, /)]
    fn __deepcopy__(this: Gc<Self>, memo: Value) -> Gc<Self> {
        let _ = memo;
        this
    }

    /// See PEP 585
    #[signature(type, item, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, item: Value) -> Result {
        py.new_generic_alias(cls.into(), item)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (start, end) = Match::positions(this, py, 0)?;
        let whole = Match::value(this, py, 0, Value::NONE)?;
        let text = py.repr_text(whole)?;
        Ok(format!("<re.Match object; span=({start}, {end}), match={text}>"))
    }

    /// The string passed to match() or search().
    #[getter]
    fn string(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).string
    }

    /// The regular expression object.
    #[getter]
    fn re(this: Gc<Self>, py: &Py) -> Gc<Pattern> {
        this.get(py).pattern
    }

    /// The index into the string at which the RE engine started looking for a match.
    #[getter]
    fn pos(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).pos
    }

    /// The index into the string beyond which the RE engine will not go.
    #[getter]
    fn endpos(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).endpos
    }

    /// The integer index of the last matched capturing group.
    #[getter]
    fn lastindex(this: Gc<Self>, py: &Py) -> Option<u32> {
        this.get(py).lastindex.filter(|index| *index > 0)
    }

    /// The name of the last matched capturing group.
    #[getter]
    fn lastgroup(this: Gc<Self>, py: &Py) -> Value {
        let (this, names) = (this.get(py), this.get(py).pattern.get(py).indexgroup.get(py));
        this.lastindex.and_then(|index| names.items().get(index as usize).copied()).unwrap_or(Value::NONE)
    }

    #[getter]
    fn regs(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        let mut values = RootVec::new(&mut py.heap);
        for index in 0..this.get(py).spans.len() {
            let (start, end) = Match::positions(this, py, index)?;
            let pair = [py.new_int(start), py.new_int(end)];
            values.push(py.new_tuple(&pair).into());
        }
        Ok(py.new_tuple(&values))
    }
}
