//! `address_change`: where the debtor lives now, and how to reach it. The new address takes the place of the old one as a
//! whole, so that two never mix; ways to reach the debtor are added.

use super::super::matter::{Done, Matter};
use super::{Closed, Kind};
use crate::model::ContactKind;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "address_change",
    closed: Closed::Told,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let text = |field| matter.record.text(field).map(str::to_owned);
    let moved = [Field::Street, Field::PostalCode, Field::City]
        .into_iter()
        .any(|field| matter.record.text(field).is_some());
    let contacts: Vec<(ContactKind, String)> = [
        (ContactKind::Email, Field::Email),
        (ContactKind::Phone, Field::Phone),
        (ContactKind::Mobile, Field::Mobile),
        (ContactKind::Fax, Field::Fax),
    ]
    .into_iter()
    .flat_map(|(kind, field)| matter.record.list(field).iter().map(move |value| (kind, value.clone())))
    .collect();
    if !moved && contacts.is_empty() {
        return Err(Finding::new(Code::NothingToChange).field(Field::Street).into());
    }
    if moved {
        let country = text(Field::Country);
        let new = [
            text(Field::Street),
            text(Field::HouseNumber),
            text(Field::AddressExtra),
            text(Field::PostalCode),
            text(Field::City),
            text(Field::AddressSource),
        ];
        let debtor = &mut matter.file.debtor;
        [
            debtor.street,
            debtor.house_number,
            debtor.address_extra,
            debtor.postal_code,
            debtor.city,
            debtor.address_source,
        ] = new;
        debtor.country = country.or(debtor.country.take());
        matter.file.changes.debtor = true;
    }
    matter.file.changes.contacts.extend(contacts);
    let what = if moved { "address" } else { "contact" };
    matter.note("address_change", serde_json::json!({ "changed": what }));
    Ok(())
}
