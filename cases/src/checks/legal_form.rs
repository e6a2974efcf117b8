//! Legal forms: how they are written, and what each says about its bearer.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a legal form says about its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A company, never a consumer (sections 13, 14 BGB).
    Company,
    /// A natural person in business.
    SoleTrader,
    /// Several people who may be consumers: a civil-law partnership, flat owners, heirs.
    Group,
}

/// A legal form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LegalForm {
    /// As it is written, and as it is stored.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) class: Class,
    /// Folded spellings.
    spellings: &'static [&'static str],
    /// Countries (ISO 3166-1 alpha-2) where it is believed in a name that is not known to be a company's;
    /// empty: everywhere.
    countries: &'static [&'static str],
}

const fn form(
    name: &'static str,
    class: Class,
    spellings: &'static [&'static str],
    countries: &'static [&'static str],
) -> LegalForm {
    LegalForm {
        name,
        class,
        spellings,
        countries,
    }
}

const GERMAN: &[&str] = &["DE", "AT", "CH", "LI", "LU"];
const NORDIC: &[&str] = &["DK", "NO", "SE", "FI", "FO", "GL", "IS"];
const ROMANCE: &[&str] = &["FR", "BE", "LU", "CH", "ES", "PT", "IT", "RO", "MC", "SM"];

