//! How a program begins: without what Rust's runtime does before `main`.
//!
//! That opens `/dev/null` in place of standard descriptors that are closed, which would hide that there is, for example, no standard output. It
//! catches SIGSEGV and SIGBUS, and when another process sends one of them the first is lost. And it reads the table of all mappings,
//! which takes a hundredth of a start.

/// Makes a function that gives the exit status the entry of a program, which says `#![cfg_attr(not(test), no_main)]`: its unit tests begin as
/// ever.
#[macro_export]
macro_rules! entry {
    ($start:path) => {
        const START: fn() -> u8 = $start;

        // SAFETY: the only function of this name, which the C runtime calls.
        #[cfg_attr(not(test), unsafe(no_mangle))]
        extern "C" fn main() -> std::ffi::c_int {
            START().into()
        }
    };
}
