//! The image of an embedded module: a marshalled code object in which those inside it are pieces of their own, to be read when needed.
//!
//! A piece stands where `marshal` has a code object: the tag [`tag::UNREAD`], the name and the qualified name, each after its size, then the
//! size of what follows: the code object, which refers to nothing outside it.

use std::sync::Arc;

use super::read::Reader;
use super::write::Writer;
use super::{Error, Source, tag};
use crate::{CodeObject, CodeRef};

/// The image of a code object.
pub fn write_image(code: &CodeObject) -> Result<Vec<u8>, Error> {
    Writer::new(Some(write_piece)).finish_code(code)
}

/// The code object of an image; those inside it are not read yet.
pub fn read_image(image: &'static [u8]) -> Result<Arc<CodeObject>, Error> {
    Reader::new(Source::new(image), Some(read_piece), |bytes| bytes.into()).first_code()
}

fn write_piece(code: &CodeObject, writer: &mut Writer) -> Result<(), Error> {
    let sink = &mut writer.sink;
    sink.byte(tag::UNREAD);
    sink.sized(code.name.as_bytes())?;
    sink.sized(code.qualname.as_bytes())?;
    sink.sized(&write_image(code)?)
}

fn read_piece(source: &mut Source<'static>) -> Result<CodeRef, Error> {
    let start = source.rest();
    for _ in 0..3 {
        sized(source)?;
    }
    Ok(CodeRef::unread(Unread { piece: start }))
}

fn sized(source: &mut Source<'static>) -> Result<&'static [u8], Error> {
    let size = source.size("bad marshal data (size out of range)")?;
    source.bytes(size)
}

/// A piece of an image: a code object that is not read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unread {
    /// From the name on.
    piece: &'static [u8],
}

impl Unread {
    pub fn name(self) -> &'static [u8] {
        self.part(0)
    }

    pub fn qualname(self) -> &'static [u8] {
        self.part(1)
    }

    /// The number of positional parameters, that of keyword-only ones, the flags.
    pub fn parameters(self) -> (u32, u32, u32) {
        let mut source = Source::new(self.part(2));
        source.tag().expect("a code object");
        let mut next = || source.int().expect("a code object") as u32;
        let (argcount, _, kwonlyargcount, _, flags) = (next(), next(), next(), next(), next());
        (argcount, kwonlyargcount, flags)
    }

    pub fn read(&self) -> Arc<CodeObject> {
        read_image(self.part(2)).expect("the build wrote it")
    }

    fn part(self, index: usize) -> &'static [u8] {
        let mut source = Source::new(self.piece);
        let mut part: &[u8] = &[];
        for _ in 0..=index {
            part = sized(&mut source).expect("it was read before");
        }
        part
    }
}
