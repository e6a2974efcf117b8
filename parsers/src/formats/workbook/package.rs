//! The ZIP package of a workbook, opened with limits on members, unpacked bytes and ratio.
//!
//! Sizes that the directory declares are added up first; they are upper bounds while a member is read, here and in
//! the library that reads the workbook, so that a package that lies about them gains nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::decode::Stop;
use crate::formats::xml::events::{Events, Fault};
use crate::limits::Limits;

/// Bytes read to find the directory and to read it: some 90,000 members.
const DIRECTORY_BYTES: u64 = 4 << 20;

/// Members of a workbook; real ones have dozens.
const MEMBERS: usize = 10_000;

/// Unpacked bytes of a member for each packed one; real sheets stay under 60.
const RATIO: u64 = 200;

/// Members that unpack to less are not worth a look at their ratio.
const RATIO_FROM_BYTES: u64 = 16 << 20;

type Source = BufReader<Guarded>;

/// An opened package.
pub(crate) struct Package {
    archive: ZipArchive<Source>,
    members: HashMap<String, usize>,
    /// Whether two members have one path.
    ambiguous: bool,
    depth: usize,
}

impl Package {
    /// Opens a package and checks its directory.
    pub(crate) fn open(file: File, limits: &Limits) -> Result<Self, Unreadable> {
        let allowance = Arc::new(AtomicU64::new(DIRECTORY_BYTES));
        let source = BufReader::new(Guarded {
            file,
            allowance: Arc::clone(&allowance),
        });
        let mut archive = ZipArchive::new(source).map_err(zip_fault)?;
        allowance.store(u64::MAX, Ordering::Relaxed);
        if archive.len() > MEMBERS {
            return Err(too_large(limits));
        }
        let mut members = HashMap::with_capacity(archive.len());
        let (mut unpacked, mut ambiguous) = (0_u64, false);
        for index in 0..archive.len() {
            let entry = archive.by_index_data(index).map_err(zip_fault)?;
            if entry.encrypted() {
                return Err(Finding::new(Code::PasswordProtected).into());
            }
            unpacked = unpacked.saturating_add(entry.size());
            let packed = entry.compressed_size().max(1);
            if entry.size() > RATIO_FROM_BYTES && entry.size() / packed > RATIO {
                return Err(too_large(limits));
            }
            let twin = members.insert(folded(&entry.name().map_err(zip_fault)?), index);
            ambiguous |= twin.is_some();
        }
        if unpacked > limits.unpacked_bytes || archive.has_overlapping_files().map_err(zip_fault)? {
            return Err(too_large(limits));
        }
        Ok(Self {
            archive,
            members,
            ambiguous,
            depth: limits.xml_depth.max(64),
        })
    }

