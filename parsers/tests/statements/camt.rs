//! camt.052, camt.053 and camt.054: what becomes a payment, under which number, and what does not.

use dropcase_parsers::fields::Field;
use dropcase_parsers::staged::Dialect;

use super::messages::{detail, entry, statement};
use super::support::{Parsed, parse_bytes, show};

/// The values of `fields` in every record.
pub(super) fn table(parsed: &Parsed, fields: &[Field]) -> Vec<Vec<String>> {
    let row = |record| fields.iter().map(|field| show(record, *field)).collect();
    parsed.records.iter().map(row).collect()
}

fn numbers(parsed: &Parsed) -> Vec<String> {
    parsed
        .records
        .iter()
        .map(|record| show(record, Field::PaymentNumber))
        .collect()
}

/// An argument of the first finding with this code.
pub(super) fn arg(parsed: &Parsed, code: &str, name: &str) -> String {
    let finding = parsed.findings.iter().find(|finding| finding.code.as_str() == code);
    let args = finding.map(|finding| finding.args.clone()).unwrap_or_default();
    args.into_iter()
        .find(|(known, _)| known == name)
        .map_or(String::new(), |(_, value)| value)
}

#[test]
fn a_credit_becomes_a_payment() {
    let text = entry(
        "120.50",
        "CRDT",
        "BOOK",
        "<AcctSvcrRef>2026031600017</AcctSvcrRef>",
        &detail(
            "",
            "RE-2026-0815",
            "120.50",
            "Akte 2600001-3</Ustrd><Ustrd>Rate &amp; Dank",
        ),
    );
    for (kind, version) in [(53, 2), (53, 8), (53, 13), (54, 4), (52, 2)] {
        let parsed = parse_bytes(statement(kind, version, &text).as_bytes());
        assert_eq!(parsed.codes(), Vec::<&str>::new(), "camt.0{kind}.001.{version:02}");
        assert!(matches!(parsed.parts[0].dialect, Dialect::Xml { .. }));
        let fields = [
            Field::RecordType,
            Field::PaymentNumber,
            Field::ValueDate,
            Field::Amount,
            Field::Currency,
            Field::Text,
            Field::AccountHolder,
            Field::Iban,
            Field::EndToEndId,
        ];
        let expected = [[
            "agency_payment",
            "2026031600017",
            "2026-03-15",
            "12050",
            "EUR",
            "Akte 2600001-3 Rate & Dank",
            "Erika Mustermann",
            "DE89370400440532013000",
            "RE-2026-0815",
        ]];
        assert_eq!(table(&parsed, &fields), expected);
        assert_eq!(parsed.record_codes(0), Vec::<&str>::new());
        assert_eq!(parsed.records[0].position.row, 4);
    }
}

#[test]
fn prefixes_and_later_spellings_are_read() {
    let text = r#"<?xml version="1.0"?>
<n:Document xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><n:BkToCstmrStmt><n:Stmt>
<n:Acct><n:Id><n:Othr><n:Id>1234567890</n:Id></n:Othr></n:Id><n:Ccy>DKK</n:Ccy></n:Acct>
<n:Ntry><n:Amt Ccy="DKK">1234.5</n:Amt><n:CdtDbtInd>CRDT</n:CdtDbtInd><n:Sts><n:Cd>BOOK</n:Cd></n:Sts>
<n:BookgDt><n:DtTm>2026-03-16T23:59:59+01:00</n:DtTm></n:BookgDt><n:AcctSvcrRef>A1</n:AcctSvcrRef>
<n:NtryDtls><n:TxDtls><n:Refs><n:EndToEndId>NOTPROVIDED</n:EndToEndId></n:Refs>
<n:RltdPties><n:Dbtr><n:Pty><n:Nm>Muster ApS</n:Nm></n:Pty></n:Dbtr></n:RltdPties>
<n:RltdAgts><n:DbtrAgt><n:FinInstnId><n:BICFI>DABADKKK</n:BICFI></n:FinInstnId></n:DbtrAgt></n:RltdAgts>
<n:RmtInf><n:Strd><n:CdtrRefInf><n:Ref>RF18539007547034</n:Ref></n:CdtrRefInf></n:Strd></n:RmtInf></n:TxDtls></n:NtryDtls>
</n:Ntry></n:Stmt></n:BkToCstmrStmt></n:Document>"#;
    let parsed = parse_bytes(text.as_bytes());
    let fields = [
        Field::ValueDate,
        Field::Amount,
        Field::Currency,
        Field::Text,
        Field::AccountHolder,
        Field::Bic,
        Field::EndToEndId,
    ];
    let expected = [[
        "2026-03-16",
        "123450",
        "DKK",
        "RF18539007547034",
        "Muster ApS",
        "DABADKKK",
        "",
    ]];
    assert_eq!(table(&parsed, &fields), expected);
    assert_eq!(parsed.record_codes(0), Vec::<&str>::new());
}

