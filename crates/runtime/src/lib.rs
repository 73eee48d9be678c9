//! The runtime: objects, classes, the machine that executes code, imports.
//!
//! Everything Python is reached through one token, [`Py`]. Crates with native modules use what [`prelude`] exports.

#![allow(
    non_snake_case,
    clippy::self_named_constructors,
    clippy::wrong_self_convention,
    reason = "native methods carry their Python names"
)]

extern crate self as bredli_runtime;

mod audit;
pub mod buffer;
pub mod codecs;
pub mod config;
mod error;
pub mod exec;
mod frontend;
mod import;
mod import_time;
mod names;
pub mod native;
pub mod object;
pub mod prelude;
mod protocol;
mod py;
pub mod search;
mod start;
mod text;
pub mod types;

pub use config::Config;
pub use error::{Raised, Result};
pub use exec::{BREAK_SIGNAL, Waited};
pub use frontend::{CompileMode, CompileRequest, Frontend, source_flag};
pub use import::{FROZEN, Frozen, Library, original_name};
pub use names::Names;
pub use protocol::{BinaryOp, UnaryOp};
pub use py::{Constants, Py};
pub use start::Settings;
pub use text::suggestion;
