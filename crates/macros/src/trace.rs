//! `derive(Trace)`: the layout of a heap object, from its fields.

use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Field, Fields, Meta, Token, Type};

/// Field types that never hold a reference; a struct of only these is a leaf.
const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "String",
    "Header",
];

pub fn expand(input: DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input, "derive(Trace) works on structs"));
    };
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let name = &input.ident;
    let mut visits = Vec::new();
    for (index, field) in data.fields.iter().enumerate() {
        if is_header(field) || is_skipped(field)? || is_plain(&field.ty) {
            continue;
        }
        let member = match &field.ident {
            Some(ident) => quote!(#ident),
            None => {
                let index = syn::Index::from(index);
                quote!(#index)
            }
        };
        visits.push(quote!(::bredli_heap::Trace::trace(&self.#member, tracer);));
    }
    let tracer = if visits.is_empty() { quote!(_tracer) } else { quote!(tracer) };
    let trace = quote! {
        impl #impl_generics ::bredli_heap::Trace for #name #type_generics #where_clause {
            fn trace(&self, #tracer: &mut ::bredli_heap::Tracer) { #(#visits)* }
        }
    };
    let has_header = matches!(&data.fields, Fields::Named(fields) if fields.named.first().is_some_and(is_header));
    if !has_header {
        return Ok(trace);
    }
    let is_repr_c = input.attrs.iter().any(|a| a.path().is_ident("repr") && a.parse_args::<syn::Ident>().is_ok_and(|i| i == "C"));
    if !is_repr_c {
        return Err(Error::new_spanned(name, "a heap object must be #[repr(C)]"));
    }
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "a heap object cannot be generic"));
    }
    let shape = is_core_class(&input).then(|| {
        quote!(const SHAPE: ::core::option::Option<u32> = ::core::option::Option::Some(<#name as ::bredli_runtime::types::CoreType>::SHAPE);)
    });
    let text = name.to_string();
    let layout = format_ident!("LAYOUT_OF_{}", text.to_uppercase());
    let make = if visits.is_empty() {
        quote!(::bredli_heap::Layout::leaf(#text, ::core::mem::size_of::<#name>()))
    } else {
        quote!(::bredli_heap::Layout::custom(#text, ::core::mem::size_of::<#name>(), trace))
    };
    let trace_function = (!visits.is_empty()).then(|| {
        quote! {
            unsafe fn trace(header: *const ::bredli_heap::Header, tracer: &mut ::bredli_heap::Tracer) {
                // SAFETY: the collector calls this for live cells of this layout, and the header is the first field.
                let object = unsafe { &*header.cast::<#name>() };
                ::bredli_heap::Trace::trace(object, tracer);
            }
        }
    });
    Ok(quote! {
        #trace
        const _: () = {
            #trace_function
            unsafe fn drop(header: *mut ::bredli_heap::Header) {
                // SAFETY: the collector calls this once, for a dead cell of this layout.
                unsafe { ::core::ptr::drop_in_place(header.cast::<#name>()) }
            }
            const _: fn(&#name) -> &::bredli_heap::Header = |object| &object.header;
            const _: () = assert!(::core::mem::offset_of!(#name, header) == 0);
            static #layout: ::bredli_heap::Layout = if ::core::mem::needs_drop::<#name>() { ::bredli_heap::Layout { drop: Some(drop), ..#make } } else { #make };
            // SAFETY: repr(C) with the header first (checked above); every other field is traced or declared free of references. A core class
            // has a shape of its own for its plain instances.
            unsafe impl ::bredli_heap::Object for #name {
                const LAYOUT: &'static ::bredli_heap::Layout = &#layout;
                #shape
            }
        };
    })
}

/// Whether `#[pyclass(.., core, ..)]` follows.
fn is_core_class(input: &DeriveInput) -> bool {
    let Some(attribute) = input.attrs.iter().find(|attribute| attribute.path().is_ident("pyclass")) else { return false };
    let arguments = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    arguments.is_ok_and(|arguments| arguments.iter().any(|argument| argument.path().is_ident("core")))
}

fn is_header(field: &Field) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident == "header")
}

fn is_skipped(field: &Field) -> syn::Result<bool> {
    let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident("trace")) else { return Ok(false) };
    let word: syn::Ident = attribute.parse_args()?;
    if word == "skip" { Ok(true) } else { Err(Error::new_spanned(word, "expected `skip`")) }
}

fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if PLAIN.iter().any(|name| path.path.is_ident(name)))
}
