//! The integer functions of `math`: square root, factorial, combinations and permutations.

use super::huge::{self, from_big, poll, to_big};
use super::{Int, IntError, Integer, Interrupt};
use dashu_int::UBig;
use dashu_int::ops::{BitTest, SquareRoot};

/// Up to this many limbs the crate's square root runs in one piece.
const PIECE: usize = 1 << 15;

impl Int<'_> {
    /// `math.isqrt(self)`: the square root rounded down.
    pub fn isqrt(self, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        if self.negative {
            return Err(IntError::NegativeRoot);
        }
        match *self.limbs {
            [] => Ok(Integer::default()),
            [limb] => Ok(Integer::from(limb.isqrt())),
            [low, high] => Ok(Integer::from((u128::from(high) << 64 | u128::from(low)).isqrt())),
            _ => Ok(from_big(false, &isqrt_in_pieces(&to_big(self.limbs), PIECE, interrupt)?)),
        }
    }
}

/// Each round of Newton's iteration doubles the number of correct bits, on operands just long enough.
fn isqrt_in_pieces(n: &UBig, piece: usize, interrupt: Interrupt<'_>) -> Result<UBig, IntError> {
    if n.as_words().len() <= piece {
        return Ok(n.sqrt());
    }
    let half_bits = (n.bit_len() - 1) / 2;
    let mut root = UBig::ONE;
    let mut precision = 0;
    for step in (0..usize::BITS - half_bits.leading_zeros()).rev() {
        let previous = precision;
        precision = half_bits >> step;
        let leading = n >> (2 * half_bits - previous - precision + 1);
        let (quotient, _) = huge::div_rem(&leading, &root, interrupt)?;
        root = (root << (precision - previous - 1)) + quotient;
    }
    let square = huge::mul(&root, &root, interrupt)?;
    Ok(if &square > n { root - 1u8 } else { root })
}

impl Integer {
    /// `math.factorial(n)`.
    pub fn factorial(n: u64, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        // n! = 2^(n - ones in n) * the product of the odd parts.
        let mut odd = UBig::ONE;
        let mut inner = UBig::ONE;
        for step in (0..64 - n.leading_zeros()).rev() {
            let (from, to) = (((n >> step >> 1) + 1) | 1, ((n >> step) + 1) | 1);
            let block = odd_product(from, to, interrupt)?;
            inner = huge::mul(&inner, &block, interrupt)?;
            odd = huge::mul(&odd, &inner, interrupt)?;
            super::check_size(odd.as_words().len())?;
        }
        from_big(false, &odd).as_int().shl_bits(n - u64::from(n.count_ones()))
    }

    /// `math.comb(n, k)` for `k <= n`.
    pub fn comb(n: Int<'_>, k: u64, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        let word = n.to_u64();
        let k = word.map_or(k, |n| k.min(n.saturating_sub(k)));
        if let Some(small) = word.and_then(|n| comb_word(n, k)) {
            return Ok(Integer::from(small));
        }
        let numerator = Integer::perm(n, k, interrupt)?;
        let denominator = Integer::factorial(k, interrupt)?;
        Ok(numerator.as_int().div_rem(denominator.as_int(), interrupt)?.0)
    }

    /// `math.perm(n, k)` for `k <= n`: the product of the `k` numbers up to `n`.
    pub fn perm(n: Int<'_>, k: u64, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        match k {
            0 => Ok(Integer::from(1u64)),
            1 => Ok(n.to_integer()),
            _ => {
                let upper = k / 2;
                let rest = n - super::Small::from(upper).as_int();
                let high = Integer::perm(n, upper, interrupt)?;
                let low = Integer::perm(rest.as_int(), k - upper, interrupt)?;
                high.as_int().mul(low.as_int(), interrupt)
            }
        }
    }
}

/// The product of the odd numbers in `from..to`.
fn odd_product(from: u64, to: u64, interrupt: Interrupt<'_>) -> Result<UBig, IntError> {
    let count = to.saturating_sub(from).div_ceil(2);
    if count <= 16 {
        let mut product = UBig::ONE;
        for factor in (from..to).step_by(2) {
            product *= factor;
        }
        return Ok(product);
    }
    if count > 4096 {
        poll(interrupt)?;
    }
    let middle = from + count / 2 * 2;
    let (low, high) = (odd_product(from, middle, interrupt)?, odd_product(middle, to, interrupt)?);
    huge::mul(&low, &high, interrupt)
}

/// `comb(n, k)` while it stays within 128 bits.
fn comb_word(n: u64, k: u64) -> Option<u128> {
    if k > 128 {
        return None;
    }
    let mut result = 1u128;
    for index in 0..k {
        // Exact: a product of consecutive numbers is divisible by the factorial.
        result = result.checked_mul(u128::from(n - index))? / u128::from(index + 1);
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_in_pieces_are_exact() {
        let mut n = UBig::from(3u8);
        for step in 0..300u32 {
            n = n * 7u8 + step;
            assert_eq!(isqrt_in_pieces(&n, 0, &mut || false), Ok(n.sqrt()));
            let square = &n * &n;
            assert_eq!(isqrt_in_pieces(&square, 0, &mut || false), Ok(n.clone()));
            assert_eq!(isqrt_in_pieces(&(square - 1u8), 0, &mut || false), Ok(&n - 1u8));
        }
    }
}
