//! dropcase's own XML: what it yields, what it refuses, and its schema.

use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::process::Command;

use chrono::NaiveDate;
use dropcase_parsers::fields::{Field, Kind};
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::formats::{Row, Typed, Unreadable, xml};
use dropcase_parsers::limits::Limits;
use dropcase_parsers::staged::Dialect;

const EXAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<handover version="1">
  <!-- a comment -->
  <record type="new_claim">
    <debtor_number>10017</debtor_number>
    <company_name>Muster &amp; S&#246;hne GmbH</company_name>
    <email>info@example.com</email>
    <email>buchhaltung@example.org</email>
    <due_date>2024-03-15</due_date>
    <principal_amount>1.234</principal_amount>
    <disputed>false</disputed>
  </record>
  <record type="direct_payment">
    <debtor_number>10018</debtor_number>
    <amount>20.00</amount>
    <memo><![CDATA[two
lines]]></memo>
  </record>
</handover>
"#;

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    file
}

fn read_with(bytes: &[u8], limits: &Limits) -> Result<(Dialect, Vec<Row>), Unreadable> {
    let mut source = xml::open(file_of(bytes), limits)?;
    let dialect = source.parts()[0].dialect.clone();
    let mut passes = [Vec::new(), Vec::new()];
    for rows in &mut passes {
        source.rows(0, &mut |row: &mut Row| {
            rows.push(row.clone());
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let [rows, again] = passes;
    assert_eq!(rows, again, "the document reads the same every time");
    Ok((dialect, rows))
}

fn read(bytes: impl AsRef<[u8]>) -> Vec<Row> {
    read_with(bytes.as_ref(), &Limits::default()).expect("readable").1
}

fn refusal(bytes: impl AsRef<[u8]>, limits: &Limits) -> Finding {
    match read_with(bytes.as_ref(), limits) {
        Err(Unreadable::Finding(finding)) => *finding,
        other => panic!("read after all: {other:?}"),
    }
}

fn arg<'a>(finding: &'a Finding, name: &str) -> Option<&'a str> {
    finding
        .args
        .iter()
        .find(|(arg, _)| arg == name)
        .map(|(_, value)| value.as_str())
}

fn texts(row: &Row) -> Vec<&str> {
    row.cells.iter().collect()
}

#[test]
fn records_become_rows_under_a_header() {
    let rows = read(EXAMPLE);
    let header = [
        "record_type",
        "debtor_number",
        "company_name",
        "email",
        "due_date",
        "principal_amount",
        "disputed",
        "amount",
        "memo",
    ];
    assert_eq!(texts(&rows[0]), header);
    let first = [
        "new_claim",
        "10017",
        "Muster & Söhne GmbH",
        "info@example.com; buchhaltung@example.org",
        "2024-03-15",
        "1.234",
        "false",
        "",
        "",
    ];
    assert_eq!(texts(&rows[1]), first);
    let due = NaiveDate::from_ymd_opt(2024, 3, 15)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let expected = [
        (4, Typed::Date(due)),
        (5, Typed::Number("1.234".into())),
        (6, Typed::Bool(false)),
    ];
    assert_eq!(rows[1].typed, expected);
    assert_eq!(rows[2].cells.get(8), Some("two\nlines"));
    assert_eq!(
        rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [2, 4, 13],
        "lines where they begin"
    );
}

#[test]
fn namespaces_groups_and_unknown_elements_are_taken() {
    let rows = read(
        "<h:handover xmlns:h='urn:example' version='1'><h:record><debtor><h:last_name>Mustermann</h:last_name>\
         <colour>blue</colour></debtor><city/></h:record></h:handover>",
    );
    assert_eq!(texts(&rows[0]), ["record_type", "last_name", "colour", "city"]);
    assert_eq!(texts(&rows[1]), ["", "Mustermann", "blue", ""]);
}

#[test]
fn a_list_without_records_has_every_column() {
    let rows = read("<handover version='1'/>");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].cells.len(), Field::ALL.len());
}

#[test]
fn encodings_are_followed() {
    let body = "<handover><record><city>Köln</city></record></handover>";
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2], text: &str| {
        let mut bytes = mark.to_vec();
        text.encode_utf16().for_each(|u| bytes.extend(unit(u)));
        bytes
    };
    let declared = format!("<?xml version='1.0' encoding='UTF-16'?>{body}");
    let latin: Vec<u8> = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{body}")
        .chars()
        .map(|c| c as u8)
        .collect();
    for (bytes, label) in [
        (body.as_bytes().to_vec(), "UTF-8"),
        ([b"\xEF\xBB\xBF", body.as_bytes()].concat(), "UTF-8"),
        (utf16(b"\xFF\xFE", u16::to_le_bytes, body), "UTF-16LE"),
        (utf16(b"\xFE\xFF", u16::to_be_bytes, body), "UTF-16BE"),
        (utf16(b"", u16::to_le_bytes, &declared), "UTF-16LE"),
        (latin, "windows-1252"),
    ] {
        let (dialect, rows) = read_with(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{label}: {error}"));
        assert_eq!(dialect, Dialect::Xml { encoding: label.into() });
        assert_eq!(rows[1].cells.get(1), Some("Köln"), "{label}");
    }
    let limits = Limits::default();
    assert_eq!(
        refusal(b"<handover><record><city>K\xF6ln</city></record></handover>", &limits).code,
        Code::BadEncoding
    );
    assert_eq!(
        refusal("<?xml version='1.0' encoding='klingon'?><handover/>", &limits).code,
        Code::BadEncoding
    );
    let long = format!(
        "<?xml version='1.0' {} encoding='windows-1252'?><handover/>",
        " ".repeat(300)
    );
    assert_eq!(read(long).len(), 1, "a declaration that stretches far");
}

