//! Bundles: a ZIP with one handover list and the papers that its records name.
//!
//! Nothing of a bundle is unpacked before its directory was looked through: how many members, how many bytes, at which
//! ratio, under which names. Papers go into the staged file; the list is unpacked into a file without a name (below
//! `TMPDIR`) and read like any other.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::workbook::is_workbook;
use crate::formats::workbook::package::{Listed, Package, damaged};
use crate::formats::xml::events::Fault;
use crate::limits::Limits;
use crate::paper::Sniffer;
use crate::staged::{Frame, Sink};

/// Members that a directory may claim; no workbook comes near.
const MEMBERS: u64 = 10_000;

/// Bytes of a paper in one frame.
const PIECE: usize = 128 << 10;

/// Endings of archives.
const ARCHIVES: &[&str] = &[
    "zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz", "zst", "cab", "iso", "arj", "lzh",
];

/// First bytes of archives.
const ARCHIVE_MAGIC: &[&[u8]] = &[
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
];

/// Endings under which the list is looked for; it may also have none.
const LISTS: &[&str] = &["", "csv", "txt", "tsv", "xlsx", "xlsm", "xlsb", "xls", "ods", "xml"];

/// An opened bundle, whose directory is harmless.
pub(crate) struct Bundle {
    package: Package,
    members: Vec<Listed>,
}

/// Opens `file` if it is a bundle: a ZIP that is no office document.
///
/// # Errors
/// A finding when its directory is not what a bundle may have.
pub(crate) fn open(file: &File, limits: &Limits) -> Result<Option<Bundle>, Unreadable> {
    let mut file = file.try_clone()?;
    let length = file.metadata()?.len();
    let mut magic = [0; 4];
    file.seek(SeekFrom::Start(0))?;
    let read = file.read(&mut magic)?;
    if read < magic.len() || !(magic == *b"PK\x03\x04" || magic == *b"PK\x05\x06") || length > limits.file_bytes {
        file.seek(SeekFrom::Start(0))?;
        return Ok(None);
    }
    let claimed = claimed_members(&mut file, length)?;
    file.seek(SeekFrom::Start(0))?;
    if claimed.is_some_and(|claimed| claimed > MEMBERS) {
        return Err(too_many(limits));
    }
    let mut package = Package::open(file, limits)?;
    if is_workbook(&mut package)? {
        return Ok(None);
    }
    let listed = package.listed()?;
    // Members of one name are one in the library's eyes.
    if package.is_ambiguous() || claimed.is_some_and(|claimed| claimed > listed.len() as u64) {
        return Err(Finding::new(Code::BundleNameTwice).into());
    }
    let mut members = Vec::new();
    for member in listed {
        check(&member)?;
        if !member.is_folder && !is_clutter(&member.name) {
            members.push(member);
        }
    }
    // The list is no paper.
    if members.len() > limits.papers.saturating_add(1) {
        return Err(too_many(limits));
    }
    Ok(Some(Bundle { package, members }))
}

impl Bundle {
    /// Members that may be the list.
    pub(crate) fn candidates(&self) -> Vec<usize> {
        let is_list = |member: &Listed| LISTS.contains(&&*ending(&member.name));
        (0..self.members.len())
            .filter(|place| is_list(&self.members[*place]))
            .collect()
    }

    /// The path of a member.
    pub(crate) fn name(&self, place: usize) -> &str {
        &self.members[place].name
    }

    /// Unpacks a member into a file without a name.
    ///
    /// # Errors
    /// A finding when it is damaged or larger than it says.
    pub(crate) fn unpack(&mut self, place: usize) -> Result<File, Unreadable> {
        let mut file = tempfile::tempfile()?;
        let mut member = self.package.open_at(self.members[place].index)?;
        copy(&mut member, |bytes| file.write_all(bytes))?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// Hands all members but the list to `sink`, as papers.
    ///
    /// # Errors
    /// A finding when one is damaged, larger than it says, or an archive.
    pub(crate) fn papers(
        &mut self,
        list: Option<usize>,
        limits: &Limits,
        sink: &mut dyn Sink,
    ) -> Result<(), Unreadable> {
        for place in (0..self.members.len()).filter(|place| Some(*place) != list) {
            let Listed { name, size, index, .. } = self.members[place].clone();
            let refused =
                (size > limits.paper_bytes).then(|| Finding::new(Code::PaperTooLarge).arg("limit", limits.paper_bytes));
            let taken = refused.is_none();
            sink.put(Frame::Paper {
                name: name.clone(),
                refused,
            })?;
            if !taken {
                continue;
            }
            let mut sniffer = Sniffer::new();
            let mut start = Vec::new();
            let mut member = self.package.open_at(index)?;
            copy(&mut member, |bytes| {
                sniffer.update(bytes);
                let room = 8_usize.saturating_sub(start.len());
                start.extend_from_slice(&bytes[..bytes.len().min(room)]);
                sink.put(Frame::PaperBytes(bytes.to_vec()))
            })?;
            let zip = start.starts_with(b"PK\x03\x04")
                && sniffer
                    .finish("")
                    .is_err_and(|finding| finding.args.iter().any(|(_, kind)| kind == "zip"));
            if zip || ARCHIVE_MAGIC.iter().any(|magic| start.starts_with(magic)) {
                return Err(Finding::new(Code::BundleNested).arg("paper", name).into());
            }
        }
        Ok(())
    }
}

/// Hands the bytes of a member on in pieces.
fn copy(member: &mut dyn Read, mut put: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Unreadable> {
    let mut buffer = vec![0; PIECE];
    loop {
        let read = member
            .read(&mut buffer)
            .map_err(|error| damaged(Fault::from_io(error, 0, 0)))?;
        if read == 0 {
            return Ok(());
        }
        put(&buffer[..read])?;
    }
}

/// What is wrong with a member, by the directory alone.
fn check(member: &Listed) -> Result<(), Unreadable> {
    let name = member.name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':');
    let climbs = name.split('/').any(|part| part == "..");
    if name.is_empty() || name.starts_with('/') || drive || climbs || name.chars().any(char::is_control) {
        return Err(Finding::new(Code::BundleBadName).into());
    }
    if member.is_special {
        return Err(Finding::new(Code::BundleLink).arg("paper", &member.name).into());
    }
    if !member.is_folder && ARCHIVES.contains(&&*ending(&name)) {
        return Err(Finding::new(Code::BundleNested).arg("paper", &member.name).into());
    }
    Ok(())
}

/// What operating systems put into archives by themselves.
fn is_clutter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    name.starts_with("__MACOSX/")
        || last.starts_with("._")
        || matches!(&*last, ".ds_store" | "thumbs.db" | "desktop.ini")
}

fn ending(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.rsplit_once('.')
        .map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// How many members the end of the directory claims (APPNOTE 4.3.16); `None` when it is not found.
fn claimed_members(file: &mut File, length: u64) -> io::Result<Option<u64>> {
    const END: usize = 22;
    let tail = length.min(END as u64 + u64::from(u16::MAX));
    file.seek(SeekFrom::Start(length - tail))?;
    let mut bytes = Vec::new();
    file.take(tail).read_to_end(&mut bytes)?;
    let at = memchr::memmem::rfind(&bytes, b"PK\x05\x06").filter(|at| at + END <= bytes.len());
    Ok(at.map(|at| u64::from(u16::from_le_bytes([bytes[at + 10], bytes[at + 11]]))))
}

fn too_many(limits: &Limits) -> Unreadable {
    Finding::new(Code::TooManyPapers).arg("limit", limits.papers).into()
}
