//! Special methods that fill slots: which slot each belongs to, and the adapter from the slot's calling convention to the Rust function's.

use crate::attributes::{argument_of, is_type};
use crate::function::{Caller, Function, Input, Role};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Error;

/// The calling conventions of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    Unary,
    /// A number-protocol operation: the receiver may be either operand.
    Binary,
    /// One operand besides the receiver.
    Item,
    Ternary,
    Inquiry,
    Length,
    Hash,
    RichCompare,
    GetAttr,
    SetAttr,
    Next,
    DescrGet,
    DescrSet,
    Init,
    New,
    Call,
    SetItem,
    Contains,
    Repeat,
    Finalize,
    Buffer,
    /// The deleting half of SetAttr, DescrSet or SetItem.
    Delete,
}

const TABLE: &[(&str, &str, Convention)] = {
    use Convention::*;
    &[
        ("__repr__", "repr", Unary),
        ("__str__", "str", Unary),
        ("__hash__", "hash", Hash),
        ("__call__", "call", Call),
        ("__getattribute__", "getattr", GetAttr),
        ("__setattr__", "setattr", SetAttr),
        ("__delattr__", "setattr", Delete),
        ("__richcompare__", "richcompare", RichCompare),
        ("__iter__", "iter", Unary),
        ("__next__", "next", Next),
        ("__get__", "descr_get", DescrGet),
        ("__set__", "descr_set", DescrSet),
        ("__delete__", "descr_set", Delete),
        ("__init__", "init", Init),
        ("__new__", "new", New),
        ("__del__", "finalize", Finalize),
        ("__add__", "add", Binary),
        ("__sub__", "subtract", Binary),
        ("__mul__", "multiply", Binary),
        ("__mod__", "remainder", Binary),
        ("__divmod__", "divmod", Binary),
        ("__pow__", "power", Ternary),
        ("__neg__", "negative", Unary),
        ("__pos__", "positive", Unary),
        ("__abs__", "absolute", Unary),
        ("__bool__", "bool", Inquiry),
        ("__invert__", "invert", Unary),
        ("__lshift__", "lshift", Binary),
        ("__rshift__", "rshift", Binary),
        ("__and__", "and", Binary),
        ("__xor__", "xor", Binary),
        ("__or__", "or", Binary),
        ("__int__", "int", Unary),
        ("__float__", "float", Unary),
        ("__iadd__", "inplace_add", Binary),
        ("__isub__", "inplace_subtract", Binary),
        ("__imul__", "inplace_multiply", Binary),
        ("__imod__", "inplace_remainder", Binary),
        ("__ipow__", "inplace_power", Ternary),
        ("__ilshift__", "inplace_lshift", Binary),
        ("__irshift__", "inplace_rshift", Binary),
        ("__iand__", "inplace_and", Binary),
        ("__ixor__", "inplace_xor", Binary),
        ("__ior__", "inplace_or", Binary),
        ("__floordiv__", "floor_divide", Binary),
        ("__truediv__", "true_divide", Binary),
        ("__ifloordiv__", "inplace_floor_divide", Binary),
        ("__itruediv__", "inplace_true_divide", Binary),
        ("__index__", "index", Unary),
        ("__matmul__", "matrix_multiply", Binary),
        ("__imatmul__", "inplace_matrix_multiply", Binary),
        ("__len__", "len", Length),
        ("__getitem__", "getitem", Item),
        ("__setitem__", "setitem", SetItem),
        ("__delitem__", "setitem", Delete),
        ("__contains__", "contains", Contains),
        ("__await__", "am_await", Unary),
        ("__aiter__", "aiter", Unary),
        ("__anext__", "anext", Unary),
        ("__buffer__", "buffer", Buffer),
        ("__release_buffer__", "release_buffer", Item),
    ]
};

/// Sequence operations: what `__add__(this, other)` and `__mul__(this, count)` fill instead of the number slots.
const SEQUENCE: &[(&str, &str, Convention)] = &[
    ("__add__", "concat", Convention::Item),
    ("__mul__", "repeat", Convention::Repeat),
    ("__iadd__", "inplace_concat", Convention::Item),
    ("__imul__", "inplace_repeat", Convention::Repeat),
];

/// Special methods that come from another one's slot.
const DERIVED: &[&str] = &[
    "__lt__",
    "__le__",
    "__eq__",
    "__ne__",
    "__gt__",
    "__ge__",
    "__radd__",
    "__rsub__",
    "__rmul__",
    "__rmod__",
    "__rdivmod__",
    "__rpow__",
    "__rlshift__",
    "__rrshift__",
    "__rand__",
    "__rxor__",
    "__ror__",
    "__rfloordiv__",
    "__rtruediv__",
    "__rmatmul__",
];

