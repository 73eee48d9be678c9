//! Python's hashes: numbers (equal numbers hash alike whatever their type), strings and bytes (SipHash-1-3 keyed by
//! `PYTHONHASHSEED`), tuples and frozensets. Mirrors `Python/pyhash.c`.

use crate::Int;

const BITS: u32 = 61;
const MODULUS: u64 = (1 << BITS) - 1;
const INFINITY: i64 = 314_159;
/// The factor of the imaginary part in a complex number's hash.
const IMAGINARY: u64 = 1_000_003;

/// -1 is not a hash: CPython reserves it for errors.
#[inline]
fn finish(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

#[inline]
fn signed(negative: bool, residue: u64) -> i64 {
    let hash = residue as i64;
    finish(if negative { -hash } else { hash })
}

/// `hash(int)` for a machine integer.
#[inline]
pub fn hash_i64(value: i64) -> i64 {
    signed(value < 0, value.unsigned_abs() % MODULUS)
}

/// `hash(int)`.
pub fn hash_int(value: Int<'_>) -> i64 {
    // 2^64 is 8 modulo 2^61 - 1.
    let residue = value.limbs().iter().rev().fold(0u64, |residue, &limb| {
        let sum = (u128::from(residue) << 3) + u128::from(limb);
        let folded = (sum as u64 & MODULUS) + (sum >> BITS) as u64;
        if folded >= MODULUS { folded - MODULUS } else { folded }
    });
    signed(value.is_negative(), residue)
}

/// `hash(float)`; `None` for NaN, whose hash is that of its identity.
pub fn hash_f64(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INFINITY } else { -INFINITY });
    }
    let whole = value as i64;
    if whole as f64 == value && whole != i64::MAX {
        return Some(hash_i64(whole));
    }
    let bits = value.to_bits();
    let field = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    // Multiplication by 2^exponent is a rotation of the 61 bits.
    let rotation = exponent.rem_euclid(i64::from(BITS)) as u32;
    let residue = (mantissa << rotation & MODULUS) | mantissa.checked_shr(BITS - rotation).unwrap_or(0);
    Some(signed(value < 0.0, residue % MODULUS))
}

/// `hash(complex)` from the hashes of the parts (for NaN parts, those of the object's identity).
pub fn hash_complex(real: i64, imaginary: i64) -> i64 {
    finish(real.wrapping_add((imaginary as u64).wrapping_mul(IMAGINARY) as i64))
}

/// `hash(address)`, the hash by identity.
#[inline]
pub fn hash_pointer(address: usize) -> i64 {
    finish(address.rotate_right(4) as i64)
}

/// The key of string hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct HashKey {
    first: u64,
    second: u64,
}

impl HashKey {
    /// The key that `PYTHONHASHSEED=seed` selects; seed 0 switches randomisation off.
    pub fn from_seed(seed: u32) -> HashKey {
        if seed == 0 {
            return HashKey::default();
        }
        // The linear congruential generator with which CPython fills its secret.
        let mut state = seed;
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
            *byte = (state >> 16) as u8;
        }
        HashKey::from_bytes(bytes)
    }

    /// A key of random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> HashKey {
        let bits = u128::from_le_bytes(bytes);
        HashKey { first: bits as u64, second: (bits >> 64) as u64 }
    }

    /// `hash(bytes)`, and `hash(str)` of the string's CPython representation. The empty string hashes to 0.
    #[inline]
    pub fn hash_bytes(self, bytes: &[u8]) -> i64 {
        if bytes.is_empty() {
            return 0;
        }
        let mut sip = Sip::new(self);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            sip.write(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        finish(sip.finish(u64::from_le_bytes(last) | (bytes.len() as u64) << 56))
    }

    /// A hash for tables that Python code does not see: several times as fast, for short bytes, as [`hash_bytes`](Self::hash_bytes).
    #[inline]
    pub fn hash_inside(self, bytes: &[u8]) -> u64 {
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        let mix = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            product as u64 ^ (product >> 64) as u64
        };
        let half = |bytes: [u8; 4]| u64::from(u32::from_le_bytes(bytes));
        let mut state = self.first ^ bytes.len() as u64;
        // The last word may overlap the one before: the length tells such texts apart.
        let last = match (bytes, bytes.last_chunk::<8>()) {
            (_, Some(last)) => {
                for word in bytes[..bytes.len() - 1].as_chunks::<8>().0 {
                    state = mix(state ^ u64::from_le_bytes(*word), FACTOR ^ self.second);
                }
                u64::from_le_bytes(*last)
            }
            (&[a, b, c, d, ..], _) => half([a, b, c, d]) << 32 | half(*bytes.last_chunk().expect("there are four")),
            (&[first, .., last], _) => u64::from(first) << 16 | u64::from(bytes[1]) << 8 | u64::from(last),
            (&[byte], _) => u64::from(byte),
            ([], _) => 0,
        };
        mix(mix(state ^ last, FACTOR ^ self.second), FACTOR)
    }

    /// `hash(str)` from its code points. CPython hashes the string's storage: 1, 2 or 4 bytes a character by the widest.
    pub fn hash_chars(self, chars: impl Iterator<Item = u32> + Clone) -> i64 {
        let widest = chars.clone().max().unwrap_or(0);
        let width = if widest < 0x100 {
            1
        } else if widest < 0x1_0000 {
            2
        } else {
            4
        };
        let mut sip = Sip::new(self);
        let (mut word, mut filled, mut len) = (0u64, 0u32, 0u64);
        for char in chars {
            word |= u64::from(char) << filled;
            filled += 8 * width;
            len += u64::from(width);
            if filled == 64 {
                sip.write(word);
                (word, filled) = (0, 0);
            }
        }
        if len == 0 {
            return 0;
        }
        finish(sip.finish(word | len << 56))
    }
}

