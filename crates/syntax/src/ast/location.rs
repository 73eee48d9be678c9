//! `Location`: where a node stands in its source.

/// A source range as CPython's nodes carry it: lines from 1, columns in UTF-8 bytes from 0, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Location {
    /// The first line.
    pub lineno: i32,
    /// The column in the first line.
    pub col_offset: i32,
    /// The last line.
    pub end_lineno: i32,
    /// The column behind the last character in the last line.
    pub end_col_offset: i32,
}