/// A word such as `AG` or `SA` is also a name somewhere: it counts only in its own countries.
const FORMS: &[LegalForm] = &[
    form(
        "GmbH & Co. KG",
        Class::Company,
        &["gmbh & co kg", "gmbh und co kg", "gmbh u co kg", "gmbh co kg"],
        &[],
    ),
    form(
        "GmbH & Co. KGaA",
        Class::Company,
        &["gmbh & co kgaa", "gmbh und co kgaa"],
        &[],
    ),
    form(
        "GmbH & Co. OHG",
        Class::Company,
        &["gmbh & co ohg", "gmbh und co ohg"],
        &[],
    ),
    form(
        "UG & Co. KG",
        Class::Company,
        &["ug & co kg", "ug haftungsbeschraenkt & co kg", "ug und co kg"],
        &[],
    ),
    form("AG & Co. KG", Class::Company, &["ag & co kg", "ag und co kg"], &[]),
    form("AG & Co. KGaA", Class::Company, &["ag & co kgaa", "se & co kgaa"], &[]),
    form("SE & Co. KG", Class::Company, &["se & co kg"], &[]),
    form(
        "GmbH",
        Class::Company,
        &[
            "gmbh",
            "gesellschaft mit beschraenkter haftung",
            "ges mbh",
            "gesmbh",
            "gesellschaft mbh",
            "mbh",
        ],
        &[],
    ),
    form("gGmbH", Class::Company, &["ggmbh", "gemeinnuetzige gmbh"], &[]),
    form(
        "UG (haftungsbeschränkt)",
        Class::Company,
        &[
            "ug haftungsbeschraenkt",
            "unternehmergesellschaft haftungsbeschraenkt",
            "unternehmergesellschaft",
        ],
        &[],
    ),
    form("UG (haftungsbeschränkt)", Class::Company, &["ug"], GERMAN),
    form("AG", Class::Company, &["aktiengesellschaft"], &[]),
    form("AG", Class::Company, &["ag"], GERMAN),
    form(
        "KGaA",
        Class::Company,
        &["kgaa", "kommanditgesellschaft auf aktien"],
        &[],
    ),
    form("KG", Class::Company, &["kommanditgesellschaft"], &[]),
    form("KG", Class::Company, &["kg", "co kg", "& co kg"], GERMAN),
    form("OHG", Class::Company, &["ohg", "offene handelsgesellschaft"], &[]),
    form("OG", Class::Company, &["offene gesellschaft"], &[]),
    form("OG", Class::Company, &["og"], &["AT"]),
    form("SE", Class::Company, &["societas europaea"], &[]),
    form("SE", Class::Company, &["se"], GERMAN),
    form("eG", Class::Company, &["eingetragene genossenschaft"], &[]),
    form("eG", Class::Company, &["eg"], GERMAN),
    form(
        "PartG mbB",
        Class::Company,
        &["partg mbb", "partgmbb", "partnerschaft mbb"],
        &[],
    ),
    form("PartG", Class::Company, &["partg", "partnerschaftsgesellschaft"], &[]),
    form("e.V.", Class::Company, &["eingetragener verein"], &[]),
    form("e.V.", Class::Company, &["ev"], GERMAN),
    form("Stiftung", Class::Company, &["stiftung"], &[]),
    form(
        "e.K.",
        Class::SoleTrader,
        &["eingetragener kaufmann", "eingetragene kauffrau", "ekfm", "ekfr"],
        &[],
    ),
    form("e.K.", Class::SoleTrader, &["e kfm", "e kfr", "e kffr", "ek"], GERMAN),
    form("e.U.", Class::SoleTrader, &["eingetragenes unternehmen"], &[]),
    form("e.U.", Class::SoleTrader, &["eu"], &["AT"]),
    form(
        "Einzelunternehmen",
        Class::SoleTrader,
        &["einzelunternehmen", "einzelfirma", "einzelkaufmann"],
        &[],
    ),
    form(
        "GbR",
        Class::Group,
        &["gbr", "gesellschaft buergerlichen rechts", "egbr"],
        &[],
    ),
    form("WEG", Class::Group, &["wohnungseigentuemergemeinschaft", "weg"], GERMAN),
    form("Erbengemeinschaft", Class::Group, &["erbengemeinschaft"], &[]),
    form("Ltd", Class::Company, &["ltd", "limited"], &[]),
    form("LLP", Class::Company, &["llp"], &[]),
    form("LLC", Class::Company, &["llc"], &[]),
    form("Inc.", Class::Company, &["inc", "incorporated"], &[]),
    form("PLC", Class::Company, &["plc"], &[]),
    form("ApS", Class::Company, &["aps", "anpartsselskab"], &[]),
    form("A/S", Class::Company, &["aktieselskab"], &[]),
    form("A/S", Class::Company, &["as"], &["DK", "FO", "GL"]),
    form("I/S", Class::Company, &["interessentskab"], &[]),
    form("I/S", Class::Company, &["is"], &["DK"]),
    form("K/S", Class::Company, &["kommanditselskab"], &[]),
    form("K/S", Class::Company, &["ks"], &["DK"]),
    form("P/S", Class::Company, &["partnerselskab"], &[]),
    form("IVS", Class::Company, &["ivs", "ivaerksaetterselskab"], &["DK"]),
    form("A.M.B.A.", Class::Company, &["amba"], &["DK"]),
    form(
        "Enkeltmandsvirksomhed",
        Class::SoleTrader,
        &["enkeltmandsvirksomhed"],
        &[],
    ),
    form("AS", Class::Company, &["aksjeselskap"], &[]),
    form("AS", Class::Company, &["as"], &["NO", "EE"]),
    form("AB", Class::Company, &["aktiebolag"], &[]),
    form("AB", Class::Company, &["ab"], NORDIC),
    form("Oy", Class::Company, &["osakeyhtioe"], &[]),
    form("Oy", Class::Company, &["oy", "oyj"], NORDIC),
    form("B.V.", Class::Company, &["besloten vennootschap"], &[]),
    form("B.V.", Class::Company, &["bv"], &["NL", "BE", "DE"]),
    form("N.V.", Class::Company, &["naamloze vennootschap"], &[]),
    form("N.V.", Class::Company, &["nv"], &["NL", "BE"]),
    form("Eenmanszaak", Class::SoleTrader, &["eenmanszaak"], &[]),
    form("SARL", Class::Company, &["sarl", "eurl"], &[]),
    form("SAS", Class::Company, &["sas", "sasu"], &["FR"]),
    form(
        "S.A.",
        Class::Company,
        &["sa", "societe anonyme", "sociedad anonima"],
        ROMANCE,
    ),
    form("S.L.", Class::Company, &["sl", "slu"], &["ES"]),
    form("S.p.A.", Class::Company, &["spa"], &["IT"]),
    form("S.r.l.", Class::Company, &["srl"], &["IT", "RO", "BE"]),
    form("Lda", Class::Company, &["lda"], &["PT"]),
    form(
        "Sp. z o.o.",
        Class::Company,
        &["sp zoo", "spzoo", "spolka z ograniczona odpowiedzialnoscia"],
        &[],
    ),
    form("s.r.o.", Class::Company, &["sro"], &["CZ", "SK"]),
    form("a.s.", Class::Company, &["as"], &["CZ", "SK"]),
    form(
        "d.o.o.",
        Class::Company,
        &["doo"],
        &["SI", "HR", "RS", "BA", "ME", "MK"],
    ),
    form("Kft.", Class::Company, &["kft"], &["HU"]),
    form("OÜ", Class::Company, &["oue"], &["EE"]),
    form("UAB", Class::Company, &["uab"], &["LT"]),
    form("SIA", Class::Company, &["sia"], &["LV"]),
];

