//! Clients, their creditors, and who acts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{ActorId, ClientId, text_enum};

/// A client as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct ClientRow {
    /// Its row.
    pub id: ClientId,
    /// Its key, never changed and never used again.
    pub key: String,
    /// Its name as it stands on letters.
    pub name: String,
    /// When it was first seen in the settings.
    pub created_at: DateTime<Utc>,
    /// When it left the settings.
    pub removed_at: Option<DateTime<Utc>>,
}

/// What the settings say of a client, as far as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSetting {
    /// The client's key.
    pub key: String,
    /// The client's name.
    pub name: String,
    /// Creditors of a master client; empty for a client that is its own creditor.
    pub creditors: Vec<CreditorSetting>,
}

/// A creditor under a master client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditorSetting {
    /// What the records say in `creditor`.
    pub code: String,
    /// Name as it stands on letters.
    pub name: String,
}

text_enum! {
    /// What kind of actor.
    ActorKind {
        /// A login of a client.
        User = "user",
        /// A person at the command line.
        Operator = "operator",
        /// The service itself.
        Service = "service",
    }
}

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct Actor {
    /// Its row.
    pub id: ActorId,
    /// What kind.
    pub kind: ActorKind,
    /// The client whose login it is.
    pub client_id: Option<ClientId>,
    /// Login, system user, or the service's part.
    pub name: String,
}
