//! Exception classes of native modules.

use bredli_runtime::prelude::*;

/// Make an exception class.
pub fn new_class(py: &mut Py, module: &str, name: &str, base: Gc<Class>) -> Result {
    let namespace = py.new_dict();
    let (key, module) = (py.names.__module__, py.intern(module));
    py.dict_set_str(namespace, key, module.into())?;
    let (name, bases) = (py.intern(name), py.new_tuple(&[base.into()]));
    let metaclass: Value = py.types.r#type.into();
    py.call(metaclass, &[name.into(), bases.into(), namespace.into()])
}

/// Raise the exception class that a native module has under a name.
#[cold]
pub fn raise_from(py: &mut Py, module: &str, name: &str, text: &str) -> Raised {
    let class = match py.import_module(module) {
        Ok(module) => py.get_attr_named(module, name),
        Err(raised) => Err(raised),
    };
    let text = py.new_str(text);
    match class.and_then(|class| py.call(class, &[text.into()])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}
