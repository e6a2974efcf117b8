//! A JSON value as XML elements of the same names, so that both formats have one shape.

use std::io::Write;

use serde_json::Value;

use crate::writers::WriteError;
use crate::writers::xml::XmlWriter;

/// The element of one item of a list.
fn item(list: &str) -> &str {
    match list {
        "history" => "event",
        list => list.strip_suffix('s').unwrap_or("item"),
    }
}

/// Writes `value` as the element `name`: members and items become elements, what is missing becomes none.
pub(super) fn write_xml<W: Write>(xml: &mut XmlWriter<W>, name: &str, value: &Value) -> Result<(), WriteError> {
    match value {
        Value::Null => Ok(()),
        Value::Object(members) => {
            xml.open(name, &[])?;
            for (member, value) in members {
                write_xml(xml, member, value)?;
            }
            xml.close(name)
        }
        Value::Array(items) => {
            xml.open(name, &[])?;
            for value in items {
                write_xml(xml, item(name), value)?;
            }
            xml.close(name)
        }
        Value::String(text) => xml.leaf(name, Some(text)),
        other => xml.leaf(name, Some(&other.to_string())),
    }
}
