//! The first pass: walk the syntax tree and record what each block does with each name.

use std::collections::HashMap;

use bredli_syntax::ast::{
    Alias, Arg, Arguments, Comprehension as Generator, ExceptHandler, Expr, ExprContext, ExprKind, Identifier, Keyword, Location,
    MatchCase, Mod, Pattern, PatternKind, Stmt, StmtKind, TypeParam, TypeParamKind,
};

use super::{
    Block, BlockId, BlockKind, Comprehension, DEF_ANNOT, DEF_COMP_ITER, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM,
    DEF_TYPE_PARAM, Key, NameSet, Role, Symbols, Symtable, USE, key,
};
use crate::error::{Result, syntax_error};
use crate::future::Future;
use crate::names::{Name, Names};
use crate::recursion::Recursion;
use crate::tree::docstring;

struct Collector<'f> {
    table: Symtable,
    future: &'f Future,
    /// The blocks being visited, the current one last.
    stack: Vec<BlockId>,
    /// The innermost class, for private names.
    private: Option<Name>,
    recursion: Recursion,
}

/// Collect the blocks and symbols of `module`.
pub(super) fn collect(module: &Mod, future: &Future, recursion: Recursion) -> Result<Symtable> {
    let table = Symtable { names: Names::default(), blocks: Vec::new(), by_node: HashMap::new(), mangled_sets: Vec::new() };
    let mut collector = Collector { table, future, stack: Vec::new(), private: None, recursion };
    let nowhere = Location { lineno: 0, col_offset: 0, end_lineno: 0, end_col_offset: 0 };
    collector.enter(Name::TOP, BlockKind::Module, key(module, Role::Module), nowhere)?;
    match module {
        Mod::Module { body, .. } => {
            collector.cur().has_docstring = docstring(body).is_some();
            collector.statements(body)?;
        }
        Mod::Interactive { body } => collector.statements(body)?,
        Mod::Expression { body } => collector.expression(body)?,
        Mod::FunctionType { .. } => {
            return Err(syntax_error("this compiler does not handle FunctionTypes".to_owned(), nowhere));
        }
    }
    Ok(collector.table)
}

