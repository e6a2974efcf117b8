//! The headers of bank statements in German, English, Danish and Dutch, after exports of the banks' online banking.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fold::fold;

/// What a column of a statement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    BookingDay,
    ValueDay,
    /// `Valuta`: a day in German and Dutch, a currency in Danish.
    Valuta,
    /// Signed, or without a sign beside a [`Role::Direction`].
    Amount,
    Credit,
    Debit,
    /// Which way the money went.
    Direction,
    Currency,
    Text,
    Payer,
    PayerIban,
    PayerBic,
    /// The payer, or the payer's account where another column has the name.
    Counterparty,
    /// The account whose statement it is.
    Account,
    EndToEnd,
    /// The bank's own reference of the entry.
    Reference,
    /// The bank counts the entries of the account with it.
    Serial,
    /// Whether it is booked.
    Status,
    Balance,
    /// What kind of entry it is; some banks put the remittance text there and have no column for it.
    Kind,
    /// Known and not needed.
    Other,
}

/// A role with its headers: those that stand on bank statements only, and those that other lists have, too.
type Entry = (Role, &'static [&'static str], &'static [&'static str]);

const HEADERS: &[Entry] = &[
    (
        Role::BookingDay,
        &[
            "Buchungstag",
            "Buchungsdatum",
            "Datum Buchung",
            "Booking date",
            "Posting date",
            "Posted date",
            "Transaction date",
            "Completed date",
            "Bogføringsdato",
            "Bogført",
            "Bogføringsdag",
            "Boekdatum",
            "Boekingsdatum",
            "Transactiedatum",
        ],
        &["Buchung", "Datum", "Date", "Dato"],
    ),
    (
        Role::ValueDay,
        &[
            "Valutadatum",
            "Valuta Datum",
            "Wertstellung",
            "Wertstellung (Valuta)",
            "Wertstellungsdatum",
            "Wertstellungstag",
            "Value date",
            "Valør",
            "Valørdato",
            "Valuteringsdato",
            "Rentedato",
            "Rentedatum",
            "Valutadato",
        ],
        &["Wert"],
    ),
    (Role::Valuta, &[], &["Valuta"]),
    (
        Role::Amount,
        &["Buchungsbetrag", "Transaktionsbetrag"],
        &["Betrag", "Umsatz", "Amount", "Beløb", "Bedrag"],
    ),
    (
        Role::Credit,
        &["Credit amount", "Paid in", "Money in", "Deposits", "Indsat"],
        &["Gutschrift", "Eingang", "Haben", "Credit", "Bij"],
    ),
    (
        Role::Debit,
        &["Debit amount", "Paid out", "Money out", "Withdrawals", "Hævet"],
        &["Belastung", "Ausgang", "Soll", "Debit", "Debet", "Af"],
    ),
    (
        Role::Direction,
        &[
            "Soll/Haben",
            "S/H",
            "Soll-Haben-Kennzeichen",
            "Debit/Credit",
            "Credit/Debit",
            "D/C",
            "C/D",
            "Af Bij",
            "Debet/Credit",
            "Credit debit indicator",
        ],
        &[],
    ),
    (
        Role::Currency,
        &[],
        &[
            "Währung",
            "Currency",
            "Währungskennzeichen",
            "Muntsoort",
            "Valutakode",
            "Munt",
        ],
    ),
    (
        Role::Text,
        &[
            "Verwendungszweck",
            "Verwendungszweckzeile",
            "VWZ",
            "Buchungsdetails",
            "Vrije mededeling",
            "Gestructureerde mededeling",
            "Betalingskenmerk",
            "Transaction description",
            "Remittance information",
            "Notifications",
        ],
        &[
            "Text",
            "Tekst",
            "Description",
            "Details",
            "Reference",
            "Beskrivelse",
            "Meddelelse",
            "Memo",
            "Omschrijving",
            "Mededelingen",
            "Mededeling",
            "Narrative",
        ],
    ),
    (
        Role::Payer,
        &[
            "Begünstigter/Zahlungspflichtiger",
            "Begünstigter/Auftraggeber",
            "Auftraggeber/Begünstigter",
            "Auftraggeber/Empfänger",
            "Empfänger/Auftraggeber",
            "Auftraggeber/Zahlungsempfänger",
            "Empfänger/Zahlungspflichtiger",
            "Name Zahlungsbeteiligter",
            "Zahlungsbeteiligter",
            "Zahlungspflichtiger",
            "Zahlungspflichtige*r",
            "Name des Zahlers",
            "Naam tegenpartij",
            "Tegenpartij",
            "Naam / Omschrijving",
            "Name / Description",
            "Counterparty name",
            "Payer",
            "Payer name",
            "Betaler",
        ],
        &["Name", "Naam", "Navn", "Absender", "Afsender", "Auftraggeber"],
    ),
    (
        Role::PayerIban,
        &[
            "Kontonummer/IBAN",
            "IBAN/Kontonummer",
            "IBAN Zahlungsbeteiligter",
            "IBAN Zahlungspflichtiger",
            "IBAN Gegenkonto",
            "Gegenkonto IBAN",
            "Tegenrekening",
            "Tegenrekening IBAN/BBAN",
            "Rekeningnummer tegenpartij",
            "Counterparty account",
            "Counterparty IBAN",
            "Modkonto",
        ],
        &["IBAN", "Gegenkonto"],
    ),
    (Role::Counterparty, &["Counterparty"], &[]),
    (
        Role::PayerBic,
        &[
            "BIC (SWIFT-Code)",
            "BIC (SWIFT-Code) Zahlungsbeteiligter",
            "BIC Zahlungsbeteiligter",
            "BIC tegenpartij",
        ],
        &["BIC", "BIC/SWIFT"],
    ),
    (
        Role::Account,
        &[
            "Auftragskonto",
            "IBAN Auftragskonto",
            "IBAN Auftraggeberkonto",
            "Eigenes Konto",
            "IBAN/BBAN",
        ],
        &[
            "Konto",
            "Kontonummer",
            "Account",
            "Account number",
            "Kontonr.",
            "Rekening",
            "Rekeningnummer",
        ],
    ),
    (
        Role::EndToEnd,
        &[
            "Kundenreferenz (End-to-End)",
            "Kundenreferenz",
            "End-to-End-Referenz",
            "Ende-zu-Ende-Referenz",
            "End-to-End-ID",
            "EndToEndId",
            "End to End",
            "End-to-end reference",
            "Transactiereferentie",
        ],
        &[],
    ),
    (
        Role::Reference,
        &[
            "Bankreferenz",
            "Buchungsreferenz",
            "Umsatz-ID",
            "Transaktions-ID",
            "Transaction ID",
            "Transaction reference",
            "Transaction reference number",
            "Transactie-ID",
            "Bank reference",
            "Bankens reference",
        ],
        &[],
    ),
    (Role::Serial, &["Volgnr", "Volgnummer", "Umsatznummer"], &[]),
    (Role::Status, &[], &["Status", "Info"]),
    (
        Role::Balance,
        &[
            "Saldo nach Buchung",
            "Kontostand",
            "Saldo na trn",
            "Saldo na mutatie",
            "Running balance",
        ],
        &["Saldo", "Balance"],
    ),
    (Role::Kind, &["Buchungstext", "Bogføringstekst"], &[]),
    (
        Role::Other,
        &[
            "Umsatzart",
            "Umsatztyp",
            "Mutatiesoort",
            "Transaction type",
            "Gläubiger-ID",
            "Mandatsreferenz",
            "Sammlerreferenz",
            "Lastschrift Ursprungsbetrag",
            "Auslagenersatz Rücklastschrift",
            "Auftraggeberkonto",
            "Bezeichnung Auftragskonto",
            "BIC Auftragskonto",
            "Bankname Auftragskonto",
            "Bankleitzahl Auftraggeberkonto",
            "Gekennzeichneter Umsatz",
            "Zahlungsempfänger",
            "Zahlungsempfänger*in",
            "Abweichender Empfänger",
            "Anzahl der Aufträge",
            "Anzahl der Schecks",
            "Fremde Gebühren",
            "Machtigingskenmerk",
            "Incassant ID",
            "Batch ID",
            "Reden retour",
            "Oorspr bedrag",
            "Oorspr munt",
            "Koers",
            "Naam uiteindelijke partij",
            "Naam initiërende partij",
            "Adres tegenpartij",
            "Rubrieknaam",
            "Afschriftnummer",
            "Afstemt",
            "Sort code",
            "Modtager",
        ],
        &[
            "Bemerkung",
            "Kategorie",
            "Category",
            "Subcategory",
            "Code",
            "Type",
            "Number",
        ],
    ),
];

