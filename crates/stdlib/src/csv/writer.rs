//! `_csv.writer`: lines from records.

use super::dialect::{ALL, Dialect, NONE, NONNUMERIC, NOTNULL, Rules, STRINGS};
use super::error;
use bredli_runtime::object::{CodePoints, encode_code_point};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Complex;

/// CSV writer
///
/// Writer objects are responsible for generating tabular data
/// in CSV format from sequence input.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "writer", module = "_csv", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Writer {
    header: Header,
    write: Value,
    dialect: Gc<Dialect>,
}

impl Writer {
    /// A writer which passes its lines to a function.
    pub fn create(py: &mut Py, write: Value, dialect: Gc<Dialect>) -> Gc<Writer> {
        py.alloc(Writer { header: Header::EMPTY, write, dialect })
    }
}

/// Whether a field is to be quoted whatever it holds.
fn always_quoted(py: &Py, quoting: i64, field: Value) -> bool {
    match quoting {
        NONNUMERIC => {
            let slots = &py.class_of(field).get(py).slots;
            !(py.is_int(field) || slots.index.is_some() || slots.int.is_some() || slots.float.is_some())
                && Gc::<Complex>::cast(py, field).is_none()
        }
        ALL => true,
        STRINGS => py.is_str(field),
        NOTNULL => !field.is_none(),
        _ => false,
    }
}

/// One record while it is being put together.
struct Record<'a> {
    rules: Rules,
    special: [bool; 256],
    terminator: &'a [u8],
    text: Vec<u8>,
    fields: usize,
}

impl Record<'_> {
    fn push(&mut self, code: u32) {
        self.text.extend_from_slice(encode_code_point(code, &mut [0; 4]));
    }

    /// Add a field; None is an absent value.
    fn field(&mut self, field: Option<&[u8]>, quoted: bool) -> std::result::Result<(), &'static str> {
        let rules = self.rules;
        let space = rules.delimiter == u32::from(b' ') && rules.skipinitialspace;
        let mut quoted = quoted;
        if field.unwrap_or_default().is_empty() && space {
            if rules.quoting == NONE || (field.is_none() && matches!(rules.quoting, STRINGS | NOTNULL)) {
                return Err("empty field must be quoted if delimiter is a space and skipinitialspace is true");
            }
            quoted = true;
        }
        if self.fields > 0 {
            self.push(rules.delimiter);
        }
        self.fields += 1;
        let start = self.text.len();
        let field = field.unwrap_or_default();
        let plain = !field.iter().any(|byte| self.special[*byte as usize]);
        if plain {
            self.text.extend_from_slice(field);
        }
        for code in CodePoints::new(if plain { &[] } else { field }) {
            let is = |special: Option<u32>| Some(code) == special;
            let special = code == rules.delimiter
                || is(rules.escapechar)
                || is(rules.quotechar)
                || matches!(code, 0x0A | 0x0D)
                || CodePoints::new(self.terminator).any(|other| other == code);
            if special {
                let mut escaped = rules.quoting == NONE;
                if !escaped {
                    if is(rules.quotechar) && rules.doublequote {
                        self.push(code);
                    } else {
                        escaped = is(rules.quotechar) || is(rules.escapechar);
                    }
                    quoted |= !escaped;
                }
                if escaped {
                    let Some(escape) = rules.escapechar else { return Err("need to escape, but no escapechar set") };
                    self.push(escape);
                }
            }
            self.push(code);
        }
        if quoted {
            let mut buffer = [0; 4];
            let quote = encode_code_point(rules.quotechar.unwrap_or(u32::from(b'"')), &mut buffer);
            self.text.splice(start..start, quote.iter().copied());
            self.text.extend_from_slice(quote);
        }
        Ok(())
    }
}

#[pymethods]
impl Writer {
    #[getter]
    fn dialect(this: Gc<Self>, py: &Py) -> Gc<Dialect> {
        this.get(py).dialect
    }

    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[signature(self, row, /)]
    #[no_text_signature]
    fn writerow(this: Gc<Self>, py: &mut Py, row: Value) -> Result {
        let Writer { write, dialect, .. } = *this.get(py);
        let iterator = match py.iter(row) {
            Ok(iterator) => iterator,
            Err(_) if py.exception_matches(py.exceptions.TypeError) => {
                let class = py.class_name(row);
                return Err(error(py, &format!("iterable expected, not {class}")));
            }
            Err(raised) => return Err(raised),
        };
        let terminator = Dialect::lineterminator(dialect, py).get(py).bytes().to_vec();
        let rules = dialect.get(py).rules;
        let mut special = rules.special_bytes();
        terminator.iter().for_each(|byte| special[*byte as usize] = true);
        let mut record = Record { rules, special, terminator: &terminator, text: Vec::new(), fields: 0 };
        let mut last_is_none = false;
        while let Some(field) = py.next(iterator)? {
            let quoted = always_quoted(py, rules.quoting, field);
            last_is_none = field.is_none();
            let text = if last_is_none { None } else { Some(py.str(field)?) };
            if let Err(problem) = record.field(text.map(|text| text.get(py).bytes()), quoted) {
                return Err(error(py, problem));
            }
        }
        if record.fields > 0 && record.text.is_empty() {
            if rules.quoting == NONE || (last_is_none && matches!(rules.quoting, STRINGS | NOTNULL)) {
                return Err(error(py, "single empty field record must be quoted"));
            }
            record.fields -= 1;
            if let Err(problem) = record.field(None, true) {
                return Err(error(py, problem));
            }
        }
        record.text.extend_from_slice(&terminator);
        let line = py.new_str_wtf8(&record.text);
        py.call(write, &[line.into()])
    }

    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[signature(self, rows, /)]
    #[no_text_signature]
    fn writerows(this: Gc<Self>, py: &mut Py, rows: Value) -> Result<()> {
        let iterator = py.iter(rows)?;
        while let Some(row) = py.next(iterator)? {
            Writer::writerow(this, py, row)?;
        }
        Ok(())
    }
}
