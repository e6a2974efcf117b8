//! The answers for programs keep what their schemas promise.

use std::process::{Command, Stdio};

use dropcase_cases::model::Mode;
use dropcase_outbox::answers::program::{JSON_SCHEMA, XML_SCHEMA};
use serde_json::Value;

use crate::house::{House, TEN};

/// Answers of every kind in JSON and XML.
async fn answers() -> Vec<(String, Vec<u8>)> {
    let house = House::new("de", "answers = [\"json\", \"xml\"]").await;
    house.drop("a.csv", TEN.as_bytes(), Mode::Validate).await;
    house.drop("b.csv", TEN.as_bytes(), Mode::Import).await;
    house.drop("c.csv", TEN.as_bytes(), Mode::Import).await;
    house
        .drop("d.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Mode::Import)
        .await;
    house.drop("e.csv", b"", Mode::Import).await;
    house
        .drop(
            "f <&\"\u{1}.csv",
            TEN.lines().next().expect("a header").as_bytes(),
            Mode::Import,
        )
        .await;
    house.deliver().await;
    let files: Vec<_> = house.files("outbox/acknowledgements").into_iter().collect();
    assert_eq!(files.len(), 12);
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn json_keeps_its_schema() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    for (name, bytes) in answers().await.into_iter().filter(|(name, _)| name.ends_with(".json")) {
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        let mut faults = Vec::new();
        check(&schema, &schema, &answer, "", &mut faults);
        assert!(faults.is_empty(), "{name}: {faults:?}");
        let count = |key: &str| answer[key].as_i64().unwrap();
        let parts = ["accepted", "rejected", "duplicate", "withheld"].map(count);
        assert_eq!(count("submitted"), parts.iter().sum::<i64>());
        assert_eq!(count("submitted"), answer["records"].as_array().unwrap().len() as i64);
    }
}

#[test]
fn the_check_of_schemas_finds_faults() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let mut faults = Vec::new();
    check(
        &schema,
        &schema,
        &serde_json::json!({ "size": -1, "file": 1, "status": "OK", "odd": 1 }),
        "",
        &mut faults,
    );
    for fault in ["/size", "/file", "/status", "/odd", "records is missing"] {
        assert!(
            faults.iter().any(|found| found.contains(fault)),
            "{fault} in {faults:?}"
        );
    }
}

/// What of a value breaks a schema.
pub(crate) fn faults(schema: &str, value: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).expect("a schema");
    let mut faults = Vec::new();
    check(&schema, &schema, value, "", &mut faults);
    faults
}

/// As much of JSON Schema as the schema uses; a keyword that it does not know is a fault.
fn check(root: &Value, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().into_iter().flatten() {
        let fine = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "pattern" => true,
            "$ref" => {
                let pointer = rule
                    .as_str()
                    .and_then(|text| text.strip_prefix('#'))
                    .unwrap_or("nowhere");
                match root.pointer(pointer) {
                    Some(target) => check(root, target, value, path, faults),
                    None => faults.push(format!("{path} refers to {pointer}")),
                }
                true
            }
            "type" => match rule {
                Value::Array(names) => names.iter().any(|name| is(name, value)),
                name => is(name, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().is_some_and(|choices| choices.contains(value)),
            "minimum" => value
                .as_i64()
                .is_none_or(|number| number >= rule.as_i64().unwrap_or_default()),
            "required" => {
                for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.get(name).is_none() {
                        faults.push(format!("{path}: {name} is missing"));
                    }
                }
                true
            }
            "additionalProperties" => {
                for name in value.as_object().into_iter().flat_map(|members| members.keys()) {
                    if schema["properties"].get(name).is_none() {
                        faults.push(format!("{path}/{name} is not known"));
                    }
                }
                rule == &Value::Bool(false)
            }
            "properties" => {
                for (name, rule) in rule.as_object().into_iter().flatten() {
                    if let Some(member) = value.get(name) {
                        check(root, rule, member, &format!("{path}/{name}"), faults);
                    }
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{path}/{index}"), faults);
                }
                true
            }
            "oneOf" => {
                let holds = |rule: &&Value| {
                    let mut faults = Vec::new();
                    check(root, rule, value, path, &mut faults);
                    faults.is_empty()
                };
                rule.as_array().into_iter().flatten().filter(holds).count() == 1
            }
            _ => false,
        };
        if !fine {
            faults.push(format!("{path} breaks {keyword}"));
        }
    }
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

/// Whether `bytes` keep an XSD, with what xmllint says; `None` where there is no xmllint.
pub(crate) fn keeps(schema: &str, bytes: &[u8]) -> Option<(bool, String)> {
    let lint = || Command::new("xmllint");
    if lint().arg("--version").stderr(Stdio::null()).status().is_err() {
        eprintln!("SKIPPED: xmllint is not installed (Debian package libxml2-utils)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (xsd, file) = (folder.path().join("schema.xsd"), folder.path().join("answer.xml"));
    std::fs::write(&xsd, schema).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let output = lint()
        .args(["--noout", "--nonet", "--schema"])
        .args([&xsd, &file])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some((output.status.success(), said))
}

#[tokio::test(flavor = "multi_thread")]
async fn xml_keeps_its_schema() {
    for (name, bytes) in answers().await.into_iter().filter(|(name, _)| name.ends_with(".xml")) {
        let Some((fine, said)) = keeps(XML_SCHEMA, &bytes) else {
            return;
        };
        assert!(fine, "{name}: {said}");
        let spoiled = String::from_utf8(bytes).unwrap().replace("status=\"", "status=\"X");
        let spoiled = keeps(XML_SCHEMA, spoiled.as_bytes());
        assert!(spoiled.is_some_and(|(fine, _)| !fine), "the check finds faults");
    }
}
