//! Writing constants and code objects. Strings and code objects that occur again are written once and referred to.

use std::collections::hash_map::Entry;

use bredli_text::Wtf8Buf;
use rustc_hash::FxHashMap;

use super::{Error, MAX_DEPTH, Sink, tag};
use crate::{CodeObject, Const};

/// The bytes of a constant.
pub fn write(value: &Const) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(None);
    writer.object(value)?;
    Ok(writer.sink.into_bytes())
}

/// The bytes of a code object.
pub fn write_code(code: &CodeObject) -> Result<Vec<u8>, Error> {
    Writer::new(None).finish_code(code)
}

/// How many strings are found by their places.
const LATELY: usize = 512;
/// As far as strings are apart in memory, at least.
const DISTANCE: usize = 32;

/// How a code object inside another is written in an image.
type WritePiece = fn(&CodeObject, &mut Writer) -> Result<(), Error>;

pub(super) struct Writer<'a> {
    pub sink: Sink,
    /// In an image: what writes its pieces.
    write_piece: Option<WritePiece>,
    /// The numbers by which strings that were written can be referred to.
    strings: FxHashMap<&'a Wtf8Buf, i32>,
    /// Strings that came lately and their numbers, found by their places in memory: most of those in code objects are shared.
    lately: Box<[Option<(&'a [u8], i32)>]>,
    references: i32,
    depth: usize,
}

impl<'a> Writer<'a> {
    pub fn new(write_piece: Option<WritePiece>) -> Writer<'a> {
        let (strings, lately) = (FxHashMap::default(), vec![None; LATELY].into());
        Writer { sink: Sink::new(), write_piece, strings, lately, references: 0, depth: 0 }
    }

    /// The bytes of a code object.
    pub fn finish_code(mut self, code: &'a CodeObject) -> Result<Vec<u8>, Error> {
        // Room for a module of usual size.
        self.sink.reserve(1 << 16);
        self.strings.reserve(448);
        self.code(code)?;
        Ok(self.sink.into_bytes())
    }

    pub fn object(&mut self, value: &'a Const) -> Result<(), Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::value("object too deeply nested to marshal"));
        }
        self.depth += 1;
        match value {
            Const::None => self.sink.byte(tag::NONE),
            Const::Ellipsis => self.sink.byte(tag::ELLIPSIS),
            Const::Bool(value) => self.sink.byte(if *value { tag::TRUE } else { tag::FALSE }),
            Const::Int(value) => self.sink.integer(value, 0)?,
            Const::Float(value) => {
                self.sink.byte(tag::BINARY_FLOAT);
                self.sink.float(*value);
            }
            Const::Complex(real, imaginary) => {
                self.sink.byte(tag::BINARY_COMPLEX);
                self.sink.float(*real);
                self.sink.float(*imaginary);
            }
            Const::Str(text) => self.text(text, is_name(text))?,
            Const::Bytes(bytes) => self.bytes(bytes)?,
            Const::Tuple(items) => {
                self.tuple_size(items.len())?;
                self.objects(items)?;
            }
            Const::FrozenSet(items) => {
                self.sink.byte(tag::FROZENSET);
                self.sink.size(items.len())?;
                self.objects(items)?;
            }
            Const::Slice(parts) => {
                self.sink.byte(tag::SLICE);
                self.objects(parts.as_slice())?;
            }
            Const::Code(code) => match self.write_piece {
                Some(write_piece) => write_piece(code, self)?,
                None => self.code(code)?,
            },
        }
        self.depth -= 1;
        Ok(())
    }

    fn objects(&mut self, items: &'a [Const]) -> Result<(), Error> {
        items.iter().try_for_each(|item| self.object(item))
    }

    fn text(&mut self, text: &'a Wtf8Buf, interned: bool) -> Result<(), Error> {
        if self.write_piece.is_some() {
            return self.sink.text(text, interned, 0);
        }
        let bytes = text.as_bytes();
        let slot = bytes.as_ptr().addr() / DISTANCE % LATELY;
        let known = match self.lately[slot] {
            Some((known, number)) if std::ptr::eq(known, bytes) => Some(number),
            _ => {
                let (number, known) = match self.strings.entry(text) {
                    Entry::Occupied(known) => (*known.get(), true),
                    Entry::Vacant(new) => (*new.insert(self.references), false),
                };
                self.lately[slot] = Some((bytes, number));
                known.then_some(number)
            }
        };
        if let Some(number) = known {
            self.sink.byte(tag::REF);
            self.sink.int(number);
            return Ok(());
        }
        self.references += 1;
        self.sink.text(text, interned, tag::FLAG_REF)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.sink.byte(tag::STRING);
        self.sink.sized(bytes)
    }

    fn tuple_size(&mut self, count: usize) -> Result<(), Error> {
        if let Ok(count) = u8::try_from(count) {
            self.sink.byte(tag::SMALL_TUPLE);
            self.sink.byte(count);
            return Ok(());
        }
        self.sink.byte(tag::TUPLE);
        self.sink.size(count)
    }

    fn texts(&mut self, texts: &'a [Wtf8Buf]) -> Result<(), Error> {
        self.tuple_size(texts.len())?;
        texts.iter().try_for_each(|text| self.text(text, true))
    }

    fn code(&mut self, code: &'a CodeObject) -> Result<(), Error> {
        self.sink.byte(tag::CODE);
        for number in [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags] {
            self.sink.int(number as i32);
        }
        self.bytes(&code.code)?;
        self.tuple_size(code.consts.len())?;
        self.objects(&code.consts)?;
        self.texts(&code.names)?;
        self.texts(&code.localsplusnames)?;
        self.bytes(&code.localspluskinds)?;
        self.text(&code.filename, true)?;
        self.text(&code.name, true)?;
        self.text(&code.qualname, true)?;
        self.sink.int(code.firstlineno);
        self.bytes(&code.linetable)?;
        self.bytes(&code.exceptiontable)
    }
}

/// Whether a str constant is interned: all its characters could be in a name.
fn is_name(text: &Wtf8Buf) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
