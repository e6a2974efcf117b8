//! File attributes as version 3 writes them, and the long name that some clients read instead.

use rustix::fs::{Timespec, Timestamps};

use super::packet::{Frame, Malformed, Reply};
use crate::area::{Attributes, Entry, Kind};

const SIZE: u32 = 1;
const OWNER: u32 = 2;
const PERMISSIONS: u32 = 4;
const TIMES: u32 = 8;
const EXTENDED: u32 = 0x8000_0000;

/// What a client asks to be set; owners and permissions are read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    pub(super) size: Option<u64>,
    /// Access and modification time, seconds since 1970.
    pub(super) times: Option<(u32, u32)>,
}

impl Wanted {
    pub(super) fn read(frame: &mut Frame) -> Result<Self, Malformed> {
        let flags = frame.u32()?;
        let mut wanted = Self::default();
        if flags & SIZE != 0 {
            wanted.size = Some(frame.u64()?);
        }
        if flags & OWNER != 0 {
            frame.u64()?;
        }
        if flags & PERMISSIONS != 0 {
            frame.u32()?;
        }
        if flags & TIMES != 0 {
            wanted.times = Some((frame.u32()?, frame.u32()?));
        }
        if flags & EXTENDED != 0 {
            for _ in 0..frame.u32()? {
                frame.string()?;
                frame.string()?;
            }
        }
        Ok(wanted)
    }

    pub(super) fn timestamps(&self) -> Option<Timestamps> {
        let (access, change) = self.times?;
        let at = |seconds: u32| Timespec {
            tv_sec: i64::from(seconds),
            tv_nsec: 0,
        };
        Some(Timestamps {
            last_access: at(access),
            last_modification: at(change),
        })
    }
}

/// Adds attributes to a reply.
pub(super) fn put(reply: &mut Reply, attributes: &Attributes) {
    let seconds = |time: i64| u32::try_from(time.max(0)).unwrap_or(u32::MAX);
    reply.put_u32(SIZE | OWNER | PERMISSIONS | TIMES);
    reply.bytes().extend_from_slice(&attributes.size.to_be_bytes());
    // Owner and group of the service are nobody's business.
    reply.put_u32(0);
    reply.put_u32(0);
    reply.put_u32(mode(attributes));
    reply.put_u32(seconds(attributes.accessed));
    reply.put_u32(seconds(attributes.modified));
}

fn mode(attributes: &Attributes) -> u32 {
    let kind = match attributes.kind {
        Kind::File => 0o100_000,
        Kind::Folder => 0o040_000,
    };
    kind | attributes.permissions
}

/// The line that `ls -l` would print, as OpenSSH's server writes it; FileZilla tells files from folders by it.
pub(super) fn long_name(entry: &Entry, now: i64) -> Vec<u8> {
    let attributes = &entry.attributes;
    let head = format!(
        "{} {:>3} {:<8} {:<8} {:>8} {} ",
        mode_text(attributes),
        1,
        "dropcase",
        "dropcase",
        attributes.size,
        time_text(attributes.modified, now),
    );
    [head.as_bytes(), &entry.name].concat()
}

fn mode_text(attributes: &Attributes) -> String {
    let kind = match attributes.kind {
        Kind::File => '-',
        Kind::Folder => 'd',
    };
    let bits = (0..9).map(|place| {
        let set = attributes.permissions & (0o400 >> place) != 0;
        if set { ['r', 'w', 'x'][place % 3] } else { '-' }
    });
    std::iter::once(kind).chain(bits).collect()
}

/// `ls` shows the time of day for the last half year, else the year.
fn time_text(modified: i64, now: i64) -> String {
    const HALF_A_YEAR: i64 = 365 * 24 * 60 * 60 / 2;
    let Some(time) = chrono::DateTime::from_timestamp(modified, 0) else {
        return "Jan  1  1970".to_owned();
    };
    let recent = modified <= now && now - modified < HALF_A_YEAR;
    time.format(if recent { "%b %e %H:%M" } else { "%b %e  %Y" })
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_look_like_ls() {
        let entry = |kind, permissions, modified| Entry {
            name: b"x y.csv".to_vec(),
            attributes: Attributes {
                kind,
                size: 1234,
                permissions,
                accessed: 0,
                modified,
            },
        };
        let now = 1_790_000_000;
        let cases = [
            (
                entry(Kind::File, 0o640, now - 60),
                "-rw-r-----   1 dropcase dropcase     1234 Sep 21 14:12 x y.csv",
            ),
            (
                entry(Kind::Folder, 0o550, 0),
                "dr-xr-x---   1 dropcase dropcase     1234 Jan  1  1970 x y.csv",
            ),
        ];
        for (entry, expected) in cases {
            assert_eq!(String::from_utf8(long_name(&entry, now)).unwrap(), expected);
        }
    }

    #[test]
    fn reads_over_what_is_not_ours_to_set() {
        let bytes = Reply::new(0, 0)
            .u32(SIZE | OWNER | PERMISSIONS | TIMES | EXTENDED)
            .u64(5)
            .u64(0)
            .u32(0o777)
            .u32(1)
            .u32(2)
            .u32(1)
            .string(b"a")
            .string(b"b")
            .finish();
        let mut frame = Frame::from(bytes.slice(9..));
        let wanted = Wanted::read(&mut frame).unwrap();
        assert_eq!(
            wanted,
            Wanted {
                size: Some(5),
                times: Some((1, 2))
            }
        );
        assert!(frame.is_empty());
    }
}
