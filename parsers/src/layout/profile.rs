//! The profile: how each column writes dates and decimals, from a first pass over all its cells.

use super::mapping::Mapping;
use crate::fields::{Field, Kind};
use crate::formats::Row;
use crate::job::{DateOrder, NumberFormat};
use crate::values::date::{self, Orders, Window};
use crate::values::money;

/// What one column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Neither a date nor an amount.
    Nothing,
    Date(Orders, Window),
    Money {
        comma: bool,
        point: bool,
        /// Currencies stand beside the numbers.
        signs: bool,
    },
}

/// What all columns show.
#[derive(Debug, Clone)]
pub struct Profile {
    columns: Vec<Shown>,
    /// A value stands in the column.
    used: Vec<bool>,
}

impl Profile {
    /// An empty profile of the mapped columns.
    pub fn new(mapping: &Mapping) -> Self {
        let columns = mapping
            .columns
            .iter()
            .map(|column| {
                let fields = column.target.fields();
                match fields
                    .iter()
                    .find(|field| matches!(field.kind(), Kind::Date | Kind::Money))
                {
                    Some(field) if field.kind() == Kind::Date => Shown::Date(Orders::ANY, window(*field)),
                    Some(_) => Shown::Money {
                        comma: false,
                        point: false,
                        signs: false,
                    },
                    None => Shown::Nothing,
                }
            })
            .collect();
        Self {
            columns,
            used: vec![false; mapping.columns.len()],
        }
    }

    /// Takes a row in. Typed cells say nothing about how the column is written.
    pub fn see(&mut self, row: &Row) {
        let mut typed = row.typed.iter().map(|(index, _)| *index as usize).peekable();
        for (index, shown) in self.columns.iter_mut().enumerate() {
            if typed.next_if_eq(&index).is_some() {
                self.used[index] = true;
                continue;
            }
            let settled = self.used[index] && *shown == Shown::Nothing;
            if settled {
                continue;
            }
            let Some(cell) = row.cells.get(index).map(str::trim).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            self.used[index] = true;
            match shown {
                Shown::Nothing => {}
                Shown::Date(orders, window) => *orders = orders.and(date::shown(cell, *window)),
                Shown::Money { comma, point, signs } => {
                    *signs |= !cell
                        .bytes()
                        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b' '));
                    match money::shown(cell) {
                        Some(NumberFormat::DecimalComma) => *comma = true,
                        Some(NumberFormat::DecimalPoint) => *point = true,
                        None => {}
                    }
                }
            }
        }
    }

    /// The order that the whole column shows.
    pub fn date_order(&self, column: usize) -> Option<DateOrder> {
        match self.columns.get(column)? {
            Shown::Date(orders, _) => orders.only(),
            _ => None,
        }
    }

    /// The format that the whole column shows.
    pub fn number_format(&self, column: usize) -> Option<NumberFormat> {
        match self.columns.get(column)? {
            Shown::Money {
                comma: true,
                point: false,
                ..
            } => Some(NumberFormat::DecimalComma),
            Shown::Money {
                comma: false,
                point: true,
                ..
            } => Some(NumberFormat::DecimalPoint),
            _ => None,
        }
    }

    /// Whether currencies stand beside the amounts of the column.
    pub fn has_signs(&self, column: usize) -> bool {
        matches!(self.columns.get(column), Some(Shown::Money { signs: true, .. }))
    }

    /// Whether a value stands in the column.
    pub fn is_used(&self, column: usize) -> bool {
        self.used.get(column).copied().unwrap_or(false)
    }
}

/// The window of a field's two-digit years.
pub fn window(field: Field) -> Window {
    if field == Field::BirthDate {
        Window::Birth
    } else {
        Window::Business
    }
}
