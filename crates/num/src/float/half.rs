//! IEEE 754 binary16.

/// The float that 16 bits stand for.
pub fn f16_to_f64(bits: u16) -> f64 {
    let sign = if bits >> 15 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = ((bits >> 10 & 0x1F) as i32, (bits & 0x3FF) as f64);
    match exponent {
        0x1F if fraction == 0.0 => sign * f64::INFINITY,
        0x1F => {
            let quiet = (bits as u64 & 0x3FF) << 42 | 0x7FF << 52;
            f64::from_bits(quiet | (bits as u64 >> 15) << 63)
        }
        0 => sign * fraction * f64::powi(2.0, -24),
        _ => sign * (1.0 + fraction / 1024.0) * f64::powi(2.0, exponent - 15),
    }
}

/// The nearest float of 16 bits, to even on a tie; none when it is too large.
pub fn f16_from_f64(number: f64) -> Option<u16> {
    let bits = number.to_bits();
    let sign = (bits >> 48 & 0x8000) as u16;
    if number.is_nan() {
        return Some(sign | 0x7E00 | (bits >> 42 & 0x1FF) as u16);
    }
    if number.is_infinite() {
        return Some(sign | 0x7C00);
    }
    let magnitude = number.abs();
    if magnitude < f64::powi(2.0, -14) {
        return Some(sign | (magnitude * f64::powi(2.0, 24)).round_ties_even() as u16);
    }
    let exponent = (bits >> 52 & 0x7FF) as i32 - 1023;
    let fraction = ((bits & ((1 << 52) - 1)) as f64 / f64::powi(2.0, 42)).round_ties_even() as u32;
    let rounded = (((exponent + 15).max(0) as u32) << 10) + fraction;
    (exponent <= 15 && rounded < 0x7C00).then_some(sign | rounded as u16)
}
