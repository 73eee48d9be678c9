//! The modules that come with the binary: native ones and the embedded pure-Python library.

use bredli_runtime::native::ModuleDef;
use bredli_runtime::{Frozen, Library};

/// The native modules that need the compiler; the others are `bredli_stdlib`'s.
static MODULES: &[&ModuleDef] = &[&crate::ast::ast::MODULE, &crate::symtable::symtable::MODULE, &crate::tokenize::tokenize::MODULE];

/// Everything that is built in.
pub struct BuiltIn;

impl Library for BuiltIn {
    fn native(&self, name: &str) -> Option<&'static ModuleDef> {
        MODULES.iter().copied().find(|module| module.name == name).or_else(|| bredli_stdlib::find(name))
    }

    fn native_names(&self) -> Vec<&'static str> {
        MODULES.iter().chain(bredli_stdlib::MODULES).map(|module| module.name).collect()
    }

    fn frozen(&self, name: &str) -> Option<Frozen> {
        bredli_lib::find(name).map(|module| Frozen { code: module.code, path: module.path, is_package: module.is_package })
    }

    fn source(&self, name: &str) -> Option<Vec<u8>> {
        bredli_lib::find(name).map(|module| module.source())
    }

    fn data(&self, path: &str) -> Option<Vec<u8>> {
        bredli_lib::data(path)
    }

    fn names(&self) -> Vec<&'static str> {
        bredli_lib::modules().map(|module| module.name).collect()
    }

    fn directory(&self) -> &'static str {
        bredli_lib::DIRECTORY
    }
}
