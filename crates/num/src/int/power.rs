//! Powers, and powers modulo a number.

use super::huge::{self, from_big, poll, to_big};
use super::{Int, IntError, Integer, Interrupt, MAX_LIMBS, check_size};
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;

impl Int<'_> {
    /// `self ** exponent` for an exponent that is not negative (Python gives a float otherwise).
    pub fn pow(self, exponent: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        debug_assert!(!exponent.negative, "the caller turns to floats");
        let negative = self.negative && exponent.is_odd();
        if exponent.is_zero() {
            return Ok(Integer::from(1u64));
        }
        if self.is_zero() || *self.limbs == [1] {
            return Ok(Integer::from_limbs(negative, self.limbs));
        }
        let exponent = exponent.to_u64().ok_or(IntError::TooLarge)?;
        if let Some(power) = self.narrow_magnitude().and_then(|base| base.checked_pow(u32::try_from(exponent).ok()?)) {
            return Ok(Integer::from_magnitude(negative, power));
        }
        check_size(self.pow_limbs(exponent))?;
        let zeros = self.trailing_zeros();
        let odd = to_big(self.abs().shr_bits(zeros).limbs());
        let power = from_big(negative, &pow_odd(&odd, exponent, interrupt)?);
        if zeros == 0 { Ok(power) } else { power.as_int().shl_bits(zeros * exponent) }
    }

    /// An upper bound of the number of limbs of `self ** exponent`, for accounting before the work.
    pub fn pow_limbs(self, exponent: u64) -> usize {
        let bits = u128::from(self.bit_length()) * u128::from(exponent);
        usize::try_from(bits / 64 + 1).unwrap_or(usize::MAX)
    }

    /// `pow(self, exponent, modulus)`: the result has the sign of the modulus. A negative exponent takes the modular inverse.
    pub fn mod_pow(self, exponent: Int<'_>, modulus: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        let power = match *modulus.limbs {
            [] => return Err(IntError::ZeroModulus),
            [1] => return Ok(Integer::default()),
            [word] if word >> 63 == 0 => Integer::from(self.mod_pow_word(exponent, word, interrupt)?),
            _ => self.mod_pow_long(exponent, modulus, interrupt)?,
        };
        if modulus.negative && !power.is_zero() { Ok(power.as_int() + modulus) } else { Ok(power) }
    }

    fn mod_pow_word(self, exponent: Int<'_>, modulus: u64, interrupt: Interrupt<'_>) -> Result<u64, IntError> {
        let modulus_limbs = [modulus];
        let base = self.mod_floor(Int::new(false, &modulus_limbs), interrupt)?.as_int().to_u64().expect("below the modulus");
        let mut square = if exponent.negative { invert_word(base, modulus)? } else { base };
        let mut power = 1;
        let multiply = |a: u64, b: u64| match a.checked_mul(b) {
            Some(product) => product % modulus,
            None => (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64,
        };
        for (index, &limb) in exponent.limbs.iter().enumerate() {
            if index % 1024 == 1023 {
                poll(interrupt)?;
            }
            let mut bits = limb;
            let steps = if index + 1 == exponent.limbs.len() { 64 - limb.leading_zeros() } else { 64 };
            for _ in 0..steps {
                if bits & 1 != 0 {
                    power = multiply(power, square);
                }
                square = multiply(square, square);
                bits >>= 1;
            }
        }
        Ok(power)
    }

    fn mod_pow_long(self, exponent: Int<'_>, modulus: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        const WINDOW: u64 = 5;
        let base = self.mod_floor(modulus.abs(), interrupt)?;
        let ring = ConstDivisor::new(to_big(modulus.limbs));
        let mut base = ring.reduce(to_big(base.limbs()));
        if exponent.negative {
            base = base.inv().ok_or(IntError::NotInvertible)?;
        }
        let one = ring.reduce(UBig::ONE);
        let length = exponent.bit_length();
        let window = if length > 64 { WINDOW } else { 1 };
        let mut table = vec![one.clone()];
        for index in 1..1 << window {
            table.push(&table[index - 1] * &base);
        }
        let bit = |at: u64| exponent.limbs.get((at / 64) as usize).is_some_and(|limb| limb >> (at % 64) & 1 != 0);
        let mut power = one;
        for chunk in (0..length.div_ceil(window)).rev() {
            poll(interrupt)?;
            let mut digit = 0;
            for at in (chunk * window..(chunk + 1) * window).rev() {
                power = power.sqr();
                digit = digit << 1 | usize::from(bit(at));
            }
            if digit != 0 {
                power *= &table[digit];
            }
        }
        Ok(from_big(false, &power.residue()))
    }
}

fn pow_odd(base: &UBig, exponent: u64, interrupt: Interrupt<'_>) -> Result<UBig, IntError> {
    if base.is_one() {
        return Ok(UBig::ONE);
    }
    let mut power = base.clone();
    for at in (0..63 - exponent.leading_zeros()).rev() {
        power = huge::mul(&power, &power, interrupt)?;
        if exponent >> at & 1 != 0 {
            power = huge::mul(&power, base, interrupt)?;
        }
        if power.as_words().len() > MAX_LIMBS {
            return Err(IntError::TooLarge);
        }
    }
    Ok(power)
}

/// The inverse of `value` modulo `modulus`, by Euclid's extended algorithm.
fn invert_word(value: u64, modulus: u64) -> Result<u64, IntError> {
    let (mut a, mut b) = (i128::from(value), i128::from(modulus));
    let (mut x, mut y) = (1i128, 0i128);
    while b != 0 {
        let quotient = a / b;
        (a, b) = (b, a - quotient * b);
        (x, y) = (y, x - quotient * y);
    }
    if a != 1 {
        return Err(IntError::NotInvertible);
    }
    Ok(x.rem_euclid(i128::from(modulus)) as u64)
}
