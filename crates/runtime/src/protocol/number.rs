//! Unary and binary operators with reflected and in-place forms.

use crate::object::slots::{Binary, Ternary, Unary};
use crate::object::{Slots, Str};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Value};

/// A binary operator, numbered as CPython's `NB_*` arguments of BINARY_OP (in-place forms are these plus 13).
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BinaryOp {
    Add,
    And,
    FloorDivide,
    Lshift,
    MatrixMultiply,
    Multiply,
    Remainder,
    Or,
    Power,
    Rshift,
    Subtract,
    TrueDivide,
    Xor,
}

const BINARY: [BinaryOp; 13] = {
    use BinaryOp::*;
    [Add, And, FloorDivide, Lshift, MatrixMultiply, Multiply, Remainder, Or, Power, Rshift, Subtract, TrueDivide, Xor]
};

impl BinaryOp {
    /// The operator of a BINARY_OP argument below 26, and whether it is the in-place form.
    #[inline]
    pub fn from_index(index: usize) -> (Self, bool) {
        if index < 13 { (BINARY[index], false) } else { (BINARY[index - 13], true) }
    }

    /// The operator as CPython's messages show it.
    pub fn symbol(self) -> &'static str {
        ["+", "&", "//", "<<", "@", "*", "%", "|", "** or pow()", ">>", "-", "/", "^"][self as usize]
    }

    fn slot(self, slots: &Slots) -> Option<Binary> {
        match self {
            Self::Add => slots.add,
            Self::And => slots.and,
            Self::FloorDivide => slots.floor_divide,
            Self::Lshift => slots.lshift,
            Self::MatrixMultiply => slots.matrix_multiply,
            Self::Multiply => slots.multiply,
            Self::Remainder => slots.remainder,
            Self::Or => slots.or,
            Self::Rshift => slots.rshift,
            Self::Subtract => slots.subtract,
            Self::TrueDivide => slots.true_divide,
            Self::Xor => slots.xor,
            Self::Power => None,
        }
    }

    /// The name of the operator's method.
    pub(crate) fn method(self, names: &crate::Names) -> Option<Gc<Str>> {
        Some(match self {
            Self::Add => names.__add__,
            Self::And => names.__and__,
            Self::FloorDivide => names.__floordiv__,
            Self::Lshift => names.__lshift__,
            Self::MatrixMultiply => names.__matmul__,
            Self::Multiply => names.__mul__,
            Self::Remainder => names.__mod__,
            Self::Or => names.__or__,
            Self::Rshift => names.__rshift__,
            Self::Subtract => names.__sub__,
            Self::TrueDivide => names.__truediv__,
            Self::Xor => names.__xor__,
            Self::Power => return None,
        })
    }

    pub(crate) fn inplace_slot(self, slots: &Slots) -> Option<Binary> {
        match self {
            Self::Add => slots.inplace_add,
            Self::And => slots.inplace_and,
            Self::FloorDivide => slots.inplace_floor_divide,
            Self::Lshift => slots.inplace_lshift,
            Self::MatrixMultiply => slots.inplace_matrix_multiply,
            Self::Multiply => slots.inplace_multiply,
            Self::Remainder => slots.inplace_remainder,
            Self::Or => slots.inplace_or,
            Self::Rshift => slots.inplace_rshift,
            Self::Subtract => slots.inplace_subtract,
            Self::TrueDivide => slots.inplace_true_divide,
            Self::Xor => slots.inplace_xor,
            Self::Power => None,
        }
    }
}

/// A unary operator.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Negative,
    Positive,
    Invert,
}

impl Py {
    /// `-x`, `+x`, `~x`.
    pub fn unary(&mut self, op: UnaryOp, operand: Value) -> Result {
        self.enter_native("")?;
        let slots = &self.class_of(operand).get(self).slots;
        let (slot, symbol): (Option<Unary>, &str) = match op {
            UnaryOp::Negative => (slots.negative, "-"),
            UnaryOp::Positive => (slots.positive, "+"),
            UnaryOp::Invert => (slots.invert, "~"),
        };
        match slot {
            Some(slot) => slot(self, operand),
            None => {
                let class = self.class_name(operand);
                raise!(self, TypeError, "bad operand type for unary {symbol}: '{class}'")
            }
        }
    }

    /// `left op right`.
    pub fn binary(&mut self, op: BinaryOp, left: Value, right: Value) -> Result {
        if op == BinaryOp::Power {
            return self.power(left, right, Value::NONE);
        }
        let result = self.binary_slots(|slots| op.slot(slots), left, right)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        self.sequence_arithmetic(op, left, right, false)
    }

