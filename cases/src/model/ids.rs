//! Ids of rows, one type each so that they cannot be mixed up.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A client.
    ClientId;
    /// A creditor of a client.
    CreditorId;
    /// Somebody who acts.
    ActorId;
    /// A delivery; outside of the database it is known by its code.
    DeliveryId;
    /// A debtor.
    DebtorId;
    /// A case; people know it by its number.
    CaseId;
    /// A claim.
    ClaimId;
    /// A row of the outbox table.
    OutboxId;
}
