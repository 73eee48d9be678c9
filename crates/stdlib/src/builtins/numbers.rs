//! Functions on numbers: `abs`, `sum`, `min`, `max`, `pow`, `round`, `divmod`, `bin`, `oct`, `hex`, `ord`, `chr`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::{ByteArray, Bytes, BytesLike};

#[pymodule(name = "builtins", part)]
pub mod builtins {
    use super::*;

    /// Return the absolute value of the argument.
    #[pyfunction]
    #[signature(number, /)]
    fn abs(py: &mut Py, number: Value) -> Result {
        if let Some(int) = number.as_int() {
            return Ok(py.new_int(int.abs()));
        }
        if let Some(float) = number.as_float() {
            return Ok(Value::float(float.abs()));
        }
        let slot = py.class_of(number).get(py).slots.absolute;
        match slot {
            Some(absolute) => absolute(py, number),
            None => {
                let class = py.class_name(number);
                raise!(py, TypeError, "bad operand type for abs(): '{class}'")
            }
        }
    }

    /// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
    ///
    /// When the iterable is empty, return the start value.
    /// This function is intended specifically for use with numeric values and may
    /// reject non-numeric types.
    #[pyfunction]
    #[signature(iterable, /, start=0)]
    fn sum(py: &mut Py, iterable: Value, start: Value) -> Result {
        let iterator = py.iter(iterable)?;
        if py.is_str(start) {
            raise!(py, TypeError, "sum() can't sum strings [use ''.join(seq) instead]");
        }
        let (bytes, bytearray) = (py.types.bytes, py.types.bytearray);
        for (class, kind) in [(bytes, "bytes"), (bytearray, "bytearray")] {
            if start.is_heap() && py.is_instance_of(start, class) {
                raise!(py, TypeError, "sum() can't sum {kind} [use b''.join(seq) instead]");
            }
        }
        let mut total = start;
        while let Some(value) = py.next_untaken(iterator, &mut |py, value| add_ints(py, &mut total, value))? {
            if add_ints(py, &mut total, value) {
                continue;
            }
            if total.is_float() && (value.is_float() || value.is_int()) {
                return sum_floats(py, iterator, total, value);
            }
            total = match (total.as_int(), value.as_float()) {
                (Some(total), Some(value)) => Value::float(total as f64 + value),
                _ => py.binary(BinaryOp::Add, total, value)?,
            };
        }
        Ok(total)
    }

    /// Add small ints; whether they are.
    #[inline]
    fn add_ints(py: &mut Py, total: &mut Value, value: Value) -> bool {
        let (Some(a), Some(b)) = (total.as_int(), value.as_int()) else { return false };
        *total = py.new_int(a + b);
        true
    }

    /// Add a number to a sum of floats; whether it is a float or a small int.
    #[inline]
    fn add_float(sum: &mut bredli_num::FloatSum, value: Value) -> bool {
        match value.as_float().or_else(|| value.as_int().map(|int| int as f64)) {
            Some(float) => {
                sum.add(float);
                true
            }
            None => false,
        }
    }

    /// The rest of a sum that has reached floats: compensated, as CPython's.
    fn sum_floats(py: &mut Py, iterator: Value, total: Value, first: Value) -> Result {
        let mut sum = bredli_num::FloatSum::new(total.as_float().unwrap_or(0.0));
        let mut next = Some(first);
        while let Some(value) = next {
            if !add_float(&mut sum, value) {
                let mut total = Value::float(sum.finish());
                let mut pending = Some(value);
                while let Some(value) = pending {
                    total = py.binary(BinaryOp::Add, total, value)?;
                    pending = py.next(iterator)?;
                }
                return Ok(total);
            }
            next = py.next_untaken(iterator, &mut |_, value| add_float(&mut sum, value))?;
        }
        Ok(Value::float(sum.finish()))
    }

    /// With a single iterable argument, return its biggest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the largest argument.
    #[pyfunction]
    #[no_text_signature]
    fn max(py: &mut Py, args: Args) -> Result {
        extreme(py, args, "max", CompareOp::Gt)
    }

    /// With a single iterable argument, return its smallest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the smallest argument.
    #[pyfunction]
    #[no_text_signature]
    fn min(py: &mut Py, args: Args) -> Result {
        extreme(py, args, "min", CompareOp::Lt)
    }

