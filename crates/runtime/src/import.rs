//! Imports: the native half of the import system.
//!
//! `importlib`'s own bootstrap does the work, as in CPython; this file finds embedded and native modules for it, brings it up, and
//! has the fast path of the import statement. Counterpart: `Python/import.c`.

use crate::native::{Args, ModuleDef};
use crate::object::{Dict, Str};
use crate::py::KnownFunctions;
use crate::types::{Code, Module};
use crate::{Py, Raised, Result, raise};
use bredli_code::marshal::read_image;
use bredli_heap::{Gc, Value};
use std::sync::Arc;

/// The embedded modules that are imported as frozen; all others are found through `sys.path`.
pub const FROZEN: [&str; 9] = [
    "_embeddedimport",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "zipimport",
    "__hello__",
    "__phello__",
    "__phello__.ham",
    "__phello__.ham.eggs",
    "__phello__.spam",
];

/// An embedded module of the pure-Python library.
pub struct Frozen {
    /// The image of its code object.
    pub code: &'static [u8],
    /// The path of its source within the library.
    pub path: &'static str,
    /// Whether it is a package.
    pub is_package: bool,
}

/// The modules that come with the interpreter.
pub trait Library: Send + Sync {
    /// The native module of that name.
    fn native(&self, name: &str) -> Option<&'static ModuleDef>;
    /// The names of all native modules.
    fn native_names(&self) -> Vec<&'static str>;
    /// The embedded pure-Python module of that name.
    fn frozen(&self, name: &str) -> Option<Frozen>;
    /// The source of an embedded module.
    fn source(&self, name: &str) -> Option<Vec<u8>>;
    /// The contents of an embedded data file, by its path within the library.
    fn data(&self, path: &str) -> Option<Vec<u8>>;
    /// The names of all embedded modules, sorted.
    fn names(&self) -> Vec<&'static str>;
    /// The directory that the embedded modules seem to be in. It exists for the import system only.
    fn directory(&self) -> &'static str;
}

/// The bootstrap modules are imported under names of their own.
pub fn original_name(name: &str) -> &str {
    match name {
        "__hello_alias__" => "__hello__",
        "__phello_alias__" => "__phello__",
        "__phello_alias__.spam" => "__phello__.spam",
        "_frozen_importlib" => "importlib._bootstrap",
        "_frozen_importlib_external" => "importlib._bootstrap_external",
        _ => name,
    }
}

impl Py {
    /// The modules that come with the interpreter.
    pub fn library(&mut self) -> Result<Arc<dyn Library>> {
        match &self.library {
            Some(library) => Ok(library.clone()),
            None => raise!(self, ImportError, "this interpreter has no library"),
        }
    }

    /// The native module of that name, made if it has not been imported.
    pub fn native_module(&mut self, name: &str) -> Result<Option<Value>> {
        let library = self.library()?;
        let Some(def) = library.native(name) else { return Ok(None) };
        Ok(Some(self.make_native_module(def)?.into()))
    }

    /// The embedded module of that name if it is imported as frozen.
    pub fn frozen(&mut self, name: &str) -> Result<Option<Frozen>> {
        let name = original_name(name);
        // The import system itself consists of frozen modules, whether others are wanted or not.
        let is_essential = !name.starts_with("__");
        let is_wanted = is_essential || self.frozen_override.unwrap_or(self.config.use_frozen_modules);
        Ok(if is_wanted && FROZEN.contains(&name) { self.library()?.frozen(name) } else { None })
    }

    /// The code object of an embedded module.
    pub fn embedded_code(&mut self, frozen: &Frozen) -> Result<Gc<Code>> {
        match read_image(frozen.code) {
            Ok(code) => Ok(self.new_code(code.into())),
            Err(problem) => raise!(self, ImportError, "embedded module {} is invalid: {problem:?}", frozen.path),
        }
    }

    /// Bring up `builtins`, `sys` and the import system.
    pub fn start_imports(&mut self) -> Result<()> {
        let sys = self.add_native("sys")?;
        self.sys_dict = Module::namespace(sys, self);
        let builtins = self.add_native("builtins")?;
        let namespace = Module::namespace(builtins, self);
        // The dictionary that earlier functions refer to stays the one that is used.
        let target = self.builtins_dict;
        self.dict_copy_into(target, namespace)?;
        let (all, any) = (self.builtin("all")?, self.builtin("any")?);
        let (isinstance, len) = (self.builtin("isinstance")?, self.builtin("len")?);
        self.constants.functions = KnownFunctions { all, any, isinstance, len };
        self.constants.functions.values().into_iter().for_each(|function| self.heap.keep(function));
        self.set_instance_dict(builtins.into(), Some(target));
        let modules: Value = self.modules.into();
        self.module_set(sys, "modules", modules)?;
        let imp = self.add_native("_imp")?;
        let bootstrap = self.run_frozen("_frozen_importlib")?;
        self.call_method_named(bootstrap.into(), "_install", &[sys.into(), imp.into()])?;
        self.import_bootstrap = Some(bootstrap.into());
        self.call_method_named(bootstrap.into(), "_install_external_importers", &[])?;
        let hooks = self.get_attr_named(sys.into(), "path_hooks")?;
        for (index, (module, class)) in [("_embeddedimport", "EmbeddedImporter"), ("zipimport", "zipimporter")].into_iter().enumerate() {
            let module = self.import_module(module)?;
            let (importer, index) = (self.get_attr_named(module, class)?, Value::small(index as i32));
            self.call_method_named(hooks, "insert", &[index, importer])?;
        }
        Ok(())
    }

