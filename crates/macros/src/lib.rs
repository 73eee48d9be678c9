//! The declarations of native Python code: `#[pyclass]`, `#[pymethods]`, `#[pymodule]` and `derive(Trace)`.
//!
//! They turn ordinary Rust items into the static tables of `bredli_runtime::native` (`ClassDef`, `FunctionDef`, `ModuleDef`):
//! doc comments become docstrings, `#[signature(...)]` (Python's own spelling) becomes the text signature and the argument
//! binding, parameter types choose the conversions. Nothing is registered at run time.
//!
//! Inside `#[pymethods]` and `#[pymodule]`:
//!
//! * The first parameter is the receiver: `this: Gc<Self>` (checked by layout) or `this: Value` (checked by class); `cls: Gc<Class>` makes a
//!   class method, `#[staticmethod]` a function without receiver. `py: &mut Py` or `&Py` stands anywhere or nowhere.
//! * `#[signature(self, x, y=None, /, *, key=-1)]` names the parameters as the Rust function does, in the same order. Without it all are
//!   positional-only and those of type `Option<T>` may be omitted. `#[no_text_signature]` hides the text.
//!   `#[collects]` marks functions of modules that ask for collections.
//! * `y=None` with `Option<T>`: both no argument and `None` are Rust's `None`. A default that is no literal (`y=<unrepresentable>`) needs
//!   `Option<T>` and is Rust's `None` only when nothing is given. `*args` is a `&[Value]`. A parameter of type `Args` takes all
//!   arguments as they come; the signature then only gives the text.
//! * Special methods fill slots. Number operations are written for either operand, `fn __add__(py, left: Value, right: Value)`;
//!   `__add__`, `__mul__`, `__iadd__` and `__imul__` with `this` are sequence operations. Comparisons go into `__richcompare__`. A
//!   `__setitem__`, `__setattr__` or `__set__` whose value is an `Option<Value>` also deletes; else the deleting method is a second function.
//! * `#[getter]`, `#[setter]` (`set_name`), `#[deleter]` (`delete_name`); `const`s and `#[constant]` functions are values;
//!   `#[pyname("name", "alias")]` gives other names; `#[rust]` keeps a function or constant from Python.

mod attributes;
mod class;
mod function;
mod methods;
mod module;
mod signature;
mod slots;
mod trace;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Declares a struct as a Python class.
///
/// Options: `name = "list"`, `module = "itertools"` (default `builtins`), `base = RustType`, `layout = RustType` (for classes without a
/// payload of their own), `flags(BASETYPE, SEQUENCE)`, `parts(sort, iter)` (further `#[pymethods(part = "sort")]` blocks), `dict = field`
/// (the field that holds the `__dict__`), `core` (the type is in the runtime's table of core types).
#[proc_macro_attribute]
pub fn pyclass(options: TokenStream, item: TokenStream) -> TokenStream {
    finish(class::expand(options.into(), parse_macro_input!(item as syn::ItemStruct)))
}

/// Declares the methods, slots, attributes and constants of a class: an `impl` block whose associated functions are Python's.
///
/// `#[pymethods(part = "name")]` marks a further block, to be listed in `#[pyclass(parts(name))]`. Functions with a Rust `self` receiver and
/// functions marked `#[rust]` stay Rust only.
#[proc_macro_attribute]
pub fn pymethods(options: TokenStream, item: TokenStream) -> TokenStream {
    finish(methods::expand(options.into(), parse_macro_input!(item as syn::ItemImpl)))
}

/// Declares a native module: an inline `mod` whose `#[pyfunction]`s, `pub const`s and `#[constant]` functions are Python's.
///
/// Options: `name = "math"` (default: the Rust name), `classes(Chain, Count)`, `parts(files::PART)`, `part` (the module is a part of another
/// one of that name: it gets `PART` instead of `MODULE`). A function `exec(py, module)` runs when the module is made.
#[proc_macro_attribute]
pub fn pymodule(options: TokenStream, item: TokenStream) -> TokenStream {
    finish(module::expand(options.into(), parse_macro_input!(item as syn::ItemMod)))
}

/// Makes a `#[repr(C)]` struct whose first field is `header: Header` a heap object: implements `Trace` and `Object`.
///
/// Fields marked `#[trace(skip)]` hold no references. A struct without a `header` field only gets `Trace`.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(item: TokenStream) -> TokenStream {
    finish(trace::expand(parse_macro_input!(item as syn::DeriveInput)))
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}
