//! The debtor: person or company, consumer or business, the legal form.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::{Record, Value};

use super::fold::fold;
use super::legal_form::{self, Class, LegalForm};
use super::{CheckContext, add, kinds};

const PERSON: &str = "person";
const COMPANY: &str = "company";
const CONSUMER: &str = "consumer";
const BUSINESS: &str = "business";

/// Adds the debtor's type, legal form and role where they follow from the names, and warns where the role does not.
///
/// - A legal form in the company's name, in a lone last name or in its own column decides; a company's name that came
///   in the column for last names moves where it belongs.
/// - A sole trader is a person in business; a GbR or a community of heirs or flat owners may be consumers.
/// - A company's name or register number without a form means a company in business, unless a person's name stands
///   beside it: then the role stays unknown.
/// - Whoever is not known to act in business is treated as a consumer, with a warning, whatever the type.
pub(super) fn check(record: &mut Record, ctx: &CheckContext) {
    let form = legal_form(record, ctx);
    if let Some(form) = form {
        set(record, Field::LegalForm, form.name);
    }
    if !is_one_of(record, Field::DebtorType, &[PERSON, COMPANY]) {
        set(record, Field::DebtorType, debtor_type(record, form));
    }
    move_company_name(record);
    if is_one_of(record, Field::ActsAs, &[CONSUMER, BUSINESS]) {
        return;
    }
    if is_business(record, form) {
        set(record, Field::ActsAs, BUSINESS);
    } else if kinds::rules(record.text(Field::RecordType)).claim {
        add(record, Finding::new(Code::ActsAsUnknown).field(Field::ActsAs));
    }
}

fn set(record: &mut Record, field: Field, text: &str) {
    if record.text(field) != Some(text) {
        record.set(field, Value::Text(text.to_owned()));
    }
}

fn is_one_of(record: &Record, field: Field, texts: &[&str]) -> bool {
    record.text(field).is_some_and(|text| texts.contains(&text))
}

/// The legal form from its own column, else from the company's name, else from a last name that stands alone.
fn legal_form(record: &Record, ctx: &CheckContext) -> Option<&'static LegalForm> {
    let country = record.text(Field::Country).unwrap_or(&ctx.client_country);
    if let Some(text) = record.text(Field::LegalForm)
        && let Some(form) = legal_form::named(&fold(text), country)
    {
        return Some(form);
    }
    let name = match record.text(Field::CompanyName) {
        Some(name) => name,
        None if is_one_of(record, Field::DebtorType, &[PERSON]) || has_person_marks(record) => return None,
        None => record.text(Field::LastName)?,
    };
    legal_form::find(&fold(name), country).map(|found| found.form)
}

/// Only people have a first name, a birthday, or are addressed as Mr or Ms.
fn has_person_marks(record: &Record) -> bool {
    record.get(Field::FirstName).is_some()
        || record.get(Field::BirthDate).is_some()
        || is_one_of(record, Field::Salutation, &["mr", "ms"])
}

fn debtor_type(record: &Record, form: Option<&LegalForm>) -> &'static str {
    let has_name = record.get(Field::LastName).is_some();
    let has_company = record.get(Field::CompanyName).is_some();
    match form.map(|form| form.class) {
        Some(Class::SoleTrader) if has_name && has_company => PERSON,
        Some(_) => COMPANY,
        None if has_company || record.get(Field::CompanyRegNo).is_some() => COMPANY,
        None if is_one_of(record, Field::Salutation, &["company"]) => COMPANY,
        None => PERSON,
    }
}

/// Puts a company's name that came as a last name where companies have theirs; nobody asks for its first name then.
fn move_company_name(record: &mut Record) {
    let misplaced = record.text(Field::DebtorType) == Some(COMPANY)
        && record.get(Field::CompanyName).is_none()
        && record.get(Field::FirstName).is_none();
    if misplaced && let Some(name) = record.remove(Field::LastName) {
        record.set(Field::CompanyName, name);
        let asked =
            |finding: &Finding| (finding.code, finding.field) == (Code::NeededBeforeLetter, Some(Field::FirstName));
        record.findings.retain(|finding| !asked(finding));
    }
}

