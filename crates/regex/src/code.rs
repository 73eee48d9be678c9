//! The numbers of the code array: opcodes, positions, categories, flags, as in `re._constants`.

/// The version of the code format; `re._compiler` compares it with its own.
pub const MAGIC: u32 = 20230612;
/// The size in bytes of one code word.
pub const CODESIZE: usize = 4;
/// The repeat count that stands for "no limit".
pub const MAXREPEAT: u32 = u32::MAX;
/// The largest number of groups a pattern may have.
pub const MAXGROUPS: u32 = i32::MAX as u32 / 2;

/// Declares a `u32` enum with its decoder: each name gets the next number, from zero.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The member with this number.
            pub(crate) fn from_code(code: u32) -> Option<Self> {
                Self::ALL.get(code as usize).copied()
            }
        }
    };
}

numbered! {
    /// The instructions of the code array.
    Op {
        Failure, Success, Any, AnyAll, Assert, AssertNot, At, Branch, Category, Charset, BigCharset, GroupRef, GroupRefExists, In, Info,
        Jump, Literal, Mark, MaxUntil, MinUntil, NotLiteral, Negate, Range, Repeat, RepeatOne, Subpattern, MinRepeatOne, AtomicGroup,
        PossessiveRepeat, PossessiveRepeatOne, GroupRefIgnore, InIgnore, LiteralIgnore, NotLiteralIgnore, GroupRefLocIgnore, InLocIgnore,
        LiteralLocIgnore, NotLiteralLocIgnore, GroupRefUniIgnore, InUniIgnore, LiteralUniIgnore, NotLiteralUniIgnore, RangeUniIgnore,
    }
}

numbered! {
    /// Zero-width conditions.
    At {
        Beginning, BeginningLine, BeginningString, Boundary, NonBoundary, End, EndLine, EndString, LocBoundary, LocNonBoundary,
        UniBoundary, UniNonBoundary,
    }
}

numbered! {
    /// Character categories.
    Category {
        Digit, NotDigit, Space, NotSpace, Word, NotWord, Linebreak, NotLinebreak, LocWord, LocNotWord, UniDigit, UniNotDigit, UniSpace,
        UniNotSpace, UniWord, UniNotWord, UniLinebreak, UniNotLinebreak,
    }
}

/// `INFO` flag: a literal prefix follows.
pub(crate) const INFO_PREFIX: u32 = 1;
/// `INFO` flag: the prefix is the entire pattern.
pub(crate) const INFO_LITERAL: u32 = 2;
/// `INFO` flag: the set of possible first characters follows.
pub(crate) const INFO_CHARSET: u32 = 4;

/// Pattern flag `re.LOCALE`.
pub(crate) const FLAG_LOCALE: u32 = 4;
/// Pattern flag `re.UNICODE`.
pub(crate) const FLAG_UNICODE: u32 = 32;
