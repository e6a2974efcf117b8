//! XLS and XLSB written record by record (MS-XLS, MS-XLSB).

use std::io::{Cursor, Write};

/// A BIFF record.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [
        &kind.to_le_bytes(),
        &u16::try_from(data.len()).unwrap().to_le_bytes(),
        data,
    ]
    .concat()
}

pub(crate) fn u16s(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(crate) fn utf16(text: &str) -> Vec<u8> {
    u16s(&text.encode_utf16().collect::<Vec<_>>())
}

pub(crate) fn cell(kind: u16, row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    record(kind, &[&u16s(&[row, column, style]), value].concat())
}

/// A compound file with this stream.
pub(crate) fn compound(stream: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(bytes).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A BIFF8 workbook of a visible and a hidden sheet.
pub(crate) fn xls(globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(0x0809, &u16s(&[0x0600, 5, 0, 0, 0, 0, 0, 0]));
    let end = record(0x000A, &[]);
    let name = |state: u8, name: &str, start: usize| {
        let head = [
            &u32::try_from(start).unwrap().to_le_bytes()[..],
            &[state, 0, u8::try_from(name.len()).unwrap(), 0],
        ];
        record(0x0085, &[&head.concat(), name.as_bytes()].concat())
    };
    let sheet = [begin.clone(), cells.concat(), end.clone()].concat();
    let before = [begin, globals.concat()].concat();
    let names = name(0, "Liste", 0).len() + name(1, "Auswahl", 0).len();
    let first = before.len() + names + end.len();
    let stream = [before, name(0, "Liste", first), name(1, "Auswahl", first), end, sheet].concat();
    compound("/Workbook", &stream)
}

/// Formats: style 0 plain, 1 `00000`, 2 a date, 3 percent.
pub(crate) fn styles() -> Vec<Vec<u8>> {
    let code = |id: u16, code: &str| {
        let length = u16::try_from(code.len()).unwrap();
        record(0x041E, &[&u16s(&[id, length])[..], &[0], code.as_bytes()].concat())
    };
    let mut records = vec![code(164, "00000")];
    records.extend([0, 164, 14, 10].map(|format| record(0x00E0, &[u16s(&[0, format]), vec![0; 16]].concat())));
    records
}

/// A record of an XLSB.
pub(crate) fn brt(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    match u8::try_from(kind).ok().filter(|kind| *kind < 0x80) {
        Some(kind) => bytes.push(kind),
        None => bytes.extend([(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8]),
    }
    let length = data.len();
    bytes.extend([(length & 0x7F) as u8 | 0x80, (length >> 7) as u8]);
    bytes.extend(data);
    bytes
}

pub(crate) fn wide(text: &str) -> Vec<u8> {
    [
        u32::try_from(text.encode_utf16().count())
            .unwrap()
            .to_le_bytes()
            .to_vec(),
        utf16(text),
    ]
    .concat()
}

pub(crate) fn brt_cell(kind: u16, column: u32, style: u32, value: &[u8]) -> Vec<u8> {
    brt(kind, &[&column.to_le_bytes(), &style.to_le_bytes(), value].concat())
}

/// A sheet with every kind of cell, and a hidden one.
pub(crate) fn example_xls() -> Vec<u8> {
    let rk = |value: i32| (value << 2 | 2).to_le_bytes();
    let cells = [
        cell(0x00FD, 0, 0, 0, &0_u32.to_le_bytes()),
        cell(0x00FD, 0, 1, 0, &1_u32.to_le_bytes()),
        // The second column before the first, as some writers have it.
        cell(0x027E, 2, 1, 1, &rk(1067)),
        cell(0x0203, 2, 2, 2, &45_366.0_f64.to_le_bytes()),
        cell(0x0203, 2, 0, 0, &(0.1_f64 + 0.2).to_le_bytes()),
        record(
            0x00BD,
            &[&u16s(&[1, 3, 0])[..], &rk(7), &u16s(&[3]), &rk(1), &u16s(&[4])].concat(),
        ),
        cell(0x0205, 3, 0, 0, &[1, 0]),
        cell(0x0205, 3, 1, 0, &[0x17, 1]),
        cell(
            0x0006,
            3,
            2,
            0,
            &[&[0, 0, 0, 0, 0, 0, 0xFF, 0xFF][..], &[0; 8]].concat(),
        ),
        record(0x0207, &[&u16s(&[4])[..], &[1], &utf16("Köln")].concat()),
        cell(0x0006, 3, 3, 0, &[&2.5_f64.to_le_bytes()[..], &[0; 8]].concat()),
    ];
    // Two strings; the second goes on in the next record and changes its width there.
    let strings = [
        record(
            0x00FC,
            &[
                &[2, 0, 0, 0, 2, 0, 0, 0][..],
                &u16s(&[6]),
                &[0],
                b"Nummer",
                &u16s(&[7]),
                &[0],
                b"Stra",
            ]
            .concat(),
        ),
        record(0x003C, &[&[1][..], &utf16("ße…")].concat()),
    ];
    xls(&[styles(), strings.to_vec()].concat(), &cells)
}

/// The members of an XLSB with every kind of cell, and hidden sheets.
pub(crate) fn example_xlsb() -> Vec<(&'static str, Vec<u8>)> {
    let root = br#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
    let relations = br#"<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.bin"/>
<Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.bin"/><Relationship Id="r3" Type="http://x/styles" Target="styles.bin"/></Relationships>"#;
    let sheet_of = |state: u32, name: &str| {
        brt(
            0x009C,
            &[&state.to_le_bytes()[..], &1_u32.to_le_bytes(), &wide("r1"), &wide(name)].concat(),
        )
    };
    let book = [
        sheet_of(0, "Liste"),
        sheet_of(1, "versteckt"),
        sheet_of(2, "sehr"),
        brt(0x0090, &[]),
        brt(0x0084, &[]),
    ]
    .concat();
    let strings = [
        brt(0x009F, &[1, 0, 0, 0, 1, 0, 0, 0]),
        brt(0x0013, &[&[0][..], &wide("Straße")].concat()),
        brt(0x00A0, &[]),
    ]
    .concat();
    let xf = |format: u16| brt(0x002F, &[u16s(&[0, format]), vec![0; 12]].concat());
    let formats = brt(0x002C, &[u16s(&[164]), wide("00000")].concat());
    let styles = [
        brt(0x0267, &1_u32.to_le_bytes()),
        formats,
        brt(0x0268, &[]),
        brt(0x0269, &3_u32.to_le_bytes()),
        xf(0),
        xf(164),
        xf(14),
        brt(0x026A, &[]),
    ]
    .concat();
    let row = |number: u32| brt(0x0000, &[&number.to_le_bytes()[..], &[0; 13]].concat());
    let rk = |value: i32| (value << 2 | 2).to_le_bytes();
    let sheet = [
        brt(0x0081, &[]),
        brt(0x0094, &[0; 16]),
        brt(0x0091, &[]),
        row(0),
        brt_cell(0x0007, 0, 0, &0_u32.to_le_bytes()),
        brt_cell(0x0006, 1, 0, &wide("inline")),
        brt_cell(0x003E, 2, 0, &[&[0][..], &wide("rich")].concat()),
        row(4),
        brt_cell(0x0001, 0, 0, &[]),
        brt_cell(0x0002, 1, 1, &rk(1067)),
        brt_cell(0x0005, 2, 2, &45_366.0_f64.to_le_bytes()),
        brt_cell(0x0009, 3, 0, &(0.1_f64 + 0.2).to_le_bytes()),
        brt_cell(0x000A, 4, 0, &[1]),
        brt_cell(0x0003, 5, 0, &[0x2A]),
        brt_cell(0x0008, 6, 0, &wide("from a formula")),
        brt_cell(0x000B, 7, 0, &[0x2A]),
        brt(0x0092, &[]),
        row(9),
        brt_cell(0x0006, 0, 0, &wide("behind the data")),
    ]
    .concat();
    vec![
        ("_rels/.rels", root.to_vec()),
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", relations.to_vec()),
        ("xl/sharedStrings.bin", strings),
        ("xl/styles.bin", styles),
        ("xl/worksheets/sheet1.bin", sheet),
    ]
}

/// Members as a package takes them.
pub(crate) fn borrowed<'a>(members: &'a [(&'a str, Vec<u8>)]) -> Vec<(&'a str, &'a [u8])> {
    members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect()
}
