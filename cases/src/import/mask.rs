//! Masks values of findings before they are stored: enough to find the cell again, not enough to know the person.
//! (The correction file has the row itself, and goes to the client alone.)

use dropcase_parsers::fields::{Field, Kind};

/// Longest amount, date or rate that is kept as it came.
const PLAIN: usize = 20;

/// `value` of `field` as it is stored: amounts, rates and dates of the claim as they came, of an IBAN the last four
/// characters, of anything else the first two and the length.
pub(super) fn mask(field: Option<Field>, value: &str) -> String {
    let length = value.chars().count();
    if field.is_some_and(is_of_the_claim) && length <= PLAIN && !value.chars().any(char::is_alphabetic) {
        return value.to_owned();
    }
    if field == Some(Field::Iban) && length > 8 {
        let tail: String = value.chars().skip(length - 4).collect();
        return format!("…{tail}");
    }
    let head: String = value.chars().take(if length > 3 { 2 } else { 0 }).collect();
    format!("{head}… ({length})")
}

fn is_of_the_claim(field: Field) -> bool {
    field != Field::BirthDate && matches!(field.kind(), Kind::Money | Kind::Percent | Kind::Date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (field, value, expected) in [
            (Some(Field::PrincipalAmount), "1.234", "1.234"),
            (Some(Field::DueDate), "31.02.2026", "31.02.2026"),
            (Some(Field::DueDate), "Mustermann", "Mu… (10)"),
            (Some(Field::PrincipalAmount), "1234567890123456789012", "12… (22)"),
            (Some(Field::BirthDate), "31.02.1980", "31… (10)"),
            (Some(Field::Iban), "DE02120300000000202051", "…2051"),
            (Some(Field::Email), "erika@example", "er… (13)"),
            (None, "Süd", "… (3)"),
        ] {
            assert_eq!(mask(field, value), expected, "{value}");
        }
    }
}
