//! `#[pymethods]`: an `impl` block becomes a `ClassPart` with methods, slots, attributes and constants.

use crate::attributes::{argument_of, cfgs, doc_of, plain_name, take, take_flag, take_names};
use crate::function::{Caller, Function, Receiver, inputs};
use crate::signature::Signature;
use crate::slots::{Convention, adapter, caller, has_receiver, slot_of};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Error, ImplItem, ImplItemConst, ImplItemFn, ItemImpl, LitStr, Meta};

/// The name of the constant that holds a part.
pub fn part_ident(part: Option<&str>) -> syn::Ident {
    match part {
        Some(part) => format_ident!("__METHODS_{part}"),
        None => format_ident!("__METHODS"),
    }
}

/// The entries collected from a block.
#[derive(Default)]
struct Part {
    methods: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    attributes: Vec<Attributes>,
    constants: Vec<TokenStream>,
    text_signature: Option<String>,
}

/// One getter with its setter and deleter.
struct Attributes {
    names: Vec<String>,
    doc: String,
    get: Option<TokenStream>,
    set: Option<TokenStream>,
    delete: Option<TokenStream>,
}

/// The attributes of one function, removed from it.
struct Markers {
    signature: Option<Signature>,
    hidden: bool,
    class: bool,
    fixed: bool,
}

