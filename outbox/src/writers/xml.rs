//! XML for programs, written element by element.

use std::borrow::Cow;
use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::WriteError;

/// Writes elements in order.
pub struct XmlWriter<W: Write> {
    out: Writer<W>,
}

impl<W: Write> std::fmt::Debug for XmlWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XmlWriter").finish_non_exhaustive()
    }
}

impl<W: Write> XmlWriter<W> {
    /// Begins a document in UTF-8.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(out: W) -> Result<Self, WriteError> {
        let mut out = Writer::new_with_indent(out, b' ', 2);
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { out })
    }

    /// Opens an element with attributes; those without a value are left out.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) -> Result<(), WriteError> {
        Ok(self.out.write_event(Event::Start(start(name, attributes)))?)
    }

    /// Closes an element.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close(&mut self, name: &str) -> Result<(), WriteError> {
        Ok(self.out.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// An element without content.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) -> Result<(), WriteError> {
        Ok(self.out.write_event(Event::Empty(start(name, attributes)))?)
    }

    /// An element with text; none when there is no text.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn leaf(&mut self, name: &str, text: Option<&str>) -> Result<(), WriteError> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(());
        };
        self.out.write_event(Event::Start(BytesStart::new(name)))?;
        self.out.write_event(Event::Text(BytesText::new(&allowed(text))))?;
        Ok(self.out.write_event(Event::End(BytesEnd::new(name)))?)
    }

    /// A comment; what would end it is replaced.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn comment(&mut self, text: &str) -> Result<(), WriteError> {
        let text = format!(" {} ", allowed(text).replace("--", "- "));
        Ok(self.out.write_event(Event::Comment(BytesText::from_escaped(text)))?)
    }

    /// Ends the document.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<W, WriteError> {
        let mut out = self.out.into_inner();
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(out)
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, Option<&str>)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for (name, value) in attributes {
        if let Some(value) = value {
            element.push_attribute((*name, allowed(value).as_ref()));
        }
    }
    element
}

/// Can this be the name of an element?
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// The text with every character that XML 1.0 forbids (section 2.2) replaced.
fn allowed(text: &str) -> Cow<'_, str> {
    let fine = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(fine) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if fine(c) { c } else { '\u{FFFD}' }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut xml = XmlWriter::new(Vec::new()).unwrap();
        xml.open("a", &[("x", Some("<\"&>")), ("y", None)]).unwrap();
        xml.leaf("b", Some("1 < 2 & \u{0}\u{1b}")).unwrap();
        xml.leaf("c", None).unwrap();
        xml.empty("d", &[]).unwrap();
        xml.close("a").unwrap();
        let text = String::from_utf8(xml.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x=\"&lt;&quot;&amp;&gt;\">\n  <b>1 &lt; 2 &amp; \u{fffd}\u{fffd}</b>\n  <d/>\n</a>\n"
        );
    }
}
