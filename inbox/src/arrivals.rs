//! What arrives: reports of our own servers, files put there by others and regular scans, as one stream.
//!
//! All ways lead to the same question, asked again whenever something changes: is this waiting file complete by its
//! client's rule? Asking twice does no harm, so nothing depends on an event that may get lost.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dropcase_config::{Client, ClientKey, Completion};
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;
use uuid::Uuid;

mod incomplete;
mod messages;

pub(crate) use incomplete::incomplete;

use crate::Clock;
use crate::area::{Area, Notice, Protocol, RelativePath, Signature, Waiting};

/// How long a file of others must not have changed when its client's rule says nothing about it.
const QUIET: TimeDelta = TimeDelta::seconds(3);
/// How often a file that is being replaced is looked at again.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(1);
/// Longest sleep: files of others are looked at again, and a clock that jumps is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// Sleep while the stream is full.
const FULL_SLEEP: Duration = Duration::from_millis(50);

/// The folder into which a file was put; subfolders count as their top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Folder {
    /// `inbox/`: imported.
    Inbox,
    /// `validate/`: checked only.
    Validate,
    /// `inbox/documents/`: papers for cases.
    Documents,
    /// `inbox/messages/`: messages about cases.
    Messages,
}

impl Folder {
    pub(crate) fn of(path: &RelativePath) -> Option<Self> {
        let parts: Vec<&[u8]> = path.components().take(3).collect();
        match parts.as_slice() {
            [b"inbox", b"documents", _] => Some(Self::Documents),
            [b"inbox", b"messages", _] => Some(Self::Messages),
            [b"inbox", _, ..] => Some(Self::Inbox),
            [b"validate", _, ..] => Some(Self::Validate),
            _ => None,
        }
    }

    /// That of a path as it was noted with a delivery.
    pub fn of_noted(path: &str) -> Option<Self> {
        Self::of(&RelativePath::resolve(path.as_bytes()).ok()?)
    }
}

/// A complete file that may be claimed. The same one may be offered again until it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Minted when the file was published; sorts by that moment. The same upload keeps it over restarts.
    pub upload_id: Uuid,
    /// Whose file it is.
    pub client: ClientKey,
    /// Login name; `None` for files put there by others.
    pub user: Option<String>,
    /// How it came.
    pub protocol: Protocol,
    /// The sender's address.
    pub remote: Option<IpAddr>,
    /// Where it was put.
    pub folder: Folder,
    /// Its path in the client's folders.
    pub path: RelativePath,
    /// Its name for people; bytes that are not UTF-8 show as U+FFFD. Personal data: never log it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was published.
    pub arrived_at: DateTime<Utc>,
}

/// What wakes the arrivals.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A file was published or renamed by our own servers.
    Notice(Notice),
    /// Something happened at this place in a client's folders.
    Touched(ClientKey, RelativePath),
    /// Events were lost, or a client was added: look at everything.
    Rescan,
    /// The clients' rules changed.
    Rules(Rules),
    /// The service goes down.
    Stop,
}

/// Each client's completion rule.
pub(crate) type Rules = HashMap<ClientKey, Completion>;

pub(crate) fn rules(clients: &[Client]) -> Rules {
    clients
        .iter()
        .map(|client| (client.key.clone(), client.completion))
        .collect()
}

/// What a completion rule says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// It is complete.
    Offer,
    /// Ask again then.
    At(DateTime<Utc>),
    /// Not as it is; something has to happen first.
    Wait,
    /// Not under the name that it was given at once: what is complete is renamed from a temporary one.
    WaitRenamed,
}

fn decide(rule: Completion, waiting: &Waiting, now: DateTime<Utc>) -> Decision {
    if waiting.path.is_temporary() {
        return Decision::Wait;
    }
    if waiting.busy {
        return Decision::At(now + LOOK_AGAIN);
    }
    let offer_if = |complete, otherwise| if complete { Decision::Offer } else { otherwise };
    let renamed = offer_if(waiting.file.renamed, Decision::WaitRenamed);
    match rule {
        Completion::Marker => offer_if(waiting.marked && waiting.path.marked().is_none(), Decision::Wait),
        Completion::Rename => renamed,
        // Plain FTP cannot tell an end from a break.
        Completion::Hold { .. } if waiting.file.origin.protocol == Protocol::Ftp => renamed,
        // It was quiet for as long already before it was taken up.
        Completion::Hold { .. } if waiting.file.origin.protocol == Protocol::Local => Decision::Offer,
        Completion::Hold { settle_ms } => {
            let due = waiting.file.at + settle(settle_ms);
            if due <= now { Decision::Offer } else { Decision::At(due) }
        }
    }
}

fn settle(milliseconds: u64) -> TimeDelta {
    TimeDelta::try_milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX)).unwrap_or(TimeDelta::MAX)
}

/// A file of others that is not quiet yet.
#[derive(Debug)]
struct Watched {
    signature: Signature,
    since: DateTime<Utc>,
}

