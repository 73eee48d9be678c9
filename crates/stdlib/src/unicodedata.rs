//! `unicodedata`: the Unicode character database, version 16.0, and the old version that IDNA needs.
//!
//! The tables are `bredli_text`'s. Counterpart: `Modules/unicodedata.c`.

use bredli_runtime::native::CodePoint;
use bredli_runtime::object::encode_code_point;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use bredli_text::unicode::{self, Form, Named, old};

/// The functions of a version of the database.
struct Database {
    version: &'static str,
    category: fn(u32) -> &'static str,
    bidirectional: fn(u32) -> &'static str,
    combining: fn(u32) -> u8,
    east_asian_width: fn(u32) -> &'static str,
    mirrored: fn(u32) -> bool,
    decomposition: fn(u32) -> String,
    numeric: fn(u32) -> Option<f64>,
    decimal: fn(u32) -> Option<u8>,
    digit: fn(u32) -> Option<u8>,
    name: fn(u32) -> Option<String>,
    normalize: fn(Form, &[u32]) -> Vec<u32>,
}

static CURRENT: Database = Database {
    version: "16.0.0",
    category: unicode::category,
    bidirectional: unicode::bidirectional,
    combining: unicode::combining,
    east_asian_width: unicode::east_asian_width,
    mirrored: unicode::is_mirrored,
    decomposition: unicode::decomposition,
    numeric: unicode::numeric,
    decimal: unicode::decimal,
    digit: unicode::digit,
    name: unicode::name,
    normalize: |form, text| unicode::normalize(form, text.iter().copied()),
};

static OLD: Database = Database {
    version: "3.2.0",
    category: old::category,
    bidirectional: old::bidirectional,
    combining: old::combining,
    east_asian_width: old::east_asian_width,
    mirrored: old::is_mirrored,
    decomposition: old::decomposition,
    numeric: old::numeric,
    decimal: old::decimal,
    digit: unicode::digit,
    name: old::name,
    normalize: |form, text| old::normalize(form, text.iter().copied()),
};

/// A string of these code points.
fn text_of(py: &mut Py, codes: &[u32]) -> Gc<Str> {
    let mut bytes = Vec::with_capacity(codes.len() * 2);
    for code in codes {
        bytes.extend_from_slice(encode_code_point(*code, &mut [0; 4]));
    }
    py.new_str_wtf8(&bytes)
}

impl Database {
    /// A number of a character as an object, or the default.
    fn number(&self, py: &mut Py, found: Option<Value>, default: Option<Value>, what: &str) -> Result {
        match found.or(default) {
            Some(value) => Ok(value),
            None => raise!(py, ValueError, "{what}"),
        }
    }

    fn name(&self, py: &mut Py, code: u32, default: Option<Value>) -> Result {
        match (self.name)(code) {
            Some(name) => Ok(py.new_str(&name).into()),
            None => match default {
                Some(default) => Ok(default),
                None => raise!(py, ValueError, "no such name"),
            },
        }
    }

    fn lookup(&self, py: &mut Py, name: &str) -> Result {
        let known = |code: u32| (self.category)(code) != "Cn";
        let found = match unicode::lookup(name) {
            Some(Named::Char(code)) if known(code) => Some(vec![code]),
            Some(Named::Sequence(codes)) if std::ptr::eq(self, &CURRENT) => Some(codes.to_vec()),
            _ => None,
        };
        match found {
            Some(codes) => Ok(text_of(py, &codes).into()),
            None => raise!(py, KeyError, "undefined character name '{name}'"),
        }
    }

    fn form(&self, py: &mut Py, form: &str) -> Result<Form> {
        match Form::from_name(form) {
            Some(form) => Ok(form),
            None => raise!(py, ValueError, "invalid normalization form"),
        }
    }

    fn normalize(&self, py: &mut Py, form: &str, text: Gc<Str>) -> Result<Gc<Str>> {
        let form = self.form(py, form)?;
        if text.get(py).is_ascii() {
            return Ok(text);
        }
        let codes: Vec<u32> = text.get(py).code_points().collect();
        if std::ptr::eq(self, &CURRENT) && unicode::is_surely_normalized(form, codes.iter().copied()) {
            return Ok(text);
        }
        let normal = (self.normalize)(form, &codes);
        Ok(text_of(py, &normal))
    }

    fn is_normalized(&self, py: &mut Py, form: &str, text: Gc<Str>) -> Result<bool> {
        let form = self.form(py, form)?;
        if text.get(py).is_ascii() {
            return Ok(true);
        }
        let codes: Vec<u32> = text.get(py).code_points().collect();
        if std::ptr::eq(self, &CURRENT) {
            return Ok(unicode::is_normalized(form, &codes));
        }
        Ok((self.normalize)(form, &codes) == codes)
    }
}