pub fn expand(options: TokenStream, mut block: ItemImpl) -> syn::Result<TokenStream> {
    let mut part = None;
    let parser = syn::meta::parser(|meta| {
        if !meta.path.is_ident("part") {
            return Err(meta.error("expected `part = \"name\"`"));
        }
        part = Some(meta.value()?.parse::<LitStr>()?.value());
        Ok(())
    });
    syn::parse::Parser::parse2(parser, options)?;
    let self_ty = &block.self_ty;
    let this = quote!(#self_ty);
    let mut collected = Part::default();
    let mut slots: Vec<(ImplItemFn, Markers, &'static str, Convention)> = Vec::new();
    for item in &mut block.items {
        match item {
            ImplItem::Fn(function) => {
                if take_flag(&mut function.attrs, "rust") || function.sig.receiver().is_some() {
                    continue;
                }
                let name = plain_name(&function.sig.ident);
                if take_flag(&mut function.attrs, "constant") {
                    collected.constants.push(constant_function(function, &this)?);
                } else if let Some(attribute) = take(&mut function.attrs, "getter") {
                    collected.getter(function, &attribute, &this)?;
                } else if let Some(attribute) = take(&mut function.attrs, "setter") {
                    collected.setter(function, &attribute, &this)?;
                } else if let Some(attribute) = take(&mut function.attrs, "deleter") {
                    collected.deleter(function, &attribute, &this)?;
                } else if let Some((field, convention)) = slot_of(&name, &function.sig)? {
                    let markers = markers(function)?;
                    slots.push((function.clone(), markers, field, convention));
                } else {
                    collected.method(function, &this)?;
                }
            }
            ImplItem::Const(constant) => {
                if take_flag(&mut constant.attrs, "rust") {
                    continue;
                }
                collected.constants.push(constant_item(constant, &this)?);
            }
            _ => {}
        }
    }
    collected.fill_slots(&slots, &this)?;
    let table = collected.table(&this);
    let ident = part_ident(part.as_deref());
    let (generics, _, where_clause) = block.generics.split_for_impl();
    Ok(quote! {
        #block
        impl #generics #self_ty #where_clause {
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            pub const #ident: ::bredli_runtime::native::ClassPart = #table;
        }
    })
}

fn markers(function: &mut ImplItemFn) -> syn::Result<Markers> {
    take(&mut function.attrs, "raw");
    Ok(Markers {
        signature: signature_of(&mut function.attrs)?,
        hidden: take_flag(&mut function.attrs, "no_text_signature"),
        class: take_flag(&mut function.attrs, "classmethod"),
        fixed: take_flag(&mut function.attrs, "staticmethod"),
    })
}

/// Removes and parses `#[signature(...)]`.
pub fn signature_of(attributes: &mut Vec<Attribute>) -> syn::Result<Option<Signature>> {
    let Some(attribute) = take(attributes, "signature") else { return Ok(None) };
    match attribute.meta {
        Meta::List(list) => Signature::parse(list.tokens).map(Some),
        other => Err(Error::new_spanned(other, "expected #[signature(...)]")),
    }
}

/// `Some("...")` or `None` for a text signature.
pub fn optional_text(text: Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

/// The `call` function of a table entry.
pub fn entry_function(function: &Function) -> syn::Result<TokenStream> {
    let call = function.call()?;
    Ok(quote! {
        fn call(
            py: &mut ::bredli_runtime::Py,
            values: &[::bredli_heap::Value],
            kwnames: Option<::bredli_heap::Gc<::bredli_runtime::object::Tuple>>,
        ) -> ::bredli_runtime::Result<::bredli_heap::Value> {
            let args = ::bredli_runtime::native::Args::received(py, values, kwnames);
            #call
            ::bredli_runtime::native::IntoResult::into_result(result, py)
        }
    })
}

impl Part {
    fn method(&mut self, item: &mut ImplItemFn, this: &TokenStream) -> syn::Result<()> {
        let names = take_names(&mut item.attrs, &item.sig.ident)?;
        let markers = markers(item)?;
        let is_class = markers.class || first_parameter(&item.sig).is_some_and(|name| name.trim_start_matches('_') == "cls");
        let (receiver, kind, shown) = match (markers.fixed, is_class) {
            (true, _) => (Receiver::None, quote!(StaticMethod), None),
            (_, true) => (Receiver::Class, quote!(ClassMethod), Some("type")),
            _ => (Receiver::Instance, quote!(Method), Some("self")),
        };
        let (cfg, doc, ident) = (cfgs(&item.attrs), doc_of(&item.attrs), &item.sig.ident);
        let owner = quote!(::bredli_runtime::native::Owner::Class(OWNER));
        for name in &names {
            let function = Function {
                name,
                owner: &owner,
                class: this,
                path: quote!(<#this>::#ident),
                item: &item.sig,
                inputs: inputs(&item.sig, this, receiver != Receiver::None)?,
                signature: markers.signature.clone(),
                receiver,
                caller: Caller::Function,
            };
            let text = optional_text(function.text_signature(shown).filter(|_| !markers.hidden));
            let (params, call) = (function.params(), entry_function(&function)?);
            self.methods.push(quote! {
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
                        kind: ::bredli_runtime::native::FunctionKind::#kind,
                        collects: false,
                    }
                }
            });
        }
        Ok(())
    }

    fn fill_slots(&mut self, slots: &[(ImplItemFn, Markers, &'static str, Convention)], this: &TokenStream) -> syn::Result<()> {
        let owner = quote!(::bredli_runtime::native::Owner::Class(OWNER));
        let names: Vec<String> = slots.iter().map(|slot| plain_name(&slot.0.sig.ident)).collect();
        let mut functions = Vec::new();
        for ((item, markers, _, convention), name) in slots.iter().zip(&names) {
            let ident = &item.sig.ident;
            functions.push(Function {
                name: if caller(*convention) == Caller::Function { name } else { "" },
                owner: &owner,
                class: this,
                path: quote!(<#this>::#ident),
                item: &item.sig,
                inputs: inputs(&item.sig, this, has_receiver(*convention, &item.sig))?,
                signature: markers.signature.clone(),
                receiver: Receiver::Given,
                caller: caller(*convention),
            });
        }
        for (index, (item, markers, field, convention)) in slots.iter().enumerate() {
            let pair = |wanted: bool| {
                slots.iter().position(|other| other.2 == *field && (other.3 == Convention::Delete) == wanted).map(|found| &functions[found])
            };
            if *convention == Convention::Delete {
                if pair(false).is_none() {
                    return Err(Error::new_spanned(&item.sig.ident, "the setting half must be in the same block"));
                }
                continue;
            }
            let function = &functions[index];
            if caller(*convention) != Caller::Function && self.text_signature.is_none() && !markers.hidden && markers.signature.is_some() {
                self.text_signature = function.text_signature(None);
            }
            let adapter = adapter(&names[index], *convention, function, pair(true))?;
            let (cfg, field) = (cfgs(&item.attrs), format_ident!("{field}"));
            self.slots.push(quote!(#cfg { slots.#field = Some(#adapter); }));
        }
        Ok(())
    }

    fn getter(&mut self, item: &mut ImplItemFn, attribute: &Attribute, this: &TokenStream) -> syn::Result<()> {
        let names = attribute_names(item, attribute, "")?;
        let (receiver, ident) = (receiver(item, this)?, &item.sig.ident);
        let arguments = inputs(&item.sig, this, true)?.into_iter().map(|input| pass(&input));
        let get = quote! {{
            fn get(py: &mut ::bredli_runtime::Py, this: ::bredli_heap::Value) -> ::bredli_runtime::Result<::bredli_heap::Value> {
                #receiver
                let result = <#this>::#ident(#(#arguments),*);
                ::bredli_runtime::native::IntoResult::into_result(result, py)
            }
            get
        }};
        let doc = doc_of(&item.attrs);
        let entry = self.attribute(names);
        entry.get = Some(get);
        entry.doc = doc;
        Ok(())
    }

    fn setter(&mut self, item: &mut ImplItemFn, attribute: &Attribute, this: &TokenStream) -> syn::Result<()> {
        let names = attribute_names(item, attribute, "set_")?;
        let (receiver, ident, shown) = (receiver(item, this)?, &item.sig.ident, &names[0]);
        let inputs = inputs(&item.sig, this, true)?;
        let ty = match inputs.last() {
            Some(input) if input.role == crate::function::Role::Value => &input.ty,
            _ => return Err(Error::new_spanned(&item.sig, "a setter takes the value last")),
        };
        let convert = match argument_of(ty, "Option") {
            Some(_) => quote!(),
            None => quote! {
                let Some(value) = value else { return Err(::bredli_runtime::native::cannot_delete_attribute(py, #shown, this)) };
                static PARAMS: ::bredli_runtime::native::Params = ::bredli_runtime::native::Params::of_slot(#shown, OWNER);
                let value = <#ty as ::bredli_runtime::native::FromValue>::from_value(py, value, PARAMS.argument(0))?;
            },
        };
        let arguments = inputs.iter().map(pass);
        let set = quote! {{
            #convert
            #receiver
            let result = <#this>::#ident(#(#arguments),*);
            ::bredli_runtime::native::IntoSlot::<()>::into_slot(result)
        }};
        self.attribute(names).set = Some(set);
        Ok(())
    }

    fn deleter(&mut self, item: &mut ImplItemFn, attribute: &Attribute, this: &TokenStream) -> syn::Result<()> {
        let names = attribute_names(item, attribute, "delete_")?;
        let (receiver, ident) = (receiver(item, this)?, &item.sig.ident);
        let arguments = inputs(&item.sig, this, true)?.into_iter().map(|input| pass(&input));
        let delete = quote! {{
            #receiver
            let result = <#this>::#ident(#(#arguments),*);
            ::bredli_runtime::native::IntoSlot::<()>::into_slot(result)
        }};
        self.attribute(names).delete = Some(delete);
        Ok(())
    }

    fn attribute(&mut self, names: Vec<String>) -> &mut Attributes {
        let index = self.attributes.iter().position(|attribute| attribute.names[0] == names[0]).unwrap_or_else(|| {
            self.attributes.push(Attributes { names, doc: String::new(), get: None, set: None, delete: None });
            self.attributes.len() - 1
        });
        &mut self.attributes[index]
    }

    fn table(&self, this: &TokenStream) -> TokenStream {
        let (methods, slots, constants) = (&self.methods, &self.slots, &self.constants);
        let getsets = self.attributes.iter().flat_map(Attributes::entries);
        let text_signature = optional_text(self.text_signature.clone());
        let mutable = (!slots.is_empty()).then(|| quote!(mut));
        quote! {{
            #[allow(dead_code)]
            const OWNER: &::bredli_runtime::native::ClassDef = <#this as ::bredli_runtime::native::NativeClass>::DEF;
            let #mutable slots = ::bredli_runtime::object::Slots::EMPTY;
            #(#slots)*
            ::bredli_runtime::native::ClassPart {
                text_signature: #text_signature,
                slots,
                methods: &[#(#methods),*],
                getsets: &[#(#getsets),*],
                constants: &[#(#constants),*],
            }
        }}
    }
}

impl Attributes {
    fn entries(&self) -> impl Iterator<Item = TokenStream> + '_ {
        let get = self.get.as_ref().map_or(quote!(None), |get| quote!(Some(#get)));
        let set = match (&self.set, &self.delete) {
            (None, None) => quote!(None),
            (set, delete) => {
                let name = &self.names[0];
                let refuse = || quote!(Err(::bredli_runtime::native::cannot_delete_attribute(py, #name, this)));
                let body = match (set, delete) {
                    (Some(set), None) => quote!(#set),
                    (set, delete) => {
                        let (set, delete) = (set.clone().unwrap_or_else(refuse), delete.clone().unwrap_or_else(refuse));
                        quote!(if value.is_some() { #set } else { #delete })
                    }
                };
                quote! {Some({
                    fn set(py: &mut ::bredli_runtime::Py, this: ::bredli_heap::Value, value: Option<::bredli_heap::Value>) -> ::bredli_runtime::Result<()> {
                        #body
                    }
                    set
                })}
            }
        };
        self.names.iter().map(move |name| {
            let doc = &self.doc;
            quote!(::bredli_runtime::native::GetSetDef { name: #name, doc: #doc, get: #get, set: #set })
        })
    }
}

/// Python names of an attribute: `#[getter("a", "b")]`, `#[pyname(..)]`, or the Rust name without the prefix.
fn attribute_names(item: &mut ImplItemFn, attribute: &Attribute, prefix: &str) -> syn::Result<Vec<String>> {
    if let Meta::List(_) = attribute.meta {
        let names = attribute.parse_args_with(syn::punctuated::Punctuated::<LitStr, syn::Token![,]>::parse_terminated)?;
        return Ok(names.iter().map(LitStr::value).collect());
    }
    let names = take_names(&mut item.attrs, &item.sig.ident)?;
    Ok(names.into_iter().map(|name| name.strip_prefix(prefix).map(str::to_string).unwrap_or(name)).collect())
}

/// The statement that checks the receiver of an attribute function.
fn receiver(item: &ImplItemFn, this: &TokenStream) -> syn::Result<TokenStream> {
    let inputs = inputs(&item.sig, this, true)?;
    let receiver = inputs.iter().find(|input| input.role == crate::function::Role::Receiver).expect("asked for");
    match argument_of(&receiver.ty, "Gc") {
        Some(object) => {
            let name = plain_name(&item.sig.ident);
            Ok(quote! {
                let Some(this) = ::bredli_heap::Gc::<#object>::cast(py, this) else {
                    return Err(::bredli_runtime::native::wrong_receiver(py, #name, OWNER, this));
                };
            })
        }
        None => Ok(TokenStream::new()),
    }
}

fn pass(input: &crate::function::Input) -> TokenStream {
    match input.role {
        crate::function::Role::Py => quote!(py),
        crate::function::Role::Receiver => quote!(this),
        _ => quote!(value),
    }
}

fn first_parameter(item: &syn::Signature) -> Option<String> {
    let inputs = inputs(item, &TokenStream::new(), false).ok()?;
    inputs.into_iter().find(|input| input.role != crate::function::Role::Py).map(|input| input.name)
}

fn constant_item(item: &mut ImplItemConst, this: &TokenStream) -> syn::Result<TokenStream> {
    let names = take_names(&mut item.attrs, &item.ident)?;
    item.attrs.push(syn::parse_quote!(#[allow(non_upper_case_globals, missing_docs)]));
    let (ident, cfg) = (&item.ident, cfgs(&item.attrs));
    Ok(constant_entries(&names, &cfg, &quote!(<#this>::#ident)))
}

fn constant_function(item: &mut ImplItemFn, this: &TokenStream) -> syn::Result<TokenStream> {
    let names = take_names(&mut item.attrs, &item.sig.ident)?;
    let arguments = item.sig.inputs.iter().map(|_| quote!(py));
    let (ident, cfg) = (&item.sig.ident, cfgs(&item.attrs));
    Ok(constant_entries(&names, &cfg, &quote!(<#this>::#ident(#(#arguments),*))))
}

/// `ConstantDef`s for one value under each of its names.
pub fn constant_entries(names: &[String], cfg: &TokenStream, value: &TokenStream) -> TokenStream {
    let entries = names.iter().map(|name| {
        quote! {
            #cfg
            ::bredli_runtime::native::ConstantDef {
                name: #name,
                value: |py| {
                    let value = #value;
                    ::bredli_runtime::native::IntoResult::into_result(value, py)
                },
            }
        }
    });
    quote!(#(#entries),*)
}
