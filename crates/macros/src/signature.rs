//! Python's spelling of a signature: `self, value, start=0, stop=sys.maxsize, /, *rest, key=None`.
//!
//! A default that is no literal (`<unrepresentable>`, a dotted name) is shown as written and means that the function gets nothing for it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Error, Lit};

/// How a parameter can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    PositionalOnly,
    PositionalOrKeyword,
    KeywordOnly,
    /// `*args`
    Rest,
    /// `**kwargs`
    Keywords,
}

/// The value of a parameter that is not given.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    Required,
    /// Not expressible: the function sees that nothing was given.
    Omitted,
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    EmptyTuple,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    pub default: Default,
    /// The default as Python shows it.
    pub shown: String,
}

/// A parsed signature. The receiver (`self`, `type`, `cls`) is not among the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    pub parameters: Vec<Parameter>,
}

impl Signature {
    /// Parses the tokens of `#[signature(...)]`; a leading `self`, `cls` or `type` without default is the receiver.
    pub fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let mut signature = Signature { parameters: Vec::new() };
        let (mut kind, mut first) = (Kind::PositionalOrKeyword, true);
        for chunk in split(tokens) {
            let words: Vec<String> = chunk.iter().map(ToString::to_string).collect();
            match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["/"] => signature.parameters.iter_mut().for_each(|parameter| parameter.kind = Kind::PositionalOnly),
                ["*"] => kind = Kind::KeywordOnly,
                ["*", name] => {
                    signature.push(&chunk[1], name, Kind::Rest, Default::Omitted, "")?;
                    kind = Kind::KeywordOnly;
                }
                ["*", "*", name] => signature.push(&chunk[2], name, Kind::Keywords, Default::Omitted, "")?,
                ["self" | "cls" | "type"] if first => {}
                [name] => signature.push(&chunk[0], name, kind, Default::Required, "")?,
                [name, "=", ..] if chunk.len() > 2 => {
                    let (default, shown) = literal(&chunk[2..])?;
                    signature.push(&chunk[0], name, kind, default, &shown)?;
                }
                _ => return Err(Error::new_spanned(&chunk[0], "expected `name`, `name=default`, `/`, `*`, `*name` or `**name`")),
            }
            first = false;
        }
        Ok(signature)
    }

    /// The signature of a function without `#[signature]`: positional-only parameters, those that may be absent last.
    pub fn positional(names: impl Iterator<Item = (String, bool)>) -> Self {
        let parameter = |(name, optional)| Parameter {
            name,
            kind: Kind::PositionalOnly,
            default: if optional { Default::Omitted } else { Default::Required },
            shown: if optional { "<unrepresentable>".to_string() } else { String::new() },
        };
        Signature { parameters: names.map(parameter).collect() }
    }

    fn push(&mut self, at: &TokenTree, name: &str, kind: Kind, default: Default, shown: &str) -> syn::Result<()> {
        let name = name.strip_prefix("r#").unwrap_or(name);
        if !matches!(at, TokenTree::Ident(_)) {
            return Err(Error::new_spanned(at, "expected a parameter name"));
        }
        if self.parameters.iter().any(|parameter| parameter.name == name) {
            return Err(Error::new_spanned(at, "duplicate parameter"));
        }
        let follows_optional = self.parameters.last().is_some_and(|last| last.default != Default::Required && last.kind == kind);
        if default == Default::Required && follows_optional && kind != Kind::KeywordOnly {
            return Err(Error::new_spanned(at, "a required parameter cannot follow an optional one"));
        }
        self.parameters.push(Parameter { name: name.to_string(), kind, default, shown: shown.to_string() });
        Ok(())
    }

    /// The `__text_signature__`, with the receiver shown as `$self`, `$module`, `$type`, or none. Receivers are always positional-only.
    pub fn text(&self, receiver: Option<&str>) -> String {
        let mut items: Vec<String> = receiver.iter().map(|receiver| format!("${receiver}")).collect();
        let has_positional_only = self.parameters.iter().any(|parameter| parameter.kind == Kind::PositionalOnly);
        if !has_positional_only && receiver.is_some() {
            items.push("/".to_string());
        }
        let mut star_shown = false;
        for (index, parameter) in self.parameters.iter().enumerate() {
            let name = &parameter.name;
            match parameter.kind {
                Kind::Rest => items.push(format!("*{name}")),
                Kind::Keywords => items.push(format!("**{name}")),
                Kind::KeywordOnly if !star_shown && !self.parameters.iter().any(|p| p.kind == Kind::Rest) => items.push("*".to_string()),
                _ => {}
            }
            star_shown |= parameter.kind == Kind::KeywordOnly;
            match &parameter.default {
                _ if matches!(parameter.kind, Kind::Rest | Kind::Keywords) => {}
                Default::Required => items.push(name.clone()),
                _ => items.push(format!("{name}={}", parameter.shown)),
            }
            let next = self.parameters.get(index + 1);
            if parameter.kind == Kind::PositionalOnly && next.is_none_or(|next| next.kind != Kind::PositionalOnly) {
                items.push("/".to_string());
            }
        }
        format!("({})", items.join(", "))
    }
}

