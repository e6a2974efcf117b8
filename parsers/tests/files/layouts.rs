//! Columns: combined, unknown, missing, twice; the client's own layouts; corrected files that come back.

use super::support::{Parsed, job, parse_bytes, parse_with, show};
use dropcase_parsers::catalogue::Language;
use dropcase_parsers::fields::Field;
use dropcase_parsers::job::{DateOrder, Job, NumberFormat};
use dropcase_parsers::layout::Layout;
use dropcase_parsers::layout::correction::advice_header;

fn layout(toml: &str) -> Layout {
    toml::from_str(toml).expect("a layout")
}

fn with_layout(toml: &str) -> Job {
    Job {
        layouts: vec![layout(toml)],
        ..job()
    }
}

/// The values of the first record.
fn first(parsed: &Parsed, fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| show(&parsed.records[0], *field)).collect()
}

#[test]
fn combined_columns_are_split_by_rule() {
    use Field::{AddressExtra, City, CompanyName, FirstName, HouseNumber, LastName, PostalCode, Street};
    let fields = [
        FirstName,
        LastName,
        CompanyName,
        Street,
        HouseNumber,
        AddressExtra,
        PostalCode,
        City,
    ];
    for (columns, values, expected) in [
        (
            "Name;Straße;Ort",
            "Mustermann, Erika;Musterstr. 5a;01067 Dresden",
            ["Erika", "Mustermann", "", "Musterstr.", "5a", "", "01067", "Dresden"],
        ),
        (
            "Name;Adresse",
            "Muster GmbH;Musterstr. 5a, 01067 Dresden",
            ["", "", "Muster GmbH", "Musterstr.", "5a", "", "01067", "Dresden"],
        ),
        (
            "Anrede;Name;Anschrift;PLZ/Ort",
            "Frau;Erika Mustermann;Musterstr. 5;D-01067 Dresden",
            ["Erika", "Mustermann", "", "Musterstr.", "5", "", "01067", "Dresden"],
        ),
        (
            "Vorname;Name;Straße;Hausnummer;PLZ;Ort",
            "Erika;Mustermann;Straße des 17. Juni;135;10623;Berlin",
            [
                "Erika",
                "Mustermann",
                "",
                "Straße des 17. Juni",
                "135",
                "",
                "10623",
                "Berlin",
            ],
        ),
        (
            "Navn;Adresse;Postnr;By",
            "Muster ApS;Nørregade 12, 2. tv;2100;København Ø",
            ["", "", "Muster ApS", "Nørregade", "12", "2. tv", "2100", "København Ø"],
        ),
        (
            "Name;Straße;Ort",
            "Erika Mustermann;Q 4;Dresden",
            ["", "Erika Mustermann", "", "Q 4", "", "", "", "Dresden"],
        ),
    ] {
        let list =
            format!("Kundennr;{columns};Rechnungsnr;Rechnungsdatum;Hauptforderung\n1;{values};R1;01.02.2026;10,50\n");
        let parsed = parse_bytes(list.as_bytes());
        assert_eq!(parsed.summary.records, 1, "{list} {:?}", parsed.findings);
        assert_eq!(first(&parsed, &fields), expected, "{list}");
        assert_eq!(parsed.errors(0), Vec::<&str>::new(), "{list}");
    }
}

#[test]
fn a_whole_name_fills_in_where_no_other_column_names_the_debtor() {
    let list = "Name;Vorname;Nachname;Firma;Kundennr;Rechnungsnr;Rechnungsdatum;Hauptforderung\n\
                Muster GmbH;;;;1;R1;01.02.2026;10,50\nMustermann E.;Erika;Mustermann;;2;R2;01.02.2026;10,50\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.codes(), Vec::<&str>::new(), "{:?}", parsed.findings);
    assert_eq!(show(&parsed.records[0], Field::CompanyName), "Muster GmbH");
    assert_eq!(show(&parsed.records[1], Field::LastName), "Mustermann");
    assert_eq!(
        parsed.records[1].extra,
        [("Name".to_owned(), "Mustermann E.".to_owned())]
    );
}

