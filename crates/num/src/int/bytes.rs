//! `int.to_bytes` and `int.from_bytes`.

use super::{Int, IntError, Integer, Limbs};

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Int<'_> {
    /// Exactly `length` bytes; negative numbers need `signed` and are in two's complement.
    pub fn to_bytes(self, length: usize, order: ByteOrder, signed: bool) -> Result<Vec<u8>, IntError> {
        if self.negative && !signed {
            return Err(IntError::NegativeUnsigned);
        }
        // -128 fits a byte though its magnitude has 8 bits, as 128 does not.
        let magnitude_bits = if self.negative { (self + Int::ONE).as_int().bit_length() } else { self.bit_length() };
        if magnitude_bits + u64::from(signed && !self.is_zero()) > (length as u64).saturating_mul(8) {
            return Err(IntError::TooLargeForBytes);
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length.saturating_add(8)).map_err(|_| IntError::TooLarge)?;
        let mut carry = self.negative;
        for &limb in self.limbs {
            let mut limb = limb;
            if self.negative {
                (limb, carry) = (!limb).overflowing_add(u64::from(carry));
            }
            bytes.extend_from_slice(&limb.to_le_bytes());
        }
        bytes.resize(length, if self.negative { 0xff } else { 0 });
        if order == ByteOrder::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

impl Integer {
    /// The integer that the bytes stand for; with `signed` in two's complement.
    pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Integer {
        let word = |chunk: &[u8]| {
            let mut padded = [0; 8];
            padded[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(padded)
        };
        let mut limbs: Limbs = match order {
            ByteOrder::Little => bytes.chunks(8).map(word).collect(),
            ByteOrder::Big => bytes
                .rchunks(8)
                .map(|chunk| {
                    let mut padded = [0; 8];
                    padded[8 - chunk.len()..].copy_from_slice(chunk);
                    u64::from_be_bytes(padded)
                })
                .collect(),
        };
        let top = match order {
            ByteOrder::Little => bytes.last(),
            ByteOrder::Big => bytes.first(),
        };
        let negative = signed && top.is_some_and(|&byte| byte >= 0x80);
        if negative {
            let spare = limbs.len() * 8 - bytes.len();
            if let Some(last) = limbs.last_mut()
                && spare > 0
            {
                *last |= u64::MAX << (64 - 8 * spare);
            }
            limbs.iter_mut().for_each(|limb| *limb = !*limb);
            if super::add::increment(&mut limbs) {
                limbs.push(1);
            }
        }
        Integer::normal(negative, limbs)
    }
}
