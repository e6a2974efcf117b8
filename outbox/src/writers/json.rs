//! JSON for programs: one object, its last member an array that is written element by element.

use std::io::Write;

use serde::Serialize;

use super::WriteError;

/// Writes an object with a streamed array at its end, one element a line.
#[derive(Debug)]
pub struct JsonObject<W: Write> {
    out: W,
    elements: u64,
}

impl<W: Write> JsonObject<W> {
    /// Writes all members of `head` (which serialises to an object with at least one member), then opens `array`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new<T: Serialize>(mut out: W, head: &T, array: &str) -> Result<Self, WriteError> {
        let mut text = serde_json::to_vec_pretty(head)?;
        // The closing brace comes after the array.
        while text.last().is_some_and(|byte| matches!(byte, b'}' | b'\n')) && text.pop() != Some(b'}') {}
        while text.last() == Some(&b'\n') {
            text.pop();
        }
        out.write_all(&text)?;
        write!(out, ",\n  {}: [", serde_json::to_string(array)?)?;
        Ok(Self { out, elements: 0 })
    }

    /// Appends an element.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn element<T: Serialize>(&mut self, element: &T) -> Result<(), WriteError> {
        self.out
            .write_all(if self.elements == 0 { b"\n    " } else { b",\n    " })?;
        self.elements += 1;
        Ok(serde_json::to_writer(&mut self.out, element)?)
    }

    /// Closes the array, appends the members of `tail` (which serialises to an object with at least one), closes the object.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish_with<T: Serialize>(mut self, tail: &T) -> Result<W, WriteError> {
        self.out
            .write_all(if self.elements == 0 { b"],\n" } else { b"\n  ],\n" })?;
        let text = serde_json::to_string_pretty(tail)?;
        self.out
            .write_all(text.strip_prefix("{\n").unwrap_or(&text).as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Closes array and object.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out
            .write_all(if self.elements == 0 { b"]\n}\n" } else { b"\n  ]\n}\n" })?;
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_array_is_the_last_member() {
        let check = |elements: &[&str], expected: &str| {
            let head = serde_json::json!({ "a": { "b": {} } });
            let mut json = JsonObject::new(Vec::new(), &head, "rows").unwrap();
            for element in elements {
                json.element(element).unwrap();
            }
            let text = String::from_utf8(json.finish().unwrap()).unwrap();
            assert_eq!(text, expected);
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
        };
        let mut json = JsonObject::new(Vec::new(), &serde_json::json!({ "a": 1 }), "rows").unwrap();
        json.element(&1).unwrap();
        let text = String::from_utf8(json.finish_with(&serde_json::json!({ "n": 1, "z": [] })).unwrap()).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            serde_json::json!({ "a": 1, "rows": [1], "n": 1, "z": [] })
        );
        check(&[], "{\n  \"a\": {\n    \"b\": {}\n  },\n  \"rows\": []\n}\n");
        check(
            &["x", "y\n"],
            "{\n  \"a\": {\n    \"b\": {}\n  },\n  \"rows\": [\n    \"x\",\n    \"y\\n\"\n  ]\n}\n",
        );
    }
}