    /// `left op= right`.
    pub fn inplace(&mut self, op: BinaryOp, left: Value, right: Value) -> Result {
        self.enter_native("")?;
        if op == BinaryOp::Power {
            return self.inplace_power(left, right);
        }
        let slot = op.inplace_slot(&self.class_of(left).get(self).slots);
        if let Some(slot) = slot {
            let result = slot(self, left, right)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        let result = self.binary_slots(|slots| op.slot(slots), left, right)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        self.sequence_arithmetic(op, left, right, true)
    }

    /// `divmod(left, right)`.
    pub fn divmod(&mut self, left: Value, right: Value) -> Result {
        let result = self.binary_slots(|slots| slots.divmod, left, right)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        Err(self.operand_error("divmod()", left, right))
    }

    /// `left op right`, or `left op= right`, where the method of `left` has given NotImplemented and `right` is of the same class or of a
    /// builtin one.
    pub(crate) fn binary_without_left(&mut self, op: BinaryOp, left: Value, right: Value, inplace: bool) -> Result {
        let class = self.class_of(right);
        if class != self.class_of(left)
            && let Some(reflected) = op.slot(&class.get(self).slots)
        {
            let result = reflected(self, left, right)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        self.sequence_arithmetic(op, left, right, inplace)
    }

    /// The number slots of both operands, in the order CPython tries them.
    fn binary_slots(&mut self, slot: impl Fn(&Slots) -> Option<Binary>, left: Value, right: Value) -> Result {
        self.enter_native("")?;
        let (l, r) = (self.class_of(left), self.class_of(right));
        let first = slot(&l.get(self).slots);
        let mut second = if l == r { None } else { slot(&r.get(self).slots) };
        if let (Some(a), Some(b)) = (first, second)
            && std::ptr::fn_addr_eq(a, b)
        {
            second = None;
        }
        if let Some(first) = first {
            if let Some(other) = second
                && self.is_subtype(r, l)
            {
                let result = other(self, left, right)?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
                second = None;
            }
            let result = first(self, left, right)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        match second {
            Some(second) => second(self, left, right),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn sequence_arithmetic(&mut self, op: BinaryOp, left: Value, right: Value, inplace: bool) -> Result {
        let (l, r) = (self.class_of(left).get(self).slots, self.class_of(right).get(self).slots);
        match op {
            BinaryOp::Add => {
                let slot = if inplace { l.inplace_concat.or(l.concat) } else { l.concat };
                if let Some(concat) = slot {
                    return concat(self, left, right);
                }
            }
            BinaryOp::Multiply => {
                let slot = if inplace { l.inplace_repeat.or(l.repeat) } else { l.repeat };
                if let Some(repeat) = slot {
                    let count = self.repeat_count(right)?;
                    return repeat(self, left, count);
                }
                let class = self.class_of(left);
                if let Some(repeat) = r.repeat
                    && !(inplace && self.has_sequence_slots(class))
                {
                    let count = self.repeat_count(left)?;
                    return repeat(self, right, count);
                }
            }
            _ => {}
        }
        let symbol = op.symbol();
        let symbol = if inplace { format!("{symbol}=") } else { symbol.to_string() };
        let hint = op == BinaryOp::Rshift && !inplace && self.is_builtin_named(left, "print");
        if hint {
            let (l, r) = (self.class_name(left), self.class_name(right));
            raise!(
                self,
                TypeError,
                "unsupported operand type(s) for {symbol}: '{l}' and '{r}'. Did you mean \"print(<message>, file=<output_stream>)\"?"
            );
        }
        Err(self.operand_error(&symbol, left, right))
    }

    fn repeat_count(&mut self, count: Value) -> Result<isize> {
        let index = self.class_of(count).get(self).slots.index;
        if index.is_none() {
            let class = self.class_name(count);
            raise!(self, TypeError, "can't multiply sequence by non-int of type '{class}'");
        }
        self.to_isize(count)
    }

    fn operand_error(&mut self, symbol: &str, left: Value, right: Value) -> Raised {
        let (l, r) = (self.class_name(left), self.class_name(right));
        crate::error!(self, TypeError, "unsupported operand type(s) for {symbol}: '{l}' and '{r}'")
    }

    /// `pow(base, exponent, modulus)`; None for the modulus is the two-operand form.
    pub fn power(&mut self, base: Value, exponent: Value, modulus: Value) -> Result {
        let result = self.power_slots(base, exponent, modulus)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        if modulus.is_none() {
            return Err(self.operand_error("** or pow()", base, exponent));
        }
        let (b, e, m) = (self.class_name(base), self.class_name(exponent), self.class_name(modulus));
        raise!(self, TypeError, "unsupported operand type(s) for ** or pow(): '{b}', '{e}', '{m}'")
    }

    fn power_slots(&mut self, base: Value, exponent: Value, modulus: Value) -> Result {
        self.enter_native("")?;
        let (b, e) = (self.class_of(base), self.class_of(exponent));
        let first: Option<Ternary> = b.get(self).slots.power;
        let mut second = if b == e { None } else { e.get(self).slots.power };
        if let (Some(x), Some(y)) = (first, second)
            && std::ptr::fn_addr_eq(x, y)
        {
            second = None;
        }
        if let Some(first) = first {
            if let Some(other) = second
                && self.is_subtype(e, b)
            {
                let result = other(self, base, exponent, modulus)?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
                second = None;
            }
            let result = first(self, base, exponent, modulus)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(second) = second {
            let result = second(self, base, exponent, modulus)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if !modulus.is_none()
            && let Some(third) = self.class_of(modulus).get(self).slots.power
            && first.is_none_or(|f| !std::ptr::fn_addr_eq(f, third))
        {
            return third(self, base, exponent, modulus);
        }
        Ok(Value::NOT_IMPLEMENTED)
    }

    fn inplace_power(&mut self, left: Value, right: Value) -> Result {
        let slot = self.class_of(left).get(self).slots.inplace_power;
        if let Some(slot) = slot {
            let result = slot(self, left, right, Value::NONE)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        let result = self.power_slots(left, right, Value::NONE)?;
        if result != Value::NOT_IMPLEMENTED {
            return Ok(result);
        }
        Err(self.operand_error("**=", left, right))
    }
}
