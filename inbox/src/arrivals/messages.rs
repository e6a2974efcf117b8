//! Folders of messages: complete as a whole, when all of it has been quiet or a marker lies beside it.

use chrono::{DateTime, Utc};
use dropcase_config::{ClientKey, Completion};

use super::{Arrival, Closed, Decision, Engine, Folder, LOOK_AGAIN, QUIET, settle};
use crate::area::{ClientArea, Protocol, RelativePath, WaitingFolder};

/// The folder of the message that a file belongs to; `None` for a message that is one file.
pub(super) fn folder_of(path: &RelativePath) -> Option<RelativePath> {
    let parts: Vec<&[u8]> = path.components().take(4).collect();
    match parts.as_slice() {
        [b"inbox", b"messages", name, _] => Some(RelativePath::root().join(b"inbox").join(b"messages").join(name)),
        _ => None,
    }
}

/// The folder of a message beside which this marker lies.
pub(super) fn marked_folder(area: &ClientArea, path: &RelativePath) -> Option<RelativePath> {
    let marked = path.marked().filter(|_| Folder::of(path) == Some(Folder::Messages))?;
    area.is_folder(&marked).then_some(marked)
}

/// What a completion rule says of a folder.
fn decide(rule: Completion, (path, folder): (&RelativePath, &WaitingFolder), now: DateTime<Utc>) -> Decision {
    if path.is_temporary() {
        return Decision::Wait;
    }
    if folder.busy {
        return Decision::At(now + LOOK_AGAIN);
    }
    if folder.marked {
        return Decision::Offer;
    }
    let unfinished = folder.files.iter().any(|(path, file)| {
        let renamed = file.renamed || (rule != Completion::Rename && file.origin.protocol != Protocol::Ftp);
        path.is_temporary() || !renamed
    });
    let quiet = match rule {
        Completion::Marker => return Decision::Wait,
        Completion::Hold { settle_ms } => settle(settle_ms),
        // One file after the other gets its name.
        Completion::Rename => QUIET,
    };
    if unfinished {
        return Decision::WaitRenamed;
    }
    let last = folder.files.iter().map(|(_, file)| file.at).max();
    match last.map(|last| last + quiet) {
        Some(due) if due > now => Decision::At(due),
        _ => Decision::Offer,
    }
}

impl Engine {
    /// Looks at a folder soon, however many of its files bring it up.
    pub(super) fn look_soon(&mut self, client: &ClientKey, folder: RelativePath) {
        let soon = self.clock.now() + LOOK_AGAIN;
        self.messages
            .entry((client.clone(), folder))
            .and_modify(|at| *at = (*at).min(soon))
            .or_insert(soon);
    }

    /// Looks at the folders whose time has come.
    pub(super) fn look_at_messages(&mut self, now: DateTime<Utc>) -> Result<(), Closed> {
        let due: Vec<_> = self.messages.extract_if(|_, at| *at <= now).map(|(of, _)| of).collect();
        for (client, path) in due {
            let (Some(area), Some(rule)) = (self.area.client(&client), self.rules.get(&client).copied()) else {
                continue;
            };
            let mut folder = area.find_folder(&path);
            // Others may still be writing there.
            folder.busy |= self.watched.keys().any(|(of, at)| *of == client && at.is_within(&path));
            let Some(first) = folder.first().map(|file| file.id) else {
                continue;
            };
            match decide(rule, (&path, &folder), now) {
                Decision::At(then) => {
                    self.messages.insert((client, path), then);
                }
                Decision::Offer => {
                    let last = self.offered.get(&first);
                    if last.is_none_or(|last| now - *last >= self.scan_interval) {
                        self.offered.insert(first, now);
                        self.backlog.extend(arrival(&client, path, &folder));
                        self.flush()?;
                    }
                }
                // The next file, the marker or the next scan brings it up again.
                Decision::Wait | Decision::WaitRenamed => {}
            }
        }
        Ok(())
    }
}

/// The folder as one arrival: it has come with the last of its files.
fn arrival(client: &ClientKey, path: RelativePath, folder: &WaitingFolder) -> Option<Arrival> {
    let first = folder.first()?;
    Some(Arrival {
        upload_id: first.id,
        client: client.clone(),
        user: first.origin.user.clone(),
        protocol: first.origin.protocol,
        remote: first.origin.remote,
        folder: Folder::Messages,
        name: path.display_name(),
        path,
        size: folder.files.iter().map(|(_, file)| file.size).sum(),
        arrived_at: folder.files.iter().map(|(_, file)| file.at).max()?,
    })
}
