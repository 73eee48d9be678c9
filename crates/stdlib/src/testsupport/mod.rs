//! `_testcapi`, `_testinternalcapi`, `_testlimitedcapi`: what CPython's own tests ask its insides, as far as Bredli has such insides.
//!
//! There is no C API here. Each function does on Bredli's machinery what its namesake does on CPython's; names without such a meaning are
//! absent. Counterpart: `Modules/_testcapi`, `Modules/_testinternalcapi.c`, `Modules/_testlimitedcapi.c`.

mod calls;
mod capi;
mod code;
mod events;
mod internal;
mod limited;

pub use capi::capi::MODULE as CAPI;
pub use internal::internal::MODULE as INTERNAL;
pub use limited::limited::MODULE as LIMITED;
