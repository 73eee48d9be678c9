//! The Mersenne Twister (MT19937) behind the `random` module: the same seeds give CPython's numbers. Mirrors
//! `Modules/_randommodule.c`.

use crate::{Int, Integer};

const LEN: usize = 624;
const SHIFT: usize = 397;

/// A generator's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MersenneTwister {
    state: [u32; LEN],
    index: usize,
}

impl MersenneTwister {
    /// The generator that `Random(seed)` has for an int: its absolute value counts.
    pub fn from_int(seed: Int<'_>) -> MersenneTwister {
        let mut key: Vec<u32> = seed.limbs().iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect();
        while key.len() > 1 && key.last() == Some(&0) {
            key.pop();
        }
        if key.is_empty() {
            key.push(0);
        }
        MersenneTwister::from_key(&key)
    }

    /// The generator for a key of 32-bit words (the reference's `init_by_array`); the key is not empty.
    pub fn from_key(key: &[u32]) -> MersenneTwister {
        let mut state = [0; LEN];
        state[0] = 19_650_218;
        for at in 1..LEN {
            state[at] = scramble(state[at - 1], 1_812_433_253).wrapping_add(at as u32);
        }
        let mut at = 1;
        for (index, &word) in key.iter().enumerate().cycle().take(LEN.max(key.len())) {
            let mixed = state[at] ^ scramble(state[at - 1], 1_664_525);
            state[at] = mixed.wrapping_add(word).wrapping_add(index as u32);
            at = advance(&mut state, at);
        }
        for _ in 1..LEN {
            let mixed = state[at] ^ scramble(state[at - 1], 1_566_083_941);
            state[at] = mixed.wrapping_sub(at as u32);
            at = advance(&mut state, at);
        }
        state[0] = 0x8000_0000;
        MersenneTwister { state, index: LEN }
    }

    /// The state as `getstate` gives it: 624 words and the index of the next one.
    pub fn state(&self) -> (&[u32; LEN], usize) {
        (&self.state, self.index)
    }

    /// A generator with this state; `None` when the index is out of range.
    pub fn from_state(state: [u32; LEN], index: usize) -> Option<MersenneTwister> {
        (index <= LEN).then_some(MersenneTwister { state, index })
    }

    /// The next 32 random bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.index >= LEN {
            self.refill();
        }
        let mut word = self.state[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }

    /// `random()`: a double in `[0, 1)` with 53 random bits.
    #[inline]
    pub fn next_f64(&mut self) -> f64 {
        let (high, low) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// `getrandbits(count)` for up to 64 bits.
    #[inline]
    pub fn next_bits(&mut self, count: u32) -> u64 {
        match count {
            0 => 0,
            1..=32 => u64::from(self.next_u32() >> (32 - count)),
            _ => u64::from(self.next_u32()) | u64::from(self.next_u32() >> (64 - count.min(64))) << 32,
        }
    }

    /// `getrandbits(count)`.
    pub fn next_integer(&mut self, count: u64) -> Integer {
        let limbs: Vec<u64> = (0..count.div_ceil(64)).map(|index| self.next_bits((count - index * 64).min(64) as u32)).collect();
        Integer::from_limbs(false, &limbs)
    }

    fn refill(&mut self) {
        for at in 0..LEN {
            let word = self.state[at] & 0x8000_0000 | self.state[(at + 1) % LEN] & 0x7fff_ffff;
            let twist = if word & 1 != 0 { 0x9908_b0df } else { 0 };
            self.state[at] = self.state[(at + SHIFT) % LEN] ^ word >> 1 ^ twist;
        }
        self.index = 0;
    }
}

fn scramble(word: u32, factor: u32) -> u32 {
    (word ^ word >> 30).wrapping_mul(factor)
}

/// The place after `at`, passing by the first word, which takes over the last one.
fn advance(state: &mut [u32; LEN], at: usize) -> usize {
    if at + 1 < LEN {
        return at + 1;
    }
    state[0] = state[LEN - 1];
    1
}
