//! Field and cross-field rules of a record: pure, fast, each finding with its stable code.
//!
//! [`check`] also writes values as the database keeps them (country and currency codes, IBANs, postcodes) and adds
//! what follows from the others (person or company, consumer or business). What needs the database (duplicates, the
//! debtor's name, the creditor, the mandate) is the import's; needed fields and their lengths are the parser's.
//!
//! Arguments of the findings' messages, by code. Amounts are decimal text with the currency (`1234.50 EUR`), rates
//! decimal text in percent (`6.5200`), dates ISO 8601:
//!
//! | code | arguments |
//! |---|---|
//! | `AMOUNT_TOO_LOW` | `limit` |
//! | `AMOUNT_TOO_HIGH` | `limit`, `reason`: `beyond` when the import could not book it, else none |
//! | `PRINCIPAL_ABOVE_ORIGINAL` | `original` |
//! | `DATE_IMPLAUSIBLE` | `earliest` |
//! | `DUE_BEFORE_INVOICE` | `invoice_date` |
//! | `BIRTH_DATE_IMPLAUSIBLE` | `reason`: `future`, `too_old`, `minor` |
//! | `POSTCODE_IMPLAUSIBLE` | `country`, `expected`: its shape, `9` a digit, `A` a letter, `*` either |
//! | `TIME_BARRED` | `date`: first day on which it is |
//! | `INTEREST_REASON_MISSING` | `statutory` |
//! | `ACTS_AS_UNKNOWN` | `reason`: `no_column` when said of a part, else none |
//! | `DEBTOR_MISMATCH` (of the import) | `reason`: what differs, `name` or `birth_date` |

mod address;
mod bank;
mod checked;
mod claim;
mod contact;
mod context;
mod country;
mod currency;
mod dates;
mod debtor;
mod fold;
mod kinds;
mod legal_form;
mod limitation;
mod locate;
mod name_key;
mod once;
mod postcode;
mod tables;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

pub use checked::Checked;
pub use context::{CheckContext, HIGH_AMOUNT};
pub(crate) use country::alpha2;
pub(crate) use currency::exponent;
pub use fold::{fold, fold_into};
pub use locate::locate;
pub(crate) use name_key::without_legal_form;
pub use name_key::{name_key, search_words};
pub use once::OncePerPart;
pub use tables::{TableError, Tables};

/// Runs all rules that apply to the record's kind, adds what they find and brings values into the form in which the
/// database keeps them. Running it twice on the same record finds nothing twice and changes nothing more.
pub fn check(record: &mut Record, ctx: &CheckContext) {
    // What is looked for is no debtor's: nothing is made up for it, and it need not be right.
    if record.text(Field::RecordType) == Some("request") {
        return;
    }
    let rules = kinds::rules(record.text(Field::RecordType));
    if rules.claim || rules.payment {
        currency::check(record, ctx);
    }
    address::check(record, ctx);
    if rules.debtor {
        debtor::check(record, ctx);
    }
    contact::check(record, ctx);
    bank::check(record);
    dates::check(record, ctx, rules);
    if rules.claim {
        claim::check(record, ctx);
        limitation::check(record, ctx);
    }
    if rules.payment {
        claim::check_payment(record);
    }
}

/// Adds a finding unless the same was said about that field before.
fn add(record: &mut Record, finding: Finding) {
    let said =
        |other: &Finding| other.code == finding.code && other.field == finding.field && other.value == finding.value;
    if !record.findings.iter().any(said) {
        record.findings.push(finding);
    }
}

/// Whether something has been found about `field` already: then its absence or oddity needs no second finding.
fn has_finding(record: &Record, field: Field) -> bool {
    record.findings.iter().any(|finding| finding.field == Some(field))
}

/// Takes back that the value of `field` is no word of the catalogue: the checks know more words for it.
fn take_back_unreadable(record: &mut Record, field: Field) {
    record
        .findings
        .retain(|finding| finding.code != Code::ValueUnreadable || finding.field != Some(field));
}

/// Adds a finding about a text field with its value.
fn add_text(record: &mut Record, code: Code, field: Field) {
    if let Some(text) = record.text(field) {
        let finding = Finding::new(code).field(field).value(text);
        add(record, finding);
    }
}