/// Declares the functions twice: for the module, and as methods of the class of the old database.
macro_rules! functions {
    ($(
        $(#[doc = $doc:literal])*
        fn $name:ident($database:ident, $py:ident, $($arg:ident: ($($ty:tt)*)),*) ($($signature:tt)*) -> $out:ty $body:block
    )*) => {
        /// An older version of the database.
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = "UCD", module = "unicodedata", flags(DISALLOW_INSTANTIATION))]
        pub struct Ucd {
            header: Header,
        }

        #[pymethods]
        impl Ucd {
            #[getter]
            fn unidata_version(this: Gc<Self>) -> &'static str {
                let _ = this;
                OLD.version
            }

            $(
                $(#[doc = $doc])*
                #[signature(self, $($signature)*)]
                fn $name(this: Gc<Self>, $py: &mut Py, $($arg: $($ty)*),*) -> $out {
                    let _ = this;
                    let $database = &OLD;
                    $body
                }
            )*
        }

        /// This module provides access to the Unicode Character Database which
        /// defines character properties for all Unicode characters. The data in
        /// this database is based on the UnicodeData.txt file version
        /// 16.0.0 which is publicly available from the Unicode Consortium.
        #[pymodule(name = "unicodedata", classes(Ucd))]
        pub mod unicodedata {
            use super::*;

            pub const unidata_version: &str = "16.0.0";

            fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
                let old = py.alloc(Ucd { header: Header::EMPTY });
                py.module_set(module, "ucd_3_2_0", old.into())
            }

            $(
                $(#[doc = $doc])*
                #[pyfunction]
                #[signature($($signature)*)]
                fn $name($py: &mut Py, $($arg: $($ty)*),*) -> $out {
                    let $database = &CURRENT;
                    $body
                }
            )*
        }
    };
}

functions! {
    /// Converts a Unicode character into its equivalent decimal value.
    fn decimal(database, py, chr: (CodePoint), default: (Option<Value>)) (chr, default=<unrepresentable>, /) -> Result {
        let found = (database.decimal)(chr.0).map(|number| Value::small(i32::from(number)));
        database.number(py, found, default, "not a decimal")
    }

    /// Converts a Unicode character into its equivalent digit value.
    fn digit(database, py, chr: (CodePoint), default: (Option<Value>)) (chr, default=<unrepresentable>, /) -> Result {
        let found = (database.digit)(chr.0).map(|number| Value::small(i32::from(number)));
        database.number(py, found, default, "not a digit")
    }

    /// Converts a Unicode character into its equivalent numeric value.
    fn numeric(database, py, chr: (CodePoint), default: (Option<Value>)) (chr, default=<unrepresentable>, /) -> Result {
        let found = (database.numeric)(chr.0).map(Value::float);
        database.number(py, found, default, "not a numeric character")
    }

    /// Returns the general category assigned to the character chr as string.
    fn category(database, py, chr: (CodePoint)) (chr, /) -> Gc<Str> {
        py.intern((database.category)(chr.0))
    }

    /// Returns the bidirectional class assigned to the character chr as string.
    fn bidirectional(database, py, chr: (CodePoint)) (chr, /) -> Gc<Str> {
        py.intern((database.bidirectional)(chr.0))
    }

    /// Returns the canonical combining class assigned to the character chr as integer.
    fn combining(database, _py, chr: (CodePoint)) (chr, /) -> i32 {
        i32::from((database.combining)(chr.0))
    }

    /// Returns the mirrored property assigned to the character chr as integer.
    fn mirrored(database, _py, chr: (CodePoint)) (chr, /) -> i32 {
        (database.mirrored)(chr.0) as i32
    }

    /// Returns the east asian width assigned to the character chr as string.
    fn east_asian_width(database, py, chr: (CodePoint)) (chr, /) -> Gc<Str> {
        py.intern((database.east_asian_width)(chr.0))
    }

    /// Returns the character decomposition mapping assigned to the character chr as string.
    fn decomposition(database, _py, chr: (CodePoint)) (chr, /) -> String {
        (database.decomposition)(chr.0)
    }

    /// Return whether the Unicode string unistr is in the normal form 'form'.
    fn is_normalized(database, py, form: (String), input: (Gc<Str>)) (form, input, /) -> Result<bool> {
        database.is_normalized(py, &form, input)
    }

    /// Return the normal form 'form' for the Unicode string unistr.
    fn normalize(database, py, form: (String), input: (Gc<Str>)) (form, input, /) -> Result<Gc<Str>> {
        database.normalize(py, &form, input)
    }

    /// Returns the name assigned to the character chr as a string.
    fn name(database, py, chr: (CodePoint), default: (Option<Value>)) (chr, default=<unrepresentable>, /) -> Result {
        database.name(py, chr.0, default)
    }

    /// Look up character by name.
    fn lookup(database, py, name: (String)) (name, /) -> Result {
        database.lookup(py, &name)
    }
}
