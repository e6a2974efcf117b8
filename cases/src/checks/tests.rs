//! The checks together: what a whole record comes out as, and what they cost.

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;
use proptest::prelude::*;

use super::fixture::{claim, context, record};
use super::*;

#[test]
fn a_good_claim_has_no_finding_and_stays_as_it_is() {
    let mut checked = claim(&[]);
    check(&mut checked, &context());
    assert_eq!(checked, claim(&[]));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut record = record(&[
        (Field::LastName, "Mustermann"),
        (Field::BirthDate, "2030-01-01"),
        (Field::Country, "Absurdistan"),
        (Field::Email, "keine"),
        (Field::Phone, "12"),
        (Field::Iban, "12"),
        (Field::InvoiceDate, "2027-01-01"),
        (Field::PrincipalAmount, "0"),
        (Field::Currency, "Taler"),
        (Field::DunningCosts, "-1"),
    ]);
    check(&mut record, &context());
    let codes: Vec<_> = record.findings.iter().map(|finding| finding.code.as_str()).collect();
    insta::assert_snapshot!(codes.join("\n"), @r"
    UNKNOWN_CURRENCY
    UNKNOWN_COUNTRY
    ACTS_AS_UNKNOWN
    EMAIL_INVALID
    PHONE_INVALID
    IBAN_INVALID
    DATE_IN_FUTURE
    BIRTH_DATE_IMPLAUSIBLE
    NO_DEFAULT_DATE
    AMOUNT_NOT_POSITIVE
    AMOUNT_NEGATIVE
    ");
}

#[test]
fn other_kinds_of_record_need_no_claim() {
    for kind in ["hold", "message", "address_change", "recall"] {
        let mut record = record(&[(Field::RecordType, kind), (Field::DebtorNumber, "1")]);
        check(&mut record, &context());
        assert_eq!(
            (record.findings.as_slice(), record.values().len()),
            ([].as_slice(), 2),
            "{kind}"
        );
    }
}

/// Any text that may stand in a cell.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{1,30}",
        "[0-9 +/()-]{1,20}",
        "[A-Za-zäöüß.&/ -]{1,30}( (GmbH|AG|e\\.K\\.|A/S|& Co\\. KG))?",
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("never empty", |text| !text.is_empty())
}

fn any_record() -> impl Strategy<Value = Record> {
    let texts = [
        Field::DebtorType,
        Field::ActsAs,
        Field::FirstName,
        Field::LastName,
        Field::CompanyName,
        Field::LegalForm,
        Field::PostalCode,
        Field::Country,
        Field::Email,
        Field::Phone,
        Field::Iban,
        Field::Bic,
        Field::Currency,
    ];
    let text = (proptest::sample::select(texts.to_vec()), any_text());
    let dates = [
        Field::InvoiceDate,
        Field::DueDate,
        Field::BirthDate,
        Field::TitleDate,
        Field::DefaultDate,
    ];
    let date = (proptest::sample::select(dates.to_vec()), -700_000..800_000_i32).prop_map(|(field, days)| {
        (
            field,
            chrono::NaiveDate::from_num_days_from_ce_opt(days).map_or(String::new(), |date| date.to_string()),
        )
    });
    let amounts = [
        Field::PrincipalAmount,
        Field::OriginalAmount,
        Field::DunningCosts,
        Field::InterestRate,
    ];
    let amount = (
        proptest::sample::select(amounts.to_vec()),
        any::<i64>().prop_map(|amount| amount.to_string()),
    );
    proptest::collection::vec(prop_oneof![3 => text, 1 => date, 1 => amount], 0..12).prop_map(|fields| {
        record(
            &fields
                .iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(field, text)| (*field, text.as_str()))
                .collect::<Vec<_>>(),
        )
    })
}

proptest! {
    /// Whatever stands in the cells: no panic, and a second run adds and changes nothing.
    #[test]
    fn checking_twice_is_checking_once(mut record in any_record()) {
        check(&mut record, &context());
        let once = record.clone();
        check(&mut record, &context());
        prop_assert_eq!(record, once);
    }

    /// The key of a name does not depend on case or the order in which a person's names stand. Shorter words may be
    /// titles or salutations (`Fa`, `Dr`), which the key leaves out on purpose.
    #[test]
    fn name_keys_forget_case_and_order(first in "[A-Za-zäöü]{10,14}", last in "[A-Za-zäöü]{10,14}(-[A-Za-z]{10})?") {
        let person = |first: &str, last: &str| name_key(&record(&[(Field::FirstName, first), (Field::LastName, last)]));
        prop_assert_eq!(person(&first, &last), person(&first.to_uppercase(), &last.to_lowercase()));
        prop_assert_eq!(name_key(&record(&[(Field::LastName, &format!("{last}, {first}"))])), person(&first, &last));
    }
}

/// Prints what a million records cost: `cargo test --release -p dropcase-cases -- --ignored --nocapture cost`.
#[test]
#[ignore = "a measurement"]
fn cost_of_a_million_records() {
    let plain = [
        claim(&[]),
        claim(&[
            (Field::ActsAs, ""),
            (Field::DebtorType, ""),
            (Field::Mobile, "0171 1234567"),
        ]),
    ];
    let foreign = [claim(&[
        (Field::Country, "Dänemark"),
        (Field::PostalCode, "2100"),
        (Field::Phone, "+352 27 12 34 56"),
    ])];
    let context = context();
    for (name, records) in [("plain", plain.as_slice()), ("unusual", foreign.as_slice())] {
        let start = std::time::Instant::now();
        let mut findings = 0;
        let mut copying = std::time::Duration::ZERO;
        for record in records.iter().cycle().take(1_000_000) {
            let copied = std::time::Instant::now();
            let mut record = record.clone();
            copying += copied.elapsed();
            check(&mut record, &context);
            findings += record.findings.len() + usize::from(name_key(&record).is_empty());
        }
        let cost = start.elapsed() - copying;
        eprintln!("{name}: {cost:?} for 1,000,000 records, {findings} findings");
    }
}
