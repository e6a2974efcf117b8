//! A bounded stream of XML events: no document type, no entities, limited depth and size of each event.
//!
//! Shared by dropcase's own XML and by the guard of the workbooks that are XML inside (XLSX, ODS).

use std::borrow::Cow;
use std::io::{self, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::decode::{Input, Stop};
use crate::finding::{Code, Finding};
use crate::formats::Unreadable;

/// Largest tag or run of text, in bytes: what one event may hold in memory.
const EVENT_BYTES: usize = 12 << 20;

/// Longest element name, in bytes; open names are kept until they close.
const NAME_BYTES: usize = 1 << 10;

/// A part of a document.
pub(crate) enum Node<'a> {
    /// An element begins; every one ends, an empty one too.
    Start(BytesStart<'a>),
    /// An element ends; so many elements are still open.
    End(usize),
    /// A piece of text; references are resolved and come as pieces of their own.
    Text(Cow<'a, str>),
    /// A comment, a processing instruction, the declaration.
    Other,
    /// The document ends.
    Eof,
}

/// Why a document cannot be read on.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Not well-formed at this place.
    Malformed { line: u64, column: u64 },
    /// A finding of its own.
    Found(Finding),
    /// The machine is at fault.
    Io(io::Error),
}

impl Fault {
    /// An error of a reader: a finding on its way up, a fault of the machine, or damaged bytes.
    pub(crate) fn from_io(error: io::Error, line: u64, column: u64) -> Self {
        if let Some(stop) = error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>()) {
            return Self::Found(stop.0.clone());
        }
        // An offset that the file makes up may be none that one can seek to.
        if error.raw_os_error().is_some() && error.kind() != io::ErrorKind::InvalidInput {
            return Self::Io(error);
        }
        Self::Malformed { line, column }
    }
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed { line, column } => {
                let finding = Finding::new(Code::XmlMalformed).arg("line", line).arg("column", column);
                Self::Finding(Box::new(finding))
            }
            Fault::Found(finding) => Self::Finding(Box::new(finding)),
            Fault::Io(error) => Self::Io(error),
        }
    }
}

/// Reads a document event by event.
pub(crate) struct Events<R: Read> {
    reader: Reader<Input<R>>,
    buffer: Vec<u8>,
    depth: usize,
    max_depth: usize,
}

impl<R: Read> Events<R> {
    /// Begins a document of at most `max_depth` nested elements.
    pub(crate) fn new(input: R, max_depth: usize) -> Result<Self, Fault> {
        let input = Input::new(input).map_err(|error| Fault::from_io(error, 1, 1))?;
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
            max_depth,
        })
    }

    /// Label of the encoding that is read.
    pub(crate) fn encoding(&mut self) -> &'static str {
        self.reader.get_mut().encoding().name()
    }

    /// Elements open right now.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Line and column of the next event, from 1.
    pub(crate) fn place(&mut self) -> (u64, u64) {
        let input = self.reader.get_mut();
        (input.line, input.column + 1)
    }

    /// The next event; [`Node::Eof`] only when every element is closed.
    pub(crate) fn next(&mut self) -> Result<Node<'_>, Fault> {
        self.buffer.clear();
        if self.buffer.capacity() > 1 << 20 {
            self.buffer.shrink_to(64 << 10);
        }
        let (line, column) = self.place();
        self.reader.get_mut().allow(EVENT_BYTES);
        let malformed = || Fault::Malformed { line, column };
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(fault(error, line, column)),
        };
        match event {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > self.max_depth {
                    let finding = Finding::new(Code::XmlTooDeep)
                        .arg("line", line)
                        .arg("limit", self.max_depth);
                    return Err(Fault::Found(finding));
                }
                if start.name().0.len() > NAME_BYTES {
                    return Err(malformed());
                }
                Ok(Node::Start(start))
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Node::End(self.depth))
            }
            Event::Text(text) => Ok(Node::Text(text.xml10_content())),
            Event::CData(text) => Ok(Node::Text(text.xml10_content())),
            Event::GeneralRef(reference) => match reference.as_ref() {
                "amp" => Ok(Node::Text("&".into())),
                "lt" => Ok(Node::Text("<".into())),
                "gt" => Ok(Node::Text(">".into())),
                "quot" => Ok(Node::Text("\"".into())),
                "apos" => Ok(Node::Text("'".into())),
                _ => match reference.resolve_char_ref() {
                    Ok(Some(character)) => Ok(Node::Text(character.to_string().into())),
                    Ok(None) => Err(Fault::Found(
                        Finding::new(Code::XmlForbidden).arg("what", "entity").arg("line", line),
                    )),
                    Err(_) => Err(malformed()),
                },
            },
            Event::DocType(_) => Err(Fault::Found(
                Finding::new(Code::XmlForbidden)
                    .arg("what", "DOCTYPE")
                    .arg("line", line),
            )),
            Event::Eof if self.depth > 0 => Err(malformed()),
            Event::Eof => Ok(Node::Eof),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => Ok(Node::Other),
        }
    }
}

fn fault(error: quick_xml::Error, line: u64, column: u64) -> Fault {
    match error {
        quick_xml::Error::Io(error) => {
            if let Some(stop) = error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>()) {
                return Fault::Found(stop.0.clone());
            }
            match error.raw_os_error() {
                Some(number) => Fault::Io(io::Error::from_raw_os_error(number)),
                None => Fault::Malformed { line, column },
            }
        }
        quick_xml::Error::Encoding(_) => Fault::Found(Finding::new(Code::BadEncoding).arg("line", line)),
        _ => Fault::Malformed { line, column },
    }
}

/// The value of the attribute with this local name, whatever its prefix; `None` when it is missing or unreadable.
pub(crate) fn attribute<'a>(start: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value,
            Err(_) => attribute.value,
        })
}
