//! Format specifications: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.

use crate::{IntError, wtf8};
use std::fmt;

/// Where the value stands in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: the padding goes between sign and digits.
    AfterSign,
}

/// What stands for the sign of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sign {
    /// Not given: as [`Sign::Minus`], and accepted where a sign is not.
    #[default]
    Unspecified,
    /// `-`: negative numbers only.
    Minus,
    /// `+`: always a sign.
    Plus,
    /// ` `: a space for numbers that are not negative.
    Space,
}

/// The separator between groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,`
    Comma,
    /// `_`
    Underscore,
}

/// The type whose formatter reads a specification: it decides the default alignment and type letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatTarget {
    /// `int`
    Int,
    /// `float`
    Float,
    /// `complex`
    Complex,
    /// `str`
    Str,
}

/// Why a value cannot be formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// ValueError with this message.
    Value(String),
    /// OverflowError with this message.
    Overflow(String),
    /// An int's conversion failed: the digit limit, an int too large for a float, an interrupt.
    Int(IntError),
}

impl From<IntError> for FormatError {
    fn from(error: IntError) -> FormatError {
        FormatError::Int(error)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::Value(message) | FormatError::Overflow(message) => f.write_str(message),
            FormatError::Int(error) => error.fmt(f),
        }
    }
}

/// Wider fields are MemoryErrors.
pub(super) const MAX_WIDTH: usize = i32::MAX as usize;

pub(super) fn invalid<T>(message: impl Into<String>) -> Result<T, FormatError> {
    Err(FormatError::Value(message.into()))
}

/// A parsed format specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    /// The character that fills the field; it may be a surrogate.
    pub fill: u32,
    /// The alignment given, or the target's default.
    pub align: Align,
    /// The sign given.
    pub sign: Sign,
    /// `z`: negative zero is shown as zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least number of characters.
    pub width: usize,
    /// Grouping of the integer digits.
    pub grouping: Option<Grouping>,
    /// The precision, if given.
    pub precision: Option<usize>,
    /// Grouping of the digits after the point.
    pub fraction_grouping: Option<Grouping>,
    /// The type letter; the target's default when none is given (`d` for ints, `s` for strings, none for floats and complex).
    pub kind: Option<char>,
}

impl FormatSpec {
    /// What an empty specification means.
    pub fn new(target: FormatTarget) -> FormatSpec {
        let (align, kind) = match target {
            FormatTarget::Int => (Align::Right, Some('d')),
            FormatTarget::Float | FormatTarget::Complex => (Align::Right, None),
            FormatTarget::Str => (Align::Left, Some('s')),
        };
        FormatSpec {
            fill: u32::from(' '),
            align,
            sign: Sign::default(),
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: None,
            precision: None,
            fraction_grouping: None,
            kind,
        }
    }