#[test]
fn the_number_is_the_banks_reference_where_it_gives_one() {
    let batch = |own: [&str; 3]| {
        let details = own.map(|own| detail(own, "NOTPROVIDED", "10.00", "x"));
        let reference = "<AcctSvcrRef>E1</AcctSvcrRef>";
        numbers(&parse_bytes(
            statement(53, 4, &entry("30.00", "CRDT", "BOOK", reference, &details.concat())).as_bytes(),
        ))
    };
    assert_eq!(batch(["D1", "D2", "D3"]), ["D1", "D2", "D3"]);
    assert_eq!(batch(["", "", ""]), ["E1/1", "E1/2", "E1/3"]);
    // Some banks repeat the reference of the entry, or one of their own.
    assert_eq!(batch(["E1", "E1", "D3"]), ["E1/1", "E1/2", "D3"]);
    assert_eq!(batch(["D1", "D1", "D3"]), ["D1/1", "D1/2", "D3"]);
    assert_eq!(batch(["D1", "D3", "D3"]), ["D1", "D3/2", "D3/3"]);
    let alone = entry("10.00", "CRDT", "BOOK", "<AcctSvcrRef>E1</AcctSvcrRef>", "");
    assert_eq!(numbers(&parse_bytes(statement(53, 2, &alone).as_bytes())), ["E1"]);
}

#[test]
fn without_a_reference_the_content_makes_the_number() {
    let one = entry("10.00", "CRDT", "BOOK", "", &detail("", "NOTPROVIDED", "10.00", "Rate"));
    let other = entry(
        "10.00",
        "CRDT",
        "BOOK",
        "",
        &detail("", "NOTPROVIDED", "10.00", "Rate 2"),
    );
    let first = numbers(&parse_bytes(statement(53, 2, &format!("{one}{other}{one}")).as_bytes()));
    assert!(first[0].starts_with("20260315-") && first[0].len() == 33, "{first:?}");
    assert_ne!(first[0], first[1]);
    assert_eq!(first[2], format!("{}/2", first[0]));
    // The same in another file, of another kind and with others around it.
    let again = numbers(&parse_bytes(statement(52, 8, &format!("{other}{one}")).as_bytes()));
    assert_eq!(again, [first[1].clone(), first[0].clone()]);
}

#[test]
fn the_entrys_own_number_counts_with_its_account_day_and_amount() {
    let numbered = |number: &str, amount: &str| {
        let entry = entry(amount, "CRDT", "BOOK", "", &detail("", "X", amount, "x"));
        entry.replacen("<Ntry>", &format!("<Ntry><NtryRef>{number}</NtryRef>"), 1)
    };
    let all = [numbered("1", "10.00"), numbered("2", "10.00"), numbered("1", "20.00")].concat();
    let mut found = numbers(&parse_bytes(statement(53, 2, &all).as_bytes()));
    assert!(found.iter().all(|number| number.starts_with("20260316-")), "{found:?}");
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 3);
}

#[test]
fn debits_and_pending_entries_are_counted() {
    let all = [
        entry("5.00", "DBIT", "BOOK", "", ""),
        entry("6.00", "DBIT", "BOOK", "", ""),
        entry("7.00", "CRDT", "PDNG", "", ""),
        entry("8.00", "CRDT", "INFO", "", ""),
        entry("9.00", "CRDT", "BOOK", "<RvslInd>true</RvslInd>", ""),
        entry("10.00", "CRDT", "BOOK", "<AcctSvcrRef>E1</AcctSvcrRef>", ""),
    ];
    let parsed = parse_bytes(statement(53, 8, &all.concat()).as_bytes());
    assert_eq!(numbers(&parsed), ["E1"]);
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
    let counts = ["debits", "pending", "returned"].map(|name| arg(&parsed, "ENTRIES_LEFT_OUT", name));
    assert_eq!(counts, ["2", "2", "1"]);
    let none = parse_bytes(statement(53, 8, &all[0]).as_bytes());
    assert_eq!((none.codes(), none.summary.records), (vec!["ENTRIES_LEFT_OUT"], 0));
    assert_eq!(parse_bytes(statement(53, 8, "").as_bytes()).codes(), ["HEADER_ONLY"]);
}

