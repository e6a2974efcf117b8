//! One SFTP session's requests and open handles: a frame in, a reply out, blocking on the disk.

use std::collections::HashMap;

use bytes::Bytes;
use rustix::buffer::spare_capacity;

use super::attrs::{self, Wanted};
use super::packet::{Frame, MAX_DATA, MAX_FRAME, Malformed, Reply, kind};
use crate::area::{AreaError, Listing, OpenMode, Reader, RelativePath, Upload, Visit};

/// Handles that one session may hold.
const MAX_HANDLES: usize = 256;
/// Entries in one READDIR reply, as OpenSSH sends them.
const ENTRIES: usize = 100;
/// What is offered beyond version 3, with the extension's own version.
const EXTENSIONS: [(&[u8], &[u8]); 4] = [
    (b"posix-rename@openssh.com", b"1"),
    (b"statvfs@openssh.com", b"2"),
    (b"fsync@openssh.com", b"1"),
    (b"limits@openssh.com", b"1"),
];

/// Status codes of version 3.
#[derive(Debug, Clone, Copy)]
enum Code {
    Ok = 0,
    Eof = 1,
    NoSuchFile = 2,
    PermissionDenied = 3,
    Failure = 4,
    Unsupported = 8,
}

/// Flags of OPEN.
mod flag {
    pub(super) const WRITE: u32 = 2;
    pub(super) const APPEND: u32 = 4;
    pub(super) const CREATE: u32 = 8;
    pub(super) const TRUNCATE: u32 = 16;
    pub(super) const EXCLUSIVE: u32 = 32;
}

#[derive(Debug)]
enum Open {
    Reader(Reader),
    Upload(Box<Upload>),
    Listing(Box<Listing>),
}

/// The request could not be done, and what the client is told.
enum Refusal {
    Area(AreaError),
    Eof,
    Unsupported,
    BadHandle,
    TooManyHandles,
    Malformed(Malformed),
}

impl From<AreaError> for Refusal {
    fn from(error: AreaError) -> Self {
        Self::Area(error)
    }
}

impl From<Malformed> for Refusal {
    fn from(error: Malformed) -> Self {
        Self::Malformed(error)
    }
}

/// One session's visit, its handles and whether INIT was heard.
#[derive(Debug)]
pub(super) struct Desk {
    visit: Visit,
    handles: HashMap<u32, Open>,
    next: u32,
    greeted: bool,
}

impl Desk {
    pub(super) fn new(visit: Visit) -> Self {
        Self {
            visit,
            handles: HashMap::new(),
            next: 0,
            greeted: false,
        }
    }

    /// Answers one request.
    ///
    /// # Errors
    /// [`Malformed`] when the peer does not speak the protocol; the channel is to be closed.
    pub(super) fn answer(&mut self, mut frame: Frame) -> Result<Bytes, Malformed> {
        let request = frame.byte()?;
        if !self.greeted || request == kind::INIT {
            return self.greet(request, &mut frame);
        }
        let id = frame.u32()?;
        match self.serve(request, id, &mut frame) {
            Ok(reply) => Ok(reply),
            Err(Refusal::Malformed(error)) => Err(error),
            Err(refusal) => Ok(refuse(id, &refusal)),
        }
    }

    fn greet(&mut self, request: u8, frame: &mut Frame) -> Result<Bytes, Malformed> {
        // Nothing may come before INIT, and INIT comes once.
        if self.greeted || request != kind::INIT || frame.u32()? < 3 {
            return Err(Malformed::Short);
        }
        self.greeted = true;
        // The version stands where other replies have the id.
        let reply = Reply::with_room(kind::VERSION, 3, 256);
        Ok(EXTENSIONS
            .iter()
            .fold(reply, |reply, (name, version)| reply.string(name).string(version))
            .finish())
    }

    fn serve(&mut self, request: u8, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        match request {
            kind::READ => self.read(id, frame),
            kind::WRITE => self.write(id, frame),
            kind::OPEN => self.open(id, frame),
            kind::CLOSE => self.close(id, frame),
            kind::LSTAT | kind::STAT => {
                let attributes = self.visit.attributes(&path(frame)?)?;
                Ok(attributes_reply(id, &attributes))
            }
            kind::FSTAT => self.fstat(id, frame),
            kind::SETSTAT => self.setstat(id, frame),
            kind::FSETSTAT => self.fsetstat(id, frame),
            kind::OPENDIR => {
                let listing = self.visit.list(&path(frame)?)?;
                self.keep(id, Open::Listing(Box::new(listing)))
            }
            kind::READDIR => self.readdir(id, frame),
            kind::REMOVE => done(id, self.visit.remove_file(&path(frame)?)),
            kind::MKDIR => done(id, self.visit.make_folder(&path(frame)?)),
            kind::RMDIR => done(id, self.visit.remove_folder(&path(frame)?)),
            kind::REALPATH => realpath(id, frame),
            kind::RENAME => self.rename(id, frame),
            kind::READLINK | kind::SYMLINK => Err(AreaError::Denied("Links are not supported here.".into()).into()),
            kind::EXTENDED => self.extended(id, frame),
            _ => Err(Refusal::Unsupported),
        }
    }

