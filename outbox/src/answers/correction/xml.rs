//! A correction as dropcase's own XML; what to do stands in a comment before each record.

use std::io::Write;

use dropcase_parsers::fields::Field;

use super::{Lines, kept_columns, todo};
use crate::answers::facts::PartFacts;
use crate::language::Language;
use crate::writers::WriteError;
use crate::writers::xml::{XmlWriter, is_name};

/// What the parser puts between the values of a field that is given several times.
const BETWEEN: &str = "; ";

pub(super) fn write<W: Write>(
    part: &PartFacts,
    lines: &mut Lines<'_>,
    out: W,
    language: &Language,
) -> Result<u64, WriteError> {
    let mut xml = XmlWriter::new(out)?;
    let kept = kept_columns(part);
    xml.open("handover", &[("version", Some("1"))])?;
    let mut count = 0;
    for line in lines {
        let line = line?;
        let cells = line.raw.as_deref().unwrap_or_default();
        let type_column = part
            .header
            .iter()
            .position(|header| header == Field::RecordType.as_str());
        let record_type = type_column.and_then(|index| cells.get(index)).map(String::as_str);
        xml.comment(&todo(&line, language))?;
        xml.open("record", &[("type", record_type.filter(|name| !name.is_empty()))])?;
        for (index, cell) in kept.of(cells) {
            let Some(name) = part.header.get(index).filter(|name| is_name(name)) else {
                continue;
            };
            if Some(index) == type_column || cell.is_empty() {
                continue;
            }
            if Field::from_name(name).is_some_and(Field::is_list) {
                for value in cell.split(BETWEEN) {
                    xml.leaf(name, Some(value))?;
                }
            } else {
                xml.leaf(name, Some(cell))?;
            }
        }
        xml.close("record")?;
        count += 1;
    }
    xml.close("handover")?;
    xml.finish()?;
    Ok(count)
}
