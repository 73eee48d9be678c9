//! Errors as values: `Raised` says that an exception has been set on the interpreter.
//!
//! The exception object itself lives in [`Py`](crate::Py), so that `Result<Value>` is one machine word.

/// A Python exception has been raised; the exception object is the interpreter's current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Raised;

/// The outcome of everything that can raise.
pub type Result<T = bredli_heap::Value> = std::result::Result<T, Raised>;

/// Raise a built-in exception: `raise!(py, ValueError, "bad {thing}")` returns `Err(Raised)` from the function.
#[macro_export]
macro_rules! raise {
    ($py:expr, $class:ident, $($text:tt)+) => {
        return Err($crate::error!($py, $class, $($text)+))
    };
}

/// Like [`raise!`](crate::raise) but an expression of type `Raised`, for `ok_or_else` and match arms.
#[macro_export]
macro_rules! error {
    ($py:expr, $class:ident, $($text:tt)+) => {{
        let text = format!($($text)+);
        let class = $py.exceptions.$class;
        $py.raise_text(class, &text)
    }};
}
