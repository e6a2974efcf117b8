//! SFTP version 3 on the wire (draft-ietf-secsh-filexfer-02): frames cut out of the channel's data, and replies.

use std::collections::VecDeque;

use bytes::{Buf as _, Bytes};

/// Longest frame that is taken, type byte included: 255 KiB of data and its head, as OpenSSH's limit of 256 KiB.
pub const MAX_FRAME: usize = 256 * 1024;
/// Most data in one READ or WRITE that is announced by `limits@openssh.com`.
pub const MAX_DATA: usize = MAX_FRAME - 1024;

/// Most pieces in which one frame may arrive; honest clients need a dozen.
const MAX_PIECES: usize = 16 * 1024;

/// Message types.
pub(super) mod kind {
    pub(crate) const INIT: u8 = 1;
    pub(crate) const VERSION: u8 = 2;
    pub(crate) const OPEN: u8 = 3;
    pub(crate) const CLOSE: u8 = 4;
    pub(crate) const READ: u8 = 5;
    pub(crate) const WRITE: u8 = 6;
    pub(crate) const LSTAT: u8 = 7;
    pub(crate) const FSTAT: u8 = 8;
    pub(crate) const SETSTAT: u8 = 9;
    pub(crate) const FSETSTAT: u8 = 10;
    pub(crate) const OPENDIR: u8 = 11;
    pub(crate) const READDIR: u8 = 12;
    pub(crate) const REMOVE: u8 = 13;
    pub(crate) const MKDIR: u8 = 14;
    pub(crate) const RMDIR: u8 = 15;
    pub(crate) const REALPATH: u8 = 16;
    pub(crate) const STAT: u8 = 17;
    pub(crate) const RENAME: u8 = 18;
    pub(crate) const READLINK: u8 = 19;
    pub(crate) const SYMLINK: u8 = 20;
    pub(crate) const STATUS: u8 = 101;
    pub(crate) const HANDLE: u8 = 102;
    pub(crate) const DATA: u8 = 103;
    pub(crate) const NAME: u8 = 104;
    pub(crate) const ATTRS: u8 = 105;
    pub(crate) const EXTENDED: u8 = 200;
    pub(crate) const EXTENDED_REPLY: u8 = 201;
}

/// Why a peer's bytes cannot be understood; the channel is closed, since nothing after them can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A frame announces more than [`MAX_FRAME`] bytes.
    #[error("a frame is longer than the limit")]
    TooLong,
    /// A frame without even a type.
    #[error("a frame is empty")]
    Empty,
    /// A field reaches beyond its frame.
    #[error("a frame is shorter than its fields")]
    Short,
    /// A frame arrives in more pieces than memory should be spent on.
    #[error("a frame comes in too many pieces")]
    Crumbs,
}

/// One frame: what follows the length. The pieces are those in which it arrived, not copied together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame(VecDeque<Bytes>);

/// Cuts frames out of a stream of pieces.
#[derive(Debug, Default)]
pub struct Frames {
    pieces: VecDeque<Bytes>,
    held: usize,
}

impl Frames {
    /// Takes the next piece of the stream.
    pub fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.held += piece.len();
            self.pieces.push_back(piece);
        }
    }

    /// The next complete frame; `None` when more bytes are needed.
    ///
    /// # Errors
    /// [`Malformed::TooLong`] and [`Malformed::Empty`], as soon as the length is known; [`Malformed::Crumbs`].
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Malformed> {
        let Some(length) = self.peek_length() else {
            return Ok(None);
        };
        let length = length as usize;
        match length {
            0 => return Err(Malformed::Empty),
            _ if length > MAX_FRAME => return Err(Malformed::TooLong),
            _ if self.held < 4 + length && self.pieces.len() > MAX_PIECES => return Err(Malformed::Crumbs),
            _ if self.held < 4 + length => return Ok(None),
            _ => {}
        }
        self.take(4);
        Ok(Some(Frame(self.take(length))))
    }

    fn peek_length(&self) -> Option<u32> {
        if self.held < 4 {
            return None;
        }
        let bytes = self.pieces.iter().flat_map(|piece| piece.iter()).take(4);
        Some(bytes.fold(0, |length, byte| length << 8 | u32::from(*byte)))
    }

    fn take(&mut self, mut count: usize) -> VecDeque<Bytes> {
        self.held -= count;
        let mut taken = VecDeque::with_capacity(2);
        while count > 0 {
            let Some(front) = self.pieces.front_mut() else { break };
            if front.len() > count {
                taken.push_back(front.split_to(count));
                break;
            }
            count -= front.len();
            taken.extend(self.pieces.pop_front());
        }
        taken
    }
}

impl Frame {
    /// Bytes that are left.
    pub fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In how many pieces it is held.
    pub(super) fn pieces_held(&self) -> usize {
        self.0.len()
    }

