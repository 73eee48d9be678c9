//! `#[pyclass]`: the static `ClassDef` of a struct.

use crate::attributes::{doc_of, plain_name};
use crate::methods::part_ident;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ItemStruct, LitStr, Path, Token, punctuated::Punctuated};

#[derive(Default)]
struct Options {
    name: Option<String>,
    module: Option<String>,
    base: Option<Path>,
    layout: Option<Path>,
    flags: Vec<Ident>,
    parts: Vec<Ident>,
    core: Option<Option<Ident>>,
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
    let class = options.core.clone().map(|field| {
        let field = field.unwrap_or_else(|| format_ident!("r#{name}"));
        quote! {
            #[inline(always)]
            fn class(py: &mut ::bredli_runtime::Py) -> ::bredli_heap::Gc<::bredli_runtime::object::Class> {
                py.types.#field
            }
        }
    });
    Ok(quote! {
        #item
        const _: () = {
            #[allow(unused_imports)]
            use ::bredli_runtime::native::NoMethods as _;
            static DEF: ::bredli_runtime::native::ClassDef = ::bredli_runtime::native::ClassDef {
                name: #name,
                module: #module,
                doc: #doc,
                layout: #layout,
                base: #base,
                flags: ::bredli_runtime::object::ClassFlags::empty()#(.union(::bredli_runtime::object::ClassFlags::#flags))*,
                parts: &[#(&<#ident>::#parts),*],
                id: ::bredli_runtime::native::ClassId::new(),
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
            "core" => options.core = Some(if meta.input.peek(Token![=]) { Some(meta.value()?.parse()?) } else { None }),
            _ => return Err(meta.error("expected name, module, base, layout, flags(..), parts(..) or core")),
        }
        Ok(())
    });
    syn::parse::Parser::parse2(parser, tokens)?;
    Ok(options)
}
