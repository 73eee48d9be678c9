//! `_csv.Dialect`: how values are separated and quoted.

use super::{Settings, error};
use bredli_runtime::object::encode_code_point;
use bredli_runtime::prelude::*;

/// Quote only fields that need it.
pub const MINIMAL: i64 = 0;
/// Quote every field.
pub const ALL: i64 = 1;
/// Quote what is no number.
pub const NONNUMERIC: i64 = 2;
/// Quote nothing.
pub const NONE: i64 = 3;
/// Quote every string.
pub const STRINGS: i64 = 4;
/// Quote everything but None.
pub const NOTNULL: i64 = 5;

/// CSV dialect
///
/// The Dialect type records CSV parsing and generation options.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Dialect", module = "_csv", flags(BASETYPE, IMMUTABLE))]
pub struct Dialect {
    header: Header,
    #[trace(skip)]
    pub(super) rules: Rules,
    lineterminator: Gc<Str>,
}

/// The rules of a dialect.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub delimiter: u32,
    pub quotechar: Option<u32>,
    pub escapechar: Option<u32>,
    pub doublequote: bool,
    pub skipinitialspace: bool,
    pub strict: bool,
    pub quoting: i64,
}

impl Rules {
    /// Which bytes do not stand for themselves in any place of a field, or begin a character that does not.
    pub fn special_bytes(&self) -> [bool; 256] {
        let mut special = [false; 256];
        for code in [Some(self.delimiter), self.quotechar, self.escapechar, Some(0x0A), Some(0x0D)].into_iter().flatten() {
            special[encode_code_point(code, &mut [0; 4])[0] as usize] = true;
        }
        special
    }
}

/// The module's own memory.
pub fn settings(py: &mut Py) -> Result<Gc<Settings>> {
    let module = py.import_module("_csv")?;
    let settings = py.get_attr_named(module, "_settings")?;
    match Gc::<Settings>::cast(py, settings) {
        Some(settings) => Ok(settings),
        None => raise!(py, SystemError, "_csv._settings has been replaced"),
    }
}

/// The dialect of a name.
pub fn registered(py: &mut Py, name: Value) -> Result {
    let dialects = settings(py)?.get(py).dialects;
    match py.dict_get(dialects, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(py, "unknown dialect")),
    }
}

/// The one character of an option.
fn character(py: &mut Py, name: &str, value: Value, none: &str) -> Result<u32> {
    let Some(text) = Gc::<Str>::cast(py, value) else {
        let class = py.class_name(value);
        raise!(py, TypeError, "\"{name}\" must be a unicode character{none}, not {class}")
    };
    let mut codes = text.get(py).code_points();
    match (codes.next(), codes.next()) {
        (Some(code), None) => Ok(code),
        _ => {
            let count = text.get(py).char_len();
            raise!(py, TypeError, "\"{name}\" must be a unicode character{none}, not a string of length {count}")
        }
    }
}

/// The one character of an option, or none.
fn optional_character(py: &mut Py, name: &str, value: Option<Value>, default: Option<u32>) -> Result<Option<u32>> {
    match value {
        None => Ok(default),
        Some(value) if value.is_none() => Ok(None),
        Some(value) => character(py, name, value, " or None").map(Some),
    }
}

fn truth(py: &mut Py, value: Option<Value>, default: bool) -> Result<bool> {
    value.map_or(Ok(default), |value| py.truth(value))
}

fn quoting_number(py: &mut Py, value: Option<Value>) -> Result<i64> {
    let Some(value) = value else { return Ok(MINIMAL) };
    if !py.is_int(value) {
        let class = py.class_name(value);
        raise!(py, TypeError, "\"quoting\" must be an integer, not {class}");
    }
    match py.int_to_i64(value).and_then(|number| i32::try_from(number).ok()) {
        Some(number) if (MINIMAL..=NOTNULL).contains(&i64::from(number)) => Ok(i64::from(number)),
        Some(_) => raise!(py, TypeError, "bad \"quoting\" value"),
        None => raise!(py, OverflowError, "Python int too large to convert to C int"),
    }
}

/// Which characters may not be what, and which not be the same.
fn check(rules: &Rules, terminator: &Str) -> std::result::Result<(), String> {
    let named = [("delimiter", Some(rules.delimiter)), ("escapechar", rules.escapechar), ("quotechar", rules.quotechar)];
    for (name, code) in named {
        let Some(code) = code else { continue };
        let space = code == u32::from(b' ') && rules.skipinitialspace && name != "delimiter";
        if space || code == u32::from(b'\r') || code == u32::from(b'\n') {
            return Err(format!("bad {name} value"));
        }
        if terminator.code_points().any(|other| other == code) {
            return Err(format!("bad {name} or lineterminator value"));
        }
    }
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        if named[one].1.is_some() && named[one].1 == named[other].1 {
            return Err(format!("bad {} or {} value", named[one].0, named[other].0));
        }
    }
    Ok(())
}