    fn open(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let path = path(frame)?;
        let flags = frame.u32()?;
        Wanted::read(frame)?;
        if self.handles.len() >= MAX_HANDLES {
            return Err(Refusal::TooManyHandles);
        }
        if flags & flag::WRITE == 0 {
            let reader = self.visit.read(&path)?;
            return self.keep(id, Open::Reader(reader));
        }
        let mode = OpenMode {
            create: flags & flag::CREATE != 0,
            truncate: flags & flag::TRUNCATE != 0,
            exclusive: flags & flag::EXCLUSIVE != 0,
            append: flags & flag::APPEND != 0,
        };
        let upload = self.visit.write(&path, mode)?;
        self.keep(id, Open::Upload(Box::new(upload)))
    }

    fn keep(&mut self, id: u32, open: Open) -> Result<Bytes, Refusal> {
        if self.handles.len() >= MAX_HANDLES {
            return Err(Refusal::TooManyHandles);
        }
        let handle = self.next;
        self.next = self.next.wrapping_add(1);
        self.handles.insert(handle, open);
        Ok(Reply::new(kind::HANDLE, id)
            .string(handle.to_string().as_bytes())
            .finish())
    }

    fn close(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let open = self.handles.remove(&handle(frame)?).ok_or(Refusal::BadHandle)?;
        match open {
            Open::Upload(upload) => done(id, upload.publish()),
            Open::Reader(_) | Open::Listing(_) => done(id, Ok(())),
        }
    }

    fn read(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let handle = handle(frame)?;
        let (offset, length) = (frame.u64()?, frame.u32()? as usize);
        let length = length.min(MAX_DATA);
        let file = match self.handles.get(&handle) {
            Some(Open::Reader(reader)) => reader.file(),
            Some(Open::Upload(upload)) => upload.file(),
            _ => return Err(Refusal::BadHandle),
        };
        let mut reply = Reply::with_room(kind::DATA, id, 4 + length).u32(0);
        let bytes = reply.bytes();
        let start = bytes.len();
        bytes.reserve_exact(length);
        // The buffer may hold more than was asked for; `read` is told by a limited reader below.
        let got = read_limited(file, bytes, offset, length)?;
        if got == 0 && length > 0 {
            return Err(Refusal::Eof);
        }
        let count = u32::try_from(got).unwrap_or(u32::MAX);
        bytes[start - 4..start].copy_from_slice(&count.to_be_bytes());
        Ok(reply.finish())
    }

    fn write(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let handle = handle(frame)?;
        let mut offset = frame.u64()?;
        let pieces = frame.pieces()?;
        let Some(Open::Upload(upload)) = self.handles.get_mut(&handle) else {
            return Err(Refusal::BadHandle);
        };
        for piece in pieces {
            upload.write_at(offset, &piece)?;
            offset = offset.saturating_add(piece.len() as u64);
        }
        done(id, Ok(()))
    }

    fn fstat(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let attributes = match self.handles.get(&handle(frame)?) {
            Some(Open::Reader(reader)) => reader.attributes()?,
            Some(Open::Upload(upload)) => upload.attributes()?,
            Some(Open::Listing(listing)) => self.visit.attributes(listing.path())?,
            None => return Err(Refusal::BadHandle),
        };
        Ok(attributes_reply(id, &attributes))
    }

    fn setstat(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let path = path(frame)?;
        let wanted = Wanted::read(frame)?;
        if wanted.size.is_some() {
            return Err(AreaError::Denied("The size of a complete file cannot be set.".into()).into());
        }
        match wanted.timestamps() {
            Some(times) => self.visit.set_times(&path, &times)?,
            // Permissions and owners follow from the folder; programs that set them after an upload hear OK.
            None => drop(self.visit.attributes(&path)?),
        }
        done(id, Ok(()))
    }

    fn fsetstat(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let handle = handle(frame)?;
        let wanted = Wanted::read(frame)?;
        match self.handles.get_mut(&handle) {
            Some(Open::Upload(upload)) => {
                if let Some(size) = wanted.size {
                    upload.set_size(size)?;
                }
                if let Some(times) = wanted.timestamps() {
                    upload.set_times(&times)?;
                }
            }
            Some(_) => return Err(AreaError::Denied("The file is open for reading only.".into()).into()),
            None => return Err(Refusal::BadHandle),
        }
        done(id, Ok(()))
    }

    fn readdir(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let handle = handle(frame)?;
        let now = self.visit.now().timestamp();
        let Some(Open::Listing(listing)) = self.handles.get_mut(&handle) else {
            return Err(Refusal::BadHandle);
        };
        let entries = listing.next(ENTRIES)?;
        if entries.is_empty() {
            return Err(Refusal::Eof);
        }
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let mut reply = Reply::with_room(kind::NAME, id, 16 * 1024).u32(count);
        for entry in &entries {
            reply.put_string(&entry.name);
            reply.put_string(&attrs::long_name(entry, now));
            attrs::put(&mut reply, &entry.attributes);
        }
        Ok(reply.finish())
    }

