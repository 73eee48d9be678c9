//! Formatting as Python describes it: the format specification mini-language (`format(value, spec)`), the replacement fields
//! of `str.format`, and `%` formatting. Mirrors `Python/formatter_unicode.c`, `Objects/stringlib/unicode_format.h` and the
//! formatting parts of `Objects/unicodeobject.c` and `Objects/bytesobject.c`.

mod fields;
mod number;
mod percent;
mod spec;

pub use fields::{Field, FieldError, FieldKey, FieldName, FieldPath, FormatPiece, FormatPieces, split_field_name};
pub use number::{Locale, format_complex, format_float, format_int, format_str};
pub use percent::{
    PercentAmount, PercentError, PercentFlags, PercentPiece, PercentPieces, PercentSpec, PercentWidths, percent_float, percent_int,
    percent_text,
};
pub use spec::{Align, FormatError, FormatSpec, FormatTarget, Grouping, Padding, Sign};
