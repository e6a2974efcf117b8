//! What one mandate costs by a version of a schedule.

use chrono::NaiveDate;

use super::schedule::{Brings, MOST, Version};

/// 100 percent in ten-thousandths of a percent.
const WHOLE: i128 = 1_000_000;
/// A rate of 1.0 in ten-thousandths.
const RATE_ONE: i128 = 10_000;
/// Fees are worked out in parts of a minor unit, as fine as a percentage of a percentage of a value needs.
const PARTS: i128 = WHOLE * WHOLE;

/// An agency's fee as it is booked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeeOrder {
    /// The principal handed over, without interest and costs (§ 23(1) RVG, § 43(1) GKG); minor units.
    pub value: i64,
    /// The rate in ten-thousandths (0.9 is 9,000), for schedules that go by one.
    pub rate: Option<i64>,
    /// Day of the mandate, where it is not the value date: it chooses the version (§ 60(1) RVG).
    pub mandated: Option<NaiveDate>,
    /// Whether the debtor disputes the claim.
    pub disputed: bool,
    /// Whether payment by instalments was agreed (no. 1000 no. 2 VV RVG).
    pub agreement: bool,
}

/// The sums of a fee in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// The fee for the collection.
    pub fee: i64,
    /// The fee for an agreement on instalments.
    pub agreement_fee: i64,
    /// Expenses (no. 7002 VV RVG).
    pub expenses: i64,
    /// VAT on all of it, where the client may not deduct it.
    pub vat: i64,
}

impl Bill {
    /// All of it.
    pub const fn total(&self) -> i64 {
        self.fee + self.agreement_fee + self.expenses + self.vat
    }
}

impl Version {
    /// The bill for `order`; `None` where the schedule goes by a rate and there is none, or agreements have no fee.
    pub fn bill(&self, order: &FeeOrder, input_tax_deductible: bool) -> Option<Bill> {
        let rate = if self.by_rate { order.rate?.into() } else { RATE_ONE };
        let value = i128::from(order.value) * WHOLE;
        let small = self
            .small_undisputed
            .filter(|(up_to, _)| !order.disputed && order.value <= *up_to);
        let whole = small.map_or_else(|| self.whole_fee(value), |(_, fee)| i128::from(fee) * PARTS);
        let fee = self.limited(whole * rate / RATE_ONE);
        let agreement_fee = match self.agreement {
            _ if !order.agreement => 0,
            None => return None,
            // § 31b RVG: a part of the value; the rule for small claims is of the other fee alone.
            Some((rate, percent)) => {
                let part = value / WHOLE * i128::from(percent);
                self.limited(self.whole_fee(part) * i128::from(rate) / RATE_ONE)
            }
        };
        let fees = fee + agreement_fee;
        let expenses = share(fees, self.expenses_percent).min(self.expenses_at_most);
        let vat = if input_tax_deductible {
            0
        } else {
            share(fees + expenses, self.vat_percent)
        };
        Some(Bill {
            fee,
            agreement_fee,
            expenses,
            vat,
        })
    }

    /// The fee at a rate of 1.0, in parts, for a value in millionths of a minor unit.
    fn whole_fee(&self, value: i128) -> i128 {
        let mut fee = 0;
        let mut below = 0;
        for band in &self.bands {
            let top = band.up_to.map_or(value, |up_to| (i128::from(up_to) * WHOLE).min(value));
            let width = top - below;
            match band.brings {
                Brings::Fee(sum) => fee = i128::from(sum) * PARTS,
                Brings::Percent(percent) => fee += width * i128::from(percent),
                Brings::Steps { each, add } => {
                    let each = i128::from(each) * WHOLE;
                    fee += (width + each - 1) / each * i128::from(add) * PARTS;
                }
            }
            below = top;
            if top == value {
                break;
            }
        }
        fee.min(i128::from(MOST) * PARTS)
    }

    /// Rounded half up, not below the least and not above the most.
    fn limited(&self, fee: i128) -> i64 {
        half_up(fee, PARTS).clamp(self.minimum_fee, self.maximum_fee)
    }
}

/// A percentage (in ten-thousandths) of a sum, half up.
fn share(sum: i64, percent: i64) -> i64 {
    half_up(i128::from(sum) * i128::from(percent), WHOLE)
}

fn half_up(amount: i128, parts: i128) -> i64 {
    i64::try_from((amount + parts / 2).div_euclid(parts)).unwrap_or(i64::MAX)
}
