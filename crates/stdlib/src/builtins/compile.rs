//! `compile`, `eval` and `exec`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;
use bredli_runtime::{CompileMode, CompileRequest, source_flag};
use std::sync::Arc;

#[pymodule(name = "builtins", part)]
pub mod builtins {
    use super::*;

    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or expression.
    /// The filename will be used for run-time error messages.
    /// The mode must be 'exec' to compile a module, 'single' to compile a
    /// single (interactive) statement, or 'eval' to compile an expression.
    /// The flags argument, if present, controls which future statements influence
    /// the compilation of the code.
    /// The dont_inherit argument, if true, stops the compilation inheriting
    /// the effects of any future statements in effect in the code calling
    /// compile; if absent or false these statements do influence the compilation,
    /// in addition to any features explicitly specified.
    #[pyfunction]
    #[signature(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)]
    fn compile(
        py: &mut Py,
        source: Value,
        filename: Value,
        mode: Gc<Str>,
        flags: i32,
        dont_inherit: bool,
        optimize: i32,
        _feature_version: i32,
    ) -> Result {
        let filename = py.path_text(filename)?;
        if filename.contains('\0') {
            raise!(py, ValueError, "embedded null character");
        }
        let flags = flags as u32;
        if flags & !source_flag::KNOWN != 0 {
            raise!(py, ValueError, "compile(): unrecognised flags");
        }
        if !(-1..=2).contains(&optimize) {
            raise!(py, ValueError, "compile(): invalid optimize value");
        }
        let only_tree = flags & source_flag::ONLY_AST != 0;
        let mode = match mode.get(py).to_str() {
            Some("exec") => CompileMode::Exec,
            Some("eval") => CompileMode::Eval,
            Some("single") => CompileMode::Single,
            Some("func_type") if only_tree => CompileMode::FunctionType,
            Some("func_type") => raise!(py, ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST"),
            _ if only_tree => raise!(py, ValueError, "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"),
            _ => raise!(py, ValueError, "compile() mode must be 'exec', 'eval' or 'single'"),
        };
        let flags = if dont_inherit { flags } else { flags | inherited_flags(py) };
        let optimize = if optimize < 0 { py.optimize } else { optimize as u8 };
        let request =
            |source, flags| CompileRequest { source, filename: &filename, mode, flags, optimize, feature_version: _feature_version };
        let frontend = py.frontend()?;
        if frontend.is_tree(py, source) {
            return match flags & source_flag::OPTIMIZED_AST {
                source_flag::ONLY_AST => checked_root(py, source, mode),
                source_flag::OPTIMIZED_AST => frontend.optimize_tree(py, source, request(&[], flags)),
                _ => {
                    let code = frontend.compile_tree(py, source, request(&[], flags))?;
                    Ok(py.new_code(code.into()).into())
                }
            };
        }
        let (bytes, cookie) = py.source_bytes(source, "compile", "string, bytes or AST")?;
        if py.is_audited() {
            let (text, name) = (py.new_bytes(&bytes).into(), py.new_str(&filename).into());
            py.audit("compile", &[text, name])?;
        }
        if only_tree {
            return frontend.parse(py, request(&bytes, flags | cookie));
        }
        let code = frontend.compile(py, request(&bytes, flags | cookie))?;
        Ok(py.new_code(code.into()).into())
    }

    /// The tree, if its root is of the kind that the mode asks for.
    fn checked_root(py: &mut Py, tree: Value, mode: CompileMode) -> Result {
        let root = match mode {
            CompileMode::Exec => "Module",
            CompileMode::Eval => "Expression",
            CompileMode::Single => "Interactive",
            CompileMode::FunctionType => "FunctionType",
        };
        let module = py.import_module("_ast")?;
        let class = py.get_attr_named(module, root)?;
        if py.is_instance(tree, class)? {
            return Ok(tree);
        }
        let given = py.class_name(tree);
        raise!(py, TypeError, "expected {root} node, got {given}")
    }

    fn inherited_flags(py: &Py) -> u32 {
        py.current_frame().map_or(0, |frame| frame.code_flags(py) & source_flag::FUTURES)
    }

    fn scope(py: &mut Py, globals: Option<Value>, locals: Option<Value>, function: &str) -> Result<(Gc<Dict>, Value)> {
        if let Some(locals) = locals
            && !py.is_mapping(locals)
        {
            let class = py.class_name(locals);
            if function == "exec" {
                raise!(py, TypeError, "locals must be a mapping or None, not {class}");
            }
            raise!(py, TypeError, "locals must be a mapping");
        }
        match globals {
            Some(value) => match Gc::<Dict>::cast(py, value) {
                Some(dict) => Ok((dict, locals.unwrap_or(value))),
                None => {
                    let class = py.class_name(value);
                    if function == "eval" {
                        let text = if py.is_mapping(value) {
                            "globals must be a real dict; try eval(expr, {}, mapping)"
                        } else {
                            "globals must be a dict"
                        };
                        raise!(py, TypeError, "{text}");
                    }
                    raise!(py, TypeError, "{function}() globals must be a dict, not {class}")
                }
            },
            None => {
                let Some(frame) = py.current_frame() else { raise!(py, SystemError, "globals and locals cannot be NULL") };
                let globals = frame.globals(py);
                let locals = match locals {
                    Some(locals) => locals,
                    None => py.frame_locals(frame)?,
                };
                Ok((globals, locals))
            }
        }
    }

    fn ensure_builtins(py: &mut Py, globals: Gc<Dict>) -> Result<()> {
        let name = py.names.__builtins__;
        if py.dict_get_str(globals, name).is_none() {
            let builtins = match py.current_frame() {
                Some(frame) => frame.builtins(py),
                None => py.builtins_namespace(),
            };
            py.dict_set_str(globals, name, builtins.into())?;
        }
        Ok(())
    }

    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    #[pyfunction]
    #[signature(source, /, globals=None, locals=None)]
    fn eval(py: &mut Py, source: Value, globals: Option<Value>, locals: Option<Value>) -> Result {
        let (globals, locals) = scope(py, globals, locals, "eval")?;
        ensure_builtins(py, globals)?;
        if let Some(code) = Gc::<Code>::cast(py, source) {
            if code.get(py).code().freevars().next().is_some() {
                raise!(py, TypeError, "code object passed to eval() may not contain free variables");
            }
            py.audit("exec", &[code.into()])?;
            return py.run_code(code, globals, locals, None);
        }
        let (bytes, flag) = py.source_bytes(source, "eval", "string, bytes or code")?;
        let start = bytes.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(bytes.len());
        let code = compile_text(py, &bytes[start..], CompileMode::Eval, flag)?;
        py.run_code(code, globals, locals, None)
    }

    fn compile_text(py: &mut Py, source: &[u8], mode: CompileMode, flag: u32) -> Result<Gc<Code>> {
        let (flags, optimize) = (inherited_flags(py) | flag, py.optimize);
        if py.is_audited() {
            let (text, name) = (py.new_bytes(source).into(), py.intern("<string>").into());
            py.audit("compile", &[text, name])?;
        }
        let frontend = py.frontend()?;
        let request = CompileRequest { source, filename: "<string>", mode, flags, optimize, feature_version: -1 };
        let code: Arc<_> = frontend.compile(py, request)?;
        let code = py.new_code(code.into());
        py.audit("exec", &[code.into()])?;
        Ok(code)
    }

    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    /// The closure must be a tuple of cellvars, and can only be used
    /// when source is a code object requiring exactly that many cellvars.
    #[pyfunction]
    #[signature(source, /, globals=None, locals=None, *, closure=None)]
    fn exec(py: &mut Py, source: Value, globals: Option<Value>, locals: Option<Value>, closure: Option<Value>) -> Result<()> {
        let (globals, locals) = scope(py, globals, locals, "exec")?;
        ensure_builtins(py, globals)?;
        let code = match Gc::<Code>::cast(py, source) {
            Some(code) => {
                let free = code.get(py).code().freevars().count();
                let closure = match (free, closure) {
                    (0, Some(_)) => raise!(py, TypeError, "cannot use a closure with this code object"),
                    (0, None) => None,
                    (free, closure) => {
                        let cells = closure.and_then(|closure| py.closure_of(closure)).filter(|c| c.get(py).len() == free);
                        if cells.is_none() {
                            raise!(py, TypeError, "code object requires a closure of exactly length {free}");
                        }
                        cells
                    }
                };
                py.audit("exec", &[code.into()])?;
                py.run_code(code, globals, locals, closure)?;
                return Ok(());
            }
            None => {
                if closure.is_some() {
                    raise!(py, TypeError, "closure can only be used when source is a code object");
                }
                let (bytes, flag) = py.source_bytes(source, "exec", "string, bytes or code")?;
                compile_text(py, &bytes, CompileMode::Exec, flag)?
            }
        };
        py.run_code(code, globals, locals, None)?;
        Ok(())
    }
}