#[pymethods]
impl Dialect {
    #[signature(
        dialect=<unrepresentable>, delimiter=<unrepresentable>, doublequote=<unrepresentable>, escapechar=<unrepresentable>,
        lineterminator=<unrepresentable>, quotechar=<unrepresentable>, quoting=<unrepresentable>, skipinitialspace=<unrepresentable>,
        strict=<unrepresentable>
    )]
    #[no_text_signature]
    fn __new__(
        cls: Gc<Class>,
        py: &mut Py,
        dialect: Option<Value>,
        delimiter: Option<Value>,
        doublequote: Option<Value>,
        escapechar: Option<Value>,
        lineterminator: Option<Value>,
        quotechar: Option<Value>,
        quoting: Option<Value>,
        skipinitialspace: Option<Value>,
        strict: Option<Value>,
    ) -> Result {
        let mut given = [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skipinitialspace, strict];
        if let Some(base) = dialect {
            let base = if py.is_str(base) { registered(py, base)? } else { base };
            if Gc::<Dialect>::cast(py, base).is_some() && given.iter().all(Option::is_none) {
                return Ok(base);
            }
            const NAMES: [&str; 8] =
                ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];
            for (name, value) in NAMES.into_iter().zip(&mut given) {
                if value.is_none() {
                    let name = py.intern(name);
                    *value = py.lookup_attr(base, name)?;
                }
            }
        }
        let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skipinitialspace, strict] = given;
        let mut rules = Rules {
            delimiter: delimiter.map_or(Ok(u32::from(b',')), |value| character(py, "delimiter", value, ""))?,
            doublequote: truth(py, doublequote, true)?,
            escapechar: optional_character(py, "escapechar", escapechar, None)?,
            quotechar: None,
            skipinitialspace: false,
            strict: false,
            quoting: MINIMAL,
        };
        let lineterminator = match lineterminator {
            None => py.new_str("\r\n"),
            Some(value) => match Gc::<Str>::cast(py, value) {
                Some(text) => text,
                None => {
                    let class = py.class_name(value);
                    raise!(py, TypeError, "\"lineterminator\" must be a string, not {class}")
                }
            },
        };
        rules.quotechar = optional_character(py, "quotechar", quotechar, Some(u32::from(b'"')))?;
        rules.quoting = quoting_number(py, quoting)?;
        rules.skipinitialspace = truth(py, skipinitialspace, false)?;
        rules.strict = truth(py, strict, false)?;
        if rules.quotechar.is_none() && quoting.is_none() {
            rules.quoting = NONE;
        }
        if rules.quoting != NONE && rules.quotechar.is_none() {
            raise!(py, TypeError, "quotechar must be set if quoting enabled");
        }
        if let Err(problem) = check(&rules, lineterminator.get(py)) {
            raise!(py, ValueError, "{problem}");
        }
        Ok(py.alloc_as(cls, Dialect { header: Header::EMPTY, rules, lineterminator }).into())
    }

    #[getter]
    fn delimiter(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        let code = this.get(py).rules.delimiter;
        py.char_str(code)
    }

    #[getter]
    fn doublequote(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).rules.doublequote
    }

    #[getter]
    fn escapechar(this: Gc<Self>, py: &mut Py) -> Option<Gc<Str>> {
        this.get(py).rules.escapechar.map(|code| py.char_str(code))
    }

    /// What ends a record that is written.
    #[getter]
    pub fn lineterminator(this: Gc<Self>, py: &Py) -> Gc<Str> {
        this.get(py).lineterminator
    }

    #[getter]
    fn quotechar(this: Gc<Self>, py: &mut Py) -> Option<Gc<Str>> {
        this.get(py).rules.quotechar.map(|code| py.char_str(code))
    }

    #[getter]
    fn quoting(this: Gc<Self>, py: &Py) -> i64 {
        this.get(py).rules.quoting
    }

    #[getter]
    fn skipinitialspace(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).rules.skipinitialspace
    }

    #[getter]
    fn strict(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).rules.strict
    }

    /// raises an exception to avoid pickling
    #[pyname("__reduce__", "__reduce_ex__")]
    #[signature(*args)]
    #[no_text_signature]
    fn __reduce__(this: Gc<Self>, py: &mut Py, args: &[Value]) -> Result {
        let _ = args;
        let class = py.class_name(this.into());
        raise!(py, TypeError, "cannot pickle '{class}' instances")
    }
}
