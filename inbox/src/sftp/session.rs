//! One SFTP channel: it keeps reading while it sends, works through requests in batches off the async threads, and
//! bounds what it holds for its peer. A lone small request is answered at once (see [`Prompt`]).
//!
//! Reading stops only while the disk works on a batch, which always ends. It never stops because the peer does not take
//! its replies: the window adjustments that would let them go come over the same connection, so that would be a
//! deadlock. A peer that asks and does not listen runs into [`MAX_BACKLOG`], and its channel is closed.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use russh::server::Msg;
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::task::JoinHandle;

use super::packet::{Frame, Frames, Malformed};
use super::prompt::Prompt;
use super::requests::Desk;
use super::server::Activity;

/// Requests worked on in one go off the async threads.
const BATCH: usize = 64;
/// Reply bytes after which a batch ends.
const BATCH_BYTES: usize = 1 << 20;
/// Replies waiting to be sent beyond which no further batch starts.
const MAX_REPLIES: usize = 2 << 20;
/// Requests held beyond which nothing is read while the disk works.
const PAUSE_READING: usize = 4 << 20;
/// Requests held beyond which the channel is closed: a peer that asks for a gigabyte in 32 KiB pieces without waiting
/// for an answer, as paramiko does, needs 7 MiB.
const MAX_BACKLOG: usize = 32 << 20;
/// What a held request counts besides its bytes.
const REQUEST_COST: usize = 192;
/// What each piece counts in which it arrived: a peer may send a byte at a time.
const PIECE_COST: usize = 96;

type Sending = Pin<Box<dyn Future<Output = Result<(), russh::Error>> + Send>>;

/// What a batch brings back.
struct Worked {
    desk: Desk,
    left: VecDeque<Frame>,
    replies: Vec<Bytes>,
    malformed: Option<Malformed>,
}

/// Serves one channel until it is closed from either side.
pub(super) async fn run(channel: Channel<Msg>, desk: Desk, activity: Activity, prompt: Prompt) {
    let (reader, writer) = channel.split();
    let mut session = Session {
        writer: Arc::new(writer),
        frames: Frames::default(),
        waiting: VecDeque::new(),
        waiting_bytes: 0,
        replies: VecDeque::new(),
        reply_bytes: 0,
        desk: Some(desk),
        job: None,
        sending: None,
        ended: false,
        gone: false,
        activity,
        prompt,
    };
    if let Err(error) = session.serve(reader).await {
        tracing::info!(%error, "closing a file transfer channel");
    }
    session.leave().await;
}

/// Why a channel is closed from our side.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("the peer asks without taking its answers")]
    Backlog,
    // What a panic says stays out of the log: it may quote a name.
    #[error("a batch of requests failed")]
    Batch,
}

struct Session {
    writer: Arc<ChannelWriteHalf<Msg>>,
    frames: Frames,
    waiting: VecDeque<Frame>,
    waiting_bytes: usize,
    replies: VecDeque<Bytes>,
    reply_bytes: usize,
    desk: Option<Desk>,
    job: Option<JoinHandle<Worked>>,
    sending: Option<Sending>,
    /// The peer has said all that it will say.
    ended: bool,
    /// Nobody takes replies any more.
    gone: bool,
    activity: Activity,
    prompt: Prompt,
}

impl Session {
    async fn serve(&mut self, mut reader: ChannelReadHalf) -> Result<(), Fault> {
        loop {
            self.start_work()?;
            self.start_sending();
            if self.ended && self.job.is_none() && self.sending.is_none() && self.waiting.is_empty() {
                return Ok(());
            }
            let may_read = !self.gone && (self.job.is_none() || self.waiting_bytes < PAUSE_READING);
            tokio::select! {
                message = reader.wait(), if may_read => self.heard(message)?,
                worked = finished(&mut self.job) => self.worked(worked.map_err(|_| Fault::Batch)?)?,
                sent = finished_sending(&mut self.sending) => if sent.is_err() { self.lost() },
            }
        }
    }

