//! `str.format` and `str.format_map`: replacement fields are looked up and formatted.
//!
//! Parsing the fields is `bredli_num`'s. Counterpart: `Objects/stringlib/unicode_format.h`.

use crate::native::Args;
use crate::object::Str;
use crate::{Py, Raised, Result, error, raise};
use bredli_heap::{Gc, Value};
use bredli_num::{Field, FieldError, FieldKey, FieldName, FormatPieces, split_field_name};

/// Where the values come from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The arguments of `format`.
    Arguments(Args<'a>),
    /// The mapping given to `format_map`.
    Mapping(Value),
}

/// How deep format specifications may contain fields.
const DEPTH: u32 = 2;

struct Formatter<'a> {
    source: Source<'a>,
    numbering: Numbering,
}

/// Whether fields are numbered, once that is known.
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

/// The text with its fields replaced.
pub(super) fn format(py: &mut Py, text: Gc<Str>, source: Source) -> Result<Gc<Str>> {
    let bytes = text.get(py).bytes().to_vec();
    let mut formatter = Formatter { source, numbering: Numbering::Unknown };
    let mut out = Vec::with_capacity(bytes.len() + 32);
    formatter.render(py, &bytes, DEPTH, &mut out)?;
    Ok(py.new_str_wtf8(&out))
}

fn field_error(py: &mut Py, error: FieldError) -> Raised {
    error!(py, ValueError, "{error}")
}

impl Formatter<'_> {
    fn render(&mut self, py: &mut Py, format: &[u8], depth: u32, out: &mut Vec<u8>) -> Result<()> {
        if depth == 0 {
            raise!(py, ValueError, "Max string recursion exceeded");
        }
        for piece in FormatPieces::new(format) {
            let piece = match piece {
                Ok(piece) => piece,
                Err(error) => return Err(field_error(py, error)),
            };
            out.extend_from_slice(piece.literal);
            if let Some(field) = piece.field {
                self.render_field(py, field, depth, out)?;
            }
        }
        Ok(())
    }

    fn render_field(&mut self, py: &mut Py, field: Field, depth: u32, out: &mut Vec<u8>) -> Result<()> {
        let mut value = self.value(py, field.name)?;
        if let Some(conversion) = field.conversion {
            value = match conversion {
                b"r" => py.repr(value)?.into(),
                b"s" => py.str(value)?.into(),
                b"a" => py.ascii(value)?.into(),
                _ => {
                    let char = String::from_utf8_lossy(conversion);
                    let code = char.chars().next().map_or(0, u32::from);
                    if code > 32 && code < 127 {
                        raise!(py, ValueError, "Unknown conversion specifier {char}");
                    }
                    raise!(py, ValueError, "Unknown conversion specifier \\x{code:x}")
                }
            };
        }
        let spec = if field.spec.is_empty() {
            py.constants.empty_str
        } else if field.spec_has_fields {
            let mut spec = Vec::new();
            self.render(py, field.spec, depth - 1, &mut spec)?;
            py.new_str_wtf8(&spec)
        } else {
            py.new_str_wtf8(field.spec)
        };
        let text = py.format(value, spec)?;
        out.extend_from_slice(text.get(py).bytes());
        Ok(())
    }

    /// The value that a field name selects.
    fn value(&mut self, py: &mut Py, name: &[u8]) -> Result {
        let (first, path) = match split_field_name(name) {
            Ok(parts) => parts,
            Err(error) => return Err(field_error(py, error)),
        };
        let mut value = match first {
            FieldKey::Name([]) => {
                let index = self.number(py, None)?;
                self.positional(py, index)?
            }
            FieldKey::Index(index) => {
                let index = self.number(py, Some(index))?;
                self.positional(py, index)?
            }
            FieldKey::Name(name) => self.named(py, name)?,
        };
        for step in path {
            value = match step {
                Ok(FieldName::Attribute(name)) => {
                    let name = py.new_str_wtf8(name);
                    let name = py.intern_str(name);
                    py.get_attr(value, name)?
                }
                Ok(FieldName::Item(FieldKey::Index(index))) => {
                    let index = py.new_int(index as i64);
                    py.get_item(value, index)?
                }
                Ok(FieldName::Item(FieldKey::Name(name))) => {
                    let name = py.new_str_wtf8(name);
                    py.get_item(value, name.into())?
                }
                Err(error) => return Err(field_error(py, error)),
            };
        }
        Ok(value)
    }

    /// The number of a field, which is counted when none is given.
    fn number(&mut self, py: &mut Py, given: Option<usize>) -> Result<usize> {
        match (given, &mut self.numbering) {
            (None, Numbering::Manual) => {
                raise!(py, ValueError, "cannot switch from manual field specification to automatic field numbering")
            }
            (Some(_), Numbering::Automatic(_)) => {
                raise!(py, ValueError, "cannot switch from automatic field numbering to manual field specification")
            }
            (None, Numbering::Automatic(next)) => {
                *next += 1;
                Ok(*next - 1)
            }
            (None, numbering) => {
                *numbering = Numbering::Automatic(1);
                Ok(0)
            }
            (Some(index), numbering) => {
                *numbering = Numbering::Manual;
                Ok(index)
            }
        }
    }

    fn positional(&self, py: &mut Py, index: usize) -> Result {
        let Source::Arguments(args) = self.source else {
            raise!(py, ValueError, "Format string contains positional fields");
        };
        match args.get(index) {
            Some(value) => Ok(value),
            None => raise!(py, IndexError, "Replacement index {index} out of range for positional args tuple"),
        }
    }

    fn named(&self, py: &mut Py, name: &[u8]) -> Result {
        let key = py.new_str_wtf8(name);
        match self.source {
            Source::Mapping(mapping) => py.get_item(mapping, key.into()),
            Source::Arguments(args) => {
                let found = args.keywords(py).find(|(keyword, _)| keyword.get(py).bytes() == name).map(|(_, value)| value);
                found.ok_or_else(|| py.key_error(key.into()))
            }
        }
    }
}
