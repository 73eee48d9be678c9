//! `str` through its methods, before there is Python code to test it with.

use crate::object::Str;
use crate::{Py, Settings};
use bredli_heap::{Gc, Value};
use std::sync::Arc;

fn start() -> Box<Py> {
    let settings = Settings { host: Arc::new(bredli_host::DeniedHost::default()), config: crate::Config::default(), native_stack: 1 << 19 };
    Py::new(settings).expect("an interpreter")
}

fn repr(py: &mut Py, result: crate::Result) -> String {
    match result {
        Ok(value) if value.is_int() => py.int_to_i64(value).expect("a small int").to_string(),
        Ok(value) => py.repr_text(value).expect("a repr"),
        Err(_) => {
            let exception = py.take_exception();
            let class = py.class_name(exception);
            let args = Gc::<crate::types::BaseException>::cast(py, exception).expect("an exception").get(py).args;
            let text = args.get(py).items().first().copied().and_then(|text| Gc::<Str>::cast(py, text));
            format!("{class}: {}", text.map_or(String::new(), |text| text.get(py).lossy()))
        }
    }
}

fn call(py: &mut Py, text: &str, name: &str, args: &[Value]) -> String {
    let text = py.new_str(text).into();
    let result = py.call_method_named(text, name, args);
    repr(py, result)
}

#[test]
fn text_is_searched_and_split() {
    let mut py = start();
    let py = &mut *py;
    let s = |py: &mut Py, text: &str| Value::from(py.new_str(text));
    let (l, comma, e) = (s(py, "l"), s(py, ","), s(py, "é"));
    assert_eq!(call(py, "hello", "find", &[l]), "2");
    assert_eq!(call(py, "hello", "rfind", &[l]), "3");
    assert_eq!(call(py, "aéé", "find", &[e, Value::small(2)]), "2");
    assert_eq!(call(py, "hello", "find", &[Value::small(1)]), "TypeError: find() argument 1 must be str, not int");
    assert_eq!(call(py, "a,b,,c", "split", &[comma]), "['a', 'b', '', 'c']");
    assert_eq!(call(py, "a,b,,c", "rsplit", &[comma, Value::small(1)]), "['a,b,', 'c']");
    assert_eq!(call(py, "  a b  c ", "split", &[]), "['a', 'b', 'c']");
    assert_eq!(call(py, "  a b  c ", "split", &[Value::NONE, Value::small(1)]), "['a', 'b  c ']");
    assert_eq!(call(py, "a\nb\r\nc", "splitlines", &[Value::TRUE]), "['a\\n', 'b\\r\\n', 'c']");
    assert_eq!(call(py, "xéx", "strip", &[]), "'xéx'");
    assert_eq!(call(py, " \u{a0}a ", "strip", &[]), "'a'");
    assert_eq!(call(py, "a-b", "partition", &[comma]), "('a-b', '', '')");
    assert_eq!(call(py, "hello", "count", &[l]), "2");
    assert_eq!(call(py, "it's", "__repr__", &[]), "'\"it\\'s\"'");
}

#[test]
fn text_is_transformed() {
    let mut py = start();
    let py = &mut *py;
    let s = |py: &mut Py, text: &str| Value::from(py.new_str(text));
    assert_eq!(call(py, "straße", "upper", &[]), "'STRASSE'");
    assert_eq!(call(py, "ΑΣ", "lower", &[]), "'ας'");
    assert_eq!(call(py, "they're bill's", "title", &[]), "\"They'Re Bill'S\"");
    assert_eq!(call(py, "ab", "center", &[Value::small(5)]), "'  ab '");
    assert_eq!(call(py, "-5", "zfill", &[Value::small(4)]), "'-005'");
    assert_eq!(call(py, "a\tb", "expandtabs", &[Value::small(4)]), "'a   b'");
    let (a, bb) = (s(py, "a"), s(py, "bb"));
    assert_eq!(call(py, "banana", "replace", &[a, bb]), "'bbbnbbnbb'");
    let items = py.new_list(&[a, bb, a]).expect("a list").into();
    assert_eq!(call(py, ", ", "join", &[items]), "'a, bb, a'");
    let items = py.new_list(&[a, Value::small(1)]).expect("a list").into();
    assert_eq!(call(py, "", "join", &[items]), "TypeError: sequence item 1: expected str instance, int found");
    assert_eq!(call(py, "k%d", "__mod__", &[Value::small(-17)]), "'k-17'");
    let three = py.new_tuple(&[a, bb, bb]).into();
    assert_eq!(call(py, "%5s|%-5s|%.2s", "__mod__", &[three]), "'    a|bb   |bb'");
    assert_eq!(call(py, "%d", "__mod__", &[a]), "TypeError: %d format: a real number is required, not str");
    assert_eq!(call(py, "{}-{:>4}{{", "format", &[a, Value::small(7)]), "'a-   7{'");
    assert_eq!(call(py, "{1}", "format", &[a]), "IndexError: Replacement index 1 out of range for positional args tuple");
}
