//! The address: a known country, and a postcode as that country writes them.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};

use super::postcode::{Postcode, judge};
use super::{CheckContext, add, add_text, country, take_back_unreadable};

pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    if !country(record, ctx) {
        take_back_unreadable(record, Field::Country);
        return add_text(record, Code::UnknownCountry, Field::Country);
    }
    let (Some(country), Some(postcode)) = (record.text(Field::Country), record.text(Field::PostalCode)) else {
        return;
    };
    match judge(country, postcode) {
        Postcode::Good => {}
        Postcode::Rewritten(written) => record.set(Field::PostalCode, Value::Text(written)),
        Postcode::Implausible(expected) => {
            let finding = Finding::new(Code::PostcodeImplausible)
                .field(Field::PostalCode)
                .value(postcode);
            add(record, finding.arg("country", country).arg("expected", expected));
        }
    }
}

/// Brings the country into alpha-2, the client's where an address names none. False when it is not known; then the
/// text stays as it came.
fn country(record: &mut Record, ctx: &CheckContext) -> bool {
    let Some(text) = record.text(Field::Country) else {
        let address = [Field::PostalCode, Field::City, Field::Street];
        if address.iter().any(|field| record.get(*field).is_some()) {
            record.set(Field::Country, Value::Text(ctx.client_country.clone()));
        }
        return true;
    };
    match country::alpha2(text) {
        Some(code) if code == text => {}
        Some(code) => {
            record.set(Field::Country, Value::Text(code.to_owned()));
            take_back_unreadable(record, Field::Country);
        }
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{claim, context, expect};
    use super::*;
    use Field::*;

    #[test]
    fn addresses() {
        expect(&[(Country, "Tyskland")], &[]);
        expect(
            &[(Country, "Absurdistan"), (PostalCode, "???")],
            &[(Code::UnknownCountry, Country)],
        );
        expect(&[(PostalCode, "1067")], &[(Code::PostcodeImplausible, PostalCode)]);
        expect(&[(PostalCode, "1067"), (Country, "AT")], &[]);
        expect(&[(PostalCode, "")], &[]);
    }

    #[test]
    fn values_as_they_are_kept() {
        for (country, postcode, kept_country, kept_postcode) in [
            ("", "01067", Some("DE"), Some("01067")),
            ("Deutschland", "D-01067", Some("DE"), Some("01067")),
            ("Niederlande", "1234ab", Some("NL"), Some("1234 AB")),
            ("Absurdistan", "x", Some("Absurdistan"), Some("x")),
        ] {
            let mut record = claim(&[(Country, country), (PostalCode, postcode)]);
            check(&mut record, &context());
            assert_eq!(
                (record.text(Country), record.text(PostalCode)),
                (kept_country, kept_postcode),
                "{country}"
            );
        }
        let mut unknown_word = claim(&[(Country, "Litauen"), (PostalCode, "01234")]);
        unknown_word
            .findings
            .push(Finding::new(Code::ValueUnreadable).field(Country).value("Litauen"));
        check(&mut unknown_word, &context());
        assert_eq!(
            (unknown_word.text(Country), &*unknown_word.findings),
            (Some("LT"), [].as_slice())
        );
        let mut without = claim(&[(Country, ""), (PostalCode, ""), (City, ""), (Street, "")]);
        check(&mut without, &context());
        assert_eq!(without.get(Country), None);
    }
}