    /// Parses a specification, which is WTF-8. `type_name` is the name of the value's class, for messages.
    pub fn parse(text: &[u8], target: FormatTarget, type_name: &str) -> Result<FormatSpec, FormatError> {
        let mut spec = FormatSpec::new(target);
        let mut rest = Scanner { rest: text };
        let mut fill_given = false;
        let mut align_given = false;
        if let Some((fill, after)) = wtf8::first(text)
            && let Some(align) = alignment(after)
        {
            (spec.fill, spec.align) = (fill, align);
            (fill_given, align_given) = (true, true);
            rest.rest = &after[1..];
        } else if let Some(align) = alignment(text) {
            spec.align = align;
            align_given = true;
            rest.rest = &text[1..];
        }
        spec.sign = match rest.rest.first() {
            Some(b'+') => Sign::Plus,
            Some(b'-') => Sign::Minus,
            Some(b' ') => Sign::Space,
            _ => Sign::Unspecified,
        };
        if spec.sign != Sign::Unspecified {
            rest.rest = &rest.rest[1..];
        }
        spec.no_negative_zero = rest.take(b'z');
        spec.alternate = rest.take(b'#');
        if !fill_given && rest.take(b'0') {
            spec.fill = u32::from('0');
            if !align_given && target != FormatTarget::Str {
                spec.align = Align::AfterSign;
            }
        }
        spec.width = rest.number()?.unwrap_or(0);
        spec.grouping = rest.grouping()?;
        if rest.take(b'.') {
            spec.precision = rest.number()?;
            spec.fraction_grouping = rest.grouping()?;
            if spec.precision.is_none() && spec.fraction_grouping.is_none() {
                return invalid("Format specifier missing precision");
            }
        }
        let (letter, after) = wtf8::first(rest.rest).unzip();
        // A zero character is CPython's mark of no type.
        let letter = letter.filter(|letter| *letter != 0 || spec.kind.is_some());
        let letter = letter.map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER));
        if after.is_some_and(|after| !after.is_empty()) {
            let text = String::from_utf8_lossy(text);
            return invalid(format!("Invalid format specifier '{text}' for object of type '{type_name}'"));
        }
        spec.kind = letter.or(spec.kind);
        if spec.width > MAX_WIDTH {
            return Err(FormatError::Int(IntError::TooLarge));
        }
        spec.check_grouping(letter.or(FormatSpec::new(target).kind))?;
        Ok(spec)
    }

    fn check_grouping(&self, kind: Option<char>) -> Result<(), FormatError> {
        let allowed = |grouping| match kind {
            None | Some('d' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => true,
            Some('b' | 'o' | 'x' | 'X') => grouping == Grouping::Underscore,
            _ => false,
        };
        let wrong = match (self.grouping, self.fraction_grouping) {
            (Some(grouping), _) if !allowed(grouping) => grouping,
            // Of the letters without a fraction CPython refuses only this one.
            (_, Some(grouping)) if kind == Some('n') => grouping,
            _ => return Ok(()),
        };
        let separator = if wrong == Grouping::Comma { ',' } else { '_' };
        let kind = kind.expect("no letter allows grouping");
        if kind > ' ' && kind < '\u{80}' {
            invalid(format!("Cannot specify '{separator}' with '{kind}'."))
        } else {
            invalid(format!("Cannot specify '{separator}' with '\\x{:x}'.", u32::from(kind)))
        }
    }

    /// The error of a type letter that the value's class does not know.
    pub(super) fn unknown_code<T>(&self, type_name: &str) -> Result<T, FormatError> {
        let kind = self.kind.unwrap_or('\0');
        if kind > ' ' && kind < '\u{80}' {
            invalid(format!("Unknown format code '{kind}' for object of type '{type_name}'"))
        } else {
            invalid(format!("Unknown format code '\\x{:x}' for object of type '{type_name}'", u32::from(kind)))
        }
    }

    /// Whether formatting a string of this many characters by this specification leaves it as it is.
    pub fn leaves_text(&self, chars: usize) -> bool {
        chars >= self.width && self.precision.is_none_or(|precision| precision >= chars)
    }

    /// Checks the specification of a string and says how the string of `chars` characters is cut and padded, for callers
    /// whose strings are not `str`.
    pub fn text_padding(&self, chars: usize, type_name: &str) -> Result<Padding, FormatError> {
        if self.kind != Some('s') {
            return self.unknown_code(type_name);
        }
        match self.sign {
            Sign::Unspecified => {}
            Sign::Space => return invalid("Space not allowed in string format specifier"),
            Sign::Plus | Sign::Minus => return invalid("Sign not allowed in string format specifier"),
        }
        if self.no_negative_zero {
            return invalid("Negative zero coercion (z) not allowed in string format specifier");
        }
        if self.alternate {
            return invalid("Alternate form (#) not allowed in string format specifier");
        }
        if self.align == Align::AfterSign {
            return invalid("'=' alignment not allowed in string format specifier");
        }
        let keep = self.precision.map_or(chars, |precision| precision.min(chars));
        let (left, right) = self.padding(keep);
        Ok(Padding { keep, left, right })
    }

    /// Whether only the width can change the text of a number.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.sign, Sign::Unspecified | Sign::Minus)
            && self.grouping.is_none()
            && self.fraction_grouping.is_none()
            && self.kind != Some('n')
    }

    /// The numbers of fill characters to the left and to the right of a value of this length.
    pub(super) fn padding(&self, len: usize) -> (usize, usize) {
        let total = self.width.saturating_sub(len);
        let left = match self.align {
            Align::Left => 0,
            Align::Right | Align::AfterSign => total,
            Align::Center => total / 2,
        };
        (left, total - left)
    }
}

/// How a string fits its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padding {
    /// The number of characters of the string that are kept.
    pub keep: usize,
    /// Fill characters before it.
    pub left: usize,
    /// Fill characters after it.
    pub right: usize,
}

/// The alignment that comes next.
fn alignment(text: &[u8]) -> Option<Align> {
    Some(match text.first()? {
        b'<' => Align::Left,
        b'>' => Align::Right,
        b'^' => Align::Center,
        b'=' => Align::AfterSign,
        _ => return None,
    })
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    /// Steps over an ASCII letter, if it comes next.
    #[inline]
    fn take(&mut self, letter: u8) -> bool {
        let found = self.rest.first() == Some(&letter);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let (mut number, mut len) = (Some(0isize), 0);
        for digit in self.rest.iter().take_while(|byte| byte.is_ascii_digit()) {
            number = number.and_then(|number| number.checked_mul(10)?.checked_add(isize::from(digit - b'0')));
            len += 1;
        }
        self.rest = &self.rest[len..];
        match number {
            _ if len == 0 => Ok(None),
            Some(number) => Ok(Some(number.unsigned_abs())),
            None => invalid("Too many decimal digits in format string"),
        }
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, FormatError> {
        let comma = self.take(b',');
        let underscore = self.take(b'_');
        if underscore && (comma || self.rest.starts_with(b",")) {
            return invalid("Cannot specify both ',' and '_'.");
        }
        Ok(if comma { Some(Grouping::Comma) } else { underscore.then_some(Grouping::Underscore) })
    }
}
