//! Statements as lists, written as the banks' online banking exports them.

use std::path::{Path, PathBuf};

use dropcase_parsers::fields::Field;
use dropcase_parsers::job::Job;
use proptest::prelude::*;

use super::camt::{arg, table};
use super::support::{Parsed, job, parse_bytes, parse_with, show};

const FIELDS: [Field; 8] = [
    Field::RecordType,
    Field::ValueDate,
    Field::Amount,
    Field::Currency,
    Field::Text,
    Field::AccountHolder,
    Field::Iban,
    Field::EndToEndId,
];

fn check(list: &str, expected: &[[&str; 8]], left_out: [&str; 2]) -> Parsed {
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.parts[0].layout, "bank-statement@3", "{list}");
    assert_eq!(table(&parsed, &FIELDS), expected, "{list}");
    for (index, record) in parsed.records.iter().enumerate() {
        assert_eq!(parsed.record_codes(index), Vec::<&str>::new(), "{list}");
        assert!(!show(record, Field::PaymentNumber).is_empty());
    }
    let counts = ["debits", "pending"].map(|name| arg(&parsed, "ENTRIES_LEFT_OUT", name));
    assert_eq!(counts, left_out, "{list}");
    assert!(!parsed.summary.file_rejected);
    parsed
}

#[test]
fn the_savings_banks_csv_camt() {
    let list = "\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\"Glaeubiger ID\";\
        \"Mandatsreferenz\";\"Kundenreferenz (End-to-End)\";\"Sammlerreferenz\";\"Lastschrift Ursprungsbetrag\";\
        \"Auslagenersatz Ruecklastschrift\";\"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\
        \"BIC (SWIFT-Code)\";\"Betrag\";\"Waehrung\";\"Info\"\r\n\
        \"DE02120300000000202051\";\"16.03.26\";\"15.03.26\";\"GUTSCHR. UEBERWEISUNG\";\"Akte 2600001-3 Rate\";\"\";\"\";\
        \"RE-2026-0815\";\"\";\"\";\"\";\"Erika Mustermann\";\"DE89370400440532013000\";\"COBADEFFXXX\";\"1.120,50\";\"EUR\";\
        \"Umsatz gebucht\"\r\n\
        \"DE02120300000000202051\";\"16.03.26\";\"16.03.26\";\"ENTGELT\";\"Konto\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\
        \"-3,90\";\"EUR\";\"Umsatz gebucht\"\r\n\
        \"DE02120300000000202051\";\"17.03.26\";\"17.03.26\";\"GUTSCHR.\";\"x\";\"\";\"\";\"NOTPROVIDED\";\"\";\"\";\"\";\
        \"A\";\"\";\"\";\"5,00\";\"EUR\";\"Umsatz vorgemerkt\"\r\n";
    let parsed = check(
        list,
        &[[
            "agency_payment",
            "2026-03-15",
            "112050",
            "EUR",
            "Akte 2600001-3 Rate",
            "Erika Mustermann",
            "DE89370400440532013000",
            "RE-2026-0815",
        ]],
        ["1", "1"],
    );
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
}

#[test]
fn other_banks_of_four_countries() {
    // One column for each side, titles before and a balance after.
    check(
        "Umsätze Girokonto;;;;;;;;\nBuchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;Betrag;Soll;Haben;Währung\n\
         16.03.2026;15.03.2026;SEPA;Erika Mustermann;Rate 1;DE89370400440532013000;;;50,00;EUR\n\
         17.03.2026;17.03.2026;SEPA;Stadtwerke;Strom;DE02100100100006820101;;-60,00;;EUR\n\
         Kontostand;17.03.2026;;;;;;;1.234,56;EUR\n",
        &[[
            "agency_payment",
            "2026-03-15",
            "5000",
            "EUR",
            "Rate 1",
            "Erika Mustermann",
            "DE89370400440532013000",
            "",
        ]],
        ["1", "0"],
    );
    // A letter for each side.
    check(
        "\"Datum\",\"Naam / Omschrijving\",\"Rekening\",\"Tegenrekening\",\"Code\",\"Af Bij\",\"Bedrag (EUR)\",\"MutatieSoort\",\"Mededelingen\"\n\
         \"20260316\",\"J de Vries\",\"NL00A\",\"NL91ABNA0417164300\",\"OV\",\"Bij\",\"12,50\",\"Overschrijving\",\"dossier 4711\"\n\
         \"20260317\",\"Huur\",\"NL00A\",\"NL20INGB0001234567\",\"OV\",\"Af\",\"900,00\",\"Overschrijving\",\"maart\"\n",
        &[[
            "agency_payment",
            "2026-03-16",
            "1250",
            "EUR",
            "dossier 4711",
            "J de Vries",
            "NL91ABNA0417164300",
            "",
        ]],
        ["1", "0"],
    );
}

