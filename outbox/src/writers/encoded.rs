//! Text in the encoding in which a client's file came.

use std::io::Write;

use encoding_rs::{EncoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::WriteError;

/// Encodes text to a writer.
pub struct Encoder<W: Write> {
    out: W,
    encoding: &'static Encoding,
    buffer: Vec<u8>,
}

impl<W: Write> std::fmt::Debug for Encoder<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder")
            .field("encoding", &self.encoding.name())
            .finish_non_exhaustive()
    }
}

impl<W: Write> Encoder<W> {
    /// Begins a text in the encoding with this WHATWG label (UTF-8 for one that is not known), with a byte order mark
    /// when one came.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(out: W, label: &str, bom: bool) -> Result<Self, WriteError> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
        let mut encoder = Self {
            out,
            encoding,
            buffer: Vec::new(),
        };
        if bom {
            encoder.write("\u{FEFF}")?;
        }
        Ok(encoder)
    }

    /// Writes text; a character that the encoding lacks becomes a question mark.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, text: &str) -> Result<(), WriteError> {
        self.buffer.clear();
        if self.encoding == UTF_8 {
            return Ok(self.out.write_all(text.as_bytes())?);
        } else if self.encoding == UTF_16LE {
            self.buffer.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            self.buffer.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            self.encode(text);
        }
        Ok(self.out.write_all(&self.buffer)?)
    }

    fn encode(&mut self, mut text: &str) {
        let mut encoder = self.encoding.new_encoder();
        loop {
            self.buffer.reserve(text.len() + 16);
            let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(text, &mut self.buffer, true);
            text = &text[read..];
            match result {
                EncoderResult::InputEmpty => return,
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable('\u{FEFF}') => {}
                EncoderResult::Unmappable(_) => self.buffer.push(b'?'),
            }
        }
    }

    /// Hands everything to the writer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_written_as_it_came() {
        for (label, bom, expected) in [
            (
                "UTF-8",
                true,
                b"\xEF\xBB\xBF\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80".as_slice(),
            ),
            ("UTF-8", false, b"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            ("windows-1252", false, b"\xE4\x80?"),
            ("UTF-16LE", true, b"\xFF\xFE\xE4\x00\xAC\x20\x3D\xD8\x00\xDE"),
            ("UTF-16BE", true, b"\xFE\xFF\x00\xE4\x20\xAC\xD8\x3D\xDE\x00"),
            ("no such", false, b"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
        ] {
            let mut encoder = Encoder::new(Vec::new(), label, bom).unwrap();
            encoder.write("ä€😀").unwrap();
            assert_eq!(encoder.finish().unwrap(), expected, "{label}");
        }
    }
}
