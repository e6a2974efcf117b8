//! One cell into the fields that its column combines.

use super::cell::{Cell, set};
use super::{RecordReader, typed};
use crate::fields::Field;
use crate::formats::Row;
use crate::layout::combined::{self, Name};
use crate::layout::mapping::Target;
use crate::record::{Record, Value};
use crate::values::text;

impl RecordReader<'_> {
    /// Reads the cell into the fields of its column's target.
    pub(super) fn cell(&self, record: &mut Record, cell: Cell<'_>, currency: &str, exponent: u32) {
        match &cell.column.target {
            Target::Field(Field::Currency) | Target::Ignored | Target::Name => {}
            Target::Field(field) => self.field(record, *field, cell, currency, exponent),
            Target::Several(fields) => {
                for field in fields {
                    self.field(record, *field, cell, currency, exponent);
                }
            }
            Target::Unknown => {
                let clean = text::clean(cell.raw, true);
                if !clean.text.is_empty() {
                    let name = match cell.column.header.as_str() {
                        "" => format!("#{}", cell.index + 1),
                        header => header.to_owned(),
                    };
                    record.extra.push((name, clean.text.into_owned()));
                }
            }
            Target::Street => self.split(record, cell, Field::Street, |record, text| {
                let street = combined::street(text);
                set(record, cell, Field::Street, street.street);
                set(record, cell, Field::HouseNumber, street.number.unwrap_or(""));
                if let Some(extra) = street.extra {
                    match record.text(Field::AddressExtra) {
                        Some(_) => record.set(Field::Street, Value::Text(text.to_owned())),
                        None => set(record, cell, Field::AddressExtra, extra),
                    }
                }
            }),
            Target::PostalCity => {
                let alone = if cell.raw.bytes().any(|b| b.is_ascii_digit()) && !cell.raw.contains(' ') {
                    Field::PostalCode
                } else {
                    Field::City
                };
                self.split(record, cell, alone, |record, text| match combined::postal_city(text) {
                    Some((code, city)) => {
                        set(record, cell, Field::PostalCode, code);
                        set(record, cell, Field::City, city);
                    }
                    None => set(record, cell, alone, text),
                });
            }
            Target::Address => self.split(record, cell, Field::Street, |record, text| {
                let (line, place) = combined::address(text).map_or((text, None), |(line, place)| (line, Some(place)));
                let street = combined::street(line);
                set(record, cell, Field::Street, street.street);
                set(record, cell, Field::HouseNumber, street.number.unwrap_or(""));
                set(record, cell, Field::AddressExtra, street.extra.unwrap_or(""));
                if let Some((code, city)) = place {
                    set(record, cell, Field::PostalCode, code);
                    set(record, cell, Field::City, city);
                }
            }),
        }
    }

    /// Cleans the text of a combined column and hands it to its rule.
    fn split(&self, record: &mut Record, cell: Cell<'_>, field: Field, rule: impl FnOnce(&mut Record, &str)) {
        if let Some(text) = self.plain(record, field, cell) {
            rule(record, &text);
        }
    }

    /// The whole name, once it is known whether the record is about a person.
    pub(super) fn name(&self, record: &mut Record, row: &Row) {
        let Some(index) = self.name_column else { return };
        let Some(raw) = row.cells.get(index).filter(|raw| !raw.is_empty()) else {
            return;
        };
        let cell = Cell {
            index,
            column: &self.mapping.columns[index],
            raw,
            typed: typed(row, index),
        };
        let Some(text) = self.plain(record, Field::LastName, cell) else {
            return;
        };
        if record.get(Field::LastName).is_some() || record.get(Field::CompanyName).is_some() {
            record.extra.push((cell.column.header.clone(), text.into_owned()));
            return;
        }
        let person = match (record.text(Field::DebtorType), record.text(Field::Salutation)) {
            (Some("person"), _) | (None, Some("mr" | "ms")) => Some(true),
            (Some("company"), _) | (None, Some("company")) => Some(false),
            _ if record.get(Field::BirthDate).is_some() => Some(true),
            _ => None,
        };
        match combined::name(&text, person) {
            Name::Person { first, last } => {
                set(record, cell, Field::FirstName, first);
                set(record, cell, Field::LastName, last);
            }
            Name::Company(name) => set(record, cell, Field::CompanyName, name),
            Name::Whole(name) => set(record, cell, Field::LastName, name),
        }
    }
}
