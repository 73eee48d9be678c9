//! The modules that come with the binary: native ones and the embedded pure-Python library.

use bredli_host::Layer;
use bredli_runtime::native::ModuleDef;
use bredli_runtime::{Frozen, Library};

/// The native modules that need the compiler; the others are `bredli_stdlib`'s.
static MODULES: &[&ModuleDef] =
    &[&crate::ast::ast::MODULE, &crate::stages::internal::MODULE, &crate::symtable::symtable::MODULE, &crate::tokenize::tokenize::MODULE];

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

impl Layer for BuiltIn {
    fn root(&self) -> &str {
        bredli_lib::DIRECTORY
    }

    fn contents(&self, path: &str) -> Option<Vec<u8>> {
        module_at(path).map(|module| module.source()).or_else(|| bredli_lib::data(path))
    }

    fn size(&self, path: &str) -> Option<usize> {
        module_at(path).map(|module| module.source_size()).or_else(|| bredli_lib::data_size(path))
    }

    fn entries(&self, path: &str) -> Option<Vec<(String, bool)>> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let paths = bredli_lib::modules().map(|module| module.path).chain(bredli_lib::data_paths());
        let below = paths.filter_map(|path| path.strip_prefix(&prefix));
        let mut names: Vec<(String, bool)> = below
            .map(|rest| match rest.split_once('/') {
                Some((directory, _)) => (directory.to_owned(), true),
                None => (rest.to_owned(), false),
            })
            .collect();
        names.sort();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }
}

fn module_at(path: &str) -> Option<bredli_lib::Module> {
    bredli_lib::modules().find(|module| module.path == path)
}
