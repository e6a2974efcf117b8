//! What the case database holds, as plain structs.

mod case;
mod client;
mod debtor;
mod delivery;
mod ids;
mod outbox;
mod request;
mod result;
mod text_enum;

pub use case::{
    BookingKind, BookingRow, CaseDetail, CaseRow, ClaimRow, HistoryRow, MessageKind, Payment, Processing, Stage,
    Visibility,
};
pub use client::{Actor, ActorKind, ClientRow, ClientSetting, CreditorSetting};
pub use debtor::{ActsAs, ContactKind, DebtorAccount, DebtorContact, DebtorKind, DebtorRow};
pub use delivery::{
    Delivery, DeliveryDetail, DeliveryPart, DeliveryState, DeliverySum, Leased, Mode, NewDelivery, Status,
};
pub use ids::{ActorId, CaseId, ClaimId, ClientId, CreditorId, DebtorId, DeliveryId, OutboxId};
pub use outbox::{Answer, Lane, OutboxItem, OutboxKind, OutboxState, OutgoingLeased};
pub use request::{RequestKind, RequestRow};
pub(crate) use result::severity_text;
pub use result::{Outcome, ResultRow, StoredFinding};
pub use text_enum::UnknownText;
pub(crate) use text_enum::text_enum;
