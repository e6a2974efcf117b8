//! What the binary workbooks (XLS, XLSB) share: numbers and errors packed into bytes.

use crate::formats::Typed;

/// Bytes of a record, read front to back; every read says whether there was enough.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// A byte.
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Two bytes, little-endian.
    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes, little-endian.
    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// A float of eight bytes.
    pub(crate) fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// A number in four bytes (MS-XLS 2.5.217).
    pub(crate) fn rk(&mut self) -> Option<f64> {
        let packed = self.u32()?;
        let number = if packed & 2 == 0 {
            f64::from_bits(u64::from(packed & !3) << 32)
        } else {
            f64::from(packed.cast_signed() >> 2)
        };
        Some(if packed & 1 == 0 { number } else { number / 100.0 })
    }
}

/// Decodes UTF-16 of little-endian bytes; an odd byte at the end is left out.
pub(crate) fn push_utf16(out: &mut String, bytes: &[u8]) {
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// An error as the spreadsheet shows it (MS-XLS 2.5.10).
pub(crate) fn error(code: u8) -> (&'static str, Option<Typed>) {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    };
    (text, Some(Typed::Error(text.to_owned())))
}

/// A truth value as the spreadsheet shows it.
pub(crate) fn truth(value: bool) -> (&'static str, Option<Typed>) {
    (if value { "TRUE" } else { "FALSE" }, Some(Typed::Bool(value)))
}