/// Turns signals into arrivals; runs on a thread of its own, as it touches the disk.
#[derive(Debug)]
pub(crate) struct Engine {
    area: Area,
    rules: Rules,
    clock: Clock,
    scan_interval: TimeDelta,
    out: Sender<Arrival>,
    /// Uploads of which was told, in that order. Those of [`Engine::due`] come first: they were published earlier.
    noticed: VecDeque<(ClientKey, Uuid)>,
    /// Files that become complete by waiting.
    due: BTreeMap<(DateTime<Utc>, Uuid), ClientKey>,
    offered: HashMap<Uuid, DateTime<Utc>>,
    /// Uploads of which the log says already that they wait for a rename.
    told: HashSet<Uuid>,
    watched: HashMap<(ClientKey, RelativePath), Watched>,
    /// Folders of messages, and when to look at each.
    messages: HashMap<(ClientKey, RelativePath), DateTime<Utc>>,
    next_scan: DateTime<Utc>,
    /// Offered, but the stream is full.
    backlog: VecDeque<Arrival>,
}

/// Nobody takes arrivals any more.
#[derive(Debug)]
struct Closed;

impl Engine {
    pub(crate) fn new(area: Area, rules: Rules, clock: Clock, scan_interval: Duration, out: Sender<Arrival>) -> Self {
        let scan_interval = TimeDelta::from_std(scan_interval).unwrap_or(TimeDelta::MAX);
        let next_scan = clock.now();
        Self {
            area,
            rules,
            clock,
            scan_interval,
            out,
            noticed: VecDeque::new(),
            due: BTreeMap::new(),
            offered: HashMap::new(),
            told: HashSet::new(),
            watched: HashMap::new(),
            messages: HashMap::new(),
            next_scan,
            backlog: VecDeque::new(),
        }
    }

