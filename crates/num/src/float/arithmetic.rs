//! Floor division, modulo and powers of doubles.

/// `divmod(a, b)`; `None` is ZeroDivisionError `division by zero`.
pub fn float_divmod(a: f64, b: f64) -> Option<(f64, f64)> {
    if b == 0.0 {
        return None;
    }
    let mut remainder = a % b;
    // Division is exact up to rounding since b divides a - remainder.
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return Some((0.0f64.copysign(a / b), remainder));
    }
    let floor = quotient.floor();
    Some((if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder))
}

/// `a // b`; `None` is ZeroDivisionError `division by zero`.
#[inline]
pub fn float_div_floor(a: f64, b: f64) -> Option<f64> {
    float_divmod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`; `None` is ZeroDivisionError `division by zero`.
#[inline]
pub fn float_mod_floor(a: f64, b: f64) -> Option<f64> {
    if b == 0.0 {
        return None;
    }
    let remainder = a % b;
    Some(if remainder == 0.0 {
        0.0f64.copysign(b)
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder + b
    } else {
        remainder
    })
}

/// What `a ** b` is for doubles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FloatPower {
    /// This double.
    Value(f64),
    /// A complex number: a negative base and an exponent that is no integer.
    Complex,
    /// ZeroDivisionError `zero to a negative power`.
    ZeroDivision,
    /// OverflowError `(34, 'Numerical result out of range')`.
    Overflow,
}

/// `a ** b`.
pub fn float_pow(a: f64, b: f64) -> FloatPower {
    let odd = b.abs() % 2.0 == 1.0;
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return FloatPower::ZeroDivision;
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return FloatPower::Complex;
    }
    if b == 0.0 || a == 1.0 {
        return FloatPower::Value(1.0);
    }
    if a.is_nan() || b.is_nan() {
        return FloatPower::Value(f64::NAN);
    }
    if b.is_infinite() {
        let grows = (b > 0.0) == (a.abs() > 1.0);
        return FloatPower::Value(if a.abs() == 1.0 {
            1.0
        } else if grows {
            f64::INFINITY
        } else {
            0.0
        });
    }
    if a.is_infinite() || a == 0.0 {
        let magnitude = if (b > 0.0) == a.is_infinite() { f64::INFINITY } else { 0.0 };
        return FloatPower::Value(if odd { magnitude.copysign(a) } else { magnitude });
    }
    let power = a.abs().powf(b);
    if power.is_infinite() {
        return FloatPower::Overflow;
    }
    FloatPower::Value(if a < 0.0 && odd { -power } else { power })
}
