//! `#[pymodule]`: the static `ModuleDef` (or `ModulePart`) of an inline Rust module.

use crate::attributes::{cfgs, doc_of, plain_name, take, take_flag, take_names};
use crate::function::{Caller, Function, Receiver, inputs};
use crate::methods::{constant_entries, entry_function, optional_text, signature_of};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Item, ItemFn, ItemMod, LitStr, Path, Token, Visibility, parse_quote, punctuated::Punctuated};

#[derive(Default)]
struct Options {
    name: Option<String>,
    classes: Vec<Path>,
    parts: Vec<Path>,
    part: bool,
}

pub fn expand(options: TokenStream, mut module: ItemMod) -> syn::Result<TokenStream> {
    let options = parse(options)?;
    let name = options.name.clone().unwrap_or_else(|| plain_name(&module.ident));
    let doc = doc_of(&module.attrs);
    let span = module.ident.clone();
    let Some((_, items)) = &mut module.content else {
        return Err(Error::new_spanned(span, "expected an inline module: `mod name { .. }`"));
    };
    let (mut functions, mut constants, mut exec) = (Vec::new(), Vec::new(), quote!(None));
    for item in items.iter_mut() {
        match item {
            Item::Fn(function) => {
                if take_flag(&mut function.attrs, "pyfunction") {
                    functions.extend(function_entries(function, &name)?);
                } else if take_flag(&mut function.attrs, "constant") {
                    let names = take_names(&mut function.attrs, &function.sig.ident)?;
                    let arguments = function.sig.inputs.iter().map(|_| quote!(py));
                    let (ident, cfg) = (&function.sig.ident, cfgs(&function.attrs));
                    constants.push(constant_entries(&names, &cfg, &quote!(#ident(#(#arguments),*))));
                } else if function.sig.ident == "exec" {
                    exec = quote!(Some(exec));
                }
            }
            Item::Const(constant) => {
                if take_flag(&mut constant.attrs, "rust") || !matches!(constant.vis, Visibility::Public(_)) {
                    continue;
                }
                let names = take_names(&mut constant.attrs, &constant.ident)?;
                constant.attrs.push(parse_quote!(#[allow(non_upper_case_globals, missing_docs)]));
                let (ident, cfg) = (&constant.ident, cfgs(&constant.attrs));
                constants.push(constant_entries(&names, &cfg, &quote!(#ident)));
            }
            _ => {}
        }
    }
    let classes = &options.classes;
    let part = quote! {
        ::bredli_runtime::native::ModulePart {
            functions: &[#(#functions),*],
            constants: &[#(#constants),*],
            classes: &[#(<#classes as ::bredli_runtime::native::NativeClass>::DEF),*],
            exec: #exec,
        }
    };
    if options.part {
        items.push(parse_quote! {
            /// What this part adds to the module.
            pub static PART: ::bredli_runtime::native::ModulePart = #part;
        });
    } else {
        let parts = &options.parts;
        items.push(parse_quote! {
            /// The native module.
            pub static MODULE: ::bredli_runtime::native::ModuleDef = ::bredli_runtime::native::ModuleDef {
                name: #name,
                doc: #doc,
                parts: &[&{ #part }, #(&#parts),*],
            };
        });
    }
    Ok(quote!(#module))
}

fn function_entries(item: &mut ItemFn, module: &str) -> syn::Result<Vec<TokenStream>> {
    let names = take_names(&mut item.attrs, &item.sig.ident)?;
    let signature = signature_of(&mut item.attrs)?;
    let hidden = take_flag(&mut item.attrs, "no_text_signature");
    let collects = take_flag(&mut item.attrs, "collects");
    take(&mut item.attrs, "raw");
    let (cfg, doc, ident) = (cfgs(&item.attrs), doc_of(&item.attrs), &item.sig.ident);
    let owner = quote!(::bredli_runtime::native::Owner::Module(#module));
    let mut entries = Vec::new();
    for name in &names {
        let function = Function {
            name,
            owner: &owner,
            class: &TokenStream::new(),
            path: quote!(#ident),
            item: &item.sig,
            inputs: inputs(&item.sig, &TokenStream::new(), false)?,
            signature: signature.clone(),
            receiver: Receiver::None,
            caller: Caller::Function,
        };
        let text = optional_text(function.text_signature(Some("module")).filter(|_| !hidden));
        let (params, call) = (function.params(), entry_function(&function)?);
        entries.push(quote! {
            #cfg
            {
                #params
                #call
                ::bredli_runtime::native::FunctionDef {
                    name: #name,
                    doc: #doc,
                    text_signature: #text,
                    params: &PARAMS,
                    call,
                    kind: ::bredli_runtime::native::FunctionKind::Function,
                    collects: #collects,
                }
            }
        });
    }
    Ok(entries)
}

fn parse(tokens: TokenStream) -> syn::Result<Options> {
    let mut options = Options::default();
    let parser = syn::meta::parser(|meta| {
        let list = |meta: &syn::meta::ParseNestedMeta| -> syn::Result<Vec<Path>> {
            let content;
            syn::parenthesized!(content in meta.input);
            Ok(Punctuated::<Path, Token![,]>::parse_terminated_with(&content, Path::parse_mod_style)?.into_iter().collect())
        };
        if meta.path.is_ident("name") {
            options.name = Some(meta.value()?.parse::<LitStr>()?.value());
        } else if meta.path.is_ident("classes") {
            options.classes = list(&meta)?;
        } else if meta.path.is_ident("parts") {
            options.parts = list(&meta)?;
        } else if meta.path.is_ident("part") {
            options.part = true;
        } else {
            return Err(meta.error("expected name, classes(..), parts(..) or part"));
        }
        Ok(())
    });
    syn::parse::Parser::parse2(parser, tokens)?;
    Ok(options)
}
