//! Modules.
//!
//! Counterpart: `Objects/moduleobject.c`.

mod attributes;

use crate::native::{FunctionKind, ModuleDef};
use crate::object::{Dict, Str};
use crate::types::BuiltinFunction;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass};

/// Create a module object.
///
/// The name must be a string; the optional doc argument can have any type.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "module", core, flags(BASETYPE, HAS_WEAKREF), dict = dict, parts(attributes))]
pub struct Module {
    pub(crate) header: Header,
    pub(crate) dict: Option<Gc<Dict>>,
}

impl Module {
    /// The namespace.
    pub fn namespace(this: Gc<Self>, py: &mut Py) -> Gc<Dict> {
        py.instance_dict(this.into()).expect("modules have a dictionary")
    }
}

impl Py {
    /// An empty module with the attributes every module has.
    pub fn new_module(&mut self, name: &str) -> Result<Gc<Module>> {
        let dict = self.new_dict();
        let module = self.alloc(Module { header: Header::EMPTY, dict: Some(dict) });
        let names = self.names;
        let name = self.intern(name);
        self.dict_set_str(dict, names.__name__, name.into())?;
        for empty in [names.__doc__, names.__package__, names.__loader__, names.__spec__] {
            self.dict_set_str(dict, empty, Value::NONE)?;
        }
        Ok(module)
    }

    /// Make a native module from its declaration.
    pub fn make_native_module(&mut self, def: &'static ModuleDef) -> Result<Gc<Module>> {
        let module = self.new_module(def.name)?;
        let dict = Module::namespace(module, self);
        if !def.doc.is_empty() {
            let (key, doc) = (self.names.__doc__, self.new_str(def.doc));
            self.dict_set_str(dict, key, doc.into())?;
        }
        self.dict_reserve(dict, def.all_functions().count() + def.all_constants().count() + def.all_classes().count())?;
        for function in def.all_functions() {
            debug_assert_eq!(function.kind, FunctionKind::Function);
            let value = self.alloc(BuiltinFunction::new(function, None, Some(module.into())));
            let name = self.intern(function.name);
            self.dict_set_str(dict, name, value.into())?;
        }
        for constant in def.all_constants() {
            let value = (constant.value)(self)?;
            let name = self.intern(constant.name);
            self.dict_set_str(dict, name, value)?;
        }
        for class in def.all_classes() {
            let value = self.class_for(class);
            let name = self.intern(class.name);
            self.dict_set_str(dict, name, value.into())?;
        }
        for part in def.parts {
            if let Some(exec) = part.exec {
                exec(self, module)?;
            }
        }
        Ok(module)
    }

    /// Set an attribute of a module.
    pub fn module_set(&mut self, module: Gc<Module>, name: &str, value: Value) -> Result<()> {
        let dict = Module::namespace(module, self);
        let name: Gc<Str> = self.intern(name);
        self.dict_set_str(dict, name, value)
    }
}