#[test]
fn other_ways_to_write_them() {
    check(
        "\"Girokonto\";\"DE02120300000000202051\"\n\"Kontostand vom 17.03.2026:\";\"1.234,56 €\"\n\"\"\n\
         \"Buchungsdatum\";\"Wertstellung\";\"Status\";\"Zahlungspflichtige*r\";\"Zahlungsempfänger*in\";\"Verwendungszweck\";\"Umsatztyp\";\"IBAN\";\"Betrag (€)\";\"Gläubiger-ID\";\"Mandatsreferenz\";\"Kundenreferenz\"\n\
         \"16.03.26\";\"16.03.26\";\"Gebucht\";\"Erika Mustermann\";\"Inkasso\";\"Rate\";\"Eingang\";\"DE89370400440532013000\";\"1.234\";\"\";\"\";\"L-1\"\n\
         \"17.03.26\";\"17.03.26\";\"Vorgemerkt\";\"Otto\";\"Inkasso\";\"Rate\";\"Eingang\";\"\";\"10,5\";\"\";\"\";\"\"\n\
         \"17.03.26\";\"17.03.26\";\"Gebucht\";\"Inkasso\";\"Vermieter\";\"Miete\";\"Ausgang\";\"\";\"-900\";\"\";\"\";\"\"\n",
        &[[
            "agency_payment",
            "2026-03-16",
            "123400",
            "EUR",
            "Rate",
            "Erika Mustermann",
            "DE89370400440532013000",
            "L-1",
        ]],
        ["1", "1"],
    );
    // The text in several columns.
    check(
        "\"IBAN/BBAN\",\"Munt\",\"Volgnr\",\"Datum\",\"Rentedatum\",\"Bedrag\",\"Tegenrekening IBAN/BBAN\",\"Naam tegenpartij\",\"Betalingskenmerk\",\"Omschrijving-1\",\"Omschrijving-2\"\n\
         \"NL00A\",\"EUR\",\"0001\",\"2026-03-16\",\"2026-03-15\",\"+50,00\",\"NL91ABNA0417164300\",\"J de Vries\",\"\",\"factuur\",\"2026-0815\"\n",
        &[[
            "agency_payment",
            "2026-03-15",
            "5000",
            "EUR",
            "factuur 2026-0815",
            "J de Vries",
            "NL91ABNA0417164300",
            "",
        ]],
        ["", ""],
    );
    check(
        "Bogføringsdato;Beløb;Navn;Beskrivelse;Saldo;Valuta;Afstemt\n16-03-2026;100,00;Jens Hansen;sag 4711;500,00;DKK;\n\
         17-03-2026;-25,00;Gebyr;;475,00;DKK;\n",
        &[[
            "agency_payment",
            "2026-03-16",
            "10000",
            "DKK",
            "sag 4711",
            "Jens Hansen",
            "",
            "",
        ]],
        ["1", "0"],
    );
    check(
        "Date,Description,Paid out,Paid in,Balance\n16/03/2026,SMITH J REF 4711,,25.00,100.00\n18/03/2026,FEE,5.00,,95.00\n",
        &[[
            "agency_payment",
            "2026-03-16",
            "2500",
            "EUR",
            "SMITH J REF 4711",
            "",
            "",
            "",
        ]],
        ["1", "0"],
    );
}

