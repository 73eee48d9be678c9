//! Multiplication and division of very long operands: `dashu-int` does the work, in pieces of bounded duration between which
//! `interrupt` is asked. Above the piece size multiplication is Karatsuba's and division is Burnikel and Ziegler's.

use super::bits::add_at;
use super::{IntError, Integer, Interrupt};
use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, UBig};

/// Factors up to this length are multiplied in one piece (some 0.2 s).
const MUL_PIECE: usize = 1 << 18;
/// Divisors and quotients up to this length are divided in one piece (some 0.1 s).
const DIV_PIECE: usize = 1 << 15;

pub(super) fn to_big(limbs: &[u64]) -> UBig {
    UBig::from_words(limbs)
}

pub(super) fn from_big(negative: bool, big: &UBig) -> Integer {
    Integer::from_limbs(negative, big.as_words())
}

pub(super) fn poll(interrupt: Interrupt<'_>) -> Result<(), IntError> {
    if interrupt() { Err(IntError::Interrupted) } else { Ok(()) }
}

pub(super) fn mul(a: &UBig, b: &UBig, interrupt: Interrupt<'_>) -> Result<UBig, IntError> {
    mul_in_pieces(a, b, MUL_PIECE, interrupt)
}

fn mul_in_pieces(a: &UBig, b: &UBig, piece: usize, interrupt: Interrupt<'_>) -> Result<UBig, IntError> {
    let (long, short) = if a.as_words().len() >= b.as_words().len() { (a, b) } else { (b, a) };
    let len = long.as_words().len();
    if len <= piece {
        if len > piece / 64 {
            poll(interrupt)?;
        }
        return Ok(long * short);
    }
    let half = len.div_ceil(2);
    let (long_low, long_high) = split(long, half);
    if short.as_words().len() <= half {
        let low = mul_in_pieces(&long_low, short, piece, interrupt)?;
        let high = mul_in_pieces(&long_high, short, piece, interrupt)?;
        return Ok(join(&[(&low, 0), (&high, half)]));
    }
    let (short_low, short_high) = split(short, half);
    let low = mul_in_pieces(&long_low, &short_low, piece, interrupt)?;
    let high = mul_in_pieces(&long_high, &short_high, piece, interrupt)?;
    let cross = mul_in_pieces(&(long_low + long_high), &(short_low + short_high), piece, interrupt)?;
    let middle = cross - &low - &high;
    Ok(join(&[(&low, 0), (&middle, half), (&high, 2 * half)]))
}

/// Quotient and remainder; the divisor is not zero.
pub(super) fn div_rem(a: &UBig, b: &UBig, interrupt: Interrupt<'_>) -> Result<(UBig, UBig), IntError> {
    div_rem_in_pieces(a, b, DIV_PIECE, interrupt)
}

fn div_rem_in_pieces(a: &UBig, b: &UBig, piece: usize, interrupt: Interrupt<'_>) -> Result<(UBig, UBig), IntError> {
    let (a_len, b_len) = (a.as_words().len(), b.as_words().len());
    if a_len <= piece || a_len < b_len {
        return Ok(a.div_rem(b));
    }
    let shift = b_len * 64 - b.bit_len();
    let (a, b) = (a << shift, b << shift);
    // The dividend is consumed from its top in blocks; each step divides (remainder, block) by the divisor.
    let block = b_len.max(piece);
    let words = a.as_words();
    let mut quotient = vec![0; words.len() + 1];
    let mut remainder = UBig::ZERO;
    let mut end = words.len();
    while end > 0 {
        let start = (end - 1) / block * block;
        poll(interrupt)?;
        let dividend = join(&[(&to_big(&words[start..end]), 0), (&remainder, end - start)]);
        let part;
        (part, remainder) = if b_len <= piece { dividend.div_rem(&b) } else { div_half(&dividend, &b, b_len, piece, interrupt)? };
        add_at(&mut quotient, part.as_words(), start);
        end = start;
    }
    Ok((to_big(&quotient), remainder >> shift))
}

