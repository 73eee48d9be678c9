//! `Node`: what the diagnosing parser keeps of a match: its kind, its place and its parts.

use std::rc::Rc;

use crate::ast::Location;

macro_rules! kinds {
    ($($Kind:ident $(= $name:literal)?),+ $(,)?) => {
        /// What a node is, as far as error messages tell it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($Kind),+ }

        impl Kind {
            /// The kind with this name in the grammar.
            pub fn from_name(name: &str) -> Option<Kind> {
                match name {
                    $(stringify!($Kind) => Some(Kind::$Kind),)+
                    _ => None,
                }
            }

            /// What messages call an expression of this kind; `None` for what is no expression.
            pub fn expression_name(self) -> Option<&'static str> {
                match self {
                    $($(Kind::$Kind => Some($name),)?)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    Token,
    Group,
    Statement,
    Parameter,
    Pattern,
    Keyword,
    Unpacking,
    Arguments,
    Attribute = "attribute",
    Subscript = "subscript",
    Starred = "starred",
    Name = "name",
    List = "list",
    Tuple = "tuple",
    Lambda = "lambda",
    Call = "function call",
    Operation = "expression",
    GeneratorExp = "generator expression",
    Yield = "yield expression",
    Await = "await expression",
    ListComp = "list comprehension",
    SetComp = "set comprehension",
    DictComp = "dict comprehension",
    Dict = "dict literal",
    Set = "set display",
    JoinedStr = "f-string expression",
    TemplateStr = "t-string expression",
    Literal = "literal",
    True = "True",
    False = "False",
    None = "None",
    Ellipsis = "ellipsis",
    Compare = "comparison",
    IfExp = "conditional expression",
    NamedExpr = "named expression",
    Slice = "slice",
}

/// A match.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub loc: Location,
    /// The number of its first token.
    pub token: usize,
    pub parts: Vec<Rc<Node>>,
}

impl Node {
    /// The expressions directly in this node: groups are looked into, tokens left out.
    pub fn expressions(&self) -> Vec<&Rc<Node>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Rc<Node>>) {
        for part in &self.parts {
            match part.kind {
                Kind::Group => part.collect(found),
                kind if kind.expression_name().is_some() => found.push(part),
                _ => {}
            }
        }
    }
}

/// What a list of targets is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Targets {
    Assign,
    Delete,
    For,
}

/// The first expression in it that cannot be a target. `is_in` tells whether a comparison's first operator is `in`.
pub(super) fn invalid_target(node: &Rc<Node>, targets: Targets, is_in: &dyn Fn(&Node) -> bool) -> Option<Rc<Node>> {
    match node.kind {
        Kind::List | Kind::Tuple => node.expressions().into_iter().find_map(|part| invalid_target(part, targets, is_in)),
        Kind::Starred if targets != Targets::Delete => node.expressions().first().and_then(|value| invalid_target(value, targets, is_in)),
        Kind::Compare if targets == Targets::For => match is_in(node) {
            true => node.expressions().first().and_then(|left| invalid_target(left, targets, is_in)),
            false => None,
        },
        Kind::Name | Kind::Subscript | Kind::Attribute => None,
        _ => Some(node.clone()),
    }
}
