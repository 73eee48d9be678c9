//! Python's `complex`: arithmetic with the recovery of infinities of C's Annex G, mixed operations with reals, powers, repr.
//! Mirrors `Objects/complexobject.c`.

use crate::float::{FloatCode, FloatStyle, float_text};
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

/// Why a complex operation has no result. `Display` gives CPython's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// ZeroDivisionError.
    DivisionByZero,
    /// ZeroDivisionError.
    ZeroPower,
    /// OverflowError of `**`.
    PowerOverflow,
    /// OverflowError of `abs`.
    AbsOverflow,
}

impl fmt::Display for ComplexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ComplexError::DivisionByZero => "division by zero",
            ComplexError::ZeroPower => "zero to a negative or complex power",
            ComplexError::PowerOverflow => "complex exponentiation",
            ComplexError::AbsOverflow => "absolute value too large",
        })
    }
}

impl Complex {
    /// One.
    pub const ONE: Complex = Complex { real: 1.0, imag: 0.0 };

    /// The number with these parts.
    #[inline]
    pub const fn new(real: f64, imag: f64) -> Complex {
        Complex { real, imag }
    }

    /// `self / other`.
    pub fn checked_div(self, other: Complex) -> Result<Complex, ComplexError> {
        let (a, b) = (self, other);
        if b.real == 0.0 && b.imag == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        let quotient = if b.real.abs() >= b.imag.abs() {
            let ratio = b.imag / b.real;
            let scale = b.real + b.imag * ratio;
            Complex::new((a.real + a.imag * ratio) / scale, (a.imag - a.real * ratio) / scale)
        } else if b.imag.abs() >= b.real.abs() {
            let ratio = b.real / b.imag;
            let scale = b.real * ratio + b.imag;
            Complex::new((a.real * ratio + a.imag) / scale, (a.imag * ratio - a.real) / scale)
        } else {
            Complex::new(f64::NAN, f64::NAN)
        };
        if !quotient.both_nan() {
            return Ok(quotient);
        }
        if a.is_infinite() && b.is_finite() {
            let a = a.boxed();
            return Ok(Complex::new(
                f64::INFINITY * (a.real * b.real + a.imag * b.imag),
                f64::INFINITY * (a.imag * b.real - a.real * b.imag),
            ));
        }
        if b.is_infinite() && a.is_finite() {
            let b = b.boxed();
            return Ok(Complex::new(0.0 * (a.real * b.real + a.imag * b.imag), 0.0 * (a.imag * b.real - a.real * b.imag)));
        }
        Ok(quotient)
    }

    /// `self / divisor` for a real divisor.
    pub fn div_real(self, divisor: f64) -> Result<Complex, ComplexError> {
        if divisor == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        Ok(Complex::new(self.real / divisor, self.imag / divisor))
    }

    /// `dividend / self` for a real dividend.
    pub fn real_div(dividend: f64, divisor: Complex) -> Result<Complex, ComplexError> {
        let b = divisor;
        if b.real == 0.0 && b.imag == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        let quotient = if b.real.abs() >= b.imag.abs() {
            let ratio = b.imag / b.real;
            let scale = b.real + b.imag * ratio;
            Complex::new(dividend / scale, (-dividend * ratio) / scale)
        } else if b.imag.abs() >= b.real.abs() {
            let ratio = b.real / b.imag;
            let scale = b.real * ratio + b.imag;
            Complex::new((dividend * ratio) / scale, -dividend / scale)
        } else {
            Complex::new(f64::NAN, f64::NAN)
        };
        if quotient.both_nan() && dividend.is_finite() && b.is_infinite() {
            let b = b.boxed();
            return Ok(Complex::new(0.0 * (dividend * b.real), 0.0 * (-dividend * b.imag)));
        }
        Ok(quotient)
    }

    /// `self * factor` for a real factor.
    #[inline]
    pub fn mul_real(self, factor: f64) -> Complex {
        Complex::new(self.real * factor, self.imag * factor)
    }

    /// `self + term` for a real term.
    #[inline]
    pub fn add_real(self, term: f64) -> Complex {
        Complex::new(self.real + term, self.imag)
    }

    /// `self - term` for a real term.
    #[inline]
    pub fn sub_real(self, term: f64) -> Complex {
        Complex::new(self.real - term, self.imag)
    }

    /// `term - self` for a real term.
    #[inline]
    pub fn real_sub(term: f64, subtrahend: Complex) -> Complex {
        Complex::new(term - subtrahend.real, -subtrahend.imag)
    }

    /// `self ** exponent`.
    pub fn pow(self, exponent: Complex) -> Result<Complex, ComplexError> {
        let whole = exponent.imag == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0;
        let power = if whole { self.powi(exponent.real as i32)? } else { self.pow_polar(exponent)? };
        if power.is_infinite() { Err(ComplexError::PowerOverflow) } else { Ok(power) }
    }

