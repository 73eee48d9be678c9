//! `_testcapi`, `_testinternalcapi`, `_testlimitedcapi`: what CPython's own tests ask its insides, as far as Bredli has such insides.
//!
//! There is no C API here. Each function does on Bredli's machinery what its namesake does on CPython's; names without such a meaning are
//! absent. `_testinternalcapi` also shows the stages of the compiler; the façade, which has one, puts it together. Counterpart:
//! `Modules/_testcapi`, `Modules/_testinternalcapi.c`, `Modules/_testlimitedcapi.c`.

mod calls;
mod capi;
mod code;
mod events;
mod internal;
mod limited;

pub use capi::capi::MODULE as CAPI;
pub use code::code::PART as CODE;
pub use internal::internal::PART as INTERNAL;
pub use limited::limited::MODULE as LIMITED;
