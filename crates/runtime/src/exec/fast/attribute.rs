//! Attributes through the table that sites share.

use super::Outcome;
use crate::Py;
use crate::object::{Found, Str, is_exact};
use crate::types::shapes;
use bredli_heap::{Gc, Value};

/// `object.name`, where the table tells what that is.
#[inline(never)]
pub(in crate::exec) fn attribute(py: &mut Py, object: Value, name: Gc<Str>) -> Outcome {
    match py.find_attribute(object, name) {
        Some(Found::Value(value)) => Outcome::Done(value),
        Some(Found::Method(function, receiver)) if is_exact(function, shapes::FUNCTION) => Outcome::Done(py.new_method(function, receiver)),
        Some(Found::Method(method, receiver)) => {
            let class = py.class_of(receiver);
            match py.class_of(method).get(py).slots.descr_get {
                Some(get) => Outcome::of_native(get(py, method, Some(receiver), Some(class.into()))),
                None => Outcome::Undecided,
            }
        }
        Some(Found::Getter(get)) => Outcome::of_native(get(py, object)),
        None => Outcome::Undecided,
    }
}