/// Headers of journals and ledgers, whose sides are those of the books and not of the bank.
const LEDGER: &[&str] = &[
    "Sollkonto",
    "Habenkonto",
    "Konto Soll",
    "Konto Haben",
    "Kostenstelle",
    "KOST1",
    "BU-Schlüssel",
    "Steuerschlüssel",
    "Steuersatz",
    "Steuercode",
    "Belegfeld 1",
    "Journalnummer",
    "Journal",
    "Grootboekrekening",
    "Bilagsnr",
    "Momskode",
    "Cost centre",
    "Tax code",
    "Nominal code",
];

/// Headers that are numbered when there are several (`VWZ1` … `VWZ14`, `Omschrijving-2`).
const NUMBERED: &[Role] = &[Role::Text];

static ROLES: LazyLock<HashMap<String, (Role, bool)>> = LazyLock::new(|| {
    let mut roles = HashMap::new();
    for (role, own, shared) in HEADERS {
        for (headers, is_own) in [(own, true), (shared, false)] {
            for header in *headers {
                roles.entry(fold(header)).or_insert((*role, is_own));
            }
        }
    }
    roles
});

/// What `header` says on a statement, and whether only statements have it.
pub(super) fn lookup(header: &str) -> Option<(Role, bool)> {
    let folded = fold(header);
    if folded.is_empty() || folded.len() > 120 {
        return None;
    }
    if let Some(found) = ROLES.get(&folded) {
        return Some(*found);
    }
    let stem = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    ROLES.get(stem).copied().filter(|(role, _)| NUMBERED.contains(role))
}

/// Whether `header` is one of a journal or ledger.
pub(super) fn is_ledger(header: &str) -> bool {
    static FOLDED: LazyLock<Vec<String>> = LazyLock::new(|| LEDGER.iter().map(|header| fold(header)).collect());
    FOLDED.contains(&fold(header))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_has_two_roles() {
        let mut seen: HashMap<String, Role> = HashMap::new();
        for (role, own, shared) in HEADERS {
            for header in own.iter().chain(*shared) {
                let before = seen.insert(fold(header), *role);
                assert!(
                    before.is_none_or(|before| before == *role),
                    "{header} is {before:?} and {role:?}"
                );
            }
        }
    }

    #[test]
    fn lookups() {
        for (header, expected) in [
            ("Beguenstigter/Zahlungspflichtiger", Some((Role::Payer, true))),
            ("Glaeubiger ID", Some((Role::Other, true))),
            ("Omschrijving-3", Some((Role::Text, false))),
            ("VWZ12", Some((Role::Text, true))),
            ("Zahlungspflichtige*r", Some((Role::Payer, true))),
            ("Betrag2", None),
            ("Rechnungsnummer", None),
            ("", None),
        ] {
            assert_eq!(lookup(header), expected, "{header}");
        }
    }
}
