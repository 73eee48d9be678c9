//! The image of an embedded module: a code object in which those inside it, constants and names are read when needed.
//!
//! An image is six numbers, the name, the qualified name and eight [parts](CodeObject), each of the latter ten after its size. Names follow each
//! other with their sizes, constants as in `marshal`. Where that has a code object there is the tag [`tag::UNREAD`] and the size of
//! the image of that code object.

use std::sync::Arc;

use bredli_text::Wtf8Buf;

use super::read::Reader;
use super::write::Writer;
use super::{Error, Sink, Source, tag};
use crate::{Bytes, CodeObject, CodeRef, Const, Items};

/// The size of the numbers at the start.
const NUMBERS: usize = 6 * size_of::<i32>();

/// The image of a code object.
pub fn write_image(code: &CodeObject) -> Result<Vec<u8>, Error> {
    let mut sink = Sink::new();
    for number in [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags] {
        sink.int(number as i32);
    }
    sink.int(code.firstlineno);
    sink.sized(code.name.as_bytes())?;
    sink.sized(code.qualname.as_bytes())?;
    for part in [&code.code, &code.localspluskinds, &code.linetable, &code.exceptiontable] {
        sink.sized(part)?;
    }
    sink.sized(code.filename.as_bytes())?;
    for names in [&code.names, &code.localsplusnames] {
        let mut part = Sink::new();
        names.each(|name| part.sized(name.as_bytes()))?;
        sink.sized(&part.into_bytes())?;
    }
    let mut consts = Writer::new(Some(write_piece));
    code.consts.iter().try_for_each(|item| consts.object(item))?;
    sink.sized(&consts.sink.into_bytes())?;
    Ok(sink.into_bytes())
}

/// The code object of an image.
pub fn read_image(image: &'static [u8]) -> Result<Arc<CodeObject>, Error> {
    let mut source = Source::new(image);
    let mut number = || source.int().map(|number| number as u32);
    let [argcount, posonlyargcount, kwonlyargcount, stacksize, flags, firstlineno] =
        [number()?, number()?, number()?, number()?, number()?, number()?];
    let (name, qualname) = (text(&mut source)?, text(&mut source)?);
    let mut part = || sized(&mut source).map(Bytes::from);
    let [code, localspluskinds, linetable, exceptiontable] = [part()?, part()?, part()?, part()?];
    Ok(Arc::new(CodeObject {
        argcount,
        posonlyargcount,
        kwonlyargcount,
        stacksize,
        flags,
        code,
        filename: text(&mut source)?,
        names: Items::unread(sized(&mut source)?),
        localsplusnames: Items::unread(sized(&mut source)?),
        consts: Items::unread(sized(&mut source)?),
        localspluskinds,
        name,
        qualname,
        firstlineno: firstlineno as i32,
        linetable,
        exceptiontable,
    }))
}

fn write_piece(code: &CodeObject, writer: &mut Writer) -> Result<(), Error> {
    writer.sink.byte(tag::UNREAD);
    writer.sink.sized(&write_image(code)?)
}

fn read_piece(source: &mut Source<'static>) -> Result<CodeRef, Error> {
    Ok(CodeRef::unread(Unread { image: sized(source)? }))
}

fn sized(source: &mut Source<'static>) -> Result<&'static [u8], Error> {
    let size = source.size("bad marshal data (size out of range)")?;
    source.bytes(size)
}

fn text(source: &mut Source<'static>) -> Result<Wtf8Buf, Error> {
    Wtf8Buf::from_bytes(sized(source)?).ok_or(Error::value("bad marshal data (invalid UTF-8)"))
}

/// What lies in a part of an image, each after its size.
pub(crate) fn sized_parts(part: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    let mut source = Source::new(part);
    std::iter::from_fn(move || (!source.rest().is_empty()).then(|| sized(&mut source).expect("the build wrote it")))
}

/// What can be read from a part of an image, item by item.
pub trait Stored: Sized + 'static {
    /// All items of the part, which the build has written.
    fn read_all(part: &'static [u8]) -> impl Iterator<Item = Self>;
}

impl Stored for Wtf8Buf {
    fn read_all(part: &'static [u8]) -> impl Iterator<Item = Wtf8Buf> {
        sized_parts(part).map(|text| Wtf8Buf::from_bytes(text).expect("the build wrote it"))
    }
}

impl Stored for Const {
    fn read_all(part: &'static [u8]) -> impl Iterator<Item = Const> {
        let mut reader = Reader::new(Source::new(part), Some(read_piece), |bytes| bytes.into());
        std::iter::from_fn(move || (!reader.is_at_end()).then(|| reader.object().expect("the build wrote it")))
    }
}

/// A code object of an image that is not read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unread {
    image: &'static [u8],
}

impl Unread {
    /// The name and the qualified name.
    pub fn names(self) -> (&'static [u8], &'static [u8]) {
        let mut source = Source::new(&self.image[NUMBERS..]);
        let mut next = || sized(&mut source).expect("the build wrote it");
        (next(), next())
    }

    /// The number of positional parameters, that of keyword-only ones, the flags.
    pub fn parameters(self) -> (u32, u32, u32) {
        let mut source = Source::new(self.image);
        let mut next = || source.int().expect("the build wrote it") as u32;
        let (argcount, _, kwonlyargcount, _, flags) = (next(), next(), next(), next(), next());
        (argcount, kwonlyargcount, flags)
    }

    pub fn read(&self) -> Arc<CodeObject> {
        read_image(self.image).expect("the build wrote it")
    }
}
