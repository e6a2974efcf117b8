//! Dates: none that cannot be, and one from which interest can run.

use chrono::{Datelike, Months, NaiveDate};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::record::Record;

use super::kinds::Rules;
use super::{CheckContext, add, has_finding};

/// Nobody was ever older.
const OLDEST_DEBTOR_YEARS: i32 = 120;
/// Full age (section 2 BGB; the same in all of the EU but for marriage).
const FULL_AGE_YEARS: i32 = 18;

/// What a date of the past must keep to.
struct DateRule {
    field: Field,
    /// What a date after today does.
    future: Severity,
    /// How many years back it may lie. Older ones are typing errors (`0206`, `1926`): interest or limitation would
    /// run from them.
    years: u32,
}

const fn rule(field: Field, future: Severity, years: u32) -> DateRule {
    DateRule { field, future, years }
}

/// A claim that is not due yet, or a payment that has not come, cannot be taken over. A reminder, a default or a title
/// of tomorrow is odd, and the claim stands without it. A contract may be as old as a tenant.
const RULES: [DateRule; 8] = [
    rule(Field::InvoiceDate, Severity::Error, 60),
    rule(Field::DueDate, Severity::Error, 60),
    rule(Field::ReminderDate, Severity::Warning, 60),
    rule(Field::DefaultDate, Severity::Warning, 60),
    rule(Field::ContractDate, Severity::Warning, 100),
    rule(Field::TitleDate, Severity::Warning, 60),
    rule(Field::LastPaymentDate, Severity::Warning, 60),
    rule(Field::ValueDate, Severity::Error, 60),
];

pub(super) fn check(record: &mut Record, ctx: &CheckContext, rules: Rules) {
    let may_lie_ahead = |rule: &&DateRule| rules.ahead && rule.field == Field::ValueDate;
    for rule in RULES.iter().filter(|rule| !may_lie_ahead(rule)) {
        if let Some(finding) = past(record, rule, ctx.today) {
            add(record, finding);
        }
    }
    if let Some(finding) = birth_date(record, ctx.today) {
        add(record, finding);
    }
    if !rules.claim {
        return;
    }
    if let Some(finding) = due_before_invoice(record) {
        add(record, finding);
    }
    if let Some(finding) = no_default_date(record) {
        add(record, finding);
    }
}

fn past(record: &Record, rule: &DateRule, today: NaiveDate) -> Option<Finding> {
    let date = record.date(rule.field)?;
    let earliest = today
        .checked_sub_months(Months::new(rule.years * 12))
        .unwrap_or(NaiveDate::MIN);
    let finding = |code| Finding::new(code).field(rule.field).value(&date.to_string());
    if date > today {
        // The only date of a claim must not lie ahead, whichever it is.
        let only = rule.field == Field::ContractDate
            && record.date(Field::InvoiceDate).is_none()
            && record.date(Field::DueDate).is_none();
        let severity = if only { Severity::Error } else { rule.future };
        Some(finding(Code::DateInFuture).severity(severity))
    } else if date < earliest {
        Some(finding(Code::DateImplausible).arg("earliest", earliest))
    } else {
        None
    }
}

fn birth_date(record: &Record, today: NaiveDate) -> Option<Finding> {
    let born = record.date(Field::BirthDate)?;
    let years = full_years(born, today);
    let reason = match years {
        ..=-1 => "future",
        0..FULL_AGE_YEARS => "minor",
        FULL_AGE_YEARS..=OLDEST_DEBTOR_YEARS => return None,
        _ => "too_old",
    };
    Some(
        Finding::new(Code::BirthDateImplausible)
            .field(Field::BirthDate)
            .value(&born.to_string())
            .arg("reason", reason),
    )
}

/// Full years from `born` to `today`; negative when `born` lies ahead.
fn full_years(born: NaiveDate, today: NaiveDate) -> i32 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i32::from(before_birthday)
}

fn due_before_invoice(record: &Record) -> Option<Finding> {
    let (due, invoice) = (record.date(Field::DueDate)?, record.date(Field::InvoiceDate)?);
    (due < invoice).then(|| {
        Finding::new(Code::DueBeforeInvoice)
            .field(Field::DueDate)
            .value(&due.to_string())
            .arg("invoice_date", invoice)
    })
}

