//! Reads `[[mandate]]`: period, terms of the accounts, commission.

use std::path::Path;

use super::Creditor;
use super::terms::{
    AcrossClaims, Commission, DayCount, FirstDay, Keeper, Law, Mandate, Order, Part, PaymentDay, RestDays, Rounding,
    SameDay, Settlement, Terms,
};
use crate::quantities::{minor_units, percent};
use crate::reader::Section;
use crate::schedules;

/// What the keys of a mandate are held against.
pub(super) struct Around<'a> {
    /// The client's creditors.
    pub(super) creditors: &'a [Creditor],
    /// Decimals of the client's currency.
    pub(super) decimals: usize,
    /// Folder of the operator's own fee schedules.
    pub(super) fees_dir: &'a Path,
    /// The client is the agency's back office, which hands nothing over.
    pub(super) back_office: bool,
}

pub(super) fn read(root: &mut Section<'_>, around: &Around<'_>) -> Vec<Mandate> {
    if around.back_office && root.has("mandate") {
        root.mistake(
            "mandate",
            "belongs to a client that hands claims over; remove it or back_office",
        );
    }
    if !around.back_office && !root.has("mandate") && root.is_present() {
        root.mistake(
            "mandate",
            "is missing; write [[mandate]] with `from = 2026-01-01`, else no claim may be handed over",
        );
    }
    let sections = root.sections("mandate").into_iter();
    sections.filter_map(|section| mandate(section, around)).collect()
}

fn mandate(mut section: Section<'_>, around: &Around<'_>) -> Option<Mandate> {
    let from = section.date("from");
    let to = section.date("to");
    let creditor = section.text("creditor");
    section.require("from", "the first day, such as 2026-01-01");
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        section.mistake("to", format!("{to} lies before `from` ({from})"));
    }
    if let Some(code) = creditor.as_deref()
        && !around.creditors.iter().any(|c| c.code == code)
    {
        section.mistake(
            "creditor",
            format!("`{code}` is not the code of a [[creditor]] of this client"),
        );
    }
    let terms = terms(&mut section, around.fees_dir);
    let settlement = settlement(&mut section, around.decimals);
    tax(&section, &settlement);
    section.finish();
    Some(Mandate {
        from: from?,
        to,
        creditor,
        terms,
        settlement,
    })
}

fn terms(section: &mut Section<'_>, fees_dir: &Path) -> Terms {
    let default = Terms::default();
    let rest_days = section.choice("rest_days", RestDays::WORDS);
    let holidays = section.dates("holidays").unwrap_or_default();
    if rest_days != Some(RestDays::NextWorkingDay) && !holidays.is_empty() {
        section.mistake(
            "holidays",
            "belongs to rest_days = \"next_working_day\" alone; remove it",
        );
    }
    Terms {
        law: section.choice("law", Law::WORDS).unwrap_or(default.law),
        day_count: section
            .choice("day_count", DayCount::WORDS)
            .unwrap_or(default.day_count),
        first_day: section
            .choice("first_day", FirstDay::WORDS)
            .unwrap_or(default.first_day),
        payment_day: section
            .choice("payment_day", PaymentDay::WORDS)
            .unwrap_or(default.payment_day),
        rest_days: rest_days.unwrap_or(default.rest_days),
        holidays,
        rounding: section.choice("rounding", Rounding::WORDS).unwrap_or(default.rounding),
        same_day: section.choice("same_day", SameDay::WORDS).unwrap_or(default.same_day),
        across_claims: section
            .choice("across_claims", AcrossClaims::WORDS)
            .unwrap_or(default.across_claims),
        allocation: section.choice("allocation", Order::WORDS).unwrap_or(default.allocation),
        flat_sum: section.flag("flat_sum").unwrap_or(default.flat_sum),
        fee_schedule: section.parsed("fee_schedule", |name| schedules::known(name, fees_dir)),
        input_tax_deductible: section.flag("input_tax_deductible"),
    }
}

fn settlement(section: &mut Section<'_>, decimals: usize) -> Settlement {
    let default = Settlement::default();
    let commission = commission(section);
    let mut money = |key| section.parsed(key, |text| minor_units(text, decimals)).unwrap_or(0);
    let (fee_irrecoverable, fee_recalled) = (money("fee_irrecoverable"), money("fee_recalled"));
    Settlement {
        commission,
        interest_to: section
            .choice("interest_to", Keeper::WORDS)
            .unwrap_or(default.interest_to),
        fees_to: section.choice("fees_to", Keeper::WORDS).unwrap_or(default.fees_to),
        fee_irrecoverable,
        fee_recalled,
    }
}

/// Base and rate stand together: neither has a default that could be agreed by keeping silent.
fn commission(section: &mut Section<'_>) -> Option<Commission> {
    let base = section.list("commission_base", |text| crate::reader::choose(text, Part::WORDS));
    let rate = section.parsed("commission_rate", percent);
    let on_direct_payments = section.flag("commission_on_direct_payments").unwrap_or(false);
    let (has_base, has_rate) = (section.has("commission_base"), section.has("commission_rate"));
    if has_rate && !has_base {
        section.mistake(
            "commission_base",
            "is missing beside `commission_rate`; write [\"principal\"], or what else it is a share of",
        );
    }
    if has_base && !has_rate {
        section.mistake(
            "commission_rate",
            "is missing beside `commission_base`; write the percentage, such as \"25\"",
        );
    }
    if on_direct_payments && !has_rate {
        section.mistake(
            "commission_on_direct_payments",
            "belongs to a commission; write commission_base and commission_rate, or remove it",
        );
    }
    if base.as_ref().is_some_and(Vec::is_empty) {
        section.mistake("commission_base", "names nothing; write [\"principal\"], or remove it");
    }
    Some(Commission {
        base: base?.into_iter().collect(),
        rate: rate?,
        on_direct_payments,
    })
}

/// Whoever charges fees has to know whether tax comes on top: nothing is assumed.
fn tax(section: &Section<'_>, settlement: &Settlement) {
    let charged = [
        ("fee_schedule", section.has("fee_schedule")),
        ("commission_rate", section.has("commission_rate")),
        ("fee_irrecoverable", settlement.fee_irrecoverable > 0),
        ("fee_recalled", settlement.fee_recalled > 0),
    ];
    let first = charged.iter().find(|(_, is_said)| *is_said);
    if let (Some((key, _)), false) = (first, section.has("input_tax_deductible")) {
        section.mistake(
            "input_tax_deductible",
            format!("is missing beside `{key}`; write true when the client may deduct input tax, else false"),
        );
    }
}