#[test]
fn unknown_columns_are_said_once_and_kept() {
    let list = "Kundennr;Name;Lieblingsfarbe;Rechnungsnr;Rechnungsdatum;Hauptforderung;;\n\
                1;Muster GmbH;blau;R1;01.02.2026;10,50;;\n2;Muster GmbH;;R2;01.02.2026;10,50;;x\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.codes(), ["UNKNOWN_COLUMN", "UNKNOWN_COLUMN"]);
    assert_eq!(parsed.findings[0].header.as_deref(), Some("Lieblingsfarbe"));
    assert_eq!(
        (parsed.findings[1].column, parsed.findings[1].header.as_deref()),
        (Some(7), None)
    );
    assert_eq!(
        parsed.records[0].extra,
        [("Lieblingsfarbe".to_owned(), "blau".to_owned())]
    );
    assert_eq!(parsed.records[1].extra, [("#8".to_owned(), "x".to_owned())]);
}

#[test]
fn a_status_is_looked_for_in_requests_alone() {
    for (columns, values, expected) in [
        (
            "Satzart;Anfrageart;Status;von;Format",
            "Anfrage;Akten;alle;01.02.2026;Excel",
            ["all", "2026-02-01", "xlsx"],
        ),
        (
            "Satzart;Status;von;Format",
            "Anfrage;alle;01.02.2026;Excel",
            ["all", "2026-02-01", "xlsx"],
        ),
        (
            "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Status;von;Format",
            "1;Muster GmbH;R1;01.02.2026;10,50;gemahnt;Filiale;A4",
            ["", "", ""],
        ),
        (
            "Satzart;Rechnungsnr;Zahlungsdatum;Betrag;Status;von;Format",
            "Zahlung;R1;01.02.2026;10,50;verbucht;Bank;A4",
            ["", "", ""],
        ),
    ] {
        let parsed = parse_bytes(format!("{columns}\n{values}\n").as_bytes());
        assert!(
            !parsed.records[0].is_rejected(),
            "{columns}: {:?}",
            parsed.records[0].findings
        );
        assert_eq!(
            first(&parsed, &[Field::Status, Field::From, Field::Format]),
            expected,
            "{columns}"
        );
        let kept = expected[0].is_empty();
        assert_eq!(parsed.records[0].extra.len(), if kept { 3 } else { 0 }, "{columns}");
    }
}

#[test]
fn a_missing_needed_column_is_an_error_of_the_file() {
    let parsed = parse_bytes(b"Kundennr;Name;Rechnungsdatum;Hauptforderung\n1;Muster GmbH;01.02.2026;10,50\n");
    assert_eq!(parsed.codes(), ["MISSING_COLUMN"]);
    assert!(parsed.summary.file_rejected);
    assert_eq!(parsed.summary.records, 0);
    let args = &parsed.findings[0].args;
    assert!(
        args[0].1.contains("Rechnungsnummer") && args[0].1.contains("Fakturanr"),
        "{args:?}"
    );

    let creditor = Job {
        creditor_required: true,
        ..job()
    };
    let list = b"Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung\n1;Muster GmbH;R1;01.02.2026;10,50\n";
    assert_eq!(parse_with(list, &creditor).codes(), ["MISSING_COLUMN"]);
    let from_invoice = Job {
        debtor_number_from_invoice: true,
        ..job()
    };
    let list = b"Name;Rechnungsnr;Rechnungsdatum;Hauptforderung\nMuster GmbH;R1;01.02.2026;10,50\n";
    let parsed = parse_with(list, &from_invoice);
    assert_eq!(first(&parsed, &[Field::DebtorNumber]), ["R1"]);
}

#[test]
fn two_columns_for_one_field() {
    let list = "Kundennr;Debitorennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung\n1;2;Muster;R1;01.02.2026;10,50\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.codes(), ["COLUMN_TWICE"]);
    assert!(parsed.summary.file_rejected);

    let list =
        "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Bemerkung;Notiz\n1;Muster;R1;01.02.2026;10,50;a;b\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.codes(), ["COLUMN_TWICE"]);
    assert!(!parsed.summary.file_rejected);
    assert_eq!(show(&parsed.records[0], Field::Memo), "a");
    assert_eq!(parsed.records[0].extra[0].1, "b");
}