impl Collector<'_> {
    fn id(&self) -> BlockId {
        *self.stack.last().expect("a block is always open")
    }

    fn cur(&mut self) -> &mut Block {
        let id = self.id();
        self.table.block_mut(id)
    }

    fn new_block(&mut self, name: Name, kind: BlockKind, key: Key, loc: Location) -> BlockId {
        let parent = self.stack.last().map(|&id| self.table.block(id));
        let nested = parent.is_some_and(|parent| parent.nested || parent.is_function_like());
        let method = kind == BlockKind::Function && parent.is_some_and(|parent| parent.kind == BlockKind::Class);
        let id = BlockId(u32::try_from(self.table.blocks.len()).expect("fewer than 2^32 blocks"));
        self.table.blocks.push(Block {
            name,
            kind,
            loc,
            symbols: Symbols::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            nested,
            varargs: false,
            varkeywords: false,
            annotations_used: false,
            generator: false,
            coroutine: false,
            comprehension: Comprehension::None,
            returns_value: false,
            needs_class_closure: false,
            needs_classdict: false,
            comp_inlined: false,
            can_see_class_scope: false,
            has_conditional_annotations: false,
            has_docstring: false,
            method,
            annotation_block: None,
            directives: Vec::new(),
            mangled_names: None,
            comp_iter_target: false,
            comp_iter_expr: 0,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            scope_info: "",
        });
        self.table.by_node.insert(key, id);
        id
    }

    /// Make `id` the current block; as a new child of the block before when `adopt` says so.
    fn enter_existing(&mut self, id: BlockId, adopt: bool) {
        let parent = self.stack.last().copied();
        self.stack.push(id);
        let Some(parent) = parent else { return };
        let (iter_expr, mangled) = {
            let parent = self.table.block(parent);
            (parent.comp_iter_expr, parent.mangled_names)
        };
        let block = self.table.block_mut(id);
        block.comp_iter_expr = iter_expr;
        if block.kind != BlockKind::Class && mangled.is_some() {
            block.mangled_names = mangled;
        }
        // Annotations that stay text bind and use nothing.
        if block.kind == BlockKind::Annotation && self.future.annotations() {
            return;
        }
        if adopt {
            self.table.block_mut(parent).children.push(id);
        }
    }

    fn enter(&mut self, name: Name, kind: BlockKind, key: Key, loc: Location) -> Result<()> {
        let id = self.new_block(name, kind, key, loc);
        self.enter_existing(id, true);
        if matches!(kind, BlockKind::Annotation | BlockKind::TypeVariable | BlockKind::TypeAlias) {
            self.add(Name::DOT_FORMAT, DEF_PARAM, loc)?;
            self.add(Name::DOT_FORMAT, USE, loc)?;
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn intern(&mut self, identifier: &Identifier) -> Name {
        self.table.names.intern(identifier)
    }

    fn mangle(&mut self, name: Name) -> Name {
        let id = self.id();
        self.table.maybe_mangle(self.private, id, name)
    }

    fn lookup_in(&mut self, id: BlockId, name: Name) -> u32 {
        let mangled = self.table.maybe_mangle(self.private, id, name);
        self.table.block(id).symbol(mangled)
    }

    fn text(&self, name: Name) -> &str {
        self.table.names.text(name)
    }

    fn add_to(&mut self, id: BlockId, name: Name, flag: u32, loc: Location) -> Result<()> {
        let mangled = self.mangle(name);
        let block = self.table.block(id);
        let mut flags = block.symbol(mangled);
        if flag & DEF_PARAM != 0 && flags & DEF_PARAM != 0 {
            return Err(syntax_error(format!("duplicate argument '{}' in function definition", self.text(name)), loc));
        }
        if flag & DEF_TYPE_PARAM != 0 && flags & DEF_TYPE_PARAM != 0 {
            return Err(syntax_error(format!("duplicate type parameter '{}'", self.text(name)), loc));
        }
        flags |= flag;
        if block.comp_iter_target {
            if flags & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{}'", self.text(name));
                return Err(syntax_error(message, loc));
            }
            flags |= DEF_COMP_ITER;
        }
        let block = self.table.block_mut(id);
        block.symbols.insert(mangled, flags);
        if flag & DEF_PARAM != 0 {
            block.varnames.push(mangled);
        } else if flag & DEF_GLOBAL != 0 {
            let top = self.table.top();
            let top = self.table.block_mut(top);
            let flags = top.symbol(mangled) | flag;
            top.symbols.insert(mangled, flags);
        }
        Ok(())
    }

    fn add(&mut self, name: Name, flag: u32, loc: Location) -> Result<()> {
        self.add_in_context(name, flag, loc, if flag == USE { ExprContext::Load } else { ExprContext::Store })
    }

    fn add_in_context(&mut self, name: Name, flag: u32, loc: Location, ctx: ExprContext) -> Result<()> {
        if flag & (DEF_PARAM | DEF_LOCAL | DEF_IMPORT) != 0 {
            check_name(name, loc, ctx)?;
        }
        let id = self.id();
        if flag & DEF_TYPE_PARAM != 0
            && let Some(set) = self.table.block(id).mangled_names
        {
            self.table.mangled_sets[set].insert(name);
        }
        self.add_to(id, name, flag, loc)
    }

    fn add_identifier(&mut self, identifier: &Identifier, flag: u32, loc: Location) -> Result<()> {
        let name = self.intern(identifier);
        self.add(name, flag, loc)
    }

    fn record_directive(&mut self, name: Name, loc: Location) {
        let mangled = self.mangle(name);
        self.cur().directives.push((mangled, loc));
    }

    fn is_async_function(&self) -> bool {
        let block = self.table.block(self.id());
        block.kind == BlockKind::Function && block.coroutine
    }

    fn allows_top_level_await(&self) -> bool {
        self.future.top_level_await() && self.table.block(self.id()).kind == BlockKind::Module
    }

    fn statements(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.statement(stmt))
    }

    /// Visit what runs only sometimes: annotations inside are conditional.
    fn conditionally(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let before = std::mem::replace(&mut self.cur().in_conditional_block, true);
        visit(self)?;
        self.cur().in_conditional_block = before;
        Ok(())
    }

    #[allow(clippy::too_many_lines)]
    fn statement(&mut self, stmt: &Stmt) -> Result<()> {
        self.recursion.check()?;
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(stmt, name, args, body, decorator_list, returns.as_deref(), type_params, false)
            }
            StmtKind::AsyncFunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(stmt, name, args, body, decorator_list, returns.as_deref(), type_params, true)
            }
            StmtKind::ClassDef { .. } => self.class(stmt),
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(stmt, name, type_params, value),
            StmtKind::Return { value } => {
                if let Some(value) = value {
                    self.expression(value)?;
                    self.cur().returns_value = true;
                }
                Ok(())
            }
            StmtKind::Delete { targets } => self.expressions(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.expressions(targets)?;
                self.expression(value)
            }
            StmtKind::AnnAssign { .. } => self.annotated_assignment(stmt),
            StmtKind::AugAssign { target, value, .. } => {
                self.expression(target)?;
                self.expression(value)
            }
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.expression(target)?;
                self.expression(iter)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::AsyncFor { target, iter, body, orelse, .. } => {
                self.require_coroutine("'async for' outside async function", loc)?;
                self.expression(target)?;
                self.expression(iter)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expression(test)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::Match { subject, cases } => {
                self.expression(subject)?;
                self.conditionally(|this| cases.iter().try_for_each(|case| this.match_case(case)))
            }
            StmtKind::Raise { exc, cause } => {
                if let Some(exc) = exc {
                    self.expression(exc)?;
                    self.optional(cause.as_deref())?;
                }
                Ok(())
            }
            StmtKind::Try { body, handlers, orelse, finalbody } | StmtKind::TryStar { body, handlers, orelse, finalbody } => self
                .conditionally(|this| {
                    this.statements(body)?;
                    handlers.iter().try_for_each(|handler| this.handler(handler))?;
                    this.statements(orelse)?;
                    this.statements(finalbody)
                }),
            StmtKind::Assert { test, msg } => {
                self.expression(test)?;
                self.optional(msg.as_deref())
            }
            StmtKind::Import { names } => names.iter().try_for_each(|alias| self.alias(alias)),
            StmtKind::ImportFrom { module, names, level } => {
                names.iter().try_for_each(|alias| self.alias(alias))?;
                let future = level.unwrap_or(0) == 0 && module.as_ref().is_some_and(|module| &**module == "__future__");
                if future && self.future.is_late(loc) {
                    let message = "from __future__ imports must occur at the beginning of the file";
                    return Err(syntax_error(message.to_owned(), loc));
                }
                Ok(())
            }
            StmtKind::Global { names } => names.iter().try_for_each(|name| self.directive(name, DEF_GLOBAL, "global", loc)),
            StmtKind::Nonlocal { names } => names.iter().try_for_each(|name| self.directive(name, DEF_NONLOCAL, "nonlocal", loc)),
            StmtKind::Expr { value } => self.expression(value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::With { items, body, .. } => self.conditionally(|this| this.with(items, body)),
            StmtKind::AsyncWith { items, body, .. } => {
                self.require_coroutine("'async with' outside async function", loc)?;
                self.conditionally(|this| this.with(items, body))
            }
        }
    }

    fn require_coroutine(&mut self, message: &str, loc: Location) -> Result<()> {
        if self.allows_top_level_await() {
            self.cur().coroutine = true;
        }
        if self.cur().coroutine { Ok(()) } else { Err(syntax_error(message.to_owned(), loc)) }
    }

    fn with(&mut self, items: &[bredli_syntax::ast::WithItem], body: &[Stmt]) -> Result<()> {
        for item in items {
            self.expression(&item.context_expr)?;
            self.optional(item.optional_vars.as_deref())?;
        }
        self.statements(body)
    }

    fn directive(&mut self, identifier: &Identifier, flag: u32, word: &str, loc: Location) -> Result<()> {
        let name = self.intern(identifier);
        let id = self.id();
        let current = self.lookup_in(id, name);
        let text = self.text(name);
        let problem = if current & DEF_PARAM != 0 {
            format!("name '{text}' is parameter and {word}")
        } else if current & USE != 0 {
            format!("name '{text}' is used prior to {word} declaration")
        } else if current & DEF_ANNOT != 0 {
            format!("annotated name '{text}' can't be {word}")
        } else if current & DEF_LOCAL != 0 {
            format!("name '{text}' is assigned to before {word} declaration")
        } else {
            self.add(name, flag, loc)?;
            self.record_directive(name, loc);
            return Ok(());
        };
        Err(syntax_error(problem, loc))
    }

    #[allow(clippy::too_many_arguments)]
    fn function(
        &mut self,
        stmt: &Stmt,
        name: &Identifier,
        args: &Arguments,
        body: &[Stmt],
        decorators: &[Expr],
        returns: Option<&Expr>,
        type_params: &[TypeParam],
        is_async: bool,
    ) -> Result<()> {
        let name = self.intern(name);
        self.add(name, DEF_LOCAL, stmt.loc)?;
        self.defaults(args)?;
        self.expressions(decorators)?;
        let generic = !type_params.is_empty();
        if generic {
            let kwdefaults = args.kw_defaults.iter().any(Option::is_some);
            self.enter_type_params(stmt, name, true, kwdefaults, false)?;
            self.type_params(type_params)?;
        }
        let id = self.new_block(name, BlockKind::Function, key(stmt, Role::Statement), stmt.loc);
        self.table.block_mut(id).has_docstring = docstring(body).is_some();
        self.function_annotations(stmt, args, returns)?;
        self.enter_existing(id, true);
        self.cur().coroutine = is_async;
        self.parameters(args)?;
        self.statements(body)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn defaults(&mut self, args: &Arguments) -> Result<()> {
        self.expressions(&args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.expression(default))
    }

    fn enter_type_params(&mut self, stmt: &Stmt, name: Name, defaults: bool, kwdefaults: bool, of_class: bool) -> Result<()> {
        let in_class = self.cur().kind == BlockKind::Class;
        let loc = stmt.loc;
        self.enter(name, BlockKind::TypeParameters, key(stmt, Role::TypeParameters), loc)?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add(Name::CLASSDICT, USE, loc)?;
        }
        if of_class {
            for name in [Name::DOT_TYPE_PARAMS, Name::DOT_GENERIC_BASE] {
                self.add(name, DEF_LOCAL, loc)?;
                self.add(name, USE, loc)?;
            }
        }
        if defaults {
            self.add(Name::DOT_DEFAULTS, DEF_PARAM, loc)?;
        }
        if kwdefaults {
            self.add(Name::DOT_KWDEFAULTS, DEF_PARAM, loc)?;
        }
        Ok(())
    }

    fn class(&mut self, stmt: &Stmt) -> Result<()> {
        let StmtKind::ClassDef { name, bases, keywords, body, decorator_list, type_params, .. } = &stmt.kind else { return Ok(()) };
        let loc = stmt.loc;
        let name = self.intern(name);
        self.add(name, DEF_LOCAL, loc)?;
        self.expressions(decorator_list)?;
        let outer = self.private;
        let generic = !type_params.is_empty();
        if generic {
            self.enter_type_params(stmt, name, false, false, true)?;
            self.private = Some(name);
            self.table.mangled_sets.push(NameSet::default());
            self.cur().mangled_names = Some(self.table.mangled_sets.len() - 1);
            self.type_params(type_params)?;
        }
        self.expressions(bases)?;
        self.keywords(keywords)?;
        self.enter(name, BlockKind::Class, key(stmt, Role::Statement), loc)?;
        self.private = Some(name);
        if generic {
            self.add(Name::TYPE_PARAMS, DEF_LOCAL, loc)?;
            self.add(Name::DOT_TYPE_PARAMS, USE, loc)?;
        }
        self.cur().has_docstring = docstring(body).is_some();
        self.statements(body)?;
        self.leave();
        if generic {
            self.leave();
        }
        self.private = outer;
        Ok(())
    }

    fn type_alias(&mut self, stmt: &Stmt, target: &Expr, type_params: &[TypeParam], value: &Expr) -> Result<()> {
        self.expression(target)?;
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let name = self.intern(id);
        let in_class = self.cur().kind == BlockKind::Class;
        let generic = !type_params.is_empty();
        if generic {
            self.enter_type_params(stmt, name, false, false, false)?;
            self.type_params(type_params)?;
        }
        self.enter(name, BlockKind::TypeAlias, key(stmt, Role::Statement), stmt.loc)?;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add(Name::CLASSDICT, USE, value.loc)?;
        }
        self.expression(value)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn annotated_assignment(&mut self, stmt: &Stmt) -> Result<()> {
        let StmtKind::AnnAssign { target, annotation, value, simple } = &stmt.kind else { return Ok(()) };
        let simple = *simple != 0;
        self.cur().annotations_used = true;
        if let ExprKind::Name { id, .. } = &target.kind {
            let name = self.intern(id);
            let block = self.id();
            let current = self.lookup_in(block, name);
            if current & (DEF_GLOBAL | DEF_NONLOCAL) != 0 && block != self.table.top() && simple {
                let word = if current & DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
                return Err(syntax_error(format!("annotated name '{}' can't be {word}", self.text(name)), stmt.loc));
            }
            if simple {
                self.add(name, DEF_ANNOT | DEF_LOCAL, target.loc)?;
            } else if value.is_some() {
                self.add(name, DEF_LOCAL, target.loc)?;
            }
        } else {
            self.expression(target)?;
        }
        self.variable_annotation(annotation)?;
        self.optional(value.as_deref())
    }

    fn variable_annotation(&mut self, annotation: &Expr) -> Result<()> {
        let parent = self.id();
        let block = self.cur();
        let unevaluated = block.kind == BlockKind::Function;
        let kind = block.kind;
        // A module may be seen while only part of it has run, so all its annotations count as conditional.
        let conditional = kind == BlockKind::Module || (kind == BlockKind::Class && block.in_conditional_block);
        if conditional && !block.has_conditional_annotations {
            block.has_conditional_annotations = true;
            self.add(Name::CONDITIONAL_ANNOTATIONS, USE, annotation.loc)?;
        }
        if let Some(existing) = self.cur().annotation_block {
            self.enter_existing(existing, false);
        } else {
            self.enter(Name::ANNOTATE, BlockKind::Annotation, key(annotation, Role::Annotations), annotation.loc)?;
            let id = self.id();
            self.table.block_mut(parent).annotation_block = Some(id);
            if kind == BlockKind::Class && !self.future.annotations() {
                self.cur().can_see_class_scope = true;
                self.add(Name::CLASSDICT, USE, annotation.loc)?;
            }
        }
        self.cur().in_unevaluated_annotation |= unevaluated;
        self.expression(annotation)?;
        if unevaluated {
            self.cur().in_unevaluated_annotation = false;
        }
        self.leave();
        Ok(())
    }

    fn function_annotations(&mut self, stmt: &Stmt, args: &Arguments, returns: Option<&Expr>) -> Result<()> {
        let block = self.cur();
        let in_class = block.can_see_class_scope || block.kind == BlockKind::Class;
        self.enter(Name::ANNOTATE, BlockKind::Annotation, key(stmt, Role::Annotations), stmt.loc)?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add(Name::CLASSDICT, USE, stmt.loc)?;
        }
        let parameters =
            args.posonlyargs.iter().chain(&args.args).chain(args.vararg.as_deref()).chain(args.kwarg.as_deref()).chain(&args.kwonlyargs);
        for annotation in parameters.filter_map(|arg| arg.annotation.as_deref()).chain(returns) {
            self.cur().annotations_used = true;
            self.expression(annotation)?;
        }
        self.leave();
        Ok(())
    }

    fn parameters(&mut self, args: &Arguments) -> Result<()> {
        for arg in args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs) {
            self.parameter(arg)?;
        }
        if let Some(vararg) = &args.vararg {
            self.parameter(vararg)?;
            self.cur().varargs = true;
        }
        if let Some(kwarg) = &args.kwarg {
            self.parameter(kwarg)?;
            self.cur().varkeywords = true;
        }
        Ok(())
    }

    fn parameter(&mut self, arg: &Arg) -> Result<()> {
        self.add_identifier(&arg.arg, DEF_PARAM, arg.loc)
    }

    fn handler(&mut self, handler: &ExceptHandler) -> Result<()> {
        let ExceptHandler { r#type, name, body, .. } = handler;
        self.optional(r#type.as_deref())?;
        if let Some(name) = name {
            self.add_identifier(name, DEF_LOCAL, handler.loc)?;
        }
        self.statements(body)
    }

    fn match_case(&mut self, case: &MatchCase) -> Result<()> {
        self.pattern(&case.pattern)?;
        self.optional(case.guard.as_deref())?;
        self.statements(&case.body)
    }

    fn patterns(&mut self, patterns: &[Pattern]) -> Result<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    fn pattern(&mut self, pattern: &Pattern) -> Result<()> {
        self.recursion.check()?;
        let mut capture = None;
        match &pattern.kind {
            PatternKind::MatchValue { value } => self.expression(value)?,
            PatternKind::MatchSingleton { .. } => {}
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => self.patterns(patterns)?,
            PatternKind::MatchStar { name } => capture = name.as_ref(),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.expressions(keys)?;
                self.patterns(patterns)?;
                capture = rest.as_ref();
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.expression(cls)?;
                self.patterns(patterns)?;
                for (attr, pattern) in kwd_attrs.iter().zip(kwd_patterns) {
                    let name = self.intern(attr);
                    check_name(name, pattern.loc, ExprContext::Store)?;
                }
                self.patterns(kwd_patterns)?;
            }
            PatternKind::MatchAs { pattern: inner, name } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                capture = name.as_ref();
            }
        }
        capture.map_or(Ok(()), |name| self.add_identifier(name, DEF_LOCAL, pattern.loc))
    }

    fn alias(&mut self, alias: &Alias) -> Result<()> {
        let full = alias.asname.as_ref().unwrap_or(&alias.name);
        if &**full == "*" {
            if self.cur().kind != BlockKind::Module {
                return Err(syntax_error("import * only allowed at module level".to_owned(), alias.loc));
            }
            return Ok(());
        }
        let stored = full.split('.').next().unwrap_or(full);
        let name = self.table.names.intern(stored);
        self.add(name, DEF_IMPORT, alias.loc)
    }

    fn type_params(&mut self, type_params: &[TypeParam]) -> Result<()> {
        type_params.iter().try_for_each(|param| self.type_param(param))
    }

    fn type_param(&mut self, param: &TypeParam) -> Result<()> {
        self.recursion.check()?;
        let (name, bound, default, default_info) = match &param.kind {
            TypeParamKind::TypeVar { name, bound, default_value } => {
                (name, bound.as_deref(), default_value.as_deref(), "a TypeVar default")
            }
            TypeParamKind::TypeVarTuple { name, default_value } => (name, None, default_value.as_deref(), "a TypeVarTuple default"),
            TypeParamKind::ParamSpec { name, default_value } => (name, None, default_value.as_deref(), "a ParamSpec default"),
        };
        let name = self.intern(name);
        self.add(name, DEF_TYPE_PARAM | DEF_LOCAL, param.loc)?;
        if name == Name::CLASSDICT {
            return Err(syntax_error("reserved name '__classdict__' cannot be used for type parameter".to_owned(), param.loc));
        }
        if let Some(bound) = bound {
            let info = if matches!(bound.kind, ExprKind::Tuple { .. }) { "a TypeVar constraint" } else { "a TypeVar bound" };
            self.type_variable(bound, name, key(param, Role::Bound), info)?;
        }
        default.map_or(Ok(()), |default| self.type_variable(default, name, key(param, Role::Default), default_info))
    }

    fn type_variable(&mut self, expr: &Expr, name: Name, key: Key, info: &'static str) -> Result<()> {
        let in_class = self.cur().can_see_class_scope;
        self.enter(name, BlockKind::TypeVariable, key, expr.loc)?;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add(Name::CLASSDICT, USE, expr.loc)?;
        }
        self.cur().scope_info = info;
        self.expression(expr)?;
        self.leave();
        Ok(())
    }

    fn keywords(&mut self, keywords: &[Keyword]) -> Result<()> {
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                let name = self.intern(arg);
                check_name(name, keyword.loc, ExprContext::Store)?;
            }
        }
        keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))
    }

    fn expressions(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expression(expr))
    }

    fn optional(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |expr| self.expression(expr))
    }

    #[allow(clippy::too_many_lines)]
    fn expression(&mut self, expr: &Expr) -> Result<()> {
        self.recursion.check()?;
        match &expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.forbid_in_annotation("named expression", expr)?;
                self.named_expression(expr, target, value)
            }
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => self.expressions(values),
            ExprKind::BinOp { left, right, .. } => {
                self.expression(left)?;
                self.expression(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.expression(operand),
            ExprKind::Lambda { args, body } => {
                self.defaults(args)?;
                self.enter(Name::LAMBDA, BlockKind::Function, key(expr, Role::Expression), expr.loc)?;
                self.parameters(args)?;
                self.expression(body)?;
                self.leave();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expression(test)?;
                self.expression(body)?;
                self.expression(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.expression(key))?;
                self.expressions(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.expressions(elts),
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(expr, Name::GENEXPR, Comprehension::Generator, generators, elt, None)
            }
            ExprKind::ListComp { elt, generators } => self.comprehension(expr, Name::LISTCOMP, Comprehension::List, generators, elt, None),
            ExprKind::SetComp { elt, generators } => self.comprehension(expr, Name::SETCOMP, Comprehension::Set, generators, elt, None),
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(expr, Name::DICTCOMP, Comprehension::Dict, generators, key, Some(value))
            }
            ExprKind::Yield { value } => self.yielding(expr, value.as_deref()),
            ExprKind::YieldFrom { value } => self.yielding(expr, Some(value)),
            ExprKind::Await { value } => {
                self.forbid_in_annotation("await expression", expr)?;
                if !self.allows_top_level_await() {
                    let block = self.cur();
                    if !block.is_function_like() {
                        return Err(syntax_error("'await' outside function".to_owned(), expr.loc));
                    }
                    if block.comprehension == Comprehension::None && !self.is_async_function() {
                        return Err(syntax_error("'await' outside async function".to_owned(), expr.loc));
                    }
                }
                self.expression(value)?;
                self.cur().coroutine = true;
                Ok(())
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.expression(left)?;
                self.expressions(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expression(func)?;
                self.expressions(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. } | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expression(value)?;
                self.optional(format_spec.as_deref())
            }
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, attr, ctx } => {
                let name = self.intern(attr);
                check_name(name, expr.loc, *ctx)?;
                self.expression(value)
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expression(value)?;
                self.expression(slice)
            }
            ExprKind::Starred { value, .. } => self.expression(value),
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower.as_deref())?;
                self.optional(upper.as_deref())?;
                self.optional(step.as_deref())
            }
            ExprKind::Name { id, ctx } => self.name(id, *ctx, expr.loc),
        }
    }

    fn name(&mut self, id: &Identifier, ctx: ExprContext, loc: Location) -> Result<()> {
        if self.cur().in_unevaluated_annotation {
            return Ok(());
        }
        let name = self.intern(id);
        let load = ctx == ExprContext::Load;
        self.add_in_context(name, if load { USE } else { DEF_LOCAL }, loc, ctx)?;
        // `super` needs the cell of the class.
        if load && name == Name::SUPER && self.cur().is_function_like() {
            self.add(Name::CLASS, USE, loc)?;
        }
        Ok(())
    }

    fn yielding(&mut self, expr: &Expr, value: Option<&Expr>) -> Result<()> {
        self.forbid_in_annotation("yield expression", expr)?;
        self.optional(value)?;
        let block = self.cur();
        block.generator = true;
        let place = match block.comprehension {
            Comprehension::None => return Ok(()),
            Comprehension::List => "list comprehension",
            Comprehension::Set => "set comprehension",
            Comprehension::Dict => "dict comprehension",
            Comprehension::Generator => "generator expression",
        };
        Err(syntax_error(format!("'yield' inside {place}"), expr.loc))
    }

    fn forbid_in_annotation(&mut self, what: &str, expr: &Expr) -> Result<()> {
        let block = self.cur();
        let place = match block.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeVariable => block.scope_info,
            BlockKind::TypeAlias => "a type alias",
            BlockKind::TypeParameters => "the definition of a generic",
            BlockKind::Function | BlockKind::Class | BlockKind::Module => return Ok(()),
        };
        Err(syntax_error(format!("{what} cannot be used within {place}"), expr.loc))
    }

    fn named_expression(&mut self, expr: &Expr, target: &Expr, value: &Expr) -> Result<()> {
        if self.cur().comp_iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return Err(syntax_error(message.to_owned(), expr.loc));
        }
        if self.cur().comprehension != Comprehension::None {
            self.bind_outside_comprehension(target)?;
        }
        self.expression(value)?;
        self.expression(target)
    }

    /// A walrus inside a comprehension binds in the nearest enclosing function or module.
    fn bind_outside_comprehension(&mut self, target: &Expr) -> Result<()> {
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let name = self.intern(id);
        let loc = target.loc;
        for position in (0..self.stack.len()).rev() {
            let id = self.stack[position];
            if self.table.block(id).comprehension != Comprehension::None {
                let flags = self.lookup_in(id, name);
                if flags & DEF_COMP_ITER != 0 && flags & DEF_LOCAL != 0 {
                    let message = format!("assignment expression cannot rebind comprehension iteration variable '{}'", self.text(name));
                    return Err(syntax_error(message, loc));
                }
                continue;
            }
            let within = match self.table.block(id).kind {
                BlockKind::Function => {
                    let global = self.lookup_in(id, name) & DEF_GLOBAL != 0;
                    self.add(name, if global { DEF_GLOBAL } else { DEF_NONLOCAL }, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_LOCAL, loc);
                }
                BlockKind::Module => {
                    self.add(name, DEF_GLOBAL, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_GLOBAL, loc);
                }
                BlockKind::Class => "be used in a class body",
                BlockKind::TypeParameters => "be used within the definition of a generic",
                BlockKind::TypeAlias => "be used in a type alias",
                BlockKind::TypeVariable => "be used in a TypeVar bound",
                BlockKind::Annotation => continue,
            };
            return Err(syntax_error(format!("assignment expression within a comprehension cannot {within}"), loc));
        }
        Ok(())
    }

    fn generator(&mut self, generator: &Generator) -> Result<()> {
        self.iteration_target(&generator.target)?;
        self.iterable(&generator.iter)?;
        self.expressions(&generator.ifs)?;
        if generator.is_async != 0 {
            self.cur().coroutine = true;
        }
        Ok(())
    }

    fn iteration_target(&mut self, target: &Expr) -> Result<()> {
        self.cur().comp_iter_target = true;
        self.expression(target)?;
        self.cur().comp_iter_target = false;
        Ok(())
    }

    fn iterable(&mut self, iter: &Expr) -> Result<()> {
        self.cur().comp_iter_expr += 1;
        self.expression(iter)?;
        self.cur().comp_iter_expr -= 1;
        Ok(())
    }

    fn comprehension(
        &mut self,
        expr: &Expr,
        name: Name,
        kind: Comprehension,
        generators: &[Generator],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some((outermost, rest)) = generators.split_first() else { return Ok(()) };
        self.iterable(&outermost.iter)?;
        self.enter(name, BlockKind::Function, key(expr, Role::Expression), expr.loc)?;
        self.cur().comprehension = kind;
        if outermost.is_async != 0 {
            self.cur().coroutine = true;
        }
        self.add(Name::DOT_ZERO, DEF_PARAM, expr.loc)?;
        self.iteration_target(&outermost.target)?;
        self.expressions(&outermost.ifs)?;
        rest.iter().try_for_each(|generator| self.generator(generator))?;
        self.optional(value)?;
        self.expression(elt)?;
        let is_generator = kind == Comprehension::Generator;
        let block = self.cur();
        block.generator = is_generator;
        let is_async = block.coroutine && !is_generator;
        self.leave();
        if !is_async {
            return Ok(());
        }
        if !self.is_async_function() && self.cur().comprehension == Comprehension::None && !self.allows_top_level_await() {
            return Err(syntax_error("asynchronous comprehension outside of an asynchronous function".to_owned(), expr.loc));
        }
        self.cur().coroutine = true;
        Ok(())
    }
}

fn check_name(name: Name, loc: Location, ctx: ExprContext) -> Result<()> {
    if name != Name::DEBUG {
        return Ok(());
    }
    match ctx {
        ExprContext::Load => Ok(()),
        ExprContext::Store => Err(syntax_error("cannot assign to __debug__".to_owned(), loc)),
        ExprContext::Del => Err(syntax_error("cannot delete __debug__".to_owned(), loc)),
    }
}
