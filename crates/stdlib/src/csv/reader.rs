//! `_csv.reader`: records from lines.

use super::dialect::{Dialect, NONE, NONNUMERIC, NOTNULL, Rules, STRINGS, settings};
use super::{Settings, error};
use bredli_runtime::object::{CodePoints, encode_code_point};
use bredli_runtime::prelude::*;

/// CSV reader
///
/// Reader objects are responsible for reading and parsing tabular data
/// in CSV format.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "reader", module = "_csv", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Reader {
    header: Header,
    lines: Value,
    dialect: Gc<Dialect>,
    settings: Gc<Settings>,
    line_num: i64,
    /// How many records have been begun.
    begun: u64,
}

impl Reader {
    /// A reader of the lines that an iterator gives.
    pub fn create(py: &mut Py, lines: Value, dialect: Gc<Dialect>) -> Result<Gc<Reader>> {
        let settings = settings(py)?;
        Ok(py.alloc(Reader { header: Header::EMPTY, lines, dialect, settings, line_num: 0, begun: 0 }))
    }
}

/// Where in a record the parser is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    RecordStart,
    FieldStart,
    Escaped,
    AfterEscapedBreak,
    InField,
    InQuotes,
    EscapedInQuotes,
    QuoteInQuotes,
    AfterBreak,
}

/// What is to be done after a character.
enum Step {
    Nothing,
    Field,
}

/// The parser of one record.
struct Parser {
    rules: Rules,
    state: State,
    field: Vec<u8>,
    chars: i64,
    limit: i64,
    quoted: bool,
}

const CR: u32 = b'\r' as u32;
const LF: u32 = b'\n' as u32;

impl Parser {
    fn add(&mut self, code: u32) -> std::result::Result<Step, String> {
        if self.chars >= self.limit {
            return Err(format!("field larger than field limit ({})", self.limit));
        }
        self.chars += 1;
        self.field.extend_from_slice(encode_code_point(code, &mut [0; 4]));
        Ok(Step::Nothing)
    }

    /// Take what stands for itself at the beginning of `rest`, inside a field; how many bytes that is.
    fn take_plain(&mut self, rest: &[u8], special: &[bool; 256]) -> usize {
        if !matches!(self.state, State::InField | State::InQuotes) {
            return 0;
        }
        let len = rest.iter().position(|byte| special[*byte as usize]).unwrap_or(rest.len());
        let plain = &rest[..len];
        let chars = CodePoints::new(plain).count() as i64;
        if chars > self.limit - self.chars {
            return 0;
        }
        self.chars += chars;
        self.field.extend_from_slice(plain);
        len
    }

    /// The end of a field by a line break or the end of the line.
    fn end(&mut self, code: Option<u32>) -> std::result::Result<Step, String> {
        self.state = if code.is_none() { State::RecordStart } else { State::AfterBreak };
        Ok(Step::Field)
    }

    /// Take one character; None is the end of a line.
    fn take(&mut self, code: Option<u32>) -> std::result::Result<Step, String> {
        let is = |special: Option<u32>| code.is_some() && code == special;
        let breaks = matches!(code, None | Some(CR | LF));
        let delimiter = Some(self.rules.delimiter);
        let quote = if self.rules.quoting == NONE { None } else { self.rules.quotechar };
        if self.state == State::RecordStart {
            match code {
                None => return Ok(Step::Nothing),
                Some(CR | LF) => {
                    self.state = State::AfterBreak;
                    return Ok(Step::Nothing);
                }
                Some(_) => self.state = State::FieldStart,
            }
        }
        match self.state {
            State::RecordStart | State::FieldStart => {
                self.quoted = false;
                match code {
                    _ if breaks => return self.end(code),
                    _ if is(quote) => {
                        self.quoted = true;
                        self.state = State::InQuotes;
                    }
                    _ if is(self.rules.escapechar) => self.state = State::Escaped,
                    Some(0x20) if self.rules.skipinitialspace => {}
                    _ if is(delimiter) => return Ok(Step::Field),
                    _ => {
                        self.state = State::InField;
                        return self.add(code.unwrap_or(LF));
                    }
                }
            }
            State::Escaped => {
                self.state = if matches!(code, Some(CR | LF)) { State::AfterEscapedBreak } else { State::InField };
                return self.add(code.unwrap_or(LF));
            }
            State::AfterEscapedBreak if code.is_none() => {}
            State::AfterEscapedBreak | State::InField => match code {
                _ if breaks => return self.end(code),
                _ if is(self.rules.escapechar) => self.state = State::Escaped,
                _ if is(delimiter) => {
                    self.state = State::FieldStart;
                    return Ok(Step::Field);
                }
                _ => {
                    self.state = State::InField;
                    return self.add(code.unwrap_or(LF));
                }
            },
            State::InQuotes => match code {
                None => {}
                _ if is(self.rules.escapechar) => self.state = State::EscapedInQuotes,
                _ if is(quote) => self.state = if self.rules.doublequote { State::QuoteInQuotes } else { State::InField },
                Some(code) => return self.add(code),
            },
            State::EscapedInQuotes => {
                self.state = State::InQuotes;
                return self.add(code.unwrap_or(LF));
            }
            State::QuoteInQuotes => match code {
                _ if is(quote) => {
                    self.state = State::InQuotes;
                    return self.add(code.unwrap_or(LF));
                }
                _ if is(delimiter) => {
                    self.state = State::FieldStart;
                    return Ok(Step::Field);
                }
                _ if breaks => return self.end(code),
                Some(code) if !self.rules.strict => {
                    self.state = State::InField;
                    return self.add(code);
                }
                _ => {
                    let show = |code: u32| char::from_u32(code).unwrap_or('\u{FFFD}');
                    let quote = self.rules.quotechar.map_or(' ', show);
                    return Err(format!("'{}' expected after '{quote}'", show(self.rules.delimiter)));
                }
            },
            State::AfterBreak => match code {
                Some(CR | LF) => {}
                None => self.state = State::RecordStart,
                Some(_) => {
                    let text = "new-line character seen in unquoted field - do you need to open the file with newline=''?";
                    return Err(text.to_string());
                }
            },
        }
        Ok(Step::Nothing)
    }

