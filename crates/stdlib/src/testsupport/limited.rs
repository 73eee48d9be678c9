//! `_testlimitedcapi`: assertions, attributes by name, calls.

use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

#[pymodule(name = "_testlimitedcapi")]
pub mod limited {
    use super::*;

    /// Whether the interpreter was built with assertions.
    #[pyfunction]
    fn _py_getbuiltwithassert() -> bool {
        cfg!(debug_assertions)
    }

    /// Whether an object has an attribute of that name; any exception means no.
    #[pyfunction]
    fn object_hasattrstring(py: &mut Py, object: Value, name: BytesLike) -> i32 {
        let name = String::from_utf8_lossy(name.get(py)).into_owned();
        let name = py.intern(&name);
        match py.get_attr(object, name) {
            Ok(_) => 1,
            Err(_) => {
                py.clear_exception();
                0
            }
        }
    }

    /// Call with one positional and one keyword argument.
    #[pyfunction]
    fn call_vectorcall(py: &mut Py, callable: Value) -> Result {
        let (values, names) = sample(py);
        py.call_kw(callable, &values, names)
    }

    /// Call the method `f` with one positional and one keyword argument.
    #[pyfunction]
    fn call_vectorcall_method(py: &mut Py, object: Value) -> Result {
        let (values, names) = sample(py);
        let method = py.get_attr_named(object, "f")?;
        py.call_kw(method, &values, names)
    }
}

/// The arguments `"foo", baz="bar"`.
fn sample(py: &mut Py) -> ([Value; 2], Gc<Tuple>) {
    let [first, second, keyword] = ["foo", "bar", "baz"].map(|text| Value::from(py.intern(text)));
    ([first, second], py.new_tuple(&[keyword]))
}
