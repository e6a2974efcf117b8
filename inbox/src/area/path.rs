//! Names inside a client's jail: bytes, relative, without `.` and `..`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AreaError;

/// Names that start so belong to the service; clients neither see nor make them.
pub const HIDDEN_PREFIX: &[u8] = b".dropcase-";
/// Longest name of one file or folder in bytes (that of the usual file systems).
const MAX_NAME: usize = 255;
/// Longest whole path in bytes.
const MAX_PATH: usize = 2048;
/// Deepest nesting of folders.
const MAX_DEPTH: usize = 16;
/// Endings under which programs write a file before they rename it.
const TEMPORARY_ENDINGS: [&[u8]; 6] = [b".filepart", b".part", b".partial", b".tmp", b".temp", b".uploading"];
/// Endings of the empty files that say "the file beside me is complete".
pub(crate) const MARKER_ENDINGS: [&[u8]; 3] = [b".ok", b".done", b".ready"];

/// A path relative to a client's jail: components joined by `/`, none empty, `.` or `..`; empty for the jail itself.
///
/// The bytes are kept as the client sent them; they need not be UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelativePath(Vec<u8>);

impl RelativePath {
    /// The jail itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Resolves what a client named, from the jail's top, `.` and `..` by name alone.
    ///
    /// # Errors
    /// [`AreaError::Denied`] when the path leads above the top, [`AreaError::BadName`] for a NUL byte or too long a path.
    pub fn resolve(name: &[u8]) -> Result<Self, AreaError> {
        Self::walk(name, false)
    }

    /// As [`RelativePath::resolve`], but `..` at the top stays at the top, as in a file system's root.
    ///
    /// # Errors
    /// [`AreaError::BadName`] for a NUL byte or too long a path.
    pub fn resolve_clamped(name: &[u8]) -> Result<Self, AreaError> {
        Self::walk(name, true)
    }

    fn walk(name: &[u8], clamp: bool) -> Result<Self, AreaError> {
        if name.len() > MAX_PATH {
            return Err(AreaError::BadName("the path is too long"));
        }
        if name.contains(&0) {
            return Err(AreaError::BadName("it contains a NUL byte"));
        }
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in name.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => {
                    if parts.pop().is_none() && !clamp {
                        return Err(AreaError::denied("This path leads out of your folders."));
                    }
                }
                part => parts.push(part),
            }
        }
        Ok(Self(parts.join(&b'/')))
    }

    /// The path with one more component. `name` comes from a listing, so it holds neither `/` nor NUL.
    pub fn join(&self, name: &[u8]) -> Self {
        let mut bytes = self.0.clone();
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(name);
        Self(bytes)
    }

    /// The bytes, without a leading `/`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Is it the jail itself?
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The components from the top.
    pub fn components(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'/').filter(|part| !part.is_empty())
    }

    /// The last component; empty for the jail itself.
    pub fn name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// The last component for people: not UTF-8 becomes U+FFFD.
    pub fn display_name(&self) -> String {
        String::from_utf8_lossy(self.name()).into_owned()
    }

    /// The folder that holds it; `None` for the jail itself.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let cut = self.0.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        Some(Self(self.0[..cut].to_vec()))
    }

    /// Is it `folder` or something below it?
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.is_root()
            || self.0 == folder.0
            || (self.0.starts_with(&folder.0) && self.0.get(folder.0.len()) == Some(&b'/'))
    }

    /// The same path after the folder `from` was renamed to `to`; `None` when it does not lie in `from`.
    pub(crate) fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        if !self.is_within(from) {
            return None;
        }
        let mut bytes = to.0.clone();
        bytes.extend_from_slice(&self.0[from.0.len()..]);
        Some(Self(bytes))
    }

    /// Checks a name that a client wants to give to something new.
    ///
    /// # Errors
    /// [`AreaError::BadName`] for control characters, over-long names, too deep folders and names kept for the service.
    pub fn check_new(&self) -> Result<(), AreaError> {
        for part in self.components() {
            if part.len() > MAX_NAME {
                return Err(AreaError::BadName("it is longer than 255 bytes"));
            }
            if part.iter().any(|byte| byte.is_ascii_control()) {
                return Err(AreaError::BadName(
                    "it contains a line break or another control character",
                ));
            }
            if part.starts_with(HIDDEN_PREFIX) {
                return Err(AreaError::BadName(
                    "names that start with .dropcase- are kept for the service",
                ));
            }
        }
        if self.components().count() > MAX_DEPTH {
            return Err(AreaError::BadName("the folders are nested too deeply"));
        }
        Ok(())
    }

    /// Does the last component look like a name under which a file is still being written?
    pub fn is_temporary(&self) -> bool {
        let name = self.name();
        let lower = name.to_ascii_lowercase();
        name.starts_with(b".") || TEMPORARY_ENDINGS.iter().any(|ending| lower.ends_with(ending))
    }

    /// Must it stay unseen by clients?
    pub fn is_hidden(&self) -> bool {
        self.components().any(|part| part.starts_with(HIDDEN_PREFIX))
    }

    /// The file that this marker speaks of: `x.csv` for `x.csv.ok`.
    pub(crate) fn marked(&self) -> Option<Self> {
        let lower = self.0.to_ascii_lowercase();
        let ending = MARKER_ENDINGS.iter().find(|ending| lower.ends_with(ending))?;
        let path = Self(self.0[..self.0.len() - ending.len()].to_vec());
        (!path.name().is_empty()).then_some(path)
    }

    /// The markers that may speak of this file.
    pub(crate) fn markers(&self) -> impl Iterator<Item = Self> {
        MARKER_ENDINGS
            .iter()
            .map(|ending| Self([self.0.as_slice(), ending].concat()))
    }
}

