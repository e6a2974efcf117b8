//! Headers whose meaning depends on their neighbours.

use super::headers::{Known, Meaning};
use super::mapping::{Target, valuta};
use crate::fields::Field;
use crate::formats::Row;

/// What the other columns of the header are, for those whose meaning depends on it.
pub(super) struct Context {
    /// Fields that the client's layout names.
    pub(super) own: Vec<Field>,
    fields: Vec<Field>,
    postal_city: bool,
    /// A column `kind`.
    kind: bool,
}

impl Context {
    /// The columns of the client's layout, and what the headers of the others say by themselves.
    pub(super) fn of(owns: &[Option<Target>], knowns: &[Option<Known>]) -> Self {
        let own: Vec<Field> = owns
            .iter()
            .flatten()
            .flat_map(|target| target.fields().iter().copied())
            .collect();
        let mut fields = own.clone();
        let (mut postal_city, mut kind) = (false, false);
        for (own, known) in owns.iter().zip(knowns) {
            match known {
                Some(Known {
                    meaning: Meaning::Field(field),
                    ..
                }) if own.is_none() => fields.push(*field),
                Some(Known {
                    meaning: Meaning::PostalCity,
                    ..
                }) if own.is_none() => postal_city = true,
                Some(Known {
                    meaning: Meaning::Kind, ..
                }) if own.is_none() => kind = true,
                _ => {}
            }
        }
        Self {
            own,
            fields,
            postal_city,
            kind,
        }
    }

    fn has(&self, field: Field) -> bool {
        self.fields.contains(&field)
    }

    /// What a column is read into whose header says `meaning`.
    pub(super) fn target(&self, meaning: Meaning, samples: &[Row], index: usize) -> Target {
        match meaning {
            Meaning::Correction => Target::Ignored,
            Meaning::Name if self.has(Field::FirstName) && !self.has(Field::LastName) => Target::Field(Field::LastName),
            Meaning::Name => Target::Name,
            Meaning::PostalCity if self.has(Field::PostalCode) && self.has(Field::City) => Target::Unknown,
            Meaning::PostalCity => Target::PostalCity,
            Meaning::Address if self.has(Field::Street) => Target::Unknown,
            Meaning::Address if self.has(Field::PostalCode) || self.has(Field::City) || self.postal_city => {
                self.street()
            }
            Meaning::Address => Target::Address,
            Meaning::Valuta => Target::Field(valuta(samples, index)),
            Meaning::FileReference => {
                let court = [Field::TitleCourt, Field::TitleKind, Field::TitleDate]
                    .into_iter()
                    .any(|f| self.has(f));
                Target::Field(if court {
                    Field::TitleReference
                } else {
                    Field::CaseNumber
                })
            }
            Meaning::Field(Field::Street) => self.street(),
            // `Status`, `von`, `Format` in a list of claims or payments are the client's own matters.
            Meaning::Field(Field::Status | Field::From | Field::To | Field::Format) if !self.asks() => Target::Unknown,
            Meaning::Field(Field::Until) if self.holds_requests() && !self.has(Field::To) => Target::Field(Field::To),
            Meaning::Kind if self.asks() && !self.has(Field::RequestKind) => Target::Field(Field::RequestKind),
            Meaning::Date if self.pays() && !self.has(Field::ValueDate) => Target::Field(Field::ValueDate),
            Meaning::Kind | Meaning::Date => Target::Unknown,
            Meaning::Field(Field::PostalCode) if !self.has(Field::City) && !self.postal_city => Target::PostalCity,
            Meaning::Field(Field::City) if !self.has(Field::PostalCode) && !self.postal_city => Target::PostalCity,
            Meaning::Field(field) => Target::Field(field),
        }
    }

    fn amounts(&self) -> bool {
        self.has(Field::PrincipalAmount) || self.has(Field::Amount)
    }

    /// Whether there may be requests in the list: it says so, or has types of records and no amounts.
    fn asks(&self) -> bool {
        self.has(Field::RequestKind) || (self.has(Field::RecordType) && !self.amounts()) || self.holds_requests()
    }

    /// Whether the list holds nothing but requests: no column for the type of records, none of a claim or a payment, and
    /// one that only requests have.
    pub(super) fn holds_requests(&self) -> bool {
        let others = [
            Field::RecordType,
            Field::InvoiceDate,
            Field::DueDate,
            Field::ValueDate,
            Field::Text,
        ];
        let own = [
            Field::RequestKind,
            Field::ClientReference,
            Field::DebtorName,
            Field::DebtorCountry,
        ];
        !self.amounts()
            && !others.into_iter().any(|field| self.has(field))
            && (self.kind || own.into_iter().any(|field| self.has(field)))
    }

    /// Whether the list holds payments and the like, which have one date: types of records, amounts, and no column of a
    /// claim's.
    fn pays(&self) -> bool {
        let claims = [
            Field::PrincipalAmount,
            Field::OriginalAmount,
            Field::InvoiceDate,
            Field::DueDate,
            Field::ContractDate,
            Field::ReminderDate,
        ];
        self.has(Field::RecordType) && self.has(Field::Amount) && !claims.into_iter().any(|field| self.has(field))
    }

    fn street(&self) -> Target {
        if self.has(Field::HouseNumber) {
            Target::Field(Field::Street)
        } else {
            Target::Street
        }
    }
}