    /// Whether one number is better than another, both small ints or both floats.
    #[inline]
    fn quick_better(op: CompareOp, a: Value, b: Value) -> Option<bool> {
        if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
            return Some(op.holds(a.cmp(&b)));
        }
        let (a, b) = (a.as_float()?, b.as_float()?);
        Some(a.partial_cmp(&b).is_some_and(|ordering| op.holds(ordering)))
    }

    #[inline]
    fn better(py: &mut Py, op: CompareOp, a: Value, b: Value) -> Result<bool> {
        if let Some(better) = quick_better(op, a, b) {
            return Ok(better);
        }
        let result = py.compare(op, a, b)?;
        py.truth(result)
    }

    #[inline(always)]
    fn extreme(py: &mut Py, args: Args, name: &str, op: CompareOp) -> Result {
        if let (&[first, second], false) = (args.values(), args.has_keywords()) {
            return Ok(if better(py, op, second, first)? { second } else { first });
        }
        extreme_of_any(py, args, name, op)
    }

    fn extreme_of_any(py: &mut Py, args: Args, name: &str, op: CompareOp) -> Result {
        let (given, named) = (args.positional(), args.keyword_count());
        if given.is_empty() {
            raise!(py, TypeError, "{name} expected at least 1 argument, got 0");
        }
        if named > 2 {
            raise!(py, TypeError, "{name}() takes at most 2 keyword arguments ({named} given)");
        }
        let (mut key, mut default) = (Value::NONE, None);
        for index in 0..named {
            let (keyword, value) = args.keyword(py, index);
            match keyword.get(py).to_str() {
                Some("key") => key = value,
                Some("default") => default = Some(value),
                _ => {
                    let keyword = keyword.get(py).lossy();
                    return Err(py.unexpected_keyword(name, &keyword, &["key", "default"]));
                }
            }
        }
        if given.len() > 1 {
            if default.is_some() {
                raise!(py, TypeError, "Cannot specify a default for {name}() with multiple positional arguments");
            }
            let mut best = given[0];
            let mut best_key = if key.is_none() { best } else { py.call(key, &[best])? };
            for value in &given[1..] {
                let value_key = if key.is_none() { *value } else { py.call(key, &[*value])? };
                if better(py, op, value_key, best_key)? {
                    (best, best_key) = (*value, value_key);
                }
            }
            return Ok(best);
        }
        let iterator = py.iter(given[0])?;
        let mut best: Option<(Value, Value)> = None;
        while let Some(value) = py.next_untaken(iterator, &mut |_, value| {
            let Some((_, best_key)) = best.filter(|_| key.is_none()) else { return false };
            let better = quick_better(op, value, best_key);
            if better == Some(true) {
                best = Some((value, value));
            }
            better.is_some()
        })? {
            let value_key = if key.is_none() { value } else { py.call(key, &[value])? };
            let replace = match best {
                None => true,
                Some((_, best_key)) => better(py, op, value_key, best_key)?,
            };
            if replace {
                best = Some((value, value_key));
            }
        }
        match best.map(|(value, _)| value).or(default) {
            Some(value) => Ok(value),
            None => raise!(py, ValueError, "{name}() iterable argument is empty"),
        }
    }

    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[pyfunction]
    #[signature(x, y, /)]
    fn divmod(py: &mut Py, x: Value, y: Value) -> Result {
        py.divmod(x, y)
    }

    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm when
    /// invoked using the three argument form.
    #[pyfunction]
    #[signature(base, exp, mod=None)]
    fn pow(py: &mut Py, base: Value, exp: Value, r#mod: Option<Value>) -> Result {
        py.power(base, exp, r#mod.unwrap_or(Value::NONE))
    }

    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.  Otherwise
    /// the return value has the same type as the number.  ndigits may be negative.
    #[pyfunction]
    #[signature(number, ndigits=None)]
    fn round(py: &mut Py, number: Value, ndigits: Option<Value>) -> Result {
        let name = py.names.__round__;
        let result = match ndigits {
            Some(ndigits) => py.call_special(number, name, &[ndigits])?,
            None => py.call_special(number, name, &[])?,
        };
        match result {
            Some(result) => Ok(result),
            None => {
                let class = py.class_name(number);
                raise!(py, TypeError, "type {class} doesn't define __round__ method")
            }
        }
    }

    fn in_base(py: &mut Py, number: Value, bits: u32, prefix: &str) -> Result<String> {
        let index = py.index(number)?;
        let (negative, digits) = py.with_int(index, |int| (int.is_negative(), int.abs().to_radix_bits(bits))).expect("an index is an int");
        Ok(format!("{}{prefix}{digits}", if negative { "-" } else { "" }))
    }

    /// Return the binary representation of an integer.
    ///
    ///    >>> bin(2796202)
    ///    '0b1010101010101010101010'
    #[pyfunction]
    #[signature(number, /)]
    fn bin(py: &mut Py, number: Value) -> Result<String> {
        in_base(py, number, 1, "0b")
    }

    /// Return the octal representation of an integer.
    ///
    ///    >>> oct(342391)
    ///    '0o1234567'
    #[pyfunction]
    #[signature(number, /)]
    fn oct(py: &mut Py, number: Value) -> Result<String> {
        in_base(py, number, 3, "0o")
    }

    /// Return the hexadecimal representation of an integer.
    ///
    ///    >>> hex(12648430)
    ///    '0xc0ffee'
    #[pyfunction]
    #[signature(number, /)]
    fn hex(py: &mut Py, number: Value) -> Result<String> {
        in_base(py, number, 4, "0x")
    }

    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-character string, return the Unicode code
    /// point of that character.
    ///
    /// If the argument is a bytes or bytearray object of length 1, return its
    /// single byte value.
    #[pyfunction]
    #[signature(character, /)]
    fn ord(py: &mut Py, character: Value) -> Result<u32> {
        if let Some(text) = Gc::<Str>::cast(py, character) {
            let text = text.get(py);
            if text.char_len() == 1 {
                return Ok(text.code_points().next().unwrap_or(0));
            }
            let len = text.char_len();
            raise!(py, TypeError, "ord() expected a character, but string of length {len} found");
        }
        if Gc::<Bytes>::cast(py, character).is_some() || Gc::<ByteArray>::cast(py, character).is_some() {
            let bytes = BytesLike::new(py, character)?;
            if let [byte] = *bytes.get(py) {
                return Ok(byte as u32);
            }
            let len = bytes.get(py).len();
            raise!(py, TypeError, "ord() expected a character, but string of length {len} found");
        }
        let class = py.class_name(character);
        raise!(py, TypeError, "ord() expected string of length 1, but {class} found")
    }

    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[pyfunction]
    #[signature(i, /)]
    fn chr(py: &mut Py, i: Value) -> Result<Gc<Str>> {
        let index = py.index(i)?;
        match py.int_to_i64(index).and_then(|code| u32::try_from(code).ok()) {
            Some(code) if code < 0x11_0000 => Ok(py.char_str(code)),
            _ => raise!(py, ValueError, "chr() arg not in range(0x110000)"),
        }
    }
}