impl Default {
    /// The expression that makes the runtime's `Literal`.
    pub fn tokens(&self) -> TokenStream {
        match self {
            Default::Required => quote!(::bredli_runtime::native::Literal::Required),
            Default::Omitted => quote!(::bredli_runtime::native::Literal::Omitted),
            Default::None => quote!(::bredli_runtime::native::Literal::None),
            Default::Bool(value) => quote!(::bredli_runtime::native::Literal::Bool(#value)),
            Default::Int(value) => quote!(::bredli_runtime::native::Literal::Int(#value)),
            Default::Float(value) => quote!(::bredli_runtime::native::Literal::Float(#value)),
            Default::Str(text) => quote!(::bredli_runtime::native::Literal::Str(#text)),
            Default::Bytes(bytes) => {
                let bytes = syn::LitByteStr::new(bytes, proc_macro2::Span::call_site());
                quote!(::bredli_runtime::native::Literal::Bytes(#bytes))
            }
            Default::EmptyTuple => quote!(::bredli_runtime::native::Literal::EmptyTuple),
        }
    }
}

fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut chunks = vec![Vec::new()];
    let mut angle = 0;
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' && angle == 0 => {
                chunks.push(Vec::new());
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == '<' => angle += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => angle -= 1,
            _ => {}
        }
        chunks.last_mut().expect("never empty").push(token);
    }
    chunks.retain(|chunk| !chunk.is_empty());
    chunks
}

fn literal(tokens: &[TokenTree]) -> syn::Result<(Default, String)> {
    let text: String = tokens.iter().map(ToString::to_string).collect();
    let default = match (text.as_str(), tokens) {
        ("None", _) => Default::None,
        ("True", _) => Default::Bool(true),
        ("False", _) => Default::Bool(false),
        ("sys.maxsize", _) => Default::Int(i64::MAX),
        (_, [TokenTree::Group(group)]) if group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty() => {
            return Ok((Default::EmptyTuple, "()".to_string()));
        }
        (_, [TokenTree::Literal(token)]) => match syn::parse2::<Lit>(token.to_token_stream())? {
            Lit::Str(value) => return Ok((Default::Str(value.value()), quoted(value.value().chars()))),
            Lit::ByteStr(value) => {
                let bytes = value.value();
                let shown = format!("b{}", quoted(bytes.iter().map(|byte| *byte as char)));
                return Ok((Default::Bytes(bytes), shown));
            }
            Lit::Int(value) => Default::Int(value.base10_parse()?),
            Lit::Float(value) => Default::Float(value.base10_parse()?),
            other => return Err(Error::new_spanned(other, "not a Python literal")),
        },
        (_, [TokenTree::Punct(minus), number @ TokenTree::Literal(_)]) if minus.as_char() == '-' => {
            match literal(std::slice::from_ref(number))?.0 {
                Default::Int(value) => Default::Int(-value),
                Default::Float(value) => Default::Float(-value),
                _ => return Err(Error::new_spanned(number, "expected a number")),
            }
        }
        _ => Default::Omitted,
    };
    Ok((default, text))
}

/// Text as Python's `repr` shows it.
fn quoted(chars: impl Iterator<Item = char> + Clone) -> String {
    let quote = if chars.clone().any(|c| c == '\'') && !chars.clone().any(|c| c == '"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in chars {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if (c as u32) < 0x20 || (0x7F..=0xA0).contains(&(c as u32)) => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str, receiver: Option<&str>) -> String {
        Signature::parse(source.parse().unwrap()).unwrap().text(receiver)
    }

    #[test]
    fn text_signatures_are_spelled_as_in_python() {
        assert_eq!(text("self, object, /", Some("self")), "($self, object, /)");
        assert_eq!(text("self, /", Some("self")), "($self, /)");
        assert_eq!(text("self, /, *, key=None, reverse=False", Some("self")), "($self, /, *, key=None, reverse=False)");
        assert_eq!(text("self, value, start=0, stop=sys.maxsize, /", Some("self")), "($self, value, start=0, stop=sys.maxsize, /)");
        assert_eq!(text("self, /, encoding=\"utf-8\", errors=\"strict\"", Some("self")), "($self, /, encoding='utf-8', errors='strict')");
        assert_eq!(text("iterable=(), /", None), "(iterable=(), /)");
        assert_eq!(text("a, b, *, rel_tol=1e-09, abs_tol=0.0", Some("module")), "($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)");
        assert_eq!(text("*args, sep=\" \", end=\"\\n\"", Some("module")), "($module, /, *args, sep=' ', end='\\n')");
        assert_eq!(text("self, /, *args, **kwargs", Some("self")), "($self, /, *args, **kwargs)");
        assert_eq!(text("x, y=<unrepresentable>, z=<unrepresentable>, /", None), "(x, y=<unrepresentable>, z=<unrepresentable>, /)");
        assert_eq!(text("iterable, /, start=0", Some("module")), "($module, iterable, /, start=0)");
        assert_eq!(
            text("self, sep=<unrepresentable>, bytes_per_sep=1", Some("self")),
            "($self, /, sep=<unrepresentable>, bytes_per_sep=1)"
        );
    }

    #[test]
    fn defaults_are_python_literals() {
        let signature = Signature::parse("a=-1, b=b\"x\", c=2.5, d=None, e=sys.maxsize, f=other.name, g=0x10".parse().unwrap()).unwrap();
        let defaults: Vec<_> = signature.parameters.into_iter().map(|p| p.default).collect();
        use super::Default::*;
        assert_eq!(defaults, [Int(-1), Bytes(b"x".to_vec()), Float(2.5), None, Int(i64::MAX), Omitted, Int(16)]);
    }

    #[test]
    fn kinds_follow_the_markers() {
        use Kind::*;
        let kinds =
            |source: &str| -> Vec<Kind> { Signature::parse(source.parse().unwrap()).unwrap().parameters.iter().map(|p| p.kind).collect() };
        assert_eq!(kinds("self, a, /, b, *, c"), [PositionalOnly, PositionalOrKeyword, KeywordOnly]);
        assert_eq!(kinds("a, *rest, c=1, **more"), [PositionalOrKeyword, Rest, KeywordOnly, Keywords]);
    }

    #[test]
    fn mistakes_are_reported() {
        for source in ["a=1, b", "a, a", "a b", "=1", "1"] {
            assert!(Signature::parse(source.parse().unwrap()).is_err(), "{source}");
        }
    }
}