    fn powi(self, exponent: i32) -> Result<Complex, ComplexError> {
        let (mut power, mut square, mut rest) = (Complex::ONE, self, exponent.unsigned_abs());
        while rest != 0 {
            if rest & 1 != 0 {
                power = power * square;
            }
            rest >>= 1;
            square = square * square;
        }
        if exponent > 0 { Ok(power) } else { Complex::ONE.checked_div(power).map_err(|_| ComplexError::ZeroPower) }
    }

    fn pow_polar(self, exponent: Complex) -> Result<Complex, ComplexError> {
        if self.real == 0.0 && self.imag == 0.0 {
            return if exponent.imag != 0.0 || exponent.real < 0.0 { Err(ComplexError::ZeroPower) } else { Ok(Complex::default()) };
        }
        let modulus = self.real.hypot(self.imag);
        let angle = self.imag.atan2(self.real);
        let mut length = modulus.powf(exponent.real);
        let mut phase = angle * exponent.real;
        if exponent.imag != 0.0 {
            length *= (-angle * exponent.imag).exp();
            phase += exponent.imag * modulus.ln();
        }
        // C's cos and sin report a domain error for an infinite angle, which CPython shows as a division by zero.
        if phase.is_infinite() {
            return Err(ComplexError::ZeroPower);
        }
        Ok(Complex::new(length * phase.cos(), length * phase.sin()))
    }

    /// `abs(self)`.
    pub fn abs(self) -> Result<f64, ComplexError> {
        let modulus = self.real.hypot(self.imag);
        if modulus.is_infinite() && self.is_finite() { Err(ComplexError::AbsOverflow) } else { Ok(modulus) }
    }

    /// `repr(self)`.
    pub fn repr(self) -> String {
        let part = |value| float_text(value, FloatCode::Repr, 0, FloatStyle::default());
        if self.real == 0.0 && self.real.is_sign_positive() {
            return part(self.imag) + "j";
        }
        let imaginary = part(self.imag);
        let plus = if imaginary.starts_with('-') { "" } else { "+" };
        format!("({}{plus}{imaginary}j)", part(self.real))
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imag.is_finite()
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imag.is_infinite()
    }

    fn both_nan(self) -> bool {
        self.real.is_nan() && self.imag.is_nan()
    }

    /// Infinite parts become ones, others zeros, with their signs.
    fn boxed(self) -> Complex {
        let part = |value: f64| f64::from(u8::from(value.is_infinite())).copysign(value);
        Complex::new(part(self.real), part(self.imag))
    }

    /// NaN parts become zeros, with their signs.
    fn without_nan(self) -> Complex {
        let part = |value: f64| if value.is_nan() { 0.0f64.copysign(value) } else { value };
        Complex::new(part(self.real), part(self.imag))
    }
}

impl Add for Complex {
    type Output = Complex;

    #[inline]
    fn add(self, other: Complex) -> Complex {
        Complex::new(self.real + other.real, self.imag + other.imag)
    }
}

impl Sub for Complex {
    type Output = Complex;

    #[inline]
    fn sub(self, other: Complex) -> Complex {
        Complex::new(self.real - other.real, self.imag - other.imag)
    }
}

impl Neg for Complex {
    type Output = Complex;

    #[inline]
    fn neg(self) -> Complex {
        Complex::new(-self.real, -self.imag)
    }
}

impl Mul for Complex {
    type Output = Complex;

    #[inline]
    fn mul(self, other: Complex) -> Complex {
        let product = Complex::new(self.real * other.real - self.imag * other.imag, self.real * other.imag + self.imag * other.real);
        if product.both_nan() { recover_product(self, other, product) } else { product }
    }
}

/// The infinite product that plain arithmetic computed as NaN, if it is one.
fn recover_product(a: Complex, b: Complex, product: Complex) -> Complex {
    let (mut left, mut right) = (a, b);
    if a.is_infinite() {
        (left, right) = (left.boxed(), right.without_nan());
    }
    if right.is_infinite() {
        (left, right) = (left.without_nan(), right.boxed());
    }
    let overflowed = || [a.real * b.real, a.imag * b.imag, a.real * b.imag, a.imag * b.real].into_iter().any(f64::is_infinite);
    if !a.is_infinite() && !b.is_infinite() {
        if !overflowed() {
            return product;
        }
        (left, right) = (a.without_nan(), b.without_nan());
    }
    Complex::new(
        f64::INFINITY * (left.real * right.real - left.imag * right.imag),
        f64::INFINITY * (left.real * right.imag + left.imag * right.real),
    )
}
