//! Limitation: warns of claims that are probably time-barred.

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

use super::{CheckContext, add};

/// A titled claim has the title's period (section 197 (1) no. 3 BGB), any other the ordinary one from the day on which
/// it fell due (sections 195, 199 BGB), under the law of the client's country: contracts of mass business mostly name
/// the creditor's. A title without its date says nothing either way.
pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    let country = &ctx.client_country;
    let titled = [
        Field::TitleKind,
        Field::TitleDate,
        Field::TitleCourt,
        Field::TitleReference,
    ];
    let (field, date, end) = if titled.iter().any(|field| record.get(*field).is_some()) {
        let Some(title) = record.date(Field::TitleDate) else {
            return;
        };
        (Field::TitleDate, title, ctx.tables.title_limitation_end(country, title))
    } else {
        let Some((field, due)) = due(record) else { return };
        (field, due, ctx.tables.limitation_end(country, due))
    };
    let Some(end) = end.filter(|end| *end < ctx.today) else {
        return;
    };
    let since = end.succ_opt().unwrap_or(end);
    add(
        record,
        Finding::new(Code::TimeBarred)
            .field(field)
            .value(&date.to_string())
            .arg("date", since),
    );
}

/// The day from which the ordinary period counts: due, else invoiced, else agreed.
fn due(record: &Record) -> Option<(Field, NaiveDate)> {
    let fields = [Field::DueDate, Field::InvoiceDate, Field::ContractDate];
    fields.into_iter().find_map(|field| Some((field, record.date(field)?)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{claim, context, day, expect, found};
    use super::*;
    use Code::TimeBarred;
    use Field::*;

    #[test]
    fn ordinary_claims_by_the_end_of_the_year() {
        for (invoice, due, expected) in [
            ("2022-12-01", "2023-01-01", vec![]),
            ("2022-12-01", "2022-12-31", vec![(TimeBarred, DueDate)]),
            ("2023-01-01", "", vec![(Code::NoDefaultDate, DefaultDate)]),
            (
                "2022-12-31",
                "",
                vec![(Code::NoDefaultDate, DefaultDate), (TimeBarred, InvoiceDate)],
            ),
        ] {
            expect(&[(InvoiceDate, invoice), (DueDate, due)], &expected);
        }
    }

    #[test]
    fn titled_claims_by_their_title() {
        let old = [(InvoiceDate, "1990-01-01"), (DueDate, "1990-02-01")];
        let with = |more: &[(Field, &'static str)]| [old.as_slice(), more].concat();
        expect(&with(&[]), &[(TimeBarred, DueDate)]);
        expect(&with(&[(TitleDate, "1997-01-01")]), &[]);
        expect(&with(&[(TitleDate, "1996-11-23")]), &[(TimeBarred, TitleDate)]);
        expect(&with(&[(TitleDate, "1996-11-24")]), &[]);
        expect(&with(&[(TitleCourt, "Amtsgericht Musterstadt")]), &[]);
    }

    #[test]
    fn the_clients_country_decides() {
        let mut ctx = context();
        for (country, expected) in [("DE", 0), ("DK", 1), ("SE", 0), ("US", 0)] {
            ctx.client_country = country.to_owned();
            let found = found(&[(InvoiceDate, "2023-05-01"), (DueDate, "2023-05-15")], &ctx);
            assert_eq!(found.len(), expected, "{country}: {found:?}");
        }
    }

    #[test]
    fn the_finding_says_since_when() {
        let mut record = claim(&[(InvoiceDate, "2022-05-01"), (DueDate, "2022-05-15")]);
        check(&mut record, &context());
        assert_eq!(record.findings[0].args, [("date".to_owned(), "2026-01-01".to_owned())]);
        assert_eq!(
            record.findings[0].value.as_deref(),
            Some(&*day("2022-05-15").to_string())
        );
    }
}