/// Real exports, where the corpus has them: every one that has a header is a statement, and no amount or day of it is
/// unreadable.
#[test]
fn statements_of_the_corpus() {
    let Some(corpus) = std::env::var_os("DROPCASE_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: DROPCASE_CORPUS is not set");
        return;
    };
    let (mut statements, mut payments) = (0, 0);
    for path in files(&corpus.join("csv-bank")) {
        let parsed = parse_bytes(&std::fs::read(&path).unwrap());
        let is_statement = parsed
            .parts
            .first()
            .is_some_and(|part| part.layout.starts_with("bank-statement"));
        statements += u32::from(is_statement);
        payments += parsed.records.len() - parsed.records.iter().filter(|record| record.is_rejected()).count();
        eprintln!(
            "{is_statement:>5} {:?} {} {:?}",
            parsed.summary,
            path.display(),
            parsed.codes()
        );
        for (index, record) in parsed.records.iter().enumerate() {
            eprintln!(
                "      {:?} {:?}",
                parsed.record_codes(index),
                record.raw.iter().collect::<Vec<_>>()
            );
        }
    }
    assert!(
        statements >= 7 && payments >= 10,
        "{statements} statements, {payments} payments"
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

#[test]
fn the_value_date_is_the_day_of_booking_where_it_is_empty() {
    let list = "Buchungstag;Wertstellung;Verwendungszweck;Betrag\n16.03.2026;;a;1,00\noffen;;b;2,00\n17.03.2026;18.03.2026;c;3,00\n";
    let parsed = parse_bytes(list.as_bytes());
    let expected = [["2026-03-16", "a"], ["2026-03-18", "c"]];
    assert_eq!(table(&parsed, &[Field::ValueDate, Field::Text]), expected);
}

#[test]
fn equal_lines_are_several_payments_and_the_same_in_every_export() {
    let head = "Buchungstag;Valutadatum;Verwendungszweck;Betrag;Waehrung\n";
    let line = |text: &str| format!("16.03.2026;16.03.2026;{text};10,00;EUR\n");
    let numbers = |lines: &[String]| {
        let parsed = parse_bytes(format!("{head}{}", lines.concat()).as_bytes());
        let records = parsed.records.iter();
        records
            .map(|record| show(record, Field::PaymentNumber))
            .collect::<Vec<_>>()
    };
    let first = numbers(&[line("Rate"), line("Rate"), line("andere"), line("Rate")]);
    assert_eq!(first[1], format!("{}/2", first[0]));
    assert_eq!(first[3], format!("{}/3", first[0]));
    assert_ne!(first[2], first[0]);
    assert_eq!(numbers(&[line("neu"), line("RATE"), line("Ra te")])[1..], first[..2]);
}

#[test]
fn a_balance_is_no_payment_and_a_payers_word_is_no_balance() {
    let list =
        "Dato;Tekst;Beløb;Saldo\n16.03.2026;Startsaldo;900,00;900,00\n16.03.2026;Saldo;10,00;910,00\nSaldo;;910,00;\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(table(&parsed, &[Field::Text, Field::Amount]), [["Saldo", "1000"]]);
    assert_eq!(parsed.codes(), ["TOTALS_LINE", "TOTALS_LINE"]);
}

#[test]
fn a_corrected_line_comes_back() {
    let list = "Was zu tun ist;Buchungstag;Verwendungszweck;Betrag\nBetrag lesbar machen;16.03.2026;Rate;10,00\n";
    let parsed = parse_bytes(list.as_bytes());
    let expected = [["agency_payment", "2026-03-16", "1000", "EUR", "Rate", "", "", ""]];
    assert_eq!(table(&parsed, &FIELDS), expected);
    assert_eq!(parsed.codes(), Vec::<&str>::new());
}

#[test]
fn a_workbook_may_be_a_statement() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    let headers = [
        "Buchungstag",
        "Verwendungszweck",
        "IBAN Zahlungsbeteiligter",
        "Betrag",
        "Währung",
    ];
    sheet.write_row(0, 0, headers).unwrap();
    for (row, amount) in [(1, 1_250.5), (2, -3.9)] {
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 16).unwrap();
        sheet.write_with_format(row, 0, &date, &day).unwrap();
        sheet.write(row, 1, "Akte 4711").unwrap();
        sheet.write(row, 3, amount).unwrap();
        sheet.write(row, 4, "DKK").unwrap();
    }
    let parsed = parse_bytes(&book.save_to_buffer().unwrap());
    let expected = [["agency_payment", "2026-03-16", "125050", "DKK", "Akte 4711", "", "", ""]];
    assert_eq!(table(&parsed, &FIELDS), expected);
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
}