#[test]
fn fields_given_several_times() {
    let list = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Telefon;Telefon2;Telefon 3;E-Mail\n\
                1;Muster;R1;01.02.2026;10,50;0351 1;0351 2;0351 1;a@example.org; b@example.org\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(
        first(&parsed, &[Field::Phone, Field::Email]),
        ["0351 1|0351 2", "a@example.org"]
    );
    // The semicolon in the last cell was not quoted.
    assert_eq!(parsed.errors(0), ["TOO_MANY_FIELDS"]);
}

#[test]
fn headers_whose_meaning_depends_on_others() {
    let head = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung";
    let row = "1;Muster GmbH;R1;01.02.2026;10,50";
    for (column, value, field, expected) in [
        ("Valuta", "DKK", Field::Currency, "DKK"),
        ("Valuta", "04.05.2026", Field::ValueDate, "2026-05-04"),
        ("Aktenzeichen", "2600001-3", Field::CaseNumber, "2600001-3"),
        (
            "Gericht;Aktenzeichen",
            "AG Musterstadt;12 B 3/25",
            Field::TitleReference,
            "12 B 3/25",
        ),
        ("gewerblich", "ja", Field::ActsAs, "business"),
        ("Verbraucher", "ja", Field::ActsAs, "consumer"),
        ("Verbraucher", "nein", Field::ActsAs, "business"),
        ("Grund", "Kaufvertrag", Field::ClaimReason, "Kaufvertrag"),
        ("Mahngebühren (EUR)", "5,00", Field::DunningCosts, "500"),
        ("Zinssatz %", "5,12", Field::InterestRate, "51200"),
        ("Land", "Dänemark", Field::Country, "DK"),
    ] {
        let parsed = parse_bytes(format!("{head};{column}\n{row};{value}\n").as_bytes());
        assert_eq!(first(&parsed, &[field]), [expected], "{column}: {:?}", parsed.findings);
        assert_eq!(parsed.errors(0), Vec::<&str>::new(), "{column}");
    }
    let list = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Betrag\n1;Muster GmbH;R1;01.02.2026;10,50\n";
    assert_eq!(
        first(&parse_bytes(list.as_bytes()), &[Field::PrincipalAmount, Field::Amount]),
        ["1050", ""]
    );
}

#[test]
fn record_types_have_their_own_needs() {
    let list = "Satzart;Kundennr;Rechnungsnr;Betrag;Zahlungsdatum;Text\n\
                Direktzahlung;1;R1;10,50;04.05.2026;\nDirektzahlung;1;R1;;04.05.2026;\nNachricht;1;;;;Bitte anrufen\n\
                Rückruf;1;R1;;;\nsonstwas;1;R1;;;\n;1;R1;10,50;;\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(parsed.codes(), Vec::<&str>::new());
    let errors: Vec<_> = (0..6).map(|index| parsed.errors(index)).collect();
    let expected: [&[&str]; 6] = [
        &[],
        &["REQUIRED"],
        &[],
        &[],
        &["UNKNOWN_RECORD_TYPE"],
        &["REQUIRED", "REQUIRED"],
    ];
    assert_eq!(errors, expected);
    assert_eq!(show(&parsed.records[0], Field::RecordType), "direct_payment");
    assert_eq!(show(&parsed.records[5], Field::RecordType), "new_claim");
}

