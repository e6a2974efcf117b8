//! Writes `samples/uebergabe.xlsx`, the workbook that `dropcase demo` hands over:
//! `cargo run -p dropcase --example sample_workbook`.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

const HEADERS: [&str; 13] = [
    "Kundennummer",
    "Firma",
    "Vorname",
    "Nachname",
    "Straße",
    "PLZ",
    "Ort",
    "Rechnungsnummer",
    "Rechnungsdatum",
    "Hauptforderung",
    "Forderungsgrund",
    "Vertragsdatum",
    "Verbraucher",
];

const INVOICE_DATE: u16 = 8;
const AMOUNT: u16 = 9;
const CONTRACT_DATE: u16 = 11;

/// Numbers and postcodes as text, as the guide asks for; an invoice date that is none in line 8; no invoice in line 5.
const ROWS: [&str; 10] = [
    "20001||Emma|Muster|Waldweg 4|01067|Dresden|A-501|2025-04-02|84.90|Warenlieferung|2025-03-28|ja",
    "20002||Ben|Beispiel|Parkstraße 18|20095|Hamburg|A-502|2025-04-03|1420.00|Werkleistung|2025-03-01|ja",
    "20003|Muster Bau GmbH|||Am Kran 1|28195|Bremen|A-503|2025-04-07|23400.00|Werkleistung|2025-01-15|nein",
    "20004||Mia|Mustermann|Blumenweg 6|50667|Köln||2025-04-08|45.00|Warenlieferung|2025-04-01|ja",
    "20005||Paul|Muster|Hauptstraße 77|60311|Frankfurt am Main|A-505|2025-04-09|310.25|Dienstleistung|2025-03-20|ja",
    "20006||Lea|Beispiel|Feldstraße 2|70173|Stuttgart|A-506|2025-04-10|59.00|Mitgliedsbeitrag|2025-01-01|ja",
    "20007||Finn|Mustermann|Kirchgasse 11|80331|München|A-507|31.02.2025|128.00|Warenlieferung|2025-03-30|ja",
    "20008|Beispiel Handel e. K.|||Marktplatz 9|99084|Erfurt|A-508|2025-04-14|2075.60|Warenlieferung|2025-04-01|nein",
    "20009||Ida|Muster|Uferweg 23|14467|Potsdam|A-509|2025-04-15|19.95|Zeitschriftenabonnement|2024-05-01|ja",
    "10001||Erika|Mustermann|Musterstraße 1|01067|Dresden|A-510|2025-04-16|61.00|Warenlieferung|2025-04-11|ja",
];

fn main() -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    // A fixed date, so that the same program writes the same file.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::parse_from_str("2025-05-01")?));
    let header = Format::new().set_bold();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet();
    sheet.set_name("Forderungen")?;
    for (column, name) in (0..).zip(HEADERS) {
        sheet.write_with_format(0, column, name, &header)?;
        sheet.set_column_width(column, 18)?;
    }
    for (row, line) in (1..).zip(ROWS) {
        for (column, text) in (0..).zip(line.split('|')).filter(|(_, text)| !text.is_empty()) {
            match (column, ExcelDateTime::parse_from_str(text), text.parse::<f64>()) {
                (INVOICE_DATE | CONTRACT_DATE, Ok(date), _) => sheet.write_with_format(row, column, &date, &day)?,
                (AMOUNT, _, Ok(amount)) => sheet.write_with_format(row, column, amount, &money)?,
                _ => sheet.write(row, column, text)?,
            };
        }
    }
    book.save(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/uebergabe.xlsx"))
}
