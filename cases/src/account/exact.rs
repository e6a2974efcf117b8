//! Interest without a rounding: a whole number of parts of a minor unit, small enough for every day count.

use super::decimal::Percent;
use super::terms::Rounding;

/// The least common multiple of the years of 360, 365 and 366 days.
const YEARS: i128 = 1_603_080;
/// 100 percent in ten-thousandths of a percent.
const WHOLE: i128 = 1_000_000;
/// Parts of a minor unit. With 10^12 minor units, 200 % and a hundred years a sum has 28 digits of 38.
const PARTS: i128 = YEARS * WHOLE;

/// An exact sum of interest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(i128);

impl Exact {
    /// principal × rate × days / (100 × days of the year), of minor units; `year` is 360, 365 or 366.
    pub(super) fn interest(principal: i64, rate: Percent, days: i64, year: i64) -> Self {
        Self(i128::from(principal) * i128::from(rate.0) * i128::from(days) * (YEARS / i128::from(year)))
    }

    /// Whole minor units. Never negative, since no interest is.
    pub fn round(self, how: Rounding) -> i64 {
        let more = match how {
            Rounding::HalfUp => PARTS / 2,
            Rounding::Down => 0,
        };
        i64::try_from((self.0 + more).div_euclid(PARTS)).unwrap_or(i64::MAX)
    }

    /// The sum in main units of a currency with `digits` as a fraction in lowest terms.
    pub fn fraction(self, digits: u32) -> (i128, i128) {
        let parts = PARTS * 10_i128.pow(digits);
        let divisor = common_divisor(self.0.abs(), parts);
        (self.0 / divisor, parts / divisor)
    }

    /// The sum in main units of a currency with `digits`, half up to six digits behind the point.
    pub fn show(self, digits: u32) -> String {
        let parts = PARTS * 10_i128.pow(digits);
        let (whole, rest) = (self.0.div_euclid(parts), self.0.rem_euclid(parts));
        let millionths = whole * 1_000_000 + (rest * 1_000_000 + parts / 2) / parts;
        format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
    }
}

impl std::ops::AddAssign for Exact {
    fn add_assign(&mut self, more: Self) {
        self.0 += more.0;
    }
}

fn common_divisor(a: i128, b: i128) -> i128 {
    if a == 0 { b } else { common_divisor(b % a, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent() {
        let half = Exact::interest(3_650, Percent(50_000), 1, 365);
        assert_eq!((half.round(Rounding::HalfUp), half.round(Rounding::Down)), (1, 0));
        assert_eq!((half.fraction(2), half.show(2)), ((1, 200), "0.005000".to_owned()));
    }

    #[test]
    fn the_largest_sum_fits() {
        let most = Exact::interest(1_000_000_000_000, Percent(2_000_000), 36_600, 360);
        assert_eq!(most.round(Rounding::HalfUp), 203_333_333_333_333);
        assert_eq!(most.show(2), "2033333333333.333333");
    }
}