#[test]
fn an_own_layout_comes_first() {
    let job = with_layout(
        "name = \"erp\"\nversion = 3\nnumber_format = \"decimal-point\"\ndate_order = \"month-day-year\"\n\
         [columns]\nKD = [\"debtor_number\"]\nNAME = [\"last_name\", \"first_name\"]\nNR = [\"invoice_number\"]\n\
         DT = [\"invoice_date\"]\nSOLL = [\"principal_amount\"]\nIGNORE = []\n\
         [defaults]\nclaim_reason = \"Kaufvertrag\"\ndunning_costs = \"2.50\"\n",
    );
    let list =
        "Export vom 01.02.2026\nKD;NAME;NR;DT;SOLL;IGNORE;Währung\n7;Mustermann, Erika;R1;03/04/2026;1,234;x;USD\n";
    let parsed = parse_with(list.as_bytes(), &job);
    assert_eq!(parsed.codes(), Vec::<&str>::new(), "{:?}", parsed.findings);
    assert_eq!(parsed.parts[0].layout, "erp@3");
    assert_eq!(parsed.parts[0].header_row, Some(2));
    use Field::{ClaimReason, Currency, DebtorNumber, DunningCosts, FirstName, InvoiceDate, LastName, PrincipalAmount};
    assert_eq!(
        first(
            &parsed,
            &[
                DebtorNumber,
                FirstName,
                LastName,
                InvoiceDate,
                PrincipalAmount,
                Currency,
                ClaimReason,
                DunningCosts
            ]
        ),
        [
            "7",
            "Erika",
            "Mustermann",
            "2026-03-04",
            "123400",
            "USD",
            "Kaufvertrag",
            "250"
        ]
    );
    assert!(parsed.records[0].extra.is_empty());
}

#[test]
fn a_layout_without_a_header_names_columns_by_number() {
    let job = with_layout(
        "name = \"host\"\nno_header = true\n[columns]\n1 = [\"debtor_number\"]\n2 = [\"company_name\"]\n\
         3 = [\"invoice_number\"]\n4 = [\"invoice_date\"]\n6 = [\"principal_amount\"]\n",
    );
    let list = "1;Muster GmbH;R1;20260201;;10,50\n2;Muster GmbH;R2;20260201;;20,50\n";
    let parsed = parse_with(list.as_bytes(), &job);
    assert_eq!(parsed.codes(), Vec::<&str>::new(), "{:?}", parsed.findings);
    assert_eq!(parsed.summary.records, 2);
    assert_eq!(parsed.parts[0].header_row, None);
    assert_eq!(
        first(&parsed, &[Field::InvoiceDate, Field::PrincipalAmount]),
        ["2026-02-01", "1050"]
    );
    assert_eq!(parsed.records[0].extra, []);
    let wider = parse_with(b"1;Muster GmbH;R1;20260201;x;10,50;y\n", &job);
    assert_eq!(wider.errors(0), Vec::<&str>::new());
    let extra: Vec<_> = wider.records[0]
        .extra
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(extra, [("#5", "x"), ("#7", "y")]);
    // A list with a header of its own is read by that.
    let list = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;x;Hauptforderung\n1;Muster GmbH;R1;20260201;;10,50\n";
    assert_eq!(parse_with(list.as_bytes(), &job).parts[0].layout, "built-in@3");
}

#[test]
fn the_column_decides_before_the_client() {
    let head = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung";
    let rows = |rows: &[(&str, &str)]| {
        let lines = rows
            .iter()
            .enumerate()
            .map(|(n, (date, amount))| format!("{n};Muster GmbH;R{n};{date};{amount}\n"));
        format!("{head}\n{}", lines.collect::<String>()).into_bytes()
    };
    let lone = rows(&[("03/04/2026", "1.234")]);
    assert_eq!(parse_bytes(&lone).errors(0), ["DATE_AMBIGUOUS", "AMOUNT_AMBIGUOUS"]);
    let said = Job {
        number_format: Some(NumberFormat::DecimalPoint),
        date_order: Some(DateOrder::MonthDayYear),
        ..job()
    };
    let parsed = parse_with(&lone, &said);
    assert_eq!(parsed.errors(0), ["AMOUNT_PRECISION"]);
    assert_eq!(first(&parsed, &[Field::InvoiceDate]), ["2026-03-04"]);
    // The rows before and after show another way than the client's setting.
    let shown = rows(&[("03/04/2026", "1.234"), ("13/04/2026", "5,50")]);
    let parsed = parse_with(&shown, &said);
    assert_eq!(
        first(&parsed, &[Field::InvoiceDate, Field::PrincipalAmount]),
        ["2026-04-03", "123400"]
    );
}

#[test]
fn a_corrected_file_is_taken_with_its_added_columns() {
    for language in Language::ALL {
        let advice = advice_header(*language);
        let list = format!(
            "{advice};Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung\n\
             Betrag verbessern;1;Muster GmbH;R1;01.02.2026;10,50\n"
        );
        let parsed = parse_bytes(list.as_bytes());
        assert_eq!(parsed.codes(), Vec::<&str>::new(), "{advice}");
        assert_eq!(parsed.errors(0), Vec::<&str>::new(), "{advice}");
        assert!(
            parsed.records[0].extra.is_empty() && parsed.parts[0].columns[0].is_empty(),
            "{advice}"
        );
    }
}

