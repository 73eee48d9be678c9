//! Operations that the machine needs from types which are still being written; each raises NotImplementedError.

use crate::{Py, Result, raise};
use bredli_heap::Value;

macro_rules! pending {
    ($( $name:ident($($arg:ident: $ty:ty),*) $text:literal )*) => {
        impl Py { $(
            pub(crate) fn $name(&mut self, $($arg: $ty),*) -> Result {
                let _ = ($($arg,)*);
                raise!(self, NotImplementedError, $text)
            }
        )* }
    };
}

pending! {
    prepare_reraise_star(original: Value, exceptions: Value) "except* is not there yet"
    get_awaitable(value: Value, context: u32) "await is not there yet"
    awaitable_from_anext(value: Value) "async for is not there yet"
}

impl Py {
    pub(crate) fn group_match(&mut self, exception: Value, pattern: Value) -> Result<(Value, Value)> {
        let _ = (exception, pattern);
        raise!(self, NotImplementedError, "except* is not there yet")
    }

    pub(crate) fn wrap_async_value(&mut self, value: Value) -> Value {
        value
    }
}
