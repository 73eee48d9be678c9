//! `re.Pattern`.

use super::matched::Match;
use super::scanner::{Finder, Scanner};
use super::substitute;
use super::text::{Found, How, Text, run};
use bredli_regex::{Draft, Program, Scan};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use std::sync::Arc;

/// Compiled regular expression object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Pattern", module = "re", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Pattern {
    pub(super) header: Header,
    pub(super) pattern: Value,
    pub(super) flags: i32,
    pub(super) groups: usize,
    pub(super) groupindex: Gc<Dict>,
    pub(super) indexgroup: Gc<Tuple>,
    #[trace(skip)]
    program: Stage,
}

/// A pattern's program: prepared for matching at the first match.
enum Stage {
    Draft(Box<Draft>),
    Ready(Arc<Program>),
    /// Between the two.
    Taken,
}

/// `_sre.compile`.
pub fn compile(
    py: &mut Py,
    (pattern, flags): (Value, i32),
    code: Gc<List>,
    groups: isize,
    (groupindex, indexgroup): (Gc<Dict>, Gc<Tuple>),
) -> Result<Gc<Pattern>> {
    let mut words = Vec::with_capacity(code.get(py).len());
    for index in 0..code.get(py).len() {
        let Some(word) = code.get(py).items().get(index).copied() else { break };
        match py.int_to_u64(word).and_then(|word| u32::try_from(word).ok()) {
            Some(word) => words.push(word),
            None => raise!(py, OverflowError, "regular expression code size limit exceeded"),
        }
    }
    let program = match u32::try_from(groups).ok().and_then(|groups| Draft::new(&words, groups).ok()) {
        Some(draft) => Stage::Draft(Box::new(draft)),
        None => raise!(py, RuntimeError, "invalid SRE code"),
    };
    let groups = groups as usize;
    Ok(py.alloc(Pattern { header: Header::EMPTY, pattern, flags, groups, groupindex, indexgroup, program }))
}

/// The text to search and the byte offsets between which.
pub struct Window {
    pub text: Text,
    pub string: Value,
    pub pos: usize,
    pub endpos: usize,
    pub start: usize,
    pub end: usize,
}

impl Pattern {
    /// The program, ready to run.
    pub(super) fn program(this: Gc<Pattern>, py: &mut Py) -> Arc<Program> {
        if let Stage::Ready(program) = &this.get(py).program {
            return program.clone();
        }
        let stage = &mut this.get_mut(py).program;
        let Stage::Draft(draft) = std::mem::replace(stage, Stage::Taken) else { unreachable!("it is a draft before it is ready") };
        let program = Arc::new(draft.complete());
        *stage = Stage::Ready(program.clone());
        program
    }

    /// The text of an argument, which must be of the pattern's kind, and its bounds.
    pub(super) fn window(this: Gc<Pattern>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Window> {
        let text = Text::new(py, string)?;
        let pattern = this.get(py).pattern;
        let is_str = matches!(text, Text::Str(_));
        if is_str && Gc::<Bytes>::cast(py, pattern).is_some() {
            raise!(py, TypeError, "cannot use a bytes pattern on a string-like object");
        }
        if !is_str && py.is_str(pattern) {
            raise!(py, TypeError, "cannot use a string pattern on a bytes-like object");
        }
        let len = text.len(py);
        let pos = (pos.max(0) as usize).min(len);
        let endpos = (endpos.max(0) as usize).min(len);
        let (start, end) = (text.byte_of(py, pos), text.byte_of(py, endpos));
        Ok(Window { text, string, pos, endpos, start, end })
    }

    fn once(this: Gc<Pattern>, py: &mut Py, window: Window, how: How) -> Result<Option<Gc<Match>>> {
        if window.start > window.end {
            return Ok(None);
        }
        let program = Pattern::program(this, py);
        let found = run(py, &program, window.text, (window.start, window.end), how)?;
        Ok(found.map(|found| Match::make(py, this, &window, found)))
    }

    /// Call `each` with every match; it says whether to go on.
    pub(super) fn each(
        this: Gc<Pattern>,
        py: &mut Py,
        window: &Window,
        mut each: impl FnMut(&mut Py, Found) -> Result<bool>,
    ) -> Result<()> {
        let program = Pattern::program(this, py);
        let mut scan = Scan::new(window.start);
        if window.start > window.end {
            return Ok(());
        }
        while let Some(found) = super::scanner::advance(py, &program, window.text, window.end, &mut scan, How::Search)? {
            if !each(py, found)? {
                break;
            }
        }
        Ok(())
    }
}

#[pymethods]
impl Pattern {
    /// Matches zero or more characters at the beginning of the string.
    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn r#match(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Option<Gc<Match>>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        Pattern::once(this, py, window, How::Match)
    }

    /// Matches against all of the string.
    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn fullmatch(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Option<Gc<Match>>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        Pattern::once(this, py, window, How::Full)
    }

