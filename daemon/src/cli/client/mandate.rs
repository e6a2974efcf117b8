//! A mandate of `client show`: its period, and its terms under the names of the settings.

use dropcase_config::terms::{Commission, Mandate, Part, Settlement, Terms};
use dropcase_outbox::language::{decimal, digits_of};
use serde::Serialize;

/// A mandate; amounts and the rate as decimal text.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    from: String,
    to: Option<String>,
    creditor: Option<String>,
    #[serde(flatten)]
    terms: ShownTerms,
}

/// What it says of accounts and of commission.
#[derive(Debug, Serialize)]
struct ShownTerms {
    law: &'static str,
    day_count: &'static str,
    first_day: &'static str,
    payment_day: &'static str,
    rest_days: &'static str,
    holidays: Vec<String>,
    rounding: &'static str,
    same_day: &'static str,
    across_claims: &'static str,
    allocation: &'static str,
    flat_sum: bool,
    fee_schedule: Option<String>,
    input_tax_deductible: Option<bool>,
    commission_base: Vec<&'static str>,
    commission_rate: Option<String>,
    commission_on_direct_payments: bool,
    interest_to: &'static str,
    fees_to: &'static str,
    fee_irrecoverable: String,
    fee_recalled: String,
}

impl Shown {
    /// A mandate of a client with this currency.
    pub(super) fn of(mandate: &Mandate, currency: &str) -> Self {
        Self {
            from: mandate.from.to_string(),
            to: mandate.to.map(|day| day.to_string()),
            creditor: mandate.creditor.clone(),
            terms: ShownTerms::of(&mandate.terms, &mandate.settlement, currency),
        }
    }

    /// The period, and whatever of the terms is not as by default.
    pub(super) fn text(&self, currency: &str) -> String {
        let to = self
            .to
            .as_ref()
            .map_or_else(|| "open-ended".to_owned(), |day| format!("to {day}"));
        let creditor = self
            .creditor
            .as_ref()
            .map_or_else(String::new, |code| format!(", creditor {code}"));
        let terms: String = self
            .terms
            .said(currency)
            .iter()
            .map(|said| format!(", {said}"))
            .collect();
        format!("from {} {to}{creditor}{terms}", self.from)
    }
}

impl ShownTerms {
    fn of(terms: &Terms, settlement: &Settlement, currency: &str) -> Self {
        let money = |amount| decimal(amount, digits_of(currency), '.');
        let commission = settlement.commission.as_ref();
        let base = |commission: &Commission| commission.base.iter().copied().map(Part::as_str).collect();
        Self {
            law: terms.law.as_str(),
            day_count: terms.day_count.as_str(),
            first_day: terms.first_day.as_str(),
            payment_day: terms.payment_day.as_str(),
            rest_days: terms.rest_days.as_str(),
            holidays: terms.holidays.iter().map(ToString::to_string).collect(),
            rounding: terms.rounding.as_str(),
            same_day: terms.same_day.as_str(),
            across_claims: terms.across_claims.as_str(),
            allocation: terms.allocation.as_str(),
            flat_sum: terms.flat_sum,
            fee_schedule: terms.fee_schedule.clone(),
            input_tax_deductible: terms.input_tax_deductible,
            commission_base: commission.map(base).unwrap_or_default(),
            commission_rate: commission.map(|commission| percent(commission.rate)),
            commission_on_direct_payments: commission.is_some_and(|commission| commission.on_direct_payments),
            interest_to: settlement.interest_to.as_str(),
            fees_to: settlement.fees_to.as_str(),
            fee_irrecoverable: money(settlement.fee_irrecoverable),
            fee_recalled: money(settlement.fee_recalled),
        }
    }

    /// Every setting that is not as by default, as `name value`.
    fn said(&self, currency: &str) -> Vec<String> {
        let default = Self::of(&Terms::default(), &Settlement::default(), currency);
        let pairs = |terms: &Self| match serde_json::to_value(terms) {
            Ok(serde_json::Value::Object(pairs)) => pairs,
            _ => serde_json::Map::new(),
        };
        let default = pairs(&default);
        let said = pairs(self)
            .into_iter()
            .filter(|(name, value)| default.get(name) != Some(value));
        said.map(|(name, value)| format!("{name} {}", plain(&value))).collect()
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" + "),
        other => other.to_string(),
    }
}

/// Ten-thousandths of a percent as the settings write them: `25`, `12.5`.
fn percent(rate: i64) -> String {
    let text = decimal(rate, 4, '.');
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use dropcase_config::terms::Keeper;

    use super::*;

    #[test]
    fn only_what_was_agreed_is_shown_to_people() {
        let mut mandate = Mandate {
            from: "2026-01-01".parse().unwrap(),
            to: None,
            creditor: None,
            terms: Terms::default(),
            settlement: Settlement::default(),
        };
        let text = |mandate: &Mandate| Shown::of(mandate, "EUR").text("EUR");
        assert_eq!(text(&mandate), "from 2026-01-01 open-ended");
        mandate.terms.fee_schedule = Some("de".to_owned());
        mandate.terms.input_tax_deductible = Some(true);
        mandate.settlement = Settlement {
            commission: Some(Commission {
                base: [Part::Interest, Part::Principal].into(),
                rate: 125_000,
                on_direct_payments: false,
            }),
            interest_to: Keeper::Agency,
            fee_recalled: 2_500,
            ..Settlement::default()
        };
        let said = text(&mandate);
        for part in [
            ", fee_schedule de",
            ", input_tax_deductible true",
            ", commission_base principal + interest",
            ", commission_rate 12.5",
            ", interest_to agency",
            ", fee_recalled 25.00",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("law") && !said.contains("fee_irrecoverable"), "{said}");
        assert_eq!(
            (percent(250_000), percent(1_000_000), percent(1)),
            ("25".into(), "100".into(), "0.0001".into())
        );
    }
}