    fn rename(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        let (from, to) = (path(frame)?, path(frame)?);
        done(id, self.visit.rename(&from, &to))
    }

    fn extended(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        match frame.string()?.as_ref() {
            b"posix-rename@openssh.com" => self.rename(id, frame),
            b"fsync@openssh.com" => match self.handles.get(&handle(frame)?) {
                Some(Open::Upload(upload)) => done(id, upload.sync()),
                Some(_) => done(id, Ok(())),
                None => Err(Refusal::BadHandle),
            },
            b"limits@openssh.com" => Ok(Reply::new(kind::EXTENDED_REPLY, id)
                .u64(MAX_FRAME as u64)
                .u64(MAX_DATA as u64)
                .u64(MAX_DATA as u64)
                .u64(MAX_HANDLES as u64)
                .finish()),
            b"statvfs@openssh.com" => self.statvfs(id, frame),
            _ => Err(Refusal::Unsupported),
        }
    }

    fn statvfs(&mut self, id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
        /// `f_flag`: read-only 1, no setuid 2.
        const NO_SETUID: u64 = 2;
        self.visit.attributes(&path(frame)?)?;
        let space = self.visit.space()?;
        let numbers = [
            space.block_size,
            space.block_size,
            space.blocks,
            space.available,
            space.available,
            space.files,
            space.files_free,
            space.files_free,
            0,
            NO_SETUID,
            255,
        ];
        let reply = Reply::with_room(kind::EXTENDED_REPLY, id, 88);
        Ok(numbers.into_iter().fold(reply, Reply::u64).finish())
    }
}

/// Reads at most `length` bytes behind what `bytes` already holds.
fn read_limited(file: &std::fs::File, bytes: &mut Vec<u8>, offset: u64, length: usize) -> Result<usize, AreaError> {
    let start = bytes.len();
    let mut got = 0;
    while got < length {
        let read = rustix::io::pread(file, spare_capacity(bytes), offset.saturating_add(got as u64))?;
        if read == 0 {
            break;
        }
        got += read;
    }
    // `reserve_exact` may have given more room than was asked for.
    bytes.truncate(start + length);
    Ok(got.min(length))
}

fn path(frame: &mut Frame) -> Result<RelativePath, Refusal> {
    Ok(RelativePath::resolve(&frame.string()?)?)
}

fn handle(frame: &mut Frame) -> Result<u32, Refusal> {
    let bytes = frame.string()?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(Refusal::BadHandle)
}

fn realpath(id: u32, frame: &mut Frame) -> Result<Bytes, Refusal> {
    let path = RelativePath::resolve_clamped(&frame.string()?)?;
    let name = [b"/", path.as_bytes()].concat();
    Ok(Reply::new(kind::NAME, id)
        .u32(1)
        .string(&name)
        .string(&name)
        .u32(0)
        .finish())
}

fn attributes_reply(id: u32, attributes: &crate::area::Attributes) -> Bytes {
    let mut reply = Reply::new(kind::ATTRS, id);
    attrs::put(&mut reply, attributes);
    reply.finish()
}

fn done(id: u32, result: Result<(), AreaError>) -> Result<Bytes, Refusal> {
    result?;
    Ok(status(id, Code::Ok, ""))
}

fn refuse(id: u32, refusal: &Refusal) -> Bytes {
    match refusal {
        Refusal::Area(error) => {
            if let AreaError::Io(cause) = error {
                tracing::warn!(error = %cause, "the disk failed a request");
            }
            status(id, code(error), &error.to_string())
        }
        Refusal::Eof => status(id, Code::Eof, "End of file"),
        Refusal::Unsupported => status(id, Code::Unsupported, "This operation is not supported."),
        Refusal::BadHandle => status(id, Code::Failure, "This handle is not open."),
        Refusal::TooManyHandles => status(id, Code::Failure, "Too many files are open in this session."),
        Refusal::Malformed(error) => status(id, Code::Failure, &error.to_string()),
    }
}

/// Refusals that will not change are `PERMISSION_DENIED`: programs repeat an upload after `FAILURE`, some for ever.
fn code(error: &AreaError) -> Code {
    match error {
        AreaError::NotFound | AreaError::NotAFolder => Code::NoSuchFile,
        AreaError::Denied(_)
        | AreaError::BadName(_)
        | AreaError::TooLarge(_)
        | AreaError::DiskFull
        | AreaError::TooManyWaiting(_) => Code::PermissionDenied,
        AreaError::Exists
        | AreaError::IsAFolder
        | AreaError::NotEmpty
        | AreaError::TakenOver
        | AreaError::Gap
        | AreaError::Io(_) => Code::Failure,
    }
}

fn status(id: u32, code: Code, sentence: &str) -> Bytes {
    Reply::new(kind::STATUS, id)
        .u32(code as u32)
        .string(sentence.as_bytes())
        .string(b"en")
        .finish()
}

#[cfg(test)]
mod tests;
