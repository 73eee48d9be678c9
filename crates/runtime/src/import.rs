//! Imports: the native half of the import system.
//!
//! `importlib`'s own bootstrap does the work, as in CPython; this file finds embedded and native modules for it, brings it up, and
//! has the fast path of the import statement. Counterpart: `Python/import.c`.

use crate::native::{Args, ModuleDef};
use crate::object::{Dict, Str};
use crate::types::{Code, Module};
use crate::{Py, Raised, Result, raise};
use bredli_code::marshal::read_code;
use bredli_heap::{Gc, Value};
use std::sync::Arc;

/// An embedded module of the pure-Python library.
pub struct Frozen {
    /// The marshalled code object.
    pub code: &'static [u8],
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

    /// The code of an embedded module.
    pub fn frozen_code(&mut self, name: &str) -> Result<Option<(Gc<Code>, bool)>> {
        let library = self.library()?;
        // The bootstrap modules have names of their own.
        let found = match name {
            "_frozen_importlib" => library.frozen("importlib._bootstrap"),
            "_frozen_importlib_external" => library.frozen("importlib._bootstrap_external"),
            _ => library.frozen(name),
        };
        let Some(frozen) = found else { return Ok(None) };
        let code = match read_code(frozen.code) {
            Ok(code) => code,
            Err(problem) => raise!(self, ImportError, "embedded module {name} is invalid: {problem:?}"),
        };
        let code = self.new_code(&code)?;
        Ok(Some((code, frozen.is_package)))
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
        self.set_instance_dict(builtins.into(), Some(target));
        let modules: Value = self.modules.into();
        self.module_set(sys, "modules", modules)?;
        let imp = self.add_native("_imp")?;
        let bootstrap = self.run_frozen("_frozen_importlib")?;
        let installed = self.call_method_named(bootstrap.into(), "_install", &[sys.into(), imp.into()]);
        let class = self.exceptions.ImportError;
        if self.ignore(installed, class)?.is_none() {
            // A native module that the import system itself needs is missing: programs run, their imports raise ImportError.
            return Ok(());
        }
        self.import_bootstrap = Some(bootstrap.into());
        let installed = self.call_method_named(bootstrap.into(), "_install_external_importers", &[]);
        self.ignore(installed, class)?;
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
        let Some((code, _)) = self.frozen_code(name)? else { raise!(self, ImportError, "no embedded module {name}") };
        let module = self.new_module(name)?;
        let modules = self.modules;
        let key = self.intern(name);
        self.dict_set_str(modules, key, module.into())?;
        let namespace = Module::namespace(module, self);
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
        if level < 0 {
            raise!(self, ValueError, "level must be >= 0");
        }
        let Some(bootstrap) = self.import_bootstrap else { raise!(self, ImportError, "the import system has not started") };
        let absolute = if level > 0 {
            let package = self.call_method_named(bootstrap, "_calc___package__", &[globals.unwrap_or(Value::NONE)])?;
            self.resolve_relative(package, name, level)?
        } else {
            if name.get(self).byte_len() == 0 {
                raise!(self, ValueError, "Empty module name");
            }
            name
        };
        let module = match self.imported(absolute)? {
            Some(module) => {
                if self.is_initialising(module) {
                    self.call_method_named(bootstrap, "_lock_unlock_module", &[absolute.into()])?;
                }
                module
            }
            None => {
                let import = self.import_function()?;
                self.call_method_named(bootstrap, "_find_and_load", &[absolute.into(), import])?
            }
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