#[test]
fn a_return_names_its_payment_where_the_file_does() {
    let credit = |reference: &str, end_to_end: &str| {
        let bank = format!("<AcctSvcrRef>{reference}</AcctSvcrRef>");
        entry(
            "50.00",
            "CRDT",
            "BOOK",
            &bank,
            &detail("", end_to_end, "50.00", "Einzug"),
        )
    };
    let returned = |amount: &str, end_to_end: &str| {
        let reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>";
        let instructed = "</Refs><AmtDtls><InstdAmt><Amt Ccy=\"EUR\">50.00</Amt></InstdAmt></AmtDtls>";
        let details = detail("", end_to_end, amount, "Rückgabe");
        let details = details.replace("</TxDtls>", reason).replace("</Refs>", instructed);
        entry(amount, "DBIT", "BOOK", "<AcctSvcrRef>R9</AcctSvcrRef>", &details)
    };
    let all = [
        credit("E1", "L-1"),
        credit("E2", "L-2"),
        credit("E3", "L-3"),
        credit("E4", "L-3"),
    ]
    .concat();
    for (entry, number, codes) in [
        (returned("50.00", "L-2"), "E2", vec![]),
        // With the bank's fee: the instructed amount is the original's.
        (returned("53.00", "L-2"), "E2", vec![]),
        // Two payments could be meant.
        (returned("50.00", "L-3"), "", vec!["AMBIGUOUS_RETURN"]),
        // None is in the file: the case desk looks for it.
        (returned("53.00", "L-9"), "", vec![]),
    ] {
        let parsed = parse_bytes(statement(53, 2, &format!("{all}{entry}")).as_bytes());
        let last = parsed.records.len() - 1;
        assert_eq!(last, 4);
        assert_eq!(show(&parsed.records[last], Field::RecordType), "payment_cancellation");
        assert_eq!(show(&parsed.records[last], Field::PaymentNumber), number);
        assert_eq!(show(&parsed.records[last], Field::Amount), "5000");
        assert_eq!(show(&parsed.records[last], Field::BankReference), "R9");
        assert_eq!(parsed.record_codes(last), codes);
    }
    // Only the bank transaction code says so.
    let code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>";
    let unpaid = entry("50.00", "DBIT", "BOOK", code, &detail("", "L-2", "50.00", "x"));
    let parsed = parse_bytes(statement(53, 2, &format!("{all}{unpaid}")).as_bytes());
    assert_eq!(numbers(&parsed).last().map(String::as_str), Some("E2"));
    // A reversal under the reference of what it reverses.
    let reversal = entry(
        "50.00",
        "DBIT",
        "BOOK",
        "<AcctSvcrRef>E1</AcctSvcrRef><RvslInd>1</RvslInd>",
        "",
    );
    let parsed = parse_bytes(statement(53, 2, &format!("{all}{reversal}")).as_bytes());
    assert_eq!(numbers(&parsed).last().map(String::as_str), Some("E1"));
}

#[test]
fn a_return_without_a_reference_of_the_bank_is_known_by_its_content() {
    let returned = |text: &str| {
        let details = detail("", "NOTPROVIDED", "50.00", text).replace("</TxDtls>", "<RtrInf/></TxDtls>");
        entry("50.00", "DBIT", "BOOK", "", &details)
    };
    let (one, other) = (returned("Lastschrift 1"), returned("Lastschrift 2"));
    let references = |entries: &str| {
        let parsed = parse_bytes(statement(53, 8, entries).as_bytes());
        assert!(
            parsed
                .records
                .iter()
                .all(|record| record.findings.is_empty() && record.get(Field::PaymentNumber).is_none())
        );
        table(&parsed, &[Field::BankReference]).concat()
    };
    let first = references(&format!("{one}{other}{one}"));
    assert!(first[0].starts_with("20260315-") && first[0].len() == 33, "{first:?}");
    assert_ne!(first[0], first[1]);
    assert_eq!(first[2], format!("{}/2", first[0]));
    assert_eq!(
        references(&format!("{other}{one}")),
        [first[1].clone(), first[0].clone()]
    );
}

#[test]
fn details_may_go_the_other_way_where_that_is_clear() {
    let way = |way: &str, text: &str| {
        let detail = detail("", "X", "10.00", text);
        detail.replacen("<RltdPties>", &format!("<CdtDbtInd>{way}</CdtDbtInd><RltdPties>"), 1)
    };
    // A batch from which the bank took its fee.
    let details = [way("CRDT", "a"), way("CRDT", "b"), way("DBIT", "fee")].concat();
    let net = entry("10.00", "CRDT", "BOOK", "<AcctSvcrRef>E1</AcctSvcrRef>", &details);
    let parsed = parse_bytes(statement(53, 8, &net).as_bytes());
    assert_eq!(numbers(&parsed), ["E1/1", "E1/2"]);
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
    assert!(parsed.record_codes(1).is_empty());
    // An outgoing batch whose transfers are credits to somebody: nothing says so for certain.
    let details = [way("CRDT", "a"), way("DBIT", "b")].concat();
    let out = entry("20.00", "DBIT", "BOOK", "<AcctSvcrRef>E1</AcctSvcrRef>", &details);
    let parsed = parse_bytes(statement(53, 8, &out).as_bytes());
    assert_eq!(parsed.record_codes(0), ["VALUE_UNREADABLE"]);
    assert!(parsed.records.len() == 1 && parsed.records[0].is_rejected());
}