    /// Make a native module and put it into `sys.modules`.
    fn add_native(&mut self, name: &str) -> Result<Gc<Module>> {
        let Some(module) = self.native_module(name)? else { raise!(self, ImportError, "no native module {name}") };
        let modules = self.modules;
        let name = self.intern(name);
        self.dict_set_str(modules, name, module)?;
        Ok(Gc::known(self, module))
    }

    fn run_frozen(&mut self, name: &str) -> Result<Gc<Module>> {
        let Some(frozen) = self.frozen(name)? else { raise!(self, ImportError, "no embedded module {name}") };
        let code = self.embedded_code(&frozen)?;
        let module = self.new_module(name)?;
        let modules = self.modules;
        let key = self.intern(name);
        self.dict_set_str(modules, key, module.into())?;
        let namespace = Module::namespace(module, self);
        let (key, original) = (self.intern("__origname__"), self.intern(original_name(name)));
        self.dict_set_str(namespace, key, original.into())?;
        self.run_code(code, namespace, namespace.into(), None)?;
        Ok(module)
    }

    /// `importlib.import_module(name)` for an absolute name.
    pub fn import_module(&mut self, name: &str) -> Result {
        let key = self.intern(name);
        if let Some(found) = self.imported(key)? {
            return Ok(found);
        }
        let list = self.new_tuple(&[key.into()]);
        self.import_name(key, None, list.into(), 0)
    }

    /// The module in `sys.modules`, unless it is None or still being initialised by another import.
    fn imported(&mut self, name: Gc<Str>) -> Result<Option<Value>> {
        let modules = self.modules;
        match self.dict_get(modules, name.into())? {
            Some(module) if !module.is_none() => Ok(Some(module)),
            _ => Ok(None),
        }
    }

    /// `__import__(name, globals, None, fromlist, level)`.
    pub fn import_name(&mut self, name: Gc<Str>, globals: Option<Value>, fromlist: Value, level: i32) -> Result {
        self.find_and_load(name, globals, fromlist, level).inspect_err(|_| self.trim_import_frames())
    }

    fn find_and_load(&mut self, name: Gc<Str>, globals: Option<Value>, fromlist: Value, level: i32) -> Result {
        if level < 0 {
            raise!(self, ValueError, "level must be >= 0");
        }
        let Some(bootstrap) = self.import_bootstrap else { raise!(self, ImportError, "the import system has not started") };
        let absolute = if level > 0 {
            let package = self.package_of(bootstrap, globals)?;
            self.resolve_relative(package, name, level)?
        } else {
            if name.get(self).byte_len() == 0 {
                raise!(self, ValueError, "Empty module name");
            }
            name
        };
        let module = match self.imported(absolute)? {
            Some(module) => {
                if self.config.import_time > 1 {
                    self.note_cached_import(absolute);
                }
                if self.is_initialising(module) {
                    self.call_method_named(bootstrap, "_lock_unlock_module", &[absolute.into()])?;
                    // The import in another thread may have failed meanwhile: then this one fails alike, or does better.
                    match self.imported(absolute)? {
                        Some(loaded) => loaded,
                        None => self.load(bootstrap, absolute)?,
                    }
                } else {
                    module
                }
            }
            None => self.load(bootstrap, absolute)?,
        };
        if self.truth(fromlist)? {
            let path = self.names.__path__;
            if self.lookup_attr(module, path)?.is_some() {
                let import = self.import_function()?;
                return self.call_method_named(bootstrap, "_handle_fromlist", &[module, fromlist, import]);
            }
            return Ok(module);
        }
        self.top_package(module, name, absolute, level)
    }

    fn load(&mut self, bootstrap: Value, name: Gc<Str>) -> Result {
        self.audit_import(name)?;
        let import = self.import_function()?;
        let load = |py: &mut Py| py.call_method_named(bootstrap, "_find_and_load", &[name.into(), import]);
        if self.config.import_time > 0 { self.time_import(name, load) } else { load(self) }
    }

