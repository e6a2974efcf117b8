//! Debtors with what is known of them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{ClientId, CreditorId, DebtorId, text_enum};

text_enum! {
    /// Natural or legal person.
    DebtorKind {
        /// A natural person.
        Person = "person",
        /// A company.
        Company = "company",
    }
}

text_enum! {
    /// In which capacity the debtor acts; independent of person or company (a sole trader is both).
    ActsAs {
        /// § 13 BGB.
        Consumer = "consumer",
        /// § 14 BGB.
        Business = "business",
        /// Not said: treated as a consumer.
        Unknown = "unknown",
    }
}

text_enum! {
    /// A way to reach somebody.
    ContactKind {
        /// E-mail address.
        Email = "email",
        /// Landline or unspecified phone.
        Phone = "phone",
        /// Mobile phone.
        Mobile = "mobile",
        /// Fax.
        Fax = "fax",
    }
}

/// A debtor's master data.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct DebtorRow {
    /// Its row.
    pub id: DebtorId,
    /// The client.
    pub client_id: ClientId,
    /// The creditor whose number it is.
    pub creditor_id: CreditorId,
    /// The creditor's number of the debtor.
    pub number: String,
    /// Natural or legal person.
    pub kind: DebtorKind,
    /// In which capacity.
    pub acts_as: ActsAs,
    /// Code.
    pub salutation: Option<String>,
    /// Academic title.
    pub title: Option<String>,
    /// Given names.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company name.
    pub company_name: Option<String>,
    /// GmbH, ApS, …
    pub legal_form: Option<String>,
    /// Commercial register or CVR number.
    pub company_reg_no: Option<String>,
    /// Legal representative.
    pub representative: Option<String>,
    /// Person to ask for.
    pub contact_person: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Street.
    pub street: Option<String>,
    /// House number.
    pub house_number: Option<String>,
    /// c/o, floor, …
    pub address_extra: Option<String>,
    /// Postcode.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// `creditor` or `researched`.
    pub address_source: Option<String>,
    /// Folded name: decides whether a number means the same debtor.
    pub name_key: String,
    /// When it was first handed over.
    pub created_at: DateTime<Utc>,
}

impl DebtorRow {
    /// The name as one line.
    pub fn display_name(&self) -> String {
        match (&self.company_name, &self.first_name, &self.last_name) {
            (Some(company), ..) => company.clone(),
            (None, Some(first), Some(last)) => format!("{first} {last}"),
            (None, first, last) => last.as_ref().or(first.as_ref()).cloned().unwrap_or_default(),
        }
    }
}

/// A way to reach a debtor.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct DebtorContact {
    /// Which way.
    pub kind: ContactKind,
    /// Number or address.
    pub value: String,
}

/// A debtor's bank account.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct DebtorAccount {
    /// IBAN without spaces.
    pub iban: String,
    /// BIC.
    pub bic: Option<String>,
    /// Holder, where it is not the debtor.
    pub holder: Option<String>,
}