/// Spellings by their first word, the longest first.
static BY_FIRST_WORD: LazyLock<HashMap<&str, Vec<(&str, &LegalForm)>>> = LazyLock::new(|| {
    let mut index: HashMap<&str, Vec<(&str, &LegalForm)>> = HashMap::new();
    for form in FORMS {
        for spelling in form.spellings {
            let first = spelling.split(' ').next().unwrap_or_default();
            index.entry(first).or_default().push((spelling, form));
        }
    }
    for spellings in index.values_mut() {
        spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
    }
    index
});

/// A legal form found in a folded name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Which.
    pub(super) form: &'static LegalForm,
    /// Where its spelling begins in the folded name, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// The first legal form in a name folded by [`super::fold`]. A short form counts only as the last word of the name
/// and in its own countries. A name that consists of nothing else has none.
pub(super) fn find(folded: &str, country: &str) -> Option<Found> {
    let mut start = 0;
    for word in folded.split(' ') {
        let rest = &folded[start..];
        let found = BY_FIRST_WORD.get(word).into_iter().flatten().find(|(spelling, form)| {
            begins_with_words(rest, spelling)
                && (form.countries.is_empty() || (form.countries.contains(&country) && rest.len() == spelling.len()))
        });
        if let Some((spelling, form)) = found
            && spelling.len() < folded.len()
        {
            return Some(Found {
                form,
                start,
                end: start + spelling.len(),
            });
        }
        start += word.len() + 1;
    }
    None
}

/// The legal form that a folded text names and nothing else, as in a column of its own.
pub(super) fn named(folded: &str, country: &str) -> Option<&'static LegalForm> {
    let first = folded.split(' ').next()?;
    let spelled = |form: &LegalForm| form.spellings.contains(&folded);
    let candidates = BY_FIRST_WORD.get(first)?;
    let here = candidates
        .iter()
        .find(|(_, form)| spelled(form) && form.countries.contains(&country));
    here.or_else(|| candidates.iter().find(|(_, form)| spelled(form)))
        .map(|(_, form)| *form)
}

fn begins_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn forms_in_names() {
        for (name, country, expected) in [
            ("Muster GmbH", "DE", Some("GmbH")),
            ("Muster G.m.b.H.", "DE", Some("GmbH")),
            ("Muster Gesellschaft mit beschränkter Haftung", "DE", Some("GmbH")),
            ("Muster GmbH & Co. KG", "DE", Some("GmbH & Co. KG")),
            ("Muster GmbH&Co.KG", "DE", Some("GmbH & Co. KG")),
            ("Muster GmbH, Zweigstelle Beispielstadt", "DE", Some("GmbH")),
            ("Muster UG (haftungsbeschränkt)", "DE", Some("UG (haftungsbeschränkt)")),
            ("Muster AG", "DE", Some("AG")),
            ("Muster AG", "DK", None),
            ("AG Beispiel", "DE", None),
            ("Muster & Co. KG", "DE", Some("KG")),
            ("Muster OHG", "DE", Some("OHG")),
            ("Erika Muster e.K.", "DE", Some("e.K.")),
            ("Muster e. V.", "DE", Some("e.V.")),
            ("Muster GbR", "DE", Some("GbR")),
            ("Eksempel ApS", "DK", Some("ApS")),
            ("Eksempel A/S", "DK", Some("A/S")),
            ("Eksempel AS", "NO", Some("AS")),
            ("Example Limited", "GB", Some("Ltd")),
            ("Example B.V.", "NL", Some("B.V.")),
            ("Exemple S.à r.l.", "LU", Some("SARL")),
            ("Przykład Sp. z o.o.", "PL", Some("Sp. z o.o.")),
            ("Erika Mustermann", "DE", None),
            ("Le Sa", "DE", None),
            ("GmbH", "DE", None),
            ("", "DE", None),
        ] {
            let folded = fold(name);
            assert_eq!(
                find(&folded, country).map(|found| found.form.name),
                expected,
                "{name} in {country}"
            );
        }
    }

    #[test]
    fn forms_in_a_column_of_their_own() {
        for (text, country, expected) in [
            ("GmbH", "DE", Some("GmbH")),
            ("Aktiengesellschaft", "DE", Some("AG")),
            ("A/S", "DK", Some("A/S")),
            ("AS", "NO", Some("AS")),
            ("AG", "FR", Some("AG")),
            ("e.K.", "DE", Some("e.K.")),
            ("unbekannt", "DE", None),
        ] {
            assert_eq!(
                named(&fold(text), country).map(|form| form.name),
                expected,
                "{text} in {country}"
            );
        }
    }

    #[test]
    fn spellings_are_folded() {
        for form in FORMS {
            for spelling in form.spellings {
                assert_eq!(fold(spelling), *spelling, "{}", form.name);
            }
        }
    }
}
