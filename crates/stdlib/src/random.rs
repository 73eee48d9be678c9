//! `_random`: the Mersenne Twister MT19937, seeded and stepped as CPython's.
//!
//! Counterpart: `Modules/_randommodule.c`.

use crate::os_error::host_call;
use bredli_num::Int;
use bredli_runtime::prelude::*;

const LENGTH: usize = 624;
const SHIFT: usize = 397;

/// Random() -> create a random number generator with its own internal state.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Random", module = "_random", flags(BASETYPE))]
pub struct Random {
    header: Header,
    #[trace(skip)]
    state: [u32; LENGTH],
    index: usize,
}

impl Random {
    fn seed_number(&mut self, seed: u32) {
        self.state[0] = seed;
        for index in 1..LENGTH {
            let last = self.state[index - 1];
            self.state[index] = (last ^ last >> 30).wrapping_mul(1_812_433_253).wrapping_add(index as u32);
        }
        self.index = LENGTH;
    }

    fn seed_numbers(&mut self, key: &[u32]) {
        self.seed_number(19_650_218);
        let (mut i, mut j) = (1, 0);
        for _ in 0..LENGTH.max(key.len()) {
            let last = self.state[i - 1];
            let mixed = self.state[i] ^ (last ^ last >> 30).wrapping_mul(1_664_525);
            self.state[i] = mixed.wrapping_add(key[j]).wrapping_add(j as u32);
            (i, j) = (i + 1, (j + 1) % key.len());
            if i >= LENGTH {
                self.state[0] = self.state[LENGTH - 1];
                i = 1;
            }
        }
        for _ in 1..LENGTH {
            let last = self.state[i - 1];
            let mixed = self.state[i] ^ (last ^ last >> 30).wrapping_mul(1_566_083_941);
            self.state[i] = mixed.wrapping_sub(i as u32);
            i += 1;
            if i >= LENGTH {
                self.state[0] = self.state[LENGTH - 1];
                i = 1;
            }
        }
        self.state[0] = 0x8000_0000;
    }

    /// The next 32 bits.
    fn next(&mut self) -> u32 {
        if self.index >= LENGTH {
            for index in 0..LENGTH {
                let mixed = self.state[index] & 0x8000_0000 | self.state[(index + 1) % LENGTH] & 0x7FFF_FFFF;
                let twist = if mixed & 1 != 0 { 0x9908_B0DF } else { 0 };
                self.state[index] = self.state[(index + SHIFT) % LENGTH] ^ mixed >> 1 ^ twist;
            }
            self.index = 0;
        }
        let mut bits = self.state[self.index];
        self.index += 1;
        bits ^= bits >> 11;
        bits ^= bits << 7 & 0x9D2C_5680;
        bits ^= bits << 15 & 0xEFC6_0000;
        bits ^ bits >> 18
    }
}