    /// Scan through string looking for a match, and return a corresponding match object instance, or None.
    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn search(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Option<Gc<Match>>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        Pattern::once(this, py, window, How::Search)
    }

    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by repl.
    #[signature(self, /, repl, string, count=0)]
    fn sub(this: Gc<Self>, py: &mut Py, repl: Value, string: Value, count: isize) -> Result {
        Ok(substitute::substitute(py, this, repl, string, count)?.0)
    }

    /// Return the tuple (new_string, number_of_subs_made).
    #[signature(self, /, repl, string, count=0)]
    fn subn(this: Gc<Self>, py: &mut Py, repl: Value, string: Value, count: isize) -> Result<(Value, usize)> {
        substitute::substitute(py, this, repl, string, count)
    }

    /// Return a list of all non-overlapping matches of pattern in string.
    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn findall(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Gc<List>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        let (list, groups) = (py.new_list(&[])?, this.get(py).groups);
        Pattern::each(this, py, &window, |py, found| {
            let group = |py: &mut Py, index: usize| match found.spans[index] {
                Some(span) => window.text.part(py, span.start, span.end),
                None => window.text.part(py, 0, 0),
            };
            let item = match groups {
                0 | 1 => group(py, groups)?,
                _ => {
                    let mut items = RootVec::new(&mut py.heap);
                    for index in 1..=groups {
                        items.push(group(py, index)?);
                    }
                    py.new_tuple(&items).into()
                }
            };
            py.list_push(list, item)?;
            Ok(true)
        })?;
        Ok(list)
    }

    /// Return an iterator over all non-overlapping matches of pattern in string.
    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn finditer(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Gc<Finder>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        Ok(Finder::make(py, this, &window))
    }

    #[signature(self, /, string, pos=0, endpos=sys.maxsize)]
    fn scanner(this: Gc<Self>, py: &mut Py, string: Value, pos: isize, endpos: isize) -> Result<Gc<Scanner>> {
        let window = Pattern::window(this, py, string, pos, endpos)?;
        Ok(Scanner::make(py, this, &window))
    }

    /// Split string by the occurrences of pattern.
    #[signature(self, /, string, maxsplit=0)]
    fn split(this: Gc<Self>, py: &mut Py, string: Value, maxsplit: isize) -> Result<Gc<List>> {
        let window = Pattern::window(this, py, string, 0, isize::MAX)?;
        let (list, groups) = (py.new_list(&[])?, this.get(py).groups);
        let (mut last, mut splits) = (0, 0);
        if maxsplit >= 0 {
            Pattern::each(this, py, &window, |py, found| {
                let whole = found.spans[0].expect("a match has a span");
                let part = window.text.part(py, last, whole.start)?;
                py.list_push(list, part)?;
                for span in &found.spans[1..=groups] {
                    let group = match span {
                        Some(span) => window.text.part(py, span.start, span.end)?,
                        None => Value::NONE,
                    };
                    py.list_push(list, group)?;
                }
                last = whole.end;
                splits += 1;
                Ok(maxsplit == 0 || splits < maxsplit)
            })?;
        }
        let rest = window.text.part(py, last, window.end)?;
        py.list_push(list, rest)?;
        Ok(list)
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

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let (pattern, flags) = (this.get(py).pattern, this.get(py).flags);
        Ok(py.hash(pattern)? ^ flags as i64)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (left, right) = (this.get(py), other.get(py));
        let (a, b, flags) = (left.pattern, right.pattern, left.flags == right.flags);
        let equal = flags && py.class_of(a) == py.class_of(b) && py.eq(a, b)?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        const FLAGS: [(i32, &str); 8] = [
            (2, "re.IGNORECASE"),
            (4, "re.LOCALE"),
            (8, "re.MULTILINE"),
            (16, "re.DOTALL"),
            (64, "re.VERBOSE"),
            (128, "re.DEBUG"),
            (256, "re.ASCII"),
            (32, "re.UNICODE"),
        ];
        let (pattern, mut flags) = (this.get(py).pattern, this.get(py).flags);
        if py.is_str(pattern) && flags & (4 | 32 | 256) == 32 {
            flags &= !32;
        }
        let text: String = py.repr_text(pattern)?.chars().take(200).collect();
        let mut names: Vec<String> = Vec::new();
        for (flag, name) in FLAGS {
            if flags & flag != 0 {
                names.push(name.to_string());
                flags &= !flag;
            }
        }
        if flags != 0 {
            names.push(format!("{flags:#x}"));
        }
        let separator = if names.is_empty() { "" } else { ", " };
        Ok(format!("re.compile({text}{separator}{})", names.join("|")))
    }

    /// The pattern string from which the RE object was compiled.
    #[getter]
    fn pattern(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).pattern
    }

    /// The regex matching flags.
    #[getter]
    fn flags(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).flags
    }

    /// The number of capturing groups in the pattern.
    #[getter]
    fn groups(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).groups
    }

    /// A dictionary mapping group names to group numbers.
    #[getter]
    fn groupindex(this: Gc<Self>, py: &mut Py) -> Result {
        let names = this.get(py).groupindex;
        let class = py.types.mappingproxy;
        py.call(class.into(), &[names.into()])
    }
}
