//! `_string`: the parser of `str.format` for `string.Formatter`.
//!
//! Counterpart: the formatter iterators of `Objects/stringlib/unicode_format.h`.

use bredli_num::{FieldError, FieldKey, FieldName, FormatPieces, split_field_name};
use bredli_runtime::prelude::*;

fn field_error(py: &mut Py, error: FieldError) -> Raised {
    error!(py, ValueError, "{error}")
}

fn text_of(py: &mut Py, value: Value) -> Result<Gc<Str>> {
    match Gc::<Str>::cast(py, value) {
        Some(text) => Ok(text),
        None => {
            let class = py.class_name(value);
            raise!(py, TypeError, "expected str, got {class}")
        }
    }
}

/// string helper module
#[pymodule(name = "_string")]
pub mod string {
    use super::*;

    /// parse the argument as a format string
    #[pyfunction]
    #[signature(string, /)]
    fn formatter_parser(py: &mut Py, string: Value) -> Result {
        let text = text_of(py, string)?;
        let bytes = text.get(py).bytes().to_vec();
        let mut pieces = RootVec::new(&mut py.heap);
        for piece in FormatPieces::new(&bytes) {
            let piece = match piece {
                Ok(piece) => piece,
                Err(error) => return Err(field_error(py, error)),
            };
            let mut parts = [py.new_str_wtf8(piece.literal).into(), Value::NONE, Value::NONE, Value::NONE];
            if let Some(field) = piece.field {
                parts[1] = py.new_str_wtf8(field.name).into();
                parts[2] = py.new_str_wtf8(field.spec).into();
                if let Some(conversion) = field.conversion {
                    parts[3] = py.new_str_wtf8(conversion).into();
                }
            }
            pieces.push(py.new_tuple(&parts).into());
        }
        let pieces = py.new_list(&pieces)?;
        py.iter(pieces.into())
    }

    /// split the argument as a field name
    #[pyfunction]
    #[signature(string, /)]
    fn formatter_field_name_split(py: &mut Py, string: Value) -> Result<(Value, Value)> {
        let text = text_of(py, string)?;
        let bytes = text.get(py).bytes().to_vec();
        let (first, path) = match split_field_name(&bytes) {
            Ok(parts) => parts,
            Err(error) => return Err(field_error(py, error)),
        };
        let key = |py: &mut Py, key: FieldKey| match key {
            FieldKey::Index(index) => py.new_int(index as i64),
            FieldKey::Name(name) => py.new_str_wtf8(name).into(),
        };
        let first = key(py, first);
        let mut steps = RootVec::new(&mut py.heap);
        for step in path {
            let (is_attribute, step) = match step {
                Ok(FieldName::Attribute(name)) => (true, py.new_str_wtf8(name).into()),
                Ok(FieldName::Item(item)) => (false, key(py, item)),
                Err(error) => return Err(field_error(py, error)),
            };
            steps.push(py.new_tuple(&[Value::bool(is_attribute), step]).into());
        }
        let steps = py.new_list(&steps)?;
        Ok((first, py.iter(steps.into())?))
    }
}
