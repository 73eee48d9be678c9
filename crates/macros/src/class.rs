//! `#[pyclass]`: the static `ClassDef` of a struct.

use crate::attributes::{doc_of, plain_name};
use crate::methods::part_ident;
use crate::slots::slot_fields;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemStruct, LitStr, Path, Token, punctuated::Punctuated};

#[derive(Default)]
struct Options {
    name: Option<String>,
    module: Option<String>,
    base: Option<Path>,
    layout: Option<Path>,
    flags: Vec<Ident>,
    parts: Vec<Ident>,
    dict: Option<Ident>,
    core: bool,
}

pub fn expand(options: TokenStream, item: ItemStruct) -> syn::Result<TokenStream> {
    let options = parse(options)?;
    let ident = &item.ident;
    let name = options.name.clone().unwrap_or_else(|| plain_name(ident));
    let module = options.module.clone().unwrap_or_else(|| "builtins".to_string());
    let doc = doc_of(&item.attrs);
    let base = match &options.base {
        Some(base) => quote!(Some(<#base as ::bredli_runtime::native::NativeClass>::DEF)),
        None => quote!(None),
    };
    let layout = match &options.layout {
        Some(layout) => quote!(<#layout as ::bredli_heap::Object>::LAYOUT),
        None => quote!(<#ident as ::bredli_heap::Object>::LAYOUT),
    };
    let flags = &options.flags;
    let parts = std::iter::once(part_ident(None)).chain(options.parts.iter().map(|part| part_ident(Some(&part.to_string()))));
    let payload = options.layout.as_ref().map_or(quote!(#ident), |layout| quote!(#layout));
    let dict_offset = options.dict.as_ref().map_or(quote!(0), |field| quote!(::core::mem::offset_of!(#payload, #field)));
    let class = options.core.then(|| {
        quote! {
            #[inline(always)]
            fn class(py: &mut ::bredli_runtime::Py) -> ::bredli_heap::Gc<::bredli_runtime::object::Class> {
                <Self as ::bredli_runtime::types::CoreType>::core_class(py)
            }
            #[inline(always)]
            fn shape(_: &mut ::bredli_runtime::Py) -> u32 {
                <Self as ::bredli_runtime::types::CoreType>::SHAPE
            }
        }
    });
    let merges = options.parts.iter().map(|part| {
        let part = part_ident(Some(&part.to_string()));
        let fields = slot_fields();
        quote! {{
            let part = <#ident>::#part;
            #(if part.slots.#fields.is_some() { slots.#fields = part.slots.#fields; })*
            if part.text_signature.is_some() { text_signature = part.text_signature; }
        }}
    });
    let mutable = (!options.parts.is_empty()).then(|| quote!(mut));
    Ok(quote! {
        #item
        const _: () = {
            #[allow(unused_imports)]
            use ::bredli_runtime::native::NoMethods as _;
            const TOTAL: (Option<&str>, ::bredli_runtime::object::Slots) = {
                let #mutable slots = <#ident>::__METHODS.slots;
                let #mutable text_signature = <#ident>::__METHODS.text_signature;
                #(#merges)*
                (text_signature, slots)
            };
            static ID: ::bredli_runtime::native::ClassId = ::bredli_runtime::native::ClassId::new();
            static DEF: ::bredli_runtime::native::ClassDef = ::bredli_runtime::native::ClassDef {
                name: #name,
                module: #module,
                doc: #doc,
                text_signature: TOTAL.0,
                layout: #layout,
                base: #base,
                dict_offset: #dict_offset,
                flags: ::bredli_runtime::object::ClassFlags::empty()#(.union(::bredli_runtime::object::ClassFlags::#flags))*,
                slots: TOTAL.1,
                parts: &[#(&<#ident>::#parts),*],
                id: &ID,
                opaque: [],
            };
            impl ::bredli_runtime::native::NativeClass for #ident {
                const DEF: &'static ::bredli_runtime::native::ClassDef = &DEF;
                #class
            }
        };
    })
}

fn parse(tokens: TokenStream) -> syn::Result<Options> {
    let mut options = Options::default();
    let parser = syn::meta::parser(|meta| {
        let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let list = |meta: &syn::meta::ParseNestedMeta| -> syn::Result<Vec<Ident>> {
            let content;
            syn::parenthesized!(content in meta.input);
            Ok(Punctuated::<Ident, Token![,]>::parse_terminated(&content)?.into_iter().collect())
        };
        match key.as_str() {
            "name" => options.name = Some(meta.value()?.parse::<LitStr>()?.value()),
            "module" => options.module = Some(meta.value()?.parse::<LitStr>()?.value()),
            "base" => options.base = Some(meta.value()?.parse()?),
            "layout" => options.layout = Some(meta.value()?.parse()?),
            "flags" => options.flags = list(&meta)?,
            "parts" => options.parts = list(&meta)?,
            "dict" => options.dict = Some(meta.value()?.parse()?),
            "core" => options.core = true,
            _ => return Err(meta.error("expected name, module, base, layout, flags(..), parts(..), dict or core")),
        }
        Ok(())
    });
    syn::parse::Parser::parse2(parser, tokens)?;
    Ok(options)
}
