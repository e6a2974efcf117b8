//! Statements that nobody's bank wrote: no panic, no guess, bounded memory.

use dropcase_parsers::fields::Field;
use proptest::prelude::*;

use super::messages::{detail, entry, statement};
use super::support::{parse_bytes, show};

/// The findings of a payment whose entry was changed from `from` to `to`.
fn changed(from: &str, to: &str) -> (Vec<&'static str>, String) {
    let reference = "<AcctSvcrRef>E1</AcctSvcrRef>";
    let entry = entry("10.00", "CRDT", "BOOK", reference, &detail("", "X", "10.00", "x"));
    let changed = entry.replace(from, to);
    assert_ne!(entry, changed);
    let parsed = parse_bytes(statement(53, 8, &changed).replace("<Ccy>EUR</Ccy>", "").as_bytes());
    assert_eq!(parsed.records.len(), 1, "{:?}", parsed.codes());
    (parsed.errors(0), show(&parsed.records[0], Field::Amount))
}

#[test]
fn amounts_are_read_or_told() {
    let amount = |text: &str| changed("<Amt Ccy=\"EUR\">10.00<", &format!("<Amt Ccy=\"EUR\">{text}<"));
    assert_eq!(amount("10"), (vec![], "1000".into()));
    assert_eq!(amount("1.234"), (vec!["AMOUNT_PRECISION"], String::new()));
    assert_eq!(amount("0010.00000"), (vec![], "1000".into()));
    for nonsense in [
        "NaN",
        "INF",
        "1e5",
        "0x10",
        "10.0.0",
        "",
        "ten",
        "٣.٠٠",
        "9999999999999999999999999999",
    ] {
        let (errors, read) = amount(nonsense);
        assert_eq!((errors.len(), read.as_str()), (1, ""), "{nonsense} {errors:?}");
    }
}

#[test]
fn what_is_missing_is_not_guessed() {
    assert_eq!(changed(" Ccy=\"EUR\"", "").0, ["REQUIRED"]);
    assert_eq!(changed("<CdtDbtInd>CRDT</CdtDbtInd>", "").0, ["VALUE_UNREADABLE"]);
    assert_eq!(changed("CRDT", "BOTH").0, ["VALUE_UNREADABLE"]);
    assert_eq!(
        changed("<Sts>BOOK</Sts>", "<Sts><Prtry>SURE</Prtry></Sts>").0,
        ["VALUE_UNREADABLE"]
    );
    assert_eq!(
        changed("<ValDt><Dt>2026-03-15</Dt></ValDt>", ""),
        (vec![], "1000".into())
    );
    let dates = "<BookgDt><Dt>2026-03-16</Dt></BookgDt><ValDt><Dt>2026-03-15</Dt></ValDt>";
    assert_eq!(changed(dates, "").0, ["REQUIRED"]);
    for absurd in [
        "2026-02-30",
        "0000-00-00",
        "99999-01-01",
        "2026-03-15x",
        "yesterday",
        "-2026-03-15",
        "15/03/26 x",
    ] {
        assert_eq!(
            changed("<ValDt><Dt>2026-03-15<", &format!("<ValDt><Dt>{absurd}<")).0,
            ["DATE_UNREADABLE"],
            "{absurd}"
        );
    }
}

#[test]
fn documents_that_attack_the_reader_are_refused() {
    let whole = statement(53, 8, &entry("10.00", "CRDT", "BOOK", "", ""));
    let with = |from: &str, to: &str| parse_bytes(whole.replacen(from, to, 1).as_bytes()).codes();
    let bomb = "<!DOCTYPE Document [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document ";
    assert_eq!(with("<Document ", bomb), ["XML_FORBIDDEN"]);
    assert_eq!(with("10.00", "&xxe;"), ["XML_FORBIDDEN"]);
    assert_eq!(with("<Ntry>", &"<Ntry>".repeat(40)), ["XML_TOO_DEEP"]);
    assert_eq!(with("</Ntry>", ""), ["XML_MALFORMED"]);
    assert_eq!(with("</Document>", ""), ["XML_MALFORMED"]);
    assert_eq!(with("</Document>", "</Document>left over"), ["XML_MALFORMED"]);
    // Entries where none belong are none.
    let elsewhere = whole.replacen("<GrpHdr>", "<GrpHdr><Ntry><Amt Ccy=\"EUR\">1</Amt></Ntry>", 1);
    assert_eq!(parse_bytes(elsewhere.as_bytes()).records.len(), 1);
    let nested = entry(
        "10.00",
        "CRDT",
        "BOOK",
        "<X><Ntry><CdtDbtInd>DBIT</CdtDbtInd></Ntry></X>",
        "",
    );
    assert_eq!(parse_bytes(statement(53, 8, &nested).as_bytes()).records.len(), 1);
}

#[test]
fn huge_texts_are_cut_and_told() {
    let text = "Rechnung 4711 ".repeat(100_000);
    let pieces = "</Ustrd><Ustrd>x".repeat(50_000);
    for text in [&text, &pieces] {
        let entry = entry(
            "10.00",
            "CRDT",
            "BOOK",
            "",
            &detail(&"9".repeat(1_000), &"8".repeat(1_000), "10.00", text),
        );
        let parsed = parse_bytes(statement(53, 8, &entry).as_bytes());
        assert_eq!(parsed.errors(0), Vec::<&str>::new());
        assert!(parsed.record_codes(0).contains(&"FIELD_TOO_LONG"));
        assert_eq!(show(&parsed.records[0], Field::Text).chars().count(), 4_000);
        assert!(show(&parsed.records[0], Field::PaymentNumber).len() <= 40);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_statements_end(
        place in any::<prop::sample::Index>(),
        cut in 0..80usize,
        patch in prop::sample::select(vec![
            "", "<Ntry>", "</Ntry>", "</TxDtls>", "<TxDtls>", "<Amt>", "</Stmt><Stmt>", "&", "\u{0}", "<!--", "]]>", "DBIT",
        ]),
    ) {
        let details = [detail("D1", "X", "4.00", "a"), detail("D1", "Y", "6.00", "b")].concat();
        let text = statement(53, 8, &entry("10.00", "CRDT", "BOOK", "", &details).repeat(2));
        let at = place.index(text.len());
        let end = (at + cut).min(text.len());
        let damaged = [&text.as_bytes()[..at], patch.as_bytes(), &text.as_bytes()[end..]].concat();
        let parsed = parse_bytes(&damaged);
        prop_assert!(parsed.summary.records <= 8);
        prop_assert!(!parsed.records.is_empty() || !parsed.findings.is_empty());
    }
}
