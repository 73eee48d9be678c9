//! `_types`: the built-in types that have no name in `builtins`.
//!
//! Counterpart: `Modules/_typesmodule.c`.

use bredli_runtime::prelude::*;

/// Define names for built-in types.
#[pymodule(name = "_types")]
pub mod types {
    use super::*;
    use bredli_runtime::types::Module;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let types = py.types;
        let named = [
            ("AsyncGeneratorType", types.async_generator),
            ("BuiltinFunctionType", types.builtin_function),
            ("BuiltinMethodType", types.builtin_function),
            ("CellType", types.cell),
            ("ClassMethodDescriptorType", types.classmethod_descriptor),
            ("CodeType", types.code),
            ("CoroutineType", types.coroutine),
            ("EllipsisType", types.ellipsis),
            ("FrameType", types.frame),
            ("FunctionType", types.function),
            ("GeneratorType", types.generator),
            ("GenericAlias", types.generic_alias),
            ("GetSetDescriptorType", types.getset_descriptor),
            ("LambdaType", types.function),
            ("MappingProxyType", types.mappingproxy),
            ("MemberDescriptorType", types.member_descriptor),
            ("MethodDescriptorType", types.method_descriptor),
            ("MethodType", types.method),
            ("MethodWrapperType", types.method_wrapper),
            ("ModuleType", types.module),
            ("NoneType", types.none),
            ("NotImplementedType", types.not_implemented),
            ("SimpleNamespace", types.namespace),
            ("TracebackType", types.traceback),
            ("UnionType", types.union),
            ("WrapperDescriptorType", types.wrapper_descriptor),
        ];
        for (name, class) in named {
            py.module_set(module, name, class.into())?;
        }
        Ok(())
    }
}