fn is_business(record: &Record, form: Option<&LegalForm>) -> bool {
    match form.map(|form| form.class) {
        Some(Class::Company | Class::SoleTrader) => true,
        Some(Class::Group) => false,
        None => {
            record.get(Field::CompanyRegNo).is_some()
                || (record.text(Field::DebtorType) == Some(COMPANY) && record.get(Field::LastName).is_none())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{context, record};
    use super::*;
    use Field::*;

    /// What is known of the debtor after the check: type, role, legal form.
    type Known<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

    fn known(record: &Record) -> Known<'_> {
        (record.text(DebtorType), record.text(ActsAs), record.text(LegalForm))
    }

    #[test]
    fn what_follows_from_the_names() {
        let (person, company) = (Some("person"), Some("company"));
        let (consumer, business) = (Some("consumer"), Some("business"));
        let cases: &[(&[(Field, &str)], Known<'_>)] = &[
            (&[(FirstName, "Erika"), (LastName, "Mustermann")], (person, None, None)),
            (&[(LastName, "Mustermann")], (person, None, None)),
            (
                &[(LastName, "Mustermann"), (ActsAs, "consumer")],
                (person, consumer, None),
            ),
            (
                &[(LastName, "Mustermann"), (ActsAs, "business")],
                (person, business, None),
            ),
            (&[(CompanyName, "Muster GmbH")], (company, business, Some("GmbH"))),
            (&[(LastName, "Muster GmbH")], (company, business, Some("GmbH"))),
            (&[(FirstName, "Erika"), (LastName, "Muster GmbH")], (person, None, None)),
            (
                &[(LastName, "Muster AG"), (BirthDate, "1980-01-01")],
                (person, None, None),
            ),
            (&[(CompanyName, "Bäckerei Muster")], (company, business, None)),
            (
                &[(CompanyName, "Bäckerei Muster"), (LastName, "Muster")],
                (company, None, None),
            ),
            (
                &[(CompanyName, "Muster"), (LegalForm, "Aktiengesellschaft")],
                (company, business, Some("AG")),
            ),
            (
                &[(CompanyName, "Muster Bau e.K."), (LastName, "Muster")],
                (person, business, Some("e.K.")),
            ),
            (&[(CompanyName, "Muster Bau e.K.")], (company, business, Some("e.K."))),
            (&[(CompanyName, "Muster GbR")], (company, None, Some("GbR"))),
            (
                &[(LastName, "Muster"), (CompanyRegNo, "HRB 1")],
                (company, business, None),
            ),
            (
                &[(CompanyName, "Eksempel A/S"), (Country, "DK")],
                (company, business, Some("A/S")),
            ),
            (
                &[(LastName, "Mustermann"), (DebtorType, "privat?")],
                (person, None, None),
            ),
            (
                &[(LastName, "Muster"), (LegalForm, "Sonstige")],
                (person, None, Some("Sonstige")),
            ),
        ];
        for (fields, expected) in cases {
            let mut record = record(fields);
            check(&mut record, &context());
            assert_eq!(known(&record), *expected, "{fields:?}");
            let warned = record
                .findings
                .iter()
                .any(|finding| finding.code == Code::ActsAsUnknown);
            assert_eq!(warned, expected.1.is_none(), "{fields:?}");
        }
    }

    #[test]
    fn a_company_named_as_a_person_moves() {
        let mut moved = record(&[(LastName, "Muster GmbH")]);
        moved
            .findings
            .push(Finding::new(Code::NeededBeforeLetter).field(FirstName));
        check(&mut moved, &context());
        assert_eq!(moved.findings, []);
        assert_eq!(
            (moved.text(CompanyName), moved.text(LastName)),
            (Some("Muster GmbH"), None)
        );
        let mut stays = record(&[(FirstName, "Erika"), (LastName, "Muster"), (DebtorType, "company")]);
        check(&mut stays, &context());
        assert_eq!((stays.text(CompanyName), stays.text(LastName)), (None, Some("Muster")));
    }

    #[test]
    fn only_claims_need_to_know_the_role() {
        let mut master_data = record(&[(RecordType, "debtor"), (LastName, "Mustermann")]);
        check(&mut master_data, &context());
        assert_eq!(
            (known(&master_data), master_data.findings.len()),
            ((Some("person"), None, None), 0)
        );
    }
}