#[pymethods]
impl Random {
    #[signature(*args, **kwargs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<Gc<Random>> {
        if cls == Random::class(py) && args.has_keywords() {
            raise!(py, TypeError, "Random() takes no keyword arguments");
        }
        let this = py.alloc_as(cls, Random { header: Header::EMPTY, state: [0; LENGTH], index: LENGTH });
        Random::seed(this, py, args.get(0).unwrap_or(Value::NONE))?;
        Ok(this)
    }

    #[signature(*args, **kwargs)]
    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let _ = this;
        if args.positional().len() > 1 {
            raise!(py, TypeError, "Random() takes at most 1 argument ({} given)", args.positional().len());
        }
        Ok(())
    }

    /// random() -> x in the interval [0, 1).
    #[signature(self, /)]
    fn random(this: Gc<Self>, py: &mut Py) -> f64 {
        let this = this.get_mut(py);
        let (high, low) = (this.next() >> 5, this.next() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[signature(self, n=None, /)]
    fn seed(this: Gc<Self>, py: &mut Py, n: Value) -> Result<()> {
        if n.is_none() {
            let mut bytes = [0; 4 * LENGTH];
            host_call(py, None, |host| host.entropy(&mut bytes))?;
            let (words, _) = bytes.as_chunks::<4>();
            let key: Vec<u32> = words.iter().map(|word| u32::from_ne_bytes(*word)).collect();
            this.get_mut(py).seed_numbers(&key);
            return Ok(());
        }
        let words = |int: Int<'_>| int.limbs().iter().flat_map(|limb| [*limb as u32, (*limb >> 32) as u32]).collect::<Vec<u32>>();
        let mut key = match py.with_int(n, words) {
            Some(key) => key,
            None => {
                let hash = py.hash(n)? as u64;
                vec![hash as u32, (hash >> 32) as u32]
            }
        };
        while key.last() == Some(&0) {
            key.pop();
        }
        if key.is_empty() {
            key.push(0);
        }
        this.get_mut(py).seed_numbers(&key);
        Ok(())
    }

    /// getstate() -> tuple containing the current state.
    #[signature(self, /)]
    fn getstate(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        let mut items = RootVec::new(&mut py.heap);
        for index in 0..LENGTH {
            let word = this.get(py).state[index];
            items.push(py.new_int(i64::from(word)));
        }
        items.push(py.new_int(this.get(py).index as i64));
        py.new_tuple(&items)
    }

    /// setstate(state) -> None.  Restores generator state.
    #[signature(self, state, /)]
    fn setstate(this: Gc<Self>, py: &mut Py, state: Value) -> Result<()> {
        let Some(items) = Gc::<Tuple>::cast(py, state) else { raise!(py, TypeError, "state vector must be a tuple") };
        if items.get(py).len() != LENGTH + 1 {
            raise!(py, ValueError, "state vector is the wrong size");
        }
        let mut words = [0; LENGTH];
        for (index, word) in words.iter_mut().enumerate() {
            let item = items.get(py).items()[index];
            match py.int_to_u64(item).map(u32::try_from) {
                Some(Ok(number)) => *word = number,
                _ if py.is_int(item) => raise!(py, OverflowError, "Python int too large to convert to C unsigned long"),
                _ => raise!(py, TypeError, "expected int, got {}", py.class_name(item)),
            }
        }
        let index = items.get(py).items()[LENGTH];
        match py.int_to_i64(index).map(usize::try_from) {
            Some(Ok(index)) if index <= LENGTH => {
                let this = this.get_mut(py);
                this.state = words;
                this.index = index;
                Ok(())
            }
            Some(_) => raise!(py, ValueError, "invalid state"),
            None => raise!(py, TypeError, "expected int, got {}", py.class_name(index)),
        }
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[signature(self, k, /)]
    fn getrandbits(this: Gc<Self>, py: &mut Py, k: Value) -> Result {
        let index = py.index(k)?;
        if py.int_is_negative(index) {
            raise!(py, ValueError, "Cannot convert negative int");
        }
        let Some(k) = py.int_to_u64(index) else { raise!(py, OverflowError, "Python int too large to convert to C uint64_t") };
        match k {
            0 => return Ok(Value::small(0)),
            1..=32 => {
                let bits = this.get_mut(py).next() >> (32 - k);
                return Ok(py.new_int(i64::from(bits)));
            }
            _ => {}
        }
        let count = k.div_ceil(64) as usize;
        let mut limbs: Vec<u64> = Vec::new();
        if k > 1 << 40 || limbs.try_reserve_exact(count).is_err() {
            return Err(py.no_memory());
        }
        let mut left = k;
        while left > 0 {
            let generator = this.get_mut(py);
            let mut limb = 0;
            for half in [0, 32] {
                if left > 0 {
                    let bits = left.min(32);
                    limb |= u64::from(generator.next() >> (32 - bits)) << half;
                    left -= bits;
                }
            }
            limbs.push(limb);
        }
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Ok(py.new_int_from(Int::new(false, &limbs)))
    }
}

/// Module implements the Mersenne Twister random number generator.
#[pymodule(name = "_random", classes(Random))]
pub mod random {
    use super::*;
}
