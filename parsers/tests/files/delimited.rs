//! Delimited lists as bookkeepers hand them over, from bytes to records.

use super::support::{Parsed, parse_bytes, show};
use dropcase_parsers::fields::Field;
use dropcase_parsers::staged::Dialect;

const GERMAN: &str = "Kundennr;Vorname;Nachname;Straße;PLZ;Ort;Rechnungsnr;Rechnungsdatum;Fälligkeit;Hauptforderung;Mahngebühren;Forderungsgrund;Vertragsdatum\r\n\
10001;Erika;Mustermann;Musterstr. 5a;01067;Dresden;RE-1;15.03.2026;29.03.2026;1.199,90;5,00;Kaufvertrag;01.03.2026\r\n\
10002;Max;Mustermann;\"Am Markt 1\";10115;Berlin;RE-2;16.03.2026;30.03.2026;1.234;;Kaufvertrag;01.03.2026\r\n";

fn values(parsed: &Parsed, index: usize, fields: &[Field]) -> Vec<String> {
    fields
        .iter()
        .map(|field| show(&parsed.records[index], *field))
        .collect()
}

#[test]
fn a_german_list_becomes_records() {
    let parsed = parse_bytes(GERMAN.as_bytes());
    assert_eq!(parsed.codes(), Vec::<&str>::new(), "{:?}", parsed.findings);
    assert_eq!(parsed.summary.records, 2);
    assert_eq!(
        parsed.record_codes(0),
        Vec::<&str>::new(),
        "{:?}",
        parsed.records[0].findings
    );
    assert_eq!(
        values(
            &parsed,
            0,
            &[
                Field::RecordType,
                Field::DebtorNumber,
                Field::Street,
                Field::HouseNumber,
                Field::PostalCode,
                Field::InvoiceDate,
                Field::PrincipalAmount,
                Field::DunningCosts,
                Field::Currency,
                Field::Country,
                Field::DebtorType,
            ]
        ),
        [
            "new_claim",
            "10001",
            "Musterstr.",
            "5a",
            "01067",
            "2026-03-15",
            "119990",
            "500",
            "EUR",
            "DE",
            "person"
        ]
    );
    // The first row shows how the column writes its decimals.
    assert_eq!(show(&parsed.records[1], Field::PrincipalAmount), "123400");
    assert_eq!(parsed.records[1].position.row, 3);
    assert_eq!(parsed.records[1].raw.get(3), Some("Am Markt 1"));
    assert_eq!(parsed.parts[0].header_row, Some(1));
    let Dialect::Delimited {
        separator,
        crlf,
        ref encoding,
        bom,
        ..
    } = parsed.parts[0].dialect
    else {
        panic!("delimited expected")
    };
    assert_eq!((separator, crlf, encoding.as_str(), bom), (';', true, "UTF-8", false));
}
