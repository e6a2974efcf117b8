//! Master data of a debtor. What is known is completed, never overwritten: a change of address is a record of its own.
//! The address is completed as a whole or not at all, so that two addresses never mix.

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;

use crate::model::ContactKind;
use crate::store::rows::Rows;

/// Fields that are completed one by one, in the order of the insert's columns.
pub(super) const SINGLE: [Field; 9] = [
    Field::Salutation,
    Field::Title,
    Field::FirstName,
    Field::LastName,
    Field::CompanyName,
    Field::LegalForm,
    Field::CompanyRegNo,
    Field::Representative,
    Field::ContactPerson,
];

/// The address, in the order of the insert's columns.
pub(super) const ADDRESS: [Field; 7] = [
    Field::Street,
    Field::HouseNumber,
    Field::AddressExtra,
    Field::PostalCode,
    Field::City,
    Field::Country,
    Field::AddressSource,
];

/// What records say of a debtor.
#[derive(Debug, Default)]
pub(super) struct MasterData<'a> {
    kind: Option<&'a str>,
    acts_as: Option<&'a str>,
    single: [Option<&'a str>; SINGLE.len()],
    birth_date: Option<NaiveDate>,
    address: [Option<&'a str>; ADDRESS.len()],
    /// Ways to reach the debtor.
    pub(super) contacts: Vec<(ContactKind, &'a str)>,
    /// IBAN, BIC, holder.
    pub(super) accounts: Vec<(&'a str, Option<&'a str>, Option<&'a str>)>,
}

impl<'a> MasterData<'a> {
    /// Adds what `record` says and what was not known.
    pub(super) fn complete(&mut self, record: &'a Record) {
        self.kind = self.kind.or_else(|| record.text(Field::DebtorType));
        self.acts_as = self
            .acts_as
            .or_else(|| record.text(Field::ActsAs).filter(|text| *text != "unknown"));
        for (value, field) in self.single.iter_mut().zip(SINGLE) {
            *value = value.or_else(|| record.text(field));
        }
        self.birth_date = self.birth_date.or_else(|| record.date(Field::BirthDate));
        if !self.has_address() {
            self.address = ADDRESS.map(|field| record.text(field));
        }
        for (kind, field) in [
            (ContactKind::Email, Field::Email),
            (ContactKind::Phone, Field::Phone),
            (ContactKind::Mobile, Field::Mobile),
            (ContactKind::Fax, Field::Fax),
        ] {
            for value in record.list(field) {
                if !self.contacts.contains(&(kind, value)) {
                    self.contacts.push((kind, value));
                }
            }
        }
        for (index, iban) in record.list(Field::Iban).iter().enumerate() {
            if !self.accounts.iter().any(|(known, ..)| known == iban) {
                let bic = record.list(Field::Bic).get(index).map(String::as_str);
                self.accounts.push((iban, bic, record.text(Field::AccountHolder)));
            }
        }
    }

    /// Street, postcode or town: a country alone is no address.
    fn has_address(&self) -> bool {
        [0, 3, 4].into_iter().any(|place| self.address[place].is_some())
    }

    /// `person` or `company`; a debtor of whom only a company name is known is a company.
    fn kind(&self) -> &'a str {
        let [.., company_name, _, _, _, _] = self.single;
        match self.kind {
            Some(kind @ ("person" | "company")) => kind,
            _ if company_name.is_some() => "company",
            _ => "person",
        }
    }

    /// Writes the values behind the keys, in the order of the insert's columns.
    pub(super) fn write(&self, rows: &mut Rows) {
        let known = |text: &&str| matches!(*text, "consumer" | "business");
        let acts_as = self.acts_as.filter(known).unwrap_or("unknown");
        rows.text(self.kind()).text(acts_as);
        for value in self.single {
            rows.text(value);
        }
        rows.date(self.birth_date);
        for value in self.address {
            rows.text(value);
        }
    }
}
