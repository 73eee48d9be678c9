//! What the slow paths share: instances, keyword dictionaries, exception patterns, `sys`.

use crate::object::{Dict, Str, Tuple};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// Whether `iter(value)` can work.
    pub fn is_iterable(&self, value: Value) -> bool {
        let class = self.class_of(value);
        let slots = &class.get(self).slots;
        slots.iter.is_some() || (slots.getitem.is_some() && self.is_indexable(class))
    }

    /// How messages about arguments name a callable: `module.f()`.
    pub(crate) fn callable_text(&mut self, callable: Value) -> Result<String> {
        let (qualname, module) = (self.names.__qualname__, self.names.__module__);
        let Some(name) = self.lookup_attr(callable, qualname)?.and_then(|name| Gc::<Str>::cast(self, name)) else {
            return self.str_text(callable);
        };
        let name = name.get(self).lossy();
        let module = self.lookup_attr(callable, module)?.and_then(|module| Gc::<Str>::cast(self, module));
        Ok(match module.map(|module| module.get(self).lossy()) {
            Some(module) if module != "builtins" => format!("{module}.{name}()"),
            _ => format!("{name}()"),
        })
    }

    /// The operand of `**` in a call as a dictionary.
    pub(crate) fn kwargs_from(&mut self, callable: Value, keywords: Value) -> Result<Gc<Dict>> {
        if let Some(dict) = Gc::<Dict>::cast(self, keywords)
            && crate::object::is_exact(keywords, crate::types::shapes::DICT)
        {
            return Ok(dict);
        }
        let dict = self.new_dict();
        self.kwargs_merge(callable, dict, keywords)?;
        Ok(dict)
    }

    /// DICT_MERGE: add keyword arguments for a call; none may be there already.
    pub(crate) fn kwargs_merge(&mut self, callable: Value, target: Gc<Dict>, source: Value) -> Result<()> {
        self.merge_keyword_arguments(target, source, callable)
    }

    /// DICT_UPDATE: `{**source}`.
    pub(crate) fn dict_display_update(&mut self, target: Gc<Dict>, source: Value) -> Result<()> {
        self.dict_update_mapping(target, source)
    }

    /// `except pattern`: whether the exception is an instance of the class or one of the classes.
    pub(crate) fn exception_pattern_matches(&mut self, exception: Value, pattern: Value) -> Result<bool> {
        if let Some(class) = self.exception_class(pattern) {
            return Ok(self.is_instance_of(exception, class));
        }
        let text = "catching classes that do not inherit from BaseException is not allowed";
        let Some(tuple) = Gc::<Tuple>::cast(self, pattern) else { raise!(self, TypeError, "{text}") };
        let mut found = false;
        for index in 0..tuple.get(self).len() {
            let item = tuple.get(self).items()[index];
            match self.exception_class(item) {
                Some(class) => found |= self.is_instance_of(exception, class),
                None => raise!(self, TypeError, "{text}"),
            }
        }
        Ok(found)
    }

    /// An attribute of `sys`.
    pub fn sys_attribute(&mut self, name: Gc<Str>) -> Result {
        match self.dict_get_str(self.sys_dict, name) {
            Some(value) => Ok(value),
            None => raise!(self, RuntimeError, "lost sys.{}", name.get(self).lossy()),
        }
    }

    /// Set an attribute of `sys`.
    pub fn set_sys_attribute(&mut self, name: Gc<Str>, value: Value) -> Result<()> {
        let dict = self.sys_dict;
        self.dict_set_str(dict, name, value)
    }

    /// `sys.modules`
    pub fn sys_modules(&mut self) -> Result<Gc<Dict>> {
        Ok(self.modules)
    }

    /// A builtin by name.
    pub fn builtin(&mut self, name: &str) -> Result {
        let key = self.intern(name);
        match self.dict_get_str(self.builtins_dict, key) {
            Some(value) => Ok(value),
            None => Err(self.name_error(key)),
        }
    }

    /// ImportError of `from module import name`.
    pub(crate) fn cannot_import_name(&mut self, module: Value, package: Option<Gc<Str>>, name: Gc<Str>) -> Raised {
        let file = self.names.__file__;
        let origin = match self.lookup_attr(module, file) {
            Ok(origin) => origin,
            Err(raised) => return raised,
        };
        let path =
            origin.and_then(|path| Gc::<Str>::cast(self, path)).map_or("unknown location".to_string(), |path| path.get(self).lossy());
        let text = name.get(self).lossy();
        let package_text = package.map_or("<unknown module name>".to_string(), |package| package.get(self).lossy());
        let raised = if self.is_initialising(module) {
            crate::error!(
                self,
                ImportError,
                "cannot import name '{text}' from partially initialized module '{package_text}' (most likely due to a circular import) ({path})"
            )
        } else {
            crate::error!(self, ImportError, "cannot import name '{text}' from '{package_text}' ({path})")
        };
        let package = package.map_or(Value::NONE, Into::into);
        self.set_exception_attribute(1, package);
        self.set_exception_attribute(2, origin.unwrap_or(Value::NONE));
        self.set_exception_attribute(3, name.into());
        raised
    }

    /// Whether a module's import is still under way.
    pub(crate) fn is_initialising(&mut self, module: Value) -> bool {
        let (spec, flag) = (self.names.__spec__, self.names._initializing);
        let state = match self.lookup_attr(module, spec) {
            Ok(Some(spec)) => self.lookup_attr(spec, flag),
            other => other,
        };
        match state {
            Ok(value) => value == Some(Value::TRUE),
            Err(_) => {
                self.clear_exception();
                false
            }
        }
    }
}

impl Py {
    /// The bytes of a bytes-like object, copied.
    pub fn bytes_like(&mut self, value: Value) -> Option<Vec<u8>> {
        Gc::<crate::types::Bytes>::cast(self, value).map(|bytes| bytes.get(self).data().to_vec())
    }

    /// The text of a file name argument: str, bytes or path-like.
    pub fn path_text(&mut self, value: Value) -> Result<String> {
        if let Some(text) = Gc::<Str>::cast(self, value) {
            return Ok(text.get(self).lossy());
        }
        if let Some(bytes) = self.bytes_like(value) {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        let name = self.names.__fspath__;
        match self.call_special(value, name, &[])? {
            Some(path) if self.is_str(path) => self.str_text(path),
            _ => {
                let class = self.class_name(value);
                raise!(self, TypeError, "expected str, bytes or os.PathLike object, not {class}")
            }
        }
    }
}