/// The field and convention of a special method. Methods with `this` in place of `left` are sequence operations.
pub fn slot_of(name: &str, item: &syn::Signature) -> syn::Result<Option<(&'static str, Convention)>> {
    if DERIVED.contains(&name) {
        return Err(Error::new_spanned(&item.ident, "comparisons go into `__richcompare__`, reflected operations into the plain one"));
    }
    let has_this = item.inputs.iter().any(|input| matches!(input, syn::FnArg::Typed(typed) if is_this(&typed.pat)));
    let find = |table: &'static [(&str, &str, Convention)]| table.iter().find(|entry| entry.0 == name);
    let entry = if has_this { find(SEQUENCE).or_else(|| find(TABLE)) } else { find(TABLE) };
    Ok(entry.map(|entry| (entry.1, entry.2)))
}

/// The names of all slots, for merging the slots of several blocks.
pub fn slot_fields() -> impl Iterator<Item = syn::Ident> {
    let entries = TABLE.iter().chain(SEQUENCE).filter(|entry| entry.2 != Convention::Delete);
    entries.map(|entry| format_ident!("{}", entry.1))
}

fn is_this(pattern: &syn::Pat) -> bool {
    matches!(pattern, syn::Pat::Ident(ident) if ident.ident == "this" || ident.ident == "_this")
}

