//! The task that owns the transaction and runs its statements one after the other, while the next batch is prepared.

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::effects::{self, Effects};
use super::ids::{self, Need, Taken};
use super::lookup::{self, Keys};
use super::plan::Known;
use super::tables;
use crate::store::StoreError;
use crate::store::bulk::{Bulk, Common, insert_all};
use crate::store::db::Tx;
use crate::store::rows::Packed;

/// Commands that wait while one runs.
const WAITING: usize = 3;

#[derive(Debug)]
enum Command {
    Insert(Vec<(&'static Bulk, Packed)>),
    SetPayment(Packed),
    LookUp(Keys, oneshot::Sender<Known>),
    Draw(Need, oneshot::Sender<Taken>),
    End,
}

/// The way to that task. Dropped without [`Writer::end`], the transaction is rolled back.
#[derive(Debug)]
pub(super) struct Writer {
    commands: mpsc::Sender<Command>,
    task: JoinHandle<Result<Tx, StoreError>>,
}

impl Writer {
    /// Hands the transaction over.
    pub(super) fn new(tx: Tx, common: Common) -> Self {
        let (commands, receiver) = mpsc::channel(WAITING);
        Self {
            commands,
            task: tokio::spawn(run(tx, common, receiver)),
        }
    }

    /// Queues all rows of a batch; a failure shows at the latest in [`Writer::end`].
    pub(super) async fn write(&self, effects: Effects) -> Result<(), StoreError> {
        let rows = [
            (&tables::DEBTORS, effects.debtors),
            (&tables::CONTACTS, effects.contacts),
            (&tables::ACCOUNTS, effects.accounts),
            (&tables::CASES, effects.cases),
            (&tables::CLAIMS, effects.claims),
            (&tables::BOOKINGS, effects.bookings),
            (&tables::DOCUMENTS, effects.documents),
        ];
        let inserts = rows.into_iter().filter(|(_, rows)| !rows.is_empty());
        let inserts: Vec<_> = inserts.map(|(bulk, rows)| (bulk, rows.finish())).collect();
        if !inserts.is_empty() {
            self.send(Command::Insert(inserts)).await?;
        }
        if !effects.paid.is_empty() {
            self.send(Command::SetPayment(effects.paid.finish())).await?;
        }
        Ok(())
    }

    /// Queues a lookup behind what is queued; the answer comes through the receiver.
    pub(super) async fn look_up(&self, keys: Keys) -> Result<oneshot::Receiver<Known>, StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.send(Command::LookUp(keys, sender)).await?;
        Ok(receiver)
    }

    /// Draws ids and numbers from sequences.
    pub(super) async fn draw(&self, need: Need) -> Result<Taken, StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.send(Command::Draw(need, sender)).await?;
        receiver.await.map_err(|_| broken())
    }

    /// Waits until everything queued is done and takes the transaction back.
    pub(super) async fn end(self) -> Result<Tx, StoreError> {
        // When the task has ended before, its result says why.
        let _ = self.commands.send(Command::End).await;
        drop(self.commands);
        self.task.await.unwrap_or_else(|_| Err(broken()))
    }

    async fn send(&self, command: Command) -> Result<(), StoreError> {
        self.commands.send(command).await.map_err(|_| broken())
    }
}

/// The task has ended; why it did is for [`Writer::end`] to say.
pub(super) fn broken() -> StoreError {
    sqlx::Error::WorkerCrashed.into()
}

async fn run(mut tx: Tx, common: Common, mut commands: mpsc::Receiver<Command>) -> Result<Tx, StoreError> {
    while let Some(command) = commands.recv().await {
        // Whoever no longer waits for an answer is dropping the import.
        match command {
            Command::Insert(inserts) => insert_all(&mut tx, &common, inserts).await?,
            Command::SetPayment(cases) => effects::set_payment(&mut tx, &cases).await?,
            Command::LookUp(keys, answer) => {
                let _ = answer.send(lookup::look_up(&mut tx, keys).await?);
            }
            Command::Draw(need, answer) => {
                let _ = answer.send(ids::draw(&mut tx, common.client, need).await?);
            }
            Command::End => return Ok(tx),
        }
    }
    Err(broken())
}
