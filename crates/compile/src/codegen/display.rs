//! Displays and strings with parts: lists, tuples, sets, dicts, f-strings and t-strings.

use bredli_code::{Const, Conversion, Intrinsic1, Opcode};
use bredli_syntax::ast::{Constant, Expr, ExprKind, Location};

use super::Codegen;
use super::emit::STACK_USE_GUIDELINE;
use crate::error::{CompileError, Result};
use crate::names::Name;
use crate::tree::is_starred;

/// How a collection is built.
#[derive(Clone, Copy)]
pub(super) struct Collect {
    build: Opcode,
    add: Opcode,
    extend: Opcode,
    tuple: bool,
}

impl Collect {
    pub const LIST: Collect = Collect { build: Opcode::BUILD_LIST, add: Opcode::LIST_APPEND, extend: Opcode::LIST_EXTEND, tuple: false };
    pub const TUPLE: Collect = Collect { tuple: true, ..Collect::LIST };
    pub const SET: Collect = Collect { build: Opcode::BUILD_SET, add: Opcode::SET_ADD, extend: Opcode::SET_UPDATE, tuple: false };
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn list(&mut self, elts: &'a [Expr<'a>], loc: Location) -> Result<()> {
        self.collect(Collect::LIST, elts, None, 0, loc)
    }

    pub(super) fn tuple(&mut self, elts: &'a [Expr<'a>], loc: Location) -> Result<()> {
        self.collect(Collect::TUPLE, elts, None, 0, loc)
    }

    pub(super) fn set(&mut self, elts: &'a [Expr<'a>], loc: Location) -> Result<()> {
        self.collect(Collect::SET, elts, None, 0, loc)
    }

    /// Build a collection of `pushed` values on the stack, `elts` and the variable `extra`.
    pub(super) fn collect(&mut self, how: Collect, elts: &'a [Expr<'a>], extra: Option<Name>, pushed: usize, loc: Location) -> Result<()> {
        let count = elts.len() + pushed + usize::from(extra.is_some());
        let big = count > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(is_starred) {
            self.exprs(elts)?;
            if let Some(extra) = extra {
                self.load_name(extra, loc)?;
            }
            self.op_arg(if how.tuple { Opcode::BUILD_TUPLE } else { how.build }, count as u32, loc);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.op_arg(how.build, pushed as u32, loc);
        }
        for (position, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.kind {
                if !built {
                    self.op_arg(how.build, (position + pushed) as u32, loc);
                    built = true;
                }
                self.expr(value)?;
                self.op_arg(how.extend, 1, loc);
            } else {
                self.expr(elt)?;
                if built {
                    self.op_arg(how.add, 1, loc);
                }
            }
        }
        if let Some(extra) = extra {
            self.load_name(extra, loc)?;
            self.op_arg(how.add, 1, loc);
        }
        if how.tuple {
            self.intrinsic(Intrinsic1::ListToTuple, loc);
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, keys: &'a [Option<Expr<'a>>], values: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let mut have_dict = false;
        let mut elements = 0;
        for (position, key) in keys.iter().enumerate() {
            if key.is_none() {
                if elements > 0 {
                    self.dict_part(&keys[position - elements..position], &values[position - elements..position], loc)?;
                    if have_dict {
                        self.op_arg(Opcode::DICT_UPDATE, 1, loc);
                    }
                    have_dict = true;
                    elements = 0;
                }
                if !have_dict {
                    self.op_arg(Opcode::BUILD_MAP, 0, loc);
                    have_dict = true;
                }
                self.expr(&values[position])?;
                self.op_arg(Opcode::DICT_UPDATE, 1, loc);
            } else if elements * 2 > STACK_USE_GUIDELINE {
                self.dict_part(&keys[position - elements..=position], &values[position - elements..=position], loc)?;
                if have_dict {
                    self.op_arg(Opcode::DICT_UPDATE, 1, loc);
                }
                have_dict = true;
                elements = 0;
            } else {
                elements += 1;
            }
        }
        if elements > 0 {
            let start = keys.len() - elements;
            self.dict_part(&keys[start..], &values[start..], loc)?;
            if have_dict {
                self.op_arg(Opcode::DICT_UPDATE, 1, loc);
            }
            have_dict = true;
        }
        if !have_dict {
            self.op_arg(Opcode::BUILD_MAP, 0, loc);
        }
        Ok(())
    }

    fn dict_part(&mut self, keys: &'a [Option<Expr<'a>>], values: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let big = keys.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_arg(Opcode::BUILD_MAP, 0, loc);
        }
        for (key, value) in keys.iter().flatten().zip(values) {
            self.expr(key)?;
            self.expr(value)?;
            if big {
                self.op_arg(Opcode::MAP_ADD, 1, loc);
            }
        }
        if !big {
            self.op_arg(Opcode::BUILD_MAP, keys.len() as u32, loc);
        }
        Ok(())
    }

    pub(super) fn joined_str(&mut self, values: &'a [Expr<'a>], loc: Location) -> Result<()> {
        if values.len() > STACK_USE_GUIDELINE {
            self.load_text(Name::EMPTY, loc);
            self.load_attribute(Name::JOIN, true, loc);
            self.op_arg(Opcode::BUILD_LIST, 0, loc);
            for value in values {
                self.expr(value)?;
                self.op_arg(Opcode::LIST_APPEND, 1, loc);
            }
            self.op_arg(Opcode::CALL, 1, loc);
            return Ok(());
        }
        self.exprs(values)?;
        match values.len() {
            0 => self.load_text(Name::EMPTY, loc),
            1 => {}
            count => self.op_arg(Opcode::BUILD_STRING, count as u32, loc),
        }
        Ok(())
    }

    pub(super) fn formatted_value(
        &mut self,
        value: &'a Expr<'a>,
        conversion: i32,
        format_spec: Option<&'a Expr<'a>>,
        loc: Location,
    ) -> Result<()> {
        self.expr(value)?;
        if let Some(conversion) = conversion_of(conversion)? {
            self.op_arg(Opcode::CONVERT_VALUE, conversion.number(), loc);
        }
        if let Some(format_spec) = format_spec {
            self.expr(format_spec)?;
            self.op(Opcode::FORMAT_WITH_SPEC, loc);
        } else {
            self.op(Opcode::FORMAT_SIMPLE, loc);
        }
        Ok(())
    }

    pub(super) fn interpolation(
        &mut self,
        value: &'a Expr<'a>,
        text: &Constant,
        conversion: i32,
        format_spec: Option<&'a Expr<'a>>,
        loc: Location,
    ) -> Result<()> {
        self.expr(value)?;
        self.load_constant(*text, loc);
        let mut arg = 2;
        if let Some(format_spec) = format_spec {
            arg += 1;
            self.expr(format_spec)?;
        }
        if let Some(conversion) = conversion_of(conversion)? {
            arg |= conversion.number() << 2;
        }
        self.op_arg(Opcode::BUILD_INTERPOLATION, arg, loc);
        Ok(())
    }

    /// A t-string: the tuple of its texts, which alternate with interpolations, and the tuple of its interpolations.
    pub(super) fn template_str(&mut self, values: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let mut strings = 0;
        let mut interpolations = 0;
        let mut after_interpolation = true;
        for value in values {
            if matches!(value.kind, ExprKind::Interpolation { .. }) {
                if after_interpolation {
                    self.load_text(Name::EMPTY, loc);
                    strings += 1;
                }
                after_interpolation = true;
                interpolations += 1;
                continue;
            }
            self.expr(value)?;
            strings += 1;
            after_interpolation = false;
        }
        if after_interpolation {
            self.load_text(Name::EMPTY, loc);
            strings += 1;
        }
        self.op_arg(Opcode::BUILD_TUPLE, strings, loc);
        for value in values.iter().filter(|value| matches!(value.kind, ExprKind::Interpolation { .. })) {
            self.expr(value)?;
        }
        self.op_arg(Opcode::BUILD_TUPLE, interpolations, loc);
        self.op(Opcode::BUILD_TEMPLATE, loc);
        Ok(())
    }

    /// A slice object; one of constants is a constant itself.
    pub(super) fn slice(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Slice { lower, upper, step } = &expr.kind else { return Ok(()) };
        let loc = expr.loc;
        let parts = [lower.as_deref(), upper.as_deref(), step.as_deref()];
        let constant = |part: Option<&Expr>| match part.map(|part| &part.kind) {
            None => Some(Const::None),
            Some(ExprKind::Constant { value, .. }) => Some(crate::constant::to_const(*value)),
            Some(_) => None,
        };
        if let [Some(start), Some(stop), Some(step)] = parts.map(constant) {
            self.load_const(Const::Slice(Box::new([start, stop, step])), loc);
            return Ok(());
        }
        self.slice_bounds(expr)?;
        if let Some(step) = step {
            self.expr(step)?;
        }
        self.op_arg(Opcode::BUILD_SLICE, if step.is_some() { 3 } else { 2 }, loc);
        Ok(())
    }

    /// Start and stop of a slice.
    pub(super) fn slice_bounds(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Slice { lower, upper, .. } = &expr.kind else { return Ok(()) };
        for bound in [lower, upper] {
            match bound {
                Some(bound) => self.expr(bound)?,
                None => self.load_none(expr.loc),
            }
        }
        Ok(())
    }
}

fn conversion_of(conversion: i32) -> Result<Option<Conversion>> {
    match u8::try_from(conversion) {
        Ok(b's') => Ok(Some(Conversion::Str)),
        Ok(b'r') => Ok(Some(Conversion::Repr)),
        Ok(b'a') => Ok(Some(Conversion::Ascii)),
        Ok(_) => Err(CompileError::Internal("Unrecognized conversion character")),
        Err(_) => Ok(None),
    }
}
