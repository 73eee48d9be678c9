//! `math`, `cmath` and `random` against CPython's results (`vectors/maths.txt`, printed by `vectors/maths.py`).

use bredli_num::math::{self, MathError, cmath};
use bredli_num::{BigInt, Complex, Int, MersenneTwister, float_repr, parse_float};

fn float(text: &str) -> f64 {
    parse_float(text.as_bytes()).expect("a float")
}

fn complex(text: &str) -> Complex {
    let (real, imag) = text.split_once(',').expect("two parts");
    Complex::new(float(real), float(imag))
}

fn pair((a, b): (f64, f64)) -> String {
    format!("{} {}", float_repr(a), float_repr(b))
}

fn show(z: Complex) -> String {
    format!("{},{}", float_repr(z.real), float_repr(z.imag))
}

fn of_complex(name: &str, z: Complex) -> Result<String, MathError> {
    let result = match name {
        "acos" => cmath::acos(z),
        "acosh" => cmath::acosh(z),
        "asin" => cmath::asin(z),
        "asinh" => cmath::asinh(z),
        "atan" => cmath::atan(z),
        "atanh" => cmath::atanh(z),
        "cos" => cmath::cos(z),
        "cosh" => cmath::cosh(z),
        "exp" => cmath::exp(z),
        "log" => cmath::log(z, None),
        "log10" => cmath::log10(z),
        "sin" => cmath::sin(z),
        "sinh" => cmath::sinh(z),
        "sqrt" => cmath::sqrt(z),
        "tan" => cmath::tan(z),
        "tanh" => cmath::tanh(z),
        "phase" => return cmath::phase(z).map(float_repr),
        "polar" => return cmath::polar(z).map(pair),
        _ => panic!("unknown function {name}"),
    };
    result.map(show)
}

fn random(seed: Int<'_>) -> String {
    let mut random = MersenneTwister::from_int(seed);
    let mut words = vec![float_repr(random.next_f64()), float_repr(random.next_f64())];
    words.extend([7, 32, 33, 64].map(|count| random.next_bits(count).to_string()));
    words.push(format!("{:?}", random.next_integer(200)));
    let last = (0..700).map(|_| random.next_f64()).last().expect("700 numbers");
    words.push(float_repr(last));
    words.join(" ")
}

fn call(name: &str, arguments: &[&str]) -> Result<String, MathError> {
    let x = || float(arguments[0]);
    let y = || float(arguments[1]);
    let all = || -> Vec<f64> { arguments.iter().map(|text| float(text)).collect() };
    let int = || BigInt::parse(arguments[0], 10).expect("an int");
    let result = match name {
        "acos" => math::acos(x()),
        "acosh" => math::acosh(x()),
        "asin" => math::asin(x()),
        "asinh" => math::asinh(x()),
        "atan" => math::atan(x()),
        "atanh" => math::atanh(x()),
        "cbrt" => math::cbrt(x()),
        "cos" => math::cos(x()),
        "cosh" => math::cosh(x()),
        "erf" => math::erf(x()),
        "erfc" => math::erfc(x()),
        "exp" => math::exp(x()),
        "exp2" => math::exp2(x()),
        "expm1" => math::expm1(x()),
        "gamma" => math::gamma(x()),
        "lgamma" => math::lgamma(x()),
        "sin" => math::sin(x()),
        "sinh" => math::sinh(x()),
        "sqrt" => math::sqrt(x()),
        "tan" => math::tan(x()),
        "tanh" => math::tanh(x()),
        "degrees" => Ok(math::degrees(x())),
        "radians" => Ok(math::radians(x())),
        "log" => math::log(x()),
        "log2" => math::log2(x()),
        "log10" => math::log10(x()),
        "log1p" => math::log1p(x()),
        "ulp" => Ok(math::ulp(x())),
        "frexp" => {
            let (mantissa, exponent) = math::frexp(x());
            return Ok(format!("{} {exponent}", float_repr(mantissa)));
        }
        "modf" => return Ok(pair(math::modf(x()))),
        "pow" => math::pow(x(), y()),
        "fmod" => math::fmod(x(), y()),
        "remainder" => math::remainder(x(), y()),
        "atan2" => Ok(math::atan2(x(), y())),
        "fma" => math::fma(x(), y(), float(arguments[2])),
        "nextafter" => Ok(math::nextafter(x(), y(), Some(arguments[2].parse().expect("an int")))),
        "ldexp" => math::ldexp(x(), arguments[1].parse().expect("an int")),
        "isclose" => return math::isclose(x(), y(), 1e-9, 0.0).map(|close| if close { "True" } else { "False" }.to_string()),
        "fsum" => math::fsum(all()),
        "hypot" => Ok(math::hypot(&all())),
        "dist" => math::dist(&all()[..3], &all()[3..]),
        "sumprod" => math::sumprod(&all()[..3], &all()[3..]),
        "logint" => math::log_int(Int::from(&int())),
        "log2int" => math::log2_int(Int::from(&int())),
        "log10int" => math::log10_int(Int::from(&int())),
        "random" => return Ok(random(Int::from(&int()))),
        "crect" => return cmath::rect(x(), y()).map(show),
        "clogbase" => return cmath::log(complex(arguments[0]), Some(complex(arguments[1]))).map(show),
        _ => return of_complex(&name[1..], complex(arguments[0])),
    };
    result.map(float_repr)
}

/// Whether two texts differ only in the last bits of numbers: the C library's functions differ that much between versions.
fn neighbours(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Option<Vec<f64>> { text.split([',', ' ']).map(|part| parse_float(part.as_bytes())).collect() };
    let (Some(a), Some(b)) = (parts(a), parts(b)) else { return false };
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= 4.0 * f64::EPSILON * x.abs() || x == y || x.is_nan() && y.is_nan();
    a.len() == b.len() && a.iter().zip(&b).all(close)
}

#[test]
fn results_agree_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("vectors/maths.txt").lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let arguments: Vec<&str> = columns[1].split(' ').collect();
        let got = call(columns[0], &arguments).unwrap_or_else(|error| format!("!{error}"));
        if got != columns[2] && !neighbours(&got, columns[2]) {
            wrong.push(format!("{line}\n    gives {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn states_are_restored() {
    let mut random = MersenneTwister::from_key(&[1, 2, 3]);
    random.next_u32();
    let (state, index) = random.state();
    let mut again = MersenneTwister::from_state(*state, index).expect("a valid index");
    assert!((0..2000).all(|_| again.next_u32() == random.next_u32()));
    assert_eq!(MersenneTwister::from_state([0; 624], 625), None);
}
