//! Iteration over matches: `finditer` and the scanner of `re.Scanner`.

use super::matched::Match;
use super::pattern::{Pattern, Window};
use super::text::{Found, How, Text, interruptible};
use bredli_regex::{Matcher, Program, Scan};
use bredli_runtime::prelude::*;

/// The state that both iterators have.
#[derive(Trace)]
pub struct Progress {
    pattern: Gc<Pattern>,
    string: Value,
    #[trace(skip)]
    pos: usize,
    #[trace(skip)]
    endpos: usize,
    #[trace(skip)]
    scan: Option<Scan>,
}

/// The next match of a scan.
pub fn advance(py: &mut Py, program: &Program, text: Text, end: usize, scan: &mut Scan, how: How) -> Result<Option<Found>> {
    let mut matcher = Matcher::new();
    let found = interruptible(py, |py, poll| {
        let subject = text.subject(py).until(end);
        match how {
            How::Search => scan.search(&mut matcher, program, subject, poll),
            _ => scan.match_next(&mut matcher, program, subject, poll),
        }
    })?;
    Ok(found.then(|| Found::of(&matcher, program)))
}

impl Progress {
    fn new(pattern: Gc<Pattern>, window: &Window) -> Progress {
        let scan = (window.start <= window.end).then(|| Scan::new(window.start));
        Progress { pattern, string: window.string, pos: window.pos, endpos: window.endpos, scan }
    }
}

macro_rules! next {
    ($this:ident, $py:ident, $how:expr) => {{
        let progress = &mut $this.get_mut($py).progress;
        let (pattern, string, pos, endpos) = (progress.pattern, progress.string, progress.pos, progress.endpos);
        let Some(mut scan) = progress.scan.take() else { return Ok(None) };
        let mut window = Pattern::window(pattern, $py, string, pos as isize, endpos as isize)?;
        window.pos = pos;
        let program = Pattern::program(pattern, $py);
        let found = advance($py, &program, window.text, window.end, &mut scan, $how)?;
        if found.is_some() {
            $this.get_mut($py).progress.scan = Some(scan);
        }
        Ok(found.map(|found| Match::make($py, pattern, &window, found)))
    }};
}

/// What `finditer` returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "callable_iterator", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Finder {
    header: Header,
    progress: Progress,
}

impl Finder {
    /// At the start of a window.
    pub fn make(py: &mut Py, pattern: Gc<Pattern>, window: &Window) -> Gc<Finder> {
        py.alloc(Finder { header: Header::EMPTY, progress: Progress::new(pattern, window) })
    }
}

#[pymethods]
impl Finder {
    fn __iter__(this: Gc<Self>) -> Gc<Self> {
        this
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Match>>> {
        next!(this, py, How::Search)
    }
}

/// What `Pattern.scanner` returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "SRE_Scanner", module = "_sre", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Scanner {
    header: Header,
    progress: Progress,
}

impl Scanner {
    /// At the start of a window.
    pub fn make(py: &mut Py, pattern: Gc<Pattern>, window: &Window) -> Gc<Scanner> {
        py.alloc(Scanner { header: Header::EMPTY, progress: Progress::new(pattern, window) })
    }
}

#[pymethods]
impl Scanner {
    fn r#match(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Match>>> {
        next!(this, py, How::Match)
    }

    fn search(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Match>>> {
        next!(this, py, How::Search)
    }

    #[getter]
    fn pattern(this: Gc<Self>, py: &Py) -> Gc<Pattern> {
        this.get(py).progress.pattern
    }
}
