//! The table of native modules: a module is added by one line.

use bredli_runtime::native::ModuleDef;

/// Every native module that can be imported by name.
pub static MODULES: &[&ModuleDef] = &[
    &crate::abc::abc::MODULE,
    &crate::array::array::MODULE,
    &crate::atexit::atexit::MODULE,
    &crate::binascii::binascii::MODULE,
    &crate::bisect::bisect::MODULE,
    &crate::builtins::builtins::MODULE,
    &crate::cmath::cmath::MODULE,
    &crate::codecs::codecs::MODULE,
    &crate::collections::collections::MODULE,
    &crate::contextvars::contextvars::MODULE,
    &crate::embedded::embedded::MODULE,
    &crate::errno::errno::MODULE,
    &crate::fcntl::fcntl::MODULE,
    &crate::functools::functools::MODULE,
    &crate::gc::gc::MODULE,
    &crate::hashes::blake2::MODULE,
    &crate::hashes::md5::MODULE,
    &crate::hashes::sha1::MODULE,
    &crate::hashes::sha2::MODULE,
    &crate::hashes::sha3::MODULE,
    &crate::heapq::heapq::MODULE,
    &crate::imp::imp::MODULE,
    &crate::io::io::MODULE,
    &crate::itertools::itertools::MODULE,
    &crate::marshal::marshal::MODULE,
    &crate::math::math::MODULE,
    &crate::opcode::opcode::MODULE,
    &crate::operator::operator::MODULE,
    &crate::posix::posix::MODULE,
    &crate::posixsubprocess::posixsubprocess::MODULE,
    &crate::random::random::MODULE,
    &crate::resource::resource::MODULE,
    &crate::select::select::MODULE,
    &crate::signal::signal::MODULE,
    &crate::socket::socket::MODULE,
    &crate::sre::sre::MODULE,
    &crate::stat::stat::MODULE,
    &crate::string::string::MODULE,
    &crate::structs::structs::MODULE,
    &crate::suggestions::suggestions::MODULE,
    &crate::sys::sys::MODULE,
    &crate::termios::termios::MODULE,
    &crate::thread::thread::MODULE,
    &crate::time::time::MODULE,
    &crate::types::types::MODULE,
    &crate::typing::typing::MODULE,
    &crate::unicodedata::unicodedata::MODULE,
    &crate::users::grp::MODULE,
    &crate::users::pwd::MODULE,
    &crate::warnings::warnings::MODULE,
    &crate::weakref::weakref::MODULE,
];

/// The native module of that name.
pub fn find(name: &str) -> Option<&'static ModuleDef> {
    MODULES.iter().copied().find(|module| module.name == name)
}
