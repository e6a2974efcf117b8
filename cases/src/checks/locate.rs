//! Gives findings about a field the column from which the field was read.

use dropcase_parsers::record::Record;
use dropcase_parsers::staged::Part;

/// Names column and header of each finding that names a field and no column, and shows the cell as it came instead of
/// the value as it was read, where that cell holds nothing but this field.
pub fn locate(record: &mut Record, part: &Part) {
    for finding in record.findings.iter_mut().filter(|finding| finding.column.is_none()) {
        let Some(field) = finding.field else { continue };
        let Some(index) = part.columns.iter().position(|fields| fields.contains(&field)) else {
            continue;
        };
        finding.column = u32::try_from(index).ok();
        finding.header = part.header.get(index).map(str::to_owned);
        let alone = part.columns[index].len() == 1;
        let cell = record.raw.get(index).filter(|cell| alone && !cell.is_empty());
        if let (Some(value), Some(cell)) = (&mut finding.value, cell) {
            *value = cell.chars().take(80).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use dropcase_parsers::fields::Field;
    use dropcase_parsers::finding::{Code, Finding};
    use dropcase_parsers::record::Cells;
    use dropcase_parsers::staged::Dialect;

    use super::super::fixture::claim;
    use super::*;

    #[test]
    fn columns_and_cells() {
        let part = Part {
            part: 0,
            member: None,
            sheet: None,
            dialect: Dialect::Xml {
                encoding: "UTF-8".to_owned(),
            },
            header: Cells::from_iter(["Ort", "Betrag"]),
            header_row: Some(1),
            columns: vec![vec![Field::PostalCode, Field::City], vec![Field::PrincipalAmount]],
            layout: "built-in".to_owned(),
        };
        let mut record = claim(&[]);
        record.raw = Cells::from_iter(["1067 Musterstadt", "0,00 €"]);
        record.findings = vec![
            Finding::new(Code::AmountNotPositive)
                .field(Field::PrincipalAmount)
                .value("0.00"),
            Finding::new(Code::PostcodeImplausible)
                .field(Field::PostalCode)
                .value("1067"),
            Finding::new(Code::NoDefaultDate).field(Field::DefaultDate),
            Finding::new(Code::TooFewFields),
        ];
        locate(&mut record, &part);
        let places: Vec<_> = record
            .findings
            .iter()
            .map(|finding| (finding.column, finding.header.as_deref(), finding.value.as_deref()))
            .collect();
        let expected = [
            (Some(1), Some("Betrag"), Some("0,00 €")),
            (Some(0), Some("Ort"), Some("1067")),
            (None, None, None),
            (None, None, None),
        ];
        assert_eq!(places, expected);
    }
}