#[test]
fn defused_cells_come_back_as_they_were() {
    let list = "Kundennr;Name;Rechnungsnr;Rechnungsdatum;Hauptforderung;Bemerkung\n\
                '00012;Muster GmbH;=\"0815\";01.02.2026;'-10,50;'=SUM(A1)\n";
    let parsed = parse_bytes(list.as_bytes());
    assert_eq!(
        first(
            &parsed,
            &[
                Field::DebtorNumber,
                Field::InvoiceNumber,
                Field::PrincipalAmount,
                Field::Memo
            ]
        ),
        ["00012", "0815", "-1050", "=SUM(A1)"]
    );
}

#[test]
fn a_list_of_requests_need_not_say_so() {
    let all = "kind,case_number,client_reference,debtor_name,debtor_country,status,from,to,format";
    let fields = [
        Field::RecordType,
        Field::RequestKind,
        Field::Status,
        Field::From,
        Field::To,
        Field::Format,
    ];
    for (columns, values, expected) in [
        (
            all,
            "cases,,,,DE,open,2026-01-01,2026-02-01,json",
            ["request", "cases", "open", "2026-01-01", "2026-02-01", "json"],
        ),
        (all, "case,10000004,,,,,,,html", ["request", "case", "", "", "", "html"]),
        (
            "kind;status;format",
            "cases;all;csv",
            ["request", "cases", "all", "", "", "csv"],
        ),
        (
            "Anfrageart;Status;von;bis;Format",
            "Akten;alle;01.01.2026;01.02.2026;Excel",
            ["request", "cases", "all", "2026-01-01", "2026-02-01", "xlsx"],
        ),
        (
            "Eigenes Zeichen;Format",
            "R-1;HTML",
            ["request", "", "", "", "", "html"],
        ),
        (
            "record_type;kind;format",
            "request;cases;xlsx",
            ["request", "cases", "", "", "", "xlsx"],
        ),
    ] {
        let parsed = parse_bytes(format!("{columns}\n{values}\n").as_bytes());
        assert!(parsed.findings.is_empty(), "{columns}: {:?}", parsed.findings);
        assert!(
            !parsed.records[0].is_rejected(),
            "{columns}: {:?}",
            parsed.records[0].findings
        );
        assert_eq!(first(&parsed, &fields), expected, "{columns}");
    }
    let pairs = parse_bytes(b"kind=case\ncase_number=10000004\nformat=html\n");
    assert_eq!(first(&pairs, &fields[..2]), ["request", "case"]);
    // A list of claims that lacks its amounts is one of claims.
    let claims = parse_bytes(b"Kundennr;Name;Rechnungsnr;Rechnungsdatum;kind\n1;Muster GmbH;R1;01.02.2026;x\n");
    assert_eq!(claims.codes(), ["MISSING_COLUMN", "UNKNOWN_COLUMN"]);
}

#[test]
fn a_date_is_the_day_of_a_payment_where_nothing_else_has_one() {
    let day = |list: &str| first(&parse_bytes(list.as_bytes()), &[Field::ValueDate]);
    assert_eq!(
        day("Satzart;Rechnungsnummer;Betrag;Datum\nDirektzahlung;R-1;30,00;01.04.2026\n"),
        ["2026-04-01"]
    );
    for other in [
        "Satzart;Rechnungsnummer;Betrag;Datum;Zahlungsdatum\nDirektzahlung;R-1;30,00;01.04.2026;\n",
        "Satzart;Rechnungsnummer;Betrag;Datum;Rechnungsdatum\nDirektzahlung;R-1;30,00;01.04.2026;\n",
        "Kundennr;Name;Rechnungsnr;Fälligkeit;Betrag;Datum\n1;Muster GmbH;R1;01.02.2026;10,50;01.02.2026\n",
    ] {
        assert_eq!(day(other), [""], "{other}");
    }
}
