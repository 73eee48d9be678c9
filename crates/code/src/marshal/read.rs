//! Reading constants and code objects. Malformed bytes are an error, however they are malformed.

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

use super::wire::{Keep, copied};
use super::{Error, MAX_DEPTH, Source, tag};
use crate::{Bytes, CodeObject, CodeRef, Const};

/// The constant at the start of the bytes.
pub fn read(bytes: &[u8]) -> Result<Const, Error> {
    Reader::new(Source::new(bytes), None, copied).object()
}

/// How a piece of an image is read.
type ReadPiece<'a> = fn(&mut Source<'a>) -> Result<CodeRef, Error>;

pub(super) struct Reader<'a> {
    source: Source<'a>,
    /// In an image: what reads its pieces.
    read_piece: Option<ReadPiece<'a>>,
    keep: Keep<'a>,
    /// What REF can name; `None` while it is being read.
    references: Vec<Option<Const>>,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>, read_piece: Option<ReadPiece<'a>>, keep: Keep<'a>) -> Reader<'a> {
        Reader { source, read_piece, keep, references: Vec::new(), depth: 0 }
    }

    /// Whether everything has been read.
    pub fn is_at_end(&self) -> bool {
        self.source.rest().is_empty()
    }

    pub fn object(&mut self) -> Result<Const, Error> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::value("recursion limit exceeded"));
        }
        let first = self.source.tag()?;
        let (tag, is_reference) = (first & !tag::FLAG_REF, first & tag::FLAG_REF != 0);
        let slot = self.references.len();
        if is_reference && tag != tag::REF {
            self.references.push(None);
        }
        self.depth += 1;
        let value = self.value(tag)?;
        self.depth -= 1;
        if let Some(reference @ None) = self.references.get_mut(slot)
            && is_reference
        {
            *reference = Some(value.clone());
        }
        Ok(value)
    }

    fn value(&mut self, tag: u8) -> Result<Const, Error> {
        if let Some(text) = self.source.text(tag, self.keep)? {
            return Ok(Const::Str(text));
        }
        Ok(match tag {
            tag::NONE => Const::None,
            tag::TRUE => Const::Bool(true),
            tag::FALSE => Const::Bool(false),
            tag::ELLIPSIS => Const::Ellipsis,
            tag::INT => Const::int(i64::from(self.source.int()?)),
            tag::INT64 => Const::Int(BigInt::from(self.source.int64()?)),
            tag::LONG => Const::Int(self.source.long()?),
            tag::FLOAT => Const::Float(self.source.float_text()?),
            tag::BINARY_FLOAT => Const::Float(self.source.float()?),
            tag::COMPLEX => Const::Complex(self.source.float_text()?, self.source.float_text()?),
            tag::BINARY_COMPLEX => Const::Complex(self.source.float()?, self.source.float()?),
            tag::STRING => {
                let size = self.source.size("bad marshal data (bytes object size out of range)")?;
                Const::Bytes((self.keep)(self.source.bytes(size)?))
            }
            tag::SMALL_TUPLE => {
                let count = self.source.byte()?;
                Const::Tuple(self.objects(usize::from(count))?)
            }
            tag::TUPLE => {
                let count = self.source.size("bad marshal data (tuple size out of range)")?;
                Const::Tuple(self.objects(count)?)
            }
            tag::FROZENSET => {
                let count = self.source.size("bad marshal data (set size out of range)")?;
                Const::FrozenSet(self.objects(count)?)
            }
            tag::SLICE => Const::Slice(Box::new([self.object()?, self.object()?, self.object()?])),
            tag::CODE => Const::Code(self.code()?),
            tag::REF => {
                let number = self.source.int()?;
                let reference = usize::try_from(number).ok().and_then(|number| self.references.get(number)).cloned();
                reference.flatten().ok_or(Error::value("bad marshal data (invalid reference)"))?
            }
            tag::LIST | tag::DICT | tag::SET | tag::STOP_ITERATION => {
                return Err(Error::type_error("bad marshal data (no constant of a code object)"));
            }
            tag::UNREAD if let Some(read_piece) = self.read_piece => Const::Code(read_piece(&mut self.source)?),
            tag::NULL => return Err(Error::type_error("NULL object in marshal data for object")),
            _ => return Err(Error::value("bad marshal data (unknown type code)")),
        })
    }

    fn objects(&mut self, count: usize) -> Result<Vec<Const>, Error> {
        // Every object takes at least a byte, so that a false count cannot claim more memory than the data has.
        let mut objects = Vec::with_capacity(count.min(self.source.rest().len()));
        for _ in 0..count {
            objects.push(self.object()?);
        }
        Ok(objects)
    }

    // Apart, for the stack of deeply nested objects would have room for a code object at each level.
    #[inline(never)]
    fn code(&mut self) -> Result<CodeRef, Error> {
        let code = CodeObject {
            argcount: self.count()?,
            posonlyargcount: self.count()?,
            kwonlyargcount: self.count()?,
            stacksize: self.count()?,
            flags: self.source.int()? as u32,
            code: self.bytes()?,
            consts: self.tuple()?.into(),
            names: self.texts()?.into(),
            localsplusnames: self.texts()?.into(),
            localspluskinds: self.bytes()?,
            filename: self.text()?,
            name: self.text()?,
            qualname: self.text()?,
            firstlineno: self.source.int()?,
            linetable: self.bytes()?,
            exceptiontable: self.bytes()?,
        };
        Ok(code.into())
    }

    fn count(&mut self) -> Result<u32, Error> {
        u32::try_from(self.source.int()?).map_err(|_| Error::value("code: argument counts must not be negative"))
    }

    fn bytes(&mut self) -> Result<Bytes, Error> {
        match self.object()? {
            Const::Bytes(bytes) => Ok(bytes),
            _ => Err(Error::type_error("code: bytes expected")),
        }
    }

    fn tuple(&mut self) -> Result<Vec<Const>, Error> {
        match self.object()? {
            Const::Tuple(items) => Ok(items),
            _ => Err(Error::type_error("code: tuple expected")),
        }
    }

    fn text(&mut self) -> Result<Wtf8Buf, Error> {
        match self.object()? {
            Const::Str(text) => Ok(text),
            _ => Err(Error::type_error("code: str expected")),
        }
    }

    fn texts(&mut self) -> Result<Vec<Wtf8Buf>, Error> {
        let text = |item| match item {
            Const::Str(text) => Ok(text),
            _ => Err(Error::type_error("name tuples must contain only strings")),
        };
        self.tuple()?.into_iter().map(text).collect()
    }
}