#[test]
fn a_batch_must_add_up() {
    let reference = "<AcctSvcrRef>E1</AcctSvcrRef>";
    let details = [detail("", "A", "10.00", "a"), detail("", "B", "20.00", "b")].concat();
    let batch = "<Btch><NbOfTxs>3</NbOfTxs></Btch>";
    for (entry, expected) in [
        (entry("30.00", "CRDT", "BOOK", reference, &details), None),
        (
            entry("31.00", "CRDT", "BOOK", reference, &details),
            Some(("31.00 EUR", "30.00 EUR")),
        ),
        (
            entry("30.00", "CRDT", "BOOK", reference, &format!("{batch}{details}")),
            Some(("3", "2")),
        ),
        (entry("30.00", "CRDT", "BOOK", reference, batch), Some(("3", "0"))),
    ] {
        let parsed = parse_bytes(statement(53, 4, &entry).as_bytes());
        let last = parsed.records.last().unwrap();
        let found = last
            .findings
            .iter()
            .find(|finding| finding.code.as_str() == "BATCH_DIFFERS");
        let args = found.map(|finding| (finding.args[0].1.as_str(), finding.args[1].1.as_str()));
        assert_eq!(args, expected);
        assert!(!last.is_rejected());
    }
}

#[test]
fn a_batch_tells_what_differs_though_its_last_detail_is_left_out() {
    let way = |way: &str, amount: &str, text: &str| {
        let detail = detail("", "X", amount, text);
        detail.replacen("<RltdPties>", &format!("<CdtDbtInd>{way}</CdtDbtInd><RltdPties>"), 1)
    };
    let details = [
        way("CRDT", "10.00", "a"),
        way("CRDT", "20.00", "b"),
        way("DBIT", "1.00", "fee"),
    ]
    .concat();
    let fees = [way("DBIT", "1.00", "fee"), way("DBIT", "2.00", "fee")].concat();
    let batch = |reference: &str, amount: &str, details: &str| {
        let reference = format!("<AcctSvcrRef>{reference}</AcctSvcrRef>");
        entry(amount, "CRDT", "BOOK", &reference, details)
    };
    let all = [
        batch("E1", "31.00", &details),
        batch("E2", "29.00", &details),
        // Nothing of it is kept: nothing is told of it, and its neighbours are no part of it.
        batch("E3", "9.00", &fees),
        batch("E4", "1.00", ""),
    ];
    let parsed = parse_bytes(statement(53, 8, &all.concat()).as_bytes());
    assert_eq!(numbers(&parsed), ["E1/1", "E1/2", "E2/1", "E2/2", "E4"]);
    let codes: Vec<_> = (0..5).map(|index| parsed.record_codes(index)).collect();
    assert_eq!(codes, [vec![], vec!["BATCH_DIFFERS"], vec![], vec![], vec![]]);
    assert_eq!(parsed.codes(), ["ENTRIES_LEFT_OUT"]);
}

#[test]
fn currencies_and_statements_may_differ_in_one_file() {
    let one = entry("1.00", "CRDT", "BOOK", "<AcctSvcrRef>E1</AcctSvcrRef>", "");
    let yen = one.replace("EUR", "JPY").replace("E1", "E2").replace("1.00", "100");
    let second = statement(53, 2, &yen).replace("Ccy>EUR", "Ccy>JPY");
    let second = &second[second.find("<Stmt>").unwrap()..second.find("</BkToCstmrStmt>").unwrap()];
    let whole = statement(53, 2, &one).replace("</Stmt>", &format!("</Stmt>{second}"));
    let parsed = parse_bytes(whole.as_bytes());
    let expected = [["E1", "100", "EUR"], ["E2", "100", "JPY"]];
    assert_eq!(
        table(&parsed, &[Field::PaymentNumber, Field::Amount, Field::Currency]),
        expected
    );
}

#[test]
fn other_messages_and_versions_are_refused() {
    let one = entry("1.00", "CRDT", "BOOK", "", "");
    for (document, root) in [
        (statement(53, 1, &one), "camt.053.001.01"),
        (statement(53, 14, &one), "camt.053.001.14"),
        (
            statement(54, 2, &one).replace("camt.054", "camt.055"),
            "camt.055.001.02",
        ),
        (
            "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'><CstmrCdtTrfInitn/></Document>".into(),
            "Document/CstmrCdtTrfInitn",
        ),
    ] {
        let parsed = parse_bytes(document.as_bytes());
        assert_eq!(parsed.codes(), ["UNKNOWN_FORMAT"]);
        assert_eq!(arg(&parsed, "UNKNOWN_FORMAT", "root"), root);
    }
}
