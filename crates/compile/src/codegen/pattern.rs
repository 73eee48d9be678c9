//! The `match` statement (PEP 634).
//!
//! The code of each pattern consumes the subject on top of the stack. Captured values are kept on the stack, below what
//! is still needed, until the whole pattern has matched; where it fails, that many values have to be popped.

use std::collections::HashSet;

use bredli_code::{BinaryOperator, Const, Opcode};
use bredli_syntax::ast::{CmpOp, Constant, Expr, ExprKind, Identifier, Location, MatchCase, Pattern, PatternKind};

use super::Codegen;
use crate::constant::{repr_of_str, to_const};
use crate::error::Result;
use crate::instruction::Label;
use crate::names::Name;
use crate::tree::{NEXT_LOCATION, NO_LOCATION};

/// The state of matching one case.
#[derive(Default)]
struct Matching {
    /// The names captured so far, in the order of their values on the stack.
    stores: Vec<Name>,
    /// Whether a pattern may match everything.
    allow_irrefutable: bool,
    /// `fail_pop[n]` pops `n` values on the way to the next case.
    fail_pop: Vec<Label>,
    /// How many values above the captured ones have to stay.
    on_top: usize,
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn match_statement(&mut self, subject: &'a Expr<'a>, cases: &'a [MatchCase<'a>]) -> Result<()> {
        self.expr(subject)?;
        let end = self.new_label();
        let Some(last) = cases.last() else { return Ok(()) };
        let has_default = is_wildcard(&last.pattern) && cases.len() > 1;
        let tested = cases.len() - usize::from(has_default);
        for (position, case) in cases[..tested].iter().enumerate() {
            let loc = case.pattern.loc;
            let keeps_subject = position + 1 < tested;
            if keeps_subject {
                self.op_arg(Opcode::COPY, 1, loc);
            }
            let allow_irrefutable = case.guard.is_some() || position + 1 == cases.len();
            let mut matching = Matching { allow_irrefutable, ..Matching::default() };
            self.pattern(&case.pattern, &mut matching)?;
            for &name in &matching.stores.clone() {
                self.store_name(name, loc)?;
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut matching, 0);
                self.jump_if(guard, matching.fail_pop[0], false)?;
            }
            if keeps_subject {
                self.op(Opcode::POP_TOP, NEXT_LOCATION);
            }
            self.statements(case.body)?;
            self.jump(Opcode::JUMP, end, NO_LOCATION);
            self.place_fail_pop(&mut matching, loc);
        }
        if has_default {
            self.op(Opcode::NOP, last.pattern.loc);
            if let Some(guard) = &last.guard {
                self.jump_if(guard, end, false)?;
            }
            self.statements(last.body)?;
        }
        self.place_label(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, matching: &mut Matching, count: usize) {
        while matching.fail_pop.len() <= count {
            let label = self.new_label();
            matching.fail_pop.push(label);
        }
    }

    /// Jump to where everything that this case has put on the stack is popped.
    fn jump_to_fail(&mut self, matching: &mut Matching, opcode: Opcode, loc: Location) {
        let pops = matching.on_top + matching.stores.len();
        self.ensure_fail_pop(matching, pops);
        self.jump(opcode, matching.fail_pop[pops], loc);
    }

    fn place_fail_pop(&mut self, matching: &mut Matching, loc: Location) {
        let labels = std::mem::take(&mut matching.fail_pop);
        for (count, label) in labels.into_iter().enumerate().rev() {
            self.place_label(label);
            if count > 0 {
                self.op(Opcode::POP_TOP, loc);
            }
        }
    }

    /// Move the top of the stack below the `count - 1` values under it.
    fn rotate(&mut self, count: usize, loc: Location) {
        for depth in (2..=count).rev() {
            self.op_arg(Opcode::SWAP, depth as u32, loc);
        }
    }

    /// Keep the value on top for `name`.
    fn capture(&mut self, name: Option<&Identifier>, matching: &mut Matching, loc: Location) -> Result<()> {
        let Some(name) = name else {
            self.op(Opcode::POP_TOP, loc);
            return Ok(());
        };
        let name = self.intern(name);
        if matching.stores.contains(&name) {
            return self.duplicate_store(name, loc);
        }
        self.rotate(matching.on_top + matching.stores.len() + 1, loc);
        matching.stores.push(name);
        Ok(())
    }

    fn duplicate_store(&self, name: Name, loc: Location) -> Result<()> {
        let text = repr_of_str(self.table.names.text(name));
        self.error(format!("multiple assignments to name {text} in pattern"), loc)
    }

    fn pattern(&mut self, pattern: &'a Pattern<'a>, matching: &mut Matching) -> Result<()> {
        self.recursion.check()?;
        let loc = pattern.loc;
        match &pattern.kind {
            PatternKind::MatchValue { value } => {
                if !matches!(value.kind, ExprKind::Constant { .. } | ExprKind::Attribute { .. }) {
                    return self.error("patterns may only match literals and attribute lookups", loc);
                }
                self.expr(value)?;
                self.compare_op(CmpOp::Eq, loc);
                self.op(Opcode::TO_BOOL, loc);
                self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            PatternKind::MatchSingleton { value } => {
                self.load_constant(*value, loc);
                self.compare_op(CmpOp::Is, loc);
                self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
                Ok(())
            }
            PatternKind::MatchSequence { patterns } => self.sequence_pattern(patterns, matching, loc),
            PatternKind::MatchMapping { keys, patterns, rest } => self.mapping_pattern(keys, patterns, rest.as_ref(), matching, loc),
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.class_pattern(cls, patterns, kwd_attrs, kwd_patterns, matching, loc)
            }
            PatternKind::MatchStar { name } => self.capture(name.as_ref(), matching, loc),
            PatternKind::MatchAs { pattern: Some(inner), name } => {
                matching.on_top += 1;
                self.op_arg(Opcode::COPY, 1, loc);
                self.pattern(inner, matching)?;
                matching.on_top -= 1;
                self.capture(name.as_ref(), matching, loc)
            }
            PatternKind::MatchAs { pattern: None, name } => {
                if !matching.allow_irrefutable {
                    let what = match name {
                        Some(name) => format!("name capture {}", repr_of_str(name)),
                        None => "wildcard".to_owned(),
                    };
                    return self.error(format!("{what} makes remaining patterns unreachable"), loc);
                }
                self.capture(name.as_ref(), matching, loc)
            }
            PatternKind::MatchOr { patterns } => self.or_pattern(patterns, matching, loc),
        }
    }

    /// A pattern inside another: it may match everything.
    fn subpattern(&mut self, pattern: &'a Pattern<'a>, matching: &mut Matching) -> Result<()> {
        let before = std::mem::replace(&mut matching.allow_irrefutable, true);
        self.pattern(pattern, matching)?;
        matching.allow_irrefutable = before;
        Ok(())
    }

    fn subpatterns(&mut self, patterns: impl Iterator<Item = &'a Pattern<'a>>, matching: &mut Matching) -> Result<()> {
        for pattern in patterns {
            matching.on_top -= 1;
            self.subpattern(pattern, matching)?;
        }
        Ok(())
    }

    fn check_length(&mut self, length: usize, op: CmpOp, matching: &mut Matching, loc: Location) {
        self.op(Opcode::GET_LEN, loc);
        self.load_int(length, loc);
        self.compare_op(op, loc);
        self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
    }

    fn sequence_pattern(&mut self, patterns: &'a [Pattern<'a>], matching: &mut Matching, loc: Location) -> Result<()> {
        let mut star = None;
        let mut star_wildcard = false;
        let mut only_wildcard = true;
        for (position, pattern) in patterns.iter().enumerate() {
            if let PatternKind::MatchStar { name } = &pattern.kind {
                if star.is_some() {
                    return self.error("multiple starred names in sequence pattern", loc);
                }
                star_wildcard = name.is_none();
                only_wildcard &= star_wildcard;
                star = Some(position);
            } else {
                only_wildcard &= is_wildcard(pattern);
            }
        }
        matching.on_top += 1;
        self.op(Opcode::MATCH_SEQUENCE, loc);
        self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
        if star.is_none() {
            self.check_length(patterns.len(), CmpOp::Eq, matching, loc);
        } else if patterns.len() > 1 {
            self.check_length(patterns.len() - 1, CmpOp::GtE, matching, loc);
        }
        matching.on_top -= 1;
        match star {
            _ if only_wildcard => {
                self.op(Opcode::POP_TOP, loc);
                Ok(())
            }
            Some(star) if star_wildcard => self.index_sequence(patterns, star, matching, loc),
            _ => self.unpack_sequence(patterns, star, matching, loc),
        }
    }

    fn unpack_sequence(&mut self, patterns: &'a [Pattern<'a>], star: Option<usize>, matching: &mut Matching, loc: Location) -> Result<()> {
        let count = patterns.len();
        if let Some(star) = star {
            let after = count - star - 1;
            if star >= 1 << 8 || after >= i32::MAX as usize >> 8 {
                return self.error("too many expressions in star-unpacking sequence pattern", loc);
            }
            self.op_arg(Opcode::UNPACK_EX, (star + (after << 8)) as u32, loc);
        } else {
            self.op_arg(Opcode::UNPACK_SEQUENCE, count as u32, loc);
        }
        matching.on_top += count;
        self.subpatterns(patterns.iter(), matching)
    }

    /// With a `*_`, only the items that matter are fetched, by their indexes.
    fn index_sequence(&mut self, patterns: &'a [Pattern<'a>], star: usize, matching: &mut Matching, loc: Location) -> Result<()> {
        matching.on_top += 1;
        for (position, pattern) in patterns.iter().enumerate() {
            if position == star || is_wildcard(pattern) {
                continue;
            }
            self.op_arg(Opcode::COPY, 1, loc);
            if position < star {
                self.load_int(position, loc);
            } else {
                self.op(Opcode::GET_LEN, loc);
                self.load_int(patterns.len() - position, loc);
                self.op_arg(Opcode::BINARY_OP, BinaryOperator::Subtract.number(), loc);
            }
            self.op_arg(Opcode::BINARY_OP, BinaryOperator::Subscript.number(), loc);
            self.subpattern(pattern, matching)?;
        }
        matching.on_top -= 1;
        self.op(Opcode::POP_TOP, loc);
        Ok(())
    }

    fn class_pattern(
        &mut self,
        cls: &'a Expr<'a>,
        patterns: &'a [Pattern<'a>],
        attrs: &'a [Identifier<'a>],
        attr_patterns: &'a [Pattern<'a>],
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        if attrs.len() != attr_patterns.len() {
            let (attrs, patterns) = (attrs.len(), attr_patterns.len());
            return self.error(format!("kwd_attrs ({attrs}) / kwd_patterns ({patterns}) length mismatch in class pattern"), loc);
        }
        for (position, attr) in attrs.iter().enumerate() {
            if let Some(other) = (position + 1..attrs.len()).find(|&other| attrs[other] == *attr) {
                return self.error(format!("attribute name repeated in class pattern: {}", &**attr), attr_patterns[other].loc);
            }
        }
        self.expr(cls)?;
        let names = attrs.iter().map(|attr| Const::str(attr)).collect();
        self.load_const(Const::Tuple(names), loc);
        self.op_arg(Opcode::MATCH_CLASS, patterns.len() as u32, loc);
        self.op_arg(Opcode::COPY, 1, loc);
        self.load_none(loc);
        self.op_arg(Opcode::IS_OP, 1, loc);
        matching.on_top += 1;
        self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
        let count = patterns.len() + attrs.len();
        self.op_arg(Opcode::UNPACK_SEQUENCE, count as u32, loc);
        matching.on_top = matching.on_top + count - 1;
        for pattern in patterns.iter().chain(attr_patterns) {
            matching.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(Opcode::POP_TOP, loc);
            } else {
                self.subpattern(pattern, matching)?;
            }
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        keys: &'a [Expr<'a>],
        patterns: &'a [Pattern<'a>],
        rest: Option<&'a Identifier<'a>>,
        matching: &mut Matching,
        loc: Location,
    ) -> Result<()> {
        let count = keys.len();
        if count != patterns.len() {
            let patterns = patterns.len();
            return self.error(format!("keys ({count}) / patterns ({patterns}) length mismatch in mapping pattern"), loc);
        }
        matching.on_top += 1;
        self.op(Opcode::MATCH_MAPPING, loc);
        self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
        if count == 0 && rest.is_none() {
            matching.on_top -= 1;
            self.op(Opcode::POP_TOP, loc);
            return Ok(());
        }
        if count > 0 {
            self.check_length(count, CmpOp::GtE, matching, loc);
        }
        let mut seen = HashSet::new();
        for key in keys {
            self.mapping_key(key, &mut seen, loc)?;
        }
        self.op_arg(Opcode::BUILD_TUPLE, count as u32, loc);
        self.op(Opcode::MATCH_KEYS, loc);
        matching.on_top += 2;
        self.op_arg(Opcode::COPY, 1, loc);
        self.load_none(loc);
        self.op_arg(Opcode::IS_OP, 1, loc);
        self.jump_to_fail(matching, Opcode::POP_JUMP_IF_FALSE, loc);
        self.op_arg(Opcode::UNPACK_SEQUENCE, count as u32, loc);
        matching.on_top = matching.on_top + count - 1;
        self.subpatterns(patterns.iter(), matching)?;
        matching.on_top -= 2;
        let Some(rest) = rest else {
            self.op(Opcode::POP_TOP, loc);
            self.op(Opcode::POP_TOP, loc);
            return Ok(());
        };
        // A copy of the subject without the matched keys.
        self.op_arg(Opcode::BUILD_MAP, 0, loc);
        self.op_arg(Opcode::SWAP, 3, loc);
        self.op_arg(Opcode::DICT_UPDATE, 2, loc);
        self.op_arg(Opcode::UNPACK_SEQUENCE, count as u32, loc);
        for left in (1..=count).rev() {
            self.op_arg(Opcode::COPY, 1 + left as u32, loc);
            self.op_arg(Opcode::SWAP, 2, loc);
            self.op(Opcode::DELETE_SUBSCR, loc);
        }
        self.capture(Some(rest), matching, loc)
    }

    fn mapping_key(&mut self, key: &'a Expr<'a>, seen: &mut HashSet<Const>, loc: Location) -> Result<()> {
        match &key.kind {
            ExprKind::Constant { value, .. } => {
                if !seen.insert(comparable(*value)) {
                    let text = crate::constant::repr(*value);
                    return self.error(format!("mapping pattern checks duplicate key ({text})"), loc);
                }
            }
            ExprKind::Attribute { .. } => {}
            _ => return self.error("mapping pattern keys may only match literals and attribute lookups", loc),
        }
        self.expr(key)
    }

    fn or_pattern(&mut self, patterns: &'a [Pattern<'a>], matching: &mut Matching, loc: Location) -> Result<()> {
        let end = self.new_label();
        // The names of the first alternative; the others must bind the same, and are put in its order.
        let mut control: Vec<Name> = Vec::new();
        for (position, alternative) in patterns.iter().enumerate() {
            let alternative_loc = alternative.loc;
            let allow_irrefutable = position + 1 == patterns.len() && matching.allow_irrefutable;
            let mut inner = Matching { allow_irrefutable, ..Matching::default() };
            self.op_arg(Opcode::COPY, 1, alternative_loc);
            self.pattern(alternative, &mut inner)?;
            if position == 0 {
                control.clone_from(&inner.stores);
            } else if inner.stores.len() != control.len() {
                return self.error("alternative patterns bind different names", loc);
            } else {
                self.reorder_stores(&control, &mut inner, alternative_loc, loc)?;
            }
            self.jump(Opcode::JUMP, end, alternative_loc);
            self.place_fail_pop(&mut inner, alternative_loc);
        }
        self.op(Opcode::POP_TOP, loc);
        self.jump_to_fail(matching, Opcode::JUMP, loc);
        self.place_label(end);
        let depth = control.len() + 1 + matching.on_top + matching.stores.len();
        for name in control {
            self.rotate(depth, loc);
            if matching.stores.contains(&name) {
                return self.duplicate_store(name, loc);
            }
            matching.stores.push(name);
        }
        self.op(Opcode::POP_TOP, loc);
        Ok(())
    }

    fn reorder_stores(&mut self, control: &[Name], inner: &mut Matching, alternative: Location, loc: Location) -> Result<()> {
        for (wanted, name) in control.iter().enumerate().rev() {
            let Some(actual) = inner.stores.iter().position(|other| other == name) else {
                return self.error("alternative patterns bind different names", loc);
            };
            if wanted == actual {
                continue;
            }
            let rotations = actual + 1;
            let rotated: Vec<Name> = inner.stores.drain(..rotations).collect();
            let target = wanted - actual;
            inner.stores.splice(target..target, rotated);
            for _ in 0..rotations {
                self.rotate(wanted + 1, alternative);
            }
        }
        Ok(())
    }
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern.kind, PatternKind::MatchAs { pattern: None, name: None })
}

/// A constant such that those which are equal in Python are equal: `1`, `1.0`, `True` and `1+0j` are one key.
fn comparable(value: Constant<'_>) -> Const {
    let value = to_const(value);
    let number = match &value {
        Const::Bool(value) => f64::from(u8::from(*value)),
        Const::Float(value) => *value,
        Const::Complex(real, imaginary) if *imaginary == 0.0 => *real,
        Const::Int(int) => match int.to_i64() {
            Some(int) if int.unsigned_abs() < 1 << 53 => int as f64,
            _ => return value,
        },
        _ => return value,
    };
    Const::Float(number + 0.0)
}
