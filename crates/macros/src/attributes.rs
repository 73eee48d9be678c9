//! Reading attributes, doc comments and types.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, GenericArgument, Lit, LitStr, Meta, PathArguments, Token, Type};

/// Removes and returns the attribute of that name.
pub fn take(attributes: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let index = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    Some(attributes.remove(index))
}

/// Removes the attribute of that name and says whether it was there.
pub fn take_flag(attributes: &mut Vec<Attribute>, name: &str) -> bool {
    take(attributes, name).is_some()
}

/// The Python names of an item: `#[pyname("name", "alias")]`, else its Rust name.
pub fn take_names(attributes: &mut Vec<Attribute>, default: &syn::Ident) -> syn::Result<Vec<String>> {
    match take(attributes, "pyname") {
        Some(attribute) => {
            let names = attribute.parse_args_with(syn::punctuated::Punctuated::<LitStr, Token![,]>::parse_terminated)?;
            Ok(names.iter().map(LitStr::value).collect())
        }
        None => Ok(vec![plain_name(default)]),
    }
}

/// An identifier's text without `r#`.
pub fn plain_name(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_string).unwrap_or(text)
}

/// The doc comment, without the space after `///` and without blank lines at either end.
pub fn doc_of(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        if !meta.path.is_ident("doc") {
            continue;
        }
        if let Expr::Lit(literal) = &meta.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_string());
        }
    }
    lines.join("\n").trim_matches('\n').to_string()
}

/// `cfg` attributes, to be repeated on what an item generates.
pub fn cfgs(attributes: &[Attribute]) -> TokenStream {
    let cfgs = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote!(#(#cfgs)*)
}

/// Whether the last segment of a type's path is `name`, for `Type`, `&Type` and `&mut Type`.
pub fn is_type(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == name),
        Type::Reference(reference) => is_type(&reference.elem, name),
        Type::Paren(paren) => is_type(&paren.elem, name),
        Type::Group(group) => is_type(&group.elem, name),
        _ => false,
    }
}

/// The `T` of `wrapper<T>`.
pub fn argument_of<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(ty) if segment.ident == wrapper => Some(ty),
        _ => None,
    }
}

/// Tokens with `Self` replaced by the type it stands for: generated functions are not inside the `impl`.
pub fn without_self(tokens: impl ToTokens, this: &TokenStream) -> TokenStream {
    let replace = |token: TokenTree| -> TokenStream {
        match token {
            TokenTree::Ident(ident) if ident == "Self" => this.clone(),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), this));
                inner.set_span(group.span());
                TokenTree::Group(inner).into()
            }
            other => other.into(),
        }
    };
    tokens.to_token_stream().into_iter().flat_map(replace).collect()
}