    /// The package that a relative import starts from.
    fn package_of(&mut self, bootstrap: Value, globals: Option<Value>) -> Result {
        const NAMELESS: &str = "'__name__' not in globals";
        let Some(globals) = globals else { raise!(self, KeyError, "{NAMELESS}") };
        let Some(dict) = Gc::<Dict>::cast(self, globals) else { raise!(self, TypeError, "globals must be a dict") };
        let package = self.call_method_named(bootstrap, "_calc___package__", &[globals]);
        let name = self.names.__name__;
        if package.is_err() && self.exception_matches(self.exceptions.KeyError) && self.dict_get_str(dict, name).is_none() {
            self.clear_exception();
            raise!(self, KeyError, "{NAMELESS}");
        }
        package
    }

    fn audit_import(&mut self, name: Gc<Str>) -> Result<()> {
        if !self.is_audited() {
            return Ok(());
        }
        let mut args = [name.into(), Value::NONE, Value::NONE, Value::NONE, Value::NONE];
        for (arg, name) in args[2..].iter_mut().zip(["path", "meta_path", "path_hooks"]) {
            let name = self.intern(name);
            *arg = self.sys_attribute(name)?;
        }
        self.audit("import", &args)
    }

    /// Without names to import, the statement binds the first package of the name as written.
    fn top_package(&mut self, module: Value, name: Gc<Str>, absolute: Gc<Str>, level: i32) -> Result {
        let text = name.get(self).lossy();
        let Some(dot) = text.find('.') else {
            return Ok(module);
        };
        if level == 0 {
            let front = self.intern(&text[..dot]);
            return match self.imported(front)? {
                Some(found) => Ok(found),
                None => self.import_name(front, None, Value::NONE, 0),
            };
        }
        let cut = text.len() - dot;
        let full = absolute.get(self).lossy();
        let front = self.intern(&full[..full.len() - cut]);
        match self.imported(front)? {
            Some(found) => Ok(found),
            None => raise!(self, KeyError, "'{}' not in sys.modules as expected", front.get(self).lossy()),
        }
    }

    fn import_function(&mut self) -> Result {
        self.builtin("__import__")
    }

    fn resolve_relative(&mut self, package: Value, name: Gc<Str>, level: i32) -> Result<Gc<Str>> {
        let Some(package) = Gc::<Str>::cast(self, package) else { raise!(self, TypeError, "__package__ must be a string") };
        let package = package.get(self).lossy();
        if package.is_empty() {
            raise!(self, ImportError, "attempted relative import with no known parent package");
        }
        let mut base = package.as_str();
        for _ in 1..level {
            match base.rfind('.') {
                Some(dot) => base = &base[..dot],
                None => raise!(self, ImportError, "attempted relative import beyond top-level package"),
            }
        }
        let text = name.get(self).lossy();
        let full = if text.is_empty() { base.to_string() } else { format!("{base}.{text}") };
        Ok(self.intern(&full))
    }

    /// Run a module's code as `__main__`.
    pub fn run_main(&mut self, code: Gc<Code>) -> Result {
        let main = self.main_namespace()?;
        self.deaths_watched_at_start = self.heap.deaths_watched();
        self.run_code(code, main, main.into(), None)
    }

    /// The namespace of `__main__`, made on first use.
    pub fn main_namespace(&mut self) -> Result<Gc<Dict>> {
        let key = self.names.__main__;
        let modules = self.modules;
        if let Some(module) = self.dict_get(modules, key.into())?
            && let Some(module) = Gc::<Module>::cast(self, module)
        {
            return Ok(Module::namespace(module, self));
        }
        let module = self.new_module("__main__")?;
        self.dict_set(modules, key.into(), module.into())?;
        let namespace = Module::namespace(module, self);
        let (builtins_key, builtins) = (self.names.__builtins__, self.intern("builtins"));
        if let Some(builtins) = self.dict_get(modules, builtins.into())? {
            self.dict_set_str(namespace, builtins_key, builtins)?;
        }
        Ok(namespace)
    }

    /// Call a Python-level function of the current builtins with arguments, for native modules.
    pub fn call_builtin(&mut self, name: &str, args: &[Value]) -> Result {
        let function = self.builtin(name)?;
        self.call_args(function, Args::new(args))
    }

    /// The compiler, or an error for interpreters without one.
    pub fn frontend(&mut self) -> Result<Arc<dyn crate::Frontend>> {
        match &self.frontend {
            Some(frontend) => Ok(frontend.clone()),
            None => raise!(self, RuntimeError, "this interpreter has no compiler"),
        }
    }

    /// An ImportError with its `name`.
    pub fn import_error(&mut self, text: &str, name: Gc<Str>) -> Raised {
        let raised = crate::error!(self, ImportError, "{text}");
        self.set_exception_attribute(1, name.into());
        raised
    }
}
