//! Type comments: found by the tokenizer, put into the tree that the fast parser has made without them.
//!
//! Where they may stand has been checked by the diagnosing parser, whose grammar knows them.

use crate::ast::{Arena, Arg, Arguments, Location, Mod, Stmt, StmtKind, Tree, TypeIgnore};
use crate::source::Source;
use crate::tokenizer::{TokenKind, Tokenizer, TokenizerOptions};

/// What a type comment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The parameter before it.
    Parameter,
    /// The `for`, `with` or `def` whose colon is before it.
    Header,
    /// The assignment before it.
    Assignment,
}

#[derive(Debug)]
struct Comment<'t> {
    /// Line and column.
    at: (i32, i32),
    end_col_offset: i32,
    place: Place,
    text: &'t str,
}

/// The type comments of a source.
#[derive(Debug, Default)]
pub(crate) struct TypeComments<'t> {
    comments: Vec<Comment<'t>>,
    ignores: Vec<TypeIgnore<'t>>,
}

impl<'t> TypeComments<'t> {
    /// Reads them from a source; stops at what cannot be a token.
    pub fn of(source: &Source, arena: &'t Arena) -> TypeComments<'t> {
        let text = source.text();
        let options = TokenizerOptions { type_comments: true, ..TokenizerOptions::default() };
        let mut tokenizer = Tokenizer::new(text, options);
        let mut found = TypeComments::default();
        let (mut before, mut last) = (TokenKind::EndMarker, TokenKind::EndMarker);
        while let Ok(token) = tokenizer.next_token() {
            let content = || arena.str(token.start.zip(token.end).map_or("", |(start, end)| &text[start..end]));
            match token.kind {
                TokenKind::EndMarker | TokenKind::ErrorToken => break,
                TokenKind::TypeIgnore => found.ignores.push(TypeIgnore { lineno: token.lineno, tag: content() }),
                TokenKind::TypeComment => {
                    let place = match (before, last) {
                        _ if token.level > 0 => Place::Parameter,
                        (_, TokenKind::Colon) | (TokenKind::Colon, TokenKind::Newline) => Place::Header,
                        _ => Place::Assignment,
                    };
                    found.comments.push(Comment {
                        at: (token.lineno, token.col_offset),
                        end_col_offset: token.end_col_offset,
                        place,
                        text: content(),
                    });
                }
                _ => {}
            }
            (before, last) = (last, token.kind);
        }
        found
    }

    /// Whether there are comments that must stand in the right place.
    pub fn needs_check(&self) -> bool {
        !self.comments.is_empty()
    }

    /// Puts the comments into a tree of their source.
    pub fn attach(self, tree: &mut Tree<'t>) {
        if self.comments.is_empty() && self.ignores.is_empty() {
            return;
        }
        if let Mod::Module { body, .. } | Mod::Interactive { body } = &mut *tree.module {
            self.attach_to_body(body);
        }
        if let Mod::Module { type_ignores, .. } = &mut *tree.module {
            *type_ignores = tree.arena.list(self.ignores);
        }
    }

    /// The comments from one position on and before another.
    fn between(&self, start: (i32, i32), end: (i32, i32)) -> &[Comment<'t>] {
        let first = self.comments.partition_point(|comment| comment.at < start);
        let behind = self.comments.partition_point(|comment| comment.at < end);
        &self.comments[first..behind.max(first)]
    }

    /// Returns where the last statement ends: its comment belongs to it, and to the statements around.
    fn attach_to_body(&self, body: &mut [Stmt<'t>]) -> (i32, i32) {
        let mut last = (0, 0);
        for index in 0..body.len() {
            let next = body.get(index + 1).map_or((i32::MAX, 0), |next| start(next.loc));
            let statement = &mut body[index];
            last = self.attach_to(statement, next).max(end(statement.loc));
            (statement.loc.end_lineno, statement.loc.end_col_offset) = last;
        }
        last
    }

    /// Returns where the statement ends, if that has changed. `next` is where the statement behind it starts.
    fn attach_to(&self, statement: &mut Stmt<'t>, next: (i32, i32)) -> (i32, i32) {
        let loc = statement.loc;
        match &mut statement.kind {
            StmtKind::Assign { type_comment, .. } => {
                let found = self.between(end(loc), next.min((loc.end_lineno, i32::MAX)));
                let Some(comment) = found.iter().find(|comment| comment.place == Place::Assignment) else { return (0, 0) };
                *type_comment = Some(comment.text);
                (comment.at.0, comment.end_col_offset)
            }
            StmtKind::For { body, orelse, type_comment, .. } | StmtKind::AsyncFor { body, orelse, type_comment, .. } => {
                *type_comment = self.header(loc, body);
                self.attach_to_body(body).max(self.attach_to_body(orelse))
            }
            StmtKind::With { body, type_comment, .. } | StmtKind::AsyncWith { body, type_comment, .. } => {
                *type_comment = self.header(loc, body);
                self.attach_to_body(body)
            }
            StmtKind::FunctionDef { args, body, type_comment, .. } | StmtKind::AsyncFunctionDef { args, body, type_comment, .. } => {
                *type_comment = self.header(loc, body);
                for comment in self.between(start(loc), body_start(body)) {
                    if comment.place == Place::Parameter
                        && let Some(parameter) = parameter_before(args, comment.at)
                    {
                        parameter.type_comment = Some(comment.text);
                    }
                }
                self.attach_to_body(body)
            }
            StmtKind::ClassDef { body, .. } => self.attach_to_body(body),
            StmtKind::While { body, orelse, .. } | StmtKind::If { body, orelse, .. } => {
                self.attach_to_body(body).max(self.attach_to_body(orelse))
            }
            StmtKind::Try { body, handlers, orelse, finalbody } | StmtKind::TryStar { body, handlers, orelse, finalbody } => {
                let mut last = self.attach_to_body(body);
                for handler in handlers.iter_mut() {
                    let handler_end = self.attach_to_body(handler.body).max(end(handler.loc));
                    (handler.loc.end_lineno, handler.loc.end_col_offset) = handler_end;
                    last = last.max(handler_end);
                }
                last.max(self.attach_to_body(orelse)).max(self.attach_to_body(finalbody))
            }
            StmtKind::Match { cases, .. } => cases.iter_mut().map(|case| self.attach_to_body(case.body)).max().unwrap_or_default(),
            _ => (0, 0),
        }
    }

    fn header(&self, loc: Location, body: &[Stmt]) -> Option<&'t str> {
        let found = self.between(start(loc), body_start(body));
        found.iter().find(|comment| comment.place == Place::Header).map(|comment| comment.text)
    }
}

fn start(loc: Location) -> (i32, i32) {
    (loc.lineno, loc.col_offset)
}

fn end(loc: Location) -> (i32, i32) {
    (loc.end_lineno, loc.end_col_offset)
}

fn body_start(body: &[Stmt]) -> (i32, i32) {
    body.first().map_or((i32::MAX, 0), |first| start(first.loc))
}

fn parameter_before<'a, 't>(args: &'a mut Arguments<'t>, at: (i32, i32)) -> Option<&'a mut Arg<'t>> {
    let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = args;
    let single = vararg.iter_mut().chain(kwarg).map(|arg| &mut **arg);
    let all = posonlyargs.iter_mut().chain(args.iter_mut()).chain(kwonlyargs.iter_mut()).chain(single);
    all.filter(|parameter| start(parameter.loc) < at).max_by_key(|parameter| start(parameter.loc))
}