#[test]
fn hostile_documents_are_refused() {
    let limits = Limits {
        xml_depth: 8,
        columns: 4,
        ..Limits::default()
    };
    for (document, code) in [
        ("<!DOCTYPE handover [<!ENTITY a 'b'>]><handover/>", Code::XmlForbidden),
        (
            "<!DOCTYPE handover SYSTEM 'file:///etc/passwd'><handover/>",
            Code::XmlForbidden,
        ),
        (
            "<handover><record><city>&secret;</city></record></handover>",
            Code::XmlForbidden,
        ),
        ("<Invoice xmlns='urn:x'/>", Code::UnknownFormat),
        ("<handover version='2'/>", Code::UnknownFormat),
        ("<handover><claim/></handover>", Code::UnknownFormat),
        ("", Code::XmlMalformed),
        ("<handover>", Code::XmlMalformed),
        ("<handover><record></handover></record>", Code::XmlMalformed),
        ("<handover/>trailing", Code::XmlMalformed),
        ("<handover><record><a>1 & 2</a></record></handover>", Code::XmlMalformed),
        (
            "<handover><record><a/><b/><c/><d/></record></handover>",
            Code::TooManyCells,
        ),
    ] {
        assert_eq!(refusal(document, &limits).code, code, "{document}");
    }
    let deep = format!("<handover><record>{}", "<a>".repeat(100));
    assert_eq!(refusal(deep, &limits).code, Code::XmlTooDeep);
    let bomb = format!("<handover><record><{}>", "a".repeat(100_000));
    assert_eq!(refusal(bomb, &limits).code, Code::XmlMalformed);
}

#[test]
fn a_mistake_is_named_by_line_and_column() {
    let finding = refusal("<handover>\n  <record>\n    <city>Ort</town>", &Limits::default());
    assert_eq!(
        (arg(&finding, "line"), arg(&finding, "column")),
        (Some("3"), Some("14"))
    );
}

#[test]
fn long_and_doubled_fields_are_defects_of_their_record() {
    let document = format!(
        "<handover><record><memo>{}</memo></record><record><city>A</city><city>B</city></record>\
         <record><city>A</city></record></handover>",
        "ä".repeat(200_000)
    );
    let rows = read(document);
    let limit = Limits::default().field_bytes;
    assert_eq!(rows[1].cells.get(1).map(str::len), Some(limit));
    assert_eq!(rows[1].defects[0].code, Code::FieldTooLong);
    assert_eq!(rows[2].defects[0].code, Code::ColumnTwice);
    assert!(rows[3].defects.is_empty());
}

/// The schema that follows from the field catalogue.
fn schema() -> String {
    let mut schema = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- dropcase: claims and other records handed over as XML, layout 1. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:element name="handover">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="record" type="record" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="version" type="xs:token" fixed="1"/>
    </xs:complexType>
  </xs:element>
  <!-- The elements of a record come in any order; those of type "several" may be repeated. -->
  <xs:complexType name="record">
    <xs:choice minOccurs="0" maxOccurs="unbounded">
"#,
    );
    for field in Field::ALL.iter().filter(|field| **field != Field::RecordType) {
        let kind = match field.kind() {
            Kind::Text => "text",
            Kind::Code => "xs:token",
            Kind::Date => "xs:date",
            Kind::Money => "money",
            Kind::Percent => "xs:decimal",
            Kind::Bool => "xs:boolean",
            Kind::List => "several",
        };
        schema += &format!("      <xs:element name=\"{}\" type=\"{kind}\"/>\n", field.as_str());
    }
    schema
        + r#"    </xs:choice>
    <xs:attribute name="type" type="xs:NMTOKEN" default="new_claim"/>
  </xs:complexType>
  <xs:simpleType name="text">
    <xs:restriction base="xs:string">
      <xs:maxLength value="4000"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="several">
    <xs:restriction base="text"/>
  </xs:simpleType>
  <!-- With a point, without separators of thousands: 1234.56 -->
  <xs:simpleType name="money">
    <xs:restriction base="xs:decimal">
      <xs:fractionDigits value="3"/>
    </xs:restriction>
  </xs:simpleType>
</xs:schema>
"#
}

#[test]
fn the_schema_follows_from_the_catalogue() {
    if std::env::var_os("DROPCASE_WRITE_SCHEMA").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/handover-1.xsd"), schema()).unwrap();
    }
    assert_eq!(
        xml::SCHEMA,
        schema(),
        "run this test once with DROPCASE_WRITE_SCHEMA=1 after a change of the catalogue"
    );
}

#[test]
fn the_schema_accepts_the_example_and_refuses_others() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("handover-1.xsd");
    std::fs::write(&schema, xml::SCHEMA).unwrap();
    for (document, valid) in [
        (EXAMPLE, true),
        ("<handover version='1'/>", true),
        (
            "<handover><record><due_date>15.03.2024</due_date></record></handover>",
            false,
        ),
        ("<handover><record><amount>1.234,56</amount></record></handover>", false),
        ("<handover><record><colour>blue</colour></record></handover>", false),
    ] {
        let path = folder.path().join("document.xml");
        std::fs::write(&path, document).unwrap();
        let output = Command::new("xmllint")
            .args(["--noout", "--nonet", "--schema"])
            .arg(&schema)
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(
            output.status.success(),
            valid,
            "{document}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
