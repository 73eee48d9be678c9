//! `_tokenize`: the tokens of Python source, for the `tokenize` module.
//!
//! Counterpart: `Python/Python-tokenize.c`.

use crate::frontend::raise_syntax_error;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use bredli_syntax::tokenizer::{Step, TokenInfo, TokenReader};

/// An iterator over the tokens in the lines that `readline` returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TokenizerIter", module = "_tokenize")]
pub struct TokenizerIter {
    header: Header,
    readline: Value,
    encoding: Option<Value>,
    #[trace(skip)]
    reader: TokenReader,
}

impl TokenizerIter {
    /// Gives the next line to the reader, or tells it that there is none.
    fn read_line(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (readline, encoding) = (this.get(py).readline, this.get(py).encoding);
        let called = py.call(readline, &[]);
        let line = match py.ignore(called, py.exceptions.StopIteration)? {
            None => None,
            Some(line) => Some(text_of(py, line, encoding)?),
        };
        match line.filter(|line| !line.get(py).bytes().is_empty()) {
            None => this.get_mut(py).reader.complete(),
            Some(line) => {
                let Some(text) = line.get(py).to_str().map(str::to_owned) else { return Err(py.surrogates_not_allowed(line)) };
                let reader = &mut this.get_mut(py).reader;
                reader.add_line(&text);
                if text.contains('\0') {
                    let place = (reader.lines(), 0, reader.lines(), 0);
                    reader.abandon();
                    return Err(py.raise_syntax_error("SyntaxError", "source code cannot contain null bytes", "<string>", place, Some("")));
                }
            }
        }
        Ok(())
    }
}

/// The text of a line that `readline` has returned.
fn text_of(py: &mut Py, line: Value, encoding: Option<Value>) -> Result<Gc<Str>> {
    match encoding {
        None => match Gc::<Str>::cast(py, line) {
            Some(line) => Ok(line),
            None => raise!(py, TypeError, "readline() returned a non-string object"),
        },
        Some(encoding) => {
            let Some(bytes) = Gc::<Bytes>::cast(py, line) else { raise!(py, TypeError, "readline() returned a non-bytes object") };
            let encoding = py.str_text(encoding)?;
            py.decode_bytes(bytes, &encoding, "replace")
        }
    }
}

#[pymethods]
impl TokenizerIter {
    #[signature(readline, /, *, extra_tokens, encoding=None)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, readline: Value, extra_tokens: bool, encoding: Option<Gc<Str>>) -> Gc<TokenizerIter> {
        let encoding = encoding.map(Value::from);
        py.alloc_as(cls, TokenizerIter { header: Header::EMPTY, readline, encoding, reader: TokenReader::new(extra_tokens) })
    }

    fn __iter__(this: Gc<Self>) -> Gc<Self> {
        this
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        loop {
            match this.get_mut(py).reader.step() {
                Step::Token(token) => return Ok(Some(token_tuple(py, &token))),
                Step::Error(error) => return Err(raise_syntax_error(py, &error)),
                Step::NeedsLine => TokenizerIter::read_line(this, py)?,
                Step::Done => return Ok(None),
            }
        }
    }
}

fn token_tuple(py: &mut Py, token: &TokenInfo) -> Value {
    let place = |py: &mut Py, (line, column): (i32, i32)| py.new_tuple(&[Value::small(line), Value::small(column)]);
    let (start, end) = (place(py, token.start), place(py, token.end));
    let (string, line) = (py.new_str(&token.string), py.new_str(&token.line));
    py.new_tuple(&[Value::small(token.kind as i32), string.into(), start.into(), end.into(), line.into()]).into()
}

#[pymodule(name = "_tokenize", classes(TokenizerIter))]
pub mod tokenize {
    use super::*;
}