    /// Whether there is a member of this path; case and the kind of slash do not matter.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.members.contains_key(&folded(path))
    }

    /// Whether two members have one path.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// All members, in the order of the directory.
    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Unreadable> {
        (0..self.archive.len())
            .map(|index| {
                let entry = self.archive.by_index_data(index).map_err(zip_fault)?;
                // Of the types that Unix knows; other systems leave it 0.
                let kind = entry.unix_mode().unwrap_or(0) & 0o170_000;
                Ok(Listed {
                    name: entry.name().map_err(zip_fault)?.into_owned(),
                    size: entry.size(),
                    index,
                    is_folder: entry.is_dir(),
                    is_special: !matches!(kind, 0 | 0o100_000 | 0o040_000),
                })
            })
            .collect()
    }

    /// The bytes of a member, unpacked while they are read.
    pub(crate) fn open_at(&mut self, index: usize) -> Result<Member<'_>, Unreadable> {
        let inner = self.archive.by_index(index).map_err(zip_fault)?;
        let left = inner.size();
        Ok(Member { inner, left })
    }

    /// Refuses a package with two members of one path: whoever looks for it may find either.
    pub(crate) fn check_paths(&self) -> Result<(), Unreadable> {
        match self.ambiguous {
            true => Err(Finding::new(Code::CorruptFile).into()),
            false => Ok(()),
        }
    }

    /// Bytes that a member unpacks to, at most; none for one that is not there.
    pub(crate) fn size(&mut self, path: &str) -> Result<u64, Unreadable> {
        match self.members.get(&folded(path)) {
            Some(&index) => Ok(self.archive.by_index_data(index).map_err(zip_fault)?.size()),
            None => Ok(0),
        }
    }

    /// The file, once its package is found to be harmless.
    pub(crate) fn into_file(self) -> File {
        self.archive.into_inner().into_inner().file
    }

    /// The bytes of a member, unpacked while they are read.
    fn member(&mut self, path: &str) -> Result<Option<Member<'_>>, Unreadable> {
        let Some(&index) = self.members.get(&folded(path)) else {
            return Ok(None);
        };
        Ok(Some(self.open_at(index)?))
    }

    /// A member as a stream of XML events.
    pub(crate) fn events(&mut self, path: &str) -> Result<Option<Events<Member<'_>>>, Unreadable> {
        let depth = self.depth;
        let Some(member) = self.member(path)? else {
            return Ok(None);
        };
        Ok(Some(Events::new(member, depth).map_err(damaged)?))
    }

    /// The beginning of a member as text, trimmed; at most `bytes` of it.
    pub(crate) fn text(&mut self, path: &str, bytes: u64) -> Result<Option<String>, Unreadable> {
        let Some(member) = self.member(path)? else {
            return Ok(None);
        };
        let mut text = Vec::new();
        member
            .take(bytes)
            .read_to_end(&mut text)
            .map_err(|error| damaged(Fault::from_io(error, 0, 0)))?;
        Ok(Some(String::from_utf8_lossy(&text).trim().to_owned()))
    }
}

/// A member as the directory has it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// Bytes that it says it unpacks to.
    pub(crate) size: u64,
    pub(crate) index: usize,
    pub(crate) is_folder: bool,
    /// A link, a device, a pipe.
    pub(crate) is_special: bool,
}

/// A member that is being read.
pub(crate) struct Member<'a> {
    inner: ZipFile<'a, Source>,
    left: u64,
}

impl Read for Member<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(Stop::error(Finding::new(Code::UnpacksTooLarge))),
        }
        Ok(count)
    }
}

/// The file, with an allowance for what is read of it.
struct Guarded {
    file: File,
    allowance: Arc<AtomicU64>,
}

impl Read for Guarded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(out)?;
        let left = self.allowance.load(Ordering::Relaxed);
        if left != u64::MAX {
            let left = left
                .checked_sub(count as u64)
                .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
            self.allowance.store(left, Ordering::Relaxed);
        }
        Ok(count)
    }
}

impl Seek for Guarded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn folded(path: &str) -> String {
    path.trim_start_matches(['/', '\\'])
        .replace('\\', "/")
        .to_ascii_lowercase()
}

fn too_large(limits: &Limits) -> Unreadable {
    Finding::new(Code::UnpacksTooLarge)
        .arg("limit", limits.unpacked_bytes)
        .into()
}

fn zip_fault(error: ZipError) -> Unreadable {
    match error {
        ZipError::Io(error) => damaged(Fault::from_io(error, 0, 0)),
        _ => Finding::new(Code::CorruptFile).into(),
    }
}

/// Inside a workbook, XML that is not well-formed is damage, not a mistake of whoever wrote the list.
pub(crate) fn damaged(fault: Fault) -> Unreadable {
    match fault {
        Fault::Malformed { .. } => Finding::new(Code::CorruptFile).into(),
        Fault::Found(finding) if finding.code == Code::BadEncoding => Finding::new(Code::CorruptFile).into(),
        fault => fault.into(),
    }
}

impl From<Finding> for Unreadable {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}