#[test]
fn amounts_and_days_are_never_guessed() {
    let list = "Buchungstag,Value date,Verwendungszweck,Betrag\n03/04/2026,03/04/2026,a,1.234\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.parts[0].layout, "bank-statement@3");
    let mut errors = parsed.errors(0);
    errors.sort_unstable();
    assert_eq!(errors, ["AMOUNT_AMBIGUOUS", "DATE_AMBIGUOUS", "DATE_AMBIGUOUS"]);
    let unclear = "Buchungstag;Verwendungszweck;Umsatz;Soll/Haben\n16.03.2026;a;1,00;X\n16.03.2026;b;1,00;H\n";
    let parsed = parse_bytes(unclear.as_bytes());
    assert_eq!((parsed.errors(0), parsed.errors(1)), (vec!["VALUE_UNREADABLE"], vec![]));
}

#[test]
fn a_layout_of_the_back_office_makes_a_statement_too() {
    let layout = "name = \"hausbank\"\nversion = 3\n[columns]\nTag = [\"value_date\"]\nZweck = [\"text\"]\nBetrag = [\"amount\"]\n\
        Zahler = [\"account_holder\"]\n[defaults]\nrecord_type = \"agency_payment\"\n";
    let job = Job {
        layouts: vec![toml::from_str(layout).unwrap()],
        ..job()
    };
    let list = "Tag;Zahler;Zweck;Betrag\n16.03.2026;Erika Mustermann;Akte 4711;10,00\n16.03.2026;Bank;Entgelt;-3,00\n";
    let parsed = parse_with(list.as_bytes(), &job);
    assert_eq!(parsed.parts[0].layout, "hausbank@3");
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
    let expected = [[
        "agency_payment",
        "2026-03-16",
        "1000",
        "EUR",
        "Akte 4711",
        "Erika Mustermann",
        "",
        "",
    ]];
    assert_eq!(table(&parsed, &FIELDS), expected);
    assert_eq!(show(&parsed.records[0], Field::PaymentNumber).len(), 33);
}

#[test]
fn lists_of_claims_stay_lists_of_claims() {
    for list in [
        // Whole lists of claims, whatever else they hold.
        "Kundennummer;Name;Rechnungsnummer;Rechnungsdatum;Betrag;Valutadatum;Verwendungszweck;Buchungstext\n1;A;R1;1.3.2026;10,00;;;\n",
        // Lists of claims that lack something are told so.
        "Kundennummer;Name;Datum;Betrag;Verwendungszweck;Saldo\n1;A;1.3.2026;10,00;x;10,00\n",
        "Date,Name,Text,Amount,Balance\n2026-03-01,A,x,10.00,10.00\n",
        // Journals and ledgers: their sides are not the bank's.
        "Datum;Konto;Gegenkonto;Buchungstext;Betrag\n1.3.2026;1200;8400;x;10,00\n",
        "Datum;Buchungstext;Soll;Haben;Saldo;Kostenstelle\n1.3.2026;x;;10,00;10,00;1\n",
        // A list of payments with a column for the kind of record.
        "Satzart;Aktenzeichen;Wertstellung;Betrag;Verwendungszweck\nagency_payment;2600001-3;16.03.2026;10,00;x\n",
    ] {
        let parsed = parse_bytes(list.as_bytes());
        assert!(!parsed.parts[0].layout.starts_with("bank-statement"), "{list}");
        assert!(!parsed.codes().contains(&"ENTRIES_LEFT_OUT"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_is_a_record_or_counted_and_numbers_are_unique(
        lines in proptest::collection::vec((0..3u32, -3..3i64, "[ab]{0,2}", any::<bool>()), 0..40)
    ) {
        let mut list = "Buchungstag;Verwendungszweck;Betrag;Info\n".to_owned();
        for (day, amount, text, booked) in &lines {
            let info = if *booked { "gebucht" } else { "vorgemerkt" };
            list += &format!("{:02}.03.2026;{text};{amount},00;{info}\n", day + 1);
        }
        let parsed = parse_bytes(list.as_bytes());
        let count = |name| arg(&parsed, "ENTRIES_LEFT_OUT", name).parse::<usize>().unwrap_or(0);
        prop_assert_eq!(parsed.records.len() + count("debits") + count("pending"), lines.len());
        let mut numbers: Vec<_> = parsed.records.iter().map(|record| show(record, Field::PaymentNumber)).collect();
        numbers.sort();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), parsed.records.len());
    }
}
