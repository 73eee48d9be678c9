//! The native modules of the standard library, one file or folder each, and the table of all of them.

#![allow(
    non_snake_case,
    clippy::module_inception,
    clippy::self_named_constructors,
    clippy::wrong_self_convention,
    reason = "native modules and functions carry their Python names"
)]

pub mod abc;
pub mod array;
pub mod asyncio;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod builtins;
pub mod cmath;
pub mod codecs;
pub mod collections;
pub mod contextvars;
pub mod csv;
pub mod embedded;
mod errno;
pub mod exceptions;
pub mod fcntl;
pub mod functools;
pub mod gc;
pub mod hashes;
pub mod heapq;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod json;
pub mod marshal;
pub mod math;
mod modules;
pub mod opcode;
pub mod operator;
pub mod os_error;
pub mod pickle;
pub mod posix;
pub mod posixsubprocess;
pub mod queue;
pub mod random;
pub mod remote_debugging;
pub mod report;
pub mod resource;
pub mod select;
pub mod signal;
pub mod socket;
pub mod sre;
pub mod stat;
pub mod string;
pub mod structs;
pub mod structseq;
pub mod suggestions;
pub mod sys;
pub mod termios;
pub mod testsupport;
pub mod thread;
pub mod time;
pub mod types;
pub mod typing;
pub mod unicodedata;
pub mod users;
pub mod warnings;
pub mod weakref;
pub mod zlib;

pub use modules::{MODULES, find};
