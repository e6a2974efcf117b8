//! Bank accounts: IBANs with right check digits, BICs of the right shape.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};
use iban::{Iban, IbanLike};

use super::add;

pub(super) fn check(record: &mut Record) {
    rewrite_list(record, Field::Iban, Code::IbanInvalid, electronic_iban);
    // There is no code of its own for a BIC: banks find each other by the IBAN alone.
    rewrite_list(record, Field::Bic, Code::ValueUnreadable, electronic_bic);
}

/// Brings the values of a list into the form of `read`; those that it does not take stay as they came, with a finding.
fn rewrite_list(record: &mut Record, field: Field, code: Code, read: fn(&str) -> Option<String>) {
    let Some(Value::List(mut items)) = record.remove(field) else {
        return;
    };
    for item in &mut items {
        match read(item) {
            Some(written) => *item = written,
            None => add(record, Finding::new(code).field(field).value(item)),
        }
    }
    record.set(field, Value::List(items));
}

/// An IBAN in capital letters without spaces, when its check digits and its country's structure are right.
fn electronic_iban(text: &str) -> Option<String> {
    let compact = compact(text);
    let iban: Iban = compact
        .strip_prefix("IBAN")
        .unwrap_or(&compact)
        .trim_start_matches(':')
        .parse()
        .ok()?;
    Some(iban.electronic_str().to_owned())
}

/// A BIC of 8 or 11 characters after ISO 9362: four letters, a country of two letters, two letters or digits, and
/// three for a branch.
fn electronic_bic(text: &str) -> Option<String> {
    let bic = compact(text);
    let right_length = bic.len() == 8 || bic.len() == 11;
    let shape = |(index, byte): (usize, u8)| {
        // Banks' letters may be digits since 2014; the country's may not.
        if (4..6).contains(&index) {
            byte.is_ascii_uppercase()
        } else {
            byte.is_ascii_alphanumeric()
        }
    };
    (right_length && bic.bytes().enumerate().all(shape)).then_some(bic)
}

/// Capital letters without spaces and the signs that are put between groups.
fn compact(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|char| !char.is_whitespace() && !matches!(char, '-' | '.'));
    kept.map(|char| char.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{claim, expect};
    use super::*;

    #[test]
    fn ibans() {
        for (text, expected) in [
            ("DE89370400440532013000", Some("DE89370400440532013000")),
            ("de89 3704 0044 0532 0130 00", Some("DE89370400440532013000")),
            ("IBAN: DE89 3704 0044 0532 0130 00", Some("DE89370400440532013000")),
            ("GB82-WEST-1234-5698-7654-32", Some("GB82WEST12345698765432")),
            ("DK50 0040 0440 1162 43", Some("DK5000400440116243")),
            ("DE88370400440532013000", None),
            ("DE8937040044053201300", None),
            ("0532013000", None),
            ("ß", None),
        ] {
            assert_eq!(electronic_iban(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn bics() {
        for (text, expected) in [
            ("COBADEFF", Some("COBADEFF")),
            ("cobadeffxxx", Some("COBADEFFXXX")),
            ("COBA DE FF", Some("COBADEFF")),
            ("COBADEF", None),
            ("COBA12FF", None),
            ("COBADEFFX", None),
            ("COBÄDEFF", None),
        ] {
            assert_eq!(electronic_bic(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn records_keep_what_is_wrong_with_a_finding() {
        use Field::{Bic, Iban};
        expect(&[(Iban, "DE89 3704 0044 0532 0130 00|DK5000400440116243")], &[]);
        expect(
            &[(Iban, "DE89370400440532013000|DE88370400440532013000")],
            &[(Code::IbanInvalid, Iban)],
        );
        expect(&[(Bic, "KEINE")], &[(Code::ValueUnreadable, Bic)]);
        let mut record = claim(&[(Iban, "DE89 3704 0044 0532 0130 00|12")]);
        check(&mut record);
        assert_eq!(record.list(Iban), ["DE89370400440532013000", "12"]);
    }
}