    /// Works until told to stop or until nobody takes arrivals any more.
    pub(crate) fn run(mut self, signals: &Receiver<Signal>) {
        loop {
            if self.turn().is_err() {
                return;
            }
            match signals.recv_timeout(self.sleep()) {
                Ok(signal) => {
                    // Whatever came at once is looked at at once.
                    for signal in std::iter::once(signal).chain(signals.try_iter()) {
                        if matches!(signal, Signal::Stop) {
                            return;
                        }
                        self.hear(signal);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn sleep(&self) -> Duration {
        let now = self.clock.now();
        let due = self.due.first_key_value().map(|((at, _), _)| *at);
        let next = due.unwrap_or(self.next_scan).min(self.next_scan);
        let longest = if self.backlog.is_empty() {
            LONGEST_SLEEP
        } else {
            FULL_SLEEP
        };
        (next - now).to_std().unwrap_or_default().min(longest)
    }

    /// Looks at what was told and at everything that time alone brings.
    fn turn(&mut self) -> Result<(), Closed> {
        self.flush()?;
        let now = self.clock.now();
        if self.next_scan <= now {
            self.next_scan = now + self.scan_interval;
            self.scan(now)?;
        }
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((_, id), client) = entry.remove_entry();
            self.consider(&client, id, now)?;
        }
        while let Some((client, id)) = self.noticed.pop_front() {
            self.consider(&client, id, now)?;
        }
        self.look_at_messages(now)?;
        self.look_at_watched(now);
        Ok(())
    }

    fn hear(&mut self, signal: Signal) {
        match signal {
            Signal::Notice(notice) => self.noticed.push_back((notice.client, notice.id)),
            Signal::Touched(client, path) => {
                let now = self.clock.now();
                let Some(area) = self.area.client(&client) else { return };
                if let Some(signature) = area.look(&path) {
                    self.watch(client, path, signature, now);
                } else if area.is_folder(&path) {
                    // A folder that was moved in brings files of which no event tells.
                    self.next_scan = self.next_scan.min(now + LOOK_AGAIN);
                }
            }
            Signal::Rescan => self.next_scan = self.clock.now(),
            Signal::Rules(rules) => {
                self.rules = rules;
                self.next_scan = self.clock.now();
            }
            Signal::Stop => {}
        }
    }

    /// Asks the rule of an upload's client about it. All that is asked in one turn is asked for the same `now`: otherwise
    /// one that becomes complete meanwhile would overtake those before it.
    fn consider(&mut self, client: &ClientKey, id: Uuid, now: DateTime<Utc>) -> Result<(), Closed> {
        let (Some(area), Some(rule)) = (self.area.client(client), self.rules.get(client).copied()) else {
            return Ok(());
        };
        let Some(waiting) = area.find(id) else { return Ok(()) };
        let folder = messages::folder_of(&waiting.path).or_else(|| messages::marked_folder(&area, &waiting.path));
        if let Some(folder) = folder {
            self.look_soon(client, folder);
            return Ok(());
        }
        if rule == Completion::Marker
            && let Some(marked) = waiting.path.marked()
        {
            return match area.id_at(&marked) {
                Some(id) => self.consider(client, id, now),
                None => Ok(()),
            };
        }
        match decide(rule, &waiting, now) {
            Decision::Offer if !self.offered.contains_key(&id) => self.offer(client, &waiting),
            Decision::At(then) => {
                self.due.insert((then, id), client.clone());
                Ok(())
            }
            Decision::WaitRenamed => {
                if self.told.insert(id) {
                    tracing::warn!(%client, upload = %id, "a file was put under its final name; by its client's rule it waits until it is renamed from a temporary one");
                }
                Ok(())
            }
            Decision::Offer | Decision::Wait => Ok(()),
        }
    }

    fn offer(&mut self, client: &ClientKey, waiting: &Waiting) -> Result<(), Closed> {
        let Some(arrival) = arrival(client, waiting) else {
            return Ok(());
        };
        self.offered.insert(arrival.upload_id, self.clock.now());
        self.backlog.push_back(arrival);
        self.flush()
    }

    /// Fills the stream without waiting for its receiver, so that the thread can be told to stop at any time.
    fn flush(&mut self) -> Result<(), Closed> {
        while let Some(arrival) = self.backlog.pop_front() {
            match self.out.try_send(arrival) {
                Ok(()) => {}
                Err(TrySendError::Full(arrival)) => {
                    self.backlog.push_front(arrival);
                    return Ok(());
                }
                Err(TrySendError::Closed(_)) => return Err(Closed),
            }
        }
        Ok(())
    }

    /// Looks at everything: finds what no event told of, and offers again what nobody claimed.
    fn scan(&mut self, now: DateTime<Utc>) -> Result<(), Closed> {
        let mut waiting = HashSet::new();
        for area in self.area.all() {
            if let Err(error) = area.tidy() {
                tracing::warn!(client = %area.key, %error, "could not tidy a client's uploads");
            }
            match area.scan() {
                Ok(unknown) => {
                    for (path, signature) in unknown {
                        self.watch(area.key.clone(), path, signature, now);
                    }
                }
                Err(error) => tracing::warn!(client = %area.key, %error, "could not scan a client's folders"),
            }
            let mut ids = area.waiting_ids();
            ids.sort_unstable();
            for id in &ids {
                match self.offered.get(id) {
                    Some(_) if area.find(*id).is_some_and(|it| messages::folder_of(&it.path).is_some()) => {
                        self.consider(&area.key, *id, now)?;
                    }
                    Some(last) if now - *last >= self.scan_interval => self.offer_again(&area.key, *id, now)?,
                    Some(_) => {}
                    None => self.consider(&area.key, *id, now)?,
                }
            }
            waiting.extend(ids);
        }
        self.offered.retain(|id, _| waiting.contains(id));
        self.told.retain(|id| waiting.contains(id));
        Ok(())
    }

    fn offer_again(&mut self, client: &ClientKey, id: Uuid, now: DateTime<Utc>) -> Result<(), Closed> {
        let Some(waiting) = self.area.client(client).and_then(|area| area.find(id)) else {
            return Ok(());
        };
        let complete = self
            .rules
            .get(client)
            .is_some_and(|rule| decide(*rule, &waiting, now) == Decision::Offer);
        let again = arrival(client, &waiting).filter(|_| complete);
        // While the receiver has enough to do nothing is repeated; the next scan comes.
        if again.is_some() && self.backlog.is_empty() {
            self.offered.insert(id, now);
            self.backlog.extend(again);
            self.flush()?;
        }
        Ok(())
    }

    fn watch(&mut self, client: ClientKey, path: RelativePath, signature: Signature, now: DateTime<Utc>) {
        if path.is_temporary() || path.is_hidden() || Folder::of(&path).is_none() {
            return;
        }
        if signature.links != 1 {
            tracing::warn!(%client, "a file with a second name is left alone");
            return;
        }
        let watched = self
            .watched
            .entry((client, path))
            .or_insert(Watched { signature, since: now });
        if watched.signature != signature {
            *watched = Watched { signature, since: now };
        }
    }

    fn look_at_watched(&mut self, now: DateTime<Utc>) {
        let rules = &self.rules;
        let quiet = |client: &ClientKey| match rules.get(client) {
            Some(Completion::Hold { settle_ms }) => settle(*settle_ms),
            _ => QUIET,
        };
        let area = &self.area;
        self.watched.retain(|(client, path), watched| {
            if watched.since + quiet(client) > now {
                return true;
            }
            let Some(area) = area.client(client) else { return false };
            match area.look(path) {
                None => false,
                Some(signature) if signature != watched.signature => {
                    *watched = Watched { signature, since: now };
                    true
                }
                Some(signature) => {
                    if let Err(error) = area.adopt(path, &signature) {
                        tracing::warn!(%client, %error, "could not take up a file put there by others");
                    }
                    false
                }
            }
        });
    }
}

fn arrival(client: &ClientKey, waiting: &Waiting) -> Option<Arrival> {
    let file = &waiting.file;
    Some(Arrival {
        upload_id: file.id,
        client: client.clone(),
        user: file.origin.user.clone(),
        protocol: file.origin.protocol,
        remote: file.origin.remote,
        folder: Folder::of(&waiting.path)?,
        path: waiting.path.clone(),
        name: waiting.path.display_name(),
        size: file.size,
        arrived_at: file.at,
    })
}

#[cfg(test)]
mod tests;