/// The adapter for a slot: an expression of the slot's function type. `delete` is the deleting half, if there is one.
pub fn adapter(name: &str, convention: Convention, function: &Function, delete: Option<&Function>) -> syn::Result<TokenStream> {
    use Convention::*;
    let value = || quote!(::bredli_heap::Value);
    let option = || quote!(Option<::bredli_heap::Value>);
    let (arguments, output): (Vec<TokenStream>, TokenStream) = match convention {
        Unary | Finalize | Inquiry | Length | Hash | Next => (vec![], output_of(convention)),
        Binary | Item | Contains => (vec![value()], output_of(convention)),
        Ternary => (vec![value(), value()], value()),
        RichCompare => (vec![value(), quote!(::bredli_runtime::object::CompareOp)], value()),
        GetAttr => (vec![quote!(::bredli_heap::Gc<::bredli_runtime::object::Str>)], value()),
        SetAttr => (vec![quote!(::bredli_heap::Gc<::bredli_runtime::object::Str>), option()], quote!(())),
        DescrGet => (vec![option(), option()], value()),
        DescrSet | SetItem => (vec![value(), option()], quote!(())),
        Init | Call => (
            vec![quote!(&[::bredli_heap::Value]), quote!(Option<::bredli_heap::Gc<::bredli_runtime::object::Tuple>>)],
            output_of(convention),
        ),
        New => return new_adapter(function),
        Repeat => (vec![quote!(isize)], value()),
        Buffer => (vec![quote!(u32)], value()),
        Delete => return Err(Error::new_spanned(&function.item.ident, "the setting half is missing in this block")),
    };
    let names: Vec<_> = (0..arguments.len()).map(|index| format_ident!("slot{index}")).collect();
    let body = match convention {
        Init | Call => {
            let cast = cast(name, convention, &function.inputs)?;
            let (params, call) = (function.params(), function.call()?);
            let finish = finish(convention);
            quote!({ #params let args = ::bredli_runtime::native::Args::received(py, slot0, slot1); #cast #call #finish })
        }
        SetAttr | DescrSet | SetItem => assignment(name, convention, function, delete, &arguments)?,
        _ => direct(name, convention, function, &arguments)?,
    };
    Ok(quote! {{
        fn slot(py: &mut ::bredli_runtime::Py, this: ::bredli_heap::Value #(, #names: #arguments)*) -> ::bredli_runtime::Result<#output> { #body }
        slot
    }})
}

fn new_adapter(function: &Function) -> syn::Result<TokenStream> {
    let (params, call) = (function.params(), function.call()?);
    Ok(quote! {{
        fn slot(
            py: &mut ::bredli_runtime::Py,
            this: ::bredli_heap::Gc<::bredli_runtime::object::Class>,
            values: &[::bredli_heap::Value],
            kwnames: Option<::bredli_heap::Gc<::bredli_runtime::object::Tuple>>,
        ) -> ::bredli_runtime::Result<::bredli_heap::Value> {
            let args = ::bredli_runtime::native::Args::received(py, values, kwnames);
            #params
            #call
            ::bredli_runtime::native::IntoResult::into_result(result, py)
        }
        slot
    }})
}

fn output_of(convention: Convention) -> TokenStream {
    use Convention::*;
    match convention {
        Inquiry | Contains => quote!(bool),
        Length => quote!(usize),
        Hash => quote!(i64),
        Next => quote!(Option<::bredli_heap::Value>),
        Finalize | Init | SetAttr | DescrSet | SetItem | Delete => quote!(()),
        _ => quote!(::bredli_heap::Value),
    }
}

/// The expression that turns `result` into what the slot returns.
fn finish(convention: Convention) -> TokenStream {
    use Convention::*;
    match convention {
        Hash => quote!(::bredli_runtime::native::IntoSlot::<i64>::into_slot(result).map(|hash| if hash == -1 { -2 } else { hash })),
        Next => quote!(::bredli_runtime::native::IntoNext::into_next(result, py)),
        Inquiry | Contains | Length | Finalize | Init | SetAttr | DescrSet | SetItem | Delete => {
            let output = output_of(convention);
            quote!(::bredli_runtime::native::IntoSlot::<#output>::into_slot(result))
        }
        _ => quote!(::bredli_runtime::native::IntoResult::into_result(result, py)),
    }
}

/// The statement that checks the receiver.
fn cast(name: &str, convention: Convention, inputs: &[Input]) -> syn::Result<TokenStream> {
    let Some(receiver) = inputs.iter().find(|input| input.role == Role::Receiver) else { return Ok(TokenStream::new()) };
    if is_type(&receiver.ty, "Value") {
        return Ok(TokenStream::new());
    }
    let object =
        argument_of(&receiver.ty, "Gc").ok_or_else(|| Error::new_spanned(&receiver.ty, "a receiver is a `Gc<..>` or a `Value`"))?;
    let otherwise = match convention {
        Convention::Binary | Convention::Ternary | Convention::RichCompare => quote!(Ok(::bredli_heap::Value::NOT_IMPLEMENTED)),
        _ => quote!(Err(::bredli_runtime::native::wrong_receiver(py, #name, OWNER, this))),
    };
    Ok(quote!(let Some(this) = ::bredli_heap::Gc::<#object>::cast(py, this) else { return #otherwise };))
}

/// The call of a function whose parameters are the receiver and the slot's arguments.
fn direct(name: &str, convention: Convention, function: &Function, arguments: &[TokenStream]) -> syn::Result<TokenStream> {
    let cast = cast(name, convention, &function.inputs)?;
    let (converted, call) = pass(name, function, arguments)?;
    let finish = finish(convention);
    Ok(quote!(#cast #converted let result = #call; #finish))
}

fn pass(name: &str, function: &Function, arguments: &[TokenStream]) -> syn::Result<(TokenStream, TokenStream)> {
    let mut given: Vec<_> = arguments.iter().enumerate().map(|(index, ty)| (format_ident!("slot{index}"), ty.to_string())).collect();
    if !function.inputs.iter().any(|input| input.role == Role::Receiver) {
        given.insert(0, (format_ident!("this"), ":: Value".to_string()));
    }
    let expected = given.len();
    let mut given = given.into_iter();
    let (mut passed, mut statements) = (Vec::new(), Vec::new());
    let wrong_count = || Error::new_spanned(function.item, format!("`{name}` takes {expected} arguments besides `this` and `py`"));
    for input in &function.inputs {
        match input.role {
            Role::Py => passed.push(quote!(py)),
            Role::Receiver => passed.push(quote!(this)),
            Role::Args => return Err(Error::new_spanned(&input.ty, format!("`{name}` does not take `Args`"))),
            Role::Value => {
                let (slot, slot_ty) = given.next().ok_or_else(wrong_count)?;
                if slot_ty.ends_with(":: Value") && !is_type(&input.ty, "Value") {
                    let ty = &input.ty;
                    statements.push(quote! {
                        let #slot = {
                            static PARAMS: ::bredli_runtime::native::Params = ::bredli_runtime::native::Params::of_slot(#name, OWNER);
                            <#ty as ::bredli_runtime::native::FromValue>::from_value(py, #slot, PARAMS.argument(0))?
                        };
                    });
                }
                passed.push(quote!(#slot));
            }
        }
    }
    if given.next().is_some() {
        return Err(wrong_count());
    }
    let path = &function.path;
    Ok((quote!(#(#statements)*), quote!(#path(#(#passed),*))))
}

/// A slot that sets or deletes: one function that takes an `Option<Value>`, or one for each.
fn assignment(
    name: &str,
    convention: Convention,
    function: &Function,
    delete: Option<&Function>,
    arguments: &[TokenStream],
) -> syn::Result<TokenStream> {
    let takes_option = function.inputs.last().is_some_and(|input| argument_of(&input.ty, "Option").is_some());
    if takes_option {
        return direct(name, convention, function, arguments);
    }
    let finish = finish(convention);
    let set = {
        let cast = cast(name, convention, &function.inputs)?;
        let arguments = [arguments[0].clone(), quote!(::bredli_heap::Value)];
        let (converted, call) = pass(name, function, &arguments)?;
        quote!(#cast #converted let result = #call; #finish)
    };
    let unset = match delete {
        Some(delete) => {
            let cast = cast(name, convention, &delete.inputs)?;
            let (converted, call) = pass(name, delete, &arguments[..1])?;
            quote!(#cast #converted let result = #call; #finish)
        }
        None => quote!(Err(::bredli_runtime::native::cannot_delete(py, #name, this))),
    };
    Ok(quote!(match slot1 { Some(slot1) => { #set } None => { #unset } }))
}

/// How the convention reports arity errors.
pub fn caller(convention: Convention) -> Caller {
    match convention {
        Convention::Init => Caller::Init,
        Convention::New => Caller::New,
        _ => Caller::Function,
    }
}

/// Whether the first parameter that is not `Py` is the receiver. Number operations written without `this` have none.
pub fn has_receiver(convention: Convention, item: &syn::Signature) -> bool {
    let has_this = item.inputs.iter().any(|input| matches!(input, syn::FnArg::Typed(typed) if is_this(&typed.pat)));
    has_this || !matches!(convention, Convention::Binary | Convention::Ternary | Convention::RichCompare)
}