    fn heard(&mut self, message: Option<ChannelMsg>) -> Result<(), Fault> {
        match message {
            Some(ChannelMsg::Data { data }) => {
                self.activity.touch();
                self.frames.push(data);
                while let Some(frame) = self.frames.next_frame()? {
                    self.waiting_bytes += cost(&frame);
                    self.waiting.push_back(frame);
                }
                if self.waiting_bytes > MAX_BACKLOG {
                    Err(Fault::Backlog)
                } else {
                    Ok(())
                }
            }
            // What was asked before the end is still done: a CLOSE that arrived counts.
            Some(ChannelMsg::Eof) => {
                self.ended = true;
                Ok(())
            }
            Some(ChannelMsg::Close) | None => {
                self.lost();
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    /// Replies have nowhere to go; without this a transmission would wait for a window that never opens.
    fn lost(&mut self) {
        self.ended = true;
        self.gone = true;
        self.sending = None;
        self.replies.clear();
        self.reply_bytes = 0;
    }

    fn start_work(&mut self) -> Result<(), Fault> {
        if self.job.is_some() || self.waiting.is_empty() || self.reply_bytes >= MAX_REPLIES {
            return Ok(());
        }
        let Some(desk) = self.desk.take() else { return Ok(()) };
        let lone = self.waiting.len() == 1 && self.sending.is_none() && self.replies.is_empty();
        let batch: VecDeque<Frame> = self.waiting.drain(..self.waiting.len().min(BATCH)).collect();
        let bytes = batch.iter().map(cost).sum::<usize>();
        self.waiting_bytes -= bytes;
        if lone && let Some(_turn) = self.prompt.turn(bytes) {
            let worked = catch_unwind(AssertUnwindSafe(|| work(desk, batch))).map_err(|_| Fault::Batch)?;
            return self.worked(worked);
        }
        self.job = Some(tokio::task::spawn_blocking(move || work(desk, batch)));
        Ok(())
    }

    fn worked(&mut self, worked: Worked) -> Result<(), Fault> {
        self.job = None;
        self.desk = Some(worked.desk);
        for frame in worked.left.into_iter().rev() {
            self.waiting_bytes += cost(&frame);
            self.waiting.push_front(frame);
        }
        self.reply_bytes += worked.replies.iter().map(Bytes::len).sum::<usize>();
        self.replies.extend(worked.replies);
        worked.malformed.map_or(Ok(()), |error| Err(error.into()))
    }

    fn start_sending(&mut self) {
        if self.gone {
            self.replies.clear();
            self.reply_bytes = 0;
        }
        if self.sending.is_some() || self.replies.is_empty() {
            return;
        }
        let replies = std::mem::take(&mut self.replies);
        self.reply_bytes = 0;
        let writer = Arc::clone(&self.writer);
        self.sending = Some(Box::pin(async move {
            for reply in replies {
                writer.data_bytes(reply).await?;
            }
            Ok(())
        }));
    }

    /// Says goodbye and gives the handles back off the async threads: keeping a partial touches the disk.
    async fn leave(mut self) {
        if let Some(job) = self.job.take() {
            self.desk = job.await.ok().map(|worked| worked.desk);
        }
        let desk = self.desk.take();
        // Whether the peer still listens does not matter any more.
        let _ = tokio::join!(
            async {
                self.writer.exit_status(0).await?;
                self.writer.eof().await?;
                self.writer.close().await
            },
            tokio::task::spawn_blocking(move || drop(desk)),
        );
    }
}

/// What a held request takes up.
fn cost(frame: &Frame) -> usize {
    frame.len() + REQUEST_COST + frame.pieces_held() * PIECE_COST
}

fn work(mut desk: Desk, mut left: VecDeque<Frame>) -> Worked {
    let (mut replies, mut bytes, mut malformed) = (Vec::with_capacity(left.len()), 0, None);
    while bytes < BATCH_BYTES
        && let Some(frame) = left.pop_front()
    {
        match desk.answer(frame) {
            Ok(reply) => {
                bytes += reply.len();
                replies.push(reply);
            }
            Err(error) => {
                malformed = Some(error);
                break;
            }
        }
    }
    Worked {
        desk,
        left,
        replies,
        malformed,
    }
}

/// The running batch's end; never, when none runs.
async fn finished(job: &mut Option<JoinHandle<Worked>>) -> Result<Worked, tokio::task::JoinError> {
    match job {
        Some(job) => job.await,
        None => std::future::pending().await,
    }
}

/// The running transmission's end; never, when none runs.
async fn finished_sending(sending: &mut Option<Sending>) -> Result<(), russh::Error> {
    let Some(running) = sending else {
        return std::future::pending().await;
    };
    let done = running.await;
    *sending = None;
    done
}