    /// One byte.
    ///
    /// # Errors
    /// [`Malformed::Short`], here and below.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let front = self.0.front_mut().ok_or(Malformed::Short)?;
        let byte = front.get_u8();
        if front.is_empty() {
            self.0.pop_front();
        }
        Ok(byte)
    }

    /// A 32-bit number.
    ///
    /// # Errors
    /// [`Malformed::Short`]
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        if let Some(front) = self.0.front_mut()
            && front.len() > 4
        {
            return Ok(front.get_u32());
        }
        (0..4).try_fold(0, |number, _| Ok(number << 8 | u32::from(self.byte()?)))
    }

    /// A 64-bit number.
    ///
    /// # Errors
    /// [`Malformed::Short`]
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }

    /// A string of bytes; copied only where it lies across pieces.
    ///
    /// # Errors
    /// [`Malformed::Short`]
    pub fn string(&mut self) -> Result<Bytes, Malformed> {
        let length = self.u32()? as usize;
        let mut pieces = self.split(length)?;
        match pieces.len() {
            0 => Ok(Bytes::new()),
            1 => Ok(pieces.pop_front().unwrap_or_default()),
            _ => Ok(pieces.iter().flat_map(|piece| piece.iter().copied()).collect()),
        }
    }

    /// A string of bytes in the pieces in which it arrived, for data that goes to the disk.
    ///
    /// # Errors
    /// [`Malformed::Short`]
    pub fn pieces(&mut self) -> Result<VecDeque<Bytes>, Malformed> {
        let length = self.u32()? as usize;
        self.split(length)
    }

    fn split(&mut self, mut count: usize) -> Result<VecDeque<Bytes>, Malformed> {
        let mut taken = VecDeque::new();
        while count > 0 {
            let front = self.0.front_mut().ok_or(Malformed::Short)?;
            if front.len() > count {
                taken.push_back(front.split_to(count));
                return Ok(taken);
            }
            count -= front.len();
            taken.extend(self.0.pop_front());
        }
        Ok(taken)
    }
}

impl From<Bytes> for Frame {
    fn from(bytes: Bytes) -> Self {
        Self(VecDeque::from([bytes]))
    }
}

/// A reply being written; the length is filled in by [`Reply::finish`].
#[derive(Debug)]
pub struct Reply(Vec<u8>);

impl Reply {
    /// Starts a reply of a type to the request `id`.
    pub fn new(kind: u8, id: u32) -> Self {
        Self::with_room(kind, id, 64)
    }

    /// As [`Reply::new`], with room for `room` more bytes.
    pub fn with_room(kind: u8, id: u32, room: usize) -> Self {
        let mut bytes = Vec::with_capacity(9 + room);
        bytes.extend_from_slice(&[0, 0, 0, 0, kind]);
        bytes.extend_from_slice(&id.to_be_bytes());
        Self(bytes)
    }

    /// Adds a 32-bit number.
    pub fn u32(mut self, number: u32) -> Self {
        self.put_u32(number);
        self
    }

    /// Adds a 64-bit number.
    pub fn u64(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds a string of bytes.
    pub fn string(mut self, bytes: &[u8]) -> Self {
        self.put_string(bytes);
        self
    }

    pub(super) fn put_u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    pub(super) fn put_string(&mut self, bytes: &[u8]) {
        self.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// Fills the length in.
    pub fn finish(mut self) -> Bytes {
        let length = u32::try_from(self.0.len() - 4).unwrap_or(u32::MAX);
        self.0[..4].copy_from_slice(&length.to_be_bytes());
        self.0.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(payload: &[u8]) -> Vec<u8> {
        [&u32::try_from(payload.len()).unwrap().to_be_bytes(), payload].concat()
    }

    fn whole(frame: Frame) -> Vec<u8> {
        frame.0.into_iter().flatten().collect()
    }

    proptest! {
        #[test]
        fn frames_do_not_depend_on_the_pieces(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..20),
            cuts in prop::collection::vec(1usize..50, 1..50),
        ) {
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload)).collect();
            let (mut frames, mut seen, mut at) = (Frames::default(), Vec::new(), 0);
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(stream.len());
                frames.push(Bytes::copy_from_slice(&stream[at..end]));
                while let Some(frame) = frames.next_frame().unwrap() {
                    seen.push(whole(frame));
                }
                at = end;
                if at == stream.len() {
                    break;
                }
            }
            prop_assert_eq!(seen, payloads);
            prop_assert_eq!(frames.held, 0);
        }

        #[test]
        fn fields_do_not_depend_on_the_pieces(text in prop::collection::vec(any::<u8>(), 0..100), number: u32, cut in 1usize..20) {
            let stream = Reply::new(9, 7).u32(number).string(&text).u64(u64::from(number) << 20).finish();
            let mut frames = Frames::default();
            for piece in stream.chunks(cut) {
                frames.push(Bytes::copy_from_slice(piece));
            }
            let mut frame = frames.next_frame().unwrap().unwrap();
            prop_assert_eq!(frame.byte().unwrap(), 9);
            prop_assert_eq!(frame.u32().unwrap(), 7);
            prop_assert_eq!(frame.u32().unwrap(), number);
            prop_assert_eq!(frame.string().unwrap(), text);
            prop_assert_eq!(frame.u64().unwrap(), u64::from(number) << 20);
            prop_assert!(frame.is_empty());
            prop_assert_eq!(frame.byte(), Err(Malformed::Short));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut frames = Frames::default();
            frames.push(bytes.into());
            while let Ok(Some(mut frame)) = frames.next_frame() {
                let _ = (frame.byte(), frame.string(), frame.u64(), frame.pieces());
            }
        }
    }

    #[test]
    fn a_frame_in_crumbs_is_refused() {
        let mut frames = Frames::default();
        frames.push(Bytes::from_static(&[0, 1, 0, 0]));
        let mut pushed = 0;
        let refused = loop {
            frames.push(Bytes::from_static(b"x"));
            pushed += 1;
            match frames.next_frame() {
                Ok(None) => assert!(pushed <= MAX_PIECES),
                other => break other,
            }
        };
        assert_eq!(refused, Err(Malformed::Crumbs));
    }

    #[test]
    fn an_oversized_frame_is_known_by_its_length_alone() {
        let mut frames = Frames::default();
        frames.push(Bytes::from_static(&[0, 4, 0, 1]));
        assert_eq!(frames.next_frame(), Err(Malformed::TooLong));
        let mut frames = Frames::default();
        frames.push(Bytes::from_static(&[0, 0, 0, 0]));
        assert_eq!(frames.next_frame(), Err(Malformed::Empty));
    }
}
