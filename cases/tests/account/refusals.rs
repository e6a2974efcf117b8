//! What cannot be true is refused before anything is worked out.

use chrono::NaiveDate;
use dropcase_cases::account::decimal::Percent;
use dropcase_cases::account::fees::FeeOrder;
use dropcase_cases::account::{Account, AccountError, Booking, Claim, Entry, Sources, Terms};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2025, 3, 3).expect("a date");

fn refused(settings: &str, claims: &[Claim], bookings: &[Booking]) -> AccountError {
    let terms: Terms = toml::from_str(settings).expect("terms");
    Account::work_out(&Sources::built_in(), &terms, claims, bookings, DAY).expect_err("must be refused")
}

fn claim() -> Claim {
    Claim {
        reference: "R-1".to_owned(),
        principal: 1,
        due_date: Some(DAY),
        ..Claim::default()
    }
}

fn booking(claim: Option<&str>, entry: Entry) -> Booking {
    Booking {
        id: "B-1".to_owned(),
        value_date: DAY,
        claim: claim.map(str::to_owned),
        entry,
    }
}

fn payment(amount: i64) -> Entry {
    Entry::Payment {
        amount,
        allocate_to: None,
    }
}

#[test]
fn claims() {
    for principal in [0, -1, 1_000_000_000_001] {
        let claim = Claim { principal, ..claim() };
        assert_eq!(refused("", &[claim], &[]), AccountError::Amount("R-1".to_owned()));
    }
    for due_date in [None, NaiveDate::from_ymd_opt(1920, 1, 1)] {
        let claim = Claim { due_date, ..claim() };
        assert_eq!(refused("", &[claim], &[]), AccountError::Date("R-1".to_owned()));
    }
    for rate in [-1, 2_000_001] {
        let interest_rate = Some(Percent(rate));
        let claim = Claim {
            interest_rate,
            ..claim()
        };
        assert_eq!(refused("", &[claim], &[]), AccountError::Rate("R-1".to_owned()));
    }
    assert_eq!(
        refused("", &[claim(), claim()], &[]),
        AccountError::Twice("R-1".to_owned())
    );
}

#[test]
fn bookings() {
    let id = || "B-1".to_owned();
    let refused = |bookings: &[Booking]| refused("", &[claim()], bookings);
    for amount in [0, -1, 1_000_000_000_001] {
        assert_eq!(refused(&[booking(None, payment(amount))]), AccountError::Amount(id()));
    }
    let twice = [booking(None, payment(1)), booking(None, payment(2))];
    assert_eq!(refused(&twice), AccountError::Twice(id()));
    assert_eq!(
        refused(&[booking(Some("R-2"), payment(1))]),
        AccountError::UnknownClaim(id())
    );
    let note = Entry::CreditNote {
        amount: 1,
        from_start: false,
    };
    assert_eq!(refused(&[booking(None, note)]), AccountError::UnknownClaim(id()));
    for of in ["B-2", "B-1"] {
        let reversal = Entry::Reversal { of: of.to_owned() };
        assert_eq!(refused(&[booking(None, reversal)]), AccountError::UnknownBooking(id()));
    }
}

#[test]
fn fees() {
    let order = FeeOrder {
        value: 1,
        ..FeeOrder::default()
    };
    let fee = booking(None, Entry::Fee(order));
    let refused = |settings: &str| refused(settings, &[claim()], std::slice::from_ref(&fee));
    for name in ["xx", "dk"] {
        let settings = format!("fee_schedule = \"{name}\"");
        assert_eq!(refused(&settings), AccountError::Schedule(name.to_owned()));
    }
    assert_eq!(refused("fee_schedule = \"de\""), AccountError::InputTax);
    let without_rate = "fee_schedule = \"de\"\ninput_tax_deductible = true";
    assert_eq!(refused(without_rate), AccountError::Fee("B-1".to_owned()));
}
