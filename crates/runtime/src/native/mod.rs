//! Native code as Python sees it: the static tables which the macros of `bredli-macros` fill, the binding of arguments, and the
//! conversions between Python values and Rust types.
//!
//! The tables are immutable and shared by all interpreters of the process; class and function objects are made from them.

mod args;
mod bind;
mod def;
mod from_value;
mod into_result;
mod params;
mod receiver;
#[cfg(test)]
mod tests;

pub use args::{Args, NativeFn};
pub use bind::{bind, bind_rest, missing};
pub use def::{
    ClassDef, ClassId, ClassPart, ConstantDef, FunctionDef, FunctionKind, GetSetDef, ModuleDef, ModulePart, NativeClass, NoMethods,
};
pub use from_value::{CodePoint, FromValue, SliceIndex, StrictSliceIndex, surrogates_not_allowed};
pub use into_result::{IntoNext, IntoResult, IntoSlot};
pub use params::{Argument, Form, Literal, Owner, Param, Params};
pub use receiver::{cannot_delete, cannot_delete_attribute, class_receiver, init_args, new_args, receiver, receiver_value, wrong_receiver};