/// Divides a number below `b << (64 * n)` by `b`, which has exactly `n` limbs and its top bit set.
fn div_half(a: &UBig, b: &UBig, n: usize, piece: usize, interrupt: Interrupt<'_>) -> Result<(UBig, UBig), IntError> {
    if n <= piece || a < b {
        poll(interrupt)?;
        return Ok(a.div_rem(b));
    }
    if n % 2 == 1 {
        let (quotient, remainder) = div_half(&(a << 64usize), &(b << 64usize), n + 1, piece, interrupt)?;
        return Ok((quotient, remainder >> 64usize));
    }
    let half = n / 2;
    let (low, top) = split(a, n);
    let (low, middle) = split(&low, half);
    let (upper, remainder) = div_two_thirds(&top, &middle, b, half, piece, interrupt)?;
    let (lower, remainder) = div_two_thirds(&remainder, &low, b, half, piece, interrupt)?;
    Ok((join(&[(&lower, 0), (&upper, half)]), remainder))
}

/// Divides `top << (64 * half) + low` by `b` of `2 * half` limbs, where `top < b`: a quotient of `half` limbs.
fn div_two_thirds(top: &UBig, low: &UBig, b: &UBig, half: usize, piece: usize, interrupt: Interrupt<'_>) -> Result<(UBig, UBig), IntError> {
    let (b_low, b_high) = split(b, half);
    let (mut quotient, rest) = if top >> (64 * half) == b_high {
        let quotient = UBig::ones(64 * half);
        (quotient, top - (&b_high << (64 * half)) + b_high)
    } else {
        div_half(top, &b_high, half, piece, interrupt)?
    };
    let estimate = join(&[(low, 0), (&rest, half)]);
    let mut remainder = IBig::from(estimate) - IBig::from(mul(&quotient, &b_low, interrupt)?);
    while remainder < IBig::ZERO {
        quotient -= 1u8;
        remainder += b;
    }
    Ok((quotient, UBig::try_from(remainder).expect("made non-negative above")))
}

fn split(big: &UBig, at: usize) -> (UBig, UBig) {
    let words = big.as_words();
    let (low, high) = words.split_at(at.min(words.len()));
    (to_big(low), to_big(high))
}

/// The sum of the parts, each at its offset in limbs.
fn join(parts: &[(&UBig, usize)]) -> UBig {
    let len = parts.iter().map(|(part, offset)| part.as_words().len() + offset).max().unwrap_or(0) + 1;
    let mut sum = vec![0; len];
    for (part, offset) in parts {
        if !part.is_zero() {
            add_at(&mut sum, part.as_words(), *offset);
        }
    }
    to_big(&sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(len: usize, state: &mut u64) -> UBig {
        let words: Vec<u64> = (0..len)
            .map(|_| {
                *state ^= *state << 13;
                *state ^= *state >> 7;
                *state ^= *state << 17;
                // Runs of ones and zeros are where estimates go wrong.
                match *state % 5 {
                    0 => u64::MAX,
                    1 => 0,
                    _ => *state,
                }
            })
            .collect();
        to_big(&words)
    }

    #[test]
    fn pieces_give_the_same_results() {
        let mut state = 88172645463325252;
        for round in 0..300 {
            let (a, b) = (random(1 + round % 97, &mut state), random(1 + round * 7 % 83, &mut state) + 1u8);
            assert_eq!(mul_in_pieces(&a, &b, 4, &mut || false), Ok(&a * &b));
            assert_eq!(div_rem_in_pieces(&a, &b, 3, &mut || false), Ok((&a).div_rem(&b)));
        }
    }

    #[test]
    fn long_work_stops_when_asked() {
        let a = random(200, &mut 1);
        let mut polls = 0;
        let mut third = || {
            polls += 1;
            polls == 3
        };
        assert_eq!(mul_in_pieces(&a, &a, 4, &mut third), Err(IntError::Interrupted));
        assert_eq!(div_rem_in_pieces(&a, &UBig::from(3u8), 4, &mut || true), Err(IntError::Interrupted));
    }
}
