//! The declarations of native Python code: `#[pyclass]`, `#[pymethods]`, `#[pymodule]` and `derive(Trace)`.
//!
//! They turn ordinary Rust items into the static tables of `bredli_runtime::native` (`ClassDef`, `FunctionDef`, `ModuleDef`):
//! doc comments become docstrings, `#[signature(...)]` (Python's own spelling) becomes the text signature and the argument
//! binding, parameter types choose the conversions. Nothing is registered at run time.

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