/// Interest runs from the default, the due date or a reminder (section 286 (1), (2) BGB), between businesses from 30
/// days after the invoice (section 286 (3) BGB). A date that was given and could not be read has its own finding.
fn no_default_date(record: &Record) -> Option<Finding> {
    let starts = [Field::DefaultDate, Field::DueDate, Field::ReminderDate];
    if starts
        .iter()
        .any(|field| record.date(*field).is_some() || has_finding(record, *field))
    {
        return None;
    }
    let business = record.text(Field::ActsAs) == Some("business");
    if business && record.date(Field::InvoiceDate).is_some() {
        return None;
    }
    Some(Finding::new(Code::NoDefaultDate).field(Field::DefaultDate))
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::fixture::{claim, context, day, expect};
    use super::*;
    use Code::*;
    use Field::*;

    #[test]
    fn dates_of_the_past() {
        for rule in &RULES {
            expect(&[(rule.field, "2026-11-24"), (DueDate, "2026-11-24")], &[]);
            let mut record = claim(&[(rule.field, "2026-11-25"), (DueDate, "2026-11-25")]);
            record.remove(if rule.field == DueDate { InvoiceDate } else { DueDate });
            check(&mut record, &context());
            let future = record.findings.iter().find(|finding| finding.field == Some(rule.field));
            assert_eq!(
                future.map(|finding| (finding.code, finding.severity)),
                Some((DateInFuture, rule.future))
            );
        }
    }

    #[test]
    fn dates_too_long_ago() {
        let today = day("2026-11-24");
        for rule in &RULES {
            let earliest = today.checked_sub_months(Months::new(rule.years * 12)).expect("a day");
            for (date, implausible) in [(earliest, false), (earliest.pred_opt().expect("a day"), true)] {
                let finding = past(&claim(&[(rule.field, &date.to_string())]), rule, today);
                assert_eq!(
                    finding.map(|finding| finding.code),
                    implausible.then_some(DateImplausible),
                    "{date}"
                );
            }
        }
    }

    #[test]
    fn due_before_the_invoice_is_asked_about() {
        expect(&[(DueDate, "2026-05-01")], &[]);
        expect(&[(DueDate, "2026-04-30")], &[(DueBeforeInvoice, DueDate)]);
    }

    #[test]
    fn birth_dates() {
        for (born, reason) in [
            ("1980-01-01", None),
            ("2008-11-24", None),
            ("2008-11-25", Some("minor")),
            ("2026-11-24", Some("minor")),
            ("2026-11-25", Some("future")),
            ("1905-11-25", None),
            ("1905-11-24", Some("too_old")),
            ("0080-01-01", Some("too_old")),
        ] {
            let finding = birth_date(&claim(&[(BirthDate, born)]), day("2026-11-24"));
            let found = finding
                .as_ref()
                .and_then(|finding| finding.args.first())
                .map(|(_, reason)| reason.as_str());
            assert_eq!(found, reason, "{born}");
        }
    }

    #[test]
    fn interest_needs_a_start() {
        let missing = [(NoDefaultDate, DefaultDate)];
        expect(&[(DueDate, "")], &missing);
        expect(&[(DueDate, ""), (ReminderDate, "2026-06-01")], &[]);
        expect(&[(DueDate, ""), (DefaultDate, "2026-06-01")], &[]);
        expect(&[(DueDate, ""), (ActsAs, "business")], &[]);
        expect(
            &[
                (DueDate, ""),
                (ActsAs, "business"),
                (InvoiceDate, ""),
                (ContractDate, "2026-01-01"),
            ],
            &missing,
        );
        let mut unreadable = claim(&[(DueDate, "")]);
        unreadable
            .findings
            .push(Finding::new(DateUnreadable).field(DueDate).value("bald"));
        check(&mut unreadable, &context());
        assert_eq!(unreadable.findings.len(), 1);
    }

    #[test]
    fn the_only_date_must_not_lie_ahead() {
        for (invoice, severity) in [("2026-05-01", Severity::Warning), ("", Severity::Error)] {
            let mut record = claim(&[(DueDate, ""), (InvoiceDate, invoice), (ContractDate, "2027-01-01")]);
            check(&mut record, &context());
            let finding = record.findings.iter().find(|finding| finding.code == DateInFuture);
            assert_eq!(finding.map(|finding| finding.severity), Some(severity));
        }
    }
}
