//! Workbooks and documents with some bytes changed: whatever comes of it, no panic and no endless loop.

mod workbook_support;

use std::ops::ControlFlow;

use dropcase_parsers::formats::{Unreadable, workbook, xml};
use dropcase_parsers::limits::Limits;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use workbook_support::{binary, file_of, ods_members, package};

/// Changes of bytes: a place as a share of the length, and what stands there then.
fn changes() -> impl Strategy<Value = Vec<(f64, u8)>> {
    prop::collection::vec((0.0..1.0, any::<u8>()), 1..12)
}

fn change(bytes: &mut [u8], changes: &[(f64, u8)]) {
    for (share, byte) in changes {
        let at = (share * bytes.len() as f64) as usize;
        bytes[at] = *byte;
    }
}

/// Reads to the end; an error must be a finding, not a fault of the machine.
fn read(bytes: &[u8]) {
    let limits = Limits {
        cells: 100_000,
        unpacked_bytes: 16 << 20,
        dense_bytes: 16 << 20,
        ..Limits::default()
    };
    for open in [workbook::open, xml::open] {
        let result = open(file_of(bytes), &limits).and_then(|mut source| {
            for index in 0..source.parts().len() {
                source.rows(index, &mut |_| Ok(ControlFlow::Continue(())))?;
            }
            Ok(())
        });
        if let Err(Unreadable::Io(error)) = result {
            panic!("{error}");
        }
    }
}

/// The members of a package, as bytes to be changed.
fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut member = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut member, &mut content).unwrap();
            (member.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn example_xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..20 {
        sheet.write_string(row, 0, format!("text {row}")).unwrap();
        sheet.write_number(row, 1, f64::from(row) * 1.1).unwrap();
        sheet
            .write_number_with_format(row, 2, 45_000.0, &Format::new().set_num_format("dd.mm.yyyy"))
            .unwrap();
        sheet.write_boolean(row, 3, true).unwrap();
    }
    book.save_to_buffer().unwrap()
}

const DOCUMENT: &str = "<?xml version='1.0' encoding='UTF-8'?><handover version='1'><record type='new_claim'>\
    <city>K&#246;ln &amp; Bonn</city><email>a@example.com</email><email>b@example.com</email></record></handover>";

const CONTENT: &str = "<document-content><body><spreadsheet><table:table table:name='T'>\
    <table:table-row table:number-rows-repeated='30'><table:table-cell table:number-columns-repeated='9'/>\
    </table:table-row><table:table-row table:number-rows-repeated='3'><table:table-cell office:value-type='float' \
    office:value='12.5'><text:p>12,5</text:p></table:table-cell><table:table-cell \
    table:number-columns-repeated='2' office:value-type='date' office:date-value='2024-03-15'/><table:table-cell \
    office:value-type='string'><text:p>a<text:s text:c='3'/>b</text:p></table:table-cell></table:table-row>\
    </table:table></spreadsheet></body></document-content>";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn changed_compound_files(changes in changes()) {
        let mut bytes = binary::example_xls();
        change(&mut bytes, &changes);
        read(&bytes);
    }

    #[test]
    fn changed_members_of_an_xlsb(which in 0_usize..6, changes in changes()) {
        let mut members = binary::example_xlsb();
        change(&mut members[which].1, &changes);
        read(&package(&binary::borrowed(&members)));
    }

    #[test]
    fn changed_members_of_an_xlsx(which in any::<prop::sample::Index>(), changes in changes()) {
        let mut members = members(&example_xlsx());
        let which = which.index(members.len());
        change(&mut members[which].1, &changes);
        read(&package(&members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>()));
    }

    #[test]
    fn changed_content_of_an_ods(changes in changes()) {
        let mut content = CONTENT.as_bytes().to_vec();
        change(&mut content, &changes);
        read(&package(&ods_members(&content)));
    }

    #[test]
    fn changed_packages(changes in changes()) {
        let mut bytes = example_xlsx();
        change(&mut bytes, &changes);
        read(&bytes);
    }

    #[test]
    fn changed_documents(changes in changes()) {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        change(&mut bytes, &changes);
        read(&bytes);
    }
}