impl fmt::Debug for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

/// How a path stands in a sidecar: as text where it is UTF-8, else as base64.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    Bytes { base64: String },
}

impl Serialize for RelativePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => Stored::Text(text.to_owned()),
            Err(_) => Stored::Bytes {
                base64: STANDARD.encode(&self.0),
            },
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RelativePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let bytes = match Stored::deserialize(deserializer)? {
            Stored::Text(text) => text.into_bytes(),
            Stored::Bytes { base64 } => STANDARD.decode(base64).map_err(D::Error::custom)?,
        };
        Self::resolve(&bytes).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &[u8]) -> Option<String> {
        RelativePath::resolve(name)
            .ok()
            .map(|path| String::from_utf8_lossy(path.as_bytes()).into_owned())
    }

    #[test]
    fn resolves_by_name_alone() {
        let cases: [(&[u8], Option<&str>); 8] = [
            (b"", Some("")),
            (b".", Some("")),
            (b"/inbox//x.csv", Some("inbox/x.csv")),
            (b"inbox/../outbox/./a", Some("outbox/a")),
            (b"/..", None),
            (b"inbox/../../etc/passwd", None),
            (b"a\0b", None),
            (b"inbox/\xff", Some("inbox/\u{fffd}")),
        ];
        for (name, expected) in cases {
            assert_eq!(
                resolved(name).as_deref(),
                expected,
                "{:?}",
                String::from_utf8_lossy(name)
            );
        }
        assert_eq!(
            RelativePath::resolve_clamped(b"/../../inbox").unwrap().as_bytes(),
            b"inbox"
        );
    }

    #[test]
    fn refuses_names_that_nobody_can_answer() {
        let long = vec![b'x'; 256];
        for name in [b"inbox/a\nb".as_slice(), b"inbox/\x1b[2J", b"inbox/.dropcase-x", &long] {
            assert!(matches!(
                RelativePath::resolve(name).unwrap().check_new(),
                Err(AreaError::BadName(_))
            ));
        }
        for name in [
            b"inbox/\xe4.csv".as_slice(),
            &long[..255],
            "inbox/Übergabe 1.xlsx".as_bytes(),
        ] {
            RelativePath::resolve(name).unwrap().check_new().unwrap();
        }
    }

    #[test]
    fn knows_temporary_names_and_markers() {
        let path = |name: &str| RelativePath::resolve(name.as_bytes()).unwrap();
        for name in ["inbox/x.csv.filepart", "inbox/.x.csv", "X.TMP", "a.partial"] {
            assert!(path(name).is_temporary(), "{name}");
        }
        assert!(!path("inbox/x.csv").is_temporary());
        assert_eq!(path("inbox/x.csv.ok").marked(), Some(path("inbox/x.csv")));
        assert_eq!(path("inbox/.ok").marked(), None);
        assert!(
            path("inbox/x.csv")
                .markers()
                .any(|marker| marker == path("inbox/x.csv.done"))
        );
    }

    #[test]
    fn survives_a_sidecar() {
        for name in [b"inbox/x.csv".as_slice(), b"inbox/\xe4\xff.csv"] {
            let path = RelativePath::resolve(name).unwrap();
            let stored = serde_json::to_string(&path).unwrap();
            assert_eq!(serde_json::from_str::<RelativePath>(&stored).unwrap(), path);
        }
    }

    #[test]
    fn moves_with_its_folder() {
        let path = |name: &str| RelativePath::resolve(name.as_bytes()).unwrap();
        assert_eq!(
            path("inbox/a/x").moved(&path("inbox/a"), &path("inbox/b")),
            Some(path("inbox/b/x"))
        );
        assert_eq!(path("inbox/ab/x").moved(&path("inbox/a"), &path("inbox/b")), None);
    }
}