    /// The field that has been read, and begin the next.
    fn field(&mut self, py: &mut Py) -> Result {
        let text = std::mem::take(&mut self.field);
        self.chars = 0;
        let quoting = self.rules.quoting;
        if text.is_empty() && !self.quoted && matches!(quoting, NOTNULL | STRINGS) {
            return Ok(Value::NONE);
        }
        let field: Value = py.new_str_wtf8(&text).into();
        if !text.is_empty() && !self.quoted && matches!(quoting, NONNUMERIC | STRINGS) {
            let class = py.types.float;
            return py.call(class.into(), &[field]);
        }
        self.field = text;
        self.field.clear();
        Ok(field)
    }
}

#[pymethods]
impl Reader {
    #[getter]
    fn dialect(this: Gc<Self>, py: &Py) -> Gc<Dialect> {
        this.get(py).dialect
    }

    #[getter]
    fn line_num(this: Gc<Self>, py: &Py) -> i64 {
        this.get(py).line_num
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<List>>> {
        let Reader { lines, dialect, settings, .. } = *this.get(py);
        let mut parser = Parser {
            rules: dialect.get(py).rules,
            state: State::RecordStart,
            field: Vec::new(),
            chars: 0,
            limit: settings.get(py).field_limit,
            quoted: false,
        };
        let special = parser.rules.special_bytes();
        let mut fields = RootVec::new(&mut py.heap);
        this.get_mut(py).begun += 1;
        let begun = this.get(py).begun;
        loop {
            let line = py.next(lines)?;
            if this.get(py).begun != begun {
                return Err(error(py, "iterator has already advanced the reader"));
            }
            let Some(line) = line else {
                if parser.field.is_empty() && parser.state != State::InQuotes {
                    return Ok(None);
                }
                if parser.rules.strict {
                    return Err(error(py, "unexpected end of data"));
                }
                let field = parser.field(py)?;
                fields.push(field);
                break;
            };
            let Some(line) = Gc::<Str>::cast(py, line) else {
                let class = py.class_name(line);
                let text = format!("iterator should return strings, not {class} (the file should be opened in text mode)");
                return Err(error(py, &text));
            };
            this.get_mut(py).line_num += 1;
            let line = line.get(py).bytes().to_vec();
            let mut rest = &line[..];
            let mut ended = false;
            while !ended {
                rest = &rest[parser.take_plain(rest, &special)..];
                let mut points = CodePoints::new(rest);
                let code = points.next();
                ended = code.is_none();
                rest = points.rest();
                match parser.take(code) {
                    Ok(Step::Nothing) => {}
                    Ok(Step::Field) => {
                        let field = parser.field(py)?;
                        fields.push(field);
                    }
                    Err(problem) => return Err(error(py, &problem)),
                }
            }
            if parser.state == State::RecordStart {
                break;
            }
        }
        Ok(Some(py.new_list(&fields)?))
    }
}
