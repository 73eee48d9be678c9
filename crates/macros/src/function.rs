//! The wrapper around one native function: binding of the arguments, conversions, the static description of its parameters.

use crate::attributes::{argument_of, is_type, plain_name, without_self};
use crate::signature::{Default, Kind, Signature};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, FnArg, Pat, Type};

/// What a Rust parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The interpreter: `py: &mut Py` or `py: &Py`.
    Py,
    /// `this` or `cls`.
    Receiver,
    /// All arguments as they come: `args: Args`.
    Args,
    /// One argument.
    Value,
}

/// One Rust parameter.
pub struct Input {
    pub name: String,
    pub ty: Type,
    pub role: Role,
}

/// Where a function gets its receiver from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// It has none.
    None,
    /// The first argument, an instance of the class.
    Instance,
    /// The first argument, a class.
    Class,
    /// The Rust variable `this`, already checked (slots).
    Given,
}

/// How the arity is reported when it is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A function or method.
    Function,
    /// `__new__`: reported under the class's name.
    New,
    /// `__init__`: reported under the class's name.
    Init,
}

/// Everything known about a native function.
pub struct Function<'a> {
    /// The Python name; empty for constructors.
    pub name: &'a str,
    /// Expression for the `Owner`.
    pub owner: &'a TokenStream,
    /// The Rust type of the class; empty for functions.
    pub class: &'a TokenStream,
    /// Path of the Rust function.
    pub path: TokenStream,
    pub item: &'a syn::Signature,
    pub inputs: Vec<Input>,
    pub signature: Option<Signature>,
    pub receiver: Receiver,
    pub caller: Caller,
}

/// Classifies the parameters of a function; with `has_receiver`, the first one that is not `Py` is the receiver.
pub fn inputs(item: &syn::Signature, this: &TokenStream, has_receiver: bool) -> syn::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    let mut receiver_due = has_receiver;
    for input in &item.inputs {
        let FnArg::Typed(input) = input else {
            return Err(Error::new_spanned(input, "a Python function has no Rust receiver: write `this: Gc<Self>`"));
        };
        let name = match &*input.pat {
            Pat::Ident(ident) => plain_name(&ident.ident),
            Pat::Wild(_) => "_".to_string(),
            other => return Err(Error::new_spanned(other, "expected a plain parameter name")),
        };
        let ty: Type = syn::parse2(without_self(&input.ty, this))?;
        let role = if matches!(ty, Type::Reference(_)) && is_type(&ty, "Py") {
            Role::Py
        } else if std::mem::take(&mut receiver_due) {
            Role::Receiver
        } else if is_type(&ty, "Args") {
            Role::Args
        } else {
            Role::Value
        };
        inputs.push(Input { name, ty, role });
    }
    if receiver_due {
        return Err(Error::new_spanned(item, "a method needs a receiver: `this: Gc<Self>`, or mark it #[staticmethod] or #[rust]"));
    }
    Ok(inputs)
}

