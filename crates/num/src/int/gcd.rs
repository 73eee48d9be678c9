//! Greatest common divisor and least common multiple. Long operands use Lehmer's algorithm, interruptible.

use super::huge::{self, from_big, poll, to_big};
use super::{Int, IntError, Integer, Interrupt, Limbs};
use dashu_int::ops::Gcd;

/// Up to this many limbs the crate's algorithm runs in one piece (some 20 ms).
const PIECE: usize = 4096;

impl Int<'_> {
    /// `math.gcd(self, other)`, never negative.
    pub fn gcd(self, other: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        match (self.limbs, other.limbs) {
            ([], _) => Ok(other.abs().to_integer()),
            (_, []) => Ok(self.abs().to_integer()),
            ([a], [b]) => Ok(Integer::from(gcd_words(*a, *b))),
            (long, [word]) | ([word], long) => {
                let mut quotient = Limbs::from_slice(long);
                let remainder = super::div::div_word_in_place(&mut quotient, *word);
                Ok(Integer::from(if remainder == 0 { *word } else { gcd_words(remainder, *word) }))
            }
            (a, b) if a.len().max(b.len()) <= PIECE => Ok(from_big(false, &to_big(a).gcd(&to_big(b)))),
            (a, b) => lehmer(a, b, interrupt),
        }
    }

    /// `math.lcm(self, other)`, never negative.
    pub fn lcm(self, other: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        if self.is_zero() || other.is_zero() {
            return Ok(Integer::default());
        }
        let gcd = self.gcd(other, interrupt)?;
        let (quotient, _) = self.abs().div_rem(gcd.as_int(), interrupt)?;
        quotient.as_int().mul(other.abs(), interrupt)
    }
}

/// The greatest common divisor of two words that are not zero.
fn gcd_words(mut a: u64, mut b: u64) -> u64 {
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    b >>= b.trailing_zeros();
    while a != b {
        if a > b {
            (a, b) = (b, a);
        }
        b -= a;
        b >>= b.trailing_zeros();
    }
    a << shift
}

fn lehmer(a: &[u64], b: &[u64], interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
    let (mut a, mut b) = (Integer::from_limbs(false, a), Integer::from_limbs(false, b));
    let mut rounds = 0u32;
    while b.limbs().len() > PIECE {
        rounds += 1;
        if rounds.is_multiple_of(1024) {
            poll(interrupt)?;
        }
        match leading_quotients(&a, &b) {
            Some([p, q, r, s]) => (a, b) = (combine(&a, &b, p, q), combine(&a, &b, r, s)),
            None => {
                let (_, remainder) = huge::div_rem(&to_big(a.limbs()), &to_big(b.limbs()), interrupt)?;
                (a, b) = (b, from_big(false, &remainder));
            }
        }
        if a < b {
            (a, b) = (b, a);
        }
    }
    if b.is_zero() {
        return Ok(a);
    }
    let (_, remainder) = huge::div_rem(&to_big(a.limbs()), &to_big(b.limbs()), interrupt)?;
    Ok(from_big(false, &if remainder.is_zero() { to_big(b.limbs()) } else { to_big(b.limbs()).gcd(&remainder) }))
}

/// The combined effect of the steps of Euclid's algorithm that the top 62 bits decide: `(p*a + q*b, r*a + s*b)` continues it.
fn leading_quotients(a: &Integer, b: &Integer) -> Option<[i64; 4]> {
    let shift = a.as_int().bit_length() - 62;
    let top = |int: &Integer| int.as_int().shr_bits(shift).to_i64().expect("62 bits");
    let (mut x, mut y) = (i128::from(top(a)), i128::from(top(b)));
    let (mut p, mut q, mut r, mut s) = (1i128, 0i128, 0i128, 1i128);
    // Collins' condition: go on while both extremes of the unknown lower parts give one quotient.
    while y + r != 0 && y + s != 0 {
        let quotient = (x + p) / (y + r);
        if quotient != (x + q) / (y + s) {
            break;
        }
        let (next_r, next_s) = (p - quotient * r, q - quotient * s);
        if next_r.unsigned_abs() >> 62 != 0 || next_s.unsigned_abs() >> 62 != 0 {
            break;
        }
        (x, y) = (y, x - quotient * y);
        (p, q, r, s) = (r, s, next_r, next_s);
    }
    (q != 0).then_some([p as i64, q as i64, r as i64, s as i64])
}

/// `|p*a + q*b|` for coefficients of opposite signs.
fn combine(a: &Integer, b: &Integer, p: i64, q: i64) -> Integer {
    let (plus, minus) = (a.as_int().mul_word(p.unsigned_abs()), b.as_int().mul_word(q.unsigned_abs()));
    let difference = plus.as_int() - minus.as_int();
    if difference.is_negative() { difference.negated() } else { difference }
}
