//! CPython's tokenizer (`Parser/lexer`): the tokens that its parser and its `tokenize` module see, and its error messages.
//!
//! The fast parser has a lexer of its own; this one serves diagnosis and `_tokenize`.

mod error;
mod interpolated;
mod iter;
mod kind;
mod normal;
mod number;
mod reader;
mod state;

pub use error::TokenError;
pub use iter::{TokenInfo, TokenIter};
pub use kind::TokenKind;
pub use reader::{Step, TokenReader};
pub use state::{Stop, Token, Tokenizer, TokenizerOptions};