impl Function<'_> {
    /// Whether the function takes its arguments as they come.
    pub fn is_raw(&self) -> bool {
        self.inputs.iter().any(|input| input.role == Role::Args)
    }

    /// The signature given, or the one that follows from the Rust parameters.
    pub fn signature(&self) -> Signature {
        self.signature.clone().unwrap_or_else(|| {
            let values = self.inputs.iter().filter(|input| input.role == Role::Value);
            Signature::positional(
                values.map(|input| (input.name.trim_matches('_').to_string(), argument_of(&input.ty, "Option").is_some())),
            )
        })
    }

    /// The text signature: absent for raw functions that declare none.
    pub fn text_signature(&self, receiver: Option<&str>) -> Option<String> {
        (self.signature.is_some() || !self.is_raw()).then(|| self.signature().text(receiver))
    }

    /// The static `PARAMS`.
    pub fn params(&self) -> TokenStream {
        let (name, owner) = (self.name, self.owner);
        let signature = self.signature();
        let bindable = || signature.parameters.iter().filter(|p| !matches!(p.kind, Kind::Rest | Kind::Keywords));
        let count = |kinds: &[Kind]| bindable().filter(|p| kinds.contains(&p.kind)).count() as u16;
        let positional_only = count(&[Kind::PositionalOnly]);
        let positional = count(&[Kind::PositionalOnly, Kind::PositionalOrKeyword]);
        let required = bindable().filter(|p| p.kind != Kind::KeywordOnly && p.default == Default::Required).count() as u16;
        let rest = signature.parameters.iter().any(|p| p.kind == Kind::Rest);
        let list = bindable().map(|p| {
            let (name, default) = (&p.name, p.default.tokens());
            quote!(::bredli_runtime::native::Param { name: #name, default: #default })
        });
        let form = match (self.caller, bindable().count()) {
            _ if self.is_raw() => quote!(Raw),
            (_, n) if n > positional_only as usize => quote!(Keywords),
            (Caller::New | Caller::Init, _) => quote!(Constructor),
            (_, 0) if !rest => quote!(NoArguments),
            (_, 1) if !rest && required == 1 => quote!(One),
            _ => quote!(Positional),
        };
        quote! {
            static PARAMS: ::bredli_runtime::native::Params = ::bredli_runtime::native::Params {
                name: #name,
                owner: #owner,
                list: &[#(#list),*],
                positional_only: #positional_only,
                positional: #positional,
                required: #required,
                rest: #rest,
                form: ::bredli_runtime::native::Form::#form,
            };
        }
    }

    /// Statements and an expression `Result<Value>`-like that calls the function with `args` (and `this`), in the scope of `PARAMS`.
    pub fn call(&self) -> syn::Result<TokenStream> {
        let mut statements = Vec::new();
        let class = self.class;
        let receiver_ty = self.inputs.iter().find(|input| input.role == Role::Receiver).map(|input| &input.ty);
        match (self.receiver, receiver_ty) {
            (Receiver::Instance, Some(ty)) if is_type(ty, "Value") => {
                statements.push(quote!(let (this, args) = ::bredli_runtime::native::receiver_value::<#class>(py, &PARAMS, args)?;));
            }
            (Receiver::Instance, Some(ty)) => {
                let object = argument_of(ty, "Gc").ok_or_else(|| Error::new_spanned(ty, "a receiver is a `Gc<..>` or a `Value`"))?;
                statements.push(quote!(let (this, args) = ::bredli_runtime::native::receiver::<#object>(py, &PARAMS, args)?;));
            }
            (Receiver::Class, _) => {
                statements.push(quote!(let (this, args) = ::bredli_runtime::native::class_receiver(py, &PARAMS, args)?;))
            }
            _ => {}
        }
        let mut arguments = Vec::new();
        if self.is_raw() {
            for input in &self.inputs {
                arguments.push(match input.role {
                    Role::Py => quote!(py),
                    Role::Receiver => quote!(this),
                    Role::Args => quote!(args),
                    Role::Value => return Err(Error::new_spanned(&input.ty, "a function that takes `Args` takes no other arguments")),
                });
            }
        } else {
            match self.caller {
                Caller::Function => {}
                Caller::New => statements.push(quote!(let args = ::bredli_runtime::native::new_args::<#class>(py, &PARAMS, this, args);)),
                Caller::Init => {
                    statements.push(quote!(let args = ::bredli_runtime::native::init_args::<#class>(py, &PARAMS, this.into(), args);))
                }
            }
            statements.extend(self.bind(&mut arguments)?);
        }
        let path = &self.path;
        Ok(quote! {
            #(#statements)*
            let result = #path(#(#arguments),*);
        })
    }

    fn bind(&self, arguments: &mut Vec<TokenStream>) -> syn::Result<Vec<TokenStream>> {
        let signature = self.signature();
        let mut parameters = signature.parameters.iter();
        let mut statements = Vec::new();
        let bindable = signature.parameters.iter().filter(|p| !matches!(p.kind, Kind::Rest | Kind::Keywords)).count();
        let has_rest = signature.parameters.iter().any(|p| p.kind == Kind::Rest);
        statements.push(match (bindable, has_rest) {
            (0, false) => quote!(::bredli_runtime::native::bind::<0>(py, &PARAMS, args)?;),
            (_, false) => quote!(let bound = ::bredli_runtime::native::bind::<#bindable>(py, &PARAMS, args)?;),
            (0, true) => quote!(let (_, rest) = ::bredli_runtime::native::bind_rest::<0>(py, &PARAMS, args)?;),
            (_, true) => quote!(let (bound, rest) = ::bredli_runtime::native::bind_rest::<#bindable>(py, &PARAMS, args)?;),
        });
        let mut index = 0usize;
        for input in &self.inputs {
            match input.role {
                Role::Py => arguments.push(quote!(py)),
                Role::Receiver => arguments.push(quote!(this)),
                Role::Args => {}
                Role::Value => {
                    let Some(parameter) = parameters.next() else {
                        return Err(Error::new_spanned(self.item, format!("#[signature] does not declare `{}`", input.name)));
                    };
                    if input.name.trim_matches('_') != parameter.name.trim_matches('_') {
                        let message = format!("#[signature] calls this parameter `{}`, Rust calls it `{}`", parameter.name, input.name);
                        return Err(Error::new_spanned(&input.ty, message));
                    }
                    match parameter.kind {
                        Kind::Rest => arguments.push(quote!(rest)),
                        Kind::Keywords => return Err(Error::new_spanned(self.item, "a function with **keywords takes `args: Args`")),
                        _ => {
                            let variable = quote::format_ident!("argument{index}");
                            let value = convert(&input.ty, &parameter.default, index as u16)?;
                            statements.push(quote!(let #variable = #value;));
                            arguments.push(quote!(#variable));
                            index += 1;
                        }
                    }
                }
            }
        }
        match parameters.next() {
            Some(extra) => Err(Error::new_spanned(self.item, format!("the function has no Rust parameter for `{}`", extra.name))),
            None => Ok(statements),
        }
    }
}

/// The expression that converts bound argument `index` to the Rust type.
fn convert(ty: &Type, default: &Default, index: u16) -> syn::Result<TokenStream> {
    let position = index as usize;
    let from = |ty: &Type| quote!(<#ty as ::bredli_runtime::native::FromValue>::from_value(py, value, PARAMS.argument(#index))?);
    let inner = argument_of(ty, "Option");
    Ok(match (default, inner) {
        (Default::Required, inner) => {
            let converted = match inner {
                Some(inner) => {
                    let from = from(inner);
                    quote!(if value.is_none() { None } else { Some(#from) })
                }
                None => from(ty),
            };
            quote! {{
                let Some(value) = bound[#position] else { return Err(::bredli_runtime::native::missing(py, &PARAMS, #position)) };
                #converted
            }}
        }
        (Default::Omitted, Some(inner)) => {
            let from = from(inner);
            quote!(match bound[#position] { Some(value) => Some(#from), None => None })
        }
        (Default::Omitted, None) => return Err(Error::new_spanned(ty, "a default that is no literal needs an `Option<..>` parameter")),
        (Default::None, Some(inner)) => {
            let from = from(inner);
            quote!(match bound[#position] { Some(value) if !value.is_none() => Some(#from), _ => None })
        }
        (default, Some(inner)) => {
            let (from, default) = (from(inner), default.tokens());
            quote! {{
                let value = match bound[#position] { Some(value) => value, None => #default.value(py)? };
                if value.is_none() { None } else { Some(#from) }
            }}
        }
        (default, None) => {
            let from = from(ty);
            match immediate(ty, default) {
                Some(literal) => quote!(match bound[#position] { Some(value) => #from, None => #literal }),
                None => {
                    let default = default.tokens();
                    quote! {{
                        let value = match bound[#position] { Some(value) => value, None => #default.value(py)? };
                        #from
                    }}
                }
            }
        }
    })
}

/// The Rust literal for a default of a primitive type.
fn immediate(ty: &Type, default: &Default) -> Option<TokenStream> {
    const INTEGERS: &[&str] = &["i32", "u32", "i64", "u64", "isize", "usize", "u8"];
    let one_of = |names: &[&str]| names.iter().any(|name| is_type(ty, name));
    match default {
        Default::None if is_type(ty, "Value") => Some(quote!(::bredli_heap::Value::NONE)),
        Default::Bool(value) if is_type(ty, "bool") => Some(quote!(#value)),
        Default::Int(value) if one_of(INTEGERS) => {
            let value = proc_macro2::Literal::i64_unsuffixed(*value);
            Some(quote!(#value))
        }
        Default::Int(value) if is_type(ty, "f64") => {
            let value = *value as f64;
            Some(quote!(#value))
        }
        Default::Float(value) if is_type(ty, "f64") => Some(quote!(#value)),
        Default::Str(text) if one_of(&["String", "CodecName"]) => Some(quote!(<#ty as ::core::convert::From<&'static str>>::from(#text))),
        _ => None,
    }
}