struct Sip {
    state: [u64; 4],
}

impl Sip {
    #[inline]
    fn new(key: HashKey) -> Sip {
        Sip {
            state: [
                key.first ^ 0x736f_6d65_7073_6575,
                key.second ^ 0x646f_7261_6e64_6f6d,
                key.first ^ 0x6c79_6765_6e65_7261,
                key.second ^ 0x7465_6462_7974_6573,
            ],
        }
    }

    #[inline]
    fn round(&mut self) {
        let [a, b, c, d] = &mut self.state;
        *a = a.wrapping_add(*b);
        *b = b.rotate_left(13) ^ *a;
        *a = a.rotate_left(32);
        *c = c.wrapping_add(*d);
        *d = d.rotate_left(16) ^ *c;
        *a = a.wrapping_add(*d);
        *d = d.rotate_left(21) ^ *a;
        *c = c.wrapping_add(*b);
        *b = b.rotate_left(17) ^ *c;
        *c = c.rotate_left(32);
    }

    #[inline]
    fn write(&mut self, word: u64) {
        self.state[3] ^= word;
        self.round();
        self.state[0] ^= word;
    }

    #[inline]
    fn finish(mut self, last: u64) -> i64 {
        self.write(last);
        self.state[2] ^= 0xff;
        for _ in 0..3 {
            self.round();
        }
        let [a, b, c, d] = self.state;
        (a ^ b ^ c ^ d) as i64
    }
}

/// The hash of a tuple, fed with those of its items: the order matters. After xxHash's long round, as CPython has it.
#[derive(Clone, Copy, Debug)]
pub struct TupleHash {
    accumulator: u64,
    len: u64,
}

impl TupleHash {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;

    /// The hash of the empty tuple.
    #[inline]
    pub fn new() -> TupleHash {
        TupleHash { accumulator: TupleHash::PRIME_5, len: 0 }
    }

    /// Appends an item's hash.
    #[inline]
    pub fn push(&mut self, hash: i64) {
        let mixed = self.accumulator.wrapping_add((hash as u64).wrapping_mul(TupleHash::PRIME_2));
        self.accumulator = mixed.rotate_left(31).wrapping_mul(TupleHash::PRIME_1);
        self.len += 1;
    }

    /// The hash of the tuple so far.
    #[inline]
    pub fn finish(self) -> i64 {
        let hash = self.accumulator.wrapping_add(self.len ^ (TupleHash::PRIME_5 ^ 3_527_539)) as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }

    /// The hash of a slice with the fields so far, which leaves out how many there are.
    pub fn finish_without_length(self) -> i64 {
        let hash = self.accumulator as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }
}

impl Default for TupleHash {
    fn default() -> TupleHash {
        TupleHash::new()
    }
}

/// The hash of a frozenset, fed with those of its items in any order.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrozensetHash {
    accumulator: u64,
    len: u64,
}

impl FrozensetHash {
    /// The hash of the empty frozenset.
    pub fn new() -> FrozensetHash {
        FrozensetHash::default()
    }

    /// Adds an item's hash.
    #[inline]
    pub fn add(&mut self, hash: i64) {
        let hash = hash as u64;
        self.accumulator ^= (hash ^ 89_869_747 ^ hash << 16).wrapping_mul(3_644_798_167);
        self.len += 1;
    }

    /// The hash of the set so far.
    pub fn finish(self) -> i64 {
        let mut hash = self.accumulator ^ (self.len + 1).wrapping_mul(1_927_868_237);
        hash ^= hash >> 11 ^ hash >> 25;
        hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
        if hash == u64::MAX { 590_923_713 } else { hash as i64 }
    }
}
