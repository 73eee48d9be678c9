//! Float and complex operations against CPython's results (`vectors/floats.txt`, printed by `vectors/floats.py`).

use bredli_num::*;

fn parse(text: &str) -> f64 {
    parse_float(text.as_bytes()).expect("a float")
}

fn complex(text: &str) -> Complex {
    let (real, imag) = text.split_once(',').expect("two parts");
    Complex::new(parse(real), parse(imag))
}

fn show(z: Complex) -> String {
    format!("{},{}", float_repr(z.real), float_repr(z.imag))
}

fn complex_result(result: Result<Complex, ComplexError>) -> String {
    match result {
        Ok(z) => show(z),
        Err(ComplexError::DivisionByZero | ComplexError::ZeroPower) => "ZeroDivisionError".to_string(),
        Err(_) => "OverflowError".to_string(),
    }
}

fn answer(name: &str, arguments: &[&str]) -> String {
    let float = |at: usize| parse(arguments[at]);
    let zero_division = || "ZeroDivisionError".to_string();
    match name {
        "repr" => float_repr(float(0)),
        "hex" => float_hex(float(0)),
        "divmod" => match float_divmod(float(0), float(1)) {
            Some((quotient, remainder)) => {
                assert!(float_div_floor(float(0), float(1)).is_some_and(|q| q == quotient || q.is_nan()));
                format!("{} {}", float_repr(quotient), float_repr(remainder))
            }
            None => zero_division(),
        },
        "mod" => float_mod_floor(float(0), float(1)).map_or_else(zero_division, float_repr),
        "pow" => match float_pow(float(0), float(1)) {
            FloatPower::Value(value) => float_repr(value),
            FloatPower::Complex => "complex".to_string(),
            FloatPower::ZeroDivision => zero_division(),
            FloatPower::Overflow => "OverflowError".to_string(),
        },
        "round" => match float_round(float(0), arguments[1].parse().expect("an int")) {
            Some(value) => float_repr(value),
            None => "OverflowError".to_string(),
        },
        "ratio" => {
            let (numerator, denominator) = float_as_integer_ratio(float(0)).expect("finite");
            format!("{numerator:?} {denominator:?}")
        }
        "compare" => {
            let int = Integer::from(BigInt::parse(arguments[1], 10).expect("an int"));
            let order = compare_int_float(int.as_int(), float(0)).expect("not NaN");
            (order as i8).to_string()
        }
        "text" => {
            let code = match arguments[1] {
                "e" => FloatCode::Exponent,
                "f" => FloatCode::Fixed,
                _ => FloatCode::General,
            };
            float_text(float(0), code, arguments[2].parse().expect("a precision"), FloatStyle::default())
        }
        "cmul" => show(complex(arguments[0]) * complex(arguments[1])),
        "cdiv" => complex_result(complex(arguments[0]).checked_div(complex(arguments[1]))),
        "crdiv" => complex_result(Complex::real_div(complex(arguments[0]).real, complex(arguments[1]))),
        "cdivr" => complex_result(complex(arguments[0]).div_real(complex(arguments[1]).real)),
        "cabs" => complex(arguments[0]).abs().map_or("OverflowError".to_string(), float_repr),
        "crepr" => complex(arguments[0]).repr(),
        "cpow" => complex_result(complex(arguments[0]).pow(complex(arguments[1]))),
        "parse" => parse_float(arguments[0].as_bytes()).map_or("invalid".to_string(), float_repr),
        "cparse" => match parse_complex(arguments[0].replace('~', " ").as_bytes()) {
            Some((real, imag)) => show(Complex::new(real, imag)),
            None => "invalid".to_string(),
        },
        "fromhex" => match float_from_hex(arguments[0]) {
            Ok(value) => float_repr(value),
            Err(HexError::Invalid) => "ValueError".to_string(),
            Err(HexError::TooLarge) => "OverflowError".to_string(),
        },
        _ => panic!("unknown operation {name}"),
    }
}

#[test]
fn results_agree_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("vectors/floats.txt").lines() {
        let (question, expected) = line.split_once(" = ").expect("an answer");
        let words: Vec<&str> = question.split(' ').collect();
        let got = answer(words[0], &words[1..]);
        if got != expected {
            wrong.push(format!("{line}\n    gives {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn shortest_digits_read_back() {
    let mut state = 88172645463325252u64;
    for _ in 0..20_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let value = f64::from_bits(state);
        if value.is_finite() {
            assert_eq!(parse(&float_repr(value)), value);
            assert_eq!(float_from_hex(&float_hex(value)), Ok(value));
            let (numerator, denominator) = float_as_integer_ratio(value).expect("finite");
            assert_eq!(numerator.as_int().true_div(denominator.as_int(), &mut || false), Ok(value));
        }
    }
}
