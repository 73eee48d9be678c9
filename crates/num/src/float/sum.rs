//! The compensated sum of `sum()` over floats.

/// A running sum of doubles that keeps what rounding loses (Neumaier's summation), as `sum()` does for floats and for the
/// parts of complex numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct FloatSum {
    total: f64,
    lost: f64,
}

impl FloatSum {
    /// A sum that starts with this number.
    #[inline]
    pub fn new(start: f64) -> FloatSum {
        FloatSum { total: start, lost: 0.0 }
    }

    /// Adds a number.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let sum = self.total + value;
        self.lost += if self.total.abs() >= value.abs() { (self.total - sum) + value } else { (value - sum) + self.total };
        self.total = sum;
    }

    /// The sum so far.
    #[inline]
    pub fn finish(self) -> f64 {
        // Adding a zero could lose the sign of a negative zero, adding a NaN an infinite sum.
        if self.lost != 0.0 && self.lost.is_finite() { self.total + self.lost } else { self.total }
    }
}

#[cfg(test)]
mod tests {
    use super::FloatSum;

    #[test]
    fn sums_are_compensated() {
        let sum = |values: &[f64]| {
            let mut sum = FloatSum::new(-0.0);
            values.iter().for_each(|&value| sum.add(value));
            sum.finish()
        };
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(&[1.0, f64::INFINITY]), f64::INFINITY);
        assert!(sum(&[]).is_sign_negative());
    }
}
